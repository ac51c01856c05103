"""``network model``: a network by a classic model is written, and says that it is synthetic."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diffusion.cli.main import main
from diffusion.network.formats import read_network


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function that carries out ``network model`` in an empty folder: its code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def called(*words):
        code = main(["network", "model", *map(str, words)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return called


def test_a_small_world_is_written_as_a_folder_that_a_scenario_can_name(call, tmp_path):
    code, output, errors = call("small-world", "--agents", 40, "--contacts", 4, "--rewired", 0.2, "--seed", 3)
    assert (code, errors) == (0, "")
    assert output.startswith("small-world-40: synthetic network, made from assumptions; 40 agents")
    assert output.endswith("Written to small-world-40. It is synthetic: nobody's data.\n")
    made = read_network(str(tmp_path / "small-world-40"), Path())
    assert (made.name, made.size, made.tie_count, made.synthetic) == ("small-world-40", 40, 160, True)
    about = (tmp_path / "small-world-40" / "about.toml").read_text(encoding="utf-8")
    assert "each choice moved with chance 0.2, seed 3." in about


def test_json_names_what_was_written(call):
    code, output, _ = call("random", "--agents", 30, "--contacts", 3, "--output", "mine", "--json")
    assert code == 0
    assert json.loads(output) == {"name": "mine", "output": "mine", "agents": 30, "ties": 90}


def test_nothing_is_written_over_and_every_mistake_is_one_line(call, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").write_text("mine")
    wrong = [
        (("random", "--agents", 30, "--contacts", 3, "--output", "there"), "there: is there already"),
        (("random", "--agents", 30, "--contacts", 3, "--output", "no/where"), "no/where: there is no folder no"),
        (("random", "--agents", 30, "--contacts", 3, "--rewired", 0.1), "--rewired does not go with random"),
        (("small-world", "--agents", 30, "--contacts", 3), "contacts: must be even in a small-world network; got 3"),
        (("random", "--agents", 3, "--contacts", 3), "contacts: must be at least 1 and below the 3 agents; got 3"),
    ]
    for words, problem in wrong:
        code, output, errors = call(*words)
        assert (code, output) == (2, "")
        assert problem in errors
        assert "Traceback" not in errors
