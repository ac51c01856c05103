"""``diffusion network convert``: the same network in another format, and what that format cannot carry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffusion.cli.network_options import network_argument, read_named
from diffusion.cli.output import say
from diffusion.errors import InputError

if TYPE_CHECKING:
    from diffusion.network.network import Network


@click.command()
@network_argument
@click.argument("output")
@click.option("--to", "output_format", metavar="NAME", help="The format to write; told from OUTPUT's suffix otherwise.")
@click.option("--overwrite", is_flag=True, help="Write over an output that is there.")
def convert(
    *,
    network: str,
    direction: str | None,
    strength: str | None,
    format_name: str | None,
    output: str,
    output_format: str | None,
    overwrite: bool,
) -> None:
    """Write NETWORK to OUTPUT in another format.

    NETWORK is a packaged name or the path of any readable file or folder.
    OUTPUT is a folder (agents.csv and ties.csv) or a file whose suffix says
    the format. What the format cannot carry is told on standard error.
    """
    from diffusion.analysis.phrases import counted
    from diffusion.network.formats import write_network
    from diffusion.network.formats.registry import format_named, format_to_write

    target = Path(output)
    chosen = format_named(output_format) if output_format else format_to_write(target)
    for path in [] if overwrite else chosen.files(target):
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            raise InputError(f"{path}: is there already; say --overwrite, or name another output")
    if target.exists() and Path(network).exists() and target.samefile(network):
        raise InputError(f"{target}: the network would be written over the file that it is read from; name another")
    found = read_named(network, direction, strength, format_name)
    for line in _merged(found):
        say(f"{network}: {line}")
    for line in write_network(found, target, format_name=output_format):
        say(f"{target}: not carried, or changed: {line}")
    said = " (synthetic)" if found.synthetic else ""
    whole = f"{counted(found.size, 'agent')} and {counted(found.tie_count, 'tie')}"
    print(f"{found.name}{said}: {whole} were written to {target}")


def _merged(network: Network) -> Iterator[str]:
    """Yield what was left out of the ties when the network was made, a line each, unless an import told it."""
    from diffusion.analysis.phrases import counted

    told = network.survey
    if told and (told.self_nominations, told.repeats) == (network.self_ties, network.repeats):
        return
    if network.self_ties:
        yield f"left out: {counted(network.self_ties, 'tie')} of an agent to itself"
    if network.repeats:
        many = "1 tie repeats" if network.repeats == 1 else f"{network.repeats:,} ties repeat"
        yield f"{many} another of the same layer and direction; the largest strength of each was kept"
