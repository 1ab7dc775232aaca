"""Nobody's address or browser is kept: not in the database, not in a session, not in a cache, not in a log."""

from __future__ import annotations

import io
import json
import logging
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.serializers import serialize
from django.db import connection

from .people import code_of, give_password, with_codes, with_password

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.77"
BROWSER = "Canary/77 (a browser like no other)"
FROM = {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": BROWSER, "HTTP_X_FORWARDED_FOR": ADDRESS}
CANARIES = (ADDRESS, "Canary/77")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any logger says, at the finest level, as our formatter writes it."""
    from django.conf import settings

    written = io.StringIO()
    handler = logging.StreamHandler(written)
    plain = settings.LOGGING["formatters"]["plain"]
    handler.setFormatter(logging.Formatter(plain["format"], style=plain["style"]))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    silent = list(map(logging.getLogger, ("django", "django.request", "django.security", "django.server")))
    levels = [each.level for each in silent]
    for each in silent:
        each.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)
    for each, level in zip(silent, levels, strict=True):
        each.setLevel(level)


def everything_kept() -> dict[str, str]:
    """The whole database by table, sessions unpacked, and the whole cache."""
    kept = {}
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            kept[f"table {table}"] = repr(cursor.fetchall())
    for model in apps.get_models():
        if model._meta.db_table in tables:  # the search index of SQLite is a model everywhere
            kept[f"model {model._meta.label}"] = serialize("json", model._default_manager.all())
    for number, row in enumerate(Session.objects.all()):
        kept[f"session {number}"] = json.dumps(row.get_decoded())
    for key, value in cache._cache.items():
        kept[f"cache {key}"] = f"{key} {pickle.loads(value)!r}"  # noqa: S301 - our own cache
    return kept


def found_in(kept: dict[str, str]) -> list[str]:
    return [place for place, text in kept.items() if any(canary in text for canary in CANARIES)]


def test_signing_in_failing_and_being_refused_leaves_no_address_and_no_browser(
    desk: Any, ana: Any, bilal: Any, log: io.StringIO
) -> None:
    with_codes(ana)
    for _try in range(7):
        give_password(desk(), ana, "wrong", **FROM)
    cache_was_used = len(cache._cache) > 0
    kept = everything_kept()
    cache.clear()
    client = desk()
    give_password(client, ana, **FROM)
    client.post("/sign-in/2fa/code/", {"code": "nonsense"}, **FROM)
    client.post("/sign-in/2fa/code/", {"code": code_of(ana)}, **FROM)
    assert client.get("/staff/me/", **FROM).status_code == 200
    client.get("/staff/permissions/", **FROM)
    client.get("/nothing/here/", **FROM)
    client.get("/sign-in/2fa/keys/sign-in/", HTTP_ACCEPT="application/json", **FROM)
    with_password(bilal)
    other = desk()
    give_password(other, bilal, **FROM)
    other.get("/sign-in/2fa/app/", **FROM)
    kept |= everything_kept()
    assert cache_was_used
    assert any(place.startswith("session") for place in kept)
    assert "django.request" in log.getvalue(), "the log was really listened to"
    assert found_in(kept) == []
    assert [canary for canary in CANARIES if canary in log.getvalue()] == []


def test_being_asked_for_the_password_again_keeps_only_where_one_wanted_to_go(desk: Any, ana: Any) -> None:
    """The library would put the whole request into the session: see PermissionRows.process_exception."""
    client = desk(with_codes(ana))
    answer = client.post("/sign-in/2fa/recovery/new/", {"what": "was typed"}, **FROM)
    assert answer.headers["Location"] == "/sign-in/again/?next=/sign-in/2fa/recovery/new/"
    assert found_in(everything_kept()) == []
    assert "was typed" not in "".join(everything_kept().values())


def test_the_test_would_find_an_address_in_a_session(desk: Any, ana: Any) -> None:
    client = desk(ana)
    session = client.session
    session["who"] = {"META": FROM}
    session.save()
    assert any(place.startswith("session") for place in found_in(everything_kept()))


def test_tries_are_counted_under_a_name_that_another_process_cannot_make(rf: Any, monkeypatch: Any) -> None:
    from serai.kernel.access import adapters

    adapter, request = adapters.StaffAccounts(), rf.get("/", REMOTE_ADDR=ADDRESS)
    here = adapter.get_client_ip(request)
    assert here == adapter.get_client_ip(request)
    assert here != adapter.get_client_ip(rf.get("/", REMOTE_ADDR="203.0.113.78"))
    monkeypatch.setattr(adapters, "_OF_THIS_PROCESS", b"another start")
    assert here != adapter.get_client_ip(request)


def test_a_network_of_version_six_counts_as_one_sender(rf: Any) -> None:
    from serai.kernel.access.adapters import StaffAccounts

    names = {StaffAccounts().get_client_ip(rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{n}")) for n in range(1, 5)}
    assert len(names) == 1


def test_no_library_that_keeps_addresses_is_installed() -> None:
    labels = {config.name for config in apps.get_app_configs()}
    assert not labels & {"allauth.usersessions", "axes", "django.contrib.admin", "easyaudit", "simple_history"}
