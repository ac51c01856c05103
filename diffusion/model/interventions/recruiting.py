"""Snowball recruiting: leaders win over some of their alters, who win over some of theirs, and so on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from diffusion.draws import Purpose, lane_words
from diffusion.model.interventions.asking import asked_alters
from diffusion.model.interventions.changes import Change, Recruits
from diffusion.model.interventions.drawing import truths_of
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.limits import least_problems
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.wording import period_problems, repeat_problems, share_problems
from diffusion.network.network import Network


@dataclass(frozen=True, kw_only=True)
class Snowball(Intervention):
    """Recruit alters of leaders, then alters of recruits, in waves."""

    kind: ClassVar[str] = "snowball"
    strategy: ClassVar[str] = "induction"
    says: ClassVar[str] = (
        "Leaders ask some of those who can learn from them to join; who joins asks some of their own in the next wave, "
        "and from the step of their wave recruits move a stage a step until they have adopted. Nobody is asked who "
        "leads or has joined; who declined may be asked again in another wave."
    )
    source: ClassVar[str] = (
        "Valente 2012, doi 10.1126/science.1217330; Goodman 1961, doi 10.1214/aoms/1177705148; Heckathorn 1997, doi "
        "10.2307/3096941"
    )

    recruits: int = field(metadata=stated("how many each recruiter asks in a wave", "per recruiter", "1 or more"))
    waves: int = field(default=1, metadata=stated("how many waves there are", "", "1 or more"))
    every: int = field(default=1, metadata=stated("steps from one wave to the next", "steps", "1 or more"))
    agrees: float = field(
        default=1.0, metadata=stated("how likely an agent who is asked in a wave is to join", "per wave", "0 to 1")
    )
    from_step: int = field(default=1, metadata=stated("the first wave's step", "step", "1 to steps"))

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        wrong = [*period_problems(self.name, self.from_step, None, schedule.steps)]
        wrong += least_problems(self.name, "recruits", self.recruits)
        wrong += least_problems(self.name, "waves", self.waves)
        wrong += repeat_problems(self.name, self.every)
        last = self.from_step + (self.waves - 1) * self.every
        if not wrong and last > schedule.steps:
            wrong.append(
                f"{self.name}.waves: the last of {self.waves} waves, one every {self.every} steps from step "
                f"{self.from_step}, would be at step {last}, after the last of the study, {schedule.steps}; have "
                "fewer waves, or more steps"
            )
        yield from wrong
        yield from share_problems(self.name, "agrees", self.agrees)
        yield from reach_problems(self.name, "recruits", network)

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        chance = np.full(len(runs.keys), float(self.agrees))
        recruiters = runs.leads
        taken = truths_of(runs.leads)
        for step in range(self.from_step, self.from_step + self.waves * self.every, self.every):
            asked = np.zeros(taken.shape, dtype=np.bool_)
            for each in asked_alters(runs, recruiters, taken, self.recruits, step):
                asked[each.alters] |= each.asked
            recruiters = lane_words(asked) & runs.lanes(Purpose.RECRUITMENT, chance, step)
            taken |= truths_of(recruiters)
            joining = np.flatnonzero(recruiters)
            if len(joining):
                yield Recruits(joining, recruiters[joining], step)


def reach_problems(name: str, key: str, network: Network) -> Iterator[str]:
    """Yield a line if no agent of a network has a tie to another, so that no leader has anybody to ask.

    Parameters
    ----------
    name, key
        What the intervention is called, and the key that asks for alters.
    network
        The population.
    """
    if not network.tie_count:
        yield f'{name}.{key}: nobody can be asked, since no agent of "{network.name}" has a tie to another'
