"""The keys above the first section that say how many worlds and runs there are: worlds, design, precision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from diffusion.analysis.precision_asked import AskedPrecision, BestWithin, Precision
from diffusion.errors import nearest_name_hint
from diffusion.scenario.checks import Complain, complain_at, number_between
from diffusion.scenario.designs import (
    FEWEST_RANDOMISATIONS,
    INDEPENDENT,
    INDEPENDENT_WORLDS,
    LATIN_HYPERCUBE,
    MOST_IN_RANDOMISATION,
    SOBOL,
    USUAL_SIZES,
    Design,
)
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK
from diffusion.toml.documents import shown

MOST_WORLDS = 1_000_000
"""More could not be told apart from a number that is known."""

FEWEST_WORLDS = 2
"""Of one world nothing can be said about others."""


def stated_design(value: object, complain: Complain) -> object:
    """Check a design: its name, or a table of its name and the number of worlds in a randomisation."""
    kind: object = value
    size: object = USUAL_SIZES.get(value) if isinstance(value, str) else None
    if isinstance(value, Mapping) and len(value) == 1:
        [(kind, size)] = value.items()
    if not isinstance(kind, str) or kind not in USUAL_SIZES or (isinstance(value, Mapping) and kind == INDEPENDENT):
        hint = (
            nearest_name_hint(str(kind), USUAL_SIZES)
            or f'; known are "{INDEPENDENT}", "{LATIN_HYPERCUBE}" and "{SOBOL}"'
        )
        complain(
            f'must be a design, such as "{SOBOL}" or {{ {SOBOL} = {USUAL_SIZES[SOBOL]} }}; got {shown(value)}{hint}'
        )
        return INDEPENDENT
    whole = isinstance(size, int) and not isinstance(size, bool)
    if isinstance(value, Mapping) and not (whole and 2 <= int(str(size)) <= MOST_IN_RANDOMISATION):
        complain(
            f"must be a whole number of worlds between 2 and {MOST_IN_RANDOMISATION}; got {shown(size)}", str(kind)
        )
    elif kind == SOBOL and isinstance(size, int) and size & (size - 1):
        complain(f"must be a power of 2, such as 16 or 32, for these points to be balanced; got {size}", str(kind))
    return kind if kind == INDEPENDENT else {kind: size}


def stated_precision(value: object, complain: Complain) -> object:
    """Check a precision: a table of outcome, half width or the shortfall of the best arm, and confidence."""
    if not isinstance(value, dict):
        complain(f'must be a table, such as {{ outcome = "adopted_share", half_width = 0.005 }}; got {shown(value)}')
        return {}
    kinds: dict[str, type[AskedPrecision]] = {"half_width": Precision, "best_within": BestWithin}
    known = ("outcome", *kinds, "confidence")
    for key in value:
        if key not in known:
            hint = nearest_name_hint(key, known) or f"; known here are {', '.join(known)}"
            complain(f"unknown key{hint}", key)
    outcome = value.get("outcome", "adopted_share")
    if not isinstance(outcome, str) or not _unit_of(outcome):
        hint = nearest_name_hint(str(outcome), _outcomes())
        complain(f"must be an outcome that arms have by themselves; got {shown(outcome)}{hint}", "outcome")
    stated = [key for key in kinds if key in value]
    if len(stated) > 1:
        complain("must be asked for by half_width or by best_within; both are there; take one of the two out")
    elif not stated and set(value) <= set(known):
        complain(
            "must say half_width, for every difference to be known so well, or best_within, for the best arm to be; "
            "neither is there"
        )
    size = 1.0
    for key in stated:
        size = _amount(value[key], str(outcome), partial(complain_at, complain, key))
    inside = partial(complain_at, complain, "confidence")
    confidence = number_between(0.5, 1)(value.get("confidence", Precision().confidence), inside)
    return {"outcome": outcome, (stated or ["half_width"])[0]: float(size), "confidence": confidence}


def _amount(size: object, outcome: str, complain: Complain) -> float:
    """Check how sure a number is to be, in the unit of an outcome."""
    if isinstance(size, bool) or not isinstance(size, int | float) or not 0 < size < float("inf"):
        complain(f"must be a number above 0, in the unit of the outcome; got {shown(size)}")
        return 1.0
    if size >= 1 and _unit_of(outcome).startswith("share"):
        complain(f"must be below 1, because {outcome} is a share: one point in a hundred is 0.01; got {shown(size)}")
    return float(size)


def _unit_of(outcome: str) -> str:
    """Return what an outcome that arms have by themselves is counted in, whatever the roles; empty where it is none."""
    from diffusion.analysis.outcomes import ADOPTED_SHARE_OF_ROLE, OUTCOMES

    if outcome.startswith(ADOPTED_SHARE_OF_ROLE) and outcome != ADOPTED_SHARE_OF_ROLE:
        return OUTCOMES[ADOPTED_SHARE_OF_ROLE + "ROLE"].unit
    return OUTCOMES[outcome].unit if outcome in _outcomes() else ""


def _outcomes() -> tuple[str, ...]:
    """Return the names of the outcomes that arms have by themselves, whatever the roles."""
    from diffusion.analysis.outcomes import OUTCOMES

    return tuple(name for name in OUTCOMES if not name.endswith(".ROLE"))


def design_of(head: Mapping[str, Any]) -> Design:
    """Return the design that the checked keys state."""
    said = head.get("design", INDEPENDENT)
    if said == INDEPENDENT:
        return INDEPENDENT_WORLDS
    [(kind, size)] = said.items()
    return Design(kind, size)


def count_problems(
    head: Mapping[str, Any], written: Mapping[str, Any], uncertain: tuple[str, ...], numbers: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield the key and the words of what does not fit: how many replicates and worlds, and how they are found.

    Parameters
    ----------
    head
        The checked keys above the first section.
    written
        The file's keys.
    uncertain
        The paths of what is uncertain between worlds in some arm.
    numbers
        Those of them that are numbers, which alone a design spreads.
    """
    if "replicates" not in written and (uncertain or "precision" not in written):
        what = "runs of every arm in each world" if uncertain else "runs of every arm"
        yield "replicates", f"is missing; write above the first section how many {what} there are"
    stated, arms = written.get("precision"), written.get("arms")
    if isinstance(stated, dict) and "best_within" in stated and isinstance(arms, list) and len(arms) == 1:
        yield "precision", "best_within names the best of several arms, and there is one; ask for half_width instead"
    if uncertain:
        called = ["the network" if path == UNCERTAIN_NETWORK else path for path in uncertain]
        named = ", ".join(called[:3]) + (f" and {len(called) - 3} more" if len(called) > 3 else "")
        because = f"{named} {'is' if len(uncertain) == 1 else 'are'} uncertain"
        is_spread = head.get("design", INDEPENDENT) != INDEPENDENT
        if is_spread and not numbers:
            yield "design", f"spreads numbers, and no number is uncertain between worlds, only {named}; take it out"
            head = {key: said for key, said in head.items() if key != "design"}
        yield from _uncertain_problems(head, written, because)
    else:
        yield from _certain_problems(written)


def _worlds(written: Mapping[str, Any]) -> int | None:
    """Return how many worlds are written, whatever else is wrong; None where that is no number of worlds at all."""
    said = written.get("worlds", 1)
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else None


def _certain_problems(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    nothing = "nothing in this scenario is uncertain between worlds"
    if _worlds(written) not in {1, None}:
        yield "worlds", f"{nothing}, so worlds must be 1; got {_worlds(written)}"
    if "design" in written:
        yield "design", f"{nothing}; take it out"
    if "precision" in written and "replicates" in written:
        yield "precision", "says how many replicates there are; take replicates out, or precision"


def _uncertain_problems(head: Mapping[str, Any], written: Mapping[str, Any], because: str) -> Iterator[tuple[str, str]]:
    worlds = _worlds(written)
    if "precision" in written:
        if "worlds" in written:
            yield "precision", f"says how many worlds there are, for {because}; take worlds out, or precision"
    elif "worlds" not in written:
        yield "worlds", f"is missing, and {because}; write in how many worlds, such as worlds = 100"
    elif worlds is not None and worlds < FEWEST_WORLDS:
        yield "worlds", f"must be at least {FEWEST_WORLDS}, for {because}; got {worlds}"
    elif worlds is not None and head and (problem := design_of(head).worlds_problem(worlds)):
        yield "worlds", problem
    nulls = written.get("nulls")
    if isinstance(nulls, Mapping) and nulls.get("structure"):
        numbered = "needs known numbers, for rewired networks are numbered as worlds are"
        yield "nulls.structure", f"{numbered}, and {because}; take structure out"


def first_worlds(design: Design, fewest: int) -> int:
    """Return in how many worlds a study of a stated precision begins: whole randomisations."""
    return fewest if design.size == 1 else max(FEWEST_RANDOMISATIONS, -(-fewest // design.size)) * design.size
