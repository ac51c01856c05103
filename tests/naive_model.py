"""A third engine: the model's sentences in plain Python, one replicate, no arrays.

It shares nothing with the package but the parameters' classes: its Philox, its
keys, its equations and its order of events are written here again, slowly.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Callable, Sequence
from fractions import Fraction

from naive_changes import NaiveChanges, NamedTie

from diffusion.draws import Purpose
from diffusion.model.interventions.people import population
from diffusion.model.parameters import AgentValue, ByRole, Column, Distribution, Parameters, StageParameters
from diffusion.network.network import Network

M32 = 0xFFFFFFFF
M64 = 0xFFFFFFFFFFFFFFFF

Four = tuple[int, int, int, int]


def philox(key: tuple[int, int], counter: Four) -> Four:
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & M32, (p0 >> 32) ^ c3 ^ k1, p0 & M32
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return c0, c1, c2, c3


def key_of(seed: int, world: int, purpose: Purpose) -> tuple[int, int]:
    first = hashlib.blake2b(f"{seed},{world},{int(purpose)}".encode()).digest()[:8]
    return int.from_bytes(first[:4], "little"), int.from_bytes(first[4:], "little")


def coin(key: tuple[int, int], entity: int, replicate: int, step: int) -> int:
    """Word k holds digit k, from the top, of the numbers of 64 replicates."""
    block, lane = divmod(replicate, 64)
    number = 0
    for call in range(16):
        w = philox(key, (entity & M32, entity >> 32, block, (step << 8) + call))
        for word in (w[0] | w[1] << 32, w[2] | w[3] << 32):
            number = number << 1 | (word >> lane & 1)
    return number


def number(key: tuple[int, int], entity: int, replicate: int, step: int) -> int:
    """Call b holds the numbers of four replicates, 4b to 4b + 3 of the block's 64."""
    block, lane = divmod(replicate, 64)
    return philox(key, (entity & M32, entity >> 32, block, (step << 8) + lane // 4))[lane % 4]


def text_key(text: str, suffix: bytes) -> int:
    data = unicodedata.normalize("NFC", text).encode() + suffix
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def agent_key(text: str, spell: int = 0) -> int:
    return text_key(text, b"\0" + spell.to_bytes(4, "little"))


def layer_key(text: str) -> int:
    return text_key(text, b"\1")


def mixed(x: int) -> int:
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & M64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & M64
    return x ^ (x >> 31)


def pair_key(a: int, b: int, layer: str) -> int:
    golden = 0x9E3779B97F4A7C15
    low, high = sorted([a, b])
    x = mixed((low + golden) & M64)
    x = mixed(((x ^ high) + golden) & M64)
    return mixed(((x ^ layer_key(layer)) + golden) & M64)


def integer(probability: float) -> int:
    """A probability in units of 2⁻³², clipped and rounded once."""
    return round(min(1.0, max(0.0, probability)) * 2**32)


class NaiveModel:
    """One replicate, played from the sentences."""

    def __init__(
        self, network: Network, parameters: Parameters, leaders: Sequence[str], *, seed: int, world: int, replicate: int
    ) -> None:
        self.size = network.size
        self.network, self.said = population(network, parameters.interventions, []), parameters
        self.seed, self.world, self.replicate = seed, world, replicate
        self.t = 0
        self.role = dict(zip(self.network.ids, self.network.roles, strict=True))
        self.leaders = {
            leader
            for leader in leaders
            if number(self.key_of(Purpose.RECRUITMENT), agent_key(leader), replicate, 0)
            < integer(parameters.leader_recruitment)
        }
        self.changes = NaiveChanges(
            self.network, self.size, parameters, sorted(self.leaders), seed=seed, world=world, replicate=replicate
        )
        self.aware_at = dict.fromkeys(self.network.ids, -1 if parameters.awareness else 0)
        self.adopted_at = dict.fromkeys(self.network.ids, -1)
        self.abandoned_at = dict.fromkeys(self.network.ids, -1)
        self.clipped_agent_steps = 0
        for leader in self.leaders:
            self.aware_at[leader] = self.adopted_at[leader] = 0

    def key_of(self, purpose: Purpose) -> tuple[int, int]:
        return key_of(self.seed, self.world, purpose)

    def key(self, agent: str) -> int:
        """The key of whoever holds a post at this step."""
        return agent_key(agent, self.changes.spell(agent, self.t))

    def coin(self, purpose: Purpose, entity: int, step: int) -> int:
        return coin(self.key_of(purpose), entity, self.replicate, step)

    def number(self, purpose: Purpose, agent: str, step: int) -> int:
        return number(self.key_of(purpose), self.key(agent), self.replicate, step)

    # what agents are ------------------------------------------------------

    def value(self, said: AgentValue, agent: str, purpose: Purpose) -> float:
        if isinstance(said, ByRole):
            said = dict(said.values)[self.role[agent]]
        if isinstance(said, Column):
            return float(self.network.columns[said.name][self.network.ids.index(agent)])
        if isinstance(said, Distribution):
            assert said.name == "uniform"
            low, high = said.arguments
            return low + (self.number(purpose, agent, 0) + 0.5) * 2.0**-32 * (high - low)
        return float(said)

    def influence(self, agent: str) -> float:
        kappa = self.value(self.said.influence, agent, Purpose.INFLUENCE)
        return kappa * (self.said.leader_influence * self.changes.factor(self.t)) if agent in self.leaders else kappa

    def receptivity(self, agent: str) -> float:
        return self.value(self.said.receptivity, agent, Purpose.RECEPTIVITY)

    def attribute(self, name: str, agent: str) -> float:
        stated: dict[str, Callable[[str], float]] = {"receptivity": self.receptivity, "influence": self.influence}
        return stated[name](agent) if name in stated else self.value(Column(name), agent, Purpose.MODEL)

    def weight(self, layer: str) -> float:
        return 1.0 if self.said.layers is None else self.said.layers.get(layer, 1.0)

    def multiplier(self, source: str, target: str) -> float:
        return self.said.between_roles.get((self.role[source], self.role[target]), 1.0)

    # stages as they were after step t ---------------------------------------

    def stage(self, agent: str, t: int) -> str:
        if 0 <= self.abandoned_at[agent] <= t:
            return "abandoned"
        if 0 <= self.adopted_at[agent] <= t:
            return "adopted"
        return "aware" if 0 <= self.aware_at[agent] <= t else "unaware"

    def active(self, agent: str, t: int, *, awareness: bool) -> bool:
        return self.changes.present(agent, self.t) and self.stage(agent, t) in (
            ("aware", "adopted") if awareness else ("adopted",)
        )

    def before(self, agent: str, t: int, *, awareness: bool) -> bool:
        return self.stage(agent, t) == ("unaware" if awareness else "aware")

    # rules --------------------------------------------------------------------

    def can_carry(self, tie: NamedTie, t: int, *, awareness: bool) -> bool:
        """Whether, after step t, the source is active and the target in the stage before."""
        return self.active(tie[0], t, awareness=awareness) and self.before(tie[1], t, awareness=awareness)

    def carries(self, tie: NamedTie, t: int, entry: StageParameters, *, awareness: bool) -> bool:
        """Whether a tie's coin falls heads; that of a tie tried once falls the same way at every step."""
        source, target, layer, strength, dated = tie
        if not self.can_carry(tie, t - 1, awareness=awareness):
            return False
        p = (
            entry.transmission
            * self.weight(layer)
            * strength
            * self.multiplier(source, target)
            * self.influence(source)
            * self.receptivity(target)
        )
        purpose = Purpose.AWARENESS_TIE if awareness else Purpose.ADOPTION_TIE
        step = 0 if entry.rule == "cascade" and not dated else t
        return self.coin(purpose, pair_key(self.key(source), self.key(target), layer), step) < integer(p)

    def exposure(self, agent: str, t: int, entry: StageParameters, *, awareness: bool) -> tuple[int, int]:
        """What arrives, and what it is divided by, as integers."""
        unit = 2**32
        arriving = attention = 0
        alters = set()
        for source, target, layer, strength, _ in self.ties:
            if target != agent:
                continue
            attention += round(self.weight(layer) * strength * unit)
            amount = self.weight(layer) * strength * self.multiplier(source, target) * self.influence(source)
            if self.active(source, t - 1, awareness=awareness):
                arriving += round(amount * unit)
                if amount > 0:
                    alters.add(source)
        if entry.exposure == "number":
            return len(alters) * unit, unit
        return (arriving, attention) if entry.exposure == "share" else (arriving, unit)

    def chance(self, agent: str, arriving: int, of: int, entry: StageParameters, *, awareness: bool) -> float:
        """How likely an agent is to move at an exposure, before clipping."""
        if entry.rule == "threshold":
            purpose = Purpose.AWARENESS_THRESHOLD if awareness else Purpose.ADOPTION_THRESHOLD
            theta = self.value(entry.threshold, agent, purpose)
            return float(theta <= 0 if of == 0 else arriving >= math.ceil((theta - 2.0**-20) * of))
        propensity = sum(coefficient * self.attribute(name, agent) for name, coefficient in entry.attributes)
        x = entry.intercept + entry.slope * (float(Fraction(arriving, of)) if of else 0.0) + propensity
        return {
            "logit": lambda: 1 / (1 + math.exp(-x)),
            "probit": lambda: 0.5 * math.erfc(-x / math.sqrt(2)),
            "identity": lambda: x,
        }[entry.link]()

    def strikes(self, agent: str, t: int, entry: StageParameters, *, awareness: bool) -> bool:
        arriving, of = self.exposure(agent, t, entry, awareness=awareness)
        p = self.chance(agent, arriving, of, entry, awareness=awareness)
        self.clipped_agent_steps += not 0 <= p <= 1
        purpose = Purpose.AWARENESS_ENTRY if awareness else Purpose.ADOPTION_ENTRY
        return self.number(purpose, agent, t) < integer(p)

    def enters(self, agent: str, t: int, entry: StageParameters, *, awareness: bool) -> bool:
        if entry.rule in ("cascade", "contagion"):
            moved = any(self.carries(tie, t, entry, awareness=awareness) for tie in self.ties if tie[1] == agent)
        else:
            moved = self.strikes(agent, t, entry, awareness=awareness)
        external = Purpose.AWARENESS_EXTERNAL if awareness else Purpose.ADOPTION_EXTERNAL
        stage = "awareness" if awareness else "adoption"
        chance = self.changes.external(stage, agent, t, entry.external)
        struck = self.coin(external, self.key(agent), t) < integer(chance)
        return moved or struck or self.changes.recruited(agent, t)

    def abandons(self, agent: str, t: int) -> bool:
        gives_up = self.coin(Purpose.ABANDONMENT, self.key(agent), t) < integer(self.said.adoption.abandonment)
        leaves = self.coin(Purpose.LEAVING, self.key(agent), t) < integer(self.said.leader_leaving)
        return gives_up or (leaves and agent in self.leaders)

    def change(self, t: int) -> None:
        """Let people come and go, and posts change hands."""
        for agent in self.network.ids:
            if self.changes.spell(agent, t) > self.changes.spell(agent, t - 1):
                self.leaders.discard(agent)
                self.aware_at[agent] = -1 if self.said.awareness else 0
                self.adopted_at[agent] = self.abandoned_at[agent] = -1
            if self.changes.leaves_at(agent, t) and self.stage(agent, t - 1) == "adopted":
                self.abandoned_at[agent] = t
        self.ties = self.changes.ties(t)

    def run(self) -> tuple[list[int], list[int], list[int]]:
        for t in range(1, self.said.steps + 1):
            self.t = t
            self.change(t)
            moves = []
            for agent in self.network.ids:
                if not self.changes.present(agent, t):
                    continue
                stage = self.stage(agent, t - 1)
                if stage == "unaware" and self.said.awareness:
                    if self.enters(agent, t, self.said.awareness, awareness=True):
                        moves.append((self.aware_at, agent))
                elif stage == "aware" and self.enters(agent, t, self.said.adoption, awareness=False):
                    moves.append((self.adopted_at, agent))
                elif stage == "adopted" and self.abandons(agent, t):
                    moves.append((self.abandoned_at, agent))
            for table, agent in moves:
                table[agent] = t
        ids = self.network.ids[: self.size]
        return (
            [self.aware_at[agent] for agent in ids],
            [self.adopted_at[agent] for agent in ids],
            [self.abandoned_at[agent] for agent in ids],
        )
