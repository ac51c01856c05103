"""Numbers of a report, computed again from the store by what the register says of where they are from.

Means, differences and shares of histories are worked out from the rows of the
database, by numpy alone.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from paths_in_json import at
from report_named import cut_number, extra_runs, named_again, paired, runs_of, size_key

from diffusion.analysis.concordance import concordances
from diffusion.analysis.credit_totals import credit_totals
from diffusion.analysis.intervals import mean_interval
from diffusion.analysis.observed.findings import observed_findings
from diffusion.analysis.observed.runs import adoption_of_runs, curve_against_runs
from diffusion.analysis.observed.times import observed_times
from diffusion.analysis.outcomes import RegionFacts, find_outcome
from diffusion.experiment.costs import units_of_runs
from diffusion.experiment.store import Store
from diffusion.report.chapter import Chapter
from diffusion.report.further import Further
from diffusion.report.sections.elsewhere import placed
from diffusion.report.writing import read_chapter

STORED = "SELECT adopters, ever_adopted, spread, area_steps, time_to_half, organisations_reached, adopted FROM runs"

Source = Mapping[str, Any]
Array = Any  # of numbers: what numpy gives is of many types


class Recomputed:
    """Compute numbers again, from a store read anew."""

    def __init__(self, store: Store, study: str) -> None:
        self.chapter: Chapter = read_chapter(store, store.find(study))
        self.store = store
        self._observed: dict[str, Any] = {}
        self._further: dict[tuple[str, str, int], list[Any]] = {}
        self._rows: dict[tuple[int, str], dict[str, Array]] = {}
        self._credit: dict[tuple[int, str], Any] = {}

    def __call__(self, source: Source) -> Any:
        """Return a number from where the register says it is; None for what is fixed in the program."""
        found = {
            "summary": self.summary,
            "comparison": self.comparison,
            "scenario": self.scenario,
            "cell": self.cell,
            "network": self.network,
            "leaders": self.leaders,
            "study": self.study,
            "place": self.rank,
            "clipped": self.clipped,
            "agreement": self.agreement,
            "parameter": self.parameter,
            "credit": self.credit,
            "credited runs": self.credited_runs,
            "explained": self.explained,
            "attainment": self.attainment,
            "unanswered": self.unanswered,
            "effects": self.further,
            "regret": self.further,
            "durations": self.further,
            "equity": self.further,
            "unreached": self.further,
            "concordance": self.concordance,
            "costs": self.costs,
            "prices": self.prices,
            "solved": self.solved,
            "cut": lambda said: cut_number(self.chapter, said),
            "scenario text": lambda _: None,
            "arms told together": lambda _: None,
            "observed": self.observed,
            "observed agents": self.observed_agents,
            "observed runs": self.observed_runs,
            "named": lambda said: named_again(self.chapter, self.place(said), said["path"]),
            "constant": lambda _: None,
        }
        kind = "equity" if source["from"].startswith("equity by ") else source["from"]
        asked: Callable[[Source], Any] = found[kind]
        return asked(source)

    def place(self, source: Source) -> int:
        groups = [(group.network.name, group.cell.index) for group in self.chapter.study.groups]
        return groups.index((source["network"], source["cell"]))

    def rows(self, source: Source, arm: str) -> dict[str, Array]:
        """Return the outcomes of an arm run by run, from the rows of the database."""
        key = (self.place(source), arm)
        if key not in self._rows:
            self._rows[key] = self.read(source, arm)
        return self._rows[key]

    def read(self, source: Source, arm: str) -> dict[str, Array]:
        group = self.chapter.study.groups[self.place(source)]
        planned = next(one for one in group.arms if one.name == arm)
        query = (
            f"{STORED} r JOIN series s ON s.id = r.series WHERE s.setting_digest = ? AND s.arm_digest = ? "
            "AND r.replicate < ? ORDER BY r.replicate"
        )
        replicates = runs_of(self.chapter, planned)
        with self.store.database.reading() as connection:
            found = connection.exec_driver_sql(
                query, (planned.setting_digest, planned.arm_digest, replicates)
            ).fetchall()
        columns = list(zip(*found, strict=True))
        network, steps = group.network, self.chapter.study.scenario.steps
        adopters, ever, spread, area, half, organisations = (np.array(column, float) for column in columns[:6])
        octets = np.frombuffer(b"".join(columns[6]), dtype=np.uint8).reshape(len(found), -1)
        adopted = np.unpackbits(octets, axis=1, count=network.size).astype(float)
        told = {
            "adopters": adopters,
            "adopted_share": adopters / network.size,
            "ever_adopted_share": ever / network.size,
            "spread": spread,
            "area": area / (network.size * steps),
            "time_to_half": np.where(half < 0, steps + 1, half),
            "organisations_reached": organisations,
            "never": (half < 0).astype(float),
        }
        roles = np.array(network.roles)
        for role in network.role_names:
            told[f"adopted_share.{role}"] = adopted[:, roles == role].mean(axis=1)
        leads = self.chapter.store.runs(planned, seed=self.chapter.study.scenario.seed, replicates=replicates).leaders
        return told | {"adopted": adopted, "leads": np.broadcast_to(leads, adopted.shape)}

    def summary(self, source: Source) -> Any:
        field, rows = source["field"], self.rows(source, source["arm"])
        if field == "replicates":
            return float(len(rows["adopters"]))
        values = rows[source["outcome"]]
        error = values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan
        low, high = mean_interval(values, low=0.0, high=self.ceiling(source)) or (math.nan, math.nan)
        if field in ("p_best", "p_best_tied"):
            summaries = self.chapter.result.groups[self.place(source)].summaries
            return next(getattr(one, field)[source["outcome"]] for one in summaries if one.arm == source["arm"])
        smallest = self.chapter.arms[self.place(source)].smallest(source["outcome"]).value if "small" in field else 1.0
        return {
            "mean": values.mean(),
            "low": low,
            "high": high,
            "sd": values.std(ddof=1) if len(values) > 1 else math.nan,
            "standard_error": error,
            "error_of_smallest": error / smallest,
            "censored": rows["never"].mean(),
            "differ_below": 3 / len(values),
        }[field]

    def ceiling(self, source: Source) -> Any:
        group = self.chapter.study.groups[self.place(source)]
        facts = RegionFacts.of(group.network, self.chapter.study.scenario.steps)
        name = source["outcome"]
        counts = {"organisations_reached": facts.organisations, "time_to_half": facts.steps + 1}
        return float(counts.get(name, facts.size if name in ("adopters", "spread") else 1))

    def comparison(self, source: Source) -> Any:
        field, name = source["field"], source["outcome"]
        arm, baseline = paired(self.rows(source, source["arm"]), self.rows(source, source["baseline"]))
        differences = self.pairs(source, name, arm, baseline)
        differences = differences[np.isfinite(differences)]
        sign = -1 if name == "time_to_half" else 1
        told = {
            "difference": differences.mean(),
            "p_better": (sign * differences > 1e-12).mean(),
            "p_tie": (abs(differences) <= 1e-12).mean(),
            "p_worse": (sign * differences < -1e-12).mean(),
            "replicates": len(differences),
            "differ_below": 3 / len(differences),
        }
        if field in told:
            return float(told[field])
        if field == "variance_saved":
            return 1 - differences.var() / (arm[name].var() + baseline[name].var())
        return self.simultaneous(source)

    def pairs(self, source: Source, name: str, arm: dict[str, Array], baseline: dict[str, Array]) -> Array:
        if not name.startswith("adopted_share_others."):
            return arm[name] - baseline[name]
        roles = np.array(self.chapter.study.groups[self.place(source)].network.roles)
        others = (roles == name.partition(".")[2]) & ~arm["leads"] & ~baseline["leads"]
        counts = np.where(others.any(axis=1), others.sum(axis=1), np.nan)
        return ((arm["adopted"] * others).sum(axis=1) - (baseline["adopted"] * others).sum(axis=1)) / counts

    def simultaneous(self, source: Source) -> Any:
        """Return what follows from simultaneous intervals, which a test of their own covers."""
        arms = self.chapter.arms[self.place(source)]
        found = arms.compared(source["arm"], source["baseline"], source["outcome"])
        assert found is not None
        field = source["field"]
        if field in ("low_all", "high_all"):
            return getattr(found, field)
        assert found.low_all is not None
        assert found.high_all is not None
        half = (found.high_all - found.low_all) / 2
        if field == "half_width":
            return half
        assert field == "replicates_needed"
        smallest = arms.smallest(source["outcome"]).value
        needed = self.chapter.study.scenario.replicates * (half / smallest) ** 2
        return float(f"{math.ceil(needed / 10 ** (len(str(int(needed))) - 2)) * 10 ** (len(str(int(needed))) - 2)}")

    def scenario(self, source: Source) -> Any:
        scenario, key = self.chapter.study.scenario, source["key"]
        counts = {"arms": len(scenario.arms), "cells": len(scenario.cells())}
        value = counts[key] if key in counts else getattr(scenario, key)
        return float(value * source.get("times", 1) + source.get("plus", 0))

    def cell(self, source: Source) -> Any:
        value: Any = self.chapter.study.scenario.cells()[source["cell"]].values
        return float(at(value, source["path"]))

    def network(self, source: Source) -> Any:
        network = next(one for one in self.chapter.networks if one.name == source["network"])
        field = source["field"]
        if field == "roles":
            return float(network.roles.count(source["key"]))
        if field == "out_degree":
            agent = network.ids.index(source["key"])
            others = set(network.target[network.source == agent].tolist())
            return float(len(others - {agent}))
        if field == "layers":
            return float((network.layer == network.layers.index(source["key"])).sum())
        return float(
            {
                "agents": network.size,
                "ties": network.tie_count,
                "organisations": len(network.organisation_names),
                "role_count": len(network.role_names),
                "self_ties": network.self_ties,
                "repeats": network.repeats,
                "further_roles": len(network.role_names) - 4,
            }[field]
        )

    def leaders(self, source: Source) -> Any:
        group = self.chapter.study.groups[self.place(source)]
        choice = next(one for one in group.arms if one.name == source["arm"]).choice
        return float(
            {"places": choice.places, "among": len(choice.among), "further": len(choice.fixed) - 12}[source["field"]]
        )

    def study(self, source: Source) -> Any:
        study = self.chapter.whole_study
        arms = max(len(group.arms) for group in study.groups)
        counts = {"runs": sum(runs_of(self.chapter, arm) for arm in study.arms), "places": len(study.groups)}
        nulls = study.scenario.nulls
        counts |= {
            "rewirings": nulls.rewirings,
            "rewired_runs": min(nulls.rewired_replicates, study.scenario.replicates),
            "extra_runs": extra_runs(self.store, study),
        }
        counts |= {"cells": len(study.scenario.cells()), "arms_played": arms, "other_arms": arms - 1}
        return float(counts[source["field"]])

    def rank(self, source: Source) -> Any:
        has_place = {one.arm for one in self.chapter.result.groups[self.place(source)].lasting}
        means = {
            one.name: round(self.rows(source, one.name)[source["outcome"]].mean(), 12)
            for one in self.chapter.study.groups[self.place(source)].arms
            if one.name != "no leaders" and one.name in has_place
        }
        return 1.0 + sum(mean > means[source["arm"]] for mean in means.values())

    def clipped(self, source: Source) -> Any:
        return float(getattr(self.chapter.result.groups[self.place(source)], source["field"]))

    def agreement(self, source: Source) -> Any:
        found = [next(iter(group.contenders.values())) for group in self.chapter.result.groups if group.contenders]
        if source["field"] == "compared":
            return float(len(found))
        return float(sum(source["arm"] in one.leading for one in found))

    def parameter(self, source: Source) -> Any:
        scenario, key, where = self.chapter.study.scenario, source["key"], source["where"]
        section, _, name = key.partition(".")
        if section in ("design", "precision"):
            return size_key(scenario, source)
        if not name and not where:
            return float(getattr(scenario, section))
        inner = name.split(".") if section == "interventions" else [name]
        if where.startswith("value "):
            value: Any = dict(scenario.sweep)[key][int(where.removeprefix("value "))]
        elif where.startswith("arm "):
            arm = next(arm for arm in scenario.arms if arm.name == where.removeprefix("arm "))
            value = at(arm.overrides[section], inner)
        elif section in ("nulls", "credit"):
            value = at(tomllib.loads(scenario.text)[section], name.split("."))
        elif section == "interventions":
            value = at(scenario.sections[section], inner)
        else:
            default = 1.0 if name in ("receptivity", "influence") else 0.0
            value = scenario.sections.get(section, {}).get(name, default)
        return float(at(value, source.get("entry", [])))

    def costs(self, source: Source) -> Any:
        """Return what an arm costs, or its spread, from the rows of the database and the units of its runs."""
        place, field = source["path"]
        found = self.chapter.result.groups[self.place(source)].costs.arms[place]
        if field not in ("cost", "mean", "per_unit"):
            return getattr(found, field)
        scenario = self.chapter.study.scenario
        group = self.chapter.study.groups[self.place(source)]
        arm = next(one for one in group.arms if one.name == found.arm)
        units = units_of_runs(arm, seed=scenario.seed, replicates=scenario.replicates)
        cost = sum(price * units[unit].mean() for unit, price in scenario.costs.prices if unit in units)
        mean = self.rows(source, found.arm)["spread"].mean()
        return float({"cost": cost, "mean": mean, "per_unit": mean / cost if cost else math.nan}[field])

    def prices(self, source: Source) -> Any:
        stated = self.chapter.study.scenario.costs
        return stated.budget if source["price"] == "budget" else dict(stated.prices)[source["price"]]

    def credit(self, source: Source) -> Any:
        key = (self.place(source), source["arm"])
        if key not in self._credit:
            ensemble = self.chapter.ensemble(*key)
            runs = self.credited_runs(source)
            self._credit[key] = credit_totals(source["arm"], ensemble.model_input, ensemble.block, runs)
        totals = self._credit[key]
        path = source["path"]
        if path[0] == "leaders_together":
            return sum(one.descended for one in totals.leaders) / (totals.adoptions or 1.0)
        if path[0] != "shares":
            return float(at(totals.as_json(), path))
        if path[1] in ("other_leaders", "other_flows"):
            parts = [one.descended for one in totals.leaders] if path[1] == "other_leaders" else []
            return sum((parts or [flow.credit for flow in totals.roles])[6:]) / totals.adoptions
        shares = [flow.credit for flow in totals.roles] if path[1] == "roles" else [one for _, one in totals.layers]
        return shares[path[2]] / totals.adoptions

    def credited_runs(self, _: Source) -> int:
        study = self.chapter.study
        return min(study.scenario.replicates, 1000, max(64, 4_000 // len(study.arms)))

    def unanswered(self, source: Source) -> Any:
        reason = self.chapter.study.groups[self.place(source)].unanswered[source["entry"]].reason
        assert source["token"] in reason
        return float(source["token"])

    def explained(self, source: Source) -> Any:
        return float(at(self.chapter.result.groups[self.place(source)].explained.as_json(), source["path"]))

    def attainment(self, source: Source) -> Any:
        told = self.chapter.result.groups[self.place(source)].attained_as_json()
        return float(at(told, source["path"]))

    def further(self, source: Source) -> Any:
        key = (source["from"], source["outcome"], self.place(source))
        if key not in self._further:
            told = Further(self.chapter, key[2]).told(key[0], key[1])
            self._further[key] = [one.as_json() for one in told]
        *path, field = source["path"]
        entry = at(self._further[key], path)
        return float(1 - entry["censored"] if field == "reached" else entry[field])

    def solved(self, source: Source) -> Any:
        group = self.chapter.result.groups[self.place(source)]
        held = group.solved[source["place"]]
        kind, *path = source["path"]
        if kind == "shown":
            assert held.checked is not None
            return self.summary({**source, "arm": held.checked.arm, "outcome": "ever_adopted_share", "field": path[0]})
        [asked] = [one for one in self.store.study(self.store.find("who")).scenario.solved if one == held.solved]
        told = {"reach": asked.share, "value": asked.value, "reached": asked.canonical()}
        return float(at(told, [kind, *path]))

    def observed(self, source: Source) -> Any:
        network = next(one for one in self.chapter.networks if one.name == source["network"])
        if not self._observed:
            seed = self.chapter.study.scenario.seed
            times = observed_times(network)
            self._observed = observed_findings(network, times, within="organisation", seed=seed).as_json()
            self._observed["times"] = {"periods": times.periods}
        value = float(at(self._observed, source["path"]))
        return value / float(at(self._observed, source["over"])) if "over" in source else value

    def observed_agents(self, source: Source) -> Any:
        network = next(one for one in self.chapter.networks if one.name == source["network"])
        return float(sum(bool(text.strip()) for text in network.columns["time_of_adoption"]))

    def observed_runs(self, source: Source) -> Any:
        if source["of"] == "checks" or source["path"][0] in ("inside", "periods"):
            return None
        [network] = self.chapter.networks
        adopted = adoption_of_runs(self.chapter.ensemble(0, source["arm"]), self.chapter.study.scenario.replicates)
        found = curve_against_runs(observed_times(network), adopted, self.chapter.study.scenario.steps)
        return float(at(found.as_json(), source["path"]))

    def concordance(self, source: Source) -> Any:
        result = self.chapter.result.groups[0]
        outcome = find_outcome(self.chapter.ranking_outcome, result.group.network.role_names)
        found = concordances(placed(self.chapter), outcome, result.baseline)
        return float(at([one.as_json() for one in found], source["path"]))
