"""What is wrong with interventions and prices in a scenario is said exactly, all at once."""

from __future__ import annotations

import pytest
from intervention_cases import ARMS, HEAD, ROADSHOW, anything, problems

__all__ = ["anything"]
WHOLE = HEAD + ROADSHOW + ARMS  # lines 1-10, 11-14, 15-20
ONE_ARM = '[[arms]]\nname = "arm"\n'


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"broadcast"', '"brodcast"',
         ('12: interventions.roadshow.kind: must name a kind of intervention; got "brodcast"; '
         'did you mean "broadcast"?')),
        ("probability = 0.02", "probabilty = 0.02",
         '13: interventions.roadshow.probabilty: unknown key; did you mean "probability"?'),
        ("= 0.02\nfrom", "= 1.5\nfrom",
         "13: interventions.roadshow.probability: must be a number between 0 and 1; got 1.5"),
        ("= 0.02\nfrom", '= "0.1"\nfrom',
         ('13: interventions.roadshow.probability: must be a number between 0 and 1; got "0.1", '
         "which is text: write the number without quotes")),
        ("= 0.02\nfrom", "= { beta = [1] }\nfrom",
         "13: interventions.roadshow.probability.beta: must be beta = [a, b], all numbers; got [1]"),
        ("from = 3", "from = 0", "14: interventions.roadshow.from: must be a whole number of at least 1; got 0"),
        ("from = 3", 'roles = "manager"',
         '14: interventions.roadshow.roles: must be a list of at least one name, such as ["..."]; got "manager"'),
        ("roadshow = false", "roadshw = false",
         ("17: arms.plain.interventions.roadshw: false takes out an intervention of the scenario, and there is none of "
         'this name; did you mean "roadshow"?')),
        ("roadshow = false", "roadshow = true",
         "17: arms.plain.interventions.roadshow: must be a table, or false for an arm that goes without it; got true"),
        ("roadshow = false", 'roadshow.kind = "broadcast"\nleaders.recruitment = 2',
         "18: arms.plain.leaders.recruitment: must be a number between 0 and 1; got 2"),
        ("roadshow.probability = 0.1", "tour.probability = 0.1",
         '20: arms.louder.interventions.tour: says of no kind what it is; write kind = "..."; known are '),
        ("[interventions.roadshow]", '[interventions."road.show"]',
         ("11: interventions.\"road.show\": an intervention's name must be a line of text without dots; "
         'got "road.show"')),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_key(old, new, line):
    assert old in WHOLE
    found = problems(WHOLE.replace(old, new, 1))
    assert any(problem.startswith(f"s.toml:{line}") for problem in found), found


def test_all_mistakes_are_told_at_once():
    text = WHOLE.replace("= 0.02\nfrom = 3", "= 2\nuntill = 3").replace("= 0.1\n", "= -1\n") + "[costs]\nleadr = 1\n"
    assert [problem.split(": ")[:2] for problem in problems(text)] == [
        ["s.toml:13", "interventions.roadshow.probability"],
        ["s.toml:14", "interventions.roadshow.untill"],
        ["s.toml:20", "arms.louder.interventions.roadshow.probability"],
        ["s.toml:22", "costs.leadr"],
    ]


def test_a_key_that_the_kind_needs_may_come_from_the_scenario_or_from_the_arm():
    half = HEAD + ROADSHOW.replace("probability = 0.02\n", "")
    missing = (
        'the intervention "broadcast" needs probability (how likely it makes an agent to enter the stage), and it '
    )
    assert problems(half + ONE_ARM) == [f"s.toml:11: interventions.roadshow.probability: {missing}is missing; write it"]
    both = half + ONE_ARM + "interventions.roadshow.probability = 0.1\n"
    assert problems(both + '[[arms]]\nname = "other"\ninterventions.roadshow.until = 4\n') == [
        f"s.toml:19: arms.other.interventions.roadshow.probability: {missing}is missing; write it"
    ]


@pytest.mark.usefixtures("anything")
def test_an_arm_cannot_make_another_kind_of_what_the_scenario_states():
    text = HEAD + ROADSHOW + ONE_ARM + 'interventions.roadshow = { kind = "anything" }\n'
    assert problems(text) == [
        (
            's.toml:17: arms.arm.interventions.roadshow.kind: is "broadcast" in the scenario, and an arm cannot make '
            'another kind of it; got "anything"; give the arm\'s own intervention a name of its own'
        )
    ]


@pytest.mark.usefixtures("anything")
@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("both = 1", "both: must be true or false, without quotes; got 1"),
        ("many = 0", "many: must be a whole number of at least 1; got 0"),
        ("share = { firm = 2 }", "share.firm: must be a number between 0 and 1; got 2"),
        ("share = { firm = { uniform = [2, 3] } }",
         ("share.firm.uniform: must be between 0 and 1, and uniform = [2, 3] reaches up to 3; "
          "state one that lies within")),
        ('pairs = [["a"]]', 'pairs[1]: must be a pair of names, such as ["A", "B"] or "A -> B"; got ["a"]'),
        ('pairs = ["a - b"]', 'pairs[1]: must be a pair of names, such as ["A", "B"] or "A -> B"; got "a - b"'),
        ('pairs = [["a", "b"], "a->b"]', 'pairs[2]: names the pair ["a", "b"] a second time; take one out'),
        ('agents = [{ role = "firm" }]', "agents[1]: has no id; write it"),
        ('agents = [{ id = "x", role = "firm", zeal = 3 }]', "agents[1].zeal: must be a line of text; got 3"),
        ('people = ["a", "a"]', 'people[2]: names the name "a" a second time; take one out'),
    ],
)  # fmt: skip
def test_values_of_every_type_are_checked(said, line):
    [found] = problems(f'{HEAD}[interventions.all]\nkind = "anything"\n{said}\n{ONE_ARM}')
    assert found == f"s.toml:13: interventions.all.{line}"


@pytest.mark.parametrize(
    ("swept", "line"),
    [
        ('"interventions.roadshow.probabilty" = [0.1]', 'did you mean "roadshow.probability"?'),
        ('"interventions.tour.probability" = [0.1]', "that the scenario states above the arms"),
        ('"interventions.roadshow" = [0.1]', "that the scenario states above the arms"),
        ('"interventions.roadshow.until" = [4, 4]', "every swept value comes once; got 4 a second time"),
        ('"interventions.roadshow.until" = ["4"]', "must be a whole number"),
        ('"interventions.roadshow.probability" = [0.3]', "is swept, but an arm overrides interventions.roadshow.prob"),
    ],
)
def test_a_sweep_of_interventions_is_checked(swept, line):
    [found] = problems(f"{WHOLE}[sweep]\n{swept}\n")
    assert line in found
    assert found.startswith("s.toml:22: sweep.")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("leader = -1", "leader: must be a number of at least 0; got -1"),
        ("session = { uniform = [1, 2] }", "session: must be a number of at least 0; got { uniform = [1, 2] }; this "),
        ("budget = 3", "prices nothing; write what something costs (leader, "),
        ("tie_aded = 1\nleader = 1", 'tie_aded: nothing of this name has a price; did you mean "tie_added"?'),
    ],
)
def test_prices_are_checked(said, line):
    assert any(line in found for found in problems(f"{WHOLE}[costs]\n{said}\n"))
