"""How well synthetic regions fit their targets: each target beside one region, and beside many draws."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diffusion.network.measures import component_sizes
from diffusion.network.network import Network
from diffusion.network.synthesis.blocks import pair_places
from diffusion.network.synthesis.measured import top_tenth_share_of, transitivity_of
from diffusion.network.synthesis.pairs import Report
from diffusion.network.synthesis.region import synthetic_region
from diffusion.network.synthesis.targets import TAGS, Layer, Targets, pair_name

Places = NDArray[np.int64]

RANGE = (5.0, 95.0)
"""The percentiles of draws between which the range is told."""

LOOSE = 0.05
"""The tolerance of what is met on average, not in each draw: transitivity, the top tenth, brokers."""

TIGHT = 0.02
"""The tolerance of shares that are met up to rounding, beside half a tie."""

DRAWS = 100


@dataclass(frozen=True, slots=True)
class Fit:
    """Hold how well one target is met.

    Attributes
    ----------
    target
        Which target.
    wanted
        What it asks for.
    drawn
        What is measured in the region at hand.
    tolerance
        How far apart the two may be.
    mean, low, high
        The mean of many draws, and their 5th and 95th percentiles; None where
        there were none.
    """

    target: str
    wanted: float
    drawn: float
    tolerance: float
    mean: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def met(self) -> bool:
        """Return whether the region at hand is within the tolerance."""
        return abs(self.drawn - self.wanted) <= self.tolerance + 1e-12


def fit_of(network: Network, targets: Targets) -> tuple[Fit, ...]:
    """Return how well a network fits targets.

    Parameters
    ----------
    network
        The network; its layers are called as those of synthetic regions are.
    targets
        The targets.
    """
    return (*_composition_fits(network, targets), *_tie_fits(network, targets), *_shape_fits(network, targets))


def goodness_of_fit(
    targets: Targets,
    draws: int = DRAWS,
    *,
    network: Network | None = None,
    seed: int | None = None,
    report: Report | None = None,
) -> tuple[Fit, ...]:
    """Return how well a region fits its targets, beside many others with the same targets.

    Parameters
    ----------
    targets
        The targets.
    draws
        How many other regions are drawn, with the seeds that follow.
    network
        The region at hand; made where it is left out.
    seed
        Its seed; that of the targets by default.
    report
        Is told how many regions are drawn, and of how many.
    """
    chosen = targets.seed if seed is None else seed
    at_hand = fit_of(network or synthetic_region(targets, chosen), targets)
    found = []
    for draw in range(1, draws + 1):
        found.append([fit.drawn for fit in fit_of(synthetic_region(targets, chosen + draw), targets)])
        if report:
            report("draws", draw, draws)
    if not found:
        return at_hand
    values = np.array(found)
    low, high = np.percentile(values, RANGE, axis=0)
    told = zip(at_hand, values.mean(axis=0).tolist(), low.tolist(), high.tolist(), strict=True)
    return tuple(replace(fit, mean=mean, low=least, high=most) for fit, mean, least, most in told)


def fit_text(fits: Sequence[Fit]) -> str:
    """Return a table of fits as CSV.

    Parameters
    ----------
    fits
        The fits.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["target", "wanted", "drawn", "mean", "low", "high", "tolerance", "met"])
    for fit in fits:
        numbers = (fit.wanted, fit.drawn, fit.mean, fit.low, fit.high, fit.tolerance)
        writer.writerow(
            [fit.target, *("" if value is None else f"{value:.6g}" for value in numbers), "yes" if fit.met else "no"]
        )
    return text.getvalue()


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Hold tied pairs, each once, with the strength of the tie and how often it is returned."""

    first: Places
    second: Places
    strength: NDArray[np.float64]
    returned: float

    @classmethod
    def of(cls, network: Network, rows: NDArray[np.bool_]) -> _Pairs:
        source, target = network.source[rows].astype(np.int64), network.target[rows].astype(np.int64)
        keys = np.unique(source * network.size + target)
        back = np.isin(keys % network.size * network.size + keys // network.size, keys, assume_unique=True)
        pairs, place = np.unique(
            np.minimum(source, target) * network.size + np.maximum(source, target), return_index=True
        )
        returned = float(back.mean()) if len(keys) else 0.0
        return cls(pairs // network.size, pairs % network.size, network.strength[rows][place], returned)

    def inside(self, network: Network) -> NDArray[np.bool_]:
        organisation = network.organisation_index
        same: NDArray[np.bool_] = organisation[self.first] == organisation[self.second]
        return same

    def blocks(self, network: Network, targets: Targets) -> Places:
        role = np.array([targets.roles.index(role) for role in network.role_names])[network.role_index]
        places: Places = pair_places(targets)[role[self.first], role[self.second]]
        return places


def _rows_of(network: Network, layer: str = "", tag: str = "") -> NDArray[np.bool_]:
    chosen = [place for place, name in enumerate(network.layers) if name.startswith(layer) and name.endswith(tag)]
    return np.isin(network.layer, chosen)


def _composition_fits(network: Network, targets: Targets) -> Iterator[Fit]:
    for role, count in targets.agents.items():
        yield Fit(f"agents: {role}", count, network.roles.count(role), 0)
    for sector in targets.sectors:
        wanted = sum(kind.number for kind in targets.organisations if kind.sector == sector)
        columns = zip(network.columns["sector"], network.columns["organisation"], strict=True)
        yield Fit(f"organisations: {sector}", wanted, len({name for kind, name in columns if kind == sector}), 0)


def _tie_fits(network: Network, targets: Targets) -> Iterator[Fit]:
    for layer in targets.layers:
        pairs = _Pairs.of(network, _rows_of(network, layer=f"{layer.name}-"))
        yield from _density_fits(network, targets, layer, pairs)
        if not any(targets.tied_pairs(layer).values()):
            continue
        yield from _strength_fits(network, layer, pairs)
        tolerance = TIGHT + 1 / max(len(pairs.first), 1)
        yield Fit(f"reciprocity: {layer.name}", layer.reciprocity, pairs.returned, tolerance)
    every, wealth = (_Pairs.of(network, _rows_of(network, tag=tag)) for tag in ("", f"-{TAGS[1]}"))
    names = [pair_name(*pair) for pair in targets.role_pairs]
    tied, tagged = (
        np.bincount(pairs.blocks(network, targets), minlength=len(names)).tolist() for pairs in (every, wealth)
    )
    for name, all_pairs, about_wealth in zip(names, tied, tagged, strict=True):
        if any(targets.tied_pairs(layer)[name] for layer in targets.layers):
            count = max(all_pairs, 1)
            yield Fit(f"about wealth: {name}", dict(targets.wealth)[name], about_wealth / count, TIGHT + 0.5 / count)


def _density_fits(network: Network, targets: Targets, layer: Layer, pairs: _Pairs) -> Iterator[Fit]:
    possible, density = targets.possible_pairs(), dict(layer.density)
    counts = np.bincount(pairs.blocks(network, targets), minlength=len(possible)).tolist()
    for (name, most), count in zip(possible.items(), counts, strict=True):
        if most:
            tolerance = TIGHT * density[name] + 1 / most
            yield Fit(f"density: {layer.name}, {name}", density[name], count / most, tolerance)
    wanted = targets.mean_degree(layer)
    yield Fit(f"mean degree: {layer.name}", wanted, 2 * len(pairs.first) / network.size, TIGHT * wanted)


def _strength_fits(network: Network, layer: Layer, pairs: _Pairs) -> Iterator[Fit]:
    inside = pairs.inside(network)
    total = sum(level.share for level in layer.levels)
    for level in layer.levels:
        of_level = np.isclose(pairs.strength, level.strength)
        count = max(int(of_level.sum()), 1)
        share = float(of_level.sum()) / max(len(pairs.first), 1)
        named = f"{layer.name}, strength {level.strength:g}"
        yield Fit(f"share of ties: {named}", level.share / total, share, TIGHT)
        yield Fit(
            f"inside organisations: {named}", level.inside, float(inside[of_level].sum()) / count, TIGHT + 1 / count
        )


def _shape_fits(network: Network, targets: Targets) -> Iterator[Fit]:
    pairs = _Pairs.of(network, np.ones(network.tie_count, dtype=bool))
    ends = pairs.first, pairs.second
    yield Fit("transitivity", targets.transitivity, transitivity_of(*ends, network.size), LOOSE)
    yield Fit("tie-ends of the top tenth", targets.top_tenth_share, top_tenth_share_of(*ends, network.size), LOOSE)
    tied = len(np.unique(np.concatenate(ends)))
    yield Fit("isolates", targets.isolates, 1 - tied / network.size, 0.005 + 0.5 / network.size)
    largest = int(component_sizes(network)[0]) / max(tied, 1)
    yield Fit("agents with ties in one piece", 1.0, largest, TIGHT)
    if targets.through_brokers is not None:
        yield Fit(
            "ties between sites at a broker", targets.through_brokers, _through_brokers(network, targets, pairs), LOOSE
        )


def _through_brokers(network: Network, targets: Targets, pairs: _Pairs) -> float:
    """Return the share of tied pairs of two sites of whom one at least works in a brokering sector."""
    brokering = [kind.sector for kind in targets.organisations if kind.brokers]
    broker = np.isin(np.array(network.columns["sector"]), brokering)
    site = np.unique(np.array(network.columns["site"]), return_inverse=True)[1]
    apart = site[pairs.first] != site[pairs.second]
    through = broker[pairs.first] | broker[pairs.second]
    return float(through[apart].mean()) if apart.any() else 0.0
