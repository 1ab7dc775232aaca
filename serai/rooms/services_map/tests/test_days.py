"""Other hours for some days: read at once by everybody who asks, in every language, gone when they are taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.kernel.ledger.models import OutboxRow

from ..models import HoursChange, Service
from .a_directory import key

pytestmark = pytest.mark.django_db


def days(count: int, **said: str) -> dict[str, str]:
    """A month that begins yesterday, or what is left of it."""
    today = timezone.localdate()
    first, last = today - timedelta(days=1), today + timedelta(days=count)
    return {"first": first.isoformat(), "last": last.isoformat(), **said}


def all_week(opens: str, closes: str) -> dict[str, str]:
    return {"from0_0": opens, "to0_0": closes, **{f"before_{day}": "on" for day in range(1, 7)}}


def page_of(public: Any, name: str, tag: str = "en") -> str:
    return str(public.get(f"/{tag}/services/{key(name)}/").content.decode())


def test_a_local_worker_says_the_hours_of_ramadan_and_everybody_reads_them(
    town: Any, desk: Any, dora: Any, public: Any
) -> None:
    path, browser = f"/services/{key('doctor')}/days/", desk(dora)
    said = days(29, what="open", why="ramadan", **all_week("21:00", "23:00"))
    assert browser.post(path, said).status_code == 302
    change = HoursChange.objects.get()
    assert change.hours == "Mo-Su 21:00-23:00"
    assert change.reasons["en"] == "Ramadan"
    told = page_of(public, "doctor")
    assert "21:00–23:00" in told
    assert "Ramadan" in told
    assert OutboxRow.objects.filter(event="services_map.hours_changed").count() == 1
    assert "21:00–23:00" in browser.get(path).content.decode()
    assert browser.post(f"{path}{change.pk}/remove/", {"which": "one"}).status_code == 302
    assert "21:00–23:00" not in page_of(public, "doctor")
    assert not HoursChange.objects.exists()
    assert browser.post(f"{path}{change.pk}/remove/", {"which": "one"}).status_code == 302, "a second press says so"


def test_closed_days_close_near_at_once_with_the_reason_in_the_readers_language(
    town: Any, desk: Any, bilal: Any, public: Any
) -> None:
    said = days(3, what="closed", reason="We are all at a funeral")
    assert desk(bilal).post(f"/services/{key('doctor')}/days/", said).status_code == 302
    near = public.get("/en/near/", {"place": "45.1, 13.6", "need": "doctor", "open_now": "on"}).content.decode()
    assert "Doctor at the harbour" not in near
    told = page_of(public, "doctor")
    assert "Closed now" in told
    assert "We are all at a funeral" in told


def test_an_editor_says_it_for_all_services_and_takes_it_back_from_all(
    town: Any, desk: Any, bilal: Any, dora: Any, public: Any
) -> None:
    browser, path = desk(bilal), f"/services/{key('clinic')}/days/"
    assert "For all 7 services of City of Lindenbach" in browser.get(path).content.decode()
    Service.objects.filter(pk=key("hotline")).update(status="inactive")
    said = days(29, what="open", why="ramadan", everywhere="on", **all_week("10:00", "14:00"))
    browser.post(path, said)
    assert HoursChange.objects.count() == 6
    browser.post(path, said)
    assert HoursChange.objects.count() == 6, "the same once more is said once"
    assert "10:00–14:00" in page_of(public, "kitchen")
    change = HoursChange.objects.get(service=key("clinic"))
    remove = f"{path}{change.pk}/remove/"
    assert desk(dora).post(remove, {"which": "all"}).status_code == 403
    assert browser.post(remove, {"which": "all"}).status_code == 302
    assert not HoursChange.objects.exists()


def test_a_local_worker_is_not_offered_all_services_and_cannot_take_them(town: Any, desk: Any, dora: Any) -> None:
    browser, path = desk(dora), f"/services/{key('clinic')}/days/"
    assert "For all" not in browser.get(path).content.decode()
    browser.post(path, days(3, what="closed", everywhere="on"))
    assert HoursChange.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"first": "2024-05-01", "last": "2024-05-03"}, "These days are over."),
        ({"last": "2024-05-03"}, "The last day is before the first."),
        ({"last": "2099-01-01"}, "Choose 100 days at most."),
        ({"what": "open"}, "Write when it is open, or choose that it is closed."),
        ({"reason": "turned \u202e round"}, "The sentence holds a sign that cannot be shown."),
        ({"what": "open", "from0_3": "12:00", "to0_3": "09:00"}, "Thursday: it closes before it opens."),
    ],
)
def test_days_that_cannot_be_are_refused_with_what_to_do_and_kept(
    town: Any, desk: Any, dora: Any, said: dict[str, str], sentence: str
) -> None:
    given = days(3, what="closed", reason="Words that stay") | said
    answer = desk(dora).post(f"/services/{key('clinic')}/days/", given)
    told = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in told
    assert given["reason"] in told
    assert not HoursChange.objects.exists()


def test_a_stranger_and_an_author_say_nothing_here(
    town: Any, desk: Any, dora: Any, stranger: Any, staff: Any, lindenbach: Any
) -> None:
    path = f"/services/{key('clinic')}/days/"
    desk(dora).post(path, days(3, what="closed"))
    change = HoursChange.objects.get()
    author = staff("writer", lindenbach, "content.author")
    for who, status in ((stranger, 404), (author, 403)):
        assert desk(who).get(path).status_code == status
        assert desk(who).post(path, days(9, what="closed")).status_code == status
        assert desk(who).post(f"{path}{change.pk}/remove/", {"which": "one"}).status_code == status
    assert HoursChange.objects.get() == change
    other = f"/services/{key('wifi')}/days/{change.pk}/remove/"
    desk(dora).post(other, {"which": "one"})
    assert HoursChange.objects.get() == change, "a change is taken back on the page of its own service"
