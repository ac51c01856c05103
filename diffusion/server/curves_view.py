"""Curves of all arms of a study: the mean over its runs, and between what most runs lie."""

from __future__ import annotations

from typing import Any

import solara

from diffusion.experiment.plan import Group, Study
from diffusion.server.expected import Curves, affordable, expected_curves
from diffusion.server.pictures import CurvePicture

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b0568a", "#3a8fc4", "#a87400", "#4a4a4a")
DASHES = ("", "8 3", "2 3", "8 3 2 3")  # arms whose leaders are the same have one curve: all styles are seen in it


@solara.component
def CurvesView(study: Study, group: Group) -> None:
    """Show how many have adopted at every step, on average, in each arm; and the band of the arm that is chosen.

    Parameters
    ----------
    study, group
        The study, and the arms of one network and cell.
    """
    names = [arm.name for arm in group.arms]
    chosen = solara.use_reactive(names[0])
    replicates = affordable(group.arms, study.scenario.replicates)

    def play() -> list[Curves]:
        return [expected_curves(arm, seed=study.scenario.seed, replicates=replicates) for arm in group.arms]

    played = solara.lab.use_task(play, dependencies=[], prefer_threaded=True)
    if played.error:
        raise played.exception
    if played.value is None:
        solara.Text("Playing the runs again for their curves …")
        solara.ProgressLinear(value=True)
        return
    unit = "round" if any(arm.setting.is_round_based for arm in group.arms) else study.scenario.step_unit
    with solara.Column(classes=["d-narrow"]):
        CurvePicture(
            lines=curve_lines(names, played.value, chosen.value, group.network.size),
            steps=study.scenario.steps,
            tick=-1,
            title_x=unit,
            title_y="share of agents who have adopted, mean over runs",
            percent=True,
            signed=False,
            most=0.0,
            tall=230,
            event_go=lambda _: None,
        )
    solara.Select("Show the range of runs of", values=names, value=chosen, style={"max-width": "20em"})
    rest = "" if replicates == study.scenario.replicates else f" of {study.scenario.replicates:,}"
    solara.Text(
        f"Curves are means over {replicates:,}{rest} runs, played again for this page. The band holds 90 % of the "
        f"runs of “{chosen.value}” at each {unit}; it is no interval of the mean.",
        classes=["d-fine"],
    )


def curve_lines(names: list[str], curves: list[Curves], chosen: str, size: int) -> list[dict[str, Any]]:
    """Return the lines of a picture: a mean an arm, with a band for one of them.

    Parameters
    ----------
    names, curves
        The arms.
    chosen
        The arm whose band is drawn.
    size
        How many agents there are.
    """
    lines = []
    for place, (name, found) in enumerate(zip(names, curves, strict=True)):
        line: dict[str, Any] = {
            "name": name,
            "values": (found.mean / size).tolist(),
            "colour": COLOURS[place % len(COLOURS)],
            "dashes": DASHES[place % len(DASHES)],
            "now": f"{100 * found.mean[-1] / size:.1f} %",
        }
        if name == chosen:
            low, high = found.range
            line |= {"low": (low / size).tolist(), "high": (high / size).tolist()}
        lines.append(line)
    return lines
