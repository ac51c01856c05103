"""Positions: where leaders can sit in a network, and which agents that makes leaders.

Ties point the way knowledge flows, from the source of knowledge to those who
learn from it, and directed positions follow outgoing ties. A survey that asks
"whom do you turn to?" points the other way, so the literature's names are
often the reverse of ours:

====================== ========= =====================================================
position               picks     the literature's name
====================== ========= =====================================================
``random``             anybody   random seeding
``out_degree``         highest   in-degree, nominations received: opinion leadership
``in_degree``          highest   out-degree, nominations made
``degree``             highest   degree, over the ties of both directions
``closeness``          highest   in-closeness of nominations (Wasserman & Faust)
``harmonic_closeness`` highest   harmonic in-closeness of nominations
``betweenness``        highest   betweenness
``eigenvector``        highest   eigenvector centrality of nominations received
``pagerank``           highest   PageRank of nominations received
``constraint``         lowest    brokers over structural holes (Burt's constraint)
``coreness``           highest   k-core
``marginal``           lowest    marginals, periphery: the fewest alters
====================== ========= =====================================================

All read the union of the layers, unweighted, and score every agent in the whole
network; roles only restrict who is eligible.
"""

from diffusion.positions.leaders import LeaderChoice, leader_choice, leader_table, leader_words
from diffusion.positions.registry import POSITIONS, Position

__all__ = ["POSITIONS", "LeaderChoice", "Position", "leader_choice", "leader_table", "leader_words"]
