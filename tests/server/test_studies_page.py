"""The page of the store, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

from pages import Open, Serve, happened
from playwright.sync_api import expect

from diffusion.experiment.database import Database
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store


def test_a_stored_study_shows_the_numbers_of_the_command_line(serve: Serve, open_page: Open, database: Path) -> None:
    page = open_page(serve("--database", database) + "studies")
    page.get_by_role("link", name="built_in").click()
    table = page.locator("table", has_text="Arms ranked by adopted_share")
    table.wait_for()
    store = Store(Database(database))
    result = study_result(store.study(store.find("built_in")), store)
    for row in result.groups[0].ranking("adopted_share"):
        shown = table.locator("tr", has_text=re.compile(rf"^\d\s*{row.arm}")).inner_text()
        assert row.mean is not None
        assert f"{100 * row.mean:.1f}" in shown or f"{100 * row.mean:.0f}" in shown
    for sentence in result.groups[0].sentences("adopted_share"):
        expect(page.get_by_text(sentence)).to_be_visible()


def test_a_stored_run_is_opened_and_ends_as_the_table_says(serve: Serve, open_page: Open, database: Path) -> None:
    page = open_page(serve("--database", database) + "studies")
    page.get_by_role("link", name="built_in").click()
    worth = page.locator("table", has_text="Runs worth opening")
    link = worth.locator("tr", has_text="constraint").get_by_role("link").first
    link.wait_for()
    found = re.match(r"run ([\d,]+): ([\d.]+) %", link.inner_text())
    assert found
    link.click()
    expect(page.locator(".d-coordinates").first).to_contain_text(f"run {found[1]} of the arm “constraint”")
    expect(page.locator(".d-stored")).to_contain_text("there it ends with ")
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(page.locator(".d-happened")).to_have_text(re.compile("^Month 36: "))
    assert f"({found[2]} %)" in happened(page)
    expect(page.locator(".d-stored")).to_contain_text("This is the run in the table, agent by agent: it ends with ")
    expect(page.locator(".d-stored")).to_contain_text(f"({found[2]} %)")


def test_another_outcome_ranks_the_arms_anew(serve: Serve, open_page: Open, database: Path) -> None:
    page = open_page(serve("--database", database) + "studies?study=built_in&outcome=time_to_half")
    expect(page.locator("table", has_text="Arms ranked by time_to_half")).to_be_visible()
    page = open_page(serve("--database", database) + "studies?study=built_in&outcome=nonsense")
    expect(page.get_by_text('outcome: there is no "nonsense"; shown is "adopted_share"')).to_be_visible()


def test_a_study_that_is_not_there_is_told_in_a_line(serve: Serve, open_page: Open, database: Path) -> None:
    page = open_page(serve("--database", database) + "studies?study=nothing")
    expect(page.get_by_role("alert")).to_contain_text('no study "nothing"')


def test_an_empty_store_says_how_to_fill_it(serve: Serve, open_page: Open) -> None:
    page = open_page(serve() + "studies")
    expect(page.get_by_text("play a scenario with: diffusion run SCENARIO")).to_be_visible()
