"""A real PostgreSQL server for tests: the one that is named, or one that is started in a temporary folder.

DIFFUSION_TEST_POSTGRESQL names the URL of a server at which databases may be
made. Without it the programs of PostgreSQL are looked for; where there are
none, tests that need a server are skipped or, where DIFFUSION_REQUIRE_SERVICES
is set, fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

_numbers = count()


class Server:
    """Stand for a server of the tests' own, which may be killed and started again."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        # The server refuses to be run by root.
        self.user = _unprivileged() if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.carry_out(
            "initdb", "-D", self.data, "-U", "tester", "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8"
        )

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    @property
    def url(self) -> str:
        return f"postgresql://tester@127.0.0.1:{self.port}"

    def carry_out(self, program: str, *words: str) -> None:
        finished = subprocess.run(
            [self.programs / program, *words],
            user=self.user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr

    def start(self) -> None:
        # What a killed process has written the system still has; only a machine that stops needs fsync.
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        words = ("pg_ctl", "-D", self.data, "-o", options, "-l", str(self.folder / "log"), "-w", "start")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.carry_out(*words)
            except AssertionError:  # a process of the server that was killed may not have ended yet
                time.sleep(0.5)
            else:
                return
        self.carry_out(*words)

    @property
    def is_running(self) -> bool:
        """Return whether it takes connections."""
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self.carry_out("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """Kill the server and its processes as a machine does that runs out of memory."""
        main = int((Path(self.data) / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in (main, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        while any(Path(f"/proc/{child}").exists() for child in children):
            time.sleep(0.01)


def missing(reason: str) -> None:
    """Skip what needs a service that is not there, or fail where services are required."""
    (pytest.fail if os.environ.get("DIFFUSION_REQUIRE_SERVICES") else pytest.skip)(reason)


@pytest.fixture(scope="session")
def own_postgresql() -> Iterator[Server]:
    """Give a server that these tests started."""
    yield from _started_server()


@pytest.fixture(scope="session")
def second_postgresql() -> Iterator[Server]:
    """Give another server, whose processes may be killed."""
    yield from _started_server()


@pytest.fixture
def mortal_postgresql(second_postgresql: Server) -> Server:
    """Give a server of which a test may kill processes; the others have one of their own."""
    if not second_postgresql.is_running:
        second_postgresql.start()
    return second_postgresql


def _started_server() -> Iterator[Server]:
    programs = _programs()
    if programs is None:
        missing("the programs of PostgreSQL (initdb, pg_ctl) are not installed, so no server can be started")
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        assert programs is not None
        server = Server(programs, Path(folder))
        server.start()
        yield server
        if server.is_running:
            server.stop()


@pytest.fixture(scope="session")
def postgresql_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a server, without a database."""
    named = os.environ.get("DIFFUSION_TEST_POSTGRESQL")
    if named:
        return named.rstrip("/")
    server: Server = request.getfixturevalue("own_postgresql")
    return server.url


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """Give the URL of a database that is empty, and drop it afterwards."""
    name = f"diffusion_{os.getpid()}_{next(_numbers)}"
    told(server_url, f"CREATE DATABASE {name} TEMPLATE template0")
    yield f"{server_url}/{name}"
    told(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def told(server_url: str, command: str) -> None:
    """Carry out a command at a server."""
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(command)


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return debian[-1].parent if debian else None


def _unprivileged() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
