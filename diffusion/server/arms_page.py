"""The page of two arms side by side: which ones, from menus or from its address, and the two runs to watch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

from diffusion.errors import DiffusionError
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.server.arms_view import SIDES, ArmsView
from diffusion.server.coordinates import Coordinates, arm_at, arms_of, cell_text, replay_command, study_in
from diffusion.server.in_store import how_to_store, stored_row
from diffusion.server.opened import DATABASE, OPENING
from diffusion.server.pair_coordinates import PairCoordinates, arms_at, pair_coordinates_of
from diffusion.server.problems import Problems


@solara.component
def ArmsPage() -> None:
    """Show the two arms that the address names."""
    router = solara.use_router()
    search = router.search or ""
    try:
        named = study_in(search)
        study = OPENING.stored(named) if named else OPENING.current()
    except DiffusionError as error:
        Problems(str(error).splitlines())
        return
    place, problems = pair_coordinates_of(study, search, digest=named)
    Problems(problems)

    def go(to: PairCoordinates) -> None:
        router.push(f"{router.path}?{to.search()}")

    PairMenus(study, place, go)
    arms = arms_at(study, place)
    unit, remark = shared_unit(arms, study.scenario.step_unit)
    if remark:
        solara.Text(remark, classes=["d-remark"])
    ArmsView(
        arms,
        study.scenario.seed,
        place.replicate,
        replicates=study.scenario.replicates,
        smallest=study.scenario.smallest_difference,
        unit=unit,
        go_to=lambda replicate: go(replace(place, replicate=replicate)),
    ).key(f"{place.study} {place.network} {place.cell}")
    for side, run in zip(SIDES, place.runs, strict=True):
        _Whence(study, side, run)


@solara.component
def PairMenus(study: Study, place: PairCoordinates, go: Callable[[PairCoordinates], None]) -> None:
    """Show the menus that choose two arms and a run.

    Parameters
    ----------
    study, place
        The study, and what is shown of it.
    go
        Called with what is chosen.
    """
    scenario = study.scenario
    networks = [network.name for network in study.networks]
    cells = scenario.cells()
    arms = [arm.name for arm in arms_of(study, place.network, place.cell)]
    last = scenario.replicates - 1
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
        solara.Select("Left arm", values=arms, value=place.left, on_value=lambda name: go(replace(place, left=name)))
        solara.Select("Right arm", values=arms, value=place.right, on_value=lambda name: go(replace(place, right=name)))
        solara.Button("Swap", on_click=lambda: go(replace(place, left=place.right, right=place.left)), outlined=True)
        solara.InputInt(
            f"Run (0 to {last:,})",
            value=place.replicate,
            on_value=lambda number: go(replace(place, replicate=max(0, min(last, number or 0)))),
        )


@solara.component
def _Whence(study: Study, side: str, run: Coordinates) -> None:
    """Say which run a side shows, and lead to it alone."""
    command = solara.use_memo(lambda: _command(study, run), [study.digest, run])
    with solara.Row(classes=["d-coordinates"], style={"flex-wrap": "wrap", "gap": "4px"}):
        solara.Text(
            f"{side.capitalize()} is run {run.replicate:,} of the arm “{run.arm}”, seed {study.scenario.seed}; "
            f"{command}"
        )
        with solara.Link(f"/?{run.search()}"):
            solara.Text(f"Watch the {side} run alone")


def _command(study: Study, run: Coordinates) -> str:
    """Return how to replay a run that is stored, or how to store it."""
    try:
        row = stored_row(study, arm_at(study, run), run.replicate, OPENING.store())
    except DiffusionError:
        row = None
    if row is None:
        command = how_to_store(str(OPENING.scenario), OPENING.shown_database, default=DATABASE)
        return f"to have it in a table of all runs: {command}"
    return f"agent by agent, and checked: {replay_command(study, run, OPENING.shown_database)}"


def shared_unit(arms: tuple[PlannedArm, PlannedArm], step_unit: str) -> tuple[str, str]:
    """Return what a step of two arms is called, and what to remark where it is not the same in both.

    Parameters
    ----------
    arms
        The two arms.
    step_unit
        What the scenario calls a step.
    """
    rounds = [arm.setting.is_round_based for arm in arms]
    if all(rounds):
        return "round", ""
    if not any(rounds):
        return step_unit, ""
    side = SIDES[rounds.index(True)]
    return "step", (
        f"The {side} arm goes by rounds of a cascade, the other by {step_unit}s: a round is no {step_unit}, so who "
        "adopts at all can be compared, but not how soon."
    )
