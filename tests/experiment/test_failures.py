"""Batches that fail: tried once more, recorded, told, and tried again by the next run."""

from __future__ import annotations

import json

import pytest
from experiment_cases import played, rows

from diffusion.cli.main import main
from diffusion.experiment import playing, runner
from diffusion.experiment.completeness import incompleteness_lines
from diffusion.experiment.database import Database
from diffusion.experiment.failures import FailureLog, standing_failures
from diffusion.experiment.store import Store
from diffusion.model.ensemble import Ensemble


def fresh(folder, name="runs.db"):
    return Store(Database(folder / name, create=True))


class Trouble:
    """Let the blocks of some numbers fail, so many times each."""

    def __init__(self, blocks, times):
        self.left = dict.fromkeys(blocks, times)
        self.tried = dict.fromkeys(blocks, 0)

    def __enter__(self):
        self.play = play = Ensemble.block

        def block(ensemble, number):
            if number in self.left:
                self.tried[number] += 1
                if self.left[number]:
                    self.left[number] -= 1
                    raise ArithmeticError(f"block {number} is bad\nin two lines")
            return play(ensemble, number)

        Ensemble.block = block  # type: ignore[method-assign]
        return self

    def __exit__(self, *_):
        Ensemble.block = self.play  # type: ignore[method-assign]


def test_a_batch_that_fails_once_is_tried_again_and_nobody_notices(make_study, tmp_path):
    study = make_study(replicates=700)
    whole = rows(played(study, fresh(tmp_path, "whole.db")))
    with Trouble([0, 3], times=1):
        assert rows(played(study, fresh(tmp_path))) == whole


@pytest.mark.parametrize("workers", [1, 3])
def test_a_block_that_fails_for_good_costs_itself_alone_and_the_next_run_plays_it(make_study, tmp_path, workers):
    study = make_study(replicates=700)
    whole = rows(played(study, fresh(tmp_path, "whole.db")))
    store = fresh(tmp_path)
    log = FailureLog(store.database, store.save(study, {}))
    shown: list[runner.Progress] = []
    with Trouble([3], times=100) as trouble:
        assert not runner.run(study, store, workers=workers, failed=log.add, report=shown.append)
    # Two arms: each tries it in its batch, and once more alone.
    assert trouble.tried == {3: 4}
    assert [(one.arm, one.blocks, one.runs) for one in log.failures] == [("random", (3,), 64), ("hubs", (3,), 64)]
    assert (shown[-1].done, shown[-1].total) == (1400 - 128, 1400)
    assert set(rows(store)) < set(whole)
    assert len(rows(store)) == 1400 - 128
    assert standing_failures(study, store) == log.failures
    assert rows(played(study, store)) == whole
    assert standing_failures(study, store) == []
    assert incompleteness_lines(study, store) == []


def test_without_anybody_to_tell_the_error_of_a_batch_is_raised(make_study, make_store):
    study, store = make_study(), make_store()
    store.save(study, {})
    with Trouble([0], times=100), pytest.raises(ArithmeticError, match="block 0 is bad"):
        runner.run(study, store)


def test_what_failed_is_told_in_plain_words_and_recorded(scenario_file, tmp_path, capsys):
    where = ["--database", str(tmp_path / "runs.db")]
    run = ["run", str(scenario_file(replicates=128)), *where]
    with Trouble([1], times=100):
        assert main(run) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert [line for line in told.err.splitlines() if not line.startswith(("Compiling", "Results"))] == [
        '64 runs of the arm "random" on "town" failed twice: ArithmeticError: block 1 is bad in two lines',
        '64 runs of the arm "hubs" on "town" failed twice: ArithmeticError: block 1 is bad in two lines',
        "128 of 256 runs are stored, 128 could not be played; the same command tries these again.",
    ]
    assert main(["studies", "show", "who", *where]) == 2
    shown = capsys.readouterr().err
    assert '64 of 128 runs of "hubs" on "town"' in shown
    assert 'the arm "hubs" on "town" failed twice: ArithmeticError: block 1 is bad in two lines' in shown
    assert main(["studies", "show", "who", "--provenance", *where]) == 0
    [record] = json.loads(capsys.readouterr().out)
    assert [(one["arm"], one["world"], one["blocks"]) for one in record["failures"]] == [
        ("random", 0, [1]),
        ("hubs", 0, [1]),
    ]
    assert main(run) == 0
    assert main(["studies", "show", "who", *where]) == 0


def test_a_world_that_cannot_be_made_is_a_failure_as_well(make_study, tmp_path, monkeypatch):
    study, store = make_study(replicates=64), fresh(tmp_path)
    log = FailureLog(store.database, store.save(study, {}))

    def refuse(*_, **__):
        raise ValueError("no such world")

    monkeypatch.setattr(playing, "Ensemble", refuse)
    assert not runner.run(study, store, failed=log.add)
    assert [failure.error for failure in log.failures] == ["ValueError: no such world"] * 2
