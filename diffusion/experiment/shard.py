"""Shards: which part of a study one of several independent jobs plays."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.errors import InputError
from diffusion.experiment.study import PlannedArm

_FORM = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class Shard:
    """Say which of so many parts of a study is meant.

    To which part a block of replicates belongs depends on its network, cell,
    arm, world and number alone: not on what is stored, nor on how many
    replicates are wanted. So a study that was begun in three parts can go on in five.

    Attributes
    ----------
    number, count
        Part ``number`` of ``count``, the first being 1.
    """

    number: int
    count: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """Return the shard that a text such as ``2/8`` names.

        Raises
        ------
        InputError
            If it names none.

        Examples
        --------
        >>> Shard.of("2/8")
        Shard(number=2, count=8)
        """
        found = _FORM.fullmatch(text.strip())
        number, count = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= count:
            raise InputError(
                f"--shard must be a number of a part and how many parts there are, from 1/{count or 'n'} "
                f"to {count or 'n'}/{count or 'n'}; got {text}"
            )
        return cls(number, count)

    def holds(self, arm: PlannedArm, worlds: NDArray[np.int64], blocks: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which blocks of an arm belong to this part.

        Parameters
        ----------
        arm
            The arm; its digests name network, cell and arm.
        worlds, blocks
            The world and the number of each block.
        """
        # Arms begin with different parts, so that parts are alike in size however few blocks an arm has.
        first = (int(arm.setting_digest, 16) + int(arm.arm_digest, 16)) % self.count
        held: NDArray[np.bool_] = (first + worlds + blocks) % self.count == self.number - 1
        return held

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"
