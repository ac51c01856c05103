"""``diffusion network check``: what an examiner would ask of a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diffusion.cli.network_options import network_argument, read_named
from diffusion.cli.options import json_option
from diffusion.cli.output import console, print_json, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console
    from rich.table import Table

    from diffusion.network.checkup import Finding
    from diffusion.network.network import Network


@click.command()
@network_argument
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="A file with the ids of all who were asked: one a line, or a sheet with a column id.",
)
@json_option
def check(
    *,
    network: str,
    direction: str | None,
    strength: str | None,
    format_name: str | None,
    roster: Path | None,
    as_json: bool,
) -> None:
    """Print what an examiner would ask of NETWORK: who answered, what is missing, what looks odd.

    NETWORK is the name of a packaged network (ahsn-a), or the path of a file or
    folder in any format that is known (./region, region.graphml).

    Who was asked comes from --roster, who answered from a column interviewed
    (yes, no) of the agents, both from an import where it says so. Warnings may
    change what a study shows; notes are to be reported. Neither is an error.
    """
    from diffusion.network.checkup import checkup
    from diffusion.network.checkup.roster import read_roster

    asked = None if roster is None else read_roster(roster)
    found = read_named(network, direction, strength, format_name)
    numbers, findings = checkup(found, asked)
    if as_json:
        told = {**numbers, "findings": [finding.as_json() for finding in findings], "notes": list(found.notes)}
        print_json(told)
    else:
        _print(found, numbers, findings)


def _print(network: Network, numbers: Mapping[str, Any], findings: Sequence[Finding]) -> None:
    from diffusion.cli.answer import network_line

    out = console()
    out.print(network_line(network), soft_wrap=True)
    out.print()
    out.print(_number_table(numbers))
    _print_ties(out, numbers)
    for level, heading in (("warning", "Warnings"), ("note", "Notes")):
        found = [finding for finding in findings if finding.level == level]
        out.print(f"\n{heading if found else f'No {heading.lower()}'}", style="bold")
        for finding in found:
            out.print(f"- {finding.sentence}", soft_wrap=not out.is_terminal)


def _number_table(numbers: Mapping[str, Any]) -> Table:
    made = table("what", "number", right=("number",))
    rate = numbers["response_rate"]
    at_most = "" if numbers["respondents_known"] else "at most "
    rows = [
        ("people asked", numbers["asked"]),
        ("respondents", numbers["respondents"]),
        ("response rate", None if rate is None else f"{at_most}{100 * rate:.1f} %"),
        ("named, but did not answer", numbers["not_interviewed"]),
        ("nominations of these left out", numbers["nominations_left_out"]),
        ("self-nominations", numbers["self_nominations"]),
        ("repeats", numbers["repeats"]),
        ("isolates", numbers["isolates"]),
        ("components, isolates among them", numbers["components"]),
        ("agents in the largest", numbers["largest_component"]),
        ("reciprocity", None if numbers["reciprocity"] is None else f"{numbers['reciprocity']:.3f}"),
    ]
    for name, value in rows:
        made.add_row(name, "unknown" if value is None else f"{value:,}" if isinstance(value, int) else value)
    return made


def _print_ties(out: Console, numbers: Mapping[str, Any]) -> None:
    """Print how many ties every layer has, and every pair of roles in it, unless there is one of each."""
    from diffusion.cli.network_tables import MOST_ROLES

    layers = list(numbers["layers"])
    pairs = [pair for pair in numbers["role_pairs"] if pair["tied_pairs"]]
    if len(layers) < 2 and len(pairs) < 2:
        return
    if len(numbers["roles"]) > MOST_ROLES:
        out.print(f"\nThe ties of {len(pairs):,} pairs of roles are too many for a screen; --json has them.")
        pairs = []
    out.print("\nTies by layer, and from role to role", style="bold")
    made = table("knowledge flows from", "to", *layers, right=layers)
    made.add_row("all", "all", *(f"{count:,}" for count in numbers["layers"].values()))
    for pair in pairs:
        made.add_row(pair["source"], pair["target"], *(f"{pair['ties'][layer]:,}" for layer in layers))
    out.print(made)
