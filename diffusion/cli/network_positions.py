"""``diffusion network positions``: every agent's score on every position, and how far positions agree."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diffusion.cli.network_options import network_argument, read_named
from diffusion.cli.options import json_option
from diffusion.cli.output import console, say, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from diffusion.network.network import Network
    from diffusion.positions import Position

Rows = list[dict[str, Any]]


@click.command()
@network_argument
@click.option("--positions", "names", metavar="A,B,…", help="Which positions, by name and with commas; all by default.")
@click.option("--ranks", "has_ranks", is_flag=True, help="Add each agent's rank: 1 leads first, equals share theirs.")
@click.option("--correlation", is_flag=True, help="Tell how far the positions agree, instead of the agents' scores.")
@click.option(
    "--sets", "count", type=click.IntRange(1), metavar="K", help="Tell which K agents lead, by every position."
)
@click.option("--parameters", metavar="NAME=VALUE,…", help="Parameters of positions: grouping=sector,m=2.")
@click.option("--kendall", is_flag=True, help="The same by Kendall's tau-b; otherwise it is Spearman's rho.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the table into a file: .csv or .json.")
@json_option
def positions(
    *,
    network: str,
    direction: str | None,
    strength: str | None,
    format_name: str | None,
    names: str | None,
    has_ranks: bool,
    correlation: bool,
    count: int | None,
    parameters: str | None,
    kendall: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Print every agent's score on every position, as CSV.

    NETWORK is the name of a packaged network (ahsn-a), or the path of a file or
    folder in any format that is known (./region, region.graphml).

    One row an agent: its id, its role, and its score on every position; an
    undefined score (the constraint of an agent without ties) is left empty.
    Ranks are in the order in which a position would make agents leaders:
    constraint and marginal pick the lowest score first, and agents with an
    undefined score come last. Correlations are between ranks, ties averaged, so
    1 means that two positions pick agents in the same order. With --output the
    table goes into the file, and the correlations come to the screen.

    With --sets K there is a row a position instead: who would lead if K did.
    That also tells of positions that choose leaders together, or draw them anew
    in every replicate. Parameters are those that a scenario states under
    leaders.parameters; a position takes those it has.
    """
    from diffusion.cli.network_sets import set_rows, stated_parameters
    from diffusion.positions.ranks import scored_positions

    wanted = None if names is None else [name.strip() for name in names.split(",") if name.strip()]
    named = scored_positions(wanted) if wanted is not None and count is None else None
    stated = stated_parameters(parameters or "")
    _check_output(output)
    found = read_named(network, direction, strength, format_name)
    if count is not None:
        _hand_over(set_rows(found, count, wanted, stated), output, as_json=as_json)
        return
    chosen = _unasked(found, stated) if named is None else named
    _tell_of_slow(found, chosen)
    is_agreement = correlation or kendall
    agreement = correlation_rows(found, chosen, is_kendall=kendall, parameters=stated) if is_agreement or output else []
    rows = agreement if is_agreement else position_rows(found, chosen, has_ranks=has_ranks, parameters=stated)
    if as_json or not (output or (is_agreement and sys.stdout.isatty())):
        _hand_over(rows, output, as_json=as_json)
    else:
        _write(rows, output)
        print_correlations(agreement, is_kendall=kendall)


def _unasked(network: Network, parameters: Mapping[str, Any]) -> list[Position]:
    """Return the positions that are told where none is named, and say which are left out."""
    from diffusion.positions.ranks import unasked_positions

    chosen, left_out = unasked_positions(network, parameters)
    for line in left_out:
        say(f"Left out: {line}.")
    return chosen


def _hand_over(rows: Rows, output: Path | None, *, as_json: bool) -> None:
    """Write rows into the file, if there is one, and print them where nothing else is."""
    _write(rows, output)
    if as_json or not output:
        sys.stdout.write(_json_text(rows) if as_json else _csv_text(rows))


def _write(rows: Rows, output: Path | None) -> None:
    if output:
        text = _json_text(rows) if output.suffix == ".json" else _csv_text(rows)
        output.write_text(text, encoding="utf-8", newline="")
        say(f"{len(rows):,} rows are written to {output}.")


def position_rows(
    network: Network,
    positions: Sequence[Position],
    *,
    has_ranks: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Rows:
    """Return a row an agent, in the order of their ids: id, role, scores, and ranks if wanted; None where undefined.

    Parameters
    ----------
    network, positions
        Whose agents, and which positions.
    has_ranks
        Whether to add ``NAME_rank`` for every position.
    parameters
        The positions' parameters.
    """
    from diffusion.positions.ranks import ranks

    columns = {position.name: position.scores(network, parameters).tolist() for position in positions}
    if has_ranks:
        columns |= {f"{position.name}_rank": ranks(position, network, parameters).tolist() for position in positions}
    return [
        {"id": network.ids[agent], "role": network.roles[agent]}
        | {name: _defined(scores[agent]) for name, scores in columns.items()}
        for agent in range(network.size)
    ]


def correlation_rows(
    network: Network,
    positions: Sequence[Position],
    *,
    is_kendall: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Rows:
    """Return a row a position: its name, and its rank correlation with every position; None where undefined.

    Parameters
    ----------
    network, positions
        Among whose agents, and which positions.
    is_kendall
        Whether to use Kendall's tau-b instead of Spearman's rho.
    parameters
        The positions' parameters.
    """
    from diffusion.positions.ranks import rank_correlations

    found = rank_correlations(network, positions, is_kendall=is_kendall, parameters=parameters).tolist()
    names = [position.name for position in positions]
    return [
        {"position": name} | {other: _defined(value) for other, value in zip(names, row, strict=True)}
        for name, row in zip(names, found, strict=True)
    ]


def print_correlations(rows: Rows, *, is_kendall: bool) -> None:
    """Print rank correlations as a table that fits a terminal.

    Parameters
    ----------
    rows
        What :func:`correlation_rows` returns.
    is_kendall
        How they were made.
    """
    out = console()
    kind = "Kendall's tau-b" if is_kendall else "Spearman's rho"
    out.print(f"Rank correlations between positions ({kind})", style="bold", soft_wrap=True)
    names = [row["position"] for row in rows]
    made = _correlation_table(rows, names)
    if out.measure(made, options=out.options.update(width=10_000)).maximum > out.width:
        made = _correlation_table(rows, [str(place) for place in range(1, len(names) + 1)])
        made.padding = 0
    out.print(made)


def _correlation_table(rows: Rows, headings: Sequence[str]) -> Table:
    """Return a table without the zero before the point, as correlations are printed."""
    made = table("", *headings, right=headings)
    for place, row in enumerate(rows):
        name = row["position"] if headings[0] == rows[0]["position"] else f"{place + 1} {row['position']}"
        made.add_row(name, *(_without_zero(value) for key, value in row.items() if key != "position"))
    return made


def _without_zero(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 0.995 else f"{value:.2f}"


def _defined(value: float) -> float | int | None:
    """Return a number as it is written: whole ones without a point, undefined ones as None."""
    if math.isnan(value):
        return None
    return int(value) if value.is_integer() else value


def _csv_text(rows: Rows) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _json_text(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _check_output(output: Path | None) -> None:
    from diffusion.errors import InputError

    if output and output.suffix not in {".csv", ".json"}:
        raise InputError(f"{output}: the name of a table must end in .csv or .json")
    if output and not output.parent.is_dir():
        raise InputError(f"{output}: there is no folder {output.parent}; make it first")


def _tell_of_slow(network: Network, positions: Sequence[Position]) -> None:
    from diffusion.analysis.phrases import joined
    from diffusion.network.composition import ALL_PAIRS_AGENTS
    from diffusion.positions.ranks import SLOW

    slow = [position.name for position in positions if position.name in SLOW]
    if slow and network.size > ALL_PAIRS_AGENTS:
        say(f"{joined(slow)} take long with {network.size:,} agents; --positions chooses others.")
