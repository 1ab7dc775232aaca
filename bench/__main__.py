"""Runs all sections on scratch houses and writes docs/benchmarks.md."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from tests.databases import postgres_copy, sqlite_copy

from . import finding, fresh, importing, ledger, live, near, speed, weight
from .figures import Figure, Section, not_measured, table
from .house import ROOT, CannotMeasure, House, scratch
from .machine import described

REPORT = ROOT / "docs" / "benchmarks.md"


class Bench:
    """Scratch houses, made when first needed, and the sections that use them."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.sections: list[Section] = []

    def section(self, title: str, how: str, measured: Callable[[], Iterator[Figure]]) -> None:
        """Measures one section; what cannot be measured says why and counts as not reached."""
        print(f"{title} ...", flush=True)
        start, figures = time.monotonic(), []
        try:
            for figure in measured():
                figures.append(figure)
                print(f"    {figure.what}: {figure.measured}", flush=True)
        except (CannotMeasure, OSError, ValueError, KeyError, RuntimeError) as error:
            figures.append(not_measured(title, str(error).replace("\n", " ").replace("|", "/")[-200:]))
            print(f"    not measured: {error}", flush=True)
        self.sections.append(Section(title, how, figures, time.monotonic() - start))

    def folder(self, name: str) -> Path:
        """A scratch folder until the end."""
        return self.stack.enter_context(scratch(name))

    def demo_house(self, name: str, **more: str) -> House:
        """A house on a fresh SQLite with the demo content, not running."""
        house = House(self.folder(name), **more)
        sqlite_copy(house.folder)
        house.run("open", "--demo")
        return house


def on_sqlite(bench: Bench) -> None:
    """Weight, speed, cost of rendering, import, ledger: one server."""
    print("making a demo house ...", flush=True)
    house = bench.demo_house("house", SERAI_PUBLIC_HOST="www.bench.example", SERAI_DESK_HOST="desk.bench.example")
    bench.section(
        "Ledger on SQLite",
        "8 processes act as fast as they can for 8 s, the sequencer beside them, then everything is counted.",
        lambda: ledger.measure(house, "SQLite"),
    )
    naive = House(house.folder, SERAI_PUBLISH="0")
    naive.more["SERAI_PUBLISHED"] = str(bench.folder("naive"))
    with house.serving(), naive.serving():
        bench.section(
            "Weight of pages",
            "Headers and body as brotli, once the clock has squeezed them; requests the page makes by itself.",
            lambda: weight.measure(house),
        )
        bench.section(
            "A published page",
            f"wrk, 32 connections, {speed.ROUNDS} interleaved runs of {speed.SECONDS} s each, medians; "
            "2 web processes with 4 threads, 2 nginx workers, load generator on the same cores.",
            lambda: speed.measure(house, naive),
        )
        bench.section(
            "A page rendered afresh",
            f"CPU of the web server for {fresh.TIMES} requests one after another, median of {fresh.ROUNDS} rounds.",
            lambda: fresh.measure(naive),
        )
    bench.section(
        "Import",
        "`serai import integreat` with files made for this: 500 pages in each of two languages; time of the command.",
        lambda: importing.measure(house),
    )


def on_postgres(bench: Bench) -> None:
    """Two servers, and the ledger with many writers at once."""
    print("making two servers on PostgreSQL ...", flush=True)
    try:
        url = postgres_copy("serai_bench")
    except RuntimeError as error:
        bench.sections.append(Section("PostgreSQL", "", [not_measured("two servers, ledger", str(error))]))
        return
    north = House(bench.folder("north"), SERAI_DATABASE_URL=url)
    south = House(bench.folder("south"), SERAI_DATABASE_URL=url)
    north.run("open", "--demo")
    south.run("open")
    with north.serving(1), south.serving(1):
        bench.section(
            "Edit to live",
            f"{live.ROUNDS} edits by an action on one of two servers that share PostgreSQL, each with its own files.",
            lambda: live.measure(north, south),
        )
    bench.section(
        "Ledger on PostgreSQL",
        "As above. The test cluster runs without fsync, so commits cost less than on a disk that must remember.",
        lambda: ledger.measure(north, "PostgreSQL"),
    )


def on_both(bench: Bench) -> None:
    """Search, in an empty house on each database."""
    houses = {"SQLite": House(bench.folder("finding"))}
    sqlite_copy(houses["SQLite"].folder)
    try:
        url = postgres_copy("serai_bench_finding")
        houses["PostgreSQL"] = House(bench.folder("finding"), SERAI_DATABASE_URL=url)
    except RuntimeError as error:
        bench.sections.append(Section("Search on PostgreSQL", "", [not_measured("search", str(error))]))
    bench.section(
        "Search",
        f"{finding.ASKED} questions of each kind, two words, 30 results, over {finding.SERVICES:,} short and "
        f"{finding.PAGES:,} long documents of invented words in three scripts; in the process, without HTTP.",
        lambda: finding.measure(houses),
    )


def on_both_near(bench: Bench) -> None:
    """Help near a place, in a fresh house on each database."""
    houses = {"SQLite": House(bench.folder("near"))}
    sqlite_copy(houses["SQLite"].folder)
    try:
        houses["PostgreSQL"] = House(bench.folder("near"), SERAI_DATABASE_URL=postgres_copy("serai_bench_near"))
    except RuntimeError as error:
        bench.sections.append(Section("Help near on PostgreSQL", "", [not_measured("help near", str(error))]))
    bench.section(
        "Help near a place",
        f"{near.SERVICES:,} services in towns of ten countries, a third of them in one city, ten at each place; "
        f"{near.ASKED} questions of each kind in three languages, in the process, without HTTP.",
        lambda: near.measure(houses, bench.folder("directory")),
    )


PARTS: dict[str, Callable[[Bench], None]] = {
    "sqlite": on_sqlite, "postgres": on_postgres, "search": on_both, "near": on_both_near,
}  # fmt: skip
MACHINE = described()
NOTES = REPORT.with_name("benchmarks-notes.md")


def report(bench: Bench, standing: dict[str, str]) -> str:
    """The whole page. standing: sections measured before, by title, where only some were measured now."""
    today = f"{date.today():%Y-%m-%d}"  # noqa: DTZ011
    made = {
        section.title: "\n".join([
            section.how, "", f"Measured on {today} in {section.seconds:.0f} seconds.", "", table(section.figures),
        ])
        for section in bench.sections
    }  # fmt: skip
    sections = {**standing, **made}
    whole = "\n".join(sections.values())
    lines = ["# Benchmarks", "", "Made by `make bench`, whole or in parts (`ONLY=near`).", ""]
    lines += [f"- {line}" for line in MACHINE]
    lines += [
        "",
        f"{whole.count('| yes |')} aims reached, {whole.count('| **no** |')} not reached or not measured.",
        "",
    ]
    for title, text in sections.items():
        lines += [f"## {title}", "", text, ""]
    return "\n".join(lines) + (NOTES.read_text(encoding="utf-8") if NOTES.exists() else "")


def standing_sections() -> dict[str, str]:
    """Sections of the report as it is, by title."""
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    text = text.removesuffix(NOTES.read_text(encoding="utf-8") if NOTES.exists() else "")
    parts = [part.partition("\n") for part in text.split("\n## ")[1:]]
    return {title: body.strip() for title, _line, body in parts}


def main(wanted: list[str]) -> None:
    """All sections, one after another, or the parts that are named. An aim that was not reached is a finding, not an
    error: the page says it."""
    if unknown := set(wanted) - set(PARTS):
        raise SystemExit(f"There is no part {', '.join(sorted(unknown))}: choose of {', '.join(PARTS)}.")
    with ExitStack() as stack:
        bench = Bench(stack)
        for part in wanted or PARTS:
            PARTS[part](bench)
        REPORT.write_text(report(bench, standing_sections() if wanted else {}), encoding="utf-8")
    missed = [figure.what for section in bench.sections for figure in section.figures if figure.reached is False]
    print("\n".join([f"not reached: {what}" for what in missed] + [f"written: {REPORT.relative_to(ROOT)}"]))


if __name__ == "__main__":
    main(sys.argv[1:])
