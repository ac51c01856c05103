"""Write the tables of docs/interventions.md, their pictures and the list in docs/positions.md, from the registry.

Run it after a change of an intervention::

    python docs/interventions_tables.py

A test compares the page and the pictures with what this makes.
"""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from diffusion.draws import entity_keys
from diffusion.model.interventions.agent_alteration import Arrival
from diffusion.model.interventions.changes import (
    AddedTies,
    Broadcast,
    Change,
    Handovers,
    LeadersHeeded,
    Presence,
    Recruits,
    RemovedTies,
    RestrengthenedTies,
)
from diffusion.model.interventions.intervention import Intervention, Schedule
from diffusion.model.interventions.people import population
from diffusion.model.interventions.registry import INTERVENTIONS
from diffusion.model.interventions.runs import EVERY_LANE, Runs
from diffusion.network.network import Network

FOLDER = Path(__file__).parent
PAGE = FOLDER / "interventions.md"
OVERVIEW = FOLDER / "positions.md"
PICTURES = FOLDER / "interventions"
POSITIONS = runpy.run_path(str(FOLDER / "positions_tables.py"))

KITE: Network = POSITIONS["kite"]()
PLACES = (*POSITIONS["PLACES"], (6, 0), (6, 4))
LEADERS = ("3", "8")
STEPS = 10

STRATEGIES = MappingProxyType(
    {
        "segmentation": ("segmentation",),
        "induction": ("induction",),
        "alteration": ("alteration",),
        "others": ("broadcasting", "people come and go"),
    }
)
"""Which strategies each table holds."""

EXAMPLES = MappingProxyType(
    {
        "broadcast": 'probability = 0.2\nroles = ["firm"]',
        "event": 'attendees = ["1", "5", "8"]',
        "word_of_mouth": "factor = 2",
        "turnover": "rate = { manager = 0.5 }",
        "segmentation": 'by = "organisation"\nnames = ["firm"]',
        "snowball": "recruits = 1\nwaves = 2",
        "outreach": "contacts = 2",
        "matching": 'to = "nearest"',
        "add_ties": 'count = 2\nchoose = "shortening"',
        "remove_ties": 'count = 2\nchoose = "betweenness"',
        "strengthen_ties": 'share = 1.0\nbetween_roles = ["manager -> manager"]\nfactor = 2',
        "rewire_ties": 'share = 0.3\nkeep = "sources"',
        "add_agents": 'agents = [{ id = "new", role = "firm", ties_to = ["9"], ties_from = ["0"] }]',
        "remove_agents": 'count = 1\nchoose = "betweenness"',
    }
)
"""What the picture of each kind shows, as keys of a scenario."""

LINE = {
    "there": 'stroke="#777"',
    "more": 'stroke="#111" stroke-width="2.2"',
    "gone": 'stroke="#777" stroke-dasharray="1.5 3"',
}
"""How ties are drawn: as they were, new or stronger, and taken away."""


def example(kind: str) -> Intervention:
    """Return the intervention that the picture of a kind shows."""
    keys: dict[str, Any] = {}
    for key, value in tomllib.loads(EXAMPLES[kind]).items():
        listed = tuple(map(arrival, value)) if key == "agents" and kind == "add_agents" else value
        keys[{"from": "from_step", "until": "until_step"}.get(key, key)] = (
            tuple(listed) if isinstance(listed, list) else listed
        )
    return INTERVENTIONS[kind](name=kind, **keys)


def arrival(said: Mapping[str, Any]) -> Arrival:
    """Return an agent who joins, as a scenario describes it."""
    ties = {key: tuple(said.get(key, ())) for key in ("ties_to", "ties_from")}
    columns = tuple((key, str(value)) for key, value in said.items() if key not in {"id", "role", *ties})
    return Arrival(said["id"], said["role"], columns, **ties)


def changes_of(intervention: Intervention) -> tuple[Network, list[Change]]:
    """Return the kite with those who are added, and what changes in the first replicates, the same two leading."""
    people = population(KITE, [intervention], [])
    assert not list(intervention.problems(people, Schedule(STEPS, staged=False)))
    leads = np.zeros(people.size, dtype=np.uint64)
    leads[[people.index[leader] for leader in LEADERS]] = EVERY_LANE
    runs = Runs(people, KITE.size, entity_keys(people.ids), leads, STEPS, staged=False, seed=0, world=0, block=0)
    return people, list(intervention.changes(runs))


class Drawing:
    """Draw the kite in the first replicate: who leads is filled, who is addressed is grey."""

    def __init__(self, intervention: Intervention) -> None:
        self.people, changes = changes_of(intervention)
        pairs = zip(self.people.source.tolist(), self.people.target.tolist(), strict=True)
        self.lines = {tuple(sorted(pair)): "there" for pair in pairs}
        self.fill = ["#111" if agent in LEADERS else "#fff" for agent in self.people.ids]
        self.leaves: set[int] = set()
        for change in changes:
            self.read(change)

    def read(self, change: Change) -> None:
        """Put one change into the drawing."""
        if isinstance(change, AddedTies):
            self.mark(zip(change.source, change.target, strict=True), change.lanes, "more")
        elif isinstance(change, RemovedTies | RestrengthenedTies):
            ends = zip(self.people.source[change.rows], self.people.target[change.rows], strict=True)
            self.mark(ends, change.lanes, "gone" if isinstance(change, RemovedTies) else "more")
        elif isinstance(change, Recruits | Handovers):
            self.address(change.agents[first(change.lanes)])
        elif isinstance(change, Presence) and not change.arrives:
            self.leaves |= set(change.agents[first(change.lanes)].tolist())
        elif isinstance(change, Broadcast):
            self.address(np.flatnonzero(change.probability))
        elif isinstance(change, LeadersHeeded):
            own = [pair for pair in self.lines if any(self.people.ids[end] in LEADERS for end in pair)]
            self.lines |= dict.fromkeys(own, "more")

    def mark(self, ends: Iterable[tuple[Any, Any]], lanes: Any, how: str) -> None:
        """Draw the ties that a change concerns in the first replicate otherwise."""
        for (source, target), here in zip(ends, first(lanes), strict=True):
            if here:
                self.lines[tuple(sorted((int(source), int(target))))] = how

    def address(self, agents: Any) -> None:
        """Fill those whom a change concerns, unless they lead."""
        for agent in agents.tolist():
            self.fill[agent] = "#111" if self.people.ids[agent] in LEADERS else "#bbb"

    def svg(self, title: str) -> str:
        """Return the picture."""
        points = [(12 + 20 * x, 12 + 18 * y) for x, y in PLACES]
        lines = [
            f'<line x1="{points[a][0]}" y1="{points[a][1]}" x2="{points[b][0]}" y2="{points[b][1]}" '
            f"{LINE['gone' if {a, b} & self.leaves else how]}/>"
            for (a, b), how in sorted(self.lines.items(), key=lambda item: (item[1] == "more", item[0]))
        ]
        marks = []
        for agent, role in enumerate(self.people.roles):
            x, y = points[agent]
            drawn = POSITIONS["MARKS"][role].format(x=x, y=y, fill=self.fill[agent])
            marks.append(drawn.replace("/>", ' stroke-dasharray="2 2"/>') if agent in self.leaves else drawn)
        return "\n".join(
            [
                '<svg xmlns="http://www.w3.org/2000/svg" width="144" height="96" viewBox="0 0 144 96" role="img">',
                f"<title>{title}</title>",
                f'<g stroke-width="1">{"".join(lines)}</g>',
                f'<g stroke="#111" stroke-width="1.3">{"".join(marks)}</g>',
                "</svg>",
                "",
            ]
        )


def first(lanes: Any) -> Any:
    """Return which words have the first lane."""
    return (lanes & np.uint64(1)).astype(bool)


def table(strategies: Iterable[str]) -> str:
    """Return the table of the kinds of some strategies."""
    headings = ("", "kind, and the picture's keys", "what it does", "keys", "source")
    rows = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
    rows += [
        f"| ![](interventions/{kind}.svg) | `{kind}`: {shown(kind)} | {found.says} | {keys(found)} "
        f"| {POSITIONS['linked'](found.source)} |"
        for kind, found in INTERVENTIONS.items()
        if found.strategy in strategies
    ]
    return "\n".join(rows) + "\n"


def shown(kind: str) -> str:
    """Return the keys of a kind's picture."""
    return ", ".join(f"`{line}`" for line in EXAMPLES[kind].splitlines())


def keys(found: type[Intervention]) -> str:
    """Return what each key of a kind means."""
    return "<br>".join(key(said) for said in fields(found) if said.name != "name")


def key(said: Field[Any]) -> str:
    """Return what one key means, with its range, its unit and what holds where it is left out."""
    name = said.name.removesuffix("_step")
    notes = [said.metadata["range"], said.metadata["unit"]]
    if said.default is MISSING:
        notes.append("must be stated")
    elif said.default is not None:
        notes.append(f"`{str(said.default).lower()}` if left out")
    told = ", ".join(note for note in notes if note)
    return f"`{name}`: {said.metadata['meaning']}" + (f" ({told})" if told else "")


def page(text: str) -> str:
    """Return the page with its tables as they are now."""
    for name, strategies in STRATEGIES.items():
        rows = table(strategies)
        begin, end = f"<!-- table {name} -->\n\n", f"\n<!-- end of {name} -->"
        inner = re.compile(f"(?<={re.escape(begin)}).*?(?={re.escape(end)})", re.DOTALL)
        text = inner.sub(lambda _, rows=rows: rows, text)
    return text


def overview(text: str) -> str:
    """Return the page of positions with its list of interventions as it is now."""
    rows = ["| | kind | strategy | what it does | source |", "|---|---|---|---|---|"]
    rows += [
        f"| ![](interventions/{kind}.svg) | [`{kind}`](interventions.md) | {found.strategy} | {found.says} "
        f"| {POSITIONS['linked'](found.source)} |"
        for kind, found in INTERVENTIONS.items()
    ]
    begin, end = "<!-- list of interventions -->\n\n", "\n<!-- that is the list -->"
    inner = re.compile(f"(?<={re.escape(begin)}).*?(?={re.escape(end)})", re.DOTALL)
    return inner.sub(lambda _: "\n".join(rows) + "\n", text)


def pictures() -> dict[str, str]:
    """Return the picture of every kind by the name of its file."""
    return {f"{kind}.svg": Drawing(example(kind)).svg(f"{kind} in Krackhardt's kite") for kind in INTERVENTIONS}


if __name__ == "__main__":
    for told, write in ((PAGE, page), (OVERVIEW, overview)):
        told.write_text(write(told.read_text(encoding="utf-8")), encoding="utf-8")
    drawn = pictures()
    PICTURES.mkdir(exist_ok=True)
    for stale in PICTURES.glob("*.svg"):
        if stale.name not in drawn:
            stale.unlink()
    for name, svg in drawn.items():
        (PICTURES / name).write_text(svg, encoding="utf-8")
