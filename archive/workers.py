"""Pure functions over many pages in processes; a crash or a hang costs the page that caused it."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
WINDOW = 500  # jobs that may be ahead of the slowest
YOUNG = 50_000  # objects between two looks for garbage: a page makes a few thousand


@dataclass(frozen=True, slots=True)
class Failed:
    """What became of a page that could not be read: the worker died, hung, or raised."""

    state: Literal["crashed", "timeout", "error"]
    error: str


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Job, Result]):
    """A call that answers instead of raising; picklable, so that a worker can make it."""

    call: Callable[[Job], Result]

    def __call__(self, job: Job) -> Result | Failed:
        try:
            return self.call(job)
        except Exception as error:  # whatever one page does, the run goes on and says so
            return Failed("error", f"{type(error).__name__}: {' '.join(str(error).split())}")


def awake(attempt: object) -> bool:
    """True once a worker has loaded what it needs for an attempt."""
    return attempt is not None


def results(
    jobs: Iterable[Job],
    call: Callable[[Job], Result],
    *,
    workers: int,
    limit: Callable[[Job], float],
) -> Iterator[tuple[Job, Result | Failed]]:
    """Every job with its result, in the order of the jobs, so that the rows that are written do
    not depend on who was faster. `limit`, the seconds of a job, binds processes; 0 is this one."""
    attempt = Attempt(call)
    if not workers:
        yield from ((job, attempt(job)) for job in jobs)
        return
    crew = Crew(attempt, workers, limit)
    try:
        yield from in_order(crew.run(jobs))
    finally:
        crew.stop()


def in_order(
    finished: Iterable[tuple[int, Job, Result | Failed]],
) -> Iterator[tuple[Job, Result | Failed]]:
    """Holds back what came before its turn."""
    early: dict[int, tuple[Job, Result | Failed]] = {}
    turn = 0
    for number, job, result in finished:
        early[number] = (job, result)
        while turn in early:
            yield early.pop(turn)
            turn += 1


class Crew(Generic[Job, Result]):
    """A pool that survives its workers, with few enough jobs in hand to suspect them all."""

    def __init__(
        self, attempt: Attempt[Job, Result], workers: int, limit: Callable[[Job], float]
    ) -> None:
        self._attempt = attempt
        self._workers = workers
        self._limit = limit
        self._pool = _pool(workers)
        self._waiting: dict[Future[Result | Failed], tuple[int, Job, float]] = {}

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Job, Result | Failed]]:
        """Feeds the pool and yields what comes back, with the number of its job."""
        for number, job in enumerate(jobs):
            try:
                future = self._pool.submit(self._attempt, job)
                self._waiting[future] = (number, job, self._limit(job))
            except BrokenProcessPool:
                yield from self._suspect([(number, job)])
            while self._full(number):
                yield from self._collect()
        while self._waiting:
            yield from self._collect()

    def _full(self, number: int) -> bool:
        """Enough in hand, or too far ahead of the slowest: results wait for those before them."""
        if not self._waiting:
            return False
        oldest = min(waiting for waiting, _, _ in self._waiting.values())
        return len(self._waiting) >= 4 * self._workers or number - oldest >= WINDOW

    def stop(self) -> None:
        """Ends the processes; a hung one would keep the program alive."""
        _kill(self._pool)

    def _collect(self) -> Iterator[tuple[int, Job, Result | Failed]]:
        patience = max(limit for _, _, limit in self._waiting.values())
        done, _ = wait(self._waiting, timeout=patience, return_when=FIRST_COMPLETED)
        lost: list[tuple[int, Job]] = []
        for future in done:
            number, job, _ = self._waiting.pop(future)
            if future.exception() is None:
                yield number, job, future.result()
            else:
                lost.append((number, job))
        if lost or not done:
            yield from self._suspect(lost)

    def _suspect(self, lost: list[tuple[int, Job]]) -> Iterator[tuple[int, Job, Result | Failed]]:
        """A dead pool does not say which page killed it: each page in hand is tried alone."""
        suspects = [*lost, *((number, job) for number, job, _ in self._waiting.values())]
        self._waiting.clear()
        self._renew(1)
        for number, job in suspects:
            yield number, job, self._alone(job)
        self._renew(self._workers)

    def _alone(self, job: Job) -> Result | Failed:
        """In a process that is awake: what it takes to start one is not the page's time."""
        limit = self._limit(job)
        try:
            self._pool.submit(awake, self._attempt).result()
            return self._pool.submit(self._attempt, job).result(timeout=limit)
        except TimeoutError:
            failed = Failed("timeout", f"no result after {limit:g} seconds")
        except BrokenProcessPool:
            failed = Failed("crashed", "the worker process died")
        self._renew(1)
        return failed

    def _renew(self, workers: int) -> None:
        _kill(self._pool)
        self._pool = _pool(workers)


def _pool(workers: int) -> ProcessPoolExecutor:
    # Spawned, not forked: a child must inherit neither SQLite connections nor locks.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=look_seldom)


def look_seldom() -> None:
    """Looking for circular garbage every 700 objects costs a reading a twelfth of its time."""
    gc.set_threshold(YOUNG, 20, 20)


def _kill(pool: ProcessPoolExecutor) -> None:
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=True, cancel_futures=True)
