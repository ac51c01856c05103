"""Exporting a study's runs as one tidy table: a row a run, a column an outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.outcomes import RegionFacts, Runs, find_outcome, outcome_values
from diffusion.errors import InputError
from diffusion.experiment.plan import WORLD, Group, PlannedArm, Study
from diffusion.experiment.store import Store

SUFFIXES = (".csv", ".parquet")
"""The formats, by the end of the file's name."""


def export_runs(study: Study, store: Store, file: Path) -> int:
    """Write every run of a study to a file, part by part, and return how many there are.

    A file that is there is replaced when the new one is whole.

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
    _check(file)
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        rows = _write(unfinished, file.suffix, study, store)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def _write(file: Path, suffix: str, study: Study, store: Store) -> int:
    """Write the runs part by part; every part has the columns that the whole has."""
    first = [next(_frames(study, group, arm, store)).head(1) for group in study.groups for arm in group.arms]
    alike = _concatenated(first).dtypes
    rows = 0
    with _table_writer(file, suffix) as write:
        for group in study.groups:
            for arm in group.arms:
                for frame in _frames(study, group, arm, store):
                    write(frame.reindex(columns=alike.index).astype(alike))
                    rows += len(frame)
    return rows


def _concatenated(frames: Sequence[Any]) -> Any:
    import pandas as pd

    return pd.concat(frames, ignore_index=True)


@contextmanager
def _table_writer(file: Path, suffix: str) -> Iterator[Callable[[Any], None]]:
    """Give what writes one frame after the other to a file."""
    if suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as text:
            yield lambda frame: frame.to_csv(text, index=False, header=text.tell() == 0)
        return
    import pyarrow as pa
    from pyarrow import parquet

    with ExitStack() as stack:
        writers: list[Any] = []

        def write(frame: Any) -> None:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            if not writers:
                writers.append(stack.enter_context(parquet.ParquetWriter(file, table.schema)))
            writers[0].write_table(table.cast(writers[0].schema))

        yield write


def _check(file: Path) -> None:
    if file.suffix not in SUFFIXES:
        raise InputError(f"{file}: the name must end in {' or '.join(SUFFIXES)}")
    if file.suffix == ".parquet" and util.find_spec("pyarrow") is None:
        raise InputError(f"{file}: Parquet needs an extra: pip install -e '.[parquet]'")
    if not file.parent.is_dir():
        raise InputError(f"{file}: there is no folder {file.parent}; make it first")


def _frames(study: Study, group: Group, arm: PlannedArm, store: Store) -> Iterator[Any]:
    """Yield an arm's runs as frames, so many at a time as fit into bounded memory."""
    import pandas as pd

    first, scenario = 0, study.scenario
    facts = RegionFacts.of(group.network, scenario.steps)
    for runs in store.runs_in_parts(arm, seed=scenario.seed, replicates=scenario.replicates):
        numbers = np.arange(first, first + runs.replicates)
        yield pd.DataFrame(_columns(group, arm, runs, facts, numbers))
        first += runs.replicates


def _columns(
    group: Group, arm: PlannedArm, runs: Runs, facts: RegionFacts, replicates: NDArray[np.int64]
) -> dict[str, Any]:
    return {
        "network": group.network.name,
        "synthetic": group.network.synthetic,
        **{key: _cell_text(said) for key, said in dict(group.cell.values).items()},
        "arm": arm.name,
        "world": WORLD,
        "replicate": replicates,
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
