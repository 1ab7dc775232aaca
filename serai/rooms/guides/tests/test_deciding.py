"""A draft goes live when a second person says yes, whichever way the author tries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import TaskState

from serai.kernel.access.models import Membership
from serai.kernel.facts.models import Fact
from serai.kernel.ledger.models import OutboxRow
from serai.rooms.guides import actions
from serai.rooms.guides.models import GuidePage


def draft_of(page: GuidePage, by: Any, **fields: Any) -> GuidePage:
    """A new version of a page, not yet public."""
    draft = GuidePage.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=by, log_action=True)
    return GuidePage.objects.get(pk=page.pk)


@pytest.fixture
def waiting(guide: Any, ana: Any) -> GuidePage:
    """Ana's draft waits for a second person."""
    page = draft_of(guide("doctor"), ana, title="New title", summary="New summary.")
    actions.submit_draft(by=ana, page=page)
    return GuidePage.objects.get(pk=page.pk)


def events() -> set[str]:
    return set(OutboxRow.objects.values_list("event", flat=True))


def test_the_second_person_reads_what_changed_and_puts_it_live(
    desk: Any, public: Any, bilal: Any, waiting: Any
) -> None:
    browser = desk(bilal)
    assert "New title" in browser.get("/guides/approvals/").content.decode()
    screen = browser.get(f"/guides/approvals/{waiting.pk}/").content.decode()
    assert "<del>Doctor</del>" in screen
    assert "<ins>New title</ins>" in screen
    said = {"revision": waiting.latest_revision_id, "verdict": "approve"}
    assert browser.post(f"/guides/approvals/{waiting.pk}/", said).status_code == 302
    assert b"<h1>New title</h1>" in public.get("/en/guide/lindenbach/doctor/").content
    assert {"guides.draft_submitted", "guides.draft_approved", "content.page_published"} <= events()


def test_the_second_person_sends_back_with_a_word_of_why(desk: Any, public: Any, bilal: Any, waiting: Any) -> None:
    browser = desk(bilal)
    said = {"revision": waiting.latest_revision_id, "verdict": "reject", "comment": " "}
    assert browser.post(f"/guides/approvals/{waiting.pk}/", said).status_code == 400
    browser.post(f"/guides/approvals/{waiting.pk}/", {**said, "comment": "Which day?"})
    assert TaskState.objects.get().comment == "Which day?"
    assert b"New title" not in public.get("/en/guide/lindenbach/doctor/").content


@pytest.fixture
def ana_approves_too(ana: Any, lindenbach: Any) -> Any:
    """Ana is approver as well: still not of her own words."""
    Membership.objects.create(user=ana, organisation=lindenbach, role="content.approver")
    actions.sync_member(str(ana.pk))
    return ana


def test_the_author_cannot_approve_on_our_screen(desk: Any, ana_approves_too: Any, waiting: Any) -> None:
    browser = desk(ana_approves_too)
    screen = browser.get(f"/guides/approvals/{waiting.pk}/").content.decode()
    assert 'value="approve"' not in screen
    said = {"revision": waiting.latest_revision_id, "verdict": "approve"}
    assert browser.post(f"/guides/approvals/{waiting.pk}/", said).status_code == 403
    assert GuidePage.objects.get(pk=waiting.pk).title == "Doctor"


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_the_author_cannot_approve_by_wagtails_route(
    desk: Any, ana_approves_too: Any, waiting: Any, action: str
) -> None:
    state = waiting.current_workflow_task_state
    address = f"/editor/pages/{waiting.pk}/workflow/action/{action}/{state.pk}/"
    answer = desk(ana_approves_too).post(address, {"comment": ""})
    assert answer.status_code in {302, 403, 404}
    assert GuidePage.objects.get(pk=waiting.pk).title == "Doctor"
    assert GuidePage.objects.get(pk=waiting.pk).workflow_in_progress


def test_the_author_cannot_approve_or_publish_by_wagtails_form(desk: Any, ana_approves_too: Any, waiting: Any) -> None:
    for extra in (
        {"action-publish": "1"},
        {"action-workflow-action": "1", "workflow-action-name": "approve"},
    ):
        desk(ana_approves_too).post(f"/editor/pages/{waiting.pk}/edit/", {**form_of(waiting), **extra})
        assert GuidePage.objects.get(pk=waiting.pk).title == "Doctor"
        assert GuidePage.objects.get(pk=waiting.pk).workflow_in_progress


def form_of(page: GuidePage, **fields: Any) -> dict[str, Any]:
    """Wagtail's form of a page as its editor sends it."""
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    values = {
        "title": "Sent by form",
        "slug": page.slug,
        "summary": "By form.",
        "position": 100,
        "translation": "original",
        "body": streamfield([("text", rich_text("<p>By form.</p>"))]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""},
        **fields,
    }
    return nested_form_data(values)


def test_who_sent_it_cannot_approve_it_either(bilal: Any, ana: Any, guide: Any) -> None:
    page = draft_of(guide("doctor"), ana, title="By Ana")
    actions.submit_draft(by=bilal, page=page)
    with pytest.raises(actions.MayNotDecide):
        actions.approve_draft(by=bilal, page=page, revision_id=page.latest_revision_id)


def test_nobody_changes_the_words_while_they_wait(desk: Any, ana: Any, bilal: Any, waiting: Any) -> None:
    for user in (ana, bilal):
        desk(user).post(f"/editor/pages/{waiting.pk}/edit/", form_of(waiting))
    assert GuidePage.objects.get(pk=waiting.pk).latest_revision_id == waiting.latest_revision_id


def test_only_the_version_that_was_read_goes_live(desk: Any, public: Any, ana: Any, bilal: Any, waiting: Any) -> None:
    read = waiting.latest_revision_id
    draft_of(waiting, ana, title="Slipped in")
    with pytest.raises(actions.DraftChanged):
        actions.approve_draft(by=bilal, page=waiting, revision_id=read)
    answer = desk(bilal).post(f"/guides/approvals/{waiting.pk}/", {"revision": read, "verdict": "approve"})
    assert answer.status_code == 302
    assert b"Slipped in" not in public.get("/en/guide/lindenbach/doctor/").content


def test_wagtails_own_approval_publishes_the_version_that_was_read(bilal: Any, ana: Any, waiting: Any) -> None:
    state = waiting.current_workflow_task_state
    draft_of(waiting, ana, title="Slipped in")
    state.task.specific.on_action(state, bilal, "approve")
    assert GuidePage.objects.get(pk=waiting.pk).title == "New title"


def test_an_editor_writes_in_wagtail_and_sends_it(desk: Any, public: Any, ana: Any, bilal: Any, guide: Any) -> None:
    page = guide("doctor")
    answer = desk(ana).post(f"/editor/pages/{page.pk}/edit/", {**form_of(page), "action-submit": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    page = GuidePage.objects.get(pk=page.pk)
    assert page.workflow_in_progress
    assert b"Sent by form" not in public.get("/en/guide/lindenbach/doctor/").content
    actions.approve_draft(by=bilal, page=page, revision_id=page.latest_revision_id)
    assert b"Sent by form" in public.get("/en/guide/lindenbach/doctor/").content


def test_a_page_made_in_wagtail_gets_its_key_its_publisher_and_its_fact(desk: Any, ana: Any, guide: Any) -> None:
    home = guide("doctor").get_parent()
    address = f"/editor/pages/add/guides/guidepage/{home.pk}/"
    answer = desk(ana).post(address, form_of(GuidePage(slug="made-here"), title="Made here"))
    assert answer.status_code == 302
    page = GuidePage.objects.get(slug="made-here")
    assert (page.key, page.organisation.key, page.live) == ("lindenbach/made-here", "lindenbach", False)
    assert page.fact == Fact.objects.get(key=f"guides:{page.translation_key}")
    assert "content.page_created" in events()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Pay \u202ehere"},
        {"summary": "Pay \u2067here"},
        {"slug": "doctor"},
    ],
)
def test_wagtails_form_refuses_what_could_harm_and_keeps_what_was_typed(
    desk: Any, ana: Any, guide: Any, fields: Any
) -> None:
    home = guide("doctor").get_parent()
    address = f"/editor/pages/add/guides/guidepage/{home.pk}/"
    answer = desk(ana).post(address, form_of(GuidePage(slug="new"), **fields))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert b"By form." in answer.content
    assert GuidePage.objects.count() == 1


def test_a_program_in_a_link_never_gets_into_a_draft(desk: Any, ana: Any, guide: Any) -> None:
    from wagtail.test.utils.form_data import rich_text, streamfield

    page = guide("doctor")
    evil = streamfield([("text", rich_text('<p><a href="javascript:alert(1)">x</a></p>'))])
    desk(ana).post(f"/editor/pages/{page.pk}/edit/", form_of(page, body=evil))
    assert "javascript" not in str(GuidePage.objects.get(pk=page.pk).get_latest_revision().content["body"])


def test_a_page_is_taken_down_by_an_approver_and_stays_as_a_draft(
    desk: Any, public: Any, ana: Any, bilal: Any, guide: Any
) -> None:
    page = guide("doctor")
    assert desk(ana).post(f"/guides/{page.pk}/take-down/").status_code == 403
    assert desk(bilal).post(f"/guides/{page.pk}/take-down/").status_code == 302
    assert public.get("/en/guide/lindenbach/doctor/").status_code == 404
    assert {"guides.guide_taken_down", "content.page_taken_down"} <= events()
    page = GuidePage.objects.get(pk=page.pk)
    actions.submit_draft(by=ana, page=page)
    actions.approve_draft(by=bilal, page=page, revision_id=page.latest_revision_id)
    assert public.get("/en/guide/lindenbach/doctor/").status_code == 200


def test_an_approved_page_can_wait_for_its_hour_and_go_at_its_end(
    public: Any, ana: Any, bilal: Any, guide: Any
) -> None:
    soon = (timezone.now() + timedelta(hours=1)).replace(microsecond=0)
    page = draft_of(guide("doctor"), ana, title="From tomorrow", go_live_at=soon)
    actions.submit_draft(by=ana, page=page)
    actions.approve_draft(by=bilal, page=page, revision_id=page.latest_revision_id)
    assert actions.publish_scheduled() == 0
    assert b"From tomorrow" not in public.get("/en/guide/lindenbach/doctor/").content
    revision = GuidePage.objects.get(pk=page.pk).get_latest_revision()
    assert revision.approved_go_live_at == soon
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.content["expire_at"] = (timezone.now() + timedelta(hours=1)).isoformat()
    revision.save()
    OutboxRow.objects.all().delete()
    assert actions.publish_scheduled() == 1
    assert "content.page_published" in events()
    assert b"From tomorrow" in public.get("/en/guide/lindenbach/doctor/").content
    GuidePage.objects.update(expire_at=timezone.now() - timedelta(minutes=1))
    assert actions.publish_scheduled() == 1
    assert "content.page_taken_down" in events()
    assert public.get("/en/guide/lindenbach/doctor/").status_code == 404


def test_a_translation_begins_with_the_words_of_the_original(desk: Any, chen: Any, guide: Any, millside: Any) -> None:
    top = guide("top")
    page = guide("doctor", parent=top, places=[millside])
    answer = desk(chen).post(f"/guides/{page.pk}/translate/", {"language": "ti"})
    draft = GuidePage.objects.get(locale__language_code="ti")
    assert answer.headers["Location"] == f"/editor/pages/{draft.pk}/edit/"
    assert (draft.translation_key, draft.live, draft.made_from) == (page.translation_key, False, page.text_digest)
    assert list(draft.get_latest_revision_as_object().places.all()) == [millside]
    assert draft.key == page.key
    assert "guides.translation_started" in events()
    again = actions.start_translation(by=chen, page=page, language="ti")
    assert again.pk == draft.pk
    assert chen.has_perm("wagtailadmin.access_admin")
    assert draft.permissions_for_user(chen).can_edit()


def test_nothing_is_sent_twice_and_nothing_without_change(ana: Any, guide: Any, waiting: Any) -> None:
    with pytest.raises(actions.AlreadyWaits):
        actions.submit_draft(by=ana, page=waiting)
    with pytest.raises(actions.AlreadyWaits):
        actions.submit_draft(by=ana, page=guide("other"))


def test_rights_end_with_the_role(ana: Any, guide: Any) -> None:
    page = guide("doctor")
    assert page.permissions_for_user(ana).can_edit()
    Membership.objects.filter(user=ana).update(until=timezone.localdate() - timedelta(days=1))
    actions.sync_member(str(ana.pk))
    fresh = type(ana).objects.get(pk=ana.pk)
    assert not page.permissions_for_user(fresh).can_edit()
    assert not fresh.has_perm("wagtailadmin.access_admin")


def test_rights_hold_in_a_language_that_comes_later(ana: Any, stranger: Any, guide: Any) -> None:
    guide("doctor")
    french = guide("doctor", "fr", translation="human")
    assert french.permissions_for_user(type(ana).objects.get(pk=ana.pk)).can_edit()
    assert not french.permissions_for_user(stranger).can_edit()


def test_the_desk_lists_guides_and_their_history(desk: Any, ana: Any, bilal: Any, waiting: Any) -> None:
    browser = desk(ana)
    assert "Doctor" in browser.get("/guides/").content.decode()
    assert "Doctor" not in browser.get("/guides/?words=zzz").content.decode()
    assert "New title" in browser.get("/guides/drafts/").content.decode()
    history = browser.get(f"/guides/{waiting.pk}/").content.decode()
    assert "Ana" in history
    for address in ("/guides/", "/guides/drafts/", f"/guides/{waiting.pk}/"):
        assert browser.get(address).content.count(b"<h1") == 1
