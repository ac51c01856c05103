"""The error of a survey: who did not answer, which ties were not told or are not there, who was taken for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Asked: TypeAlias = Literal["turn-to", "tell"]
Nonrespondents: TypeAlias = Literal["kept", "dropped"]

ASKED: tuple[Asked, ...] = ("turn-to", "tell")
"""What people were asked: whom they turn to (a tie is told by its target), or whom they tell (by its source)."""

NONRESPONDENTS: tuple[Nonrespondents, ...] = ("kept", "dropped")
"""Whether those who did not answer stay in the network where others named them."""

Rate: TypeAlias = float | tuple[tuple[str, float], ...]
"""One number, or one by name (of a role, or of a layer), names in order; 0 for names that are left out."""

Multipliers: TypeAlias = tuple[tuple[tuple[str, str], float], ...]
"""By role of source and of target, in order; 1 for pairs that are left out."""


@dataclass(frozen=True, slots=True)
class SurveyError:
    """State how far what a survey found may be from the network that is there.

    Attributes
    ----------
    asked
        What people were asked, so that it is known who told of a tie.
    missing_respondents
        The share of people who did not answer; one number, or one by role.
    missing_by_degree
        By how much the log odds of not answering rise with each standard
        deviation of an agent's degree; below 0 those with few ties are missing.
    nonrespondents
        Whether those who did not answer stay where others named them.
    missing_ties
        The share of ties that are there and were not told; one number, or one by layer.
    missing_between_roles
        What that is multiplied by, by the roles of source and target.
    false_ties
        How many ties were told that are not there, per tie that is; one number, or one by layer.
    false_between_roles
        What that is multiplied by, by the roles of source and target.
    name_cap
        How many names a respondent could give in each layer; one number, or
        one by layer, or None where there was no limit.
    merged_people
        The share of people whose record was merged into that of another.
    split_people
        The share of people who are listed twice.
    closing
        Of the ties that are added where true ones were missed, the share that
        are between people who share an alter.
    """

    asked: Asked = "turn-to"
    missing_respondents: Rate = 0.0
    missing_by_degree: float = 0.0
    nonrespondents: Nonrespondents = "kept"
    missing_ties: Rate = 0.0
    missing_between_roles: Multipliers = ()
    false_ties: Rate = 0.0
    false_between_roles: Multipliers = ()
    name_cap: int | tuple[tuple[str, int], ...] | None = None
    merged_people: float = 0.0
    split_people: float = 0.0
    closing: float = 0.0

    def canonical(self) -> dict[str, Any]:
        """Return what differs from no error, for JSON and digests."""
        usual = SurveyError()
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: said for name, said in told.items() if said != getattr(usual, name)}
