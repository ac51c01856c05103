"""What the commands that take a network share: which one, and what its file does not say itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from diffusion.cli.output import say

if TYPE_CHECKING:
    from diffusion.network.formats.tables import Direction, Strength
    from diffusion.network.network import Network

Command = TypeVar("Command", bound=Callable[..., Any])


def network_argument(command: Command) -> Command:
    """Add ``NETWORK``, ``--direction``, ``--strength`` and ``--format`` to a command.

    The command gets them as ``network``, ``direction``, ``strength`` and
    ``format_name``, and hands them to :func:`read_named`.
    """
    for decorator in (
        click.option(
            "--format",
            "format_name",
            metavar="NAME",
            help="The format of the file, where its name and content do not tell.",
        ),
        click.option(
            "--strength",
            type=click.Choice(["divide-by-max"]),
            help="Divide the strengths of each layer by the largest of them, so that they lie between 0 and 1.",
        ),
        click.option(
            "--direction",
            type=click.Choice(["turn-to", "tell"]),
            help="The question that the ties answer: whom do you turn to (knowledge flows back to the one who asks), "
            "or whom do you tell. Ties are read as they are written by default.",
        ),
        click.argument("network"),
    ):
        command = decorator(command)
    return command


def read_named(network: str, direction: str | None, strength: str | None, format_name: str | None) -> Network:
    """Return the network that a user names, having said on standard error what was lost or assumed.

    Parameters
    ----------
    network
        The name of a packaged network, or the path of any file or folder that can be read.
    direction, strength, format_name
        What the user says about the file; None for nothing.
    """
    from diffusion.network.formats import read_network
    from diffusion.network.formats.tables import Reading

    reading = Reading(cast("Direction | None", direction), cast("Strength | None", strength), format_name)
    found = read_network(network, Path(), reading=reading)
    for note in found.notes:
        say(note)
    return found
