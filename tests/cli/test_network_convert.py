"""``diffusion network convert``: from any file to any other, with what was lost and assumed on standard error."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats import assert_equal
from real_networks import brazilian_farmers, dhhs_tobacco_leaders, indiana_tobacco_control, needs_real_networks

from diffusion.cli.main import main
from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.registry import FORMATS

SUFFIXES = {
    "csv": "",
    "gephi": "",
    "network-canvas": ".zip",
    "egonet": ".csv",
    "vna": ".vna",
    "dl": ".dl",
    "ucinet": ".##h",
    "pajek": ".net",
    "pajek-project": ".paj",
    "graphml": ".graphml",
    "gexf": ".gexf",
    "gml": ".gml",
    "matrix": ".xlsx",
    "edge-list": ".xlsx",
}
WHOLE = {"csv", "network-canvas", "vna", "pajek", "pajek-project", "matrix", "edge-list", "graphml", "gexf", "gml"}
"""The formats that carry everything of a network that was observed."""

WRITTEN = [name for name, entry in FORMATS.items() if entry.writes]


def convert(*words: object) -> int:
    return main(["network", "convert", *map(str, words)])


def test_a_matrix_becomes_a_folder_and_the_question_turns_its_ties(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix, folder = tmp_path / "m.csv", tmp_path / "region"
    matrix.write_text(",ann,ben\nann,0,4\nben,2,0\n", encoding="utf-8")
    assert convert(matrix, folder) == 2
    assert "--strength divide-by-max" in capsys.readouterr().err
    assert convert(matrix, folder, "--strength", "divide-by-max", "--direction", "turn-to") == 0
    out, err = capsys.readouterr()
    assert out == f"m: 2 agents and 2 ties were written to {folder}\n"
    assert "strengths were divided by 4" in err
    assert "ties were turned" in err
    network = read_network(str(folder), Path())
    assert network.strength.tolist() == [0.5, 1.0]


def test_an_output_is_not_written_over_unless_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "region.net"
    assert convert("ahsn-a", target) == 0
    assert "ahsn-a (synthetic): 180 agents" in capsys.readouterr().out
    assert convert("ahsn-a", target) == 2
    assert "is there already; say --overwrite" in capsys.readouterr().err
    assert convert("ahsn-a", target, "--overwrite") == 0
    assert convert(target, target, "--overwrite") == 2
    assert "written over the file that it is read from" in capsys.readouterr().err
    assert convert(target, tmp_path / "x.abc") == 2
    assert '".abc" is the suffix of no format' in capsys.readouterr().err


def test_ties_that_were_merged_or_dropped_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ties = tmp_path / "t.csv"
    ties.write_text("source,target\nann,ben\nann,ben\nann,ben\nben,ben\n", encoding="utf-8")
    assert convert(ties, tmp_path / "t.dl", "--direction", "tell") == 0
    out, err = capsys.readouterr()
    assert out == f"t: 2 agents and 1 tie were written to {tmp_path / 't.dl'}\n"
    assert err.splitlines() == [
        f"{ties}: left out: 1 tie of an agent to itself",
        f"{ties}: 2 ties repeat another of the same layer and direction; the largest strength of each was kept",
    ]


def test_what_an_import_tells_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.csv").write_text("ego,alter\nann,ben\nann,ben\nann,ann\n", encoding="utf-8")
    recipe = '[[nominations]]\nfile = "s.csv"\nshape = "long"\nego = "ego"\nalter = "alter"\nquestion = "tell"\n'
    (tmp_path / "s.toml").write_text(recipe, encoding="utf-8")
    assert convert(tmp_path / "s.toml", tmp_path / "s.graphml") == 0
    told = capsys.readouterr().err
    assert (told.count("nobody is tied to themselves"), told.count("repeats another")) == (1, 1)
    assert "of an agent to itself" not in told


def test_neither_file_of_a_pair_is_written_over_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "region.##d").write_bytes(b"mine")
    assert convert("ahsn-a", tmp_path / "region.##h") == 2
    assert "region.##d: is there already; say --overwrite" in capsys.readouterr().err
    assert not (tmp_path / "region.##h").exists()
    assert convert("ahsn-a", tmp_path / "region.##h", "--overwrite") == 0
    assert read_network(str(tmp_path / "region.##d"), Path()).size == 180


@needs_real_networks
@pytest.mark.parametrize("format_name", WRITTEN)
@pytest.mark.parametrize("which", ["farmers", "leaders", "programme"])
def test_real_networks_come_back_from_every_format(tmp_path: Path, format_name: str, which: str) -> None:
    network = {
        "farmers": brazilian_farmers()[0],
        "leaders": dhhs_tobacco_leaders(),
        "programme": indiana_tobacco_control("contact"),
    }[which]
    if (which, format_name) == ("farmers", "matrix"):
        format_name = "edge-list"  # half a million cells take a workbook too long for a test
    path = tmp_path / f"{network.name}{SUFFIXES[format_name]}"
    lost = write_network(network, path, format_name=format_name)
    again = read_network(f"{path}/" if not path.suffix else str(path), Path())
    assert (again.size, again.tie_count) == (network.size, network.tie_count)
    if format_name in WHOLE:
        assert [line for line in lost if "Pajek" not in line] == []
        assert_equal(again, network)
