"""The page of one run: which one, from menus or from its address, and the run to watch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

from diffusion.errors import DiffusionError
from diffusion.experiment.plan import Study
from diffusion.server.coordinates import (
    Coordinates,
    arm_at,
    arms_of,
    cell_text,
    coordinates_of,
    replay_command,
    study_in,
)
from diffusion.server.opened import OPENING
from diffusion.server.problems import Problems
from diffusion.server.run_view import RunView


@solara.component
def RunPage() -> None:
    """Show the run that the address names."""
    router = solara.use_router()
    search = router.search or ""
    try:
        named = study_in(search)
        study = OPENING.stored(named) if named else OPENING.current()
    except DiffusionError as error:
        Problems(str(error).splitlines())
        return
    place, problems = coordinates_of(study, search, digest=named)
    Problems(problems)

    def go(to: Coordinates) -> None:
        router.push(f"{router.path}?{to.search()}")

    RunMenus(study, place, go)
    arm = arm_at(study, place)
    unit = "round" if arm.setting.is_round_based else study.scenario.step_unit
    RunView(arm, study.scenario.seed, place.replicate, unit).key(place.search())
    solara.Text(
        f"This is run {place.replicate:,} of the arm “{place.arm}”, seed {study.scenario.seed}: the same run as in "
        f"tables and in: {replay_command(study, place, OPENING.database)}",
        classes=["d-coordinates"],
    )


@solara.component
def RunMenus(study: Study, place: Coordinates, go: Callable[[Coordinates], None]) -> None:
    """Show the menus that choose a run.

    Parameters
    ----------
    study, place
        The study, and the run that is shown.
    go
        Called with the coordinates of the run that is chosen.
    """
    scenario = study.scenario
    networks = [network.name for network in study.networks]
    cells = scenario.cells()
    with solara.Row(classes=["d-menus"], style={"flex-wrap": "wrap", "align-items": "center"}):
        if len(networks) > 1:
            solara.Select(
                "Network", values=networks, value=place.network, on_value=lambda name: go(replace(place, network=name))
            )
        if len(cells) > 1:
            shown = {f"{cell.index}: {cell_text(cell)}": cell.index for cell in cells}
            current = next(text for text, index in shown.items() if index == place.cell)
            solara.Select(
                "Values swept",
                values=list(shown),
                value=current,
                on_value=lambda text: go(replace(place, cell=shown[text])),
            )
        arms = [arm.name for arm in arms_of(study, place.network, place.cell)]
        solara.Select("Arm", values=arms, value=place.arm, on_value=lambda name: go(replace(place, arm=name)))
        solara.InputInt(
            f"Run (0 to {scenario.replicates - 1:,})",
            value=place.replicate,
            on_value=lambda number: go(replace(place, replicate=max(0, min(scenario.replicates - 1, number or 0)))),
        )
