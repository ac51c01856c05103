"""One run to watch: the network, its clock, its curves, what happened, and whoever is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import solara

from diffusion.experiment.plan import PlannedArm
from diffusion.server.agent_card import AgentCard
from diffusion.server.clock import Clock
from diffusion.server.happenings import happenings
from diffusion.server.pictures import STAGE_COLOURS, STAGE_NAMES, CurvePicture, NetworkPicture, use_drawing
from diffusion.server.played import ABANDONED, ADOPTED, AWARE, UNAWARE, PlayedRun

ROLE_DASHES = ("", "7 3", "2 3", "8 3 2 3", "12 3", "4 2 1 2")


@solara.component
def RunView(
    arm: PlannedArm, seed: int, replicate: int, unit: str, foot: Callable[[PlayedRun, int], object] | None = None
) -> None:
    """Show one run.

    Parameters
    ----------
    arm, seed, replicate
        The coordinates of the run.
    unit
        What a step is called.
    foot
        Called with the run and the step, to show what belongs below.
    """
    run = solara.use_memo(lambda: PlayedRun(arm, seed=seed, replicate=replicate), [])
    solara.use_effect(lambda: run.close, [])
    tick, playing, selected = solara.use_reactive(0), solara.use_reactive(False), solara.use_reactive(-1)
    by_role = solara.use_reactive(False)

    def go(to: int) -> None:
        playing.set(False)
        tick.set(to)

    with solara.Div(classes=["d-two"]):
        with solara.Column(gap="6px"):
            Clock(tick, playing, steps=run.steps, unit=unit)
            solara.Text(happenings(run, tick.value, unit), classes=["d-happened"])
            _Agents(run, tick.value, selected)
        with solara.Column(gap="6px"):
            CurvePicture(
                lines=curve_lines(run, tick.value, by_role=by_role.value),
                steps=run.steps,
                tick=tick.value,
                title_x=unit,
                title_y="agents who have adopted" if by_role.value else "agents",
                percent=False,
                signed=False,
                most=0.0 if by_role.value else float(arm.network.size),
                tall=260,
                event_go=go,
            )
            solara.Checkbox(label="Adopters by role", value=by_role)
            AgentCard(run, tick.value, unit, selected)
    if foot is not None:
        foot(run, tick.value)


@solara.component
def _Agents(run: PlayedRun, tick: int, selected: solara.Reactive[int]) -> None:
    """Show the network at a step; a large one once it is laid out."""
    drawn = use_drawing(run.arm.network)

    def choose(agent: int) -> None:
        selected.set(-1 if agent == selected.value else agent)

    if drawn is None:
        solara.Text(f"Laying out {run.arm.network.size:,} agents; the curve is there already …")
        solara.ProgressLinear(value=True)
        return
    NetworkPicture(
        drawing=drawn,
        stages=stage_codes(run, tick),
        leaders=list(run.leaders),
        fresh=moved_at(run, tick),
        selected=selected.value,
        near=alters_of(run, selected.value),
        names=stage_names(run),
        event_choose=choose,
        event_press=choose,
    )


def stage_names(run: PlayedRun) -> list[list[Any]]:
    """Return the stages that a run has, for the legend."""
    parameters = run.arm.setting.parameters
    with_awareness = parameters.awareness is not None
    names = STAGE_NAMES[:3] if with_awareness else [[0, "not adopted"], STAGE_NAMES[2]]
    return [*names, STAGE_NAMES[3]] if parameters.adoption.abandonment > 0 else list(names)


def stage_codes(run: PlayedRun, tick: int) -> str:
    """Return the stages at a step as a picture takes them, a digit an agent.

    Where everyone is aware from the start, nobody needs to see that.
    """
    stages = run.stages(tick)
    if run.arm.setting.parameters.awareness is None:
        stages = np.where(stages == AWARE, UNAWARE, stages)
    return "".join(map(str, stages.tolist()))


def moved_at(run: PlayedRun, tick: int) -> list[int]:
    """Return the agents who moved at a step; at t = 0 nobody moves."""
    if tick == 0:
        return []
    moved = np.logical_or.reduce([times == tick for times in run.times(tick)])
    found: list[int] = np.flatnonzero(moved).tolist()
    return found


def alters_of(run: PlayedRun, agent: int) -> list[int]:
    """Return with whom an agent has ties, in either direction; nobody for -1."""
    found: list[int] = run.arm.network.alters.alters(agent).tolist() if agent >= 0 else []
    return found


def curve_lines(run: PlayedRun, tick: int, *, by_role: bool) -> list[dict[str, Any]]:
    """Return the curves of a run up to a step: by stage, or the adopters of each role."""
    network, parameters = run.arm.network, run.arm.setting.parameters
    if by_role:
        lines = []
        for place, role in enumerate(network.role_names):
            members = network.role_index == place
            values = run.curves(tick, members)[:, ADOPTED].tolist()
            dashes = ROLE_DASHES[place % len(ROLE_DASHES)]
            now = f"{values[-1]:,} of {int(members.sum()):,}"
            lines.append(
                {"name": role, "values": values, "colour": STAGE_COLOURS["adopted"], "dashes": dashes, "now": now}
            )
        return lines
    shown = {"adopted": (ADOPTED, "")}
    if parameters.awareness is not None:
        shown["aware"] = (AWARE, "7 3")
    if parameters.adoption.abandonment > 0:
        shown["abandoned"] = (ABANDONED, "2 3")
    curves = run.curves(tick)
    return [
        {
            "name": name if name != "aware" else "aware, not adopted",
            "values": curves[:, place].tolist(),
            "colour": STAGE_COLOURS[name],
            "dashes": dashes,
            "now": f"{curves[-1, place]:,}",
        }
        for name, (place, dashes) in shown.items()
    ]
