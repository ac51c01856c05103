"""Credit once more, in plain Python, from the sentences of the naive model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from naive_model import NaiveModel, agent_key, integer

from diffusion.analysis.credit import EXTERNAL, OWN, Credit, credit_of
from diffusion.draws import Purpose
from diffusion.model.abm import DiffusionModel
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network

Shares = dict[tuple[str, str], dict[int, float]]
"""Shares by source of each move: of an agent to a stage."""


def credit_in(model: DiffusionModel) -> Credit:
    return credit_of(
        model.input,
        replicate=model.replicate,
        aware_at=model.aware_at,
        adopted_at=model.adopted_at,
        abandoned_at=model.abandoned_at,
    )


def credit_of_run(
    network: Network,
    said: Parameters,
    leaders: Sequence[str] = (),
    *,
    seed: int = 0,
    world: int = 0,
    replicate: int = 0,
) -> Credit:
    """Play a run in the readable model, and credit it."""
    model = DiffusionModel(network, said, leaders, seed=seed, world=world, replicate=replicate)
    model.run()
    return credit_in(model)


def shares_of(credit: Credit, network: Network) -> Shares:
    return {
        (network.ids[move.agent], move.stage): {origin.source: origin.share for origin in move.origins}
        for agent in range(network.size)
        for move in credit.received(agent)
    }


class NaiveCredit(NaiveModel):
    """Play one replicate from the sentences, and credit every move."""

    def shares(self) -> Shares:
        self.run()
        found: Shares = {}
        for agent in self.network.ids:
            if self.said.awareness and self.aware_at[agent] > 0:
                found[agent, "aware"] = self._of_move(agent, self.said.awareness, awareness=True)
            if self.adopted_at[agent] > 0:
                found[agent, "adopted"] = self._of_move(agent, self.said.adoption, awareness=False)
        return found

    def _of_move(self, agent: str, entry: StageParameters, *, awareness: bool) -> dict[int, float]:
        self.t = t = (self.aware_at if awareness else self.adopted_at)[agent]
        self.ties = self.changes.ties(t)
        succeeded: list[dict[int, float]] = []
        if entry.rule in ("cascade", "contagion"):
            succeeded += [
                {self.network.index[tie[0]]: 1.0}
                for tie in self.ties
                if tie[1] == agent and self.carries(tie, t, entry, awareness=awareness)
            ]
        elif self.strikes(agent, t, entry, awareness=awareness):
            succeeded.append(self._of_rule(agent, t, entry, awareness=awareness))
        external = Purpose.AWARENESS_EXTERNAL if awareness else Purpose.ADOPTION_EXTERNAL
        chance = self.changes.external("awareness" if awareness else "adoption", agent, t, entry.external)
        if self.coin(external, agent_key(agent), t) < integer(chance):
            succeeded.append({EXTERNAL: 1.0})
        if self.changes.recruited(agent, t):
            succeeded.append({EXTERNAL: 1.0})
        shares: dict[int, float] = defaultdict(float)
        for draw in succeeded:
            for source, part in draw.items():
                shares[source] += part / len(succeeded)
        return {source: share for source, share in shares.items() if share > 0}

    def _of_rule(self, agent: str, t: int, entry: StageParameters, *, awareness: bool) -> dict[int, float]:
        """Own propensity by q(0)/q(E), and every source by the exposure that there would be if it alone were."""
        arriving, of = self.exposure(agent, t, entry, awareness=awareness)
        likely, alone = (
            integer(self.chance(agent, active, of, entry, awareness=awareness)) for active in (arriving, 0)
        )
        own = min(1.0, alone / likely)
        everyone, weights = self.ties, {}
        for source in self.network.ids:
            self.ties = [tie for tie in everyone if tie[0] == source]
            weights[self.network.index[source]] = self.exposure(agent, t, entry, awareness=awareness)[0]
        self.ties = everyone
        total = sum(weights.values()) or 1
        return {OWN: own, **{source: (1 - own) * weight / total for source, weight in weights.items()}}
