"""Whether what is uncertain can be drawn: ranges that follow from other keys than a number's own."""

from __future__ import annotations

from collections.abc import Iterator

from diffusion.scenario.registries import positions
from diffusion.scenario.sections import Sections, merged, overlap, overlapping, swept_path, with_values, written_paths
from diffusion.scenario.study import Scenario
from diffusion.scenario.uncertain_leaders import is_of_choice
from diffusion.scenario.worlds import uncertain_numbers
from diffusion.toml.lines import KeyPath


def range_problems(scenario: Scenario) -> Iterator[tuple[KeyPath, str]]:
    """Yield the place and the words of what is uncertain and cannot be.

    That is every distribution of which hardly anything lies where it must, and
    all that is worked out before the worlds and needs to be known.

    Parameters
    ----------
    scenario
        The scenario, perhaps with problems of other kinds.
    """
    for number, words in scenario.sought_on_uncertain_network():
        yield ("arms", number), words
    for cell in scenario.cells():
        base = with_values(scenario.sections, cell.values)
        for number, arm in enumerate(scenario.arms):
            sections = merged(base, arm.overrides)
            for path, said in uncertain_numbers(sections, scenario.steps):
                if problem := said.problem() or _unsought(sections, path):
                    yield _place(scenario, number, arm.overrides, path), problem


def _unsought(sections: Sections, path: str) -> str:
    """Return why leaders cannot be sought where a number is uncertain, or an empty text."""
    position = positions().get(sections.get("leaders", {}).get("position", ""))
    if position is None or not (is_of_choice(path) and position.is_searched):
        return ""
    return f'must be known: the leaders of "{position.name}" are sought once, not in every world'


def _place(scenario: Scenario, number: int, overrides: Sections, path: str) -> KeyPath:
    """Return where an arm's key stands: in the arm, in the sweep, or above both."""
    key = tuple(path.split("."))
    if overlapping(key, written_paths(overrides)):
        return ("arms", number, *key)
    swept = [name for name, _ in scenario.sweep if overlap(swept_path(name), key)]
    return ("sweep", swept[0]) if swept else key
