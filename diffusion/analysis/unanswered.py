"""What was asked of an arm and cannot be told, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diffusion.analysis.phrases import named, opened

NO_MATCH = "there is no match"
"""How the reason begins why an arm has no matched null."""

_MATCH = (
    "A match is drawn from at least two agents of the leader's role who never lead in the arm, with an out-degree "
    "within 10 % of the leader's (at least 1), and no agent is the match of two leaders."
)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Say what cannot be told of an arm.

    Attributes
    ----------
    arm
        The arm.
    asked
        What was asked for: ``"matched null"``, ``"place among rewired networks"``, ``"credit of leaders"`` or
        ``"Shapley values"``.
    reason
        Why it cannot be told, as the end of a sentence.
    """

    arm: str
    asked: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return {"arm": self.arm, "asked": self.asked, "reason": self.reason}

    def sentence(self, phrase: str) -> str:
        """Return this in plain English.

        Parameters
        ----------
        phrase
            What the arm is called.

        Examples
        --------
        >>> Unanswered("random", "credit of leaders", "they are drawn anew").sentence("leaders at random")
        'No credit of leaders is told for leaders at random: they are drawn anew.'
        """
        verb = "are" if self.asked.endswith("s") and not self.asked.startswith("credit") else "is"
        return opened(f"no {self.asked} {verb} told for {phrase}: {self.reason}.")


def unanswered_sentences(unanswered: Sequence[Unanswered], phrase: Callable[[str], str]) -> tuple[str, ...]:
    """Return what cannot be told and why, a sentence a reason, and what a match is where one is missing.

    Parameters
    ----------
    unanswered
        What cannot be told.
    phrase
        What an arm is called.
    """
    together: dict[tuple[str, str], list[Unanswered]] = {}
    for found in unanswered:
        together.setdefault((found.asked, found.reason), []).append(found)
    told = [alike[0].sentence(named([phrase(found.arm) for found in alike])) for alike in together.values()]
    return (*told, _MATCH) if any(found.reason.startswith(NO_MATCH) for found in unanswered) else tuple(told)
