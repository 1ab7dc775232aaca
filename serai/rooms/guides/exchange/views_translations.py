"""The translator's list, and files for translators' tools out and in."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from serai.kernel.access.viewer import member_of_staff, viewer_of
from serai.kernel.languages.registry import known, language

from . import actions, queries
from .forms import UploadForm
from .translating.files import Arrived, file_for, zip_for
from .translating.listing import STATES, counts, to_translate

ROWS_A_PAGE = 50
MOST_IN_AN_ARCHIVE = 500


def translations(request: HttpRequest) -> HttpResponse:
    """What is older than its original, missing, or drafted by a machine."""
    return _list(request, UploadForm())


def xliff(request: HttpRequest, pk: int, tag: str) -> HttpResponse:
    """One guide for a translator's tool."""
    original = queries.original_for(viewer=viewer_of(request), pk=pk)
    if original is None or not known(tag) or language(tag).tag == original.tag:
        raise Http404
    name, data = file_for(original, language(tag).tag)
    return _file(data, name, "application/xliff+xml")


def xliff_all(request: HttpRequest, tag: str) -> HttpResponse:
    """All guides that wait for a translator in a language, as one archive: the most urgent ones if there are many."""
    if not known(tag):
        raise Http404
    viewer = viewer_of(request)
    wanted = to_translate(viewer=viewer, tag=language(tag).tag, state=_state(request))[:MOST_IN_AN_ARCHIVE]
    if not wanted:
        messages.info(request, _("Nothing waits for a translator in this language."))
        return redirect("guides:translations")
    originals = queries.originals_of(viewer=viewer, pks=[one.pk for one in wanted])
    return _file(zip_for(originals, language(tag).tag), f"translate-{language(tag).tag}.zip", "application/zip")


@require_POST
def xliff_import(request: HttpRequest) -> HttpResponse:
    """A file or an archive from a translator becomes drafts, or is refused with all that is wrong."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=400)
    file = form.cleaned_data["file"]
    try:
        found = actions.import_translations(by=member_of_staff(request), name=file.name, data=file.read())
    except actions.FilesRefused as error:
        return _list(request, form, error.arrived, status=409)
    count = len(found.translations)
    told = ngettext("%(count)d draft was made.", "%(count)d drafts were made.", count) % {"count": count}
    messages.success(request, told)
    for problem in found.problems:
        messages.info(request, f"{problem.file} {problem.unit}: {problem.says}")
    return redirect("guides:translations")


def _list(request: HttpRequest, form: UploadForm, found: Arrived | None = None, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    tag = request.GET.get("lang", "")
    tag = language(tag).tag if known(tag) else ""
    everything = to_translate(viewer=viewer)
    state = _state(request)
    lines = [one for one in everything if tag in ("", one.language) and state in ("", one.state)]
    context = {
        "counts": counts(everything),
        "rows": Paginator(lines, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "tag": tag,
        "state": state,
        "form": form,
        "found": found,
    }
    return render(request, "guides/exchange/translations.html", context, status=status)


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in STATES else ""


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response
