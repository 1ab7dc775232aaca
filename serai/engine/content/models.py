"""Pictures, files, the second person's task, the index of what can be found.

Picture and file models are ours from the first migration, as Wagtail advises.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage
from wagtail.models import Task, TaskState

from serai.kernel.access.models import User

from .approval import is_approver, may_decide


class HouseImage(AbstractImage):
    """A picture with words for those who do not see it."""

    alt = models.CharField(_("What the picture shows"), max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)

    admin_form_fields = (*WagtailImage.admin_form_fields, "alt")

    class Meta(AbstractImage.Meta):
        permissions = [("choose_houseimage", "Can choose image")]

    @property
    def default_alt_text(self) -> str:
        """What a screen reader says."""
        return self.alt or self.description


class HouseRendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(HouseImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class HouseDocument(AbstractDocument):
    """A file: a recording, a PDF."""

    transcript = models.TextField(_("What is said"), blank=True)

    admin_form_fields = (*WagtailDocument.admin_form_fields, "transcript")

    class Meta(AbstractDocument.Meta):
        permissions = [("choose_housedocument", "Can choose document")]


class SecondPersonTask(Task):
    """A draft goes live only when a second person, not its author, approves it."""

    admin_form_fields: ClassVar[list[str]] = Task.admin_form_fields

    @classmethod
    def get_description(cls) -> str:
        """Shown where workflows are listed."""
        return str(_("Somebody other than the author approves"))

    def user_can_access_editor(self, obj: Any, user: User) -> bool:
        """Approvers may open what they approve."""
        return is_approver(user, obj)

    def locked_for_user(self, obj: Any, user: User) -> bool:
        """While it waits nobody changes it: what the second person reads is what goes live."""
        return True

    def get_actions(self, obj: Any, user: User) -> list[tuple[str, Any, bool]]:
        """Nothing for the author of the text, whatever else he may be."""
        if not may_decide(user, obj, obj.get_latest_revision()):
            return []
        return [("approve", _("Approve and publish"), False), ("reject", _("Send back with a comment"), True)]

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        """Checked again here: whoever calls, the author does not approve."""
        revision = task_state.revision
        if not may_decide(user, revision.content_object, revision):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> models.QuerySet[TaskState]:
        """What waits for this person."""
        waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task=self.task_ptr)
        mine = [
            state.pk
            for state in waiting.select_related("revision")
            if may_decide(user, state.revision.content_object, state.revision)
        ]
        return TaskState.objects.filter(pk__in=mine)


class SearchEntry(models.Model):
    """One thing that can be found in one language. What it says of words is made by search/words.py.

    standing: its place among those that a question fits alike, short texts first, the same in every database.
    title_words, gist: words of the title, and what it is about. words: each word once with its signs, filters included.
    """

    key = models.CharField(max_length=200)
    language = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    url = models.CharField(max_length=2000)
    publisher = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=80, blank=True)
    places = models.JSONField(default=list)
    standing = models.BigIntegerField(default=0)
    title_words = models.TextField(default="")
    gist = models.TextField(default="")
    words = models.TextField(default="")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="one_entry_per_language")]


class SearchWord(models.Model):
    """A word of the index with its language's sign; docs: in how many documents it stands."""

    word = models.TextField(primary_key=True)
    docs = models.IntegerField()


class SearchKey(models.Model):
    """What is left of a word without its vowels, or without one letter more: words that share a key look alike."""

    pk = models.CompositePrimaryKey("key", "word")
    key = models.TextField()
    word = models.TextField()
