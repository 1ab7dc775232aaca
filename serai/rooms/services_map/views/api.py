"""The directory as open data: the paths of the HSDS 3.0 API that this house answers, for reading only.

Answers are kept as files and go with the first change of the directory (engine/shell/published/answers.py). Kept is
only what is plainly asked: pages of the usual size that hold something, and rows that are there.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from serai.engine.shell.published.answers import Answer, kept_answer
from serai.kernel.access.viewer import NOBODY
from serai.lib.hsds.schema import VERSION

from ..forms_api import PATHS, BadQuestion, read_question
from ..keys import DIRECTORY
from ..open_api import document
from ..queries.open_data import ALL, PER_PAGE, Found, NotThere, found_page, found_row

_VOCABULARIES = frozenset({"taxonomies", "taxonomy_terms"})
"""Made anew each time: small, and an import that brings nothing else touches no key."""


@require_safe
def base(request: HttpRequest) -> HttpResponse:
    """What this is, as the standard's path `/` says it."""
    told = {"version": VERSION, "profile": _address("api"), "openapi_url": _address("api_document")}
    return _open(kept_answer(request, "hsds/", lambda: _answer(told)))


@require_safe
def described(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of these paths."""
    return _open(kept_answer(request, "hsds/openapi.json", lambda: _answer(document(_address("api").rstrip("/")))))


@require_safe
def listed(request: HttpRequest, table: str) -> HttpResponse:
    """A page of a table; what may be asked stands in forms_api.PATHS."""
    if table not in PATHS:
        return _wrong(404, "There is no such path.")
    try:
        asked = read_question(table, request.GET)
        known = {name: value for name, value in vars(asked).items() if value != getattr(ALL, name)}
        plain = asked.per_page == PER_PAGE and table not in _VOCABULARIES

        def make() -> Answer:
            found = found_page(viewer=NOBODY, table=table, asked=asked)
            return _answer(found.told, found if plain and found.told["contents"] else None)

        return _open(kept_answer(request, f"hsds/{table}?{urlencode(sorted(known.items()))}", make))
    except BadQuestion as error:
        return _wrong(400, str(error), error.parameter)
    except NotThere as error:
        return _wrong(404, str(error))


@require_safe
def row(request: HttpRequest, table: str, key: str) -> HttpResponse:
    """One row with all that stands under it."""
    if table not in PATHS:
        return _wrong(404, "There is no such path.")
    if request.GET:
        return _wrong(400, "This path has no parameters.", next(iter(request.GET))[:80])

    def make() -> Answer:
        found = found_row(viewer=NOBODY, table=table, key=key)
        return _answer(found.told, found if table not in _VOCABULARIES else None)

    try:
        return _open(kept_answer(request, f"hsds/{table}/{key.lower()}", make))
    except NotThere as error:
        return _wrong(404, str(error))


def _answer(told: Any, found: Found | None = None) -> Answer:
    """found: what has to be made anew when the directory changes, or its time is over."""
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(content, frozenset({DIRECTORY}), found.until) if found else Answer(content)


def _wrong(status: int, says: str, parameter: str = "") -> HttpResponse:
    told = {"status": status, "detail": says, **({"parameter": parameter} if parameter else {})}
    return _open(JsonResponse(told, status=status))


def _open(response: HttpResponse) -> HttpResponse:
    """Any page of the web may read it: the same bytes for everybody, on a host without cookies and sessions, by methods
    that change nothing. A proxy may keep it, and asks each time whether it still holds: a closing must not wait."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _address(name: str) -> str:
    return f"{settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}{reverse(f'services_map:{name}')}"
