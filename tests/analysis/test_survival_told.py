"""What is said of a ranking under an uncertain network, and of the error rate at which it turns over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.network_modes import MODE_SENTENCES
from diffusion.analysis.sentences import Setting
from diffusion.analysis.survival import Survival, survival
from diffusion.analysis.survival_told import survival_sentences, turning_sentences, value_phrase
from diffusion.analysis.turning import Turning, in_order, turning
from diffusion.analysis.units import Units

AGENTS, WORLDS = 200, 20
NOISE = np.tile([-2, -1, 1, 2], (WORLDS, 1))
WOBBLE = np.tile([-1, 0, 1, 0], WORLDS // 4)[:, np.newaxis]
SETTING = Setting(
    "town", synthetic=False, steps=4, agents=AGENTS, smallest_difference=0.01, layout=Units(worlds=WORLDS)
)
GIVEN = {
    "random": 60 + WOBBLE + np.roll(NOISE, 1, axis=1),
    "brokers": 90 - WOBBLE + np.roll(NOISE, 2, axis=1),
    "hubs": 100 + NOISE,
}


@pytest.fixture(scope="session")
def survives(make_arm: Any, make_facts: Any) -> Any:
    """Return a function from how much less each arm reaches, world by world, to what survives."""

    def found(given: Mapping[str, Any] = GIVEN, **less: Any) -> Survival:
        def arms(counts: Mapping[str, Any]) -> list[ArmResult]:
            made = {name: make_arm(name, np.asarray(values).ravel(), AGENTS) for name, values in counts.items()}
            return [ArmResult(name, name, arm.runs, units=Units(WORLDS)) for name, arm in made.items()]

        drawn = {name: values - np.reshape(less.get(name, 0), (-1, 1)) for name, values in given.items()}
        told: dict[str, Any] = {"smallest_difference": 0.01, "mode": "robustness", "seed_text": "told"}
        kept = survival(arms(drawn), arms(given), facts=make_facts(AGENTS), outcome="adopted_share", **told)
        assert kept is not None
        return kept

    return found


def costs(*counted: tuple[int, int]) -> Any:
    return np.concatenate([np.full(count, less) for less, count in counted])


HARMED = costs((4, 10), (6, 8), (16, 2))
OPEN = costs((4, 10), (15, 10))
TURNED = costs((14, 10), (16, 10))


def test_a_ranking_that_holds_is_told_with_its_counts_and_intervals(survives: Any) -> None:
    told = survival_sentences(survives(hubs=HARMED), SETTING)
    assert told[0] == (
        "The given network is taken as true, and leaders are chosen on what a survey with this error would have shown "
        "(robustness: 20 observed versions, 4 runs of every arm in each; intervals count worlds)."
    )
    assert told[1] == (
        'On the given network the order of means is the arm "hubs" before the arm "brokers" before the arm "random", '
        'and the arm "hubs" is shown there to be better than every other arm.'
    )
    assert told[2].startswith(
        'The arm "hubs" stays best in 16 of 20 observed versions (56 to 94 % of all such, 95 %), is overtaken in 2, '
        "undecided in 2, and by means alone best in 18; on the given network the runs of the same worlds show it "
        "best in 20, overtaken in 0, and by means alone best in 20 ("
    )
    assert told[3].startswith(
        "In 2 of 20 observed versions some pair of arms that the given network tells apart is shown the other way "
        "round; "
        "Kendall's tau-b between the two orders of means is 0.93 on average (95 % interval "
    )
    assert told[4].startswith(
        'Over 20 observed versions, the arm "hubs" stays better than every other arm; the arm "brokers" comes nearest, '
        "with 2.0 points less (simultaneous interval "
    )
    assert told[5].startswith(
        "What it changes that leaders are chosen on an observed version, not on the given network: 3.0 points less "
        "(95 % interval "
    )
    assert 'for the arm "hubs"; nothing in any world (another value in more than 15 % of such worlds' in told[5]


def test_with_one_run_in_each_world_only_means_are_told_of_worlds(survives: Any) -> None:
    told = survival_sentences(survives({name: values[:, :1] for name, values in GIVEN.items()}), SETTING)
    assert told[2] == (
        'The arm "hubs" has the best mean in all 20 observed versions, and on the given network in 20 of the same '
        "worlds."
    )
    assert told[3].startswith("Kendall's tau-b between the two orders of means is 1.00 in every world")
    assert not any("undecided" in sentence or "the other way round" in sentence for sentence in told)


def test_an_open_and_a_turned_ranking_are_told_with_the_rival(survives: Any) -> None:
    told = " ".join(survival_sentences(survives(hubs=OPEN), SETTING))
    assert 'it is open whether the arm "hubs" stays better than every other arm: with the arm "brokers" it is ' in told
    assert "less to " in told
    told = " ".join(survival_sentences(survives(hubs=TURNED), SETTING))
    assert 'the ranking turns over: the arm "brokers" is ahead, with 2.5 points more (simultaneous interval 2.' in told
    told = " ".join(survival_sentences(survives(hubs=costs((10, 1), (11, 18), (12, 1))), SETTING))
    assert "with 0.5 points more" in told
    assert "shown to be less than 1.0 points" in told


def test_where_the_given_network_decides_nothing_no_turn_over_is_told(survives: Any) -> None:
    equal = {"a": 90 + np.repeat([11, -10], 10)[:, np.newaxis] + NOISE, "b": 90 + WOBBLE + NOISE}
    told = survival_sentences(survives(equal, a=costs((40, 20))), SETTING)
    assert told[1].endswith('but the arm "a" is not shown there to be better than any other arm.')
    assert told[2] == "So the given network shows no best arm whose place could be overturned."
    assert told[3].startswith(
        'Ahead of the arm "a", and not told apart from it by the given network: the arm "b", with'
    )
    assert "turns over" not in " ".join(told)


def test_arms_with_the_same_leaders_on_the_given_network_are_named_and_left_aside(
    make_arm: Any, make_facts: Any
) -> None:
    given = {**GIVEN, "hubs": 100 + NOISE, "central": 100 + NOISE}

    def arms(counts: Mapping[str, Any], same: str) -> list[ArmResult]:
        made = {name: make_arm(name, np.asarray(values).ravel(), AGENTS) for name, values in counts.items()}
        alike = ("hubs", "central")
        return [
            ArmResult(name, same if name in alike else name, arm.runs, units=Units(WORLDS))
            for name, arm in made.items()
        ]

    drawn = {**given, "central": 97 + WOBBLE + NOISE}
    known: dict[str, Any] = {"smallest_difference": 0.01, "mode": "robustness", "seed_text": "told"}
    drawn_arms = [ArmResult(one.name, one.name, one.runs, units=one.units) for one in arms(drawn, "x")]
    found = survival(drawn_arms, arms(given, "both"), facts=make_facts(AGENTS), outcome="adopted_share", **known)
    assert found is not None
    assert (found.best, found.beside, found.alike) == ("central", ("hubs",), ("hubs",))
    told = survival_sentences(found, SETTING)
    assert told[1] == (
        'On the given network the order of means is the arm "central" and the arm "hubs", which have the same leaders '
        'there, before the arm "brokers" before the arm "random", and they are shown there to be better than every '
        "other arm."
    )
    assert told[2].startswith(
        'With the arm "hubs" left aside, the arm "central" stays best in all 20 observed versions'
    )
    assert any(text.startswith('Ahead of the arm "central", and not told apart') for text in told)


@pytest.mark.parametrize("mode", MODE_SENTENCES)
def test_every_mode_is_named_with_what_it_takes_for_true(survives: Any, mode: Any) -> None:
    found = replace(survives(hubs=HARMED), mode=mode)
    told = survival_sentences(found, SETTING)
    assert mode in told[0]
    words = {"robustness": "is taken as true", "imputation": "what was observed", "redrawn": "region is drawn anew"}
    assert words[mode] in told[0]


def cells(survives: Any, **verdicts: Any) -> list[tuple[dict[str, object], Survival]]:
    return [
        ({"uncertain_network.missing_ties": float(name[1:]) / 10}, survives(hubs=less))
        for name, less in verdicts.items()
    ]


def test_the_first_rates_at_which_a_ranking_is_open_and_turned_are_told(survives: Any) -> None:
    [found] = turning(cells(survives, _4=TURNED, _1=HARMED, _2=OPEN, _3=HARMED), "town")
    assert found.values == (0.1, 0.2, 0.3, 0.4)
    assert (found.open_at, found.holds_again_at, found.turned_at) == (0.2, (0.3,), 0.4)
    [told] = turning_sentences([found], SETTING)
    assert told.startswith(
        'As missing_ties grows (robustness; 4 values from 0.1 to 0.4), the arm "hubs" first stops being shown best at '
        '0.2 (is so again at 0.3), and is first overtaken at 0.4: by the arm "brokers", with 2.5 points more ('
    )
    assert found.as_json()["turned_at"] == 0.4


def test_where_nothing_turns_over_up_to_which_rate_is_told(survives: Any) -> None:
    [found] = turning(cells(survives, _1=HARMED, _4=HARMED))
    assert (found.open_at, found.turned_at, found.rival) == (None, None, None)
    assert turning_sentences([found], SETTING)[0].endswith('nothing turns over: up to 0.4 the arm "hubs" stays best.')
    [found] = turning(cells(survives, _1=HARMED, _4=OPEN))
    assert turning_sentences([found], SETTING)[0].endswith("and up to 0.4 no other arm is shown to overtake.")


def test_an_arm_not_told_apart_before_is_not_said_to_be_behind(survives: Any) -> None:
    given = {**GIVEN, "brokers": 100 + np.repeat([30, -31], 10)[:, np.newaxis] + np.roll(NOISE, 2, axis=1)}
    found = turning([({"uncertain_network.false_ties": rate}, survives(given, hubs=HARMED)) for rate in (0.1, 0.2)])
    assert turning_sentences(found, SETTING)[0].endswith(
        'up to 0.2 the arm "hubs" stays ahead of every arm that the given network shows behind.'
    )


def test_no_rate_is_told_where_there_was_nothing_to_turn_over(survives: Any) -> None:
    equal = {"a": 90 + np.repeat([11, -10], 10)[:, np.newaxis] + NOISE, "b": 90 + WOBBLE + NOISE}
    found = [({"uncertain_network.false_ties": rate}, survives(equal, a=costs((40, 20)))) for rate in (0.1, 0.2)]
    [one] = turning(found)
    assert (one.behind, one.open_at, one.turned_at) == ((), None, None)
    assert "nothing can turn over" in turning_sentences([one], SETTING)[0]


def test_other_swept_values_are_held_fixed(survives: Any) -> None:
    key, other = "uncertain_network.missing_ties", "adoption.transmission"
    found = [
        ({key: rate, other: chance}, survives(hubs=TURNED if (rate, chance) == (0.2, 0.5) else HARMED))
        for rate in (0.1, 0.2)
        for chance in (0.4, 0.5)
    ]
    first, second = turning(found)
    assert (first.held, first.turned_at) == ({other: 0.4}, None)
    assert (second.held, second.turned_at) == ({other: 0.5}, 0.2)
    assert turning_sentences([second], SETTING)[0].startswith("With adoption.transmission = 0.5, as missing_ties grows")


def test_values_go_from_the_least_error_to_the_most() -> None:
    key = "uncertain_network."
    assert in_order(f"{key}name_cap", [3, 10, 5]) == [1, 2, 0]
    assert in_order(f"{key}missing_respondents", [{"firm": 0.4, "manager": 0.1}, {"firm": 0.2}]) == [1, 0]
    assert in_order(f"{key}missing_respondents", [{"firm": 0.4}, {"firm": 0.2, "manager": 0.1}]) is None
    assert in_order(f"{key}missing_between_roles", [{"a -> b": 2.0, "b -> a": 1.0}, {"a -> b": 1.5}]) == [1, 0]
    assert in_order(f"{key}mode", ["robustness", "imputation"]) is None
    assert in_order(f"{key}missing_ties", [0.1, {"formal": 0.2}]) is None
    assert in_order(f"{key}missing_ties", [0.1]) is None
    assert value_phrase({"firm": 0.4, "manager": 0.1}) == "firm 0.4 manager 0.1"


def test_what_json_holds_is_what_is_told(survives: Any) -> None:
    found = survives(hubs=HARMED)
    told: dict[str, Any] = found.as_json()
    assert told["best"] == "hubs"
    assert told["changes"][0]["given"]["mean"] == pytest.approx(0.5)
    assert isinstance(turning(cells(lambda **_: found, _1=0, _2=0))[0], Turning)
