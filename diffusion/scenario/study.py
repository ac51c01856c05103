"""The scenario: arms, cells and what they share, checked and frozen."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from diffusion.analysis.precision_asked import AskedPrecision, asked_precision
from diffusion.errors import InputError
from diffusion.scenario.costs import CostsStated
from diffusion.scenario.designs import INDEPENDENT_WORLDS, SOBOL, Design
from diffusion.scenario.explanations import CreditAsked, NullsAsked
from diffusion.scenario.reach import Solved, request_of, requests_in, spelled_out
from diffusion.scenario.registries import positions
from diffusion.scenario.sections import Sections, merged, with_values
from diffusion.scenario.settings import ArmSetting, canonical_base, resolved_setting
from diffusion.scenario.stopped import Stopped
from diffusion.scenario.tables import LARGEST_SEED, MOST_REPLICATES, Table
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK
from diffusion.scenario.world_keys import FEWEST_WORLDS, MOST_WORLDS
from diffusion.scenario.worlds import Uncertainty, agents_by_world, uncertain_numbers, with_medians


def _asked_for(sections: Sections) -> str:
    """Return what an arm asks to be worked out before it is played, or an empty text."""
    if any(True for _ in requests_in(spelled_out(sections))):
        return "a number is solved for a reach"
    leaders = sections.get("leaders", {})
    is_placed = "position" in leaders and "agents" not in leaders and leaders.get("count") != 0
    return "leaders are sought" if is_placed and positions()[leaders["position"]].is_searched else ""


def _known_leaders(sections: Sections) -> Table:
    """Return what sections say of leaders, with medians in place of what is uncertain."""
    return with_medians({"leaders": sections.get("leaders", {})})["leaders"]


@dataclass(frozen=True)
class Arm:
    """Name a choice of leaders and parameters.

    Attributes
    ----------
    name
        Its name, unique in the scenario.
    overrides
        What it states itself, by section.
    """

    name: str
    overrides: Sections = field(hash=False)


@dataclass(frozen=True)
class Cell:
    """Hold one combination of swept values.

    Attributes
    ----------
    index
        Its place in file order, from 0.
    values
        Value by dotted key, in file order; empty without a sweep. A swept
        section has a table as value.
    """

    index: int
    values: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Scenario:
    """State a study: which arms are compared, on which networks, how often.

    Attributes
    ----------
    name
        The stem of its file.
    title
        The question that it asks.
    networks
        Packaged names, or paths relative to ``folder``.
    steps
        T, the number of updates, 1 to 32,000.
    step_unit
        What a step is called.
    replicates
        How many replicates every arm has in every cell, at least 1.
    seed
        The seed of every draw, at least 0.
    smallest_difference
        The share of agents below which arms are practically equal, in (0, 1).
    baseline
        The name of the arm that the others are compared with.
    sections
        What all arms share, by section, in its normal spelling.
    arms
        The arms, in file order.
    sweep
        Dotted keys and their values, in file order.
    worlds
        How often what is uncertain is drawn, at least 1.
    design
        How the worlds are spread.
    precision
        How well differences or the best arm are to be known, from which the number
        of replicates follows, or of worlds; ``None`` where that is stated.
    nulls, credit
        Which runs are played beside the arms, to tell what differences are owed to.
    costs
        What leaders and interventions cost.
    solved
        The numbers that were asked for and solved; none where the file was just read.
    stopped
        The arms that have fewer runs than the others; none where the file was just read.
    regions
        Of networks that are drawn anew in every world: their names, and the
        text of their targets; none where the file was just read.
    folder
        Where relative paths start; not compared, nor kept.
    text
        The file's text; not compared, nor kept.
    """

    name: str
    title: str
    networks: tuple[str, ...]
    steps: int
    step_unit: str
    replicates: int
    seed: int
    smallest_difference: float
    baseline: str
    sections: Sections = field(hash=False)
    arms: tuple[Arm, ...]
    sweep: tuple[tuple[str, tuple[Any, ...]], ...] = field(hash=False)
    worlds: int = 1
    design: Design = INDEPENDENT_WORLDS
    precision: AskedPrecision | None = None
    nulls: NullsAsked = field(default_factory=NullsAsked)
    credit: CreditAsked = field(default_factory=CreditAsked)
    costs: CostsStated = field(default_factory=CostsStated)
    solved: tuple[Solved, ...] = field(default=(), compare=False)
    stopped: tuple[Stopped, ...] = field(default=(), compare=False)
    regions: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    folder: Path = field(default=Path(), compare=False)
    text: str = field(default="", compare=False, repr=False)

    def with_(self, *, replicates: int | None = None, seed: int | None = None, worlds: int | None = None) -> Scenario:
        """Return the scenario with another number of replicates or worlds, or another seed.

        Raises
        ------
        InputError
            If a number is out of its range.
        """
        problems = []
        if replicates is not None and not 1 <= replicates <= MOST_REPLICATES:
            problems.append(f"replicates: must be a whole number between 1 and {MOST_REPLICATES}; got {replicates}")
        problems += [
            f"worlds: {problem}" for problem in ([] if worlds is None else [self._worlds_problem(worlds)]) if problem
        ]
        if replicates is not None and self.precision is not None and not self.uncertain_paths():
            problems.append("replicates: follow from the precision that is asked for; take one of the two out")
        if seed is not None and not 0 <= seed <= LARGEST_SEED:
            problems.append(f"seed: must be a whole number between 0 and {LARGEST_SEED}; got {seed}")
        if problems:
            raise InputError(problems)
        return replace(
            self,
            replicates=self.replicates if replicates is None else replicates,
            seed=self.seed if seed is None else seed,
            worlds=self.worlds if worlds is None else worlds,
        )

    def _worlds_problem(self, worlds: int) -> str:
        """Return why there cannot be so many worlds, or an empty text."""
        if self.precision is not None:
            return "follow from the precision that is asked for; take one of the two out"
        if not self.uncertain_paths():
            return "nothing in this scenario is uncertain between worlds" if worlds != 1 else ""
        if not FEWEST_WORLDS <= worlds <= MOST_WORLDS:
            return f"must be a whole number between {FEWEST_WORLDS} and {MOST_WORLDS}; got {worlds}"
        return self.design.worlds_problem(worlds)

    def cells(self) -> tuple[Cell, ...]:
        """Return every combination of swept values; the last key varies fastest."""
        keys = [key for key, _ in self.sweep]
        combinations = itertools.product(*(values for _, values in self.sweep))
        return tuple(Cell(index, dict(zip(keys, values, strict=True))) for index, values in enumerate(combinations))

    def arm_in_cell(self, arm: Arm, cell: Cell) -> ArmSetting:
        """Return an arm's setting: the scenario's, with the cell's and the arm's laid over it."""
        base = with_values(self.sections, cell.values)
        sections = merged(base, arm.overrides)
        known = {**sections, "leaders": _known_leaders(sections)}
        request = request_of(known, arm.overrides, self._leaders_at_random(base))
        found = resolved_setting(arm.name, sections, self.steps, request)
        if not found.uncertainty.is_there:
            return found
        keys = () if self.design.kind != SOBOL else self.uncertain_keys()
        return replace(found, uncertainty=replace(found.uncertainty, design=self.design, keys=keys))

    def uncertain_keys(self) -> tuple[str, ...]:
        """Return the paths of all uncertain numbers of the study, over arms and cells, sorted."""
        return self._uncertain[0]

    def uncertain_paths(self) -> tuple[str, ...]:
        """Return the paths of all that differs between worlds: uncertain numbers, and agents' values."""
        network = {UNCERTAIN_NETWORK} if self.is_network_uncertain else set()
        return tuple(sorted({*self.uncertain_keys(), *self._uncertain[1], *network}))

    @property
    def is_network_uncertain(self) -> bool:
        """Return whether the network differs between worlds, in some cell."""
        return UNCERTAIN_NETWORK in self.sections

    def sought_on_uncertain_network(self) -> Iterator[tuple[int, str]]:
        """Yield the arms that ask for what is worked out on the network before it is played, and why that cannot be."""
        for number, arm in enumerate(self.arms if self.is_network_uncertain else ()):
            found = {
                _asked_for(merged(with_values(self.sections, cell.values), arm.overrides)) for cell in self.cells()
            }
            for asked in sorted(found - {""}):
                words = f"{asked} on one network, and [{UNCERTAIN_NETWORK}] makes it differ between worlds"
                yield number, f"{words}; take the section out, or what is asked for here"

    @cached_property
    def _uncertain(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the paths of uncertain numbers, and of agents' values; once, for there may be thousands of arms."""
        found = self._uncertainties()
        numbers = {path for one in found for path, _ in one.numbers}
        return tuple(sorted(numbers)), tuple(sorted({path for one in found for path in one.by_agent}))

    def _uncertainties(self) -> list[Uncertainty]:
        swept = [with_values(self.sections, cell.values) for cell in self.cells()]
        return [
            Uncertainty(uncertain_numbers(sections, self.steps), agents_by_world(sections))
            for base in swept
            for sections in (merged(base, arm.overrides) for arm in self.arms)
        ]

    def _leaders_at_random(self, base: Sections) -> Iterator[Table]:
        """Yield the tables that may say how many leaders at random reach what is asked for: the baseline's next."""
        yield _known_leaders(base)
        for arm in sorted(self.arms, key=lambda arm: arm.name != self.baseline):
            yield _known_leaders(merged(base, arm.overrides))

    def settings(self, cell: Cell) -> tuple[ArmSetting, ...]:
        """Return the settings of all arms in a cell, in file order."""
        return tuple(self.arm_in_cell(arm, cell) for arm in self.arms)

    def base(self, cell: Cell, *, on_given_network: bool = False) -> dict[str, Any]:
        """Return what the arms of a cell share, for JSON and digests: all but who leads.

        Parameters
        ----------
        cell
            The cell.
        on_given_network
            Whether the network is the given one, although it is uncertain.
        """
        sections = with_values(self.sections, cell.values)
        if on_given_network:
            sections.pop(UNCERTAIN_NETWORK, None)
        base = canonical_base(sections, self.steps)
        if self.design == INDEPENDENT_WORLDS:
            return base
        keys = list(self.uncertain_keys()) if self.design.kind == SOBOL else []
        return {**base, "design": {**asdict(self.design), "keys": keys}}

    def canonical(self) -> dict[str, Any]:
        """Return the whole scenario for JSON, enough for :meth:`from_canonical`."""
        return {
            "name": self.name,
            "title": self.title,
            "networks": list(self.networks),
            "steps": self.steps,
            "step_unit": self.step_unit,
            "replicates": self.replicates,
            "seed": self.seed,
            "smallest_difference": self.smallest_difference,
            "baseline": self.baseline,
            "sections": self.sections,
            "arms": [{"name": arm.name, "overrides": arm.overrides} for arm in self.arms],
            "sweep": [[key, list(values)] for key, values in self.sweep],
            **({} if self.worlds == 1 else {"worlds": self.worlds}),
            **({} if self.design == INDEPENDENT_WORLDS else {"design": asdict(self.design)}),
            **({} if self.precision is None else {"precision": asdict(self.precision)}),
            # A scenario that asks for neither has the digest that it had before there were any.
            **({} if self.nulls == NullsAsked() else {"nulls": asdict(self.nulls)}),
            **({} if self.credit == CreditAsked() else {"credit": asdict(self.credit)}),
            **({} if self.costs == CostsStated() else {"costs": self.costs.canonical()}),
            **({"solved": [found.canonical() for found in self.solved]} if self.solved else {}),
            **({"stopped": [asdict(found) for found in self.stopped]} if self.stopped else {}),
            **({"regions": [list(region) for region in self.regions]} if self.regions else {}),
        }

    @classmethod
    def from_canonical(cls, stored: Mapping[str, Any], *, folder: Path = Path(), text: str = "") -> Scenario:
        """Return the scenario that :meth:`canonical` described.

        Parameters
        ----------
        stored
            What :meth:`canonical` returned, or its way through JSON and back.
        folder, text
            The file's folder and text, where they are known.
        """
        return cls(
            **{
                **stored,
                "networks": tuple(stored["networks"]),
                "arms": tuple(Arm(**arm) for arm in stored["arms"]),
                "sweep": tuple((key, tuple(values)) for key, values in stored["sweep"]),
                "design": Design(**stored.get("design", {})),
                "precision": asked_precision(stored["precision"]) if "precision" in stored else None,
                "nulls": NullsAsked(**stored.get("nulls", {})),
                "credit": CreditAsked(**stored.get("credit", {})),
                "costs": CostsStated.stated(stored.get("costs", {})),
                "solved": tuple(Solved.from_canonical(found) for found in stored.get("solved", ())),
                "stopped": tuple(Stopped(**found) for found in stored.get("stopped", ())),
                "regions": tuple((name, targets) for name, targets in stored.get("regions", ())),
            },
            folder=folder,
            text=text,
        )

    @property
    def digest(self) -> str:
        """Return the 32 hexadecimal digits that name this scenario."""
        text = json.dumps(self.canonical(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
