"""Positions: where leaders can sit in a network, and which agents that makes leaders.

Ties point the way knowledge flows, from the source of knowledge to those who
learn from it, and directed positions follow outgoing ties. A survey that asks
"whom do you turn to?" points the other way, so the literature's names are
often the reverse of ours.

All read the union of the layers, unweighted unless they say otherwise, and
judge every agent in the whole network; roles only restrict who is eligible.
docs/positions.md tells of every one, with its formula, its source and the
literature's name for it.
"""

from diffusion.positions.leaders import LeaderChoice, leader_choice, leader_table, leader_words, table_of_words
from diffusion.positions.position import Position
from diffusion.positions.registry import POSITION_PARAMETERS, POSITIONS

__all__ = [
    "POSITIONS",
    "POSITION_PARAMETERS",
    "LeaderChoice",
    "Position",
    "leader_choice",
    "leader_table",
    "leader_words",
    "table_of_words",
]
