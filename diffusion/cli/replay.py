"""``diffusion replay``: one run again, agent by agent, checked against the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.phrases import opened
from diffusion.cli.options import WholeNumber, database_option, json_option
from diffusion.cli.output import compilation_announced, console, print_json, say, table

if TYPE_CHECKING:
    from rich.table import Table

    from diffusion.experiment.elsewhere import Elsewhere
    from diffusion.experiment.replay import Replayed
    from diffusion.scenario import Scenario


@click.command()
@click.argument("study")
@click.option("--network", help="The network's name; may be left out where there is only one.")
@click.option("--arm", required=True, help="The arm's name.")
@click.option("--replicate", type=WholeNumber(0), required=True, help="The number of the run, from 0.")
@click.option(
    "--cell", type=WholeNumber(0), help="The number of the sweep's cell, from 0; may be left out without a sweep."
)
@click.option(
    "--world", type=WholeNumber(0), help="The number of the world, from 0; may be left out where there is only one."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder for who moved when and who could have convinced whom, as tables and a figure.",
)
@click.option(
    "--scenario",
    "scenario_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Where the scenario's file is, to say whether it and its networks' files have changed; "
    "looked for here and in scenarios/.",
)
@database_option
@json_option
def replay(
    *,
    study: str,
    network: str | None,
    arm: str,
    replicate: int,
    cell: int | None,
    world: int | None,
    output: Path | None,
    scenario_file: Path | None,
    database: str,
    as_json: bool,
) -> None:
    """Replay one run of STUDY in the readable model and check it against the store."""
    from diffusion.errors import MismatchError
    from diffusion.experiment.database import Database
    from diffusion.experiment.elsewhere import elsewhere
    from diffusion.experiment.file_digests import scenario_at_hand
    from diffusion.experiment.replay import find_arm, replayed
    from diffusion.experiment.store import Store

    store = Store(Database(database))
    with compilation_announced():
        entry = store.find(study)
        found = store.study(entry)
        run = replayed(found, store, find_arm(found, network=network, arm=arm, cell=cell, world=world), replicate)
    since = elsewhere(entry, found.scenario, store, run.arm, scenario_file or scenario_at_hand(found.scenario))
    if as_json:
        print_json(run.as_json() | {"since": since.as_json()})
    else:
        _print_run(run, since, found.scenario, cell)
    if output is not None:
        _write_folder(run, found.scenario, output, cell)
    if run.differences:
        differences = [f"the replay differs: {text}" for text in run.differences]
        raise MismatchError("\n".join([*differences, *since.mismatch_lines]))


def _write_folder(run: Replayed, scenario: Scenario, folder: Path, cell: int | None) -> None:
    """Write who moved when, and who could have convinced whom, as tables and a figure."""
    from diffusion.analysis.causes import untold
    from diffusion.experiment.convincing import convinced, moved
    from diffusion.model.inputs import ModelInput
    from diffusion.report.figures.convincing import caption, convincing
    from diffusion.report.figures.sheet import SUFFIXES, save_figure

    arm, unit = run.arm, _unit(run, scenario.step_unit)
    folder.mkdir(parents=True, exist_ok=True)
    moves = moved(run)
    moves.to_csv(folder / "moved.csv", index=False)
    told = ["moved.csv"]
    if reason := untold(arm.setting.parameters):
        say(f"Who convinced whom is not written: {reason}.")
    else:
        model_input = ModelInput.of(arm.network, arm.setting.parameters, seed=scenario.seed, world=arm.world)
        sources = convinced(run, model_input)
        sources.to_csv(folder / "convinced.csv", index=False)
        figure = convincing(moves, sources, unit=unit)
        for suffix in SUFFIXES:
            save_figure(figure, folder / f"convinced{suffix}")
        synthetic = "the synthetic network " if arm.network.synthetic else ""
        said = f"{_which(run, scenario)} of “{arm.name}” on {synthetic}{arm.network.name}{_swept(scenario, cell)}"
        (folder / "convinced.txt").write_text(caption(moves, sources, said=said) + "\n", encoding="utf-8")
        told += ["convinced.csv", *(f"convinced{suffix}" for suffix in SUFFIXES), "convinced.txt"]
    say(f"Written to {folder}: {', '.join(told)}")


def _unit(run: Replayed, step_unit: str) -> str:
    return "round" if run.arm.setting.is_round_based else step_unit


def _which(run: Replayed, scenario: Scenario) -> str:
    """Return which run it is: its replicate, and its world where there are several."""
    world = f" of world {run.arm.world}" if scenario.worlds > 1 else ""
    return f"replicate {run.replicate}{world}"


def _swept(scenario: Scenario, cell: int | None) -> str:
    """Return the swept values of its cell, where there are any."""
    values = next(known.values for known in scenario.cells() if cell in (None, known.index))
    return f", with {cell_phrase(values)}" if values else ""


def _print_run(run: Replayed, since: Elsewhere, scenario: Scenario, cell: int | None) -> None:
    arm = run.arm
    out = console()
    unit = _unit(run, scenario.step_unit)
    synthetic = " (synthetic)" if arm.network.synthetic else ""
    place = f"{arm.network.name}{synthetic}{_swept(scenario, cell)}"
    out.print(f"{opened(_which(run, scenario))} of the arm “{arm.name}” on {place}", soft_wrap=True)
    out.print()
    out.print(_events(run, unit))
    out.print()
    adopters, size = run.outcomes["adopters"], arm.network.size
    out.print(
        f"At the end {adopters:,} of {size:,} agents have adopted ({100 * adopters / size:.1f} %).", soft_wrap=True
    )
    if not run.differences:
        equal = "Every agent's times equal the ensemble's, and the run's outcomes and adopters equal the store's."
        out.print(f"{equal} {since.match_line}".rstrip(), soft_wrap=True)
    for line in since.file_lines:
        out.print(line, soft_wrap=True)


def _events(run: Replayed, unit: str) -> Table:
    """Return a table of who moved when; moves that the model does not have get no column."""
    parameters, ids = run.arm.setting.parameters, run.arm.network.ids
    moves = {"adopted": "adopted_at"}
    if parameters.awareness is not None:
        moves = {"became aware": "aware_at", **moves}
    if parameters.adoption.abandonment > 0:
        moves["abandoned"] = "abandoned_at"
    made = table(unit, *moves, right=(unit,))
    for step in range(parameters.steps + 1):
        moved = {move: [ids[agent] for agent in (run.times[name] == step).nonzero()[0]] for move, name in moves.items()}
        if step == 0:
            made.add_row(
                "0", *(f"{', '.join(moved[move]) or 'nobody'} (lead)" if move == "adopted" else "" for move in moves)
            )
        elif any(moved.values()):
            made.add_row(str(step), *(", ".join(moved[move]) for move in moves))
    return made
