"""The desk's screens for spreadsheets: take out, bring in, look at every difference, make drafts. Works on a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from serai.kernel.access.viewer import member_of_staff, viewer_of

from ..access import EDITORS
from ..queries.organisations import NotYours, organisation_choices, organisation_for
from . import actions, queries
from .forms import ExportForm, ImportForm, UploadForm
from .models import StagedUpload
from .spreadsheet.plan import plan_of
from .spreadsheet.standing import exported
from .spreadsheet.workbook import CellTooLong, Workbook, read_workbook, write_with_problems, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def spreadsheet(request: HttpRequest) -> HttpResponse:
    """Both ways on one page; POST brings a workbook in and leads to its preview."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        upload = actions.stage_upload(by=member_of_staff(request), name=file.name, data=file.read())
        return redirect("guides:staged", pk=upload.pk)
    return _both(request, form, _export_form(request))


def export(request: HttpRequest) -> HttpResponse:
    """The workbook of a publisher in the languages chosen; a GET, because it changes nothing."""
    form = _export_form(request)
    if not form.is_valid():
        return _both(request, UploadForm(), form)
    publisher, tags = form.cleaned_data["publisher"], form.cleaned_data["languages"]
    try:
        organisation = organisation_for(viewer=viewer_of(request), pk=publisher, roles=EDITORS)
        data = write_workbook(exported(organisation, tags))
    except NotYours as error:
        raise Http404 from error
    except CellTooLong as error:
        sentence = _("The text of %(guide)s is too long for a cell. Edit this guide in the editor.")
        form.add_error(None, sentence % {"guide": str(error)})
        return _both(request, UploadForm(), form)
    day = timezone.localdate().isoformat()
    return _file(data, f"{organisation.key}-{day}.xlsx")


def staged(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What an uploaded workbook would do."""
    upload = _upload(request, pk)
    return _preview(request, upload, read_workbook(bytes(upload.data)))


@require_POST
def staged_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Makes the drafts; when something changed meanwhile, the preview says so and nothing is made."""
    upload = _upload(request, pk)
    workbook, form = read_workbook(bytes(upload.data)), ImportForm(request.POST)
    submit = form.is_valid() and form.cleaned_data["submit"]
    try:
        plan = actions.import_workbook(by=member_of_staff(request), workbook=workbook, upload=upload, submit=submit)
    except actions.NotReady:
        messages.error(request, _("Nothing was imported. Please look at the list below."))
        return _preview(request, upload, workbook, status=409)
    count = len(plan.changes)
    told = ngettext("%(count)d draft was made.", "%(count)d drafts were made.", count) % {"count": count}
    messages.success(request, told)
    return redirect("guides:drafts")


def staged_problems(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same workbook with a column that says what is wrong in each row."""
    upload = _upload(request, pk)
    workbook = read_workbook(bytes(upload.data))
    problems = plan_of(workbook, viewer=viewer_of(request)).problems
    return _file(write_with_problems(workbook, problems), f"{_stem(upload.name)}-problems.xlsx")


def _both(request: HttpRequest, upload: UploadForm, out: ExportForm) -> HttpResponse:
    waiting = queries.newest_upload(viewer=viewer_of(request))
    context = {"upload": upload, "out": out, "waiting": waiting}
    wrong = upload.errors or (out.is_bound and out.errors)
    return render(request, "guides/exchange/spreadsheet.html", context, status=400 if wrong else 200)


def _preview(request: HttpRequest, upload: StagedUpload, workbook: Workbook, status: int = 200) -> HttpResponse:
    plan = plan_of(workbook, viewer=viewer_of(request))
    context: dict[str, Any] = {
        "upload": upload,
        "plan": plan,
        "form": ImportForm(),
        "unchanged": sum(row.state == "same" for row in plan.rows),
        "again": UploadForm(),
    }
    return render(request, "guides/exchange/staged.html", context, status=status)


def _export_form(request: HttpRequest) -> ExportForm:
    viewer = viewer_of(request)
    return ExportForm(
        request.GET if "publisher" in request.GET else None,
        publishers=organisation_choices(viewer=viewer, roles=EDITORS),
        tags=queries.languages_written(viewer=viewer),
    )


def _upload(request: HttpRequest, pk: UUID) -> StagedUpload:
    upload = queries.upload_for(viewer=viewer_of(request), pk=pk)
    if upload is None:
        raise Http404
    return upload


def _stem(name: str) -> str:
    stem = "".join(char if char.isalnum() or char in "-_ " else "_" for char in name.rsplit(".", 1)[0])
    return stem.strip()[:80] or "table"


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "replace").decode()}"'
    return response
