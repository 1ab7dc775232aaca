"""Fixtures of these tests: a guide in one line, and one with blocks of many kinds in two languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from serai.rooms.guides.actions import text_digest_of
from serai.rooms.guides.models import GuidePage
from serai.rooms.guides.tests.conftest import checked
from serai.rooms.guides.tests.conftest import guide as guide

from .workbooks import BODY


@pytest.fixture
def doctor(guide: Callable[..., Any]) -> GuidePage:
    """A guide with blocks of many kinds, in English and Arabic."""
    first = guide("buses")
    page = guide("doctor", body=BODY, source=checked(), parent=first)
    guide("doctor", "ar", title="طبيب", body=BODY, translation="machine", made_from=text_digest_of(page))
    return page
