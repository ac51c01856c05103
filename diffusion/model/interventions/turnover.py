"""Turnover: posts change hands, and what the old holder knew leaves with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from diffusion.draws import Purpose
from diffusion.model.interventions.changes import Change, Handovers
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.meetings import chances_by_role
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.wording import period_problems, role_problems, share_problems
from diffusion.network.network import Network


@dataclass(frozen=True, kw_only=True)
class Turnover(Intervention):
    """Let posts change hands at a rate."""

    kind: ClassVar[str] = "turnover"
    strategy: ClassVar[str] = "people come and go"
    says: ClassVar[str] = (
        "Posts change hands: each step, every post does so with the stated probability. The new holder has the post's "
        "ties, is no leader, knows nothing yet (is aware where there is no awareness stage) and has luck of their own; "
        "what is reported of a post is its holder at the end."
    )
    source: ClassVar[str] = "March 1991, doi 10.1287/orsc.2.1.71"

    rate: float | Mapping[str, float] = field(
        metadata=stated("how likely a post is to change hands, one number or one a role", "per step", "0 to 1")
    )
    from_step: int = field(default=1, metadata=stated("the first step at which posts do", "step", "1 to steps"))
    until_step: int | None = field(
        default=None,
        metadata=stated("the last step at which posts do; left out: the last of all", "step", "from to steps"),
    )

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        if isinstance(self.rate, Mapping):
            yield from role_problems(self.name, "rate", self.rate, network)
            for role, rate in self.rate.items():
                yield from share_problems(self.name, f"rate.{role}", rate)
        else:
            yield from share_problems(self.name, "rate", self.rate)

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        chance = chances_by_role(self.rate, runs.network)
        posts = np.flatnonzero(chance)
        for step in range(self.from_step, (self.until_step or runs.steps) + 1):
            lanes = runs.lanes(Purpose.TURNOVER, chance[posts], step, posts)
            if lanes.any():
                yield Handovers(posts[lanes > 0], lanes[lanes > 0], step)
