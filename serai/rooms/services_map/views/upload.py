"""A directory brought in from the desk: checked first, with every row that is wrong, then all of it or nothing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.viewer import member_of_staff, viewer_of

from ..actions.placing import MayNotEdit
from ..exchange.report import Report
from ..exchange.uploading import MEGABYTES, bring_upload
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
    """The form, and after a press what the files would do or have done."""
    viewer = viewer_of(request)
    publishers = edited_publishers(viewer=viewer)
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None, request.FILES if posted else None, publishers=publishers, tag=viewer.language
    )
    report: Report | None = None
    if posted and form.is_valid():
        bringing = request.POST.get("what") == "bring"
        try:
            report = bring_upload(
                by=member_of_staff(request), publisher=form.cleaned_data["publisher"], upload=form.upload,
                dry_run=not bringing,
            )  # fmt: skip
        except MayNotEdit as error:
            raise PermissionDenied from error
    wrong = bool(form.errors) or (report is not None and report.is_refused)
    context = {"form": form, "megabytes": MEGABYTES, **(_told(report) if report else {})}
    return render(request, "services_map/desk/upload.html", context, status=400 if wrong else 200)


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
