"""Stored captures x today's parsers -> facts, and the changes with their causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Literal

from archive import seals
from archive.candidates import propose, take_up, waiting
from archive.capture import CaptureStore
from archive.changes import ChangeRow, listed, record
from archive.fact_rows import Kept
from archive.facts import FILE, UNSEEN, FactsStore, Reading
from archive.promotion import Gate, Order, Verdict, promote
from archive.reading import Engine, Job, Output, Page, ReadPages, parsers_engine, patience
from archive.ruled import standings
from archive.rulings import Ruling, rulings
from archive.selection import Mode, Selection, Unreadable, addresses, newest, portals
from archive.verify_facts import cut
from archive.workers import Failed, results
from parsers.errors import ArchiveError, SchemaTooOld

COMMIT_EVERY = 500
SAMPLE = 1000
COUNTED = ("read", "new", "unchanged", "changed", "failed")
AS_USUAL = Order()
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What one run did. `read` bodies are new, unchanged, changed or failed."""

    run: int
    read: int
    new: int
    unchanged: int
    changed: int
    failed: int
    facts: int  # in the bodies read
    changes: dict[str, int]  # cells by cause
    problems: dict[str, int]  # of new and changed readings, by code
    mended: int  # readings that were damaged in facts.db, and written anew
    promoted: bool  # whether the run is what the archive says now
    gates: tuple[Gate, ...] = ()
    rulings: tuple[str, ...] = ()  # those that do not simply stand, a line each
    sample: tuple[ChangeRow, ...] = ()  # of a dry run: what would change

    @property
    def refused(self) -> tuple[Gate, ...]:
        return () if self.promoted else tuple(gate for gate in self.gates if not gate.passed)


@dataclass(slots=True)
class Tally:
    """Counts of a run while it goes on."""

    pages: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    compared: int = 0  # facts read now that were read before
    mended: int = 0  # equal readings whose rows did not lie in the file as they were read


def reparse(
    data: Path,
    *,
    mode: Mode = "stale",
    where: str | None = None,
    dry_run: bool = False,
    workers: int = 0,
    dask: str | None = None,
    order: Order = AS_USUAL,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> RunSummary:
    """Reads what today's parsers have not read yet; a dry run undoes everything it wrote.

    The run is put in force when its gates pass; else it waits as a candidate, and what was said
    before is said on. `workers` are processes, in which a job may take its `patience`; 0 reads in
    this process, without a limit.
    """
    ruled = rulings(data)
    engine = engine or parsers_engine()
    with _captures(data) as captures, _store(data, dry_run) as facts:
        run = Run(captures, facts, engine, Scope(mode=mode, where=where), dask or workers)
        if not dry_run:
            return run.go(data, ruled, order, progress)
        facts.db.conn.execute("BEGIN IMMEDIATE")
        try:
            return run.go(data, ruled, order, progress, sample=SAMPLE)
        finally:
            facts.db.conn.execute("ROLLBACK")


def promote_waiting(data: Path, order: Order, engine: Engine | None = None) -> tuple[int, Verdict]:
    """Judges the candidate that waits, again; ArchiveError when there is none."""
    ruled = rulings(data)
    engine = engine or parsers_engine()
    FactsStore.reader(data).close()  # says in its own words that nothing was read yet
    with FactsStore.open(data) as facts:
        run = waiting(facts)
        if run is None:
            raise ArchiveError("no candidate waits: gongkai reparse --candidate makes one")
        return run, promote(facts, run, data=data, engine=engine, rulings=ruled, order=order)


def _captures(data: Path) -> CaptureStore:
    """A file of an older release is carried over first, without waiting for a crawl."""
    try:
        return CaptureStore.reader(data)
    except SchemaTooOld:
        CaptureStore.open(data).close()
        return CaptureStore.reader(data)


def _store(data: Path, dry_run: bool) -> FactsStore:
    """A dry run before the first real one must not leave a file behind."""
    if dry_run and not (data / FILE).exists():
        return FactsStore.scratch()
    return FactsStore.open(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which captures are read."""

    mode: Mode
    where: str | None


class Run:
    """One pass over the captures; the only writer of facts.db while it lasts."""

    def __init__(
        self,
        captures: CaptureStore,
        facts: FactsStore,
        engine: Engine,
        scope: Scope,
        crew: int | str,
    ) -> None:
        self._captures = captures
        self._facts = facts
        self._engine = engine
        self._scope = scope
        self._crew = crew  # how many processes, or the address of a Dask scheduler
        self._tally = Tally()
        self._run = 0

    def go(
        self,
        data: Path,
        ruled: Sequence[Ruling],
        order: Order,
        progress: Progress | None,
        sample: int = 0,
    ) -> RunSummary:
        """All of it; a failure is kept with the run that it ended."""
        if older := cut(self._facts, self._captures):
            raise ArchiveError(f"{older}; restore it and facts.db from one backup")
        selection = {"mode": self._scope.mode, "where": self._scope.where, "workers": self._crew}
        self._run = self._facts.begin_run(
            reason="; ".join(order.because) or "reparse",
            parser=self._engine.fingerprint,
            selection=selection,
        )
        try:
            self._tally.compared = take_up(self._facts, self._run, self._engine.fingerprint)
            self._read(progress)
        except BaseException as error:
            if sample:
                raise
            reason = f"{type(error).__name__}: {error}"
            self._facts.end_run(self._run, "failed", self._counts(), reason)
            raise
        self._facts.end_run(self._run, "finished", self._counts())
        verdict = self._judged(data, ruled, order)
        summary = self._summary(verdict, ruled, sample)
        self._facts.count(self._run, self._counts() | {"changes": summary.changes})
        return summary

    def _judged(self, data: Path, ruled: Sequence[Ruling], order: Order) -> Verdict:
        if order.candidate:
            return Verdict(promoted=False)
        return promote(
            self._facts, self._run, data=data, engine=self._engine, rulings=ruled, order=order
        )

    def _read(self, progress: Progress | None) -> None:
        total = addresses(self._captures)
        outcomes = self._outcomes(self._jobs(progress, total))
        for first in outcomes:
            # Written as they come: whoever waits with all of a batch lets the workers wait too.
            with self._facts.transaction():
                for job, outcome in chain([first], islice(outcomes, COMMIT_EVERY - 1)):
                    self._apply(job, outcome)
        self._know_bodies()
        if progress:
            progress(total, total)

    def _know_bodies(self) -> None:
        with self._facts.transaction():
            for name, entry in portals(self._captures).items():
                since = entry.get("since")
                if entry.get("agency"):
                    self._facts.know(
                        name,
                        str(entry["agency"]),
                        str(entry.get("region", "")),
                        since if isinstance(since, int) else None,
                    )

    def _outcomes(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, tuple[Output, ...] | Failed]]:
        call = ReadPages(self._engine.read)
        if isinstance(self._crew, int):
            return results(jobs, call, workers=self._crew, limit=patience)
        from archive.cluster import cluster_results

        return cluster_results(jobs, call, self._engine, address=self._crew, limit=patience)

    def _jobs(self, progress: Progress | None, total: int) -> Iterator[Job]:
        selection = Selection(
            self._captures, self._facts, self._engine.fingerprint, self._scope.mode
        )
        for done, capture in enumerate(newest(self._captures, self._scope.where)):
            if progress:
                progress(done, total)
            try:
                job = selection.plan(capture)
            except Unreadable as error:
                self._damaged(error)
                continue
            if job:
                yield job

    def _damaged(self, error: Unreadable) -> None:
        """A body that is no longer itself is not read; the last reading of it stands."""
        self._tally.pages.update(("read", "failed"))
        with self._facts.transaction():
            self._facts.mark(
                error.source, self._run, self._engine.fingerprint, "damaged", str(error)
            )

    def _apply(self, job: Job, outcome: tuple[Output, ...] | Failed) -> None:
        parser = self._engine.fingerprint
        self._tally.pages["read"] += len(job.pages)
        if isinstance(outcome, Failed):
            self._tally.pages["failed"] += len(job.pages)
            for page in job.pages:
                self._facts.mark(page.source, self._run, parser, outcome.state, outcome.error)
            return
        for page, output in zip(job.pages, outcome, strict=True):
            seen = self._facts.seen(page.source.url).get(page.source.body, UNSEEN)
            self._facts.mark(page.source, self._run, parser, "read")
            is_ours = seen.pictures == page.source.pictures
            self._keep(page, output, "parser" if is_ours else "source")

    def _keep(self, page: Page, output: Output, cause: Literal["source", "parser"]) -> None:
        """An equal reading adds nothing; any other ends the span of the one it replaces."""
        held = self._facts.open_readings(page.source.url)
        same_body = next((old for old in held if old.body == page.source.body), None)
        if same_body and same_body.output_sha256 == output.sha256:
            self._tally.pages["unchanged"] += 1
            self._tally.facts += same_body.facts
            self._tally.compared += same_body.facts
            self._tally.mended += seals.mend(self._facts, same_body.id, output.kept())
            return
        rows = output.kept()
        self._tally.facts += rows.facts
        self._tally.problems.update(rows.problems())
        if same_body:
            self._replace([same_body], page, output, rows, cause)
        else:
            old = [reading for reading in held if self._supersedes(rows, reading)]
            self._replace(old, page, output, rows, "source")

    def _supersedes(self, rows: Kept, old: Reading) -> bool:
        """Whether a new body takes the place of the reading of another one at this address.

        The address may carry next year's report tomorrow: that ends nothing, unless it is the
        same table under a corrected year. And a page without numbers, an error page under 200
        above all, does not unsay the numbers that stood there.
        """
        if bool(old.facts) > bool(rows.facts):
            return False
        if old.year is None or rows.year is None or old.year == rows.year:
            return True
        return bool(old.facts) and self._facts.values(old.id) == rows.values()

    def _replace(
        self,
        old: list[Reading],
        page: Page,
        output: Output,
        rows: Kept,
        cause: Literal["source", "parser"],
    ) -> None:
        new = self._facts.add_reading(
            page.source, rows, output.sha256, self._run, self._engine.fingerprint
        )
        seals.close(self._facts, new.id, rows)
        propose(self._facts, self._run, new, old, cause)
        self._tally.pages["changed" if old else "new"] += 1
        self._tally.compared += sum(reading.facts for reading in old)
        for reading in old:
            record(self._facts, self._run, cause, reading, new)

    def _counts(self) -> dict[str, object]:
        pages = {name: self._tally.pages[name] for name in COUNTED}
        return pages | {
            "facts": self._tally.facts,
            "compared": self._tally.compared,
            "mended": self._tally.mended,
            "captures": self._captures.last(),
            "problems": dict(sorted(self._tally.problems.items())),
        }

    def _summary(self, verdict: Verdict, ruled: Sequence[Ruling], sample: int) -> RunSummary:
        causes = self._facts.rows(
            "SELECT cause, count(*) FROM changes WHERE run = ? GROUP BY cause", (self._run,)
        )
        return RunSummary(
            run=self._run,
            **{name: self._tally.pages[name] for name in COUNTED},
            facts=self._tally.facts,
            mended=self._tally.mended,
            changes={"source": 0, "parser": 0, "patch": 0} | dict(causes),
            problems=dict(sorted(self._tally.problems.items())),
            promoted=verdict.promoted,
            gates=verdict.gates,
            rulings=tuple(each.told for each in standings(self._facts, ruled) if each.told),
            sample=tuple(listed(self._facts, run=self._run, limit=sample)),
        )
