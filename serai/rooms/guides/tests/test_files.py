"""Pictures and recordings come in while a page is written; what was approved is never replaced."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from serai.engine.content.models import HouseDocument, HouseImage

CHOOSE = "/editor/images/chooser/create/"


def a_picture(name: str = "way.png") -> SimpleUploadedFile:
    """A small real picture."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), "image/png")


def bring(client: Any, title: str = "The way") -> Any:
    """Uploads a picture as the editor's chooser does."""
    prefix = "image-chooser-upload-"
    fields = {f"{prefix}title": title, f"{prefix}file": a_picture(), f"{prefix}alt": "A map", f"{prefix}tags": ""}
    return client.post(CHOOSE, fields)


@pytest.fixture
def picture(desk: Any, ana: Any, guide: Any, settings: Any, tmp_path: Any) -> HouseImage:
    """What Ana brought in."""
    settings.MEDIA_ROOT = tmp_path
    guide("doctor")
    answer = bring(desk(ana))
    assert answer.status_code == 200, answer.content
    return HouseImage.objects.get()


def test_an_author_brings_a_picture_with_words_for_those_who_do_not_see_it(picture: HouseImage, desk: Any) -> None:
    assert (picture.title, picture.alt, picture.width) == ("The way", "A map", 40)


def test_an_author_brings_a_recording(desk: Any, ana: Any, guide: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    guide("doctor")
    prefix = "document-chooser-upload-"
    fields = {
        f"{prefix}title": "Listen",
        f"{prefix}file": SimpleUploadedFile("a.opus", b"OggS" + bytes(40), "audio/ogg"),
        f"{prefix}transcript": "What is said",
        f"{prefix}tags": "",
    }
    assert desk(ana).post("/editor/documents/chooser/create/", fields).status_code == 200
    assert HouseDocument.objects.get().transcript == "What is said"


def test_nobody_replaces_or_deletes_a_file_not_even_who_brought_it(
    picture: HouseImage, desk: Any, ana: Any, bilal: Any, stranger: Any
) -> None:
    before = picture.file.name
    for person in (ana, bilal, stranger):
        client = desk(person)
        for address in (
            f"/editor/images/{picture.pk}/",
            f"/editor/images/{picture.pk}/delete/",
            f"/editor/images/multiple/{picture.pk}/",
            f"/editor/bulk/content/houseimage/delete/?id={picture.pk}",
            "/editor/images/",
            "/editor/images/add/",
            "/editor/documents/",
        ):
            assert client.get(address).status_code in (403, 404, 405), (person.name, address)
            answer = client.post(address, {"title": "Other", "file": a_picture("other.png")})
            assert answer.status_code in (403, 404, 405), (person.name, address)
    assert HouseImage.objects.get().file.name == before


def test_who_only_checks_facts_brings_no_file(
    desk: Any, staff: Any, lindenbach: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    checker = staff("fatima", lindenbach, "facts.checker")
    assert bring(desk(checker)).status_code in (403, 404)
    assert not HouseImage.objects.exists()
