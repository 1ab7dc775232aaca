"""The desk page about packs says what is here, whether it is signed and which updates wait."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from serai.kernel.packs.actions import install_pack, trust_key
from serai.kernel.packs.folder import write_files
from serai.kernel.packs.head import read_head
from serai.kernel.packs.keys import make_key, read_key
from serai.kernel.packs.publishing import sealed
from serai.kernel.packs.tests.small import TOPICS, edited, pack, topics

pytestmark = pytest.mark.django_db


def test_administrators_see_what_is_installed_and_what_waits(
    desk: Callable[..., Any], emeka: Any, settings: Any, tmp_path: Path
) -> None:
    settings.SERAI_PACKS = tmp_path
    (tmp_path / "topics").mkdir()
    write_files(tmp_path / "topics", pack(edited("pack.yaml", "version: 1.0.0", "version: 1.2.0", TOPICS), TOPICS))
    install_pack(by=None, files=topics())
    page = desk(emeka).get("/packs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Not signed" in text
    assert "Version 1.2.0 waits" in text
    assert text.count("<h1") == 1


def test_a_signed_pack_is_told_apart_from_an_unsigned_one(desk: Callable[..., Any], emeka: Any, tmp_path: Path) -> None:
    public = make_key(tmp_path / "key.pem")
    head, _problems = read_head(topics()["pack.yaml"])
    assert head is not None
    install_pack(by=None, files=sealed(head, topics(), read_key(tmp_path / "key.pem")))
    assert "nobody here confirmed" in desk(emeka).get("/packs/").content.decode()
    trust_key(by=None, publisher="commons", key=public)
    text = desk(emeka).get("/packs/").content.decode()
    assert "Signed with a key that this house knows" in text
    assert public in text


def test_authors_and_people_without_an_account_do_not_come_here(
    desk: Callable[..., Any], ana: Any, public: Any
) -> None:
    assert desk(ana).get("/packs/").status_code == 403
    assert desk().get("/packs/").status_code == 302
    assert public.get("/packs/").status_code == 404
