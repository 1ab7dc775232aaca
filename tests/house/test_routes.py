"""No unguarded route: every address of both hosts has a permission row, and each row is run for each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory

from serai.kernel.access.middleware import PermissionRows
from serai.kernel.access.sessions import SIGNED_IN_AT
from serai.kernel.access.viewer import NOBODY, Viewer, viewer_for
from serai.kernel.register.house import doors, permission_for, permission_rows, roles
from serai.kernel.register.manifest import ANYONE, SIGNED_IN, Permission

from .routes import Walked, every_address, walked

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OPEN_AT_THE_DESK = {
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
}
"""Whoever adds to this list opens a page of the desk to the whole world."""

BEFORE_THE_SECOND_FACTOR = {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
"""Whoever adds to this list opens a page of the desk to anybody who knows one password."""

SHOWN_FIRST = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
"""Of those, the pages on which a second factor that exists is shown; the others are closed while there is one."""

BYPASSING = ("users", "groups", "sites", "workflows", "account", "password_reset", "collections", "snippets", "api")
"""Branches of Wagtail's admin that would write past our actions."""

LET_THROUGH, TO_SIGN_IN, TO_SECOND_FACTOR, REFUSED = "let through", "to sign in", "to the second factor", "refused"


class Visitor:
    """Somebody at the door: who it is, what may be done, and with what the session was opened."""

    def __init__(self, name: str, user: Any = None, second_factor: bool = True, owns: bool = True) -> None:
        self.name, self.second_factor, self.owns = name, second_factor, owns
        self.user = user or AnonymousUser()
        self.viewer: Viewer = viewer_for(user) if user else NOBODY
        self.session = SessionStore()
        if user:
            methods = [{"method": "password"}, *([{"method": "mfa"}] if second_factor else [])]
            self.session["account_authentication_methods"] = methods
            self.session["account_authentication_methods_user"] = str(user.pk)
            self.session[SIGNED_IN_AT] = 9_999_999_999

    def comes_to(self, address: Walked) -> str:
        """What the guard says: the very middleware that guards the house, with the address resolved."""
        request: HttpRequest = RequestFactory().get(address.example)
        request.user, request.session = self.user, self.session
        request.serai_host, request._viewer = address.host, self.viewer  # type: ignore[attr-defined]
        request.resolver_match = address.match
        try:
            answer = PermissionRows(lambda _request: None).process_view(request, None, (), {})  # type: ignore[arg-type,return-value]
        except PermissionDenied:
            return REFUSED
        if answer is None:
            return LET_THROUGH
        there = answer.headers["Location"]
        if there.startswith(f"{settings.LOGIN_URL}?next="):
            return TO_SIGN_IN
        assert there == settings.SERAI_SECOND_FACTOR_URL or there.startswith("/sign-in/2fa/again/?next="), there
        return TO_SECOND_FACTOR

    def should(self, address: Walked, row: Permission) -> str:
        """What must be said, worked out from the row alone."""
        if ANYONE in row.roles:
            return LET_THROUGH
        if not self.viewer.user_id:
            return TO_SIGN_IN
        if not self.second_factor:
            name = address.match.view_name
            opens = row.before_second_factor and (name in SHOWN_FIRST or not self.owns)
            return LET_THROUGH if opens else TO_SECOND_FACTOR
        if SIGNED_IN in row.roles or row.roles & {role for role, _organisation in self.viewer.grants}:
            return LET_THROUGH
        return REFUSED


@pytest.fixture
def visitors(staff: Callable[..., Any], lindenbach: Any, port_amsel: Any) -> list[Visitor]:
    """Nobody, staff before and without a second factor, staff without any role, one for each role, and the stranger."""
    from allauth.mfa.models import Authenticator

    unset, unshown = staff("unset", lindenbach, *roles()), staff("unshown", lindenbach, *roles())
    Authenticator.objects.create(user=unshown, type=Authenticator.Type.TOTP, data={"secret": "x"})
    found = [
        Visitor("nobody"),
        Visitor("has not set up a second factor, though in every role", unset, second_factor=False, owns=False),
        Visitor("has not shown the second factor, though in every role", unshown, second_factor=False),
        Visitor("no role", staff("norole")),
        Visitor("stranger", staff("elsewhere", port_amsel, "content.author")),
    ]
    for number, key in enumerate(roles()):
        found.append(Visitor(key, staff(f"role{number}", lindenbach, key)))
    return found


def row_of(address: Walked) -> Permission | None:
    return permission_for(address.host, address.match.view_name, address.example)  # type: ignore[arg-type]


def test_every_address_has_a_permission_row() -> None:
    unguarded = [f"{each.host} {each.example} ({each.name})" for each in every_address() if row_of(each) is None]
    assert unguarded == []


def test_every_pattern_was_walked_and_leads_where_it_says() -> None:
    assert len(walked("desk")) > 200, "Wagtail's admin is part of the desk"
    assert len(walked("public")) >= 10
    hidden = {each.name for each in every_address() if each.match.view_name != each.name}
    assert hidden <= {"wagtailadmin_login", "wagtailadmin_logout"}, "these two are hidden on purpose, by ours"


def test_an_address_without_a_row_would_not_exist(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.serai_host = "desk"  # type: ignore[attr-defined]
    request.resolver_match = SimpleNamespace(view_name="access:forgotten")  # type: ignore[assignment]
    with pytest.raises(Http404):
        PermissionRows(lambda _request: None).process_view(request, None, (), {})  # type: ignore[arg-type,return-value]


def test_each_row_is_held_against_each_visitor(visitors: list[Visitor]) -> None:
    wrong, said = [], set()
    for address in every_address():
        row = row_of(address)
        if row is None:
            continue  # the first test of this file tells
        for visitor in visitors if address.host == "desk" else [visitors[0]]:
            found, wanted = visitor.comes_to(address), visitor.should(address, row)
            said.add(found)
            if found != wanted:
                wrong.append(f"{address.example}: {visitor.name} was {found}, should be {wanted}")
    assert wrong == []
    assert said == {LET_THROUGH, TO_SIGN_IN, TO_SECOND_FACTOR, REFUSED}, "each answer was given somewhere"


def test_only_signing_in_is_open_to_everybody_at_the_desk() -> None:
    open_rows = {row.route for row in permission_rows() if row.host == "desk" and row.open}
    assert open_rows == OPEN_AT_THE_DESK


def test_only_setting_up_and_showing_a_second_factor_comes_before_it() -> None:
    assert {row.route for row in permission_rows() if row.before_second_factor} == BEFORE_THE_SECOND_FACTOR


def test_the_public_host_asks_nobody_who_he_is() -> None:
    assert [row.route for row in permission_rows() if row.host == "public" and row.roles != {ANYONE}] == []


def test_whole_branches_are_guarded_only_for_wagtails_admin_and_the_unused_ones_are_closed() -> None:
    branches = [row for row in permission_rows() if row.route.startswith("/")]
    assert branches[-1].route == "/editor/*", "closed branches stand before the whole"
    assert branches[-1].roles
    for row in branches[:-1]:
        assert row.route.startswith("/editor/")
        assert not row.roles, f"{row.route} opens a branch for which nobody tests each page"
        assert row.why


def test_every_row_is_for_an_address_that_exists_and_roles_that_exist() -> None:
    names = {(each.host, each.name) for each in every_address()}
    rows = [row for row in permission_rows() if not row.route.startswith("/")]
    assert [row.route for row in rows if (row.host, row.route) not in names] == []
    known = {*roles(), ANYONE, SIGNED_IN}
    assert [row.route for row in rows if not row.roles or not row.roles <= known] == []


def test_every_door_at_the_desk_opens_for_whom_it_is_shown() -> None:
    by_name = {each.name: each for each in walked("desk")}
    for door in doors("desk"):
        row = row_of(by_name[door.route])
        assert row is not None
        assert SIGNED_IN in row.roles or (door.roles and door.roles <= row.roles), door.key


def test_the_two_hosts_share_no_page() -> None:
    pages = {host: {each.callback for each in walked(host)} for host in ("public", "desk")}
    assert pages["public"] & pages["desk"] == set()


@pytest.fixture
def everything(staff: Callable[..., Any], lindenbach: Any, desk: Callable[..., Any]) -> Client:
    """The browser of somebody in every role; an error is an answer here, so that all of them are seen."""
    client: Client = desk(staff("everything", lindenbach, *roles()))
    client.raise_request_exception = False
    return client


@pytest.fixture
def nobody(desk: Callable[..., Any]) -> Client:
    client: Client = desk()
    client.raise_request_exception = False
    return client


def visited(client: Client, addresses: tuple[Walked, ...]) -> Iterator[tuple[Walked, Any]]:
    """Answers to GET; what would end the session or change the account is left out."""
    for each in addresses:
        if each.name not in {"access:editor_logout", "wagtailadmin_logout"}:
            yield each, client.get(each.example)


def test_no_address_of_the_desk_breaks_for_somebody_in_every_role(everything: Client) -> None:
    broken = [each.example for each, answer in visited(everything, walked("desk")) if answer.status_code >= 500]
    assert broken == []


def test_nobody_gets_no_page_of_the_desk_but_those_of_signing_in(nobody: Client) -> None:
    seen = {each.match.view_name for each, answer in visited(nobody, walked("desk")) if answer.status_code == 200}
    assert seen <= OPEN_AT_THE_DESK
    assert "account_login" in seen
    for each, answer in visited(nobody, walked("desk")):
        if each.match.view_name not in OPEN_AT_THE_DESK:
            assert answer.headers["Location"].startswith(f"{settings.LOGIN_URL}?next="), each.example


def test_a_form_sent_by_nobody_changes_nothing_at_the_desk(nobody: Client) -> None:
    for each in walked("desk"):
        if each.match.view_name not in OPEN_AT_THE_DESK:
            answer = nobody.post(each.example, {})
            assert answer.status_code == 302, each.example
            assert answer.headers["Location"].startswith(f"{settings.LOGIN_URL}?next="), each.example


def test_no_role_opens_wagtails_own_pages_for_accounts_groups_sites_and_rights(everything: Client) -> None:
    seen = 0
    for each in walked("desk"):
        if each.example.startswith(tuple(f"/editor/{branch}/" for branch in BYPASSING)):
            seen += 1
            assert everything.get(each.example).status_code == 403, each.example
            assert everything.post(each.example).status_code == 403, each.example
    assert seen > 30


@pytest.mark.parametrize("method", ["get", "post", "head", "options"])
def test_no_address_of_the_public_host_breaks_or_sets_a_cookie(public: Client, method: str) -> None:
    public.raise_request_exception = False
    for each in walked("public"):
        answer = getattr(public, method)(each.example)
        assert answer.status_code < 500, each.example
        assert not answer.cookies, each.example
        assert "Set-Cookie" not in answer.headers
    assert not public.cookies


def test_the_public_host_knows_no_page_of_the_desk_and_the_other_way_round(public: Client, nobody: Client) -> None:
    for each in walked("desk"):
        if each.example != "/":
            answer = public.get(each.example)
            assert answer.status_code == 404, each.example
            assert not answer.cookies, each.example
    for each in walked("public"):
        if each.example != "/":
            assert nobody.get(each.example).status_code == 404, each.example


def test_a_session_of_the_desk_means_nothing_on_the_public_host(
    public: Client, desk: Callable[..., Any], ana: Any
) -> None:
    signed_in = desk(ana)
    with_cookie = public.get("/en/", HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={signed_in.session.session_key}")
    without = public.get("/en/")
    assert with_cookie.content == without.content
    assert "Cookie" not in with_cookie.headers.get("Vary", "")
    assert ana.name.encode() not in with_cookie.content
