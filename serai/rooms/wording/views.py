"""Pages of the desk on the words of the interface: parse, call one action or query, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from serai.kernel.access.viewer import Viewer, member_of_staff, viewer_of
from serai.kernel.languages.catalogues import change_file
from serai.kernel.languages.interface import translated
from serai.kernel.languages.registry import language
from serai.kernel.languages.sound import placeholders
from serai.kernel.languages.terms import term_list

from . import actions, queries
from .access import may_decide, may_end, may_take_back
from .forms import CorrectionForm, DecisionForm
from .models import Correction

ROWS_A_PAGE = 50
KINDS = ("critical", "unreviewed", "corrected", "waiting")


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How far each language is, and what waits for a second person."""
    viewer = viewer_of(request)
    waiting = [(row, queries.number_of(row.entry.key)) for row in queries.waiting(viewer=viewer)]
    return render(request, "wording/overview.html", {"counts": queries.overview(viewer=viewer), "waiting": waiting})


@require_safe
def sentences(request: HttpRequest, tag: str) -> HttpResponse:
    """Sentences of a language, found by a part of the English or of the translation."""
    _known(tag)
    words = request.GET.get("words", "").strip()[:100]
    only = request.GET.get("only", "")
    only = only if only in KINDS else ""
    found = queries.lines(viewer=viewer_of(request), tag=tag, words=words, only=only)
    rows = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"row": language(tag), "rows": rows, "words": words, "only": only, "count": len(found)}
    return render(request, "wording/sentences.html", context)


def sentence(request: HttpRequest, tag: str, number: str) -> HttpResponse:
    """One sentence: what it says, where it stands, the terms in it; POST proposes a better translation."""
    line = _line(request, tag, number)
    entry = queries.as_said(line)
    form = CorrectionForm(request.POST or None, row=language(tag), entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_correction(
                by=member_of_staff(request),
                language=tag,
                entry=entry,
                texts=form.texts,
                reviewed=form.cleaned_data["reviewed"],
                note=form.cleaned_data["note"],
            )
        except actions.MayNotCorrect as error:
            raise PermissionDenied from error
        except actions.NothingChanged:
            form.add_error("text_0", _("Nothing is different. If the text is right, say below that you have read it."))
        else:
            messages.success(request, _("A second person reads it now. It is said as soon as that person says yes."))
            return redirect("wording:sentence", tag, number)
    return _sentence_page(request, tag, line, form, DecisionForm())


@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second person's yes or no."""
    correction = get_object_or_404(Correction, pk=pk)
    tag, number = correction.language, queries.number_of(correction.entry.key)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        line = _line(request, tag, number)
        return _sentence_page(request, tag, line, CorrectionForm(row=language(tag), entry=queries.as_said(line)), form)
    by = member_of_staff(request)
    if form.cleaned_data["verdict"] == "approve":
        told = _("It is said now, on every page.")
        _act(request, lambda: actions.approve_correction(by=by, correction=correction), told)
    else:
        answer = form.cleaned_data["answer"]
        told = _("The draft went back to its author.")
        _act(request, lambda: actions.send_back_correction(by=by, correction=correction, answer=answer), told)
    return redirect("wording:sentence", tag, number)


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes one's own proposal back."""
    correction = get_object_or_404(Correction, pk=pk)
    by = member_of_staff(request)
    _act(request, lambda: actions.take_back_correction(by=by, correction=correction), _("Your proposal is taken back."))
    return redirect("wording:sentence", correction.language, queries.number_of(correction.entry.key))


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lets the catalogue's own words be said again."""
    correction = get_object_or_404(Correction, pk=pk)
    by = member_of_staff(request)
    told = _("The words of the catalogue are said again.")
    _act(request, lambda: actions.end_correction(by=by, correction=correction), told)
    return redirect("wording:sentence", correction.language, queries.number_of(correction.entry.key))


@require_safe
def changes(request: HttpRequest, tag: str) -> HttpResponse:
    """What holds here and is not in the catalogues, as a file for who maintains them."""
    _known(tag)
    response = HttpResponse(change_file(tag, queries.changed(tag=tag)), content_type="text/x-gettext-translation")
    response.headers["Content-Disposition"] = f'attachment; filename="serai-{tag}.po"'
    return response


def _act(request: HttpRequest, act: Callable[[], None], told: str) -> None:
    try:
        act()
    except actions.MayNotCorrect as error:
        raise PermissionDenied from error
    except actions.MovedOn:
        messages.warning(request, _("The draft changed while you were reading. Please look at it again."))
    else:
        messages.success(request, told)


def _sentence_page(
    request: HttpRequest, tag: str, line: queries.Line, form: CorrectionForm, decision: DecisionForm
) -> HttpResponse:
    viewer = viewer_of(request)
    terms = term_list(tag)
    entry = line.entry
    context = {
        "row": language(tag),
        "line": line,
        "form": form,
        "decision": decision,
        "terms": terms.inside(f"{entry.sentence} {entry.plural}") if terms else [],
        "list": terms,
        "fills": sorted(placeholders(entry.sentence) | placeholders(entry.plural)),
        "places": queries.places_of(entry.key),
        "rows": [_with_rights(viewer, row) for row in queries.history(viewer=viewer, tag=tag, key=entry.key)],
    }
    return render(request, "wording/sentence.html", context, status=400 if form.errors or decision.errors else 200)


def _with_rights(viewer: Viewer, row: Correction) -> dict[str, Any]:
    """A proposal and what this viewer may do with it."""
    waits = row.state == Correction.State.WAITS
    return {
        "row": row,
        "decides": waits and may_decide(viewer, row),
        "takes_back": waits and may_take_back(viewer, row),
        "ends": row.state == Correction.State.HOLDS and may_end(viewer),
    }


def _known(tag: str) -> None:
    if tag not in translated():
        raise Http404


def _line(request: HttpRequest, tag: str, number: str) -> queries.Line:
    _known(tag)
    line = queries.line(viewer=viewer_of(request), tag=tag, number=number)
    if line is None:
        raise Http404
    return line
