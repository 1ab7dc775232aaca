"""Who may do what with staff: invited, given roles, let go, helped; and what nobody may do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from serai.kernel.access import actions, sweeps
from serai.kernel.access.models import Membership, OneTimeLink, SecondFactorReset, User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.models import OutboxRow
from serai.kernel.register.ports import MEMBERSHIPS

from .people import give_password, with_codes

pytestmark = pytest.mark.django_db
GOOD = "nine bells before noon"


@pytest.fixture
def omar(staff: Any, lindenbach: Any) -> User:
    """Omar runs the house."""
    user: User = staff("omar", lindenbach, "access.operator")
    return user


def invite(by: Any, organisation: Any, **more: Any) -> tuple[User, str]:
    values = {"email": "Farid@Staff.example", "name": "Farid", "role": "content.author", **more}
    return actions.invite_staff(by=by, organisation=organisation, **values)


def events() -> list[str]:
    return list(OutboxRow.objects.order_by("pk").values_list("event", flat=True))


def test_an_invited_person_sets_a_password_by_the_link_and_then_a_second_factor(
    desk: Any, emeka: Any, lindenbach: Any
) -> None:
    data = {"email": "farid@staff.example", "name": "Farid", "language": "fr", "organisation": lindenbach.pk}
    page = desk(emeka).post("/staff/invite/", {**data, "role": "content.author", "title": "Desk"})
    link = re.search(r"http://[^/]+(/welcome/[\w-]{40,}/)", page.content.decode())
    assert link
    newcomer = desk()
    assert newcomer.get(link[1]).headers["Location"] == "/welcome/"
    assert newcomer.get("/welcome/").status_code == 200
    weak = newcomer.post("/welcome/", {"password": "password", "again": "password"})
    assert weak.context["form"].errors["password"]
    unlike = newcomer.post("/welcome/", {"password": GOOD, "again": GOOD + "!"})
    assert unlike.context["form"].errors["again"]
    assert newcomer.post("/welcome/", {"password": GOOD, "again": GOOD}).headers["Location"] == "/sign-in/"
    farid = User.objects.get(email="farid@staff.example")
    assert farid.language == "fr"
    assert give_password(newcomer, farid, GOOD).status_code == 302
    assert newcomer.get("/staff/me/").headers["Location"] == "/sign-in/2fa/"
    assert events()[:2] == ["access.staff_invited", "access.role_granted"]


def test_a_link_works_once_and_looking_at_it_uses_nothing_up(desk: Any, emeka: Any, lindenbach: Any) -> None:
    user, token = invite(emeka, lindenbach)
    for _look in range(3):
        previewer = desk()
        previewer.get(f"/welcome/{token}/")
        assert previewer.get("/welcome/").status_code == 200
    actions.use_link(token=token, password=GOOD)
    with pytest.raises(actions.LinkNotGood):
        actions.use_link(token=token, password="another one " + GOOD)
    late = desk()
    late.get(f"/welcome/{token}/")
    assert late.get("/welcome/").status_code == 410
    user.refresh_from_db()
    assert user.check_password(GOOD)


def test_the_link_is_neither_in_the_database_nor_in_a_session(desk: Any, emeka: Any, lindenbach: Any) -> None:
    _user, token = invite(emeka, lindenbach)
    client = desk()
    client.get(f"/welcome/{token}/")
    assert token not in str(list(OneTimeLink.objects.values()))
    assert token not in str(dict(client.session.items()))


def test_a_link_is_good_for_72_hours(emeka: Any, lindenbach: Any) -> None:
    _user, token = invite(emeka, lindenbach)
    link = OneTimeLink.objects.get()
    assert timedelta(hours=71, minutes=59) < link.expires_at - timezone.now() <= timedelta(hours=72)
    link.expires_at = timezone.now() - timedelta(seconds=1)
    link.save()
    with pytest.raises(actions.LinkNotGood):
        actions.use_link(token=token, password=GOOD)


def test_a_new_link_makes_the_old_one_worthless(emeka: Any, lindenbach: Any) -> None:
    user, first = invite(emeka, lindenbach)
    second = actions.make_link(by=emeka, user=user)
    with pytest.raises(actions.LinkNotGood):
        actions.use_link(token=first, password=GOOD)
    assert actions.use_link(token=second, password=GOOD) == user


def test_a_link_of_a_closed_account_opens_nothing(emeka: Any, lindenbach: Any) -> None:
    user, token = invite(emeka, lindenbach)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(actions.LinkNotGood):
        actions.use_link(token=token, password=GOOD)


def test_a_link_resets_the_password_but_never_the_second_factor(desk: Any, emeka: Any, ana: Any) -> None:
    signed_in = desk(with_codes(ana))
    actions.use_link(token=actions.make_link(by=emeka, user=ana), password=GOOD)
    assert signed_in.get("/staff/me/").status_code == 302, "sessions end with the old password"
    client = desk()
    assert give_password(client, ana, GOOD).headers["Location"] == "/sign-in/2fa/code/"


def test_the_link_is_also_sent_where_letters_go_out(desk: Any, emeka: Any, ana: Any, settings: Any) -> None:
    desk(emeka).post(f"/staff/{ana.pk}/link/")
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == [ana.email]
    assert "/welcome/" in mail.outbox[0].body
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = desk(emeka).post(f"/staff/{ana.pk}/link/").content.decode()
    assert len(mail.outbox) == 1
    assert "Give it to the person yourself" in page


def test_a_mail_server_that_is_down_does_not_lose_the_link(desk: Any, emeka: Any, ana: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    assert "/welcome/" in desk(emeka).post(f"/staff/{ana.pk}/link/").content.decode()


@pytest.mark.parametrize("email", ["", "farid", "farid@", "a b@staff.example", "farid@staff.example\nBcc: x@y.example"])
def test_what_is_no_address_is_not_invited(emeka: Any, lindenbach: Any, email: str) -> None:
    with pytest.raises(ValidationError):
        invite(emeka, lindenbach, email=email)
    assert not User.objects.filter(name="Farid").exists()


def test_inviting_who_is_there_already_only_adds_the_role(emeka: Any, ana: Any, lindenbach: Any) -> None:
    user, token = invite(emeka, lindenbach, email="ANA@staff.example", role="facts.checker")
    assert (user, token) == (ana, "")
    assert viewer_for(ana).has("facts.checker", lindenbach.pk)


def test_an_administrator_stays_within_the_own_organisation(
    desk: Any, emeka: Any, stranger: Any, port_amsel: Any, lindenbach: Any
) -> None:
    with pytest.raises(actions.MayNotAdminister):
        invite(emeka, port_amsel)
    with pytest.raises(actions.MayNotAdminister):
        actions.grant_role(by=emeka, user=stranger, organisation=port_amsel, role="content.author")
    with pytest.raises(actions.MayNotAdminister):
        actions.revoke_role(by=emeka, membership=stranger.memberships.first())
    for act in (actions.make_link, actions.deactivate_staff):
        with pytest.raises(actions.MayNotAdminister):
            act(by=emeka, user=stranger)
    with pytest.raises(actions.MayNotAdminister):
        actions.reset_second_factor(by=emeka, user=stranger, checked="phone")
    client = desk(emeka)
    for address in ("", "grant/", "link/", "close/", "open/", "reset/", f"revoke/{stranger.memberships.first().pk}/"):
        send = client.get if not address else client.post
        assert send(f"/staff/{stranger.pk}/{address}").status_code == 404, address
    assert client.get(f"/staff/organisations/{port_amsel.pk}/").status_code == 404
    assert port_amsel.said("en").text not in client.get("/staff/organisations/").content.decode()
    assert stranger.email not in client.get("/staff/").content.decode()
    assert stranger.email not in client.get("/staff/review/").content.decode()


def test_a_role_of_another_organisation_cannot_be_smuggled_through_the_form(
    desk: Any, emeka: Any, ana: Any, port_amsel: Any
) -> None:
    data = {"organisation": port_amsel.pk, "role": "content.approver"}
    assert desk(emeka).post(f"/staff/{ana.pk}/grant/", data).status_code == 200
    assert not viewer_for(ana).has("content.approver", port_amsel.pk)
    mine = {"organisation": emeka.memberships.get().organisation_id, "role": "access.operator"}
    assert desk(emeka).post(f"/staff/{ana.pk}/grant/", mine).status_code == 200
    assert "access.operator" not in viewer_for(ana).roles


def test_an_administrator_cannot_make_or_touch_who_runs_the_house(
    emeka: Any, ana: Any, omar: Any, lindenbach: Any
) -> None:
    with pytest.raises(actions.MayNotAdminister):
        actions.grant_role(by=emeka, user=ana, organisation=lindenbach, role="access.operator")
    for attempt in (
        lambda: actions.make_link(by=emeka, user=omar),
        lambda: actions.deactivate_staff(by=emeka, user=omar),
        lambda: actions.reset_second_factor(by=emeka, user=omar, checked="phone"),
        lambda: actions.revoke_role(by=emeka, membership=omar.memberships.get()),
    ):
        with pytest.raises(actions.MayNotAdminister):
            attempt()


def test_an_account_that_also_works_elsewhere_is_not_one_administrators_to_close(
    emeka: Any, stranger: Any, lindenbach: Any, omar: Any
) -> None:
    actions.grant_role(by=emeka, user=stranger, organisation=lindenbach, role="content.author")
    for attempt in (
        lambda: actions.deactivate_staff(by=emeka, user=stranger),
        lambda: actions.make_link(by=emeka, user=stranger),
        lambda: actions.reset_second_factor(by=emeka, user=stranger, checked="phone"),
    ):
        with pytest.raises(actions.MayNotAdminister):
            attempt()
    assert not actions.deactivate_staff(by=omar, user=stranger).is_active


def test_nobody_changes_the_own_rights(emeka: Any, omar: Any, lindenbach: Any) -> None:
    for person in (emeka, omar):
        with pytest.raises(actions.MayNotAdminister):
            actions.grant_role(by=person, user=person, organisation=lindenbach, role="content.approver")
        with pytest.raises(actions.MayNotAdminister):
            actions.revoke_role(by=person, membership=person.memberships.get())
        with pytest.raises(actions.MayNotAdminister):
            actions.deactivate_staff(by=person, user=person)
        with pytest.raises(actions.MayNotAdminister):
            actions.reset_second_factor(by=person, user=person, checked="phone")


def test_somebody_always_runs_the_house(omar: Any, staff: Any, lindenbach: Any) -> None:
    second = staff("oriol", lindenbach, "access.operator")
    membership = omar.memberships.get()
    soon = timezone.localdate() + timedelta(days=3)
    actions.deactivate_staff(by=omar, user=second)
    for attempt in (
        lambda: actions.revoke_role(by=None, membership=membership),
        lambda: actions.deactivate_staff(by=None, user=omar),
        lambda: actions.erase_staff(by=None, user=omar),
        lambda: actions.grant_role(by=None, user=omar, organisation=lindenbach, role="access.operator", until=soon),
    ):
        with pytest.raises(actions.LastOperator):
            attempt()
    actions.reactivate_staff(by=omar, user=second)
    actions.revoke_role(by=second, membership=membership)


def test_a_role_that_no_part_declares_and_one_that_ends_in_the_past_are_refused(
    omar: Any, ana: Any, lindenbach: Any
) -> None:
    with pytest.raises(actions.UnknownRole):
        actions.grant_role(by=omar, user=ana, organisation=lindenbach, role="content.emperor")
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(actions.EndsInThePast):
        actions.grant_role(by=omar, user=ana, organisation=lindenbach, role="content.approver", until=yesterday)


def test_a_time_limited_role_ends_by_itself_and_whoever_mirrors_roles_is_told(
    omar: Any, staff: Any, lindenbach: Any
) -> None:
    guest, today = staff("guest"), timezone.localdate()
    actions.grant_role(by=omar, user=guest, organisation=lindenbach, role="content.author", until=today)
    assert viewer_for(guest, today).roles == {"content.author"}
    assert viewer_for(guest, today + timedelta(days=1)).roles == frozenset()
    told: list[str] = []
    MEMBERSHIPS.offer("test", told.append)
    try:
        Membership.objects.filter(user=guest).update(until=today - timedelta(days=1))
        sweeps.sweep()
    finally:
        MEMBERSHIPS._offers.pop("test")
    assert told == [str(guest.pk)]


def test_every_change_of_roles_tells_whoever_mirrors_them(omar: Any, ana: Any, lindenbach: Any) -> None:
    told: list[str] = []
    MEMBERSHIPS.offer("test", told.append)
    try:
        row = actions.grant_role(by=omar, user=ana, organisation=lindenbach, role="facts.checker")
        actions.revoke_role(by=omar, membership=row)
        actions.deactivate_staff(by=omar, user=ana)
        actions.reactivate_staff(by=omar, user=ana)
    finally:
        MEMBERSHIPS._offers.pop("test")
    assert told == [str(ana.pk)] * 4


def test_a_closed_account_is_out_at_once_everywhere(desk: Any, emeka: Any, ana: Any) -> None:
    client = desk(ana)
    assert client.get("/staff/me/").status_code == 200
    assert desk(emeka).post(f"/staff/{ana.pk}/close/").status_code == 302
    assert client.get("/staff/me/").headers["Location"].startswith("/sign-in/?next=")
    desk(emeka).post(f"/staff/{ana.pk}/open/")
    assert client.get("/staff/me/").status_code == 302, "the old session stays over"


def test_a_reset_second_factor_leaves_a_record_that_the_person_sees(desk: Any, emeka: Any, ana: Any) -> None:
    client = desk(with_codes(ana))
    assert desk(emeka).post(f"/staff/{ana.pk}/reset/", {"checked": ""}).status_code == 200
    assert Authenticator.objects.filter(user=ana).exists(), "nothing happens without saying how"
    assert desk(emeka).post(f"/staff/{ana.pk}/reset/", {"checked": "video"}).status_code == 302
    assert not Authenticator.objects.filter(user=ana).exists()
    assert client.get("/staff/me/").status_code == 302
    row = SecondFactorReset.objects.get()
    assert (row.user, row.by, row.checked) == (ana, emeka, "video")
    assert "access.second_factor_reset" in events()
    ana.refresh_from_db()
    assert "Emeka" in desk(ana).get("/staff/me/").content.decode()


def test_every_second_factor_that_comes_or_goes_leaves_an_event(ana: Any, emeka: Any) -> None:
    with_codes(ana)
    assert events() == ["access.second_factor_added"]
    actions.reset_second_factor(by=emeka, user=ana, checked="phone")
    assert events() == ["access.second_factor_added", "access.second_factor_removed", "access.second_factor_reset"]


def test_the_ledger_never_holds_an_address_or_a_name(emeka: Any, lindenbach: Any) -> None:
    user, token = invite(emeka, lindenbach)
    actions.use_link(token=token, password=GOOD)
    actions.deactivate_staff(by=emeka, user=user)
    text = str(list(OutboxRow.objects.values()))
    assert "farid" not in text.lower()
    assert str(user.pk) in text


def test_accounts_closed_for_two_years_are_erased(omar: Any, ana: Any, bilal: Any) -> None:
    for user, days in ((ana, 731), (bilal, 729)):
        actions.deactivate_staff(by=omar, user=user)
        User.objects.filter(pk=user.pk).update(deactivated_at=timezone.now() - timedelta(days=days))
    assert sweeps.erase_long_closed() == 1
    assert not User.objects.filter(pk=ana.pk).exists()
    assert User.objects.filter(pk=bilal.pk).exists()
    assert "access.staff_erased" in events()
