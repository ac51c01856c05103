"""Exporting a study's runs as tidy tables: a row a run, a column an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib import util
from pathlib import Path
from typing import Any

from diffusion.errors import InputError
from diffusion.experiment.draws_kept import told_draws
from diffusion.experiment.extras import GivenArm, MatchedArm, RewiredArm
from diffusion.experiment.run_columns import run_columns, swept_columns
from diffusion.experiment.run_rows import rows_at_once
from diffusion.experiment.sizes import own_scenario
from diffusion.experiment.store import Store
from diffusion.experiment.study import WORLD, ExtraArm, Group, PlannedArm, Study
from diffusion.experiment.table_files import write_table
from diffusion.experiment.worlds import in_worlds

SUFFIXES = (".csv", ".parquet")
"""The formats, by the end of the file's name."""

EXTRA = "-extra"
"""What the name of the file of the extra runs ends with, before its suffix."""


@dataclass(frozen=True)
class Exported:
    """Say what was written.

    Attributes
    ----------
    runs
        How many runs of the study's arms.
    extra_file
        The file with the runs of ``[nulls]`` and ``[credit]``; None without any.
    extra_runs
        How many of these.
    """

    runs: int
    extra_file: Path | None = None
    extra_runs: int = 0


@dataclass(frozen=True)
class DrawsExported:
    """Say what was written of draws.

    Attributes
    ----------
    draws
        How many.
    recomputed
        How many of them were not stored, and are what this machine draws.
    """

    draws: int
    recomputed: int


def export_runs(study: Study, store: Store, file: Path) -> Exported:
    """Write every run of a study to a file, and those of ``[nulls]`` and ``[credit]`` to one beside it.

    Files are written part by part, and appear when they are whole; those that
    were there are replaced then.

    The columns are ``network``, ``synthetic``, the swept keys, ``arm``, ``world``,
    ``replicate`` and the outcomes; ``time_to_half`` is the restricted time,
    and ``half_reached`` says whether half of the agents ever adopted. Extra
    runs, which no comparison of arms may be mixed with, have besides ``extra``
    (``matched``, ``rewired`` or ``part``), ``of`` (the arm that they are
    beside), ``kept`` and ``leaders`` (of rewired networks: what they keep, and
    whether leaders are the ``same`` or found ``anew``); their ``world`` is the
    number of the rewired network.

    Parameters
    ----------
    study
        The study.
    store
        Where its runs are.
    file
        Where they go: ``.csv``, or ``.parquet`` with the extra ``parquet``.

    Raises
    ------
    InputError
        If the file's name ends otherwise, or its folder does not exist.
    """
    check_file(file)
    arms = [(group, arm) for group in study.groups for arm in group.arms]
    runs = write_table(file, [partial(_parts, study, group, arm, store) for group, arm in arms])
    if not study.extras:
        return Exported(runs)
    beside = file.with_name(f"{file.stem}{EXTRA}{file.suffix}")
    extras = [(group, arm) for group in study.groups for arm in group.extras]
    extra_runs = write_table(beside, [partial(_extra_parts, study, group, arm, store) for group, arm in extras])
    return Exported(runs, beside, extra_runs)


def worlds_file(file: Path) -> Path:
    """Return where the draws of uncertain numbers go, beside the runs: ``runs.csv`` -> ``runs_worlds.csv``."""
    return file.with_stem(f"{file.stem}_worlds")


def export_worlds(study: Study, store: Store, file: Path) -> DrawsExported:
    """Write what was drawn of the uncertain numbers to a file, as it is stored.

    One row an arm, world and number: the swept keys, ``arm``, ``world``,
    ``number`` (its dotted path) and ``value``; nothing is written where no
    number is uncertain.

    Parameters
    ----------
    study
        The study.
    store
        Where its draws are; those that are not there are worked out anew.
    file
        Where they go: ``.csv``, or ``.parquet`` with the extra ``parquet``.

    Raises
    ------
    InputError
        If the file's name ends otherwise, or its folder does not exist.
    """
    check_file(file)
    columns: dict[str, list[Any]] = {}
    recomputed = 0
    for group in study.groups[: len(study.scenario.cells())]:
        for arm in group.arms:
            told, anew = told_draws(arm, own_scenario(study.scenario, arm), store.database)
            recomputed += anew
            for row in told:
                for name, said in {**swept_columns(group), "arm": arm.name, **row}.items():
                    columns.setdefault(name, []).append(said)
    if not columns:
        return DrawsExported(0, 0)
    return DrawsExported(write_table(file, [lambda: iter([columns])]), recomputed)


def check_file(file: Path) -> None:
    """Refuse a file that cannot be written.

    Raises
    ------
    InputError
        If its name ends otherwise than those of tables, its folder does not
        exist, or a package is missing.
    """
    if file.suffix not in SUFFIXES:
        raise InputError(f"{file}: the name must end in {' or '.join(SUFFIXES)}")
    if file.suffix == ".parquet" and util.find_spec("pyarrow") is None:
        raise InputError(f"{file}: Parquet needs an extra: pip install -e '.[parquet]'")
    if not file.parent.is_dir():
        raise InputError(f"{file}: there is no folder {file.parent}; make it first")


def _parts(study: Study, group: Group, arm: PlannedArm, store: Store) -> Iterator[dict[str, Any]]:
    scenario = own_scenario(study.scenario, arm)
    told = {**_about(group), "arm": arm.name}
    replicates, together = scenario.replicates, rows_at_once(-(-group.network.size // 8)) // scenario.replicates
    if scenario.worlds == 1 or not together:
        for one in in_worlds(arm, scenario) if scenario.worlds > 1 else [arm]:
            yield from _told(study, group, one, store, told, replicates, one.world)
        return
    for first in range(0, scenario.worlds, together):
        worlds = range(first, min(first + together, scenario.worlds))
        runs = store.runs(arm, seed=scenario.seed, replicates=replicates, worlds=worlds)
        yield {**told, **run_columns(group, runs, scenario.steps, world=first, worlds=len(worlds))}


def _extra_parts(study: Study, group: Group, arm: ExtraArm, store: Store) -> Iterator[dict[str, Any]]:
    told = {**_about(group), "arm": arm.name, "extra": _kind(arm), "of": arm.of, **_rewiring(arm)}
    for world in range(WORLD, WORLD + arm.worlds):
        one = arm if isinstance(arm, RewiredArm) else arm.in_world(world, seed=study.scenario.seed)
        yield from _told(study, group, one, store, told, arm.replicates, world)


def _told(  # noqa: PLR0917 - told twice, above
    study: Study, group: Group, arm: PlannedArm, store: Store, told: dict[str, Any], replicates: int, world: int
) -> Iterator[dict[str, Any]]:
    """Yield the columns of an arm's runs in a world, so many runs at a time as fit into bounded memory."""
    first, scenario = 0, study.scenario
    for runs in store.runs_in_parts(arm, seed=scenario.seed, replicates=replicates, world=world):
        yield {**told, **run_columns(group, runs, scenario.steps, world=world, first=first)}
        first += runs.replicates


def _about(group: Group) -> dict[str, Any]:
    return {"network": group.network.name, "synthetic": group.network.synthetic, **swept_columns(group)}


def _kind(arm: ExtraArm) -> str:
    kinds = {MatchedArm: "matched", RewiredArm: "rewired", GivenArm: "given"}
    return kinds.get(type(arm), "part")


def _rewiring(arm: ExtraArm) -> dict[str, str]:
    if isinstance(arm, RewiredArm):
        return {"kept": arm.kept, "leaders": "anew" if arm.anew else "same"}
    return {"kept": "", "leaders": ""}
