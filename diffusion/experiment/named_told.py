"""The best arm that was named, and the arms that were stopped before, in plain English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.phrases import amount, counted, decimals_for, joined, named, opened, scaled, verb, whole
from diffusion.analysis.ranking_table import STOPPED_EARLY
from diffusion.analysis.sentences import Setting
from diffusion.experiment.naming import Named


def named_sentences(
    found: Named, sizes: Mapping[str, int], setting: Setting, *, noun: str, baseline: str
) -> tuple[str, ...]:
    """Return which arm is named the best, how surely, and which arms were stopped before.

    Parameters
    ----------
    found
        What is known of the best arm.
    sizes
        How many replicates, or worlds, every arm has.
    setting
        What arms are called.
    noun
        What is counted: ``replicate`` or ``world``.
    baseline
        The arm that is played on, however bad it is.
    """
    teller = _Teller(found, sizes, setting, noun)
    return tuple(opened(text) for text in (*teller.best(), *teller.stopped(), *teller.baseline(baseline)))


class _Teller:
    """Tell what was decided in one network and cell."""

    def __init__(self, found: Named, sizes: Mapping[str, int], setting: Setting, noun: str) -> None:
        self.found = found
        self.sizes = sizes
        self.most = max(sizes.values(), default=0)
        self.setting = setting
        self.noun = noun
        self.outcome: Outcome = find_outcome(found.asked.outcome, setting.role_names)
        self.sure = f"{100 * found.asked.confidence:g} %"

    def best(self) -> Iterator[str]:
        """Yield which arm is named, or that none is."""
        after = f"after {counted(self.found.size, self.noun)}"
        asked = self._amount(self.found.asked.best_within)
        if self.found.best is None:
            within = (
                "" if self.found.within is None else f": another may be better by {self._amount(self.found.within)}"
            )
            yield f"no arm is named the best within {asked} yet {after}{within}; run the scenario again."
            return
        phrase = self.setting.phrase(self.found.best)
        is_named = f"{phrase} {verb([phrase], 'is', 'are')} named best by {self.outcome.name} {after}"
        if not self.found.within:
            yield f"{is_named}: no other arm is better ({self.sure} for all together)."
            return
        within = f"no other arm is better by more than {self._amount(self.found.within)}"
        yield f"{is_named}: {within}, and {asked} were asked for ({self.sure} for all together)."

    def stopped(self) -> Iterator[str]:
        """Yield which arms have fewer runs than the others, and why."""
        after: dict[int, list[str]] = {}
        for arm, size in self.sizes.items():
            if size < self.most:
                after.setdefault(size, []).append(self.setting.phrase(arm))
        if not after:
            return
        told = joined([f"{named(after[size])} after {whole(size)}" for size in sorted(after)])
        yield (
            f"stopped early: {told} of {counted(self.most, self.noun)}, since they are worse than the best "
            f"({self.sure} for all together, by bounds of Paulson and of Kim & Nelson). They are marked"
            f"{STOPPED_EARLY}, told by the {self.noun}s that they have, compared over these, and have no place; "
            "“best” is told of the others."
        )

    def baseline(self, baseline: str) -> Iterator[str]:
        """Yield that the baseline is worse too, where it is."""
        size = self.found.stopped.get(baseline)
        if size is not None and size < self.most:
            phrase = self.setting.phrase(baseline)
            is_worse = f"{phrase} {verb([phrase], 'is', 'are')} worse than the best too, since {whole(size)}"
            yield f"{is_worse}, and {verb([phrase], 'was', 'were')} played on as what the others are compared with."

    def _amount(self, size: float) -> str:
        shown = scaled(self.outcome, [size])[0]
        return amount(self.outcome, shown, decimals_for(shown), self.setting.step_unit)
