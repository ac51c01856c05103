"""Whether what is uncertain can be drawn: ranges that follow from other keys than a number's own."""

from __future__ import annotations

from collections.abc import Iterator

from diffusion.scenario.sections import Sections, merged, overlap, overlapping, swept_path, with_values, written_paths
from diffusion.scenario.study import Scenario
from diffusion.scenario.worlds import uncertain_numbers
from diffusion.toml.lines import KeyPath


def range_problems(scenario: Scenario) -> Iterator[tuple[KeyPath, str]]:
    """Yield the place and the words of every distribution of which hardly anything lies where it must.

    Parameters
    ----------
    scenario
        The scenario, perhaps with problems of other kinds.
    """
    for cell in scenario.cells():
        base = with_values(scenario.sections, cell.values)
        for number, arm in enumerate(scenario.arms):
            for path, said in uncertain_numbers(merged(base, arm.overrides), scenario.steps):
                if problem := said.problem():
                    yield _place(scenario, number, arm.overrides, path), problem


def _place(scenario: Scenario, number: int, overrides: Sections, path: str) -> KeyPath:
    """Return where an arm's key stands: in the arm, in the sweep, or above both."""
    key = tuple(path.split("."))
    if overlapping(key, written_paths(overrides)):
        return ("arms", number, *key)
    swept = [name for name, _ in scenario.sweep if overlap(swept_path(name), key)]
    return ("sweep", swept[0]) if swept else key
