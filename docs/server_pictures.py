"""Take the pictures of docs/server.md: the same pages in the same state, every time.

Needs the packages of the tests and Chromium: ``python docs/server_pictures.py``.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "leader_positions.toml"
WIDTH = 1280
COLOURS = 200


def run_page(page: Page, address: str) -> None:
    """Show a leader of one run, and whom it reached."""
    page.goto(f"{address}?arm=betweenness&replicate=17")
    go_to(page, 18)
    page.locator(".dn-leads .dn-shape").first.click(force=True)
    page.get_by_text("constraint", exact=True).first.wait_for()


def arms_page(page: Page, address: str) -> None:
    """Show two arms in the same luck."""
    page.goto(f"{address}arms?left=out_degree&right=constraint&replicate=17")
    page.locator(".d-typical").first.wait_for()
    go_to(page, 18)


def ask_page(page: Page, address: str) -> None:
    """Show three leaders that were clicked together, beside the positions."""
    page.goto(f"{address}ask")
    page.locator(".dq-answer[aria-busy=false]").wait_for(timeout=60_000)
    for name in ("M009", "A007", "M023"):
        page.locator(f"[data-agent='{name}'] .dn-shape").click(force=True)
        page.get_by_role("button", name=f"{name} leads no more").wait_for()
    page.locator("tr[data-arm=chosen]").wait_for()
    page.locator(".dq-answer[aria-busy=false]").wait_for(timeout=60_000)


def studies_page(page: Page, address: str) -> None:
    """Show what a study shows."""
    page.goto(f"{address}studies?study=leader_positions")
    page.locator("table", has_text="Runs worth opening").wait_for(timeout=60_000)


PICTURES = {
    "server_run.png": (run_page, 1180),
    "server_arms.png": (arms_page, 1180),
    "server_ask.png": (ask_page, 1080),
    "server_studies.png": (studies_page, 1000),
}
"""The pictures: how the page is brought there, and how high the window is."""


def go_to(page: Page, step: int) -> None:
    """Press Step until a step is shown."""
    for tick in range(1, step + 1):
        page.get_by_role("button", name="Step", exact=True).click()
        page.get_by_text(re.compile(f"^Month {tick}: ")).wait_for()


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, sync_playwright() as driver:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, (bring, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": height}, reduced_motion="reduce")
            bring(page, address)
            page.mouse.move(0, 0)
            page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
            page.wait_for_timeout(1000)
            taken = Image.open(io.BytesIO(page.screenshot()))
            few = taken.convert("RGB").quantize(COLOURS, kmeans=4, dither=Image.Dither.NONE)
            few.save(ROOT / "docs" / name, optimize=True)
            page.close()
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Give the address of a server whose store has the study."""
    said = [sys.executable, "-m", "diffusion"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    played = [*said, "run", str(SCENARIO), "--json"]
    subprocess.run(played, cwd=folder, env=environment, check=True, capture_output=True)
    command = [*said, "serve", str(SCENARIO), "--port", "0", "--no-browser"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"The pages are at (\S+)", process.stdout.readline())
            assert found
            yield found[1]
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
