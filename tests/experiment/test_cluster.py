"""A study on a real Dask cluster: the same runs, whichever machine is lost, and nothing stored twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from dask_clusters import Cluster as Started
from dask_clusters import cluster
from experiment_cases import played, rows

import diffusion
from diffusion.cli.main import main
from diffusion.errors import ClusterError
from diffusion.experiment import runner
from diffusion.experiment.cluster import Cluster
from diffusion.experiment.database import Database
from diffusion.experiment.failures import FailureLog
from diffusion.experiment.remote import SentArm, play
from diffusion.experiment.store import Store

if not os.environ.get("DIFFUSION_REQUIRE_SERVICES"):
    pytest.importorskip("distributed", reason="the extra cluster is not installed: pip install -e '.[cluster]'")
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own, of versions and busy machines


def fresh(folder, name="runs.db"):
    return Store(Database(folder / name, create=True))


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


class Written(Store):
    """Count how often every block is written, and do something after each time, until it is done."""

    def __init__(self, path, then=lambda: True):
        super().__init__(Database(path, create=True))
        self.then = then
        self.counts: dict[object, int] = {}

    def write(self, arm, blocks, replicates):
        for place in blocks:
            key = arm.arm_digest, place
            self.counts[key] = self.counts.get(key, 0) + 1
        super().write(arm, blocks, replicates)
        if self.then():
            self.then = lambda: False


SLOW = """
[[arms]]
name = "edge"
leaders.position = "marginal"
adoption.rule = "threshold"
adoption.threshold = { uniform = [0, 1] }
"""


@pytest.fixture
def long_study(make_study):
    """Return a study of some seconds, of three arms."""
    return make_study(replicates=4_000, steps=300, more=SLOW)


def test_a_cluster_plays_the_very_same_runs(two_workers: Started, make_study, tmp_path):
    study = make_study(replicates=700, more=SLOW)
    whole = rows(played(study, fresh(tmp_path, "whole.db")))
    with Cluster(two_workers.address) as crew:
        assert crew.threads == 2
        assert rows(played(study, fresh(tmp_path), crew=crew)) == whole


def test_the_command_says_the_same_on_a_cluster_and_names_no_machine(two_workers, scenario_file, tmp_path, capsys):
    run = ["run", str(scenario_file(replicates=200)), "--database"]
    assert main([*run, str(tmp_path / "here.db")]) == 0
    here = capsys.readouterr().out
    assert main([*run, str(tmp_path / "there.db"), "--dask", two_workers.address]) == 0
    assert capsys.readouterr().out == here
    assert main(["studies", "show", "who", "--provenance", "--database", str(tmp_path / "there.db")]) == 0
    told = capsys.readouterr().out
    [record] = json.loads(told)
    assert record["cluster"]
    [kind] = record["cluster_machines"]
    assert kind["versions"] == record["versions"], "two workers of one kind are told once"
    assert "release" in kind["machine"]
    assert "127.0.0.1" not in told


def test_a_batch_that_fails_on_a_cluster_is_recorded_and_the_study_goes_on(two_workers, make_study, tmp_path):
    study, store = make_study(replicates=128), fresh(tmp_path)
    log = FailureLog(store.database, store.save(study, {}))
    broken = study.played[0].arm
    object.__setattr__(broken.setting.parameters, "steps", "six")
    with Cluster(two_workers.address) as crew:
        assert not runner.run(study, store, crew=crew, failed=log.add)
    assert {failure.arm for failure in log.failures} == {broken.name}
    assert len(rows(store)) == 128


def started(path, database, address, *, more_than=0):
    """Start the command, and come back when it has stored more than so many runs."""
    command = [sys.executable, "-m", "diffusion", "run", str(path), "--database", str(database), "--dask", address]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while stored(database) <= more_than and time.monotonic() < deadline:
        time.sleep(0.02)
    return process


def stored(database):
    if not database.exists() or not database.stat().st_size:
        return 0
    with Database(database).reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one()


def test_a_command_killed_and_one_interrupted_on_a_cluster_are_resumed_without_one(
    two_workers, long_study, scenario_file, tmp_path, capsys
):
    path, database = scenario_file(replicates=4_000, steps=300, more=SLOW), tmp_path / "runs.db"
    killed = started(path, database, two_workers.address)
    killed.kill()
    killed.communicate()
    first = stored(database)
    interrupted = started(path, database, two_workers.address, more_than=first)
    interrupted.send_signal(signal.SIGINT)
    output, errors = interrupted.communicate()
    assert (interrupted.returncode, output) == (130, ""), errors
    assert 0 < first < stored(database) < 12_000
    assert f"{stored(database):,} of 12,000 runs are stored; the same command goes on from there." in errors
    assert main(["run", str(path), "--database", str(database)]) == 0
    capsys.readouterr()
    assert rows(Store(Database(database))) == rows(played(long_study, fresh(tmp_path, "whole.db")))


def test_a_study_waits_for_workers_where_there_are_none_yet(make_study, tmp_path):
    study = make_study(replicates=100)
    with cluster(tmp_path / "cluster", workers=0) as made:
        made.add_worker()
        with Cluster(made.address) as crew:
            assert crew.threads == 0
            assert rows(played(study, fresh(tmp_path), crew=crew)) == rows(played(study, fresh(tmp_path, "whole.db")))


def test_a_worker_of_another_version_that_joins_later_plays_nothing(make_study):
    arm = make_study().arms[0]
    sent = replace(SentArm.of(arm, seed=5, replicates=100), made=(0, "0" * 16))
    with pytest.raises(ClusterError, match="a machine that joined the cluster has another version of diffusion"):
        play(sent, arm.network, [(0, 0)], {})


def test_without_the_package_one_line_says_how_to_get_it(scenario_file, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    run = ["run", str(scenario_file()), "--database", str(tmp_path / "runs.db"), "--dask", "tcp://127.0.0.1:9"]
    assert main(run) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "--dask needs the package distributed: pip install -e '.[cluster]'"


def test_a_worker_killed_while_it_works_costs_nothing_that_counts(long_study, tmp_path):
    whole = rows(played(long_study, fresh(tmp_path, "whole.db")))
    with cluster(tmp_path / "cluster") as made:
        killed: list[int] = []

        def kill_one() -> bool:
            busy = [number for number, address in enumerate(made.addresses, start=1) if address in crew.at_work]
            if busy:
                made.kill(busy[0])
                killed.append(busy[0])
            return bool(busy)

        store = Written(tmp_path / "runs.db", then=kill_one)
        with Cluster(made.address) as crew:
            played(long_study, store, crew=crew)
        assert killed, "it must be in the middle of a batch"
        assert made.processes[3 - killed[0]].poll() is None
    assert rows(store) == whole
    assert set(store.counts.values()) == {1}


def test_a_study_goes_on_with_new_workers_where_all_are_lost(long_study, tmp_path):
    whole = rows(played(long_study, fresh(tmp_path, "whole.db")))
    with cluster(tmp_path / "cluster") as made:

        def lose_all() -> bool:
            made.kill(1)
            made.kill(2)
            made.add_worker()
            return True

        store = Written(tmp_path / "runs.db", then=lose_all)
        with Cluster(made.address) as crew:
            played(long_study, store, crew=crew)
            assert crew.lost
    assert rows(store) == whole


def test_a_lost_scheduler_ends_the_run_in_one_line_and_what_was_stored_is_kept(long_study, tmp_path, monkeypatch):
    monkeypatch.setattr("diffusion.experiment.cluster.PATIENCE_SECONDS", 2.0)
    with cluster(tmp_path / "cluster") as made:

        def lose_the_scheduler() -> bool:
            made.kill(0)
            return True

        store = Written(tmp_path / "runs.db", then=lose_the_scheduler)
        store.save(long_study, {})
        with Cluster(made.address) as crew, pytest.raises(ClusterError, match="the scheduler does not answer any more"):
            runner.run(long_study, store, crew=crew)
    assert len(rows(store)) >= 64


def test_a_worker_with_another_version_is_refused_in_one_line(tmp_path):
    other = tmp_path / "other"
    shutil.copytree(Path(diffusion.__file__).parent, other / "diffusion", ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "diffusion" / "model" / "rules.py").open("a", encoding="utf-8") as file:
        file.write("\n# a rule was changed here\n")
    with cluster(tmp_path / "cluster", workers=0) as made:
        made.add_worker(PYTHONPATH=str(other))
        made.wait_for_workers()
        with pytest.raises(ClusterError, match=r"^--dask: the worker at tcp.* has another version of diffusion .*$"):
            Cluster(made.address)


def test_where_no_scheduler_answers_one_line_says_so(scenario_file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("diffusion.experiment.cluster.PATIENCE_SECONDS", 1.0)
    run = ["run", str(scenario_file()), "--database", str(tmp_path / "runs.db"), "--dask", "tcp://127.0.0.1:9"]
    assert main(run) == 2
    [line] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("--dask")]
    assert line.startswith("--dask tcp://127.0.0.1:9: no Dask scheduler answers there")


@pytest.mark.parametrize(
    "address", ["localhost", "tcp://localhost", "localhost:abc", "tcp://:8786", "localhost:99999", "nonsense://here:1"]
)
def test_an_address_that_no_scheduler_can_have_is_refused_at_once(address: str) -> None:
    with pytest.raises(ClusterError, match=rf"^--dask {address}: must be the address that `dask scheduler` prints"):
        Cluster(address)


def test_the_readable_model_is_not_played_on_a_cluster(scenario_file, capsys):
    assert main(["run", str(scenario_file()), "--dask", "tcp://127.0.0.1:9", "--engine", "mesa"]) == 2
    assert capsys.readouterr().err.startswith("--dask plays on the cluster's own threads")
