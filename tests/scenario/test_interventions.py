"""Interventions in scenarios: stated, overridden, left out, swept, kept and named by what they do."""

from __future__ import annotations

import json

import pytest
from intervention_cases import ARMS, HEAD, ROADSHOW, Anything, Joining, anything, of_arm, read

from diffusion.experiment.study import arm_digest, digest_of
from diffusion.model.interventions.agent_alteration import AgentRemoval
from diffusion.model.interventions.broadcasting import Broadcasting
from diffusion.model.interventions.registry import INTERVENTIONS
from diffusion.model.interventions.segmentation import Segmentation
from diffusion.model.interventions.tie_addition import TieAddition
from diffusion.model.interventions.tie_alteration import TieRemoval
from diffusion.scenario import Scenario
from diffusion.scenario.intervention_words import difference_sentence, doings, intervention_text
from diffusion.scenario.interventions import canonical_intervention
from diffusion.scenario.kinds import kind_keys
from diffusion.scenario.meanings import meaning

__all__ = ["anything"]
WHOLE = HEAD + ROADSHOW + ARMS
ONE_ARM = '[[arms]]\nname = "arm"\n'


def digests(text: str) -> dict[str, str]:
    scenario = read(text)
    return {setting.name: arm_digest(setting) for setting in scenario.settings(scenario.cells()[0])}


def test_what_stands_above_the_arms_holds_for_all_of_them_unless_one_says_otherwise():
    roadshow = Broadcasting(name="roadshow", probability=0.02, from_step=3)
    assert of_arm(HEAD + ROADSHOW + ONE_ARM) == {"roadshow": roadshow}
    assert of_arm(WHOLE, "plain") == {}
    assert of_arm(WHOLE, "louder") == {"roadshow": Broadcasting(name="roadshow", probability=0.1, from_step=3)}


def test_an_arm_may_state_interventions_of_its_own():
    own = '[arms.interventions.fair]\nkind = "broadcast"\nprobability = 0.5\nroles = ["firm"]\nuntil = 4\n'
    found = of_arm(HEAD + ROADSHOW + ONE_ARM + own)
    assert found["fair"] == Broadcasting(name="fair", probability=0.5, roles=("firm",), until_step=4)
    assert list(found) == ["roadshow", "fair"] or list(found) == ["fair", "roadshow"]


@pytest.mark.usefixtures("anything")
def test_values_become_what_the_fields_of_the_kind_want():
    said = (
        '[interventions.all]\nkind = "anything"\nnumber = 1\nmany = 3\nboth = false\nfrom = 2\n'
        'share = { manager = 1, firm = 0.5 }\npeople = ["b", "a"]\npairs = [["x", "y"], "b -> a"]\n'
        'agents = [{ id = "n1", role = "firm", ties_to = ["A001"], site = "north" }]\n'
    )
    assert of_arm(HEAD + said + ONE_ARM)["all"] == Anything(
        name="all",
        number=1.0,
        many=3,
        both=False,
        share={"firm": 0.5, "manager": 1.0},
        people=("a", "b"),
        pairs=(("b", "a"), ("x", "y")),
        agents=(Joining("n1", "firm", (("site", "north"),), ("A001",)),),
        from_step=2,
    )
    assert of_arm(HEAD + '[interventions.all]\nkind = "anything"\nshare = 0.5\n' + ONE_ARM)["all"].share == 0.5


@pytest.mark.usefixtures("anything")
def test_a_scenario_with_interventions_and_costs_goes_through_the_store_and_back():
    said = '[interventions.all]\nkind = "anything"\nshare = { firm = 0.5 }\nagents = [{ id = "n1", role = "firm" }]\n'
    sweep = '[sweep]\n"interventions.all.share" = [{ firm = 0.1 }, 0.3]\n[costs]\nleader = 2\nbudget = 9\n'
    scenario = read(
        HEAD + said + ARMS.replace("roadshow.probability = 0.1", "all.many = 2").replace("roadshow", "all") + sweep
    )
    again = Scenario.from_canonical(json.loads(json.dumps(scenario.canonical())))
    assert again == scenario
    assert again.digest == scenario.digest
    for cell in scenario.cells():
        assert again.settings(cell) == scenario.settings(cell)


def test_arms_without_interventions_are_called_what_they_were_before_there_were_any():
    text = (
        HEAD.replace('position = "random"\n', "")
        + '[[arms]]\nname = "random"\nleaders.position = "random"\n'
        + '[[arms]]\nname = "named"\nleaders.agents = ["A001", "A002"]\nleaders.influence = 2.0\n'
        + "adoption.external = 0.01\n"
    )
    # Worked out by the version before interventions could be stated.
    assert digests(text) == {
        "random": "8c5353c7d6d7f991b5984dde5a72ebcd",
        "named": "ea602a4052688a635826248b853742b7",
    }
    scenario = read(text)
    assert digest_of(scenario.base(scenario.cells()[0])) == "dba49bc04daf76f419a4ebe86c19bfa2"
    assert scenario.digest == "593ff528be8af31e13f317526ddf3108"
    usual = text.replace("count = 3", "count = 3\nrecruitment = 1\nleaving = 0")
    assert digests(usual) == digests(text)


def test_what_is_done_makes_another_arm_and_what_it_is_called_does_not():
    plain, louder = digests(WHOLE)["plain"], digests(WHOLE)["louder"]
    assert plain == digests(HEAD + ONE_ARM)["arm"]
    assert louder != plain
    renamed = HEAD + ROADSHOW.replace("roadshow", "tour") + ONE_ARM + "interventions.tour.probability = 0.1\n"
    assert digests(renamed)["arm"] == louder
    lines = ROADSHOW.splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    assert digests(HEAD + turned + ONE_ARM) == digests(HEAD + ROADSHOW + ONE_ARM)
    usual = ROADSHOW.replace("from = 3", "from = 1")
    assert digests(HEAD + usual + ONE_ARM) == digests(HEAD + ROADSHOW.replace("from = 3\n", "") + ONE_ARM)


def test_two_interventions_are_done_in_an_order_that_their_names_do_not_change():
    other = '[interventions.{}]\nkind = "broadcast"\nprobability = 0.3\n'
    first = of_arm(HEAD + ROADSHOW + other.format("a") + ONE_ARM)
    last = of_arm(HEAD + ROADSHOW + other.format("z") + ONE_ARM)
    assert [said.probability for said in first.values()] == [said.probability for said in last.values()]


@pytest.mark.parametrize(("key", "value"), [("recruitment", 0.5), ("leaving", 0.1)])
def test_leaders_who_decline_or_leave_make_another_arm_unless_nobody_leads(key, value):
    said = f"leaders.{key} = {value}\n"
    assert digests(HEAD + ONE_ARM + said) != digests(HEAD + ONE_ARM)
    nobody = HEAD.replace("count = 3", "count = 0")
    assert digests(nobody + ONE_ARM + said) == digests(nobody + ONE_ARM)


def test_a_swept_key_changes_the_arms_that_have_the_intervention_and_passes_those_that_go_without():
    text = WHOLE.replace("interventions.roadshow.probability = 0.1\n", "") + (
        '[sweep]\n"interventions.roadshow.probability" = [0.1, 0.4]\n'
    )
    for cell, value in enumerate((0.1, 0.4)):
        assert of_arm(text, "louder", cell)["roadshow"].probability == value
        assert of_arm(text, "plain", cell) == {}


def test_a_swept_table_replaces_the_one_of_the_scenario():
    text = (
        HEAD + ROADSHOW + 'roles = ["firm"]\n' + ONE_ARM + '[sweep]\n"interventions.roadshow.roles" = [["manager"]]\n'
    )
    assert of_arm(text)["roadshow"].roles == ("manager",)


def test_what_is_done_is_told_in_one_line_each():
    scenario = read(WHOLE + "leaders.recruitment = 0.8\nleaders.leaving = 0.05\n")
    plain, louder = (setting.parameters for setting in scenario.settings(scenario.cells()[0]))
    assert doings(plain) == ()
    assert doings(louder) == (
        "roadshow (broadcast): probability 0.1, from 3",
        "whoever is asked to lead agrees with probability 0.8",
        "every leader leaves with probability 0.05 per step",
    )
    assert difference_sentence(louder, plain, ("one", "other"), "in who leads") == (
        'one differ from other by adding "roadshow" (broadcast), in how likely leaders agree, '
        "in how likely leaders leave and in who leads."
    )
    assert difference_sentence(plain, plain, ("one", "other"), "in who leads") == ""


def test_an_arm_with_another_form_of_an_intervention_changes_it():
    quiet, loud = (of_arm(HEAD + ROADSHOW.replace("0.02", text) + ONE_ARM) for text in ("0.02", "0.5"))
    scenario = read(HEAD + ROADSHOW + ONE_ARM)
    parameters = scenario.settings(scenario.cells()[0])[0].parameters
    told = difference_sentence(
        type(parameters)(**{**vars_of(parameters), "interventions": tuple(loud.values())}),
        type(parameters)(**{**vars_of(parameters), "interventions": tuple(quiet.values())}),
        ('the arm "a"', 'the arm "b"'),
    )
    assert told == 'the arm "a" differs from the arm "b" by changing "roadshow" (broadcast).'


def vars_of(parameters):
    return {name: getattr(parameters, name) for name in type(parameters).__slots__}


@pytest.mark.usefixtures("anything")
def test_a_long_list_is_told_in_part():
    told = intervention_text(Anything(name="x", people=tuple("abcdefgh"), pairs=(("a", "b"),)))
    assert told == "x (anything): people a, b, c, d, e and 3 others, pairs a -> b"
    assert canonical_intervention(Anything(name="x", many=2)) == {"kind": "anything", "many": 2}


@pytest.mark.parametrize("kind", INTERVENTIONS)
def test_every_key_of_every_kind_can_be_stated(kind):
    for key in kind_keys(kind).values():
        found: list[str] = []
        key.check(
            object(), lambda words, *_, into=found: into.append(words)
        )  # what nobody can mean is refused in words
        assert found, key.name
        assert key.meaning, key.name
        assert meaning(f"interventions.x.{key.name}", kind=kind).sentence == key.meaning
    assert {"from"} <= kind_keys(kind).keys()
    assert not {"name", "from_step", "until_step"} & kind_keys(kind).keys()


@pytest.mark.parametrize(
    ("said", "other", "key"),
    [
        (TieAddition(name="x", count=3), TieAddition(name="x", count=3, between="role"), "between"),
        (
            TieAddition(name="x", ties=(("a", "b"),)),
            TieAddition(name="x", ties=(("a", "b"),), choose="bridging"),
            "choose",
        ),
        (TieRemoval(name="x", count=3), TieRemoval(name="x", count=3, between="role"), "between"),
        (Segmentation(name="x", groups=1), Segmentation(name="x", groups=1, positions=9), "positions"),
        (AgentRemoval(name="x", agents=("a",)), AgentRemoval(name="x", agents=("a",), choose="degree"), "choose"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_keys_that_change_nothing_are_neither_told_nor_make_another_arm(said, other, key):
    assert said != other
    assert canonical_intervention(said) == canonical_intervention(other)
    assert intervention_text(said) == intervention_text(other)
    assert f"{key} " not in intervention_text(other).partition(":")[2]
