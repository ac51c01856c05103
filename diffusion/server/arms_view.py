"""Two runs of one replicate to watch side by side: one clock, one layout, what differs, and whether it is typical."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import solara
from solara.lab import use_task

from diffusion.experiment.plan import PlannedArm
from diffusion.network.network import Network
from diffusion.scenario.intervention_words import doings
from diffusion.server.agent_card import facts, history
from diffusion.server.arms_told import ONE_HISTORY, signed, sources, told, typical
from diffusion.server.clock import Clock
from diffusion.server.differences import Differences, adopters, differences, legend, rows
from diffusion.server.expected import PairedCurves, paired_curves
from diffusion.server.happenings import listed_agents
from diffusion.server.pictures import CurvePicture, NetworkPicture, use_drawing
from diffusion.server.played import PlayedRun
from diffusion.server.run_view import alters_of, moved_at, stage_codes, stage_names

SIDES = ("left", "right")
COLOURS = ("#0b5cad", "#b84a00")
"""The colours of the two arms: those of ``network.vue`` for who has adopted on one side only."""

_GREY = "#6b6b6b"
_LISTED = 200


@solara.component
def ArmsView(
    arms: tuple[PlannedArm, PlannedArm],
    seed: int,
    replicate: int,
    *,
    replicates: int,
    smallest: float,
    unit: str,
    go_to: Callable[[int], None],
) -> None:
    """Show two arms in one replicate.

    Parameters
    ----------
    arms
        The left and the right arm, on one network.
    seed, replicate
        The coordinates that the two runs share.
    replicates
        How many the study has.
    smallest
        The smallest difference that matters, as a share of the agents.
    unit
        What a step is called.
    go_to
        Called with the replicate that is to be shown instead.
    """
    named = [(arm.setting_digest, arm.arm_digest) for arm in arms]
    runs: tuple[PlayedRun, PlayedRun] = solara.use_memo(
        lambda: _played(arms, seed, replicate), [named, seed, replicate]
    )
    solara.use_effect(lambda: partial(_let_go, runs), [named, seed, replicate])
    expected = use_task(
        lambda: paired_curves(*arms, seed=seed, replicates=replicates), dependencies=[named, seed, replicates]
    )
    paired = expected.value if expected.finished else None
    tick, playing, selected = solara.use_reactive(0), solara.use_reactive(False), solara.use_reactive(-1)
    found = differences(runs[0], runs[1], tick.value)

    def go(to: int) -> None:
        playing.set(False)
        tick.set(to)

    with solara.Div(classes=["d-stays"]):
        Clock(tick, playing, steps=runs[0].steps, unit=unit)
    solara.Text(told(found, _quoted(arms), unit), classes=["d-happened", "d-differ"])
    _Sides(runs, found, unit, selected)
    solara.Text(f"{sources(*runs)} {ONE_HISTORY}", classes=["d-aside"])
    with solara.Div(classes=["d-two"]):
        with solara.Column(gap="4px"):
            CurvePicture(**_both_curves(runs, tick.value, unit), event_go=go)
            CurvePicture(**_difference_curve(runs, tick.value, unit, paired), event_go=go)
        with solara.Column(gap="10px"):
            _Expected(paired, found, unit, smallest=smallest, go_to=go_to)
            _Agent(runs, tick.value, unit, selected)


@solara.component
def _Sides(runs: tuple[PlayedRun, PlayedRun], found: Differences, unit: str, selected: solara.Reactive[int]) -> None:
    """Show both networks, in one layout, and the agents that differ when they are asked for."""
    by_stage, listed = solara.use_reactive(False), solara.use_reactive(False)
    drawn = use_drawing(runs[0].arm.network)

    def choose(agent: int) -> None:
        selected.set(-1 if agent == selected.value else agent)

    with solara.Div(classes=["d-arms"]):
        for side in (0, 1):
            _Side(side, runs[side], found, drawn, selected.value, choose=choose, by_stage=by_stage.value, unit=unit)
    with solara.Row(style={"flex-wrap": "wrap", "gap": "0 24px"}):
        solara.Checkbox(label="Colour by stage, not by difference", value=by_stage)
        solara.Checkbox(label="List the agents that differ", value=listed)
    if listed.value:
        _Differing(found, runs[0].arm, unit, selected)


@solara.component
def _Side(
    side: int,
    run: PlayedRun,
    found: Differences,
    drawn: str | None,
    selected: int,
    *,
    choose: Callable[[int], None],
    by_stage: bool,
    unit: str,
) -> None:
    """Show one of the two networks."""
    ids, tick = run.arm.network.ids, found.tick
    with_abandonment = run.arm.setting.parameters.adoption.abandonment > 0
    leaders = listed_agents((ids[agent] for agent in run.leaders), most=5) if run.leaders else "nobody"
    with solara.Column(gap="4px", classes=[f"d-arm-{SIDES[side]}"]):
        with solara.v.Html(tag="h2", class_=f"d-side d-side-{SIDES[side]}"):
            solara.Text(f"{SIDES[side].capitalize()}: {run.arm.name}")
        who = f"{leaders} {'leads' if len(run.leaders) < 2 else 'lead'}"
        solara.Text(f"{who}; a coloured ring: moved in this {unit}" if found.tick else who, classes=["d-aside"])
        for line in doings(run.arm.setting.parameters):
            solara.Text(f"Done besides leading: {line}", classes=["d-aside"])
        if drawn is None:
            solara.Text(f"Laying out {run.arm.network.size:,} agents; the curves are there already …")
            return
        NetworkPicture(
            drawing=drawn,
            stages=stage_codes(run, tick) if by_stage else found.codes(side),
            leaders=list(run.leaders),
            fresh=moved_at(run, tick),
            selected=selected,
            near=alters_of(run, selected),
            names=stage_names(run) if by_stage else legend(side, with_abandonment=with_abandonment),
            event_choose=choose,
            event_press=choose,
        )


@solara.component
def _Expected(
    paired: PairedCurves | None,
    found: Differences,
    unit: str,
    *,
    smallest: float,
    go_to: Callable[[int], None],
) -> None:
    """Tell whether the run is typical, and offer those that stand out."""
    with solara.v.Html(tag="h2", class_="d-side"):
        solara.Text("Is this run typical?")
    if paired is None:
        solara.Text("Playing all runs …", classes=["d-typical"])
        return
    here = int(found.adopted[0].sum()) - int(found.adopted[1].sum())
    for line in typical(paired, here, found.tick, unit=unit, smallest=smallest):
        solara.Text(line, classes=["d-typical"])
    with solara.Row(style={"flex-wrap": "wrap", "gap": "6px"}):
        for name, chosen in zip(("Largest", "Median", "Smallest"), paired.chosen, strict=True):
            text = f"{name}: run {chosen.replicate:,} ({signed(chosen.difference)})"
            solara.Button(text, on_click=lambda to=chosen.replicate: go_to(to), outlined=True, classes=["d-jump"])
    solara.Text("The runs with the largest, median and smallest difference at the end.", classes=["d-aside"])


@solara.component
def _Agent(runs: tuple[PlayedRun, PlayedRun], tick: int, unit: str, selected: solara.Reactive[int]) -> None:
    """Show what became of one agent on either side."""
    network = runs[0].arm.network
    _Finder(network, selected)
    agent = selected.value
    if agent < 0:
        solara.Text("Click an agent in either picture, or find one by name, to see what became of it on both sides.")
        return
    with solara.Column(gap="2px", classes=["d-agent"]):
        solara.Text(f"{network.ids[agent]}", classes=["d-agent-name"])
        for line in facts(network, agent):
            solara.Text(line)
        for name, run in zip(SIDES, runs, strict=True):
            first, *rest = history(run, agent, tick, unit)
            solara.Text(f"{name.capitalize()}, {run.arm.name}: {first}", classes=["d-fate"])
            for line in rest:
                solara.Text(line, classes=["d-fate-more"])


@solara.component
def _Finder(network: Network, selected: solara.Reactive[int]) -> None:
    """Find an agent by its name; a component of its own, for its list is long and does not change with time."""
    solara.v.Autocomplete(
        label="Find an agent",
        items=[
            {"text": f"{name} ({role})", "value": place}
            for place, (name, role) in enumerate(zip(network.ids, network.roles, strict=True))
        ],
        v_model=selected.value if selected.value >= 0 else None,
        on_v_model=lambda value: selected.set(-1 if value is None else int(value)),
        clearable=True,
        dense=True,
        hide_details=True,
        attributes={"aria-label": "Find an agent"},
    )


@solara.component
def _Differing(found: Differences, arm: PlannedArm, unit: str, selected: solara.Reactive[int]) -> None:
    """List the agents that differ."""
    told_rows = rows(found, arm.network, unit)
    if not told_rows:
        solara.Text("No agent differs so far.")
        return
    with solara.v.Html(tag="table", class_="d-table d-differing"):
        heads = ("agent", "role", *SIDES)
        solara.v.Html(tag="tr", children=[solara.v.Html(tag="th", children=[head]) for head in heads])
        for row in told_rows[:_LISTED]:
            with solara.v.Html(tag="tr"):
                with solara.v.Html(tag="td"):
                    solara.Button(row.name, on_click=lambda to=row.agent: selected.set(to), text=True, small=True)
                for cell in row[2:]:
                    solara.v.Html(tag="td", children=[cell])
    if len(told_rows) > _LISTED:
        solara.Text(f"… and {len(told_rows) - _LISTED:,} more.")


def _played(arms: tuple[PlannedArm, PlannedArm], seed: int, replicate: int) -> tuple[PlayedRun, PlayedRun]:
    left, right = (PlayedRun(arm, seed=seed, replicate=replicate) for arm in arms)
    return left, right


def _let_go(runs: tuple[PlayedRun, PlayedRun]) -> None:
    for run in runs:
        run.close()


def _quoted(arms: tuple[PlannedArm, PlannedArm]) -> tuple[str, str]:
    """Return what the arms are called in sentences; by their sides where both are one."""
    left, right = (f"“{arm.name}”" for arm in arms)
    return (f"{left} (left)", f"{right} (right)") if left == right else (left, right)


def _both_curves(runs: tuple[PlayedRun, PlayedRun], tick: int, unit: str) -> dict[str, Any]:
    """Return what a picture takes of the adopters on either side."""
    lines = []
    for side, run in enumerate(runs):
        values = adopters(run, tick)
        name = f"{SIDES[side]}: {run.arm.name}"
        dashes = "" if side == 0 else "7 3"
        lines.append(
            {"name": name, "values": values, "colour": COLOURS[side], "dashes": dashes, "now": f"{values[-1]:,}"}
        )
    size = float(runs[0].arm.network.size)
    return _curve(
        lines, runs[0].steps, tick, unit, title_y="agents who have adopted", most=size, signed=False, tall=240
    )


def _difference_curve(
    runs: tuple[PlayedRun, PlayedRun], tick: int, unit: str, paired: PairedCurves | None
) -> dict[str, Any]:
    """Return what a picture takes of left minus right: in this run, in the mean, and in most runs."""
    here = [left - right for left, right in zip(*(adopters(run, tick) for run in runs), strict=True)]
    lines: list[dict[str, Any]] = []
    reached = [here, [0]]
    if paired is not None:
        curves = paired.difference
        low, high, least, largest = (_rounded(ends) for ends in (*curves.interval, *curves.range))
        mean = f"mean of {curves.replicates:,} runs, with its 95 % interval at each step"
        lines = [
            {"name": "90 % of runs", "values": [], "colour": _GREY, "low": least, "high": largest},
            {"name": mean, "values": _rounded(curves.mean), "colour": _GREY, "dashes": "7 3", "low": low, "high": high},
        ]
        # The axis stays as it is while the run is played.
        reached += [least, largest, low, high, *curves.runs[runs[0].replicate :][:1].tolist()]
    lines.append({"name": "this run", "values": here, "colour": "#222222", "now": signed(here[-1])})
    most, least_of_all = max(map(max, reached)), min(map(min, reached))
    title = "agents, left minus right"
    told_curve = _curve(lines, runs[0].steps, tick, unit, title_y=title, most=most, signed=True, tall=240)
    return {**told_curve, "least": least_of_all}


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), 2) for value in values]


def _curve(lines: list[dict[str, Any]], steps: int, tick: int, unit: str, **others: Any) -> dict[str, Any]:
    return {"lines": lines, "steps": steps, "tick": tick, "title_x": unit, "percent": False, **others}
