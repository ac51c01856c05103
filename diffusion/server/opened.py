"""What the server was opened with, shared by all browsers and changed by none of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from diffusion.errors import InputError
from diffusion.experiment.backend import without_password
from diffusion.experiment.database import existing
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.store import Store
from diffusion.experiment.worlds import in_first_world
from diffusion.scenario import load_scenario

BUILT_IN = Path(__file__).with_name("built_in.toml")
"""The scenario that is shown where none is named."""

HOW_TO_STORE = "play a scenario with: diffusion run SCENARIO"

DATABASE = "results/diffusion.db"
"""Where results are kept if nothing else is said."""

_KEPT = 16


@dataclass
class Opening:
    """Hold what ``diffusion serve`` was told, and what was read of it.

    Attributes
    ----------
    scenario
        The scenario's file; it is read again when it has changed.
    study
        The name or digest of a stored study, instead of a scenario.
    database
        Where results are kept: a path or URL. It need not exist.
    uploads
        Whether browsers may send files.
    """

    scenario: Path = BUILT_IN
    study: str = ""
    database: str = DATABASE
    uploads: bool = True
    _lock: Lock = field(default_factory=Lock, repr=False)
    _studies: OrderedDict[tuple[object, ...], Study] = field(default_factory=OrderedDict, repr=False)

    def current(self) -> Study:
        """Return the study that was opened.

        Raises
        ------
        DiffusionError
            If the scenario is wrong, or the study is not stored.
        """
        if self.study:
            return self.stored(self.study)
        try:
            changed = self.scenario.stat().st_mtime_ns
        except OSError as error:
            raise InputError(f"{self.scenario}: the file cannot be read: {error.strerror}") from None
        with self._lock:
            return self._kept((self.scenario, changed), lambda: in_first_world(plan(load_scenario(self.scenario))))

    def stored(self, name: str) -> Study:
        """Return a stored study by its name or digest.

        Raises
        ------
        DiffusionError
            If there is none of this name, or no database.
        """
        store = self.store()
        if store is None:
            raise InputError(f"{self.shown_database}: nothing is stored there yet; {HOW_TO_STORE}")
        entry = store.find(name)
        with self._lock:
            return self._kept(
                (self.database, entry.digest, entry.last_run_at), lambda: in_first_world(store.study(entry))
            )

    def store(self) -> Store | None:
        """Return the store, or ``None`` where there is no database yet.

        Raises
        ------
        StoreError
            If what is there cannot be read.
        """
        database = existing(self.database)
        return Store(database) if database else None

    @property
    def shown_database(self) -> str:
        """Return where the database is, as pages may show it: without a password."""
        return without_password(self.database)

    def _kept(self, key: tuple[object, ...], make: Callable[[], Study]) -> Study:
        if key not in self._studies:
            self._studies[key] = make()
            while len(self._studies) > _KEPT:
                self._studies.popitem(last=False)
        return self._studies[key]


OPENING = Opening()
"""What this process serves; ``serving`` sets its attributes before the first page."""
