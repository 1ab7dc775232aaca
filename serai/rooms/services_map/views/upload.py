"""A directory brought in from the desk: checked first, with every row that is wrong, then all of it or nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.models import Organisation, User
from serai.kernel.access.viewer import member_of_staff, viewer_of

from ..actions.placing import MayNotEdit
from ..exchange import waiting
from ..exchange.report import Report
from ..exchange.uploading import MEGABYTES, Upload, bring_upload
from ..forms_upload import UploadForm
from ..queries.desk import edited_publishers

MOST_SHOWN = 200
TABLES = {
    "organization": _("Organisations"),
    "service": _("Services"),
    "location": _("Places"),
    "service_at_location": _("Services at their places"),
}


@transaction.non_atomic_requests
def upload(request: HttpRequest) -> HttpResponse:
    """The form; after a press what the files would do, or have done. `kept` brings in what was checked before."""
    viewer, by = viewer_of(request), member_of_staff(request)
    publishers = edited_publishers(viewer=viewer)
    what = request.POST.get("what", "") if request.method == "POST" else ""
    fresh = request.method == "POST" and what != "kept"
    form = UploadForm(request.POST if fresh else None, request.FILES if fresh else None, publishers=publishers)
    report: Report | None = None
    if what == "kept":
        report = _bring_kept(request, by)
    elif fresh and form.is_valid():
        publisher = form.cleaned_data["publisher"]
        report = _bring(by, publisher, form.upload, dry_run=what != "bring")
        if what != "bring" and not report.is_refused:
            waiting.keep_waiting(by=by, publisher=publisher, upload=form.upload)
    wrong = bool(form.errors) or (report is not None and report.is_refused)
    context = {
        "form": form, "megabytes": MEGABYTES, "waits": waiting.waiting_for(by), **(_told(report) if report else {}),
    }  # fmt: skip
    return render(request, "services_map/desk/upload.html", context, status=400 if wrong else 200)


def _bring_kept(request: HttpRequest, by: User) -> Report | None:
    """Brings in what was checked within the last hour; all that is asked of a fresh file is asked of it again."""
    kept = waiting.waiting_for(by)
    publisher = edited_publishers(viewer=viewer_of(request)).filter(pk=kept.publisher_id).first() if kept else None
    if kept is None or publisher is None:
        messages.error(request, _("What you checked is not kept any more. Choose the file again."))
        return None
    report = _bring(by, publisher, kept.upload, dry_run=False)
    if not report.is_refused:
        waiting.forget_waiting(by)
    return report


def _bring(by: User, publisher: Organisation, chosen: Upload, *, dry_run: bool) -> Report:
    try:
        return bring_upload(by=by, publisher=publisher, upload=chosen, dry_run=dry_run)
    except MayNotEdit as error:
        raise PermissionDenied from error


def _told(report: Report) -> dict[str, Any]:
    """The report for the page: what refuses first."""
    problems = sorted(report.problems, key=lambda problem: not problem.refuses)
    return {
        "report": report,
        "counts": [(TABLES[table], report.counts[table]) for table in TABLES if table in report.counts],
        "problems": [each for each in problems if each.refuses][:MOST_SHOWN],
        "remarks": [each for each in problems if not each.refuses][:MOST_SHOWN],
        "more": max(0, len(problems) - MOST_SHOWN),
    }
