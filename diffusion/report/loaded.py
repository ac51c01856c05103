"""A stored study, loaded for a notebook: its tidy tables, each made when it is first asked for, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from diffusion.analysis.causes import untold
from diffusion.errors import InputError, nearest_name_hint
from diffusion.experiment.database import Database
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.results import GroupResult, StudyResult, study_result
from diffusion.experiment.store import Store
from diffusion.experiment.survived import turnings
from diffusion.network.network import Network
from diffusion.report import tidy, tidy_credit, tidy_nulls, tidy_observed, tidy_steps, tidy_survival
from diffusion.report.figures import (
    adopter_categories,
    adoption_curves,
    adoption_map,
    arm_ranking,
    best_share,
    credit_flow,
    heat_map,
    null_places,
    observed_curve,
    reach,
    spread_cost,
    survival_by_rate,
    survival_by_world,
    time_to_share,
)
from diffusion.report.figures.sheet import PAGE_MM, PrintedFigure
from diffusion.report.figures.wording import Place, arms_rows
from diffusion.report.histories import ArmHistory, study_histories
from diffusion.report.shown_arms import drawn_rows
from diffusion.report.tidy_keys import cell_labels

DATABASE = "results/diffusion.db"
"""Where results are kept unless another file is named."""


def load_study(study: str, database: str | Path = DATABASE, *, baseline: str | None = None) -> LoadedStudy:
    """Load a study that was run, from the database.

    Parameters
    ----------
    study
        Its name (the stem of its scenario's file), or six or more characters of its digest.
    database
        The path of the database, or a URL that starts with ``sqlite:///``.
    baseline
        The arm that the others are compared with; the scenario's by default.

    Raises
    ------
    InputError
        If there is no such study or baseline.
    StoreError
        If there is no database, it cannot be read, or runs are missing.
    """
    store = Store(Database(database))
    planned = store.study(store.find(study))
    return LoadedStudy(study_result(planned, store, baseline=baseline), store)


@dataclass(frozen=True, eq=False)
class LoadedStudy:
    """Hold a study with its results, as tidy tables and figures.

    Tables hold all arms; figures of more than 40 show those that a report shows.
    Figures show themselves in a notebook; :func:`~diffusion.report.figures.sheet.save_figure` writes one into
    a file. Those of one network and cell show the first unless another is named.

    Attributes
    ----------
    result
        The results.
    store
        Where its runs are.
    """

    result: StudyResult
    store: Store

    def __repr__(self) -> str:
        study = self.study
        networks = ", ".join(network.name for network in study.networks)
        arms = len(study.groups[0].arms)
        return f"<study {study.name}: {arms} arms on {networks}, {study.scenario.replicates:,} runs an arm>"

    @property
    def study(self) -> Study:
        """Return the study: scenario, networks and arms."""
        return self.result.study

    @cached_property
    def arms(self) -> pd.DataFrame:
        """Return every arm's outcomes; see :func:`~diffusion.report.tidy.arms_table`."""
        return tidy.arms_table(self.result)

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """Return every paired comparison; see :func:`~diffusion.report.tidy.comparisons_table`."""
        return tidy.comparisons_table(self.result)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Return every run; see :func:`~diffusion.report.tidy.runs_table`."""
        return tidy.runs_table(self.result, self.store)

    @cached_property
    def agents(self) -> pd.DataFrame:
        """Return every agent in every arm; see :func:`~diffusion.report.tidy.agents_table`."""
        return tidy.agents_table(self.result, self.store, self.histories)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Return the reach of roles and organisations; see :func:`~diffusion.report.tidy.groups_table`."""
        return tidy.groups_table(self.result, self.store)

    @cached_property
    def curves(self) -> pd.DataFrame:
        """Return how many have adopted at every step; see :func:`~diffusion.report.tidy_steps.curves_table`."""
        return tidy_steps.curves_table(self.result, self.histories)

    @cached_property
    def times(self) -> pd.DataFrame:
        """Return when shares of the agents were reached; see :func:`~diffusion.report.tidy_steps.times_table`."""
        return tidy_steps.times_table(self.result, self.histories)

    @cached_property
    def credit(self) -> pd.DataFrame:
        """Return from which roles adoption came; see :func:`~diffusion.report.tidy_credit.credit_table`."""
        tables = [tidy_credit.credit_table(self.study, group) for group in self.study.groups]
        return pd.concat(tables, ignore_index=True)

    @cached_property
    def rewired(self) -> pd.DataFrame:
        """Return what arms reach on rewired networks; see :func:`~diffusion.report.tidy_nulls.rewired_table`."""
        return tidy_nulls.rewired_table(self.result, self.store, self.ranking_outcome)

    @cached_property
    def matched(self) -> pd.DataFrame:
        """Return arms beside their matched nulls; see :func:`~diffusion.report.tidy_nulls.matched_table`."""
        return tidy_nulls.matched_table(self.result, self.ranking_outcome)

    @cached_property
    def survival(self) -> pd.DataFrame:
        """Return what survives an uncertain network; see :func:`~diffusion.report.tidy_survival.survival_table`."""
        return tidy_survival.survival_table(self.result, self.ranking_outcome)

    @cached_property
    def survival_arms(self) -> pd.DataFrame:
        """Return what it changes; see :func:`~diffusion.report.tidy_survival.survival_arms_table`."""
        return tidy_survival.survival_arms_table(self.result, self.ranking_outcome)

    @cached_property
    def survival_worlds(self) -> pd.DataFrame:
        """Return means by world; see :func:`~diffusion.report.tidy_survival.survival_worlds_table`."""
        return tidy_survival.survival_worlds_table(self.result, self.store, self.ranking_outcome)

    @cached_property
    def observed_curve(self) -> pd.DataFrame:
        """Return observed adoption beside runs of the best arm; see :mod:`~diffusion.report.tidy_observed`."""
        return tidy_observed.observed_curve_table(self.study, self.arm_beside)

    @cached_property
    def observed_categories(self) -> pd.DataFrame:
        """Return observed adopters sorted by time and threshold; see :mod:`~diffusion.report.tidy_observed`."""
        return tidy_observed.observed_categories_table(self.study)

    @cached_property
    def histories(self) -> tuple[ArmHistory, ...]:
        """Return the runs played again, arm by arm."""
        return study_histories(self.study)

    # Figures

    def draw_ranking(self, outcome: str | None = None, *, width_mm: float = PAGE_MM) -> PrintedFigure:
        """Return the arms in order, with their paired differences from the baseline."""
        arms, against = self._drawn(self.arms), self._drawn(self.comparisons)
        return arm_ranking.arm_ranking(arms, against, outcome=outcome or self.ranking_outcome, width_mm=width_mm)

    def draw_best_shares(self, outcome: str | None = None, *, width_mm: float = PAGE_MM) -> PrintedFigure:
        """Return in which share of the histories each arm is best."""
        return best_share.best_share(self._drawn(self.arms), outcome=outcome or self.ranking_outcome, width_mm=width_mm)

    def draw_heat_map(self, outcome: str | None = None, *, width_mm: float = PAGE_MM) -> PrintedFigure:
        """Return the means of every arm on every network and in every cell."""
        return heat_map.arm_heat_map(self._drawn(self.arms), outcome=outcome or self.ranking_outcome, width_mm=width_mm)

    def draw_curves(self, *, width_mm: float = PAGE_MM) -> PrintedFigure:
        """Return the adoption curves of every arm."""
        return adoption_curves.adoption_curves(self._drawn(self.curves), baseline=self.baseline, width_mm=width_mm)

    def draw_times(self, *, width_mm: float = PAGE_MM) -> PrintedFigure:
        """Return in which share of the runs a share of the agents had been reached by every step."""
        return time_to_share.time_to_share(self._drawn(self.times), baseline=self.baseline, width_mm=width_mm)

    def draw_map(
        self,
        arms: Sequence[str] | None = None,
        *,
        network: str | None = None,
        cell: int | None = None,
        width_mm: float = PAGE_MM,
    ) -> PrintedFigure:
        """Return the network with each agent's probability of adopting.

        Parameters
        ----------
        arms
            Which arms have a panel; by default the one of the best mean and
            the baseline (or, where that is the best, the second best).
        network, cell
            Where: the network's name, and the cell's number from 0.
        width_mm
            How wide the figure is, in millimetres.
        """
        group = self._group(network, cell)
        shown = self.telling_arms(group) if arms is None else arms
        agents = self._place(group).of(self.agents)
        return adoption_map.adoption_map(agents, group.group.network, arms=shown, width_mm=width_mm)

    def draw_reach_by_role(
        self, *, network: str | None = None, cell: int | None = None, width_mm: float = PAGE_MM
    ) -> PrintedFigure:
        """Return how far each role was reached in every arm."""
        groups = self._drawn(self._place(self._group(network, cell)).of(self.groups))
        return reach.reach_by_role(groups, width_mm=width_mm)

    def draw_reach_by_organisation(
        self, *, network: str | None = None, cell: int | None = None, width_mm: float = PAGE_MM
    ) -> PrintedFigure:
        """Return how far each organisation was reached in every arm."""
        groups = self._drawn(self._place(self._group(network, cell)).of(self.groups))
        return reach.reach_by_organisation(groups, width_mm=width_mm)

    def draw_credit(
        self,
        arms: Sequence[str] | None = None,
        *,
        network: str | None = None,
        cell: int | None = None,
        width_mm: float = PAGE_MM,
    ) -> PrintedFigure:
        """Return from which roles adoption came, and to which it went, in some arms; two by default, as in maps."""
        group = self._group(network, cell)
        shown = self.telling_arms(group) if arms is None else arms
        reasons = {arm.name: untold(arm.setting.parameters) for arm in group.group.arms if arm.name in shown}
        if any(reasons.values()):
            lines = [f'arm "{arm}": credit cannot be told where {reason}' for arm, reason in reasons.items() if reason]
            raise InputError(lines)
        credit = self._place(group).of(self.credit)
        return credit_flow.credit_flow(pd.concat(arms_rows(credit, shown)), width_mm=width_mm)

    def draw_costs(
        self, *, network: str | None = None, cell: int | None = None, width_mm: float = PAGE_MM
    ) -> PrintedFigure:
        """Return spread against cost, on one network and cell.

        Raises
        ------
        InputError
            If the scenario states no prices.
        """
        costs = self._group(network, cell).costs
        if not costs.arms:
            raise InputError("costs: the scenario states no prices; write what things cost in [costs]")
        return spread_cost.spread_cost(costs.arms, budget=costs.stated.budget, width_mm=width_mm)

    def draw_nulls(
        self,
        arms: Sequence[str] | None = None,
        *,
        network: str | None = None,
        cell: int | None = None,
        width_mm: float = PAGE_MM,
    ) -> PrintedFigure:
        """Return arms beside matched leaders and among themselves on rewired networks, where the scenario asks for it.

        Raises
        ------
        InputError
            If the study has no nulls.
        """
        place = self._place(self._group(network, cell))
        rewired, matched = place.of(self.rewired), place.of(self.matched)
        if rewired.empty and matched.empty:
            raise InputError(f"{self.study.name}: the study has no nulls; ask for them with [nulls] in the scenario")
        return null_places.null_places(rewired, matched, arms=arms, width_mm=width_mm)

    def draw_survival(
        self, *, network: str | None = None, cell: int | None = None, width_mm: float = PAGE_MM
    ) -> PrintedFigure:
        """Return how far the other arms are behind the best of the given network, where the network is uncertain.

        Raises
        ------
        InputError
            If no network is uncertain.
        """
        group = self._group(network, cell)
        arms, worlds = (self._place(group).of(table) for table in (self.survival_arms, self.survival_worlds))
        if arms.empty:
            raise InputError(f"{self.study.name}: no network is uncertain; say how with [uncertain_network]")
        return survival_by_world.survival_by_world(arms, worlds, step_unit=group.setting.step_unit, width_mm=width_mm)

    def draw_survival_by_rate(self, *, width_mm: float = PAGE_MM) -> PrintedFigure:
        """Return how often the best arm of the given network stays best, by the swept error.

        Raises
        ------
        InputError
            If no error of a network is swept.
        """
        found = turnings([group.survived for group in self.result.groups], self.ranking_outcome)
        if not found:
            raise InputError(f"{self.study.name}: the sweep has no numbers of [uncertain_network]")
        return survival_by_rate.survival_by_rate(found, width_mm=width_mm)

    def draw_observed_curve(self, *, network: str | None = None, width_mm: float = PAGE_MM) -> PrintedFigure:
        """Return the observed adoption of a network beside runs of its best arm, and its hazard.

        Raises
        ------
        InputError
            If the network has no observed times.
        """
        return observed_curve.observed_curve(self._observed(self.observed_curve, network), width_mm=width_mm)

    def draw_adopter_categories(self, *, network: str | None = None, width_mm: float = PAGE_MM) -> PrintedFigure:
        """Return the observed adopters of a network by time and threshold.

        Raises
        ------
        InputError
            If the network has no observed times.
        """
        table = self._observed(self.observed_categories, network)
        return adopter_categories.adopter_categories(table, width_mm=width_mm)

    @property
    def ranking_outcome(self) -> str:
        """Return the outcome by which arms are ranked unless another is asked for."""
        return self.result.groups[0].ranking_outcome

    @property
    def baseline(self) -> str:
        """Return the arm that the others are compared with."""
        return self.result.groups[0].baseline

    def telling_arms(self, group: GroupResult) -> tuple[str, ...]:
        """Return the arm of the best mean and the baseline; where that is the best, it and the second best."""
        order = [ranked.arm for ranked in group.ranking(self.ranking_outcome) if ranked.place is not None]
        others = [arm for arm in order if arm != self.baseline]
        if not others:
            return (self.baseline,)
        first = (self.baseline, others[0])
        return first if order[0] == self.baseline else first[::-1]

    def _drawn(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the arms that figures show: of very many, those that a report shows."""
        return drawn_rows(table, self.result)

    def _group(self, network: str | None, cell: int | None) -> GroupResult:
        groups = self.result.groups
        names = [known.name for known in self.study.networks]
        cells = [known.index for known in self.study.scenario.cells()]
        named, number = names[0] if network is None else network, cells[0] if cell is None else cell
        if named not in names:
            hint = nearest_name_hint(named, names)
            raise InputError(f'network: there is no network "{named}"{hint}; known: {", ".join(names)}')
        if number not in cells:
            raise InputError(f"cell: must be a whole number between 0 and {cells[-1]}; got {number}")
        [found] = [each for each in groups if (each.group.network.name, each.group.cell.index) == (named, number)]
        return found

    def arm_beside(self, network: Network) -> PlannedArm:
        """Return the arm whose runs stand beside what was observed on a network: the one of the best mean."""
        group = next(each for each in self.result.groups if each.group.network is network)
        name = self.telling_arms(group)[0]
        return next(arm for arm in group.group.arms if arm.name == name)

    def _observed(self, table: pd.DataFrame, network: str | None) -> pd.DataFrame:
        found = table if network is None else table[table["network"] == network]
        if found.empty:
            raise InputError(f"{self.study.name}: no times of adoption were observed on {network or 'its networks'}")
        return found[found["network"] == found["network"].iloc[0]]

    def _place(self, group: GroupResult) -> Place:
        return Place(group.group.network.name, cell_labels(self.study)[group.group.cell.index])
