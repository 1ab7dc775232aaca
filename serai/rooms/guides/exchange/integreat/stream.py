"""A JSON list read element by element: memory for one element and a little more, whatever the size of the file.

A whole region may be 200 MB of JSON, most of it addresses of other languages that are not needed. What is malformed
is said with its line and column.
"""

from __future__ import annotations

import codecs
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

CHUNK = 1 << 18
LONGEST_ELEMENT = 8 << 20
"""Characters of one element, white space included."""

_SPACE = " \t\r\n"
_END_OF_TEXT = 16  # an error so near to the end of what was read may only mean that there is more


class Malformed(ValueError):
    """The file is no JSON list. reason is one of those in docs/formats.md; line and column count from 1."""

    def __init__(self, reason: str, line: int = 0, column: int = 0, detail: str = "") -> None:
        super().__init__(f"{reason} at {line}:{column} {detail}")
        self.reason, self.line, self.column, self.detail = reason, line, column, detail


def elements(path: Path, limit: int, progress: Callable[[int], None] = lambda _: None) -> Iterator[Any]:
    """The elements of the list in the file, in order. limit: bytes that the file may have; progress gets bytes read.

    Raises Malformed (too-large, not-a-file, not-utf-8, not-json, not-a-list, element-too-large) and OSError.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a named pipe would keep us waiting for ever
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise Malformed("not-a-file")
        if about.st_size > limit:
            raise Malformed("too-large", detail=str(about.st_size))
        yield from _List(file.read, limit, progress).elements()


class _List:
    """The text read and not yet used, and where in the file it begins."""

    def __init__(self, read: Callable[[int], bytes], limit: int, progress: Callable[[int], None]) -> None:
        self.read, self.left, self.progress = read, limit, progress
        self.decode = codecs.getincrementaldecoder("utf-8-sig")()
        self.text, self.at, self.ended = "", 0, False
        self.line, self.column = 1, 1
        self.parse = json.JSONDecoder(parse_constant=self._no_constant).raw_decode

    def elements(self) -> Iterator[Any]:
        if self._next_sign() != "[":
            if self.at < len(self.text):
                self._element()  # malformed JSON is said as such before it is said to be no list
            self._fail("not-a-list")
        self.at += 1
        if self._next_sign() == "]":
            self.at += 1
            return self._end()
        while True:
            self._next_sign()
            yield self._element()
            sign = self._next_sign()
            if sign not in (",", "]"):
                self._fail("not-json", "a comma or the end of the list must stand here")
            self.at += 1
            if sign == "]":
                return self._end()

    def _end(self) -> None:
        if self._next_sign():
            self._fail("not-json", "something stands behind the end of the list")

    def _next_sign(self) -> str:
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def _element(self) -> Any:
        step = CHUNK
        while True:
            try:
                element, end = self.parse(self.text, self.at)
                # A number may go on in what is not read yet; lists and objects end with their bracket.
                if end < len(self.text) or self.ended or isinstance(element, dict | list | str):
                    if end - self.at > LONGEST_ELEMENT:
                        self._fail("element-too-large")
                    self.at = end
                    return element
            except json.JSONDecodeError as error:
                goes_on = error.msg.startswith("Unterminated") or error.pos > len(self.text) - _END_OF_TEXT
                if self.ended or not goes_on:
                    self._fail("not-json", error.msg, error.pos)
            except RecursionError:
                self._fail("not-json", "it is nested too deeply")
            except ValueError as error:  # a constant such as NaN, or a number of more than 4,300 digits
                self._fail("not-json", str(error)[:200])
            if len(self.text) - self.at > LONGEST_ELEMENT:
                self._fail("element-too-large")
            wanted = len(self.text) - self.at + step
            while len(self.text) - self.at < wanted and self._more():
                pass
            step *= 2

    def _more(self) -> bool:
        if self.ended:
            return False
        data = self.read(CHUNK)
        self.left -= len(data)
        if self.left < 0:
            raise Malformed("too-large")
        self.progress(len(data))
        used = self.text[: self.at]
        self._count(used)
        self.ended = not data
        try:
            self.text, self.at = self.text[self.at :] + self.decode.decode(data, final=self.ended), 0
        except UnicodeDecodeError as error:
            line = self.line + data[: error.start].count(b"\n")
            raise Malformed("not-utf-8", line, 0, hex(data[error.start]) if data else "") from None
        return not self.ended or bool(self.text)

    def _count(self, used: str) -> None:
        lines = used.count("\n")
        self.line += lines
        self.column = len(used) - used.rfind("\n") if lines else self.column + len(used)

    def _fail(self, reason: str, detail: str = "", at: int | None = None) -> NoReturn:
        self._count(self.text[: self.at if at is None else at])
        raise Malformed(reason, self.line, self.column, detail)

    @staticmethod
    def _no_constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is no JSON")
