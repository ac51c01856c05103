"""What an intervention is: something done to a network while an innovation spreads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diffusion.model.interventions.changes import Change
    from diffusion.model.interventions.runs import Runs
    from diffusion.network.network import Network


@dataclass(frozen=True, slots=True)
class NewAgent:
    """Describe an agent whom an intervention adds.

    Attributes
    ----------
    id, role
        As in an agent table.
    columns
        Further columns, as pairs of name and text.
    """

    id: str
    role: str
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hold what an intervention must fit besides the network.

    Attributes
    ----------
    steps
        T.
    staged
        Whether there is an awareness stage.
    """

    steps: int
    staged: bool


@dataclass(frozen=True, kw_only=True)
class Intervention:
    """State one intervention of an arm; a subclass a kind.

    Fields of subclasses are the keys of a scenario's ``[interventions.NAME]``,
    made by :func:`stated`, which says what each means.

    Attributes
    ----------
    name
        What the scenario calls it.
    """

    name: str

    kind: ClassVar[str]
    """What the scenario calls this kind of intervention."""
    strategy: ClassVar[str]
    """Which of Valente's four strategies it is, or what else."""
    says: ClassVar[str]
    """What it does, in one plain sentence."""
    source: ClassVar[str]
    """Where it comes from: author, year, DOI."""

    @property
    def varies(self) -> bool:
        """Return whether it changes other things in other replicates, or with other leaders."""
        return True

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the fields that change nothing beside what the others state."""
        return ()

    def new_agents(self) -> tuple[NewAgent, ...]:
        """Return the agents whom it adds."""
        return ()

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line, beginning with ``NAME.KEY: ``, for everything that does not fit a network.

        Parameters
        ----------
        network
            The population: the network's agents, those added, and the network's ties.
        schedule
            The arm's steps and stages.
        """
        raise NotImplementedError

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        raise NotImplementedError

    def units(self, runs: Runs) -> Mapping[str, NDArray[np.float64]] | None:  # noqa: ARG002 - kinds may look at them
        """Return how often each thing that may have a price is done in each of 64 replicates; shape (64,) each.

        The names are those of :data:`diffusion.model.interventions.units.UNITS`.
        ``None``, the default, leaves them to be counted in :meth:`changes`,
        which suits every kind that is paid for by what it changes.

        Parameters
        ----------
        runs
            The runs.
        """
        return None


def stated(meaning: str, unit: str = "", span: str = "") -> dict[str, Any]:
    """Return what is said of a key of an intervention: its meaning, its unit and its range.

    For the ``metadata`` of a field; scenario files, the methods text and the
    documentation are checked and written from it.
    """
    return {"meaning": meaning, "unit": unit, "range": span}
