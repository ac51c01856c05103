"""Exporting what differs between the networks of a study's worlds: a row a network, cell and world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diffusion.experiment.drawn_networks import drawn_network
from diffusion.experiment.export import check_file
from diffusion.experiment.network_room import added_columns
from diffusion.experiment.run_columns import swept_columns
from diffusion.experiment.study import Study
from diffusion.experiment.table_files import write_table
from diffusion.network.uncertain import RoomLeft, changes


def networks_file(file: Path) -> Path:
    """Return where what differs between networks goes, beside the runs: ``runs.csv`` -> ``runs_networks.csv``."""
    return file.with_stem(f"{file.stem}_networks")


def network_rows(study: Study) -> Iterator[dict[str, Any]]:
    """Yield what was drawn of uncertain networks: one row a network, cell and world; none where none is uncertain.

    Yields
    ------
    ``network``, the swept values, ``mode`` and ``world``, then counts: ``ties``
    of the given network and how many of these are not in the version drawn
    (``ties_lost``) or are there only (``ties_added``); ``people``, and how many
    of them are left out, did not answer, were merged or listed twice; and, where
    an error adds ties, how many it is to add on average by the stated rates
    (``ties_to_add``), and for how many of these no pair is left (``ties_without_room``).
    """
    scenario = study.scenario
    for group in study.groups:
        setting = group.arms[0].setting
        if setting.network is None:
            continue
        room = RoomLeft(group.network)
        for world in range(scenario.worlds):
            uncertain = setting.in_world(scenario.seed, world).network
            told = {"network": group.network.name, **swept_columns(group), "mode": setting.network.mode, "world": world}
            added = {} if setting.network.mode == "redrawn" else added_columns(room, uncertain)
            if uncertain is None:  # no error was drawn in this world
                yield {**told, **changes(group.network, group.network), **added}
            else:
                drawn = drawn_network(group.network, uncertain, seed=scenario.seed, world=world)
                yield {**told, **drawn.changes(), **added}


def export_networks(study: Study, file: Path) -> int:
    """Write what was drawn of uncertain networks to a file, and return how many rows that is.

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
    check_file(file)
    rows = [*network_rows(study)]
    if rows:
        write_table(file, [lambda: iter([{name: [row[name] for row in rows] for name in rows[0]}])])
    return len(rows)
