"""Stores a public page on its way out, and gives every public answer compressed.

A page is kept when it is a plain success that any visitor would get in the same way: GET, 200, no query, no cookie, no
header that a file would not carry. What it depends on, the view says:

    response.serai_keys = {"guide:lindenbach/see-a-doctor", "fact:...", ...}
    response.serai_expires = date | datetime | None

That it depends on the words of the interface in its language is added here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from serai.engine.shell.asked import host_of, interface_of, language_asked
from serai.engine.shell.headers import public_headers
from serai.kernel.languages.corrected import words_key

from .addresses import Address, address_of
from .encodings import accepted, compress_for, variants
from .folder import Folder
from .generation import folder
from .stamp import etag_of, is_past, minute_of
from .touches import any_changed_since, take_mark
from .trouble import tell_once, trouble_over

COMPRESSIBLE = ("text/", "application/json", "application/xml", "image/svg+xml")
CARRIED = {"Content-Type", "Content-Language", "Content-Length", "Cache-Control", "Vary", "ETag"}
"""Headers that a file carries too, or that are made anew for it; any other keeps a page from being a file."""


class PublishPages:
    """Stands right behind TwoHosts, so that it sees an answer as the visitor would."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing happens on the desk."""
        if host_of(request) != "public":
            return self.get_response(request)
        address = _address_for(request)
        if address is None:
            return compressed(request, self.get_response(request))
        mark = take_mark()
        response = self.get_response(request)
        if is_publishable(response, address):
            return publish(request, response, address, mark)
        return compressed(request, response)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Public views read outside a transaction: on SQLite it would hold the one lock for writers while they read.

        Whatever a public view writes it writes through an action, and each action is a transaction of its own.
        """
        if host_of(request) == "public" and not hasattr(view, "_non_atomic_requests"):
            transaction.non_atomic_requests(view)


def _address_for(request: HttpRequest) -> Address | None:
    if not settings.SERAI_PUBLISH or request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    return address_of(request.path_info)


def is_publishable(response: HttpResponse, address: Address) -> bool:
    """Whether any visitor would get this answer, now and until one of its keys changes."""
    if response.status_code != 200 or response.streaming or not hasattr(response, "serai_keys"):
        return False
    if response.cookies or response.headers.get("Content-Type") != address.content_type:
        return False
    if response.headers.get("Cache-Control") != "no-cache":
        return False
    if response.headers.get("Vary", "Accept-Encoding").lower() != "accept-encoding":
        return False
    carried = public_headers()
    extra = [name for name, value in response.headers.items() if name not in CARRIED and carried.get(name) != value]
    if extra:
        tell_once(f"header {extra[0]}", "Pages with the header %s are not published: a file would lose it", extra[0])
    return not extra


def publish(request: HttpRequest, response: HttpResponse, address: Address, mark: int) -> HttpResponse:
    """Writes the page unless it changed meanwhile, and answers with the bytes that the file will answer with."""
    made = variants(response.content)
    where = folder()
    try:
        minute = minute_of(getattr(response, "serai_expires", None))
        keys = frozenset(response.serai_keys) | {words_key(interface_of(language_asked(request).tag).tag)}  # type: ignore[attr-defined]
        kept = write_unchanged(where, address.file, made, keys, minute, mark)
        trouble_over("write")
    except OSError as error:
        kept = False
        tell_once("write", "Pages cannot be published and are rendered for each visitor: %s", error)
    encoding = accepted(request.headers.get("Accept-Encoding", ""))[0]
    _put(response, encoding, made[encoding])
    if kept:
        _put_etag(response, where, address.file, encoding)
    if response.headers.get("ETag") and response.headers["ETag"] in _tags(request):
        return _not_modified(response)
    return response


def write_unchanged(
    where: Folder, file: str, made: dict[str, bytes], keys: frozenset[str], minute: int, mark: int
) -> bool:
    """The race rule: under the lock, nothing that the page shows may have changed since its rendering began."""
    if is_past(minute, time.time()):
        return False
    with where.locked():
        if any_changed_since(mark, keys):
            return False
        where.write(file, made, keys=keys, minute=minute, mark=mark)
    return True


def _put_etag(response: HttpResponse, where: Folder, file: str, encoding: str) -> None:
    try:
        response.headers["ETag"] = etag_of(where.find(file, encoding))
    except OSError:
        return  # taken away again already: the next visitor gets a tag


def _tags(request: HttpRequest) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}


def _not_modified(response: HttpResponse) -> HttpResponse:
    answer = HttpResponseNotModified()
    for name, value in response.headers.items():
        if name not in {"Content-Type", "Content-Length", "Content-Encoding"}:
            answer.headers[name] = value
    return answer


def _put(response: HttpResponse, encoding: str, content: bytes) -> None:
    patch_vary_headers(response, ["Accept-Encoding"])
    response.content = content
    if encoding:
        response.headers["Content-Encoding"] = encoding
        tag = response.headers.get("ETag", "")
        if tag.startswith('"'):  # made from the uncompressed page: these are not the same bytes
            response.headers["ETag"] = f"W/{tag}"
    response.headers["Content-Length"] = str(len(content))


def compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Any other public answer (search, errors), smaller. Public pages hold no secret that their size could betray."""
    if response.streaming or response.has_header("Content-Encoding") or not response.content:
        return response
    if not response.headers.get("Content-Type", "").startswith(COMPRESSIBLE):
        return response
    _put(response, *compress_for(request.headers.get("Accept-Encoding", ""), response.content))
    return response
