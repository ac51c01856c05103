"""The report of a study on an uncertain network: what it says, that its numbers are traced, its tables and figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from experiment_cases import MakeStore, MakeStudy, make_store, make_study, played, scenario_file
from printing import check_print
from survived_cases import IMPUTATION, ROBUSTNESS, SWEEP, uncertain

from diffusion.analysis.turning import turning
from diffusion.errors import InputError
from diffusion.report.chapter import Chapter
from diffusion.report.figures import survival_by_rate, survival_by_world
from diffusion.report.numbers import UNTRACED
from diffusion.report.survival_numbers import found_at, told_of, turned
from diffusion.report.text import written_sections
from diffusion.report.writing import read_chapter

__all__ = ["make_store", "make_study", "scenario_file"]


@pytest.fixture
def chapter_of(make_study: MakeStudy, make_store: MakeStore) -> Callable[..., Chapter]:
    def made(error: str, **how: Any) -> Chapter:
        study = make_study(text=uncertain(error), replicates=how.pop("replicates", 20), **how)
        store = played(study, make_store())
        return read_chapter(store, store.find(study.name))

    return made


@pytest.fixture
def swept(chapter_of: Callable[..., Chapter]) -> Chapter:
    return chapter_of(ROBUSTNESS, more=SWEEP)


@pytest.fixture
def imputed(chapter_of: Callable[..., Chapter]) -> Chapter:
    return chapter_of(IMPUTATION)


def told(sections: dict[str, str], name: str) -> str:
    return " ".join(sections[name].split())


def test_runs_on_the_given_network_that_all_cells_share_are_counted_once(
    swept: Chapter, chapter_of: Callable[..., Chapter]
) -> None:
    assert "further runs" not in told(written_sections(swept), "setup")  # they are those of the cell without error
    chapter = chapter_of(ROBUSTNESS, more=SWEEP.replace("0.0, ", ""), name="other")
    assert "for [the arms on the given network](#sec:survival)" in told(written_sections(chapter), "setup")
    assert chapter.numbers.as_json()["study.extra_runs"]["value"] == 3 * 8 * 20


def test_what_holds_in_every_cell_is_said_once(swept: Chapter) -> None:
    text = " ".join(told(written_sections(swept), name) for name in ("findings", "survival"))
    assert text.count("All arms live through the same") == 1
    assert text.count("a world counts only where the lead exceeds twice its Monte Carlo error") == 1


def test_one_run_in_each_world_fills_no_counts_and_says_so_once(chapter_of: Callable[..., Chapter]) -> None:
    sections = written_sections(chapter_of(ROBUSTNESS, more=SWEEP, replicates=1))
    assert told(sections, "survival").count("One run of an arm in each world cannot show") == 1
    assert told(sections, "findings").count("One run of an arm in each world cannot show") == 1
    text = " ".join(told(sections, name) for name in ("findings", "survival"))
    assert "undecided in" not in text
    assert "shows how often the best arm stays best" not in text
    assert "played once" not in told(sections, "certainty")
    lines = [line for line in sections["survival"].splitlines() if "missing_ties" in line and line.startswith("|")]
    assert [[cell.strip() for cell in line.split("|")[3:6]] for line in lines] == [["", "", ""]] * 3


def test_where_room_ran_out_is_told_with_traced_numbers(chapter_of: Callable[..., Chapter]) -> None:
    chapter = chapter_of('mode = "imputation"\nmissing_ties = 0.95', replicates=4)
    sections = written_sections(chapter)
    full = chapter.result.groups[0].survived.no_room
    assert full is not None
    assert "room runs out for the stated error" in told(sections, "survival")
    assert "Nor are the stated rates attained everywhere" in told(sections, "limitations")
    numbers = chapter.numbers.as_json().items()
    assert [name for name, _ in numbers if name.startswith(UNTRACED)] == []
    traced = [one for _, one in numbers if one["from"]["from"] == "no_room"]
    assert traced
    assert all(_at(full.as_json(), one["from"]["path"]) == one["value"] for one in traced)


def test_what_follows_on_plausible_networks_is_not_said_of_the_given_one(imputed: Chapter) -> None:
    text = told(written_sections(imputed), "implications")
    assert "for networks of which this one could have been observed with the stated error:" in text


def test_the_section_names_the_mode_and_begins_with_where_the_ranking_turns_over(swept: Chapter) -> None:
    sections = written_sections(swept)
    text = told(sections, "survival")
    assert text.startswith(
        "# Does the ranking survive an uncertain network? {#sec:survival} No survey reaches everybody"
    )
    assert text.index("As missing\\_ties grows") < text.index("Table: What survives of the ranking")
    assert text.count("leaders are chosen on what a survey with this error would have shown") == 1
    assert "taken as true, and the error of the survey is assumed" in told(sections, "limitations")
    assert "with leaders chosen on what a survey with the stated error shows:" in told(sections, "implications")
    assert "*Uncertain network (mode `robustness`).*" in told(sections, "methods")
    assert "@kossinets2006" in sections["methods"]
    drawn = told(sections, "methods").partition("Drawn in this study:")[2]
    assert "what a survey would have shown of the network" in drawn
    assert "known up to a distribution only" not in told(sections, "limitations")
    assert "worlds, which differ in the network, over" in told(sections, "setup")


def test_imputation_says_what_it_took_for_observed_and_where_leaders_were_chosen(imputed: Chapter) -> None:
    sections = written_sections(imputed)
    assert "a plausible true one was drawn" in told(sections, "survival")
    assert "Leaders are chosen on the given network, and runs are played over" in told(sections, "methods")
    assert "@butts2003" in sections["methods"]
    assert "are assumed" in told(sections, "limitations")
    assert "if ties were missing from the data" not in told(sections, "elsewhere")


@pytest.mark.parametrize("case", ["swept", "imputed"])
def test_every_number_is_found_again(case: str, request: pytest.FixtureRequest) -> None:
    chapter: Chapter = request.getfixturevalue(case)
    written_sections(chapter)
    numbers = chapter.numbers.as_json()
    assert [one for name, one in numbers.items() if name.startswith(UNTRACED)] == []
    again = read_chapter(chapter.store, chapter.store.find("who"))
    places = {(one.group.network.name, one.group.cell.index): place for place, one in enumerate(again.result.groups)}
    kinds = set()
    for one in numbers.values():
        source = one["from"]
        if source["from"] == "survival":
            found = found_at(again, places[source["network"], source["cell"]])
            assert found is not None
            assert _at(told_of(found), source["path"]) == one["value"]
        elif source["from"] == "turning":
            value = _at([line.as_json() for line in turned(again)], source["path"])
            assert (len(value) if source.get("field") == "count" else value) == one["value"]
        kinds.add(source["from"])
    assert {"survival", "turning"} & kinds == ({"survival", "turning"} if case == "swept" else {"survival"})


def _at(inside: Any, path: list[Any]) -> Any:
    for step in path:
        inside = inside[step]
    return inside


def test_tables_hold_what_survives_by_place_arm_and_world(swept: Chapter) -> None:
    loaded = swept.loaded
    found = [group.survived.found["adopted_share"] for group in swept.result.groups]
    assert list(loaded.survival["best_survives_in"]) == [one.best_survives_in for one in found]
    assert list(loaded.survival["uncertain_network.missing_ties"]) == [0.0, 0.9, 0.4]
    assert not loaded.survival.map(lambda value: isinstance(value, tuple)).any(axis=None)
    arms, worlds = loaded.survival_arms, loaded.survival_worlds
    assert (len(arms), len(worlds)) == (3 * 3, 3 * 3 * 8)
    means = worlds.groupby(["cell", "arm"], sort=False)[["given", "drawn", "behind_best"]].mean()
    for row in arms.itertuples():
        here = means.loc[row.cell, row.arm]
        assert here["given"] == pytest.approx(row.given)
        assert here["drawn"] == pytest.approx(row.drawn)
        assert here["behind_best"] == pytest.approx(row.behind_best)
        assert row.change == pytest.approx(row.drawn - row.given)


def test_studies_on_one_network_have_empty_tables_and_no_figures(loaded_study: Any) -> None:
    study = loaded_study(["ahsn-a"], [("random", "random"), ("hubs", "out_degree")], replicates=2, steps=2)
    for table in (study.survival, study.survival_arms, study.survival_worlds):
        assert isinstance(table, pd.DataFrame)
        assert table.empty
        assert "best" in table.columns or "verdict" in table.columns
    with pytest.raises(InputError, match=r"no network is uncertain; say how with \[uncertain_network\]"):
        study.draw_survival()
    with pytest.raises(InputError, match=r"the sweep has no numbers of \[uncertain_network\]"):
        study.draw_survival_by_rate()


@pytest.mark.parametrize("width_mm", [84, 174])
def test_both_figures_can_be_printed(swept: Chapter, width_mm: float) -> None:
    check_print(swept.loaded.draw_survival_by_rate(width_mm=width_mm), width_mm)
    check_print(swept.loaded.draw_survival(cell=1, width_mm=width_mm), width_mm)


def test_shares_stand_at_their_rates_with_exact_intervals(swept: Chapter) -> None:
    [line] = turned(swept)
    [axes] = swept.loaded.draw_survival_by_rate().axes
    drawn = {one.get_marker(): one for one in axes.lines if one.get_marker() != "None"}
    assert set(drawn) == {"o", "s"}
    stays = np.asarray(drawn["o"].get_ydata())
    assert list(stays) == [100 * one.best_survives_in / 8 for one in line.at]
    assert list(np.round(np.asarray(drawn["o"].get_xdata()), 1)) == [0.0, 0.4, 0.9]
    bars = [np.asarray(one.get_ydata()) for one in axes.lines if one.get_color() == drawn["o"].get_color()]
    ends = [list(bar) for bar in bars if len(bar) == 2]
    assert ends == [[100 * float(one.survives_low or 0), 100 * float(one.survives_high or 0)] for one in line.at]
    assert "Bars: exact 95 % intervals." in survival_by_rate.caption([line])


def test_a_panel_stands_for_every_line_and_limits_of_names_fall(swept: Chapter) -> None:
    found = [group.survived.found["adopted_share"] for group in swept.result.groups]
    cells: list[tuple[dict[str, object], Any]] = [
        ({"uncertain_network.name_cap": cap, "leaders.count": count}, found[place])
        for place, cap in enumerate((3, 5, 8))
        for count in (2, 4)
    ]
    lines = turning(cells)
    figure = survival_by_rate.survival_by_rate(lines, width_mm=84)
    check_print(figure, 84)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["leaders.count = 2", "leaders.count = 4"]
    low, high = figure.axes[0].get_xlim()
    assert low > high
    tables: list[tuple[dict[str, object], Any]] = [
        ({"uncertain_network.missing_respondents": {"firm": rate, "manager": rate / 2}}, one)
        for rate, one in zip((0.1, 0.2, 0.4), found, strict=True)
    ]
    check_print(survival_by_rate.survival_by_rate(turning(tables), width_mm=84), 84)


def test_diamonds_stand_on_the_given_network_and_points_where_the_mean_is(imputed: Chapter) -> None:
    arms = imputed.loaded.survival_arms
    figure = imputed.loaded.draw_survival()
    [axes] = figure.axes
    others = arms[arms["arm"] != arms["best"]].sort_values("place")
    assert [label.get_text() for label in axes.get_yticklabels()] == list(others["arm"])
    for mark, column in (("D", "given_behind_best"), ("o", "behind_best")):
        drawn = [float(np.asarray(one.get_xdata())[0]) for one in axes.lines if one.get_marker() == mark]
        assert drawn == pytest.approx(list(100 * others[column]))
    text = survival_by_world.caption(arms, imputed.loaded.survival_worlds)
    assert f"Differences of arms from {arms['best'].iloc[0]}, the best on the given network: in 8 worlds" in text
