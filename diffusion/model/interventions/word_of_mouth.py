"""Word of mouth: for a while leaders are asked to talk to their contacts, and are heeded more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from diffusion.model.interventions.changes import Change, LeadersHeeded
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.wording import period_problems
from diffusion.network.network import Network


@dataclass(frozen=True, kw_only=True)
class WordOfMouth(Intervention):
    """Multiply the influence of leaders for some steps."""

    kind: ClassVar[str] = "word_of_mouth"
    strategy: ClassVar[str] = "induction"
    says: ClassVar[str] = (
        "Leaders talk to their contacts more than usual: while it lasts, whatever crosses a leader's ties is "
        "multiplied by the factor, on top of the influence that leaders have anyway."
    )
    source: ClassVar[str] = "Valente 2012, doi 10.1126/science.1217330"

    factor: float = field(metadata=stated("by what leaders' influence is multiplied", "", "at least 0"))
    from_step: int = field(default=1, metadata=stated("its first step", "step", "1 to steps"))
    until_step: int | None = field(
        default=None, metadata=stated("its last step; left out: the last of all", "step", "from to steps")
    )

    @property
    def varies(self) -> bool:
        """Return whether it changes other things in other replicates: it does not."""
        return False

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:  # noqa: ARG002 - any network fits
        """Yield a line for everything that does not fit."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        if not self.factor >= 0:
            yield f"{self.name}.factor: must be a number of at least 0; got {self.factor:g}"

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        yield LeadersHeeded(self.factor, self.from_step, self.until_step or runs.steps)
