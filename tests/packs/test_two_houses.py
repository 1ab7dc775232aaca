"""Two houses exchange a pack, and each keeps its own checks and its own translations. Real processes, real folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from serai.kernel.packs.tests.small import pack, topics
from tests.packs.houses import House, write_pack

pytestmark = pytest.mark.slow

MEMBER = """
from serai.kernel.access.models import Membership, Organisation, User
organisation = Organisation.objects.get(key="lindenbach")
user = User.objects.filter(email="desk@b.example").first() or User.objects.create_user("desk@b.example", name="Desk")
Membership.objects.get_or_create(user=user, organisation=organisation, role="facts.checker", title="Desk of house B")
"""
PAGES = """
from serai.rooms.guides.models import GuidePage
from serai.kernel.facts.models import Fact
answer = {
    f"{page.key} {page.tag}": {
        "title": page.title, "live": page.live, "body": str(page.body.get_prep_value()),
        "stale": bool(page.made_from) and page.made_from != GuidePage.objects.filter(
            key=page.key, translation="original").get().text_digest,
        "checked_by": page.fact.checked_by, "review_by": str(page.fact.review_by), "revisions": page.revisions.count(),
    }
    for page in GuidePage.objects.all()
}
"""
CHECK = f"""{MEMBER}
from serai.kernel.facts.actions import check_still_true
from serai.rooms.guides.models import GuidePage
for key in ("lindenbach/doctor", "lindenbach/first-days"):
    check_still_true(by=user, fact=GuidePage.objects.filter(key=key).first().fact)
"""
TO_CHECK = f"""{MEMBER}
from serai.kernel.access.viewer import viewer_for
from serai.kernel.facts.queries import facts_to_check
from serai.rooms.guides.models import GuidePage
facts = set(facts_to_check(viewer=viewer_for(user)))
answer = sorted(page.key for page in GuidePage.objects.filter(translation="original") if page.fact in facts)
"""
TRANSLATE = """
from serai.rooms.guides.actions import save_guide
from serai.rooms.guides.models import GuidePage
for page in GuidePage.objects.filter(locale__language_code="en"):
    save_guide(by=None, organisation=page.organisation, key=page.key, language="so", slug=page.slug, topic=page.topic,
               title=f"Somali {page.slug}", summary="", body=page.body.get_prep_value(), translation="human",
               made_from=page.text_digest)
"""
EDIT = """
from serai.rooms.guides.actions import Source, save_guide
from serai.rooms.guides.models import GuidePage
page = GuidePage.objects.get(key="lindenbach/doctor", locale__language_code="en")
body = [{**block, "value": block["value"].replace("today", "tomorrow") if block["type"] == "text" else block["value"]}
        for block in page.body.get_prep_value()]
save_guide(by=None, organisation=page.organisation, key=page.key, language="en", slug=page.slug, title=page.title,
           summary=page.summary, body=body, parent=GuidePage.objects.get(key="lindenbach/first-days"),
           topic=page.topic, places=list(page.places.all()), position=page.position)
"""
ROWS = """
from serai.kernel.ledger.models import OutboxRow
from wagtail.models import Revision
answer = [OutboxRow.objects.count(), Revision.objects.count()]
"""


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[House, House]]:
    """House A publishes; house B is open to the public and takes only what is signed."""
    a, b = House(tmp_path / "a"), House(tmp_path / "b", SERAI_MODE="live")
    yield a, b
    a.inside.close()
    b.inside.close()


def done(answer: Any) -> Any:
    assert answer.code == 0, (answer.out, answer.err)
    return answer.json


def test_two_houses_exchange_a_pack_and_each_keeps_its_own_checks_and_translations(
    houses: tuple[House, House], tmp_path: Path
) -> None:
    a, b = houses
    stick = tmp_path / "stick"
    stick.mkdir()
    key = done(a.pack("key", tmp_path / "a.pem"))["key"]

    # House A has its guides, gives them out under a version and seals them.
    commons = write_pack(tmp_path / "topics", topics())
    done(a.pack("install", commons))
    done(a.pack("install", write_pack(tmp_path / "lindenbach", pack())))
    first = done(a.pack("export", "lindenbach", tmp_path / "out" / "lindenbach"))
    assert first["version"] == "1.0.1"
    for folder in (commons, tmp_path / "out" / "lindenbach"):
        done(a.pack("publish", folder, "--key", tmp_path / "a.pem", "--to", stick))

    # House B takes nothing from a key that its operator has not confirmed.
    refused = b.pack("install", stick / "topics-1.0.0.zip")
    assert (refused.code, refused.codes()) == (1, {"key-unknown"})
    for publisher in ("commons", "lindenbach"):
        done(b.pack("trust", publisher, key))
    done(b.pack("install", stick / "topics-1.0.0.zip"))
    done(b.pack("install", stick / "lindenbach-1.0.1.zip"))
    pages = b.ask(PAGES)
    assert pages.keys() == {"lindenbach/doctor en", "lindenbach/doctor ar", "lindenbach/first-days en"}
    assert {page["checked_by"] for page in pages.values()} == {"Information desk"}

    # House B checks two facts itself and translates two pages.
    assert b.ask(CHECK, TRANSLATE, TO_CHECK)[-1] == []

    # House A changes one guide and gives it out; B takes the update.
    a.ask(EDIT)
    second = done(a.pack("export", "lindenbach", tmp_path / "out" / "lindenbach"))
    assert second["version"] == "1.0.2"
    done(a.pack("publish", tmp_path / "out" / "lindenbach", "--key", tmp_path / "a.pem", "--to", stick))
    changed = done(a.pack("diff", stick / "lindenbach-1.0.1.zip", stick / "lindenbach-1.0.2.zip"))["differences"]
    assert [row["path"] for row in changed if row["path"].startswith("guides/")] == ["guides/doctor.en.md"]
    report = done(b.pack("install", stick / "lindenbach-1.0.2.zip"))
    assert report["updated"] == ["guides/doctor.en"]

    pages, to_check = b.ask(PAGES, TO_CHECK)
    # The text that changed is A's new one; A's check is shown, and B's list asks B to look again.
    assert "tomorrow" in pages["lindenbach/doctor en"]["body"]
    assert pages["lindenbach/doctor en"]["checked_by"] == "Information desk"
    assert to_check == ["lindenbach/doctor"]
    # The text that did not change keeps B's check.
    assert pages["lindenbach/first-days en"]["checked_by"] == "Desk of house B"
    # B's own translations are there; the one of the changed guide is older than its original, like A's Arabic.
    assert pages["lindenbach/doctor so"]["title"] == "Somali doctor"
    assert {name: page["stale"] for name, page in pages.items()} == {
        "lindenbach/doctor en": False,
        "lindenbach/doctor ar": True,
        "lindenbach/doctor so": True,
        "lindenbach/first-days en": False,
        "lindenbach/first-days so": False,
    }

    # The same pack again changes nothing at all.
    before = b.ask(ROWS)
    again = done(b.pack("install", stick / "lindenbach-1.0.2.zip", "--again"))
    assert (again["created"], again["updated"], again["removed"]) == ([], [], [])
    assert b.ask(ROWS) == before

    # Neither goes back, nor takes a changed copy.
    older = b.pack("install", stick / "lindenbach-1.0.1.zip")
    assert (older.code, older.codes()) == (1, {"version-older"})
    data = bytearray((stick / "lindenbach-1.0.2.zip").read_bytes())
    data[len(data) // 2] ^= 255
    (stick / "lindenbach-1.0.2.zip").write_bytes(bytes(data))
    broken = b.pack("install", stick / "lindenbach-1.0.2.zip")
    assert broken.code == 1
    assert broken.codes() & {"zip-broken", "signature-file-changed"}
