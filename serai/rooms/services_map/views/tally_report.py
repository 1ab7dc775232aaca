"""The report on services given: looked at on the desk, downloaded as a workbook or as sheets of paper."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from serai.engine.shell.asked import interface_of
from serai.kernel.access.viewer import viewer_of

from ..forms_tally import ReportForm
from ..queries.tally_report import MayNotReport, TallyReport, publishers, tally_report
from ..tally_sheets import report_pdf, report_xlsx, shown

FILES = {
    "xlsx": (report_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (report_pdf, "application/pdf"),
}


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Choose a period; then what the report says, as it would leave the house, and its files."""
    form = _form(request)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        mirrored = interface_of(viewer_of(request).language).direction == "rtl"
        context |= shown(_report(request, form, viewer_of(request).language), mirrored)
        context["query"] = request.GET.urlencode()
    return render(request, "services_map/desk/tally_report.html", context, status=400 if form.errors else 200)


@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The report as a file: `?as=xlsx` or `?as=pdf`, and what the form asks."""
    form = _form(request)
    kind = request.GET.get("as", "")
    if kind not in FILES or not form.is_bound or not form.is_valid():
        return render(request, "services_map/desk/tally_report.html", {"form": form}, status=400)
    make, content_type = FILES[kind]
    tag = form.cleaned_data["lang"]
    found = _report(request, form, tag)
    answer = HttpResponse(make(found, tag, timezone.localdate()), content_type=content_type)
    name = f"services-{found.period.first}-{found.period.last}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _form(request: HttpRequest) -> ReportForm:
    viewer = viewer_of(request)
    mine = publishers(viewer=viewer)
    data = request.GET if "publisher" in request.GET else None
    return ReportForm(data, publishers=mine, today=timezone.localdate(), tag=viewer.language)


def _report(request: HttpRequest, form: ReportForm, tag: str) -> TallyReport:
    said = form.cleaned_data
    try:
        return tally_report(viewer=viewer_of(request), publisher=said["publisher"], period=said["period"], tag=tag)
    except MayNotReport as error:
        raise PermissionDenied from error
