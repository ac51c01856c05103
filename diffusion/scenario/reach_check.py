"""What a request for a reach must be, where it stands in place of a number or beside a distribution."""

from __future__ import annotations

from diffusion.scenario.checks import REACH, Check, Complain, number_between
from diffusion.toml.documents import shown

share_of_agents = number_between(0, 1)
"""The check of the share that is to be reached."""


def or_reach(check: Check, *, distributions: bool = False) -> Check:
    """Return the check of a value in place of which a reach may be asked for.

    Parameters
    ----------
    check
        What the value must hold otherwise.
    distributions
        Whether a distribution may stand beside the request.
    """

    def check_either(value: object, complain: Complain) -> object:
        if not isinstance(value, dict) or REACH not in value:
            return check(value, complain)
        share = share_of_agents(value[REACH], lambda text, *path: complain(text, REACH, *path))
        beside = {key: said for key, said in value.items() if key != REACH}
        if not beside:
            return {REACH: share}
        if not distributions:
            complain(f"a reach stands alone in its table, {{ reach = 0.3 }}; got {shown(value)}")
            return {REACH: share}
        normal = check(beside, complain)
        if isinstance(normal, dict):
            _check_movable(normal, complain)
            return {**normal, REACH: share}
        return {REACH: share}

    return check_either


def _check_movable(normal: dict[str, object], complain: Complain) -> None:
    """Complain about what cannot be moved to solve for a reach: tables by role, and thresholds below 0 that scale."""
    [*names] = normal
    if len(names) != 1 or not isinstance(normal[names[0]], list):
        complain("a reach stands alone or beside one distribution, such as { beta = [7, 14], reach = 0.3 }")
    elif names[0] in ("uniform", "triangular") and _lowest(normal[names[0]]) < 0:
        complain(f"{names[0]} is scaled to solve for a reach, so its low must be at least 0")


def _lowest(arguments: object) -> float:
    return min(arguments) if isinstance(arguments, list) else 0.0
