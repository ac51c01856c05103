"""The verbs as a user meets them: what they print, where, and with which exit code."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from experiment_cases import make_store, make_study, scenario_file  # noqa: F401 - fixtures
from survived_cases import SWEEP, uncertain

from diffusion.cli.main import diffusion, main
from diffusion.experiment.database import Database

SCRIPT = Path(__file__).parents[2] / "run_sim.py"


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function that carries out a command in an empty folder: its code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def called(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        # Whether something has to be compiled depends on what was played before.
        errors = "".join(line for line in told.err.splitlines(keepends=True) if not line.startswith("Compiling "))
        return code, told.out, errors

    return called


@pytest.fixture
def done(call, scenario_file):  # noqa: F811
    """Return the function, after a study was run."""
    code, _, errors = call("run", scenario_file())
    assert code == 0, errors
    return call


def test_run_names_the_database_on_standard_error_and_prints_the_ranking_and_sentences(call, scenario_file):  # noqa: F811
    code, output, errors = call("run", scenario_file())
    assert code == 0
    assert errors == "Results are kept in results/diffusion.db (new).\n"
    lines = output.splitlines()
    assert lines[0] == "Who should lead?"
    assert lines[2].startswith("town: network; 12 agents (4 firm and 8 manager); 30 ties")
    [heading] = [line for line in lines if "adopted_share, %" in line]
    assert "better in" in heading
    assert "against random, points" in heading
    assert "On the network town, after 6 steps, " in output
    assert "simultaneous interval" in output
    assert "2 of 12, drawn anew in every replicate" in output
    assert "p00, 1 place among 4 tied, drawn anew in every replicate" in output


def test_a_second_run_plays_nothing_and_prints_the_same(done, scenario_file):  # noqa: F811
    first = done("run", scenario_file())
    assert first == done("run", scenario_file())
    assert first[2] == "Results are kept in results/diffusion.db.\n"


def test_run_json_prints_json_alone_on_standard_output(done, scenario_file):  # noqa: F811
    code, output, errors = done("run", scenario_file(), "--json")
    told = json.loads(output)
    assert (code, told["study"]) == (0, "who")
    assert errors == "Results are kept in results/diffusion.db.\n"


def test_replicates_seed_engine_and_workers_can_be_given(done, scenario_file):  # noqa: F811
    path = scenario_file()
    ensemble = json.loads(done("run", path, "--replicates", 20, "--seed", 9, "--json")[1])
    mesa = json.loads(
        done("run", path, "--replicates", 20, "--seed", 9, "--json", "--engine", "mesa", "--database", "m.db")[1]
    )
    three = json.loads(
        done("run", path, "--replicates", 20, "--seed", 9, "--json", "--workers", 3, "--database", "w.db")[1]
    )
    assert ensemble == mesa == three
    assert {arm["replicates"] for arm in ensemble["arms"]} == {20}


def test_compare_prints_every_outcome_that_is_asked_for(done):
    code, output, errors = done(
        "compare", "who", "--outcome", "area", "--outcome", "time_to_half", "--baseline", "hubs"
    )
    assert (code, errors) == (0, "")
    assert "area, %" in output
    assert "time_to_half, steps, restricted" in output
    assert "against hubs, points" in output
    told = json.loads(done("compare", "who", "--outcome", "area", "--json")[1])
    assert {found["outcome"] for found in told["comparisons"]} == {"area"}


def test_compare_prints_outcomes_that_exist_in_comparisons_only(done):
    output = done("compare", "who", "--outcome", "adopted_share_others.firm")[1]
    assert "against random, points" in output
    assert "among the agents of role firm who lead in neither arm" in output


def test_replay_prints_who_moved_when_and_that_all_is_equal(done):
    code, output, errors = done("replay", "who", "--arm", "hubs", "--replicate", 17)
    assert (code, errors) == (0, "")
    assert output.startswith("Replicate 17 of the arm “hubs” on town")
    assert "(lead)" in output
    assert "equal the ensemble's" in output
    told = json.loads(done("replay", "who", "--arm", "hubs", "--replicate", 17, "--json")[1])
    assert (told["replicate"], told["differences"], len(told["agents"])) == (17, [], 12)


def test_replay_and_the_answer_name_worlds_and_swept_values(call, scenario_file):  # noqa: F811
    text = uncertain('mode = "robustness"').replace("worlds = 8", "worlds = 2")
    code, output, _ = call("run", scenario_file("who", text=text, replicates=3, more=SWEEP))
    assert code == 0
    assert output.count("All arms live through the same 2 worlds") == 1
    code, output, _ = call("replay", "who", "--arm", "hubs", "--replicate", 1, "--world", 1, "--cell", 2)
    assert code == 0
    place = "town, with uncertain_network.missing_ties = 0.4"
    assert output.startswith(f"Replicate 1 of world 1 of the arm “hubs” on {place}\n")


def test_replay_writes_who_could_have_convinced_whom(done, tmp_path):
    folder = tmp_path / "run"
    code, _, errors = done("replay", "who", "--arm", "hubs", "--replicate", 17, "--output", folder)
    assert code == 0
    assert errors.startswith(f"Written to {folder}: moved.csv, convinced.csv, convinced.png")
    assert {path.name for path in folder.iterdir()} >= {"moved.csv", "convinced.csv", "convinced.svg", "convinced.txt"}
    again = {path.name: path.read_bytes() for path in folder.iterdir()}
    done("replay", "who", "--arm", "hubs", "--replicate", 17, "--output", folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == again


def test_replay_of_a_run_that_was_changed_says_so_and_exits_with_1(done):
    with Database("results/diffusion.db").writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET ever_adopted = ever_adopted + 1")
    code, _, errors = done("replay", "who", "--arm", "hubs", "--replicate", 17)
    assert code == 1
    assert errors.startswith("the replay differs: ever_adopted: ")


def test_more_workers_than_the_readable_model_has_are_told(call, scenario_file):  # noqa: F811
    told = "--engine mesa: the readable model is played by one worker.\n"
    asked = ["run", scenario_file(), "--replicates", 2, "--engine", "mesa", "--database", "m.db"]
    assert told in call(*asked, "--workers", 3)[2]
    assert told not in call(*asked, "--workers", 1)[2]


def test_studies_are_listed_shown_and_exported(done, scenario_file):  # noqa: F811
    done("run", scenario_file("whom"), "--replicates", 10)
    [newest, oldest] = json.loads(done("studies", "list", "--json")[1])
    assert (newest["study"], newest["runs"], oldest["study"], oldest["runs"]) == ("whom", 20, "who", 200)
    assert {"study", "title", "digest", "runs"} <= newest.keys()
    assert "Who should lead?" in done("studies", "list")[1]
    assert done("studies", "show", oldest["digest"][:8])[1] == done("run", scenario_file())[1]
    [record, _] = json.loads(done("studies", "show", "who", "--provenance")[1])
    assert record["network_digests"].keys() == {"town"}
    code, output, errors = done("studies", "export", "who", "runs.csv")
    assert (code, output, errors) == (0, "", "200 runs written to runs.csv.\n")
    with Path("runs.csv").open(encoding="utf-8", newline="") as file:
        exported = list(csv.DictReader(file))
    assert len(exported) == 200
    assert {row["arm"] for row in exported} == {"random", "hubs"}
    assert all(0 <= float(row["adopted_share.firm"]) <= 1 for row in exported)


def test_parquet_holds_the_same_as_csv(done):
    if not os.environ.get("DIFFUSION_REQUIRE_SERVICES"):
        pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    done("studies", "export", "who", "runs.csv")
    done("studies", "export", "who", "runs.parquet")
    pd.testing.assert_frame_equal(pd.read_csv("runs.csv"), pd.read_parquet("runs.parquet"), check_dtype=False)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rnu"], 'diffusion: there is no verb "rnu"; did you mean "run"?; see `diffusion --help`'),
        (["studies", "lst"], 'diffusion studies: there is no verb "lst"; did you mean "list"?'),
        (["run"], "diffusion run: SCENARIO is missing; see `diffusion run --help`"),
        (["run", "a.toml", "--replicats", "3"], 'there is no option "--replicats"; did you mean "--replicates"?'),
        (["run", "a.toml", "--replicates", "x"], "--replicates must be a whole number of at least 1; got x"),
        (["run", "a.toml", "--seed", "-1"], "--seed must be a whole number of at least 0; got -1"),
        (["run", "a.toml", "--engine", "mess"], "invalid value for '--engine'"),
        (["run", "a.toml"], "a.toml: there is no such scenario file"),
        (["replay", "who"], "diffusion replay: --arm is missing"),
        (["compare", "who"], "results/diffusion.db: there is no database here; `diffusion run SCENARIO` makes one"),
        (["network", "show", "ahsn-x"], '"ahsn-x" is no packaged network'),
        (["network", "show", "./nowhere"], "nowhere: no such folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_plain_line_with_exit_code_2(call, words, message):
    code, output, errors = call(*words)
    assert (code, output) == (2, "")
    assert message in errors
    assert errors.count("\n") == 1


def test_every_problem_of_a_scenario_is_told_at_once(call, scenario_file):  # noqa: F811
    path = scenario_file()
    path.write_text(path.read_text().replace("transmission = 0.2", "transmision = 0.2\nexternal = 1.5"))
    code, _, errors = call("run", path)
    assert code == 2
    lines = errors.splitlines()
    assert any('transmision: unknown key; did you mean "transmission"?' in line for line in lines)
    assert any("external: must be a number between 0 and 1; got 1.5" in line for line in lines)
    assert all(line.startswith(f"{path}:") for line in lines)


def test_every_verb_and_option_explains_itself(call):
    def check(command, path):
        code, output, _ = call(*path, "--help")
        assert code == 0
        assert command.help
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert parameter.help, (path, parameter.name)
        for name, inner in getattr(command, "commands", {}).items():
            check(inner, [*path, name])
        assert "Usage: diffusion" in output

    check(diffusion, [])


def run_process(*words: str, **more):
    return subprocess.run([sys.executable, *words], capture_output=True, check=False, **more)


def test_the_package_and_the_script_are_the_same_command(tmp_path):
    package = run_process("-m", "diffusion", "--help", cwd=tmp_path)
    assert package.returncode == 0
    assert b"Usage: diffusion" in package.stdout
    assert run_process(str(SCRIPT), "--help", cwd=tmp_path).stdout == package.stdout


def test_without_its_dependencies_the_script_says_what_to_install(tmp_path):
    # -I leaves the script's own folder out of the path, so put it back as running a script does.
    code = f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import run_sim; sys.exit(run_sim.main())"
    bare = run_process("-I", "-S", "-c", code, cwd=tmp_path)
    assert bare.returncode == 1
    assert bare.stderr.decode() == "click is not installed; install what the program needs with: pip install -e .\n"


def test_help_loads_neither_numba_nor_mesa_nor_the_database(tmp_path):
    code = (
        "import sys\nfrom diffusion.cli.main import main\nmain(['--help'])\n"
        "assert not {'numba', 'mesa', 'sqlalchemy', 'scipy', 'pandas', 'rich'} & set(sys.modules)"
    )
    assert run_process("-c", code, cwd=tmp_path).returncode == 0


def test_a_reader_who_closes_the_pipe_gets_no_traceback(tmp_path):
    code = f"{sys.executable} -m diffusion network show ahsn-a | head -c 1"
    told = subprocess.run(["sh", "-c", code], capture_output=True, check=False, cwd=tmp_path)
    assert told.stderr == b""


def test_a_piped_table_is_never_cut(done, scenario_file):  # noqa: F811
    name = "an arm with a very long name, longer than any terminal is wide, " * 3
    output = done("run", scenario_file(more=f'[[arms]]\nname = "{name.strip()}"\nleaders.position = "marginal"'))[1]
    assert output.count(name.strip()) >= 3


def test_progress_with_the_remaining_time_is_shown_on_a_terminal_only(scenario_file, tmp_path):  # noqa: F811
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    command = ["-m", "diffusion", "run", str(scenario_file(replicates=3000))]
    ours, theirs = pty.openpty()
    terminal = [sys.executable, *command, "--database", str(tmp_path / "terminal.db")]
    with subprocess.Popen(terminal, stdout=subprocess.DEVNULL, stderr=theirs, cwd=tmp_path):
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that nobody writes to it any more
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    assert all(text in shown for text in (b"6000/6000", b"runs, about", b"left"))
    piped = run_process(*command, "--database", str(tmp_path / "piped.db"))
    assert piped.returncode == 0
    assert b"6000/6000" not in piped.stderr + piped.stdout
