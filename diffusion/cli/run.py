"""``diffusion run``: play a scenario and say what it shows."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from diffusion.cli.interrupts import stopping
from diffusion.cli.options import WholeNumber, database_option, json_option
from diffusion.cli.output import ProgressLine, compilation_announced, print_json, progress_line, say, tables_updated

if TYPE_CHECKING:
    from diffusion.experiment.plan import Study
    from diffusion.experiment.store import Store

Engine = Literal["ensemble", "mesa"]


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--replicates", type=WholeNumber(1), help="How many runs every arm has, instead of the file's.")
@click.option("--seed", type=WholeNumber(0), help="The seed of every draw, instead of the file's.")
@click.option(
    "--engine",
    type=click.Choice(["ensemble", "mesa"]),
    default="ensemble",
    show_default=True,
    help="The compiled ensemble, or the readable Mesa model, slower and equal to the last bit.",
)
@click.option(
    "--workers",
    type=WholeNumber(1),
    help="How many threads play; by default one a core. Results do not depend on it.",
)
@database_option
@json_option
def run(
    *,
    scenario: Path,
    replicates: int | None,
    seed: int | None,
    engine: Engine,
    workers: int | None,
    database: str,
    as_json: bool,
) -> None:
    """Play the runs of SCENARIO that are not stored yet, and print the ranked arms."""
    from diffusion.cli.answer import print_answer
    from diffusion.experiment.database import Database, existing
    from diffusion.experiment.plan import plan
    from diffusion.experiment.remembered import Chooser
    from diffusion.experiment.results import study_result
    from diffusion.experiment.store import Store
    from diffusion.scenario import load_scenario

    with progress_line() as line, compilation_announced():
        asked = load_scenario(scenario).with_(replicates=replicates, seed=seed)
        there = existing(database, update=True)
        known = Store(there) if there else None
        study = plan(asked, Chooser(known, say, line.seek, workers=workers or usable_cores()), say=say)
        for note in dict.fromkeys(note for network in study.networks for note in network.notes):
            say(note)
        opened = there or Database(database, create=True)
        say(f"Results are kept in {opened.name}{' (new)' if opened.is_new else ''}.")
        if opened.migrated_from:
            say(tables_updated(opened.migrated_from))
        store = Store(opened)
        _play(study, store, engine, workers or usable_cores(), line)
    result = study_result(study, store)
    if as_json:
        print_json(result.as_json())
    else:
        print_answer(result)


def _play(study: Study, store: Store, engine: Engine, workers: int, line: ProgressLine) -> None:
    """Play what is missing; what was played stays stored, whatever ends this."""
    from diffusion.experiment import runner
    from diffusion.experiment.provenance import record

    number = store.save(study, record(study, ["diffusion", *sys.argv[1:]], engine, workers))
    with stopping() as is_stopping:
        is_complete = runner.run(
            study, store, engine=engine, workers=workers, report=line.show, is_stopping=is_stopping
        )
    if not is_complete:
        say(f"{line.done:,} of {line.total:,} runs are stored; the same command goes on from there.")
        raise KeyboardInterrupt
    store.finish(number)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
