"""Designs: at which probabilities the uncertain numbers of a world are read.

*Independent* worlds draw every number by itself. *Latin hypercube* (McKay,
Beckman & Conover 1979, doi 10.1080/00401706.1979.10489755) and scrambled
*Sobol* points (Owen 1998, doi 10.1145/272991.273010) spread the worlds of a
randomisation evenly, so fewer are needed; but then they are not independent of
one another, and one set says nothing of its own error. So there are at least
:data:`FEWEST_RANDOMISATIONS`, independent of one another, which are the unit
of intervals (Owen 1992, doi 10.1111/j.2517-6161.1992.tb01891.x, for Latin
hypercubes; L'Ecuyer & Lemieux 2002, doi 10.1007/0-306-48102-2_20).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
INDEPENDENT = "independent"
LATIN_HYPERCUBE = "latin-hypercube"
SOBOL = "sobol"

USUAL_SIZES = MappingProxyType({INDEPENDENT: 1, LATIN_HYPERCUBE: 10, SOBOL: 16})
"""The designs, and how many worlds a randomisation has unless the scenario says otherwise."""

FEWEST_RANDOMISATIONS = 10
"""How many randomisations there are at least."""

MOST_IN_RANDOMISATION = 2**16


@dataclass(frozen=True, slots=True)
class Design:
    """State how the worlds of a study are spread.

    Attributes
    ----------
    kind
        A key of :data:`USUAL_SIZES`.
    size
        How many worlds a randomisation has: 1 where they are independent, a
        power of 2 for ``sobol``.
    """

    kind: str = INDEPENDENT
    size: int = 1

    def worlds_problem(self, worlds: int) -> str:
        """Return what a number of worlds must be and is not, or an empty text."""
        if self.size == 1:
            return ""
        fewest = FEWEST_RANDOMISATIONS * self.size
        if worlds % self.size or worlds < fewest:
            return (
                f"must be whole randomisations of {self.size} worlds, and at least {FEWEST_RANDOMISATIONS} of them, "
                f"under the design {self.kind}: {fewest}, {fewest + self.size}, {fewest + 2 * self.size} …; "
                f"got {worlds}"
            )
        return ""

    def probability(self, seed: int, world: int, key: str, keys: Sequence[str]) -> float:
        """Return at which probability an uncertain number is read in a world.

        Independent worlds and Latin hypercubes depend on the key alone, so
        more keys change no number. Sobol points are spread over all numbers
        together, and depend on which there are.

        Parameters
        ----------
        seed, world
            Of which world.
        key
            The number's dotted path.
        keys
            Those of all uncertain numbers of the study, sorted.
        """
        from diffusion.draws import Purpose, entity_keys, uniforms

        if self.kind == INDEPENDENT:
            return float(uniforms(seed, world, Purpose.WORLD, entity_keys([key]), 0)[0, 0])
        randomisation, place = divmod(world, self.size)
        if self.kind == LATIN_HYPERCUBE:
            return float(_latin_hypercube(seed, randomisation, self.size, key)[place])
        return float(_sobol(seed, randomisation, self.size, tuple(keys))[place, list(keys).index(key)])


INDEPENDENT_WORLDS = Design()
"""Worlds that are independent of one another."""


@lru_cache(maxsize=4096)
def _latin_hypercube(seed: int, randomisation: int, size: int, key: str) -> NDArray[np.float64]:
    """Return one number's probabilities in the worlds of a randomisation: one in each of as many equal parts."""
    from scipy.stats import qmc

    drawn: Any = qmc.LatinHypercube(1, seed=_whole_seed(LATIN_HYPERCUBE, seed, randomisation, key))
    found: NDArray[np.float64] = drawn.random(size)[:, 0]
    return found


@lru_cache(maxsize=256)
def _sobol(seed: int, randomisation: int, size: int, keys: tuple[str, ...]) -> NDArray[np.float64]:
    """Return all numbers' probabilities in the worlds of a randomisation; shape (size, keys)."""
    from scipy.stats import qmc

    drawn: Any = qmc.Sobol(len(keys), scramble=True, seed=_whole_seed(SOBOL, seed, randomisation))
    found: NDArray[np.float64] = drawn.random_base2(size.bit_length() - 1)
    return found


def _whole_seed(*coordinates: int | str) -> int:
    """Return the whole number that scipy's own generator is begun with."""
    from diffusion.draws import Purpose, generator

    return int(generator(Purpose.DESIGN, *coordinates).integers(2**63))
