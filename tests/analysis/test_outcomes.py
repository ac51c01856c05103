"""Outcomes of runs, worked out by hand and by brute force."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from diffusion.analysis.outcomes import (
    OUTCOMES,
    RegionFacts,
    Runs,
    find_outcome,
    others_shares,
    outcome_names,
    outcome_values,
    role_adopters,
)
from diffusion.errors import InputError
from diffusion.network.network import Network


def test_outcomes_of_two_runs_are_those_worked_out_by_hand(
    make_runs: Callable[..., Runs], make_facts: Callable[..., RegionFacts]
) -> None:
    # Four agents, roles a b a b; agent 0 leads; three adopt in the first run, the leader alone in the second.
    runs = make_runs([[1, 1, 0, 1], [1, 0, 0, 0]], [1, 0, 0, 0], times=[2, -1], organisations=[2, 1])
    values = outcome_values(runs, make_facts(4, roles=("a", "b"), steps=4, organisations=2))
    assert {name: found.tolist() for name, found in values.items()} == {
        "adopters": [3, 1],
        "adopted_share": [0.75, 0.25],
        "ever_adopted_share": [0.75, 0.25],
        "spread": [2, 0],
        "area": [6 / 16, 2 / 16],
        "time_to_half": [2, 5],
        "adopted_share.a": [0.5, 0.5],
        "adopted_share.b": [1.0, 0.0],
        "organisations_reached": [2, 1],
        "took_off": [1, 0],
    }


def test_outcomes_stand_in_the_standard_order_and_organisations_only_where_there_are_any(
    make_runs: Callable[..., Runs], make_facts: Callable[..., RegionFacts]
) -> None:
    values = outcome_values(make_runs([[1, 0]]), make_facts(2, roles=("a", "b")))
    assert "organisations_reached" not in values
    assert tuple(values) == outcome_names(("a", "b"), organisations=False, compared=False)


@pytest.mark.parametrize(("spread", "took_off"), [(9, 0.0), (10, 1.0), (11, 1.0)])
def test_a_run_takes_off_at_exactly_a_tenth_of_the_agents_besides_the_leaders(
    make_runs: Callable[..., Runs], make_facts: Callable[..., RegionFacts], spread: int, took_off: float
) -> None:
    adopted, leaders = np.zeros((2, 100), dtype=bool)
    leaders[:5] = True
    adopted[: 5 + spread] = True
    assert outcome_values(make_runs([adopted], leaders), make_facts())["took_off"].tolist() == [took_off]


def test_only_times_are_better_when_lower() -> None:
    assert [name for name, outcome in OUTCOMES.items() if outcome.sign < 0] == ["time_to_half"]


def test_an_unknown_outcome_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r'did you mean "adopted_share\.manager"'):
        find_outcome("adopted_share.manger", ("manager", "firm"))
    with pytest.raises(InputError):
        find_outcome("adopted_share.ROLE", ("manager",))


def test_facts_are_read_from_a_network() -> None:
    columns = {"organisation": ["x", "", "y"]}
    network = Network.from_tables(
        name="n", ids=["a", "b", "c"], roles=["r", "s", "r"], columns=columns, source=["a"], target=["b"]
    )
    facts = RegionFacts.of(network, 7)
    assert (facts.size, facts.steps, facts.organisations, facts.role_sizes.tolist()) == (3, 7, 2, [2, 1])


@given(data=st.data(), fixed=st.tuples(st.booleans(), st.booleans()))
def test_shares_of_the_others_leave_out_whoever_leads_in_either_arm(
    make_runs: Callable[..., Runs],
    make_facts: Callable[..., RegionFacts],
    data: st.DataObject,
    fixed: tuple[bool, bool],
) -> None:
    agents, replicates = data.draw(st.integers(2, 11)), data.draw(st.integers(1, 4))
    facts = make_facts(agents, roles=("a", "b"))
    flags = [hnp.arrays(bool, (1 if one else replicates, agents)) for one in (False, False, *fixed)]
    first_adopted, second_adopted, first_lead, second_lead = (data.draw(one) for one in flags)
    first, second = make_runs(first_adopted, first_lead), make_runs(second_adopted, second_lead)
    counts = [role_adopters(runs, facts) for runs in (first, second)]
    assert np.array_equal(counts[0], [[row[facts.role_index == k].sum() for k in (0, 1)] for row in first_adopted])
    shares = others_shares(first, second, counts[0], counts[1], facts)
    lead = np.broadcast_to(first_lead | second_lead, (replicates, agents))
    for runs, found in zip((first, second), shares, strict=True):
        for r in range(replicates):
            for k in (0, 1):
                remain = (facts.role_index == k) & ~lead[r]
                expected = runs.adopted[r, remain].mean() if remain.any() else np.nan
                assert np.isclose(found[r, k], expected, equal_nan=True)
