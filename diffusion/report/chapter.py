"""The chapter: what its sections are made from, and what they gather while they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from matplotlib.figure import Figure

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.sentences import PAIRING_NOTE
from diffusion.analysis.worlds_told import COUNTS, SAME_WORLDS
from diffusion.experiment.curves import ensemble_of
from diffusion.experiment.plan import Study
from diffusion.experiment.results import GroupResult, StudyResult
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import arm_result
from diffusion.model.ensemble import Ensemble
from diffusion.network.network import Network
from diffusion.report.arm_numbers import CONFIDENCE, ArmNumbers, scenario_number
from diffusion.report.figures.sheet import styled
from diffusion.report.histories import ArmHistory
from diffusion.report.loaded import LoadedStudy
from diffusion.report.numbers import Number, Numbers, Pool
from diffusion.report.tables import Table

WIDTH_CM = 16
"""How wide figures are on a page of A4."""

MOST_GROUPS_IN_FULL = 6
"""Of more networks and cells than these, the text tells the first sentence only, and a table the rest."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Hold a figure of the report, drawn when it is first needed.

    Attributes
    ----------
    name
        What files and references call it.
    caption
        Markdown.
    draw
        Returns the matplotlib figure, as wide as a page.
    """

    name: str
    caption: str
    draw: Callable[[], Figure]

    @cached_property
    def drawn(self) -> Figure:
        """Return the matplotlib figure."""
        with styled():
            return self.draw()

    @property
    def reference(self) -> str:
        """Return Markdown that becomes "Figure" with its number."""
        return f"[](#fig:{self.name})"

    def markdown(self) -> str:
        """Return the figure with its caption."""
        return f"![{self.caption}](figures/{self.name}){{#fig:{self.name} width={WIDTH_CM}cm}}"


@dataclass
class Chapter:
    """Gather what a report tells of one study.

    Attributes
    ----------
    study, result, store
        The study, what its stored runs show, and where they are.
    records
        Its provenance: one record each time that it was run.
    numbers
        The register of quoted numbers.
    tables, pictures
        What the sections show, in order.
    cited
        Keys of the sources that the text cites.
    notes
        What the user is told about the report itself.
    noted
        What the text has said once, and need not say of every network and cell again.
    """

    study: Study
    result: StudyResult
    store: Store
    records: Sequence[Mapping[str, Any]]
    numbers: Numbers = field(default_factory=Numbers)
    tables: list[Table] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    cited: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    noted: set[str] = field(default_factory=set)
    _runs: dict[int, tuple[ArmResult, ...]] = field(default_factory=dict)

    @cached_property
    def arms(self) -> tuple[ArmNumbers, ...]:
        """Return the numbers of the arms, by network and cell."""
        return tuple(ArmNumbers(self.study, group) for group in self.result.groups)

    @cached_property
    def loaded(self) -> LoadedStudy:
        """Return the tidy tables, each made when it is first asked for."""
        return LoadedStudy(self.result, self.store)

    @cached_property
    def whole_study(self) -> Study:
        """Return the study with all its arms, of which the report may show some."""
        return replace(self.study, groups=tuple((one.whole or one).group for one in self.result.groups))

    @property
    def ranking_outcome(self) -> str:
        """Return the outcome that arms are ranked by."""
        return self.result.groups[0].ranking_outcome

    @property
    def networks(self) -> tuple[Network, ...]:
        """Return the study's networks."""
        return self.study.networks

    @property
    def is_synthetic(self) -> bool:
        """Return whether a network was made from assumptions."""
        return any(network.synthetic for network in self.networks)

    @property
    def is_swept(self) -> bool:
        """Return whether there are several networks or cells."""
        return len(self.result.groups) > 1

    @property
    def steps_word(self) -> str:
        """Return what steps are called, in the plural."""
        units = {group.setting.unit(arm.name) for group in self.result.groups for arm in group.group.arms}
        return " or ".join(f"{unit}s" for unit in sorted(units))

    def table(self, table: Table) -> str:
        """Keep a table and return it as Markdown."""
        self.tables.append(table)
        return table.markdown()

    def picture(self, picture: Picture) -> str:
        """Keep a figure and return it as Markdown."""
        self.pictures.append(picture)
        return picture.markdown()

    def cite(self, *keys: str) -> str:
        """Return a citation of sources as Markdown."""
        self.cited.update(dict.fromkeys(keys))
        return f"[{'; '.join(f'@{key}' for key in keys)}]"

    def scenario(self, key: str, unit: str = "") -> str:
        """Return a whole number that the scenario states."""
        number = scenario_number(self.study, key, unit)
        return self.numbers.show(number, f"{int(number.value):,}" if key != "seed" else f"{int(number.value)}")

    def count(self, name: str, value: float, **source: Any) -> str:
        """Return a whole number with its name."""
        return self.numbers.show(Number(name, float(value), "count", source), f"{int(value):,}")

    def share(self, name: str, value: float, decimals: int = 1, **source: Any) -> str:
        """Return a share in per cent with its name; the sign is the caller's."""
        return self.numbers.show(Number(name, value, "share", source), f"{100 * value:.{decimals}f}")

    @property
    def confidence(self) -> str:
        """Return "95 %"."""
        return f"{self.numbers.show(CONFIDENCE, '95')} %"

    def quoted(self, sentences: Iterable[str], pool: Pool, names: Iterable[str] = ()) -> str:
        """Return plain sentences as one paragraph of Markdown, their numbers named."""
        held = tuple(names)
        told = (self.numbers.quote(self._once_noted(sentence), pool, held) for sentence in sentences)
        return " ".join(sentence for sentence in told if sentence)

    def _once_noted(self, sentence: str) -> str:
        """Return a sentence, with notes that hold for the whole report only the first time that they stand there."""
        if sentence.startswith(SAME_WORLDS):
            return "" if self._is_noted(sentence) else sentence
        for note in (PAIRING_NOTE, COUNTS):
            aside = f" ({note})"
            if aside in sentence and self._is_noted(note):
                sentence = sentence.replace(aside, "")
        return sentence

    def _is_noted(self, note: str) -> bool:
        """Return whether a note stands in the report already; from now on it does."""
        before = note in self.noted
        self.noted.add(note)
        return before

    def ensemble(self, place: int, arm: str) -> Ensemble:
        """Return what replays the stored histories of an arm, on one network and cell."""
        planned = next(one for one in self.result.groups[place].group.arms if one.name == arm)
        return ensemble_of(planned, seed=self.study.scenario.seed)

    def arm_results(self, place: int) -> tuple[ArmResult, ...]:
        """Return the runs of the arms of one network and cell, read once."""
        if place not in self._runs:
            scenario = self.study.scenario
            self._runs[place] = tuple(
                arm_result(self.store, arm, scenario) for arm in self.result.groups[place].group.arms
            )
        return self._runs[place]

    def histories(self, place: int) -> dict[str, ArmHistory]:
        """Return the replayed histories of the arms of one network and cell, by arm."""
        before = sum(len(group.group.arms) for group in self.result.groups[:place])
        arms = self.result.groups[place].group.arms
        told = self.loaded.histories[before : before + len(arms)]
        return {arm.name: history for arm, history in zip(arms, told, strict=True)}

    def own_sentences(self, group: GroupResult, outcome: str) -> tuple[str, ...]:
        """Return what the arms show on an outcome, without what nulls, credit and uncertain networks add to it."""
        told, whole = group.sentences(outcome), group.whole or group
        added = (whole.explained, whole.survived)
        return told[: len(told) - sum(len(one.sentences(group.setting, outcome)) for one in added)]
