"""The tables of ``diffusion network show``: what a network is made of, on a screen of any width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from diffusion.analysis.phrases import counted
from diffusion.cli.answer import network_line
from diffusion.cli.output import table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from diffusion.network.network import Network

MOST_ROLES = 12
"""Up to how many roles the densities of all pairs of roles are printed."""

GROUPS = {
    "coordinator": "A → A → A",
    "consultant": "B → A → B",
    "representative": "A → A → B",
    "gatekeeper": "B → A → A",
    "liaison": "B → A → C",
}
"""The groups of the three, the broker's in the middle."""

_UNBOUNDED = 10_000


def print_composition(out: Console, network: Network, told: Mapping[str, Any]) -> None:
    """Print what a network is made of.

    Parameters
    ----------
    out
        Where to.
    network, told
        The network, and its numbers as ``network show --json`` has them.
    """
    out.print(network_line(network), soft_wrap=True)
    _print_part(out, "The whole network, layers united", measure_table(told))
    if len(told["layers"]) > 1:
        _print_part(out, "Layer by layer", _fitting(out, _layer_tables(told)))
    _print_part(out, "Agents by role", _role_table(told))
    _print_role_pairs(out, told)
    for groups in ("role", "organisation"):
        if told["brokerage"][groups] is not None:
            made = _fitting(out, _brokerage_tables(told["brokerage"][groups]))
            _print_part(out, f"Brokerage by {groups}: pairs of agents joined by a broker, and who brokers", made)
    _print_part(out, "The first by each position, with their scores", _top_table(told["top"]))
    if told["not_computed"]:
        out.print(f"\n{_not_computed(told)}", soft_wrap=not out.is_terminal)


def measure_table(told: Mapping[str, Any]) -> Table:
    """Return the table of measures of the whole network."""
    between, centred = told["ei_index"], told["centralisation"]
    rows = [
        ("density", told["density"], "share of ordered pairs that are tied"),
        ("reciprocity", told["reciprocity"], "share of tied pairs that are tied back"),
        ("transitivity", told["transitivity"], "two-tie paths whose ends are tied"),
        ("E-I index by role", between["role"], "from -1, all within, to 1, all between"),
        ("E-I index by organisation", between["organisation"], "the same for organisations"),
        ("mean path length", told["mean_path_length"], "steps between pairs within reach"),
        ("share within reach", told["reachable_share"], "share of ordered pairs joined by a path"),
        ("centralisation, degree", centred["degree"], "from 0, all alike, to 1, a star (Freeman)"),
        ("centralisation, out_degree", centred["out_degree"], "the same, of those who learn from one"),
        ("centralisation, in_degree", centred["in_degree"], "the same, of those from whom it learns"),
        ("centralisation, betweenness", centred["betweenness"], "the same, of paths between others"),
        ("organisations", told["organisations"], "distinct ones that agents belong to"),
        ("components", told["components"], f"separate pieces; the largest has {told['largest_component']:,}"),
        ("isolates", told["isolates"], "agents without any tie"),
    ]
    left_out = _names_left_out(told)
    made = table("measure", "value", "what it is", right=("value",))
    for name, value, meaning in rows:
        made.add_row(name, "not computed" if name in left_out else _number(value), meaning)
    return made


def _names_left_out(told: Mapping[str, Any]) -> set[str]:
    names = {
        "mean_path_length": "mean path length",
        "reachable_share": "share within reach",
        "betweenness": "centralisation, betweenness",
    }
    return {names[key] for key in told["not_computed"]}


def _number(value: float | None) -> str:
    if value is None:
        return "undefined"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def _layer_tables(told: Mapping[str, Any]) -> list[Table]:
    """Return the table of layers, a column each; then one with a row each, for many layers or a narrow screen."""
    layers = told["by_layer"]
    values = {
        "ties": [of_layer["ties"] for of_layer in layers.values()],
        **{key: [of_layer[key] for of_layer in layers.values()] for key in ("density", "reciprocity", "transitivity")},
        "E-I index by role": [of_layer["ei_index"]["role"] for of_layer in layers.values()],
        "E-I index by organisation": [of_layer["ei_index"]["organisation"] for of_layer in layers.values()],
        "mean strength": [of_layer["mean_strength"] for of_layer in layers.values()],
        "isolates": [of_layer["isolates"] for of_layer in layers.values()],
    }
    wide = table("measure", *layers, right=list(layers))
    for name, cells in values.items():
        wide.add_row(name, *map(_number, cells))
    kept = ("ties", "density", "reciprocity", "transitivity")
    long = table("layer", *kept, right=kept)
    for place, name in enumerate(layers):
        long.add_row(name, *(_number(values[key][place]) for key in kept))
    return [wide, long]


def _role_table(told: Mapping[str, Any]) -> Table:
    headings = ("agents", "organisations", "mean out_degree", "mean in_degree", "isolates")
    made = table("role", *headings, right=headings)
    for role, of_role in told["by_role"].items():
        means = (f"{of_role[key]:.1f}" for key in ("mean_out_degree", "mean_in_degree"))
        made.add_row(
            role, f"{of_role['agents']:,}", f"{of_role['organisations']:,}", *means, f"{of_role['isolates']:,}"
        )
    return made


def _print_role_pairs(out: Console, told: Mapping[str, Any]) -> None:
    roles = list(told["roles"])
    if len(roles) > MOST_ROLES:
        out.print(f"\nDensities of the pairs of {len(roles)} roles are too many for a screen; --json has them.")
        return
    numbers = [str(place) for place in range(1, len(roles) + 1)]
    numbered = [f"{number} {role}" for number, role in zip(numbers, roles, strict=True)]
    made = _fitting(out, [_pair_table(told, roles, roles), _pair_table(told, numbered, numbers)])
    _print_part(out, "Density by pair of roles, from the one at the left to the one on top", made)


def _pair_table(told: Mapping[str, Any], rows: Sequence[str], columns: Sequence[str]) -> Table:
    density = [pair["density"] for pair in told["role_pairs"]]
    made = table("", *columns, right=columns)
    for place, row in enumerate(rows):
        of_row = density[place * len(columns) : (place + 1) * len(columns)]
        made.add_row(row, *("" if value is None else f"{value:.3f}" for value in of_row))
    return made


def _brokerage_tables(told: Mapping[str, Any]) -> list[Table]:
    """Return the table of brokerage with a column for each role of the broker; then one without these."""
    return [_brokerage_table(told, told["by_role"]), _brokerage_table(told, {})]


def _brokerage_table(told: Mapping[str, Any], by_role: Mapping[str, Mapping[str, int]]) -> Table:
    right = ("share", "all", *by_role)
    made = table("broker as", "groups", *right, right=right)
    for name, count in told["pairs"].items():
        share = told["shares"][name]
        cells = [f"{of_role[name]:,}" for of_role in by_role.values()]
        made.add_row(name, GROUPS[name], "" if share is None else f"{100 * share:.0f} %", f"{count:,}", *cells)
    return made


def _top_table(told: Mapping[str, Any]) -> Table:
    made = table("position", "first")
    for position, first in told.items():
        made.add_row(position, "not computed" if first is None else _top_text(first))
    return made


def _top_text(first: Mapping[str, Any]) -> str:
    parts = [f"{agent['id']} ({_score(agent['score'])})" for agent in first["agents"]]
    if first["places"]:
        parts.append(
            f"{counted(first['places'], 'place')} among {first['tied']:,} tied ({_score(first['tied_score'])})"
        )
    return ", ".join(parts) or "nobody"


def _score(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:.3g}"


def _not_computed(told: Mapping[str, Any]) -> str:
    return (
        f"Distances between all pairs of {told['agents']:,} agents take long: what is marked as not computed needs "
        "them; --all computes it."
    )


def _fitting(out: Console, tables: Sequence[Table]) -> Table:
    """Return the first of some tables that the screen is wide enough for, or the last."""
    unbounded = out.options.update(width=_UNBOUNDED)
    return next((made for made in tables if out.measure(made, options=unbounded).maximum <= out.width), tables[-1])


def _print_part(out: Console, heading: str, made: Table) -> None:
    out.print(f"\n{heading}", style="bold", soft_wrap=not out.is_terminal)
    out.print(made)
