"""What the rest of the house may ask of the words of the interface."""

from .queries import changed

__all__ = ["changed"]
