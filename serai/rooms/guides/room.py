"""Manifest of guides."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Door, Event, Manifest, PersonalData, Role, anyone, desk

EDITORS = ("content.author", "content.translator", "content.approver")
URGENT = ("guides.urgent",)
EVERYBODY = (*EDITORS, *URGENT)
SECOND = ("content.approver", *URGENT)


def _offers() -> None:
    from .offers import offer_all
    from .packs.offering import offer_packs

    offer_all()
    offer_packs()


def _staff(model: str, *fields: str, purpose: str) -> PersonalData:
    return PersonalData(
        model=model,
        fields=fields,
        purpose=purpose,
        legal_basis="Legitimate interest of the operator",
        retention_days=730,
        about="staff",
        erase="set to null when the account is deleted",
    )


MANIFEST = Manifest(
    label="guides",
    title=_("Guides"),
    doors=(
        Door("guides", _("Guides"), "document", "guides:desk", "desk", order=20, roles=frozenset(EVERYBODY)),
        Door("urgent", _("Urgent"), "warning", "guides:urgent", "desk", order=30, roles=frozenset(SECOND)),
        Door("changes", _("What changed"), "clock", "guides:changes", "desk", order=90),
    ),
    roles=(
        Role(
            "guides.urgent",
            _("Trained for the urgent path"),
            _("Publishes a warning or closes a page at once; a second person reviews it."),
        ),
    ),
    permissions=(
        *anyone(
            "guides:guide",
            "guides:publisher",
            "guides:topic",
            "guides:alerts",
            "guides:changes",
            "guides:share",
            "guides:poster",
            "guides:useful",
            why="Reading needs no account",
        ),
        *desk("guides:desk", "guides:history", roles=EVERYBODY),
        *desk("guides:drafts", "guides:submit", "guides:translate", roles=EDITORS),
        *desk("guides:approvals", "guides:approval", "guides:take_down", roles=("content.approver",)),
        *desk("guides:alert_list", "guides:alert_end", roles=("content.author", *SECOND)),
        *desk("guides:alert_new", roles=("content.author", "content.approver")),
        *desk("guides:alert_decide", roles=("content.approver",)),
        *desk("guides:urgent", "guides:act_review", roles=SECOND),
        *desk("guides:urgent_guide", "guides:urgent_alert", roles=URGENT),
        *desk("guides:act_end", roles=("content.approver",)),
        *desk("guides:changes"),
        *desk("guides:spreadsheet", "guides:spreadsheet_export", roles=EDITORS),
        *desk("guides:staged", "guides:staged_import", "guides:staged_problems", roles=EDITORS),
        *desk("guides:translations", "guides:xliff", "guides:xliff_all", "guides:xliff_import", roles=EDITORS),
    ),
    events=(
        *(
            Event(f"guides.{name}", "content")
            for name in (
                "draft_submitted",
                "draft_approved",
                "draft_sent_back",
                "guide_taken_down",
                "translation_started",
                "warning_published",
                "guide_closed",
                "alert_sent_urgently",
                "urgent_act_kept",
                "urgent_act_undone",
                "urgent_act_ended",
                "alert_written",
                "alert_approved",
                "alert_sent_back",
                "alert_ended",
                "region_imported",
                "workbook_staged",
                "workbook_imported",
                "translations_imported",
                "topic_changed",
                "contact_changed",
            )
        ),
        Event("guides.usefulness_counted", "figures"),
    ),
    personal_data=(
        _staff("guides.UrgentAct", "by", "reviewed_by", purpose="Accountability for what is published at once"),
        _staff("guides.Alert", "by", "approved_by", purpose="Accountability of staff for what the house says"),
        PersonalData(
            model="guides.StagedUpload",
            fields=("by", "name"),
            purpose="Who may see and import an uploaded workbook, and which one it is",
            legal_basis="Legitimate interest of the operator",
            retention_days=1,
            about="staff",
            erase="deleted with the account, and by the clock after a day",
        ),
        _staff("guides.GuidePage", "owner", "locked_by", purpose="Who works on which draft"),
    ),
    offers=_offers,
)
