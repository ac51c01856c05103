"""Which files a network was read from: all that a reader opened, those beside the named one too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_NOTED: ContextVar[dict[Path, None] | None] = ContextVar("_NOTED", default=None)


@contextmanager
def files_noted() -> Iterator[dict[Path, None]]:
    """Note which files are read within a block, in order."""
    noted: dict[Path, None] = {}
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def note_file(path: Path) -> None:
    """Note that a file is read, if anybody wants to know."""
    noted = _NOTED.get()
    if noted is not None:
        noted[path.resolve()] = None
