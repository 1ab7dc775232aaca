"""What a house wrote itself can be given out as a pack."""

from __future__ import annotations

import pytest

from serai.kernel.packs.actions import install_pack
from serai.kernel.packs.publishing import exported, head_for
from serai.kernel.packs.tests.small import pack, topics
from serai.rooms.guides.actions import save_guide
from serai.rooms.guides.models import GuidePage

pytestmark = pytest.mark.django_db


def test_a_house_gives_out_what_it_wrote_itself_and_says_what_a_pack_cannot_hold() -> None:
    install_pack(by=None, files=topics())
    install_pack(by=None, files=pack())
    page = GuidePage.objects.get(key="lindenbach/doctor", locale__language_code="en")
    organisation = page.organisation
    more = {"organisation": organisation, "summary": "", "by": None, "topic": page.topic}
    see = f'<p>See <a linktype="page" id="{page.pk}">the doctor</a>.</p>'
    own = {"key": "lindenbach/our own/page", "slug": "own", "title": "Our own page", "parent": page}
    save_guide(**more, **own, language="en", body=[("text", see)])
    save_guide(**more, key="lindenbach/arabic-only", language="ar", slug="x", title="صفحة", body=[("text", "<p>س</p>")])
    head, problems = head_for("lindenbach", "lindenbach", {})
    assert head is not None, problems
    assert (head.version, head.languages, head.requires) == ("1.0.1", ("en", "ar"), {"topics": "1.0.0"})
    export = exported("lindenbach", head)
    own = next(data.decode() for path, data in export.files.items() if b"Our own page" in data)
    assert "parent: doctor" in own
    assert "[the doctor](guide:doctor)" in own
    assert [(each.file, each.code) for each in export.problems] == [("guides/arabic-only.ar.md", "left-out")]
