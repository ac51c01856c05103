"""A server in a process of its own, and a real browser that looks at it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pages import SERVER, Open, Serve
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from diffusion.cli.main import main
from diffusion.server.opened import BUILT_IN

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
START_SECONDS = 60


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium; skip where there is none, fail where services are required."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        reason = "Chromium is not installed, so no page can be looked at"
        (pytest.fail if os.environ.get("DIFFUSION_REQUIRE_SERVICES") else pytest.skip)(reason)
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Give Playwright, which drives the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Give a browser without a window."""
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def serve(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:  # noqa: ARG001 - or no server
    """Give a function that starts a server and returns the address of its first page.

    What it is given are the words after ``diffusion serve``; a server with the
    same words is started once a session.
    """
    started: dict[tuple[str, ...], tuple[subprocess.Popen[str], str]] = {}

    def start(*words: object) -> str:
        said = tuple(map(str, words))
        if said not in started:
            folder = tmp_path_factory.mktemp("served")
            started[said] = _started(said, folder)
        return started[said][1]

    yield start
    for process, _ in started.values():
        process.terminate()
    for process, _ in started.values():
        process.wait(timeout=20)
    said = "".join(log.read_text(encoding="utf-8") for log in tmp_path_factory.getbasetemp().glob("served*/said.txt"))
    assert not re.search("Traceback|Warning|Error", said), said


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database in which the built-in study is stored, 200 runs an arm."""
    path = tmp_path_factory.mktemp("stored") / "studies.db"
    assert main(["run", str(BUILT_IN), "--replicates", "200", "--database", str(path), "--json"]) == 0
    return path


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Give a function that opens an address in a browser of its own, as another person would.

    Afterwards no page may have asked another machine for anything, nor have
    printed an error.
    """
    contexts = []
    problems: list[str] = []

    def look(address: str, *, width: int = 1280, height: int = 900, wait: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _note_elsewhere(request.url, problems))
        page.on("response", lambda response: _note_refused(response.status, response.url, problems))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        if wait:
            page.locator(".d-page h1").wait_for()
        return page

    yield look
    for context in contexts:
        context.close()
    assert problems == []


def _note_elsewhere(address: str, problems: list[str]) -> None:
    place = urlsplit(address)
    if place.scheme in ("http", "https", "ws", "wss") and place.hostname != "127.0.0.1":
        problems.append(f"{address} is asked for")


def _note_refused(status: int, address: str, problems: list[str]) -> None:
    if status >= 400:
        problems.append(f"{address} was answered by {status}")


def _started(words: tuple[str, ...], folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a server and wait until it says where its pages are."""
    log = folder / "said.txt"
    database = () if "--database" in words else ("--database", str(folder / "none.db"))
    command = [sys.executable, "-c", SERVER, *words, *database, "--port", "0", "--no-browser"]
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, text=True, cwd=folder)
    for _ in range(START_SECONDS * 10):
        if found := re.search(r"The pages are at (\S+)", log.read_text(encoding="utf-8")):
            return process, found[1]
        assert process.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.1)
    raise AssertionError(f"the server said nothing for {START_SECONDS} s: {log.read_text(encoding='utf-8')}")
