"""Whoever is chosen: who that is, where it sits in the network, and what the run made of it."""

from __future__ import annotations

from math import isnan

import solara
from solara.lab import use_task

from diffusion.analysis.causes import untold
from diffusion.network.network import Network
from diffusion.positions import POSITIONS
from diffusion.positions.position import column_problems
from diffusion.positions.ranks import SCORED, SLOWEST, SLOWEST_AGENTS, ranks
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
    wanted = selected.value >= 0
    found = use_task(
        lambda: position_ranks(network) if wanted else None, dependencies=[network.digest, wanted], prefer_threaded=True
    )
    if found.error:
        raise found.exception
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
        if found.finished and found.value is not None:
            Table(("position", "score", f"rank of {network.size:,}"), found.value[agent], right=(1, 2))
        else:
            solara.Text(f"Working out the positions of {network.size:,} agents …")


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
    if reason := untold(run.arm.setting.parameters):
        return [fate(run, agent, tick, unit), f"From whom that came, and whom it reached, cannot be told: {reason}."]
    credit = run.credit(tick)
    received = received_lines(credit, run.arm.network, agent, unit)
    abandoned = int(run.times(tick)[2][agent])
    lines = received or [fate(run, agent, tick, unit)]
    if received and abandoned > 0:
        lines.append(f"Abandoned it in {unit} {abandoned}.")
    return [*lines, *given_lines(credit, run.arm.network, agent, unit)]


def position_ranks(network: Network) -> list[list[tuple[str, str, str]]]:
    """Return for each agent its score and rank by every position that scores the agents of this network.

    Left out are those that read a column which the network does not have, and of
    a large network those that take minutes.
    """
    columns = []
    for name in SCORED:
        position = POSITIONS[name]
        if column_problems(position, network, {}) or (network.size > SLOWEST_AGENTS and name in SLOWEST):
            continue
        columns.append((name, position.scores(network), ranks(position, network)))
    return [
        [(name.replace("_", " "), _score(scores[agent]), f"{rank[agent]:,g}") for name, scores, rank in columns]
        for agent in range(network.size)
    ]


def _score(score: float) -> str:
    return "none" if isnan(score) else f"{score:.3g}"


def _named(network: Network) -> list[tuple[int, tuple[str, str]]]:
    return list(enumerate(zip(network.ids, network.roles, strict=True)))
