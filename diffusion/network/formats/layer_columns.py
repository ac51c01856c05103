"""Ties as rows of pairs with one column a layer, as VNA and EgoNet write several kinds of tie."""

from __future__ import annotations

from diffusion.network.network import Network


def strengths_by_pair(network: Network) -> dict[tuple[int, int], list[str]]:
    """Return the strengths of every pair with a tie, one a layer, "0" where there is none.

    Parameters
    ----------
    network
        The network; pairs are those of its indices, from whom knowledge can flow first.
    """
    pairs: dict[tuple[int, int], list[str]] = {}
    for source, target, layer, strength in zip(
        network.source.tolist(), network.target.tolist(), network.layer.tolist(), network.strength.tolist(), strict=True
    ):
        pairs.setdefault((source, target), ["0"] * len(network.layers))[layer] = repr(strength)
    return pairs
