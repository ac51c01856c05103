"""Solving: the number with which leaders at random reach the share of agents that a scenario asks for.

A share that is reached is that of the agents who have adopted by the last
step, whether or not they abandon afterwards. Leaders are drawn at random and
their runs are played on draws of a purpose of its own, which no run of the
study shares, and every number is tried on the same runs. Interventions are set
aside, and so are leaders who decline or leave: arms that differ in these have
the same number, and show what they change. So the number found
depends on the network, the parameters, the leaders at random and the seed, and
not on the arms, replicates or workers of the study.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.level import Around, Span, around, rounded
from diffusion.draws import LANES, Purpose, generator
from diffusion.errors import InputError
from diffusion.experiment.study import digest_of
from diffusion.model import MODEL_VERSION
from diffusion.model.ensemble import Ensemble
from diffusion.model.parameters import Distribution, Parameters
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice, leader_choice, leader_words
from diffusion.scenario import ArmSetting
from diffusion.scenario.reach import Reference, Request, Solved
from diffusion.scenario.settings import unled, with_parameter

MOST_BLOCKS, FEWEST_BLOCKS = 64, 8
"""On how many blocks of 64 replicates a number is solved: on fewer, the larger the network."""

_AGENT_BLOCKS = 64_000
"""How many agents all blocks together have, unless that makes too many or too few blocks."""

TOLERANCE = 0.005
"""How far from the share that is asked for the mean that is reached may be."""

_NEAR_ENOUGH = 0.0005
"""How near to the share the search stops: far below the error of the mean."""

_COARSE = 8
"""The search begins on a part of the blocks: one in so many."""

_QUANTILE = 1.959964
"""Of the standard normal distribution, for 95 % intervals."""

SOLVING_VERSION = 1
"""Raised whenever the same request is solved by another number."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Dial:
    """Say what is turned: where a number is looked for, and what the parameter is at it.

    Attributes
    ----------
    span
        Where the number is looked for.
    value
        The parameter at a number.
    rises
        Whether more are reached the larger the number.
    """

    span: Span
    value: Callable[[float], float | Distribution]
    rises: bool


class Solver:
    """Solve the numbers that a scenario asks for, each once however many arms share it.

    Parameters
    ----------
    seed
        The scenario's seed.
    known
        Numbers that are solved already.
    say
        Told, in plain English, what takes its time.
    """

    def __init__(self, seed: int, known: Iterable[Solved] = (), say: Say = lambda _: None) -> None:
        self._seed = seed
        self._known = {found.digest: found for found in known}
        self._say = say
        self._found: dict[str, Solved | InputError] = {}

    @property
    def found(self) -> tuple[Solved, ...]:
        """Return the numbers that were asked for so far."""
        return tuple(one for one in self._found.values() if isinstance(one, Solved))

    def setting(self, network: Network, setting: ArmSetting) -> ArmSetting:
        """Return an arm's setting with the number in it that it asks for; one that asks for nothing as it is.

        Raises
        ------
        InputError
            If no number reaches the share, with the shares on both sides that are
            reached; or if the parameters or leaders do not fit the network.
        """
        request = setting.request
        if request is None:
            return setting
        # So that arms with and without interventions, and with leaders who decline or leave, have one number.
        known = setting.at_medians()
        bare = replace(known, parameters=replace(unled(known.parameters), interventions=()))
        digest = _digest(network, bare, request, self._seed)
        if digest not in self._found:
            self._found[digest] = self._known.get(digest) or self._solve(
                _Question(digest, network, bare.parameters, request, self._seed)
            )
        found = self._found[digest]
        if isinstance(found, InputError):
            raise found
        return setting.with_solved(found)

    def _solve(self, question: _Question) -> Solved | InputError:
        request, network = question.request, question.network
        asked = f"{request.leaders.phrase} reach {_percent(request.share)} of the agents"
        self._say(f"Solving {request.path} on {network.name}, so that {asked} …")
        try:
            return replace(_solved(question, _blocks(network)), network=network.name)
        except InputError as error:
            return error


def _digest(network: Network, setting: ArmSetting, request: Request, seed: int) -> str:
    """Return what a number depends on."""
    return digest_of(
        {
            "network": network.digest,
            "parameters": {**setting.canonical()["parameters"], "leader_influence": request.leaders.influence},
            "request": {"path": request.path, "share": request.share, "leaders": asdict(request.leaders)},
            "seed": seed,
            "versions": [MODEL_VERSION, SOLVING_VERSION],
        }
    )


@dataclass(frozen=True, eq=False)
class _Question:
    """Hold what a number is solved from; two of the same digest are equal."""

    digest: str
    network: Network
    parameters: Parameters
    request: Request
    seed: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def with_value(self, value: float | Distribution) -> Parameters:
        said = replace(self.parameters, leader_influence=self.request.leaders.influence)
        return with_parameter(said, self.request.path, value)


@lru_cache(maxsize=256)
def _solved(question: _Question, blocks: int) -> Solved:
    request = question.request
    runs = _Runs(question, blocks)
    dial = _dial(question)
    found = _found(runs, dial, request.share)
    number, mean = found.nearest(request.share if dial.rises else -request.share)
    if abs(abs(mean) - request.share) > TOLERANCE:
        raise InputError(_unattainable(question, dial, found))
    value = dial.value(number)
    shares = runs.shares(value, runs.blocks)
    error = _QUANTILE * float(shares.std(ddof=1)) / float(np.sqrt(len(shares)))
    return Solved(
        digest=question.digest,
        network=question.network.name,
        path=request.path,
        share=request.share,
        leaders=request.leaders,
        value={value.name: list(value.arguments)} if isinstance(value, Distribution) else value,
        mean=float(shares.mean()),
        low=max(0.0, float(shares.mean()) - error),
        high=min(1.0, float(shares.mean()) + error),
        replicates=len(shares),
    )


class _Runs:
    """Play the runs on which a number is solved, the same ones for every number tried."""

    def __init__(self, question: _Question, blocks: int) -> None:
        self._question = question
        self.blocks = blocks
        network, leaders = question.network, question.request.leaders
        self._seed = int(generator(Purpose.REACH, question.seed).integers(2**62))
        self._choice = _leaders_at_random(network, leaders, question.request)
        self._tried: dict[tuple[Any, int], float] = {}

    def mean(self, value: float | Distribution, blocks: int) -> float:
        """Return the mean share that is reached in the first blocks."""
        if (value, blocks) not in self._tried:
            self._tried[value, blocks] = float(self.shares(value, blocks).mean())
        return self._tried[value, blocks]

    def shares(self, value: float | Distribution, blocks: int) -> NDArray[np.float64]:
        """Return the share of agents who have adopted by the last step, in every replicate of the first blocks."""
        network, seed = self._question.network, self._seed
        words = partial(_words, self._choice, network, seed)
        ensemble = Ensemble(network, self._question.with_value(value), seed=seed, leader_words=words)
        shares = [(ensemble.block(block).adopted_at >= 0).mean(axis=0) for block in range(blocks)]
        return np.concatenate(shares) if shares else np.zeros(LANES)


def _blocks(network: Network) -> int:
    return max(FEWEST_BLOCKS, min(MOST_BLOCKS, _AGENT_BLOCKS // max(network.size, 1)))


def _words(choice: LeaderChoice, network: Network, seed: int, block: int) -> NDArray[np.uint64]:
    return leader_words(choice, network, seed=seed, world=0, block=block)


def _leaders_at_random(network: Network, leaders: Reference, request: Request) -> LeaderChoice:
    if not leaders.count:
        raise InputError(
            f"{request.stage}.{request.written}: is solved for leaders at random, and nobody leads; "
            "write leaders.count in [leaders]"
        )
    return leader_choice(network, position="random", count=leaders.count, roles=leaders.roles)


def _found(runs: _Runs, dial: _Dial, share: float) -> Around:
    """Search on a part of the runs first, and around what is found there on all of them."""
    sign = 1.0 if dial.rises else -1.0

    def reached(number: float, blocks: int) -> float:
        return sign * runs.mean(dial.value(number), blocks)

    coarse = max(1, runs.blocks // _COARSE)
    rough = around(partial(reached, blocks=coarse), sign * share, dial.span, _COARSE * _NEAR_ENOUGH)
    span = dial.span
    if rough.below is not None and rough.above is not None:
        span = _wider(rough.below[0], rough.above[0], dial.span)
    full = partial(reached, blocks=runs.blocks)
    found = around(full, sign * share, span, _NEAR_ENOUGH)
    missed = found.below is None or found.above is None
    return around(full, sign * share, dial.span, _NEAR_ENOUGH) if missed and span != dial.span else found


def _wider(low: float, high: float, bounds: Span) -> Span:
    """Return a span around two numbers, within bounds."""
    room = max(high - low, 0.05 * max(abs(low), abs(high)), 1e-6)
    least, most = rounded(low - room), rounded(high + room)
    return Span(
        least if bounds.low_open else max(bounds.low, least), most if bounds.high_open else min(bounds.high, most)
    )


def _dial(question: _Question) -> _Dial:
    """Return what is turned."""
    request = question.request
    if request.moved is not None:
        return _moved(request.moved)
    if request.key == "transmission":
        return _Dial(Span(0.0, 1.0), float, rises=True)
    if request.key == "threshold":
        return _Dial(Span(0.0, 1.0, high_open=True), float, rises=False)
    if request.key == "slope":
        return _Dial(Span(0.0, 1.0, high_open=True), float, rises=True)
    return _Dial(Span(-1.0, 1.0, low_open=True, high_open=True), float, rises=True)


def _moved(said: Distribution) -> _Dial:
    """Return how a distribution is moved: by its mean where it may lie anywhere, else so that 0 stays where it is.

    A beta distribution keeps a + b, a normal and a lognormal one their
    standard deviations; the others are multiplied by the number.
    """
    first, *rest = said.arguments
    if said.name == "beta":
        together = first + rest[0]

        def beta(mean: float) -> Distribution:
            return Distribution("beta", (rounded(mean * together), rounded((1.0 - mean) * together)))

        return _Dial(Span(0.001, 0.999), beta, rises=False)
    if said.name in ("normal", "lognormal"):
        span = Span(-1.0, 1.0, low_open=True, high_open=True)
        return _Dial(span, lambda mean: Distribution(said.name, (mean, *rest)), rises=False)
    kept = said.arguments[:1] if said.name == "gamma" else ()

    def scaled(factor: float) -> Distribution:
        return Distribution(said.name, (*kept, *(rounded(it * factor) for it in said.arguments[len(kept) :])))

    return _Dial(Span(0.001, 1.0, high_open=True), scaled, rises=False)


def _unattainable(question: _Question, dial: _Dial, found: Around) -> str:
    """Return one line that says which shares are reached on both sides of the one that is asked for."""
    request = question.request
    sides = [side for side in (found.below, found.above) if side is not None]
    told = [f"{_percent(abs(mean))} with {_shown(request.key, dial.value(number))}" for number, mean in sides]
    if len(told) == 2:
        nearest = f"nearest are {told[0]} and {told[1]}, and nothing between"
    else:
        nearest = f"the {'most' if (found.below is not None) == dial.rises else 'least'} is {told[0]}"
    return (
        f"{request.stage}.{request.written}: {request.leaders.phrase} cannot be made to reach "
        f"{_percent(request.share)} of the agents of {question.network.name}, to within {100 * TOLERANCE:g} points: "
        f"{nearest}"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _shown(key: str, value: float | Distribution) -> str:
    if isinstance(value, Distribution):
        return f"{key} = {{ {value.name} = [{', '.join(f'{it:g}' for it in value.arguments)}] }}"
    return f"{key} = {value:.4g}"
