"""One spider for all portals: the registry says where to begin, the frontier what is next."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.url import safe_url_string

from archive.frontier import Task
from parsers.decode import decode
from parsers.errors import ArchiveError, GongkaiError, ReadError, RegistryError, Unwritable
from parsers.model import RENDER

from . import discover, endings, fields, finding, reading, resting, runreport, shells
from .audit import audit
from .families import FAMILIES
from .identity import placed
from .lastresort import last_resorts
from .outcomes import Needless, Postponed, Refused, message, of_exchange
from .queue import Queue
from .registry import load, select
from .repeats import misnumbered
from .session import Session, summary

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_PRIORITY = {"report": 10_000, "attachment": 0}
_GOOD = ("ok", "not-modified")


class PortalSpider(Spider):
    """`scrapy crawl portal -a portal=jian`; without `portal` every portal that may be crawled."""

    name = "portal"
    session: Session
    queue: Queue
    _backoff: tuple[float, ...] = ()
    _patience: float = 0.0
    _timer: asyncio.TimerHandle | None = None
    _closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        session: Session | None = None,
        portal: str = "",
        limit: str = "",
    ) -> Self:
        spider = cls()
        spider._set_crawler(crawler)
        spider.session = session or _open(crawler, portal, limit)
        spider.session.pace.daily = crawler.settings.getint("GONGKAI_DAILY") or None
        spider.session.browser = shells.has_browser(crawler.settings)
        spider.session.opening = fields.hours(crawler.settings.get("GONGKAI_HOURS", ""))
        spider.queue = Queue(spider.session)
        spider._backoff = tuple(map(float, crawler.settings.getlist("GONGKAI_BACKOFF")))
        spider._patience = crawler.settings.getfloat("GONGKAI_PATIENCE")
        crawler.signals.connect(spider._idle, signal=signals.spider_idle)
        crawler.signals.connect(spider._bug, signal=signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        try:
            self._seed()
            tasks = [task for task in self.queue.take() if not self._rests(task)]
        except ArchiveError as error:
            self._stop(error)
            return
        for task in tasks:
            yield self._request(task)

    def closed(self, reason: str) -> None:
        """Scrapy calls this last, whatever ended the crawl."""
        if self._timer:
            self._timer.cancel()
        try:
            if self.session.error is None:
                audit(self.session)
        except ArchiveError as error:
            self.session.error = error
        self.session.close(reason)
        if self.session.error is None:
            try:
                runreport.write(self.session.store.path.parent, self.session, summary(self.session))
            except Unwritable as error:
                self.session.error = error

    def _seed(self) -> None:
        """Again on every start: what already stands in an open round is not put twice."""
        for portal in self.session.portals.values():
            entries = portal.columns or (portal.home,)
            page = 1 if portal.columns else 0
            tasks = [
                Task(url=safe_url_string(url), portal=portal.id, kind="listing", page=page)
                for url in entries
            ]
            self.session.frontier.put(tasks, self.session.cycle)

    def _request(self, task: Task) -> Request:
        headers = {"Referer": task.found_on} if task.found_on else {}
        if task.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
            headers |= FAMILIES[task.note].headers if task.note in FAMILIES else {}
        return Request(
            task.address,
            method=task.method,
            body=task.request_body,
            headers=headers,
            meta=_meta(task),
            priority=_priority(task),
            dont_filter=True,
            callback=self.parse,
            errback=self._failed,
        )

    def parse(self, response: Response) -> None:
        """Every answer that no middleware took away, good or not."""
        task: Task = response.meta["task"]
        try:
            self._answered(task, response)
        except ArchiveError as error:
            self._stop(error)
            return
        self._settle(task)

    def _answered(self, task: Task, response: Response) -> None:
        outcome = response.meta["outcome"]
        if outcome == "redirect" and task.depth < finding.HOPS:
            self.session.frontier.expand(task, [placed(finding.moved(task, response))])
        elif outcome == "failed" and (drawn := self._drawn(task, finding.is_shell(task, response))):
            self.session.frontier.expand(task, drawn)
        elif outcome not in _GOOD:
            after = response.headers.get("Retry-After")
            endings.without_page(
                self.session,
                task,
                outcome,
                response.meta["error"],
                backoff=self._backoff,
                status=response.status,
                wanted=after.decode("latin-1") if after else None,
            )
        elif task.kind == "listing":
            self._listed(task, response)
        elif task.kind == "report":
            self._reported(task, response)

    def _listed(self, task: Task, response: Response) -> None:
        portal = self.session.portals[task.portal]
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        at = response.url if response.meta.get("redirect_urls") else task.url
        try:
            if (task.page or 0) < 1:
                text = decode(response.body, content_type).text
                if not discover.is_column(text, at):
                    self._walk(task, text, at)
                    return
                task = replace(task, page=1)
            column = reading.read(portal, task, response.body, content_type, at=at)
            if other := misnumbered(self.session, task, column):
                endings.misnumbered(self.session, task, other)
                return
            agency = task.agency or portal.agency
            found = reading.children(task, column, agency)
            found += self._drawn(task, column.scripted)
            if column.scripted:  # still, after a browser
                lost = response.meta.get("lost", ())
                self.session.tallies[task.portal].notes += [f"{task.url}: {one}" for one in lost]
        except (ReadError, ValueError) as error:
            endings.unreadable(self.session, task, message(error))
            return
        if column.itself or any(child.kind == "report" for child in found):
            self.session.settled.add(task.portal)
        if column.itself:
            self.session.frontier.put(map(placed, found), self.session.cycle)
            self.session.frontier.recast(reading.as_report(task, column.itself, agency))
        else:
            self.session.frontier.expand(task, map(placed, found))

    def _walk(self, task: Task, text: str, at: str) -> None:
        """Towards the column, a handful of pages at most."""
        walked = self.session.walked
        found = finding.walk(
            replace(task, url=at), text, discover.HANDFUL - walked.get(task.portal, 0)
        )
        found += self._drawn(task, not found and shells.is_scripted(text))
        steps = sum((child.page or 0) < 1 for child in found)
        walked[task.portal] = walked.get(task.portal, 0) + steps
        self.session.frontier.expand(task, map(placed, found))

    def _drawn(self, task: Task, scripted: bool) -> list[Task]:
        """The page as a browser draws it, where there is one and the page needs it."""
        wanted = scripted and self.session.browser and task.method == "GET"
        return [reading.drawn(task)] if wanted else []

    def _reported(self, task: Task, response: Response) -> None:
        found = finding.attached(task, response)
        self.session.frontier.expand(task, map(placed, found))

    def _failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        task: Task = request.meta["task"]
        error = failure.value or RuntimeError("no reason given")
        try:
            self._ended(task, request, error)
        except ArchiveError as fault:
            self._stop(fault)
            return
        if not isinstance(error, ArchiveError):
            self._settle(task)

    def _ended(self, task: Task, request: Request, error: BaseException) -> None:
        if isinstance(error, ArchiveError):
            self._stop(error)
        elif isinstance(error, Postponed):
            self.queue.park(task, error.until)
            if self.crawler.crawling:
                self.session.postponed[task.portal] = error.reason
        elif isinstance(error, Needless):
            self.session.frontier.fail(task, "refused", reason=error.reason)
        elif isinstance(error, Refused):
            endings.refused(self.session, task, error.outcome, error.reason)
        else:
            outcome = of_exchange(request, error)
            reason = message(error)
            endings.without_page(self.session, task, outcome, reason, backoff=self._backoff)

    def _settle(self, task: Task) -> None:
        self.queue.settle(task)
        if self.queue.low:
            self._pump()

    def _pump(self) -> bool:
        """Asks for what is due; False when nothing is."""
        asked = False
        while not asked and self.session.error is None and self.crawler.crawling:
            try:
                tasks = self.queue.take()
                wanted = [task for task in tasks if not self._rests(task)]
            except ArchiveError as error:
                self._stop(error)
                return False
            for task in wanted:
                self.crawler.engine.crawl(self._request(task))
            asked = bool(wanted)
            if not tasks:
                break
        return asked

    def _rests(self, task: Task) -> bool:
        """Whether its last reading is good enough for this visit; its documents follow from it."""
        page = resting.stored(self.session, task)
        if page is None:
            return False
        self._reported(task, page)
        self.session.tallies[task.portal].resting += 1
        self.queue.settle(task)
        return True

    def _idle(self) -> None:
        """Between two batches, or while the only tasks left wait for their time."""
        if self.session.error is not None:
            return
        if self._pump() or (self._resort() and self._pump()):
            raise DontCloseSpider
        soonest = self.queue.soonest()
        wait = None if soonest is None else max(soonest - time.time(), 0.0) + 0.01
        if wait is not None and wait <= self._patience:
            if self._timer:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(wait, self._pump)
            raise DontCloseSpider

    def _resort(self) -> bool:
        """Whether there was another way to look for a column."""
        try:
            return self.crawler.crawling and bool(last_resorts(self.session))
        except ArchiveError as error:
            self._stop(error)
            return False

    def _bug(self, failure: Failure) -> None:
        """What is not in the tree of errors is a bug, and stops the crawl."""
        if isinstance(failure.value, Exception):
            self._stop(failure.value)

    def _stop(self, error: Exception) -> None:
        if self.session.error is None:
            self.session.error = error
        if self._closing is None:
            self.logger.error(message(error))
            closing = self.crawler.engine.close_spider_async(reason="error")
            self._closing = asyncio.ensure_future(closing)


def _priority(task: Task) -> int:
    """As the frontier ranks: columns, the way to them, reports from the newest year down."""
    page = task.page or 0
    if task.kind == "listing":
        return 30_000 - page if page > 0 else 20_000 + page
    return _PRIORITY[task.kind] + (task.year or 0)


def _meta(task: Task) -> dict[str, object]:
    """What a browser has drawn is where it is: the refresh in its head is the reader's."""
    meta: dict[str, object] = {"task": task, "portal": task.portal, "kind": task.kind}
    return meta | {"dont_redirect": True} if task.method == RENDER else meta


def _open(crawler: Crawler, chosen: str, limit: str) -> Session:
    """For `scrapy crawl`: what `gongkai crawl` is told by arguments, this reads from settings."""
    path = crawler.settings.get("GONGKAI_PORTALS")
    try:
        portals = select(load(Path(path) if path else None), chosen.replace(",", " ").split())
        return Session.open(
            Path(crawler.settings["GONGKAI_DATA"]),
            portals,
            reason="scrapy crawl",
            limit=_number(limit) if limit else None,
        )
    except GongkaiError:
        asyncio.get_running_loop().set_exception_handler(_say)
        raise


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise RegistryError(f"limit is {text!r}, not a number of reports")
    return int(text)


def _say(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """An error that a user can cure is one line, not a traceback."""
    error = context.get("exception")
    if isinstance(error, GongkaiError):
        logging.getLogger(PortalSpider.name).error(message(error))
    else:
        loop.default_exception_handler(context)
