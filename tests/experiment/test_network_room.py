"""Where a stated error asks for more ties than there are pairs, the answer, its JSON and the export say so."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from experiment_cases import MakeStore, MakeStudy, on_uncertain_network, played

from diffusion.analysis.room_told import FullBlock, NoRoom
from diffusion.experiment.export_networks import export_networks
from diffusion.experiment.network_room import no_room
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.results import study_result
from diffusion.network.network import Network
from diffusion.network.uncertain import RoomLeft, SurveyError, imputed, observed
from diffusion.scenario import load_scenario

RING = Network.from_tables(name="ring", ids="abcdef", source="abcdef", target="bcdefa")


def test_what_is_to_be_added_is_known_beside_the_pairs_that_are_free() -> None:
    room, error = RoomLeft(RING), SurveyError(missing_ties=0.9, false_ties=10.0)
    assert room.free.tolist() == [[[30 - 6]]]
    assert room.missing(SurveyError(missing_ties=0.9)).tolist() == [[[pytest.approx(6 / 0.1 * 0.9)]]]
    assert room.false(error).tolist() == [[[60]]]
    assert imputed(RING, SurveyError(missing_ties=0.9), seed=1, world=0).tie_count == 30
    assert observed(RING, SurveyError(false_ties=10.0), seed=1, world=0).network.tie_count == 30
    assert room.names((0, 0, 0)) == (RING.layers[0], *RING.role_names, *RING.role_names)


def test_where_all_were_missed_as_many_are_wanted_as_there_is_room_for() -> None:
    everything = SurveyError(missing_ties=0.5, missing_between_roles=(((RING.role_names[0],) * 2, 2.0),))
    assert RoomLeft(RING).missing(everything).tolist() == [[[24]]]


def ring_study(tmp_path: Path, error: str, worlds: int = 4) -> Study:
    """Return a study of two arms on a ring of six."""
    folder = tmp_path / "ring"
    folder.mkdir(exist_ok=True)
    (folder / "agents.csv").write_text("id\n" + "\n".join("abcdef") + "\n", encoding="utf-8")
    ties = "\n".join(f"{one},{two}" for one, two in zip("abcdef", "bcdefa", strict=True))
    (folder / "ties.csv").write_text(f"source,target\n{ties}\n", encoding="utf-8")
    path = tmp_path / "ring.toml"
    path.write_text(
        f'networks = ["./ring"]\nsteps = 3\nreplicates = 4\nworlds = {worlds}\n[adoption]\nrule = "contagion"\n'
        f'transmission = 0.1\n[uncertain_network]\n{error}\n[[arms]]\nname = "one"\nleaders.agents = ["a"]\n'
        '[[arms]]\nname = "two"\nleaders.agents = ["a", "d"]\n',
        encoding="utf-8",
    )
    return plan(load_scenario(path))


@pytest.mark.parametrize(
    ("error", "wanted"),
    [('mode = "imputation"\nmissing_ties = 0.9', 54), ('mode = "robustness"\nfalse_ties = 5', 30)],
)
def test_a_rate_that_cannot_be_attained_is_told_with_its_numbers(tmp_path: Path, error: str, wanted: int) -> None:
    study = ring_study(tmp_path, error)
    found = no_room(study.scenario, study.groups[0])
    assert found is not None
    assert (found.short_in, found.worlds, found.wanted, found.room) == (4, 4, wanted, 24)
    assert [(one.wanted, one.room) for one in found.blocks] == [(wanted, 24)]
    assert export_networks(study, tmp_path / "ring_networks.csv") == 4
    with (tmp_path / "ring_networks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["ties_to_add"], row["ties_without_room"]) for row in csv.DictReader(file)]
    assert rows == [(str(wanted), str(wanted - 24))] * 4


def test_a_rate_that_can_be_attained_and_a_region_drawn_anew_need_no_word(tmp_path: Path) -> None:
    for error in ('mode = "imputation"\nmissing_ties = 0.5', 'mode = "robustness"\nmissing_ties = 0.95'):
        study = ring_study(tmp_path, error)
        assert no_room(study.scenario, study.groups[0]) is None


def test_where_the_rate_is_uncertain_the_worlds_in_which_room_runs_out_are_counted(tmp_path: Path) -> None:
    study = ring_study(tmp_path, 'mode = "imputation"\nmissing_ties = { uniform = [0.7, 0.9] }', worlds=40)
    rates = study.arms[0].setting.drawn(study.scenario.seed, 40)["uncertain_network.missing_ties"]
    wanted = np.array([6 * rate / (1 - rate) for rate in rates])
    found = no_room(study.scenario, study.groups[0])
    assert found is not None
    assert 0 < found.short_in < 40
    assert found.short_in == int((wanted > 24.5).sum())
    assert found.wanted == round(float(wanted[wanted > 24.5].mean()))
    assert found.sentence().startswith(f"In {found.short_in} of 40 worlds room runs out for the stated error")


def test_the_answer_and_its_json_say_where_room_ran_out(make_study: MakeStudy, make_store: MakeStore) -> None:
    text = on_uncertain_network('mode = "imputation"\nmissing_ties = 0.95', worlds=4)
    study = make_study(text=text, replicates=4)
    result = study_result(study, played(study, make_store()))
    told = result.groups[0].survived.no_room
    assert told is not None
    assert told.sentence() in result.groups[0].sentences("adopted_share")
    [full] = result.as_json()["no_room"]
    assert (full["network"], full["wanted"], full["room"]) == ("town", told.wanted, told.room)


def test_of_many_full_blocks_the_first_are_named() -> None:
    blocks = tuple(FullBlock("advice", "firm", f"role {number}", 40 - number, 9) for number in range(8))
    told = NoRoom("robustness", 5, 5, 400, 200, blocks).sentence()
    assert told.startswith(
        "In every world room runs out for the stated error: it asks for 400 false ties to be told, and there is room "
        "for 200; pairs without a tie run out in advice from firm to role 0 (40 wanted, room for 9), in advice"
    )
    assert (
        "role 4 (36 wanted, room for 9) and in 3 other blocks of a layer and two roles, where all are tied then" in told
    )
