"""Whether every arm has what its rules need, and every key has an arm that uses it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from diffusion.scenario.checks import REACH, a_number, within
from diffusion.scenario.interventions import missing_keys
from diffusion.scenario.reach import left_to_solve, reach_problems
from diffusion.scenario.registries import positions, rules
from diffusion.scenario.sections import (
    Sections,
    SweptPath,
    merged,
    overlap,
    overlapping,
    swept_keys,
    swept_path,
    with_values,
    written_paths,
)
from diffusion.scenario.settings import rule_keys, uses_receptivity
from diffusion.scenario.tables import STAGES
from diffusion.toml.documents import shown
from diffusion.toml.lines import KeyPath

PLACED = ("position", "count", "roles", "parameters")
"""The keys of ``leaders`` that ``leaders.agents`` sets aside."""


@dataclass(frozen=True)
class Draft:
    """Hold a scenario's tables, each checked on its own, before they are checked together.

    Attributes
    ----------
    sections
        What all arms share.
    arms
        Name and overrides of each arm.
    sweep
        Values by dotted key.
    sweep_paths
        Where each dotted key stands in the file.
    broken
        Sections with problems of their own, of which nothing more is said.
    """

    sections: Sections
    arms: tuple[tuple[str, Sections], ...]
    sweep: Mapping[str, tuple[Any, ...]]
    sweep_paths: Mapping[str, KeyPath]
    broken: frozenset[str]

    def cells(self) -> Iterator[dict[str, Any]]:
        """Yield every combination of swept values."""
        for values in itertools.product(*self.sweep.values()):
            yield dict(zip(self.sweep, values, strict=True))


@dataclass
class Findings:
    """Gather what is wrong, and say it once however many arms and cells it concerns."""

    draft: Draft
    found: dict[tuple[KeyPath, str], dict[int, None]] = field(default_factory=dict)

    def add(self, path: KeyPath, text: str, arm: int) -> None:
        """Note a problem of an arm at a place in the file."""
        self.found.setdefault((path, text), {})[arm] = None

    def lines(self) -> Iterator[tuple[KeyPath, str]]:
        """Yield each place and problem, naming the arms where it is not all of them."""
        for (path, text), arms in self.found.items():
            if path[0] == "arms" or len(arms) == len(self.draft.arms):
                yield path, text
            else:
                named = ", ".join(f'"{self.draft.arms[arm][0]}"' for arm in arms)
                yield path, f"{text} (arm{'s' if len(arms) > 1 else ''} {named})"


def usage_problems(draft: Draft) -> Iterator[tuple[KeyPath, str]]:
    """Yield where keys are missing, and where keys are stated or swept without use.

    Parameters
    ----------
    draft
        The checked tables.
    """
    findings = Findings(draft)
    used: list[set[SweptPath]] = [set() for _ in draft.arms]
    for values in draft.cells():
        base = with_values(draft.sections, values)
        for arm, (_, overrides) in enumerate(draft.arms):
            _ArmInCell(draft, findings, arm, values, merged(base, overrides)).check(used[arm])
    for arm, (_, overrides) in enumerate(draft.arms):
        for path, reason in _unused(draft, overrides, used[arm]):
            findings.add(("arms", arm, *path), reason, arm)
    yield from findings.lines()
    yield from _unused_sections(draft, set().union(*used))


@dataclass(frozen=True)
class _ArmInCell:
    """Check one arm in one cell."""

    draft: Draft
    findings: Findings
    arm: int
    values: dict[str, Any]
    sections: Sections

    def check(self, used: set[SweptPath]) -> None:
        for stage in STAGES:
            if stage not in self.draft.broken:
                self._check_stage(stage, used)
        if "leaders" not in self.draft.broken:
            self._check_leaders()
            leaders = self.sections.get("leaders", {})
            used.update(("leaders", "parameters", name) for name in _parameters_of(leaders))
        if uses_receptivity(self.sections):
            used.add(("agents", "receptivity"))
        if "interventions" not in self.draft.broken:
            for path, text in missing_keys(self.sections.get("interventions", {})):
                self.findings.add(self._intervention_place(path), text, self.arm)
        for key, path in swept_keys(self.values):
            self._check_swept(key, path)
        if not self.draft.broken.intersection(STAGES):
            for stage, key, text in reach_problems(self.sections):
                self.findings.add(self._origin(stage, key), text, self.arm)

    def _check_stage(self, stage: str, used: set[SweptPath]) -> None:
        table = self.sections.get(stage)
        if table is None and stage == "awareness":
            return
        if table is None or "rule" not in table:
            text = "no rule is stated; write which rule moves agents"
            self.findings.add(self._origin(stage, "rule"), text, self.arm)
            return
        used.update((stage, key) for key in (*rule_keys(stage, table["rule"]), REACH))
        self._check_parameters(stage, table["rule"])

    def _check_parameters(self, stage: str, rule: str) -> None:
        table = self.sections[stage]
        for said in rules()[rule].parameters:
            value = table.get(said.name)
            if value is None and said.required and (REACH not in table or said.name not in left_to_solve(table)):
                text = f'the rule "{rule}" needs {said.name} ({said.sentence}), and it is missing; write it'
                self.findings.add(self._origin(stage, said.name), text, self.arm)
            if isinstance(value, float) and not within(value, said.low, said.high):
                text = f'must be {a_number(said.low, said.high)} under the rule "{rule}"; got {shown(value)}'
                self.findings.add(self._origin(stage, said.name), text, self.arm)

    def _origin(self, section: str, key: str) -> KeyPath:
        """Return where a key stands or, where it is missing, beside the rule that calls for it."""
        for wanted in (key, "rule"):
            if wanted in self.draft.arms[self.arm][1].get(section, {}):
                return ("arms", self.arm, section, key)
            for swept, path in swept_keys(self.values):
                if overlap(path, (section, wanted)):
                    return self._swept_place(swept)
            if wanted in self.draft.sections.get(section, {}):
                break
        return (section, key)

    def _intervention_place(self, path: KeyPath) -> KeyPath:
        """Return where a key of an intervention is missing: in the arm where that states any of it."""
        own = self.draft.arms[self.arm][1].get("interventions", {})
        return ("arms", self.arm, "interventions", *path) if path[0] in own else ("interventions", *path)

    def _swept_place(self, key: str) -> KeyPath:
        """Return where a swept key stands, or this cell's table where it is a whole section."""
        place = self.draft.sweep_paths[key]
        whole = len(swept_path(key)) == 1
        return (*place, self.draft.sweep[key].index(self.values[key])) if whole else place

    def _check_leaders(self) -> None:
        leaders = self.sections.get("leaders", {})
        place: KeyPath = ("arms", self.arm, "leaders")
        if "agents" in leaders or leaders.get("count") == 0:
            return
        if "count" not in leaders and "position" not in leaders:
            text = "no leaders are stated; write leaders.position and leaders.count, or leaders.agents"
            self.findings.add(place, f"{text} (leaders.count = 0 for nobody)", self.arm)
        elif "count" not in leaders:
            self.findings.add((*place, "count"), "is missing; write how many lead, here or in [leaders]", self.arm)
        elif "position" not in leaders:
            self.findings.add((*place, "position"), "is missing; write which position leaders hold", self.arm)

    def _check_swept(self, key: str, path: SweptPath) -> None:
        needed = {path[0], *STAGES} if path[:2] == ("agents", "receptivity") else {path[0]}
        if needed & self.draft.broken:
            return
        dotted = ".".join(path)
        if overlapping(path, written_paths(self.draft.arms[self.arm][1])):
            text = f"is swept, but an arm overrides {dotted}; take one of the two out"
        elif reason := _why_unused(self.sections, path):
            text = f"is swept, but not every arm uses {dotted}: {reason}"
        else:
            return
        self.findings.add(self._swept_place(key), text, self.arm)


def _why_unused(sections: Sections, path: SweptPath) -> str:
    """Return why an arm does not use a key, or an empty text where it does.

    An arm in which nobody leads passes for all keys of ``leaders``: it is what
    other arms are seen against, whatever kind of leaders is swept.
    """
    section, key = path[0], path[1]
    if section in STAGES and "rule" in sections.get(section, {}):
        rule = sections[section]["rule"]
        return "" if key in (*rule_keys(section, rule), REACH) else f'the rule "{rule}" has no {key}'
    if section == "leaders" and key in PLACED and "agents" in sections["leaders"]:
        return "leaders.agents names the leaders"
    if path[:2] == ("leaders", "parameters") and len(path) == 3 and path[2] not in _parameters_of(sections["leaders"]):
        return f'the position "{sections["leaders"].get("position")}" has no such parameter'
    if path[:2] == ("agents", "receptivity") and not uses_receptivity(sections):
        return "no rule uses receptivity"
    return ""


def _parameters_of(leaders: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parameters of the position that leaders hold; none where they hold none."""
    if "agents" in leaders or "position" not in leaders:
        return ()
    return tuple(said.name for said in positions()[leaders["position"]].parameters)


def _unused(draft: Draft, overrides: Sections, used: set[SweptPath]) -> Iterator[tuple[KeyPath, str]]:
    """Yield what an arm writes and uses in no cell."""
    stages_broken = any(stage in draft.broken for stage in STAGES)
    agents_shared = "agents" in draft.sections.get("leaders", {}) or "leaders.agents" in draft.sweep
    for path in written_paths(overrides):
        section, key = path[0], path[1]
        if section in draft.broken:
            continue
        if section in STAGES and (section, "rule") in used and (section, key) not in used:
            yield path, f"the arm does not use this key: its rule has no {key}; take it out or change the rule"
        elif path[:2] == ("agents", "receptivity") and path[:2] not in used and not stages_broken:
            yield path, "the arm does not use this key: none of its rules uses receptivity; take it out"
        elif section == "leaders" and key in PLACED and "agents" not in overrides["leaders"] and agents_shared:
            yield path, "leaders.agents of the scenario sets this key aside; move leaders.agents to the arms"
        elif path[:2] == ("leaders", "parameters") and len(path) == 3 and path not in used:
            yield path, "the arm does not use this key: its position has no such parameter; take it out"


def _unused_sections(draft: Draft, used: set[SweptPath]) -> Iterator[tuple[KeyPath, str]]:
    """Yield what the scenario's own stages and leaders state and no arm uses."""
    for stage in STAGES:
        if stage in draft.broken or stage not in draft.sections:
            continue
        if any(swept_path(key) == (stage,) for key in draft.sweep):
            yield (stage,), f'the sweep of "{stage}" replaces this section; take the section out'
            continue
        if (stage, "rule") not in used:
            continue
        for key in draft.sections[stage]:
            if (stage, key) not in used:
                yield (stage, key), "no arm uses this key: no arm's rule has it; take it out or change the rule"
    if "leaders" not in draft.broken:
        for name in draft.sections.get("leaders", {}).get("parameters", {}):
            if ("leaders", "parameters", name) not in used:
                yield ("leaders", "parameters", name), "no arm uses this key: no arm's position has it; take it out"
