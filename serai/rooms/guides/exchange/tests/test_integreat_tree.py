"""Languages joined, the tree kept, links led; the second time nothing happens."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Page

from serai.kernel.access.models import Organisation
from serai.kernel.facts.models import Fact, State
from serai.kernel.ledger.models import OutboxRow, Touch
from serai.rooms.guides.models import GuidePage, ImportedPage, Topic
from tests.databases import sqlite_copy

from .regions import codes, imported, page, write

pytestmark = pytest.mark.django_db


def guide(slug: str, language: str = "de") -> GuidePage:
    return GuidePage.objects.get(slug=slug, locale__language_code=language)


@pytest.fixture
def two_languages(tmp_path: Path) -> list[Path]:
    """Four guides in German, three of them in English; children before their parents in the file."""
    link = '<a href="https://integreat.app/tal/de/start/wohnen/">Wohnen</a>'
    german = [
        page(12, "miete", parent="start/wohnen", others={"en": 22}),
        page(11, "wohnen", parent="start", others={"en": 21}),
        page(10, "start", others={"en": 20}, content=f"<p>Hallo {link}</p>"),
        page(13, "arbeit", others={}),
    ]
    newer, older = "2023-06-01T12:00:00+02:00", "2023-01-01T12:00:00+02:00"
    english = [
        page(20, "begin", "en", others={"de": 10}, last_updated=newer, content=f"<p>Hello {link}</p>"),
        page(21, "housing", "en", parent="begin", others={"de": 11}, last_updated=older),
        page(22, "rent", "en", parent="begin/housing", others={"de": 12}),
    ]
    return [write(tmp_path, "de.json", german), write(tmp_path, "en.json", english)]


def test_tree_order_languages_and_source_are_kept(two_languages: list[Path]) -> None:
    report = imported(*two_languages)
    assert (report["created"], report["languages"], codes(report)) == (7, ["de", "en"], [])
    assert Page.find_problems() == ([], [], [], [], [])
    paths = set(GuidePage.objects.values_list("url_path", flat=True))
    assert paths == {
        "/de/tal/start/",
        "/de/tal/start/wohnen/",
        "/de/tal/start/wohnen/miete/",
        "/de/tal/arbeit/",
        "/en/tal/begin/",
        "/en/tal/begin/housing/",
        "/en/tal/begin/housing/rent/",
    }
    assert guide("miete").translation_key == guide("rent", "en").translation_key
    assert guide("wohnen").position == 11
    fact = guide("start").fact
    assert fact == guide("begin", "en").fact
    assert fact.state() == State.UNCHECKED
    assert fact.source_url == "https://integreat.app/tal/de/start/"
    assert "2023-05-01" in fact.source_name
    assert Organisation.objects.get(key="tal").names


def test_who_made_a_translation_and_whether_it_is_older(two_languages: list[Path]) -> None:
    imported(*two_languages)
    begin, housing, rent = guide("begin", "en"), guide("housing", "en"), guide("rent", "en")
    assert (begin.translation, begin.made_from) == ("human", guide("start").text_digest)
    assert (housing.translation, housing.made_from[:6]) == ("human", "before")
    assert (rent.translation, rent.made_from) == ("machine", guide("miete").text_digest)
    assert {guide("start").translation, guide("arbeit").translation} == {"original"}


def test_links_lead_to_the_page_in_the_readers_language(two_languages: list[Path]) -> None:
    imported(*two_languages)
    assert f'<a linktype="page" id="{guide("wohnen").pk}">Wohnen</a>' in str(guide("start").body[0].value.source)
    assert f'id="{guide("housing", "en").pk}"' in str(guide("begin", "en").body[0].value.source)


def test_every_page_has_its_version_its_log_and_its_events(two_languages: list[Path]) -> None:
    imported(*two_languages)
    for one in GuidePage.objects.all():
        assert one.live
        assert one.revisions.count() == 1
        assert one.latest_revision.as_object().text_digest == one.text_digest
        assert one.latest_revision_id == one.live_revision_id
        told = OutboxRow.objects.filter(subject=f"content.page:{one.pk}").values_list("event", flat=True)
        assert list(told) == ["content.page_created", "content.page_published"]
    assert OutboxRow.objects.filter(event="facts.fact_stated").count() == 4
    assert OutboxRow.objects.filter(event="guides.region_imported").count() == 1
    assert f"guide:{guide('start').translation_key}" in set(Touch.objects.values_list("key", flat=True))


def test_a_page_imported_at_once_equals_one_saved_alone(two_languages: list[Path], lindenbach: Any) -> None:
    from serai.rooms.guides.actions import save_guide

    imported(*two_languages)
    alone = save_guide(
        by=None,
        organisation=lindenbach,
        key="lindenbach/x",
        language="de",
        slug="x",
        title="X",
        summary=guide("arbeit").summary,
        body=[("text", "<p>x</p>")],
    ).page
    alone, bulk = GuidePage.objects.get(pk=alone.pk), guide("arbeit")
    own = {"id", "path", "title", "slug", "url_path", "draft_title", "key", "body", "position", "text_digest"}
    own |= {"translation_key", "page_ptr", "fact", "organisation", "latest_revision", "live_revision"}
    own |= {"first_published_at", "last_published_at", "latest_revision_created_at"}
    names = [field.name for field in GuidePage._meta.concrete_fields if field.name not in own]
    assert {name: getattr(alone, name) for name in names} == {name: getattr(bulk, name) for name in names}
    assert alone.latest_revision.content.keys() == bulk.latest_revision.content.keys()
    assert [row["type"] for row in bulk.body.get_prep_value()] == ["text"]


def test_the_same_files_again_change_nothing(two_languages: list[Path], django_assert_max_num_queries: Any) -> None:
    imported(*two_languages)
    before = (OutboxRow.objects.count(), Touch.objects.count(), list(ImportedPage.objects.values_list("digest")))
    versions = list(GuidePage.objects.values_list("pk", "latest_revision_id"))
    report = imported(*two_languages)
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 7)
    assert (
        OutboxRow.objects.count(),
        Touch.objects.count(),
        list(ImportedPage.objects.values_list("digest")),
    ) == before
    assert list(GuidePage.objects.values_list("pk", "latest_revision_id")) == versions
    with django_assert_max_num_queries(20):
        imported(*two_languages)


def test_the_order_of_files_makes_no_difference(two_languages: list[Path]) -> None:
    imported(*two_languages)
    report = imported(*reversed(two_languages))
    assert (report["updated"], report["unchanged"]) == (0, 7)


def test_a_changed_file_updates_only_what_changed(two_languages: list[Path], tmp_path: Path) -> None:
    imported(*two_languages)
    versions = dict(GuidePage.objects.values_list("slug", "latest_revision_id"))
    text = two_languages[0].read_text(encoding="utf-8").replace("What miete is about", "What rent means")
    two_languages[0].write_text(text, encoding="utf-8")
    report = imported(*two_languages)
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 1, 6)
    now = dict(GuidePage.objects.values_list("slug", "latest_revision_id"))
    assert {slug for slug in now if now[slug] != versions[slug]} == {"miete"}
    assert "What rent means" in guide("miete").summary + str(guide("miete").body)
    assert guide("rent", "en").made_from != guide("miete").text_digest
    assert imported(*two_languages)["unchanged"] == 7


def test_a_page_edited_here_is_kept_unless_theirs_is_wanted(two_languages: list[Path]) -> None:
    imported(*two_languages)
    mine = guide("miete")
    mine.title = "Unsere Miete"
    mine.save_revision()
    assert imported(*two_languages)["unchanged"] == 7
    text = two_languages[0].read_text(encoding="utf-8").replace("What miete is about", "What rent means")
    two_languages[0].write_text(text, encoding="utf-8")
    report = imported(*two_languages)
    assert (report["updated"], report["kept"], codes(report)) == (0, 1, ["edited-here"])
    assert guide("miete").get_latest_revision_as_object().title == "Unsere Miete"
    assert imported(*two_languages, "--theirs")["updated"] == 1
    assert guide("miete").get_latest_revision_as_object().title == "Miete In De"
    assert imported(*two_languages)["unchanged"] == 7


def test_a_topic_that_staff_chose_stays_when_the_text_changes(two_languages: list[Path]) -> None:
    imported(*two_languages)
    topic = Topic.objects.create(key="housing", stage="living")
    GuidePage.objects.filter(slug="miete").update(topic=topic)
    text = two_languages[0].read_text(encoding="utf-8").replace("What miete is about", "What rent means")
    two_languages[0].write_text(text, encoding="utf-8")
    assert imported(*two_languages)["updated"] == 1
    assert guide("miete").topic == topic


def test_a_check_does_not_hold_for_a_text_that_changed(two_languages: list[Path], bilal: Any) -> None:
    imported(*two_languages)
    fact = guide("miete").fact
    Fact.objects.filter(pk=fact.pk).update(checked_on="2024-01-01", review_by="2099-01-01")
    assert imported(*two_languages)["unchanged"] == 7
    text = two_languages[0].read_text(encoding="utf-8").replace("What miete is about", "What rent means")
    two_languages[0].write_text(text, encoding="utf-8")
    assert codes(imported(*two_languages)) == ["check-again"]
    assert Fact.objects.get(pk=fact.pk).state() == State.UNCHECKED


def test_a_page_without_text_can_change_its_title(tmp_path: Path) -> None:
    imported(write(tmp_path, "one.json", [page(1, "leer", content="")]))
    report = imported(write(tmp_path, "one.json", [page(1, "leer", content="", title="Neuer Titel")]))
    assert (report["updated"], codes(report), guide("leer").title) == (1, [], "Neuer Titel")


def test_what_staff_took_down_stays_down(two_languages: list[Path]) -> None:
    imported(*two_languages)
    guide("miete").unpublish()
    text = two_languages[0].read_text(encoding="utf-8").replace("What miete is about", "What rent means")
    two_languages[0].write_text(text, encoding="utf-8")
    assert codes(imported(*two_languages)) == ["kept-down"]
    assert not guide("miete").live


def test_a_language_that_comes_later_joins_and_takes_its_place(two_languages: list[Path]) -> None:
    imported(two_languages[1])
    assert guide("begin", "en").translation == "original"
    report = imported(*two_languages)
    assert (report["created"], report["updated"]) == (4, 3)
    assert guide("miete").key == guide("rent", "en").key
    assert guide("rent", "en").translation == "machine"
    assert Page.find_problems() == ([], [], [], [], [])
    assert imported(*two_languages)["unchanged"] == 7


def test_a_page_gone_at_its_source_stays_and_is_reported(two_languages: list[Path], tmp_path: Path) -> None:
    imported(*two_languages)
    fewer = write(tmp_path, "fewer.json", [page(10, "start", others={"en": 20})])
    report = imported(fewer)
    assert (report["removed_upstream"], codes(report).count("removed-upstream")) == (3, 3)
    assert guide("miete").live


def test_parents_missing_or_in_a_circle_leave_no_page_out(tmp_path: Path) -> None:
    pages = [
        page(1, "allein", parent="fehlt"),
        page(2, "a", parent="b", path="/tal/de/a/"),
        page(3, "b", parent="a", path="/tal/de/b/"),
        page(4, "selbst", parent="selbst", path="/tal/de/selbst/"),
        page(5, "nach-id", parent_id=1) | {"parent": {"id": 1, "path": None}},
    ]
    report = imported(write(tmp_path, "circle.json", pages))
    assert report["created"] == 5
    assert sorted(codes(report)) == ["parent-cycle", "parent-cycle", "parent-missing"]
    assert Page.find_problems() == ([], [], [], [], [])
    assert guide("nach-id").url_path == "/de/tal/allein/nach-id/"


def test_a_tree_deeper_than_wagtails_is_flattened(tmp_path: Path) -> None:
    pages, path = [], ""
    for number in range(80):
        pages.append(page(number + 1, f"n{number}", parent=path))
        path = f"{path}/n{number}".strip("/")
    report = imported(write(tmp_path, "deep.json", list(reversed(pages))))
    assert report["created"] == 80
    assert set(codes(report)) == {"too-deep"}
    assert Page.find_problems() == ([], [], [], [], [])
    assert imported(tmp_path / "deep.json")["unchanged"] == 80


def test_two_pages_of_one_address_get_two(tmp_path: Path) -> None:
    twins = [page(1, "gleich"), page(2, "gleich", title="Zweite")]
    report = imported(write(tmp_path, "twins.json", twins))
    assert (report["created"], codes(report)) == (2, ["path-twice"])
    assert set(GuidePage.objects.values_list("slug", flat=True)) == {"gleich", "gleich-2"}
    assert imported(tmp_path / "twins.json")["unchanged"] == 2


def test_languages_that_contradict_each_other_are_parted(tmp_path: Path) -> None:
    german = [page(1, "eins", others={"en": 9}), page(2, "zwei", others={"en": 9})]
    english = [page(9, "one", "en", others={"de": 1}), page(8, "absent", "en", others={"de": 77})]
    report = imported(write(tmp_path, "de.json", german), write(tmp_path, "en.json", english))
    assert (report["created"], codes(report)) == (4, ["languages-contradict"])
    assert guide("eins").translation_key == guide("one", "en").translation_key != guide("zwei").translation_key


def test_a_rehearsal_says_what_would_be_done_and_does_nothing(two_languages: list[Path]) -> None:
    report = imported(*two_languages, "--dry-run")
    assert (report["created"], report["done"], report["dry_run"]) == (7, False, True)
    assert not GuidePage.objects.exists()
    assert not Organisation.objects.filter(key="tal").exists()


def test_a_publisher_and_a_topic_can_be_named(two_languages: list[Path], lindenbach: Any) -> None:
    Topic.objects.create(key="housing", stage="living")
    assert imported(*two_languages, "--publisher", "lindenbach", "--topic", "housing")["publisher"] == "lindenbach"
    assert guide("miete").organisation == lindenbach
    assert guide("miete").topic.key == "housing"


def test_the_house_finds_imported_pages(two_languages: list[Path]) -> None:
    from serai.engine.content.search import find

    imported(*two_languages)
    assert find("wohnen", "de")[0].title == "Wohnen In De"


@pytest.mark.once
def test_a_kill_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    environment = {**os.environ, "SERAI_DATA": str(house), "SERAI_DATABASE_URL": f"sqlite://{house}/db.sqlite3"}
    sqlite_copy(house).rename(house / "db.sqlite3")
    many = [page(number, f"p{number}", content=f"<p>{'Wort ' * 400}</p>") for number in range(1, 800)]
    path = write(tmp_path, "many.json", many)
    command = [sys.executable, "-c", KILLED, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    database = sqlite3.connect(house / "db.sqlite3")
    for table in ("guides_guidepage", "guides_importedpage", "facts_fact", "ledger_outboxrow", "access_organisation"):
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


KILLED = """
import os, signal, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")
import django
django.setup()
from serai.rooms.guides.actions import bulk
made = []
record = bulk._Making._record
def record_and_die(self, page):
    record(self, page)
    made.append(page)
    if len(made) == 250:
        os.kill(os.getpid(), signal.SIGKILL)
bulk._Making._record = record_and_die
from serai.config.cli import serai
serai(["import", "integreat", sys.argv[1], "--json"])
"""
