"""A clock that jumps, for the real program in a process of its own: libfaketime stands between it and the system.

What jumps is the clock that tells the date, as when somebody sets it; the
system's own clock for how long things take never does, and is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from postgres import missing

PLACES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime", "/opt/homebrew/lib/faketime")


class JumpingClock:
    """Tell processes another time than there is.

    Attributes
    ----------
    environment
        What a process must be started with.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.jump("+0")
        self.environment: Mapping[str, str] = os.environ | {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def jump(self, offset: str) -> None:
        """Set the clock so far from the true time: ``+20y``, ``-3d``."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{offset}\n", encoding="ascii")
        new.replace(self._file)


def _library() -> Path:
    """Return libfaketime for programs of several threads; skip or fail where it is not there."""
    found = [path for place in PLACES for path in Path("/").glob(f"{place[1:]}/libfaketimeMT.so.1")]
    if not found:
        missing("libfaketime (the package faketime) is not installed, so the clock cannot be made to jump")
    return found[0]
