"""What every set of vectors has in common: finding its cases by their shape, and judging one.

A case that must pass passes when the house gives what was published. A case that must fail counts as refused only
when the house refuses it by the error it has for that; any other exception is a failure, as is a case accepted.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILES_BESIDE = {"license", "license.md", "license.txt", "source.txt", "readme", "readme.md", "readme.txt", "copying"}


class Unreadable(ValueError):
    """A field of a case is not written as its kind asks (base64, hexadecimal, a whole number)."""


@dataclass
class Tally:
    """What came of one set. notes: what the numbers alone would hide; failures: one line for each."""

    name: str
    passed: int = 0
    failed: int = 0
    refused: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def fail(self, what: str, why: str) -> None:
        """Counts a failure."""
        self.failed += 1
        self.failures.append(f"{self.name}: {what}: {why}")

    def note(self, what: str) -> None:
        """Counts something that is neither passed nor failed."""
        self.notes[what] = self.notes.get(what, 0) + 1

    def judge(
        self, what: str, holds: Callable[[], bool], refusals: tuple[type[Exception], ...], *, must_fail: bool
    ) -> None:
        """Runs one case. holds: whether the house gives what was published, or raises one of `refusals`."""
        try:
            held = holds()
        except refusals as refusal:
            if must_fail:
                self.refused += 1
            else:
                self.fail(what, f"refused ({refusal or type(refusal).__name__})")
        except Exception as error:
            self.fail(what, f"{type(error).__name__}: {error}")
        else:
            if must_fail:
                self.fail(what, "accepted, and must be refused")
            elif held:
                self.passed += 1
            else:
                self.fail(what, "gave something else")


def must_fail(case: dict[str, Any]) -> bool:
    """Whether the publisher marked it so, in any of the ways that are in use."""
    marks = {key.lower().replace("_", "").replace("-", ""): value for key, value in case.items()}
    return (
        any(bool(marks.get(key)) for key in ("wanterr", "wanterror", "fail", "mustfail", "shouldfail", "expecterror"))
        or marks.get("valid") is False
        or str(marks.get("result", "")).lower() in {"invalid", "fail", "reject", "refused", "error"}
    )


def files_of(folder: Path) -> list[Path]:
    """Files with cases, all levels down."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name.lower() not in FILES_BESIDE)


def json_of(path: Path, tally: Tally) -> Any:
    """The parsed file; None, and a failure, if it is not JSON."""
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        tally.fail(path.name, f"not JSON: {error}")
        return None


def cases_in(value: Any, is_case: Callable[[dict[str, Any]], bool]) -> Iterator[dict[str, Any]]:
    """Each object that is a case, wherever it lies. What stands in one list with a case is one too, however odd."""
    if isinstance(value, dict):
        if is_case(value):
            yield value
        else:
            for inner in value.values():
                yield from cases_in(inner, is_case)
    elif isinstance(value, list):
        beside = any(isinstance(inner, dict) and is_case(inner) for inner in value)
        for inner in value:
            if beside and isinstance(inner, dict):
                yield inner
            else:
                yield from cases_in(inner, is_case)


def from_hex(value: Any) -> bytes:
    """Raises Unreadable. A field that is missing or null is empty."""
    try:
        return bytes.fromhex(value or "")
    except (TypeError, ValueError) as error:
        raise Unreadable(f"not hexadecimal: {error}") from None


def from_base64(value: Any) -> bytes:
    """Raises Unreadable. A field that is missing or null is empty."""
    try:
        return base64.b64decode(value or "", validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise Unreadable(f"not base64: {error}") from None


def number(value: Any) -> int:
    """Raises Unreadable unless it is a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable("not a whole number")
    return value
