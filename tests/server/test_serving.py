"""Starting the server: addresses, packages, and who may talk to it."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pages import SERVER, Serve

from diffusion.cli.main import main
from diffusion.errors import InputError
from diffusion.server import serving
from diffusion.server.same_origin import SameOrigin


def test_a_port_that_is_taken_is_told_with_another(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port), "--no-browser"]) == 2
    assert capsys.readouterr().err == f"--port: {port} is taken by another program; say --port {port + 1}\n"


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(InputError, match=r'--host: "192\.0\.2\.1" is no address of this machine'):
        serving.listening_socket("192.0.2.1", 0)


def test_missing_packages_are_told_with_what_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PACKAGES", ("solara", "no_such_package"))
    with pytest.raises(
        InputError, match=r"needs no_such_package, which is not installed; say: pip install -e '.\[server\]'"
    ):
        serving.check_installation()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["missing.toml"], "missing.toml: there is no such file"),
        (["no_such_study"], "diffusion.db: there is no database here"),
        (["--port", "70000"], "--port must be a whole number between 0 and 65535; got 70000"),
    ],
)
def test_what_cannot_be_opened_is_said_in_a_line(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["serve", *words, "--no-browser"]) in (1, 2)
    [line] = capsys.readouterr().err.splitlines()
    assert said in line


async def refuse(*_: object) -> None:
    raise AssertionError("passed on")


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({b"host": b"127.0.0.1:8765"}, True),
        ({b"host": b"localhost:8765", b"origin": b"http://localhost:8765"}, True),
        ({b"host": b"[::1]:8765"}, True),
        ({b"host": b"example.org"}, False),
        ({b"host": b"127.0.0.1.example.org:8765"}, False),
        ({b"host": b"127.0.0.1:8765", b"origin": b"https://example.org"}, False),
        ({b"host": b"127.0.0.1:8765", b"origin": b"http://127.0.0.1:9999"}, False),
        ({b"host": b"127.0.0.1:8765", b"origin": b"null"}, False),
        ({}, False),
    ],
)
def test_only_pages_of_this_server_may_talk_to_it(headers: dict[bytes, bytes], *, is_ours: bool) -> None:
    assert SameOrigin(refuse, serving.LOCAL_HOSTS).is_ours(headers) is is_ours


def test_another_web_page_is_refused_by_the_running_server(serve: Serve) -> None:
    for headers in ({"Host": "example.org"}, {"Origin": "https://example.org"}):
        request = urllib.request.Request(serve(), headers=headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=20)
        assert refused.value.code == 403
        refused.value.close()


@pytest.mark.parametrize(
    "path", ["static/public/..%2f..%2fapp.py", "static/..%2f..%2f..%2fetc/passwd", "_solara/cdn/..%2f..%2fx"]
)
def test_no_address_reads_a_file_outside_the_pages(serve: Serve, path: str) -> None:
    place = urlsplit(serve())
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=20)
    connection.request("GET", f"/{path}")
    text = connection.getresponse().read().decode()
    connection.close()
    assert "root:" not in text
    assert "import solara" not in text


def test_the_command_without_the_packages_of_the_server_stays_quick_and_plain(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['solara'] = None; import importlib.util as u; found = u.find_spec; "
        "u.find_spec = lambda name, *rest: None if name == 'solara' else found(name, *rest); "
        "from diffusion.cli.main import main; sys.exit(main(['serve', '--no-browser']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "the server needs solara, which is not installed; say: pip install -e '.[server]'\n"


def test_what_is_not_installed_is_not_fetched_from_elsewhere(serve: Serve) -> None:
    for path in ("_solara/cdn/nothing-of-ours@1.0.0/dist/index.js", "_solara/cdn/katex@0.16.9/dist/katex.min.css"):
        # The session's servers note every name that they look up and every machine to which they connect.
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(serve() + path, timeout=20)
        assert refused.value.code in (404, 500, 502)
        refused.value.close()


def test_a_server_that_turns_to_another_machine_says_so() -> None:
    code = SERVER.partition("from diffusion.cli.main")[0] + (
        "import socket\n"
        "for ask in (lambda: socket.getaddrinfo('example.invalid', 80), lambda: socket.getaddrinfo('127.0.0.1', 80)):\n"
        "    try:\n        ask()\n    except OSError:\n        pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "Error: the server asked example.invalid for something\n"


def test_a_server_that_others_can_reach_warns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serving, "serve", lambda *_, **__: None)
    assert main(["serve", "--no-browser"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["serve", "--no-browser", "--host", "0.0.0.0"]) == 0
    assert "there is no password" in capsys.readouterr().err
