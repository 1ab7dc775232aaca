"""The coordinates and the address of a shelter stand in nothing that leaves the server: every page, file, answer and
table that others read is searched for them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.serializers import serialize
from django.test import Client

from serai.engine.content.models import SearchEntry
from serai.engine.content.search import find, reindex
from serai.kernel.ledger.models import OutboxRow, Touch
from serai.lib.hsds.ours import TAXONOMY, term_id

from ..actions.placing import set_sensitivity
from ..forms_api import PATHS
from ..models import Location, Offer
from .a_directory import KITCHEN, SHELTER, key

pytestmark = pytest.mark.django_db

SECRETS = (
    *(f"{number:.4f}" for number in (*SHELTER, *KITCHEN)),
    "Hidden Lane",
    "House of shelter",
    "House of kitchen",
    "1 kitchen Street",
)


def _clean(told: str, where: str) -> None:
    found = [secret for secret in SECRETS if secret in told]
    assert not found, f"{where} tells {found}"


@pytest.fixture
def public() -> Client:
    return Client(headers={"host": settings.SERAI_PUBLIC_HOST})


def test_no_page_and_no_answer_says_where_a_hidden_place_is(town: Any, public: Client) -> None:
    near = f"?place={SHELTER[0]},{SHELTER[1]}"
    pages = [
        f"/{tag}{path}"
        for tag in settings.SERAI_LANGUAGES
        for path in (
            "/near/?place=45.1,13.6",
            "/near/?place=45.1,13.6&need=shelter",
            "/near/?place=45.1,13.6&need=food&open_now=on",
            "/services/",
            f"/services/{key('shelter')}/",
            f"/services/{key('kitchen')}/",
            "/search/?q=bed",
        )
    ]
    for page in [*pages, *open_paths()]:
        answer = public.get(page)
        assert answer.status_code == 200, page
        _clean(answer.content.decode(), page)
    # Where the person asks from is said back, and nothing else of that place.
    assert "House of shelter" not in public.get(f"/en/near/{near}").content.decode()


def open_paths() -> list[str]:
    """Every path of the open directory, each list also at length, and rows of places that are not public."""
    lists = [f"/api/hsds/{table}{more}" for table in PATHS for more in ("", "/")]
    lists += [f"/api/hsds/{table}?full=true" for table, path in PATHS.items() if "full" in path.parameters]
    term = term_id("need", "shelter")
    lists += [f"/api/hsds/{table}?full=true&taxonomy_term_id={term}" for table in ("services", "service_at_locations")]
    rows = [f"services/{key(name)}" for name in ("shelter", "kitchen")]
    rows += [f"service_at_locations/{key(f'{name}-at')}" for name in ("shelter", "kitchen")]
    rows += [f"organizations/{key('house')}", f"taxonomies/{TAXONOMY}", f"taxonomy_terms/{term}"]
    return ["/api/hsds/", "/api/hsds/openapi.json", *lists, *(f"/api/hsds/{row}" for row in rows)]


def _asked_until_kept(public: Client, folder: Path) -> list[Path]:
    """Files of answers. While any transaction on the same PostgreSQL is open, also that of the tests beside these, the
    house takes care and keeps nothing new: asked again for a while."""
    deadline = time.monotonic() + 60
    while True:
        for page in open_paths():
            public.get(page)
        kept = [*(folder / "published").rglob("~answers/*.json")]
        if len(kept) > 10 or time.monotonic() > deadline:
            return kept


@pytest.mark.django_db(transaction=True)
def test_no_file_of_a_kept_answer_holds_it_not_even_of_a_place_that_was_public_before(
    town: Any, public: Client, settings: Any, tmp_path: Path, staff: Any, lindenbach: Any
) -> None:
    settings.SERAI_PUBLISH, settings.SERAI_PUBLISHED = True, tmp_path / "published"
    bilal = staff("bilal", lindenbach, "services_map.editor")
    shelter = Location.objects.get(pk=key("shelter-place"))
    set_sensitivity(by=bilal, location=shelter, sensitivity="public")
    kept = _asked_until_kept(public, tmp_path)
    assert any("Hidden Lane" in file.read_text() for file in kept), "while it is public"
    set_sensitivity(by=bilal, location=shelter, sensitivity="contact-only")
    assert not [*(tmp_path / "published").rglob("~answers/*.json*")]
    for page in open_paths():
        _clean(public.get(page).content.decode(), page)
    kept = _asked_until_kept(public, tmp_path)
    assert len(kept) > 10
    for file in kept:
        _clean(file.read_text(encoding="utf-8"), str(file))


def test_no_row_that_is_read_for_the_public_holds_it(town: Any) -> None:
    reindex()
    for model in (Offer, SearchEntry, Touch, OutboxRow):
        _clean(serialize("json", model.objects.all()), model.__name__)
    assert find("bed for the night", "en")
    assert not [hit for hit in find("Hidden Lane", "en") if "bed" in hit.title.lower()]


def test_no_file_that_is_written_holds_it(town: Any, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from ..exchange.command_out import export_4w, export_hsds

    for name in ("folder", "a.zip", "a.json"):
        result = CliRunner().invoke(export_hsds, [str(tmp_path / name)])
        assert result.exit_code == 0, result.output
    assert CliRunner().invoke(export_4w, [str(tmp_path / "4w.csv")]).exit_code == 0
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for entry in archive.namelist():
            _clean(archive.read(entry).decode(), entry)
    for file in (*tmp_path.glob("*.json"), *tmp_path.glob("*.csv"), *(tmp_path / "folder").iterdir()):
        _clean(file.read_text(encoding="utf-8"), file.name)
    told = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert "A bed for the night" in {service["name"] for service in told["service"]}


def test_an_address_whose_place_is_not_in_the_files_is_let_go(bring: Any) -> None:
    from serai.lib.hsds.ours import table_of

    from ..models import KeptRow
    from .a_directory import directory

    tables = directory()
    lost = [{**row.cells, "location_id": key("nowhere")} for row in tables["address"].rows]
    report = bring({**tables, "address": table_of("address", lost)})
    assert not report.is_refused
    assert {problem.code for problem in report.problems} == {"reference-missing"}
    assert "Hidden Lane" not in serialize("json", KeptRow.objects.all())


def test_the_command_answers_without_it(town: Any) -> None:
    from click.testing import CliRunner

    from ..command import near

    result = CliRunner().invoke(near, ["--place", "45.1,13.6", "--json"])
    assert result.exit_code == 0
    _clean(result.output, "serai near")
    told = json.loads(result.output)
    assert {row["name"] for row in told["by_contact"]} == {"A bed for the night", "Advice by phone"}
    assert {(row["metres"], row["latitude"], row["longitude"]) for row in told["by_contact"]} == {(None, None, None)}
