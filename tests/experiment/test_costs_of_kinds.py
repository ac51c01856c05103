"""What the kinds of interventions are paid for, run by run."""

from __future__ import annotations

import numpy as np
import pytest

from diffusion.experiment.costs import units_of_runs

MORE = """
leaders.agents = ["p01", "p07"]

[arms.interventions.done]
kind = "{kind}"
{keys}
"""


@pytest.mark.parametrize(
    ("kind", "keys", "units"),
    [
        ("broadcast", "probability = 0.1\nfrom = 2\nuntil = 5", {"broadcast_step": 4}),
        ("broadcast", "probability = 0.1", {"broadcast_step": 6}),
        ("word_of_mouth", "factor = 2\nuntil = 3", {"word_of_mouth_step": 3}),
        ("event", 'attendees = ["p01", "p02", "p05"]\nevery = 2\nuntil = 6', {"session": 3, "attendance": 9}),
        # The two leaders hold a session each, at two dates; nobody is tied to both of them.
        ("outreach", "contacts = 1\nevery = 3\nuntil = 4", {"session": 4, "attendance": 8}),
        ("turnover", "rate = 0.1", {}),
        ("segmentation", 'names = ["org 1"]', {"recruit": 4}),
        ("matching", 'learners = ["firm"]', {"tie_added": 4}),  # four firms, none of which leads
        ("add_ties", 'ties = [["p01", "p05"], ["p02", "p08"]]', {"tie_added": 2}),
        ("add_ties", "count = 5", {"tie_added": 5}),
        ("remove_ties", 'ties = [["p00", "p01"]]', {"tie_removed": 1}),
        ("strengthen_ties", 'ties = [["p00", "p01"]]\nfactor = 0.5', {"tie_strengthened": 1}),
        ("add_agents", 'agents = [{ id = "n", role = "firm", ties_to = ["p01"] }]', {"agent_added": 1, "tie_added": 1}),
        ("remove_agents", 'agents = ["p05"]', {"agent_removed": 1}),
    ],
)
def test_what_is_done_is_counted(make_study, kind, keys, units):
    arm = next(one for one in make_study(more=MORE.format(kind=kind, keys=keys)).arms if one.name == "hubs")
    told = units_of_runs(arm, seed=5, replicates=70)
    assert told.pop("leader").tolist() == [2.0] * 70
    assert {unit: set(counts.tolist()) for unit, counts in told.items() if counts.any()} == {
        unit: {float(count)} for unit, count in units.items()
    }


def test_who_attends_by_chance_costs_what_the_run_has(make_study):
    keys = "attendance = 0.5\nfrom = 3"
    arm = next(one for one in make_study(more=MORE.format(kind="event", keys=keys)).arms if one.name == "hubs")
    told = units_of_runs(arm, seed=5, replicates=640)
    attendance = told["attendance"]
    assert len(np.unique(attendance)) > 4
    alone = 12 * 0.5**12  # nobody meets who comes alone, and counts as nobody
    assert attendance.mean() == pytest.approx(6 - alone, abs=4 * np.sqrt(3 / 640))
    assert told["session"].tolist() == (attendance > 0).tolist()
