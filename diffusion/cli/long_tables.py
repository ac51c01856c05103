"""Long tables on a terminal: their first and last rows, and what shows the rest. Pipes and files get every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from diffusion.analysis.phrases import whole

if TYPE_CHECKING:
    from rich.console import Console

FIRST, LAST = 20, 5
"""How many rows of a long table are shown, of its beginning and its end."""

MOST_CELLS = 12
"""Of up to how many networks and cells the arms are ranked one after the other."""

GAP = "…"
"""What stands in place of rows that are left out."""

HOW_TO_SEE_ALL = "--all prints everything, and so do a file or a pipe; --json holds every number"

Command = TypeVar("Command", bound=Callable[..., Any])
Row = TypeVar("Row")


@dataclass(frozen=True)
class Bound:
    """Say whether long tables are cut.

    Attributes
    ----------
    is_cut
        Whether they are: on a terminal, unless everything is asked for.
    """

    is_cut: bool

    @classmethod
    def of(cls, out: Console, *, everything: bool) -> Bound:
        """Return what holds for an output."""
        return cls(out.is_terminal and not everything)

    def parts(self, rows: Sequence[Row], is_kept: Callable[[Row], bool] = lambda _: False) -> Iterator[list[Row]]:
        """Yield the rows that are shown, in runs between which some are left out.

        Parameters
        ----------
        rows
            All rows.
        is_kept
            Whether a row is shown wherever it stands.

        Examples
        --------
        >>> [len(part) for part in Bound(is_cut=True).parts(range(100), lambda row: row == 50)]
        [20, 1, 5]
        >>> [len(part) for part in Bound(is_cut=True).parts(range(26))]
        [26]
        """
        if not self.is_cut or len(rows) <= FIRST + LAST + 1:
            yield list(rows)
            return
        part: list[Row] = []
        for place, row in enumerate(rows):
            if place < FIRST or place >= len(rows) - LAST or is_kept(row):
                part.append(row)
            elif part:
                yield part
                part = []
        yield part


def left_out_line(shown: int, rows: int, what: str) -> str:
    """Return how many rows are left out and what shows them, or an empty text where none is.

    Examples
    --------
    >>> left_out_line(25, 1000, "arms")
    '975 of 1,000 arms are left out; --all prints everything, and so do a file or a pipe; --json holds every number.'
    """
    left = rows - shown
    return f"{whole(left)} of {whole(rows)} {what} are left out; {HOW_TO_SEE_ALL}." if left else ""


def all_option(command: Command) -> Command:
    """Add ``--all`` to a verb."""
    return click.option(
        "--all", "everything", is_flag=True, help="Print every row of long tables, also on a terminal."
    )(command)
