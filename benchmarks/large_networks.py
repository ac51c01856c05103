"""Networks of any size for measuring: every agent with ten ties on average, drawn from keys."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from diffusion.draws import Purpose, generator
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network

ROLES = ("academic", "firm", "manager")


def random_network(agents: int, ties: int) -> Network:
    """Return a network of directed ties between agents drawn at random, the same one every time.

    Targets are drawn evenly and sources more often the lower their number is
    (their density falls with the square root), so that some tell far more people than others do.

    Parameters
    ----------
    agents, ties
        How many there are; a few ties fewer, for those drawn twice are merged.
    """
    rng = generator(Purpose.SYNTHESIS, "large network", agents, ties)
    width = len(str(agents - 1))
    source = (rng.random(ties) ** 2 * agents).astype(np.int32)
    target = rng.integers(0, agents, ties, dtype=np.int32)
    return Network.from_indices(
        name="random",
        ids=tuple(f"a{number:0{width}d}" for number in range(agents)),
        roles=tuple(ROLES[number % len(ROLES)] for number in range(agents)),
        columns={},
        source=source,
        target=target,
        layer=["tie"] * ties,
        strength=np.ones(ties),
    )


def main() -> None:
    """Write a network to a folder, in a process of its own, whose memory is nobody else's."""
    agents, ties, folder = sys.argv[1:]
    csv_folder.write(random_network(int(agents), int(ties)), Path(folder))


if __name__ == "__main__":
    main()
