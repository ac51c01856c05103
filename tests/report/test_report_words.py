"""What a report says, and does not: of defaults, single arms, nothing spread, ties, and missing nulls."""

from __future__ import annotations

import re
from typing import Any

import pytest
from experiment_cases import town
from report_cases import CONTAGION, observed_town, store_of, text_of

from diffusion.network.network import Network
from diffusion.report.sections.certainty import rounded_up
from diffusion.report.sections.observed import spreads_over_ties
from diffusion.report.tables import plain
from diffusion.report.writing import read_chapter

NULLS = "[nulls]\nmatched = true\nstructure = { rewirings = 200, replicates = 20 }\n"
CREDIT = "[credit]\ncounterfactual = true\nshapley = true\n"
NOTHING = '[adoption]\nrule = "contagion"\ntransmission = 0.0\n'
THRESHOLD = '[adoption]\nrule = "threshold"\nthreshold = 0.4\n'


@pytest.fixture
def told(tmp_path):
    """Return what makes the report of a small study, as it is read."""

    def made(**stated: Any) -> str:
        store = store_of(tmp_path, **stated)
        return re.sub(r"\s+", " ", plain(text_of(read_chapter(store, store.find("who")))))

    return made


def pair() -> Network:
    return Network.from_tables(name="pair", ids=["a", "b"], source=["a"], target=["b"])


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("", "(here 0.1 agents), the program's default:"),
        ("smallest_difference = 0.05\n", "5 % of the agents (here 0.6 agents), as the scenario states:"),
    ],
)
def test_the_smallest_difference_is_said_to_be_stated_only_where_it_is(told, stated, words):
    said = told(replicates=8, rules=stated + CONTAGION)
    assert words in said
    assert f"| 0.01 | {'default' if not stated else 'scenario'} |" in said or stated


def test_a_small_network_has_no_smallest_difference_of_no_agents(told):
    assert "(here 0.02 agents)" in told(networks={"pair": pair()}, count=1, steps=2, replicates=8)


def test_a_single_arm_is_neither_ranked_nor_compared(told):
    said = told(arms=[("hubs", "out_degree")])
    for words in ("ranks all arms", "against hubs", "best in", "flatters", "the ranking would hold", "every arm was"):
        assert words not in said
    assert "The arm was played 64 times" in said
    assert "there is no other to compare it with" in said


@pytest.mark.parametrize(("smallest", "word"), [("0.5", "of"), ("0.0001", "times")])
def test_a_standard_error_is_so_many_times_the_smallest_difference_or_a_part_of_it(told, smallest, word):
    said = told(replicates=8, rules=f"smallest_difference = {smallest}\n{CONTAGION}")
    assert re.search(rf"points, [\d.,]+ {word} the smallest difference that matters", said)


def test_one_run_of_an_arm_is_once(told):
    said = told(replicates=1)
    assert "was played once over" in said
    assert "in the same one replicate, with common random numbers" in said
    assert " 1 times" not in said
    assert " 1 replicates" not in said


@pytest.mark.parametrize(("rules", "is_told"), [(NOTHING, True), (CONTAGION, False)])
def test_a_study_in_which_nothing_spread_says_that_it_tells_no_position_apart(told, rules, is_told):
    said = told(rules=rules, replicates=16)
    assert ("In no run had anybody but the leaders adopted at the end" in said) == is_told
    assert ("the study cannot tell which leaders are better" in said) == is_told


def test_arms_with_the_same_leaders_are_told_once_and_named(told):
    named = "".join(f'[[arms]]\nname = "{arm}"\nleaders.agents = ["p00", "p03"]\n' for arm in ("hubs", "again"))
    said = told(arms=[("random", "random")], replicates=20, more=named + NULLS + CREDIT)
    beyond = said[said.index("# Beyond being well connected?") : said.index("# What follows for the discussion")]
    assert (
        'The arm "hubs" is the very same leaders as the arm "again": what is told here of one holds of all.' in beyond
    )
    assert beyond.count("Shared out by Shapley values") == 1


def test_arms_without_a_matched_null_are_named_with_the_reason(told):
    # Of the four firms three lead: one is too few to be drawn from.
    named = '[[arms]]\nname = "named"\nleaders.agents = ["p00", "p03", "p06"]\n'
    said = told(arms=[("random", "random"), ("edge", "marginal")], replicates=20, more=named + NULLS)
    assert "No matched null is told for leaders at random: they are drawn by chance, and hold no position." in said
    assert 'No matched null is told for the arm "named": there is no match for p00' in said


@pytest.mark.parametrize(
    ("more", "arms", "words"),
    [
        ("", [("random", "random"), ("hubs", "out_degree")], "leaders matched by role and ties were not played."),
        (NULLS, [("random", "random"), ("hubs", "out_degree")], "to play in their place"),
        ("", [("random", "random"), ("again", "random")], None),
    ],
)
def test_what_does_not_follow_about_positions_depends_on_the_nulls(told, more, arms, words):
    said = told(arms=arms, replicates=20, more=more)
    claim = "that the position itself is what matters, rather than how many ties its holders have"
    assert (claim in said) == (words is not None)
    assert words is None or words.rstrip(".") in said or "is no match" in said


def test_networks_without_figures_of_their_own_are_said_to_have_none(told):
    said = told(networks={f"town{number}": town().renamed(f"town {number}") for number in range(3)}, replicates=8)
    assert "Figures of who is reached are drawn for town 0 and town 1; the tables have the others." in said
    assert "Maps are drawn for town 0 and town 1 only." in said
    assert said.count("# Who convinced whom") == 1
    assert all(f"Table: Where adoption came from, on the network town {number}" in said for number in range(3))


@pytest.mark.parametrize(
    ("rules", "is_told"),
    [
        (CONTAGION, "in which adoption spreads over ties and in no other way"),
        (THRESHOLD, "in which adoption spreads over ties and in no other way"),
        (CONTAGION + "external = 0.1\n", "in which adoption spreads over ties and comes about without them too"),
        (NOTHING + "external = 0.1\n", "in which no tie carries anything"),
        (
            '[adoption]\nrule = "hazard"\nintercept = -2\nslope = 0\n',
            "in which no tie carries anything",
        ),
    ],
)
def test_runs_beside_observed_times_are_told_by_what_moves_agents_in_them(tmp_path, told, rules, is_told):
    said = told(networks={"town": observed_town()}, arms=[("random", "random"), ("hubs", "out_degree")], rules=rules)
    assert is_told in said
    store = store_of(tmp_path, {"town": observed_town()}, arms=[("random", "random")], rules=rules, replicates=4)
    chapter = read_chapter(store, store.find("who"))
    assert spreads_over_ties(chapter.study.arms[0]) == ("no tie carries" not in is_told)


def test_periods_of_observed_times_are_called_what_a_step_is(told):
    said = told(networks={"town": observed_town()}, rules='step_unit = "year"\n' + CONTAGION)
    assert "had adopted by 2006" in said
    assert "one year is compared with one step" in said


def test_methods_describe_the_nulls_and_the_credit_that_are_asked_for_and_no_others(told):
    for more, wanted in (("", False), (NULLS + CREDIT, True)):
        said = told(replicates=20, more=more)
        for words in ("*Matched leaders.*", "*Rewired networks.*", "*Credit of leaders.*", "further runs were played"):
            assert (words in said) == wanted
        assert ("nulls.structure.rewirings" in said) == wanted


def test_runs_needed_are_told_with_two_figures():
    assert [rounded_up(value) for value in (3.2, 87.1, 110, 1677.2, 99_999)] == [4, 88, 110, 1700, 100_000]


def test_who_is_reached_is_told_with_how_evenly_and_who_is_left_out(told):
    said = told()
    assert "By role, leaders left out, " in said
    assert "Table: How evenly arms reach, on the network town, with 95 % intervals" in said
    assert "Theil by role" in said
    assert (
        "Agents who had not adopted at the end in more than half of the runs are " in said or "every arm leaves" in said
    )


def test_arms_whose_names_differ_in_marks_only_have_numbers_of_their_own(tmp_path):
    store = store_of(tmp_path, arms=[("random", "random"), ("a b", "out_degree"), ("a-b", "marginal")])
    chapter = read_chapter(store, store.find("who"))
    text_of(chapter)
    means = {
        number.source["arm"]: number.value
        for number in chapter.numbers.quoted.values()
        if number.source.get("field") == "mean" and number.source.get("outcome") == "adopted_share"
    }
    told = {summary.arm: summary.outcomes["adopted_share"].mean for summary in chapter.result.groups[0].summaries}
    assert means == told


def test_the_software_is_told_that_made_the_runs_and_the_report(told):
    said = told(replicates=4)
    for package in ("numba", "numpy", "matplotlib (report)", "pandas (report)", "pandoc (report)"):
        assert re.search(rf"\| {re.escape(package)} \| \d+(\.\d+)+ \|", said), package


def test_who_brought_adopters_is_told_by_arm_leader_and_organisation_with_intervals(told):
    named = '[[arms]]\nname = "named"\nleaders.agents = ["p00", "p03"]\n'
    said = told(arms=[("random", "random")], replicates=40, more=named)
    credit = said[said.index("# Who convinced whom") : said.index("# What follows for the discussion")]
    for words in ("Where adoption came from", "From whom adopters descend", "Who convinced whom by organisation"):
        assert words in credit
    for leader in ("p00", "p03"):
        assert re.search(rf"{leader}\W+\w+\W+[\d.]+ \([\d.]+ to [\d.]+\)", credit), leader
