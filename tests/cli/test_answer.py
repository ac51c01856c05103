"""The printed answer on screens of any width, and on several networks."""

from __future__ import annotations

import io

import pytest
from experiment_cases import make_store, make_study, played, scenario_file  # noqa: F401 - fixtures
from rich.console import Console

from diffusion.cli.answer import print_answer
from diffusion.experiment.plan import plan
from diffusion.experiment.results import study_result
from diffusion.scenario import load_scenario


def printed(study, store, width, *, is_terminal=True):
    screen = io.StringIO()
    out = Console(
        file=screen, width=width, force_terminal=is_terminal, color_system=None, markup=False, highlight=False
    )
    print_answer(study_result(study, played(study, store)), out=out)
    return screen.getvalue()


@pytest.mark.parametrize(("width", "columns"), [(120, {"better in", "equal in", "best in"}), (80, {"better in"})])
def test_a_narrow_terminal_loses_columns_but_no_word_is_broken(make_study, make_store, width, columns):  # noqa: F811
    output = printed(make_study(), make_store(), width)
    assert max(map(len, output.splitlines())) <= width
    [heading] = [line for line in output.splitlines() if "adopted_share, %" in line]
    assert {name for name in ("better in", "equal in", "best in") if name in heading} == columns
    assert "against random, points" in heading
    assert sum(line.split()[:2] == ["1", "hubs"] for line in output.splitlines()) == 1


def test_several_networks_and_cells_are_told_one_after_another_and_compared_at_the_end(
    scenario_file,  # noqa: F811
    make_store,  # noqa: F811
):
    path = scenario_file(more='[sweep]\n"adoption.transmission" = [0.1, 0.2]')
    path.write_text(path.read_text().replace('["./town"]', '["./town", "ahsn-a"]'))
    output = printed(plan(load_scenario(path)), make_store(), 400, is_terminal=False)
    starts = [
        output.index("\ntown: network"),
        output.index("\nahsn-a: synthetic network"),
        output.index("networks and cells"),
    ]
    assert starts == sorted(starts)
    assert output.count("Cell 0: adoption.transmission = 0.1") == 2
    assert output.count("On the synthetic network ahsn-a, with adoption.transmission = 0.2, after 6 steps") == 1
    assert "networks and cells the best" in output


def test_clipped_probabilities_are_told(scenario_file, make_store):  # noqa: F811
    path = scenario_file(more="[agents]\ninfluence = 6")
    output = printed(plan(load_scenario(path)), make_store(), 400, is_terminal=False)
    # 30 directed ties with .2 · 6 above 1, in each of 2 arms and 100 runs.
    assert "For 6,000 ties, counted over all runs, the probability to carry was above 1 and cut to 1." in output
