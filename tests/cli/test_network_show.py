"""``network show``: tables that fit, JSON without NaN, a figure, and what is said of a file."""

from __future__ import annotations

import io
import json

import pytest
from graphs import complete, network_of, path, random_network, star
from rich.console import Console

from diffusion.cli.main import main
from diffusion.cli.network_show import TOP_POSITIONS, summary
from diffusion.cli.network_tables import print_composition
from diffusion.network import composition
from diffusion.network.network import Network
from diffusion.network.synthesis import LAYER_NAMES

KEYS = {"agents", "ties", "roles", "layers", "density", "reciprocity", "transitivity", "ei_index", "synthetic"}

MANY_ROLES = Network.from_tables(
    name="agencies",
    ids=[f"{place:03}" for place in range(40)],
    roles=[f"National agency no. {place % 10}" for place in range(40)],
    source=[f"{place:03}" for place in range(39)],
    target=[f"{place + 1:03}" for place in range(39)],
)


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function that carries out ``network show`` in an empty folder: its code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def called(*words):
        code = main(["network", "show", *map(str, words)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return called


def printed(network, width):
    screen = io.StringIO()
    out = Console(file=screen, width=width, force_terminal=True, color_system=None, markup=False, highlight=False)
    print_composition(out, network, summary(network))
    return screen.getvalue()


def test_composition_cohesion_brokerage_and_first_positions_are_printed(call):
    code, output, errors = call("ahsn-a")
    assert (code, errors) == (0, "")
    assert output.startswith("ahsn-a: synthetic network, made from assumptions; 180 agents")
    parts = ("density", "mean path length", "centralisation, betweenness", "E-I index by organisation", "gatekeeper")
    assert [part for part in parts if part not in output] == []
    assert "Layer by layer" in output
    assert "Brokerage by organisation" in output


def test_json_has_all_keys_and_nothing_else_is_on_standard_output(call):
    code, output, errors = call("ahsn-a", "--json")
    told = json.loads(output)
    assert (code, errors) == (0, "")
    assert told.keys() >= KEYS
    assert (told["agents"], told["synthetic"], told["not_computed"]) == (180, True, [])
    assert (told["roles"]["manager"], told["layers"].keys()) == (96, set(LAYER_NAMES))
    assert told["top"].keys() == set(TOP_POSITIONS)
    assert [len(first["agents"]) for first in told["top"].values()] == [5] * len(TOP_POSITIONS)


def test_equal_scores_at_the_last_place_are_told():
    first = summary(star(8))["top"]["out_degree"]
    assert [agent["score"] for agent in first["agents"]] == [7.0]
    assert (first["places"], first["tied"], first["tied_score"]) == (4, 7, 1.0)
    assert "0000 (7), 4 places among 7 tied (1)" in printed(star(8), 100)


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("network", [random_network(60, 200, 1), MANY_ROLES, complete(3), network_of(1, [])])
def test_tables_fit_the_screen_and_no_word_is_broken(network, width):
    output = printed(network, width)
    lines = output.splitlines()
    assert max(len(line) for line in lines[1:] if "─" in line) <= width
    for word in ("representative", "transitivity", "coordinator", "harmonic_closeness", "organisations"):
        assert output.count(word) > 0, word


def test_in_a_pipe_nothing_is_cut(call, tmp_path):
    long = "Somebody with a very long name " * 9
    (tmp_path / "agents.csv").write_text(f"id\n{long}1\n{long}2\n", encoding="utf-8")
    (tmp_path / "ties.csv").write_text(f"source,target\n{long}1,{long}2\n", encoding="utf-8")
    output = call("./")[1]
    assert f"{long}1 (1)" in output


def test_large_networks_leave_out_what_takes_long_and_say_so(call, monkeypatch):
    monkeypatch.setattr(composition, "ALL_PAIRS_AGENTS", 100)
    output = call("ahsn-a")[1]
    assert output.count("not computed") >= 5
    assert "Distances between all pairs of 180 agents take long" in output
    told = json.loads(call("ahsn-a", "--json")[1])
    assert (told["mean_path_length"], told["top"]["betweenness"]) == (None, None)
    assert told["not_computed"] == ["mean_path_length", "reachable_share", "betweenness"]
    assert json.loads(call("ahsn-a", "--json", "--all")[1])["not_computed"] == []


def test_a_figure_is_drawn_beside_the_tables(call, tmp_path):
    code, output, errors = call("ahsn-a", "--figure", "region.svg", "--width-mm", 84)
    assert (code, errors) == (0, "The network is drawn in region.svg.\n")
    assert "density" in output
    assert 'width="238' in (tmp_path / "region.svg").read_text(encoding="utf-8")


def test_a_figure_is_drawn_though_nobody_reads_the_tables_to_their_end(call, tmp_path, monkeypatch):
    def broken(*_told: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("diffusion.cli.network_tables.print_composition", broken)
    with pytest.raises(OSError):  # noqa: PT011 - the output that is caught here is no pipe that could be closed
        call("ahsn-a", "--figure", "region.svg")
    assert (tmp_path / "region.svg").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ahsn-a", "--figure", "region.gif"], "region.gif: the name of a figure must end in .png, .svg or .pdf"),
        (["ahsn-a", "--figure", "no/region.svg"], "no/region.svg: there is no folder no; make it first"),
        (["ahsn-a", "--figure", "a.svg", "--width-mm", "9"], "--width-mm must be a whole number between 60 and 1000"),
        (["ahsn-a", "--direction", "turnto"], "invalid value for '--direction'"),
        (["ahsn-a", "--format", "graphm"], ""),
    ],
)
def test_mistakes_are_told_in_one_line_before_anything_is_printed(call, words, message):
    code, output, errors = call(*words)
    if message:
        assert (code, output) == (2, "")
        assert message in errors
    assert errors.count("\n") <= 1


def test_what_was_assumed_of_a_file_goes_to_standard_error_and_into_the_json(call, tmp_path):
    (tmp_path / "agents.csv").write_text("id\na\nb\n", encoding="utf-8")
    (tmp_path / "ties.csv").write_text("source,target\na,b\n", encoding="utf-8")
    code, output, errors = call("./", "--json", "--direction", "turn-to")
    assert (code, errors.count("\n")) == (0, 1)
    assert "ties were turned" in errors
    turned = json.loads(output)
    assert turned["notes"] == errors.splitlines()
    told = json.loads(call("./", "--json")[1])
    assert (told["top"]["out_degree"]["agents"][0]["id"], turned["top"]["out_degree"]["agents"][0]["id"]) == ("a", "b")


def test_a_path_has_the_numbers_that_one_works_out_by_hand():
    told = summary(path(3))
    assert (told["agents"], told["ties"], told["components"], told["isolates"]) == (3, 4, 1, 0)
    assert (told["density"], told["reciprocity"], told["transitivity"]) == (4 / 6, 1.0, 0.0)
    assert told["brokerage"]["role"]["pairs"]["coordinator"] == 2
