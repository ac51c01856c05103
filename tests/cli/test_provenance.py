"""The record of a study's runs in words."""

from __future__ import annotations

import io
import json
import sys

from experiment_cases import make_study, played, scenario_file  # noqa: F401
from rich.console import Console

from diffusion.cli.main import main
from diffusion.cli.provenance import print_provenance
from diffusion.experiment.database import Database
from diffusion.experiment.store import Store


def printed(store, width=100):
    entry, out = store.find("who"), io.StringIO()
    print_provenance(entry, store.records(entry), Console(file=out, width=width, markup=False, highlight=False))
    return out.getvalue()


def test_the_record_tells_an_examiner_all_that_made_the_numbers(make_study, tmp_path):  # noqa: F811
    store = played(make_study(), Store(Database(tmp_path / "runs.db", create=True)))
    [record] = store.records(store.find("who"))
    text = printed(store, width=80)
    lines = [line.strip() for line in text.splitlines()]
    said = [record["started_at"], record["finished_at"]]
    told = [
        *(instant.replace("T", " ").removesuffix("+00:00") for instant in said),
        *(f"{name} {version}" for name, version in record["versions"].items()),
        *(f"{digest}  {name}" for name, digest in record["file_digests"].items()),
        *(f"{digest}  {name}" for name, digest in record["network_digests"].items()),
        record["scenario_digest"],
        record["source_digest"],
        "the ensemble in 1 thread",
        record["machine"]["processor_model"],
    ]
    assert [one for one in told if not any(line.endswith(one) for line in lines)] == []
    assert "seed                   5" in lines


def test_a_record_of_an_older_version_or_a_run_that_was_stopped_tells_what_it_can(make_study, tmp_path):  # noqa: F811
    store = Store(Database(tmp_path / "runs.db", create=True))
    study = make_study()
    kinds = [{"versions": {"numpy": number}, "machine": {"processor": "aarch64"}} for number in ("1.26.4", "2.0.0")]
    of_cluster = {"cluster_machines": kinds}
    store.save(study, {"command": ["diffusion", "run"], "seed": 5, "network_digests": {}})
    store.save(study, {"network_digests": {}, "shard": "2/3", "cluster": True, "workers": 8, **of_cluster})
    text = printed(store)
    assert "run 2 of 2" in text
    assert "not to its end: stopped, killed, or still running" in text
    assert "the ensemble in 8 threads of a Dask cluster, shard 2/3" in text
    for number in ("1.26.4", "2.0.0"):
        assert any(line.split() == ["of", "the", "cluster", "numpy", number] for line in text.splitlines())


def test_a_terminal_gets_words_and_everything_else_json(make_study, tmp_path, capsys, monkeypatch):  # noqa: F811
    path = tmp_path / "runs.db"
    played(make_study(), Store(Database(path, create=True)))
    show = ["studies", "show", "who", "--provenance", "--database", str(path)]
    assert main(show) == 0
    piped = capsys.readouterr().out
    assert json.loads(piped)[0]["seed"] == 5

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for words, is_json in ((show, False), ([*show, "--json"], True)):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        assert main(words) == 0
        text = terminal.getvalue()
        monkeypatch.undo()
        assert (text == piped) is is_json
        assert is_json or "compiled sources" in text
