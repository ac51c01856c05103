"""Random, small-world and scale-free networks: what each model promises, and those that scenarios use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.network.formats import read_network
from diffusion.network.synthesis.models import MODELS, model_description, model_network
from diffusion.network.synthesis.writing import write_folder

NETWORKS = Path(__file__).parents[3] / "scenarios" / "networks"


@pytest.mark.parametrize("model", MODELS)
def test_the_networks_of_the_scenarios_are_those_that_the_program_makes(model: str, tmp_path: Path) -> None:
    name = f"{model}-500"
    made = model_network(model, agents=500, contacts=6, seed=2020)
    write_folder(made, tmp_path / name, model_description(model, agents=500, contacts=6, seed=2020))
    kept = NETWORKS / name
    assert sorted(path.name for path in kept.iterdir()) == ["about.toml", "agents.csv", "ties.csv"]
    for path in kept.iterdir():
        assert (tmp_path / name / path.name).read_bytes() == path.read_bytes(), path.name
    assert read_network(str(kept), Path()).digest == made.digest
    assert made.synthetic


@given(st.sampled_from(sorted(MODELS)), st.integers(8, 60), st.sampled_from([2, 4, 6]), st.integers(0, 2**63 - 1))
def test_ties_are_distinct_lead_to_others_and_make_up_the_contacts(
    model: str, agents: int, contacts: int, seed: int
) -> None:
    made = model_network(model, agents=agents, contacts=contacts, seed=seed)
    pairs = set(zip(made.source.tolist(), made.target.tolist(), strict=True))
    assert len(pairs) == made.tie_count
    assert (made.self_ties, made.repeats) == (0, 0)
    each = contacts // 2
    expected = each * (each + 1) + 2 * each * (agents - each - 1) if model == "scale-free" else agents * contacts
    assert made.tie_count == expected
    assert made.digest == model_network(model, agents=agents, contacts=contacts, seed=seed).digest


def test_a_small_world_without_rewiring_is_the_ring_and_with_all_of_it_is_not() -> None:
    ring = model_network("small-world", agents=20, contacts=4, seed=1, rewired=0.0)
    steps = (ring.source - ring.target) % 20
    assert np.unique(steps, return_counts=True)[0].tolist() == [1, 2, 18, 19]
    assert set(np.bincount(ring.source, minlength=20).tolist()) == {4}
    moved = model_network("small-world", agents=20, contacts=4, seed=1, rewired=1.0)
    assert np.isin((moved.source - moved.target) % 20, [1, 2, 18, 19]).mean() < 0.6
    assert set(np.bincount(moved.target, minlength=20).tolist()) == {4}


def test_so_many_ties_of_a_small_world_are_moved_as_the_chance_says() -> None:
    made = model_network("small-world", agents=2000, contacts=6, seed=3, rewired=0.1)
    near = np.isin((made.source - made.target) % 2000, [1, 2, 3, 1997, 1998, 1999]).mean()
    assert near == pytest.approx(0.9, abs=4 * (0.09 / 12_000) ** 0.5)


def test_degrees_are_spread_as_the_models_are_known_for() -> None:
    spread = {
        model: np.bincount(model_network(model, agents=2000, contacts=6, seed=4).source, minlength=2000)
        for model in MODELS
    }
    assert spread["random"].var() == pytest.approx(6, rel=0.15)  # nearly Poisson: the variance is the mean
    assert spread["small-world"].var() < 2
    tail = np.array([(spread["scale-free"] >= degree).mean() for degree in (6, 12, 24)])
    # Barabási & Albert: P(degree ≥ k) = m (m + 1) / (k (k + 1)), with m = 3.
    assert tail == pytest.approx([12 / 42, 12 / 156, 12 / 600], rel=0.35)
    assert (spread["scale-free"][:10].mean(), spread["scale-free"].min()) > (30, 3)


@pytest.mark.parametrize(
    ("model", "contacts", "rewired", "problem"),
    [
        ("random", 9, 0.1, "contacts: must be at least 1 and below the 9 agents; got 9"),
        ("small-world", 3, 0.1, "contacts: must be even in a small-world network; got 3"),
        ("scale-free", 3, 0.1, "contacts: must be even in a scale-free network; got 3"),
        ("small-world", 4, 1.5, "rewired: must be a number between 0 and 1; got 1.5"),
    ],
)
def test_what_no_network_can_have_is_refused(model: str, contacts: int, rewired: float, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        model_network(model, agents=9, contacts=contacts, rewired=rewired)
    assert caught.value.problems == (problem,)
