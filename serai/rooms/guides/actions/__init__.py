"""Every write of the guides: one function each, one transaction, one event."""

from .access_sync import sync_member
from .checking import BadText, TextProblem, text_problems
from .saving import Saved, Source, save_guide, text_digest_of
from .tree import CycleInTree, ForeignParent, ensure_language_home, ensure_publisher_home

__all__ = [
    "BadText",
    "CycleInTree",
    "ForeignParent",
    "Saved",
    "Source",
    "TextProblem",
    "ensure_language_home",
    "ensure_publisher_home",
    "save_guide",
    "sync_member",
    "text_digest_of",
    "text_problems",
]
