"""What is wrong in guides and tables of a pack: each finding with file, line and cure."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from serai.kernel.packs.checking import check_files
from serai.kernel.packs.tests.small import DOCTOR, DOCTOR_AR, FILES, FIRST, TOPICS, edited, pack, topics
from serai.kernel.register.ports import PackProblem

pytestmark = pytest.mark.django_db


def problems(changes: dict[str, Any], more: dict[str, bytes] | None = None) -> list[PackProblem]:
    return check_files({**pack(changes), **(more or {})}, beside={"topics": topics()}).problems


def refusals(changes: dict[str, Any], more: dict[str, bytes] | None = None) -> set[tuple[str, int, str]]:
    found = [each for each in problems(changes, more) if each.refuses]
    assert all(each.says and each.cure for each in found)
    return {(each.file, each.line, each.code) for each in found}


def notes(changes: dict[str, Any]) -> set[tuple[str, int, str]]:
    assert refusals(changes) == set()
    return {(each.file, each.line, each.code) for each in problems(changes)}


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 10), **more: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "red").save(buffer, kind, **more)
    return buffer.getvalue()


EN = "guides/doctor.en.md"
AR = "guides/doctor.ar.md"
PICTURE = "\n```picture\nfile: desk.png\nalt: The desk\n```\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("topic: health", "topic: heatlh", 4, "topic-unknown"),
        ("topic: health", "topic: health\ncolour: red", 5, "key-unknown"),
        ("topic: health\n", "", 1, "key-missing"),
        ("parent: first-days", "parent: last-days", 5, "parent-unknown"),
        ("parent: first-days", "parent: doctor", 5, "parent-cycle"),
        ("order: 20", "order: soon", 6, "value-number"),
        ("places: [lindenbach]", "places: [atlantis]", 7, "places-unknown"),
        ("places: [lindenbach]", "places: lindenbach", 7, "value-list"),
        ("source: {name: City health office, url", "source: {who: City, url", 8, "source"),
        ("https://health.lindenbach.example/doctor", "javascript:alert(1)", 8, "link-refused"),
        ("checked_on: 2026-10-12", "checked_on: 12 October", 9, "value-day"),
        ("checked_on: 2026-10-12", "checked_on: 2026-13-12", 9, "yaml-day"),
        ("checked_by: Information desk\n", "", 9, "dates-missing"),
        ("review_by: 2027-04-12", "review_by: 2026-10-12", 11, "dates-order"),
        ("Go **today**.", "Go <b>today</b>.", 15, "html"),
        ("Go **today**.", "Go now.\n<script>alert(1)</script>", 16, "html"),
        ("Go **today**.", "# Big\n\nGo.", 15, "heading"),
        ("Go **today**.", "> Go.\n\nGo.", 15, "markdown"),
        ("Go **today**.", "![x](https://example.org/x.png) Go.", 15, "markdown"),
        ("[the first days](guide:first-days)", "[x](javascript:alert(1))", 15, "link-refused"),
        ("[the first days](guide:first-days)", "[x](data:text/html,x)", 15, "link-refused"),
        ("[the first days](guide:first-days)", "[x](https://good.example@evil.example)", 15, "link-refused"),
        ("[the first days](guide:first-days)", "[x](guide:nowhere)", 15, "link-nowhere"),
        ("Go **today**.", "Go to\u202eday.", 15, "bidi-control"),
        ("```fee", "```feee", 17, "block-unknown"),
        ("for: A visit", "for: A visit\ncolour: red", 19, "key-unknown"),
        ('amount: "4"', "amount: four", 19, "value-amount"),
        ('amount: "4"', 'amount: "4.005"', 17, "money-too-many-decimals"),
        ("currency: EUR", "currency: EURO", 17, "money-unknown-currency"),
        ("source_name: Health fund\n", "", 17, "fee-without-source"),
        ("source_url: https://fund.example.org/costs\n", "", 17, "fee-without-source"),
        ("https://fund.example.org/costs", "https://fund.example.org\\@evil", 23, "link-refused"),
        ("for: A visit", "for: A visit\nfor: Another", 19, "yaml-duplicate"),
        ("- Take your slip with you.\n```\n", "- Take your slip with you.\n", 26, "fence-open"),
        ("- Call the desk.", "- Call: {the: desk}", 26, "steps-shape"),
    ],
)
def test_what_is_wrong_in_a_guide_is_told_with_its_line(old: str, new: str, line: int, code: str) -> None:
    assert old in DOCTOR
    assert (EN, line, code) in refusals({EN: DOCTOR.replace(old, new, 1)})


def test_a_real_pack_needs_dates_where_money_is_told_and_an_invented_one_may_show_what_that_looks_like() -> None:
    unchecked = DOCTOR.replace("checked_on: 2026-10-12\nchecked_by: Information desk\nreview_by: 2027-04-12\n", "")
    assert (EN, 8, "dates-missing") in notes({EN: unchecked})
    head = edited("pack.yaml", "fictional: true\n", "")
    assert (EN, 8, "dates-missing") in refusals({EN: unchecked, **head})


def test_what_nobody_checked_may_say_by_when_somebody_is_to_look_unless_money_is_told() -> None:
    unchecked = FIRST.replace("checked_on: 2026-10-12\nchecked_by: Information desk\n", "")
    assert refusals({"guides/first-days.en.md": unchecked}) == set()
    fee = DOCTOR.replace("checked_on: 2026-10-12\nchecked_by: Information desk\n", "")
    assert (EN, 9, "dates-missing") in refusals({EN: fee})


def test_a_pack_from_before_a_stage_was_new_is_still_right_and_half_a_stage_is_not() -> None:
    words = {path: data for path, data in topics().items() if path.startswith("words/")}
    said = {path: b"stages:\n  living:\n    title: A\n    lead: B\n" + data for path, data in words.items()}
    assert [each for each in check_files({**topics(), **said}).problems if each.refuses] == []
    half = {path: data.replace(b"    lead: B\n", b"") for path, data in said.items()}
    found = [each for each in check_files({**topics(), **half}).problems if each.refuses]
    assert [(each.file, each.code) for each in found] == [("words/en.yaml", "words-missing")]


def test_cycles_of_any_length_are_found() -> None:
    first = FIRST.replace("topic: health", "topic: health\nparent: doctor")
    found = refusals({"guides/first-days.en.md": first})
    assert {code for _file, _line, code in found} == {"parent-cycle"}
    assert {file for file, _line, _code in found} == {EN, "guides/first-days.en.md"}


def test_two_guides_at_one_place_do_not_have_the_same_order() -> None:
    second = DOCTOR.replace("How do I see a doctor?", "Another")
    assert ("guides/other.en.md", 6, "order-twice") in refusals({"guides/other.en.md": second})


@pytest.mark.parametrize("name", ["guides/Doctor.en.md", "guides/doctor.md", "guides/sub/doctor.en.md", "guides/x.txt"])
def test_a_guide_with_another_name_is_refused(name: str) -> None:
    assert (name, 0, "guide-name") in refusals({name: DOCTOR})


def test_a_translation_needs_its_original_and_a_language_of_the_pack() -> None:
    assert ("guides/new.en.md", 0, "original-missing") in refusals({"guides/new.ar.md": DOCTOR_AR})
    assert ("guides/doctor.fr.md", 0, "language-unlisted") in refusals({"guides/doctor.fr.md": DOCTOR_AR})


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('amount: "4"', 'amount: "5"', "figures-differ"),
        ("currency: EUR", "currency: USD", "figures-differ"),
        ("- خذ معك قسيمتك.\n", "", "blocks-differ"),
        ("```steps\n- اتصل بالمكتب.\n- خذ معك قسيمتك.\n```\n", "", "blocks-differ"),
        ("translation: human", "translation: human\ntopic: health", "key-unknown"),
        ("translation: human", "translation: perfect", "translation-state"),
        ("translation: human", "translation: human\noriginal: yesterday", "stamp"),
    ],
)
def test_a_translation_has_the_blocks_and_figures_of_its_original(old: str, new: str, code: str) -> None:
    assert old in DOCTOR_AR
    assert code in {found for file, _line, found in refusals({AR: DOCTOR_AR.replace(old, new)}) if file == AR}


def test_a_number_that_is_missing_in_a_translation_is_a_note_and_digits_of_any_script_count() -> None:
    original = edited(EN, "Go **today**.", "Go **today** at 10.", FILES)
    assert (AR, 6, "numbers-differ") in notes(original)
    assert notes({**original, AR: DOCTOR_AR.replace("اذهب **اليوم**.", "اذهب **اليوم** في ١٠.")}) == set()


def test_an_older_translation_is_a_note_not_a_refusal() -> None:
    stale = DOCTOR_AR.replace("translation: human", f"translation: human\noriginal: {'0' * 64}")
    assert notes({AR: stale}) == {(AR, 5, "translation-stale")}


def test_a_link_to_a_pack_that_is_not_there_is_a_note() -> None:
    changed = DOCTOR.replace("guide:first-days", "guide:elsewhere/first-days")
    arabic = DOCTOR_AR.replace("guide:first-days", "guide:elsewhere/first-days")
    assert (EN, 15, "link-nowhere") in notes({EN: changed, AR: arabic})


def test_pictures_are_what_they_say_and_are_there() -> None:
    with_picture = {EN: DOCTOR + PICTURE, AR: DOCTOR_AR + PICTURE}
    path = "guides/media/desk.png"
    assert (EN, 31, "media-missing") in refusals(with_picture)
    assert refusals(with_picture, {path: picture()}) == set()
    assert refusals(with_picture, {path: picture("JPEG")}) == {(path, 0, "media-kind")}
    assert refusals(with_picture, {path: b"<svg onload=alert(1)>"}) == {(path, 0, "media-broken")}
    assert refusals(with_picture, {path: picture(size=(6000, 6000))}) == {(path, 0, "media-large")}
    assert ("guides/media/run.exe", 0, "media-kind") in refusals({}, {"guides/media/run.exe": b"MZ"})
    assert (EN, 32, "file-name") in refusals({EN: DOCTOR + PICTURE.replace("desk.png", "../../desk.png")})


@pytest.mark.parametrize(
    ("path", "old", "new", "line", "code"),
    [
        ("tables/contacts.csv", "desk,lindenbach,lindenbach,", "desk,nobody,lindenbach,", 2, "organisation-unknown"),
        ("tables/contacts.csv", "desk,lindenbach,lindenbach,", "desk,lindenbach,atlantis,", 2, "place-unknown"),
        ("tables/contacts.csv", "info@lindenbach.example", "info at lindenbach", 2, "email"),
        ("tables/contacts.csv", "en ar,City", "en xx,City", 2, "language-unknown"),
        ("tables/contacts.csv", "2026-10-12,", "yesterday,", 2, "value-day"),
        ("tables/contacts.csv", ",2027-04-12", ",", 2, "fact-missing"),
        ("tables/contacts.csv", "Station Street 2", "n/a", 2, "cell-empty"),
        ("tables/contacts.csv", "Station Street 2", "Station\u200b Street 2", 2, "invisible"),
        ("tables/contacts.csv", "key,organisation", "key,organization", 1, "columns"),
        ("tables/contacts.csv", "desk,lindenbach", "Desk 1,lindenbach", 2, "key-wrong"),
        ("tables/alerts.csv", "+01:00,2099", ",2099", 2, "value-moment"),
        ("tables/alerts.csv", "2099-01-01", "2001-01-01", 2, "moments-order"),
    ],
)
def test_what_is_wrong_in_a_table_is_told_with_its_row(path: str, old: str, new: str, line: int, code: str) -> None:
    assert (path, line, code) in refusals(edited(path, old, new))


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("health,living", "health,somewhere", 2, "stage-unknown"),
        ("health,living,,", "health,living,nothing,", 2, "parent-unknown"),
        ("health,living,,heart,10", "health,living,health,heart,10", 2, "parent-cycle"),
        ("briefcase,10", "briefcase,soon", 3, "value-number"),
        ("work,working", "health,working", 3, "key-twice"),
        ("work,working,,briefcase", "work,living,,briefcase", 3, "order-twice"),
        ("work,working,,briefcase", "work,working,,<svg>", 3, "icon"),
    ],
)
def test_what_is_wrong_in_topics_is_told_with_its_row(old: str, new: str, line: int, code: str) -> None:
    found = check_files(pack(edited("tables/topics.csv", old, new, TOPICS), TOPICS)).problems
    assert ("tables/topics.csv", line, code) in {(each.file, each.line, each.code) for each in found if each.refuses}
