"""What goes to the screen: results to standard output, everything else to standard error.

A terminal gets colours and fits its width; a file or a pipe gets plain lines
that are never cut.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from diffusion.experiment.runner import Progress
    from diffusion.positions.found import SearchProgress

_PIPED_WIDTH = 100_000


def say(text: str) -> None:
    """Print a line to standard error."""
    print(text, file=sys.stderr, flush=True)


def tables_updated(version: int) -> str:
    """Return what is said when a database that an older version wrote was brought up to date."""
    return f"Its tables were brought up to date, from version {version}; no number has changed."


def print_json(value: Any) -> None:
    """Print a value as JSON, which has no NaN and no infinity."""
    print(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def console() -> Console:
    """Return the console for results."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


def table(*columns: str, right: Sequence[str] = ()) -> Table:
    """Return an empty table.

    Parameters
    ----------
    columns
        The headings.
    right
        The headings of columns that are set flush right.
    """
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in columns:
        made.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    return made


@contextmanager
def compilation_announced() -> Iterator[None]:
    """Say so, once, if anything is compiled in the ``with`` block."""
    from diffusion.compiled import announced_compilation

    with announced_compilation(lambda: say("Compiling for the first use of these rules: up to fifteen seconds …")):
        yield


class ProgressLine:
    """Show how far a study has come, on a terminal; elsewhere stay quiet."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._console = Console(stderr=True, markup=False, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("runs, about"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("playing", total=None)
        self.done = self.total = 0

    def show(self, progress: Progress) -> None:
        """Show how far a study has come."""
        self.done, self.total = progress.done, progress.total
        self._bar.update(self._task, description="playing", completed=progress.done, total=progress.total)

    def seek(self, progress: SearchProgress) -> None:
        """Show what a search for leaders is about."""
        number = f" ({progress.members:,})" if progress.members else ""
        self._bar.update(self._task, description=f"{progress.doing}{number}", total=None)


@contextmanager
def progress_line() -> Iterator[ProgressLine]:
    """Give a line of progress that goes away when it is done."""
    line = ProgressLine()
    with line._bar:  # noqa: SLF001 - the class is this function's own
        yield line
