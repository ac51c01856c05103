"""How a stage, *aware* or *adopted*, is entered on one network: its parameters, its draws and the ties it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose
from diffusion.model.parameters import StageParameters
from diffusion.model.rules import EXPOSURES, RULES
from diffusion.model.ties import WeighedTies, exposure_ties, exposure_totals
from diffusion.model.values import AgentValues

Floats = NDArray[np.float64]

_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class StagePurposes:
    """Name the draws of one stage."""

    tie: Purpose
    entry: Purpose
    external: Purpose
    threshold: Purpose


AWARENESS = StagePurposes(
    Purpose.AWARENESS_TIE, Purpose.AWARENESS_ENTRY, Purpose.AWARENESS_EXTERNAL, Purpose.AWARENESS_THRESHOLD
)
ADOPTION = StagePurposes(
    Purpose.ADOPTION_TIE, Purpose.ADOPTION_ENTRY, Purpose.ADOPTION_EXTERNAL, Purpose.ADOPTION_THRESHOLD
)


@dataclass(frozen=True, slots=True, eq=False)
class StageInput:
    """Hold one stage's parameters with its values on the network."""

    parameters: StageParameters
    purposes: StagePurposes
    threshold: AgentValues
    columns: dict[str, Floats]
    by_tie: bool
    ties: WeighedTies
    total: NDArray[np.int64]
    lane_total: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        parameters: StageParameters,
        purposes: StagePurposes,
        threshold: AgentValues,
        columns: dict[str, Floats],
        ties: WeighedTies,
    ) -> StageInput:
        """Return a stage's input, with those of the ties that its rule reads."""
        by_tie, kind = RULES[parameters.rule].family == "tie", EXPOSURES[parameters.exposure]
        read = ties.subset(_NOTHING) if by_tie else exposure_ties(ties, kind)
        totals = exposure_totals(ties, kind, len(threshold.fixed))
        return cls(parameters, purposes, threshold, columns, by_tie, read, *totals)

    def varied(self, ties: WeighedTies, held: WeighedTies, posts: NDArray[np.int64]) -> StageInput:
        """Return the same over other ties: between posts, whatever their holders, and between holders."""
        threshold = self.threshold.of_rows(posts)
        columns = {name: values[posts] for name, values in self.columns.items()}
        if self.by_tie:
            return replace(self, threshold=threshold, columns=columns, total=self.total[posts])
        kind = EXPOSURES[self.parameters.exposure]
        total, lane_total = exposure_totals(ties, kind, len(self.total))
        return replace(
            self,
            threshold=threshold,
            columns=columns,
            ties=exposure_ties(held, kind),
            total=total[posts],
            lane_total=lane_total[posts] if len(lane_total) else lane_total,
        )
