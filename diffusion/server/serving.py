"""Start the server: on this machine, without telemetry, and with all that pages need from the installation alone."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from diffusion.errors import InputError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

PACKAGES = ("solara", "ipyvue", "ipyvuetify", "uvicorn")

SETTINGS: Mapping[str, str] = {
    "SOLARA_APP": "diffusion.server.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # what is not installed is not fetched from elsewhere
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "diffusion",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",  # a page that was closed is let go of after so long
}
"""What Solara is told by environment variables, before it is imported."""

EVERY_HOST = ("0.0.0.0", "::")  # noqa: S104 - what a user may ask for, and is warned of
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


def check_installation() -> None:
    """Check that the packages of the server are installed.

    Raises
    ------
    InputError
        If one is missing.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise InputError(
            f"the server needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed; "
            "say: pip install -e '.[server]'"
        )


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address.

    Parameters
    ----------
    host, port
        The address; port 0 takes any that is free.

    Raises
    ------
    InputError
        If the port is taken, may not be used, or the host is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise InputError(f"--port: {port} is taken by another program; say --port {port + 1}") from None
        if error.errno == errno.EACCES:
            raise InputError(f"--port: {port} may not be used by this user; say --port 8765") from None
        raise InputError(f'--host: "{host}" is no address of this machine; leave it out for 127.0.0.1') from None
    return made


def serve(
    scenario: Path | None,
    study: str,
    *,
    database: str,
    host: str,
    port: int,
    when_served: Callable[[str], None],
) -> None:
    """Serve pages until the process is told to end.

    Parameters
    ----------
    scenario, study
        What to open: a scenario's file, or the name of a stored study, or neither.
    database
        Where results are kept.
    host, port
        The address to listen on.
    when_served
        Called with the address of the first page, once it is served.

    Raises
    ------
    InputError
        If a package is missing or the address cannot be listened on.
    """
    check_installation()
    listening = listening_socket(host, port)
    os.environ.update(SETTINGS)
    os.environ["SOLARA_SESSION_SECRET_KEY"] = secrets.token_hex(16)
    warnings.filterwarnings("ignore", message="Cookies with samesite", category=UserWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module="solara.validate_hooks")
    import uvicorn

    from diffusion.server.opened import OPENING
    from diffusion.server.same_origin import SameOrigin

    OPENING.study, OPENING.database = study, database
    if scenario is not None:
        OPENING.scenario = scenario
    shown = "127.0.0.1" if host in EVERY_HOST else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{listening.getsockname()[1]}/"
    hosts = LOCAL_HOSTS if host in LOCAL_HOSTS else ()
    server = uvicorn.Server(uvicorn.Config(SameOrigin(_solara(), hosts), log_level="warning", ws_max_size=2**26))
    start_up = server.startup

    async def announced(sockets: list[socket.socket] | None = None) -> None:
        await start_up(sockets=sockets)
        when_served(address)

    server.startup = announced  # type: ignore[method-assign]  # uvicorn has no hook for it
    server.run(sockets=[listening])


def _solara() -> ASGIApp:
    """Return Solara's own application, imported once its settings are made."""
    from solara.server import starlette

    app: ASGIApp = starlette.app
    return app
