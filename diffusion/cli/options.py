"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

DEFAULT_DATABASE = str(Path("results") / "diffusion.db")

Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(command: Command) -> Command:
    """Add ``--database`` to a verb."""
    return click.option(
        "--database",
        default=DEFAULT_DATABASE,
        show_default=True,
        metavar="PATH",
        help="The SQLite file in which results are kept.",
    )(command)


def json_option(command: Command) -> Command:
    """Add ``--json`` to a verb."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output, and nothing else.")(
        command
    )
