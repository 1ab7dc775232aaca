"""What was asked: which of the two hosts, in which language, and in which language the interface can answer.

A house may carry guides in a language whose interface nobody has translated yet. Then the guide keeps its language and
the words of the house around it are marked as being in another one.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from serai.kernel.languages.interface import interface
from serai.kernel.languages.registry import Language, known, language


def host_of(request: HttpRequest) -> str:
    """`public` or `desk`, as TwoHosts found it."""
    return getattr(request, "serai_host", "public")


def language_asked(request: HttpRequest) -> Language:
    """The language of the address on the public host; the house's own where the address names none."""
    first = request.path_info.split("/", 2)[1] if host_of(request) == "public" else ""
    return language(first if first and known(first) else settings.SERAI_LANGUAGES[0])


def interface_of(tag: str) -> Language:
    """The language in which the house's own words answer: the one asked for, or the nearest that has them."""
    return language(interface(tag).tag)
