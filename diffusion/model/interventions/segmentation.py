"""Segmentation: whole groups are addressed at once, whoever leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose
from diffusion.errors import nearest_name_hint
from diffusion.model.interventions.changes import Change, Recruits
from diffusion.model.interventions.grouping import EQUIVALENCE, WAYS, groups_by
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.limits import column_problems, least_problems, one_of_problems
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.wording import period_problems, share_problems
from diffusion.network.equivalence import MOST_AGENTS
from diffusion.network.network import Network, normalized


@dataclass(frozen=True, kw_only=True)
class Segmentation(Intervention):
    """Win whole groups over at one step."""

    kind: ClassVar[str] = "segmentation"
    strategy: ClassVar[str] = "segmentation"
    says: ClassVar[str] = (
        "Whole groups are addressed at once: from one step on, every member of the chosen groups, or each with the "
        "stated probability, moves a stage a step until it has adopted."
    )
    source: ClassVar[str] = (
        "Valente 2012, doi 10.1126/science.1217330; positions: Burt 1976, doi 10.1093/sf/55.1.93; core: Borgatti and "
        "Everett 2000, doi 10.1016/S0378-8733(99)00019-2; communities: Traag et al. 2019, doi "
        "10.1038/s41598-019-41695-z"
    )

    by: str = field(
        default="organisation",
        metadata=stated(
            "what makes a group: a column of the agent table, role, community, equivalence (agents tied to the same "
            "others) or core"
        ),
    )
    groups: int | None = field(
        default=None,
        metadata=stated("how many groups, the largest first, equals by name; of core: the core first", "", "1 or more"),
    )
    names: tuple[str, ...] | None = field(
        default=None, metadata=stated("which groups instead; communities and positions are 1, 2 and so on")
    )
    positions: int = field(
        default=4, metadata=stated("by equivalence: into how many positions agents are parted at most", "", "1 or more")
    )
    share: float = field(
        default=1.0, metadata=stated("how likely each member is to take part, drawn once a replicate", "", "0 to 1")
    )
    from_step: int = field(default=1, metadata=stated("when its members make their first move", "step", "1 to steps"))

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the fields that change nothing beside what the others state."""
        unused = () if self.names is None else ("groups",)
        return unused if self.by == EQUIVALENCE else (*unused, "positions")

    @property
    def varies(self) -> bool:
        """Return whether it changes other things in other replicates."""
        return 0 < self.share < 1

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, None, schedule.steps)
        yield from share_problems(self.name, "share", self.share)
        yield from least_problems(self.name, "positions", self.positions)
        yield from one_of_problems(self.name, groups=self.groups, names=self.names)
        wrong = [*column_problems(self.name, "by", self.by, network, WAYS)]
        if self.by == EQUIVALENCE and network.size > MOST_AGENTS:
            wrong.append(
                f"{self.name}.by: equivalence compares all pairs of at most {MOST_AGENTS} agents; "
                f'"{network.name}" has {network.size}; group them by community or by a column'
            )
        yield from wrong
        if not wrong and self.positions > 0:
            yield from self._group_problems(network)

    def _group_problems(self, network: Network) -> Iterator[str]:
        known = groups_by(network, self.by, self.positions)
        if self.groups is not None and not 1 <= self.groups <= len(known):
            yield (
                f"{self.name}.groups: must be a whole number between 1 and {len(known)}, the number of groups by "
                f'{self.by} in "{network.name}"; got {self.groups}'
            )
        if self.names is not None and not self.names:
            yield f"{self.name}.names: names nobody; name a group by {self.by}, or say how many groups"
        for group in self.names or ():
            if normalized(group) not in known:
                hint = nearest_name_hint(group, known)
                yield f'{self.name}.names: there is no group "{group}" by {self.by} in "{network.name}"{hint}'

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        members = self.members(runs.network)
        chance = np.full(len(members), float(self.share))
        takes_part = runs.lanes(Purpose.RECRUITMENT, chance, self.from_step, members)
        yield Recruits(members, takes_part, self.from_step)

    def members(self, network: Network) -> NDArray[np.int64]:
        """Return the members of the groups that are addressed, ascending."""
        known = groups_by(network, self.by, self.positions)
        names = list(known)[: self.groups] if self.names is None else [normalized(group) for group in self.names]
        return np.unique(np.concatenate([known[group] for group in names]))
