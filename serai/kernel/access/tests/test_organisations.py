"""Organisations: made by who runs the house, described by their own administrators, brought and updated by packs."""

from __future__ import annotations

from typing import Any

import pytest

from serai.kernel.access.actions import MayNotAdminister
from serai.kernel.access.actions_organisations import KeyTaken, create_organisation
from serai.kernel.access.models import Organisation
from serai.kernel.access.pack_organisations import TABLE, OrganisationsPart, export_organisations
from serai.kernel.ledger.models import OutboxRow, Touch

pytestmark = pytest.mark.django_db

HEAD = {"pack": "town", "version": "1.0.0", "publisher": "town", "languages": ["en", "ar"], "fictional": True}
PART = OrganisationsPart()


def pack(rows: str = "town,municipality,https://town.example,+00 555 1,desk@town.example\n", **words: str) -> Any:
    said = {"en": "Town of T", "ar": "بلدة", **words}
    files = {TABLE.path: f"key,kind,url,phone,email\n{rows}".encode()}
    for tag, name in said.items():
        files[f"words/{tag}.yaml"] = f"organisations:\n  town:\n    name: {name}\n    about: About {tag}\n".encode()
    return files


def install(files: Any, **head: Any) -> Any:
    return PART.install({**HEAD, **head}, files, by=None)


@pytest.fixture
def omar(staff: Any, lindenbach: Any) -> Any:
    """Omar runs the house."""
    return staff("omar", lindenbach, "access.operator")


def test_who_runs_the_house_makes_an_organisation_on_the_desk(desk: Any, omar: Any) -> None:
    data = {"key": "harbour", "kind": "ngo", "name_en": "Harbour Help", "name_ar": "مساعدة", "url": "harbour.example"}
    answer = desk(omar).post("/staff/organisations/new/", data)
    made = Organisation.objects.get(key="harbour")
    assert answer.headers["Location"] == f"/staff/organisations/{made.pk}/"
    assert made.names == {"en": "Harbour Help", "ar": "مساعدة"}
    assert made.url == "https://harbour.example"
    again = desk(omar).post("/staff/organisations/new/", data)
    assert "Another organisation has this key" in again.content.decode()
    with pytest.raises(KeyTaken):
        create_organisation(by=omar, key="harbour", names={"en": "x"})


def test_an_administrator_makes_none_but_describes_the_own(desk: Any, emeka: Any, lindenbach: Any) -> None:
    with pytest.raises(MayNotAdminister):
        create_organisation(by=emeka, key="mine", names={"en": "Mine"})
    assert desk(emeka).get("/staff/organisations/new/").status_code == 403
    lindenbach.names = {"en": "Old", "am": "ሊንደንባክ"}
    lindenbach.save()
    data = {"kind": "municipality", "name_en": "City of Lindenbach", "about_en": "The city", "phone": "+00 555 2"}
    assert desk(emeka).post(f"/staff/organisations/{lindenbach.pk}/", data).status_code == 302
    lindenbach.refresh_from_db()
    assert lindenbach.names == {"en": "City of Lindenbach", "am": "ሊንደንባክ"}, "languages not on the form stay"
    assert OutboxRow.objects.filter(event="access.organisation_changed").count() == 1
    assert Touch.objects.filter(key="organisation:lindenbach").exists()


def test_a_wrong_address_is_said_and_nothing_typed_is_lost(desk: Any, emeka: Any, lindenbach: Any) -> None:
    data = {"kind": "municipality", "name_en": "New name", "url": "javascript:alert(1)"}
    page = desk(emeka).post(f"/staff/organisations/{lindenbach.pk}/", data)
    assert page.context["form"].errors["url"]
    assert "New name" in page.content.decode()


def test_the_permission_table_names_each_page_and_who_may_come(desk: Any, emeka: Any) -> None:
    page = desk(emeka).get("/staff/permissions/").content.decode()
    assert "/staff/invite/" in page
    assert "Administrator" in page
    assert "/sign-in/2fa/app/" in page
    assert "/editor/*" in page


def test_a_pack_brings_an_organisation_with_all_its_languages() -> None:
    report = install(pack())
    town = Organisation.objects.get(key="town")
    assert report.created == ("organisations/town",)
    assert (town.names, town.abouts["ar"]) == ({"en": "Town of T", "ar": "بلدة"}, "About ar")
    assert (town.phone, town.fictional) == ("+00 555 1", True)


def test_the_same_pack_again_changes_nothing() -> None:
    install(pack())
    before = OutboxRow.objects.count()
    report = install(pack())
    assert (report.created, report.updated, report.unchanged) == ((), (), 1)
    assert OutboxRow.objects.count() == before


def test_a_new_version_updates_but_what_the_house_changed_stays() -> None:
    install(pack())
    town = Organisation.objects.get(key="town")
    town.phone = "+00 555 999"
    town.names = {**town.names, "fr": "Ville de T"}
    town.save()
    changed = pack("town,ngo,https://town.example,+00 555 2,desk@town.example\n", en="Town of Tee")
    report = install(changed, version="1.1.0")
    town.refresh_from_db()
    assert (town.kind, town.names["en"]) == ("ngo", "Town of Tee")
    assert (town.phone, town.names["fr"]) == ("+00 555 999", "Ville de T")
    assert (report.updated, report.kept) == (("organisations/town",), ("organisations/town",))
    assert install(changed, version="1.1.0").kept == ("organisations/town",), "it stays so at the next install"


def test_what_the_house_emptied_stays_empty_and_what_the_pack_took_out_goes() -> None:
    install(pack())
    Organisation.objects.filter(key="town").update(email="")
    without_phone = pack("town,municipality,https://town.example,,desk@town.example\n")
    install(without_phone, version="1.1.0")
    town = Organisation.objects.get(key="town")
    assert (town.email, town.phone) == ("", "")


def test_another_pack_cannot_change_who_readers_trust() -> None:
    install(pack())
    fake = pack("town,municipality,https://evil.example,+00 666 1,desk@town.example\n")
    report = install(fake, pack="evil", publisher="town")
    assert {problem.code for problem in report.problems} == {"organisation-of-another-pack"}
    assert all(problem.refuses for problem in report.problems)


def test_an_organisation_that_the_house_made_is_not_overwritten_by_a_pack(organisation: Any) -> None:
    organisation("town", kind="municipality", phone="+00 555 7", names={"en": "Our town"})
    report = install(pack())
    town = Organisation.objects.get(key="town")
    assert (town.phone, town.names) == ("+00 555 7", {"en": "Our town", "ar": "بلدة"})
    assert report.kept == ("organisations/town",)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("Town!,municipality,,,\n", "key-wrong"),
        ("town,municipality,,,\ntown,ngo,,,\n", "key-twice"),
        ("town,kingdom,,,\n", "kind-unknown"),
        ("town,ngo,javascript:alert(1),,\n", "url"),
        ("town,ngo,http://to\u202ewn.example,,\n", "bidi-control"),
        ("town,ngo,,call me,\n", "phone"),
        ("town,ngo,,,nobody\n", "email"),
        ("town,ngo,,n/a,\n", "cell-empty"),
        ("town,ngo,,,,,extra\n", "cell-without-header"),
        ('town,"ngo,,,\n', "csv-broken"),
    ],
)
def test_a_wrong_row_is_named_with_its_cure(rows: str, code: str) -> None:
    problems = PART.check(HEAD, pack(rows))
    assert code in {problem.code for problem in problems}
    assert all(problem.cure and problem.file == TABLE.path for problem in problems)


def test_a_table_with_wrong_columns_or_bytes_is_refused() -> None:
    assert PART.check(HEAD, {TABLE.path: b"key,kind\n"})[0].code == "columns"
    assert PART.check(HEAD, {TABLE.path: b"\xff\xfe\x00"})[0].code == "not-utf-8"
    assert PART.check(HEAD, {TABLE.path: b""})[0].code == "header-missing"
    assert PART.check(HEAD, {}) == []


def test_what_one_house_exports_another_installs() -> None:
    install(pack())
    export = export_organisations("town", {**HEAD, "languages": ["en", "ar"]})
    assert PART.check(HEAD, export.files) == []
    before = Organisation.objects.get(key="town")
    Organisation.objects.all().delete()
    install(export.files)
    after = Organisation.objects.get(key="town")
    assert (after.names, after.abouts, after.url, after.kind) == (before.names, before.abouts, before.url, before.kind)
