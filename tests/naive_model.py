"""A third engine: the model's sentences in plain Python, one replicate, no arrays.

It shares nothing with the package but the parameters' classes: its Philox, its
keys, its equations and its order of events are written here again, slowly.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from fractions import Fraction

from diffusion.draws import Purpose
from diffusion.model.parameters import ByRole, Column, Parameters, StageParameters
from diffusion.network.network import Network

M32 = 0xFFFFFFFF
M64 = 0xFFFFFFFFFFFFFFFF


def philox(key, counter):
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & M32, (p0 >> 32) ^ c3 ^ k1, p0 & M32
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return c0, c1, c2, c3


def key_of(seed, world, purpose):
    first = hashlib.blake2b(f"{seed},{world},{int(purpose)}".encode()).digest()[:8]
    return int.from_bytes(first[:4], "little"), int.from_bytes(first[4:], "little")


def text_key(text, suffix):
    data = unicodedata.normalize("NFC", text).encode() + suffix
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def agent_key(text):
    return text_key(text, b"\0" + bytes(4))


def mixed(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & M64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & M64
    return x ^ (x >> 31)


def pair_key(a, b, layer):
    golden = 0x9E3779B97F4A7C15
    low, high = sorted([agent_key(a), agent_key(b)])
    x = mixed((low + golden) & M64)
    x = mixed(((x ^ high) + golden) & M64)
    return mixed(((x ^ text_key(layer, b"\1")) + golden) & M64)


class NaiveModel:
    def __init__(self, network: Network, parameters: Parameters, leaders, *, seed, world, replicate):
        self.network, self.said = network, parameters
        self.seed, self.world, self.replicate = seed, world, replicate
        self.leaders = set(leaders)
        self.role = dict(zip(network.ids, network.roles, strict=True))
        self.ties = [
            (network.ids[s], network.ids[t], network.layers[layer], float(strength))
            for s, t, layer, strength in zip(
                network.source, network.target, network.layer, network.strength, strict=True
            )
        ]
        self.aware_at = dict.fromkeys(network.ids, -1 if parameters.awareness else 0)
        self.adopted_at = dict.fromkeys(network.ids, -1)
        self.abandoned_at = dict.fromkeys(network.ids, -1)
        for leader in self.leaders:
            self.aware_at[leader] = self.adopted_at[leader] = 0

    # draws -------------------------------------------------------------

    def coin(self, purpose, entity, step):
        block, lane = divmod(self.replicate, 64)
        number = 0
        for call in range(16):
            w = philox(key_of(self.seed, self.world, purpose), (entity & M32, entity >> 32, block, (step << 8) + call))
            for word in (w[0] | w[1] << 32, w[2] | w[3] << 32):
                number = number << 1 | (word >> lane & 1)
        return number

    def number(self, purpose, agent, step):
        block, lane = divmod(self.replicate, 64)
        entity = agent_key(agent)
        counter = (entity & M32, entity >> 32, block, (step << 8) + lane // 4)
        return philox(key_of(self.seed, self.world, purpose), counter)[lane % 4]

    # what agents are ------------------------------------------------------

    def value(self, said, agent, purpose):
        if isinstance(said, ByRole):
            said = dict(said.values)[self.role[agent]]
        if isinstance(said, Column):
            return float(self.network.columns[said.name][self.network.ids.index(agent)])
        if isinstance(said, float | int):
            return float(said)
        assert said.name == "uniform"
        low, high = said.arguments
        return low + (self.number(purpose, agent, 0) + 0.5) * 2.0**-32 * (high - low)

    def influence(self, agent):
        kappa = self.value(self.said.influence, agent, Purpose.INFLUENCE)
        return kappa * self.said.leader_influence if agent in self.leaders else kappa

    def receptivity(self, agent):
        return self.value(self.said.receptivity, agent, Purpose.RECEPTIVITY)

    def weight(self, layer):
        return 1.0 if self.said.layers is None else self.said.layers[layer]

    def multiplier(self, source, target):
        return self.said.between_roles.get((self.role[source], self.role[target]), 1.0)

    # stages as they were after step t ---------------------------------------

    def stage(self, agent, t):
        if 0 <= self.abandoned_at[agent] <= t:
            return "abandoned"
        if 0 <= self.adopted_at[agent] <= t:
            return "adopted"
        return "aware" if 0 <= self.aware_at[agent] <= t else "unaware"

    def active(self, agent, t, awareness):
        return self.stage(agent, t) in (("aware", "adopted") if awareness else ("adopted",))

    def before(self, agent, t, awareness):
        return self.stage(agent, t) == ("unaware" if awareness else "aware")

    # rules --------------------------------------------------------------------

    def carries(self, tie, t, entry: StageParameters, awareness):
        source, target, layer, strength = tie
        now = self.active(source, t - 1, awareness) and self.before(target, t - 1, awareness)
        earlier = t >= 2 and self.active(source, t - 2, awareness) and self.before(target, t - 2, awareness)
        if not now or (entry.rule == "cascade" and earlier):
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
        step = 0 if entry.rule == "cascade" else t
        return self.coin(purpose, pair_key(source, target, layer), step) < round(min(1.0, p) * 2**32)

    def exposure(self, agent, t, entry, awareness):
        """The exposure as an exact fraction, and whether any tie counts."""
        unit = 2**32
        arriving = attention = 0
        alters = set()
        for source, target, layer, strength in self.ties:
            if target != agent:
                continue
            attention += round(self.weight(layer) * strength * unit)
            amount = self.weight(layer) * strength * self.multiplier(source, target) * self.influence(source)
            if self.active(source, t - 1, awareness):
                arriving += round(amount * unit)
                if amount > 0:
                    alters.add(source)
        if entry.exposure == "number":
            return len(alters) * unit, unit
        return (arriving, attention) if entry.exposure == "share" else (arriving, unit)

    def strikes(self, agent, t, entry, awareness):
        arriving, of = self.exposure(agent, t, entry, awareness)
        if entry.rule == "threshold":
            purpose = Purpose.AWARENESS_THRESHOLD if awareness else Purpose.ADOPTION_THRESHOLD
            theta = self.value(entry.threshold, agent, purpose)
            if of == 0:
                return theta <= 0
            return arriving >= math.ceil((theta - 2.0**-20) * of)
        x = entry.intercept + entry.slope * (float(Fraction(arriving, of)) if of else 0.0)
        for name, coefficient in entry.attributes:
            value = {"receptivity": self.receptivity, "influence": self.influence}.get(
                name, lambda who, name=name: self.value(Column(name), who, None)
            )
            x += coefficient * value(agent)
        p = {
            "logit": lambda: 1 / (1 + math.exp(-x)),
            "probit": lambda: 0.5 * math.erfc(-x / math.sqrt(2)),
            "identity": lambda: x,
        }[entry.link]()
        purpose = Purpose.AWARENESS_ENTRY if awareness else Purpose.ADOPTION_ENTRY
        return self.number(purpose, agent, t) < round(min(1.0, max(0.0, p)) * 2**32)

    def enters(self, agent, t, entry, awareness):
        external = Purpose.AWARENESS_EXTERNAL if awareness else Purpose.ADOPTION_EXTERNAL
        if entry.external and self.coin(external, agent_key(agent), t) < round(entry.external * 2**32):
            return True
        if entry.rule in ("cascade", "contagion"):
            return any(self.carries(tie, t, entry, awareness) for tie in self.ties if tie[1] == agent)
        return self.strikes(agent, t, entry, awareness)

    def run(self):
        for t in range(1, self.said.steps + 1):
            moves = []
            for agent in self.network.ids:
                stage = self.stage(agent, t - 1)
                if stage == "unaware" and self.enters(agent, t, self.said.awareness, True):
                    moves.append((self.aware_at, agent))
                elif stage == "aware" and self.enters(agent, t, self.said.adoption, False):
                    moves.append((self.adopted_at, agent))
                elif stage == "adopted" and self.said.adoption.abandonment:
                    q = round(self.said.adoption.abandonment * 2**32)
                    if self.coin(Purpose.ABANDONMENT, agent_key(agent), t) < q:
                        moves.append((self.abandoned_at, agent))
            for table, agent in moves:
                table[agent] = t
        return tuple(
            [table[agent] for agent in self.network.ids]
            for table in (self.aware_at, self.adopted_at, self.abandoned_at)
        )
