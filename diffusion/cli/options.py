"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

DEFAULT_DATABASE = str(Path("results") / "diffusion.db")


class WholeNumber(click.ParamType[int]):
    """Read a whole number within bounds, both included, and say plainly what is wrong with another.

    Parameters
    ----------
    low, high
        The bounds.
    """

    name = "number"

    def __init__(self, low: int, high: int | None = None) -> None:
        self.low = low
        self.high = high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number that a text states.

        Raises
        ------
        click.BadParameter
            If it states none, or one out of bounds.
        """
        try:
            number = int(value)
        except ValueError:
            number = self.low - 1
        if number < self.low or (self.high is not None and number > self.high):
            bounds = f"of at least {self.low}" if self.high is None else f"between {self.low} and {self.high}"
            option = param.opts[-1] if param else "it"
            raise click.UsageError(f"{option} must be a whole number {bounds}; got {value}", ctx)
        return number


Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(command: Command) -> Command:
    """Add ``--database`` to a verb."""
    return click.option(
        "--database",
        default=DEFAULT_DATABASE,
        show_default=True,
        metavar="PLACE",
        help="Where results are kept: an SQLite file, or the URL of a database on PostgreSQL.",
    )(command)


def json_option(command: Command) -> Command:
    """Add ``--json`` to a verb."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output, and nothing else.")(
        command
    )
