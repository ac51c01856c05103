"""``diffusion compare``: what an arm changed against another, on any outcome."""

from __future__ import annotations

import click

from diffusion.cli.long_tables import all_option
from diffusion.cli.options import database_option, json_option
from diffusion.cli.output import compilation_announced, print_json


@click.command()
@click.argument("study")
@click.option("--outcome", "outcomes", multiple=True, help="The outcome to compare on; may be given several times.")
@click.option("--baseline", help="The arm that the others are compared with, instead of the scenario's.")
@all_option
@database_option
@json_option
def compare(
    *, study: str, outcomes: tuple[str, ...], baseline: str | None, everything: bool, database: str, as_json: bool
) -> None:
    """Print the paired comparisons of STUDY, a study's name or the start of its digest."""
    from diffusion.cli.answer import print_answer
    from diffusion.experiment.database import Database
    from diffusion.experiment.results import study_result
    from diffusion.experiment.store import Store

    store = Store(Database(database))
    with compilation_announced():
        result = study_result(store.study(store.find(study)), store, baseline=baseline, outcomes=outcomes or None)
    if as_json:
        print_json(result.as_json())
    else:
        print_answer(result, outcomes, everything=everything)
