"""What one browser asks: its question, the networks that it sent, and what was said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from diffusion.errors import InputError
from diffusion.experiment.plan import Study
from diffusion.network.formats import read_network
from diffusion.network.regions import PACKAGED
from diffusion.server.question import AskedNetwork, Question, networks_of, on_network, question_of
from diffusion.server.uploads import uploaded_network, uploaded_scenario


@dataclass(frozen=True)
class Asking:
    """Hold what is on one browser's page.

    Attributes
    ----------
    question
        The question.
    networks
        The networks that can be asked about, beside the packaged ones: those of the opened study.
    sent
        The networks that this browser sent, the latest last.
    notes, problems
        What the last change brought with it, a line each.
    """

    question: Question
    networks: tuple[AskedNetwork, ...]
    sent: tuple[AskedNetwork, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, study: Study) -> Asking:
        """Return what a browser asks first: the question of the opened study.

        Parameters
        ----------
        study
            The study.
        """
        networks = networks_of(study)
        question, notes = question_of(study.scenario, networks[0])
        return cls(question, tuple(networks), notes=tuple(notes))

    def references(self) -> dict[str, str]:
        """Return what each network is called in a menu, by how a scenario names it."""
        texts = {asked.reference: asked.network.name for asked in self.networks}
        texts |= {name: name for name in PACKAGED}
        texts |= {asked.reference: f"{asked.network.name} (sent)" for asked in self.sent}
        times = Counter(texts.values())
        return {key: text if times[text] == 1 else f"{text} {key}" for key, text in texts.items()}

    def asked(self, question: Question) -> Asking:
        """Return this with another question."""
        return replace(self, question=question, notes=(), problems=())

    def on(self, reference: str) -> Asking:
        """Return this about another network.

        Parameters
        ----------
        reference
            How a scenario names it: one of :meth:`references`.
        """
        known = {asked.reference: asked for asked in (*self.networks, *self.sent)}
        try:
            found = known.get(reference) or AskedNetwork(read_network(reference, Path()), reference)
        except InputError as error:
            return replace(self, notes=(), problems=error.problems)
        question, notes = on_network(self.question, found)
        return replace(self, question=question, notes=tuple(notes), problems=())

    def with_network(self, files: Mapping[str, bytes], *, direction: str, divide_strengths: bool) -> Asking:
        """Return this about a network that was sent; unchanged but for the problems where it is none.

        Parameters
        ----------
        files, direction, divide_strengths
            As :func:`~diffusion.server.uploads.uploaded_network` takes them.
        """
        try:
            found = uploaded_network(files, direction=direction, divide_strengths=divide_strengths)
        except InputError as error:
            return replace(self, notes=(), problems=error.problems)
        others = tuple(asked for asked in self.sent if asked.reference != found.reference)
        question, notes = on_network(self.question, found)
        told = f"{found.network.name}: {found.network.size:,} agents and {found.network.tie_count:,} ties were read."
        return replace(self, question=question, sent=(*others, found), notes=(told, *notes), problems=())

    def with_scenario(self, name: str, content: bytes) -> Asking:
        """Return this with the question of a scenario that was sent; unchanged but for the problems where it is none.

        Parameters
        ----------
        name, content
            The file.
        """
        try:
            scenario, found = uploaded_scenario(name, content, self.sent)
        except InputError as error:
            return replace(self, notes=(), problems=error.problems)
        question, notes = question_of(scenario, found)
        return replace(self, question=question, notes=(f"{scenario.name}: read.", *notes), problems=())
