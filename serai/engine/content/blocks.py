"""Blocks of which a guide is made. Each is small, speaks plain words and can be translated field by field.

`translatable` names the child fields whose words change with the language; all others stay the same in each language.
Templates: content/blocks/<name>.html.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

RICH = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "link"]
UNITS = [
    ("days", _("days")),
    ("working_days", _("working days")),
    ("weeks", _("weeks")),
    ("months", _("months")),
    ("years", _("years")),
]


class HouseBlock(blocks.StructBlock):
    """A block that says which of its fields are words."""

    translatable: ClassVar[tuple[str, ...]] = ()


class StepBlock(HouseBlock):
    """One step."""

    translatable = ("title", "text")
    title = blocks.CharBlock(required=False, max_length=200)
    text = blocks.TextBlock()


class StepsBlock(HouseBlock):
    """Steps in order."""

    translatable = ("title",)
    title = blocks.CharBlock(required=False, max_length=200)
    steps = blocks.ListBlock(StepBlock())

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "content/blocks/steps.html"


class WarningBlock(HouseBlock):
    """Something that can hurt. Calm words."""

    translatable = ("title", "text")
    title = blocks.CharBlock(max_length=200)
    text = blocks.TextBlock()

    class Meta:
        icon = "warning"
        label = _("Warning")
        template = "content/blocks/warning.html"


class ContactBlock(HouseBlock):
    """A human or an office that can be reached."""

    translatable = ("name", "hours", "note")
    name = blocks.CharBlock(max_length=200)
    phone = blocks.CharBlock(required=False, max_length=40)
    email = blocks.EmailBlock(required=False)
    url = blocks.URLBlock(required=False)
    address = blocks.CharBlock(required=False, max_length=300)
    hours = blocks.CharBlock(required=False, max_length=300)
    languages = blocks.CharBlock(required=False, help_text=_("BCP 47 tags with spaces between: en ar ti"))
    note = blocks.TextBlock(required=False)

    class Meta:
        icon = "user"
        label = _("Contact")
        template = "content/blocks/contact.html"

    def clean(self, value: Any) -> Any:
        """A contact nobody can reach is none."""
        cleaned = super().clean(value)
        if not any(cleaned.get(name) for name in ("phone", "email", "url", "address")):
            raise ValidationError(_("Give at least one of phone, e-mail, web address or address."))
        return cleaned


class FeeBlock(HouseBlock):
    """What something costs, who is paid, and who says so. amount 0 means free of charge."""

    translatable = ("what", "payee", "note")
    what = blocks.CharBlock(label=_("For what"), max_length=200)
    amount = blocks.DecimalBlock(min_value=Decimal(0), max_digits=14, decimal_places=3)
    currency = blocks.RegexBlock(regex=r"^[A-Z]{3}$", help_text=_("ISO 4217: EUR, USD"))
    payee = blocks.CharBlock(max_length=200)
    source_name = blocks.CharBlock(max_length=200)
    source_url = blocks.URLBlock()
    note = blocks.TextBlock(required=False)

    class Meta:
        icon = "tag"
        label = _("Fee")
        template = "content/blocks/fee.html"


class DeadlineBlock(HouseBlock):
    """By when something must be done, counted from which event, and who says so."""

    translatable = ("what", "from_event", "note")
    what = blocks.CharBlock(max_length=200)
    number = blocks.IntegerBlock(min_value=0)
    unit = blocks.ChoiceBlock(choices=UNITS)
    from_event = blocks.CharBlock(label=_("Counted from"), max_length=200)
    source_name = blocks.CharBlock(max_length=200)
    source_url = blocks.URLBlock()
    note = blocks.TextBlock(required=False)

    class Meta:
        icon = "time"
        label = _("Deadline")
        template = "content/blocks/deadline.html"


class PaperBlock(HouseBlock):
    """One document to bring."""

    translatable = ("name", "note")
    name = blocks.CharBlock(max_length=200)
    note = blocks.CharBlock(required=False, max_length=300)
    optional = blocks.BooleanBlock(required=False)


class DocumentsBlock(HouseBlock):
    """A list of documents to bring."""

    translatable = ("title",)
    title = blocks.CharBlock(required=False, max_length=200)
    items = blocks.ListBlock(PaperBlock())

    class Meta:
        icon = "clipboard-list"
        label = _("Documents to bring")
        template = "content/blocks/documents.html"


class ServiceBlock(HouseBlock):
    """A service; ref is its identifier in the services map."""

    translatable = ("name", "what")
    name = blocks.CharBlock(max_length=200)
    what = blocks.TextBlock()
    ref = blocks.CharBlock(required=False, max_length=200)
    url = blocks.URLBlock(required=False)

    class Meta:
        icon = "site"
        label = _("Service")
        template = "content/blocks/service.html"


PICTURE_SIZE = "width-640|format-webp"
"""The one size in which pictures are shown; templates/content/blocks/picture.html names it too."""


class PictureChooser(ImageChooserBlock):
    """Looks up all pictures of a page, in the size shown, in two queries."""

    def bulk_to_python(self, values: Any) -> list[Any]:
        """The pictures of these ids in their order, with the rendition that the page shows."""
        wanted = [value for value in values if value is not None]
        found = {
            row.pk: row for row in self.model_class.objects.filter(pk__in=wanted).prefetch_renditions(PICTURE_SIZE)
        }
        return [found.get(value) for value in values]


class PictureBlock(HouseBlock):
    """A picture with words for those who do not see it."""

    translatable = ("alt", "caption")
    image = PictureChooser()
    alt = blocks.CharBlock(max_length=300)
    caption = blocks.CharBlock(required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "content/blocks/picture.html"


class AudioBlock(HouseBlock):
    """A recording, with all it says in writing."""

    translatable = ("title", "transcript")
    file = DocumentChooserBlock()
    title = blocks.CharBlock(max_length=200)
    transcript = blocks.TextBlock()

    class Meta:
        icon = "media"
        label = _("Recording")
        template = "content/blocks/audio.html"


class VideoBlock(HouseBlock):
    """A link to a video, with its size: data costs money."""

    translatable = ("title",)
    url = blocks.URLBlock()
    title = blocks.CharBlock(max_length=200)
    minutes = blocks.IntegerBlock(min_value=1)
    size_mb = blocks.IntegerBlock(min_value=1)

    class Meta:
        icon = "media"
        label = _("Video link")
        template = "content/blocks/video.html"


def guide_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of a guide, by name."""
    return [
        ("text", blocks.RichTextBlock(features=RICH, label=_("Text"), template="content/blocks/text.html")),
        ("steps", StepsBlock()),
        ("warning", WarningBlock()),
        ("contact", ContactBlock()),
        ("fee", FeeBlock()),
        ("deadline", DeadlineBlock()),
        ("documents", DocumentsBlock()),
        ("service", ServiceBlock()),
        ("picture", PictureBlock()),
        ("audio", AudioBlock()),
        ("video", VideoBlock()),
    ]
