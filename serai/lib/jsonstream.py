"""Large JSON one item after the other: a list, or an object that holds lists, never the whole of it in memory.

Reading a file at once takes ten times its size. Here at most one item and one piece of the file are held, and a file
that is too large is refused by its size before a byte of it is read.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from serai.lib.atomic import FileRefused, open_bounded

MAX_BYTES = 64_000_000
MAX_ITEM = 4_000_000  # characters of one item
_PIECE = 256 * 1024
_SPACE = " \t\r\n"
_IN_NUMBER = "+-.eE0123456789"
_LONGEST_WORD = len("-Infinity")


class JsonRefused(ValueError):
    """Why a document was not read.

    Codes: `too-large` and `not-a-file` (found is the file), `not-utf-8`, `not-json` (found says where),
    `key-duplicate`, `item-too-large`, `not-a-directory` (neither a list nor an object).
    """

    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found


def stream_json(
    source: Path | BinaryIO, *, lists: Collection[str] = (), max_bytes: int = MAX_BYTES, max_item: int = MAX_ITEM
) -> Iterator[tuple[str, Any]]:
    """Items with the key of the list they stand in: "" for a document that is a list itself.

    Of an object all lists named in `lists` are gone through item by item (every list, when none is named); its other
    values come whole, with their keys. JsonRefused, also half-way.
    """
    try:
        with open_bounded(source, max_bytes) as file:
            yield from _Reader(file, max_item).items(lists)
    except FileRefused as error:
        raise JsonRefused(error.code, error.found) from error


class _Reader:
    """The characters that were read and not yet understood."""

    def __init__(self, file: BinaryIO, max_item: int) -> None:
        self.file, self.max_item = file, max_item
        self.text = ""
        self.at = 0
        self.before = 0  # characters that were thrown away
        self.ended = False
        self.decode = codecs.getincrementaldecoder("utf-8-sig")()
        self.json = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)

    def items(self, lists: Collection[str]) -> Iterator[tuple[str, Any]]:
        first = self._sign()
        if first == "[":
            yield from self._list("")
        elif first == "{":
            yield from self._object(lists)
        else:
            raise JsonRefused("not-a-directory", first)
        if self._sign(at_end=True):
            raise self._broken()

    def _object(self, lists: Collection[str]) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        if self._peek() == "}":
            self._sign()
            return
        while True:
            key = self._value()
            if not isinstance(key, str) or self._sign() != ":":
                raise self._broken()
            if key in seen:
                raise JsonRefused("key-duplicate", key[:80])
            seen.add(key)
            if self._peek() == "[" and (not lists or key in lists):
                self._sign()
                yield from self._list(key)
            else:
                yield key, self._value()
            sign = self._sign()
            if sign == "}":
                return
            if sign != ",":
                raise self._broken()

    def _list(self, key: str) -> Iterator[tuple[str, Any]]:
        if self._peek() == "]":
            self._sign()
            return
        while True:
            yield key, self._value()
            sign = self._sign()
            if sign == "]":
                return
            if sign != ",":
                raise self._broken()

    def _value(self) -> Any:
        """The next value; read on until it is whole."""
        self._peek()
        wanted = _PIECE
        while True:
            try:
                value, end = self.json.raw_decode(self.text, self.at)
            except (ValueError, RecursionError) as error:
                if isinstance(error, JsonRefused):
                    raise
                if self.ended or not self._goes_on(error):
                    raise self._broken() from error
            else:
                follows = self.text[end : end + 1]
                # A number at the end of what was read may go on: 1, 1., 1.5, 1.5e and 1.5e9 are read one by one.
                if self.ended or (follows and (isinstance(value, str) or follows not in _IN_NUMBER)):
                    self._check(self.text[self.at : end])
                    self.at = end
                    return value
            if len(self.text) - self.at > self.max_item:
                raise JsonRefused("item-too-large", str(self.before + self.at))
            self._more(wanted)
            wanted *= 2

    def _goes_on(self, error: Exception) -> bool:
        """Whether more characters can mend it: what is only cut off is wrong at the end, or in a text without end."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated") or error.pos > len(self.text) - _LONGEST_WORD

    def _check(self, text: str) -> None:
        if "\\ud" in text.lower():  # escapes can hold half a pair, which no file can
            try:
                json.dumps(json.loads(text), ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                raise self._broken() from error

    def _peek(self) -> str:
        """The next sign that is no white space, which stays; "" at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if self.ended:
                return ""
            self._more(_PIECE)

    def _sign(self, *, at_end: bool = False) -> str:
        sign = self._peek()
        if not sign and not at_end:
            raise self._broken()
        self.at += 1
        return sign

    def _more(self, wanted: int) -> None:
        piece = self.file.read(wanted)
        self.ended = not piece
        try:
            text = self.decode.decode(piece, final=self.ended)
        except UnicodeDecodeError as error:
            raise JsonRefused("not-utf-8", str(error.start)) from error
        self.before += self.at
        self.text, self.at = self.text[self.at :] + text, 0

    def _broken(self) -> JsonRefused:
        return JsonRefused("not-json", f"at character {self.before + self.at}: {self.text[self.at : self.at + 40]}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise JsonRefused("key-duplicate", key[:80])
        found[key] = value
    return found


def _no_constant(name: str) -> float:
    raise JsonRefused("not-json", name)
