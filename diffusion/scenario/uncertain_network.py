"""The network as it may be: what a scenario says of survey error, and of regions that are drawn anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from diffusion.analysis.network_modes import Mode
from diffusion.errors import nearest_name_hint
from diffusion.network.survey_error import SurveyError
from diffusion.scenario.checks import ARROW, Check, Complain, complain_at, multipliers_by_role_pair, whole_number
from diffusion.scenario.uncertain_check import number_or_distribution, seems_distribution

if TYPE_CHECKING:
    from diffusion.network.network import Network

UNCERTAIN_NETWORK = "uncertain_network"
"""The section's name, and what stands for the network among what is uncertain."""

LeadersFrom: TypeAlias = Literal["drawn", "given"]

_EITHER = ("asked", "missing_ties", "missing_between_roles", "false_ties", "false_between_roles")
KEYS_OF_MODES: Mapping[str, tuple[str, ...]] = {
    "robustness": (
        *_EITHER,
        "missing_respondents",
        "missing_by_degree",
        "nonrespondents",
        "name_cap",
        "merged_people",
        "split_people",
    ),
    "imputation": (*_EITHER, "closing", "leaders_from"),
    "redrawn": (),
}
"""The keys that each mode has beside ``mode``."""

LEADERS_FROM: tuple[LeadersFrom, ...] = ("drawn", "given")

MODE_WORDS: Mapping[str, str] = {
    "robustness": "what a survey would have shown",
    "imputation": "the network",
    "redrawn": "the region",
}
"""What is drawn anew in every world, in a few words."""

RATES = ("missing_respondents", "missing_ties", "false_ties", "merged_people", "split_people")
"""The keys that say how large an error is; without any of them, or a limit of names, there is none."""

MOST_MISSING = 0.95
"""Of what is missed more often nothing could be learnt."""

_ERRORS = (*RATES, "name_cap")
_BY_PAIR = ("missing_between_roles", "false_between_roles")


@dataclass(frozen=True, slots=True)
class UncertainNetwork:
    """State in which way the network differs between worlds.

    Attributes
    ----------
    mode
        A key of :data:`KEYS_OF_MODES`.
    error
        The survey's error; none where the region is drawn anew.
    leaders_from
        Whether leaders are chosen on the network that is drawn, or on the one
        that is given; in the mode ``imputation``.
    targets
        Where the region is drawn anew: the text of its targets.
    """

    mode: Mode
    error: SurveyError = field(default_factory=SurveyError)
    leaders_from: LeadersFrom = "drawn"
    targets: str = ""

    @classmethod
    def stated(cls, table: Mapping[str, Any], *, may_differ: bool = False) -> UncertainNetwork | None:
        """Return what a section states, its numbers known; ``None`` where it leaves no error.

        Parameters
        ----------
        table
            The checked section.
        may_differ
            Whether it holds what is uncertain, so that there may be an error in other worlds.
        """
        if not table:
            return None
        said = {key: _frozen(key, value) for key, value in table.items() if key not in ("mode", "leaders_from")}
        found = cls(table["mode"], SurveyError(**said), table.get("leaders_from", "drawn"))
        return found if found.mode == "redrawn" or found.differs or may_differ else None

    @property
    def differs(self) -> bool:
        """Return whether there is any error."""
        return any(_is_some(getattr(self.error, key)) for key in _ERRORS)

    def with_targets(self, targets: str) -> UncertainNetwork:
        """Return the same with the targets of a region."""
        return replace(self, targets=targets)

    def canonical(self) -> dict[str, Any]:
        """Return it for JSON and digests; the targets are named with the network."""
        error = {key: _plain(said) for key, said in self.error.canonical().items()}
        error = {key: said for key, said in error.items() if said or key == "name_cap"}
        leaders = {} if self.leaders_from == "drawn" else {"leaders_from": self.leaders_from}
        return {"mode": self.mode, **({"error": error} if error else {}), **leaders}


def rates(most: float) -> Check:
    """Return the check of a number between 0 and a bound, or of a table of them by name; each may be uncertain."""
    one = number_or_distribution(0, most)

    def check(value: object, complain: Complain) -> object:
        if isinstance(value, dict) and value and not seems_distribution(value, by_name=True):
            return {name: one(said, partial(complain_at, complain, name)) for name, said in sorted(value.items())}
        return one(value, complain)

    return check


def limit_of_names(value: object, complain: Complain) -> object:
    """Check a limit of names, a whole number or one by layer."""
    one = whole_number(1)
    if isinstance(value, dict) and value:
        return {name: one(said, partial(complain_at, complain, name)) for name, said in sorted(value.items())}
    return one(value, complain)


def multipliers(value: object, complain: Complain) -> object:
    """Check multipliers by pair of roles, each of which may be uncertain."""
    return multipliers_by_role_pair(value, complain, each=number_or_distribution)


def mode_problems(
    table: Mapping[str, Any], swept: Iterable[str], values: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield key and words of what does not fit the mode.

    Parameters
    ----------
    table
        The checked section.
    swept
        The keys of it that are swept.
    values
        All swept values by dotted key.
    """
    keys = list(swept)
    if "mode" not in table:
        yield "mode", f"is missing; write one of {', '.join(KEYS_OF_MODES)}"
        return
    mode = table["mode"]
    known = KEYS_OF_MODES.get(mode)
    if known is None:
        return
    for key in (*table, *(key for key in keys if key not in table)):
        if key == "mode" or key in known:
            continue
        modes = [name for name, keys in KEYS_OF_MODES.items() if key in keys]
        yield key, f'is no part of the mode "{mode}", but of {" and ".join(modes)}; take it out'
    if mode != "redrawn" and (none := _no_error(table, keys, values, known)):
        yield "mode", none


def _no_error(table: Mapping[str, Any], swept: Iterable[str], values: Mapping[str, Any], known: Iterable[str]) -> str:
    """Return why there is no error in any cell of the study, or an empty text."""
    stated = [key for key in dict.fromkeys((*table, *swept)) if key in _ERRORS]
    if not stated:
        possible = ", ".join(key for key in _ERRORS if key in known)
        return f"states no error, so that nothing is uncertain; write one of {possible}"
    whole = {key: f"{UNCERTAIN_NETWORK}.{key}" for key in stated}
    rates = [table[key] for key, name in whole.items() if key in table and name not in values]
    for name in whole.values():
        rates += [said for at, several in values.items() if f"{at}.".startswith(f"{name}.") for said in several]
    if any(_is_error(said) for said in rates):
        return ""
    every = f"{stated[0]} is 0" if len(stated) == 1 else f"{', '.join(stated)} are all 0"
    return f"states no error, for {every}, so that nothing is uncertain; write a number above 0 for one of its errors"


def _is_error(said: Any) -> bool:
    """Return whether a rate, one of several by name, or what it may be is not 0."""
    return any(_is_error(one) for one in said.values()) if isinstance(said, Mapping) else bool(said)


def unmatched_in(network: UncertainNetwork, networks: Iterable[Network]) -> Iterator[str]:
    """Yield a message for every role or layer that no network has."""
    known = list(networks)
    roles = sorted({role for one in known for role in one.role_names})
    layers = sorted({layer for one in known for layer in one.layers})
    named = [("missing_respondents", "role", roles), ("missing_ties", "layer", layers)]
    named += [("false_ties", "layer", layers), ("name_cap", "layer", layers)]
    for key, what, there in named:
        said = getattr(network.error, key)
        for name, _ in said if isinstance(said, tuple) else ():
            if name not in there:
                hint = nearest_name_hint(name, there)
                yield f'{UNCERTAIN_NETWORK}.{key}: no network of the study has the {what} "{name}"{hint}'
    for key in _BY_PAIR:
        for role in dict.fromkeys(role for pair, _ in getattr(network.error, key) for role in pair):
            if role not in roles:
                hint = nearest_name_hint(role, roles)
                yield f'{UNCERTAIN_NETWORK}.{key}: no network of the study has the role "{role}"{hint}'


def _frozen(key: str, value: Any) -> Any:
    """Return a value as :class:`SurveyError` holds it."""
    if not isinstance(value, Mapping):
        return value
    if key in _BY_PAIR:
        pairs = ((tuple(pair.split(f" {ARROW} ")), said) for pair, said in value.items())
        return tuple(sorted((pair, said) for pair, said in pairs if said != 1))
    return tuple(sorted((name, said) for name, said in value.items() if said or key == "name_cap"))


def _is_some(said: Any) -> bool:
    return any(_is_some(one) for _, one in said) if isinstance(said, tuple) else bool(said)


def _plain(said: Any) -> Any:
    if not isinstance(said, tuple):
        return said
    return [[*(name if isinstance(name, tuple) else (name,)), one] for name, one in said]
