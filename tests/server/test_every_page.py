"""What holds of every page: it fits, it can be read, the keyboard is enough, and no address does harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pages import Open, Serve
from playwright.sync_api import Page, expect

PAGES = {
    "one run": ("", ".dn-svg"),
    "two arms": ("arms", ".d-typical"),
    "ask": ("ask", ".dq-answer[aria-busy=false]"),
    "studies": ("studies?study=built_in", "table:has-text('Runs worth opening')"),
}
"""Where each page is, and what is there once it is whole."""

LONG = "an_arm_whose_name_is_as_long_as_anybody_can_reasonably_want_it_to_be"

FAINT = """() => {
  const parsed = text => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return {rgb: [r, g, b], a}; };
  const over = (above, below) => above.rgb.map((part, at) => above.a * part + (1 - above.a) * below[at]);
  const light = rgb => rgb.map(part => part / 255).map(s => s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + [0.2126, 0.7152, 0.0722][at] * part, 0);
  const behind = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(parsed(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, above) => over(above, below), [255, 255, 255]);
  };
  const isOff = e => e.closest('[disabled], .v-input--is-disabled, [aria-hidden=true]') && !e.closest('.dn-svg');
  const found = [];
  for (const e of document.querySelectorAll('.d-page *')) {
    const text = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join(' ').trim();
    if (!text || !e.getClientRects().length || isOff(e)) continue;
    if (['TITLE', 'STYLE'].includes(e.tagName.toUpperCase())) continue;
    const style = getComputedStyle(e), below = behind(e);
    const colour = over(parsed(e instanceof SVGElement ? style.fill : style.color), below);
    const [low, high] = [light(colour), light(below)].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) found.push(`${text.slice(0, 40)}: ${contrast.toFixed(2)}`);
  }
  return [found, document.querySelectorAll('.d-page *').length];
}"""
"""Texts whose contrast with what is behind them is below 4.5 (WCAG 2.1), and how many elements were looked at."""

FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const around = [e, e.closest('.v-input__slot'), e.closest('.v-input--selection-controls__input'),
                  e.querySelector('.v-slider__thumb')].filter(Boolean);
  window.reached = window.reached || new Set();
  const isNew = !window.reached.has(e);
  window.reached.add(e);
  const isSeen = around.some(x => getComputedStyle(x).outlineStyle !== 'none');
  return [isNew, isSeen, e.outerHTML.slice(0, 120)];
}"""

UNREACHED = """() => [...document.querySelectorAll(
    '.d-page :is(a[href], button, input:not([type=hidden]), select, textarea, [tabindex="0"])')]
  .filter(e => !e.disabled && e.tabIndex >= 0 && e.getClientRects().length && !window.reached.has(e))
  .map(e => e.outerHTML.slice(0, 120))"""


def whole(serve: Serve, open_page: Open, database: Path, name: str, width: int = 1280) -> Page:
    path, there = PAGES[name]
    page = open_page(serve("--database", database) + path, width=width)
    page.locator(there).first.wait_for(timeout=60_000)
    return page


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_it_fits_its_screen(serve: Serve, open_page: Open, database: Path, name: str, width: int) -> None:
    page = whole(serve, open_page, database, name, width)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["", "arms", "ask"])
def test_long_names_fit_a_telephone(serve: Serve, open_page: Open, long_names: Path, path: str) -> None:
    page = open_page(serve(long_names) + path, width=390)
    expect(page.locator(".dn-svg").first).to_be_visible()
    expect(page.get_by_text(LONG).first).to_be_attached(timeout=30_000)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", PAGES)
def test_texts_stand_out_from_what_is_behind_them(serve: Serve, open_page: Open, database: Path, name: str) -> None:
    page = whole(serve, open_page, database, name)
    agents = page.locator("[data-agent] .dn-shape")
    if agents.count():
        agents.nth(3).click(force=True)
    for panel in page.locator(".v-expansion-panel-header").all():
        panel.click()
    page.wait_for_timeout(600)
    faint, count = page.evaluate(FAINT)
    assert count > 50
    assert faint == []


@pytest.mark.parametrize("name", PAGES)
def test_all_that_can_be_worked_is_reached_by_the_tab_key_seen_to_be_and_named(
    serve: Serve, open_page: Open, database: Path, name: str
) -> None:
    page = whole(serve, open_page, database, name)
    unseen = []
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            continue
        is_new, is_seen, text = focused
        if not is_new:
            break
        unseen += [] if is_seen else [text]
    assert unseen == []
    assert page.evaluate(UNREACHED) == []
    assert page.evaluate("window.reached.size") > 8
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    focusable = [
        node
        for node in nodes
        if any(said["name"] == "focusable" for said in node.get("properties", []))
        and node["role"]["value"] not in ("RootWebArea", "generic")
    ]
    assert len(focusable) > 8
    assert [node["role"]["value"] for node in focusable if not node.get("name", {}).get("value")] == []


HARM = {
    "arm": "<img src=x onerror='window.harmed=1'>",
    "left": "</script><script>window.harmed=1</script>",
    "network": "../../../../etc/passwd",
    "cell": "__import__('os').system('true')",
    "replicate": "{{window.harmed=1}}",
    "outcome": "'; DROP TABLE runs; --",
}


@pytest.mark.parametrize("path", ["", "arms", "ask", "studies?study=built_in"])
def test_what_an_address_says_is_never_more_than_a_name(
    serve: Serve, open_page: Open, database: Path, path: str
) -> None:
    mark = "&" if "?" in path else "?"
    page = open_page(f"{serve('--database', database)}{path}{mark}{urlencode(HARM)}")
    if path != "ask":  # which reads nothing of its address
        expect(page.get_by_role("alert").first).to_contain_text("../../../../etc/passwd", timeout=30_000)
    expect(page.locator("nav")).to_be_visible()
    assert "root:" not in page.locator("body").inner_text()
    assert page.evaluate("window.harmed") is None


@pytest.mark.parametrize("path", ["", "arms", "studies"])
def test_a_study_that_an_address_names_is_looked_for_in_the_store_and_nowhere_else(
    serve: Serve, open_page: Open, database: Path, path: str
) -> None:
    page = open_page(f"{serve('--database', database)}{path}?study=../../../../etc/passwd")
    expect(page.get_by_role("alert")).to_contain_text('there is no study "../../../../etc/passwd"')


def test_the_console_of_mesa_is_not_even_loaded() -> None:
    code = "import sys, diffusion.server.app; print([name for name in sys.modules if name.startswith('mesa.vis')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def long_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    (folder / "net").mkdir()
    agents = [f"Professor {LONG} {place} <b>of</b> the Regional Centre for Innovation" for place in range(6)]
    rows = "".join(f'"{agent}",{LONG}\n' for agent in agents)
    ties = "".join(f'"{agents[0]}","{agent}",{LONG}\n' for agent in agents[1:])
    (folder / "net" / "agents.csv").write_text("id,role\n" + rows, encoding="utf-8")
    (folder / "net" / "ties.csv").write_text("source,target,layer\n" + ties, encoding="utf-8")
    path = folder / "long.toml"
    path.write_text(
        'networks = ["./net"]\nsteps = 4\nreplicates = 64\n[adoption]\nrule = "contagion"\ntransmission = 0.5\n'
        f'[leaders]\ncount = 1\n[[arms]]\nname = "{LONG}"\nleaders.position = "out_degree"\n'
        '[[arms]]\nname = "random"\nleaders.position = "random"\n',
        encoding="utf-8",
    )
    return path
