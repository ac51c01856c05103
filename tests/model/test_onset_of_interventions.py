"""Whether adoption can begin without leaders, where something is done besides leading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from diffusion.model.inputs import ModelInput
from diffusion.model.interventions.broadcasting import Broadcasting
from diffusion.model.interventions.changes import Recruits
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.runs import EVERY_LANE
from diffusion.model.onset import starts_without_leaders
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

PAIR = Network.from_tables(name="pair", ids=["a", "b"], source=["a"], target=["b"])
QUIET = StageParameters("contagion", transmission=0.1)
OPEN = StageParameters("contagion", transmission=0.1, external=0.1)


@dataclass(frozen=True, kw_only=True)
class Winning(Intervention):
    """Win the first agent over."""

    kind: ClassVar[str] = "winning"
    who: int = 1

    def problems(self, network, schedule):  # noqa: ARG002 - anything fits
        return iter(())

    def changes(self, runs):  # noqa: ARG002 - whoever leads
        agents = np.arange(self.who)
        yield Recruits(agents, np.full(self.who, EVERY_LANE), 3)


def starts(adoption: StageParameters, *done: Intervention, awareness: StageParameters | None = None) -> bool:
    parameters = Parameters(6, adoption, awareness, interventions=done)
    return starts_without_leaders(ModelInput.of(PAIR, parameters, seed=1))


def broadcast(**said: Any) -> Broadcasting:
    return Broadcasting(name="x", **{"probability": 0.1, "from_step": 4, **said})


def test_a_broadcast_of_adoption_starts_it_and_one_that_reaches_nobody_does_not():
    assert not starts(QUIET)
    assert starts(QUIET, broadcast())
    assert not starts(QUIET, broadcast(probability=0.0))
    assert not starts(QUIET, broadcast(roles=()))


@pytest.mark.parametrize(
    ("adoption", "done", "begins"),
    [
        (QUIET, [broadcast()], False),  # aware, but nobody adopts
        (OPEN, [broadcast()], True),
        (OPEN, [broadcast(stage="adoption")], False),  # nobody becomes aware
        (QUIET, [broadcast(), broadcast(stage="adoption", from_step=5)], True),
        (QUIET, [broadcast(from_step=5), broadcast(stage="adoption", from_step=1, until_step=4)], False),
    ],
)
def test_with_awareness_both_stages_must_open_one_after_the_other(adoption, done, begins):
    assert starts(adoption, *done, awareness=QUIET) is begins


def test_whoever_is_won_over_starts_it_whatever_the_rule():
    assert starts(QUIET, Winning(name="x"))
    assert starts(QUIET, Winning(name="x"), awareness=QUIET)
    assert not starts(QUIET, Winning(name="x", who=0))
