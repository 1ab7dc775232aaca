"""Serves published pages in front of Django: one open, one fstat, one read.

The file is the truth. When it is not there (never asked, taken away, expired) the request goes on to Django, which
makes the page and keeps it. Nothing is remembered in memory, so a page that was unlinked is gone for all processes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .addresses import address_of
from .encodings import SUFFIX, accepted
from .stamp import etag_of, expiry_of, is_past

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
LARGEST = 4 * 1024 * 1024


def path_of(environ: Environ) -> str | None:
    """The decoded path as Django would see it; None when it is not UTF-8."""
    try:
        return str(environ.get("PATH_INFO", "")).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def not_modified(environ: Environ, etag: str) -> bool:
    """Whether the browser has this very answer already."""
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if not asked:
        return False
    return asked.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in asked.split(",")}


def read_page(pages: str, file: str) -> tuple[bytes, os.stat_result] | None:
    """Bytes of a published file and what the disk says of it; None where it is not there or has expired."""
    try:
        handle = os.open(f"{pages}/{file}", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(handle)
        if is_past(expiry_of(status), time.time()) or status.st_size > LARGEST:
            return None
        content = os.read(handle, status.st_size + 1)
    except OSError:
        return None
    finally:
        os.close(handle)
    return (content, status) if len(content) == status.st_size else None


class PublishedPages:
    """WSGI application in front of another. headers: those of every public answer."""

    def __init__(
        self, then: Application, *, pages: Path, host: str, headers: dict[str, str], languages: Iterable[str]
    ) -> None:
        self.then = then
        self.pages = str(pages)
        self.host = host
        self.headers = [*headers.items(), ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")]
        self.languages = list(languages)
        self.known = frozenset(self.languages)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """A file when there is one, the application otherwise."""
        if (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and not environ.get("QUERY_STRING")
            and environ.get("HTTP_HOST") == self.host
        ):
            answer = self._from_file(environ, start_response)
            if answer is not None:
                return answer
        return self.then(environ, start_response)

    def _from_file(self, environ: Environ, start_response: StartResponse) -> list[bytes] | None:
        path = path_of(environ)
        address = address_of(path) if path else None
        if path is None or address is None:
            return None
        for encoding in accepted(environ.get("HTTP_ACCEPT_ENCODING", "")):
            found = read_page(self.pages, address.file + SUFFIX[encoding])
            if found is None:
                continue
            content, status = found
            etag = etag_of(status)
            headers = [*self.headers, ("ETag", etag), ("Content-Language", self._language(path))]
            if not_modified(environ, etag):
                start_response("304 Not Modified", headers)
                return []
            if encoding:
                headers.append(("Content-Encoding", encoding))
            headers += [("Content-Type", address.content_type), ("Content-Length", str(len(content)))]
            start_response("200 OK", headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]
        return None

    def _language(self, path: str) -> str:
        first = path.split("/", 2)[1]
        return first if first in self.known else self.languages[0]
