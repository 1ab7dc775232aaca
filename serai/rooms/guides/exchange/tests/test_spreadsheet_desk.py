"""The way of a workbook through the desk's screens, and on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from serai.kernel.access.viewer import viewer_for
from serai.kernel.register.ports import COMMANDS
from serai.lib.tables import read_xlsx
from serai.rooms.guides.exchange import actions
from serai.rooms.guides.exchange.spreadsheet.plan import plan_of
from serai.rooms.guides.exchange.spreadsheet.workbook import Workbook
from serai.rooms.guides.models import GuidePage

from .workbooks import edited, workbook_of

pytestmark = pytest.mark.django_db


def upload(client: Any, data: bytes, name: str = "table.xlsx") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post("/guides/spreadsheet/", {"file": SimpleUploadedFile(name, data)})


def test_the_whole_way_on_the_desk(doctor: GuidePage, lindenbach: Any, ana: Any, desk: Any) -> None:
    client = desk(ana)
    assert client.get("/guides/spreadsheet/").status_code == 200
    out = client.get("/guides/spreadsheet/export/", {"publisher": str(lindenbach.pk), "languages": ["en", "ar"]})
    assert out.status_code == 200
    assert "lindenbach-" in out.headers["Content-Disposition"]
    wrong = upload(client, edited(out.content, {("lindenbach/doctor", "en"): {"title": ""}}))
    assert wrong.status_code == 302
    page = client.get(wrong.headers["Location"])
    assert "Row 3, title:" in page.content.decode()
    assert "Make 1 draft" not in page.content.decode()
    notes = client.get(f"{wrong.headers['Location']}problems/")
    assert read_xlsx(notes.content).header[0] == "problem"
    right = upload(client, edited(notes.content, {("lindenbach/doctor", "en"): {"title": "Find a doctor"}}))
    address = right.headers["Location"]
    preview = client.get(address).content.decode()
    assert "<del>Doctor</del>" in preview
    assert "Make 1 draft" in preview
    assert client.get(wrong.headers["Location"]).status_code == 404
    done = client.post(f"{address}import/", {"submit": "on"})
    assert done.status_code == 302
    assert GuidePage.objects.get(pk=doctor.pk).get_latest_revision_as_object().title == "Find a doctor"
    assert client.get(address).status_code == 404


def test_nothing_is_imported_when_something_changed_between_preview_and_import(
    doctor: GuidePage, lindenbach: Any, ana: Any, desk: Any
) -> None:
    client = desk(ana)
    data = edited(workbook_of(lindenbach), {("lindenbach/doctor", "en"): {"summary": "Mine"}})
    address = upload(client, data).headers["Location"]
    page = GuidePage.objects.get(pk=doctor.pk)
    page.title = "Changed on the desk"
    page.save_revision(user=ana)
    answer = client.post(f"{address}import/", {"submit": "on"})
    assert answer.status_code == 409
    assert "changed on the desk" in answer.content.decode()
    assert GuidePage.objects.get(pk=doctor.pk).get_latest_revision_as_object().summary != "Mine"
    assert client.get(address).status_code == 200


def test_an_upload_is_seen_only_by_who_made_it_and_only_for_a_day(
    doctor: GuidePage, lindenbach: Any, ana: Any, chen: Any, desk: Any
) -> None:
    from django.utils import timezone

    from serai.rooms.guides.exchange.models import StagedUpload

    address = upload(desk(ana), workbook_of(lindenbach)).headers["Location"]
    assert desk(chen).get(address).status_code == 404
    assert desk(ana).get(address).status_code == 200
    StagedUpload.objects.update(expires_at=timezone.now())
    assert desk(ana).get(address).status_code == 404
    actions.discard_expired()
    assert not StagedUpload.objects.exists()


def test_a_stranger_gets_no_workbook_of_others(doctor: GuidePage, lindenbach: Any, stranger: Any, desk: Any) -> None:
    asked = {"publisher": str(lindenbach.pk), "languages": ["en"]}
    assert desk(stranger).get("/guides/spreadsheet/export/", asked).status_code == 400


def test_a_form_without_a_file_or_languages_says_so(doctor: GuidePage, lindenbach: Any, ana: Any, desk: Any) -> None:
    client = desk(ana)
    empty = client.post("/guides/spreadsheet/", {})
    assert (empty.status_code, "Choose the file first." in empty.content.decode()) == (400, True)
    none = client.get("/guides/spreadsheet/export/", {"publisher": str(lindenbach.pk)})
    assert (none.status_code, "Choose at least one language." in none.content.decode()) == (400, True)
    huge = upload(client, b"x" * ((5 << 20) + 1))
    assert (huge.status_code, "larger than 5 MB" in huge.content.decode()) == (400, True)


# --- on the command line -------------------------------------------------------------------------------------------
def test_the_same_on_the_command_line(doctor: GuidePage, lindenbach: Any, ana: Any, tmp_path: Path) -> None:
    run, command = CliRunner().invoke, COMMANDS.get("guides")
    path = tmp_path / "out.xlsx"
    done = run(command, ["export-xlsx", str(path), "--publisher", "lindenbach", "--lang", "en"])
    assert done.exit_code == 0, done.output
    path.write_bytes(edited(path.read_bytes(), {("lindenbach/doctor", "en"): {"title": "Find a doctor"}}))
    options = ["import-xlsx", str(path), "--by", "ana@staff.example", "--json"]
    rehearsal = json.loads(run(command, [*options, "--dry-run"]).stdout)
    assert (rehearsal["done"], rehearsal["drafts"]) == (False, 1)
    told = json.loads(run(command, options).stdout)
    assert (told["done"], told["changes"][0]["key"]) == (True, "lindenbach/doctor")
    path.write_bytes(b"nonsense")
    refused = run(command, options)
    assert (refused.exit_code, json.loads(refused.stdout)["problems"][0]["code"]) == (1, "not-xlsx")
    assert run(command, ["import-xlsx", str(path), "--by", "nobody@staff.example"]).exit_code == 2
    assert run(command, ["export-xlsx", str(path), "--publisher", "x", "--lang", "en"]).exit_code == 2


def test_an_empty_workbook_says_so(ana: Any) -> None:
    assert plan_of(Workbook([], []), viewer=viewer_for(ana)).rows == []
