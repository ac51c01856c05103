from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from uncertain_cases import tie_set

from diffusion.errors import InputError
from diffusion.network.formats import read_network, write_network
from diffusion.network.network import Network
from diffusion.network.regions import PACKAGED
from diffusion.network.synthesis import (
    Targets,
    scaled,
    synthetic_region,
    targets_from_text,
    targets_text,
    write_region,
)
from diffusion.network.uncertain import redrawn, region_targets
from diffusion.network.uncertain.redrawn import redrawn_with


@cache
def region(name: str) -> tuple[Network, Targets]:
    targets = region_targets(name, Path())
    assert targets is not None
    return read_network(name, Path()), targets


def with_column(network: Network, column: str, row: int, text: str) -> Network:
    values = list(network.columns[column])
    values[row] = text
    return replace(network, columns={**network.columns, column: tuple(values)})


@pytest.mark.parametrize("name", PACKAGED)
def test_the_seed_that_a_region_was_made_with_makes_it_again(name: str):
    network, targets = region(name)
    assert redrawn_with(network, targets, targets.seed).digest == network.digest


def test_a_region_of_another_seed_keeps_its_own_people():
    _, targets = region("ahsn-a")
    other = synthetic_region(targets, 77)
    assert redrawn_with(other, targets, 77).digest == other.digest
    assert redrawn(other, targets, seed=1, world=0).columns == other.columns


@pytest.mark.parametrize("name", ["ahsn-a", "ahsn-d"])
def test_people_stay_and_ties_are_as_many_as_the_targets_ask_for(name: str):
    network, targets = region(name)
    made = redrawn(network, targets, seed=3, world=0)
    assert (made.ids, made.roles, made.columns) == (network.ids, network.roles, network.columns)
    assert (made.name, made.synthetic, made.layers) == (network.name, True, network.layers)
    assert abs(made.tie_count - network.tie_count) <= 0.03 * network.tie_count
    shared = len(tie_set(made) & tie_set(network)) / network.tie_count
    assert shared < 0.5, "its ties are others"
    assert np.corrcoef(made.alters.degrees, network.alters.degrees)[0, 1] < 0.8, "and so are the prominent"


def test_ids_and_further_columns_may_be_others_than_those_of_the_generator():
    network, targets = region("ahsn-a")
    renamed = replace(
        network,
        ids=tuple(f"code-{place:04d}" for place in range(network.size)),
        columns={**network.columns, "pledge": ("yes",) * network.size},
    )
    made = redrawn(renamed, targets, seed=1, world=2)
    assert made.ids == renamed.ids
    assert made.columns["pledge"] == renamed.columns["pledge"]


def test_worlds_and_seeds_differ_and_repeat():
    network, targets = region("ahsn-a")
    digests = {
        (seed, world): redrawn(network, targets, seed=seed, world=world).digest
        for seed in (1, 2)
        for world in (0, 1, 2)
    }
    assert len(set(digests.values())) == 6
    assert redrawn(network, targets, seed=2, world=1).digest == digests[2, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda network: replace(network, columns={}), "its people have no organisation"),
        (lambda network: with_column(network, "organisation", 3, "the moon"), 'A004 is in "the moon"'),
        (lambda network: with_column(network, "site", 3, "the moon"), 'is at the site "the moon"'),
        (
            lambda network: with_column(network, "sector", 3, "the moon"),
            'A004 has the role "academic" in the sector "the moon"',
        ),
        (
            lambda network: replace(network, layers=("a", "b", "c", "d")),
            'it has the layer "a" and they have formal-health',
        ),
    ],
)
def test_a_network_whose_people_are_not_those_of_the_targets_is_refused_in_one_line(change, words: str):
    network, targets = region("ahsn-a")
    with pytest.raises(InputError) as raised:
        redrawn(change(network), targets, seed=1, world=0)
    [line] = raised.value.problems
    assert line.startswith("ahsn-a: cannot be drawn anew from the targets of ahsn-a, because ")
    assert words in line


def test_a_network_of_other_people_is_refused():
    network, targets = region("ahsn-a")
    with pytest.raises(InputError, match="it has 180 people and they have 200"):
        redrawn(network, scaled(targets, 200), seed=1, world=0)
    row = network.columns["organisation"].index("NHS trust 08")
    with pytest.raises(InputError, match='NHS trust 08 is at the sites "west" and "east"'):
        redrawn(with_column(network, "site", row, "west"), targets, seed=1, world=0)


def test_people_may_have_moved_between_organisations_of_a_kind_and_no_farther():
    network, targets = region("ahsn-a")
    row = network.columns["organisation"].index("firm 01")  # at the site of firm 03
    moved = with_column(network, "organisation", row, "firm 03")
    assert redrawn(moved, targets, seed=1, world=0).columns == moved.columns
    with pytest.raises(InputError, match='has the role "firm" in the sector "firm", and people of NHS trust 01 have'):
        redrawn(with_column(network, "organisation", row, "NHS trust 01"), targets, seed=1, world=0)
    row = network.columns["organisation"].index("NHS trust 03")
    larger = with_column(with_column(network, "organisation", row, "NHS trust 01"), "site", row, "centre")
    with pytest.raises(InputError, match=r"2\d of its people are in NHS trust 01 to NHS trust 02, where they have 22"):
        redrawn(larger, targets, seed=1, world=0)


@pytest.mark.parametrize("name", PACKAGED)
def test_the_text_of_targets_gives_the_same_targets_again(name: str):
    _, targets = region(name)
    for said in (targets, scaled(targets, 517), replace(targets, stands_for='A "town"\\ and\u2028 its neighbours.')):
        again = targets_from_text(targets_text(said))
        assert replace(again, stands_for="") == replace(said, stands_for="")
        assert again.stands_for == " ".join(said.stands_for.split())
        assert targets_text(again) == targets_text(targets_from_text(targets_text(again)))


def test_text_that_states_no_targets_is_refused_with_its_line():
    _, targets = region("ahsn-a")
    with pytest.raises(InputError, match=r"targets\.toml:\d+: isolates: must be a share"):
        targets_from_text(targets_text(replace(targets, isolates=2.0)))


def test_targets_are_found_in_a_folder_and_beside_a_file(tmp_path: Path):
    network, targets = region("ahsn-a")
    write_region(network, targets, tmp_path / "mine")
    assert region_targets("./mine", tmp_path) is None
    (tmp_path / "mine" / "targets.toml").write_text(targets_text(targets), encoding="utf-8")
    assert region_targets("./mine", tmp_path) == targets
    assert region_targets(str(tmp_path / "mine"), Path()) == targets
    write_network(network, tmp_path / "mine.graphml")
    assert region_targets("mine.graphml", tmp_path) is None
    (tmp_path / "mine_targets.toml").write_text(targets_text(targets), encoding="utf-8")
    assert region_targets("mine.graphml", tmp_path) == targets
    again = read_network("mine.graphml", tmp_path)
    assert redrawn(again, targets, seed=1, world=0).digest == redrawn(network, targets, seed=1, world=0).digest


def test_what_is_no_region_has_no_targets(tmp_path: Path):
    assert region_targets("nowhere", tmp_path) is None
    assert region_targets("./nowhere", tmp_path) is None


def test_targets_that_are_wrong_are_told_and_not_passed_over(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "targets.toml").write_text("name = 3\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"targets\.toml:1: name"):
        region_targets("./mine", tmp_path)
