"""Who may do what in Wagtail's tree follows from memberships: one group per organisation and role, rights on its homes.

Nobody has Wagtail's right to publish: publishing is what the second person's approval does.
"""

from __future__ import annotations

import uuid

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from serai.kernel.access.models import Membership, User

from ..models import PublisherHome

RIGHTS: dict[str, tuple[str, ...]] = {
    "content.author": ("add_page", "change_page"),
    "content.translator": ("add_page", "change_page"),
    "content.approver": ("change_page",),
}
"""Wagtail's rights that a role has in the homes of its organisation, in every language."""

FILES = ((Image, ("add", "choose")), (Document, ("add", "choose")))
"""Wagtail asks for the rights of its own models, also where ours stand in for them."""


def group_name(organisation_id: object, role: str) -> str:
    """Name of the group of one role in one organisation."""
    return f"{role} {organisation_id}"


@transaction.atomic
def sync_member(user_id: str) -> None:
    """Puts a member of staff into the groups of the roles that hold today, and out of all others of the house."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return
    today = timezone.localdate()
    rows = Membership.objects.filter(user=user, role__in=RIGHTS).select_related("organisation")
    held = [row for row in rows if user.is_active and (row.until is None or row.until >= today)]
    groups = [_group(row.organisation_id, row.role) for row in held]
    user.groups.remove(*[group for group in user.groups.all() if _is_ours(group.name) and group not in groups])
    user.groups.add(*groups)


@transaction.atomic
def sync_organisation(organisation_id: uuid.UUID, home: PublisherHome) -> None:
    """Gives the groups of an organisation their rights in a new home, and makes groups for roles already held."""
    for role in RIGHTS:
        _grant(_group(organisation_id, role), home)
    for user_id in Membership.objects.filter(organisation_id=organisation_id, role__in=RIGHTS).values_list("user_id"):
        sync_member(str(user_id[0]))


def _group(organisation_id: object, role: str) -> Group:
    group, created = Group.objects.get_or_create(name=group_name(organisation_id, role))
    if created:
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
        for home in PublisherHome.objects.filter(organisation_id=organisation_id):
            _grant(group, home)
        _grant_files(group)
    return group


def _grant(group: Group, home: PublisherHome) -> None:
    role = group.name.split(" ", 1)[0]
    kind = ContentType.objects.get_for_model(Page)
    for codename in RIGHTS[role]:
        permission = Permission.objects.get(content_type=kind, codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page_id=home.pk, permission=permission)


def _grant_files(group: Group) -> None:
    root = Collection.get_first_root_node()
    for model, verbs in FILES:
        kind = ContentType.objects.get_for_model(model)
        for verb in verbs:
            permission = Permission.objects.get(content_type=kind, codename=f"{verb}_{model._meta.model_name}")
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _is_ours(name: str) -> bool:
    return name.split(" ", 1)[0] in RIGHTS
