"""Broadcasts, meetings, word of mouth, turnover, and leaders who decline or leave: what each does is known exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from engines import Times, block_of, by_ensemble, by_hand, by_mesa, everywhere
from scipy import stats

from diffusion.draws import LANES
from diffusion.errors import InputError
from diffusion.model.inputs import ModelInput
from diffusion.model.interventions.broadcasting import Broadcasting
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.meetings import Meeting
from diffusion.model.interventions.turnover import Turnover
from diffusion.model.interventions.word_of_mouth import WordOfMouth
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

PATH = Network.from_tables(
    name="path",
    ids="abcdef",
    roles=["manager", "manager", "academic", "academic", "firm", "firm"],
    source="abcde",
    target="bcdef",
)
APART = Network.from_tables(name="apart", ids="abcdef", roles=PATH.roles, source="a", target="b")
CERTAIN = StageParameters("contagion", transmission=1.0)
ONCE = StageParameters("cascade", transmission=1.0)
ALARM = 1e-6
"""How often a statistical test fails although nothing is wrong."""


def said(*interventions: Intervention, adoption: StageParameters = CERTAIN, steps: int = 6, **more: Any) -> Parameters:
    return Parameters(steps=steps, adoption=adoption, interventions=interventions, **more)


def played(network: Network, parameters: Parameters, leaders: Sequence[str]) -> Times:
    """A replicate, which three engines play alike."""
    times = by_ensemble(network, parameters, leaders, seed=3, replicate=70)
    assert by_mesa(network, parameters, leaders, seed=3, replicate=70) == times
    assert by_hand(network, parameters, leaders, seed=3, replicate=70) == times
    return times


def test_a_certain_broadcast_reaches_whom_it_addresses_at_its_first_step() -> None:
    policy = Broadcasting(name="policy", probability=1.0, roles=("firm",), from_step=4, until_step=4)
    nothing = StageParameters("contagion", transmission=0.0)
    assert played(PATH, said(policy, adoption=nothing), ["a"]).adopted_at == [0, -1, -1, -1, 4, 4]


def test_a_broadcast_makes_people_aware_first_where_there_is_such_a_stage() -> None:
    policy = Broadcasting(name="policy", probability=1.0, from_step=2, until_step=2)
    times = played(PATH, said(policy, awareness=StageParameters("contagion")), ["a"])
    assert times.aware_at == [0, 2, 2, 2, 2, 2]
    assert times.adopted_at == [0, 3, 4, 5, 6, -1]


def test_a_broadcast_adds_to_what_there_is_as_one_coin() -> None:
    policy = Broadcasting(name="policy", probability=0.5)
    both = StageParameters("contagion", external=0.2)
    one = StageParameters("contagion", external=1 - 0.8 * 0.5)
    assert played(APART, said(policy, adoption=both), []) == played(APART, said(adoption=one), [])


def test_at_a_meeting_everybody_who_attends_is_tied_for_that_step_only() -> None:
    meeting = Meeting(name="day", attendees=("a", "d", "e"), from_step=3)
    assert played(APART, said(meeting), ["a"]).adopted_at == [0, 1, -1, 3, 3, -1]
    assert played(APART, said(meeting, adoption=ONCE), ["a"]).adopted_at == [0, 1, -1, 3, 3, -1]


def test_meetings_are_repeated_every_so_many_steps() -> None:
    meetings = Meeting(name="days", attendees=("b", "c", "d"), strength=1.0, from_step=1, until_step=5, every=2)
    assert played(APART, said(meetings), ["a"]).adopted_at == [0, 1, 3, 3, -1, -1]


def test_a_meeting_counts_for_thresholds_while_it_lasts() -> None:
    half = StageParameters("threshold", threshold=0.5)
    crowd = Meeting(name="crowd", attendees=("b", "c", "d", "f"), from_step=1, until_step=2)
    assert played(APART, said(adoption=half), ["a"]).adopted_at == [0, 1, -1, -1, -1, -1]
    # At the first meeting b's ties are those from a and from three others: a quarter of them have adopted.
    assert played(APART, said(crowd, adoption=half), ["a"]).adopted_at == [0, 3, -1, -1, -1, -1]


def test_people_attend_as_often_as_is_stated_for_their_role() -> None:
    meeting = Meeting(name="day", attendance={"manager": 1.0, "academic": 0.3}, from_step=1)
    blocks = [block_of(APART, said(meeting, steps=1), everywhere(APART, ["b"]), block=block) for block in range(40)]
    came = sum(int((times.adopted_at[2] == 1).sum()) for times in blocks)
    assert stats.binomtest(came, 40 * LANES, 0.3).pvalue > ALARM
    assert all((times.adopted_at[0] == 1).all() for times in blocks)
    assert all((times.adopted_at[4:] == -1).all() for times in blocks)


def test_who_attends_depends_on_nobody_else() -> None:
    meeting = Meeting(name="day", attendance=0.5, from_step=2)
    fewer = Network.from_tables(name="fewer", ids="abcd", roles=PATH.roles[:4], source="a", target="b")
    more = block_of(APART, said(meeting, steps=2), everywhere(APART, ["a"])).adopted_at
    assert np.array_equal(block_of(fewer, said(meeting, steps=2), everywhere(fewer, ["a"])).adopted_at, more[:4])


def test_word_of_mouth_multiplies_what_leaders_pass_on_while_it_lasts() -> None:
    half = StageParameters("contagion", transmission=0.5)
    silence = WordOfMouth(name="silence", factor=0.0, from_step=1, until_step=3)
    campaign = WordOfMouth(name="campaign", factor=2.0, from_step=4, until_step=4)
    assert played(APART, said(silence, campaign, adoption=half), ["a"]).adopted_at[1] == 4


def test_a_tie_tried_once_is_tried_again_when_it_has_become_stronger_with_the_same_coin() -> None:
    once = StageParameters("cascade", transmission=0.5)
    louder = WordOfMouth(name="louder", factor=1.5, from_step=3)
    before = block_of(APART, said(adoption=once), everywhere(APART, ["a"])).adopted_at[1]
    after = block_of(APART, said(louder, adoption=once), everywhere(APART, ["a"])).adopted_at[1]
    stronger = StageParameters("cascade", transmission=0.75)
    reached = block_of(APART, said(adoption=stronger), everywhere(APART, ["a"])).adopted_at[1] == 1
    assert ((after == 1) == (before == 1)).all()
    assert ((after == 3) == (reached & (before == -1))).all()
    assert (after == 3).any()


def test_a_post_that_changes_hands_every_step_never_adopts_but_at_the_last() -> None:
    turnover = Turnover(name="t", rate={"academic": 1.0})
    times = played(PATH, said(turnover), ["a"])
    assert times.adopted_at == [0, 1, 6, -1, -1, -1]


def test_a_leader_whose_post_changes_hands_leads_no_more() -> None:
    turnover = Turnover(name="t", rate={"manager": 1.0}, from_step=1, until_step=1)
    assert played(PATH, said(turnover), ["a"]).adopted_at == [-1] * 6


def test_a_new_holder_starts_unaware() -> None:
    turnover = Turnover(name="t", rate={"academic": 1.0}, from_step=5, until_step=5)
    times = played(PATH, said(turnover, awareness=CERTAIN), ["a"])
    assert times.aware_at == [0, 1, 5, 6, 4, 5]


def test_posts_change_hands_as_often_as_is_stated() -> None:
    turnover = Turnover(name="t", rate=0.1, from_step=1, until_step=1)
    stay = StageParameters("contagion", transmission=0.0)
    blocks = [block_of(PATH, said(turnover, adoption=stay), everywhere(PATH, "abcdef"), block=b) for b in range(20)]
    changed = sum(int((times.adopted_at == -1).sum()) for times in blocks)
    assert stats.binomtest(changed, 20 * LANES * 6, 0.1).pvalue > ALARM


def test_leaders_who_decline_are_not_replaced_and_count_as_assigned() -> None:
    times = block_of(PATH, said(leader_recruitment=0.4, steps=0), everywhere(PATH, "abcdef"))
    agreed = int((times.adopted_at == 0).sum())
    assert stats.binomtest(agreed, LANES * 6, 0.4).pvalue > ALARM
    assert (times.leads == ~np.uint64(0)).all()


def test_leaders_who_all_leave_at_once_reach_nobody_later() -> None:
    times = played(PATH, said(leader_leaving=1.0), ["a"])
    assert times.adopted_at == [0, 1, 2, 3, 4, 5]
    assert times.abandoned_at == [1, -1, -1, -1, -1, -1]


def test_leaders_leave_as_often_as_is_stated_and_others_do_not() -> None:
    blocks = [block_of(PATH, said(leader_leaving=0.2, steps=1), everywhere(PATH, "ab"), block=b) for b in range(40)]
    left = sum(int((times.abandoned_at[:2] == 1).sum()) for times in blocks)
    assert stats.binomtest(left, 40 * LANES * 2, 0.2).pvalue > ALARM
    assert all((times.abandoned_at[2:] == -1).all() for times in blocks)


@pytest.mark.parametrize(
    ("intervention", "line"),
    [
        (
            Broadcasting(name="p", probability=1.5),
            "interventions.p.probability: must be a number between 0 and 1; got 1.5",
        ),
        (
            Broadcasting(name="p", probability=0.5, from_step=9),
            "interventions.p.from: must be a step between 1 and 6, the last of the study; got 9",
        ),
        (
            Broadcasting(name="p", probability=0.5, from_step=3, until_step=2),
            "interventions.p.until: must be a step between 3, the first, and 6, the last; got 2",
        ),
        (
            Broadcasting(name="p", probability=0.5, roles=("manger",)),
            'interventions.p.roles: no agent of "path" has the role "manger"; did you mean "manager"?',
        ),
        (
            Broadcasting(name="p", probability=0.5, stage="awareness"),
            "interventions.p.stage: there is no awareness stage; state one under [awareness], or say adoption",
        ),
        (
            Broadcasting(name="p", probability=0.5, stage="both"),
            'interventions.p.stage: must be awareness or adoption; got "both"',
        ),
        (Meeting(name="m"), "interventions.m.attendance: state either attendance or attendees; neither came"),
        (
            Meeting(name="m", attendance=1.0, attendees=("a",)),
            "interventions.m.attendance: state either attendance or attendees; both came",
        ),
        (Meeting(name="m", attendees=("z",)), 'interventions.m.attendees: "z" is no agent of "path"'),
        (
            Meeting(name="m", attendees=("a", "a")),
            'interventions.m.attendees: "a" is named twice; name every agent once',
        ),
        (
            Meeting(name="m", attendance={"firm": 2.0}),
            "interventions.m.attendance.firm: must be a number between 0 and 1; got 2",
        ),
        (
            Meeting(name="m", attendance=1.0, strength=0.0),
            "interventions.m.strength: must be a number above 0, up to 1; got 0",
        ),
        (
            Meeting(name="m", attendance=1.0, every=0),
            "interventions.m.every: must be a whole number of steps, at least 1; got 0",
        ),
        (
            Meeting(name="m", attendance=1.0, every=3),
            "interventions.m.every: without until there is one meeting, so nothing is repeated; got 3; add until, the",
        ),
        (WordOfMouth(name="w", factor=-1.0), "interventions.w.factor: must be a number of at least 0; got -1"),
        (
            Turnover(name="t", rate={"firms": 0.1}),
            'interventions.t.rate: no agent of "path" has the role "firms"; did you mean "firm"?',
        ),
    ],
    ids=str,
)
def test_what_does_not_fit_is_said_in_one_line(intervention: Intervention, line: str) -> None:
    with pytest.raises(InputError) as refused:
        ModelInput.of(PATH, said(intervention), seed=1)
    assert refused.value.problems[0].startswith(line)
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize(
    "more",
    [{"leader_recruitment": 1.5}, {"leader_leaving": -0.1}],
    ids=str,
)
def test_shares_of_leaders_lie_between_0_and_1(more: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"must be a number between 0 and 1"):
        ModelInput.of(PATH, said(**more), seed=1)
