"""Manners, judged by the hosts themselves: robots.txt, Crawl-delay, connections, a second crawl.

    python -m benchmarks.manners

Every crawl is the command as a user types it, in a process of its own. Exit 1 when a promise is
not kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.serving import Portals, entry
from spiders.simulator import World
from spiders.simulator.faults import Fault
from spiders.simulator.world import COUNTRY, PORTALS
from tests.spiders import crawls, tiny

BURST = 100
DELAY = 2.0  # seconds of Crawl-delay
SHARE = 0.05  # of the first crawl's bytes that the second may ask for
REPORTS = 300
SCHEDULED = """
import sys
from pathlib import Path
from spiders.crawl import run
from spiders.registry import load
done = run(Path(sys.argv[1]), portals=load(Path(sys.argv[2])), delay=0.0, scheduled=True)
sys.exit(done.exit_code)
"""


class Verdicts:
    """Prints each promise with what was measured."""

    broken = False

    def say(self, what: str, found: str, kept: bool) -> None:
        self.broken |= not kept
        print(f"{what:42} {found:56} {'kept' if kept else 'NOT KEPT'}")


def crawl(data: Path, file: Path, *words: str) -> tuple[int, list[dict[str, object]]]:
    """Exit code, and what the command tells of every portal."""
    command = [sys.executable, "-m", "gongkai", "crawl", "--json", "--portals", str(file)]
    done = subprocess.run(
        [*command, "--data", str(data), *words], capture_output=True, text=True, check=False
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def typed(data: Path, file: Path) -> int:
    return crawl(data, file, "--delay", "0")[0]


def planned(data: Path, file: Path) -> int:
    """What `crawl --due` does once the portals are due."""
    words = [sys.executable, "-c", SCHEDULED, str(data), str(file)]
    return subprocess.run(words, check=False).returncode


@contextmanager
def scratch() -> Iterator[tuple[Path, Path]]:
    """A data folder and a registry to be written."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "data", Path(folder) / "portals.toml"


def burst(verdicts: Verdicts) -> None:
    """A hundred columns behind a robots.txt that disallows them all."""
    with scratch() as (data, file), tiny.served(tiny.site("burst", 201, tiny.pages())) as servers:
        server = servers["burst"]
        server.set_faults((Fault(kind="disallow-all", path="/robots.txt"),))
        columns = tuple(f"{server.base}/nb/{number}" for number in range(BURST))
        crawls.registry(file.parent, tiny.portal(server, columns=columns))
        code, _ = crawl(data, file)
        asked = Counter(one.target for one in server.judge.requests())
        kept = Counter(one.outcome for one in crawls.captures(data, "kind = 'listing'"))
    pages = asked.total() - asked["/robots.txt"]
    found = f"{pages} fetched, {kept['robots']} recorded, exit {code}"
    verdicts.say(
        f"a burst of {BURST} to a disallowed path", found, not pages and kept["robots"] == BURST
    )


def pauses(verdicts: Verdicts) -> None:
    """Crawl-delay from the request after robots.txt on."""
    with (
        scratch() as (data, file),
        Portals(1, 4, 18441, DELAY) as portals,
    ):
        file.write_text(entry(0, 18441), "utf-8")
        crawl(data, file, "--delay", "0")
        (seen,) = portals.figures()
    gap = seen["least_gap"]
    found = f"shortest gap of {seen['requests']} requests {gap:.3f} s"
    verdicts.say(f"Crawl-delay: {DELAY:g}", found, DELAY <= gap < DELAY + 1)


def country(verdicts: Verdicts) -> None:
    """All families of portal systems at once; again, as a person asks, and as the calendar does."""
    world = World(portals=(*PORTALS, *COUNTRY))
    sent, whole = [], 0
    with scratch() as (data, file), world.start():
        file.write_text(world.registry_toml(), "utf-8")
        for command in (typed, typed, planned):
            world.forget()
            code = command(data, file)
            judged = world.judgement().values()
            at_once = max(one.most_at_once for one in judged)
            wrong = [fault for one in judged for fault in one.violations]
            number = sum(one.requests for one in judged)
            found = f"{number} requests, most at once {at_once}, {len(wrong)} violations"
            kept = at_once == 1 and not wrong
            verdicts.say(f"{len(judged)} hosts of all families, exit {code}", found, kept)
            sent.append(sum(one.sent for one in world.requests()))
        for one in crawls.captures(data, "crawl = 2 AND outcome = 'ok' AND kind = 'report'"):
            whole += one.wire_length or 0
    asked, bare, due = (one / sent[0] for one in (sent[1], whole, sent[2]))
    found = f"{100 * asked:.2f} % of the bytes; {100 * bare:.2f} of it without validator"
    verdicts.say("again, asked by a person", found, asked - bare < SHARE)
    verdicts.say("again, by the calendar", f"{100 * due:.2f} % of the bytes", due < SHARE)


def edited(verdicts: Verdicts) -> None:
    """What the portals edited is what is told; what differs in bytes only is not."""
    world = World()
    with scratch() as (data, file), world.start():
        file.write_text(world.registry_toml(), "utf-8")
        typed(data, file)
        edits = [edit for edit in world.edit() if edit.kind != "volatile"]
        _, told = crawl(data, file, "--delay", "0")
        pages = {f"{world.base(edit.portal)}{edit.new_path}" for edit in edits}
        documents = crawls.captures(data, "crawl = 2 AND outcome = 'ok' AND kind = 'attachment'")
    theirs = sum(one.found_on in pages for one in documents)
    changed = sum(int(str(one["changed"])) for one in told)
    found = f"{changed} told; {len(pages)} pages and {theirs} documents of theirs edited"
    verdicts.say("after edits by the portals", found, changed == len(pages) + theirs)


def bare(verdicts: Verdicts) -> None:
    """A portal without validators: what a person gets who asks, and what the calendar asks for."""
    with scratch() as (data, file), Portals(1, REPORTS, 18442, bare=True) as portals:
        file.write_text(entry(0, 18442), "utf-8")
        shares = []
        for command in (typed, typed, planned):
            command(data, file)
            (seen,) = portals.figures()
            shares.append(seen["bytes"])
    asked, scheduled = (100 * one / shares[0] for one in shares[1:])
    verdicts.say("no validators: gongkai crawl PORTAL again", f"{asked:.2f} % of the bytes", True)
    found = f"{scheduled:.2f} % of the bytes, all of them lists"
    verdicts.say("no validators: the next scheduled visit", found, scheduled < 100 * SHARE)


def main() -> None:
    verdicts = Verdicts()
    for judge in (burst, pauses, country, edited, bare):
        judge(verdicts)
    sys.exit(verdicts.broken)


if __name__ == "__main__":
    main()
