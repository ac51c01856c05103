"""``network positions``: agents by positions, ranks and rank correlations, for programs and for people."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from diffusion.cli.main import main
from diffusion.network.formats import read_network
from diffusion.positions import POSITIONS
from diffusion.positions.ranks import SCORED

AHSN = read_network("ahsn-a", Path())


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function that carries out ``network positions`` in an empty folder: its code, output and errors."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "agents.csv").write_text("id,role\nb,x\na,y\nc,x\nd,x\n", encoding="utf-8")
    (tmp_path / "town" / "ties.csv").write_text("source,target\na,b\nb,a\na,c\n", encoding="utf-8")

    def called(*words):
        code = main(["network", "positions", *map(str, words)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return called


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_an_agent_and_a_column_a_position_come_as_csv(call):
    code, output, errors = call("ahsn-a")
    rows = rows_of(output)
    assert (code, errors) == (0, "")
    assert list(rows[0]) == ["id", "role", *SCORED]
    assert [row["id"] for row in rows] == list(AHSN.ids)
    scores = POSITIONS["betweenness"].scores(AHSN).tolist()
    assert [float(row["betweenness"]) for row in rows] == scores


def test_who_leads_is_told_by_every_position_that_the_network_can_tell(call):
    code, output, errors = call("ahsn-a", "--sets", "3")
    rows = {row["position"]: row for row in rows_of(output)}
    assert code == 0
    assert list(rows) == [name for name in POSITIONS if f'"{name}"' not in errors]
    assert {name for name in POSITIONS if f'Left out: the position "{name}"' in errors} == {
        "formal_leaders",
        "low_threshold",
        "high_receptivity",
        "optimal",
    }
    assert 'the position "optimal" needs a scenario\'s rules' in errors
    assert rows["random"] == {"position": "random", "leaders": "", "drawn": "3 of 180"}
    assert rows["out_degree"]["leaders"].split() == ["A014", "A026", "A030"]
    assert "tied" in rows["coreness"]["drawn"]


def test_parameters_are_for_the_positions_that_have_them(call):
    words = ("ahsn-a", "--positions", "gatekeeper,degree", "--parameters", "grouping=organisation, m=2")
    scores = POSITIONS["gatekeeper"].scores(AHSN, {"grouping": "organisation"}).tolist()
    assert [float(row["gatekeeper"]) for row in rows_of(call(*words)[1])] == scores
    assert scores != POSITIONS["gatekeeper"].scores(AHSN).tolist()
    told = json.loads(call("ahsn-a", "--sets", "2", "--positions", "key_player_positive", "--json")[1])
    near = json.loads(call("ahsn-a", "--sets", "2", *words[1:2], "key_player_positive", *words[3:], "--json")[1])
    assert told[0]["leaders"] != near[0]["leaders"]


def test_positions_that_a_network_cannot_tell_are_left_out_with_a_line(call):
    code, output, errors = call("./town")
    assert code == 0
    assert "sector_holes" not in rows_of(output)[0]
    assert errors.startswith('Left out: the position "sector_holes" reads the column "sector" (grouping), and the')
    assert errors.count("\n") == 1


def test_in_a_large_network_the_slowest_positions_wait_to_be_named(call, monkeypatch):
    monkeypatch.setattr("diffusion.positions.ranks.SLOWEST_AGENTS", 3)
    row = rows_of(call("./town")[1])[0]
    assert "bridging" not in row
    assert "betweenness" in row
    assert "bridging" in rows_of(call("./town", "--positions", "bridging")[1])[0]


def test_json_is_a_list_with_an_object_an_agent(call):
    told = json.loads(call("ahsn-a", "--json")[1])
    assert [agent["id"] for agent in told] == list(AHSN.ids)
    assert all(agent.keys() == {"id", "role", *SCORED} for agent in told)


def test_undefined_scores_are_empty_or_null(call):
    row = rows_of(call("./town", "--positions", "constraint")[1])[-1]
    assert row == {"id": "d", "role": "x", "constraint": ""}
    assert json.loads(call("./town", "--positions", "constraint", "--json")[1])[-1]["constraint"] is None


def test_ranks_stand_after_the_scores(call):
    rows = rows_of(call("./town", "--positions", "out_degree, degree", "--ranks")[1])
    assert list(rows[0]) == ["id", "role", "out_degree", "degree", "out_degree_rank", "degree_rank"]
    assert [row["out_degree_rank"] for row in rows] == ["1", "2", "3.5", "3.5"]


def test_with_a_file_the_screen_shows_the_correlations(call, tmp_path):
    code, output, errors = call("ahsn-a", "--output", "positions.csv")
    assert (code, errors) == (0, "180 rows are written to positions.csv.\n")
    assert output.startswith("Rank correlations between positions (Spearman's rho)")
    assert (tmp_path / "positions.csv").read_text(encoding="utf-8") == call("ahsn-a")[1]
    call("ahsn-a", "--output", "positions.json")
    written = (tmp_path / "positions.json").read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(call("ahsn-a", "--json")[1])


def test_correlations_come_as_csv_and_json_too(call):
    rows = rows_of(call("ahsn-a", "--correlation")[1])
    assert [row["position"] for row in rows] == list(SCORED)
    told = json.loads(call("ahsn-a", "--correlation", "--json")[1])
    assert told[0]["out_degree"] == 1
    assert told[0]["in_degree"] == pytest.approx(float(rows[0]["in_degree"]))
    assert told[1]["out_degree"] == pytest.approx(float(rows[0]["in_degree"]))
    kendall = json.loads(call("ahsn-a", "--kendall", "--json")[1])
    assert kendall[0]["in_degree"] < told[0]["in_degree"]


def test_a_position_that_ranks_all_alike_has_no_correlation(call, tmp_path):
    (tmp_path / "town" / "ties.csv").write_text("source,target\na,b\nb,c\nc,d\nd,a\n", encoding="utf-8")
    told = json.loads(call("./town", "--correlation", "--positions", "degree", "--json")[1])
    assert told == [{"position": "degree", "degree": None}]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ahsn-a", "--positions", "betwenness"], 'there is no position "betwenness"; did you mean "betweenness"?'),
        (["ahsn-a", "--positions", "random"], 'the position "random" scores nobody'),
        (["ahsn-a", "--positions", "core"], 'the position "core" scores nobody: it is drawn anew in every replicate'),
        (["ahsn-a", "--positions", "voterank"], 'the position "voterank" scores nobody: it chooses leaders together'),
        (["ahsn-a", "--positions", "low_threshold"], 'the position "low_threshold" scores nobody: it follows a trait'),
        (["ahsn-a", "--parameters", "mm=2"], '--parameters: mm: no position has such a parameter; did you mean "m"?'),
        (["ahsn-a", "--parameters", "m=0"], "--parameters: m: must be a whole number between 1 and 1000; got 0"),
        (["ahsn-a", "--parameters", "m"], '--parameters: must be NAME=VALUE, with commas between; got "m"'),
        (["ahsn-a", "--sets", "400"], "asks for 400 leaders, but only 180 agents are in ahsn-a"),
        (["ahsn-a", "--sets", "2", "--positions", "cor"], 'unknown position "cor"; did you mean "core"?'),
        (["ahsn-a", "--sets", "2", "--positions", "low_threshold"], 'the position "low_threshold" reads adoption.thr'),
        (["ahsn-a", "--positions", " , "], "name at least one position"),
        (["ahsn-a", "--output", "p.xls"], "p.xls: the name of a table must end in .csv or .json"),
        (["ahsn-a", "--output", "no/p.csv"], "no/p.csv: there is no folder no; make it first"),
    ],
)
def test_mistakes_are_told_in_one_line(call, words, message):
    code, output, errors = call(*words)
    assert (code, output, errors.count("\n")) == (2, "", 1)
    assert errors.startswith(message)
