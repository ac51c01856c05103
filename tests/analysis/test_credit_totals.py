"""Credit totals: shares that sum up, trees on small graphs, flows by role, layer and organisation."""

from __future__ import annotations

import json

import numpy as np
import pytest
from generated import leading_lanes, networks, parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.analysis.credit_told import credit_sentences
from diffusion.analysis.credit_totals import CreditTotals, credit_totals
from diffusion.analysis.sentences import Setting
from diffusion.model.ensemble import Ensemble
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

SETTING = Setting("town", synthetic=False, steps=12, agents=6, smallest_difference=0.01)
CERTAIN = StageParameters("contagion", transmission=1.0)


def totals_of(network: Network, said: Parameters, words, replicates: int = 3) -> CreditTotals:
    ensemble = Ensemble(network, said, seed=4, leader_words=lambda _: words)
    return credit_totals("hubs", ensemble.model_input, ensemble.block, replicates)


def certain(ids: str, ties: str, leaders: str, stage: StageParameters = CERTAIN, **columns) -> CreditTotals:
    """Return the credit of leaders on a network of ties such as ``ab``, or ``ab:x`` in a layer x."""
    rows = [(tie[0], tie[1], tie[3:] or "tie") for tie in ties.split()]
    source, target, layer = zip(*rows, strict=True)
    network = Network.from_tables(name="n", ids=ids, source=source, target=target, layer=layer, **columns)
    words = np.array([2**64 - 1 if name in leaders else 0 for name in network.ids], dtype=np.uint64)
    return totals_of(network, Parameters(steps=6, adoption=stage), words)


def descended(found: CreditTotals) -> dict[str, float]:
    return {one.origin: one.descended for one in found.leaders}


@settings(max_examples=120)
@given(st.data())
def test_every_adoption_descends_from_leaders_outside_and_itself_in_shares_that_sum_to_one(data):
    network = data.draw(networks())
    words = data.draw(leading_lanes(network))
    found = totals_of(network, data.draw(parameters()), words, 5)
    origins = [*found.leaders, found.external, found.own]
    assert sum(one.descended for one in origins) == pytest.approx(found.adoptions)
    assert sum(flow.credit for flow in found.roles) == pytest.approx(found.adoptions)
    over_ties = found.adoptions - found.external.direct - found.own.direct
    assert sum(credit for _, credit in found.layers) == pytest.approx(over_ties)
    assert all(one.direct <= one.descended + 1e-9 for one in origins)
    assert found.longest_generation <= network.size
    if found.mean_generation is not None:
        assert -1e-9 <= found.mean_generation <= found.longest_generation * 5 + 1e-9
    json.dumps(found.as_json(), allow_nan=False)
    assert credit_sentences(found, SETTING)


def test_on_a_path_all_descend_from_the_leader_and_generations_grow():
    found = certain("abcd", "ab bc cd", "a")
    assert (found.adoptions, descended(found)) == (3.0, {"a": 3.0})
    assert found.leaders[0].direct == 1.0
    assert (found.mean_generation, found.longest_generation) == (2.0, 3.0)
    assert (found.leaders[0].low, found.leaders[0].share) == (None, 1.0)


def test_an_adopter_whom_two_leaders_convinced_at_once_descends_from_both_by_halves():
    # d learns from a and b at step 1, e from d; c is reached by a alone.
    found = certain("abcde", "ad bd ac de", "ab")
    assert descended(found) == {"a": 2.0, "b": 1.0}
    assert [one.share for one in found.leaders] == pytest.approx([2 / 3, 1 / 3])


def test_leaders_in_separate_components_have_their_own():
    assert descended(certain("abcdefg", "ab bc de ef fg", "ad")) == {"d": 3.0, "a": 2.0}


def test_the_longest_line_follows_the_longer_of_two():
    # Under a threshold of two, d adopts when b and c have; c is two steps from a, b one.
    found = certain("abxcd", "ab ax xc bd cd", "a", StageParameters("threshold", threshold=1.0, exposure="share"))
    assert (found.longest_generation, found.adoptions) == (3.0, 4.0)
    assert found.mean_generation == pytest.approx((1 + 1 + 2 + (2 + 3) / 2) / 4)


def test_what_comes_from_outside_begins_a_line_of_its_own():
    stage = StageParameters("contagion", transmission=0.0, external=1.0)
    found = certain("abc", "ab bc", "a", stage)
    assert (found.external.descended, found.external.direct, descended(found)) == (2.0, 2.0, {"a": 0.0})
    assert (found.mean_generation, found.longest_generation) == (0.0, 0.0)
    assert found.layers == (("tie", 0.0),)


def test_credit_flows_from_role_to_role_over_layers_and_between_organisations():
    found = certain(
        "abcd",
        "ab:x bc:y bd:y",
        "a",
        roles=["m", "m", "f", "f"],
        columns={"organisation": ["one", "one", "two", ""]},
    )
    assert [(flow.source, flow.target, flow.credit) for flow in found.roles] == [("m", "f", 2.0), ("m", "m", 1.0)]
    assert found.layers == (("x", 1.0), ("y", 2.0))
    assert [(one.group, one.given, one.received, one.within) for one in found.organisations] == [
        ("one", 3.0, 1.0, 1.0),
        ("two", 0.0, 1.0, 0.0),
    ]


def test_leaders_who_lead_in_some_runs_are_credited_for_these():
    network = Network.from_tables(name="n", ids="abcd", source="ac", target="bd")
    words = np.array([0b001, 0, 0b110, 0], dtype=np.uint64)
    found = totals_of(network, Parameters(steps=3, adoption=CERTAIN), words)
    assert {one.origin: one.led for one in found.leaders} == pytest.approx({"a": 1 / 3, "c": 2 / 3})
    assert descended(found) == pytest.approx({"a": 1 / 3, "c": 2 / 3})
    assert "descend from" not in " ".join(credit_sentences(found, SETTING))


def test_credit_is_told_by_leader_role_and_layer():
    found = certain("abcde", "ad:x bd:y ac:x de:y", "ab", roles=["m", "m", "f", "f", "m"])
    assert credit_sentences(found, SETTING) == (
        (
            'On the network town, with the arm "hubs", 3 agents adopted after the start in each of 3 runs; '
            "of them 67 % descend from a and 33 % from b; an adopter was on average 1.3 steps "
            "from agent to agent away from where its line began, and the longest line of a run had 2.0 steps "
            "in the mean."
        ),
        "By role, of these adoptions 67 % from m to f and 33 % from f to m.",
        "By layer, 50 % over x and 50 % over y.",
    )


def test_an_arm_that_never_spread_is_told_so():
    found = certain("abc", "ab bc", "a", StageParameters("contagion", transmission=0.0))
    assert (found.adoptions, found.mean_generation, found.leaders[0].share) == (0.0, None, None)
    assert credit_sentences(found, SETTING) == (
        'On the network town, nobody adopted after the start with the arm "hubs", in any of 3 runs.',
    )


def test_credit_is_told_with_its_interval_and_what_is_not_named_is_told_together():
    ids = "abcdefghijklmnop"
    ties = " ".join(f"{source}{target}" for source, target in zip(ids[:8], ids[8:], strict=True))
    rows = [(tie[0], tie[1]) for tie in ties.split()]
    network = Network.from_tables(name="n", ids=ids, source=[one for one, _ in rows], target=[one for _, one in rows])
    words = np.array([2**64 - 1 if name in ids[:8] else 0 for name in network.ids], dtype=np.uint64)
    found = totals_of(network, Parameters(steps=3, adoption=StageParameters("contagion", transmission=0.3)), words, 64)
    assert found.adoptions_low is not None
    assert found.adoptions_high is not None
    assert found.adoptions_low < found.adoptions < found.adoptions_high
    [told] = credit_sentences(found, SETTING)
    assert f"{found.adoptions:.1f} agents adopted after the start on average (95 % interval " in told
    assert " over 64 runs); of them " in told
    rest = sum(one.share or 0.0 for one in found.leaders[6:])
    assert f" and {100 * rest:.0f} % from other leaders; " in told
