"""Manifest of facts."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Event, Manifest, PersonalData, Role

MANIFEST = Manifest(
    label="facts",
    title=_("Facts"),
    roles=(Role("facts.checker", _("Checker"), _("Looks at sources again and says what is still true.")),),
    events=(
        Event("facts.fact_stated", "content"),
        Event("facts.facts_stated", "content"),
        Event("facts.fact_checked", "content"),
        Event("facts.check_taken_back", "content"),
    ),
    personal_data=(
        PersonalData(
            model="facts.Fact",
            fields=("checked_by_user",),
            purpose="Accountability of staff for what the house says",
            legal_basis="Legitimate interest of the operator",
            retention_days=730,
            about="staff",
            erase="set to null when the account is deleted",
        ),
    ),
)
