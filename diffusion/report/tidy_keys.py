"""The columns with which every tidy table begins: what a row is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diffusion.analysis.cells import cell_phrase
from diffusion.experiment.plan import Group, PlannedArm, Study
from diffusion.experiment.run_columns import swept_columns

Row = dict[str, Any]


def arms_of(study: Study) -> Iterator[tuple[Group, PlannedArm]]:
    """Return all arms of a study in order, each with its network and cell."""
    return ((group, arm) for group in study.groups for arm in group.arms)


def about(study: Study, group: Group, arm: PlannedArm) -> Row:
    """Return the columns with which every table begins."""
    network = group.network
    return {
        "network": network.name,
        "synthetic": network.synthetic,
        "agents": network.size,
        "cell": cell_labels(study)[group.cell.index],
        **swept_columns(group),
        "arm": arm.name,
    }


def cell_labels(study: Study) -> Mapping[int, str]:
    """Return what each cell of a sweep is called, by its number; two never share a label."""
    phrases = {cell.index: cell_phrase(cell.values) for cell in study.scenario.cells()}
    told = list(phrases.values())
    return {
        index: phrase if told.count(phrase) == 1 else f"{phrase} (cell {index})" for index, phrase in phrases.items()
    }
