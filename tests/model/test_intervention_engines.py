"""The readable model, the ensemble and a naive reference are one model, whatever interventions change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engines import block_of, by_hand, by_mesa, lane_of, leaders_in
from random_cases import RandomCase
from scripted import SORTS, Scripted

from diffusion.draws import LANES


def agree(case: RandomCase, said: object, number: int) -> int:
    """Check that three engines agree on two lanes of a case; return how many adopted in one of them."""
    assert said is not None
    parameters = case.parameters
    times = block_of(case.network, parameters, case.words, seed=number, world=number % 3, block=number)
    moved = 0
    for lane in (number % LANES, (number + 27) % LANES):
        chosen = leaders_in(case.network, case.words, lane)
        place = {"seed": number, "world": number % 3, "replicate": LANES * number + lane}
        expected = by_hand(case.network, parameters, chosen, **place)
        assert lane_of(times, lane) == expected, number
        assert by_mesa(case.network, parameters, chosen, **place) == expected, number
        moved += sum(step > 0 for step in expected.adopted_at)
    return moved


@pytest.mark.parametrize("sort", SORTS)
def test_three_engines_agree_under_every_sort_of_change(sort: str) -> None:
    stirred = 0
    for number in range(60):
        case = RandomCase(number)
        script = Scripted(name="s", number=number, sorts=(sort,))
        case.parameters = replace(case.parameters, interventions=(script,))
        stirred += agree(case, script, number) > 0
    assert stirred > 30


@pytest.mark.parametrize("numbers", [range(start, start + 60) for start in range(1000, 1300, 60)], ids=str)
def test_three_engines_agree_under_all_changes_at_once(numbers: range) -> None:
    stirred = 0
    for number in numbers:
        case = RandomCase(number)
        scripts = tuple(Scripted(name=name, number=number + place) for place, name in enumerate("ab"))
        shares = np.array([1.0, 0.6, 0.0])
        case.parameters = replace(
            case.parameters,
            interventions=scripts,
            leader_recruitment=float(shares[number % 2]),
            leader_leaving=float([0.0, 0.3][number % 2]),
        )
        stirred += agree(case, scripts, number) > 0
    assert stirred > len(numbers) / 2
