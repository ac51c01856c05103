"""Sentences about observed times: on either sign, on no effect, on nothing to tell; never a causal claim."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from diffusion.analysis.observed.exposure import ExposureTies
from diffusion.analysis.observed.findings import observed_findings
from diffusion.analysis.observed.sentences import ALTERNATIVES, joined_periods, observed_sentences
from diffusion.analysis.observed.times import UNKNOWN, ObservedTimes
from diffusion.draws import Purpose, generator
from diffusion.network.network import Network

CAUSAL = re.compile(r"\b(caus|influenced by|effect of|because of|led to|spread(s)? (from|to)|persuad|convinc|infected)")


def _pairs(size=80, *, synthetic=False):
    """Return agents in pairs, the one learning from the other."""
    ids = [f"{place:03d}" for place in range(size)]
    return Network.from_tables(
        name="pairs",
        ids=ids,
        columns={"ward": [str(place % 3) for place in range(size)]},
        source=[*ids[0::2], *ids[1::2]],
        target=[*ids[1::2], *ids[0::2]],
        synthetic=synthetic,
    )


def _times(at, periods=10):
    return ObservedTimes(np.asarray(at), tuple(map(str, range(1, periods + 1))), "month")


def _together():
    first = np.repeat(generator(Purpose.OBSERVED, "together").integers(-2, 8, size=40), 2)
    late = np.arange(80) % 2 * generator(Purpose.OBSERVED, "late").integers(1, 3, size=80)
    return np.where(first < 0, -1, first + late)


def _apart():
    first = np.arange(40) % 5
    return np.column_stack([first, 9 - first]).ravel()


def _put_off():
    first = np.arange(40) % 10
    return np.column_stack([first, np.where(np.arange(40) % 9 < 1, np.minimum(first + 3, 9), -1)]).ravel()


def _by_chance():
    return generator(Purpose.OBSERVED, "chance").integers(-3, 10, size=80).clip(-1)


def _told(at, *, synthetic=False, within=None, **said):
    found = observed_findings(_pairs(synthetic=synthetic), _times(at, **said), within=within, rewirings=99)
    json.dumps(found.as_json(), allow_nan=False)
    return observed_sentences(found)


def test_partners_who_adopt_together_are_associated_and_alternatives_are_named():
    told = _told(_together(), within="ward")
    text = " ".join(told)
    assert "Times of adoption of adopters and of those they learn from are more alike than by chance" in text
    assert "the mean threshold is associated with who is tied to whom, and higher than chance would have it" in text
    assert "adoption is associated with exposure: the odds of adopting in a month were" in text
    assert "a level of its own for each month and each ward" in text
    assert "the number of ties from each ward to each" in text
    assert told[-1] == ALTERNATIVES


def test_partners_who_adopt_apart_are_less_alike_and_that_is_said():
    assert "are less alike than by chance" in " ".join(_told(_apart()))


def test_agents_who_wait_where_others_adopted_are_associated_with_less_exposure():
    told = _told(_put_off())
    assert "adoption is associated with less exposure: the odds of adopting in a month were 0." in " ".join(told)
    assert told[-1] == ALTERNATIVES


def test_where_times_fell_by_chance_nothing_is_shown():
    text = " ".join(_told(_by_chance()))
    assert "are not shown to be more or less alike than by chance" in text
    assert "the mean threshold is not shown to depend on who is tied to whom" in text
    assert "adoption is not shown to be associated with exposure" in text


@pytest.mark.parametrize("times", [_together, _apart, _put_off, _by_chance])
def test_no_sentence_claims_that_ties_did_it(times):
    for sentence in _told(times(), within="ward"):
        assert not CAUSAL.search(sentence), sentence
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_a_synthetic_network_is_called_so():
    assert _told(_together(), synthetic=True)[0].startswith("On the synthetic network pairs, ")
    assert _told(_together())[0].startswith("On the network pairs, ")


def test_agents_of_whom_nothing_is_known_are_told_of():
    at = _together()
    at[:3] = UNKNOWN
    told = _told(at)
    assert "of the 77 agents of whom it is known whether and when they adopted (" in told[0]
    assert "Of 3 agents nothing is known; they are counted nowhere." in told


def test_where_half_did_not_adopt_that_is_said():
    at = np.where(np.arange(80) < 10, np.arange(80) // 2, -1)
    told = _told(at)
    assert "10 of the 80 agents (12.5 %) had adopted by month 10" in told[0]
    assert "half of the agents had not by then" in told[0]


def test_one_adopter_and_no_tie_leave_little_to_tell():
    at = np.full(80, -1)
    at[0] = 0
    told = _told(at, periods=1)
    text = " ".join(told)
    assert "1 of the 80 agents" in told[0]
    assert "no regression of adoption on exposure can be made: no period tells adopters from those who waited" in text
    nobody = Network.from_tables(name="alone", ids="abc", source=[], target=[])
    alone = observed_sentences(observed_findings(nobody, _times([0, 1, 2], periods=3), rewirings=9))
    assert "No adopter learns from anybody whose time of adoption is known" in " ".join(alone)
    assert ALTERNATIVES not in alone


def test_everybody_at_once_is_told_without_a_number_that_is_not_there():
    told = _told(np.zeros(80, dtype=np.int64), periods=2)
    assert "nan" not in " ".join(told).lower()
    assert "80 of the 80 agents" in told[0]


def test_the_ties_over_which_exposure_is_counted_are_named():
    found = observed_findings(_pairs(), _times(_together()), direction="both", rewirings=19)
    text = " ".join(observed_sentences(found))
    assert "of those they are tied to had adopted" in text
    assert "infectiousness" not in text  # it is about those who learn, not about any tie


def test_periods_are_told_as_spans():
    assert joined_periods(["2015", "2016", "2017"], [0, 2], "year") == "2015 and 2017"
    assert joined_periods(["1", "2", "3"], [0, 1, 2], "week") == "weeks 1 to 3"


def test_ties_of_the_findings_are_those_of_the_layers_named():
    network = Network.from_tables(
        name="two", ids="abcd", source=["a", "b", "c"], target=["b", "c", "d"], layer=["x", "x", "y"]
    )
    found = observed_findings(network, _times([0, 1, 2, 3], periods=4), layers=["x"], rewirings=9)
    assert (
        found.thresholds.alters.tolist()
        == ExposureTies.of(network, layers=["x"]).sum_over_alters(np.ones(2, dtype=bool)).tolist()
    )
