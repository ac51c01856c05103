"""Room for ties: how many a stated error adds to a network, and in which blocks there are too few pairs for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diffusion.network.network import Network
from diffusion.network.survey_error import SurveyError
from diffusion.network.uncertain.absent import room
from diffusion.network.uncertain.blocks import Blocks, Numbers
from diffusion.network.uncertain.imputed import evened, plug_in
from diffusion.network.uncertain.observed import false_ties
from diffusion.network.uncertain.ties import Ties, ties_of


@dataclass(frozen=True, eq=False)
class RoomLeft:
    """Know how much room a network has for further ties, by block: layer, role of source and role of target.

    Attributes
    ----------
    network
        The network.
    """

    network: Network

    def missing(self, error: SurveyError) -> Numbers:
        """Return how many ties :func:`~diffusion.network.uncertain.imputed.imputed` is to add on average, by block.

        Where all ties were missed, which only a multiplier can make of a rate, there is no
        such number: as many are added as there is room for.

        Parameters
        ----------
        error
            The error of the survey.
        """
        wanted = evened(plug_in(self._blocks, self._told, error), self._undirected)[1]
        rates = self._blocks.rates(error.missing_ties, error.missing_between_roles)
        false = self._blocks.rates(error.false_ties, error.false_between_roles)
        return np.where((rates >= 1) & (false == 0), np.minimum(wanted, self.free), wanted)

    def false(self, error: SurveyError) -> Numbers:
        """Return how many false ties :func:`~diffusion.network.uncertain.observed` is to tell on average, by block.

        Parameters
        ----------
        error
            The error of the survey.
        """
        return false_ties(self._blocks, self._told, error)

    @cached_property
    def free(self) -> Numbers:
        """Return how many pairs without a tie there are in each block."""
        return room(self._blocks, self._told)

    def names(self, block: Sequence[int]) -> tuple[str, str, str]:
        """Return a block's layer, role of source and role of target."""
        layer, source, target = block
        return self.network.layers[layer], self.network.role_names[source], self.network.role_names[target]

    @cached_property
    def _blocks(self) -> Blocks:
        return Blocks(self.network)

    @cached_property
    def _told(self) -> Ties:
        return ties_of(self.network)

    @cached_property
    def _undirected(self) -> NDArray[np.bool_]:
        return self._blocks.undirected()
