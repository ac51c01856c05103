"""What the tests of all pages share: how a page is opened, pressed and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from playwright.sync_api import Page

Serve: TypeAlias = Callable[..., str]
"""Words after ``diffusion serve`` -> the address of the first page."""

Open: TypeAlias = Callable[..., Page]
"""An address, and perhaps ``width`` and ``height`` -> the page, in a browser of its own."""


SERVER = """
import sys

def note(event, told):
    # Names that are looked up, and addresses that are connected or sent to.
    place = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.connect": 1, "socket.sendto": 1}.get(event)
    if place is not None:
        named = told[place][0] if isinstance(told[place], tuple) else told[place]
        if str(named) not in ("127.0.0.1", "::1", "localhost"):
            print(f"Error: the server asked {named} for something", file=sys.stderr, flush=True)

sys.addaudithook(note)
from diffusion.cli.main import main
sys.exit(main(["serve", *sys.argv[1:]]))
"""
"""A server that says so when it turns to another machine."""


def press(page: Page, name: str) -> None:
    """Press a button by its name."""
    page.get_by_role("button", name=name, exact=True).click()


def happened(page: Page) -> str:
    """Return what the page says of this step."""
    return page.locator(".d-happened").inner_text()


def stages(page: Page) -> dict[str, str]:
    """Return the stage of every agent as it is drawn, by id."""
    return dict(
        page.locator("[data-agent]").evaluate_all(
            "nodes => nodes.map(node => [node.dataset.agent, node.dataset.stage])"
        )
    )


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a menu by its name."""
    page.get_by_label(label, exact=True).click(force=True)  # the menu's own box lies over its input
    page.get_by_role("option", name=option, exact=True).click()
