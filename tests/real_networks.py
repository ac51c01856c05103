"""Build networks from data that other people collected, for the tests that use them.

The folder is named by DIFFUSION_TEST_NETWORKS; without it these tests are skipped
or, where DIFFUSION_REQUIRE_SERVICES is set, fail.
"""

from __future__ import annotations

import csv
import os
from functools import lru_cache
from pathlib import Path

import pytest

from diffusion.network.network import Network

needs_real_networks = pytest.mark.skipif(
    not os.environ.get("DIFFUSION_TEST_NETWORKS") and not os.environ.get("DIFFUSION_REQUIRE_SERVICES"),
    reason="DIFFUSION_TEST_NETWORKS names no folder of real networks",
)


def rows_of(*place: str) -> list[dict[str, str]]:
    """Return the rows of one file under the folder of real networks."""
    path = Path(os.environ["DIFFUSION_TEST_NETWORKS"], *place)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache
def brazilian_farmers() -> tuple[Network, int]:
    """Return the farmers' network, and how many nominations named someone not interviewed.

    Knowledge flows from the nominated to the respondent, within the village.
    """
    rows = rows_of("brazilian_farmers", "survey.csv")
    ids = [f"{row['village']}-{row['id']}" for row in rows]
    questions = [column for column in rows[0] if column.startswith("net")]
    ties = [
        (f"{row['village']}-{row[question]}", respondent)
        for row, respondent in zip(rows, ids, strict=True)
        for question in questions
        if row[question]
    ]
    interviewed = set(ids)
    known = [tie for tie in ties if tie[0] in interviewed]
    network = Network.from_tables(
        name="brazilian_farmers",
        ids=ids,
        columns={"village": [row["village"] for row in rows], "year_of_adoption": [row["toa"] for row in rows]},
        source=[tie[0] for tie in known],
        target=[tie[1] for tie in known],
    )
    return network, len(ties) - len(known)


@lru_cache
def dhhs_tobacco_leaders(level: int = 1) -> Network:
    """Return the leaders in tobacco control, tied by collaboration of at least a level.

    Agencies are roles and organisations; levels 1 to 4 are strengths .25 to 1;
    levels 1 and 2 are the layer ``informal``, 3 and 4 ``formal``. Ties go both ways.
    """
    people = rows_of("dhhs_tobacco_leaders", "people.csv")
    ties = [tie for tie in rows_of("dhhs_tobacco_leaders", "ties.csv") if int(tie["collab"]) >= level]
    agencies = [person["agency"] for person in people]
    levels = [int(tie["collab"]) for tie in ties] * 2
    return Network.from_tables(
        name="dhhs_tobacco_leaders",
        ids=[person["id"] for person in people],
        roles=agencies,
        columns={"organisation": agencies},
        source=[tie["source"] for tie in ties] + [tie["target"] for tie in ties],
        target=[tie["target"] for tie in ties] + [tie["source"] for tie in ties],
        layer=["informal" if value <= 2 else "formal" for value in levels],
        strength=[value / 4 for value in levels],
    )


@lru_cache
def indiana_tobacco_control(relation: str) -> Network:
    """Return one state's tobacco-control programme under one relation, tied both ways.

    Relations are ``contact``, ``collaboration`` and ``dissemination``; strengths are 1.
    """
    organisations = rows_of("indiana_tobacco_control", "organisations.csv")
    ties = rows_of("indiana_tobacco_control", f"{relation}.csv")
    return Network.from_tables(
        name=f"indiana_tobacco_control_{relation}",
        ids=[row["id"] for row in organisations],
        roles=[row["agency_cat"] for row in organisations],
        source=[tie["source"] for tie in ties] + [tie["target"] for tie in ties],
        target=[tie["target"] for tie in ties] + [tie["source"] for tie in ties],
    )
