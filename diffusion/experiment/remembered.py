"""Remembering: who leads is not sought again where a search for the same question is stored."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sql

from diffusion.analysis.attainment_told import UNDER_MEDIANS
from diffusion.experiment import schema
from diffusion.experiment.choosing import chosen_leaders, is_searched
from diffusion.experiment.saving import choice_of
from diffusion.experiment.store import Store
from diffusion.network.network import Network
from diffusion.positions.choice import LeaderChoice
from diffusion.positions.found import SearchProgress
from diffusion.scenario import ArmSetting


class Chooser:
    """Say who leads in an arm, and tell of searches.

    Parameters
    ----------
    store
        Where earlier searches are looked for; None where there is none yet.
    tell
        Called with a line when a search begins, or need not.
    report
        Called with how far a search has come.
    workers
        How many threads a search has; by default one a core.
    """

    def __init__(
        self,
        store: Store | None,
        tell: Callable[[str], None],
        report: Callable[[SearchProgress], None] = lambda _: None,
        *,
        workers: int | None = None,
    ) -> None:
        self.store, self.tell, self.report, self.workers = store, tell, report, workers

    def __call__(self, network: Network, setting: ArmSetting, digests: tuple[str, str], seed: int) -> LeaderChoice:
        """Return who leads."""
        if not is_searched(setting) or not setting.leaders.count:
            return chosen_leaders(network, setting, digests, seed)
        if (kept := self._kept(digests)) is not None:
            self.tell(f'The leaders of the arm "{setting.name}" on {network.name} were sought before, and are stored.')
            return kept
        medians = f", {UNDER_MEDIANS}" if setting.uncertainty.is_there else ""
        seeking = f'Seeking the best leaders for the arm "{setting.name}" on {network.name}'
        self.tell(f"{seeking}, by draws of its own{medians} …")
        return chosen_leaders(network, setting, digests, seed, workers=self.workers, report=self.report)

    def _kept(self, digests: tuple[str, str]) -> LeaderChoice | None:
        if self.store is None:
            return None
        table = schema.series
        with self.store.database.reading() as connection:
            query = sql.select(table.c.leaders).where(
                table.c.setting_digest == digests[0], table.c.arm_digest == digests[1]
            )
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else choice_of(found)
