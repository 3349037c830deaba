"""Pages over a Dask cluster, when one machine is not enough; the extra is called `dask`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from distributed import Client, Future, KilledWorker

from archive.reading import Engine
from archive.workers import WINDOW, Attempt, Failed, in_order
from parsers.errors import ArchiveError

Job = TypeVar("Job")
Result = TypeVar("Result")
IN_HAND = 4  # jobs for each thread of the cluster
PATIENCE = 10  # seconds to reach a scheduler


def cluster_results(
    jobs: Iterable[Job],
    call: Callable[[Job], Result],
    engine: Engine,
    *,
    address: str,
    limit: float,
) -> Iterator[tuple[Job, Result | Failed]]:
    """Every job with its result, in the order of the jobs; `limit` in seconds binds each page."""
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"no Dask scheduler at {address}: {error}") from error
    with client:
        _refuse_other_parsers(client, engine)
        yield from in_order(Cluster(client, Attempt(call), limit).run(jobs))


def _refuse_other_parsers(client: Client, engine: Engine) -> None:
    """A reading is known by its fingerprint: a worker with other parsers would lie about it."""
    if not client.scheduler_info()["workers"]:
        raise ArchiveError(f"the Dask scheduler at {client.scheduler.address} has no workers")
    if engine.ask is None:
        return
    try:
        told = client.run(engine.ask)
    except Exception as error:  # whatever a foreign worker answers, it cannot read for us
        raise ArchiveError(f"a Dask worker has no gongkai: {error}") from error
    for worker, fingerprint in told.items():
        if fingerprint != engine.fingerprint:
            raise ArchiveError(f"the Dask worker {worker} has other parsers than this machine")


class Cluster(Generic[Job, Result]):
    """Few jobs in hand; a page that kills or hangs its worker is given up, and only that page."""

    def __init__(self, client: Client, attempt: Attempt[Job, Result], limit: float) -> None:
        self._client = client
        self._attempt = attempt
        self._limit = limit
        self._hand: dict[Future, tuple[int, Job, float]] = {}
        self._finished: SimpleQueue[Future] = SimpleQueue()

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Job, Result | Failed]]:
        """Feeds the cluster and yields what comes back, with the number of its job."""
        room = IN_HAND * max(1, sum(self._client.nthreads().values()))
        for number, job in enumerate(jobs):
            future = self._client.submit(self._attempt, job, pure=False)
            self._hand[future] = (number, job, time.monotonic())
            future.add_done_callback(self._finished.put)
            while len(self._hand) >= room or number - self._oldest(number) >= WINDOW:
                yield from self._collect()
        while self._hand:
            yield from self._collect()

    def _oldest(self, number: int) -> int:
        return min((waiting for waiting, _, _ in self._hand.values()), default=number)

    def _collect(self) -> Iterator[tuple[int, Job, Result | Failed]]:
        try:
            future = self._finished.get(timeout=self._limit / 4)
        except Empty:
            yield from self._slow()
            return
        if future in self._hand:  # not one that was given up
            number, job, _ = self._hand.pop(future)
            yield number, job, self._result(future, job)

    def _result(self, future: Future, job: Job) -> Result | Failed:
        """A dead worker takes its queue with it: who is blamed is tried again, alone."""
        try:
            found: Result | Failed = future.result()
            return found
        except KilledWorker:
            return self._alone(job)

    def _alone(self, job: Job) -> Result | Failed:
        future = self._client.submit(self._attempt, job, pure=False)
        try:
            found: Result | Failed = future.result(timeout=self._limit)
            return found
        except KilledWorker:
            return Failed("crashed", "the worker process died")
        except TimeoutError:
            self._restart([future])
            return Failed("timeout", f"no result after {self._limit:g} seconds")

    def _slow(self) -> Iterator[tuple[int, Job, Result | Failed]]:
        """What hangs, and what waits behind it: their workers start anew, each is tried alone."""
        late = time.monotonic() - self._limit
        slow = [future for future, (_, _, since) in self._hand.items() if since < late]
        suspects = [self._hand.pop(future) for future in slow]
        self._restart(slow)
        for number, job, _ in suspects:
            yield number, job, self._alone(job)

    def _restart(self, futures: Sequence[Future]) -> None:
        keys = {future.key for future in futures}
        held = self._client.processing().items()
        where = [worker for worker, doing in held if keys & set(doing)]
        self._client.cancel(list(futures))
        if where:
            self._client.restart_workers(where, timeout=PATIENCE, raise_for_error=False)
