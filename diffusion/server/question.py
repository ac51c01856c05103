"""A question asked by hand: what is on the screen, as the scenario that it is.

A question is written as a scenario's text and read back by the scenario's own
reader before anything is played. So what is saved is what was answered, and
what cannot be is refused in the words in which the file would be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from diffusion.draws import LANES
from diffusion.experiment.plan import Study
from diffusion.experiment.results import ROUND
from diffusion.network.network import Network
from diffusion.network.regions import PACKAGED
from diffusion.scenario import LeaderRule, Scenario
from diffusion.scenario.checks import COLUMN
from diffusion.scenario.reach import spelled_out
from diffusion.scenario.registries import rules
from diffusion.scenario.sections import Sections, is_distribution, merged, with_values
from diffusion.scenario.settings import rule_keys
from diffusion.scenario.tables import INTERVENTIONS, STAGES
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK
from diffusion.scenario.worlds import typical

POSITIONS_AT_FIRST = ("random", "out_degree", "betweenness", "constraint", "marginal")
"""The positions that a chosen set is compared with unless the study says others."""

MOST_REPLICATES = 1000
LARGEST_AT_ONCE = 1000
"""Up to so many agents, so many replicates are played at once; larger networks get fewer."""

STARTS: Mapping[str, Any] = {"transmission": 0.02, "threshold": 0.25, "intercept": -4.0, "slope": 4.0}
"""What a rule's required parameters begin with where nothing else was said."""


@dataclass(frozen=True, eq=False)
class AskedNetwork:
    """Hold a network that a question can be asked about.

    Attributes
    ----------
    network
        The network.
    reference
        How a scenario names it.
    advice
        What to do so that a saved scenario finds it, a line each.
    notes
        What was lost or assumed when it was read, a line each.
    """

    network: Network
    reference: str
    advice: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """Hold what is on the screen.

    Attributes
    ----------
    title
        The question in words.
    asked
        The network.
    sections
        The scenario's sections; of ``leaders`` only roles and influence.
        Parameters of rules that are not in use are kept for later.
    chosen
        Who was chosen one by one: ids, in the order in which they were.
    count
        How many lead from a position where nobody was chosen.
    positions
        The positions that are compared.
    steps, step_unit, seed, replicates, smallest_difference
        As in a scenario.
    """

    title: str
    asked: AskedNetwork
    sections: Sections = field(hash=False)
    chosen: tuple[str, ...] = ()
    count: int = 3
    positions: tuple[str, ...] = POSITIONS_AT_FIRST
    steps: int = 36
    step_unit: str = "step"
    seed: int = 0
    replicates: int = MOST_REPLICATES
    smallest_difference: float = 0.01

    @property
    def network(self) -> Network:
        """Return the network."""
        return self.asked.network

    @property
    def leader_count(self) -> int:
        """Return how many lead from a position: as many as were chosen, so that the comparison is fair."""
        return len(self.chosen) or self.count

    @property
    def unit(self) -> str:
        """Return what a step is called: a round where ties are tried once, for that is not calendar time."""
        named = [str(self.sections.get(stage, {}).get("rule", "")) for stage in STAGES]
        return ROUND if any(name in rules() and rules()[name].tried_once for name in named) else self.step_unit

    @property
    def file_name(self) -> str:
        """Return what its file is called."""
        words = re.sub(r"[^a-z0-9]+", "_", self.title.lower()).strip("_")
        return f"{words[:40].rstrip('_') or 'question'}.toml"

    def with_value(self, section: str, key: str, value: Any) -> Question:
        """Return the question with one key of a section changed; ``None`` takes it out."""
        table = {name: said for name, said in self.sections.get(section, {}).items() if name != key}
        if value is not None:
            table[key] = value
        return replace(self, sections={**self.sections, section: table})

    def with_rule(self, stage: str, rule: str) -> Question:
        """Return the question with another rule for a stage, which begins with all that it needs."""
        table = self.sections.get(stage, {})
        missing = {key: STARTS[key] for key in rule_keys(stage, rule) if key in STARTS and key not in table}
        return replace(self, sections={**self.sections, stage: {**table, "rule": rule, **missing}})

    def without(self, section: str) -> Question:
        """Return the question without a section."""
        return replace(self, sections={name: said for name, said in self.sections.items() if name != section})

    def toggled(self, agent: str) -> Question:
        """Return the question with an agent chosen, or not chosen any more."""
        if agent in self.chosen:
            return replace(self, chosen=tuple(other for other in self.chosen if other != agent))
        return replace(self, chosen=(*self.chosen, agent))

    def without_leader(self, agent: str) -> Question:
        """Return the question with an agent not chosen."""
        return self.toggled(agent) if agent in self.chosen else self

    def with_leader(self, agent: str) -> Question:
        """Return the question with an agent chosen."""
        return self if agent in self.chosen else self.toggled(agent)


Ask = Callable[[Callable[[Question], Question]], None]
"""Takes a change of the question on the page.

A change and never a changed question: while an answer is drawn, the page may still hold the question before the last
click, and what is made of that one would undo the click."""


def affordable_replicates(network: Network) -> int:
    """Return how many replicates an arm can have if the answer is to come within about a second.

    Examples
    --------
    >>> from diffusion.network.formats import read_network
    >>> affordable_replicates(read_network("ahsn-a", Path()))
    1000
    """
    blocks = MOST_REPLICATES * LARGEST_AT_ONCE // (LANES * max(network.size, 1))
    return MOST_REPLICATES if network.size <= LARGEST_AT_ONCE else max(1, blocks) * LANES


_OF_LEADERS = ("roles", "influence", "recruitment", "leaving")
"""What is kept of what a scenario says of leaders, beside how many there are and who."""


def networks_of(study: Study) -> list[AskedNetwork]:
    """Return the networks of a study, and how a scenario that is saved anywhere names them."""
    found = []
    for network, reference in zip(study.networks, study.scenario.networks, strict=True):
        if reference in PACKAGED:
            found.append(AskedNetwork(network, reference))
        elif (path := (study.scenario.folder / Path(reference).expanduser()).resolve()).exists():
            found.append(AskedNetwork(network, str(path)))
        else:
            advice = f"Put {reference}, from which the stored study was played, beside the saved scenario."
            found.append(AskedNetwork(network, reference, (advice,)))
    return found


def question_of(scenario: Scenario, asked: AskedNetwork) -> tuple[Question, list[str]]:
    """Return the question that a scenario asks of one network, and what of the scenario is not in it.

    Parameters
    ----------
    scenario
        The scenario.
    asked
        The network.
    """
    cell = scenario.cells()[0]
    arm = next(known for known in scenario.arms if known.name == scenario.baseline)
    sections = typical(spelled_out(merged(with_values(scenario.sections, cell.values), arm.overrides)))
    leaders = {key: said for key, said in sections.get("leaders", {}).items() if key in _OF_LEADERS}
    sections.pop(INTERVENTIONS, None)
    held = [setting.leaders for setting in scenario.settings(cell)]
    named = [rule.agents for rule in held if rule.agents is not None]
    replicates = min(scenario.replicates, affordable_replicates(asked.network))
    question = Question(
        title=scenario.title,
        asked=asked,
        sections={**sections, "leaders": leaders},
        chosen=named[0] if named else (),
        count=next((rule.count for rule in held if rule.position), 3),
        positions=_positions(held),
        steps=scenario.steps,
        step_unit=scenario.step_unit,
        seed=scenario.seed,
        replicates=replicates,
        smallest_difference=scenario.smallest_difference,
    )
    return question, list(_left_out(scenario, question, len(named)))


def on_network(question: Question, asked: AskedNetwork) -> tuple[Question, list[str]]:
    """Return a question asked of another network, and what could not go with it.

    Whoever was chosen stays behind: the same id is somebody else there.
    """
    network = asked.network
    notes = []
    if question.chosen:
        notes.append(f"Nobody is chosen on {network.name} yet: {', '.join(question.chosen)} are of the other network.")
    sections: Sections = {}
    for section, table in question.sections.items():
        kept = {key: said for key, said in table.items() if _fits(key, said, network, question.network)}
        notes += [
            f"{section}.{key} is set aside: it names what {network.name} may not have." for key in table.keys() - kept
        ]
        if section in STAGES and "threshold" in table and "threshold" not in kept:
            kept["threshold"] = STARTS["threshold"]
        sections[section] = kept
    count = min(question.count, network.size) if isinstance(question.count, int) else 1
    replicates = affordable_replicates(network)
    moved = replace(question, asked=asked, sections=sections, chosen=(), count=count, replicates=replicates)
    return moved, notes


def _fits(key: str, said: Any, network: Network, before: Network) -> bool:
    """Return whether what is said of one network can be said of another."""
    if key == "layers":
        return set(said) == set(network.layers)
    if isinstance(said, str) and said.startswith(COLUMN):
        return said.removeprefix(COLUMN) in network.columns
    names_roles = key in ("between_roles", "roles") or (
        isinstance(said, Mapping) and key in ("receptivity", "influence", "threshold")
    )
    if names_roles and not is_distribution(said):
        return set(network.role_names) == set(before.role_names)
    if key == "attributes":
        return all(name in ("receptivity", "influence", *network.columns) for name in said)
    return True


def _positions(stated: Sequence[LeaderRule]) -> tuple[str, ...]:
    """Return the positions that a scenario compares; the usual ones where it compares none."""
    held = dict.fromkeys(rule.position for rule in stated if rule.position is not None)
    return tuple(held) if len(held) > 1 or any(rule.agents for rule in stated) else POSITIONS_AT_FIRST


def _left_out(scenario: Scenario, question: Question, named: int) -> list[str]:
    notes = []
    if len(scenario.networks) > 1:
        notes.append(
            f"The scenario has {len(scenario.networks)} networks; this page asks about {question.network.name}."
        )
    if scenario.sweep:
        notes.append("The scenario sweeps values; this page asks about the first of each.")
    done = {
        name
        for sections in (scenario.sections, *(arm.overrides for arm in scenario.arms))
        for name in sections.get(INTERVENTIONS, {})
    }
    if done:
        notes.append(f"What the scenario does besides leading ({', '.join(sorted(done))}) is not here.")
    if uncertain := [path for path in scenario.uncertain_paths() if not path.startswith(UNCERTAIN_NETWORK)]:
        notes.append(f"What is uncertain in the scenario ({', '.join(uncertain)}) is known here, at its median.")
    if scenario.is_network_uncertain:
        notes.append("The scenario's network is uncertain; here it is the given one.")
    own = [arm.name for arm in scenario.arms if set(arm.overrides) - {"leaders", INTERVENTIONS}]
    if own:
        notes.append(
            f"Arms with parameters of their own ({', '.join(own)}) are not here; the values are those of the "
            f"arm {scenario.baseline}."
        )
    if named > 1:
        notes.append(f"The scenario names leaders in {named} arms; those of the first are chosen here.")
    if question.replicates < scenario.replicates:
        notes.append(
            f"Every arm has {question.replicates:,} runs here, not {scenario.replicates:,}, so that answers "
            "come at once."
        )
    return notes
