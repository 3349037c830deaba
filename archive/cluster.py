"""Pages over a Dask cluster, when one machine is not enough; the extra is called `dask`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from distributed import Client, Future, KilledWorker

from archive.reading import Engine
from archive.workers import WINDOW, Attempt, Failed, awake, in_order
from parsers.errors import ArchiveError

Job = TypeVar("Job")
Result = TypeVar("Result")
IN_HAND = 4  # jobs for each thread of the cluster
PATIENCE = 10  # seconds to reach a scheduler
COMEBACK = 120  # seconds until a cluster without workers has one again
RESTART = 15  # seconds a restart may take: some nannies lose their worker, the others go on


def cluster_results(
    jobs: Iterable[Job],
    call: Callable[[Job], Result],
    engine: Engine,
    *,
    address: str,
    limit: Callable[[Job], float],
) -> Iterator[tuple[Job, Result | Failed]]:
    """Every job with its result, in the order of the jobs; `limit` says the seconds of each."""
    if ":" not in address:
        raise ArchiveError(f"{address!r} is no address of a Dask scheduler: tcp://HOST:PORT")
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

    def __init__(
        self, client: Client, attempt: Attempt[Job, Result], limit: Callable[[Job], float]
    ) -> None:
        self._client = client
        self._attempt = attempt
        self._limit = limit
        self._hand: dict[Future, tuple[int, Job, float, float]] = {}  # since when, its limit
        self._suspects: list[tuple[int, Job]] = []
        self._finished: SimpleQueue[Future] = SimpleQueue()

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Job, Result | Failed]]:
        """Feeds the cluster and yields what comes back, with the number of its job."""
        room = IN_HAND * max(1, sum(self._client.nthreads().values()))
        for number, job in enumerate(jobs):
            future = self._client.submit(self._attempt, job, pure=False)
            self._hand[future] = (number, job, time.monotonic(), self._limit(job))
            future.add_done_callback(self._finished.put)
            while len(self._hand) >= room:
                yield from self._collect()
            if number - self._oldest(number) >= WINDOW:
                yield from self._drain()
        yield from self._drain()

    def _oldest(self, number: int) -> int:
        suspected = (waiting for waiting, _ in self._suspects)
        return min((*(waiting for waiting, *_ in self._hand.values()), *suspected, number))

    def _drain(self) -> Iterator[tuple[int, Job, Result | Failed]]:
        """All that is in hand, and then the suspects, each alone on the cluster."""
        while self._hand:
            yield from self._collect()
        suspects, self._suspects = self._suspects, []
        for number, job in suspects:
            yield number, job, self._alone(job)

    def _collect(self) -> Iterator[tuple[int, Job, Result | Failed]]:
        try:
            future = self._finished.get(timeout=self._patience() / 4)
        except Empty:
            self._suspect_the_slow()
            return
        if future not in self._hand:  # it was given up
            return
        number, job, *_ = self._hand.pop(future)
        try:
            yield number, job, future.result()
        except KilledWorker:  # a dead worker takes its queue with it: who did it shows alone
            self._suspects.append((number, job))

    def _patience(self) -> float:
        """Of all that is in hand: a page may wait behind a scan."""
        return max(limit for *_, limit in self._hand.values())

    def _suspect_the_slow(self) -> None:
        """What hangs, and what waits behind it: their workers start anew."""
        late = time.monotonic() - self._patience()
        slow = [future for future, (_, _, since, _) in self._hand.items() if since < late]
        self._suspects += [self._hand.pop(future)[:2] for future in slow]
        self._restart(slow)

    def _alone(self, job: Job) -> Result | Failed:
        try:
            self._client.wait_for_workers(1, timeout=COMEBACK)
        except TimeoutError as error:
            raise ArchiveError("the Dask cluster has no workers any more") from error
        # What it takes to load the parsers is not the page's time.
        self._client.run(awake, self._attempt, on_error="ignore")
        future, limit = self._client.submit(self._attempt, job, pure=False), self._limit(job)
        try:
            found: Result | Failed = future.result(timeout=limit)
            return found
        except KilledWorker:
            return Failed("crashed", "the worker process died")
        except TimeoutError:
            self._restart([future])
            return Failed("timeout", f"no result after {limit:g} seconds")

    def _restart(self, futures: Sequence[Future]) -> None:
        keys = {future.key for future in futures}
        held = self._client.processing().items()
        where = [worker for worker, doing in held if keys & set(doing)]
        self._client.cancel(list(futures))
        if where:
            self._client.restart_workers(where, timeout=RESTART, raise_for_error=False)
