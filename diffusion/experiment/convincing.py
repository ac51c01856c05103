"""Who could have convinced whom in one run, and who did with what share, as a table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from diffusion.analysis.credit import EXTERNAL, Credit, Move, credit_of
from diffusion.analysis.credit_totals import ITSELF, OUTSIDE
from diffusion.experiment.replay import Replayed
from diffusion.model.inputs import ModelInput
from diffusion.network.network import Network

CONVINCED_COLUMNS = ("step", "agent", "role", "stage", "source", "source_role", "share", "layers")
MOVED_COLUMNS = ("agent", "role", "organisation", "leads", "aware_at", "adopted_at", "abandoned_at")


def convinced(run: Replayed, model_input: ModelInput) -> pd.DataFrame:
    """Return from whom every move of a run came, a row for each agent that could have brought it.

    Parameters
    ----------
    run
        The run, replayed.
    model_input
        Its parameters on its network.

    Returns
    -------
    In the order of steps: who came to which stage, and, for everyone who was
    active then with a tie over which something could cross, with what share
    of the credit; 0 for those who could have brought the agent and did not.
    What came from outside or of itself has a row of its own.

    Raises
    ------
    InputError
        If posts change hands or agents are added, so that not everybody's times are known.
    """
    credit = credit_of(model_input, replicate=run.replicate, **run.times)
    network = run.arm.network
    moves = sorted(_moves(credit), key=lambda move: (move.step, move.agent))
    rows = [row for move in moves for row in _rows(move, network)]
    return pd.DataFrame(rows, columns=list(CONVINCED_COLUMNS))


def moved(run: Replayed) -> pd.DataFrame:
    """Return when every agent of a run moved, a row an agent; steps are empty where it never did."""
    network = run.arm.network
    organisations = network.columns.get("organisation", ("",) * network.size)
    leaders = set(run.leaders)
    table = pd.DataFrame(
        {
            "agent": network.ids,
            "role": network.roles,
            "organisation": organisations,
            "leads": [agent in leaders for agent in range(network.size)],
            **{name: pd.array(times.tolist(), dtype="Int64") for name, times in run.times.items()},
        }
    )
    times = list(run.times)
    table[times] = table[times].mask(table[times] < 0)
    return table[list(MOVED_COLUMNS)]


def _moves(credit: Credit) -> list[Move]:
    return [move for agent in range(credit.size) for move in credit.received(agent)]


def _rows(move: Move, network: Network) -> list[dict[str, Any]]:
    """Return the rows of one move: those who brought it, the largest share first, then those who could have."""
    shares = {origin.source: (origin.share, ", ".join(origin.layers)) for origin in move.origins}
    sources = [*shares, *(agent for agent in move.exposers if agent not in shares)]
    return [
        {
            "step": move.step,
            "agent": network.ids[move.agent],
            "role": network.roles[move.agent],
            "stage": move.stage,
            "source": _name(source, network),
            "source_role": network.roles[source] if source >= 0 else "",
            "share": shares.get(source, (0.0, ""))[0],
            "layers": shares.get(source, (0.0, ""))[1],
        }
        for source in sources
    ]


def _name(source: int, network: Network) -> str:
    """Return a source's name: an agent's id, or what else brought somebody."""
    if source >= 0:
        return network.ids[source]
    return OUTSIDE if source == EXTERNAL else ITSELF
