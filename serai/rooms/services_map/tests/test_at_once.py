"""Two who write at the same moment, on a real database: whoever hides a place has the last word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from ..actions.editing import ServiceSaid, add_service, edit_service, seen_state
from ..actions.placing import set_sensitivity
from ..models import Location, Offer, Organization, Service
from .a_directory import as_public, directory, key

pytestmark = pytest.mark.django_db(transaction=True)
A_WHILE = 1.5
"""Seconds in which the other one would be through, if nothing held it."""


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Somebody else, who begins when the caller says so, and is through at the end."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:  # handed on below
            failed.append(error)
        finally:
            connection.close()
            getattr(connection, "close_pool", connection.close)()

    other = Thread(target=run)

    def begin() -> None:
        other.start()
        other.join(A_WHILE)

    yield begin
    other.join()
    assert not failed, failed


def _place() -> Location:
    return Location.objects.get(pk=key("doctor-place"))


def _hidden() -> None:
    place = _place()
    assert (place.sensitivity, place.latitude, place.cells.get("name")) == ("contact-only", None, None)
    assert not Offer.objects.filter(at__location=place, latitude__isnull=False).exists()


def test_a_place_that_is_hidden_during_an_import_stays_hidden(
    town: Any, bring: Any, staff: Any, lindenbach: Any
) -> None:
    editor = staff("bilal", lindenbach, "services_map.editor")
    tables = as_public(directory(), but={"shelter": "contact-only", "kitchen": "approximate"})
    for table in ("organization", "location"):
        for row in tables[table].rows:
            row.cells["description"] = "New words"
    begun: list[int] = []

    def hide() -> None:
        set_sensitivity(by=editor, location=_place(), sensitivity="contact-only")

    with meanwhile(hide) as begin:

        def progress(rows: int) -> None:
            if not begun:
                begin()
            begun.append(rows)

        assert not bring(tables, progress=progress).is_refused
    assert begun
    _hidden()


def test_a_place_that_is_hidden_while_its_service_is_written_has_no_offer_with_its_point(
    town: Any, staff: Any, lindenbach: Any
) -> None:
    editor = staff("bilal", lindenbach, "services_map.editor")

    def hide() -> None:
        set_sensitivity(by=editor, location=_place(), sensitivity="contact-only")

    service = Service.objects.get(pk=key("doctor"))
    said = ServiceSaid({"name": "Doctor at the quay"}, ["doctor"], ["ar"], [], "", "", "active")
    with meanwhile(hide) as begin, transaction.atomic():
        edit_service(by=editor, service=service, seen=seen_state(service), said=said)
        begin()
    assert Service.objects.get(pk=key("doctor")).cells["name"] == "Doctor at the quay"
    _hidden()


def test_a_service_that_is_new_at_a_place_being_hidden_has_no_offer_with_its_point(
    town: Any, staff: Any, lindenbach: Any
) -> None:
    editor = staff("bilal", lindenbach, "services_map.editor")
    organization = Organization.objects.get(pk=key("health"))

    def add() -> None:
        add_service(by=editor, organization=organization, tag="en", name="Nurse", needs=["doctor"], location=_place())

    with meanwhile(add) as begin, transaction.atomic():
        set_sensitivity(by=editor, location=_place(), sensitivity="contact-only")
        begin()
    assert Offer.objects.filter(service__cells__name="Nurse").exists()
    _hidden()
