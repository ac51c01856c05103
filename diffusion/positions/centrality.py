"""The positions of centrality: who is tied to many, near to many, or between many."""

from __future__ import annotations

from diffusion.network import centrality, measures
from diffusion.positions import sequences
from diffusion.positions.groups import anybody
from diffusion.positions.position import Position, PositionParameter

ATTENUATION = PositionParameter(
    "attenuation",
    "number",
    "a as a share of the largest that converges: how much less a longer walk counts",
    centrality.ATTENUATION,
    0.001,
    0.999,
)
ROUNDS = PositionParameter("rounds", "whole", "T: for how many rounds news is handed on", centrality.ROUNDS, 1, 1_000)
PROBABILITY = PositionParameter(
    "probability",
    "number",
    "the probability that a tie carries; without it 1 / λ for `diffusion_centrality`, with λ the largest eigenvalue, "
    "and .01 for `degree_discount`",
    None,
    0,
    1,
)
RADIUS = PositionParameter("radius", "whole", "at which distance others are looked at", 2, 0, 100)

CENTRALITY = (
    Position(
        "random",
        "random seeding",
        "drawn at random, anew in every replicate",
        leaders="leaders at random",
        choose=anybody,
        is_drawn=True,
        formula="every set of k eligible agents is equally likely",
        source="Neyman 1934, doi 10.2307/2342192",
        direction="",
    ),
    Position(
        "out_degree",
        "in-degree, nominations received (opinion leadership)",
        "those from whom the most others learn directly",
        measures.out_degree,
        formula="number of distinct agents to whom i has a tie",
        source="Freeman 1978, doi 10.1016/0378-8733(78)90021-7; Valente & Pumpuang 2007, doi 10.1177/1090198106297855",
    ),
    Position(
        "in_degree",
        "out-degree, nominations made",
        "those who learn directly from the most others",
        measures.in_degree,
        formula="number of distinct agents who have a tie to i",
        source="Freeman 1978, doi 10.1016/0378-8733(78)90021-7",
        direction="incoming",
    ),
    Position(
        "degree",
        "degree, over the ties of both directions",
        "those with the most alters, in either direction",
        measures.degree,
        formula="number of distinct agents tied to i",
        source="Freeman 1978, doi 10.1016/0378-8733(78)90021-7",
        direction="either",
    ),
    Position(
        "strength",
        "strength, weighted in-degree of nominations (Barrat)",
        "those whose outgoing ties are strongest in all",
        centrality.strength,
        formula="Σ s over the ties from i, in all layers",
        source="Barrat, Barthélemy, Pastor-Satorras & Vespignani 2004, doi 10.1073/pnas.0400087101",
        is_weighted=True,
    ),
    Position(
        "closeness",
        "in-closeness of nominations (Wasserman & Faust)",
        "those who reach the most others over the shortest paths",
        measures.closeness,
        formula="r / (n - 1) / d, with r the others in reach and d their mean distance",
        source="Wasserman & Faust 1994, equation 5.22, doi 10.1017/CBO9780511815478",
    ),
    Position(
        "harmonic_closeness",
        "harmonic in-closeness of nominations",
        "those with the largest sum of 1 / distance to the others",
        measures.harmonic_closeness,
        formula="Σ over j of 1 / d(i, j)",
        source="Marchiori & Latora 2000, doi 10.1016/S0378-4371(00)00311-3",
    ),
    Position(
        "betweenness",
        "betweenness (Freeman)",
        "those on the most shortest paths between others",
        measures.betweenness,
        formula="Σ over pairs (j, k) of the share of their shortest paths that pass i, over (n - 1)(n - 2)",
        source="Freeman 1977, doi 10.2307/3033543",
    ),
    Position(
        "eigenvector",
        "eigenvector centrality of nominations received (Bonacich)",
        "those from whom well-placed agents learn, who are well placed for the same reason",
        measures.eigenvector,
        formula="λ x(i) = Σ x(j) over those who learn from i",
        source="Bonacich 1987, doi 10.1086/228631",
    ),
    Position(
        "katz",
        "Katz centrality of nominations received",
        "those at the start of the most chains of ties, the longer counting less",
        centrality.katz,
        formula="Σ over lengths t of aᵗ · number of walks of length t from i",
        source="Katz 1953, doi 10.1007/BF02289026",
        parameters=(ATTENUATION,),
    ),
    Position(
        "pagerank",
        "PageRank of nominations received (Brin & Page)",
        "those from whom well-placed agents with few other sources learn",
        measures.pagerank,
        formula="x(i) = .15 / n + .85 Σ x(j) / sources(j) over those who learn from i",
        source="Brin & Page 1998, doi 10.1016/S0169-7552(98)00110-X",
    ),
    Position(
        "coreness",
        "k-core, k-shell (Seidman)",
        "those in the innermost core",
        measures.coreness,
        formula="the largest k such that i is in a group where each has k alters",
        source="Seidman 1983, doi 10.1016/0378-8733(83)90028-X; Kitsak et al. 2010, doi 10.1038/nphys1746",
        direction="either",
    ),
    Position(
        "diffusion_centrality",
        "diffusion centrality (Banerjee et al.)",
        "those whose news others hear most often within a few rounds",
        centrality.diffusion_centrality,
        formula="Σ over t = 1 … T of qᵗ · number of walks of length t from i",
        source="Banerjee, Chandrasekhar, Duflo & Jackson 2013, doi 10.1126/science.1236498",
        parameters=(PROBABILITY, ROUNDS),
    ),
    Position(
        "collective_influence",
        "collective influence, optimal percolation (Morone & Makse)",
        "those who, taken out one after another, break the paths between the well connected",
        choose=sequences.collective_influence,
        formula="(k(i) - 1) Σ (k(j) - 1) over those at distance `radius` from i; the highest is taken out, and so on",
        source="Morone & Makse 2015, doi 10.1038/nature14604",
        direction="either",
        parameters=(RADIUS,),
    ),
    Position(
        "voterank",
        "VoteRank (Zhang et al.)",
        "those elected one after another, learners of the elected voting less for the next",
        choose=sequences.voterank,
        formula="votes = Σ ability of those who learn from i; the elected's learners lose 1 / mean degree of it",
        source="Zhang, Chen, Dong & Zhao 2016, doi 10.1038/srep27823",
    ),
    Position(
        "single_discount",
        "single discount (Chen, Wang & Yang)",
        "those from whom the most others learn who do not lead already",
        choose=sequences.single_discount,
        formula="number of those who learn from i and do not lead yet, one leader after another",
        source="Chen, Wang & Yang 2009, doi 10.1145/1557019.1557047",
    ),
    Position(
        "degree_discount",
        "degree discount (Chen, Wang & Yang)",
        "those from whom many others learn, less what leaders near them would bring about anyway",
        choose=sequences.degree_discount,
        formula="d - t - s - (d - t) s p, with t of i's d learners and s of i's sources leading already",
        source="Chen, Wang & Yang 2009, doi 10.1145/1557019.1557047",
        parameters=(PROBABILITY,),
    ),
    Position(
        "marginal",
        "marginals, periphery (Valente)",
        "those with the fewest alters, of whom somebody learns",
        measures.degree,
        pick="lowest",
        sources_first=True,
        leaders="marginal leaders",
        formula="number of distinct agents tied to i, the fewest first",
        source="Valente 2012, doi 10.1126/science.1217330",
        direction="either",
    ),
)
"""The positions of centrality, in the order in which they are told."""
