"""Uncertain numbers of interventions in scenarios: read, named, drawn within their bounds, and told as they stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from intervention_cases import anything

from diffusion.errors import InputError
from diffusion.scenario import Scenario, read_scenario
from diffusion.scenario.intervention_words import difference_sentence, doings
from diffusion.scenario.settings import ArmSetting
from diffusion.scenario.worlds import typical

__all__ = ["anything"]

HEAD = """\
networks = ["ahsn-a"]
steps = 12
replicates = 10
worlds = 4
seed = 3
[adoption]
rule = "contagion"
transmission = 0.02
[leaders]
count = 3
position = "out_degree"
"""  # lines 1-11
SHOW = '[interventions.show]\nkind = "broadcast"\n'  # lines 12-13
KNOWN = "probability = 0.02\n"
ARM = '[[arms]]\nname = "one"\n'
OTHER = '[[arms]]\nname = "other"\n'


def read(text: str) -> Scenario:
    return read_scenario(HEAD + text, Path("s.toml"))


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text)
    return list(caught.value.problems)


def settings_of(text: str) -> tuple[ArmSetting, ...]:
    scenario = read(text)
    return scenario.settings(scenario.cells()[0])


def drawn(text: str, worlds: int = 400) -> dict[str, list[float]]:
    """Return what the first arm's numbers are in each world, by path."""
    uncertainty = settings_of(text)[0].uncertainty
    worlds_of = [uncertainty.in_world(3, world) for world in range(worlds)]
    return {path: [world[path] for world in worlds_of] for path in worlds_of[0]}


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        (SHOW + "probability = { uniform = [0.01, 0.05] }", "interventions.show.probability"),
        (SHOW + KNOWN + "from = { choice = [1, 3] }", "interventions.show.from"),
        (SHOW + KNOWN + "until = { normal = [6, 2] }", "interventions.show.until"),
        (
            '[interventions.e]\nkind = "event"\nattendance = { firm = { beta = [2, 8] }, manager = 0.1 }',
            "interventions.e.attendance.firm",
        ),
        ('[interventions.e]\nkind = "event"\nattendance = { beta = [2, 8] }', "interventions.e.attendance"),
        ('[interventions.t]\nkind = "turnover"\nrate = { exponential = [0.02] }', "interventions.t.rate"),
        ('[interventions.w]\nkind = "word_of_mouth"\nfactor = { weibull_min = { c = 2 } }', "interventions.w.factor"),
        ('[interventions.o]\nkind = "outreach"\ncontacts = { gamma = [2, 2] }', "interventions.o.contacts"),
        ('[interventions.a]\nkind = "add_ties"\ncount = { uniform = [5, 50] }', "interventions.a.count"),
        (
            '[interventions.a]\nkind = "add_ties"\ncount = 5\nstrength = { triangular = [0, 0.5, 1] }',
            "interventions.a.strength",
        ),
        ('[interventions.r]\nkind = "remove_ties"\nshare = { normal = [0, 1] }', "interventions.r.share"),
    ],
)
def test_any_number_of_an_intervention_may_be_a_distribution(stated: str, path: str) -> None:
    scenario = read(f"{stated}\n{ARM}")
    assert scenario.uncertain_paths() == (path,)
    assert scenario.from_canonical(scenario.canonical(), text=scenario.text) == scenario
    numbers = drawn(f"{stated}\n{ARM}")[path]
    assert len(set(numbers)) > 1
    bounds = {"factor": (0, np.inf), "contacts": (1, np.inf), "count": (1, np.inf), "from": (1, 12), "until": (1, 12)}
    low, high = bounds.get(path.split(".")[2], (0, 1))
    assert low <= min(numbers) <= max(numbers) <= high
    if low == 1:
        assert {type(number) for number in numbers} == {int}


def test_a_whole_number_is_the_nearest_one_and_the_bounds_get_their_full_share() -> None:
    stated = f"{SHOW}{KNOWN}from = {{ uniform = [0.5, 4.5] }}\n{ARM}"
    _, counts = np.unique(drawn(stated, 4000)["interventions.show.from"], return_counts=True)
    assert counts == pytest.approx([1000] * 4, abs=5 * np.sqrt(4000 * 0.25 * 0.75))
    ends = f"{SHOW}{KNOWN}from = {{ uniform = [1, 3] }}\n{ARM}"
    _, counts = np.unique(drawn(ends, 4000)["interventions.show.from"], return_counts=True)
    assert counts == pytest.approx([1000, 2000, 1000], abs=5 * np.sqrt(4000 * 0.25))


def test_dates_are_cut_to_the_steps_and_to_a_known_date_of_the_same_intervention() -> None:
    late = drawn(f"{SHOW}{KNOWN}from = 4\nuntil = {{ normal = [6, 4] }}\n{ARM}")["interventions.show.until"]
    assert (min(late), max(late)) == (4, 12)
    early = drawn(f"{SHOW}{KNOWN}from = {{ normal = [6, 4] }}\nuntil = 7\n{ARM}")["interventions.show.from"]
    assert (min(early), max(early)) == (1, 7)


def test_an_arm_and_a_sweep_may_state_another_distribution_and_stay_paired() -> None:
    text = (
        f"{SHOW}probability = {{ uniform = [0.01, 0.05] }}\n{ARM}{OTHER}"
        "interventions.show.probability = { beta = [2, 30] }\n"
    )
    one, other = settings_of(text)
    path = "interventions.show.probability"
    both = [(one.uncertainty.in_world(3, w)[path], other.uncertainty.in_world(3, w)[path]) for w in range(50)]
    assert np.argsort([first for first, _ in both]).tolist() == np.argsort([second for _, second in both]).tolist()
    assert one.canonical() != other.canonical()
    sweep = '[sweep]\n"interventions.show.probability" = [0.02, { uniform = [0.01, 0.05] }]\n'
    scenario = read(f"{SHOW}{KNOWN}{ARM}{sweep}")
    assert [scenario.settings(cell)[0].uncertainty.is_there for cell in scenario.cells()] == [False, True]


def test_an_arm_in_a_world_does_what_an_arm_does_that_states_the_numbers_of_that_world() -> None:
    numbers = {"probability": "{ uniform = [0.01, 0.05] }", "from": "{ uniform = [1, 4] }"}
    stated = "".join(f"{key} = {said}\n" for key, said in numbers.items())
    [there] = (setting.in_world(3, 2) for setting in settings_of(f"{SHOW}{stated}{ARM}"))
    [said] = there.parameters.interventions
    known = f"probability = {said.probability!r}\nfrom = {said.from_step}\n"  # type: ignore[attr-defined]
    scenario = read_scenario(HEAD.replace("worlds = 4\n", "") + SHOW + known + ARM, Path("s.toml"))
    [alike] = scenario.settings(scenario.cells()[0])
    assert alike.parameters == there.parameters


def test_what_is_drawn_goes_by_the_name_of_an_intervention_so_its_arm_does_too() -> None:
    two = '[interventions.{a}]\nkind = "broadcast"\nroles = ["firm"]\nprobability = {{ uniform = [0, 0.1] }}\n'
    two += '[interventions.{b}]\nkind = "broadcast"\nroles = ["manager"]\nprobability = {{ uniform = [0, 0.1] }}\n'
    [first], [second] = (settings_of(two.format(a=a, b=b) + ARM) for a, b in ("xy", "yx"))
    assert first.canonical() != second.canonical()
    [known] = settings_of(f"{SHOW}{KNOWN}{ARM}adoption.transmission = {{ uniform = [0, 0.1] }}\n")
    assert known.canonical()["parameters"]["interventions"] == [{"kind": "broadcast", "probability": 0.02}]


def test_what_a_kind_does_not_use_is_not_uncertain() -> None:
    text = (
        f'[interventions.s]\nkind = "segmentation"\nby = "role"\ngroups = 1\npositions = {{ uniform = [2, 5] }}\n{ARM}'
    )
    assert any("nothing in this scenario is uncertain" in line for line in problems(text))


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (
            "probability = { uniform = [2, 3] }",
            "14: interventions.show.probability.uniform: must be between 0 and 1, and uniform = [2, 3] reaches up to 3",
        ),
        ("probability = { unifrom = [0, 1] }", 'there is no distribution "unifrom"; did you mean "uniform"?'),
        (
            KNOWN + "from = { choice = [1, 2.5] }",
            "15: interventions.show.from.choice: must be whole numbers; got 2.5",
        ),
        (KNOWN + "from = { choice = [0, 2] }", "15: interventions.show.from.choice: must be at least 1; got 0"),
        (KNOWN + "from = { choice = [2, 13] }", "15: interventions.show.from: must be between 1 and 12; got 13"),
        (
            KNOWN + "from = 5\nuntil = { uniform = [1, 3] }",
            "16: interventions.show.until: must be between 5 and 12, and uniform = [1, 3] reaches down to 1",
        ),
        (KNOWN + "roles = { uniform = [1, 3] }", "roles: must be a list of at least one name"),
        (
            KNOWN + "from = { uniform = [1, 3], beta = [1, 1] }",
            "from: must be one distribution, such as { uniform = [2, 6] }",
        ),
    ],
)
def test_a_wrong_distribution_of_an_intervention_is_told_in_one_line(stated: str, told: str) -> None:
    [line] = problems(f"{SHOW}{stated}\n{ARM}")
    assert told in line


def test_a_range_that_follows_from_other_keys_is_told_where_the_distribution_stands() -> None:
    arm = problems(f"{SHOW}{KNOWN}{ARM}{OTHER}interventions.show.until = {{ uniform = [20, 30] }}\n")
    assert [line.split("s.toml:")[1][:45] for line in arm] == ["19: arms.other.interventions.show.until: must"]
    sweep = '[sweep]\n"interventions.show.until" = [3, { uniform = [20, 30] }]\n'
    assert "18: sweep." in problems(f"{SHOW}{KNOWN}{ARM}{sweep}")[0]


@pytest.mark.usefixtures("anything")
def test_tables_by_role_and_distributions_are_told_apart() -> None:
    stated = '[interventions.x]\nkind = "anything"\nshare = {}\n'
    paths = {
        "{ uniform = [0, 1] }": ("interventions.x.share",),
        "{ firm = { uniform = [0, 1] } }": ("interventions.x.share.firm",),
        "{ firm = { uniform = [0, 1] }, manager = { kstwobign = [] } }": (
            "interventions.x.share.firm",
            "interventions.x.share.manager",
        ),
        "{ weibull_min = { c = 2, scale = 0.1 } }": ("interventions.x.share",),
    }
    assert {said: read(f"{stated.format(said)}{ARM}").uncertain_paths() for said in paths} == paths


def test_words_and_json_tell_distributions_not_medians() -> None:
    text = (
        f"{SHOW}probability = {{ uniform = [0.01, 0.05] }}\nfrom = {{ choice = [1, 3] }}\n{ARM}"
        "leaders.recruitment = { uniform = [0.5, 0.9] }\n"
        f"{OTHER}interventions.show.probability = {{ uniform = [0.02, 0.04] }}\n"
    )
    one, other = settings_of(text)
    assert doings(one.as_stated) == (
        "show (broadcast): probability uniform(0.01, 0.05), from choice(1, 3)",
        "whoever is asked to lead agrees with probability uniform(0.5, 0.9)",
    )
    assert one.parameters.interventions == other.parameters.interventions  # their medians are the same
    told = difference_sentence(other.as_stated, one.as_stated, ('the arm "other"', 'the arm "one"'))
    assert told.startswith(
        'the arm "other" differs from the arm "one" by changing "show" (broadcast) and in how likely'
    )
    there = one.in_world(3, 1)
    assert "uniform" not in " ".join(doings(there.as_stated))


def test_typical_numbers_are_the_medians_of_what_can_be_drawn() -> None:
    scenario = read(f"{SHOW}probability = {{ normal = [0, 0.5] }}\nfrom = {{ uniform = [1, 6] }}\n{ARM}")
    show = typical(scenario.sections)["interventions"]["show"]
    assert show["from"] == 4
    assert show["probability"] == pytest.approx(0.3196, abs=1e-4)  # of N(0, 1/4) cut to [0, 1]: Phi^-1(.73862) / 2
