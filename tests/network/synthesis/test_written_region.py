"""A region is written as every network is, only in parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from diffusion.network.formats import csv_folder, read_network
from diffusion.network.regions import packaged_targets
from diffusion.network.synthesis import description_of, read_targets, synthetic_region, write_region, writing

FIRST = read_targets(packaged_targets("ahsn-a"))


@pytest.mark.parametrize("rows_at_once", [1, 7, 100_000])
def test_a_region_is_written_byte_for_byte_as_other_networks_are(
    rows_at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_ROWS_AT_ONCE", rows_at_once)
    kinds = tuple(replace(kind, sector=f'{kind.sector}, "so-called"') for kind in FIRST.organisations)
    targets = replace(FIRST, organisations=kinds)
    region = synthetic_region(targets, 3)
    write_region(region, targets, tmp_path / "parts", 3)
    csv_folder.write(region, tmp_path / "whole", description=description_of(targets, 3))
    names = ["about.toml", "agents.csv", "ties.csv"]
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == names
    for name in names:
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_region_that_was_written_reads_back_the_same(tmp_path: Path) -> None:
    region = synthetic_region(FIRST, 3)
    write_region(region, FIRST, tmp_path / "north", 3)
    again = read_network(str(tmp_path / "north"), Path())
    assert (again.digest, again.name, again.synthetic) == (region.digest, "ahsn-a-seed-3", True)
