"""``network synthesise``: a region, its targets and its fit are written; what cannot be is told in a line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from diffusion.cli import network_synthesise
from diffusion.cli.main import main
from diffusion.network.formats import read_network
from diffusion.network.regions import packaged_folder, packaged_targets
from diffusion.network.synthesis import read_targets


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function that carries out ``network synthesise`` in an empty folder: its code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def called(*words):
        code = main(["network", "synthesise", *map(str, words)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return called


def test_a_packaged_name_makes_the_packaged_region_with_its_targets_and_fit(call, tmp_path):
    code, output, errors = call("ahsn-a", "--draws", 3)
    assert (code, errors) == (0, "")
    assert output.startswith("ahsn-a: synthetic network, made from assumptions; 180 agents")
    assert "42 of 42 targets are met within their tolerance." in output
    assert "mean of 3" in output
    assert "It is synthetic: nobody's data." in output
    assert "  diffusion network show ./ahsn-a --figure ahsn-a.png\n" in output
    made = tmp_path / "ahsn-a"
    assert sorted(path.name for path in made.iterdir()) == [
        "about.toml", "agents.csv", "fit.csv", "targets.toml", "ties.csv",
    ]  # fmt: skip
    for name in ("about.toml", "agents.csv", "ties.csv"):
        assert (made / name).read_bytes() == (packaged_folder("ahsn-a") / name).read_bytes()
    assert read_targets(made / "targets.toml") == read_targets(packaged_targets("ahsn-a"))
    fits = list(csv.DictReader((made / "fit.csv").read_text(encoding="utf-8").splitlines()))
    assert len(fits) == 42
    assert {fit["met"] for fit in fits} == {"yes"}


def test_another_seed_and_size_have_a_name_of_their_own(call, tmp_path):
    code, _, errors = call("ahsn-a", "--seed", 7, "--agents", 300, "--draws", 0)
    assert (code, errors) == (0, "")
    made = read_network(str(tmp_path / "ahsn-a-300-seed-7"), Path())
    assert (made.name, made.size, made.synthetic) == ("ahsn-a-300-seed-7", 300, True)
    assert "seed 7." in (tmp_path / "ahsn-a-300-seed-7" / "about.toml").read_text(encoding="utf-8")


def test_json_has_the_region_and_a_fit_for_every_target(call):
    code, output, _ = call("ahsn-a", "--json", "--draws", 2, "--seed", 3)
    told = json.loads(output)
    assert code == 0
    assert (told["name"], told["agents"], told["synthetic"], told["draws"]) == ("ahsn-a-seed-3", 180, True, 2)
    assert told["layers"].keys() == {"formal-health", "formal-wealth", "informal-health", "informal-wealth"}
    assert all(
        fit.keys() == {"target", "wanted", "drawn", "tolerance", "mean", "low", "high", "met"} for fit in told["fit"]
    )
    assert all(fit["mean"] is not None for fit in told["fit"])


def test_without_draws_json_has_null_for_the_range(call):
    told = json.loads(call("ahsn-a", "--json", "--draws", 0)[1])
    assert {(fit["mean"], fit["low"], fit["high"]) for fit in told["fit"]} == {(None, None, None)}


def test_a_region_goes_to_a_file_of_any_format_with_targets_and_fit_beside_it(call, tmp_path):
    code, output, errors = call("ahsn-a", "--draws", 0, "--output", "region.net")
    assert (code, output.count("Written to region.net, with region_targets.toml and region_fit.csv.")) == (0, 1)
    assert all(line.startswith("region.net: not carried, or changed: ") for line in errors.splitlines())
    again = read_network("./region.net", tmp_path)
    assert (again.size, again.synthetic) == (180, True)
    assert {path.name for path in tmp_path.iterdir()} == {"region.net", "region_targets.toml", "region_fit.csv"}


@pytest.mark.parametrize(("sizes", "drawn", "said"), [((100, 200), 10, "10"), ((50, 100), 0, "no")])
def test_large_regions_have_fewer_draws_and_say_so(call, monkeypatch, sizes, drawn, said):
    assert network_synthesise.DRAWS_BY_SIZE == ((2_000, 100), (20_000, 10))
    monkeypatch.setattr(network_synthesise, "DRAWS_BY_SIZE", tuple(zip(sizes, (100, 10), strict=True)))
    code, output, errors = call("ahsn-a", "--json")
    assert (code, json.loads(output)["draws"]) == (0, drawn)
    assert errors == f"With 180 agents, {said} other regions are drawn for the table of fit; --draws asks for more.\n"


def test_a_first_file_of_targets_is_written_and_makes_a_region(call, tmp_path):
    code, output, _ = call("--start", "mine.toml")
    assert code == 0
    assert "  diffusion network synthesise mine.toml" in output
    assert (tmp_path / "mine.toml").read_bytes() == packaged_targets("ahsn-a").read_bytes()
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8").replace('name = "ahsn-a"', 'name = "north"')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert call("mine.toml", "--draws", 0)[0] == 0
    assert read_network(str(tmp_path / "north"), Path()).name == "north"
    assert json.loads(call("--start", "yours.toml", "--json")[1]) == {"targets": "yours.toml"}


def test_nothing_is_written_over_unless_asked(call, tmp_path):
    assert call("ahsn-a", "--draws", 0)[0] == 0
    code, _, errors = call("ahsn-a", "--draws", 0)
    assert (code, errors.count("is there already; say --overwrite")) == (2, 1)
    (tmp_path / "ahsn-a" / "ties.csv").write_text("", encoding="utf-8")
    assert call("ahsn-a", "--draws", 0, "--overwrite")[0] == 0
    assert (tmp_path / "ahsn-a" / "ties.csv").read_bytes() == (packaged_folder("ahsn-a") / "ties.csv").read_bytes()


def test_the_targets_that_a_region_is_made_from_are_not_written_over(call, tmp_path):
    call("--start", "targets.toml")
    code, _, errors = call("targets.toml", "--output", ".", "--overwrite")
    assert (code, "would be written over the targets" in errors) == (2, True)
    assert (tmp_path / "targets.toml").read_bytes() == packaged_targets("ahsn-a").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the TARGETS are missing; --start FILE writes some to begin from"),
        (["ahsn-x"], '"ahsn-x" is no packaged region; packaged: ahsn-a, ahsn-b, ahsn-c, ahsn-d, ahsn-e; '),
        (["mine"], 'did you mean the file "./mine"?'),
        (["./nowhere.toml"], "nowhere.toml: there is no such region file"),
        (["ahsn-a", "--agents", "3"], "ahsn-a: the number of agents must be between 7 "),
        (["ahsn-a", "--agents", "20"], "ahsn-a-20: layers.formal.density: more than all pairs are to be tied: "),
        (["ahsn-a", "--agents", "2000000"], "--agents must be a whole number between 1 and 1000000; got 2000000"),
        (["ahsn-a", "--seed", "-1"], "--seed must be a whole number between 0 and 9223372036854775807; got -1"),
        (["ahsn-a", "--draws", "many"], "--draws must be a whole number between 0 and 100000; got many"),
        (["ahsn-a", "--output", "no/region"], "no/region: there is no folder no; make it first"),
        (["ahsn-a", "--output", "others"], "others: this folder holds other files; name another with --output"),
        (["ahsn-a", "--output", "region.xyz"], 'region.xyz: ".xyz" is the suffix of no format'),
        (["ahsn-a", "--start", "f.toml"], "--start does not go with TARGETS"),
        (["--start", "f.toml", "--draws", "3"], "--start does not go with --draws"),
        (["--start", "mine"], "mine: is there already; targets are never written over; name another file"),
        (["--start", "no/f.toml"], "no/f.toml: cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(call, tmp_path, words, message):
    (tmp_path / "mine").write_text("", encoding="utf-8")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "thesis.txt").write_text("years of work", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    code, output, errors = call(*words)
    assert (code, output) == (2, "")
    assert message in errors
    assert "Traceback" not in errors
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
