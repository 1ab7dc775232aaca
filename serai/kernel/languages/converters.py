"""The `<lang:lang>` part of an address: any language the house knows, spelt as BCP 47 does."""

from __future__ import annotations

from .registry import languages


class LanguageTag:
    """Path converter; refuses a tag the house does not know, so the address is not found."""

    regex = "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?"

    def to_python(self, value: str) -> str:
        """The tag as it stands in languages.yaml."""
        if value not in languages():
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        """The tag itself."""
        return value
