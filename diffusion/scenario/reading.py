"""A scenario file, read: every problem at once, each with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from diffusion.analysis.precision_asked import FIRST_REPLICATES, FIRST_WORLDS, asked_precision
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.errors import InputError, nearest_name_hint
from diffusion.scenario.checks import text
from diffusion.scenario.costs import CostsStated, checked_costs
from diffusion.scenario.explanations import CreditAsked, NullsAsked
from diffusion.scenario.interventions import checked_interventions, checked_swept
from diffusion.scenario.sections import Sections, overlap, swept_path
from diffusion.scenario.study import Arm, Scenario
from diffusion.scenario.tables import (
    ARM_KEYS,
    DOCUMENT_KEYS,
    EXPLANATIONS,
    HEAD_KEYS,
    INTERVENTIONS,
    MOST_STEPS,
    SECTIONS,
    STAGES,
    SWEPT_SECTIONS,
    TABLED_KEYS,
    HeadTable,
    Table,
    checked_table,
    unknown_key,
)
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK, mode_problems
from diffusion.scenario.uncertain_ranges import range_problems
from diffusion.scenario.usage import Draft, usage_problems
from diffusion.scenario.world_keys import count_problems, design_of, first_worlds
from diffusion.toml.documents import TomlDocument, bare, parsed_toml, read_toml, shown
from diffusion.toml.lines import KeyPath, TomlLines


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Beside what all arms share, a scenario has arms and, perhaps, a sweep. A
    value in an arm is laid over the scenario's; tables (by role, layer, pair
    of roles or attribute) are merged entry by entry. A swept value replaces
    the scenario's. The keys of ``[sweep]`` are dotted: a key
    (``"adoption.transmission"``), one entry of a table
    (``"ties.layers.informal"``), or a whole section, ``"adoption"`` or
    ``"awareness"``, with tables as values, so that each rule comes with the
    keys that it needs::

        [sweep]
        adoption = [
          { rule = "contagion", transmission = 0.02 },
          { rule = "threshold", threshold = 0.2, exposure = "share" },
        ]

    Parameters
    ----------
    path
        The TOML file.

    Raises
    ------
    InputError
        If the file cannot be read or anything in it is wrong: one line a
        problem, ``file:line: key: what must hold; what came``.
    """
    path = Path(path)
    document = read_toml(path, what="scenario", needs="networks, steps, replicates, [adoption] and [[arms]]")
    return _scenario(document)


def read_scenario(written: str, path: Path) -> Scenario:
    """Return the scenario that a text states, as :func:`load_scenario` does of a file.

    Parameters
    ----------
    written
        The text, in TOML.
    path
        What the file is, or would be, called: relative networks start at its
        folder, and messages name it. It is not read.

    Raises
    ------
    InputError
        If anything in the text is wrong, a line a problem.
    """
    return _scenario(parsed_toml(written, path, what="scenario"))


def _scenario(document: TomlDocument) -> Scenario:
    reader = _Reader(document.path, document.table, document.lines)
    return reader.scenario(document.text)


class _Reader:
    """Turn a parsed document into a scenario, or into lines that say what is wrong."""

    def __init__(self, path: Path, document: dict[str, Any], lines: TomlLines) -> None:
        self._path = path
        self._document = document
        self._lines = lines
        self._problems: dict[tuple[int, str], None] = {}
        self._broken: set[str] = set()

    def scenario(self, written: str) -> Scenario:
        """Return the scenario; raise every problem that was found."""
        for key in self._document:
            if key not in DOCUMENT_KEYS:
                self._complain_of_key((key,), DOCUMENT_KEYS)
        head_keys = {key: value for key, value in self._document.items() if key in HEAD_KEYS}
        head = checked_table(HeadTable, head_keys, partial(_inside, self._complain, ()))
        sections = self._sections(self._document, ())
        arms = tuple(self._arms())
        sweep, sweep_paths = self._sweep()
        nulls = self._explanation("nulls", {"matched": "true", "structure": "{ rewirings = 200 }"})
        credit = self._explanation("credit", {"counterfactual": "true", "shapley": "true"})
        self._check_replicates(credit, ("credit",))
        self._check_replicates(nulls.get("structure", {}), ("nulls", "structure"))
        costs = self._costs()
        self._check_baseline(arms)
        self._check_uncertain_network(sections, sweep)
        if arms:
            draft = Draft(sections, arms, sweep, sweep_paths, frozenset(self._broken))
            for path, words in usage_problems(draft):
                self._complain(path, words)
        worlds = self._worlds(head, sections, arms, sweep)
        if self._problems:
            raise InputError([line for _, line in sorted(self._problems, key=lambda problem: problem[0])])
        return Scenario(
            name=self._path.stem,
            **_stated_above(head, self._path.stem, arms[0][0]),
            sections=sections,
            arms=tuple(Arm(name, overrides) for name, overrides in arms),
            sweep=tuple(sweep.items()),
            **worlds,
            nulls=NullsAsked.stated(nulls),
            credit=CreditAsked.stated(credit),
            costs=CostsStated.stated(costs),
            folder=self._path.parent,
            text=written,
        )

    def _worlds(
        self,
        head: Table,
        sections: Sections,
        arms: tuple[tuple[str, Sections], ...],
        sweep: Mapping[str, tuple[Any, ...]],
    ) -> dict[str, Any]:
        """Return how many worlds there are and how they are found; complain of what does not fit."""
        if self._broken:  # what is uncertain there is not known
            return {}
        told = _stated_above({"networks": (), "steps": head.get("steps", MOST_STEPS)}, "", "")
        draft = Scenario(
            "", **told, sections=sections, arms=tuple(Arm(*arm) for arm in arms), sweep=tuple(sweep.items())
        )
        for path, words in range_problems(draft):
            self._complain(path, words)
        uncertain = draft.uncertain_paths()
        for key, words in count_problems(head, self._document, uncertain, draft.uncertain_keys()):
            self._complain(tuple(key.split(".")), words)
        design, precision = design_of(head), asked_precision(head["precision"]) if "precision" in head else None
        worlds = first_worlds(design, FIRST_WORLDS) if uncertain and precision else head.get("worlds", 1)
        return {"worlds": worlds, "design": design, "precision": precision}

    def _check_uncertain_network(self, sections: Sections, sweep: Mapping[str, tuple[Any, ...]]) -> None:
        """Refuse what does not fit the mode in which the network differs between worlds."""
        swept = {path[1]: key for key in sweep if (path := swept_path(key))[0] == UNCERTAIN_NETWORK}
        if UNCERTAIN_NETWORK in self._broken or not (swept or UNCERTAIN_NETWORK in sections):
            return
        table = sections.get(UNCERTAIN_NETWORK, {})
        for key, words in mode_problems(table, swept, sweep):
            place = ("sweep", swept[key]) if key in swept and key not in table else (UNCERTAIN_NETWORK, key)
            self._complain(place, words)
            self._broken.add(UNCERTAIN_NETWORK)
        for section in EXPLANATIONS:
            if section in self._document:
                words = f"is worked out on one network, and [{UNCERTAIN_NETWORK}] makes it differ between worlds"
                self._complain((section,), f"{words}; take one of the two out")

    def _complain(self, path: KeyPath, words: str) -> None:
        line = self._lines.line(path)
        self._problems[line, f"{self._path}:{line}: {self._key_text(path)}: {words}"] = None

    def _complain_of_key(self, path: KeyPath, known: tuple[str, ...]) -> None:
        """Complain about an unknown key; where a section may be meant, say no more about that section."""
        words = unknown_key(str(path[-1]), known)
        self._broken.update(section for section in (*SECTIONS, INTERVENTIONS) if f'"{section}"' in words)
        self._complain(path, words)

    def _key_text(self, path: KeyPath) -> str:
        if len(path) > 1 and path[0] == "arms" and isinstance(path[1], int):
            arm = self._document["arms"][path[1]]
            name = arm.get("name") if isinstance(arm, dict) else None
            head = f"arms.{bare(name)}" if isinstance(name, str) and name.strip() else f"arms[{path[1] + 1}]"
            path = path[2:]
        else:
            head, path = bare(str(path[0])), path[1:]
        return head + "".join(f"[{part + 1}]" if isinstance(part, int) else f".{bare(part)}" for part in path)

    def _sections(self, table: dict[str, Any], place: KeyPath) -> Sections:
        sections: Sections = {}
        for name in SECTIONS if place else SWEPT_SECTIONS:
            if name in table:
                sections[name] = self._section(name, table[name], (*place, name))
        if INTERVENTIONS in table:
            before = len(self._problems)
            above = self._document.get(INTERVENTIONS, {}) if place else None
            complain = partial(_inside, self._complain, (*place, INTERVENTIONS))
            sections[INTERVENTIONS] = checked_interventions(table[INTERVENTIONS], complain, above=above)
            if len(self._problems) > before:
                self._broken.add(INTERVENTIONS)
        return sections

    def _costs(self) -> Table:
        """Return what is said of prices."""
        return checked_costs(self._document.get("costs"), partial(_inside, self._complain, ("costs",)))

    def _section(self, name: str, said: object, place: KeyPath) -> Table:
        before = len(self._problems)
        checked = checked_table(SWEPT_SECTIONS[name], said, partial(_inside, self._complain, place))
        if len(self._problems) > before:
            self._broken.add(name)
        return checked

    def _explanation(self, name: str, asking: Mapping[str, str]) -> Table:
        """Return a section that asks for runs beside the arms; refuse one that asks for nothing.

        ``asking`` names its keys that ask for something, and how they are written.
        """
        if name not in self._document:
            return {}
        before = len(self._problems)
        table = checked_table(EXPLANATIONS[name], self._document[name], partial(_inside, self._complain, (name,)))
        if len(self._problems) == before and not any(table.get(key) for key in asking):
            words = " or ".join(f"{key} = {value}" for key, value in asking.items())
            self._complain((name,), f"asks for nothing; write {words}, or take the section out")
        return table

    def _check_replicates(self, table: Table, place: KeyPath) -> None:
        """Refuse more replicates than the arms have, with which these runs are paired."""
        most = self._document.get("replicates")
        if isinstance(most, int) and table.get("replicates", 0) > most:
            words = f"must be at most the {most} replicates that every arm has; got {table['replicates']}"
            self._complain((*place, "replicates"), words)

    def _arms(self) -> Iterator[tuple[str, Sections]]:
        said = self._document.get("arms")
        if not isinstance(said, list) or not said:
            came = f"got {shown(said)}" if "arms" in self._document else "there is none"
            self._complain(("arms",), f"must be at least one arm, each under its own [[arms]]; {came}")
            return
        names: list[object] = []
        for index, arm in enumerate(said):
            if not isinstance(arm, dict):
                self._complain(("arms", index), f"must be a table; got {shown(arm)}")
                self._broken.update(SECTIONS)
                yield f"arm {index + 1}", {}
                continue
            for key in arm:
                if key not in ARM_KEYS:
                    self._complain_of_key(("arms", index, key), ARM_KEYS)
            name = self._arm_name(index, arm, names)
            names.append(name)
            yield name, self._sections(arm, ("arms", index))

    def _arm_name(self, index: int, arm: dict[str, Any], names: list[object]) -> str:
        path = ("arms", index, "name")
        if "name" not in arm:
            self._complain(path, "is missing; give the arm a name")
            return f"arm {index + 1}"
        before = len(self._problems)
        name = text(arm["name"], partial(_inside, self._complain, path))
        if len(self._problems) > before:
            return f"arm {index + 1}"
        if name == NO_LEADERS:
            words = "is the name of the arm that the program adds by itself; choose another name"
            self._complain(path, f'"{NO_LEADERS}" {words}')
        elif name in names:
            self._complain(path, f"every arm needs a name of its own; got {shown(name)} a second time")
        return str(name)

    def _check_baseline(self, arms: tuple[tuple[str, Sections], ...]) -> None:
        names = [name for name, _ in arms]
        baseline = self._document.get("baseline")
        if isinstance(baseline, str) and baseline.strip() and names and baseline.strip() not in names:
            hint = nearest_name_hint(baseline, names) or f"; the arms are {', '.join(names)}"
            self._complain(("baseline",), f"must name an arm; got {shown(baseline)}{hint}")

    def _sweep(self) -> tuple[dict[str, tuple[Any, ...]], dict[str, KeyPath]]:
        swept: dict[str, tuple[Any, ...]] = {}
        paths: dict[str, KeyPath] = {}
        said = self._document.get("sweep", {})
        if not isinstance(said, dict):
            self._complain(("sweep",), f"must be a table; got {shown(said)}")
            said = {}
        for place, dotted, values in _flat(said, ("sweep",)):
            if not self._is_sweepable(place, dotted):
                continue
            key, checked = self._swept_values(place, dotted, values)
            for other in swept:
                parts, others = swept_path(key), swept_path(other)
                if overlap(parts, others) and (len(parts) > 1) == (len(others) > 1):
                    self._complain(place, f"overlaps with {other}, which is swept too; take one out")
            swept[key], paths[key] = checked, place
        return {key: values for key, values in swept.items() if values}, paths

    def _is_sweepable(self, place: KeyPath, dotted: str) -> bool:
        section, *rest = swept_path(dotted)
        if section == INTERVENTIONS:
            return True
        if section not in SWEPT_SECTIONS:
            sweepable = [f"{name}.{key}" for name, model in SWEPT_SECTIONS.items() for key in model.model_fields]
            hint = nearest_name_hint(dotted, sweepable) or f"; such keys start with {', '.join(SWEPT_SECTIONS)}"
            self._complain(place, f"cannot be swept: it is no key that an arm may override{hint}")
            return False
        known = tuple(SWEPT_SECTIONS[section].model_fields)
        words = ""
        if not rest and section not in STAGES:
            words = f"cannot be swept whole; sweep one of its keys: {', '.join(known)}"
        elif (section, *rest[:1]) == (UNCERTAIN_NETWORK, "mode"):
            words = "cannot be swept: each mode answers another question; write a scenario for each"
        elif rest and rest[0] not in known:
            words = unknown_key(rest[0], known)
        elif len(rest) == 2 and rest[0] not in TABLED_KEYS - ({"influence"} if section == "leaders" else set()):
            words = f"unknown key; {section}.{rest[0]} is no table and has no entries"
        if words:
            self._broken.add(section)
            self._complain(place, words)
        return not words

    def _swept_values(self, place: KeyPath, dotted: str, values: object) -> tuple[str, tuple[Any, ...]]:
        """Return the key in its normal spelling and its values; none where they are wrong."""
        section, *rest = swept_path(dotted)
        if not isinstance(values, list) or not values:
            self._broken.add(section)
            self._complain(place, f"must be a list of at least one value; got {shown(values)}")
            return dotted, ()
        if section == INTERVENTIONS:
            complain = partial(_inside, self._complain, place)
            return dotted, tuple(checked_swept(rest, values, self._document.get(INTERVENTIONS), complain))
        normal: list[Any] = []
        for index, value in enumerate(values):
            said = value
            for part in reversed(rest):
                said = {part: said}
            complain = partial(_at_value, self._complain, (*place, index), len(rest))
            before = len(self._problems)
            checked: Any = checked_table(SWEPT_SECTIONS[section], said, complain)
            if len(self._problems) > before:
                self._broken.add(section)
                continue
            for part in rest[:1]:
                checked = checked[part]
            if len(rest) == 2:
                [(entry, checked)] = checked.items()
                dotted = f"{section}.{rest[0]}.{entry}"
            if checked in normal:
                self._complain((*place, index), f"every swept value comes once; got {shown(value)} a second time")
            normal.append(checked)
        return dotted, tuple(normal)


def _flat(table: dict[str, Any], place: KeyPath) -> Iterator[tuple[KeyPath, str, object]]:
    """Yield place, dotted key and value of everything in a table, whether or not keys are quoted."""
    for key, value in table.items():
        if isinstance(value, dict) and value:
            for inner, dotted, said in _flat(value, (*place, key)):
                yield inner, f"{key}.{dotted}", said
        else:
            yield (*place, key), key, value


def _stated_above(head: Table, name: str, first_arm: str) -> dict[str, Any]:
    """Return what stands above the first section, with what holds where it says nothing."""
    return {
        "title": head.get("title", name),
        "networks": tuple(head["networks"]),
        "steps": head["steps"],
        "step_unit": head.get("step_unit", "step"),
        "replicates": head.get("replicates", FIRST_REPLICATES),
        "seed": head.get("seed", 0),
        "smallest_difference": head.get("smallest_difference", 0.01),
        "baseline": head.get("baseline", first_arm),
    }


def _inside(complain: Any, place: KeyPath, words: str, *path: str | int) -> None:
    complain((*place, *path), words)


def _at_value(complain: Any, place: KeyPath, depth: int, words: str, *path: str | int) -> None:
    """Complain about a swept value, whose path starts with the keys that are swept."""
    complain((*place, *path[depth:]), words)
