"""What a file says of a whole network in a sentence, for whoever opens it in another program."""

from __future__ import annotations

from diffusion.network.network import Network

SYNTHETIC = "Synthetic: generated from assumptions, not observed."


def description_of(network: Network) -> str:
    """Return what a network is, in a few sentences.

    Parameters
    ----------
    network
        The network.

    Examples
    --------
    >>> description_of(Network.from_tables(name="pair", ids=["a", "b"], source=["a"], target=["b"], synthetic=True))
    'pair: 2 agents, 1 tie. A tie points the way knowledge flows. Synthetic: generated from assumptions, not observed.'
    """
    agents = "1 agent" if network.size == 1 else f"{network.size:,} agents"
    ties = "1 tie" if network.tie_count == 1 else f"{network.tie_count:,} ties"
    said = f"{network.name}: {agents}, {ties}. A tie points the way knowledge flows."
    return f"{said} {SYNTHETIC}" if network.synthetic else said
