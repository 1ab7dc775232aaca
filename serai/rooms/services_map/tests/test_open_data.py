"""The open directory: what other programs ask and get, checked against the standard and against our own description."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from serai.engine.shell.published import answers
from serai.engine.shell.published.following import follow_touches
from serai.engine.shell.published.generation import folder
from serai.lib.hsds.check import check_rows, check_service
from serai.lib.hsds.nested import to_tables
from serai.lib.hsds.ours import TAXONOMY, table_of, term_id

from ..actions.closing import close_place, end_closure
from ..forms_api import PATHS
from ..models import HoursChange, KeptRow, Location, Service, ServiceAtLocation
from .a_directory import directory, key

pytestmark = pytest.mark.django_db
API = "/api/hsds"


@pytest.fixture
def dora(staff: Any, lindenbach: Any) -> Any:
    """Dora stands at the doors of Lindenbach."""
    return staff("dora", lindenbach, "services_map.local")


@pytest.fixture
def keeping(settings: Any, tmp_path: Path) -> Path:
    """The house keeps its answers as files."""
    settings.SERAI_PUBLISH, settings.SERAI_PUBLISHED = True, tmp_path / "published"
    return tmp_path / "published"


def told(public: Client, path: str) -> Any:
    answer = public.get(f"{API}/{path}")
    assert answer.status_code == 200, (path, answer.content)
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


def kept_files() -> list[Path]:
    return sorted((folder().pages / "~answers").glob("*.json"))


class Described:
    """The house's own OpenAPI document, and whether an answer is what it says."""

    def __init__(self, public: Client) -> None:
        address = told(public, "")["openapi_url"]
        self.document = public.get(f"/{address.split('/', 3)[3]}").json()

    def check(self, operation: dict[str, Any], status: int, answer: Any) -> None:
        schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
        assert not [*self.wrong(schema, answer, "")]

    def wrong(self, schema: dict[str, Any], value: Any, at: str) -> Any:
        """Where a value is not what a schema says; what no property names is wrong too."""
        properties, required = self.whole(schema)
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": int | float}
        schema = self.followed(schema)
        kind = "object" if properties else schema["type"]
        if not isinstance(value, kinds[kind]):
            yield at, kind, value
        elif kind == "array":
            for number, item in enumerate(value):
                yield from self.wrong(schema["items"], item, f"{at}[{number}]")
        elif kind == "object":
            yield from ((at, name, "missing") for name in required if name not in value)
            yield from ((at, name, "unknown") for name in value if name not in properties)
            for name in value.keys() & properties.keys():
                yield from self.wrong(properties[name], value[name], f"{at}.{name}")
        elif value not in schema.get("enum", [value]):
            yield at, "enum", value
        elif schema.get("format") == "date":
            date.fromisoformat(value)
        elif schema.get("format") == "date-time":
            datetime.fromisoformat(value)

    def followed(self, schema: dict[str, Any]) -> dict[str, Any]:
        name = schema.get("$ref", "").rpartition("/")[2]
        found: dict[str, Any] = self.document["components"]["schemas"][name] if name else schema
        return found

    def whole(self, schema: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        parts = [self.followed(part) for part in schema.get("allOf", [schema])]
        properties = {name: rule for part in parts for name, rule in part.get("properties", {}).items()}
        return properties, [name for part in parts for name in part.get("required", ())]


def test_every_path_that_is_described_answers_as_it_is_described_and_no_other_does(town: Any, public: Client) -> None:
    described = Described(public)
    assert described.document["openapi"].startswith("3.1")
    assert described.document["servers"][0]["url"].endswith(API)
    rows = {
        "services": key("doctor"),
        "organizations": key("house"),
        "service_at_locations": key("doctor-at"),
        "taxonomies": TAXONOMY,
        "taxonomy_terms": term_id("need", "food"),
    }
    answered = set()
    for path, methods in described.document["paths"].items():
        table = path.strip("/").split("/")[0]
        names = [parameter["name"] for parameter in methods["get"]["parameters"] if parameter["in"] == "query"]
        for query in ("", *(["?full=true"] if "full" in names else [])):
            where = path.replace("{id}", rows.get(table, "")).lstrip("/") + query
            described.check(methods["get"], 200, told(public, where))
        if path != "/":
            wrong = public.get(f"{API}{path.replace('{id}', rows[table])}?colour=red")
            described.check(methods["get"], wrong.status_code, wrong.json())
            answered.add(path)
    assert answered == {f"/{table}{more}" for table in PATHS for more in ("", "/{id}")}
    assert public.get(f"{API}/secrets").status_code == 404
    assert public.get(f"{API}/secrets/{key('doctor')}").status_code == 404
    assert public.post(f"{API}/services").status_code == 405


def test_what_is_answered_is_valid_hsds(town: Any, public: Client) -> None:
    services = told(public, "services?full=true")["contents"]
    assert len(services) == 7
    assert [problem for service in services for problem in check_service(service)] == []
    brief = told(public, "services")["contents"]
    assert [problem for service in brief for problem in check_service(service)] == []
    assert not [service for service in brief if any(isinstance(part, list) for part in service.values())]
    assert {service["organization"]["name"] for service in brief} == {"Doctors for all", "A house for all"}
    at = told(public, "service_at_locations?full=true")["contents"]
    nested = [{**row.pop("service"), "service_at_locations": [row]} for row in at]
    assert [problem for service in nested for problem in check_service(service)] == []
    organizations = told(public, "organizations?full=true")["contents"]
    assert {len(row.pop("services")) for row in organizations} == {3, 4}
    terms, taxonomies = (told(public, f"{name}?per_page=200")["contents"] for name in ("taxonomy_terms", "taxonomies"))
    tables, problems = to_tables({"organization": organizations, "taxonomy_term": terms, "taxonomy": taxonomies})
    assert [*problems, *check_rows(tables)] == []


def test_the_open_directory_answers_page_by_page(town: Any, public: Client) -> None:
    page = told(public, "services?per_page=3&page=2")
    assert (page["total_items"], page["total_pages"], page["page_number"], page["size"]) == (7, 3, 2, 3)
    assert (page["first_page"], page["last_page"], page["empty"]) == (False, False, False)
    seen = [row["id"] for number in (1, 2, 3) for row in told(public, f"services?per_page=3&page={number}")["contents"]]
    assert len(seen) == len(set(seen)) == 7
    one = told(public, f"services/{key('doctor')}")
    assert (one["name"], one["organization"]["name"]) == ("Doctor at the harbour", "Doctors for all")
    answer = public.get(f"{API}/services?per_page=3&page=4")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no page 4: the last one is 3.")


def test_fifty_stand_on_a_page(bring: Any, public: Client) -> None:
    tables = directory()
    row = tables["service"].rows[0]
    more = [{**row.cells, "id": key(f"doctor {number}")} for number in range(60)]
    bring({**tables, "service": table_of("service", [*(found.cells for found in tables["service"].rows), *more])})
    page = told(public, "services")
    assert (page["total_items"], page["size"], page["total_pages"]) == (67, 50, 2)


def test_services_are_narrowed_down_by_need_by_people_and_by_organization(town: Any, public: Client) -> None:
    food = told(public, f"services?taxonomy_term_id={term_id('need', 'food')}")["contents"]
    assert [row["name"] for row in food] == ["Warm meals"]
    Service.objects.filter(pk=key("doctor")).update(audiences=["women"])
    from ..actions.offering import make_offers

    make_offers([Service.objects.get(pk=key("doctor")).pk])
    women = told(public, f"service_at_locations?taxonomy_term_id={term_id('audience', 'women')}")["contents"]
    assert [row["service"]["name"] for row in women] == ["Doctor at the harbour"]
    health = told(public, f"services?organization_id={key('health')}")["contents"]
    assert {row["organization"]["id"] for row in health} == {key("health")}
    doctors = told(public, f"organizations?taxonomy_term_id={term_id('need', 'doctor')}")["contents"]
    assert [row["name"] for row in doctors] == ["Doctors for all"]
    assert told(public, f"services?organization_id={key('nobody')}")["empty"] is True


@pytest.mark.parametrize(
    ("question", "parameter"),
    [
        ("services?page=0", "page"), ("services?page=-1", "page"), ("services?page=two", "page"),
        ("services?page=%D9%A2", "page"), ("services?page=1&page=2", "page"), ("services?per_page=201", "per_page"),
        ("services?per_page=0", "per_page"), ("services?full=yes", "full"), ("services?format=ndjson", "format"),
        ("services?organization_id=doctors", "organization_id"), ("services?taxonomy_term_id=food", "taxonomy_term_id"),
        (f"services?taxonomy_term_id={TAXONOMY}", "taxonomy_term_id"), ("services?search=doctor", "search"),
        ("services?modified_after=2026-01-01", "modified_after"), ("taxonomies?full=true", "full"),
        ("taxonomy_terms?taxonomy_id=", "taxonomy_id"), (f"services/{TAXONOMY}?full=true", "full"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_with_a_sentence(public: Client, question: str, parameter: str) -> None:
    answer = public.get(f"{API}/{question}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("row", ["services/doctor", f"services/{key('nobody')}", "services/%00", "taxonomy_terms/x"])
def test_what_is_not_there_says_so_in_json(town: Any, public: Client, row: str) -> None:
    answer = public.get(f"{API}/{row}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    loose = public.get(f"{API}/services/{key('doctor').replace('-', '')}")
    assert loose.status_code == 404, "one way of writing an id, one kept answer"


def test_vocabularies_hold_ours_and_those_that_came_with_a_directory(
    town: Any, lindenbach: Any, public: Client
) -> None:
    cells = {"id": "their-own", "name": "Their own words", "description": "Brought in"}
    KeptRow.objects.create(publisher=lindenbach, table="taxonomy", row_id="their-own", cells=cells)
    term = {"id": "t1", "name": "Bread", "description": "Bread", "taxonomy_id": "their-own"}
    KeptRow.objects.create(publisher=lindenbach, table="taxonomy_term", row_id="t1", cells=term)
    assert [row["name"] for row in told(public, "taxonomies")["contents"]] == ["Serai", "Their own words"]
    assert told(public, "taxonomies/their-own")["description"] == "Brought in"
    theirs = told(public, "taxonomy_terms?taxonomy_id=their-own")["contents"]
    assert [(row["name"], row["taxonomy_detail"]["name"]) for row in theirs] == [("Bread", "Their own words")]
    food = told(public, f"taxonomy_terms/{term_id('need', 'food')}")
    assert (food["code"], food["taxonomy_detail"]["id"]) == ("serai:need:food", TAXONOMY)


def test_any_page_of_the_web_may_read_it_and_a_proxy_asks_each_time(town: Any, public: Client) -> None:
    for path in ("", "openapi.json", "services", f"services/{key('doctor')}", "services?page=0", "services/x"):
        answer = public.get(f"{API}/{path}")
        assert answer.headers["Access-Control-Allow-Origin"] == "*", path
        assert answer.headers["Cache-Control"] == "public, no-cache", path
        assert not answer.cookies
    again = public.get(f"{API}/services", headers={"if-none-match": public.get(f"{API}/services").headers["ETag"]})
    assert (again.status_code, again.content, again.headers["Access-Control-Allow-Origin"]) == (304, b"", "*")


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_what_was_answered_once_is_answered_again_without_the_database(
    town: Any, public: Client, keeping: Path, django_assert_num_queries: Any
) -> None:
    for path in (
        "services",
        "services?full=true",
        f"services/{key('doctor')}",
        "organizations",
        "service_at_locations",
    ):
        first = public.get(f"{API}/{path}", headers={"accept-encoding": "br"})
        with django_assert_num_queries(0):
            again = public.get(f"{API}/{path}", headers={"accept-encoding": "br"})
            known = public.get(
                f"{API}/{path}", headers={"accept-encoding": "br", "if-none-match": first.headers["ETag"]}
            )
            plain = public.get(f"{API}/{path}")
        assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])
        assert (known.status_code, known.content) == (304, b"")
        assert plain.json()
    assert len(kept_files()) == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_no_question_fills_the_disk(town: Any, public: Client, keeping: Path, monkeypatch: Any) -> None:
    odd = ["services?per_page=7", "services?per_page=51", "services?page=2&per_page=3", "services?colour=red"]
    odd += [f"services?organization_id={key(f'nobody {number}')}" for number in range(9)]
    odd += ["services?page=9", f"services/{key('nobody')}", "services/x", "taxonomies", "taxonomy_terms?taxonomy_id=x"]
    for path in odd:
        public.get(f"{API}/{path}")
    assert kept_files() == []
    for path in ("services", "services?page=1", "services/?per_page=50&page=1", "services?format=json&full=false"):
        public.get(f"{API}/{path}")
    assert len(kept_files()) == 1, "one question, however it is written"
    monkeypatch.setattr(answers, "MOST", 2)
    for path in ("organizations", "service_at_locations", f"services/{key('doctor')}"):
        assert public.get(f"{API}/{path}").status_code == 200
    assert len(kept_files()) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_a_closing_is_in_every_answer_at_once_and_gone_when_it_ends(
    town: Any, public: Client, keeping: Path, dora: Any
) -> None:
    paths = ("services", f"services/{key('doctor')}", f"service_at_locations/{key('doctor-at')}")
    for path in paths:
        assert "Closed from" not in public.get(f"{API}/{path}").content.decode()
    ends = timezone.now() + timedelta(hours=8)
    closure = close_place(by=dora, service=Service.objects.get(pk=key("doctor")), ends=ends, reasons={"en": "No water"})
    assert kept_files() == []
    for path in paths:
        assert "No water" in public.get(f"{API}/{path}").content.decode(), path
    alert = told(public, f"services/{key('doctor')}")["alert"]
    assert alert.startswith("Closed from ")
    assert check_service(told(public, f"services/{key('doctor')}")) == []
    assert len([row for row in told(public, "services")["contents"] if row.get("alert")]) == 1
    end_closure(by=dora, closure=closure)
    for path in paths:
        assert "Closed from" not in public.get(f"{API}/{path}").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_an_answer_in_which_a_closing_ends_does_not_outlive_it(
    town: Any, public: Client, keeping: Path, dora: Any
) -> None:
    ends = timezone.now() + timedelta(minutes=30)
    close_place(by=dora, service=Service.objects.get(pk=key("doctor")), ends=ends, reasons={})
    assert "Closed from" in public.get(f"{API}/services").content.decode()
    assert folder().take_expired(now=ends.timestamp() - 120) == 0
    assert folder().take_expired(now=ends.timestamp()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_another_process_follows_a_closing(
    town: Any, public: Client, keeping: Path, dora: Any, monkeypatch: Any
) -> None:
    follow_touches()
    public.get(f"{API}/services")
    assert len(kept_files()) == 1
    # A closing on another server: nobody here is told on commit, only the clock finds it.
    monkeypatch.setattr("serai.kernel.ledger.actions.TOUCHED", [])
    close_place(
        by=dora, service=Service.objects.get(pk=key("doctor")), ends=timezone.now() + timedelta(hours=1), reasons={}
    )
    assert len(kept_files()) == 1
    assert follow_touches() == 1
    assert "Closed from" in public.get(f"{API}/services").content.decode()


def test_one_of_several_places_that_is_closed_says_so_there_and_not_of_the_service(
    town: Any, public: Client, dora: Any, lindenbach: Any
) -> None:
    service, second = Service.objects.get(pk=key("doctor")), Location.objects.get(pk=key("shelter-place"))
    ServiceAtLocation.objects.create(pk=key("second"), publisher=lindenbach, service=service, location=second)
    ends = timezone.now() + timedelta(hours=1)
    close_place(by=dora, service=service, location=second, ends=ends, reasons={"en": "A burst pipe"})
    one = told(public, f"services/{key('doctor')}")
    assert "alert" not in one
    said = {at["id"]: at.get("description", "") for at in one["service_at_locations"]}
    assert said[key("doctor-at")] == ""
    assert "A burst pipe" in said[key("second")]
    assert "A burst pipe" in told(public, f"service_at_locations/{key('second')}")["description"]
    shelter = told(public, f"services/{key('shelter')}")
    assert "A burst pipe" in shelter["alert"], "its only place is that one"


def test_hours_of_some_days_are_said_while_they_last(town: Any, public: Client) -> None:
    today = timezone.localdate()
    for first, last, hours in ((today, today, "10:00-12:00"), (today - timedelta(2), today - timedelta(1), "off")):
        HoursChange.objects.create(
            service_id=key("clinic"), first=first, last=last, hours=hours, reasons={"en": "Fasting"}
        )
    alert = told(public, f"services/{key('clinic')}")["alert"]
    assert alert == f"Other hours from {today} to {today}: 10:00-12:00. Fasting"
