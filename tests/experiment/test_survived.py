"""What survives of a study's ranking on an uncertain network: read from the store, told, and in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from experiment_cases import UNCERTAIN, MakeStore, MakeStudy, make_store, make_study, played, scenario_file
from survived_cases import IMPUTATION, ROBUSTNESS, SWEEP, uncertain

from diffusion.cli.main import main
from diffusion.experiment.extras import GivenArm
from diffusion.experiment.results import StudyResult, study_result
from diffusion.experiment.store import Store
from diffusion.experiment.survived import NOTHING
from diffusion.experiment.worlds import in_first_world

__all__ = ["make_store", "make_study", "scenario_file"]


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    return make_store()


@pytest.fixture
def result(make_study: MakeStudy, store: Store) -> StudyResult:
    study = make_study(text=uncertain(ROBUSTNESS), replicates=64, more=SWEEP)
    return study_result(study, played(study, store))


def test_a_cell_without_error_is_on_the_given_network_itself(result: StudyResult) -> None:
    group = result.groups[0]
    assert not group.group.extras
    found = group.survived.found["adopted_share"]
    assert [change.difference for change in found.changes] == [0.0] * 3
    assert found.order_reversed_in == 0
    assert found.best_survives_in == found.given_best_in
    assert found.likeness is not None
    assert found.likeness.mean == 1.0


def test_the_given_network_is_the_same_in_every_cell(result: StudyResult) -> None:
    found = [group.survived.found["adopted_share"] for group in result.groups]
    assert len({one.order for one in found}) == 1
    assert len({tuple(change.given for change in one.changes) for one in found}) == 1
    assert found[0].changes[0].given == found[0].changes[0].drawn


def test_changes_are_those_between_the_stored_runs(result: StudyResult, store: Store) -> None:
    group, seed = result.groups[1], result.study.scenario.seed
    extra = next(one for one in group.group.extras if isinstance(one, GivenArm) and one.of == "hubs")
    arm = next(one for one in group.group.arms if one.name == "hubs")
    means = [
        np.mean(
            store.runs(arm.in_world(world, seed=seed), seed=seed, replicates=64).adopters
            - store.runs(extra.in_world(world, seed=seed), seed=seed, replicates=64).adopters
        )
        for world in range(8)
    ]
    change = {one.arm: one for one in group.survived.found["adopted_share"].changes}["hubs"]
    assert np.std(means) > 0
    assert change.difference == pytest.approx(np.mean(means) / 12)


def test_what_survives_is_told_by_group_and_where_it_turns_over_at_the_end(result: StudyResult) -> None:
    told = " ".join(result.groups[1].sentences("adopted_share"))
    assert "(robustness: 8 observed versions, 64 runs of every arm in each; intervals count worlds)" in told
    assert "leaders are chosen on an observed version, not on the given network:" in told
    [turned] = result.turning()
    assert turned.startswith("As missing_ties grows (robustness; 3 values from 0 to 0.9), ")
    assert result.conclusions()[-1] == turned


def test_json_holds_what_survives_with_network_and_cell(result: StudyResult) -> None:
    told = json.loads(json.dumps(result.as_json(), allow_nan=False))
    key = "uncertain_network.missing_ties"
    assert [(one["network"], one["cell"][key]) for one in told["survival"]] == [
        ("town", 0.0),
        ("town", 0.9),
        ("town", 0.4),
    ]
    assert {"best", "verdict", "best_survives_in", "changes", "mode"} <= set(told["survival"][0])
    [turning] = told["turning"]
    assert (turning["key"], [one["value"] for one in turning["at"]]) == (key, [0.0, 0.4, 0.9])


def test_the_first_world_alone_says_nothing_of_it(result: StudyResult, store: Store) -> None:
    found = study_result(in_first_world(result.study), store)
    assert [group.survived for group in found.groups] == [NOTHING] * 3


def test_other_studies_have_nothing_of_it(make_study: MakeStudy, store: Store) -> None:
    study = make_study(text=UNCERTAIN, replicates=10)
    found = study_result(study, played(study, store))
    assert found.groups[0].survived is NOTHING
    assert not {"survival", "turning"} & set(found.as_json())
    assert found.turning() == ()


def test_compare_tells_it_on_any_outcome(
    make_study: MakeStudy, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = make_study(text=uncertain(IMPUTATION), replicates=10)
    played(study, store)
    where = ["--database", str(tmp_path / "results" / "runs.db")]
    assert main(["compare", "who", "--outcome", "spread", "--json", *where]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["outcome"], one["mode"]) for one in told["survival"]] == [("spread", "imputation")]
    assert told["turning"] == []
    assert main(["compare", "who", *where]) == 0
    assert "plausible true ones are drawn (imputation: 8 plausible" in " ".join(capsys.readouterr().out.split())
