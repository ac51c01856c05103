"""Ctrl-C: once to finish the batch at hand, twice to stop at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from diffusion.cli.output import say

EXIT_INTERRUPTED = 130


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether Ctrl-C was pressed; a second Ctrl-C ends the process.

    Ending the process at once is safe: a batch is written whole or not at all.
    """
    pressed: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        if pressed:
            say("Stopped.")
            os._exit(EXIT_INTERRUPTED)
        pressed.append(number)
        say("Stopping when the batch at hand is stored; Ctrl-C once more stops at once.")

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
