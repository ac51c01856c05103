"""The page of questions asked by hand, in a real browser."""

from __future__ import annotations

import json
import re
from math import dist
from pathlib import Path
from typing import Any

import ipyvue
import pytest
import solara
from pages import Open, Serve, press
from playwright.sync_api import FilePayload, Page, expect

from diffusion.cli.main import main
from diffusion.scenario import load_scenario
from diffusion.server.question_page import ASKING, QuestionPage
from diffusion.server.uploads import MOST_BYTES

EDGES = b"source,target\nann,bob\nann,cyd\nbob,cyd\ncyd,dan\ndan,eve\n"
FRESH = ".dq-answer[aria-busy=false]"


def asked(serve: Serve, open_page: Open, **said: int) -> Page:
    page = open_page(f"{serve()}ask", **said)
    expect(page.locator(FRESH)).to_be_visible(timeout=30_000)
    return page


def rows(page: Page) -> dict[str, str]:
    """Return the mean that is shown of each arm, with its interval, once the answer is there."""
    expect(page.locator(FRESH)).to_be_visible()
    found = page.locator(".dq-answer tbody tr").evaluate_all(
        "rows => rows.map(row => [row.dataset.arm, row.querySelector('.dq-value').innerText])"
    )
    return dict(found)


def sent(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def click_agent(page: Page, agent: str) -> None:
    page.locator(f'[data-agent="{agent}"] .dn-shape').click(force=True)


def agents(page: Page, *places: int) -> list[str]:
    ids = page.locator("[data-agent]").evaluate_all("nodes => nodes.map(node => node.dataset.agent)")
    return [ids[place] for place in places]


def number(page: Page, label: str, which: int = 0) -> Any:
    return page.locator(".dq-number", has=page.locator("label", has_text=re.compile(f"^{label}"))).nth(which)


def set_number(page: Page, label: str, text: str) -> None:
    field = number(page, label).locator(".dq-text")
    field.fill(text)
    field.press("Enter")


def choose(page: Page, menu: str, item: str) -> None:
    page.get_by_label(menu, exact=True).locator("visible=true").first.click(force=True)
    page.locator(".v-menu__content.menuable__content__active").get_by_text(item, exact=True).click()


def saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        press(page, "Save as scenario")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def run(file: Path, capsys: pytest.CaptureFixture[str], folder: Path) -> dict[str, str]:
    """Return the means of a scenario's arms, as the page writes them."""
    assert main(["run", str(file), "--json", "--database", str(folder / "runs.db")]) == 0
    found = {}
    for arm in json.loads(capsys.readouterr().out)["arms"]:
        said = arm["outcomes"]["adopted_share"]
        mean, low, high = (100 * said[key] for key in ("mean", "low", "high"))
        found[arm["arm"]] = f"{mean:.1f} ({low:.1f} to {high:.1f})"
    return found


def test_leaders_chosen_by_clicking_are_compared_with_the_positions_and_saved_to_the_same_numbers(
    serve: Serve, open_page: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = asked(serve, open_page)
    before = rows(page)
    assert set(before) == {"random", "out_degree", "betweenness", "constraint", "marginal"}
    chosen = agents(page, 3, 60, 120)
    for agent in chosen:
        click_agent(page, agent)
        expect(page.get_by_role("button", name=f"{agent} leads no more")).to_be_visible()
    expect(page.locator('tr[data-arm="chosen"] .dq-who')).to_have_text(
        " and ".join([", ".join(sorted(chosen)[:-1]), max(chosen)])
    )
    found = rows(page)
    assert {arm: found[arm] for arm in before} == before
    set_number(page, "transmission", "0.02")
    expect(page.locator('tr[data-arm="random"] .dq-value')).not_to_have_text(before["random"])
    expect(page.locator(".d-text", has_text="transmission = 0.02 ")).to_have_count(0)
    file = saved(page, tmp_path)
    scenario = load_scenario(file)
    assert scenario.sections["adoption"]["transmission"] == 0.02
    assert set(scenario.arms[0].overrides["leaders"]["agents"]) == set(chosen)
    assert rows(page) == run(file, capsys, tmp_path)


def test_a_second_click_and_the_buttons_let_leaders_go(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    [one, two] = agents(page, 5, 50)
    click_agent(page, one)
    click_agent(page, two)
    expect(page.locator('tr[data-arm="chosen"]')).to_be_visible()
    click_agent(page, one)
    expect(page.get_by_role("button", name=f"{one} leads no more")).to_have_count(0)
    press(page, f"{two} leads no more")
    expect(page.locator('tr[data-arm="chosen"]')).to_have_count(0)
    expect(page.get_by_text("Your leaders:")).to_have_count(0)


def test_the_picture_stays_where_it_is_however_many_leaders_are_clicked(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    before = page.locator(".dn-frame").bounding_box()
    for agent in agents(page, *range(5, 85, 10)):
        click_agent(page, agent)
        expect(page.get_by_role("button", name=f"{agent} leads no more")).to_be_visible()
    assert page.locator(".dn-frame").bounding_box() == before


def test_a_click_beside_a_small_mark_is_meant_for_it_and_one_far_from_all_for_nobody(
    serve: Serve, open_page: Open
) -> None:
    page = asked(serve, open_page)
    places = page.locator("[data-agent] .dn-shape").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect())"
        ".map((box, place) => [nodes[place].parentNode.dataset.agent, box.x + box.width / 2, box.y + box.height / 2])"
    )
    agent, x, y = max(places, key=lambda one: sorted(dist(one[1:], other[1:]) for other in places)[1])
    frame = page.locator(".dn-frame").bounding_box()
    assert frame is not None
    corners = [(frame["x"] + 3, frame["y"] + 3), (frame["x"] + frame["width"] - 3, frame["y"] + 3)]
    page.mouse.click(*max(corners, key=lambda corner: min(dist(corner, one[1:]) for one in places)))
    page.mouse.click(x + 7, y)  # its mark is 3 pixels to each side
    expect(page.get_by_role("button", name=f"{agent} leads no more")).to_be_visible()
    expect(page.get_by_role("button", name="leads no more")).to_have_count(1)


def test_clicks_that_come_before_the_page_is_drawn_again_all_count() -> None:
    _, drawn = solara.render(QuestionPage(), handle_error=False)
    picture = drawn.find(ipyvue.VueTemplate, click_presses=True).widget
    try:
        with drawn:  # nothing is drawn again in here
            for agent in (5, 50, 60, 50):
                picture.vue_press(agent)
        asking = ASKING.value
        assert asking is not None
        assert asking.question.chosen == tuple(asking.question.network.ids[agent] for agent in (5, 60))
    finally:
        drawn.close()
        ASKING.set(None)


def test_leaders_are_chosen_by_keyboard_alone(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    [first, second] = agents(page, 0, 1)
    page.locator(".dn-frame").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f'[data-agent="{first}"]')).to_have_class(re.compile("dn-chosen"))
    page.keyboard.press("ArrowRight")
    expect(page.locator(f'[data-agent="{second}"]')).to_have_class(re.compile("dn-chosen"))
    page.keyboard.press("Enter")
    expect(page.locator('tr[data-arm="chosen"] .dq-who')).to_have_text(second)
    expect(page.locator(f'[data-agent="{first}"]')).to_have_attribute("data-stage", "0")


def test_a_leader_is_found_by_name(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    [agent] = agents(page, 77)
    field = page.get_by_label("Find an agent and make it a leader")
    field.fill(agent)
    page.locator(".v-menu__content.menuable__content__active .v-list-item").first.click()
    expect(page.locator('tr[data-arm="chosen"] .dq-who')).to_have_text(agent)


def test_a_slider_is_moved_by_keys_and_its_value_is_played(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    before = rows(page)
    slider = page.get_by_role("slider", name="transmission")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(number(page, "transmission").locator(".dq-text")).to_have_value("0.02")
    expect(page.locator('tr[data-arm="random"] .dq-value')).not_to_have_text(before["random"])


def test_another_rule_shows_what_it_needs_with_its_meaning(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    before = rows(page)
    choose(page, "What makes an agent adopt", "threshold")
    expect(page.get_by_text("An agent moves when its exposure meets its threshold.")).to_be_visible()
    expect(number(page, "threshold")).to_contain_text("the exposure at which it moves")
    expect(number(page, "transmission")).to_have_count(0)
    expect(page.locator('tr[data-arm="random"] .dq-value')).not_to_have_text(before["random"])
    page.get_by_text("Agents become aware first, and only then adopt").click()
    expect(number(page, "transmission")).to_be_visible()
    rows(page)


def test_what_cannot_be_is_told_on_the_page_and_can_be_mended(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    before = rows(page)
    set_number(page, "transmission", "1.5")
    expect(page.get_by_role("alert")).to_have_text(
        re.compile(r"^\S+\.toml:\d+: adoption\.transmission: must be a number between 0 and 1; got 1\.5$")
    )
    set_number(page, "transmission", "0.015")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert rows(page) == before


def test_a_network_that_is_sent_is_asked_about(
    serve: Serve, open_page: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = asked(serve, open_page)
    page.get_by_text("Send a network or a scenario of your own").click()
    page.locator("input[type=file]").first.set_input_files([sent("town.csv", EDGES)])
    expect(page.get_by_text("town: 5 agents and 5 ties were read.")).to_be_visible()
    expect(page.get_by_text("town.csv: ties were read as written")).to_be_visible()
    expect(page.get_by_text("Put town.csv beside the saved scenario.")).to_be_visible()
    click_agent(page, "ann")
    expect(page.locator('tr[data-arm="chosen"] .dq-who')).to_have_text("ann")
    (tmp_path / "town.csv").write_bytes(EDGES)
    file = saved(page, tmp_path)
    assert rows(page) == run(file, capsys, tmp_path)


def test_what_is_wrong_with_a_file_is_told_on_the_page(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    page = asked(serve, open_page)
    before = rows(page)
    page.get_by_text("Send a network or a scenario of your own").click()
    networks, scenarios = page.locator("input[type=file]").all()
    networks.set_input_files(
        [
            sent("agents.csv", b"id\nann\nbob\n"),
            sent("ties.csv", b"source,target\nann,bob\nbob,zed\n"),
        ]
    )
    alert = page.get_by_role("alert")
    expect(alert).to_have_text('ties.csv:3: target "zed" is no agent of agents.csv')
    scenarios.set_input_files([sent("mine.toml", b'networks = ["/etc/passwd"]\nsteps = 0\n')])
    expect(alert).to_contain_text("mine.toml:2: steps: must be a whole number between 1 and 32000; got 0")
    large = tmp_path / "big.csv"
    large.write_bytes(b"x" * (MOST_BYTES + 1))
    networks.set_input_files(large)
    expect(alert).to_have_text(re.compile("big.csv: 20.0 MB is more than the 20 MB that can be sent"))
    assert rows(page) == before


def test_a_large_file_arrives_whole(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    page.get_by_text("Send a network or a scenario of your own").click()
    content = "source,target\n" + "".join(f"{'a' * 40}{n % 900},{'b' * 40}{n % 700}\n" for n in range(30_000))
    page.locator("input[type=file]").first.set_input_files([sent("large.csv", content.encode())])
    expect(page.get_by_text(re.compile("^large: 1,600 agents and [0-9,]+ ties were read"))).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_text("576 runs an arm, so that it comes at once")).to_be_visible(timeout=60_000)


def test_a_scenario_that_is_sent_is_the_question(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    page = asked(serve, open_page)
    [agent] = agents(page, 9)
    click_agent(page, agent)
    set_number(page, "seed", "7")
    expect(page.locator('tr[data-arm="chosen"]')).to_be_visible()
    file = saved(page, tmp_path)
    found = rows(page)
    other = asked(serve, open_page)
    assert "chosen" not in rows(other)
    other.get_by_text("Send a network or a scenario of your own").click()
    other.locator("input[type=file]").last.set_input_files(file)
    expect(other.locator('tr[data-arm="chosen"] .dq-who')).to_have_text(agent)
    assert rows(other) == found


def test_two_browsers_do_not_disturb_each_other(serve: Serve, open_page: Open) -> None:
    one, two = asked(serve, open_page), asked(serve, open_page)
    before = rows(two)
    [agent] = agents(one, 20)
    click_agent(one, agent)
    expect(one.locator('tr[data-arm="chosen"]')).to_be_visible()
    two.get_by_role("slider", name="steps").focus()
    two.keyboard.press("ArrowLeft")
    expect(two.locator('tr[data-arm="random"] .dq-value')).not_to_have_text(before["random"])
    expect(two.locator('tr[data-arm="chosen"]')).to_have_count(0)
    expect(number(one, "steps").locator(".dq-text")).to_have_value("36")


def test_the_question_is_kept_while_other_pages_are_looked_at(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    [agent] = agents(page, 20)
    click_agent(page, agent)
    expect(page.locator('tr[data-arm="chosen"]')).to_be_visible()
    page.get_by_text("One run", exact=True).click()
    expect(page.locator(".d-happened")).to_be_visible()
    page.get_by_text("Ask", exact=True).click()
    expect(page.locator('tr[data-arm="chosen"] .dq-who')).to_have_text(agent)


def test_one_run_of_the_question_is_watched(serve: Serve, open_page: Open) -> None:
    page = asked(serve, open_page)
    [agent] = agents(page, 20)
    click_agent(page, agent)
    expect(page.locator('tr[data-arm="chosen"]')).to_be_visible()
    page.get_by_text("Watch one run of this question").click()
    expect(page.locator(".d-happened")).to_have_text(re.compile(f"^Start: {agent} leads and has adopted"))
    press(page, "Step")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Month 1: "))
    choose(page, "Arm", "random")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Start: (?!" + agent + " leads)"))


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_lies_beside_the_screen_and_everything_has_a_name(serve: Serve, open_page: Open, width: int) -> None:
    page = asked(serve, open_page, width=width)
    page.get_by_text("Send a network or a scenario of your own").click()
    expect(page.locator("input[type=file]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    nameless = page.locator("main input, .d-page input").evaluate_all(
        "fields => fields.filter(field => field.offsetParent && !field.labels?.length && !field.ariaLabel)"
        ".map(field => field.outerHTML)"
    )
    assert nameless == []
