"""A Dask cluster as the crew: other machines play, and this process alone writes.

A task that was finished may come to run again, where a machine is lost before
its result is fetched. That does no harm: the runs are the same, and what is
stored is never stored twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from diffusion.errors import ClusterError
from diffusion.experiment import remote
from diffusion.experiment.batches import Batch
from diffusion.experiment.crew import Finished
from diffusion.experiment.environment import environment
from diffusion.network.network import Network

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE_SECONDS = 15.0
"""How long a scheduler may take to answer."""

WAITING_SECONDS = 0.5
"""How long to wait before a cluster without workers is asked again."""

ASKED_EVERY_SECONDS = 2.0
"""How often it is asked how many threads there are, which changes while a study is played."""

LARGEST_PORT = 65535

_OF_HOST_AND_PORT = ("tcp", "tls", "ws", "wss")
"""The kinds of address that name a host and a port."""

MOST_LOSSES = 20
"""How often a batch may be lost with the machines that had what was sent to them, before it counts as failed."""


class Cluster:
    """Play batches on a Dask cluster.

    Parameters
    ----------
    address
        The scheduler's, such as ``tcp://10.0.0.1:8786``.

    Attributes
    ----------
    lost
        How often a batch was handed over again because all machines were lost that had what was sent to them.

    Raises
    ------
    ClusterError
        If Dask is not installed, nothing answers at the address, or a worker
        has another version of this program.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = _client(address)
        self._batches: dict[Future, Batch] = {}
        self._losses: dict[Batch, int] = {}
        self.lost = 0
        self._networks: dict[int, tuple[Network, Future]] = {}
        self._arms: tuple[object, Future] | None = None
        self._machines: list[dict[str, Any]] = []
        self._threads, self._asked_at = 0, float("-inf")
        try:
            self._check_versions()
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(Exception):  # a courtesy: on a cluster that is lost there is nothing to forget
            if self._client.status == "running":
                self._client.run(remote.forget)
        self._client.close()

    @property
    def threads(self) -> int:
        """Return how many threads the cluster has to play with."""
        if time.monotonic() - self._asked_at > ASKED_EVERY_SECONDS:
            with self._reached():
                self._threads = sum(self._client.nthreads().values())
            self._asked_at = time.monotonic()
        return self._threads

    @property
    def machines(self) -> list[dict[str, Any]]:
        """Return what of its machines may matter to a number, each kind once; those of before are remembered."""
        with suppress(Exception):  # of a cluster that is lost nothing new is learnt
            for kind in self._client.run(environment).values():
                if kind not in self._machines:
                    self._machines.append(kind)
        return self._machines

    @property
    def waiting(self) -> int:
        """Return how many batches were handed over and have not come back."""
        return len(self._batches)

    def has_room(self) -> bool:
        """Return whether another batch is to be handed over: two for every thread are under way."""
        return len(self._batches) < 2 * max(1, self.threads)

    def hand(self, batch: Batch) -> None:
        """Hand a batch over."""
        with self._reached():
            sent_to = self._sent_arm(batch), self._sent_network(batch)
            numbers = remote.drawn_in_places(batch.task.arm, batch.task.seed, batch.places)
            sent = self._client.submit(remote.play, *sent_to, batch.places, numbers, pure=False)
        self._batches[sent] = batch

    def finished(self) -> Iterator[Finished]:
        """Wait until a batch is done, and yield all that are."""
        from distributed import wait

        try:
            with self._client.as_current(), self._reached():
                done = wait(list(self._batches), return_when="FIRST_COMPLETED").done
        except CancelledError:  # Dask's own: something sent was lost, and the tasks with it
            done = {future for future in self._batches if future.status != "pending"}
        for future in done:
            batch = self._batches.pop(future)
            yield from self._result(batch, future)
            future.release()

    @property
    def at_work(self) -> list[str]:
        """Return the addresses of the workers that have batches to play."""
        return [worker for worker, keys in self._client.processing().items() if keys]

    def withdraw(self) -> None:
        """Take back what no machine has been given; it does not come back."""
        with self._reached():
            given = {key for keys in self._client.processing().values() for key in keys}
            for future in [future for future in self._batches if future.key not in given and not future.done()]:
                future.cancel()
                del self._batches[future]

    def _result(self, batch: Batch, future: Future) -> Iterator[Finished]:
        from distributed import KilledWorker

        try:
            result = future.result()
        except KilledWorker as error:  # Dask has tried it again, and worker after worker died of it
            yield replace(batch, is_second_try=True), error
        except CancelledError as error:
            if self._client.status != "running":
                raise self._gone from None
            self.lost += 1
            self._losses[batch] = self._losses.get(batch, 0) + 1
            if self._losses[batch] > MOST_LOSSES:
                yield batch, ClusterError(f"the cluster lost it {MOST_LOSSES} times ({error})")
            else:
                self.hand(batch)
        except Exception as error:  # noqa: BLE001 - whatever a batch or its machine came to
            yield batch, error
        else:
            self._losses.pop(batch, None)
            yield batch, result

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Say in one line that the scheduler is gone, whatever Dask says then."""
        try:
            yield
        except (OSError, RuntimeError, TimeoutError):
            raise self._gone from None

    @property
    def _gone(self) -> ClusterError:
        return ClusterError(f"--dask {self.address}: the scheduler does not answer any more; {_KEPT}")

    def _sent_network(self, batch: Batch) -> Future:
        """Return a batch's network, sent to every machine once, and again where all who had it are gone."""
        network = batch.task.arm.network
        _, sent = self._networks.get(id(network), (network, None))
        if sent is None or sent.status != "finished":
            # Without what was worked out about it, which need not travel, and where it lay, which is nobody's business.
            fresh = replace(network, files=())
            sent = self._scattered(fresh)
            self._networks[id(network)] = network, sent
        return sent

    def _sent_arm(self, batch: Batch) -> Future:
        task = batch.task
        if self._arms is None or self._arms[0] is not task or self._arms[1].status != "finished":
            said = remote.SentArm.of(task.arm, seed=task.seed, replicates=task.series.replicates)
            self._arms = task, self._scattered(said)
        return self._arms[1]

    def _scattered(self, value: object) -> Future:
        """Send a value to every worker there is, and wait for one where there is none."""
        while self._client.status == "running":
            if self._client.nthreads():
                with suppress(TimeoutError):  # they were gone when it came to them
                    return self._client.scatter(value, broadcast=True, hash=False)
            time.sleep(WAITING_SECONDS)
        raise self._gone

    def _check_versions(self) -> None:
        ours = remote.versions()
        try:
            found = self._client.run(remote.versions)
        except (ImportError, AttributeError) as error:
            raise ClusterError(
                f"--dask {self.address}: its workers do not have this version of diffusion ({error}); "
                "install it in the Python that runs them"
            ) from None
        for worker, theirs in sorted(found.items()):
            if theirs != ours:
                raise ClusterError(remote.versions_line(f"the worker at {worker}", theirs, ours))


_KEPT = "what was stored is kept, and the same command goes on from there"


def _client(address: str) -> Client:
    """Return a connection to a scheduler."""
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("--dask needs the package distributed: pip install -e '.[cluster]'") from None
    _check_address(
        address
    )  # before Dask does, which leaves a client half made and complains of it when the program ends
    options: dict[str, Any] = {"timeout": PATIENCE_SECONDS, "set_as_default": False}
    try:
        return Client(address, **options)
    except (OSError, ValueError, TypeError, TimeoutError) as error:
        reason = " ".join(f"{error}".split()) or type(error).__name__
        raise ClusterError(
            f"--dask {address}: no Dask scheduler answers there ({reason}); "
            "start one with `dask scheduler`, and give the address that it prints"
        ) from None


def _check_address(address: str) -> None:
    from distributed.comm import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    try:
        scheme, place = parse_address(address)
        get_backend(scheme)
        host, port = parse_host_port(place) if scheme in _OF_HOST_AND_PORT else (place, 1)
        is_right = bool(host) and 0 < port <= LARGEST_PORT
    except ValueError:
        is_right = False
    if not is_right:
        raise ClusterError(
            f"--dask {address}: must be the address that `dask scheduler` prints, such as tcp://10.0.0.1:8786"
        )
