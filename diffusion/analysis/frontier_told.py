"""What a frontier of spread against cost shows, in plain English."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from diffusion.analysis.frontier import ArmOnFrontier
from diffusion.analysis.phrases import counted, joined, named, opened, verb

FRONTIER_NOTE = (
    "Costs are those of the plan: what each run of the study would cost at the stated prices, in the mean. Spread "
    "leaves leaders out. An arm is beaten, or on the frontier, only where 95 % intervals over all pairs of arms say so."
)


MOST_APART = 12
"""Up to how many beaten or undecided arms are told of one by one."""

_MOST_NAMED = 3
"""How many arms that beat one are named: the one that spreads furthest first."""


def frontier_sentences(found: Sequence[ArmOnFrontier], phrase: Callable[[str], str]) -> tuple[str, ...]:
    """Return which arms no other arm beats at equal or lower cost, and what is over the budget.

    Parameters
    ----------
    found
        The arms.
    phrase
        What an arm is called.
    """
    texts = []
    if on := [phrase(arm.arm) for arm in found if arm.standing == "on the frontier"]:
        texts.append(
            f"on the frontier of spread against cost {'is' if len(on) == 1 else 'are'} {named(on)}: at equal or "
            "lower cost, no other arm spreads as far."
        )
    apart = [arm for arm in found if arm.standing in {"beaten", "undecided"}]
    if len(apart) > MOST_APART:
        beaten = sum(arm.standing == "beaten" for arm in apart)
        undecided = f"of {counted(len(apart) - beaten, 'arm')} that is undecided"
        texts.append(
            f"{counted(beaten, 'arm')} {'is' if beaten == 1 else 'are'} beaten by others that spread further at equal "
            f"or lower cost, and {undecided}."
        )
    for arm in apart if len(apart) <= MOST_APART else ():
        rivals, own = [phrase(rival) for rival in arm.against], phrase(arm.arm)
        if len(rivals) > _MOST_NAMED:
            rivals = [*rivals[: _MOST_NAMED - 1], f"{len(rivals) - _MOST_NAMED + 1} other arms"]
        if arm.standing == "beaten":
            texts.append(
                f"{joined(rivals)} {verb(rivals, 'spreads', 'spread')} further than {own} at equal or lower cost."
            )
        elif arm.standing == "undecided":
            texts.append(
                f"whether {own} {verb([own], 'spreads', 'spread')} further than {_either(rivals)}, which "
                f"{verb(rivals, 'costs', 'cost')} no more, is undecided."
            )
    over = [phrase(arm.arm) for arm in found if arm.within_budget is False]
    if over:
        texts.append(f"{named(over)} {verb(over, 'costs', 'cost')} more than the budget.")
    return tuple(opened(text) for text in texts if text)


def _either(phrases: Sequence[str]) -> str:
    return f"{', '.join(phrases[:-1])} or {phrases[-1]}" if len(phrases) > 1 else phrases[0]
