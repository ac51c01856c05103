"""The page of two arms side by side, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import Open, Serve, press
from playwright.sync_api import Locator, Page, expect

from diffusion.experiment.plan import Study, plan
from diffusion.scenario import load_scenario
from diffusion.server.agent_card import history
from diffusion.server.arms_told import told
from diffusion.server.differences import differences
from diffusion.server.expected import paired_curves
from diffusion.server.opened import BUILT_IN
from diffusion.server.played import PlayedRun

MIXED = """
title = "Rounds and months"
networks = ["ahsn-a"]
steps = 6
step_unit = "month"
replicates = 64
[adoption]
transmission = 0.05
[leaders]
count = 2
position = "out_degree"
[[arms]]
name = "months"
adoption.rule = "contagion"
[[arms]]
name = "rounds"
adoption.rule = "cascade"
"""


@pytest.fixture(scope="module")
def study() -> Study:
    return plan(load_scenario(BUILT_IN))


def runs(study: Study, left: str, right: str, replicate: int) -> tuple[PlayedRun, PlayedRun]:
    by_name = {arm.name: arm for arm in study.arms}
    seed = study.scenario.seed
    return (
        PlayedRun(by_name[left], seed=seed, replicate=replicate),
        PlayedRun(by_name[right], seed=seed, replicate=replicate),
    )


def codes(side: Locator) -> dict[str, str]:
    """Return the colour code of every agent of one picture, by id."""
    return dict(
        side.locator("[data-agent]").evaluate_all(
            "nodes => nodes.map(node => [node.dataset.agent, node.dataset.stage])"
        )
    )


def left_and_right(page: Page) -> tuple[Locator, Locator]:
    return page.locator(".d-arm-left"), page.locator(".d-arm-right")


def step(page: Page, to: int) -> None:
    for tick in range(1, to + 1):
        press(page, "Step")
        expect(page.locator(".d-differ")).to_have_text(re.compile(f"^Month {tick}: "))


def test_both_arms_go_by_one_clock_and_differ_as_their_runs_do(serve: Serve, open_page: Open, study: Study) -> None:
    page = open_page(f"{serve()}arms?left=out_degree&right=betweenness&replicate=17")
    step(page, 12)
    found = differences(*runs(study, "out_degree", "betweenness", 17), 12)
    expect(page.locator(".d-differ")).to_have_text(told(found, ("“out_degree”", "“betweenness”"), "month"))
    ids = study.networks[0].ids
    for place, side in enumerate(left_and_right(page)):
        assert codes(side) == dict(zip(ids, found.codes(place), strict=True))
    assert len(set(found.codes(0))) > 1


def test_the_two_pictures_have_one_layout(serve: Serve, open_page: Open) -> None:
    page = open_page(f"{serve()}arms")
    page.locator(".d-arm-right [data-agent]").first.wait_for()
    places = [
        side.locator("[data-agent]").evaluate_all("nodes => nodes.map(node => node.getAttribute('transform'))")
        for side in left_and_right(page)
    ]
    assert places[0] == places[1]
    assert len(places[0]) == 180


def test_an_agent_that_is_chosen_on_one_side_is_chosen_on_both(serve: Serve, open_page: Open, study: Study) -> None:
    page = open_page(f"{serve()}arms?replicate=5")
    left, right = runs(study, "out_degree", "random", 5)
    name = study.networks[0].ids[left.leaders[0]]
    page.locator(f".d-arm-right [data-agent='{name}']").click()
    for side in left_and_right(page):
        expect(side.locator(".dn-chosen")).to_have_attribute("data-agent", name)
    fates = page.locator(".d-fate")
    expect(fates.first).to_have_text("Left, out_degree: Leads: it has adopted from the start.")
    assert left.leaders[0] not in right.leaders
    expect(fates.last).to_have_text("Right, random: Has not moved by month 0.")


def test_the_run_with_the_largest_difference_is_one_press_away_and_time_stays(
    serve: Serve, open_page: Open, study: Study
) -> None:
    page = open_page(f"{serve()}arms")
    step(page, 2)
    by_name = {arm.name: arm for arm in study.arms}
    paired = paired_curves(
        by_name["out_degree"], by_name["random"], seed=study.scenario.seed, replicates=study.scenario.replicates
    )
    largest = paired.chosen[0]
    expect(page.locator(".d-typical").first).to_contain_text("in the mean of 1,000 runs, 95 % interval")
    press(page, f"Largest: run {largest.replicate:,} (+{largest.difference})")
    expect(page).to_have_url(re.compile(f"replicate={largest.replicate}$"))
    found = differences(*runs(study, "out_degree", "random", largest.replicate), 2)
    expect(page.locator(".d-differ")).to_have_text(told(found, ("“out_degree”", "“random”"), "month"))


def test_arms_are_swapped_and_the_address_says_so(serve: Serve, open_page: Open) -> None:
    page = open_page(f"{serve()}arms?left=constraint&right=marginal&replicate=3")
    press(page, "Swap")
    expect(page).to_have_url(re.compile("left=marginal&right=constraint&replicate=3$"))
    expect(page.locator(".d-side-left")).to_have_text("Left: marginal")
    page.get_by_role("button", name="Left arm").click()
    page.get_by_role("option", name="out_degree").click()
    expect(page).to_have_url(re.compile("left=out_degree&right=constraint"))


def test_agents_that_differ_are_listed_when_asked_for(serve: Serve, open_page: Open, study: Study) -> None:
    page = open_page(f"{serve()}arms?replicate=5")
    expect(page.locator(".d-differing")).to_have_count(0)
    page.get_by_label("List the agents that differ").check(force=True)
    found = differences(*runs(study, "out_degree", "random", 5), 0)
    expect(page.locator(".d-differing tr")).to_have_count(1 + len(found.differing))


def test_stages_are_shown_instead_when_asked_for(serve: Serve, open_page: Open, study: Study) -> None:
    page = open_page(f"{serve()}arms?replicate=5")
    page.get_by_label("Colour by stage, not by difference").check(force=True)
    left, _ = runs(study, "out_degree", "random", 5)
    name = study.networks[0].ids[left.leaders[0]]
    expect(page.locator(f".d-arm-left [data-agent='{name}']")).to_have_attribute("data-stage", "2")


def test_what_an_address_names_wrongly_is_a_line_on_the_page(serve: Serve, open_page: Open) -> None:
    page = open_page(f"{serve()}arms?left=nobody&replicate=-1")
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text('left: the study has no "nobody"; shown is "out_degree"')
    expect(problems).to_contain_text('replicate: must be a whole number from 0 to 999; got "-1"')
    expect(page.locator(".d-differ")).to_have_text(re.compile("^Start: "))


def test_rounds_beside_months_are_said_not_to_be_one_clock(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "mixed.toml"
    path.write_text(MIXED, encoding="utf-8")
    page = open_page(f"{serve(path)}arms?left=rounds&right=months")
    expect(page.locator(".d-remark")).to_have_text(
        "The left arm goes by rounds of a cascade, the other by months: a round is no month, so who adopts at all can "
        "be compared, but not how soon."
    )
    press(page, "Step")
    expect(page.locator(".d-differ")).to_have_text(re.compile("^Step 1: "))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_its_screen_and_is_worked_by_keys_alone(serve: Serve, open_page: Open, width: int) -> None:
    page = open_page(f"{serve()}arms?replicate=5", width=width)
    expect(page.locator(".d-typical").first).to_contain_text("in this run")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    frame = page.locator(".d-arm-left").get_by_role("application")
    frame.focus()
    page.keyboard.press("ArrowRight")
    for side in left_and_right(page):
        expect(side.locator(".dn-chosen")).to_have_attribute("data-agent", "A001")
    page.get_by_role("button", name="Step", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".d-differ")).to_have_text(re.compile("^Month 1: "))


def test_on_either_side_it_is_told_from_whom_a_move_may_have_come(serve: Serve, open_page: Open, study: Study) -> None:
    page = open_page(f"{serve()}arms?left=out_degree&right=betweenness&replicate=17")
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(page.locator(".d-differ")).to_have_text(re.compile("^Month 36: "))
    both = runs(study, "out_degree", "betweenness", 17)
    told_of = [run.times(36)[1] for run in both]
    agent = next(place for place in range(180) if told_of[0][place] > 0 and told_of[1][place] > 0)
    page.locator(f".d-arm-left [data-agent='{study.networks[0].ids[agent]}'] .dn-shape").click(force=True)
    fates = page.locator(".d-fate")
    for place, side in enumerate(("Left, out_degree", "Right, betweenness")):
        [first, *_] = history(both[place], agent, 36, "month")
        assert ", brought by " in first
        expect(fates.nth(place)).to_have_text(f"{side}: {first}")
