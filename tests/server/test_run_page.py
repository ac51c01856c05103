"""The page of one run, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import Open, Serve, choose, happened, press, stages
from playwright.sync_api import expect

from diffusion.experiment.plan import plan
from diffusion.scenario import load_scenario
from diffusion.server.opened import BUILT_IN
from diffusion.server.played import PlayedRun


def test_a_run_is_stepped_and_what_happened_is_told(serve: Serve, open_page: Open) -> None:
    page = open_page(serve())
    expect(page.locator("h1")).to_have_text("Which position should a knowledge leader hold?")
    assert happened(page).startswith("Start: ")
    press(page, "Step")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Month 1: "))
    press(page, "Back")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Start: "))


@pytest.mark.parametrize("arm", ["random", "out_degree"])
def test_run_17_in_the_browser_is_run_17_of_the_batch(serve: Serve, open_page: Open, arm: str) -> None:
    page = open_page(f"{serve()}?arm={arm}&replicate=17")
    for _ in range(12):
        press(page, "Step")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Month 12: "))
    study = plan(load_scenario(BUILT_IN))
    planned = next(known for known in study.arms if known.name == arm)
    run = PlayedRun(planned, seed=study.scenario.seed, replicate=17)
    wanted = run.stages(12)
    drawn = stages(page)
    assert {name for name, stage in drawn.items() if stage == "2"} == {
        name for name, stage in zip(planned.network.ids, wanted, strict=True) if stage == 2
    }


def test_the_slider_goes_to_any_step_and_reset_back_to_the_start(serve: Serve, open_page: Open) -> None:
    page = open_page(f"{serve()}?arm=constraint&replicate=2")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Month 36: "))
    at_the_end = stages(page)
    page.keyboard.press("Home")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Start: "))
    assert list(stages(page).values()).count("2") == 3
    page.keyboard.press("End")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Month 36: "))
    assert stages(page) == at_the_end
    press(page, "Reset")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Start: "))


def test_a_run_plays_by_itself_and_pauses(serve: Serve, open_page: Open) -> None:
    page = open_page(serve())
    choose(page, "Speed", "fastest")
    press(page, "Play")
    expect(page.locator(".d-happened")).to_have_text(re.compile(r"^Month ([5-9]|\d\d): "))
    press(page, "Pause")
    page.wait_for_timeout(400)
    stopped = happened(page)
    page.wait_for_timeout(800)
    assert happened(page) == stopped
    press(page, "Play")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Month 36: "), timeout=30_000)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_an_agent_is_chosen_by_a_click_and_by_its_name(serve: Serve, open_page: Open) -> None:
    page = open_page(f"{serve()}?arm=out_degree&replicate=0")
    names = sorted(stages(page))
    page.locator(f'[data-agent="{names[7]}"]').click()
    expect(page.locator(".d-agent-name")).to_have_text(names[7])
    expect(page.locator(".d-agent")).to_contain_text("betweenness")
    page.locator(f'[data-agent="{names[7]}"]').click()
    expect(page.locator(".d-agent-name")).to_have_count(0)
    page.get_by_label("Find an agent").fill(names[20])
    page.get_by_role("option", name=names[20]).click()
    expect(page.locator(".d-agent-name")).to_have_text(names[20])
    expect(page.locator(f'[data-agent="{names[20]}"]')).to_have_class(re.compile("dn-chosen"))


def test_everything_can_be_done_from_the_keyboard(serve: Serve, open_page: Open) -> None:
    page = open_page(serve())
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Month 1: "))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Start: "))
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    picture = page.get_by_role("application")
    picture.focus()
    page.keyboard.press("ArrowRight")
    first = page.locator(".d-agent-name").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".d-agent-name")).not_to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.locator(".d-agent-name")).to_have_count(0)


def test_layers_are_switched_off_and_on(serve: Serve, open_page: Open) -> None:
    page = open_page(serve())
    box = page.locator(".dn-layer input").first
    layer = page.locator(".dn-svg > g[opacity]").first
    box.uncheck()
    expect(layer).to_have_attribute("visibility", "hidden")
    box.check()
    expect(layer).to_have_attribute("visibility", "visible")


def test_another_arm_is_chosen_from_the_menu_and_stands_in_the_address(serve: Serve, open_page: Open) -> None:
    page = open_page(serve())
    choose(page, "Arm", "marginal")
    expect(page.locator(".d-coordinates").first).to_contain_text("arm “marginal”")
    assert "arm=marginal" in page.url


def test_two_browsers_do_not_disturb_each_other(serve: Serve, open_page: Open) -> None:
    first, second = open_page(serve()), open_page(f"{serve()}?arm=constraint")
    for _ in range(3):
        press(first, "Step")
    expect(first.locator(".d-happened")).to_have_text(re.compile("^Month 3: "))
    assert happened(second).startswith("Start: ")
    press(second, "Step")
    expect(second.locator(".d-happened")).to_have_text(re.compile("^Month 1: "))
    assert happened(first).startswith("Month 3: ")


def test_a_broken_scenario_shows_its_line_and_is_read_again_when_mended(
    serve: Serve, open_page: Open, tmp_path: Path
) -> None:
    path = tmp_path / "broken.toml"
    good = BUILT_IN.read_text(encoding="utf-8")
    path.write_text(good.replace("transmission", "transmision"), encoding="utf-8")
    address = serve(path)
    said = 'broken.toml:11: adoption.transmision: unknown key; did you mean "transmission"?'
    for place in ("", "arms", "ask"):
        page = open_page(address + place)
        expect(page.get_by_role("alert")).to_contain_text(said)
    path.write_text(good, encoding="utf-8")
    page = open_page(address)
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Start: "))


def test_a_run_that_is_not_stored_says_how_to_store_it(serve: Serve, open_page: Open) -> None:
    page = open_page(serve())
    said = f"To have it in a table of all runs: diffusion run {BUILT_IN} --database "
    expect(page.locator(".d-stored")).to_contain_text(said)
