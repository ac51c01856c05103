"""Whoever is chosen: who that is, where it sits in the network, and what the run made of it."""

from __future__ import annotations

import solara

from diffusion.network.network import Network
from diffusion.positions import POSITIONS
from diffusion.positions.ranks import SCORED, ranks
from diffusion.server.credit_words import given_lines, received_lines
from diffusion.server.played import PlayedRun
from diffusion.server.table import Table

MOVES = ("became aware", "adopted", "abandoned it")


@solara.component
def AgentCard(run: PlayedRun, tick: int, unit: str, selected: solara.Reactive[int]) -> None:
    """Show an agent, chosen by a click on the picture or by its name.

    Parameters
    ----------
    run, tick
        The run and the step.
    unit
        What a step is called.
    selected
        Who is chosen, -1 for nobody.
    """
    network = run.arm.network
    places = solara.use_memo(lambda: position_ranks(network), [network.digest])
    solara.v.Autocomplete(
        label="Find an agent",
        items=[{"text": f"{name} ({role})", "value": place} for place, (name, role) in _named(network)],
        v_model=selected.value if selected.value >= 0 else None,
        on_v_model=lambda value: selected.set(-1 if value is None else int(value)),
        clearable=True,
        dense=True,
        hide_details=True,
        attributes={"aria-label": "Find an agent"},
    )
    agent = selected.value
    if agent < 0:
        solara.Text("Click an agent, or find one by name, to see where it sits and what reached it.")
        return
    with solara.Column(gap="2px", classes=["d-agent"]):
        solara.Text(f"{network.ids[agent]}", classes=["d-agent-name"])
        for line in facts(network, agent):
            solara.Text(line)
        for line in history(run, agent, tick, unit):
            solara.Text(line)
        Table(("position", "score", f"rank of {network.size:,}"), places[agent], right=(1, 2))


def facts(network: Network, agent: int) -> list[str]:
    """Return what the network says of an agent, a line each."""
    lines = [f"role: {network.roles[agent]}"]
    lines += [f"{name}: {cells[agent]}" for name, cells in network.columns.items() if cells[agent]]
    alters = network.out_alters.degrees[agent], network.in_alters.degrees[agent]
    return [*lines, f"{alters[0]:,} learn from it; it learns from {alters[1]:,}"]


def fate(run: PlayedRun, agent: int, tick: int, unit: str) -> str:
    """Return when an agent moved, up to a step."""
    if agent in run.leaders:
        return "Leads: it has adopted from the start."
    moved = [(int(times[agent]), move) for times, move in zip(run.times(tick), MOVES, strict=True)]
    told = [f"{move} in {unit} {at}" for at, move in moved if at > 0]
    return f"{' and '.join(told).capitalize()}." if told else f"Has not moved by {unit} {tick}."


def history(run: PlayedRun, agent: int, tick: int, unit: str) -> list[str]:
    """Return when an agent moved and from whom that came, and whom it reached, up to a step, a sentence each."""
    credit = run.credit(tick)
    received = received_lines(credit, run.arm.network, agent, unit)
    abandoned = int(run.times(tick)[2][agent])
    lines = received or [fate(run, agent, tick, unit)]
    if received and abandoned > 0:
        lines.append(f"Abandoned it in {unit} {abandoned}.")
    return [*lines, *given_lines(credit, run.arm.network, agent, unit)]


def position_ranks(network: Network) -> list[list[tuple[str, str, str]]]:
    """Return for each agent its score and rank by every position that scores agents."""
    columns = []
    for name in SCORED:
        position = POSITIONS[name]
        columns.append((name, position.scores(network), ranks(position, network)))
    return [
        [(name.replace("_", " "), f"{scores[agent]:.3g}", f"{rank[agent]:g}") for name, scores, rank in columns]
        for agent in range(network.size)
    ]


def _named(network: Network) -> list[tuple[int, tuple[str, str]]]:
    return list(enumerate(zip(network.ids, network.roles, strict=True)))
