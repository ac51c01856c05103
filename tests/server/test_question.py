"""Questions asked by hand: what is on the screen, as a scenario and as its answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.cli.main import main
from diffusion.errors import InputError
from diffusion.experiment.plan import plan
from diffusion.model.ensemble import Ensemble
from diffusion.model.rules import RULES
from diffusion.network.formats import read_network, write_network
from diffusion.network.network import Network
from diffusion.positions import POSITIONS
from diffusion.positions.position import told_of
from diffusion.scenario import load_scenario, read_scenario
from diffusion.server import kept_runs
from diffusion.server.answered import Answer, answer
from diffusion.server.asking import Asking
from diffusion.server.kept_runs import KeptRuns, Superseded
from diffusion.server.opened import BUILT_IN
from diffusion.server.question import (
    AskedNetwork,
    Question,
    affordable_replicates,
    networks_of,
    on_network,
    question_of,
)
from diffusion.server.question_leaders import begun_with, tied_places
from diffusion.server.question_text import CHOSEN, planned_question, scenario_text, toml_value, value_of

STUDY = plan(load_scenario(BUILT_IN))
KEPT = KeptRuns()


def built_in() -> Question:
    question, notes = question_of(STUDY.scenario, networks_of(STUDY)[0])
    assert notes == []
    return question


def chosen(count: int = 3) -> Question:
    question = built_in()
    for agent in question.network.ids[3 : 3 + 7 * count : 7]:
        question = question.toggled(agent)
    return question


def village(name: str = "village", size: int = 12) -> Network:
    """Return a ring in which everybody also tells the first."""
    ids = [f"p{place:02}" for place in range(size)]
    source = ids + ids[1:]
    target = [*ids[1:], ids[0], *[ids[0]] * (size - 1)]
    return Network.from_tables(
        name=name,
        ids=ids,
        source=source,
        target=target,
        roles=["firm" if place % 3 else "manager" for place in range(size)],
        layer=["near" if place < size else "far" for place in range(len(source))],
    )


@pytest.fixture
def command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[[Question], dict[str, Any]]:
    """Return what ``diffusion run --json`` says of a question that was saved."""

    def run(question: Question) -> dict[str, Any]:
        file = tmp_path / question.file_name
        file.write_text(scenario_text(question), encoding="utf-8")
        code = main(["run", str(file), "--json", "--database", str(tmp_path / "runs.db")])
        told = capsys.readouterr()
        assert code == 0, told.err
        found: dict[str, Any] = json.loads(told.out)
        return found

    return run


def assert_same_numbers(found: Answer, told: dict[str, Any]) -> None:
    """Check that a page and the command line say the same of one outcome, to the last digit."""
    outcome = found.outcome.name
    page = {summary.arm: summary.outcomes[outcome].as_json() for summary in found.result.summaries}
    assert page == {arm["arm"]: arm["outcomes"][outcome] for arm in told["arms"]}
    assert all(arm["replicates"] == found.question.replicates for arm in told["arms"])
    compared = {(said.arm, said.baseline): said.as_json() for said in found.result.comparisons}
    assert compared == {
        (said["arm"], said["baseline"]): said for said in told["comparisons"] if said["outcome"] == outcome
    }
    assert len(compared) >= len(found.question.positions) - 1


SAVED: dict[str, Callable[[], Question]] = {
    "positions alone": built_in,
    "chosen": chosen,
    "one chosen, another seed": lambda: replace(chosen(1), seed=7, replicates=200, steps=12),
    "threshold": lambda: chosen().with_rule("adoption", "threshold").with_value("adoption", "threshold", 0.15),
    "cascade": lambda: chosen(2).with_rule("adoption", "cascade").with_value("adoption", "transmission", 0.1),
    "awareness before a hazard, and adoption without ties": lambda: (
        chosen()
        .with_rule("awareness", "contagion")
        .with_rule("adoption", "hazard")
        .with_value("adoption", "external", 0.001)
        .with_value("adoption", "abandonment", 0.05)
        .with_value("adoption", "link", "probit")
        .with_value("adoption", "exposure", "number")
    ),
    "weights, openness and roles": lambda: (
        chosen()
        .with_value(
            "ties", "layers", {layer: 0.1 + 0.3 * place for place, layer in enumerate(built_in().network.layers)}
        )
        .with_value("agents", "receptivity", {"beta": [2.0, 5.0]})
        .with_value("leaders", "roles", ["manager"])
        .with_value("leaders", "influence", 1.5)
    ),
}


@pytest.mark.parametrize("question", [pytest.param(make, id=name) for name, make in SAVED.items()])
@pytest.mark.parametrize("outcome", ["adopted_share", "spread"])
def test_a_saved_question_run_from_the_command_line_gives_the_very_same_numbers(
    question: Callable[[], Question], outcome: str, command_line: Callable[[Question], dict[str, Any]]
) -> None:
    found = answer(question(), KEPT, outcome=outcome)
    assert_same_numbers(found, command_line(question()))


def test_a_network_of_the_users_own_is_found_from_wherever_the_question_is_saved(
    tmp_path: Path, command_line: Callable[[Question], dict[str, Any]]
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    write_network(village(), folder / "village")
    (folder / "asked.toml").write_text(
        BUILT_IN.read_text(encoding="utf-8").replace('"ahsn-a"', '"./village"').replace("1000", "128"), encoding="utf-8"
    )
    study = plan(load_scenario(folder / "asked.toml"))
    question = Asking.of(study).question.toggled("p03")
    assert question.asked.reference == str((folder / "village").resolve())
    found = answer(question, KEPT)
    assert found.question.replicates == 128
    assert_same_numbers(found, command_line(question))


def test_the_question_on_the_screen_comes_back_from_its_text() -> None:
    for make in SAVED.values():
        question = make()
        back, notes = question_of(read_scenario(scenario_text(question), Path(question.file_name)), question.asked)
        assert notes == []
        assert scenario_text(back) == scenario_text(question)
        assert set(back.chosen) == set(question.chosen)


@given(
    rule=st.sampled_from(list(RULES)),
    awareness=st.sampled_from([None, *RULES]),
    numbers=st.lists(st.floats(0, 1), min_size=6, max_size=6),
    count=st.integers(1, 12),
    agents=st.sets(st.integers(0, 11), max_size=4),
    positions=st.sets(st.sampled_from(list(POSITIONS)), min_size=1),
    title=st.text(min_size=1, max_size=60),
)
def test_every_question_is_a_scenario_or_is_refused_in_the_readers_words(
    rule: str,
    awareness: str | None,
    numbers: list[float],
    count: int,
    agents: set[int],
    positions: set[str],
    title: str,
) -> None:
    network = VILLAGE
    question = Question(title=title, asked=AskedNetwork(network, "./village"), sections={}, count=count)
    question = replace(question, positions=tuple(positions), chosen=tuple(network.ids[place] for place in agents))
    question = question.with_rule("adoption", rule)
    keys = ("transmission", "threshold", "intercept", "slope", "external", "abandonment")
    for key, number in zip(keys, numbers, strict=True):
        question = question.with_value("adoption", key, number)
    if awareness:
        question = question.with_rule("awareness", awareness)
    try:
        study = planned_question(question)
    except InputError as caught:
        problems = caught.problems
    else:
        problems = ()
    if problems:
        assert all(line.startswith(f"{question.file_name}:") for line in problems)
        assert title.strip() == "" or not title.isprintable() or positions & UNTOLD
        return
    stage = study.arms[0].setting.parameters.adoption
    assert stage.rule == rule
    used = {said.name for said in RULES[rule].parameters} | {"external", "abandonment"}
    assert all(getattr(stage, key) == number for key, number in zip(keys, numbers, strict=True) if key in used)
    wanted = {CHOSEN} if agents else set()
    assert {arm.name for arm in study.arms} - {"no leaders"} == positions | wanted
    assert all(arm.choice.count == (len(agents) or count) for arm in study.arms if arm.name != "no leaders")


VILLAGE = village()
UNTOLD = {name for name, said in POSITIONS.items() if said.trait or not told_of(said, VILLAGE)}
"""The positions that read what is not stated in every question, or not known of the village."""


@given(
    st.text(max_size=30) | st.sampled_from(["0.3\nseed = 1", "]", '"', "1e400", "nan", "2020-01-01", "[[arms]]", "#"])
)
def test_whatever_is_typed_for_a_number_stays_that_number_or_is_refused(typed: str) -> None:
    question = built_in().with_value("adoption", "transmission", value_of(typed))
    try:
        scenario = read_scenario(scenario_text(question), Path(question.file_name))
    except InputError as caught:
        problems = caught.problems
    else:
        problems = ()
    if problems:
        assert all(": adoption.transmission: " in line for line in problems), problems
        return
    assert scenario.seed == built_in().seed
    assert scenario.sections["adoption"]["transmission"] == float(typed.partition("#")[0])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda said: said.with_value("adoption", "transmission", 1.5), "must be a number between 0 and 1; got 1.5"),
        (lambda said: said.with_value("adoption", "transmission", None), "needs transmission"),
        (lambda said: replace(said, steps=0), "steps: must be a whole number between 1 and 32000; got 0"),
        (lambda said: replace(said, steps=None), "steps: is missing"),
        (lambda said: replace(said, seed="seven"), 'and 9223372036854775807; got "seven"'),
        (lambda said: replace(said, count=181), "leaders"),
        (lambda said: replace(said, positions=()), "arms: must be at least one arm"),
        (lambda said: said.with_value("ties", "layers", {"near": 1.0}), "layer"),
        (lambda said: said.with_value("adoption", "rule", "contagious"), 'did you mean "contagion"?'),
        (lambda said: said.toggled("nobody"), 'leader "nobody" is no agent of ahsn-a'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_the_words_of_the_scenarios_reader(
    change: Callable[[Question], Question], problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        answer(change(built_in()), KEPT)
    assert all(line.startswith("which_position_should_a_knowledge_leader.toml:") for line in caught.value.problems)
    assert problem in str(caught.value)


def test_where_nobody_is_chosen_the_arms_are_positions_only() -> None:
    study = planned_question(built_in())
    assert [arm.name for arm in study.arms] == list(built_in().positions)
    assert study.scenario.baseline == "random"


def test_as_many_lead_from_every_position_as_were_chosen() -> None:
    study = planned_question(chosen(5))
    assert {arm.name: arm.choice.count for arm in study.arms} == dict.fromkeys([CHOSEN, *built_in().positions], 5)
    assert study.scenario.baseline == CHOSEN


def test_clicking_an_agent_twice_leaves_it_as_it_was() -> None:
    question = built_in()
    agent = question.network.ids[0]
    assert question.toggled(agent).chosen == (agent,)
    assert question.toggled(agent).toggled(agent) == question


@pytest.mark.parametrize("rule", list(RULES))
@pytest.mark.parametrize("stage", ["adoption", "awareness"])
def test_a_rule_that_is_chosen_has_all_that_it_needs(rule: str, stage: str) -> None:
    study = planned_question(built_in().with_rule(stage, rule))
    found = getattr(study.arms[0].setting.parameters, stage)
    assert found.rule == rule


def test_a_rule_that_is_chosen_again_has_the_values_that_it_had() -> None:
    question = built_in().with_value("adoption", "transmission", 0.033).with_rule("adoption", "threshold")
    assert "transmission" not in scenario_text(question)
    assert "transmission = 0.033" in scenario_text(question.with_rule("adoption", "contagion"))


def test_units_and_meanings_stand_beside_the_values_of_the_text() -> None:
    assert "transmission = 0.015  # probability per tie and step: how likely a tie is to carry\n" in scenario_text(
        built_in()
    )


def test_on_another_network_nobody_is_chosen_and_what_does_not_fit_is_set_aside_and_said() -> None:
    question = SAVED["weights, openness and roles"]()
    other = AskedNetwork(village(size=2), "./village")
    moved, notes = on_network(question, other)
    assert moved.chosen == ()
    assert moved.count == 2
    assert moved.sections["agents"]["receptivity"] == {"beta": [2.0, 5.0]}
    assert moved.sections["ties"] == {}
    assert notes[0].startswith("Nobody is chosen on village yet: ")
    assert sorted(notes[1:]) == [
        "leaders.roles is set aside: it names what village may not have.",
        "ties.layers is set aside: it names what village may not have.",
    ]
    assert planned_question(moved).networks == (other.network,)


def test_a_position_to_begin_with_chooses_those_who_certainly_hold_it() -> None:
    question = Question(title="?", asked=AskedNetwork(VILLAGE, "./village"), sections={}, count=2)
    begun = begun_with(question, "in_degree")
    assert begun.chosen == ("p00",)
    assert tied_places(question, "in_degree") == "1 place among 11 tied"


def test_a_scenario_says_what_of_it_is_not_on_the_page(tmp_path: Path) -> None:
    text = BUILT_IN.read_text(encoding="utf-8").replace("1000", "5000").replace('["ahsn-a"]', '["ahsn-a", "./village"]')
    write_network(village(), tmp_path / "village")
    text = text.replace(
        'leaders.position = "constraint"', 'leaders.position = "constraint"\nadoption.transmission = 0.5'
    )
    text += '\n[sweep]\n"leaders.count" = [2, 4]\n'
    file = tmp_path / "wide.toml"
    file.write_text(text.replace("[leaders]\ncount = 3", ""), encoding="utf-8")
    question = Asking.of(plan(load_scenario(file)))
    assert question.question.count == 2
    assert question.question.replicates == 1000
    assert question.notes == (
        "The scenario has 2 networks; this page asks about ahsn-a.",
        "The scenario sweeps values; this page asks about the first of each.",
        "Arms with parameters of their own (constraint) are not here; the values are those of the arm random.",
        "Every arm has 1,000 runs here, not 5,000, so that answers come at once.",
    )


@pytest.mark.parametrize(("size", "replicates"), [(2, 1000), (1000, 1000), (1001, 960), (2000, 448), (10_000, 64)])
def test_larger_networks_get_fewer_replicates_in_whole_blocks(size: int, replicates: int) -> None:
    ids = [str(place) for place in range(size)]
    found = affordable_replicates(Network.from_tables(name="x", ids=ids, source=[ids[0]], target=[ids[1]]))
    assert found == replicates


def test_what_was_played_is_not_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[int] = []

    def counted(*said: Any, **named: Any) -> Ensemble:
        played.append(1)
        return Ensemble(*said, **named)

    monkeypatch.setattr(kept_runs, "Ensemble", counted)
    kept = KeptRuns()
    answer(replace(chosen(2), replicates=100), kept)
    assert len(played) == 6
    answer(replace(chosen(2), replicates=100), kept, outcome="spread")
    assert len(played) == 6
    answer(replace(chosen(2), replicates=100).toggled("M001").toggled(chosen(2).chosen[0]), kept)
    assert len(played) == 7


def test_what_nobody_waits_for_is_not_played_on() -> None:
    kept = KeptRuns()
    with pytest.raises(Superseded):
        answer(replace(built_in(), seed=99), kept, is_wanted=lambda: False)


def test_the_answer_tells_arms_in_order_with_intervals_and_differences_from_the_chosen() -> None:
    found = answer(chosen(), KEPT)
    table = found.table()
    assert [row["place"] for row in table["rows"]] == sorted(row["place"] for row in table["rows"])
    assert table["against"] == "your leaders"
    mine = next(row for row in table["rows"] if row["is_chosen"])
    assert mine["name"] == "your leaders"
    assert mine["difference"] == ["", ""]
    others = [row for row in table["rows"] if not row["is_chosen"]]
    assert len(others) == 5
    assert all(row["low"] < row["value"] < row["high"] for row in table["rows"])
    assert all(row["difference"][0][0] in "+-" and " to " in row["difference"][1] for row in others)
    assert "your leaders" in " ".join(found.sentences).lower()
    assert 'arm "chosen"' not in " ".join(found.sentences)


def test_values_are_written_as_toml_and_read_back() -> None:
    value = {'a "b"': [1, 2.5, True], "c": {"d -> e": 1e-9}}
    assert value_of(toml_value(value)) == value


def test_a_packaged_network_is_asked_about_by_its_name() -> None:
    asking = Asking.of(STUDY)
    assert asking.references()["ahsn-a"] == "ahsn-a"
    assert asking.on("ahsn-a").question.network.digest == read_network("ahsn-a", Path()).digest
