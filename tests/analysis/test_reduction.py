"""The integers that a run is stored as, against counting by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.reduction import INTEGERS, block_runs
from diffusion.draws import LANES
from diffusion.model.ensemble import BlockTimes


def counted(adopted_at, abandoned_at, leads, organisations, steps):
    """Return the integers of one run, step by step."""
    agents = range(len(adopted_at))

    def is_adopted(agent, step):
        left = 0 <= abandoned_at[agent] <= step
        return 0 <= adopted_at[agent] <= step and not left

    curve = [sum(is_adopted(agent, step) for agent in agents) for step in range(steps + 1)]
    final = [agent for agent in agents if is_adopted(agent, steps)]
    return {
        "adopters": len(final),
        "ever_adopted": sum(time >= 0 for time in adopted_at),
        "spread": sum(not leads[agent] for agent in final),
        "area_steps": sum(curve[1:]),
        "time_to_half": next((step for step, count in enumerate(curve) if 2 * count >= len(adopted_at)), -1),
        "organisations_reached": len({organisations[agent] for agent in final} - {-1})
        if max(organisations) >= 0
        else -1,
    }, [agent in final for agent in agents]


@st.composite
def runs(draw):
    size, steps = draw(st.integers(1, 20)), draw(st.integers(1, 7))
    lanes = draw(st.lists(st.integers(0, LANES - 1), min_size=1, max_size=3, unique=True))
    adopted = np.full((size, LANES), -1, dtype=np.int16)
    abandoned = np.full((size, LANES), -1, dtype=np.int16)
    leads = np.zeros(size, dtype=np.uint64)
    for lane in lanes:
        for agent in range(size):
            adopted[agent, lane] = draw(st.integers(-1, steps))
            if adopted[agent, lane] == 0:
                leads[agent] |= np.uint64(1) << np.uint64(lane)
            if 0 <= adopted[agent, lane] < steps and draw(st.booleans()):
                abandoned[agent, lane] = draw(st.integers(int(adopted[agent, lane]) + 1, steps))
    organisations = draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size))
    return adopted, abandoned, leads, organisations, steps, lanes


@given(runs())
def test_every_integer_and_bit_is_that_counted_step_by_step(case):
    adopted, abandoned, leads, organisations, steps, lanes = case
    times = BlockTimes(adopted, adopted, abandoned, np.arange(LANES), 2 * np.arange(LANES), leads)
    index = np.array(organisations, dtype=np.int32)
    reduced = block_runs(times, index, int(index.max()) + 1, steps)
    for lane in lanes:
        leading = [bool(int(word) >> lane & 1) for word in leads]
        wanted, final = counted(adopted[:, lane], abandoned[:, lane], leading, organisations, steps)
        told = dict(zip(INTEGERS, reduced.integers[lane].tolist(), strict=True))
        assert told == wanted | {"clipped_agent_steps": lane, "clipped_ties": 2 * lane}
        assert np.unpackbits(reduced.adopted_bits[lane], count=len(final)).tolist() == final
