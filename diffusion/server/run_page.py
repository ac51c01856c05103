"""The page of one run: which one, from menus or from its address, and the run to watch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import solara

from diffusion.errors import DiffusionError
from diffusion.experiment.plan import Study
from diffusion.scenario.intervention_words import doings
from diffusion.server.coordinates import (
    Coordinates,
    arm_at,
    arms_of,
    cell_text,
    coordinates_of,
    replay_command,
    study_in,
)
from diffusion.server.in_store import comparison, how_to_store, stored_row
from diffusion.server.opened import DATABASE, OPENING
from diffusion.server.played import PlayedRun
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
    RunView(
        arm,
        study.scenario.seed,
        place.replicate,
        unit,
        lambda run, tick: _Whence(study, place, run, tick, unit),
    ).key(place.search())


@solara.component
def _Whence(study: Study, place: Coordinates, run: PlayedRun, tick: int, unit: str) -> None:
    """Say which run this is, and what the store has of it."""
    row, trouble = solara.use_memo(lambda: _stored(study, place), [])
    with solara.Column(gap="2px"):
        solara.Text(
            f"This is run {place.replicate:,} of the arm “{place.arm}”, seed {study.scenario.seed}.",
            classes=["d-coordinates"],
        )
        for line in doings(arm_at(study, place).setting.parameters):
            solara.Text(f"Done besides leading: {line}.", classes=["d-coordinates"])
        Problems(trouble)
        if row is None:
            command = how_to_store(str(OPENING.scenario), OPENING.shown_database, default=DATABASE)
            told = f"It is not in {OPENING.shown_database}. To have it in a table of all runs: {command}"
            solara.Text(told, classes=["d-coordinates", "d-stored"])
            return
        found = comparison(run, row, tick, unit)
        Problems([found.text, *found.differences] if found.differences else [])
        if not found.differences:
            solara.Text(found.text, classes=["d-coordinates", "d-stored"])
        solara.Text(
            f"Agent by agent, and checked: {replay_command(study, place, OPENING.shown_database)}",
            classes=["d-coordinates"],
        )


def _stored(study: Study, place: Coordinates) -> tuple[Mapping[str, Any] | None, list[str]]:
    """Return what the store has of a run, and why it could not be read."""
    try:
        return stored_row(study, arm_at(study, place), place.replicate, OPENING.store()), []
    except DiffusionError as error:
        return None, str(error).splitlines()


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
