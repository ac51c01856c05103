"""Exporting a study's runs as one tidy table: a row a run, a column an outcome."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from typing import Any

import numpy as np

from diffusion.analysis.outcomes import RegionFacts, find_outcome, outcome_values
from diffusion.errors import InputError
from diffusion.experiment.plan import Group, PlannedArm, Study
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import arm_runs, drawn_numbers

SUFFIXES = (".csv", ".parquet")
"""The formats, by the end of the file's name."""


def export_runs(study: Study, store: Store, file: Path) -> int:
    """Write every run of a study to a file and return how many there are.

    The columns are ``network``, ``synthetic``, the swept keys, ``arm``, ``world``,
    ``replicate`` and the outcomes; ``time_to_half`` is the restricted time,
    and ``half_reached`` says whether half of the agents ever adopted.

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
    import pandas as pd

    _check(file)
    frames = [pd.DataFrame(_columns(study, group, arm, store)) for group in study.groups for arm in group.arms]
    whole = pd.concat(frames, ignore_index=True)
    if file.suffix == ".csv":
        whole.to_csv(file, index=False)
    else:
        whole.to_parquet(file, index=False)
    return len(whole)


def worlds_file(file: Path) -> Path:
    """Return where the draws of uncertain numbers go, beside the runs: ``runs.csv`` -> ``runs_worlds.csv``."""
    return file.with_stem(f"{file.stem}_worlds")


def export_worlds(study: Study, file: Path) -> int:
    """Write what was drawn of the uncertain numbers to a file, and return how many rows that is.

    One row an arm, world and number: the swept keys, ``arm``, ``world``,
    ``number`` (its dotted path) and ``value``; nothing is written where no
    number is uncertain.

    Parameters
    ----------
    study
        The study.
    file
        Where they go: ``.csv``, or ``.parquet`` with the extra ``parquet``.

    Raises
    ------
    InputError
        If the file's name ends otherwise, or its folder does not exist.
    """
    import pandas as pd

    _check(file)
    rows = [{key: _cell_text(said) for key, said in row.items()} for row in drawn_numbers(study)]
    if not rows:
        return 0
    whole = pd.DataFrame(rows)
    if file.suffix == ".csv":
        whole.to_csv(file, index=False)
    else:
        whole.to_parquet(file, index=False)
    return len(rows)


def _check(file: Path) -> None:
    if file.suffix not in SUFFIXES:
        raise InputError(f"{file}: the name must end in {' or '.join(SUFFIXES)}")
    if file.suffix == ".parquet" and util.find_spec("pyarrow") is None:
        raise InputError(f"{file}: Parquet needs an extra: pip install -e '.[parquet]'")
    if not file.parent.is_dir():
        raise InputError(f"{file}: there is no folder {file.parent}; make it first")


def _columns(study: Study, group: Group, arm: PlannedArm, store: Store) -> dict[str, Any]:
    worlds, replicates = study.scenario.worlds, study.scenario.replicates
    runs = arm_runs(store, arm, study.scenario)
    facts = RegionFacts.of(group.network, study.scenario.steps)
    return {
        "network": group.network.name,
        "synthetic": group.network.synthetic,
        **{key: _cell_text(said) for key, said in dict(group.cell.values).items()},
        "arm": arm.name,
        "world": np.repeat(np.arange(worlds), replicates),
        "replicate": np.tile(np.arange(replicates), worlds),
        **{
            name: values.astype(np.int64) if find_outcome(name, facts.role_names).is_counted else values
            for name, values in outcome_values(runs, facts).items()
        },
        "half_reached": runs.time_to_half >= 0,
    }


def _cell_text(value: Any) -> Any:
    """Return a swept value as a cell: numbers and texts as they are, tables as JSON."""
    import json

    return value if isinstance(value, int | float | str) else json.dumps(value, ensure_ascii=False)
