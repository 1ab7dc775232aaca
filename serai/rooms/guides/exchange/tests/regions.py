"""Small regions in Integreat's form, for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from serai.kernel.register.ports import COMMANDS

CODES = {"de": "first", "en": "second", "ar": "third"}


def page(ident: int, slug: str, language: str = "de", region: str = "tal", **fields: Any) -> dict[str, Any]:
    """One page at the top of a region; parent="slug" puts it below another, others={"en": 7} joins it."""
    above = fields.pop("parent", "")
    others = fields.pop("others", {})
    path = f"/{region}/{language}/{f'{above}/' if above else ''}{slug}/"
    parent_path = f"/{region}/{language}/{above}/" if above else None
    return {
        "id": ident,
        "url": f"https://admin.integreat-app.de{path}",
        "path": path,
        "title": f"{slug} in {language}".title(),
        "modified_gmt": "2023-05-01T10:00:00.000Z",
        "last_updated": "2023-05-01T12:00:00.000+02:00",
        "excerpt": "",
        "content": f"<p>What {slug} is about, in {language}.</p>",
        "parent": {"id": 900 if above else 0, "url": parent_path, "path": parent_path},
        "order": ident,
        "available_languages": {code: {"id": other, "url": "", "path": ""} for code, other in others.items()},
        "thumbnail": None,
        "embedded_offers": [],
        **fields,
    }


def write(folder: Path, name: str, pages: Any) -> Path:
    """A file of pages."""
    path = folder / name
    path.write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
    return path


def run(*arguments: Any) -> Result:
    """`serai import integreat ...`"""
    done = CliRunner().invoke(COMMANDS.get("import"), ["integreat", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def imported(*arguments: Any) -> dict[str, Any]:
    """The report of an import that was done."""
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refused(*arguments: Any) -> dict[str, Any]:
    """The report of an import that was refused."""
    done = run(*arguments, "--json")
    assert done.exit_code == 1, done.output
    report = json.loads(done.stdout)
    assert not report["done"]
    return report


def codes(report: dict[str, Any]) -> list[str]:
    """Codes of all problems but that a language is not offered."""
    return [row["code"] for row in report["problems"] if row["code"] != "language-not-offered"]
