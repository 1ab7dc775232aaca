"""A stranger, with every role at another publisher, sees and changes nothing of this one, whatever the route."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from serai.rooms.guides.actions import send_urgent_alert, submit_draft, write_alert
from serai.rooms.guides.models import Alert, GuidePage, UrgentAct

SECRET = "Hidden intention"
KINDS = {"page": "page_id", "id": "id"}


def routes(patterns: Any, path: str = "", space: str = "") -> list[tuple[str, str, list[str]]]:
    """(name, path, names of parameters) of every route below."""
    found = []
    for pattern in patterns:
        whole = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found += routes(pattern.url_patterns, whole, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.append((space + pattern.name, whole, list(pattern.pattern.converters)))
    return found


def editor_routes() -> list[tuple[str, list[str]]]:
    patterns = get_resolver(settings.SERAI_DESK_URLCONF).url_patterns
    rows = [row for row in routes(patterns) if row[1].startswith("editor/")]
    return [(name, parameters) for name, path, parameters in rows]


@pytest.fixture
def secret(guide: Any, ana: Any, port_amsel: Any) -> GuidePage:
    """A page of Lindenbach, live, with a draft that nobody outside may know of, waiting for a second person."""
    guide("harbour", organisation=port_amsel)
    page = guide("doctor")
    draft = GuidePage.objects.get(pk=page.pk)
    draft.title = SECRET
    draft.summary = SECRET
    draft.save_revision(user=ana)
    submit_draft(by=ana, page=draft)
    never = guide("never", publish=False, title=f"{SECRET} two")
    assert not never.live
    return GuidePage.objects.get(pk=page.pk)


def _value(name: str, page: GuidePage) -> Any:
    task = page.current_workflow_task_state
    values = {
        "page_id": page.pk,
        "parent_page_id": page.pk,
        "page_to_move_id": page.pk,
        "destination_id": page.get_parent().pk,
        "revision_id": page.latest_revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": page.latest_revision_id,
        "task_state_id": task.pk,
        "task_id": task.task_id,
        "workflow_state_id": page.current_workflow_state.pk,
        "action_name": "approve",
        "object_id": page.pk,
        "model_name": "guidepage",
        "app_label": "wagtailcore",
        "content_type_app_name": "guides",
        "content_type_model_name": "guidepage",
        "model_name_and_app": "guides",
        "action_type": "delete",
        "pk": page.pk,
    }
    return values.get(name, page.pk)


def test_a_stranger_learns_and_changes_nothing_on_any_route_of_the_editor(
    desk: Any, stranger: Any, secret: Any
) -> None:
    browser = desk(stranger)
    told, events = [], secret.revisions.count()
    before = GuidePage.objects.filter(organisation=secret.organisation).values_list("pk", "live", "title", "path")
    before = list(before)
    for name, parameters in editor_routes():
        kwargs = {parameter: _value(parameter, secret) for parameter in parameters}
        try:
            address = reverse(name, kwargs=kwargs, urlconf=settings.SERAI_DESK_URLCONF)
        except Exception:  # noqa: S112 - the parameter's kind does not take this value
            continue
        for method in ("get", "post"):
            answer = getattr(browser, method)(address, {"action-publish": "1", "title": "Taken over"})
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code != 500, (name, method)
            if SECRET.encode() in body:
                told.append((name, method))
    assert told == []
    after = GuidePage.objects.filter(organisation=secret.organisation).values_list("pk", "live", "title", "path")
    assert list(after) == before
    assert secret.revisions.count() == events
    assert GuidePage.objects.get(pk=secret.pk).workflow_in_progress


def test_the_same_walk_would_notice_what_a_colleague_may_see(desk: Any, ana: Any, secret: Any) -> None:
    browser, told, walked = desk(ana), set(), 0
    for name, parameters in editor_routes():
        kwargs = {parameter: _value(parameter, secret) for parameter in parameters}
        if "page_id" in kwargs and name.startswith("wagtailadmin_pages:"):
            walked += 1
            answer = browser.get(reverse(name, kwargs=kwargs, urlconf=settings.SERAI_DESK_URLCONF))
            if SECRET.encode() in answer.content:
                told.add(name)
    assert walked >= 20
    assert {"wagtailadmin_pages:edit", "wagtailadmin_pages:history", "wagtailadmin_pages:view_draft"} <= told


def test_a_stranger_finds_nothing_by_searching_choosing_or_listing(desk: Any, stranger: Any, secret: Any) -> None:
    browser = desk(stranger)
    for address in (
        "/editor/pages/search/?q=Hidden",
        "/editor/pages/search/results/?q=Hidden",
        "/editor/choose-page/search/?q=Hidden",
        f"/editor/choose-page/{secret.get_parent().pk}/",
        "/editor/choose-page/",
        "/editor/pages/",
        "/editor/",
        f"/editor/pages/{secret.get_parent().pk}/",
        "/editor/api/main/pages/?fields=*",
        f"/editor/api/main/pages/{secret.pk}/",
        f"/editor/bulk/wagtailcore/page/delete/?id={secret.pk}",
        f"/editor/bulk/wagtailcore/page/publish/?id={secret.pk}",
        "/editor/reports/site-history/",
        "/editor/reports/workflow/",
        "/guides/",
        "/guides/?words=Hidden",
        "/guides/drafts/",
        "/guides/approvals/",
        "/guides/urgent/",
        "/guides/urgent/?words=Doctor",
        "/guides/alerts/",
        "/guides/changes/",
    ):
        answer = browser.get(address)
        assert answer.status_code != 500, address
        assert SECRET.encode() not in answer.content, address


def test_a_stranger_is_refused_on_every_screen_of_ours(
    desk: Any, stranger: Any, secret: Any, ana: Any, dora: Any
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    words = {"en": {"title": "T", "text": "x"}}
    publisher = secret.organisation
    act = send_urgent_alert(by=dora, organisation=publisher, texts=words, ends=now + timedelta(days=1))
    alert = write_alert(
        by=ana, organisation=publisher, titles={"en": "T"}, texts={"en": "x"}, starts=now, ends=now + timedelta(days=1)
    )
    browser = desk(stranger)
    posts = {
        f"/guides/{secret.pk}/": {},
        f"/guides/{secret.pk}/submit/": {},
        f"/guides/{secret.pk}/take-down/": {},
        f"/guides/{secret.pk}/translate/": {"language": "fr"},
        f"/guides/approvals/{secret.pk}/": {"revision": secret.latest_revision_id, "verdict": "approve"},
        f"/guides/alerts/{alert.pk}/decide/": {"verdict": "approve"},
        f"/guides/alerts/{alert.pk}/end/": {},
        f"/guides/urgent/guide/{secret.pk}/": {"kind": "closed", "title_en": "x", "text_en": "y"},
        f"/guides/urgent/{act.pk}/review/": {"verdict": "undo"},
        f"/guides/urgent/{act.pk}/end/": {},
    }
    for address, said in posts.items():
        assert browser.get(address).status_code in {403, 404, 405}, address
        answer = browser.post(address, said)
        assert answer.status_code in {403, 404, 405}, address
    assert GuidePage.objects.get(pk=secret.pk).title == "Doctor"
    assert not GuidePage.objects.filter(locale__language_code="fr").exists()
    assert Alert.objects.get(pk=alert.pk).approved_at is None
    assert UrgentAct.objects.get(pk=act.pk).reviewed_at is None
    assert UrgentAct.objects.count() == 1
    foreign = {"organisation": str(publisher.pk), "title_en": "x", "text_en": "y", "ends": "2099-01-01T00:00"}
    for address in ("/guides/urgent/alert/", "/guides/alerts/new/"):
        assert browser.post(address, {**foreign, "starts": "2098-01-01T00:00"}).status_code == 400
    assert Alert.objects.count() == 2


def test_nobody_without_account_comes_to_the_desk(desk: Any, secret: Any) -> None:
    for address in ("/guides/", f"/guides/{secret.pk}/", "/guides/urgent/", f"/editor/pages/{secret.pk}/edit/"):
        assert desk().get(address).status_code == 302


@pytest.mark.parametrize("who", ["ana", "chen", "bilal", "dora", "emeka"])
def test_nobody_in_the_house_may_publish_by_wagtails_own_right(request: Any, who: str, secret: Any) -> None:
    user = request.getfixturevalue(who)
    rights = secret.permissions_for_user(user)
    assert not rights.can_publish()
    assert not rights.can_unpublish()
    assert not rights.can_set_view_restrictions()
    assert not rights.can_delete()
    assert rights.can_edit() == (who in {"ana", "chen", "bilal"})


@pytest.mark.parametrize("action", ["delete", "move", "publish", "unpublish"])
def test_a_stranger_is_shown_no_page_by_asking_for_all_or_writing_its_number_oddly(
    desk: Any, stranger: Any, secret: Any, action: str
) -> None:
    browser, parent = desk(stranger), secret.get_parent().pk
    for query in (
        "id=all",
        "id=all&q=Hidden",
        f"id=all&childOf={parent}",
        f"id=all&childOf=%20{parent}",
        f"id=all&childOf=%2B{secret.get_parent().get_parent().pk}&q=Hidden",
        f"id=%20{secret.pk}",
        f"id=%2B{secret.pk}",
        f"id={'_'.join(f'0{secret.pk}')}",
        f"id={secret.pk}&id=all",
    ):
        answer = browser.get(f"/editor/bulk/wagtailcore/page/{action}/?{query}")
        assert answer.status_code == 404, query


def test_a_colleague_acts_on_all_pages_below_one_of_the_own(desk: Any, ana: Any, secret: Any) -> None:
    answer = desk(ana).get(f"/editor/bulk/wagtailcore/page/move/?id=all&childOf={secret.get_parent().pk}")
    assert SECRET in answer.content.decode()


def test_a_stranger_is_told_no_title_by_saying_that_a_page_was_chosen(desk: Any, stranger: Any, secret: Any) -> None:
    never = GuidePage.objects.get(title=f"{SECRET} two")
    for number in (never.pk, f"%20{never.pk}"):
        answer = desk(stranger).get(f"/editor/choose-page/chosen-multiple/?id={number}")
        assert answer.status_code == 404
        assert SECRET not in answer.content.decode()
    own = GuidePage.objects.get(key="port-amsel/harbour")
    assert "Harbour" in desk(stranger).get(f"/editor/choose-page/chosen-multiple/?id={own.pk}").content.decode()
