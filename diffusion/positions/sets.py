"""The positions that choose all leaders together, so that they do not do the same work twice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from diffusion.network import bridges
from diffusion.network.network import Network
from diffusion.positions import groups, key_players, sequences
from diffusion.positions.choice import LeaderChoice
from diffusion.positions.position import Position, PositionParameter

M = PositionParameter(
    "m", "whole", "others within m steps are counted (m-reach); without it each counts 1 / distance", None, 1, 1_000
)
DISTANCES = PositionParameter(
    "distances",
    "flag",
    "whether pairs that are left count 1 / distance; `false` counts those still in reach",
    default=True,
)
APART = PositionParameter("apart", "whole", "how many steps leaders are apart at least", 2, 1, 100)


def _over_ties(draw: str) -> Callable[[Network, int, NDArray[np.int64]], LeaderChoice]:
    return lambda _, count, eligible: groups.over_ties(draw, count, eligible)


SETS = (
    Position(
        "key_player_positive",
        "key players, positive: KPP-Pos (Borgatti)",
        "the set that reaches the most others over the shortest paths",
        choose=key_players.key_player_positive,
        leaders="key players who reach the most",
        subject="sets",
        formula="Σ over others j of 1 / d(K, j), over n; with m, the number of others within m steps of K",
        source="Borgatti 2006, doi 10.1007/s10588-006-7084-x",
        parameters=(M,),
    ),
    Position(
        "key_player_negative",
        "key players, negative: KPP-Neg (Borgatti)",
        "the set without which paths between the others are longest or broken",
        choose=key_players.key_player_negative,
        leaders="key players who hold the network together",
        subject="sets",
        formula="1 - Σ over pairs (i, j) of 1 / d(i, j) without K, over their number",
        source="Borgatti 2006, doi 10.1007/s10588-006-7084-x",
        parameters=(DISTANCES,),
    ),
    Position(
        "community_hubs",
        "community hubs (segmentation)",
        "one of every community, from the largest on: the one from whom the most learn",
        choose=sequences.community_hubs,
        leaders="community hubs",
        subject="sets",
        formula="the highest out-degree in each community of the Leiden algorithm",
        source="Traag, Waltman & van Eck 2019, doi 10.1038/s41598-019-41695-z; "
        "Valente 2012, doi 10.1126/science.1217330",
    ),
    Position(
        "spread_out_hubs",
        "hubs apart from one another (Kitsak et al.)",
        "those from whom the most learn, of whom no two are tied",
        choose=sequences.spread_out_hubs,
        leaders="hubs apart from one another",
        subject="sets",
        formula="the highest out-degree among those at least 2 steps from every leader chosen before",
        source="Kitsak et al. 2010, doi 10.1038/nphys1746",
        parameters=(APART,),
    ),
    Position(
        "core",
        "core (Borgatti & Everett)",
        "drawn from the core, anew in every replicate",
        choose=groups.core,
        is_drawn=True,
        leaders="leaders from the core",
        subject="sets",
        formula="the k agents of most alters, k the largest number such that the k-th has at least k",
        source="Borgatti & Everett 2000, doi 10.1016/S0378-8733(99)00019-2; Lip 2011, arXiv 1102.5511",
        direction="either",
    ),
    Position(
        "periphery",
        "periphery (Borgatti & Everett)",
        "drawn from those outside the core of whom somebody learns, anew in every replicate",
        choose=groups.periphery,
        is_drawn=True,
        leaders="leaders from the periphery",
        subject="sets",
        formula="whoever is not in the core and has an outgoing tie",
        source="Borgatti & Everett 2000, doi 10.1016/S0378-8733(99)00019-2; Lip 2011, arXiv 1102.5511",
        direction="either",
    ),
    Position(
        "isolates_neighbours",
        "neighbours of near-isolates (Valente)",
        "those who are the only source of the most others",
        bridges.only_source_of,
        leaders="leaders who are others' only source",
        subject="sets",
        formula="number of those who learn from i and from nobody else",
        source="Valente 2012, doi 10.1126/science.1217330",
    ),
    Position(
        "one_hop",
        "one-hop, friendship nomination (Kim et al.)",
        "those whom agents drawn at random name, each one of those it learns from",
        choose=_over_ties("one_hop"),
        is_drawn=True,
        leaders="friends of agents drawn at random",
        subject="sets",
        formula="a random agent, then a random one of its sources; agents who have none are passed over",
        source="Kim et al. 2015, doi 10.1016/S0140-6736(15)60095-2",
        direction="incoming",
    ),
    Position(
        "friend_pairs",
        "pair targeting (Alexander et al.)",
        "agents drawn at random, each with one of those it learns from",
        choose=_over_ties("friend_pairs"),
        is_drawn=True,
        leaders="pairs of friends",
        subject="sets",
        formula="a random agent and a random one of its sources, both; with an odd number the last one alone",
        source="Alexander, Forastiere, Gupta & Christakis 2022, doi 10.1073/pnas.2120742119",
        direction="incoming",
    ),
    Position(
        "clustered",
        "clustered seeds (Centola & Macy)",
        "an agent drawn at random and those around it",
        choose=_over_ties("clustered"),
        is_drawn=True,
        leaders="clustered leaders",
        subject="sets",
        formula="a random agent, its alters, their alters, until there are k; the last ring at random",
        source="Centola & Macy 2007, doi 10.1086/521848",
        direction="either",
    ),
)
"""The positions of sets, in the order in which they are told."""
