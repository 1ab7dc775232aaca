"""Several telephones at one point, at the same moment, on a real database: nothing is lost, nothing counts twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from serai.kernel.ledger.tests.conftest import OtherHouse
from tests.databases import postgres_server

pytestmark = pytest.mark.slow

PHONES, PRESSES = 4, 40

CODE = """
import os, sys, uuid
from django.db import connection
from serai.kernel.access.models import Membership, Organisation, User
from serai.kernel.access.viewer import viewer_for
from serai.rooms.services_map.actions.tallying import count_services, undo_press, write_sheet
from serai.rooms.services_map.models import Location, Organization, Service, ServiceAtLocation, TallyCount
from serai.rooms.services_map.queries.tally import point_for
from serai.kernel.facts.models import Fact

house = Organisation.objects.create(key="lindenbach", names={"en": "City"})
lena = User.objects.create_user("lena@staff.example", None, name="Lena")
Membership.objects.create(user=lena, organisation=house, role="services_map.local")
kitchen = Service.objects.create(
    publisher=house, organization=Organization.objects.create(publisher=house), needs=["food"],
    fact=Fact.objects.create(key="services_map.service:kitchen", organisation=house),
)
place = Location.objects.create(publisher=house)
ServiceAtLocation.objects.create(publisher=house, service=kitchen, location=place)
point = point_for(viewer=viewer_for(lena), pk=place.pk, tag="en")
double = [uuid.uuid4() for _ in range(PRESSES)]
gate, out = os.pipe()

def hang_up():
    connection.close()
    getattr(connection, "close_pool", connection.close)()

def phone(number):
    os.read(gate, 1)  # all begin together
    food = {"by": lena, "point": point, "kind": "food", "group": "", "number": 1}
    for at in range(PRESSES):
        count_services(**food, token=uuid.uuid4())
        count_services(**food, token=double[at])  # each phone sends the same pages again
        taken_back = uuid.uuid4()
        count_services(**{**food, "number": 5}, token=taken_back)
        undo_press(**{**food, "number": 5}, token=taken_back)
        if at % 10 == 0:
            write_sheet(by=lena, point=point, day=point.today, seen={}, token=uuid.uuid4(),
                        said={("food", "women"): 2, ("food", ""): 3, ("washing", ""): 1})

hang_up()
children = []
for number in range(PHONES):
    child = os.fork()
    if not child:
        status = 1
        try:
            phone(number)
            status = 0
        finally:
            sys.stderr.flush()
            hang_up()
            os._exit(status)
    children.append(child)
os.write(out, b"." * PHONES)
ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
found = {f"{row.kind} {row.group}".strip(): row.count for row in TallyCount.objects.all()}
print(json.dumps({"ended": ended, "found": found, "rows": TallyCount.objects.count(), "on": connection.vendor}))
"""


@pytest.fixture
def house_of_the_point(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A house of its own, whose database processes share."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    database = f"serai_tally_{worker}" if request.config.getoption("--on") == "postgres" else ""
    house = OtherHouse(tmp_path_factory.mktemp("house"), database)
    yield house
    house.inside.close()
    if database:
        import psycopg

        with psycopg.connect(postgres_server(), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def test_four_phones_at_once_lose_nothing_and_count_nothing_twice(
    house_of_the_point: OtherHouse, request: pytest.FixtureRequest
) -> None:
    verdict = house_of_the_point.run(f"PHONES, PRESSES = {PHONES}, {PRESSES}\n{CODE}")
    assert verdict["ended"] == [0] * PHONES
    assert (verdict["on"] == "postgresql") == (request.config.getoption("--on") == "postgres")
    sheets = PHONES * (PRESSES // 10)
    assert verdict["found"] == {
        "food": PHONES * PRESSES + PRESSES + 3 * sheets,
        "food women": 2 * sheets,
        "washing": sheets,
    }
    assert verdict["rows"] == 3
