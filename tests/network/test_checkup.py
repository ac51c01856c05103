"""What an examiner asks of a network: who answered, what is missing, what looks odd."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

import pytest
from generated import networks
from graphs import complete, cycle, directed_cycle, network_of, path, random_network, star
from hypothesis import given
from real_networks import (
    brazilian_farmers,
    dhhs_tobacco_leaders,
    indiana_tobacco_control,
    needs_real_networks,
    rows_of,
)

from diffusion.errors import InputError
from diffusion.network.checkup import checkup
from diffusion.network.checkup.roster import read_roster
from diffusion.network.network import Network
from diffusion.network.survey import Survey

STACK = network_of(20, [(5 * ego, 5 * ego + alter) for ego in range(4) for alter in range(1, 5)] + [(1, 2), (2, 1)])
"""Four personal networks of four alters each, two of whom know each other."""

MERGED = network_of(
    22,
    [(0, alter) for alter in range(4, 10)]
    + [(1, alter) for alter in range(9, 15)]
    + [(2, alter) for alter in range(15, 20)]
    + [(3, alter) for alter in (19, 20, 21)]
    + [(4, 5)],
)
"""Four respondents, two of whose alters are named by two of them."""


def findings_of(network, roster=None):
    return {finding.key: finding for finding in checkup(network, roster)[1]}


def surveyed(network, **known):
    return replace(network, survey=Survey(**known))


def named(*ids, **columns):
    return Network.from_tables(name="named", ids=ids, columns=columns, source=ids[:-1], target=ids[1:])


@given(networks())
def test_whatever_the_network_all_is_told_without_nan_and_in_sentences(network):
    numbers, findings = checkup(network)
    json.dumps(numbers, allow_nan=False)
    json.dumps([finding.as_json() for finding in findings], allow_nan=False)
    assert all(finding.sentence.endswith(".") and "\n" not in finding.sentence for finding in findings)
    levels = [finding.level for finding in findings]
    assert levels == sorted(levels, reverse=True)


def test_without_a_roster_there_is_no_response_rate_and_that_is_said():
    numbers, _ = checkup(path(4))
    assert (numbers["asked"], numbers["respondents"], numbers["response_rate"]) == (None, None, None)
    assert "--roster FILE" in findings_of(path(4))["response_rate"].sentence


@pytest.mark.parametrize(("answered", "level"), [(8, "note"), (7, "warning")])
def test_the_response_rate_of_a_survey_is_told_and_warned_of_below_80_per_cent(answered, level):
    found = findings_of(surveyed(path(10), asked=10, respondents=answered))["response_rate"]
    assert found.level == level
    assert found.sentence.startswith(f"{answered} of 10 people who were asked answered ({answered}0 %)")


def test_who_answered_is_read_from_the_column_interviewed():
    network = named("a", "b", "c", "d", "e", interviewed=["yes", "No", "1", "perhaps", ""])
    numbers, _ = checkup(network, ["a", "b", "c", "f"])
    assert (numbers["asked"], numbers["respondents"], numbers["response_rate"]) == (4, 2, 0.5)
    assert (numbers["not_on_roster"], numbers["missing_from_network"], numbers["not_interviewed"]) == (2, 1, 3)
    found = findings_of(network, ["a", "b", "c", "f"])
    assert found["unread_interviewed"].numbers["cells"] == 1
    assert found["not_interviewed"].level == "warning"


def test_with_a_roster_alone_the_rate_is_an_upper_bound():
    numbers, _ = checkup(path(4), ["0000", "0001", "0002", "x"])
    assert (numbers["response_rate"], numbers["respondents_known"]) == (0.75, False)
    assert "at most 75 % answered" in findings_of(path(4), ["0000", "0001", "0002", "x"])["response_rate"].sentence


def test_what_an_import_counted_is_told():
    network = surveyed(path(9), not_interviewed=2, left_out=5, self_nominations=3, repeats=4)
    numbers, _ = checkup(network)
    counts = ("not_interviewed", "nominations_left_out", "self_nominations", "repeats")
    assert [numbers[key] for key in counts] == [2, 5, 3, 4]
    assert set(counts) <= findings_of(network).keys()


def test_limits_that_are_known_are_told_and_warned_of_where_many_reach_them():
    for at_cap, level in ((7, "note"), (8, "warning")):
        network = surveyed(path(9), respondents=40, caps={"tie": 5}, at_cap=MappingProxyType({"tie": at_cap}))
        found = findings_of(network)["name_cap"]
        assert (found.level, found.numbers["at_cap"]) == (level, at_cap)


def test_a_pile_at_the_largest_number_of_names_is_taken_for_a_limit():
    everybody_names_the_first = [(0, ego) for ego in range(1, 30)]
    some_name_two_more = [((ego // step) % 9 + 40, ego) for ego in range(1, 30, 4) for step in (1, 9)]
    found = findings_of(network_of(50, everybody_names_the_first + some_name_two_more))["name_cap"]
    assert found.numbers == {"layer": "tie", "side": "in", "most": 3, "at_most": 8, "agents": 29}
    assert "whom they turn to" in found.sentence


@pytest.mark.parametrize("network", [random_network(200, 600, 1), cycle(30), complete(12), directed_cycle(30)])
def test_no_limit_is_seen_where_degrees_fall_off_or_ties_have_no_direction(network):
    assert "name_cap" not in findings_of(network)


def test_personal_networks_that_a_file_declares_are_warned_of():
    found = findings_of(surveyed(path(9), ego_networks=True, respondents=3))["ego_networks"]
    assert (found.level, found.numbers) == ("warning", {"egos": 3, "declared": True})
    assert "do not treat it as a whole network" in found.sentence


@pytest.mark.parametrize(("network", "egos", "agents"), [(STACK, 4, 20), (MERGED, 4, 14)])
def test_personal_networks_are_seen_by_their_shape(network, egos, agents):
    found = findings_of(network)["ego_networks"]
    assert (found.level, found.numbers) == ("warning", {"egos": egos, "agents": agents, "declared": False})


def test_a_tie_between_alters_of_different_respondents_shows_that_they_were_asked_themselves():
    ties = list(zip(MERGED.source.tolist(), MERGED.target.tolist(), strict=True))
    assert "ego_networks" not in findings_of(network_of(22, [*ties, (6, 16)]))


@pytest.mark.parametrize(
    "network",
    [
        random_network(200, 600, 1),
        star(10),
        path(10),
        network_of(12, [(a + 4 * k, b + 4 * k) for k in range(3) for a in range(4) for b in range(4) if a != b]),
    ],
)
def test_whole_networks_and_teams_in_which_all_know_each_other_are_not_taken_for_personal_networks(network):
    assert "ego_networks" not in findings_of(network)


def test_ids_that_differ_in_letter_case_or_blanks_may_be_one_person():
    found = findings_of(named("Ann Lee", "ann  lee", "Bo", "bo", "Cy", organisation=["A", "a", "B", "B", ""]))
    assert found["similar_ids"].level == "warning"
    assert found["similar_ids"].numbers["groups"] == [["Ann Lee", "ann  lee"], ["Bo", "bo"]]
    assert found["similar_organisations"].numbers["groups"] == [["A", "a"]]


def test_isolates_pieces_and_missing_attributes_are_told():
    found = findings_of(network_of(7, [(0, 1), (2, 3)], columns={"organisation": ["o"] * 6 + [""]}))
    assert (found["isolates"].level, found["isolates"].numbers["isolates"]) == ("warning", 3)
    assert (found["components"].level, found["components"].numbers["components"]) == ("warning", 2)
    assert found["no_organisation"].numbers["agents"] == 1
    assert "no_roles" in found


def test_reciprocity_of_everything_and_of_nothing_is_remarked_upon():
    assert "nobody can tell who named whom" in findings_of(complete(4))["reciprocity"].sentence
    assert findings_of(directed_cycle(20))["reciprocity"].level == "warning"
    assert findings_of(network_of(2, []))["reciprocity"].sentence == "There are no ties: nothing can spread."


def test_pairs_of_roles_without_a_tie_are_named():
    network = Network.from_tables(
        name="gap", ids=["a", "b", "c"], roles=["x", "x", "y"], source=["a", "b"], target=["b", "c"]
    )
    found = findings_of(network)["role_gaps"]
    assert found.sentence == "Of 4 ordered pairs of roles 1 have no tie at all: y to x."


def test_a_synthetic_network_is_called_so():
    assert "synthetic" in findings_of(replace(path(3), synthetic=True))


@pytest.mark.parametrize("content", ["b\na\n", "name;id\nx;b\ny; a \n", "ID\nb\na"])
def test_a_roster_is_a_list_of_ids_or_a_sheet_with_a_column(tmp_path, content):
    (tmp_path / "roster.csv").write_text(content, encoding="utf-8")
    assert read_roster(tmp_path / "roster.csv") == ["b", "a"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id\na\nb\na\n", 'roster.csv:4: "a" stands on line 2 already; name everybody once'),
        ("id\n", "roster.csv: there is no id in it"),
        ("", "roster.csv: the file is empty"),
    ],
)
def test_a_roster_with_mistakes_is_refused_with_file_and_line(tmp_path, content, message):
    (tmp_path / "roster.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_roster(tmp_path / "roster.csv")
    assert str(error.value).startswith(f"{tmp_path}/{message}")


@needs_real_networks
def test_real_networks_are_told_by_their_published_counts():
    farmers, not_interviewed = brazilian_farmers()
    numbers, findings = checkup(surveyed(farmers, left_out=not_interviewed, not_interviewed=not_interviewed))
    counts = ("ties", "self_nominations", "repeats", "not_interviewed", "nominations_left_out", "isolates")
    assert [numbers[key] for key in counts] == [1854, 66, 1006, 1, 1, 36]
    assert "ego_networks" not in {finding.key for finding in findings}
    for network in (dhhs_tobacco_leaders(), dhhs_tobacco_leaders(4), indiana_tobacco_control("contact")):
        assert {"ego_networks", "name_cap"} & findings_of(network).keys() == set()


@needs_real_networks
def test_the_three_names_that_farmers_could_give_are_seen():
    rows = rows_of("brazilian_farmers", "survey.csv")
    ids = [f"{row['village']}-{row['id']}" for row in rows]
    ties = [
        (f"{row['village']}-{row[question]}", ego)
        for row, ego in zip(rows, ids, strict=True)
        for question in ("net21", "net22", "net23")
        if row[question] and f"{row['village']}-{row[question]}" in set(ids)
    ]
    friends = Network.from_tables(
        name="friends", ids=ids, source=[tie[0] for tie in ties], target=[tie[1] for tie in ties]
    )
    found = findings_of(friends)["name_cap"]
    assert found.numbers == {"layer": "tie", "side": "in", "most": 3, "at_most": 121, "agents": 496}


def test_people_who_answered_and_are_not_on_the_roster_are_a_warning():
    network = named("a", "b", "c", "d", interviewed=["yes", "yes", "yes", "no"])
    numbers, _ = checkup(network, ["a", "b.0", "c.0"])
    assert (numbers["respondents"], numbers["not_on_roster"], numbers["answered_not_on_roster"]) == (1, 3, 2)
    found = findings_of(network, ["a", "b.0", "c.0"])
    assert found["answered_not_on_roster"].level == "warning"
    assert found["answered_not_on_roster"].sentence.startswith("2 people answered and were not on the roster")
    assert found["not_on_roster"].sentence == "1 agent is not on the roster: named, but not asked."
    assert "answered_not_on_roster" not in findings_of(network, ["a", "b", "c"])


def test_the_network_of_one_respondent_is_a_personal_network():
    found = findings_of(surveyed(star(4), ego_networks=True, respondents=1))["ego_networks"]
    assert found.sentence.startswith("This is the personal network of 1 respondent; do not treat it as a whole network")
