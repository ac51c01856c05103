"""The readable model, the ensemble and a naive reference are one model."""

from __future__ import annotations

import numpy as np
from generated import networks, parameters
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_model import NaiveModel

from diffusion.model.abm import DiffusionModel
from diffusion.model.ensemble import Ensemble

SEEDS = st.integers(0, 2**40)


def lane_of_ensemble(network, said, leaders, *, seed, replicate):
    block, lane = divmod(replicate, 64)
    words = np.zeros(network.size, dtype=np.uint64)
    words[[network.index[leader] for leader in leaders]] = ~np.uint64(0)
    times = Ensemble(network, said, seed=seed, leader_words=lambda _: words).block(block)
    return times, lane


@st.composite
def cases(draw, **said):
    network = draw(networks())
    leaders = draw(st.lists(st.sampled_from(network.ids), unique=True, max_size=3))
    return network, draw(parameters(**said)), leaders, draw(SEEDS), draw(st.integers(0, 200))


@settings(max_examples=300)
@given(cases())
def test_three_engines_agree_on_every_move_of_every_agent(case):
    network, said, leaders, seed, replicate = case
    times, lane = lane_of_ensemble(network, said, leaders, seed=seed, replicate=replicate)
    model = DiffusionModel(network, said, leaders, seed=seed, replicate=replicate)
    model.run()
    naive = NaiveModel(network, said, leaders, seed=seed, world=0, replicate=replicate).run()
    for name, slow in zip(("aware_at", "adopted_at", "abandoned_at"), naive, strict=True):
        assert getattr(times, name)[:, lane].tolist() == slow, name
        assert getattr(model, name).tolist() == slow, name
    assert model.clipped_agent_steps == times.clipped_agent_steps[lane]
