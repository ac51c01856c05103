"""Whether it depends on the rule which arms do best, told from cells that differ in their rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.contenders import Contenders
from diffusion.analysis.phrases import joined, named, opened, verb
from diffusion.analysis.sentences import Setting

_TELLING = ("exposure", "link")
"""What tells rules of one name apart before their numbers do."""


@dataclass(frozen=True)
class UnderRule:
    """Hold who does best on one network and in one cell.

    Attributes
    ----------
    network, cell
        Where: the network's name and the swept values.
    contenders
        Which arms contend for being the best there.
    """

    network: str
    cell: Mapping[str, object]
    contenders: Contenders

    @property
    def rules(self) -> dict[str, object]:
        """Return the swept values that state a rule."""
        return {key: value for key, value in self.cell.items() if _states_rule(key, value)}

    @property
    def rest(self) -> tuple[str, str]:
        """Return the network and the other swept values, in words."""
        rest = {key: value for key, value in self.cell.items() if not _states_rule(key, value)}
        return self.network, cell_phrase(rest)


def rule_sentences(found: Sequence[UnderRule], setting: Setting) -> tuple[str, ...]:
    """Return whether it depends on the rule which arms do best: a sentence for each network and further values.

    Parameters
    ----------
    found
        Who does best, by network and cell.
    setting
        What arms are called.

    Returns
    -------
    Nothing where cells do not differ in their rules.
    """
    names = _rule_names(found)
    if not names:
        return ()
    places: dict[tuple[str, str], list[UnderRule]] = {}
    for one in found:
        places.setdefault(one.rest, []).append(one)
    several = len({network for network, _ in places}) > 1
    told = []
    for (network, rest), alike in places.items():
        under = {names[cell_phrase(one.rules)]: one.contenders for one in alike if one.rules}
        if len(under) > 1:
            where = " and ".join(text for text in (f"on {network}" if several else "", rest and f"with {rest}") if text)
            told.append(opened(f"{where}, {_sentence(under, setting)}" if where else _sentence(under, setting)))
    return tuple(told)


def _sentence(under: Mapping[str, Contenders], setting: Setting) -> str:
    rules = list(under)
    leading = [frozenset(found.leading) for found in under.values()]
    shared = [arm for arm in sorted(leading[0]) if all(arm in one for one in leading)]
    smallest = next(iter(under.values())).smallest(setting)
    if shared:
        arms = named([setting.phrase(arm) for arm in shared])
        return f"the best mean is that of {arms} under {joined(rules)}: nothing shows that it depends on the rule."
    best: dict[str, list[str]] = {}
    for rule, arms_there in zip(rules, leading, strict=True):
        best.setdefault(named([setting.phrase(arm) for arm in sorted(arms_there)]), []).append(rule)
    told = joined([f"that of {arms} under {joined(there)}" for arms, there in best.items()])
    everyone = {found.best for found in under.values()}.union(
        *({*found.leading, *found.same, *found.equal, *found.undecided} for found in under.values())
    )
    held = sorted(everyone.difference(*(found.behind for found in under.values())))
    if held:
        phrases = [setting.phrase(arm) for arm in held]
        is_held = verb(phrases, "is", "are")
        near = f"{named(phrases)} {is_held} under none of them shown to fall more than {smallest} behind"
        return f"the best mean is {told}; but {near}, so the choice need not depend on the rule."
    return (
        f"which leaders do best depends on the rule: the best mean is {told}, and under one rule or another every arm "
        f"falls behind it by more than {smallest}."
    )


def _rule_names(found: Sequence[UnderRule]) -> dict[str, str]:
    """Return what the rules are called, by what their cells set; nothing where all are the same rule.

    A rule is called by its name and, where that does not tell it from others,
    by the first of its values that does, or by all of them.
    """
    stated = {cell_phrase(one.rules): one.rules for one in found}
    names = {phrase: " and ".join(_name(value) for value in rules.values()) for phrase, rules in stated.items()}
    if len(set(names.values())) < 2:
        return {}
    called = {}
    for phrase, name in names.items():
        alike = [stated[other] for other, its_name in names.items() if its_name == name]
        called[phrase] = name if len(alike) == 1 else _told_apart(stated[phrase], alike, phrase)
    return called


def _told_apart(rules: Mapping[str, object], alike: Sequence[Mapping[str, object]], phrase: str) -> str:
    """Return what a rule is called that others have the name of."""
    for section, value in rules.items():
        tables = [said for one in alike if isinstance(said := one.get(section), Mapping)]
        for key in sorted({key for table in tables for key in table}, key=lambda key: (key not in _TELLING, key)):
            values = [table.get(key) for table in tables]
            if isinstance(value, Mapping) and all(values.count(said) == 1 for said in values):
                if key not in value:
                    return f"{value['rule']} without {key}"
                return cell_phrase({section: {"rule": value["rule"], key: value[key]}}).partition(" by ")[2]
    return phrase.partition(" by ")[2] or phrase


def _name(value: object) -> str:
    return str(value["rule"]) if isinstance(value, Mapping) else str(value)


def _states_rule(key: str, value: object) -> bool:
    return key.endswith(".rule") or (isinstance(value, Mapping) and "rule" in value)
