"""The report on services given: what leaves the house tells how much was given, and of nobody that he was there."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from serai.engine.content.importing import report_group
from serai.kernel.access.viewer import NOBODY, viewer_for
from serai.kernel.languages.words import Said

from ..models import TallyCount
from ..queries.tally_report import MayNotReport, Part, TallyReport, WeekFigure, part_of, tally_report
from ..tally import rules
from ..tally_periods import BadPeriod, Period, months, period, quarters
from ..tally_sheets import chart, report_pdf, report_xlsx
from .a_directory import key

TODAY = date(2026, 11, 22)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
EDITOR = "services_map.editor"


@pytest.fixture
def editor(staff: Callable[..., Any], lindenbach: Any) -> Any:
    """Bilal edits the services of Lindenbach."""
    return staff("bilal", lindenbach, EDITOR)


@pytest.fixture
def given_out(town: Any, lindenbach: Any) -> Callable[..., None]:
    """given_out(date, "food", 30, point="kitchen-place", group="women")"""

    def make(day: date, kind: str, count: int, point: str = "kitchen-place", group: str = "") -> None:
        column = "location_id" if point.endswith("-place") else "service_id"
        TallyCount.objects.create(
            publisher=lindenbach, day=day, kind=kind, count=count, group=group, **{column: UUID(key(point))}
        )

    return make


@pytest.fixture
def october(given_out: Callable[..., None]) -> None:
    """A month: meals each week, a bed at a place that is not public, few showers, one call."""
    for day, count in ((1, 101), (8, 203), (15, 52), (22, 3), (31, 44)):
        given_out(date(2026, 10, day), "food", count)
    given_out(date(2026, 10, 8), "food", 61, group="women")
    given_out(date(2026, 10, 9), "washing", 3)
    given_out(date(2026, 10, 9), "shelter", 48, point="shelter-place")
    given_out(date(2026, 10, 9), "legal", 1, point="hotline")
    given_out(date(2026, 10, 9), "charging", 20, point="wifi-place")
    given_out(date(2026, 9, 30), "food", 1000)
    given_out(date(2026, 11, 1), "food", 1000)


def report(user: Any, publisher: Any, days: Period = OCTOBER, tag: str = "en") -> TallyReport:
    return tally_report(viewer=viewer_for(user), publisher=publisher, period=days, tag=tag)


def figures(part: Part) -> list[tuple[str, int | None]]:
    return [(row.name.text, row.number) for row in part.rows]


@pytest.mark.django_db
def test_the_report_counts_its_days_and_no_other_rounds_and_merges_what_is_small(
    october: None, editor: Any, lindenbach: Any
) -> None:
    found = report(editor, lindenbach)
    assert found.total == 535  # 536 were given
    assert figures(found.kinds) == [("Food", 465), ("A place to sleep", 50)]
    assert (found.kinds.more, found.kinds.others) == (True, 25), "3 showers and 1 call, with the 20 who charged a phone"
    assert figures(found.groups) == [("Not said", 475), ("Women", 60)]
    assert [(week.week.first.day, week.number) for week in found.weeks] == [
        (1, 100), (5, 335), (12, 50), (19, None), (26, 45),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_place_that_is_not_public_is_called_by_what_it_offers(october: None, editor: Any, lindenbach: Any) -> None:
    found = report(editor, lindenbach)
    names = [name for name, _number in figures(found.points)]
    assert names == ["Warm meals", "A bed for the night"], "kitchen: its area only; shelter: contact only"
    everything = report_pdf(found, "en", TODAY), report_xlsx(found, "en", TODAY)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(everything[0])).pages)
    cells = [
        str(cell) for page in openpyxl.load_workbook(io.BytesIO(everything[1])) for row in page.values for cell in row
    ]
    for said in (text, " ".join(cells)):
        assert "House of" not in said
        assert "Hidden Lane" not in said
        assert "A bed for the night" in said


@pytest.mark.django_db
def test_of_a_whole_that_is_small_no_part_is_shown(
    given_out: Callable[..., None], editor: Any, lindenbach: Any
) -> None:
    for kind in ("food", "washing", "sim", "wifi"):
        given_out(date(2026, 10, 8), kind, 1)
    found = report(editor, lindenbach)
    assert (found.total, found.kinds, found.points, found.groups, found.weeks) == (None, Part(), Part(), Part(), ())
    nothing = report(editor, lindenbach, Period(date(2026, 6, 1), date(2026, 6, 30)))
    assert (nothing.total, nothing.kinds) == (None, Part()), "nothing at all looks the same"
    for each in (found, nothing):
        text = PdfReader(io.BytesIO(report_pdf(each, "en", TODAY))).pages[0].extract_text().replace("\n", " ")
        assert "fewer than 5 services were given" in text


@pytest.mark.parametrize(("kinds", "most"), [(1, 30), (2, 30), (3, 22), (4, 11)])
def test_from_sum_and_parts_nobody_can_work_out_a_small_number(kinds: int, most: int) -> None:
    ours = rules()
    names = {place: Said(f"kind {place}", "") for place in range(kinds)}
    # What a reader who knows the rules and tries every possibility can find: all counts that look the same to him.
    alike: dict[Any, list[tuple[int, ...]]] = {}
    for counts in product(range(most + 1), repeat=kinds):
        total = ours.published(sum(counts))
        part = part_of(dict(enumerate(counts)), names, ours) if total is not None else Part()
        rows = frozenset((row.name.text, row.number) for row in part.rows)
        alike.setdefault((total, rows, part.more, part.others), []).append(counts)
    worked_out = [
        (seen, each[0])
        for seen, each in alike.items()
        for place in range(kinds)
        if max(map(max, each)) < most  # else higher counts that look the same were not tried
        and len({counts[place] for counts in each}) == 1
        and 0 < each[0][place] < ours.small_number
    ]
    assert worked_out == []


@pytest.mark.django_db
def test_the_same_days_asked_again_say_the_same(october: None, editor: Any, lindenbach: Any) -> None:
    assert report(editor, lindenbach) == report(editor, lindenbach)


@pytest.mark.django_db
def test_only_editors_of_the_publisher_report(
    october: None, staff: Callable[..., Any], lindenbach: Any, port_amsel: Any, ana: Any
) -> None:
    lena = staff("lena", lindenbach, "services_map.local")
    stranger = staff("stranger", port_amsel, EDITOR, "services_map.local")
    for other in (lena, stranger, ana):
        with pytest.raises(MayNotReport):
            report(other, lindenbach)
    with pytest.raises(MayNotReport):
        tally_report(viewer=NOBODY, publisher=lindenbach, period=OCTOBER, tag="en")


@pytest.mark.django_db
def test_each_row_of_the_workbook_says_whose_it_is_when_it_was_made_and_where_from(
    october: None, editor: Any, lindenbach: Any
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(report_xlsx(report(editor, lindenbach), "en", TODAY)))
    header, *rows = list(book.worksheets[0].values)
    assert header == (
        "Publisher", "From day", "To day", "By", "What", "Services given", "Source", "Made on day",
    )  # fmt: skip
    for row in rows:
        assert row[0] == "City of Lindenbach"
        assert row[6] == "Source: staff's own count at the points"
        assert row[7].date() == TODAY
    numbers = {(row[3], row[4], row[1].date()): row[5] for row in rows}
    assert numbers["Kind", "Food", OCTOBER.first] == 465
    assert numbers["Kind", "Others, together", OCTOBER.first] == 25
    assert numbers["Week", "All services", date(2026, 10, 19)] == "<5"
    words = [line for (line,) in book.worksheets[1].values]
    assert words[0] == (
        "From 1 October 2026 to 31 October 2026, about 535 services were given, most of all: Food (465)"
    )


@pytest.mark.django_db
def test_the_sheets_of_paper_say_the_finding_and_at_each_foot_who_when_and_where_from(
    october: None, given_out: Callable[..., None], editor: Any, lindenbach: Any
) -> None:
    for kind in ("sim", "wifi", "cash", "work", "water", "clothes", "medicine", "dentist", "transport", "documents"):
        given_out(date(2026, 10, 8), kind, 50)
    year = Period(date(2025, 11, 1), date(2026, 10, 31))
    pages = [
        page.extract_text()
        for page in PdfReader(io.BytesIO(report_pdf(report(editor, lindenbach, year), "en", TODAY))).pages
    ]
    assert len(pages) > 1
    for text in pages:
        for words in ("City of Lindenbach", "Made on 22 November 2026", "Source: staff's own count at the points"):
            assert words in text
    assert "most of all: Food (1465)" in pages[0].replace("\n", " ")
    assert "Services are counted, not persons" in "".join(pages)


@pytest.mark.django_db
def test_the_report_in_arabic_is_arabic_from_right_to_left(october: None, editor: Any, lindenbach: Any) -> None:
    reader = PdfReader(io.BytesIO(report_pdf(report(editor, lindenbach, tag="ar"), "ar", TODAY)))
    text = "".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    for words in ("مدينة ليندنباخ", "سرير لليلة", "465", "<5"):
        assert words in text
    book = openpyxl.load_workbook(io.BytesIO(report_xlsx(report(editor, lindenbach, tag="ar"), "ar", TODAY)))
    assert any("سرير لليلة" in row for row in book.worksheets[0].values)


def test_the_chart_has_a_bar_a_week_and_runs_the_way_one_reads() -> None:
    weeks = tuple(WeekFigure(Period(day, day + timedelta(days=6)), number) for day, number in (
        (date(2026, 10, 5), 100), (date(2026, 10, 12), 50), (date(2026, 10, 19), None),
    ))  # fmt: skip
    drawn, mirrored = chart(weeks, False), chart(weeks, True)
    assert drawn
    assert mirrored
    assert [bar.says for bar in drawn.bars] == ["100", "50", "<5"]
    assert drawn.bars[0].height == pytest.approx(2 * drawn.bars[1].height)
    assert drawn.bars[2].height == 0
    assert all(first.x < second.x for first, second in pairwise(drawn.bars))
    assert all(first.x > second.x for first, second in pairwise(mirrored.bars))
    assert [bar.says for bar in mirrored.bars] == ["100", "50", "<5"]
    assert chart(weeks[:1], False) is None


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-10-01", "2026-10-31", ""), ("2026-07-01", "2026-09-30", ""), ("2026-11-02", "2026-11-15", ""),
        ("2024-02-01", "2024-02-29", ""), ("2026-10-01", "2026-10-30", "whole"), ("2026-10-05", "2026-10-31", "whole"),
        ("2026-11-03", "2026-11-16", "whole"), ("2026-10-31", "2026-10-01", "whole"),
        ("2026-11-01", "2026-11-30", "over"), ("2026-11-16", "2026-11-22", "over"),
        ("2020-01-01", "2026-10-31", "long"),
    ],
)  # fmt: skip
def test_a_report_is_about_whole_months_or_weeks_that_are_over(first: str, last: str, code: str) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    if not code:
        assert period(*days, TODAY) == Period(*days)
        return
    with pytest.raises(BadPeriod) as refused:
        period(*days, TODAY)
    assert refused.value.code == code


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_last_months_and_quarters_are_whole_over_and_follow_each_other(today: date) -> None:
    for rows in (months(today), quarters(today)):
        for each in rows:
            assert period(each.first, each.last, today) == each
        assert all(later.first - timedelta(days=1) == earlier.last for later, earlier in pairwise(rows))
        weeks = list(rows[0].weeks())
        assert (weeks[0].first, weeks[-1].last) == (rows[0].first, rows[0].last)
        assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(weeks))


@pytest.mark.django_db
def test_an_editor_sees_the_report_and_downloads_what_stands_in_it(
    october: None, desk: Callable[..., Any], editor: Any, lindenbach: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk(editor)
    asked = {"publisher": str(lindenbach.pk), "days": "2026-10-01/2026-10-31", "lang": "en"}
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)
    assert "What was given?" in client.get("/services/tally/report/").content.decode()
    page = client.get("/services/tally/report/", asked).content.decode()
    assert "about 535 services were given" in page
    assert '<svg viewBox="0 0 640 200"' in page
    assert "536" not in re.sub(r"<[^>]*>", " ", page)  # the words: addresses hold keys drawn by lot
    xlsx = client.get("/services/tally/report/file/", {**asked, "as": "xlsx"})
    assert xlsx.headers["Content-Disposition"] == 'attachment; filename="services-2026-10-01-2026-10-31.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(xlsx.content)).worksheets[0]["F2"].value == 535
    pdf = client.get("/services/tally/report/file/", {**asked, "as": "pdf", "lang": "fr"})
    assert PdfReader(io.BytesIO(pdf.content)).trailer["/Root"]["/Lang"] == "fr"
    weeks = {**asked, "days": "", "first": "2026-10-05", "last": "2026-10-11"}
    assert "about 335 services" in client.get("/services/tally/report/", weeks).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"first": "2026-10-06"}, "whole weeks"), ({"first": ""}, "Write both days"), ({"last": "x"}, "Enter a valid"),
        ({"days": "2026-10-01/2026-10-30"}, "Select a valid"), ({"lang": "xx"}, "Select a valid"),
        ({"publisher": "port-amsel"}, "Select a valid"),
    ],
)  # fmt: skip
def test_what_cannot_be_reported_is_said_beside_its_field(
    october: None, desk: Callable[..., Any], editor: Any, lindenbach: Any, port_amsel: Any, change: Any, says: str
) -> None:
    asked = {"publisher": str(lindenbach.pk), "first": "2026-10-05", "last": "2026-10-11", "lang": "en", **change}
    if change.get("publisher"):
        asked["publisher"] = str(port_amsel.pk)
    for address in ("/services/tally/report/", "/services/tally/report/file/?as=pdf"):
        answer = desk(editor).get(address, asked if "?" not in address else {**asked, "as": "pdf"})
        assert answer.status_code == 400
        assert says in answer.content.decode()


@pytest.mark.django_db
def test_the_command_writes_workbook_and_sheets(october: None, tmp_path: Path) -> None:
    run = CliRunner().invoke
    words = ["tally", "--publisher", "lindenbach", "--from", "2026-10-01", "--to", "2026-10-31", "--out"]
    done = run(report_group, [*words, str(tmp_path / "out.xlsx")])
    assert done.exit_code == 0, done.output
    assert "about 535 services were given" in done.output
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]["F2"].value == 535
    done = run(report_group, [*words, str(tmp_path / "out.pdf"), "--lang", "ar"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"--out": "out.docx"}, ".xlsx or .pdf"), ({"--publisher": "nobody"}, "none with the key"),
        ({"--from": "1.10.2026"}, "2026-10-01"), ({"--to": "2026-10-30"}, "whole weeks"), ({"--lang": "xx"}, "know"),
        ({"--from": "2999-10-01", "--to": "2999-10-31"}, "not over yet"),
    ],
)  # fmt: skip
def test_wrong_use_of_the_command_is_said_and_writes_nothing(
    lindenbach: Any, tmp_path: Path, change: dict[str, str], says: str
) -> None:
    words = {"--publisher": "lindenbach", "--from": "2026-10-01", "--to": "2026-10-31", "--out": "out.pdf", **change}
    words["--out"] = str(tmp_path / words["--out"])
    done = CliRunner().invoke(report_group, ["tally", *(word for pair in words.items() for word in pair)])
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())
    assert list(tmp_path.iterdir()) == []
