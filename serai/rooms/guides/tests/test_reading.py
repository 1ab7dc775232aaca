"""What a person reads: the text, who says so, when it was checked, and what is not known."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from serai.rooms.guides.access import shown
from serai.rooms.guides.actions import text_digest_of
from serai.rooms.guides.models import GuidePage
from serai.rooms.guides.queries.lines import rows

from .conftest import FEE, checked

BODY = [
    ("text", '<h2>Where?</h2><p>Ask <a href="https://clinic.example/x">the clinic</a>.</p>'),
    ("steps", {"title": "Do this", "steps": [{"title": "First", "text": "Go there."}, {"text": "Ask."}]}),
    ("warning", {"title": "Pay nobody", "text": "It is free."}),
    (
        "contact",
        {"name": "Desk", "phone": "+00 555 20 100", "email": "d@desk.example", "languages": "en ar", "hours": "9-5"},
    ),
    ("fee", FEE),
    (
        "deadline",
        {
            "what": "Register",
            "number": 2,
            "unit": "weeks",
            "from_event": "the day you move in",
            "source_name": "City",
            "source_url": "https://city.example/rule",
        },
    ),
    ("documents", {"items": [{"name": "A paper with your name", "optional": True, "note": "Any."}]}),
    ("service", {"name": "Free advice", "what": "Somebody listens.", "url": "https://advice.example/"}),
    ("video", {"url": "https://video.example/v", "title": "How it goes", "minutes": 3, "size_mb": 20}),
]


def text_of(answer: Any) -> str:
    html = answer.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_names_around_a_text_in_another_language_are_marked_as_what_they_are(public: Any, guide: Any) -> None:
    parent = guide("doctor", source=checked())
    guide("teeth", parent=parent)
    page = BeautifulSoup(public.get("/ar/guide/lindenbach/doctor/teeth/").content, "html.parser")
    assert page.main["lang"] == "en"
    publisher, up = page.select(".trail a")
    assert (publisher.get("lang"), up["lang"]) == (None, "en")
    assert page.select_one(".foot > p:not(.quiet) a[href*=lindenbach]").get("lang") is None
    above = BeautifulSoup(public.get("/ar/guide/lindenbach/doctor/").content, "html.parser")
    source = above.select_one(".facts a span")
    assert (source.string, source["lang"], source["dir"]) == ("City of Lindenbach", "en", "ltr")
    assert [b["lang"] for b in above.select("nav .links b")] == ["en"]


def test_a_guide_says_who_publishes_it_and_when_it_was_checked(public: Any, guide: Any) -> None:
    guide("doctor", body=BODY, source=checked())
    answer = public.get("/en/guide/lindenbach/doctor/")
    assert answer.status_code == 200
    text = text_of(answer)
    for words in (
        "Checked on",
        "by Information desk",
        "City of Lindenbach",
        "Do this",
        "Pay nobody",
        "4.50 euros",
        "The post",
        "2 weeks",
        "(if you have it)",
        "clinic.example",
        "Free advice",
        "3 minutes, 20 MB of data",
        "Was this page useful?",
    ):
        assert words in text
    assert answer.content.count(b"<h1") == 1
    assert b'href="tel:+0055520100"' in answer.content


def test_every_block_can_be_shown_in_a_right_to_left_language(public: Any, guide: Any) -> None:
    guide("doctor", "ar", body=BODY, title="طبيب")
    html = public.get("/ar/guide/lindenbach/doctor/").content.decode()
    assert '<html lang="ar" dir="rtl"' in html


def test_a_free_service_says_so(public: Any, guide: Any) -> None:
    guide("doctor", body=[("fee", {**FEE, "amount": "0"})])
    assert "Free of charge" in text_of(public.get("/en/guide/lindenbach/doctor/"))


def test_past_its_review_date_a_page_warns(public: Any, guide: Any) -> None:
    guide("doctor", source=checked(-1))
    text = text_of(public.get("/en/guide/lindenbach/doctor/"))
    assert "Something may have changed" in text
    assert "All of doctor." in text


def test_ninety_days_later_the_details_hide_and_source_and_contact_stay(
    public: Any, guide: Any, lindenbach: Any
) -> None:
    lindenbach.phone = "+00 555 1"
    lindenbach.save()
    guide("doctor", source=checked(-91))
    answer = public.get("/en/guide/lindenbach/doctor/")
    text = text_of(answer)
    assert "All of doctor." not in text
    assert "What doctor is about." in text
    assert "https://lindenbach.example/source" in answer.content.decode()
    assert "+00 555 1" in text


def test_a_page_nobody_checked_is_shown_in_a_demo_and_not_in_a_live_house(
    public: Any, guide: Any, settings: Any
) -> None:
    guide("doctor")
    assert "Nobody has checked this yet." in text_of(public.get("/en/guide/lindenbach/doctor/"))
    settings.SERAI_MODE = "live"
    answer = public.get("/en/guide/lindenbach/doctor/")
    assert answer.status_code == 404
    assert "Nobody has checked this page yet" in text_of(answer)
    assert "All of doctor." not in answer.content.decode()
    assert not hasattr(answer, "serai_keys")
    assert "Doctor" not in text_of(public.get("/en/guide/lindenbach/"))
    key = GuidePage.objects.get().translation_key
    assert public.get(f"/en/share/{key}/").status_code == 404


def test_a_page_without_translation_is_shown_under_the_address_asked_for_and_says_so(public: Any, guide: Any) -> None:
    guide("doctor")
    answer = public.get("/ar/guide/lindenbach/doctor/")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert '<html lang="ar" dir="rtl"' in html
    assert re.search(r'<main[^>]*lang="en" dir="ltr"', html)
    assert "All of doctor." in html


def test_a_text_that_has_its_own_address_in_the_language_is_found_there(public: Any, guide: Any) -> None:
    guide("doctor")
    guide("doctor", "fr", slug="medecin", title="Médecin", translation="human")
    answer = public.get("/fr/guide/lindenbach/doctor/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/fr/guide/lindenbach/medecin/"


def test_a_page_that_moved_is_found_by_its_last_slug(public: Any, guide: Any) -> None:
    guide("doctor")
    top = guide("health-care")
    guide("doctor", parent=top)
    answer = public.get("/en/guide/lindenbach/doctor/")
    assert answer.headers["Location"] == "/en/guide/lindenbach/health-care/doctor/"
    assert public.get("/en/guide/lindenbach/nothing/").status_code == 404


def test_an_older_translation_and_a_machines_draft_say_so(public: Any, guide: Any) -> None:
    english = guide("doctor")
    guide("doctor", "fr", title="Médecin", translation="machine", made_from=text_digest_of(english))
    html = public.get("/fr/guide/lindenbach/doctor/").content.decode()
    assert html.count('<p class="note"') == 1
    guide("doctor", body=[("text", "<p>New words.</p>")])
    html = public.get("/fr/guide/lindenbach/doctor/").content.decode()
    assert html.count('<p class="note"') == 2
    assert 'href="/en/guide/lindenbach/doctor/"' in html


def test_links_to_other_guides_lead_to_the_language_of_the_reader(public: Any, guide: Any) -> None:
    bank = guide("bank")
    guide("bank", "fr", slug="banque", title="Banque", translation="human")
    hidden = guide("secret", publish=False)
    link = f'<p><a linktype="page" id="{bank.pk}">bank</a> <a linktype="page" id="{hidden.pk}">secret</a></p>'
    guide("doctor", body=[("text", link)])
    guide("doctor", "fr", body=[("text", link)], translation="human")
    assert 'href="/en/guide/lindenbach/bank/"' in public.get("/en/guide/lindenbach/doctor/").content.decode()
    html = public.get("/fr/guide/lindenbach/doctor/").content.decode()
    assert 'href="/fr/guide/lindenbach/banque/"' in html
    assert "secret" in html
    assert "guide/lindenbach/secret" not in html


@pytest.mark.parametrize(
    "source",
    [
        '<p><a href="javascript:alert(1)">x</a></p>',
        "<p>a</p><script>alert(1)</script>",
        '<p onclick="alert(1)">a</p>',
        '<img src=x onerror="alert(1)"><p>a</p>',
        '<a href="https://a.example/" onmouseover="alert(1)">a</a>',
        '<a linktype="page" id="1" href="javascript:alert(1)">a</a>',
    ],
)
def test_what_a_database_should_not_hold_is_not_shown_either(public: Any, guide: Any, source: str) -> None:
    page = guide("doctor")
    raw = page.body.get_prep_value()
    raw[0]["value"] = source
    GuidePage.objects.filter(pk=page.pk).update(body=raw)
    main = public.get("/en/guide/lindenbach/doctor/").content.decode().split("<main")[1]
    assert "alert(1)" not in main
    assert "onclick" not in main


def test_markup_in_plain_fields_is_only_text(public: Any, guide: Any) -> None:
    evil = "<script>alert(1)</script>"
    body = [
        ("warning", {"title": evil, "text": evil}),
        ("steps", {"title": evil, "steps": [{"title": evil, "text": evil}]}),
        ("contact", {"name": evil, "phone": evil, "hours": evil, "note": evil, "languages": evil}),
        ("fee", {**FEE, "what": evil, "payee": evil, "source_name": evil, "note": evil}),
    ]
    guide("doctor", title=evil, summary=evil, body=body)
    for path in ("/en/guide/lindenbach/doctor/", "/en/guide/lindenbach/"):
        assert b"<script" not in public.get(path).content
    key = GuidePage.objects.get().translation_key
    for path in (f"/en/share/{key}/", f"/en/poster/{key}/", "/en/changes/"):
        assert b"<script" not in public.get(path).content


def _deep(guide: Any, depth: int, name: str) -> str:
    parent = None
    for level in range(depth):
        parent = guide(f"{name}-{level}", parent=parent, source=checked())
    for child in range(depth):
        guide(f"{name}-child-{child}", parent=parent, source=checked())
    assert parent is not None
    return parent.url_path.removeprefix("/en/")


def test_the_number_of_queries_is_the_same_at_any_depth(public: Any, guide: Any) -> None:
    shallow, deep = _deep(guide, 2, "two"), _deep(guide, 8, "eight")
    counts = []
    for path in (shallow, deep):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert public.get(f"/en/guide/{path}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 5
    html = public.get(f"/en/guide/{deep}").content.decode()
    assert html.index("eight-0/") < html.index("eight-5/") < html.index("eight-6/")


@pytest.mark.parametrize("mode", ["demo", "live"])
def test_lists_leave_out_what_the_database_leaves_out(guide: Any, settings: Any, mode: str) -> None:
    guide("checked", source=checked())
    guide("stale", source=checked(-10))
    guide("hidden", source=checked(-400, checked_on=timezone.localdate() - timedelta(days=500)))
    guide("unchecked")
    guide("down", source=checked())
    GuidePage.objects.filter(slug="down").update(live=False)
    settings.SERAI_MODE = mode
    kept = {row.pk for row in rows(Q()) if row.is_shown}
    assert kept == set(GuidePage.objects.filter(shown()).values_list("pk", flat=True))
    assert len(kept) == {"demo": 4, "live": 3}[mode]


def test_the_number_of_queries_does_not_grow_with_blocks_and_links(public: Any, guide: Any) -> None:
    others = [guide(f"other-{number}") for number in range(6)]
    links = [("text", f'<p><a linktype="page" id="{page.pk}">x</a></p>') for page in others]
    guide("few", body=links[:1])
    guide("many", body=links * 3)
    counts = []
    for slug in ("few", "many"):
        with CaptureQueriesContext(connection) as queries:
            public.get(f"/en/guide/lindenbach/{slug}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_publishers_page_lists_its_uppermost_guides_once_in_the_readers_language(public: Any, guide: Any) -> None:
    top = guide("top", position=2)
    guide("top", "fr", title="En haut", translation="human")
    guide("other", position=1)
    guide("leaf", parent=top)
    text = text_of(public.get("/fr/guide/lindenbach/"))
    assert text.count("En haut") == 1
    assert "Other" in text
    assert "Leaf" not in text
    assert public.get("/en/guide/nobody/").status_code == 404


def test_a_translation_that_stands_elsewhere_is_listed_in_the_place_of_its_original(public: Any, guide: Any) -> None:
    top = guide("top")
    guide("leaf", parent=top)
    guide("leaf", "ar", title="ورقة", translation="human", parent=top)
    assert "ورقة" not in public.get("/ar/guide/lindenbach/").content.decode()
    assert "ورقة" in public.get("/ar/guide/lindenbach/top/").content.decode()
    html = public.get("/ar/guide/lindenbach/leaf/").content.decode()
    assert "/ar/guide/lindenbach/top/" in html


def test_a_topic_can_be_narrowed_by_publisher_and_place(
    public: Any, guide: Any, health: Any, millside: Any, port_amsel: Any
) -> None:
    guide("doctor", topic=health, places=[millside])
    guide("harbour-doctor", topic=health, organisation=port_amsel)
    everything = text_of(public.get("/en/topics/health/"))
    assert "What doctor is about." in everything
    assert "Harbour Doctor" in everything
    narrowed = text_of(public.get("/en/topics/health/?publisher=port-amsel"))
    assert "Harbour Doctor" in narrowed
    assert "What doctor is about." not in narrowed
    assert "Harbour Doctor" not in text_of(public.get("/en/topics/health/?place=millside"))
    assert public.get("/en/topics/nothing/").status_code == 404


def test_the_number_of_queries_of_lists_does_not_grow(public: Any, guide: Any, health: Any) -> None:
    counts = []
    for round_ in range(2):
        for number in range(3):
            guide(f"g-{round_}-{number}", topic=health, source=checked())
        with CaptureQueriesContext(connection) as queries:
            public.get("/en/topics/health/")
            public.get("/en/guide/lindenbach/")
            public.get("/en/changes/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_guide_goes_out_as_a_short_text(public: Any, guide: Any) -> None:
    page = guide("doctor", source=checked())
    html = public.get(f"/en/share/{page.translation_key}/").content.decode()
    assert "Doctor\nWhat doctor is about.\nChecked on" in html
    assert "/en/guide/lindenbach/doctor/" in html
    assert 'href="sms:?body=Doctor%0AWhat' in html
    assert 'href="https://wa.me/?text=Doctor' in html


def test_a_poster_carries_address_and_code(public: Any, guide: Any, settings: Any) -> None:
    page = guide("doctor", source=checked())
    html = public.get(f"/en/poster/{page.translation_key}/").content.decode()
    assert f"{settings.SERAI_PUBLIC_HOST}/en/guide/lindenbach/doctor/" in html
    assert '<svg class="qr"' in html


def test_an_old_version_restored_never_brings_back_another_publisher(guide: Any, port_amsel: Any) -> None:
    page = guide("doctor")
    revision = page.get_latest_revision()
    revision.content["organisation"] = str(port_amsel.pk)
    revision.content["key"] = "port-amsel/other"
    assert revision.as_object().organisation_id == page.organisation_id
    assert revision.as_object().key == "lindenbach/doctor"
