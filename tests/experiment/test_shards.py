"""Shards: independent jobs that play parts of one study into one database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import permutations

import numpy as np
import pytest
from experiment_cases import played, rows
from hypothesis import given
from hypothesis import strategies as st

from diffusion.cli.main import main
from diffusion.errors import InputError
from diffusion.experiment import runner
from diffusion.experiment.database import Database
from diffusion.experiment.shard import Shard
from diffusion.experiment.store import Store

WORLDS, BLOCKS = np.divmod(np.arange(60), 12)


def fresh(folder, name):
    return Store(Database(folder / name, create=True))


def run_shard(study, store, text):
    store.save(study, {})
    shown: list[runner.Progress] = []
    assert runner.run(study, store, shard=Shard.of(text), report=shown.append)
    return shown


@given(count=st.integers(1, 9))
def test_every_block_belongs_to_one_part_and_parts_are_alike_in_size(made_arm, count):
    held = np.array([Shard(number + 1, count).holds(made_arm, WORLDS, BLOCKS) for number in range(count)])
    assert (held.sum(axis=0) == 1).all()
    for world in range(5):
        sizes = held[:, world == WORLDS].sum(axis=1)
        assert sizes.max() - sizes.min() <= 1


@pytest.fixture(scope="module")
def made_arm():
    class Arm:
        setting_digest, arm_digest = "ab" * 16, "12" * 16

    return Arm()


def test_more_replicates_leave_a_block_where_it_was(made_arm):
    few = Shard(2, 3).holds(made_arm, np.zeros(5, int), np.arange(5))
    many = Shard(2, 3).holds(made_arm, np.zeros(50, int), np.arange(50))
    assert few.tolist() == many[:5].tolist()


@pytest.mark.parametrize("order", list(permutations(["1/3", "2/3", "3/3"])), ids="-".join)
def test_three_shards_in_any_order_equal_one_run(make_study, tmp_path, order):
    study = make_study(replicates=700)
    whole = rows(played(study, fresh(tmp_path, "whole.db")))
    store = fresh(tmp_path, "parts.db")
    for done, text in enumerate(order):
        assert len(rows(store)) < len(whole)
        shown = run_shard(study, store, text)
        assert shown[0].done == 0, f"what other shards stored is none of this one's: {done}"
        assert shown[-1].done == shown[-1].total
    assert rows(store) == whole


def test_a_study_begun_in_three_parts_goes_on_in_five(make_study, tmp_path):
    study = make_study(replicates=700)
    whole = rows(played(study, fresh(tmp_path, "whole.db")))
    store = fresh(tmp_path, "parts.db")
    run_shard(study, store, "2/3")
    for number in range(1, 6):
        run_shard(study, store, f"{number}/5")
    assert rows(store) == whole


def started(path, database, *words):
    command = [sys.executable, "-m", "diffusion", "run", str(path), "--database", str(database), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ, text=True)


def test_two_shards_at_once_and_a_third_after_them_equal_one_run(make_study, scenario_file, tmp_path):
    path = scenario_file(replicates=2000)
    both = [started(path, tmp_path / "parts.db", "--shard", f"{number}/3", "--workers", "1") for number in (3, 1)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert not told[0][0], "one part is no answer"
    assert not told[1][0]
    assert "runs of who are stored; an answer needs all. Missing:" in told[0][1]
    last = started(path, tmp_path / "parts.db", "--shard", "2/3")
    answer, errors = last.communicate()
    assert last.returncode == 0, errors
    assert answer.startswith("Who should lead?")
    whole = played(make_study(replicates=2000), fresh(tmp_path, "whole.db"))
    assert rows(Store(Database(tmp_path / "parts.db"))) == rows(whole)


def test_a_shard_says_as_json_what_is_missing_and_prints_no_answer(scenario_file, tmp_path, capsys):
    database = str(tmp_path / "parts.db")
    run = ["run", str(scenario_file(replicates=128)), "--database", database, "--json"]
    assert main([*run, "--shard", "1/2"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"study", "digest", "missing"}
    assert told["missing"] == [
        {"network": "town", "cell": {}, "arm": arm, "stored": 64, "wanted": 128} for arm in ("random", "hubs")
    ]
    assert main([*run, "--shard", "2/2"]) == 0
    assert set(json.loads(capsys.readouterr().out)) >= {"arms", "comparisons"}


def test_a_study_of_which_parts_are_missing_says_so_when_it_is_shown(scenario_file, tmp_path, capsys):
    database = str(tmp_path / "parts.db")
    main(["run", str(scenario_file(replicates=128)), "--database", database, "--shard", "1/2"])
    capsys.readouterr()
    assert main(["studies", "show", "who", "--database", database]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "128 of the 256 runs of who are stored; an answer needs all. Missing:",
        '  64 of 128 runs of "random" on "town"',
        '  64 of 128 runs of "hubs" on "town"',
    ]


@pytest.mark.parametrize("text", ["0/3", "4/3", "x", "1/0", "1/", "-1/2", "1/2/3"])
def test_a_shard_that_is_none_is_refused_in_one_line(text):
    with pytest.raises(InputError, match=r"^--shard must be a number of a part .*; got "):
        Shard.of(text)
