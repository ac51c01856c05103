"""The positions that follow from who agents are: their post, their group, what they are like."""

from __future__ import annotations

from diffusion.positions import groups, sequences
from diffusion.positions.position import Position, PositionParameter

COLUMN = PositionParameter("column", "column", "the column of agents.csv that says yes or no", "leader")

ATTRIBUTES = (
    Position(
        "formal_leaders",
        "formal leaders, positional approach (Valente & Pumpuang)",
        "those whom a column of the agents' table names leaders",
        choose=groups.formal_leaders,
        is_drawn=True,
        leaders="formal leaders",
        subject="attributes",
        formula="k of those for whom the column says yes, drawn anew in every replicate where there are more",
        source="Valente & Pumpuang 2007, doi 10.1177/1090198106297855",
        direction="",
        parameters=(COLUMN,),
    ),
    Position(
        "low_threshold",
        "low-threshold change agents (Valente)",
        "those whose threshold to adopt is lowest",
        pick="lowest",
        trait="threshold",
        leaders="leaders of low threshold",
        subject="attributes",
        formula="θ, in every replicate as it is drawn there",
        source="Granovetter 1978, doi 10.1086/226707; Valente 2012, doi 10.1126/science.1217330",
        direction="",
    ),
    Position(
        "high_receptivity",
        "susceptible members (Aral & Walker)",
        "those who are most open to what comes over their ties",
        trait="receptivity",
        leaders="leaders of high receptivity",
        subject="attributes",
        formula="ρ, in every replicate as it is drawn there",
        source="Aral & Walker 2012, doi 10.1126/science.1215842",
        direction="",
    ),
    Position(
        "one_per_organisation",
        "one champion an organisation",
        "those from whom the most learn, one of every organisation",
        choose=sequences.one_per_organisation,
        leaders="leaders one an organisation",
        subject="attributes",
        formula="the highest out-degree among those in organisations with the fewest leaders",
        source="Valente 2012 (segmentation), doi 10.1126/science.1217330",
        columns=("organisation",),
    ),
    Position(
        "one_per_role",
        "one champion a role",
        "those from whom the most learn, one of every role",
        choose=sequences.one_per_role,
        leaders="leaders one a role",
        subject="attributes",
        formula="the highest out-degree among those in roles with the fewest leaders",
        source="Valente 2012 (segmentation), doi 10.1126/science.1217330",
    ),
    Position(
        "stratified",
        "random seeding, stratified by role",
        "drawn at random within every role, in proportion to its numbers",
        choose=groups.stratified,
        is_drawn=True,
        leaders="leaders at random, stratified by role",
        subject="attributes",
        formula="places by role in proportion to eligible agents (largest remainders), anew in every replicate",
        source="Neyman 1934, doi 10.2307/2342192",
        direction="",
    ),
)
"""The positions that follow from attributes, in the order in which they are told."""
