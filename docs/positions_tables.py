"""Write the tables and the pictures of docs/positions.md, from the registry of positions.

Run it after a change of a position::

    python docs/positions_tables.py

A test compares the page and the pictures with what this makes.
"""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx
import numpy as np

from diffusion.experiment.searching import search_for
from diffusion.model.parameters import Distribution, Parameters, StageParameters
from diffusion.network.network import Network
from diffusion.positions import POSITION_PARAMETERS, POSITIONS, Position, leader_choice, leader_table
from diffusion.positions.position import PositionParameter
from diffusion.scenario import ArmSetting, LeaderRule

PAGE = Path(__file__).parent / "positions.md"
PICTURES = Path(__file__).parent / "positions"

LEADERS = 3
MINUS = " \N{MINUS SIGN} "
PLACES = ((1, 1), (1, 3), (2, 0), (2, 2), (2, 4), (3, 1), (3, 3), (4, 2), (5, 2), (6, 2))
"""Where the agents of the kite are drawn, by networkx's numbers."""

MARKS = {
    "manager": '<circle cx="{x}" cy="{y}" r="6" fill="{fill}"/>',
    "academic": '<rect x="-5.5" y="-5.5" width="11" height="11" transform="translate({x} {y})" fill="{fill}"/>',
    "firm": '<path d="M0 -7.5 L7 5 L-7 5 Z" transform="translate({x} {y})" fill="{fill}"/>',
}
"""How an agent of each role is drawn."""

WORD_OF_MOUTH = ArmSetting(
    "", Parameters(steps=6, adoption=StageParameters("contagion", transmission=0.1)), LeaderRule()
)
"""The rules under which leaders are sought for the pictures."""

TRAITS = {"threshold": Distribution("beta", (2.0, 8.0)), "receptivity": Distribution("beta", (2.0, 8.0))}

SUBJECTS = {"centrality": "Centrality", "brokerage": "Brokerage", "sets": "Sets", "attributes": "Who agents are"}
FOLLOWS = {
    "outgoing": "outgoing ties",
    "incoming": "incoming ties",
    "either": "ties in either direction",
    "": "no ties",
}


def kite() -> Network:
    """Return Krackhardt's kite, ties both ways, in three roles that are organisations and sectors too."""
    ties = list(nx.krackhardt_kite_graph().edges)
    roles = ["academic" if agent in {3, 5, 6} else "firm" if agent > 6 else "manager" for agent in range(10)]
    flags = ["yes" if agent in {1, 6, 8} else "" for agent in range(10)]
    return Network.from_tables(
        name="kite",
        ids=[str(agent) for agent in range(10)],
        roles=roles,
        columns={"organisation": roles, "sector": roles, "leader": flags},
        source=[str(a) for a, b in ties] + [str(b) for a, b in ties],
        target=[str(b) for a, b in ties] + [str(a) for a, b in ties],
        strength=[1.0 if a + b > 6 else 0.5 for a, b in ties] * 2,
    )


def picture(position: Position) -> str:
    """Return the kite as SVG: who leads in the first replicate is filled, who might lead in others is grey."""
    network = kite()
    search = search_for(network, WORD_OF_MOUTH, seed=0, world=0) if position.is_searched else None
    choice = leader_choice(network, position=position.name, count=LEADERS, traits=TRAITS, search=search)
    [leads] = leader_table(choice, network, seed=0, world=0, replicates=1)
    might = {*choice.fixed, *choice.among}
    points = [(12 + 20 * x, 12 + 18 * y) for x, y in PLACES]
    lines = [
        f'<line x1="{points[a][0]}" y1="{points[a][1]}" x2="{points[b][0]}" y2="{points[b][1]}"/>'
        for a, b in nx.krackhardt_kite_graph().edges
    ]
    marks = []
    for agent, (x, y) in enumerate(points):
        fill = "#111" if leads[agent] else "#bbb" if agent in might else "#fff"
        marks.append(MARKS[network.roles[agent]].format(x=x, y=y, fill=fill))
    led = ", ".join(np.flatnonzero(leads).astype(str).tolist())
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" width="144" height="96" viewBox="0 0 144 96" role="img">',
            f"<title>{position.phrase} in Krackhardt's kite: {led}</title>",
            f'<g stroke="#777" stroke-width="1">{"".join(lines)}</g>',
            f'<g stroke="#111" stroke-width="1.3">{"".join(marks)}</g>',
            "</svg>",
            "",
        ]
    )


def reads(position: Position) -> str:
    """Return what a position reads and how it finds leaders."""
    parts = [FOLLOWS[position.direction]]
    parts += ["strengths"] if position.is_weighted else []
    parts += [f"`{column}`" for column in position.columns]
    parts += [
        f"`{said.default}`, or the column that `{said.name}` names"
        for said in position.parameters
        if said.kind == "column"
    ]
    parts += {"threshold": ["`adoption.threshold`"], "receptivity": ["`agents.receptivity`"]}.get(position.trait, [])
    parts = ["the scenario's rules and ties"] if position.is_searched else parts
    kind = {"set": "chosen together", "searched": "chosen together", "drawn": "drawn anew in every replicate"}.get(
        position.kind, f"the {position.pick} first"
    )
    return f"{', '.join(parts)}; {kind}"


def table(subject: str) -> str:
    """Return the table of the positions of one subject."""
    headings = ("", "position, and the literature's name", "leaders are", "formula", "reads; picks", "source")
    rows = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
    rows += [
        f"| ![](positions/{position.name}.svg) | `{position.name}`: {position.literature} | {position.sentence} "
        f"| {position.formula.replace(' - ', MINUS)} | {reads(position)} | {linked(position.source)} |"
        for position in POSITIONS.values()
        if position.subject == subject
    ]
    return "\n".join(rows) + "\n"


def linked(source: str) -> str:
    """Return a source with its DOIs as links."""
    return re.sub(r"doi (10\.[^\s;]*[^\s;,])", r"[doi:\1](https://doi.org/\1)", source)


def parameters() -> str:
    """Return the table of the parameters of positions."""
    rows = ["| parameter | of | range | default | meaning |", "|" + "---|" * 5]
    for name, said in POSITION_PARAMETERS.items():
        defaults = {
            position.name: had.default
            for position in POSITIONS.values()
            for had in position.parameters
            if had.name == name
        }
        usual = next(iter(defaults.values()))
        told = "none" if usual is None else f"`{str(usual).lower()}`"
        told += "".join(f"; `{value}` for `{key}`" for key, value in defaults.items() if value != usual)
        rows.append(
            f"| `{name}` | {', '.join(f'`{key}`' for key in defaults)} | {span(said)} | {told} | {said.sentence} |"
        )
    return "\n".join(rows) + "\n"


def span(said: PositionParameter) -> str:
    """Return what a parameter may hold."""
    if said.kind in {"flag", "column"}:
        return {"flag": "`true`, `false`", "column": "`role` or a column"}[said.kind]
    if said.kind in {"outcome", "choice"}:
        return ", ".join(f"`{word}`" for word in said.choices) or "an outcome"
    return f"{said.low:g} to {said.high:g}"


def page(text: str) -> str:
    """Return the page with its tables as they are now."""
    made = {subject: table(subject) for subject in SUBJECTS} | {"parameters": parameters()}
    for name, rows in made.items():
        begin, end = f"<!-- table {name} -->\n\n", f"\n<!-- end of {name} -->"
        inner = re.compile(f"(?<={re.escape(begin)}).*?(?={re.escape(end)})", re.DOTALL)
        text = inner.sub(lambda _, rows=rows: rows, text)
    return text


def pictures() -> dict[str, str]:
    """Return the picture of every position by the name of its file."""
    return {f"{position.name}.svg": picture(position) for position in POSITIONS.values()}


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    drawn = pictures()
    for stale in PICTURES.glob("*.svg"):
        if stale.name not in drawn:
            stale.unlink()
    for name, svg in drawn.items():
        (PICTURES / name).write_text(svg, encoding="utf-8")
