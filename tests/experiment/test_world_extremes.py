"""Heavy tails: what is drawn must fit the network, and what does not is told with the distribution to blame."""

from __future__ import annotations

import re

import pytest
from experiment_cases import UNCERTAIN, MakeStore, MakeStudy, make_store, make_study, played, scenario_file

from diffusion.errors import InputError
from diffusion.experiment.results import study_result

__all__ = ["make_store", "make_study", "scenario_file"]

CHOICE = "leaders.influence = {{ choice = [1, 2] }}"


def problems(make_study: MakeStudy, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        make_study(text=text, replicates=4)
    return list(caught.value.problems)


def test_a_tail_is_taken_whose_far_end_no_world_of_the_study_meets(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    text = UNCERTAIN.replace(CHOICE, "leaders.influence = {{ pareto = [1] }}")  # 8e9 at its far end, 1 / u elsewhere
    study = make_study(text=text, replicates=4)
    [hubs] = [arm for arm in study.arms if arm.name == "hubs"]
    assert max(hubs.setting.drawn(5, 6)["leaders.influence"]) < 100
    assert study_result(study, played(study, make_store())).groups


def test_a_tail_that_a_world_meets_is_named_with_what_is_drawn_there(make_study: MakeStudy) -> None:
    [line] = problems(make_study, UNCERTAIN.replace(CHOICE, "leaders.influence = {{ pareto = [0.05] }}"))
    said = r"leaders\.influence: pareto = \[0\.05, 0, 1\] gives \S+ in world [0-5], with which"
    assert re.search(rf"who\.toml:\d+: (arms\.hubs\.)?{said}", line)
    assert "add up to" in line
    assert line.endswith('of "town"; they must stay below 5.37e+08; choose one that does not reach so far')


def test_the_number_that_is_largest_is_blamed_and_a_moderate_one_beside_it_is_not(make_study: MakeStudy) -> None:
    text = UNCERTAIN.replace(CHOICE, "leaders.influence = {{ uniform = [1, 9] }}").replace(
        "[leaders]", '[ties.between_roles]\n"firm -> manager" = {{ lognormal = [0, 60] }}\n\n[leaders]'
    )
    told = problems(make_study, text)
    assert told
    assert all("ties.between_roles.firm -> manager: lognormal = [0, 60] gives" in line for line in told)


def test_the_far_end_counts_where_it_is_not_known_how_many_worlds_there_will_be(make_study: MakeStudy) -> None:
    text = UNCERTAIN.replace(CHOICE, "leaders.influence = {{ pareto = [1] }}")
    [line] = problems(make_study, text.replace("worlds = 6", "precision = {{ half_width = 0.2 }}"))
    assert "leaders.influence: pareto = [1, 0, 1] gives 8.59e+09 at its far end, with which" in line


def test_a_tail_between_agents_is_named_by_its_own_key(make_study: MakeStudy) -> None:
    text = UNCERTAIN.replace("[leaders]", "[agents]\ninfluence = {{ lognormal = [0, 5] }}\n\n[leaders]")
    for line in problems(make_study, text):
        assert re.search(r"who\.toml:14: agents\.influence: reaches \S+ at the far end of its distribution", line)


def test_more_leaders_than_there_are_agents_are_told_as_the_median_that_they_are(make_study: MakeStudy) -> None:
    text = UNCERTAIN.replace(CHOICE, "leaders.count = {{ lognormal = [8, 1] }}")
    [line] = problems(make_study, text)
    assert "leaders.count: asks for 2981 leaders, but only 12 agents are in town; 2981 is the median of " in line
    assert line.endswith("lognormal = [8, 1]: choose a distribution that lies lower")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("pareto = [0.01]", "pareto = [0.01, 0, 1] gives 1.27e+30 at its median, with which"),  # 2 ** 100
        ("lognormal = [0, 300]", "leaders.influence"),
    ],
)
def test_a_far_end_that_is_no_number_any_more_is_told_in_a_line(make_study: MakeStudy, said: str, told: str) -> None:
    text = UNCERTAIN.replace(CHOICE, f"leaders.influence = {{{{ {said} }}}}")
    [line] = problems(make_study, text.replace("worlds = 6", "precision = {{ half_width = 0.2 }}"))
    assert told in line


def test_a_count_that_is_no_number_any_more_is_told_in_a_line(make_study: MakeStudy) -> None:
    [line] = problems(make_study, UNCERTAIN.replace(CHOICE, "leaders.count = {{ lognormal = [0, 3000] }}"))
    assert "leaders.count: asks for 4611686018427387904 leaders, but only 12 agents are in town" in line
