"""Broadcasting: policy, media or funding reach agents for a while, whatever their ties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from diffusion.model.interventions.changes import Broadcast, Change
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.wording import period_problems, role_problems, share_problems
from diffusion.network.network import Network


@dataclass(frozen=True, kw_only=True)
class Broadcasting(Intervention):
    """Raise the probability of entering a stage without any tie, for a while."""

    kind: ClassVar[str] = "broadcast"
    strategy: ClassVar[str] = "broadcasting"
    says: ClassVar[str] = (
        "Policy, media or funding reach people for a while: each step, everybody addressed who has not yet entered the "
        "stage does so with the stated probability, besides what the rule does."
    )
    source: ClassVar[str] = "Van den Bulte and Lilien 2001, doi 10.1086/320819"

    probability: float = field(metadata=stated("how likely it makes an agent to enter the stage", "per step", "0 to 1"))
    stage: str | None = field(
        default=None,
        metadata=stated("awareness or adoption; left out: awareness where there is such a stage, else adoption"),
    )
    roles: tuple[str, ...] | None = field(default=None, metadata=stated("whom it addresses; left out: everybody"))
    from_step: int = field(default=1, metadata=stated("its first step", "step", "1 to steps"))
    until_step: int | None = field(
        default=None, metadata=stated("its last step; left out: the last of all", "step", "from to steps")
    )

    @property
    def varies(self) -> bool:
        """Return whether it changes other things in other replicates: it does not."""
        return False

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        yield from share_problems(self.name, "probability", self.probability)
        yield from role_problems(self.name, "roles", self.roles or (), network)
        if self.stage not in (None, "awareness", "adoption"):
            yield f'{self.name}.stage: must be awareness or adoption; got "{self.stage}"'
        elif self.stage == "awareness" and not schedule.staged:
            yield f"{self.name}.stage: there is no awareness stage; state one under [awareness], or say adoption"

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        addressed = np.array([self.roles is None or role in self.roles for role in runs.network.roles])
        chance = np.where(addressed, self.probability, 0.0)
        yield Broadcast(self.stage or runs.first_stage, chance, self.from_step, self.until_step or runs.steps)
