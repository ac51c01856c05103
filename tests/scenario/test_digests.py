"""What enters the digests, and what does not."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.scenario import Scenario, load_scenario

PLAIN: dict[str, Any] = {
    "title": "T",
    "networks": ["a"],
    "steps": 36,
    "replicates": 10,
    "adoption": {"rule": "threshold", "threshold": 1.0, "exposure": "number"},
    "ties": {"layers": {"formal": 1.0, "informal": 2.0}},
    "leaders": {"count": 3, "roles": ["manager", "firm"]},
    "arms": [
        {"name": "x", "leaders": {"position": "random"}},
        {"name": "y", "leaders": {"agents": ["b", "a"]}, "adoption": {"rule": "contagion", "transmission": 1.0}},
    ],
}


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(said)}" for key, said in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def loaded(document: dict[str, object], name: str = "s") -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text("".join(f"{json.dumps(key)} = {toml(value)}\n" for key, value in document.items()))
        return load_scenario(path)


def content(scenario: Scenario) -> list[list[dict[str, Any]]]:
    return [
        [scenario.base(cell), *(setting.canonical() for setting in scenario.settings(cell))]
        for cell in scenario.cells()
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"networks": ["b", "c"]},
        {"step_unit": "week"},
        {"replicates": 99},
        {"smallest_difference": 0.5},
        {"baseline": "y"},
        {"worlds": 1},
        {"adoption": {"exposure": "number", "external": 0, "threshold": 1, "rule": "threshold"}},
        {"ties": {"between_roles": {"a -> b": 1}, "layers": {"informal": 2, "formal": 1}}},
        {"leaders": {"roles": ["firm", "manager"], "influence": 1, "count": 3}},
        {"agents": {"influence": 1}},
    ],
)
def test_names_spelling_and_order_do_not_change_what_is_played(change):
    assert content(loaded({**PLAIN, **change})) == content(loaded(PLAIN))
    assert content(loaded(dict(reversed(PLAIN.items())), "t")) == content(loaded(PLAIN))


def test_the_arms_names_and_the_order_of_named_leaders_do_not_change_what_is_played():
    arms = [{**PLAIN["arms"][0], "name": "p"}, {**PLAIN["arms"][1], "name": "q", "leaders": {"agents": ["a", "b"]}}]
    assert content(loaded({**PLAIN, "arms": arms})) == content(loaded(PLAIN))


@pytest.mark.parametrize(
    "change",
    [
        {"steps": 35},
        {"adoption": {"rule": "threshold", "threshold": 2.0, "exposure": "number"}},
        {"adoption": {"rule": "threshold", "threshold": 1.0, "exposure": "weight"}},
        {"adoption": {"rule": "threshold", "threshold": 1.0, "exposure": "number", "abandonment": 0.1}},
        {"awareness": {"rule": "cascade", "transmission": 0.1}},
        {"agents": {"influence": 2}},
        {"ties": {"layers": {"formal": 1.0, "informal": 1.0}}},
        {"ties": {"layers": {"formal": 1.0, "informal": 2.0}, "between_roles": {"a -> b": 2}}},
        {"leaders": {"count": 3, "roles": ["manager"]}},
        {"leaders": {"count": 2, "roles": ["manager", "firm"]}},
        {"leaders": {"count": 3, "roles": ["manager", "firm"], "influence": 2}},
    ],
)
def test_whatever_changes_a_run_changes_what_is_digested(change):
    before, after = loaded(PLAIN), loaded({**PLAIN, **change})
    first = [scenario.settings(scenario.cells()[0])[0].canonical() for scenario in (before, after)]
    assert first[0] != first[1]
    assert before.digest != after.digest


def test_receptivity_counts_only_where_a_rule_reads_it():
    changed = loaded({**PLAIN, "agents": {"receptivity": 0.5}})
    [[_, x, y]], [[_, x_before, y_before]] = content(changed), content(loaded(PLAIN))
    assert x == x_before
    assert y != y_before


def test_the_digest_is_of_the_whole_scenario_but_not_of_its_folder_comments_or_worlds():
    assert loaded(PLAIN).digest == loaded({**PLAIN, "worlds": 1}).digest
    assert loaded(PLAIN).digest != loaded({**PLAIN, "title": "Another"}).digest
    assert loaded(PLAIN).digest != loaded({**PLAIN, "replicates": 11}).digest
    assert len(loaded(PLAIN).digest) == 32
    assert int(loaded(PLAIN).digest, 16) >= 0


numbers = st.floats(0, 1) | st.integers(0, 1)
distributions = st.sampled_from([{"uniform": [0, 1]}, {"beta": [7, 14]}, {"normal": [0.5, 0.1]}, {"exponential": 1}])
roles = st.sampled_from(["manager", "academic", "a.b", "ä"])
agent_values = (
    numbers | distributions | st.just("column:age") | st.dictionaries(roles, numbers | distributions, min_size=1)
)
stages = st.one_of(
    st.fixed_dictionaries({"rule": st.sampled_from(["cascade", "contagion"]), "transmission": numbers}),
    st.fixed_dictionaries(
        {"rule": st.just("threshold"), "threshold": agent_values},
        optional={"exposure": st.sampled_from(["share", "number", "weight"]), "external": numbers},
    ),
    st.fixed_dictionaries(
        {"rule": st.just("hazard"), "intercept": numbers, "slope": numbers},
        optional={
            "link": st.sampled_from(["logit", "probit", "identity"]),
            "attributes": st.dictionaries(roles, numbers),
        },
    ),
)
pairs = st.builds("{} -> {}".format, roles, roles)
sections = {
    "agents": st.fixed_dictionaries({}, optional={"receptivity": agent_values, "influence": agent_values}),
    "ties": st.fixed_dictionaries(
        {}, optional={"layers": st.dictionaries(roles, numbers), "between_roles": st.dictionaries(pairs, numbers)}
    ),
}
leaders = st.one_of(
    st.fixed_dictionaries({"position": st.sampled_from(["random", "out_degree"]), "count": st.integers(0, 3)}),
    st.fixed_dictionaries({"agents": st.lists(roles, min_size=1, unique=True)}),
)
arms = st.lists(st.fixed_dictionaries({"leaders": leaders, "ties": sections["ties"]}), min_size=1, max_size=3)
swept = st.fixed_dictionaries(
    {},
    optional={
        "adoption": st.lists(stages, min_size=1, max_size=2, unique_by=repr),
        "leaders.influence": st.lists(st.integers(0, 9), min_size=1, max_size=2, unique=True),
    },
)


@st.composite
def documents(draw):
    document = {"networks": ["a"], "steps": draw(st.integers(1, 99)), "replicates": draw(st.integers(1, 99))}
    document |= draw(st.fixed_dictionaries(sections, optional={"awareness": stages}))
    document["arms"] = [{"name": f"arm {place}", **arm} for place, arm in enumerate(draw(arms))]
    document["sweep"] = draw(swept)
    if "adoption" in document["sweep"]:
        spelled = [json.dumps(table, sort_keys=True).replace(".0", "") for table in document["sweep"]["adoption"]]
        document["sweep"]["adoption"] = document["sweep"]["adoption"][: len(set(spelled))]
    else:
        document["adoption"] = draw(stages)
    return document


def shuffled(draw, value):
    if isinstance(value, dict):
        return {key: shuffled(draw, value[key]) for key in draw(st.permutations(list(value)))}
    return [shuffled(draw, element) for element in value] if isinstance(value, list) else value


@given(documents())
def test_a_scenario_comes_back_from_its_canonical_form_through_json(document):
    scenario = loaded(document)
    stored = json.loads(json.dumps(scenario.canonical(), sort_keys=True))
    again = Scenario.from_canonical(stored)
    assert again == scenario
    assert again.digest == scenario.digest
    assert [dict(cell.values) for cell in again.cells()] == [dict(cell.values) for cell in scenario.cells()]
    assert content(again) == content(scenario)
    assert json.loads(json.dumps(content(scenario), allow_nan=False)) == content(scenario)


@given(documents(), st.data())
def test_the_order_of_keys_changes_nothing_but_the_order_of_cells(document, data):
    other = loaded(shuffled(data.draw, {key: value for key, value in document.items() if key != "sweep"})
                   | {"sweep": document["sweep"]})  # fmt: skip
    assert content(other) == content(loaded(document))
    assert other.digest == loaded(document).digest
