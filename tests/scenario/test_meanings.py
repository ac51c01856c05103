"""What the keys of a scenario mean, against what its tables accept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from diffusion.model.rules import RULES
from diffusion.scenario.meanings import MEANINGS, meaning
from diffusion.scenario.tables import HEAD_KEYS, STAGES, SWEPT_SECTIONS, HeadTable, checked_table

NUMBERS = [
    path
    for path, said in MEANINGS.items()
    if said.low is not None and path not in ("ties.layers", "worlds") and "between_roles" not in path
]


def problems(path: str, value: Any) -> list[str]:
    """Return what the tables of a scenario say of a value."""
    section, _, key = path.rpartition(".")
    found: list[str] = []
    checked_table(SWEPT_SECTIONS[section] if section else HeadTable, {key: value}, lambda text, *_: found.append(text))
    return [text for text in found if "is missing" not in text]


def every_key() -> Iterator[tuple[str, str]]:
    """Yield every key of a scenario, those of stages with every rule that has them."""
    yield from ((key, "") for key in HEAD_KEYS)
    own = {said.name for rule in RULES.values() for said in rule.parameters}
    for section, model in SWEPT_SECTIONS.items():
        yield from ((f"{section}.{key}", "") for key in model.model_fields if section not in STAGES or key not in own)
    for stage in STAGES:
        for rule in RULES.values():
            yield from ((f"{stage}.{said.name}", rule.name) for said in rule.parameters)


@pytest.mark.parametrize(("path", "rule"), list(every_key()))
def test_every_key_of_a_scenario_has_a_unit_and_a_meaning(path: str, rule: str) -> None:
    said = meaning(path, rule)
    assert said.unit
    assert said.sentence


def test_no_meaning_is_left_of_a_key_that_is_gone() -> None:
    assert set(MEANINGS) <= {path for path, _ in every_key()}


@pytest.mark.parametrize("path", NUMBERS)
def test_the_ranges_that_are_told_are_those_that_are_checked(path: str) -> None:
    said = MEANINGS[path]
    whole = said.unit in ("a whole number", "agents")
    assert said.low is not None
    inside, below = (1, -1) if whole else (0.5, said.low - 0.001)
    assert problems(path, inside) == []
    assert problems(path, below) != []
    if said.high is not None:
        assert problems(path, int(said.high) + 1 if whole else said.high + 0.001) != []
