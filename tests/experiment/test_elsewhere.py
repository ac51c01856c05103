"""A replay on another machine: it is the same, or what may be why it is not is told by name."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from experiment_cases import played, town

import diffusion
from diffusion.cli.main import main
from diffusion.errors import StoreError
from diffusion.experiment import schema, study
from diffusion.experiment.database import Database
from diffusion.experiment.environment import FACTS, differing, environment
from diffusion.experiment.file_digests import file_digests
from diffusion.experiment.plan import plan
from diffusion.experiment.replay import replayed
from diffusion.experiment.store import Store
from diffusion.model import MODEL_VERSION
from diffusion.network.formats import read_network, write_network
from diffusion.scenario import load_scenario


@pytest.fixture
def stored(make_study, tmp_path, monkeypatch):
    """Return the path of a database that holds a study, seen from the folder in which its scenario is."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "runs.db"
    played(make_study(), Store(Database(path, create=True)))
    return path


def change_record(path, **changes):
    """Make a record say that another machine made the runs."""
    with Database(path).writing() as connection:
        table = schema.provenance
        for row in connection.execute(table.select()).all():
            record = json.loads(row.record)
            for key, value in changes.items():
                record[key] = {**record[key], **value} if isinstance(value, dict) else value
            connection.execute(table.update().where(table.c.id == row.id).values(record=json.dumps(record)))


def change_runs(path, replicate, **values):
    with Database(path).writing() as connection:
        table = schema.runs
        connection.execute(table.update().where(table.c.replicate == replicate).values(**values))


def replay(capsys, path, *words):
    code = main(["replay", "who", "--arm", "hubs", "--replicate", "3", "--database", str(path), *words])
    return (code, *capsys.readouterr())


def test_a_replay_where_it_was_made_says_nothing_of_machines(stored, capsys):
    code, output, errors = replay(capsys, stored)
    assert (code, errors) == (0, "")
    assert output.splitlines()[-1].endswith("adopters equal the store's.")
    assert json.loads(replay(capsys, stored, "--json")[1])["since"] == {
        "differs": [],
        "not_recorded": [],
        "files": {
            "same": ["who.toml", "town/about.toml", "town/agents.csv", "town/ties.csv"],
            "changed": [],
            "absent": [],
        },
    }


def test_a_replay_that_matches_elsewhere_says_in_one_line_what_is_different(stored, capsys):
    change_record(stored, versions={"python": "3.12.1", "numpy": "1.26.4"}, machine={"processor_features": ["sse4.1"]})
    here = environment()
    code, output, _ = replay(capsys, stored)
    assert code == 0
    line = output.splitlines()[-1]
    assert "They do so though these are not what made the run: numpy" in line
    assert f"numpy {here['versions']['numpy']} (then 1.26.4); processor's features" in line
    assert f"(then sse4.1); Python {here['versions']['python']} (then 3.12.1)." in line
    found = json.loads(replay(capsys, stored, "--json")[1])["since"]["differs"]
    assert {"what": "Python", "then": ["3.12.1"], "here": here["versions"]["python"]} in found


def test_a_replay_that_does_not_match_says_what_differs_the_likeliest_first(stored, capsys):
    change_record(stored, versions={"numpy": "1.26.4", "python": "3.12.1"}, source_digest="0123456789abcdef", svml=True)
    change_runs(stored, 3, adopted=b"\xff\x00")
    code, _, errors = replay(capsys, stored)
    assert code == 1
    lines = errors.splitlines()
    assert (
        "is the first agent to differ: it ends not having adopted as stored, and having adopted as replayed" in lines[0]
    )
    told = [line.split()[0] for line in lines if line.startswith("  ")]
    assert told == ["compiled", "SVML", "numpy", "Python"]
    assert f"  compiled sources {environment()['source_digest']} (then 0123456789abcdef)" in lines
    output = replay(capsys, stored, "--json")[1]
    assert json.loads(output)["differences"][0] == lines[0].removeprefix("the replay differs: ")
    assert json.loads(output)["since"]["differs"][0]["what"] == "compiled sources"


def test_a_mismatch_that_no_version_explains_says_that_the_store_was_changed(stored, capsys):
    change_runs(stored, 3, ever_adopted=13)
    _, _, errors = replay(capsys, stored)
    assert "Nothing differs that the record tells of what made the run; then what is stored was changed" in errors


def test_what_an_older_record_does_not_tell_is_not_taken_to_be_the_same():
    found, untold = differing([{"versions": {"python": "3.11.0"}}], environment())
    assert [one.what for one in found] == ["Python"]
    assert untold == [what for what in FACTS if what != "Python"]


def test_where_several_machines_had_a_part_each_is_told():
    here = environment()
    other = {**here, "source_digest": "0123456789abcdef"}
    [found] = differing([here, other, here], here)[0]
    assert str(found) == f"compiled sources {here['source_digest']} (then {here['source_digest']} and 0123456789abcdef)"


def test_what_a_cluster_played_is_compared_with_its_machines_and_not_with_who_handed_it_out(stored, capsys):
    here = environment()
    machines = [{**here, "versions": {**here["versions"], "numpy": number}} for number in ("1.26.4", "2.0.0")]
    change_record(stored, cluster_machines=machines, versions={"scipy": "1.0"})
    since = json.loads(replay(capsys, stored, "--json")[1])["since"]
    numpy = {"what": "numpy", "then": ["1.26.4", "2.0.0"], "here": here["versions"]["numpy"]}
    assert since["differs"] == [numpy]


def test_files_that_have_changed_are_told_and_what_is_stored_is_replayed(stored, capsys, tmp_path):
    ties = tmp_path / "town" / "ties.csv"
    ties.write_text("".join(ties.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    (tmp_path / "town" / "about.toml").unlink()
    code, output, _ = replay(capsys, stored)
    assert code == 0
    assert output.splitlines()[-1] == (
        "town/ties.csv has changed since; the study holds the content of then, and that is what is replayed."
    )
    told = json.loads(replay(capsys, stored, "--json")[1])["since"]["files"]
    assert (told["changed"], told["absent"]) == (["town/ties.csv"], ["town/about.toml"])


def test_a_scenario_is_found_where_the_user_says_it_is(stored, capsys, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    told = json.loads(replay(capsys, stored, "--json")[1])["since"]["files"]
    assert len(told["absent"]) == 4
    path = tmp_path / "who.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    told = json.loads(replay(capsys, stored, "--json", "--scenario", str(path))[1])["since"]["files"]
    assert (told["changed"], told["absent"]) == (["who.toml"], [])


def test_every_file_that_a_network_is_made_of_has_a_digest(tmp_path, scenario_file):
    path = scenario_file()
    write_network(town(), tmp_path / "region.##h")
    (tmp_path / "north").mkdir()
    write_network(town(), tmp_path / "north" / "town")
    write_network(town(), tmp_path / "sheet.xlsx")
    networks = '["./town", "./region.##h", "./north/town", "./sheet.xlsx", "ahsn-a"]'
    path.write_text(path.read_text(encoding="utf-8").replace('["./town"]', networks), encoding="utf-8")
    study_read = plan(load_scenario(path))
    folder = ["about.toml", "agents.csv", "ties.csv"]
    assert list(file_digests(study_read)) == [
        "who.toml",
        *(f"town/{name}" for name in folder),
        "region.##h",
        "region.##d",
        *(f"town/{name} (network 3)" for name in folder),
        "sheet.xlsx",
    ]


def test_a_network_knows_its_files_wherever_it_is_read_from(tmp_path):
    write_network(town(), tmp_path / "town.net")
    (tmp_path / "town.clu").write_text("*Vertices 12\n" + "1\n" * 12, encoding="utf-8")
    network = read_network(str(tmp_path / "town.net"), Path())
    assert {file.name for file in network.files} == {"town.net", "town.clu"}
    assert read_network("ahsn-a", Path()).files == ()


def test_a_study_of_another_model_says_who_made_it_and_what_to_do(stored, capsys, monkeypatch):
    change_record(stored, versions={"ahsn-diffusion": "0.0.9"})
    monkeypatch.setattr(study, "MODEL_VERSION", 2)
    monkeypatch.setattr("diffusion.experiment.environment.MODEL_VERSION", 2)
    for verb in (["compare", "who"], ["replay", "who", "--arm", "hubs", "--replicate", "3"], ["report", "who"]):
        assert main([*verb, "--database", str(stored)]) == 2
        output, errors = capsys.readouterr()
        assert output == ""
        assert 'the study "who" was made by diffusion 0.0.9, version 1 of the model, and this is diffusion' in errors
        assert "version 2 of the model: it can neither replay nor continue these runs." in errors
        assert "install diffusion 0.0.9 (check that version out, then `pip install -e .`)" in errors
        assert "run the scenario again" in errors
    assert main(["studies", "show", "who", "--provenance", "--database", str(stored)]) == 0
    assert json.loads(capsys.readouterr().out)[0]["versions"]["ahsn-diffusion"] == "0.0.9"


def test_a_program_with_another_model_refuses_the_runs_in_one_line(stored, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(Path(diffusion.__file__).parent, other / "diffusion", ignore=shutil.ignore_patterns("__pycache__"))
    (other / "diffusion" / "model" / "__init__.py").write_text('"""Another model."""\n\nMODEL_VERSION = 7\n')
    environment_of_it = {**os.environ, "PYTHONPATH": str(other)}

    def carried_out(*words):
        command = [sys.executable, "-m", "diffusion", *words, "--database", str(stored)]
        return subprocess.run(command, env=environment_of_it, capture_output=True, text=True, check=False)

    refused = carried_out("replay", "who", "--arm", "hubs", "--replicate", "3")
    assert refused.returncode == 2
    [line] = refused.stderr.splitlines()
    assert "version 1 of the model, and this is diffusion" in line
    assert "version 7 of the model" in line


@pytest.mark.parametrize("script", sorted((Path(__file__).parent / "stores").glob("*.sql")), ids=lambda path: path.stem)
def test_a_store_of_every_released_version_is_replayed_or_says_why_not(script, tmp_path):
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script.read_text(encoding="utf-8"))
    store = Store(Database(path))
    entry = store.find("who")
    if store.records(entry)[-1]["model_version"] != MODEL_VERSION:
        with pytest.raises(StoreError, match=r"was made by diffusion .*run the scenario again"):
            store.study(entry)
        return
    found = store.study(entry)
    for arm in found.arms:
        there = arm.in_world(found.scenario.worlds - 1, seed=found.scenario.seed)
        assert replayed(found, store, there, found.scenario.replicates - 1).differences == ()
    assert len(found.arms) > 1
