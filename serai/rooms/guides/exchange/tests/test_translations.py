"""Translators are told what waits for them, take it out as XLIFF, and bring it back without breaking anything."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from wagtail.models import WorkflowState

from serai.engine.content import stream
from serai.kernel.access.viewer import viewer_for
from serai.kernel.register.ports import QUEUES
from serai.lib import xliff
from serai.rooms.guides.actions import text_digest_of
from serai.rooms.guides.exchange import actions
from serai.rooms.guides.exchange.translating.files import arrived, file_for, zip_for
from serai.rooms.guides.exchange.translating.listing import to_translate
from serai.rooms.guides.models import GuidePage

from .workbooks import BODY

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def doctor(guide: Make) -> GuidePage:
    """A guide with many kinds of blocks and links, live in English only."""
    buses = guide("buses")
    link = f'<p>See <a linktype="page" id="{buses.pk}">buses</a> and <a href="https://x.example/">this</a>.</p>'
    return GuidePage.objects.get(pk=guide("doctor", body=[*BODY, ("text", link)], parent=buses).pk)


def file(page: GuidePage, tag: str = "ar") -> xliff.Xliff:
    document, errors = xliff.read(file_for(page, tag)[1])
    assert document is not None
    assert errors == []
    return document


def translated(document: xliff.Xliff, state: xliff.State = "translated", **changes: str) -> bytes:
    """The file as a translator sends it back: every word answered by one in capitals; changes: target by unit."""
    units = [replace(unit, target=changes.get(unit.id, _shouted(unit.source)), state=state) for unit in document.units]
    return xliff.write(replace(document, units=units))


def _shouted(text: str) -> str:
    return "".join(part if part.startswith("<") else part.upper() for part in re.split(r"(<[^>]*>)", text))


def codes(data: bytes, user: Any) -> list[tuple[str, str]]:
    found = arrived("a.xlf", data, viewer=viewer_for(user))
    return [(problem.unit, problem.code) for problem in found.problems]


# --- the list ------------------------------------------------------------------------------------------------------
def test_the_list_says_what_is_missing_older_or_a_machines(
    doctor: GuidePage, guide: Make, chen: Any, settings: Any
) -> None:
    settings.SERAI_LANGUAGES = ["en", "ar", "fr", "es"]
    guide("doctor", "ar", title="طبيب", translation="human", made_from=text_digest_of(doctor))
    guide("doctor", "fr", title="Médecin", translation="machine", made_from=text_digest_of(doctor))
    mine = [one for one in to_translate(viewer=viewer_for(chen)) if one.key == "lindenbach/doctor"]
    assert {(one.language, one.state) for one in mine} == {("es", "missing"), ("fr", "machine")}
    guide("doctor", title="See a doctor now", body=BODY, parent=GuidePage.objects.get(key="lindenbach/buses"))
    mine = [one for one in to_translate(viewer=viewer_for(chen)) if one.key == "lindenbach/doctor"]
    assert {(one.language, one.state) for one in mine} == {("es", "missing"), ("fr", "older"), ("ar", "older")}
    assert mine[0].state == "older"


def test_the_translator_is_told_on_the_desk_that_the_arabic_is_older(
    doctor: GuidePage,
    guide: Make,
    chen: Any,
    desk: Any,
) -> None:
    guide("doctor", "ar", title="طبيب", translation="human", made_from=text_digest_of(doctor))
    waiting = {row.key: row.count for offer in QUEUES for row in offer(viewer_for(chen))}
    assert waiting["guides.translations"] == 0
    guide("doctor", title="See a doctor now", body=BODY, parent=GuidePage.objects.get(key="lindenbach/buses"))
    waiting = {row.key: row.count for offer in QUEUES for row in offer(viewer_for(chen))}
    assert waiting["guides.translations"] == 1
    page = desk(chen).get("/guides/translations/?lang=ar&state=older").content.decode()
    assert "See a doctor now" in page
    assert "older than the original" in page


def test_the_list_takes_one_query_however_many_guides(
    guide: Make,
    chen: Any,
    django_assert_num_queries: Any,
    settings: Any,
) -> None:
    for number in range(8):
        guide(f"g{number}")
    viewer = viewer_for(chen)
    with django_assert_num_queries(1):
        assert len(to_translate(viewer=viewer)) == 8 * (len(settings.SERAI_LANGUAGES) - 1)


def test_others_publishers_guides_are_not_in_the_list(doctor: GuidePage, stranger: Any) -> None:
    assert to_translate(viewer=viewer_for(stranger)) == []


# --- out and in ----------------------------------------------------------------------------------------------------
def test_a_file_holds_every_word_and_no_figure(doctor: GuidePage) -> None:
    document = file(doctor)
    words = [unit.source for unit in document.units]
    assert (document.source_language, document.target_language) == ("en", "ar")
    assert document.original == f"lindenbach/doctor#{doctor.text_digest}#-"
    assert "Monday to Friday, 9 to 12" in words
    assert "<h2>Who?</h2>" in words
    assert "<ul><li>one</li><li>two</li></ul>" in words
    assert any('href="guide:lindenbach/buses"' in text for text in words)
    assert not any("4.5" in text or "+49" in text for text in words)
    assert {unit.target for unit in document.units} == {None}


def test_a_translation_comes_back_as_a_draft_with_the_blocks_of_its_original(doctor: GuidePage, chen: Any) -> None:
    actions.import_translations(by=chen, name="a.xlf", data=translated(file(doctor)))
    page = GuidePage.objects.get(key="lindenbach/doctor", locale__language_code="ar")
    draft = page.get_latest_revision_as_object()
    assert (page.live, draft.title, draft.translation) == (False, "DOCTOR", "human")
    assert draft.made_from == doctor.text_digest
    ours, theirs = (stream.canonical(one.body.get_prep_value()) for one in (doctor, draft))
    assert [kind for kind, _ in ours] == [kind for kind, _ in theirs]
    assert theirs[1][1] == {**ours[1][1], "name": "HEALTH DESK", "hours": "MONDAY TO FRIDAY, 9 TO 12"}
    assert theirs[3][1]["amount"] == ours[3][1]["amount"]
    assert theirs[4][1]["steps"] == [{"title": "", "text": "GO"}, {"title": "ASK", "text": "AT THE DESK"}]
    assert f'<a linktype="page" id="{GuidePage.objects.get(key="lindenbach/buses").pk}">BUSES</a>' in theirs[-1][1]
    assert WorkflowState.objects.get().requested_by == chen


def test_the_state_of_the_file_is_the_state_of_the_translation(doctor: GuidePage, chen: Any, guide: Make) -> None:
    actions.import_translations(by=chen, name="a.xlf", data=translated(file(doctor), "final"), submit=False)
    draft = GuidePage.objects.get(key="lindenbach/doctor", locale__language_code="ar").get_latest_revision_as_object()
    assert draft.translation == "reviewed"


def test_a_machines_text_stays_a_machines_until_somebody_touched_all_of_it(
    doctor: GuidePage,
    chen: Any,
    guide: Make,
) -> None:
    guide("doctor", "fr", title="Médecin", body=doctor.body.get_prep_value(), translation="machine")
    document = file(doctor, "fr")
    assert {unit.state for unit in document.units} == {"initial"}
    untouched = xliff.write(document)
    assert arrived("a.xlf", untouched, viewer=viewer_for(chen)).translations[0].state == "machine"
    confirmed = xliff.write(replace(document, units=[replace(unit, state="translated") for unit in document.units]))
    assert arrived("a.xlf", confirmed, viewer=viewer_for(chen)).translations[0].state == "human"


def test_words_that_are_there_already_stand_in_the_file(doctor: GuidePage, chen: Any) -> None:
    actions.import_translations(by=chen, name="a.xlf", data=translated(file(doctor)), submit=False)
    targets = {unit.id: unit.target for unit in file(doctor).units}
    assert targets["title"] == "DOCTOR"
    assert None not in targets.values()


def test_an_archive_of_all_goes_out_and_comes_back(doctor: GuidePage, chen: Any) -> None:
    pages = list(GuidePage.objects.order_by("key"))
    archive = zipfile.ZipFile(io.BytesIO(zip_for(pages, "ar")))
    back = io.BytesIO()
    with zipfile.ZipFile(back, "w") as answer:
        for name in archive.namelist():
            document, _errors = xliff.read(archive.read(name))
            assert document is not None
            answer.writestr(name, translated(document))
    found = actions.import_translations(by=chen, name="all.zip", data=back.getvalue())
    assert len(found.translations) == 2
    buses, doctors = GuidePage.objects.filter(locale__language_code="ar").order_by("key")
    assert not buses.live
    assert doctors.get_parent().pk == buses.pk


# --- what is refused -----------------------------------------------------------------------------------------------
def test_a_file_of_an_older_original_is_refused_with_the_reason(doctor: GuidePage, guide: Make, chen: Any) -> None:
    data = translated(file(doctor))
    guide("doctor", title="See a doctor now", body=BODY, parent=GuidePage.objects.get(key="lindenbach/buses"))
    found = arrived("a.xlf", data, viewer=viewer_for(chen))
    assert found.problems[0].code == "original-changed"
    assert "Export the file again" in found.problems[0].cure
    with pytest.raises(actions.FilesRefused):
        actions.import_translations(by=chen, name="a.xlf", data=data)
    assert not GuidePage.objects.filter(locale__language_code="ar").exists()


def test_a_file_of_an_older_translation_is_refused(doctor: GuidePage, guide: Make, chen: Any) -> None:
    data = translated(file(doctor))
    guide("doctor", "ar", title="طبيب", body=doctor.body.get_prep_value(), translation="human")
    assert ("", "translation-changed") in codes(data, chen)


@pytest.mark.parametrize(
    ("unit", "target", "code"),
    [
        ("title", "", "untranslated"),
        ("title", "\u202eTitle", "bidi-control"),
        ("title", "x" * 300, "text"),
        ("7#0", "<p>Nothing linked.</p>", "placeholders"),
        ("7#0", '<p><a href="https://evil.example/">a</a> <a href="guide:lindenbach/buses">b</a></p>', "links"),
        ("7#0", '<p><a href="javascript:x()">a</a> <a href="guide:lindenbach/buses">b</a></p>', "links"),
    ],
)
def test_what_a_translator_breaks_is_said_with_its_place(
    doctor: GuidePage, chen: Any, unit: str, target: str, code: str
) -> None:
    assert code in [found for _unit, found in codes(translated(file(doctor), **{unit: target}), chen)]


def test_placeholders_stay(guide: Make, chen: Any) -> None:
    page = guide("form", body=[("text", "<p>Write {name} here.</p>")])
    document = file(GuidePage.objects.get(pk=page.pk))
    assert ("0#0", "placeholders") in codes(translated(document, **{"0#0": "<p>Ecrivez {nom}.</p>"}), chen)
    assert codes(translated(document, **{"0#0": "<p>Ecrivez {name} ici.</p>"}), chen) == []


def test_script_in_a_translation_is_taken_out_and_said(doctor: GuidePage, chen: Any) -> None:
    dirty = '<h2>Qui\u200f?<script>alert(1)</script><img src=x onerror="y()"></h2>'
    data = translated(file(doctor), **{"0#0": dirty})
    found = arrived("a.xlf", data, viewer=viewer_for(chen))
    assert [(problem.code, problem.refuses) for problem in found.problems] == [("cleaned", False)]
    assert found.translations[0].body[0][1].startswith("<h2>Qui?</h2>")


def test_units_lost_added_or_with_other_words_are_said(doctor: GuidePage, chen: Any) -> None:
    document = file(doctor)
    fewer = replace(document, units=document.units[1:])
    assert ("title", "unit-missing") in codes(translated(fewer), chen)
    more = replace(document, units=[*document.units, xliff.Unit("99", "x")])
    assert ("99", "unit-unknown") in codes(translated(more), chen)
    other = replace(document, units=[replace(document.units[0], source="Other"), *document.units[1:]])
    assert ("title", "source-changed") in codes(translated(other), chen)


def test_foreign_broken_and_hostile_files_are_refused(doctor: GuidePage, chen: Any, stranger: Any) -> None:
    assert codes(b"<x/>", chen) == [("", "not-xliff")]
    assert codes(b"no xml", chen) == [("", "not-xml")]
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xliff version="2.0">&a;</xliff>'
    assert codes(bomb, chen) == [("", "entities")]
    assert codes(translated(file(doctor)), stranger) == [("", "guide-unknown")]
    assert codes(translated(replace(file(doctor), target_language="en")), chen) == [("", "guide-unknown")]
    assert codes(translated(replace(file(doctor), original="nothing")), chen) == [("", "guide-unknown")]
    assert codes(b"PK\x03\x04broken", chen) == [("", "not-a-zip")]


def test_one_bad_file_in_an_archive_stops_all(doctor: GuidePage, chen: Any) -> None:
    buses = GuidePage.objects.get(key="lindenbach/buses")
    answer = io.BytesIO()
    with zipfile.ZipFile(answer, "w") as archive:
        archive.writestr("good.xlf", translated(file(buses)))
        archive.writestr("bad.xlf", translated(file(doctor), title=""))
        archive.writestr("notes.txt", "hello")
    with pytest.raises(actions.FilesRefused) as refused:
        actions.import_translations(by=chen, name="all.zip", data=answer.getvalue())
    assert {(one.file, one.code) for one in refused.value.arrived.problems} == {
        ("bad.xlf", "untranslated"),
        ("notes.txt", "not-xliff"),
    }
    assert not GuidePage.objects.filter(locale__language_code="ar").exists()


# --- on the desk ---------------------------------------------------------------------------------------------------
def test_the_whole_way_on_the_desk(doctor: GuidePage, chen: Any, desk: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = desk(chen)
    one = client.get(f"/guides/{doctor.pk}/translations/ar/")
    assert one.headers["Content-Disposition"] == 'attachment; filename="lindenbach_doctor.en-ar.xlf"'
    document, _errors = xliff.read(one.content)
    assert document is not None
    bad = SimpleUploadedFile("a.xlf", translated(document, title=""))
    refused = client.post("/guides/translations/import/", {"file": bad})
    assert refused.status_code == 409
    assert "This is not translated yet: Doctor" in refused.content.decode()
    good = SimpleUploadedFile("a.xlf", translated(document))
    assert client.post("/guides/translations/import/", {"file": good}).status_code == 302
    assert GuidePage.objects.filter(locale__language_code="ar").count() == 1
    archive = client.get("/guides/translations/es/")
    assert len(zipfile.ZipFile(io.BytesIO(archive.content)).namelist()) == 2
    assert client.get("/guides/translations/xx/").status_code == 404
    assert client.get(f"/guides/{doctor.pk}/translations/en/").status_code == 404
    assert client.post("/guides/translations/import/", {}).status_code == 400


def test_a_stranger_gets_no_file(doctor: GuidePage, stranger: Any, desk: Any) -> None:
    assert desk(stranger).get(f"/guides/{doctor.pk}/translations/ar/").status_code == 404
    assert desk(stranger).get("/guides/translations/ar/").status_code == 302
