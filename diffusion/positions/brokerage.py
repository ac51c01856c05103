"""The positions of brokerage: who stands between people, groups or communities."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from diffusion.errors import InputError
from diffusion.network import bridges, measures
from diffusion.network.network import Network
from diffusion.positions.position import Position, PositionParameter

MOST_LINES = 20_000
"""In how large networks bridging is worked out: once for every two agents that are tied."""


def _bridging(network: Network) -> NDArray[np.float64]:
    lines = len(network.alters.indices) // 2
    if lines > MOST_LINES:
        raise InputError(
            f'the position "bridging" can be worked out where at most {MOST_LINES:,} pairs of agents are tied, and '
            f"{lines:,} are in {network.name}; choose another position"
        )
    return bridges.bridging(network)


GROUPING = PositionParameter("grouping", "column", "which groups are meant: `role`, or a column of agents.csv", "role")
SECTORS = PositionParameter("grouping", "column", GROUPING.sentence, "sector")

_GOULD_FERNANDEZ = "Gould & Fernandez 1989, doi 10.2307/270949"
_TOLD = {
    "coordinator": ("A → A → A", "those who most often hand on between members of their own group"),
    "consultant": ("B → A → B", "those who most often stand between two members of one other group"),
    "representative": ("A → A → B", "those who most often hand their own group's knowledge to other groups"),
    "gatekeeper": ("B → A → A", "those who most often let other groups' knowledge into their own"),
    "liaison": ("B → A → C", "those who most often stand between two groups and belong to neither"),
}

BROKERAGE = (
    Position(
        "constraint",
        "brokers over structural holes (Burt's constraint)",
        "those whose alters are least tied to one another",
        measures.constraint,
        pick="lowest",
        subject="brokerage",
        formula="Σ over alters j of (p(i, j) + Σ over q of p(i, q) p(q, j))², p the share of i's ties",
        source="Burt 1992; Burt 2004, doi 10.1086/421787",
        direction="either",
    ),
    Position(
        "effective_size",
        "effective size (Burt)",
        "those with the most alters who are not tied to one another",
        measures.effective_size,
        subject="brokerage",
        formula="number of alters less what is redundant among them; k - 2 t / k with t ties among k alters",
        source="Burt 1992, Structural Holes",
        direction="either",
    ),
    *(
        Position(
            role,
            f"{role} (Gould & Fernandez)",
            sentence,
            partial(bridges.brokered_pairs, role=role),
            leaders=f"leaders who are {role}s" if role != "liaison" else "leaders who are liaisons",
            subject="brokerage",
            formula=f"number of pairs with ties {groups} through i and none directly; A is i's group",
            source=_GOULD_FERNANDEZ,
            direction="either",
            parameters=(GROUPING,),
        )
        for role, (groups, sentence) in _TOLD.items()
    ),
    Position(
        "bridging",
        "bridging (Valente & Fujimoto)",
        "those on whose ties the shortness of paths depends most",
        _bridging,
        subject="brokerage",
        formula="mean over i's lines of the loss in Σ 1 / d(j, k) over (n (n - 1)) when the line is taken out",
        source="Valente & Fujimoto 2010, doi 10.1016/j.socnet.2010.03.003",
        direction="either",
    ),
    Position(
        "sector_holes",
        "structural holes between sectors (Burt)",
        "those through whom knowledge can pass between the most pairs of different sectors that are not tied",
        bridges.sector_holes,
        subject="brokerage",
        formula="representative + gatekeeper + liaison, over sectors",
        source=f"Burt 1992, Structural Holes; {_GOULD_FERNANDEZ}",
        direction="either",
        parameters=(SECTORS,),
    ),
    Position(
        "participation",
        "participation coefficient (Guimerà & Amaral)",
        "those whose alters spread most evenly over communities",
        bridges.participation,
        subject="brokerage",
        formula="1 - Σ over communities of (share of i's alters in it)²; communities by the Leiden algorithm",
        source="Guimerà & Amaral 2005, doi 10.1038/nature03288; Traag, Waltman & van Eck 2019, "
        "doi 10.1038/s41598-019-41695-z",
        direction="either",
    ),
)
"""The positions of brokerage, in the order in which they are told."""
