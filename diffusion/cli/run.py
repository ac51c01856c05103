"""``diffusion run``: play a scenario and say what it shows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from diffusion.cli.interrupts import stopping
from diffusion.cli.long_tables import all_option
from diffusion.cli.options import WholeNumber, database_option, json_option
from diffusion.cli.output import ProgressLine, compilation_announced, print_json, progress_line, say, tables_updated
from diffusion.errors import DiffusionError, InputError

if TYPE_CHECKING:
    from diffusion.experiment.cluster import Cluster
    from diffusion.experiment.plan import Study
    from diffusion.experiment.shard import Shard
    from diffusion.experiment.store import Store
    from diffusion.scenario import Scenario

Engine = Literal["ensemble", "mesa"]


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--replicates", type=WholeNumber(1), help="How many runs every arm has, instead of the file's.")
@click.option("--worlds", type=WholeNumber(1), help="How often what is uncertain is drawn, instead of the file's.")
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
    help="How many threads play; by default one a core. Results do not depend on it. The Mesa model has one.",
)
@click.option("--dask", "address", metavar="ADDRESS", help="Play on a Dask cluster: its scheduler, tcp://HOST:PORT.")
@click.option("--shard", "part", metavar="i/n", help="Play part i of n alone, as one of n jobs that share a database.")
@all_option
@database_option
@json_option
def run(
    *,
    scenario: Path,
    replicates: int | None,
    seed: int | None,
    worlds: int | None,
    engine: Engine,
    workers: int | None,
    address: str | None,
    part: str | None,
    everything: bool,
    database: str,
    as_json: bool,
) -> None:
    """Play the runs of SCENARIO that are not stored yet, and print the ranked arms."""
    from diffusion.experiment.completeness import changed_networks
    from diffusion.experiment.database import Database, existing
    from diffusion.experiment.plan import plan
    from diffusion.experiment.remembered import Chooser
    from diffusion.experiment.shard import Shard
    from diffusion.experiment.store import Store
    from diffusion.scenario import load_scenario

    shard = None if part is None else Shard.of(part)
    with progress_line() as line, compilation_announced():
        asked = load_scenario(scenario).with_(replicates=replicates, seed=seed, worlds=worlds)
        _check_together(asked, shard, engine, workers, address)
        there = existing(database, update=True)
        known = Store(there) if there else None
        study = plan(asked, Chooser(known, say, line.seek, workers=workers or usable_cores()), say=say)
        for note in dict.fromkeys(note for network in study.networks for note in network.notes):
            say(note)
        opened = there or Database(database, create=True)
        say(f"Results are kept in {opened.name}{' (new)' if opened.is_new else ''}.")
        if opened.migrated_from:
            say(tables_updated(opened.migrated_from))
        for note in changed_networks(study, store := Store(opened)):
            say(note)
        with _crew(engine, workers, address) as players:
            study = _Session(store, players, shard, line).played(study)
    _answer(study, store, shard, everything=everything, as_json=as_json)


def _check_together(
    asked: Scenario, shard: Shard | None, engine: Engine, workers: int | None, address: str | None
) -> None:
    """Refuse what does not go together."""
    if address is not None and (engine == "mesa" or workers is not None):
        raise InputError(
            "--dask plays on the cluster's own threads with the ensemble; leave out --engine and --workers"
        )
    if shard is not None and asked.precision is not None:
        raise InputError(
            "--shard: how many runs a precision needs is known only when all shards have played; state replicates "
            "instead, or leave --shard out"
        )


@dataclass(frozen=True)
class _Players:
    """Say who plays: so many threads, here or on a cluster."""

    engine: Engine
    workers: int
    crew: Cluster | None = None


@contextmanager
def _crew(engine: Engine, workers: int | None, address: str | None) -> Iterator[_Players]:
    if address is None:
        if engine == "mesa" and (workers or 1) > 1:
            say("--engine mesa: the readable model is played by one worker.")
        yield _Players(engine, 1 if engine == "mesa" else workers or usable_cores())
        return
    from diffusion.experiment.cluster import Cluster

    with Cluster(address) as cluster:
        if not cluster.threads:
            say(f"The cluster at {address} has no workers yet; the study begins when the first joins.")
        yield _Players(engine, cluster.threads, cluster)


@dataclass
class _Session:
    """Play a study, once or, where its size follows from a precision, again and again, under one record."""

    store: Store
    players: _Players
    shard: Shard | None
    line: ProgressLine
    number: int | None = None

    def played(self, study: Study) -> Study:
        """Return the study with all its runs played, as many as it states or needs."""
        from diffusion.experiment.precise import played_to_precision

        found = played_to_precision(study, self.store, self._play, say)
        self._finish()
        return found

    def _play(self, study: Study) -> None:
        """Play what is missing; what was played stays stored, whatever ends this."""
        from diffusion.experiment import runner
        from diffusion.experiment.failures import FailureLog, failure_lines
        from diffusion.experiment.provenance import record

        players, line = self.players, self.line
        said = record(study, _command(), players.engine, players.workers)
        more = {"shard": self.shard and str(self.shard), "cluster": players.crew is not None}
        self.number = self.store.save(study, {**said, **more, **_machines(players)}, self.number)
        log = FailureLog(self.store.database, self.number)
        with stopping() as is_stopping:
            is_complete = runner.run(
                study,
                self.store,
                engine=players.engine,
                workers=players.workers,
                crew=players.crew,
                shard=self.shard,
                report=line.show,
                is_stopping=is_stopping,
                failed=log.add,
            )
            if not is_complete and is_stopping():
                say(f"{line.done:,} of {line.total:,} runs are stored; the same command goes on from there.")
                raise KeyboardInterrupt
        if not is_complete:
            self._finish()
            stored = f"{line.done:,} of {line.total:,} runs are stored, {log.runs:,} could not be played"
            raise DiffusionError(
                "\n".join([*failure_lines(log.failures), f"{stored}; the same command tries these again."])
            )

    def _finish(self) -> None:
        """Note that this run of the study has come to its end."""
        if self.number is not None:
            self.store.finish(self.number, _machines(self.players))


def _machines(players: _Players) -> dict[str, object]:
    """Return what is recorded of the machines of a cluster, which play in this one's stead."""
    return {} if players.crew is None else {"cluster_machines": players.crew.machines}


def _answer(study: Study, store: Store, shard: Shard | None, *, everything: bool, as_json: bool) -> None:
    """Print what the study shows; or, where other shards have still to play, what is missing."""
    from diffusion.cli.answer import print_answer
    from diffusion.experiment.completeness import incompleteness_lines, lacks
    from diffusion.experiment.results import study_result

    if shard is not None and (missing := lacks(study, store)):
        say(f"Shard {shard} has played its part.")
        for sentence in incompleteness_lines(study, store):
            say(sentence)
        if as_json:
            told = [lack.as_json() for lack in missing]
            print_json({"study": study.name, "digest": study.digest, "missing": told})
        return
    result = study_result(study, store)
    if as_json:
        print_json(result.as_json())
    else:
        print_answer(result, everything=everything)


def _command() -> list[str]:
    """Return the words of the command, without the address of a machine."""
    words = ["diffusion", *sys.argv[1:]]
    for place, word in enumerate(words):
        if word == "--dask" and place + 1 < len(words):
            words[place + 1] = "ADDRESS"
        elif word.startswith("--dask="):
            words[place] = "--dask=ADDRESS"
    return words


def usable_cores() -> int:
    """Return how many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
