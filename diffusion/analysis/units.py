"""Units: what is independent of what, and so what intervals count.

In one world the unit is the run. Where something is uncertain, runs within a
world share what was drawn of it, and are no independent evidence about worlds:
the unit is the world, or, where worlds were spread by a design, the
randomisation. What is compared is then one mean a unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from diffusion.analysis.outcomes import FloatArray


@dataclass(frozen=True, slots=True)
class Units:
    """Say how runs are laid out: world by world, and in each replicate by replicate.

    Attributes
    ----------
    worlds
        How many worlds there are.
    size
        How many of them make a randomisation; 1 where they are independent.
    """

    worlds: int = 1
    size: int = 1

    @property
    def noun(self) -> Literal["run", "world", "randomisation"]:
        """Return what a unit is called."""
        if self.worlds == 1:
            return "run"
        return "world" if self.size == 1 else "randomisation"

    def count(self, runs: int) -> int:
        """Return how many units so many runs are."""
        return runs if self.worlds == 1 else self.worlds // self.size

    def means(self, values: FloatArray) -> FloatArray:
        """Return one number a unit: the mean over its runs, or the values themselves in one world.

        Parameters
        ----------
        values
            One number a run, along the last axis; NaN where a run is left out.

        Examples
        --------
        >>> Units(worlds=2).means(np.array([1.0, 2.0, 5.0, np.nan])).tolist()
        [1.5, 5.0]
        >>> Units().means(np.array([1.0, 2.0])).tolist()
        [1.0, 2.0]
        """
        if self.worlds == 1:
            return values
        by_unit = values.reshape(*values.shape[:-1], self.worlds // self.size, -1)
        there = np.isfinite(by_unit)
        counts = there.sum(axis=-1).astype(np.float64)
        counts[counts == 0] = np.nan
        means: FloatArray = np.where(there, by_unit, 0.0).sum(axis=-1) / counts
        return means

    def by_world(self, values: FloatArray) -> FloatArray:
        """Return numbers of runs with an axis for worlds before that of replicates."""
        return values.reshape(*values.shape[:-1], self.worlds, -1)


ONE_WORLD = Units()
"""All runs in one world, each a unit."""
