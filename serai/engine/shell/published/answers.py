"""Answers to other programs, kept as files like pages. What they ask stands in a query, so the view names the question.

No address leads to these files (`~` stands in none, see addresses.py): the house answers from them itself, with one
open and one read, and asks no database. They go as pages go: with their keys, in their minute, with their generation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from .encodings import SUFFIX, accepted, compress_for, variants
from .folder import Folder
from .generation import folder
from .layer import LARGEST, not_modified, read_page
from .middleware import write_unchanged
from .stamp import etag_for, etag_of, minute_of
from .touches import take_mark
from .trouble import tell_once, trouble_over

MOST = 4_000
"""Answers kept at once, whatever is asked. Beyond it they are made anew until a change takes the others away."""

_INSIDE = "~answers"


@dataclass(frozen=True)
class Answer:
    """What is answered. keys: what it shows, as for pages; without any it is kept by nobody. expires: as for pages."""

    content: bytes
    keys: frozenset[str] = frozenset()
    expires: date | datetime | None = None


def kept_answer(
    request: HttpRequest, question: str, make: Callable[[], Answer], content_type: str = "application/json"
) -> HttpResponse:
    """The answer to a question: from its file, else made and kept. Compressed, with its ETag; 304 where it is known.

    question: the same text for all who ask the same, and for nobody else.
    """
    where = folder() if settings.SERAI_PUBLISH else None
    file = f"{_INSIDE}/{hashlib.sha256(question.encode()).hexdigest()[:40]}.json"
    takes = request.headers.get("Accept-Encoding", "")
    for encoding in accepted(takes) if where else ():
        found = read_page(str(where.pages), file + SUFFIX[encoding]) if where else None
        if found is not None:
            return _response(request, found[0], encoding, etag_of(found[1]), content_type)
    mark = take_mark() if where else 0
    answer = make()
    if where and answer.keys and len(answer.content) <= LARGEST:
        made, encoding = variants(answer.content), accepted(takes)[0]
        _keep(where, file, made, answer, mark)
        content = made[encoding]
    else:
        encoding, content = compress_for(takes, answer.content)
    return _response(request, content, encoding, etag_for(content), content_type)


def _keep(where: Folder, file: str, made: dict[str, bytes], answer: Answer, mark: int) -> None:
    """A disk that is full makes answers slow, not wrong."""
    try:
        if where.count_in(_INSIDE) < MOST:
            write_unchanged(where, file, made, answer.keys, minute_of(answer.expires), mark)
        trouble_over("answers")
    except OSError as error:
        tell_once("answers", "Answers cannot be kept and are made for each who asks: %s", error)


def _response(request: HttpRequest, content: bytes, encoding: str, tag: str, content_type: str) -> HttpResponse:
    known = not_modified(request.META, tag)
    response = HttpResponseNotModified() if known else HttpResponse(content, content_type=content_type)
    response.headers["ETag"] = tag
    if encoding and not known:
        response.headers["Content-Encoding"] = encoding
    if not known:
        response.headers["Content-Length"] = str(len(content))
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
