"""Where greedy choice is sure to come near the best set, and why not elsewhere.

What is needed is that the outcome, with leaders counted in, is monotone and
submodular in the set of leaders. That holds

- under ``cascade`` and ``contagion`` in every single replicate, because a set
  reaches what its members reach alone, and when the first of them does
  (:mod:`~diffusion.positions.reach_table`). It holds for any number of steps,
  for probabilities that are cut to 1, with ``external``, with any receptivity
  and influence, drawn or not, and where ``leaders.influence`` is 1 or more;
- under ``threshold`` with shares and θ ~ U(0, 1) on average over thresholds,
  because it has the same distribution, step by step, as reaching over one
  incoming tie an agent drawn by its share of attention (Kempe, Kleinberg &
  Tardos 2003, doi 10.1145/956750.956769), with ``external`` or without. That
  needs shares that add up to 1 at most, so an influence and multipliers of at
  most 1, and ``leaders.influence`` of 1. A threshold is met from 2⁻²⁰ below
  it on, as everywhere in the model; nothing here takes notice of that.

It does not hold with abandonment (who adopts early may have left when it
matters), nor with an awareness stage (one leader may make aware whom another
convinces, so that two bring about what neither does alone), nor where
interventions change ties or people (a tie that is there for a while may only
help whom somebody reached before) or leaders decline or leave, nor under other
thresholds and hazards, nor where leaders are less influential than others (who
is made a leader may then reach less), nor for outcomes that do not count who is
reached, such as times.
"""

from __future__ import annotations

from diffusion.model.inputs import ModelInput
from diffusion.model.parameters import Distribution, Parameters
from diffusion.positions.found import Goal

COIN_RULES = ("cascade", "contagion")


def no_guarantee(resolved: ModelInput, goal: Goal) -> str:
    """Return why nothing can be promised, in words; an empty text where greedy choice has its guarantee.

    Parameters
    ----------
    resolved
        The scenario's parameters on the network.
    goal
        What counts.
    """
    said = resolved.parameters
    if goal.units is None or goal.sign < 0:
        return f"{goal.outcome} does not count who is reached"
    if reason := _what_comes_between(said):
        return reason
    if said.adoption.rule in COIN_RULES:
        return "leaders are less influential than others" if said.leader_influence < 1 else ""
    if said.adoption.rule == "threshold":
        return _no_threshold_guarantee(resolved)
    return f"under {said.adoption.rule} leaders may need one another"


def _what_comes_between(said: Parameters) -> str:
    """Return what besides the rule keeps a set from reaching what its members reach."""
    if said.awareness is not None:
        return "agents become aware before they adopt, so leaders may need one another"
    if said.adoption.abandonment > 0:
        return "agents may abandon what they adopted"
    if said.interventions:
        return "interventions change ties or people while the innovation spreads"
    if said.leader_recruitment < 1 or said.leader_leaving > 0:
        return "leaders may decline or leave"
    return ""


def _no_threshold_guarantee(resolved: ModelInput) -> str:
    said = resolved.parameters
    if said.adoption.exposure != "share" or said.adoption.threshold != Distribution("uniform", (0.0, 1.0)):
        return "under thresholds that are not shares drawn from U(0, 1), leaders may need one another"
    largest = resolved.influence.largest * float(resolved.ties.multiplier.max(initial=1.0))
    if said.leader_influence != 1 or largest > 1:
        return "some agents' influence counts for more than their share of attention, or leaders' for another"
    return ""


def can_reverse(resolved: ModelInput, goal: Goal) -> str:
    """Return why reverse-reachable sets cannot be drawn, in words; an empty text where they can.

    Beside the guarantee they need ties whose probabilities are the same in
    every replicate, and the same for leaders as for others.

    Parameters
    ----------
    resolved
        The scenario's parameters on the network.
    goal
        What counts.
    """
    if reason := no_guarantee(resolved, goal):
        return reason
    if resolved.varies:
        return "receptivity or influence is drawn anew in every replicate"
    return "" if resolved.parameters.leader_influence == 1 else "leaders are more influential than others"
