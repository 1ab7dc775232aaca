"""Guides in a workbook: what goes out comes back the same; what is wrong is said by row; drafts, never live pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from wagtail.models import WorkflowState

from serai.kernel.access.viewer import viewer_for
from serai.kernel.facts.models import Fact
from serai.kernel.ledger.models import OutboxRow
from serai.lib.tables import read_xlsx
from serai.rooms.guides.exchange import actions
from serai.rooms.guides.exchange.spreadsheet.columns import COLUMNS
from serai.rooms.guides.exchange.spreadsheet.plan import plan_of
from serai.rooms.guides.exchange.spreadsheet.workbook import (
    read_workbook,
    write_with_problems,
)
from serai.rooms.guides.models import GuidePage

from .workbooks import BODY, edited, workbook_of

pytestmark = pytest.mark.django_db


def plan(data: bytes, user: Any) -> Any:
    return plan_of(read_workbook(data), viewer=viewer_for(user))


def codes(found: Any) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in found.problems]


def test_a_row_for_each_guide_and_language_and_a_sheet_that_explains(doctor: GuidePage, lindenbach: Any) -> None:
    data = workbook_of(lindenbach, "en", "ar")
    table = read_xlsx(data)
    assert table.header == COLUMNS
    rows = {(row.cells["key"], row.cells["language"]): row for row in table.rows}
    assert set(rows) == {("lindenbach/buses", "en"), ("lindenbach/doctor", "en"), ("lindenbach/doctor", "ar")}
    cells = rows["lindenbach/doctor", "en"].cells
    assert "[[contact 1]]" in str(cells["text"])
    assert "phone: +49 821 1234" in str(cells["contacts"])
    assert "amount: '4.5'" in str(cells["fees"]).replace('"', "'")
    assert (cells["translation"], cells["up_to_date"]) == ("original", "yes")
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames[1:] == ["Read me"]


def test_what_goes_out_comes_back_as_no_change(doctor: GuidePage, lindenbach: Any, ana: Any) -> None:
    found = plan(workbook_of(lindenbach, "en", "ar"), ana)
    assert [row.state for row in found.rows] == ["same", "same", "same"]
    assert not found.problems


def test_every_kind_of_block_survives_a_change_of_another(doctor: GuidePage, lindenbach: Any, ana: Any) -> None:
    from serai.engine.content import stream

    data = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): {"title": "See a doctor"}})
    actions.import_workbook(by=ana, workbook=read_workbook(data))
    draft = GuidePage.objects.get(pk=doctor.pk).get_latest_revision_as_object()
    assert draft.title == "See a doctor"
    assert stream.canonical(draft.body.get_prep_value()) == stream.canonical(doctor.body.get_prep_value())
    assert draft.get_parent().specific.key == "lindenbach/buses"
    assert GuidePage.objects.get(pk=doctor.pk).title != "See a doctor"


def test_text_contacts_and_fees_are_changed_in_their_cells(doctor: GuidePage, lindenbach: Any, ana: Any) -> None:
    data = workbook_of(lindenbach)
    cells = next(row.cells for row in read_xlsx(data).rows if row.cells["key"] == "lindenbach/doctor")
    changes = {
        "text": str(cells["text"]).replace("Then pay.", "Then pay at [the desk](guide:lindenbach/buses)."),
        "contacts": str(cells["contacts"]).replace("1234", "9999"),
        "fees": str(cells["fees"]).replace("4.5", "6.50"),
        "warnings": "",
    }
    changes["text"] = changes["text"].replace("[[warning 1]]", "")
    found = plan(edited(data, {("lindenbach/doctor", "en"): changes}), ana)
    assert codes(found) == []
    assert {part.label for row in found.changes for part in row.differences} == {"text", "contacts", "fees", "warnings"}
    pieces = [piece for row in found.changes for part in row.differences for piece in part.pieces]
    assert any(state == "gone" and "1234" in words for state, words in pieces)
    actions.import_workbook(by=ana, workbook=read_workbook(edited(data, {("lindenbach/doctor", "en"): changes})))
    body = dict(GuidePage.objects.get(pk=doctor.pk).get_latest_revision_as_object().body.get_prep_value()[1]["value"])
    assert body["phone"] == "+49 821 9999"
    raw = GuidePage.objects.get(pk=doctor.pk).get_latest_revision_as_object().body.get_prep_value()
    assert "warning" not in [block["type"] for block in raw]
    assert f'linktype="page" id="{GuidePage.objects.get(key="lindenbach/buses").pk}"' in str(raw)


def test_importing_makes_drafts_that_wait_for_a_second_person(doctor: GuidePage, lindenbach: Any, ana: Any) -> None:
    data = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): {"title": "See a doctor"}})
    actions.import_workbook(by=ana, workbook=read_workbook(data))
    page = GuidePage.objects.get(pk=doctor.pk)
    assert (page.title, page.live, page.has_unpublished_changes) == ("Doctor", True, True)
    assert WorkflowState.objects.get().requested_by == ana
    assert OutboxRow.objects.filter(event="guides.workbook_imported").count() == 1
    assert not OutboxRow.objects.filter(event="content.page_published", subject=f"content.page:{page.pk}")[1:]
    again = plan(data, ana)
    assert codes(again) == []
    assert [row.state for row in again.rows] == ["same", "same"]


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"key": "lindenbach/doctr"}, "key", "key-unknown"),
    ({"key": "lindenbach/buses"}, "key", "row-twice"),
    ({"language": "xx"}, "language", "language-unknown"),
    ({"language": "fr"}, "key", "row-changed-place"),
    ({"title": ""}, "title", "text"),
    ({"title": "x" * 256}, "title", "text"),
    ({"title": "Pay \u202ehere"}, "title", "text"),
    ({"summary": "y" * 401}, "summary", "text"),
    ({"title": "=1+1"}, "title", "formula"),
    ({"text": "[x](javascript:alert(1))"}, "text", "link-refused"),
    ({"text": "[x](guide:lindenbach/nothing)"}, "text", "link-unknown"),
    ({"text": "see [[contact 1]] here"}, "text", "mark-inside"),
    ({"text": "[[contact 7]]"}, "text", "lines-missing"),
    ({"text": "[[contact 1]]\n\n[[contact 1]]"}, "text", "mark-twice"),
    ({"text": "Only words"}, "contacts", "mark-missing"),
    ({"contacts": "contact 1:\n  name: Nobody"}, "contacts", "contact-empty"),
    ({"contacts": "contact 1:\n  name: A\n  fax: 1"}, "contacts", "key-unknown"),
    ({"contacts": "just words"}, "contacts", "lines-alone"),
    ({"fees": "fee 1: [unclosed"}, "fees", "yaml"),
    ({"fees": "fee 1:\n  for: A\n  amount: much"}, "fees", "value-amount"),
    ({"translation": "perfect"}, "translation", "translation"),
    ({"translation": "human"}, "translation", "translation"),
    ({"up_to_date": "maybe"}, "up_to_date", "up-to-date"),
    ({"digest": "0" * 64, "title": "New"}, "digest", "changed-meanwhile"),
    ({"checked_on": "2026-01-05"}, "checked_on", "may-not-check"),
]


def test_a_long_formula_is_shown_in_part_and_says_so(doctor: GuidePage, lindenbach: Any, ana: Any) -> None:
    formula = '=HYPERLINK("https://prizes.example/very/long/address", "Click")'
    data = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): {"title": formula}})
    assert plan(data, ana).problems[0].says.endswith(f"{formula[:40]}…")


@pytest.mark.once
@pytest.mark.parametrize(("cells", "column", "code"), BAD)
def test_what_is_wrong_is_said_with_row_column_and_cure(
    doctor: GuidePage, lindenbach: Any, ana: Any, cells: dict[str, Any], column: str, code: str
) -> None:
    data = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): cells})
    found = plan(data, ana)
    assert (3, column, code) in codes(found)
    assert all(problem.says and problem.cure for problem in found.problems)
    before = OutboxRow.objects.count()
    with pytest.raises(actions.NotReady):
        actions.import_workbook(by=ana, workbook=read_workbook(data))
    assert OutboxRow.objects.count() == before
    assert not GuidePage.objects.filter(has_unpublished_changes=True).exists()


def test_one_bad_row_stops_all_and_the_workbook_comes_back_with_notes(
    doctor: GuidePage, lindenbach: Any, ana: Any
) -> None:
    changes = {
        ("lindenbach/buses", "en"): {"title": "Good title"},
        ("lindenbach/doctor", "en"): {"checked_on": "soon", "title": "=SUM(A1)"},
        ("lindenbach/doctor", "ar"): {"language": "xx"},
    }
    workbook = read_workbook(edited(workbook_of(lindenbach, "en", "ar"), changes))
    found = plan_of(workbook, viewer=viewer_for(ana))
    with pytest.raises(actions.NotReady):
        actions.import_workbook(by=ana, workbook=workbook)
    assert not GuidePage.objects.filter(has_unpublished_changes=True).exists()
    returned = write_with_problems(workbook, found.problems)
    table = read_xlsx(returned)
    assert table.header[0] == "problem"
    notes = [str(row.cells["problem"] or "") for row in table.rows]
    assert notes[0] == ""
    assert all(notes[1:])
    mended = edited(
        returned,
        {
            ("lindenbach/doctor", "en"): {"title": "Doctor"},
            ("lindenbach/doctor", "xx"): {"language": "ar"},
        },
    )
    assert [problem.code for problem in plan(mended, ana).problems] == ["may-not-check"]


def test_a_change_on_the_desk_meanwhile_is_a_conflict_for_its_row_only(
    doctor: GuidePage, lindenbach: Any, ana: Any
) -> None:
    data = workbook_of(lindenbach)
    page = GuidePage.objects.get(pk=doctor.pk)
    page.title = "Changed on the desk"
    page.save_revision(user=ana)
    changed = edited(
        data, {("lindenbach/doctor", "en"): {"summary": "Mine"}, ("lindenbach/buses", "en"): {"title": "B"}}
    )
    found = plan(changed, ana)
    assert codes(found) == [(3, "digest", "changed-meanwhile")]
    assert [row.state for row in found.rows] == ["changed", "wrong"]


def test_a_draft_that_waits_for_a_second_person_is_left_alone(doctor: GuidePage, lindenbach: Any, ana: Any) -> None:
    first = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): {"title": "One"}})
    actions.import_workbook(by=ana, workbook=read_workbook(first))
    second = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): {"title": "Two"}})
    assert codes(plan(second, ana)) == [(3, "key", "waits")]


def test_a_copied_row_becomes_a_new_translation(doctor: GuidePage, lindenbach: Any, chen: Any) -> None:
    data = workbook_of(lindenbach)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    cells = {str(sheet.cell(1, column).value): sheet.cell(3, column).value for column in range(1, len(COLUMNS) + 1)}
    cells.update(language="fr", title="Voir un médecin", digest="", translation="human", up_to_date="yes")
    sheet.append([cells[name] for name in COLUMNS])
    buffer = io.BytesIO()
    book.save(buffer)
    found = plan(buffer.getvalue(), chen)
    assert (codes(found), [row.state for row in found.rows]) == ([], ["same", "same", "new"])
    actions.import_workbook(by=chen, workbook=read_workbook(buffer.getvalue()))
    french = GuidePage.objects.get(key="lindenbach/doctor", locale__language_code="fr")
    assert not french.live
    assert french.translation_key == doctor.translation_key
    assert (french.translation, french.made_from) == ("human", GuidePage.objects.get(pk=doctor.pk).text_digest)


def test_a_translation_said_to_be_current_is_made_from_the_original_of_now(
    doctor: GuidePage,
    lindenbach: Any,
    chen: Any,
    guide: Callable[..., Any],
) -> None:
    guide("doctor", body=[*BODY, ("text", "<p>New.</p>")], parent=GuidePage.objects.get(key="lindenbach/buses"))
    data = workbook_of(lindenbach, "en", "ar")
    arabic = next(row for row in read_xlsx(data).rows if row.cells["language"] == "ar")
    assert arabic.cells["up_to_date"] == "no"
    changes = {("lindenbach/doctor", "ar"): {"up_to_date": "yes", "translation": "reviewed", "title": "الطبيب"}}
    actions.import_workbook(by=chen, workbook=read_workbook(edited(data, changes)))
    draft = GuidePage.objects.get(key="lindenbach/doctor", locale__language_code="ar").get_latest_revision_as_object()
    assert (draft.translation, draft.made_from) == ("reviewed", GuidePage.objects.get(pk=doctor.pk).text_digest)


def test_a_checker_states_source_and_dates_and_nobody_else(doctor: GuidePage, lindenbach: Any, bilal: Any) -> None:
    changes = {
        "source_name": "City health office",
        "source_url": "https://lindenbach.example/health",
        "checked_on": date(2026, 1, 5),
        "review_by": "2099-06-01",
    }
    data = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): changes})
    assert codes(plan(data, bilal)) == []
    actions.import_workbook(by=bilal, workbook=read_workbook(data))
    fact = Fact.objects.get(pk=doctor.fact_id)
    assert (fact.source_name, fact.checked_on, fact.review_by) == (
        "City health office",
        date(2026, 1, 5),
        date(2099, 6, 1),
    )
    assert fact.checked_by == "Desk of City of Lindenbach"
    assert not GuidePage.objects.get(pk=doctor.pk).has_unpublished_changes


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"checked_on": "5 January"}, "checked_on"),
        ({"checked_on": "2999-01-01"}, "checked_on"),
        ({"review_by": ""}, "review_by"),
        ({"review_by": "2001-01-01"}, "review_by"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
    ],
)
def test_bad_days_and_sources_are_said(
    doctor: GuidePage, lindenbach: Any, bilal: Any, cells: dict[str, Any], column: str
) -> None:
    data = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): cells})
    assert column in [where for _row, where, _code in codes(plan(data, bilal))]


def test_a_stranger_can_neither_take_out_nor_bring_in(doctor: GuidePage, lindenbach: Any, stranger: Any) -> None:
    data = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): {"title": "Mine now"}})
    assert {code for _row, _column, code in codes(plan(data, stranger))} == {"key-unknown"}


def test_formulas_from_guides_never_reach_the_spreadsheet(guide: Callable[..., Any], lindenbach: Any) -> None:
    guide("evil", title='=HYPERLINK("http://x.example","y")', summary="@SUM(A1)", body=[("text", "<p>+1+1</p>")])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(lindenbach))).worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(("=", "+", "@"))


def test_a_workbook_without_a_column_or_with_another_header_is_refused(
    doctor: GuidePage, lindenbach: Any, ana: Any
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(lindenbach)))
    sheet = book.worksheets[0]
    sheet.delete_cols(COLUMNS.index("contacts") + 1)
    sheet.cell(1, 1).value = "schlüssel"
    buffer = io.BytesIO()
    book.save(buffer)
    found = plan(buffer.getvalue(), ana)
    assert codes(found) == [(1, "key", "column-missing"), (1, "contacts", "column-missing")]


def test_files_that_are_no_workbooks_or_bombs_are_refused(ana: Any) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (70 << 20))
    assert codes(plan(bomb.getvalue(), ana)) == [(0, "", "too-large")]
    for data in (b"", b"PK\x03\x04nonsense", b"key,language\n1,2", b"x" * (6 << 20)):
        (problem,) = plan(data, ana).problems
        assert (problem.row, bool(problem.cure)) == (0, True)


def test_more_rows_than_allowed_are_refused(ana: Any, monkeypatch: Any, doctor: GuidePage, lindenbach: Any) -> None:
    from serai.rooms.guides.exchange.spreadsheet import workbook

    monkeypatch.setattr(workbook, "MAX_ROWS", 1)
    assert codes(plan(workbook_of(lindenbach), ana)) == [(0, "", "too-many-rows")]


def test_queries_do_not_grow_with_rows(
    guide: Callable[..., Any],
    lindenbach: Any,
    ana: Any,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(12):
        guide(f"g{number}")
    data = workbook_of(lindenbach)
    with django_assert_max_num_queries(14):
        assert len(plan(data, ana).rows) == 12
