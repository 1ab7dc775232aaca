"""Manifest of access: who may come where, what is recorded, and what is kept about staff."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import (
    ANYONE,
    SIGNED_IN,
    Door,
    Event,
    Manifest,
    Permission,
    PersonalData,
    Role,
    desk,
)

ADMINISTRATION = ("access.administrator", "access.operator")

OPEN = (
    "account_login",
    "account_logout",
    "account_inactive",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "access:welcome",
    "access:welcome_link",
    "access:editor_login",
    "access:editor_logout",
)
BEFORE_SECOND_FACTOR = (
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
)
OWN = (
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "access:me",
    "access:password",
    "access:everywhere",
)
STAFF = (
    "access:staff",
    "access:review",
    "access:invite",
    "access:permissions",
    "access:organisations",
    "access:organisation",
    "access:person",
    "access:grant",
    "access:revoke",
    "access:link",
    "access:deactivate",
    "access:reactivate",
    "access:reset",
)
HOUSE = ("access:new_organisation", "access:sign_in")

ACCOUNTABLE = "Accountability of staff for what the house says and does"
SECURITY = "Letting in the right people, and nobody else"
CONTRACT = "Contract or mandate of the member of staff with the organisation"
INTEREST = "Legitimate interest of the operator"
KEEP = 730
"""Days after an account was closed; then sweeps.py erases it with all rows below."""


def _offers() -> None:
    from serai.kernel.register import ports

    from . import demo, live, pack_organisations, queries, sign_in_events, sweeps
    from .commands import staff

    ports.PACK_PARTS.offer("organisations", pack_organisations.OrganisationsPart())
    ports.PACK_WORDS.offer("organisations", pack_organisations.TABLE.words_needed)
    ports.PACK_EXPORTS.offer("organisations", pack_organisations.export_organisations)
    ports.LIVE_CHECKS.offer("access", live.refusals)
    ports.QUEUES.offer("access", queries.queues)
    ports.SWEEPS.offer("access", (sweeps.HOUR, sweeps.sweep))
    ports.COMMANDS.offer("staff", staff)
    ports.DEMO.offer("access", ports.DemoStep(demo.ORDER, str(demo.TITLE), demo.make_demo_staff))
    sign_in_events.connect()


def _kept_about_staff(
    model: str, *fields: str, purpose: str = SECURITY, basis: str = CONTRACT, erase: str
) -> PersonalData:
    return PersonalData(model, fields, purpose, basis, KEEP, "staff", erase)


MANIFEST = Manifest(
    label="access",
    title=_("People and access"),
    doors=(
        Door(
            "staff",
            _("People and access"),
            "people",
            "access:staff",
            "desk",
            order=900,
            roles=frozenset(ADMINISTRATION),
        ),
        Door("me", _("My account"), "shield", "access:me", "desk", order=950),
    ),
    roles=(
        Role(
            "access.administrator",
            _("Administrator"),
            _("Invites staff of the organisation, gives and takes roles, helps who lost a second factor."),
        ),
        Role(
            "access.operator",
            _("Runs the house"),
            _("Makes organisations, sets up their sign-in, and may help every account but the own."),
        ),
    ),
    permissions=(
        *(Permission(route, frozenset({ANYONE}), "desk", _("Signing in and out")) for route in OPEN),
        *(
            Permission(route, frozenset({SIGNED_IN}), "desk", _("Setting up the second factor"), True)
            for route in BEFORE_SECOND_FACTOR
        ),
        *desk(*OWN, why=_("One’s own account")),
        *desk(*STAFF, roles=ADMINISTRATION, why=_("Staff and organisations")),
        *desk(*HOUSE, roles=("access.operator",), why=_("The house as a whole")),
    ),
    events=tuple(
        Event(f"access.{name}", "access")
        for name in (
            "organisation_created",
            "organisation_changed",
            "staff_invited",
            "staff_changed",
            "staff_deactivated",
            "staff_reactivated",
            "staff_erased",
            "link_made",
            "link_used",
            "role_granted",
            "role_revoked",
            "sessions_ended",
            "password_changed",
            "second_factor_added",
            "second_factor_removed",
            "second_factor_reset",
            "sign_in_set_up",
            "identity_bound",
        )
    ),
    personal_data=(
        _kept_about_staff(
            "access.User",
            "email",
            "name",
            "language",
            "password",
            "last_login",
            "date_joined",
            "deactivated_at",
            erase="row deleted",
        ),
        _kept_about_staff(
            "access.Membership", "user", "title", "until", purpose=ACCOUNTABLE, erase="deleted with the account"
        ),
        _kept_about_staff(
            "access.OneTimeLink", "user", "made_by", erase="deleted when used, after 72 hours or with the account"
        ),
        _kept_about_staff(
            "access.SecondFactorReset",
            "user",
            "by",
            "at",
            purpose=ACCOUNTABLE,
            basis=INTEREST,
            erase="deleted with the account",
        ),
        _kept_about_staff("mfa.Authenticator", "user", "data", "last_used_at", erase="deleted with the account"),
        _kept_about_staff("socialaccount.SocialAccount", "user", "uid", erase="deleted with the account"),
        PersonalData(
            "sessions.Session",
            ("session_data",),
            SECURITY,
            CONTRACT,
            1,
            "staff",
            "deleted at sign-out or after 12 hours",
        ),
    ),
    offers=_offers,
)
