"""Manifest of the services map."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Door, Event, Manifest, PersonalData, Role, anyone, desk

from .access import EDITOR, EVERYBODY, LOCAL


def _offers() -> None:
    from .offers import offer_all

    offer_all()


MANIFEST = Manifest(
    label="services_map",
    title=_("Help near you"),
    doors=(
        Door("near", _("Help near me"), "pin", "services_map:near", "public", _("Who helps, where, and open when"), 10),
        Door("services", _("Services"), "pin", "services_map:desk", "desk", order=25, roles=frozenset(EVERYBODY)),
        Door("tally", _("Counting"), "check", "services_map:tally", "desk", order=26, roles=frozenset(EVERYBODY)),
    ),
    roles=(
        Role(
            EDITOR,
            _("Editor of services"),
            _("Keeps services true, says how exactly a place may be known, reports what was given."),
        ),
        Role(
            LOCAL,
            _("Local worker"),
            _(
                "Closes a place at once, tonight or for a few days; a second person reviews it. Says other hours "
                "for some days. Counts services given."
            ),
        ),
    ),
    permissions=(
        *anyone(
            "services_map:near", "services_map:service", "services_map:kinds", why="Looking for help needs no account"
        ),
        *anyone(
            "services_map:consulates", "services_map:consulate_card", why="Whom one asks about is nobody's business"
        ),
        *anyone(
            "services_map:api",
            "services_map:api_document",
            "services_map:api_list",
            "services_map:api_row",
            why="The directory is open data",
        ),
        *desk(
            "services_map:desk",
            "services_map:desk_service",
            "services_map:close",
            "services_map:closure_review",
            "services_map:days",
            "services_map:days_remove",
            "services_map:tally",
            "services_map:tally_point",
            "services_map:tally_undo",
            "services_map:tally_sheet",
            "services_map:tally_paper",
            roles=EVERYBODY,
        ),
        *desk(
            "services_map:sensitivity",
            "services_map:place",
            "services_map:edit",
            "services_map:hours",
            "services_map:another",
            "services_map:upload",
            "services_map:tally_report",
            "services_map:tally_file",
            roles=(EDITOR,),
        ),
    ),
    events=tuple(
        Event(f"services_map.{name}", "content")
        for name in (
            "directory_imported",
            "place_closed",
            "closure_kept",
            "closure_undone",
            "closure_ended",
            "sensitivity_set",
            "place_written",
            "service_changed",
            "hours_changed",
            "tally_begun",
            "tally_sheet_written",
        )
    ),
    personal_data=(
        PersonalData(
            model="services_map.Closure",
            fields=("by", "reviewed_by"),
            purpose="Accountability for what is published at once",
            legal_basis="Legitimate interest of the operator",
            retention_days=730,
            about="staff",
            erase="set to null when the account is deleted",
        ),
    ),
    offers=_offers,
)
