"""``diffusion serve``: watch, question and compare runs in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from diffusion.cli.options import WholeNumber, database_option
from diffusion.cli.output import say


@click.command()
@click.argument("what", metavar="[SCENARIO | STUDY]", required=False, default="")
@click.option(
    "--port", type=WholeNumber(0, 65535), default=8765, show_default=True, help="The port; 0 for any free one."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address; others can reach it if it is not local."
)
@click.option("--no-browser", is_flag=True, help="Print the page's address and open no browser.")
@database_option
def serve(*, what: str, port: int, host: str, no_browser: bool, database: str) -> None:
    """Open runs in the browser: a SCENARIO file, a stored STUDY, or without either a built-in example.

    The server runs until Ctrl-C. It answers this machine only and needs no internet.
    """
    from diffusion.server.serving import LOCAL_HOSTS
    from diffusion.server.serving import serve as serve_pages

    scenario = Path(what) if _is_scenario(what) else None
    if scenario is not None:
        _say_problems(scenario)
    elif what:
        _check_study(what, database)
    if host not in LOCAL_HOSTS:
        say(
            f"Warning: whoever can reach {host} can use these pages and see the networks in them; there is no password."
        )

    def served(address: str) -> None:
        say(f"The pages are at {address} until Ctrl-C.")
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    serve_pages(scenario, "" if scenario else what, database=database, host=host, port=port, when_served=served)


def _is_scenario(what: str) -> bool:
    return what.casefold().endswith(".toml") or "/" in what or "\\" in what


def _say_problems(scenario: Path) -> None:
    """Say what is wrong with a scenario; it is served all the same, and read again when it was mended."""
    from diffusion.errors import InputError
    from diffusion.scenario import load_scenario

    if not scenario.is_file():
        raise InputError(f"{scenario}: there is no such file")
    try:
        load_scenario(scenario)
    except InputError as error:
        say(str(error))
        say("Mend the file and load the page again: it shows the same lines until then.")


def _check_study(name: str, database: str) -> None:
    """Check that a study is stored.

    Raises
    ------
    StoreError
        If it is not.
    """
    from diffusion.experiment.database import Database
    from diffusion.experiment.store import Store

    Store(Database(database)).find(name)
