"""How long the pages of ``diffusion serve`` take in a browser, and whether memory grows.

Needs Chromium and ``pip install -e '.[test]'``. A step is timed in the page, from
the click to the frame in which the picture has changed::

    python benchmarks/server.py
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from diffusion.server.opened import BUILT_IN

STEPS = """async ([button, times]) => {
  const press = [...document.querySelectorAll('button')].find(b => b.textContent.trim() === button);
  const text = document.querySelector('.d-happened'), took = [];
  for (let turn = 0; turn < times; turn++) {
    const before = text.textContent, start = performance.now();
    press.click();
    while (text.textContent === before) await new Promise(done => setTimeout(done, 1));
    await new Promise(done => requestAnimationFrame(done));
    took.push(performance.now() - start);
  }
  return took;
}"""


@contextmanager
def served(scenario: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """Give the address of a server's first page, and its process."""
    command = [sys.executable, "-m", "diffusion", "serve", str(scenario), "--port", "0", "--no-browser"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=folder, text=True, **pipes) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"The pages are at (\S+)", line)
            if not found:
                raise SystemExit(line)
            yield found[1], process.pid
        finally:
            process.terminate()


def milliseconds(page: Page, button: str, times: int) -> list[float]:
    """Press a button some times and return how long each took."""
    took: list[float] = page.evaluate(STEPS, [button, times])
    return took


def held(page: Page, process: int) -> tuple[float, float]:
    """Return how many megabytes the server holds, and the page's scripts."""
    watcher = page.context.new_cdp_session(page)
    watcher.send("HeapProfiler.collectGarbage")
    used = watcher.send("Runtime.getHeapUsage")["usedSize"]
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1000 if found else 0.0, used / 1e6


def measured(browser: Any, scenario: Path, folder: Path, *, rounds: int) -> dict[str, float]:
    """Return what was measured on one scenario.

    Parameters
    ----------
    browser, scenario, folder
        The browser, what to open, and where to start the server.
    rounds
        How often 20 steps and a reset are made to see whether memory grows.
    """
    start = time.monotonic()
    with served(scenario, folder) as (address, process):
        ready = time.monotonic() - start
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}?arm=out_degree")
        page.get_by_role("button", name="Step", exact=True).wait_for()
        first = time.monotonic() - start
        page.locator("[data-agent]").first.wait_for(timeout=120_000)
        drawn = time.monotonic() - start
        found = {"ready_seconds": ready, "first_page_seconds": first, "picture_seconds": drawn}
        for what, path in (("step", "?arm=out_degree"), ("step_of_two_arms", "arms")):
            page.goto(f"{address}{path}")
            page.locator("[data-agent]").first.wait_for(timeout=120_000)
            page.wait_for_timeout(8000)
            took = milliseconds(page, "Step", 30)
            found[f"{what}_milliseconds"], found[f"{what}_slowest_twentieth"] = median(took), quantiles(took, n=20)[-1]
        if rounds:
            page.goto(f"{address}?arm=out_degree")
            page.locator("[data-agent]").first.wait_for()
            for _ in range(10):
                milliseconds(page, "Step", 20)
                milliseconds(page, "Reset", 1)
            before = held(page, process)
            for _ in range(rounds):
                milliseconds(page, "Step", 20)
                milliseconds(page, "Reset", 1)
            after = held(page, process)
            found["server_megabytes"], found["page_megabytes"] = before
            found["server_grown"], found["page_grown"] = (now - then for now, then in zip(after, before, strict=True))
        page.context.close()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the numbers to a file")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        folder = Path(place)
        make = ["network", "synthesise", "ahsn-a", "--agents", "2000", "--draws", "0", "--output", "region"]
        subprocess.run([sys.executable, "-m", "diffusion", *make], cwd=folder, check=True, capture_output=True)
        text = BUILT_IN.read_text(encoding="utf-8")
        large = text.replace('"ahsn-a"', '"./region"').replace("count = 3", "count = 20")
        (folder / "large.toml").write_text(large, encoding="utf-8")
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        found = {
            "180 agents": measured(browser, BUILT_IN, folder, rounds=50),
            "2,000 agents": measured(browser, folder / "large.toml", folder, rounds=0),
        }
        browser.close()
    for name, numbers in found.items():
        print(name)
        for what, number in numbers.items():
            print(f"  {what.replace('_', ' '):32} {number:10.2f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
