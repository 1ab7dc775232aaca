"""What a person with a phone sees, and what staff do at the desk: own places only, a second person for each closing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.utils import timezone

from ..models import Closure, Location
from .a_directory import key

pytestmark = pytest.mark.django_db


def test_a_town_that_is_typed_answers_in_the_persons_language(town: Any, public: Any) -> None:
    told = public.get("/ar/near/", {"place": "45.1, 13.6", "need": "doctor", "no_papers": "on"}).content.decode()
    assert "طبيب عند الميناء" in told
    assert "عيادة على التل" not in told
    assert 'href="tel:+390401234567"' in told


def test_what_is_asked_more_exactly_is_named_and_stands_folded_above_what_was_found(town: Any, public: Any) -> None:
    page = public.get("/ar/near/?place=45.1,13.6&need=doctor&no_papers=on&speaks=ar").content.decode()
    summary = re.search(r"<details><summary>(.*?)</summary>", page, flags=re.S)
    assert summary
    assert "لا تُطلب أوراق · العربية" in summary.group(1)
    assert public.get("/ar/near/?place=45.1,13.6").content.decode().count(" · العربية</summary>") == 0


def test_a_place_that_nobody_knows_says_so_and_keeps_what_was_typed(town: Any, public: Any) -> None:
    answer = public.get("/en/near/", {"place": "Qqqxyz", "need": "food"})
    told = answer.content.decode()
    assert answer.status_code == 200
    assert "We do not know this place" in told
    assert 'value="Qqqxyz"' in told
    assert '<option value="food" selected>' in told


def test_zero_zero_and_numbers_out_of_range_are_answered_with_what_to_do(town: Any, public: Any) -> None:
    assert "in the sea" in public.get("/en/near/", {"place": "0,0"}).content.decode()
    assert "changed places" in public.get("/en/near/", {"place": "113.6, 45.1"}).content.decode()


def test_a_point_of_the_device_comes_in_the_body_and_is_kept_by_nobody(town: Any, public: Any) -> None:
    origin = {"HTTP_ORIGIN": f"http://{public.defaults['HTTP_HOST']}"}
    answer = public.post("/en/near/", {"latitude": "45.10", "longitude": "13.60", "need": "wifi"}, **origin)
    assert "Wi-Fi and charging" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_scripts_and_location_are_allowed_on_this_page_alone(town: Any, public: Any) -> None:
    near, service = public.get("/en/near/"), public.get(f"/en/services/{key('doctor')}/")
    assert "script-src 'self'" in near.headers["Content-Security-Policy"]
    assert "geolocation=(self)" in near.headers["Permissions-Policy"]
    assert "script-src" not in service.headers["Content-Security-Policy"]
    assert "geolocation=()" in service.headers["Permissions-Policy"]


def test_each_page_fits_the_first_view_of_a_bad_connection(town: Any, public: Any) -> None:
    for path in ("/ar/near/?place=45.1,13.6", f"/ar/services/{key('doctor')}/", "/ar/services/"):
        assert len(brotli.compress(public.get(path).content, quality=9)) < 14_000, path


def test_a_service_that_nobody_checked_for_half_a_year_warns_and_is_still_there(bring: Any, public: Any) -> None:
    from .a_directory import as_public, directory

    bring(as_public(directory(days_ago=200)), places="as-said")
    told = public.get(f"/en/services/{key('doctor')}/").content.decode()
    assert "Nobody has checked this for a long time" in told
    assert "Doctor at the harbour" in told


def test_dora_closes_a_place_tonight_and_bilal_looks_at_it(
    town: Any, desk: Any, dora: Any, bilal: Any, public: Any, django_capture_on_commit_callbacks: Any
) -> None:
    browser = desk(dora)
    page = f"/services/{key('doctor')}/close/"
    assert browser.get(page).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(page, {"until": "day", "reason": "The heating is broken"})
    assert answer.status_code == 302
    told = public.get(f"/en/services/{key('doctor')}/").content.decode()
    assert "The heating is broken" in told
    assert "Closed now" in told
    closure = Closure.objects.get()
    assert 'value="keep"' not in browser.get("/services/").content.decode()
    review = f"/services/closures/{closure.pk}/review/"
    assert browser.post(review, {"verdict": "keep"}).status_code == 403
    assert desk(bilal).post(review, {"verdict": "undo"}).status_code == 302
    assert "Open now" in public.get(f"/en/services/{key('doctor')}/").content.decode()


def test_a_closing_that_is_over_before_it_begins_keeps_what_was_typed(town: Any, desk: Any, dora: Any) -> None:
    past = (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    answer = desk(dora).post(
        f"/services/{key('doctor')}/close/", {"until": "moment", "ends": past, "reason": "Fire next door"}
    )
    assert answer.status_code == 400
    assert "Fire next door" in answer.content.decode()
    assert "This moment is over" in answer.content.decode()
    assert not Closure.objects.exists()


def test_closing_a_place_closes_everything_that_is_offered_there(town: Any, desk: Any, dora: Any, public: Any) -> None:
    place = Location.objects.get(pk=key("wifi-place"))
    desk(dora).post(f"/services/{key('wifi')}/close/?place={place.pk}", {"until": "morning", "reason": ""})
    assert "Closed now" in public.get(f"/en/services/{key('wifi')}/").content.decode()


def test_only_an_editor_says_how_exactly_a_place_may_be_known(town: Any, desk: Any, dora: Any, bilal: Any) -> None:
    page = f"/services/places/{key('shelter-place')}/"
    assert desk(dora).get(page).status_code == 403
    assert desk(bilal).get(page).status_code == 200
    assert desk(bilal).post(page, {"sensitivity": "approximate"}).status_code == 302
    assert Location.objects.get(pk=key("shelter-place")).sensitivity == "approximate"


def test_a_local_worker_reads_no_address_that_is_not_public(town: Any, desk: Any, dora: Any, bilal: Any) -> None:
    page = f"/services/{key('shelter')}/"
    assert "Hidden Lane" not in desk(dora).get(page).content.decode()
    assert "Hidden Lane" in desk(bilal).get(page).content.decode()


def test_a_stranger_finds_closes_and_reviews_nothing_here(
    town: Any, desk: Any, dora: Any, stranger: Any, public: Any
) -> None:
    desk(dora).post(f"/services/{key('doctor')}/close/", {"until": "day", "reason": "Closed by Dora"})
    closure, browser = Closure.objects.get(), desk(stranger)
    assert "Doctor at the harbour" not in browser.get("/services/").content.decode()
    for path in (
        f"/services/{key('doctor')}/",
        f"/services/{key('doctor')}/close/",
        f"/services/places/{key('shelter-place')}/",
    ):
        assert browser.get(path).status_code == 404, path
        assert browser.post(path, {"until": "day", "sensitivity": "public"}).status_code in (404, 405), path
    assert browser.post(f"/services/closures/{closure.pk}/review/", {"verdict": "undo"}).status_code == 404
    assert Location.objects.get(pk=key("shelter-place")).sensitivity == "contact-only"
