"""Manifest of packs."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Door, Event, Manifest, Measure, PersonalData, desk

HOUR = 3600.0
MAY_LOOK = ("access.administrator", "access.operator", "content.approver")


def _installed() -> int:
    from .models import InstalledPack

    return InstalledPack.objects.count()


def _offers() -> None:
    from serai.kernel.register.ports import COMMANDS, DEMO, SWEEPS, DemoStep

    from . import demo, leftovers
    from .commands_making import pack

    COMMANDS.offer("pack", pack)
    DEMO.offer("packs", DemoStep(demo.ORDER, str(demo.TITLE), demo.install_demo_packs))
    SWEEPS.offer("packs", (HOUR, leftovers.clear_leftovers))


def _staff(model: str, field: str) -> PersonalData:
    return PersonalData(
        model=model,
        fields=(field,),
        purpose="Accountability of staff for what the house takes in and gives out",
        legal_basis="Legitimate interest of the operator",
        retention_days=730,
        about="staff",
        erase="set to null when the account is deleted",
    )


MANIFEST = Manifest(
    label="packs",
    title=_("Packs"),
    doors=(Door("packs", _("Packs"), "document", "packs:installed", "desk", order=910, roles=frozenset(MAY_LOOK)),),
    permissions=desk("packs:installed", roles=MAY_LOOK, why="Reading only; packs come in by the command line"),
    events=(
        Event("packs.pack_installed", "content"),
        Event("packs.pack_updated", "content"),
        Event("packs.pack_published", "content"),
        Event("packs.key_trusted", "security"),
        Event("packs.key_withdrawn", "security"),
    ),
    personal_data=(_staff("packs.PackVersion", "by"), _staff("packs.PublisherKey", "added_by")),
    measures=(Measure("packs.installed", _("Packs in this house"), _installed),),
    offers=_offers,
)
