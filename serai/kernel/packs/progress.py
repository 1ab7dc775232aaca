"""How far an install is: parts say it, a command line shows it, nobody else needs to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listener: ContextVar[Callable[[int], None] | None] = ContextVar("listener", default=None)


def advance(files: int = 1) -> None:
    """So many more files are done."""
    listener = _listener.get()
    if listener is not None:
        listener(files)


@contextmanager
def told_to(listener: Callable[[int], None] | None) -> Iterator[None]:
    """Whoever listens is told of each file until the block ends."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
