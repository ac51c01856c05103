"""Workbooks that stay open from one look to the next, so that each is read once while a network is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple, Protocol


class Closable(Protocol):
    """Be closed when it is needed no more."""

    def close(self) -> None:
        """Close it."""


class Key(NamedTuple):
    """Tell a file, as it is now, from every other.

    Attributes
    ----------
    path
        Where it is.
    size, changed
        How many bytes it has, and when it was last written, in nanoseconds.
    """

    path: Path
    size: int
    changed: int


_KEPT: ContextVar[dict[Key, Closable] | None] = ContextVar("_KEPT", default=None)


@contextmanager
def books_kept() -> Iterator[None]:
    """Keep workbooks open within a block, so that looking at one several times reads it once.

    A workbook that changes meanwhile is opened anew. Within another such block this one does nothing.
    """
    if _KEPT.get() is not None:
        yield
        return
    kept: dict[Key, Closable] = {}
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)
        for book in kept.values():
            book.close()


def kept_books() -> dict[Key, Closable] | None:
    """Return the workbooks that are kept open; ``None`` outside of such a block."""
    return _KEPT.get()


def key_of(path: Path) -> Key | None:
    """Return what tells a file from every other; ``None`` where it is not there."""
    with suppress(OSError):
        state = path.stat()
        return Key(path.resolve(), state.st_size, state.st_mtime_ns)
    return None
