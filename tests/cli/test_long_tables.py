"""Very many arms and cells on a terminal: the first, the last and the baseline; everything in pipes and on request."""

from __future__ import annotations

import io
import re

import pytest
from experiment_cases import (
    MakeStore,
    MakeStudy,
    make_store,
    make_study,
    played,
    scenario_file,
)
from rich.console import Console

from diffusion.cli.answer import print_answer
from diffusion.cli.long_tables import FIRST, LAST, MOST_CELLS
from diffusion.cli.main import main
from diffusion.experiment.results import StudyResult, study_result

__all__ = ["make_store", "make_study", "scenario_file"]

ARMS = "".join(
    f'\n[[arms]]\nname = "arm {place:02d}"\nleaders.position = "out_degree"\nleaders.influence = {1 + place / 20}\n'
    for place in range(40)
)
CELLS = f'[sweep]\n"adoption.transmission" = {[round(0.01 * cell, 2) for cell in range(1, MOST_CELLS + 2)]}'


def printed(result: StudyResult, *, is_terminal: bool = True, everything: bool = False) -> str:
    screen = io.StringIO()
    out = Console(file=screen, width=140, force_terminal=is_terminal, color_system=None, markup=False, highlight=False)
    print_answer(result, out=out, everything=everything)
    return screen.getvalue()


@pytest.fixture
def many(make_study: MakeStudy, make_store: MakeStore) -> StudyResult:
    study = make_study(replicates=40, more=ARMS)
    return study_result(study, played(study, make_store()))


def ranked(output: str) -> list[str]:
    """Return the arms of the ranking, as they stand."""
    return re.findall(r"^ *\d+ +(arm \d+|hubs|random) ", output, flags=re.MULTILINE)


def test_of_many_arms_a_terminal_shows_the_first_the_last_and_the_baseline(many: StudyResult) -> None:
    order = [row.arm for row in many.groups[0].ranking("adopted_share")]
    output = printed(many)
    assert ranked(output) == [*order[:FIRST], *order[-LAST:]]
    assert order[-1] == "random"
    assert output.count("17 of 42 arms are left out; --all prints everything") == 2
    [heading] = [place for place, line in enumerate(output.splitlines()) if "who leads" in line]
    assert len([line for line in output.splitlines()[heading:] if line.startswith(("arm ", "hubs", "random"))]) == 26
    assert max(map(len, output.splitlines())) <= 140


def test_a_baseline_in_the_middle_is_shown_between_gaps(make_study: MakeStudy, make_store: MakeStore) -> None:
    more = ARMS + '[[arms]]\nname = "worst"\nleaders.count = 1\nleaders.position = "marginal"\n' * 1
    more += "".join(f'[[arms]]\nname = "w{place}"\nleaders.agents = ["p{place:02d}"]\n' for place in range(12))
    study = make_study(replicates=40, more=more)
    output = printed(study_result(study, played(study, make_store())))
    lines = [line.split() for line in output.splitlines()]
    gaps = [place for place, words in enumerate(lines) if words == ["…"]]
    assert len(gaps) == 2
    assert lines[gaps[0] + 1][1] == "random"
    assert gaps[1] == gaps[0] + 2


@pytest.mark.parametrize("how", [{"is_terminal": False}, {"everything": True}])
def test_a_pipe_and_whoever_asks_for_it_get_every_row(many: StudyResult, how: dict[str, bool]) -> None:
    output = printed(many, **how)
    assert len(ranked(output)) == 42
    assert "left out" not in output


def test_of_many_cells_a_terminal_shows_a_row_each_and_what_holds_over_them(
    make_study: MakeStudy, make_store: MakeStore
) -> None:
    study = make_study(replicates=40, more=CELLS)
    result = study_result(study, played(study, make_store()))
    output = printed(result)
    assert "Cell 0:" not in output
    [head] = [line for line in output.splitlines() if "against random" in line]
    assert re.split(r"  +", head.strip())[:2] == ["cell", "best mean"]
    shown = re.findall(r"adoption.transmission = (0.\d+) +(hubs|random) ", output)
    best = [group.ranking("adopted_share")[0].arm for group in result.groups]
    assert [arm for _, arm in shown] == best
    assert "The ranking of every cell: --all" in output
    assert f"Over {'all' if len(set(best)) == 1 else 'the'} {MOST_CELLS + 1} cells the best mean is" in " ".join(
        output.split()
    )
    assert printed(result, everything=True).count("Cell ") == MOST_CELLS + 1


@pytest.mark.parametrize("verb", [["run"], ["compare"], ["studies", "show"]])
def test_every_verb_that_ranks_arms_prints_all_of_them_when_asked(
    verb: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*verb, "--help"]) == 0
    assert "--all " in capsys.readouterr().out
