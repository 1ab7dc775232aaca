"""Staff come in by their organisation's own sign-in: against a real OpenID provider, for good and for ill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken

from serai.kernel.access.actions import MayNotAdminister
from serai.kernel.access.actions_sign_in import ProviderNotGood, ProviderSettings, set_up_sign_in
from serai.kernel.access.models import IdentityProvider
from serai.kernel.access.organisation_sign_in import SignInRefused, check_provider, read_claims
from serai.kernel.ledger.models import OutboxRow

from .oidc import Provider, path_of, running_provider
from .people import PASSWORD, code_of, with_codes, with_password

pytestmark = pytest.mark.django_db
HERE = "/staff/me/"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """One provider for all tests of this file."""
    with running_provider() as found:
        yield found


@pytest.fixture
def omar(staff: Any, lindenbach: Any) -> Any:
    """Omar runs the house."""
    return staff("omar", lindenbach, "access.operator")


@pytest.fixture
def own_sign_in(provider: Provider, lindenbach: Any, omar: Any) -> Any:
    """Lets Lindenbach's staff sign in by the provider; what it says of second factors can be given."""

    def make(**more: Any) -> IdentityProvider:
        values = {"issuer": provider.address, "domains": ("staff.example",), **more}
        given = ProviderSettings(client_id="serai", secret="s3cret", **values)
        return set_up_sign_in(by=omar, organisation=lindenbach, given=given)

    return make


def walk(client: Any, provider: Provider, row: IdentityProvider, identity: str, query: str = "") -> Any:
    """From our sign-in page to the provider and back; returns our answer."""
    begin = client.post(f"/sign-in/organisation/{row.organisation_id}/{query}")
    assert begin.status_code == 302
    back = provider.consents(begin.headers["Location"], identity)
    return client.get(path_of(back))


def test_a_known_person_comes_in_but_still_needs_a_second_factor_here(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any
) -> None:
    provider.knows("ana-1", email=ana.email, email_verified=True)
    client = desk()
    assert walk(client, provider, own_sign_in(), "ana-1").status_code == 302
    assert client.get(HERE).headers["Location"] == "/sign-in/2fa/"


def test_who_has_codes_here_is_asked_for_one(desk: Any, provider: Provider, own_sign_in: Any, ana: Any) -> None:
    provider.knows("ana-2", email=ana.email, email_verified=True)
    with_codes(ana)
    client = desk()
    assert walk(client, provider, own_sign_in(), "ana-2").headers["Location"] == "/sign-in/2fa/code/"
    assert client.get(HERE).headers["Location"].startswith("/sign-in/?next=")
    client.post("/sign-in/2fa/code/", {"code": code_of(ana)})
    assert client.get(HERE).status_code == 200


@pytest.mark.parametrize(
    ("settings_of_house", "claims", "opens"),
    [
        ({"second_factor_amr": ("mfa",)}, {"amr": ["pwd", "mfa"]}, True),
        ({"second_factor_acr": ("gold",)}, {"acr": "gold"}, True),
        ({"second_factor_amr": ("mfa",)}, {"amr": ["pwd"]}, False),
        ({"second_factor_amr": ("mfa",)}, {}, False),
        ({"second_factor_acr": ("gold",)}, {"acr": "silver"}, False),
        ({"second_factor_amr": ("m",)}, {"amr": "mfa"}, False),
        ({}, {"amr": ["mfa"], "acr": "gold"}, False),
    ],
)
def test_a_second_factor_over_there_counts_only_when_it_is_agreed_and_proved(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any, settings_of_house: Any, claims: Any, opens: bool
) -> None:
    provider.knows("ana-3", email=ana.email, email_verified=True, **claims)
    client = desk()
    walk(client, provider, own_sign_in(**settings_of_house), "ana-3")
    answer = client.get(HERE)
    assert (answer.status_code == 200) is opens
    if not opens:
        assert answer.headers["Location"] == "/sign-in/2fa/"


def test_a_proved_second_factor_is_not_asked_for_again(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any
) -> None:
    provider.knows("ana-4", email=ana.email, email_verified=True, amr=["mfa"])
    with_codes(ana)
    client = desk()
    answer = walk(client, provider, own_sign_in(second_factor_amr=("mfa",)), "ana-4", f"?next={HERE}")
    assert answer.headers["Location"] == HERE
    assert client.get(HERE).status_code == 200


def test_the_provider_is_asked_for_the_second_factor_and_the_code_is_bound_to_this_browser(
    desk: Any, own_sign_in: Any
) -> None:
    row = own_sign_in(second_factor_acr=("gold", "platinum"))
    asked = parse_qs(urlsplit(desk().post(f"/sign-in/organisation/{row.organisation_id}/").headers["Location"]).query)
    assert asked["acr_values"] == ["gold platinum"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 16


@pytest.mark.parametrize(
    ("identity", "claims", "says"),
    [
        ("u1", {"email": "nobody@staff.example"}, "no account for you"),
        ("u2", {"email": "ana@elsewhere.example"}, "its own addresses"),
        ("u3", {"email": "ana@staff.example.evil.example"}, "its own addresses"),
        ("u4", {"email": "ana@staff.example", "email_verified": False}, "not confirmed"),
        ("u5", {}, "its own addresses"),
        ("u6", {"email": "stranger@staff.example", "email_verified": True}, "no account for you"),
    ],
)
def test_who_is_not_expected_is_told_why_and_stays_outside(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any, stranger: Any, identity: str, claims: Any, says: str
) -> None:
    provider.knows(identity, **claims)
    client = desk()
    answer = walk(client, provider, own_sign_in(), identity)
    assert answer.status_code == 403
    assert says in answer.content.decode()
    assert client.get(HERE).headers["Location"].startswith("/sign-in/?next=")
    assert not SocialAccount.objects.exists()


def test_an_address_that_now_belongs_to_somebody_else_is_refused(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any
) -> None:
    row = own_sign_in()
    provider.knows("ana-old", email=ana.email, email_verified=True)
    walk(desk(), provider, row, "ana-old")
    provider.knows("new-hire", email=ana.email, email_verified=True)
    answer = walk(desk(), provider, row, "new-hire")
    assert answer.status_code == 403
    assert "belonged to somebody else" in answer.content.decode()
    assert walk(desk(), provider, row, "ana-old").status_code == 302, "the first one still comes in"


def test_an_identity_whose_address_became_another_persons_is_refused(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any, bilal: Any
) -> None:
    row = own_sign_in()
    provider.knows("ana-moves", email=ana.email, email_verified=True)
    walk(desk(), provider, row, "ana-moves")
    provider.knows("ana-moves", email=bilal.email, email_verified=True)
    client = desk()
    assert walk(client, provider, row, "ana-moves").status_code == 403
    assert client.get(HERE).status_code == 302


def test_the_answer_meant_for_one_browser_opens_nothing_in_another(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any
) -> None:
    provider.knows("ana-5", email=ana.email, email_verified=True, amr=["mfa"])
    row = own_sign_in(second_factor_amr=("mfa",))
    attacker, victim = desk(), desk()
    begin = attacker.post(f"/sign-in/organisation/{row.organisation_id}/")
    back = path_of(provider.consents(begin.headers["Location"], "ana-5"))
    assert victim.get(back).status_code == 401
    assert victim.get(HERE).status_code == 302


def test_an_answer_works_once(desk: Any, provider: Provider, own_sign_in: Any, ana: Any) -> None:
    provider.knows("ana-6", email=ana.email, email_verified=True)
    client = desk()
    begin = client.post(f"/sign-in/organisation/{own_sign_in().organisation_id}/")
    back = path_of(provider.consents(begin.headers["Location"], "ana-6"))
    assert client.get(back).status_code == 302
    client.post("/sign-in/out/")
    assert client.get(back).status_code == 401


def test_looking_at_the_page_does_not_begin_a_sign_in(desk: Any, own_sign_in: Any) -> None:
    row = own_sign_in()
    assert desk().get(f"/sign-in/organisation/{row.organisation_id}/").status_code == 200


def test_an_identity_cannot_be_hung_onto_another_account(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any, bilal: Any
) -> None:
    provider.knows("bilal-1", email=bilal.email, email_verified=True)
    client = desk(ana)
    answer = walk(client, provider, own_sign_in(), "bilal-1", "?process=connect")
    assert answer.status_code == 403
    assert not SocialAccount.objects.filter(user=ana).exists()


def test_a_closed_account_stays_closed(desk: Any, provider: Provider, own_sign_in: Any, ana: Any) -> None:
    provider.knows("ana-7", email=ana.email, email_verified=True, amr=["mfa"])
    ana.is_active = False
    ana.save()
    client = desk()
    assert walk(client, provider, own_sign_in(second_factor_amr=("mfa",)), "ana-7").status_code == 403
    assert client.get(HERE).status_code == 302


def test_a_provider_switched_off_is_gone(desk: Any, own_sign_in: Any) -> None:
    row = own_sign_in(active=False)
    assert desk().post(f"/sign-in/organisation/{row.organisation_id}/").status_code == 404
    assert b"own sign-in" not in desk().get("/sign-in/").content


def test_an_issuer_that_is_not_the_one_on_record_is_refused(own_sign_in: Any, provider: Provider) -> None:
    said = {"iss": "https://login.evil.example", "sub": "x", "email": "ana@staff.example"}
    with pytest.raises(SignInRefused, match="another sign-in"):
        check_provider(own_sign_in(), read_claims({"id_token": said}))
    check_provider(own_sign_in(), read_claims({"id_token": {**said, "iss": f"{provider.address}/"}}))


def test_an_answer_about_two_people_is_refused() -> None:
    with pytest.raises(SignInRefused, match="fit together"):
        read_claims({"id_token": {"iss": "i", "sub": "ana"}, "userinfo": {"sub": "bilal", "email": "b@staff.example"}})
    with pytest.raises(SignInRefused, match="fit together"):
        read_claims({"userinfo": {"sub": "ana", "email": "ana@staff.example"}})


def test_the_address_of_the_providers_own_description_is_understood(own_sign_in: Any, provider: Provider) -> None:
    assert own_sign_in(issuer=f"{provider.address}/.well-known/openid-configuration").issuer == provider.address


def test_nothing_the_provider_says_is_kept_but_its_name_for_the_person(
    desk: Any, provider: Provider, own_sign_in: Any, ana: Any
) -> None:
    provider.knows(
        "ana-9", email=ana.email, email_verified=True, ipaddr="203.0.113.77", phone_number="+00 555", picture="x"
    )
    row = own_sign_in()
    for _time in range(2):
        client = desk()
        walk(client, provider, row, "ana-9")
        account = SocialAccount.objects.get(user=ana)
        assert (account.uid, account.extra_data) == ("ana-9", {})
        assert "203.0.113.77" not in str(dict(client.session.items()))
    assert not SocialToken.objects.exists()
    assert OutboxRow.objects.filter(event="access.identity_bound").count() == 1


def test_the_password_of_an_account_survives(desk: Any, provider: Provider, own_sign_in: Any, ana: Any) -> None:
    provider.knows("ana-10", email=ana.email, email_verified=True)
    with_password(ana)
    walk(desk(), provider, own_sign_in(), "ana-10")
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_the_client_secret_is_sealed_and_kept_when_left_empty(own_sign_in: Any, lindenbach: Any, omar: Any) -> None:
    row = own_sign_in()
    assert "s3cret" not in row.sealed_secret
    given = ProviderSettings(row.issuer, "serai", "", ("staff.example",))
    assert set_up_sign_in(by=omar, organisation=lindenbach, given=given).sealed_secret == row.sealed_secret


def test_only_who_runs_the_house_sets_up_a_sign_in(emeka: Any, lindenbach: Any, desk: Any) -> None:
    given = ProviderSettings("https://login.example", "serai", "", ("staff.example",))
    with pytest.raises(MayNotAdminister):
        set_up_sign_in(by=emeka, organisation=lindenbach, given=given)
    assert desk(emeka).get(f"/staff/organisations/{lindenbach.pk}/sign-in/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"domains": ()}, "none"),
        ({"domains": ("staff",)}, "not_a_domain"),
        ({"domains": ("a@b.example",)}, "not_a_domain"),
        ({"issuer": "ftp://login.example"}, "not_https"),
        ({"issuer": "https://"}, "not_https"),
    ],
)
def test_an_unsafe_sign_in_is_refused(omar: Any, lindenbach: Any, changes: dict[str, Any], code: str) -> None:
    values = {
        "issuer": "https://login.example",
        "client_id": "x",
        "secret": "",
        "domains": ("staff.example",),
        **changes,
    }
    with pytest.raises(ProviderNotGood) as refusal:
        set_up_sign_in(by=omar, organisation=lindenbach, given=ProviderSettings(**values))
    assert refusal.value.code == code


def test_a_domain_belongs_to_one_organisation(own_sign_in: Any, omar: Any, port_amsel: Any) -> None:
    own_sign_in()
    given = ProviderSettings("https://login.example", "x", "", ("STAFF.example",))
    with pytest.raises(ProviderNotGood, match="taken"):
        set_up_sign_in(by=omar, organisation=port_amsel, given=given)


def test_a_live_house_takes_no_sign_in_in_the_clear(settings: Any, omar: Any, lindenbach: Any) -> None:
    settings.SERAI_MODE = "live"
    given = ProviderSettings("http://login.example", "x", "", ("staff.example",))
    with pytest.raises(ProviderNotGood, match="not_https"):
        set_up_sign_in(by=omar, organisation=lindenbach, given=given)
