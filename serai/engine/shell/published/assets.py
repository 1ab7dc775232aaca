"""Static files and media, served in front of Django on both hosts.

Static files carry a digest in their name and may be kept for ever. Media is what staff uploaded: pictures of known
types and recordings open in the page, everything else is downloaded, nothing may run anything.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from .encodings import SUFFIX, accepted
from .layer import Application, Environ, StartResponse, not_modified, path_of
from .stamp import NANOSECONDS

IMMUTABLE = re.compile(r"\.[0-9a-f]{12}\.\w+$")
CHUNK = 64 * 1024
TEXT = "; charset=utf-8"
STATIC_TYPES = {
    ".css": f"text/css{TEXT}", ".js": f"text/javascript{TEXT}", ".mjs": f"text/javascript{TEXT}",
    ".json": "application/json", ".map": "application/json", ".svg": "image/svg+xml", ".txt": f"text/plain{TEXT}",
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".avif": "image/avif", ".ico": "image/x-icon", ".woff2": "font/woff2", ".woff": "font/woff",
}  # fmt: skip
SHOWN = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".avif": "image/avif", ".opus": "audio/ogg", ".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4",
}  # fmt: skip
"""Media that opens in the page. No SVG: it can carry a program."""

DOWNLOADED = {".pdf": "application/pdf"}
HARMLESS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-site"),
]
_PART = re.compile(r"[^\x00-\x1f\x7f/\\]{1,255}")
NO_PART = (-1, -1)
"""A range that lies outside the file."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Shelf:
    """A folder served under a prefix."""

    prefix: str
    folder: Path
    uploaded: bool


class Assets:
    """WSGI application in front of another; answers what lies on a shelf, 404 included."""

    def __init__(self, then: Application, *, shelves: Iterable[Shelf], hosts: frozenset[str]) -> None:
        self.then = then
        self.shelves = tuple(shelves)
        self.hosts = hosts

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Paths outside the shelves, and foreign host names, go on. Control characters name nothing anywhere."""
        raw = environ.get("PATH_INFO", "")
        if not raw.isprintable() and _CONTROL.search(raw):
            return _refuse(start_response, "400 Bad Request", [])
        for shelf in self.shelves:
            if raw.startswith(shelf.prefix) and environ.get("HTTP_HOST") in self.hosts:
                if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
                    return _refuse(start_response, "405 Method Not Allowed", [("Allow", "GET, HEAD")])
                answer = _answer(shelf, environ, start_response)
                return _refuse(start_response, "404 Not Found", []) if answer is None else answer
        return self.then(environ, start_response)


def _refuse(start_response: StartResponse, status: str, more: list[tuple[str, str]]) -> list[bytes]:
    text = status.encode()
    plain = [("Content-Type", f"text/plain{TEXT}"), ("Content-Length", str(len(text)))]
    start_response(status, [*HARMLESS, *plain, *more])
    return [text]


def _answer(shelf: Shelf, environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
    path = path_of(environ)
    parts = (path or "").removeprefix(shelf.prefix).split("/")
    if not path or not all(_PART.fullmatch(part) and not part.startswith(".") for part in parts):
        return None
    name = parts[-1]
    headers = _headers(shelf, name)
    opened = _open(shelf, "/".join(parts), environ) if headers else None
    if headers is None or opened is None:
        return None
    handle, encoding, size, etag, changed = opened
    headers += [("ETag", etag), ("Last-Modified", changed), *_encoded(encoding)]
    if not_modified(environ, etag):
        os.close(handle)
        start_response("304 Not Modified", headers)
        return []
    start, end, partial = 0, size, False
    if shelf.uploaded:
        headers.append(("Accept-Ranges", "bytes"))
        span = _span(environ.get("HTTP_RANGE"), size)
        if span == NO_PART:
            os.close(handle)
            return _refuse(start_response, "416 Range Not Satisfiable", [("Content-Range", f"bytes */{size}")])
        if span is not None and environ.get("HTTP_IF_RANGE", etag) == etag:
            start, end, partial = span[0], span[1], True
            headers.append(("Content-Range", f"bytes {start}-{end - 1}/{size}"))
    headers.append(("Content-Length", str(end - start)))
    start_response("206 Partial Content" if partial else "200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        os.close(handle)
        return []
    return _send(handle, start, end)


def _headers(shelf: Shelf, name: str) -> list[tuple[str, str]] | None:
    """None: a file of this kind is not served at all."""
    ending = Path(name).suffix.lower()
    if not shelf.uploaded:
        kept = "public, max-age=31536000, immutable" if IMMUTABLE.search(name) else "no-cache"
        known = STATIC_TYPES.get(ending)
        return [*HARMLESS, ("Content-Type", known), ("Cache-Control", kept)] if known else None
    kind = SHOWN.get(ending) or DOWNLOADED.get(ending)
    if kind is None:
        return None
    headers = [*HARMLESS, ("Content-Type", kind), ("Cache-Control", "no-cache")]
    if ending in DOWNLOADED:
        headers.append(("Content-Disposition", "attachment"))
    return headers


def _open(shelf: Shelf, relative: str, environ: Environ) -> tuple[int, str, int, str, str] | None:
    """Handle, encoding, size, ETag, date of change."""
    encodings = ("",) if shelf.uploaded else accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
    for encoding in encodings:
        try:
            handle = os.open(f"{shelf.folder}/{relative}{SUFFIX[encoding]}", os.O_RDONLY | os.O_CLOEXEC)
        except (OSError, ValueError):
            continue
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            os.close(handle)
            continue
        tag = f'"{found.st_mtime_ns // NANOSECONDS:x}-{found.st_mtime_ns % NANOSECONDS:x}-{found.st_size:x}"'
        return handle, encoding, found.st_size, tag, formatdate(found.st_mtime, usegmt=True)
    return None


def _encoded(encoding: str) -> list[tuple[str, str]]:
    return [("Vary", "Accept-Encoding"), *([("Content-Encoding", encoding)] if encoding else [])]


def _span(header: str | None, size: int) -> tuple[int, int] | None:
    """The one range asked for as (start, end); None for no or several ranges: then everything is sent."""
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or (not match[1] and not match[2]):
        return None
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
    return (start, end) if start < end else NO_PART


def _send(handle: int, start: int, end: int) -> Iterable[bytes]:
    if end - start <= CHUNK:
        try:
            return [os.pread(handle, end - start, start)]
        finally:
            os.close(handle)
    return _chunks(handle, start, end)


def _chunks(handle: int, start: int, end: int) -> Iterator[bytes]:
    try:
        while start < end:
            chunk = os.pread(handle, min(CHUNK, end - start), start)
            if not chunk:
                return
            start += len(chunk)
            yield chunk
    finally:
        os.close(handle)
