"""Pictures and recordings of a pack: looked at before they come in, kept once however often they are used.

A picture may carry the place where it was taken: everything but what is seen is left out. A picture without such
things keeps its bytes, so that it stays the same from house to house.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from serai.kernel.packs.leftovers import note_file
from serai.kernel.register.ports import PackProblem

FOLDER = "guides/media/"
PICTURES = {"PNG": (".png",), "JPEG": (".jpg", ".jpeg"), "WEBP": (".webp",)}
MOST_PIXELS = 24_000_000
SAID_BY_CAMERAS = frozenset({"exif", "xmp", "XML:com.adobe.xmp", "comment", "Comment", "photoshop", "icc_profile"})
SOUNDS = {".opus": (b"OggS",), ".ogg": (b"OggS",), ".mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"), ".m4a": ()}


@dataclass(frozen=True)
class Stored:
    """A file in the house: the id that a block holds, and a mark that changes with its content."""

    pk: int
    mark: str


def digest_of_file(data: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def is_picture(name: str) -> bool:
    """By its ending."""
    return name.lower().endswith(tuple(ending for endings in PICTURES.values() for ending in endings))


def check_media(path: str, data: bytes) -> list[PackProblem]:
    """Whether a file under guides/media/ is what its name says."""
    name = path.removeprefix(FOLDER)
    if is_picture(name):
        return _check_picture(path, data)
    ending = "." + name.rsplit(".", 1)[-1].lower()
    if ending not in SOUNDS:
        cure = _("Pictures: .png, .jpg, .webp. Recordings: .opus, .ogg, .mp3, .m4a.")
        return [PackProblem(path, 0, "media-kind", _("A pack cannot hold a file of this kind."), cure)]
    good = data[4:8] == b"ftyp" if ending == ".m4a" else data.startswith(SOUNDS[ending])
    if good:
        return []
    says = _("This is not a recording of the kind that its name says.")
    return [PackProblem(path, 0, "media-broken", says, _("Save it again as Opus, MP3 or M4A."))]


def picture(path: str, data: bytes, alt: str) -> Stored:
    """The picture in the house; made when it is not there."""
    model = get_image_model()
    digest = digest_of_file(data)
    found = model.objects.filter(digest=digest).first()
    if found is None:
        kept, width, height = _plain_picture(data)
        found = model(title=path.removeprefix(FOLDER), alt=alt[:300], digest=digest)
        ending = path.rsplit(".", 1)[-1].lower()
        _save_file(found, f"{digest[:40]}.{ending}", kept)
        found.width, found.height = width, height
        found.file_size, found.file_hash = len(kept), hashlib.sha1(kept, usedforsecurity=False).hexdigest()
        found.save()
    return Stored(found.pk, digest[:16])


def recording(path: str, data: bytes, transcript: str) -> Stored:
    """The recording in the house; made when it is not there."""
    model = get_document_model()
    digest = digest_of_file(data)
    name = f"{digest[:40]}.{path.rsplit('.', 1)[-1].lower()}"
    found = model.objects.filter(file__endswith=f"/{name}").first()
    if found is None:
        found = model(title=path.removeprefix(FOLDER), transcript=transcript)
        _save_file(found, name, data)
        found.file_size, found.file_hash = len(data), hashlib.sha1(data, usedforsecurity=False).hexdigest()
        found.save()
    return Stored(found.pk, digest[:16])


def mark_of(thing: Any) -> str:
    """The mark of a picture or recording in the house, as Stored has it."""
    digest = getattr(thing, "digest", "") or thing.file.name.rsplit("/", 1)[-1].split(".")[0]
    return str(digest[:16])


def _save_file(thing: Any, name: str, data: bytes) -> None:
    field = thing._meta.get_field("file")
    note_file(field.generate_filename(thing, name))
    thing.file.save(name, ContentFile(data), save=False)


def _check_picture(path: str, data: bytes) -> list[PackProblem]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                kind, pixels = image.format or "", image.width * image.height
                if pixels <= MOST_PIXELS:
                    image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        says = _("This is not a picture that can be opened.")
        return [PackProblem(path, 0, "media-broken", says, _("Save it again as PNG, JPEG or WebP."))]
    if pixels > MOST_PIXELS:
        says = _("This picture has more than 24 million points.")
        return [PackProblem(path, 0, "media-large", says, _("Make it smaller: 1,600 points wide is enough."))]
    if not path.lower().endswith(PICTURES.get(kind, ())):
        says = _("This picture is %(kind)s, but its name says otherwise.") % {"kind": kind or "?"}
        return [PackProblem(path, 0, "media-kind", says, _("Give it the ending .png, .jpg or .webp that fits."))]
    return []


def _plain_picture(data: bytes) -> tuple[bytes, int, int]:
    """The bytes without what cameras and programs add, upright; and width and height in points."""
    with Image.open(io.BytesIO(data)) as image:
        kind = image.format or "PNG"
        more = SAID_BY_CAMERAS & set(image.info) or getattr(image, "is_animated", False) or getattr(image, "text", {})
        if not more:
            return data, image.width, image.height
        upright = ImageOps.exif_transpose(image)
        if upright.mode == "P":
            upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
        plain = Image.new(upright.mode, upright.size)
        plain.paste(upright)
        buffer = io.BytesIO()
        plain.save(buffer, kind, **({"quality": 90} if kind != "PNG" else {"optimize": True}))
    return buffer.getvalue(), plain.width, plain.height
