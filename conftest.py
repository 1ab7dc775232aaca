"""What every test may use: a migrated database, named people, the public host and the desk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as tries

# A busy machine is slow, not wrong: examples are judged by what comes out, never by the time they took.
tries.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
tries.load_profile("house")

ROOT = Path(__file__).resolve().parent
SHARED = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--on=postgres` runs the same tests on the real PostgreSQL."""
    parser.addoption("--on", default="sqlite", choices=["sqlite", "postgres"])


def pytest_configure() -> None:
    """Passwords of tests are guessed by nobody: hundreds of slow ones would only cost minutes."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1000


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `-n 2`, who runs what."""
    from tests.sharing import ByHouse

    config.option.loadscopereorder = False  # tests that empty the database stay behind those that need what is in it

    return ByHouse(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest comes first. Tests on real data are skipped, with the reason, where it is not there."""
    from tests.sharing import turn

    items.sort(key=lambda item: turn(item.nodeid))
    if not SHARED.exists():
        skip = pytest.mark.skip(reason=f"the shared data folder is not beside the project ({SHARED.name})")
        for item in items:
            if "shared_data" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data."""
    return SHARED


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """Points the one connection at a fresh copy of the migrated database."""
    from django.db import connections

    from serai.config.env import database
    from tests.databases import postgres_copy, sqlite_copy

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    if request.config.getoption("--on") == "postgres":
        url = postgres_copy(f"serai_{os.getpid()}_{worker}")
    else:
        url = f"sqlite://{sqlite_copy(tmp_path_factory.mktemp('database'))}"
    os.environ["SERAI_DATABASE_URL"] = url
    fresh = {**database(ROOT), "ATOMIC_REQUESTS": True}
    fresh.get("OPTIONS", {}).pop("pool", None)
    connection = connections["default"]
    with django_db_blocker.unblock():
        connection.close()
        for key, value in fresh.items():
            connection.settings_dict[key] = value
        connections.databases["default"].update(fresh)
        if connection.vendor != ("postgresql" if "postgresql" in fresh["ENGINE"] else "sqlite"):
            del connections["default"]
    if "postgresql" in fresh["ENGINE"]:
        # Wagtail's index of the editor is told of the database when the apps are ready, which was before.
        from modelsearch.backends.database.postgres.weights import BOOSTS_WEIGHTS, set_weights

        if not BOOSTS_WEIGHTS:
            set_weights()
    yield
    with django_db_blocker.unblock():
        connections["default"].close()


@pytest.fixture
def organisation(db: None) -> Callable[..., Any]:
    """Makes an organisation: organisation("lindenbach")."""
    from serai.kernel.access.models import Organisation

    def make(key: str, **fields: Any) -> Any:
        names = fields.pop("names", {"en": key.replace("-", " ").title()})
        return Organisation.objects.get_or_create(key=key, defaults={"names": names, **fields})[0]

    return make


@pytest.fixture
def lindenbach(organisation: Callable[..., Any]) -> Any:
    """The municipality in which most tests happen."""
    return organisation("lindenbach", kind="municipality", names={"en": "City of Lindenbach", "ar": "مدينة ليندنباخ"})


@pytest.fixture
def port_amsel(organisation: Callable[..., Any]) -> Any:
    """Another publisher, in whose house the stranger works."""
    return organisation("port-amsel", kind="municipality", names={"en": "Town of Port Amsel"})


@pytest.fixture
def staff(db: None) -> Callable[..., Any]:
    """Makes a member of staff: staff("ana", lindenbach, "content.author")."""
    from serai.kernel.access.models import Membership, User
    from serai.kernel.register.ports import MEMBERSHIPS

    def make(name: str, organisation: Any = None, *roles: str, **fields: Any) -> Any:
        user = User.objects.filter(email=f"{name}@staff.example").first()
        user = user or User.objects.create_user(f"{name}@staff.example", None, name=name.title(), **fields)
        for role in roles:
            Membership.objects.create(user=user, organisation=organisation, role=role, title=f"Desk of {organisation}")
        for listener in MEMBERSHIPS:
            listener(str(user.pk))
        return user

    return make


@pytest.fixture
def ana(staff: Callable[..., Any], lindenbach: Any) -> Any:
    """Ana writes for Lindenbach."""
    return staff("ana", lindenbach, "content.author")


@pytest.fixture
def bilal(staff: Callable[..., Any], lindenbach: Any) -> Any:
    """Bilal, Ana's colleague, approves for Lindenbach and checks its facts."""
    return staff("bilal", lindenbach, "content.approver", "facts.checker")


@pytest.fixture
def chen(staff: Callable[..., Any], lindenbach: Any) -> Any:
    """Chen translates for Lindenbach."""
    return staff("chen", lindenbach, "content.translator")


@pytest.fixture
def dora(staff: Callable[..., Any], lindenbach: Any) -> Any:
    """Dora is trained for the urgent path at Lindenbach."""
    return staff("dora", lindenbach, "guides.urgent")


@pytest.fixture
def emeka(staff: Callable[..., Any], lindenbach: Any) -> Any:
    """Emeka administers the house."""
    return staff("emeka", lindenbach, "access.administrator")


@pytest.fixture
def stranger(staff: Callable[..., Any], port_amsel: Any) -> Any:
    """The stranger may do everything about content, but only at Port Amsel."""
    return staff(
        "stranger",
        port_amsel,
        "content.author",
        "content.approver",
        "content.translator",
        "facts.checker",
        "guides.urgent",
    )


@pytest.fixture
def public() -> Any:
    """A browser without anything, on the public host."""
    from django.conf import settings
    from django.test import Client

    return Client(HTTP_HOST=settings.SERAI_PUBLIC_HOST)


@pytest.fixture
def desk(db: None) -> Callable[..., Any]:
    """desk(ana): a browser on the desk, signed in with the second factor; desk() is nobody."""
    from django.conf import settings
    from django.test import Client

    def make(user: Any = None, second_factor: bool = True) -> Any:
        client = Client(HTTP_HOST=settings.SERAI_DESK_HOST)
        if user is not None:
            client.force_login(user)
            session = client.session
            methods = [{"method": "password"}, *([{"method": "mfa"}] if second_factor else [])]
            session["account_authentication_methods"] = methods
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    return make
