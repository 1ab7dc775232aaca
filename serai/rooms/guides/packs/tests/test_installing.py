"""Guides, contacts and alerts come in from a pack; an update keeps what the house has written or checked itself."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from serai.engine.content import stream
from serai.kernel.access.models import Organisation
from serai.kernel.access.viewer import viewer_for
from serai.kernel.facts.actions import check_still_true
from serai.kernel.facts.models import Fact
from serai.kernel.facts.queries import facts_to_check
from serai.kernel.packs.actions import Installed, PackRefused, install_pack
from serai.kernel.packs.models import InstalledPack
from serai.kernel.packs.tests.small import DOCTOR, DOCTOR_AR, FIRST, edited, pack, topics, version
from serai.rooms.guides.actions import save_guide, take_down
from serai.rooms.guides.models import Alert, GuidePage, HumanContact, StageWords, Topic

pytestmark = pytest.mark.django_db
EN, AR = "guides/doctor.en.md", "guides/doctor.ar.md"


@pytest.fixture(autouse=True)
def topics_installed(db: None) -> None:
    install_pack(by=None, files=topics())


def install(changes: dict[str, Any] | None = None, number: str = "1.0.0", **more: Any) -> Installed:
    return install_pack(by=None, files=pack({**version(number), **(changes or {})}), **more)


def page(slug: str, tag: str = "en") -> GuidePage:
    return GuidePage.objects.get(key=f"lindenbach/{slug}", locale__language_code=tag)


def codes(done: Installed) -> set[str]:
    return {note.code for note in done.report.problems}


def publisher() -> Organisation:
    return Organisation.objects.get(key="lindenbach")


def is_stale(translation: GuidePage) -> bool:
    return translation.made_from != page(translation.key.split("/")[1]).text_digest


def test_a_guide_comes_in_live_in_its_place_with_all_it_says() -> None:
    install()
    doctor = page("doctor")
    assert doctor.live
    assert doctor.url_path == "/en/lindenbach/first-days/doctor/"
    assert (doctor.title, doctor.topic.key, doctor.position) == ("How do I see a doctor?", "health", 20)
    assert [place.key for place in doctor.places.all()] == ["lindenbach"]
    fact = doctor.fact
    assert (fact.source_name, fact.checked_on, fact.checked_by) == (
        "City health office", date(2026, 10, 12), "Information desk",
    )  # fmt: skip
    kinds = [kind for kind, _value in stream.canonical(doctor.body.get_prep_value())]
    assert kinds == ["text", "fee", "steps"]


def test_two_guides_that_link_to_each_other_do() -> None:
    install()
    first, doctor = page("first-days"), page("doctor")
    assert f'linktype="page" id="{doctor.pk}"' in first.body.get_prep_value()[0]["value"]
    assert f'linktype="page" id="{first.pk}"' in doctor.body.get_prep_value()[0]["value"]


def test_a_translation_hangs_together_with_its_original_and_is_not_older_than_it() -> None:
    install()
    arabic = page("doctor", "ar")
    assert arabic.translation_key == page("doctor").translation_key
    assert arabic.translation == "human"
    assert not is_stale(arabic)
    assert arabic.fact_id == page("doctor").fact_id


def test_when_only_the_original_is_updated_the_translation_is_older_than_it() -> None:
    install()
    install(edited(EN, "Go **today**.", "Go **tomorrow**."), "1.1.0")
    assert "tomorrow" in page("doctor").body.get_prep_value()[0]["value"]
    assert is_stale(page("doctor", "ar"))
    install({**edited(EN, "Go **today**.", "Go **tomorrow**."), AR: DOCTOR_AR.replace("اليوم", "غدا")}, "1.2.0")
    assert not is_stale(page("doctor", "ar"))


def test_a_stamp_of_an_older_original_says_so_from_the_first_install_on() -> None:
    install({AR: DOCTOR_AR.replace("translation: human", f"translation: human\noriginal: {'0' * 64}")})
    assert is_stale(page("doctor", "ar"))


def test_a_text_that_the_house_changed_stays_and_both_sides_are_told() -> None:
    install()
    change(page("doctor", "ar"), title="عنواننا")
    done = install({AR: DOCTOR_AR.replace("اليوم", "غدا")}, "1.1.0")
    assert page("doctor", "ar").title == "عنواننا"
    assert "guides/doctor.ar" in done.report.kept
    assert "kept-own-text" in codes(done)


def test_a_translation_made_here_stays_and_is_older_when_the_original_changes() -> None:
    install()
    doctor = page("doctor")
    change(doctor, language="fr", title="Comment voir un médecin ?", translation="human", made_from=doctor.text_digest)
    assert not is_stale(page("doctor", "fr"))
    install(edited(EN, "Go **today**.", "Go **tomorrow**."), "1.1.0")
    assert page("doctor", "fr").live
    assert page("doctor", "fr").title == "Comment voir un médecin ?"
    assert is_stale(page("doctor", "fr"))


def test_a_review_of_a_translation_made_here_is_not_taken_back_by_the_pack() -> None:
    install()
    arabic = page("doctor", "ar")
    change(arabic, title=arabic.title, translation="reviewed")
    install(edited(EN, "order: 20", "order: 30"), "1.1.0")
    assert page("doctor", "ar").translation == "reviewed"
    assert page("doctor").position == 30


def test_a_later_check_made_here_stays_while_the_text_stays(staff: Any) -> None:
    install()
    checker = staff("checker", publisher(), "facts.checker")
    check_still_true(by=checker, fact=page("doctor").fact)
    done = install(edited(EN, "checked_on: 2026-10-12", "checked_on: 2026-10-20"), "1.1.0")
    fact = page("doctor").fact
    assert fact.checked_by_user == checker
    assert fact.checked_on == timezone.localdate()
    assert "guides/doctor.en" in done.report.kept
    assert "kept-own-check" in codes(done)


def test_when_the_text_changes_what_was_checked_here_is_to_be_checked_again(staff: Any) -> None:
    install()
    checker = staff("checker", publisher(), "facts.checker")
    review = timezone.localdate() + timedelta(days=300)
    check_still_true(by=checker, fact=page("doctor").fact, review_by=review)
    assert page("doctor").fact not in facts_to_check(viewer=viewer_for(checker))
    done = install(edited(EN, "Go **today**.", "Go **tomorrow**."), "1.1.0")
    assert "check-again" in codes(done)
    fact = page("doctor").fact
    assert (fact.checked_on, fact.checked_by, fact.checked_by_user) == (date(2026, 10, 12), "Information desk", None)
    assert fact in facts_to_check(viewer=viewer_for(checker))


def test_a_newer_check_by_the_publisher_is_taken_over() -> None:
    install()
    install(edited(EN, "checked_on: 2026-10-12", "checked_on: 2026-11-01"), "1.1.0")
    assert page("doctor").fact.checked_on == date(2026, 11, 1)


def test_a_guide_that_the_pack_has_no_more_is_taken_down_with_its_translations_and_comes_back_with_the_pack() -> None:
    install()
    change(page("doctor"), language="fr", title="Ici", translation="human")
    gone = {EN: None, AR: None, "guides/first-days.en.md": FIRST.replace("[how to see a doctor](guide:doctor)", "it")}
    done = install(gone, "1.1.0")
    assert set(done.report.removed) == {"guides/doctor.en", "guides/doctor.ar", "guides/doctor.fr"}
    assert [page("doctor", tag).live for tag in ("en", "ar", "fr")] == [False, False, False]
    install({}, "1.2.0")
    assert [page("doctor", tag).live for tag in ("en", "ar")] == [True, True]


def test_a_page_that_staff_took_down_stays_down_and_the_new_text_waits(staff: Any) -> None:
    install()
    approver = staff("approver", publisher(), "content.approver")
    take_down(by=approver, page=page("doctor"))
    done = install(edited(EN, "Go **today**.", "Go **tomorrow**."), "1.1.0")
    assert not page("doctor").live
    assert "kept-down" in codes(done)
    assert "tomorrow" in str(page("doctor").get_latest_revision_as_object().body.get_prep_value())


def test_a_guide_moves_with_its_translations_when_the_pack_moves_it() -> None:
    install({"guides/first-days.ar.md": DOCTOR_AR.replace("كيف", "ماذا").replace("guide:first-days", "guide:doctor")
             .replace(DOCTOR_AR[DOCTOR_AR.index("```fee"):], "")})  # fmt: skip
    assert page("doctor", "ar").url_path == "/ar/lindenbach/first-days/doctor/"
    install(edited(EN, "parent: first-days\n", ""), "1.1.0", allow_older=True)
    assert page("doctor").url_path == "/en/lindenbach/doctor/"
    assert page("doctor", "ar").url_path == "/ar/lindenbach/doctor/"


def test_new_guides_come_between_those_that_stand_and_are_linked_at_once() -> None:
    install()
    city = FIRST.replace("order: 10", "order: 15\nparent: first-days")
    arabic = DOCTOR_AR[: DOCTOR_AR.index("```fee")]
    install(
        {
            "guides/city.en.md": city,
            "guides/city.ar.md": arabic.replace("guide:first-days", "guide:doctor"),
            EN: DOCTOR.replace("parent: first-days", "parent: city").replace("guide:first-days", "guide:city"),
        },
        "1.1.0",
    )
    assert page("doctor").url_path == "/en/lindenbach/first-days/city/doctor/"
    assert page("doctor", "ar").url_path == "/ar/lindenbach/city/doctor/"
    assert f'linktype="page" id="{page("city").pk}"' in page("doctor").body.get_prep_value()[0]["value"]
    assert f'linktype="page" id="{page("doctor", "ar").pk}"' in page("city", "ar").body.get_prep_value()[0]["value"]
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_house_is_asked_little_more_for_each_further_new_guide() -> None:
    def asked(more: int) -> int:
        guides = {f"guides/more-{at}.en.md": FIRST.replace("order: 10", f"order: {30 + at}") for at in range(more)}
        with transaction.atomic(), CaptureQueriesContext(connection) as told:
            install(guides)
            transaction.set_rollback(True)
        return len(told)

    few, many = asked(5), asked(25)
    assert many - few < 10 * (25 - 5)


def test_a_link_to_a_pack_that_comes_later_is_words_first_and_a_link_after() -> None:
    other = {
        EN: DOCTOR.replace("guide:first-days", "guide:other/start"),
        AR: DOCTOR_AR.replace("guide:first", "guide:other/first"),
    }
    done = install(other)
    assert "link-nowhere" in {note.code for note in done.notes}
    doctor = page("doctor")
    assert 'linktype="page"' not in doctor.body.get_prep_value()[0]["value"]
    assert "the first days" in doctor.body.get_prep_value()[0]["value"]
    change(doctor, language="fr", title="Ici", translation="human", made_from=doctor.text_digest)
    save_guide(by=None, organisation=publisher(), key="other/start", language="en", slug="start", title="Start",
               summary="", body=[("text", "<p>x</p>")])  # fmt: skip
    done = install(other, again=True)
    assert 'linktype="page"' in page("doctor").body.get_prep_value()[0]["value"]
    assert "guides/doctor.en" in done.report.updated
    assert not is_stale(page("doctor", "ar"))
    assert not is_stale(page("doctor", "fr")), "no word has changed: the house's own translation is not older"


def test_a_picture_comes_in_once_without_what_the_camera_said() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at the border at 45.1 -30.2"
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "JPEG", exif=exif)
    block = "\n```picture\nfile: desk.jpg\nalt: The desk\n```\n"
    files = pack({EN: DOCTOR + block, AR: DOCTOR_AR + block}) | {"guides/media/desk.jpg": buffer.getvalue()}
    install_pack(by=None, files=files)
    image = get_image_model().objects.get()
    stored = image.file.open("rb").read()
    assert b"border" in buffer.getvalue()
    assert b"border" not in stored
    assert (image.width, image.height, image.title) == (40, 30, "desk.jpg")
    install_pack(by=None, files=files, again=True)
    assert get_image_model().objects.count() == 1
    assert page("doctor").body.get_prep_value()[-1]["value"]["image"] == image.pk
    default_storage.delete(image.file.name)


def test_a_new_recording_under_the_old_name_is_taken_over() -> None:
    block = "\n```audio\nfile: desk.opus\ntitle: The desk\ntranscript: Come in.\n```\n"
    files = pack({EN: DOCTOR + block, AR: DOCTOR_AR + block})
    install_pack(by=None, files={**files, "guides/media/desk.opus": b"OggS first"})
    first = page("doctor").body.get_prep_value()[-1]["value"]["file"]
    newer = files | pack({**version("1.1.0"), EN: DOCTOR + block, AR: DOCTOR_AR + block})
    done = install_pack(by=None, files={**newer, "guides/media/desk.opus": b"OggS second"})
    second = page("doctor").body.get_prep_value()[-1]["value"]["file"]
    assert "guides/doctor.en" in done.report.updated
    assert first != second
    for document in get_document_model().objects.all():
        default_storage.delete(document.file.name)


def test_contacts_come_in_with_their_facts_and_a_later_check_made_here_stays(staff: Any) -> None:
    install()
    contact = HumanContact.objects.get(key="lindenbach/desk")
    assert contact.names["ar"] == "مكتب المدينة"
    assert contact.fact.checked_on == date(2026, 10, 12)
    checker = staff("checker", publisher(), "facts.checker")
    check_still_true(by=checker, fact=contact.fact)
    install(edited("tables/contacts.csv", "2026-10-12", "2026-10-20"), "1.1.0")
    assert Fact.objects.get(pk=contact.fact_id).checked_by_user == checker
    install(edited("tables/contacts.csv", "+00 555 20 100", "+00 555 99 999"), "1.2.0")
    contact.refresh_from_db()
    assert contact.phone == "+00 555 99 999"
    assert contact.fact in facts_to_check(viewer=viewer_for(checker))


def test_words_that_the_house_put_for_a_contact_stay_and_the_rest_follows_the_pack() -> None:
    install()
    contact = HumanContact.objects.get(key="lindenbach/desk")
    contact.names = {**contact.names, "so": "Miiska magaalada", "ar": "مكتبنا"}
    contact.save()
    done = install(
        {**edited("words/en.yaml", "City desk", "Town desk"), **edited("words/ar.yaml", "مكتب المدينة", "مكتب البلدة")},
        "1.1.0",
    )
    contact.refresh_from_db()
    assert contact.names == {"en": "Town desk", "ar": "مكتبنا", "so": "Miiska magaalada"}
    assert "contacts/desk" in done.report.kept


def test_a_contact_that_the_pack_has_no_more_is_closed_and_an_alert_ends() -> None:
    install()
    gone = {
        "tables/contacts.csv": None,
        "tables/alerts.csv": None,
        **{
            path: text[: text.index("contacts:")]
            for path, text in ((path, pack()[path].decode()) for path in ("words/en.yaml", "words/ar.yaml"))
        },
    }
    done = install(gone, "1.1.0")
    assert set(done.report.removed) == {"contacts/desk", "alerts/moved"}
    assert HumanContact.objects.get().closed
    assert Alert.objects.get().ended_at is not None
    install({}, "1.2.0")
    assert not HumanContact.objects.get().closed
    assert Alert.objects.get().ended_at is None


def test_a_topic_of_one_pack_is_not_changed_by_another() -> None:
    table = "key,stage,parent,icon,order\nhealth,working,,heart,10\n"
    words = {
        path: pack()[path].decode() + "topics:\n  health:\n    title: Mine\n    lead: Mine\n"
        for path in ("words/en.yaml", "words/ar.yaml")
    }
    with pytest.raises(PackRefused) as refused:
        install({"tables/topics.csv": table, **words})
    assert {each.code for each in refused.value.problems if each.refuses} == {"topic-other"}
    assert Topic.objects.get(key="health").stage == "living"


def test_words_of_the_stages_are_shown_in_their_language() -> None:
    from serai.rooms.guides.queries.topics import stage_cards

    install()
    StageWords.objects.create(stage="living", titles={"so": "Halkan ku noolow"}, leads={"so": "Caafimaad"})
    living = next(card for card in stage_cards("so") if card.key == "living")
    assert (living.title, living.lead, living.language) == ("Halkan ku noolow", "Caafimaad", "so")


def test_what_came_is_remembered_with_its_version() -> None:
    install({}, "2.0.0")
    assert InstalledPack.objects.get(pack="lindenbach").now.version == "2.0.0"
    assert settings.SERAI_MODE == "demo"


def change(page: GuidePage, *, language: str = "", **values: Any) -> None:
    """The house changes a page, or translates it: as somebody at the desk would."""
    said = {
        "title": page.title,
        "summary": page.summary,
        "body": page.body.get_prep_value(),
        "translation": page.translation,
        "made_from": page.made_from,
        **values,
    }
    parent = page.get_parent().specific
    save_guide(
        by=None,
        organisation=page.organisation,
        key=page.key,
        language=language or page.tag,
        slug=page.slug,
        parent=parent if isinstance(parent, GuidePage) else None,
        topic=page.topic,
        places=list(page.places.all()),
        position=page.position,
        **said,
    )
