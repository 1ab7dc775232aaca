"""Manifest of web: what joins all rooms on a screen."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Door, Manifest, anyone, desk

CHECKERS = ("facts.checker",)


def _offers() -> None:
    from serai.kernel.register.ports import QUEUES, WAYS

    from .queries import queue_to_check

    QUEUES.offer("web", queue_to_check)
    for name in ("home", "people", "about", "exit_help", "search"):
        WAYS.offer(name, f"web:{name}")


MANIFEST = Manifest(
    label="web",
    title=_("First pages"),
    doors=(
        Door(
            "emergency",
            _("Emergency numbers"),
            "phone",
            "web:emergency",
            lead=_("The number to call in each country when somebody needs help right now."),
            order=10,
        ),
        Door(
            "to_check",
            _("To check"),
            "check",
            "web:to_check",
            host="desk",
            lead=_("What nobody has checked lately, and what will soon need it."),
            order=20,
            roles=frozenset(CHECKERS),
        ),
    ),
    permissions=(
        *anyone("web:languages", "web:home", "web:search", "web:people", "web:emergency", "web:about", "web:exit_help"),
        *desk("web:first", why="Shows each colleague only what waits for his roles."),
        *desk("web:to_check", "web:still_true", "web:take_back", roles=CHECKERS),
    ),
    offers=_offers,
)
