"""Survival in plain English: what becomes of a ranking when the network is uncertain, and where it turns over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.leads import Lead
from diffusion.analysis.network_modes import MODE_SENTENCES, Mode
from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.phrases import (
    MOST_NAMED,
    amount,
    counted,
    decimals_for,
    joined,
    named,
    opened,
    phrasing,
    scaled,
    span,
    verb,
    whole,
)
from diffusion.analysis.sentences import Setting
from diffusion.analysis.survival import Change, Survival
from diffusion.analysis.turning import Turning
from diffusion.analysis.worlds_told import COUNTS

FEWEST_ALIKE = 3
"""From how many arms on it says something how alike two orders are."""

VERSIONS: dict[Mode, str] = {
    "robustness": "observed version",
    "imputation": "plausible network",
    "redrawn": "region drawn anew",
}
"""What each mode draws one of in every world."""

_CHANGED: dict[Mode, str] = {
    "robustness": "what it changes that leaders are chosen on an observed version, not on the given network",
    "imputation": "what it changes that the network is a plausible one, not the given one",
    "redrawn": "what it changes that the region is drawn anew",
}


def versions(mode: Mode, count: int) -> str:
    """Return so many of what a mode draws.

    Examples
    --------
    >>> versions("robustness", 100), versions("redrawn", 2)
    ('100 observed versions', '2 regions drawn anew')
    """
    if mode == "redrawn":
        return f"{counted(count, 'region')} drawn anew"
    return counted(count, VERSIONS[mode])


def survival_sentences(found: Survival, setting: Setting) -> tuple[str, ...]:
    """Return whether the ranking survives, in plain English: how the network is uncertain, the order, what holds.

    Parameters
    ----------
    found
        What survives.
    setting
        What to say beside the numbers.
    """
    return (*opening_sentences(found, setting), *outcome_sentences(found, setting))


def opening_sentences(found: Survival, setting: Setting) -> tuple[str, str]:
    """Return how the network is uncertain, and the order on the given network; see :func:`survival_sentences`."""
    teller = _Teller(found, setting)
    return opened(teller.mode()), opened(teller.order())


def outcome_sentences(found: Survival, setting: Setting) -> tuple[str, ...]:
    """Return what becomes of that order; see :func:`survival_sentences`."""
    return tuple(opened(text) for text in _Teller(found, setting).told() if text)


def is_undecidable(found: Survival) -> bool:
    """Return whether every arm has one run in each of several worlds, so that counts of worlds say nothing."""
    return found.worlds > 1 and found.replicates == 1


def turning_sentences(found: Sequence[Turning], setting: Setting) -> tuple[str, ...]:
    """Return where along swept error rates rankings turn over, a sentence a key.

    Parameters
    ----------
    found
        The result of :func:`~diffusion.analysis.turning.turning`.
    setting
        What to say beside the numbers.
    """
    return tuple(opened(_turning(one, setting)) for one in found)


def value_phrase(value: object) -> str:
    """Return a swept value as it is read aloud.

    Examples
    --------
    >>> value_phrase(0.3), value_phrase({"firm": 0.4, "manager": 0.1})
    ('0.3', 'firm 0.4 manager 0.1')
    """
    return cell_phrase({"": value}).removeprefix(" = ")


class _Teller:
    """Tell what becomes of one ranking."""

    def __init__(self, found: Survival, setting: Setting) -> None:
        self.found = found
        self.setting = setting
        self.outcome = find_outcome(found.outcome, setting.role_names)

    def told(self) -> Iterator[str]:
        if self.found.verdict != "undecided":
            yield self._best()
            yield self._pairs()
        yield self._verdict()
        yield from self._newly_ahead()
        yield self._changes()

    def mode(self) -> str:
        found = self.found
        many = versions(found.mode, found.worlds)
        unit = f"; intervals count {found.unit}s" if found.worlds > 1 else ""
        played = f"{found.mode}: {many}, {counted(found.replicates, 'run')} of every arm in each{unit}"
        return f"{MODE_SENTENCES[found.mode]} ({played})."

    def _name(self, arm: str) -> str:
        same = [self.setting.phrase(name) for name, other in self.found.same if other == arm]
        return f"{self.setting.phrase(arm)} (the very same as {named(same)})" if same else self.setting.phrase(arm)

    def order(self) -> str:
        found = self.found
        names = [self._name(arm) for arm in found.order if arm not in found.alike]
        if found.alike:
            same = named([names[0], *(self.setting.phrase(arm) for arm in found.alike)])
            names[0] = f"{same}, which have the same leaders there,"
        ranked = " before ".join(names[:MOST_NAMED]).removesuffix(",")
        more = f" before {len(names) - MOST_NAMED} other arms" if len(names) > MOST_NAMED else ""
        text = f"on the given network the order of means is {ranked}{more}"
        if not found.behind:
            return f"{text}, but {self._best_is('is', 'are')} not shown there to be better than any other arm."
        best = "they are" if found.alike else self._best_is("is", "are")
        beside = [self.setting.phrase(arm) for arm in found.beside if arm not in found.alike]
        if not beside:
            return f"{text}, and {best} shown there to be better than every other arm."
        return f"{text}; {best} not told apart there from {named(beside)}."

    def _alike(self) -> str:
        """Return the arms that have the very same runs as the best on the given network."""
        return named([self.setting.phrase(arm) for arm in self.found.alike])

    def _best_is(self, one: str, several: str) -> str:
        phrase = self.setting.phrase(self.found.best)
        return f"{phrase} {verb([phrase], one, several)}"

    def _best(self) -> str:
        found, share = self.found, ""
        if is_undecidable(found):
            best, many = self.setting.phrase(found.best), self._of(found.best_mean_in)
            given = f"and on the given network in {whole(found.given_best_mean_in)} of the same worlds"
            return f"{best} {verb([best], 'has', 'have')} the best mean in {many}, {given}."
        if found.survives_low is not None and found.survives_high is not None:
            share = f" ({100 * found.survives_low:.0f} to {100 * found.survives_high:.0f} % of all such, 95 %)"
        aside = f"with {self._alike()} left aside, " if found.alike else ""
        told = [f"{aside}{self._best_is('stays', 'stay')} best in {self._of(found.best_survives_in)}{share}"]
        told += [f"{self._are} overtaken in {whole(found.best_overtaken_in)}"] if found.best_overtaken_in else []
        told += [f"undecided in {whole(found.undecided_in)}"] if found.undecided_in else []
        return (
            f"{', '.join(told)}, and by means alone best in {whole(found.best_mean_in)}; on the given network the runs "
            f"of the same worlds show it best in {whole(found.given_best_in)}, overtaken in "
            f"{whole(found.given_overtaken_in)}, and by means alone best in {whole(found.given_best_mean_in)} "
            f"({COUNTS})."
        )

    @property
    def _are(self) -> str:
        return verb([self.setting.phrase(self.found.best)], "is", "are")

    def _of(self, count: int) -> str:
        many = versions(self.found.mode, self.found.worlds)
        return f"all {many}" if count == self.found.worlds and count > 1 else f"{whole(count)} of {many}"

    def _pairs(self) -> str:
        found, like = self.found, self.found.likeness
        where = "no" if not found.order_reversed_in else f"in {self._of(found.order_reversed_in)} some"
        text = f"{where} pair of arms that the given network tells apart is shown the other way round"
        text += "" if found.order_reversed_in else " in any of them"
        counts = [] if is_undecidable(found) else [text]
        if like is None or len(found.order) < FEWEST_ALIKE:
            return "".join(f"{text}." for text in counts)
        tau = "; ".join([*counts, f"Kendall's tau-b between the two orders of means is {like.mean:.2f}"])
        if like.low is None or like.high is None:
            return f"{tau} in every {found.unit}{self._excluded(like.differ_below)}."
        ends = f"95 % interval {like.low:.2f} to {like.high:.2f}"
        return f"{tau} on average ({ends}; 1 for the same order, -1 for the reverse)."

    def _verdict(self) -> str:
        found, rival = self.found, self.found.rival
        if rival is None:
            return "so the given network shows no best arm whose place could be overturned."
        over = f"over {versions(found.mode, found.worlds)}"
        behind = "every other arm" if not found.beside else "every arm that the given network shows behind"
        name, size = self.setting.phrase(rival.other), self._size(rival)
        comes, better = verb([name], "comes", "come"), f"{self._best_is('stays', 'stay')} better than {behind}"
        if found.verdict == "holds":
            return f"{over}, {better}; {name} {comes} nearest, with {size}."
        if found.verdict == "turned":
            return f"{over}, the ranking turns over: {name} {verb([name], 'is', 'are')} ahead, with {size}."
        return f"{over}, it is open whether {better}: with {name} it is {size}."

    def _size(self, lead: Lead) -> str:
        """Return how much more or less the other arm of a lead brings than the best."""
        return f"{_rivals_side(lead, self.outcome, self.setting)}{_matters(lead, self.outcome, self.setting)}"

    def _newly_ahead(self) -> Iterator[str]:
        ahead = self.found.newly_ahead[:MOST_NAMED]
        told = [f"{self.setting.phrase(lead.other)}, with {self._size(lead)}" for lead in ahead]
        if told:
            best = self.setting.phrase(self.found.best)
            yield f"ahead of {best}, and not told apart from it by the given network: {'; '.join(told)}."

    def _changes(self) -> str:
        by_arm, order = {change.arm: change for change in self.found.changes}, self.found.order
        told = [f"{self._change(by_arm[arm])} for {self.setting.phrase(arm)}" for arm in order[:MOST_NAMED]]
        more = len(order) - len(told)
        rest = f"; {counted(more, 'other arm')} {'is' if more == 1 else 'are'} not told here" if more else ""
        return f"{_CHANGED[self.found.mode]}: {'; '.join(told)}{rest}."

    def _change(self, change: Change) -> str:
        """Return how much more or less an arm reaches, with its interval."""
        if change.low is None or change.high is None:
            size = scaled(self.outcome, [change.difference])[0]
            told = "nothing" if change.difference == 0 else _amount(self.outcome, size, 1, self.setting)
            each = f"in any {self.found.unit}" if told == "nothing" else f"in every {self.found.unit}"
            return f"{told} {each}{self._excluded(change.differ_below)}"
        ends = scaled(self.outcome, [change.difference, change.low, change.high])
        return _interval(self.outcome, ends, "95 % interval", self.setting)

    def _excluded(self, differ_below: float | None) -> str:
        if differ_below is None:
            return ""
        excluded = f"another value in more than {100 * differ_below:.2g} % of such {self.found.unit}s"
        return f" ({excluded} can be excluded, 95 %)"


def _turning(found: Turning, setting: Setting) -> str:
    values, best = found.values, setting.phrase(found.best)
    last, are = value_phrase(values[-1]), verb([best], "is", "are")
    tried = f"{len(values)} values from {value_phrase(values[0])} to {last}"
    where = f"with {cell_phrase(found.held)}, " if found.held else ""
    grows = "falls" if found.name.startswith("name_cap") else "grows"
    lead = f"{where}as {found.name} {grows} ({found.mode}; {tried})"
    if not found.behind:
        return f"{lead}, nothing can turn over: the given network shows {best} to be better than no other arm."
    ahead = "ahead of every arm that the given network shows behind" if found.beside else "best"
    if found.open_at is None:
        return f"{lead}, nothing turns over: up to {last} {best} {verb([best], 'stays', 'stay')} {ahead}."
    again = joined([value_phrase(one) for one in found.holds_again_at]) if found.holds_again_at else ""
    stop = f"{lead}, {best} first {verb([best], 'stops', 'stop')} being shown {ahead} at {value_phrase(found.open_at)}"
    stop += f" ({are} so again at {again})" if again else ""
    if found.turned_at is None or found.rival is None:
        return f"{stop}, and up to {last} no other arm is shown to overtake."
    outcome = find_outcome(found.outcome, setting.role_names)
    size = f"{_rivals_side(found.rival, outcome, setting)}{_matters(found.rival, outcome, setting)}"
    at = f"at {value_phrase(found.turned_at)}"
    return f"{stop}, and {are} first overtaken {at}: by {setting.phrase(found.rival.other)}, with {size}."


def _rivals_side(lead: Lead, outcome: Outcome, setting: Setting) -> str:
    """Return how much more or less the other arm brings than the first, with the simultaneous interval."""
    if lead.low is None or lead.high is None:
        size = scaled(outcome, [-lead.difference])[0]
        bound = "" if lead.differ_below is None else f", {100 * lead.differ_below:.2g} % at most differ (95 %)"
        return f"{_amount(outcome, size, 1, setting)} each time{bound}"
    ends = scaled(outcome, [-lead.difference, -lead.high, -lead.low])
    return _interval(outcome, ends, "simultaneous interval", setting)


def _interval(outcome: Outcome, ends: Sequence[float], kind: str, setting: Setting) -> str:
    difference, low, high = ends
    decimals = decimals_for(high - low)
    told = _amount(outcome, difference, decimals, setting)
    return f"{told} ({kind} {span(low, high, decimals, phrasing(outcome))})"


def _amount(outcome: Outcome, difference: float, decimals: int, setting: Setting) -> str:
    words = phrasing(outcome)
    if round(difference, decimals) == 0:
        return "on average the same"
    size = amount(outcome, difference, decimals, setting.step_unit)
    return f"{size} {words.more if difference > 0 else words.less}"


def _matters(lead: Lead, outcome: Outcome, setting: Setting) -> str:
    """Return that a difference is shown, but not to be large enough to matter; nothing else."""
    largest = outcome.largest_value(setting.agents)
    if largest is None or lead.ahead is None or lead.verdict not in ("practically equal", "undecided"):
        return ""
    smallest = scaled(outcome, [setting.smallest_difference * largest])[0]
    shown = "shown to be less" if lead.verdict == "practically equal" else "not shown to be more"
    return f", {shown} than {amount(outcome, smallest, decimals_for(smallest), setting.step_unit)}"
