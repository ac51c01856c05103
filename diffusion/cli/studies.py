"""``diffusion studies``: what the store holds."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diffusion.cli.long_tables import all_option
from diffusion.cli.options import database_option, json_option
from diffusion.cli.output import compilation_announced, console, print_json, say, table, tables_updated
from diffusion.cli.usage import Verbs
from diffusion.errors import StoreError

if TYPE_CHECKING:
    from diffusion.experiment.database import Database


@click.group(cls=Verbs)
def studies() -> None:
    """List, show, export, merge and delete what is stored."""


@studies.command("list")
@database_option
@json_option
def list_studies(*, database: str, as_json: bool) -> None:
    """List the stored studies, the one that was run last first."""
    from diffusion.experiment.database import Database
    from diffusion.experiment.store import Store

    entries = Store(Database(database)).studies()
    if as_json:
        print_json([{"study": entry.name, **_without_name(asdict(entry))} for entry in entries])
        return
    made = table("study", "title", "digest", "runs", "last run (UTC)", right=("runs",))
    for entry in entries:
        made.add_row(entry.name, entry.title, entry.digest[:12], f"{entry.runs:,}", _instant(entry.last_run_at))
    console().print(made if entries else "No study is stored.")


@studies.command()
@click.argument("study")
@click.option("--provenance", is_flag=True, help="Print with what, when and on which machine it was run.")
@all_option
@database_option
@json_option
def show(*, study: str, provenance: bool, everything: bool, database: str, as_json: bool) -> None:
    """Print what STUDY shows, from what is stored.

    Its provenance is a table on a terminal; in a file or a pipe, or with --json, it is JSON.
    """
    from diffusion.cli.answer import print_answer
    from diffusion.cli.provenance import print_provenance
    from diffusion.experiment.completeness import incompleteness_lines
    from diffusion.experiment.database import Database
    from diffusion.experiment.results import study_result
    from diffusion.experiment.store import Store

    store = Store(Database(database))
    entry = store.find(study)
    if provenance:
        if as_json or not sys.stdout.isatty():
            print_json(store.records(entry))
        else:
            print_provenance(entry, store.records(entry))
        return
    stored = store.study(entry)
    if lines := incompleteness_lines(stored, store):
        raise StoreError(lines)
    with compilation_announced():
        result = study_result(stored, store)
    if as_json:
        print_json(result.as_json())
    else:
        print_answer(result, everything=everything)


@studies.command()
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path))
@database_option
def export(*, study: str, file: Path, database: str) -> None:
    """Write every run of STUDY to FILE, one row a run: .csv or .parquet.

    Runs of arms beside the study's own (nulls, credit of leaders, the given network) go to a file of their
    own, FILE-extra. What was drawn of uncertain numbers goes to FILE_worlds, what of networks to FILE_networks.
    """
    from diffusion.experiment.database import Database
    from diffusion.experiment.export import export_runs, export_worlds, worlds_file
    from diffusion.experiment.export_networks import export_networks, networks_file
    from diffusion.experiment.store import Store

    store = Store(Database(database))
    with compilation_announced():
        found = store.study(store.find(study))
        written = export_runs(found, store, file)
        drawn = export_worlds(found, store, worlds_file(file))
        versions = export_networks(found, networks_file(file))
    say(f"{written.runs:,} runs written to {file}.")
    if written.extra_file is not None:
        say(f"{written.extra_runs:,} further runs (of arms beside the study's own) written to {written.extra_file}.")
    if drawn.draws:
        say(f"{drawn.draws:,} draws of uncertain numbers written to {worlds_file(file)}.")
    if drawn.recomputed:
        say(
            f"{drawn.recomputed:,} of them were not stored when the study was run (by an older version), and are what "
            "this machine draws; `diffusion run` with the scenario stores them."
        )
    if versions:
        say(f"{versions:,} rows on what differs between networks written to {networks_file(file)}.")


@studies.command()
@click.argument("other", metavar="OTHER")
@database_option
def merge(*, other: str, database: str) -> None:
    """Add to the database all that OTHER holds, another database."""
    from diffusion.experiment.database import Database
    from diffusion.experiment.merging import merge as merged

    theirs = Database(other)
    ours = _updated(Database(database, create=True))
    found = merged(ours, theirs)
    are = "1 study is" if found.studies == 1 else f"{found.studies:,} studies are"
    say(
        f"{are} now in {ours.name} that {theirs.name} holds: {_were(found.added)} added, "
        f"{_were(found.shared)} there already, all the same."
    )


def _were(runs: int) -> str:
    return "1 run was" if runs == 1 else f"{runs:,} runs were"


@studies.command()
@click.argument("study")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@database_option
def delete(*, study: str, yes: bool, database: str) -> None:
    """Delete STUDY, with the runs that no other study needs."""
    from diffusion.analysis.phrases import counted
    from diffusion.experiment.database import Database
    from diffusion.experiment.deleting import delete as deleted
    from diffusion.experiment.deleting import deletion
    from diffusion.experiment.store import Store

    store = Store(_updated(Database(database, update=True)))
    entry = store.find(study)
    going = deletion(store, entry)
    stays = f"; {going.shared:,} more stay, for other studies need them" if going.shared else ""
    say(f'The study "{entry.name}" ({entry.digest[:12]}) goes, with {counted(going.runs, "run")}{stays}.')
    if not yes and not _agreed():
        say("Nothing was deleted.")
        return
    say(f"{_were(deleted(store, entry).runs)} deleted.")


@studies.command()
@database_option
def migrate(*, database: str) -> None:
    """Bring the tables of a database up to date that an older version wrote; `run` does so by itself."""
    from diffusion.experiment.database import Database

    opened = _updated(Database(database, update=True))
    if opened.migrated_from is None:
        say(f"The tables of {opened.name} are up to date.")


def _updated(opened: Database) -> Database:
    """Return a database that was opened for writing, and say so if its tables were brought up to date."""
    if opened.migrated_from is not None:
        say(tables_updated(opened.migrated_from))
    return opened


def _agreed() -> bool:
    """Ask whether to go on.

    Raises
    ------
    click.UsageError
        If there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask at; add --yes to delete", click.get_current_context())
    return click.confirm("Delete it?", err=True)


def _without_name(entry: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in entry.items() if key != "name"}


def _instant(text: str) -> str:
    return text.replace("T", " ").removesuffix("+00:00")
