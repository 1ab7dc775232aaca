"""A signed pack goes from one living house to another, which keeps its own check and its own words; in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .houses import ROOT, LivingHouse

PUBLISHER = "port-amsel"
STAFF = "from serai.kernel.access.demo import make_demo_staff\nmake_demo_staff(print)"
SCHOOL, BUS = "school-place", "bus-and-ferry"


def given_out(house: LivingHouse, key: Path, folder: Path) -> Path:
    """The publisher's guides as they are now, as the next version, sealed."""
    made = json.loads(house.command("pack", "export", PUBLISHER, folder / PUBLISHER, "--json"))
    house.command("pack", "publish", folder / PUBLISHER, "--key", key, "--to", folder)
    return folder / f"{PUBLISHER}-{made['version']}.zip"


def change_summary(house: LivingHouse, signed_in: Callable[..., Any], who: str, tag: str, words: str) -> None:
    """A colleague writes another summary in the editor, and Bilal of the same house approves it."""
    number, address = house.guide(SCHOOL, PUBLISHER, tag)
    author = signed_in(who, PUBLISHER, house, width=1280, height=900)
    author.goto(f"{house.desk}/editor/pages/{number}/edit/")
    author.fill("textarea[name=summary]", words)
    author.click("footer .action-save")
    author.wait_for_load_state("networkidle")
    author.goto(f"{house.desk}/guides/{number}/")
    author.click("form[action$='/submit/'] button")
    bilal = signed_in("bilal", PUBLISHER, house, js=False)
    bilal.goto(f"{house.desk}/guides/approvals/{number}/")
    bilal.click("button[value=approve]")
    house.soon(address, words)


def test_a_pack_moves_and_what_the_other_house_did_itself_stays(
    house: LivingHouse,
    neighbour: LivingHouse,
    signed_in: Callable[..., Any],
    phone: Callable[..., Any],
    shot: Callable[[Any, str], None],
    tmp_path: Path,
) -> None:
    a, b, key = house, neighbour, tmp_path / "a.pem"
    public_key = json.loads(a.command("pack", "key", key, "--json"))["key"]
    first = given_out(a, key, tmp_path)

    # House B makes sure whose key it is, and takes the pack in.
    b.command("pack", "install", ROOT / "packs" / "topics")
    b.command("pack", "trust", PUBLISHER, public_key)
    b.command("pack", "install", first)
    b.python(STAFF)
    _, school = b.guide(SCHOOL, PUBLISHER)
    _, bus = b.guide(BUS, PUBLISHER)
    reader = phone(js=False)
    reader.goto(f"{b.public}/en/guide/{PUBLISHER}/")
    reader.click(f"main a[href='{school}']")
    assert reader.inner_text("h1") == "How does my child get a school place?"
    assert "School office, Town of Port Amsel" in reader.inner_text(".facts.is-checked")
    assert reader.locator(".facts a[href='https://port-amsel.example/school-place']").count() == 1
    reader.goto(f"{b.public}{bus}")
    assert reader.locator(".facts.is-ask").count() == 1

    # It checks a guide itself, and writes better Arabic than the machine.
    bilal = signed_in("bilal", PUBLISHER, b, js=False)
    bilal.goto(f"{b.desk}/to-check/")
    bilal.locator("tr").filter(has_text="ferry").locator("button").first.click()
    checked = "Information desk, Town of Port Amsel"
    b.soon(bus, 'class="facts is-checked"')
    assert checked in b.soon(bus, checked)
    ours = "مكتب المدارس يبحث عن مكان لكل طفل. هذه كلماتنا."
    change_summary(b, signed_in, "chen", "ar", ours)

    # House A changes the guide and gives out the next version; B takes the update.
    theirs = "The school office finds a place within 10 days. School is free."
    change_summary(a, signed_in, "ana", "en", theirs)
    assert theirs not in b.soon(school, "<h1")
    second = given_out(a, key, tmp_path)
    assert second.name > first.name
    report = json.loads(b.command("pack", "install", second, "--json"))
    assert f"guides/{SCHOOL}.en" in report["updated"]

    b.soon(school, theirs)
    reader.goto(f"{b.public}{school}")
    assert theirs in reader.inner_text(".lead")
    shot(reader, "two-houses-en")
    reader.goto(f"{b.public}{b.guide(SCHOOL, PUBLISHER, 'ar')[1]}")
    assert reader.get_attribute("html", "dir") == "rtl"
    assert ours in reader.inner_text(".lead")
    assert "أقدم" in " ".join(reader.locator(".note").all_inner_texts())
    shot(reader, "two-houses-ar")
    for address in (bus, bus.replace("/en/", "/ar/", 1)):
        reader.goto(f"{b.public}{address}")
        assert reader.locator(".facts.is-checked").count() == 1
        assert checked in reader.inner_text(".facts")
    reader.goto(f"{a.public}{bus}")
    assert reader.locator(".facts.is-ask").count() == 1
