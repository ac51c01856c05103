"""The page of the store: its studies, what each shows, and the runs worth opening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import solara
from solara.lab import use_task

from diffusion.analysis.outcomes import RegionFacts, find_outcome, outcome_names
from diffusion.analysis.ranking_table import ranking_table
from diffusion.errors import DiffusionError
from diffusion.experiment.plan import Study
from diffusion.experiment.results import GroupResult, StudyResult
from diffusion.experiment.sizes import own_scenario
from diffusion.experiment.store import Store, StudyEntry
from diffusion.server.coordinates import Coordinates, cell_text, coordinates_of, study_in
from diffusion.server.curves_view import CurvesView
from diffusion.server.opened import HOW_TO_STORE, OPENING
from diffusion.server.problems import Problems
from diffusion.server.stored_study import notable_runs, result_of
from diffusion.server.table import Table


@solara.component
def StudiesPage() -> None:
    """Show the studies of the store, or the one that the address names."""
    router = solara.use_router()
    search = router.search or ""
    try:
        store = OPENING.store()
        if store is None:
            solara.Text(f"No study is stored yet in {OPENING.shown_database}; {HOW_TO_STORE}")
            return
        entries = store.studies()
        named = study_in(search)
        StudyList(entries)
        if named:
            entry = store.find(named)
            study = OPENING.stored(named)
            StudyView(study, entry, store).key(f"{entry.digest} {entry.last_run_at}")
    except DiffusionError as error:
        Problems(str(error).splitlines())


@solara.component
def StudyList(entries: list[StudyEntry]) -> None:
    """Show which studies are stored, the one that was run last first."""
    if not entries:
        solara.Text(f"No study is stored yet in {OPENING.shown_database}; {HOW_TO_STORE}")
        return
    rows = [
        (
            _link(f"?{urlencode({'study': entry.digest})}", entry.name),
            entry.title,
            f"{entry.runs:,}",
            entry.last_run_at[:16].replace("T", " "),
        )
        for entry in entries
    ]
    Table(("study", "asks", "runs", "last run, UTC"), rows, right=(2,), caption="Stored studies")


@solara.component
def StudyView(study: Study, entry: StudyEntry, store: Store) -> None:
    """Show what a study's runs show, on one network and in one cell.

    Parameters
    ----------
    study, entry, store
        The study, what the store says of it, and the store.
    """
    router = solara.use_router()
    search = router.search or ""
    place, problems = coordinates_of(study, search, digest=entry.digest)
    name = f"{OPENING.shown_database} {entry.last_run_at}"
    found = use_task(lambda: result_of(study, store, name), dependencies=[name, study.digest])
    solara.v.Html(tag="h2", children=[f"What {study.name} shows"])
    if found.error:
        Problems([*problems, *str(found.exception).splitlines()])
        return
    if found.value is None:
        solara.Text("Reading the runs …")
        solara.ProgressLinear(value=True)
        return
    group = _group_at(found.value, place)
    names = outcome_names(
        group.group.network.role_names, organisations=bool(group.group.network.organisation_names), compared=False
    )
    said = parse_qs(search).get("outcome", [group.ranking_outcome])[-1]
    outcome = said if said in names else group.ranking_outcome
    if said != outcome:
        problems.append(f'outcome: there is no "{said[:60]}"; shown is "{outcome}"')
    Problems(problems)

    def go(to: Coordinates, chosen: str) -> None:
        router.push(f"{router.path}?{to.search()}&{urlencode({'outcome': chosen})}")

    StudyMenus(study, place, outcome, names, go)
    GroupView(study, group, place, outcome, store)


@solara.component
def StudyMenus(
    study: Study, place: Coordinates, outcome: str, names: tuple[str, ...], go: Callable[[Coordinates, str], None]
) -> None:
    """Show the menus of networks, cells and outcomes.

    Parameters
    ----------
    study, place, outcome
        The study, and what of it is shown.
    names
        The outcomes there are.
    go
        Called with what is chosen.
    """
    networks = [network.name for network in study.networks]
    cells = {f"{cell.index}: {cell_text(cell)}": cell.index for cell in study.scenario.cells()}
    with solara.Row(classes=["d-menus"], style={"flex-wrap": "wrap"}):
        solara.Select("Outcome", values=list(names), value=outcome, on_value=lambda name: go(place, name))
        if len(networks) > 1:
            solara.Select(
                "Network",
                values=networks,
                value=place.network,
                on_value=lambda name: go(replace(place, network=name), outcome),
            )
        if len(cells) > 1:
            current = next(text for text, index in cells.items() if index == place.cell)
            solara.Select(
                "Values swept",
                values=list(cells),
                value=current,
                on_value=lambda text: go(replace(place, cell=cells[text]), outcome),
            )


@solara.component
def GroupView(study: Study, group: GroupResult, place: Coordinates, outcome: str, store: Store) -> None:
    """Show the ranked arms of one network and cell, sentences, curves and notable runs.

    Parameters
    ----------
    study, group, place, outcome, store
        The study, its results there, the coordinates, the outcome, and the store.
    """
    measured = find_outcome(outcome, group.group.network.role_names)
    unit = group.setting.unit(group.baseline)
    table = ranking_table(group.ranking(outcome), measured, baseline=group.baseline, step_unit=unit)
    right = [place for place, name in enumerate(table.columns) if name in ("", "better in", "equal in", "best in")]
    solara.Text(measured.sentence)
    Table(table.columns, table.rows, right=right, caption=f"Arms ranked by {outcome}")
    for sentence in group.sentences(outcome):
        solara.Text(sentence)
    solara.Text(
        "Intervals are 95 %; those of differences hold for all arms at once. Differences are paired: every arm lives "
        "through the same histories, and “better in”, “equal in” and “best in” are shares of these histories.",
        classes=["d-fine"],
    )
    CurvesView(study, group.group).key(f"{place.network} {place.cell}")
    runs = solara.use_memo(
        lambda: _notable_rows(study, group, place, outcome, store), [study.digest, place.network, place.cell, outcome]
    )
    Table(("arm", "best", "median", "worst", "nothing spread"), runs, caption="Runs worth opening")


def _notable_rows(
    study: Study, group: GroupResult, place: Coordinates, outcome: str, store: Store
) -> list[tuple[str | solara.Element, ...]]:
    """Return for each arm links to its best, median and worst run, and to one in which nothing spread."""
    facts = RegionFacts.of(group.group.network, study.scenario.steps)
    measured = find_outcome(outcome, group.group.network.role_names)
    percent = measured.unit == "share of agents"
    rows = []
    for arm in group.group.arms:
        own = own_scenario(study.scenario, arm)
        runs = store.runs(arm, seed=own.seed, replicates=own.replicates)
        found = {run.what: run for run in notable_runs(runs, facts, measured)}
        cells: list[str | solara.Element] = [arm.name]
        for what in ("best", "median", "worst", "nothing spread"):
            run = found.get(what)
            if run is None:
                cells.append("no run")
                continue
            value = f"{100 * run.value:.1f} %" if percent else f"{run.value:g}"
            alike = f", {run.alike:,} such runs" if run.alike > 1 else ""
            to = replace(place, arm=arm.name, replicate=run.replicate)
            cells.append(_link(f"/?{to.search()}", f"run {run.replicate:,}: {value}{alike}"))
        rows.append(tuple(cells))
    return rows


def _group_at(result: StudyResult, place: Coordinates) -> GroupResult:
    return next(
        group
        for group in result.groups
        if (group.group.network.name, group.group.cell.index) == (place.network, place.cell)
    )


def _link(to: str, text: str) -> solara.Element:
    return solara.Link(to if to.startswith("/") else f"/studies{to}", children=[text])
