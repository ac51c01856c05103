"""Credit totals: who convinced whom, summed over the runs of an arm.

In every run the credit of each adoption is shared among what brought it
(:mod:`diffusion.analysis.credit`). Following these shares back leads to where
an adoption began: at a leader, outside (policy, media, funding), or in an
agent's own propensity. So every adoption after the start *descends* from
leaders, outside and own propensities in shares that sum to 1.

The *generation* of an adopter is how many steps from agent to agent lead to
it: 0 for leaders and for what came from outside or of itself, else one more
than its sources', in the mean by their shares; the *longest* follows the
longest of all lines of credit.

All totals are means over the runs of the number of agents, and count agents
who adopted after the start, whether or not they abandoned later. They say
what moved agents in the runs, which is no counterfactual: without a leader
others might have done the same a step later.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.attainment import ratio_of_means
from diffusion.analysis.causes import ADDED_LAYER, NO_LAYER, STAGES, Floats, Integers
from diffusion.analysis.credit import Credit, credit_of
from diffusion.analysis.intervals import mean_interval
from diffusion.draws import LANES
from diffusion.model.ensemble import BlockTimes
from diffusion.model.inputs import ModelInput
from diffusion.network.network import Network

OUTSIDE = "external"
"""What the source is called of what came from policy, media or funding; a scenario's word."""

ITSELF = "own"
"""What the source is called of what agents would have done without any tie."""

_ADOPTED = STAGES.index("adopted")


@dataclass(frozen=True)
class Descent:
    """Hold how many adoptions began at one origin.

    Attributes
    ----------
    origin
        A leader's id, or ``external`` or ``own``.
    led
        In which share of the runs this agent leads; 1 for ``external`` and ``own``.
    direct
        How many adoptions it brought itself, as the sum of its shares, in the runs in which it leads.
    descended
        How many descend from it.
    low, high
        95 % interval of that mean over the runs; None where runs do not differ.
    share
        Of all adoptions after the start; None where there is none.
    """

    origin: str
    led: float
    direct: float
    descended: float
    low: float | None
    high: float | None
    share: float | None


@dataclass(frozen=True)
class Flow:
    """Hold how many adoptions went from one group to another.

    Attributes
    ----------
    source
        A role, or ``external`` or ``own``.
    target
        The role of those who adopted.
    credit
        How many adoptions.
    """

    source: str
    target: str
    credit: float


@dataclass(frozen=True)
class GroupCredit:
    """Hold the credit of one organisation.

    Attributes
    ----------
    group
        The organisation.
    given, given_low, given_high
        How many adoptions its agents brought, with the 95 % interval of that mean over the runs; None where runs do
        not differ.
    received, received_low, received_high
        How many of its agents adopted after the start, likewise.
    within
        How many of these its own agents brought.
    """

    group: str
    given: float
    given_low: float | None
    given_high: float | None
    received: float
    received_low: float | None
    received_high: float | None
    within: float


@dataclass(frozen=True)
class CreditTotals:
    """Hold the credit of an arm, in means over its runs.

    Attributes
    ----------
    arm, replicates
        Which arm, and over how many runs, from the first.
    adoptions
        How many agents adopted after the start.
    adoptions_low, adoptions_high
        95 % interval of that mean over the runs; None where runs do not differ.
    leaders
        What descends from each agent that leads in some run, the most first.
    external, own
        What began outside and in agents' own propensities.
    roles
        From which role to which: the largest first.
    layers
        Over which layer, by name: how many adoptions.
    organisations
        By organisation, the one that gave most first; empty without any.
    mean_generation, mean_generation_low, mean_generation_high
        Of an adoption after the start, with the 95 % interval of that ratio of means; None where there is none.
    longest_generation, longest_generation_low, longest_generation_high
        The longest line of credit of a run, in the mean over the runs, with its 95 % interval.
    """

    arm: str
    replicates: int
    adoptions: float
    adoptions_low: float | None
    adoptions_high: float | None
    leaders: tuple[Descent, ...]
    external: Descent
    own: Descent
    roles: tuple[Flow, ...]
    layers: tuple[tuple[str, float], ...]
    organisations: tuple[GroupCredit, ...]
    mean_generation: float | None
    mean_generation_low: float | None
    mean_generation_high: float | None
    longest_generation: float
    longest_generation_low: float | None
    longest_generation_high: float | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self) | {"layers": dict(self.layers)}


@dataclass(frozen=True, eq=False)
class _RunTotals:
    """Hold the sums of one run; agents first, then outside and itself."""

    direct: Floats
    descended: Floats
    roles: Floats
    layers: Floats
    organisations: Floats
    generations: float
    longest: float


def credit_totals(
    arm: str, model_input: ModelInput, block: Callable[[int], BlockTimes], replicates: int
) -> CreditTotals:
    """Return the credit of an arm over its first replicates.

    Parameters
    ----------
    arm
        The arm's name.
    model_input
        Its parameters on the network.
    block
        What happened in a block of replicates: an ensemble's ``block``.
    replicates
        How many replicates.

    Examples
    --------
    On a path *a* → *b* → *c*, *a* leads and all carry:

    >>> from diffusion.model.ensemble import Ensemble
    >>> from diffusion.model.parameters import Parameters, StageParameters
    >>> path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    >>> said = Parameters(steps=3, adoption=StageParameters("contagion", transmission=1.0))
    >>> words = np.array([2**64 - 1, 0, 0], dtype=np.uint64)
    >>> ensemble = Ensemble(path, said, seed=1, leader_words=lambda _: words)
    >>> totals = credit_totals("first", ensemble.model_input, ensemble.block, 5)
    >>> totals.leaders[0].descended, totals.leaders[0].direct, totals.mean_generation, totals.longest_generation
    (2.0, 1.0, 1.5, 2.0)
    """
    network = model_input.network
    led, runs = np.zeros(network.size), []
    for leads, credit in _credits(model_input, block, replicates):
        led += leads
        runs.append(_run_totals(credit, np.flatnonzero(leads), network))
    return _summed(arm, network, led / replicates, runs)


def _credits(
    model_input: ModelInput, block: Callable[[int], BlockTimes], replicates: int
) -> Iterator[tuple[NDArray[np.bool_], Credit]]:
    """Yield who leads and the credit of each run."""
    for first in range(0, replicates, LANES):
        times = block(first // LANES)
        for lane in range(min(LANES, replicates - first)):
            yield (
                times.adopted_at[:, lane] == 0,
                credit_of(
                    model_input,
                    replicate=first + lane,
                    aware_at=times.aware_at[:, lane],
                    adopted_at=times.adopted_at[:, lane],
                    abandoned_at=times.abandoned_at[:, lane],
                ),
            )


class _Shares(NamedTuple):
    """Hold shares of adoptions in the order of steps; from the network's size on, sources are no agents."""

    agent: Integers
    source: Integers
    layer: Integers
    share: Floats
    step: Integers


def _shares(credit: Credit) -> _Shares:
    here = credit.stage[credit.move] == _ADOPTED
    agent, step = credit.agent[credit.move[here]], credit.step[credit.move[here]]
    source = credit.source[here]
    source = np.where(source < 0, credit.size - 1 - source, source)
    return _Shares(agent, source, credit.layer[here], credit.share[here], step)


def _run_totals(credit: Credit, leaders: Integers, network: Network) -> _RunTotals:
    size, rows = network.size, _shares(credit)
    descent, generation, longest = _followed(rows, leaders, size)
    movers = credit.agent[credit.stage == _ADOPTED]
    origins = [*leaders.tolist(), size, size + 1]
    direct, descended = np.zeros(size + 2), np.zeros(size + 2)
    direct[origins] = _summed_by(rows.source, rows.share, size + 2)[origins]
    descended[origins] = descent[movers].sum(axis=0)
    role = np.concatenate([network.role_index, len(network.role_names) + np.arange(2)])
    roles = np.zeros((len(network.role_names) + 2, len(network.role_names)))
    np.add.at(roles, (role[rows.source], role[rows.agent]), rows.share)
    return _RunTotals(
        direct=direct,
        descended=descended,
        roles=roles,
        layers=_summed_by(rows.layer - NO_LAYER, rows.share, 1 + len(credit.layers))[1:],
        organisations=_by_organisation(rows, network),
        generations=float(generation[movers].sum()),
        longest=float(longest[movers].max(initial=0)),
    )


def _summed_by(places: Integers, share: Floats, count: int) -> Floats:
    return np.bincount(places, weights=share, minlength=count).astype(np.float64)


def _followed(rows: _Shares, leaders: Integers, size: int) -> tuple[Floats, Floats, Floats]:
    """Return from which origins every agent descends, its generation, and the longest line that leads to it.

    Sources adopted at an earlier step than those whom they bring.
    """
    descent = np.zeros((size + 2, len(leaders) + 2))
    descent[[*leaders.tolist(), size, size + 1], np.arange(len(leaders) + 2)] = 1.0
    generation, longest = np.zeros(size + 2), np.zeros(size + 2)
    generation[size:] = longest[size:] = -1.0  # what comes from outside or of itself begins a line
    ends = np.flatnonzero(np.diff(rows.step, append=-1)) + 1
    for first, last in itertools.pairwise([0, *ends.tolist()]):
        agent, source, share = rows.agent[first:last], rows.source[first:last], rows.share[first:last]
        np.add.at(descent, agent, share[:, np.newaxis] * descent[source])
        np.add.at(generation, agent, share * (1 + generation[source]))
        np.maximum.at(longest, agent, 1 + longest[source])
    return descent, generation, longest


def _by_organisation(rows: _Shares, network: Network) -> Floats:
    """Return what each organisation gave, received, and received of its own; shape (3, organisations)."""
    count = len(network.organisation_names)
    place = np.concatenate([network.organisation_index, [-1, -1]]).astype(np.int64)
    giving, taking = place[rows.source], place[rows.agent]
    within = np.where(giving == taking, giving, -1)
    return np.array([_summed_by(at + 1, rows.share, count + 1)[1:] for at in (giving, taking, within)])


def _summed(arm: str, network: Network, led: Floats, runs: list[_RunTotals]) -> CreditTotals:
    size, count = network.size, len(runs)
    descended = np.array([run.descended for run in runs])
    direct = np.array([run.direct for run in runs]).mean(axis=0)
    adoptions = float(descended.sum() / count)
    ends = mean_interval(descended.sum(axis=1), low=0.0, high=float(size)) or (None, None)
    mean = ratio_of_means(np.array([run.generations for run in runs]), descended.sum(axis=1))
    longest = np.array([run.longest for run in runs])
    longest_ends = mean_interval(longest, low=0.0) or (None, None)
    *agents, external, own = _descents(descended, direct, np.concatenate([led, [1.0, 1.0]]), network)
    leaders = sorted(agents, key=lambda found: -found.descended)
    return CreditTotals(
        arm=arm,
        replicates=count,
        adoptions=adoptions,
        adoptions_low=ends[0],
        adoptions_high=ends[1],
        leaders=tuple(leaders),
        external=external,
        own=own,
        roles=_flows(np.mean([run.roles for run in runs], axis=0), network.role_names),
        layers=_by_layer(np.mean([run.layers for run in runs], axis=0), network.layers),
        organisations=_organisations(np.array([run.organisations for run in runs]), network),
        mean_generation=mean[0],
        mean_generation_low=mean[1],
        mean_generation_high=mean[2],
        longest_generation=float(longest.mean()),
        longest_generation_low=longest_ends[0],
        longest_generation_high=longest_ends[1],
    )


def _descents(descended: Floats, direct: Floats, led: Floats, network: Network) -> list[Descent]:
    """Return what began with each agent that ever leads, and, last, outside and in agents' own propensities."""
    adoptions, origins, found = float(descended.sum() / len(descended)), (*network.ids, OUTSIDE, ITSELF), []
    for place in np.flatnonzero(led).tolist():
        origin, values = origins[place], descended[:, place]
        mean = float(values.mean())
        low, high = mean_interval(values, low=0.0, high=float(network.size)) or (None, None)
        share = mean / adoptions if adoptions else None
        found.append(Descent(origin, float(led[place]), float(direct[place]), mean, low, high, share))
    return found


def _by_layer(layers: Floats, names: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Return what went over each layer; over those that interventions bring only if anything did."""
    own = list(zip(names, layers.tolist(), strict=False))
    return tuple([*own, (ADDED_LAYER, float(layers[-1]))] if layers[-1] > 0 else own)


def _flows(roles: Floats, names: tuple[str, ...]) -> tuple[Flow, ...]:
    sources = (*names, OUTSIDE, ITSELF)
    flows = [
        Flow(source, target, float(roles[row, column]))
        for row, source in enumerate(sources)
        for column, target in enumerate(names)
        if roles[row, column] > 0
    ]
    return tuple(sorted(flows, key=lambda flow: -flow.credit))


def _organisations(runs: Floats, network: Network) -> tuple[GroupCredit, ...]:
    """Return the credit of organisations from that of every run; shape (runs, 3, organisations)."""
    largest = float(network.size)

    def group(place: int, name: str) -> GroupCredit:
        given, received, within = runs[:, :, place].T
        given_low, given_high = mean_interval(given, low=0.0, high=largest) or (None, None)
        received_low, received_high = mean_interval(received, low=0.0, high=largest) or (None, None)
        return GroupCredit(
            group=name,
            given=float(given.mean()),
            given_low=given_low,
            given_high=given_high,
            received=float(received.mean()),
            received_low=received_low,
            received_high=received_high,
            within=float(within.mean()),
        )

    found = [group(place, name) for place, name in enumerate(network.organisation_names)]
    return tuple(sorted(found, key=lambda one: -one.given))
