"""Stored captures x today's parsers -> facts, and the changes with their causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from archive.capture import CaptureStore
from archive.changes import Cause, ChangeRow, listed, record
from archive.editions import settle
from archive.fact_rows import values
from archive.facts import FILE, FactsStore, Reading
from archive.reading import Engine, Job, Output, Page, ReadPages, parsers_engine
from archive.selection import Mode, Selection, Unreadable, addresses, newest
from archive.workers import Failed, results
from parsers.model import Report

COMMIT_EVERY = 500
PAGE_LIMIT = 120.0  # seconds; a page of a few MB takes less than one
SAMPLE = 1000
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
    sample: tuple[ChangeRow, ...] = ()  # of a dry run: what would change


@dataclass(slots=True)
class Tally:
    """Counts of a run while it goes on."""

    pages: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    facts: int = 0

    def stored(self, report: Report) -> None:
        self.problems.update(problem.code for problem in report.problems)


def reparse(
    data: Path,
    *,
    mode: Mode = "stale",
    where: str | None = None,
    dry_run: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> RunSummary:
    """Reads what today's parsers have not read yet; a dry run undoes everything it wrote."""
    engine = engine or parsers_engine()
    with CaptureStore.reader(data) as captures, _store(data, dry_run) as facts:
        run = Run(captures, facts, engine, mode)
        if not dry_run:
            return run.go(where, workers, progress)
        facts.db.conn.execute("BEGIN IMMEDIATE")
        try:
            return run.go(where, workers, progress, sample=SAMPLE)
        finally:
            facts.db.conn.execute("ROLLBACK")


def _store(data: Path, dry_run: bool) -> FactsStore:
    """A dry run before the first real one must not leave a file behind."""
    if dry_run and not (data / FILE).exists():
        return FactsStore.scratch()
    return FactsStore.open(data)


class Run:
    """One pass over the captures; the only writer of facts.db while it lasts."""

    def __init__(
        self, captures: CaptureStore, facts: FactsStore, engine: Engine, mode: Mode
    ) -> None:
        self._captures = captures
        self._facts = facts
        self._engine = engine
        self._mode = mode
        self._tally = Tally()
        self._run = 0

    def go(
        self, where: str | None, workers: int, progress: Progress | None, sample: int = 0
    ) -> RunSummary:
        """All of it; a failure is kept with the run that it ended."""
        settled = self._last_settled()
        selection = {"mode": self._mode, "where": where, "workers": workers}
        self._run = self._facts.begin_run(
            reason="reparse", parser=self._engine.fingerprint, selection=selection
        )
        try:
            self._read(where, workers, progress)
            settle(self._facts, self._run, settled)
            summary = self._summary(sample)
        except BaseException as error:
            if sample:
                raise
            reason = f"{type(error).__name__}: {error}"
            self._facts.end_run(self._run, "failed", dict(self._tally.pages), reason)
            raise
        self._facts.end_run(self._run, "finished", _counts(summary))
        return summary

    def _last_settled(self) -> int:
        sql = "SELECT coalesce(max(id), 0) FROM runs WHERE state = 'finished'"
        return int(self._facts.rows(sql)[0][0])

    def _read(self, where: str | None, workers: int, progress: Progress | None) -> None:
        total = addresses(self._captures)
        outcomes = results(
            self._jobs(where, progress, total),
            ReadPages(self._engine.read),
            workers=workers,
            limit=PAGE_LIMIT,
        )
        while batch := list(islice(outcomes, COMMIT_EVERY)):
            with self._facts.transaction():
                for job, outcome in batch:
                    self._apply(job, outcome)
        if progress:
            progress(total, total)

    def _jobs(self, where: str | None, progress: Progress | None, total: int) -> Iterator[Job]:
        selection = Selection(self._captures, self._facts, self._engine.fingerprint, self._mode)
        for done, capture in enumerate(newest(self._captures, where)):
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
            self._facts.mark(page.source, self._run, parser, "read")
            self._keep(page, output)

    def _keep(self, page: Page, output: Output) -> None:
        """An equal reading adds nothing; any other ends the span of the one it replaces."""
        held = self._facts.open_readings(page.source.url)
        same_body = next((old for old in held if old.body == page.source.body), None)
        if same_body and same_body.output_sha256 == output.sha256:
            self._tally.pages["unchanged"] += 1
            self._tally.facts += same_body.facts
            return
        report = output.report()
        self._tally.facts += len(report.facts)
        self._tally.stored(report)
        if same_body:
            self._replace([same_body], page, output, "parser")
        else:
            old = [reading for reading in held if self._supersedes(report, reading)]
            self._replace(old, page, output, "source")

    def _supersedes(self, report: Report, old: Reading) -> bool:
        """Whether a new body takes the place of the reading of another one at this address.

        The address may carry next year's report tomorrow: that ends nothing, unless it is the
        same table under a corrected year. And a page without numbers, an error page under 200
        above all, does not unsay the numbers that stood there.
        """
        if bool(old.facts) > bool(report.facts):
            return False
        if old.year is None or report.year is None or old.year == report.year:
            return True
        return bool(old.facts) and self._facts.values(old.id) == values(report)

    def _replace(self, old: list[Reading], page: Page, output: Output, cause: Cause) -> None:
        for reading in old:
            self._facts.end_reading(reading.id, self._run)
        new = self._facts.add_reading(
            page.source, output.report(), output.sha256, self._run, self._engine.fingerprint
        )
        self._tally.pages["changed" if old else "new"] += 1
        for reading in old:
            record(self._facts, self._run, cause, reading, new)

    def _summary(self, sample: int) -> RunSummary:
        causes = self._facts.rows(
            "SELECT cause, count(*) FROM changes WHERE run = ? GROUP BY cause", (self._run,)
        )
        pages = self._tally.pages
        return RunSummary(
            run=self._run,
            read=pages["read"],
            new=pages["new"],
            unchanged=pages["unchanged"],
            changed=pages["changed"],
            failed=pages["failed"],
            facts=self._tally.facts,
            changes={"source": 0, "parser": 0, "patch": 0} | dict(causes),
            problems=dict(sorted(self._tally.problems.items())),
            sample=tuple(listed(self._facts, run=self._run, limit=sample)),
        )


def _counts(summary: RunSummary) -> dict[str, object]:
    names = ("read", "new", "unchanged", "changed", "failed", "facts", "changes", "problems")
    return {name: getattr(summary, name) for name in names}
