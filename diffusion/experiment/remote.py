"""What a machine of a cluster does: plays batches of arms that were sent to it once."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib import metadata
from threading import Lock
from types import MappingProxyType
from typing import Any

from diffusion.compiled import SOURCE_DIGEST
from diffusion.errors import ClusterError
from diffusion.experiment.playing import Ensembles, Place, Played, Player
from diffusion.experiment.study import PlannedArm
from diffusion.model import MODEL_VERSION
from diffusion.network.network import Network

KEPT_ARMS = 2
"""How many arms a machine keeps ready: those between which batches fall."""


def _view(shown: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(shown)


# Views that nobody may write to stand in networks and parameters; they travel as what they show.
copyreg.pickle(MappingProxyType, lambda view: (_view, (dict(view),)))


def versions() -> tuple[int, str]:
    """Return what must be the same wherever runs are played, or they would not be the same runs."""
    return MODEL_VERSION, SOURCE_DIGEST


@dataclass(frozen=True)
class SentArm:
    """Hold an arm without its network, which is sent apart and once.

    Attributes
    ----------
    digests
        What names the arm in its setting.
    seed, replicates
        How it is played.
    made
        What versions of the program must be.
    kind, said
        The arm's class, and its other fields.
    """

    digests: tuple[str, str]
    seed: int
    replicates: int
    made: tuple[int, str]
    kind: type[PlannedArm] = field(compare=False)
    said: dict[str, Any] = field(compare=False)

    @classmethod
    def of(cls, arm: PlannedArm, *, seed: int, replicates: int) -> SentArm:
        """Return what is sent of an arm."""
        said = {one.name: getattr(arm, one.name) for one in fields(arm) if one.name != "network"}
        return cls((arm.setting_digest, arm.arm_digest), seed, replicates, versions(), type(arm), said)

    def on(self, network: Network) -> Player:
        """Return what plays the arm on its network."""
        arm = self.kind(network=network, **self.said)
        return Player(arm, seed=self.seed, engine="ensemble", replicates=self.replicates, ensembles=_ensembles)


@dataclass(frozen=True)
class _Arrived:
    """Hold an arm and its network; two are the same if their digests are."""

    arm: SentArm
    network: Network = field(compare=False)


@lru_cache(maxsize=KEPT_ARMS)
def _player(arrived: _Arrived) -> Player:
    return arrived.arm.on(arrived.network)


_lock = Lock()
_ensembles = Ensembles()


def forget() -> None:
    """Let go of what was kept ready, for of large networks it takes gigabytes."""
    with _lock:
        _player.cache_clear()
        _ensembles.clear()


def drawn_in_places(arm: PlannedArm, seed: int, places: Sequence[Place]) -> dict[tuple[int, str], float]:
    """Return the uncertain numbers of an arm in the worlds of some blocks, by world and dotted path.

    Parameters
    ----------
    arm
        The arm, in no world.
    seed
        The seed of the study's draws.
    places
        Worlds and blocks.
    """
    worlds = dict.fromkeys(world for world, _ in places)
    numbers = {world: arm.setting.uncertainty.in_world(seed, world) for world in worlds}
    return {(world, path): value for world in worlds for path, value in numbers[world].items()}


def play(arm: SentArm, network: Network, places: Sequence[Place], numbers: Mapping[tuple[int, str], float]) -> Played:
    """Play some blocks of an arm.

    Parameters
    ----------
    arm, network, places
        What to play.
    numbers
        What :func:`drawn` returns where the study is stored.

    Raises
    ------
    ClusterError
        If this machine's version of the program is not that of whoever asks,
        or an uncertain number is drawn otherwise here than there.
    """
    if versions() != arm.made:
        raise ClusterError(versions_line("a machine that joined the cluster", versions(), arm.made))
    with _lock:
        player = _player(_Arrived(arm, network))
    here = drawn_in_places(player.arm, arm.seed, places)
    for (world, path), value in numbers.items():
        if here[world, path] != value:
            made = ", ".join(f"{name} {metadata.version(name)}" for name in ("scipy", "numpy"))
            raise ClusterError(
                f'--dask: a worker draws {path} of the arm "{player.arm.name}" in world {world} as '
                f"{here[world, path]!r}, and it is {value!r} where the study is stored; the worker has {made}: install "
                "the same versions everywhere, and start the workers anew"
            )
    return player.play(places)


def versions_line(who: str, theirs: tuple[int, str], ours: tuple[int, str]) -> str:
    """Return in one line that a machine has another version of the program."""
    kinds = [f"model {model}, compiled sources {digest}" for model, digest in (theirs, ours)]
    return (
        f"--dask: {who} has another version of diffusion ({kinds[0]}) than this one ({kinds[1]}); "
        "install the same version everywhere, and start the workers anew"
    )
