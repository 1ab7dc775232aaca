"""A directory brought in from the desk: checked first, all or nothing, by editors for their own publisher alone."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from serai.kernel.ledger.models import OutboxRow
from serai.lib.hsds.nested import to_nested, write_json
from serai.lib.hsds.ours import Extras, extras_of, table_of, with_extras
from serai.lib.hsds.tabular import write_zip

from ..exchange.uploading import MEGABYTES
from ..exchange.waiting import KEPT, forget_old
from ..models import Location, Service
from .a_directory import as_public, directory, key

pytestmark = pytest.mark.django_db
PATH = "/services/upload/"
MAPPINGS = Path(__file__).resolve().parents[4] / "docs" / "examples" / "mappings"


@pytest.fixture
def bilal(staff: Any, lindenbach: Any) -> Any:
    """Bilal keeps the services of Lindenbach true."""
    return staff("bilal", lindenbach, "services_map.editor")


def sent(publisher: Any, data: bytes, what: str = "check", name: str = "town.zip", **more: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(name, data)
    return {"publisher": str(publisher.pk), "file": file, "lang": "en", "places": "public", "what": what, **more}


def test_a_check_says_what_would_come_and_changes_nothing(desk: Any, bilal: Any, lindenbach: Any, public: Any) -> None:
    browser, data = desk(bilal), write_zip(directory())
    told = browser.post(PATH, sent(lindenbach, data)).content.decode()
    assert "This is what the file would do" in told
    assert ">7</td>" in told
    assert not Service.objects.exists()
    assert not OutboxRow.objects.filter(event="services_map.directory_imported").exists()
    answer = browser.post(PATH, sent(lindenbach, data, "bring"))
    assert answer.status_code == 200
    assert "It is brought in." in answer.content.decode()
    assert Service.objects.count() == 7
    near = public.get("/en/near/", {"place": "45.1, 13.6", "need": "doctor"}).content.decode()
    assert "Doctor at the harbour" in near
    assert OutboxRow.objects.filter(event="services_map.directory_imported").count() == 1
    again = browser.post(PATH, sent(lindenbach, data, "bring")).context["report"]
    assert (again.total("created"), again.total("updated")) == (0, 0)


@pytest.fixture
def data_folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder in which nothing else lies."""
    settings.SERAI_DATA = tmp_path
    return tmp_path


def test_what_was_checked_comes_in_with_a_second_press(
    desk: Any, bilal: Any, lindenbach: Any, data_folder: Path
) -> None:
    browser = desk(bilal)
    browser.post(PATH, sent(lindenbach, write_zip(directory())))
    assert "You checked <bdi>town.zip</bdi>" in browser.get(PATH).content.decode()
    assert not Service.objects.exists()
    told = browser.post(PATH, {"what": "kept"}).content.decode()
    assert "It is brought in." in told
    assert Service.objects.count() == 7
    assert Location.objects.get(pk=key("doctor-place")).sensitivity == "public", "as was chosen with the check"
    assert [*(data_folder / "waiting").iterdir()] == []
    again = browser.post(PATH, {"what": "kept"}).content.decode()
    assert "not kept any more" in again


def test_what_waits_is_sealed_for_its_editor_alone_and_gone_in_an_hour(
    desk: Any, bilal: Any, staff: Any, lindenbach: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk(bilal).post(PATH, sent(lindenbach, as_json("Hidden Lane")))
    file = next((data_folder / "waiting").iterdir())
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Hidden Lane" not in file.read_bytes()
    assert base64.b64encode(b"Hidden Lane")[:-2] not in file.read_bytes()
    other = desk(staff("amal", lindenbach, "services_map.editor"))
    assert "You checked" not in other.get(PATH).content.decode()
    other.post(PATH, {"what": "kept"})
    assert not Service.objects.exists()
    forget_old()
    assert file.exists()
    later = timezone.now() + KEPT
    monkeypatch.setattr("serai.rooms.services_map.exchange.waiting.timezone.now", lambda: later)
    desk(bilal).post(PATH, {"what": "kept"})
    assert not Service.objects.exists()
    assert not file.exists()


def test_an_editor_who_is_none_any_more_brings_nothing_in(
    desk: Any, bilal: Any, lindenbach: Any, port_amsel: Any, data_folder: Path
) -> None:
    desk(bilal).post(PATH, sent(lindenbach, write_zip(directory())))
    bilal.memberships.update(organisation=port_amsel)
    desk(bilal).post(PATH, {"what": "kept"})
    assert not Service.objects.exists()


def test_the_sweep_takes_away_what_nobody_came_back_for(
    desk: Any, bilal: Any, lindenbach: Any, data_folder: Path
) -> None:
    desk(bilal).post(PATH, sent(lindenbach, write_zip(directory())))
    file = next((data_folder / "waiting").iterdir())
    old = file.stat().st_mtime - KEPT.total_seconds() - 1
    os.utime(file, (old, old))
    forget_old()
    assert not file.exists()


def as_json(address: str) -> bytes:
    """The directory as one JSON file, in which an address stands in the clear."""
    data = write_json(to_nested(directory()))
    assert address.encode() in data
    return data


def test_what_could_hurt_stays_hidden_whatever_is_chosen(desk: Any, bilal: Any, lindenbach: Any) -> None:
    desk(bilal).post(PATH, sent(lindenbach, write_zip(as_public(directory())), "bring"))
    assert Location.objects.get(pk=key("shelter-place")).sensitivity == "contact-only"
    assert Location.objects.get(pk=key("doctor-place")).sensitivity == "public"


def test_one_wrong_row_is_named_with_what_helps_and_nothing_comes_in(desk: Any, bilal: Any, lindenbach: Any) -> None:
    tables = directory()
    tables["phone"].rows[1].cells["number"] = "9.62795E+11"
    answer = desk(bilal).post(PATH, sent(lindenbach, write_zip(tables), "bring"))
    told = answer.content.decode()
    assert answer.status_code == 400
    for words in ("Nothing was brought in", "phone", "row 3", "may have lost digits", "Format the column as text"):
        assert words in told, words
    assert not Service.objects.exists()


def test_the_report_is_in_the_persons_language_from_right_to_left(desk: Any, staff: Any, lindenbach: Any) -> None:
    layla = desk(staff("layla", lindenbach, "services_map.editor", language="ar"))
    answer = layla.post(PATH, sent(lindenbach, b"no directory", name="a.json"))
    told = answer.content.decode()
    assert answer.status_code == 400
    assert '<html lang="ar" dir="rtl"' in told
    assert "a.json" in told
    assert "The file is no JSON" not in told


def test_what_colleagues_corrected_stays_unless_it_is_said(desk: Any, bilal: Any, lindenbach: Any) -> None:
    browser, data = desk(bilal), write_zip(directory())
    browser.post(PATH, sent(lindenbach, data, "bring"))
    Service.objects.filter(pk=key("doctor")).update(free="no", changed_here=True)
    browser.post(PATH, sent(lindenbach, data, "bring"))
    assert Service.objects.get(pk=key("doctor")).free == "no"
    browser.post(PATH, sent(lindenbach, data, "bring", theirs="on"))
    assert Service.objects.get(pk=key("doctor")).free == "yes"


@pytest.mark.parametrize(
    ("size", "sentence"), [(0, "The file is empty."), (MEGABYTES * 1_000_000 + 1, f"larger than {MEGABYTES} MB")]
)
def test_a_file_that_is_empty_or_too_large_is_refused_and_the_choices_stay(
    desk: Any, bilal: Any, lindenbach: Any, size: int, sentence: str
) -> None:
    answer = desk(bilal).post(PATH, sent(lindenbach, b"x" * size, "bring", theirs="on"))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert answer.context["form"]["theirs"].value() is True
    assert answer.context["form"]["places"].value() == "public"
    missing = desk(bilal).post(PATH, {"publisher": str(lindenbach.pk), "lang": "en", "places": "public"})
    assert "Choose the file first." in missing.content.decode()


def test_nobody_brings_in_for_a_publisher_that_is_not_theirs(
    desk: Any, staff: Any, lindenbach: Any, port_amsel: Any
) -> None:
    stranger = staff("stranger", port_amsel, "services_map.editor")
    answer = desk(stranger).post(PATH, sent(lindenbach, write_zip(directory()), "bring"))
    assert answer.status_code == 400
    for name, role in (("dora", "services_map.local"), ("writer", "content.author")):
        browser = desk(staff(name, lindenbach, role))
        assert browser.get(PATH).status_code == 403
        assert browser.post(PATH, sent(lindenbach, write_zip(directory()), "bring")).status_code == 403
    assert not Service.objects.exists()
    assert PATH not in desk(staff("dora")).get("/services/").content.decode()


def test_rows_of_another_publisher_are_not_taken_over(
    town: Any, desk: Any, staff: Any, port_amsel: Any, lindenbach: Any
) -> None:
    stranger = staff("stranger", port_amsel, "services_map.editor")
    answer = desk(stranger).post(PATH, sent(port_amsel, write_zip(directory()), "bring", theirs="on"))
    assert answer.status_code == 400
    assert "another publisher" in answer.content.decode()
    assert set(Service.objects.values_list("publisher", flat=True)) == {lindenbach.pk}


def test_a_mapping_that_is_wrong_is_named_by_its_own_name_and_line(desk: Any, bilal: Any, lindenbach: Any) -> None:
    text = (MAPPINGS / "jordan-services.yaml").read_text(encoding="utf-8")
    line = text.split("\n").index("reads: geojson") + 1
    mapping = SimpleUploadedFile("ours.yaml", text.replace("reads: geojson", "reads: tealeaves").encode())
    data = b'{"type": "FeatureCollection", "features": []}'
    told = desk(bilal).post(PATH, sent(lindenbach, data, name="d.json", mapping=mapping)).content.decode()
    assert "ours.yaml" in told
    assert f"row {line}" in told


@pytest.mark.shared_data
def test_a_country_comes_in_from_the_desk_in_two_languages(
    desk: Any, bilal: Any, lindenbach: Any, shared_data: Path
) -> None:
    folder = shared_data / "jordan_services"
    mapping = SimpleUploadedFile("jordan.yaml", (MAPPINGS / "jordan-services.yaml").read_bytes())
    other = SimpleUploadedFile("compiled_AR.json", (folder / "compiled_AR.json").read_bytes())
    data = sent(
        lindenbach, (folder / "compiled.json").read_bytes(), "bring", name="compiled.json", mapping=mapping,
        other=other, other_lang="ar",
    )  # fmt: skip
    answer = desk(bilal).post(PATH, data)
    assert answer.status_code == 200, [each.says for each in answer.context["report"].problems if each.refuses][:5]
    assert Service.objects.count() == 562
    assert all(service.said("name", "ar").language == "ar" for service in Service.objects.all())


@pytest.mark.parametrize(
    "data", [b"hello", b"[" * 100_000, b'{"features": [{"id": ' + b"9" * 5000 + b"}]}", b'[{"id": "\\ud800"}]']
)
def test_a_broken_file_for_a_mapping_is_refused_in_words(desk: Any, bilal: Any, lindenbach: Any, data: bytes) -> None:
    mapping = SimpleUploadedFile("jordan.yaml", (MAPPINGS / "jordan-services.yaml").read_bytes())
    answer = desk(bilal).post(PATH, sent(lindenbach, data, "bring", name="broken.json", mapping=mapping))
    assert answer.status_code == 400
    assert "broken.json" in answer.content.decode()


def test_what_colleagues_know_to_be_delicate_stays_hidden_where_the_file_does_not_say_it(
    desk: Any, bilal: Any, lindenbach: Any
) -> None:
    said = directory()
    unsaid = with_extras(said, extras_of(said) | {("service", key("shelter")): Extras(written_in="en")})
    placeless = {name: unsaid[name] for name in ("organization", "service", "attribute", "taxonomy", "taxonomy_term")}
    rows = [row.cells for row in placeless["attribute"].rows if row.text("link_entity") != "location"]
    placeless["attribute"] = table_of("attribute", rows)
    browser = desk(bilal)
    assert browser.post(PATH, sent(lindenbach, write_zip(placeless), "bring")).status_code == 200
    Service.objects.filter(pk=key("shelter")).update(needs=["shelter"], changed_here=True)
    assert browser.post(PATH, sent(lindenbach, write_zip(unsaid), "bring")).status_code == 200
    assert Location.objects.get(pk=key("shelter-place")).sensitivity == "contact-only"
    assert Location.objects.get(pk=key("doctor-place")).sensitivity == "public"
