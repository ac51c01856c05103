"""What an arm does beside leading, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diffusion.analysis.phrases import verb
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.parameters import Parameters
from diffusion.scenario.interventions import canonical_intervention
from diffusion.scenario.kinds import kind_keys, plain
from diffusion.scenario.sections import is_uncertain
from diffusion.scenario.settings import ArmSetting

NOTHING = "nothing"
"""What is said of an arm in which nothing is done beside leading."""

_MOST_LISTED = 6


def called(said: Intervention) -> str:
    """Return what an intervention is called in a sentence: its name and its kind."""
    return f'"{said.name}" ({said.kind.replace("_", " ")})'


def intervention_text(said: Intervention) -> str:
    """Return an intervention in one line: name, kind and what it states.

    Parameters
    ----------
    said
        The intervention.

    Examples
    --------
    >>> from diffusion.model.interventions.broadcasting import Broadcasting
    >>> intervention_text(Broadcasting(name="roadshow", probability=0.02, roles=("firm", "manager"), until_step=6))
    'roadshow (broadcast): probability 0.02, roles firm and manager, until 6'
    """
    told = [f"{key} {value_text(value)}" for key, value in stated_values(said)]
    return f"{said.name} ({said.kind.replace('_', ' ')}){': ' if told else ''}{', '.join(told)}"


def stated_values(said: Intervention) -> Iterator[tuple[str, Any]]:
    """Yield what an intervention does, key by key in the order of its kind, with values as JSON has them.

    Left out are keys at their defaults, but for words: whether a choice is made
    at random says what is done.
    """
    for key in kind_keys(said.kind).values():
        value = getattr(said, key.field)
        if key.field not in said.unused and (value != key.default or isinstance(value, str)):
            yield key.name, plain(value)


def value_text(value: Any) -> str:
    """Return a value as it is written in a sentence.

    Examples
    --------
    >>> value_text([["A", "B"]]), value_text({"firm": 0.5, "manager": 0.1}), value_text(True)
    ('A -> B', 'firm 0.5 and manager 0.1', 'yes')
    >>> value_text({"uniform": [0.01, 0.03]})
    'uniform(0.01, 0.03)'
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_uncertain(value):
        [(name, arguments)] = value.items()
        return f"{name}({', '.join(f'{argument:g}' for argument in arguments)})"
    if isinstance(value, Mapping):
        return _listed([f"{name} {value_text(one)}" for name, one in value.items()])
    if isinstance(value, list):
        return _listed([_entry(one) for one in value])
    return f"{value:g}" if isinstance(value, float) else str(value)


def leader_count_text(setting: ArmSetting, count: int) -> str:
    """Return how many lead, in digits, or as the distribution that it follows where it differs between worlds.

    Parameters
    ----------
    setting
        The arm.
    count
        How many lead where it does not.
    """
    uncertain = setting.uncertain_count
    if uncertain is None:
        return f"{count:,}"
    return value_text({uncertain.distribution.name: list(uncertain.distribution.arguments)})


def _entry(one: Any) -> str:
    if isinstance(one, list):
        return " -> ".join(map(str, one))
    return str(one.get("id", value_text(one))) if isinstance(one, Mapping) else value_text(one)


def _listed(entries: list[str]) -> str:
    if len(entries) > _MOST_LISTED:
        entries = [*entries[: _MOST_LISTED - 1], f"{len(entries) - _MOST_LISTED + 1} others"]
    return f"{', '.join(entries[:-1])} and {entries[-1]}" if len(entries) > 1 else "".join(entries)


def doings(parameters: Parameters) -> tuple[str, ...]:
    """Return what is done in an arm beside leading, a line each.

    Parameters
    ----------
    parameters
        The arm's parameters.
    """
    lines = [intervention_text(said) for said in sorted(parameters.interventions, key=lambda said: said.name)]
    if parameters.leader_recruitment != 1:
        lines.append(f"whoever is asked to lead agrees with probability {value_text(parameters.leader_recruitment)}")
    if parameters.leader_leaving:
        lines.append(f"every leader leaves with probability {value_text(parameters.leader_leaving)} per step")
    return tuple(lines)


def difference_sentence(arm: Parameters, baseline: Parameters, phrases: tuple[str, str], also: str = "") -> str:
    """Return in what an arm's interventions differ from the baseline's; an empty text if in none.

    Parameters
    ----------
    arm, baseline
        The parameters of either.
    phrases
        What the two are called.
    also
        What else differs, such as "who leads".
    """
    ours, theirs = _by_content(arm), _by_content(baseline)
    added = {text: said for text, said in ours.items() if text not in theirs}
    left = {text: said for text, said in theirs.items() if text not in ours}
    changed = {said.name for said in added.values()} & {said.name for said in left.values()}
    changed = {name for name in changed if _kinds(added, name) == _kinds(left, name)}
    parts = [
        (word, _listed(sorted(called(said) for said in found.values() if said.name not in changed)))
        for word, found in (("adding", added), ("leaving out", left))
    ]
    parts.append(("changing", _listed(sorted(called(said) for said in added.values() if said.name in changed))))
    told = [f"by {_listed([f'{word} {listed}' for word, listed in parts if listed])}"] if added or left else []
    told += ["in how likely leaders agree"] if arm.leader_recruitment != baseline.leader_recruitment else []
    told += ["in how likely leaders leave"] if arm.leader_leaving != baseline.leader_leaving else []
    if not told:
        return ""
    differ = verb([phrases[0]], "differs", "differ")
    return f"{phrases[0]} {differ} from {phrases[1]} {_listed([*told, *([also] if also else [])])}."


def _by_content(parameters: Parameters) -> dict[str, Intervention]:
    return {repr(canonical_intervention(said)): said for said in parameters.interventions}


def _kinds(found: Mapping[str, Intervention], name: str) -> set[str]:
    return {said.kind for said in found.values() if said.name == name}


def interventions_as_json(parameters: Parameters) -> list[dict[str, Any]]:
    """Return the interventions of an arm for ``--json``: name, kind and what they state.

    Parameters
    ----------
    parameters
        The arm's parameters.
    """
    found = sorted(parameters.interventions, key=lambda said: said.name)
    return [{"name": said.name, "kind": said.kind, **dict(stated_values(said))} for said in found]
