"""The command line, the demo house's people, and what keeps a house with them from opening."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner

from serai.kernel.access import demo, live
from serai.kernel.access.commands import staff as command
from serai.kernel.access.models import IdentityProvider, Organisation, User
from serai.kernel.access.viewer import viewer_for

from .people import give_password, with_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(settings: Any, tmp_path: Path, organisation: Any) -> Path:
    """A demo house with one invented organisation, in a folder of its own."""
    settings.SERAI_DATA = tmp_path
    organisation("lindenbach", fictional=True, names={"en": "City of Lindenbach"})
    organisation("real-office", fictional=False)
    return tmp_path


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, list(words))
    return done.exit_code, done.stdout, done.stderr


def codes() -> set[str]:
    return {refusal.code for refusal in live.refusals()}


def test_the_first_who_runs_the_house_gets_a_link_on_the_command_line(db: None, desk: Any) -> None:
    code, out, _err = run("create-operator", "First@Staff.example", "--name", "First")
    user = User.objects.get(email="first@staff.example")
    assert code == 0
    assert "access.operator" in viewer_for(user).roles
    path = "/" + out.strip().splitlines()[-1].split("/", 3)[3]
    client = desk()
    assert client.get(path).status_code == 302
    assert client.get("/welcome/").status_code == 200


def test_the_same_command_again_makes_no_second_account(db: None) -> None:
    run("create-operator", "first@staff.example")
    code, out, _err = run("create-operator", "first@staff.example", "--json")
    assert (code, json.loads(out)["link"]) == (0, "")
    assert User.objects.count() == 1
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("create-operator", "nobody"), "not-an-address"),
        (("create-operator", "a@staff.example", "--organisation", "nowhere"), "no-organisation"),
        (("link", "nobody@staff.example"), "no-account"),
        (("code", "nobody@staff.example"), "no-account"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_exits_with_1(db: None, words: tuple[str, ...], reason: str) -> None:
    code, out, _err = run(*words, "--json")
    assert (code, json.loads(out)["code"]) == (1, reason)
    plain, out, err = run(*words)
    assert (plain, out) == (1, "")
    assert err.strip()
    assert User.objects.count() == 0


def test_wrong_use_exits_with_2(db: None) -> None:
    assert run("create-operator")[0] == 2


def test_who_is_locked_out_gets_a_link_and_loses_the_lost_second_factor(ana: Any) -> None:
    with_codes(ana)
    assert run("link", ana.email)[0] == 0
    assert Authenticator.objects.filter(user=ana).exists()
    assert run("link", ana.email, "--reset-second-factor")[0] == 0
    assert not Authenticator.objects.filter(user=ana).exists()


def test_the_demo_house_has_people_with_passwords_that_only_the_owner_of_the_machine_reads(
    house: Path, desk: Any
) -> None:
    said: list[str] = []
    demo.make_demo_staff(said.append)
    path = house / "demo-accounts.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = dict(line.split() for line in path.read_text().splitlines() if "@" in line.split(" ")[0])
    assert set(rows) == {
        *(f"{name}@lindenbach.example" for name in ("ana", "bilal", "chen", "dora", "emeka")),
        "omar@house.example",
    }
    assert len(set(rows.values())) == len(rows)
    bilal = User.objects.get(email="bilal@lindenbach.example")
    assert viewer_for(bilal).roles >= {"content.approver", "facts.checker"}
    assert all(role not in str(said) for role in rows.values())
    client = desk()
    give_password(client, bilal, rows[bilal.email])
    code, out, _err = run("code", bilal.email)
    assert code == 0
    assert client.post("/sign-in/2fa/code/", {"code": out.strip()}).status_code == 302
    assert client.get("/staff/me/").status_code == 200


def test_making_the_demo_people_twice_changes_nothing_and_a_lost_file_is_made_anew(house: Path) -> None:
    demo.make_demo_staff(lambda _words: None)
    first = (house / "demo-accounts.txt").read_text()
    demo.make_demo_staff(lambda _words: None)
    assert (house / "demo-accounts.txt").read_text() == first
    assert User.objects.count() == 6
    (house / "demo-accounts.txt").unlink()
    demo.make_demo_staff(lambda _words: None)
    second = (house / "demo-accounts.txt").read_text()
    assert second != first
    password = next(line.split()[1] for line in second.splitlines() if line.startswith("ana@"))
    assert User.objects.get(email="ana@lindenbach.example").check_password(password)


def test_a_real_account_with_a_demo_address_is_left_alone(house: Path) -> None:
    real = User.objects.create_user("ana@lindenbach.example", "her own password", name="The real Ana")
    demo.make_demo_staff(lambda _words: None)
    real.refresh_from_db()
    assert real.check_password("her own password")
    assert real.memberships.count() == 0
    assert "ana@lindenbach.example" not in (house / "demo-accounts.txt").read_text()
    assert demo.remove_demo_staff() == 5
    assert User.objects.get() == real


def test_a_live_house_makes_no_demo_people_and_prints_no_codes(house: Path, settings: Any) -> None:
    demo.make_demo_staff(lambda _words: None)
    settings.SERAI_MODE = "live"
    with pytest.raises(demo.NotInALiveHouse):
        demo.make_demo_staff(lambda _words: None)
    code, out, _err = run("code", "ana@lindenbach.example", "--json")
    assert (code, json.loads(out)["code"]) == (1, "live")


def test_codes_of_real_accounts_are_never_printed(house: Path, ana: Any) -> None:
    with_codes(ana)
    assert run("code", ana.email)[0] == 1


def test_a_house_does_not_open_with_demo_people_or_without_somebody_who_runs_it(
    house: Path, staff: Any, organisation: Any
) -> None:
    assert codes() == {"no-operator"}
    demo.make_demo_staff(lambda _words: None)
    assert codes() == {"demo-accounts"}
    code, out, _err = run("remove-demo", "--json")
    assert (code, json.loads(out)["erased"]) == (0, 6)
    assert not (house / "demo-accounts.txt").exists()
    assert codes() == {"no-operator"}
    operator = staff("operator", organisation("real-office"), "access.operator")
    assert codes() == {"no-operator"}, "without a second factor it is nobody"
    with_codes(operator)
    assert codes() == set()


def test_a_house_does_not_open_with_a_sign_in_in_the_clear_or_counters_outside_memory(
    settings: Any, lindenbach: Any, staff: Any
) -> None:
    with_codes(staff("operator", lindenbach, "access.operator"))
    IdentityProvider.objects.create(organisation=lindenbach, issuer="http://login.example", client_id="x")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}}
    assert codes() == {"sign-in-in-the-clear", "counters-outside-memory"}
