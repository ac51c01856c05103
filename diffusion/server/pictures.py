"""The two components that are drawn in the browser: a network, and curves over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara.lab import use_task

from diffusion.network.network import Network
from diffusion.server.drawing import drawing

STAGE_NAMES = [[0, "unaware"], [1, "aware"], [2, "adopted"], [3, "abandoned"]]
"""The stages that a picture's legend tells, by their codes."""

STAGE_COLOURS = {"aware": "#3a8fc4", "adopted": "#d55e00", "abandoned": "#4a4a4a"}
"""The colours of curves; those of ``network.vue``, dark enough for lines."""


AT_ONCE = 400
"""Up to how many agents a network is laid out while the page waits."""


def use_drawing(network: Network) -> str | None:
    """Return what the browser draws of a network, or ``None`` while a large one is still being laid out.

    Parameters
    ----------
    network
        The network.
    """
    at_once = network.size <= AT_ONCE
    made = solara.use_memo(lambda: drawing(network) if at_once else None, [network.digest, network.name])
    task = use_task(lambda: None if at_once else drawing(network), dependencies=[network.digest], prefer_threaded=True)
    if task.error:
        raise task.exception
    found: str | None = made if at_once else task.value
    return found


@solara.component_vue("network.vue")
def NetworkPicture(
    *,
    drawing: str,
    stages: str,
    leaders: list[int],
    fresh: list[int],
    selected: int,
    near: list[int],
    names: list[list[Any]],
    event_choose: Callable[[int], None],
    event_press: Callable[[int], None],
    click_presses: bool = False,
) -> None:
    """Draw a network in the browser, once, and colour its agents at every step.

    Parameters
    ----------
    drawing
        What :func:`~diffusion.server.drawing.drawing` returns.
    stages
        A digit an agent: the code of its colour.
    leaders, fresh
        Who leads, and who moved at this step: indices of agents.
    selected, near
        Who is chosen, -1 for nobody, and with whom that agent has ties.
    names
        The codes and what they are called, for the legend.
    event_choose, event_press
        Called when an agent is clicked or reached by arrow keys, and when enter is pressed on it.
    click_presses
        Whether a click does what enter does, and arrow keys alone choose.
    """


@solara.component_vue("curve.vue")
def CurvePicture(
    *,
    lines: list[dict[str, Any]],
    steps: int,
    tick: int,
    title_x: str,
    title_y: str,
    percent: bool,
    signed: bool,
    most: float,
    tall: int,
    event_go: Callable[[int], None],
    least: float = 0.0,
) -> None:
    """Draw curves over time in the browser.

    Parameters
    ----------
    lines
        Each with ``name``, ``values`` (none for a band alone), ``colour``, and
        perhaps ``dashes``, ``low`` and ``high`` (a band) and ``now`` (a number
        for the legend).
    steps, tick
        T, and the step to mark, -1 for none.
    title_x, title_y
        What the axes show, with units.
    percent, signed
        Whether values are shares, and whether they lie on both sides of 0.
    most
        The upper end of the axis; 0 to take the largest value.
    tall
        The height over a width of 520.
    event_go
        Called with the step that is clicked.
    least
        The lower end of a signed axis whose upper end is given too.
    """
