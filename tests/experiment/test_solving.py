"""Numbers that a scenario asks for: exact answers where they can be worked out, and what cannot be reached."""

from __future__ import annotations

from pathlib import Path

import pytest
from experiment_cases import MakeStudy, make_study, played, scenario_file, town  # noqa: F401 - fixtures

from diffusion.errors import InputError
from diffusion.experiment import solving
from diffusion.experiment.choosing import chosen_leaders
from diffusion.experiment.database import Database
from diffusion.experiment.plan import Study, plan, planned
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store
from diffusion.network.network import Network
from diffusion.scenario import read_scenario
from diffusion.scenario.reach import Reference, Solved

PAIR = Network.from_tables(name="pair", ids=["a", "b"], source=["a", "b"], target=["b", "a"])
CLIQUE = Network.from_tables(
    name="clique",
    ids=list("abcde"),
    source=[one for one in "abcde" for other in "abcde" if other != one],
    target=[other for one in "abcde" for other in "abcde" if other != one],
)
LONERS = Network.from_tables(name="loners", ids=list("abcdefghij"), source=[], target=[])

HEAD = 'networks = ["x"]\nsteps = {steps}\nreplicates = {replicates}\nseed = {seed}\n'
ARMS = '[[arms]]\nname = "random"\nleaders.position = "random"\n'


def study_of(network: Network, rules: str, *, steps: int = 3, arms: str = ARMS, seed: int = 7, runs: int = 10) -> Study:
    head = HEAD.format(steps=steps, replicates=runs, seed=seed)
    text = f"{head}[leaders]\ncount = 1\n{rules}\n{arms}"
    return planned(read_scenario(text, Path("s.toml")), [network], chosen_leaders)


def solved_by(network: Network, rules: str, **more: object) -> Solved:
    [found] = study_of(network, rules, **more).scenario.solved  # type: ignore[arg-type]
    return found


def problem_of(network: Network, rules: str, **more: object) -> str:
    with pytest.raises(InputError) as caught:
        study_of(network, rules, **more)  # type: ignore[arg-type]
    [problem] = caught.value.problems
    return problem


# One of two leads; the other adopts with chance p, so that the mean share is (1 + p) / 2.


def test_a_cascade_over_one_tie_is_solved_by_its_probability() -> None:
    found = solved_by(PAIR, '[adoption]\nrule = "cascade"\ntransmission = { reach = 0.8 }')
    assert found.value == pytest.approx(0.6, abs=0.03)
    assert found.mean == pytest.approx(0.8, abs=solving.TOLERANCE)
    assert found.low < 0.8 < found.high
    assert (found.path, found.share, found.leaders) == ("adoption.transmission", 0.8, Reference(1))
    assert found.replicates == 64 * solving.MOST_BLOCKS


def test_contagion_has_as_many_tries_as_steps() -> None:
    found = solved_by(PAIR, '[adoption]\nrule = "contagion"\nreach = 0.8', steps=4)
    assert found.value == pytest.approx(1 - 0.4**0.25, abs=0.02)


def test_awareness_can_be_what_is_solved() -> None:
    rules = '[awareness]\nrule = "cascade"\nreach = 0.8\n[adoption]\nrule = "threshold"\nthreshold = 1'
    found = solved_by(PAIR, rules)
    assert found.path == "awareness.transmission"
    assert found.value == pytest.approx(0.6, abs=0.03)


def test_who_abandons_was_reached() -> None:
    rules = '[adoption]\nrule = "cascade"\nreach = 0.8\nabandonment = 1.0'
    assert solved_by(PAIR, rules).value == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ('rule = "hazard"\nlink = "identity"\nslope = 0', 1 - (5 / 9) ** (1 / 3)),
        ('rule = "hazard"\nlink = "identity"\nslope = 0\nintercept = { reach = 0.5 }', 1 - (5 / 9) ** (1 / 3)),
    ],
)
def test_without_ties_a_hazard_is_solved_by_its_intercept(rules: str, expected: float) -> None:
    asked = "" if "intercept" in rules else "reach = 0.5\n"
    assert solved_by(LONERS, f"[adoption]\n{asked}{rules}").value == pytest.approx(expected, abs=0.005)


def test_with_a_known_intercept_a_hazard_is_solved_by_its_slope() -> None:
    # At exposure 1 the hazard is the slope: one step, chance 0.6.
    rules = '[adoption]\nrule = "hazard"\nlink = "identity"\nintercept = 0\nreach = 0.8'
    found = solved_by(PAIR, rules, steps=1)
    assert found.path == "adoption.slope"
    assert found.value == pytest.approx(0.6, abs=0.03)


def test_a_distribution_of_thresholds_is_moved_and_keeps_its_kind() -> None:
    # Exposure is 1, so that the other adopts where its threshold, uniform up to c, is at most 1: c = 1 / 0.6.
    rules = '[adoption]\nrule = "threshold"\nthreshold = {{ {} }}\nexposure = "number"'
    scaled = solved_by(PAIR, rules.format("uniform = [0, 4], reach = 0.8"), steps=1).value
    assert scaled == {"uniform": [0.0, pytest.approx(1 / 0.6, rel=0.05)]}
    beta = solved_by(CLIQUE, rules.format("beta = [2, 6], reach = 0.6").replace('\nexposure = "number"', "")).value
    assert isinstance(beta, dict)
    assert sum(beta["beta"]) == pytest.approx(8, abs=0.01)
    normal = solved_by(PAIR, rules.format("normal = [9, 1], reach = 0.8"), steps=1).value
    assert normal == {"normal": [pytest.approx(1 - 0.2533, abs=0.05), 1.0]}  # Φ(0.2533) = 0.6


# What cannot be reached


def test_thresholds_that_leap_over_the_share_are_told_with_both_sides() -> None:
    said = problem_of(CLIQUE, '[adoption]\nrule = "threshold"\nreach = 0.5')
    assert said == (
        "s.toml:9: adoption.reach: 1 leader at random cannot be made to reach 50 % of the agents of clique, to within "
        "0.5 points: nearest are 100 % with threshold = 0.25 and 20 % with threshold = 0.2501, and nothing between"
    )


def test_isolates_bound_what_can_be_reached_from_above_and_leaders_from_below() -> None:
    most = problem_of(LONERS, '[adoption]\nrule = "cascade"\ntransmission = { reach = 0.5 }')
    assert most.startswith("s.toml:9: adoption.transmission: 1 leader at random cannot be made to reach 50 % ")
    assert most.endswith(": the most is 10 % with transmission = 1")
    least = problem_of(LONERS, '[adoption]\nrule = "cascade"\nreach = 0.05')
    assert least.endswith(": the least is 10 % with transmission = 0")


def test_nobody_who_leads_is_nobody_to_solve_for() -> None:
    arms = '[[arms]]\nname = "none"\nleaders.count = 0\n'
    text = f'{HEAD.format(steps=3, replicates=1, seed=1)}[adoption]\nrule = "cascade"\nreach = 0.5\n{arms}'
    with pytest.raises(InputError) as caught:
        planned(read_scenario(text, Path("s.toml")), [PAIR], chosen_leaders)
    [problem] = caught.value.problems
    assert "is solved for leaders at random, and nobody leads; write leaders.count in [leaders]" in problem


@pytest.mark.parametrize("more", ["[ties]\nlayers = { formal = 1.0 }", '[agents]\nreceptivity = "column:openness"'])
def test_what_does_not_fit_the_network_is_told_as_without_a_request(more: str) -> None:
    found = []
    for asked in ("reach = 0.5", "transmission = 0.5"):
        with pytest.raises(InputError) as caught:
            study_of(PAIR, f'[adoption]\nrule = "cascade"\n{asked}\n{more}')
        found.append(caught.value.problems)
    assert sorted(found[0]) == sorted(found[1])


def test_more_leaders_at_random_than_there_are_agents_are_refused() -> None:
    rules = "count = 3\n" + '[adoption]\nrule = "cascade"\nreach = 0.5'
    text = f"{HEAD.format(steps=3, replicates=1, seed=1)}[leaders]\n{rules}\n{ARMS}"
    with pytest.raises(InputError) as caught:
        planned(read_scenario(text, Path("s.toml")), [PAIR], chosen_leaders)
    assert [problem.partition(": asks for 3 leaders")[0] for problem in caught.value.problems] == [
        "s.toml:6: leaders.count"
    ]


# What a number depends on

CASCADE = '[adoption]\nrule = "cascade"\nreach = 0.4'
MORE = """
[[arms]]
name = "two"
leaders = { position = "out_degree", count = 2, influence = 3.0 }
[[arms]]
name = "nobody"
leaders.count = 0
"""


def test_arms_replicates_and_other_leaders_do_not_change_the_number() -> None:
    alone = study_of(town(), CASCADE)
    [found] = alone.scenario.solved
    among = study_of(town(), CASCADE, arms=ARMS + MORE, runs=5000)
    assert among.scenario.solved == (found,)
    assert {arm.setting.parameters.adoption.transmission for arm in among.arms} == {found.value}
    assert alone.arms[0].arm_digest == among.arms[0].arm_digest
    assert alone.arms[0].setting_digest == among.arms[0].setting_digest


def test_another_seed_has_luck_of_its_own_and_nearly_the_same_number() -> None:
    one, other = solved_by(town(), CASCADE), solved_by(town(), CASCADE, seed=8)
    assert one.value != other.value
    assert one.value == pytest.approx(other.value, abs=0.03)


def test_an_arm_that_asks_itself_is_solved_for_its_own_leaders_and_parameters() -> None:
    own = '[[arms]]\nname = "own"\nleaders = { position = "random", count = 4 }\nadoption.transmission.reach = 0.6\n'
    study = study_of(town(), '[adoption]\nrule = "cascade"\ntransmission = 0.1', arms=ARMS + own)
    [found] = study.scenario.solved
    assert (found.leaders, found.share) == (Reference(4), 0.6)
    assert [arm.setting.parameters.adoption.transmission for arm in study.arms] == [0.1, found.value]


def test_arms_with_other_ties_have_numbers_of_their_own_and_say_so(tmp_path: Path) -> None:
    half = '[[arms]]\nname = "half"\nleaders.position = "out_degree"\nagents.influence = 0.5\n'
    study = study_of(town(), CASCADE.replace("0.4", "0.2"), arms=ARMS + half)
    one, other = study.scenario.solved
    assert other.value == pytest.approx(2 * float(one.value), rel=0.01)  # type: ignore[arg-type]
    store = played(study, Store(Database(str(tmp_path / "runs.db"), create=True)))
    [result] = study_result(study, store).groups
    first, second = result.solved
    assert (first.arms, second.arms, second.checked) == (("random",), ("half",), None)
    assert first.checked is not None
    assert "adoption.transmission for “half” is " in second.sentence
    assert first.sentence.endswith("in the arm “random”.")


# What is kept, and told


def test_a_stored_study_is_not_solved_again(make_study: MakeStudy, tmp_path: Path, monkeypatch) -> None:  # noqa: F811
    text = (
        'networks = ["./town"]\nsteps = {steps}\nreplicates = {replicates}\nseed = 5\n[leaders]\ncount = 2\n'
        + CASCADE
        + "\n"
        + ARMS
        + "{more}"
    )
    study = make_study(text=text, replicates=64)
    store = played(study, Store(Database(str(tmp_path / "runs.db"), create=True)))
    monkeypatch.setattr(solving, "_solved", lambda *_: pytest.fail("solved again"))
    again = store.study(store.find("who"))
    assert again.scenario.solved == study.scenario.solved
    assert [arm.arm_digest for arm in again.arms] == [arm.arm_digest for arm in study.arms]
    assert again.digest == study.digest
    [told] = study_result(again, store).as_json()["solved"]
    assert told["parameter"] == "adoption.transmission"
    assert told["value"] == study.scenario.solved[0].value
    assert (told["network"], told["cell"], told["arms"], told["shown"]["arm"]) == ("town", {}, None, "random")
    assert told["reached"]["replicates"] == 4096


def test_solving_is_said_once_for_each_network_and_cell(make_study: MakeStudy, tmp_path: Path) -> None:  # noqa: F811
    make_study()  # writes the network
    text = 'networks = ["./town"]\nsteps = 4\nreplicates = 1\n[leaders]\ncount = 2\n' + ARMS + MORE
    text += '[sweep]\nadoption = [{ rule = "cascade" }, { rule = "contagion" }]\n"adoption.reach" = [0.3, 0.605]\n'
    said: list[str] = []
    study = plan(read_scenario(text, tmp_path / "s.toml"), say=said.append)
    asked = "Solving adoption.transmission on town, so that 2 leaders at random reach {} % of the agents …"
    assert said == [asked.format(share) for share in ("30", "60.5", "30", "60.5")]
    values = [group.arms[0].setting.parameters.adoption.transmission for group in study.groups]
    assert values[0] < values[1]
    assert values[2] < values[3]
    assert values[2] < values[0]
