"""Who could have convinced whom in a run: the table says what credit says, and the figure shows it."""

from __future__ import annotations

import pandas as pd
import pytest
from experiment_cases import played

from diffusion.analysis.credit import credit_of
from diffusion.experiment.convincing import CONVINCED_COLUMNS, MOVED_COLUMNS, convinced, moved
from diffusion.experiment.replay import find_arm, replayed
from diffusion.model.inputs import ModelInput
from diffusion.report.figures.convincing import MOST_NAMED, caption, convincing

OUTSIDE = """
[[arms]]
name = "policy"
leaders.position = "out_degree"
adoption.external = 0.1
"""


@pytest.fixture
def run_of(make_study, make_store):
    study = make_study(more=OUTSIDE)
    store = played(study, make_store())

    def found(arm: str, replicate: int):
        run = replayed(study, store, find_arm(study, network=None, arm=arm, cell=None), replicate)
        model_input = ModelInput.of(run.arm.network, run.arm.setting.parameters, seed=study.scenario.seed)
        return run, model_input

    return found


@pytest.mark.parametrize("replicate", range(8))
def test_the_shares_of_every_adopter_sum_to_one_and_are_those_of_credit(run_of, replicate):
    run, model_input = run_of("policy", replicate)
    table = convinced(run, model_input)
    adopted = table[table["stage"] == "adopted"]
    later = [run.arm.network.ids[agent] for agent in (run.times["adopted_at"] > 0).nonzero()[0]]
    assert sorted(adopted["agent"].unique()) == later
    assert adopted.groupby("agent")["share"].sum().round(9).eq(1).all()
    credit = credit_of(model_input, replicate=replicate, **run.times)
    totals = adopted.groupby("source")["share"].sum()
    for agent, total in enumerate(credit.totals("adopted").agents):
        assert totals.get(run.arm.network.ids[agent], 0.0) == pytest.approx(total)


def test_those_who_could_have_convinced_somebody_stand_in_the_table_with_a_share_of_0(run_of):
    shares = pd.concat([convinced(*run_of("policy", replicate)) for replicate in range(20)])["share"]
    assert (shares == 0).any()
    assert (shares == 1).any()


def test_the_table_of_moves_has_an_agent_a_row_and_nothing_where_it_never_moved(run_of):
    run, _ = run_of("random", 3)
    table = moved(run)
    assert tuple(table.columns) == MOVED_COLUMNS
    assert list(table["agent"]) == list(run.arm.network.ids)
    assert table["adopted_at"].isna().sum() == (run.times["adopted_at"] < 0).sum()
    assert list(table.loc[table["leads"], "agent"]) == [run.arm.network.ids[agent] for agent in run.leaders]


def test_the_figure_has_a_mark_for_every_adopter(run_of):
    run, model_input = run_of("policy", 2)
    moves, sources = moved(run), convinced(run, model_input)
    [axes] = convincing(moves, sources).axes
    named = {text.get_text() for text in axes.texts}
    assert named == set(moves.loc[moves["adopted_at"].notna(), "agent"])
    told = caption(moves, sources, said="a run")
    assert f"{int(moves['adopted_at'].notna().sum())} of {len(moves)} agents adopted" in told


def test_a_run_in_which_nobody_adopts_and_one_of_many_give_a_figure():
    nobody = pd.DataFrame(
        {"agent": ["a"], "role": ["x"], "leads": [False], "adopted_at": pd.array([None], dtype="Int64")}
    )
    nothing = pd.DataFrame(columns=list(CONVINCED_COLUMNS))
    [axes] = convincing(nobody, nothing).axes
    assert [text.get_text() for text in axes.texts] == ["nobody adopted"]
    size = 3 * MOST_NAMED
    many = pd.DataFrame(
        {
            "agent": [f"a{number:04}" for number in range(size)],
            "role": "x",
            "leads": [number == 0 for number in range(size)],
            "adopted_at": pd.array([min(number, 9) for number in range(size)], dtype="Int64"),
        }
    )
    chain = pd.DataFrame(
        [(1, f"a{number:04}", "x", "adopted", "a0000", "x", 1.0, "") for number in range(1, size)],
        columns=list(CONVINCED_COLUMNS),
    )
    [axes] = convincing(many, chain).axes
    assert {text.get_text() for text in axes.texts} == {""}
    assert "too many" in caption(many, chain, said="a run")
