"""Agency x year: is the report there, and if not, what stands in its place and why."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from archive import law
from archive.capture import FILE as CAPTURES
from archive.capture import CaptureStore
from archive.facts import FILE as FACTS
from archive.facts import FactsStore
from archive.sqlite import plain_errors, read_uri, sqlite3
from parsers import regions
from parsers.errors import ArchiveError

FILE = Path(__file__).parent / "coverage.toml"
THREE_SECTIONS = ("2019", "2021")  # forms that print A, B and C
LISTS = frozenset({"ok", "not-modified"})  # outcomes of a list that answered
FOUND = frozenset({"ok", "suspicious", "partial", "image_only", "no_table"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One agency in one year."""

    agency_id: int
    agency: str
    region_code: str
    level: str
    year: int
    state: str
    reason: str
    checked_at: str
    url: str = ""
    deadline: str | None = None
    days_late: int | None = None

    @property
    def due(self) -> bool:
        return self.state != "not_due"


@dataclass(frozen=True, slots=True)
class Body:
    """A body, and how its portal stood when we last looked."""

    id: int
    name: str
    region_code: str
    checked_at: str
    outcomes: str | None  # of the lists of its portal
    since: int | None = None  # for a body of which nothing was found


# Both ends of the years: what speaks, what else is held, whether all sections are there, and
# whether the page has been taken away since.
REPORTS = """
SELECT p.agency, p.year, r.status, r.captured_at, r.url, r.form,
    (SELECT count(*) FROM (SELECT 'A' AS s UNION ALL SELECT 'B' UNION ALL SELECT 'C') WHERE EXISTS
        (SELECT 1 FROM facts.facts f WHERE f.reading = r.id AND f.section = s)),
    (SELECT group_concat(DISTINCT q.code) FROM facts.problems q WHERE q.reading = r.id
        AND q.severity <> 'info'),
    (SELECT min(nullif(c.published, '')) FROM facts.readings c
        WHERE c.report = p.id AND c.to_run IS NULL),
    (SELECT CASE WHEN e.status IN (404, 410) THEN e.status || ' on ' || substr(e.fetched_at, 1, 10)
        END FROM capture.urls u JOIN capture.captures e ON e.url = u.id
        WHERE u.url = r.url ORDER BY e.fetched_at DESC, e.id DESC LIMIT 1)
FROM facts.reports p JOIN facts.readings r ON r.id = p.reading
JOIN facts.agencies a ON a.id = p.agency WHERE p.year IS NOT NULL AND a.name <> ''
"""
# The body that most reports of a portal are from; of none, the one the registry names.
HOMES = """
homes AS (SELECT portal, agency, max(n) FROM (
    SELECT r.portal, p.agency, count(*) AS n FROM facts.reports p
    JOIN facts.readings r ON r.id = p.reading GROUP BY r.portal, p.agency
    UNION ALL SELECT portal, id, 0 FROM facts.agencies WHERE portal <> '') GROUP BY portal)
"""
# When we last looked at a portal, and all that its lists answered in the newest crawl that asked.
# A host that is shut is met at robots.txt, before any list; a challenge ends the visit on any page.
LAST = """
looks AS MATERIALIZED (
    SELECT portal, crawl, kind = 'report' AND outcome <> 'blocked' AS report, outcome,
        max(fetched_at) AS at
    FROM capture.captures
    WHERE kind IN ('listing', 'report') OR outcome NOT IN ('ok', 'http-error', 'redirect')
    GROUP BY 1, 2, 3, 4
),
newest AS (SELECT portal, max(crawl) AS crawl FROM looks WHERE NOT report GROUP BY portal),
last AS (
    SELECT l.portal, max(l.at) AS at,
        group_concat(CASE WHEN NOT l.report AND l.crawl = n.crawl THEN l.outcome END) AS outcomes
    FROM looks l LEFT JOIN newest n ON n.portal = l.portal GROUP BY l.portal
)
"""
BODIES = f"""
WITH {LAST}
SELECT a.id, a.name, a.region_code, coalesce(max(l.at), ''), l.outcomes, NULL
FROM facts.reports p JOIN facts.agencies a ON a.id = p.agency
JOIN facts.readings r ON r.id = p.reading LEFT JOIN last l ON l.portal = r.portal
WHERE a.name <> '' GROUP BY a.id
UNION ALL
SELECT a.id, a.name, a.region_code, coalesce(l.at, ''), l.outcomes, a.since FROM facts.agencies a
LEFT JOIN last l ON l.portal = a.portal
WHERE a.portal <> '' AND NOT EXISTS (SELECT 1 FROM facts.reports p WHERE p.agency = a.id)
    AND NOT EXISTS (SELECT 1 FROM facts.readings r JOIN facts.reports p ON p.reading = r.id
        WHERE r.portal = a.portal)
"""
# The newest word on pages that were listed for a year and hold no report of a known year: a picture
# tells none. A page without a named agency belongs to the home of its portal.
MISSED = f"""
WITH {HOMES}, missed AS (
    SELECT f.url, o.portal, f.year, f.agency FROM capture.frontier f
    JOIN capture.rounds o ON o.id = f.round
    WHERE f.kind <> 'listing' AND f.year IS NOT NULL GROUP BY f.url, f.year
)
SELECT coalesce((SELECT a.id FROM facts.agencies a
        WHERE a.name = m.agency AND m.agency <> '' LIMIT 1), h.agency),
    m.year, e.outcome, coalesce(e.status, 0), e.error, max(e.fetched_at), m.url,
    (SELECT max(r.status) FROM facts.readings r
        WHERE r.url = m.url AND r.to_run IS NULL),
    (SELECT max(q.detail) FROM facts.readings r JOIN facts.problems q ON q.reading = r.id
        WHERE r.url = m.url AND r.to_run IS NULL AND q.code = r.status)
FROM missed m JOIN homes h ON h.portal = m.portal
JOIN capture.urls u ON u.url = m.url
JOIN capture.captures e ON e.url = u.id
WHERE NOT EXISTS (SELECT 1 FROM facts.readings r JOIN facts.reports p ON p.id = r.report
    WHERE r.url = m.url AND r.to_run IS NULL AND p.year IS NOT NULL)
GROUP BY m.url, m.year
"""
CONFIRMED = """
SELECT a.id, r.year, r.by || ', ' || r.decided || ': ' || r.why, r.decided FROM facts.rulings r
JOIN facts.agencies a ON a.name = r.agency AND (r.region_code = '' OR a.region_code = r.region_code)
WHERE r.kind = 'missing'
"""


@cache
def words() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """State and reason by what was met."""
    loaded = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        part: {name: (pair[0], pair[1]) for name, pair in entries.items()}
        for part, entries in loaded.items()
        if part != "order"
    }


@cache
def order() -> tuple[str, ...]:
    """The states, best first."""
    return tuple(tomllib.loads(FILE.read_text(encoding="utf-8"))["order"])


def covered(data: Path, *, year: int | None = None, region: str = "") -> list[Cell]:
    """From an archive, for one year or the regions whose code begins so."""
    if region and not regions.by_code(region.ljust(6, "0")):
        raise ArchiveError(f"{region!r} is no region code: six digits, such as 360800")
    prefix = region.removesuffix("00").removesuffix("00")
    with CaptureStore.reader(data), FactsStore.reader(data):  # say what is missing in own words
        pass
    memory = sqlite3.connect(":memory:", isolation_level=None, uri=True)
    with closing(memory) as db, plain_errors(data / FACTS):
        for name, file in (("facts", FACTS), ("capture", CAPTURES)):
            db.execute(f"ATTACH ? AS {name}", (read_uri(data / file),))
        cells = coverage(db)
    return [
        cell for cell in cells if year in (None, cell.year) and cell.region_code.startswith(prefix)
    ]


def coverage(connection: sqlite3.Connection) -> list[Cell]:
    """From the working files, attached as `facts` and `capture`."""
    bodies = {row[0]: Body(*row) for row in connection.execute(BODIES).fetchall()}
    known = [
        *(_found(bodies, *row) for row in connection.execute(REPORTS).fetchall()),
        *_missed(bodies, connection.execute(MISSED).fetchall()),
        *_confirmed(bodies, connection.execute(CONFIRMED).fetchall()),
    ]
    cells: dict[tuple[int, int], Cell] = {}
    for cell in sorted(known, key=_rank):
        cells.setdefault((cell.agency_id, cell.year), cell)
    years: dict[int, dict[int, bool]] = {}
    for (body, year), cell in cells.items():
        years.setdefault(body, {})[year] = cell.state in FOUND
    absent = [cell for body in bodies.values() for cell in _absent(body, years.get(body.id, {}))]
    return sorted([*cells.values(), *absent], key=lambda cell: (cell.agency_id, cell.year))


def _cell(body: Body, year: int, told: tuple[str, str], at: str, url: str = "") -> Cell:
    level = law.level(body.name, body.region_code, year)
    return Cell(
        agency_id=body.id,
        agency=body.name,
        region_code=body.region_code,
        level=law.level(body.name, body.region_code),
        year=year,
        state=told[0],
        reason=told[1],
        checked_at=at,
        url=url,
        deadline=law.deadline(year, level),
    )


def _found(
    bodies: Mapping[int, Body],
    agency: int,
    year: int,
    status: str,
    at: str,
    url: str,
    form: str,
    sections: int,
    codes: str | None,
    published: str | None,
    gone: str | None,
) -> Cell:
    unread = ("no_table", f"the report is there, but not read: {status}")
    told = words()["found"].get(status, unread)
    if told[0] == "ok":
        told = _doubted(form, sections, (codes or "").split(",")) or told
    if told[0] == "ok" and gone:
        told = _because(words()["absent"]["withdrawn"], gone) or told
    cell = _cell(bodies[agency], year, told, at, url)
    return replace(cell, days_late=law.days_late(published or "", cell.deadline))


def _doubted(form: str, sections: int, codes: Iterable[str]) -> tuple[str, str] | None:
    doubts = [words()["doubt"][code] for code in codes if code in words()["doubt"]]
    if form in THREE_SECTIONS and sections < 3:
        doubts.append(("partial", f"{sections} of the three sections A, B, C have numbers"))
    return min(doubts, key=lambda told: order().index(told[0]), default=None)


def _missed(bodies: Mapping[int, Body], rows: Iterable[tuple[object, ...]]) -> Iterator[Cell]:
    for agency, year, outcome, answer, error, at, url, status, detail in rows:
        told = _told_missed(str(outcome), answer, str(error), status, detail)
        if told and isinstance(agency, int) and agency in bodies and isinstance(year, int):
            yield _cell(bodies[agency], year, told, str(at), str(url))


def _told_missed(
    outcome: str, answer: object, error: str, status: object, detail: object
) -> tuple[str, str] | None:
    """A page that came, but could not be opened or is no report; or one that never came."""
    if outcome == "failed" and answer == 200:  # it says that it is gone, or is another page
        return _because(words()["absent"]["soft"], error)
    if status is None:
        return _because(words()["missed"].get(outcome), answer if outcome == "http-error" else "")
    if status == "ok":
        return words()["absent"]["undated"]
    if str(status) in words()["found"]:
        return words()["found"][str(status)]
    return _because(words()["absent"]["soft"], detail or status)


def _because(told: tuple[str, str] | None, detail: object) -> tuple[str, str] | None:
    return (told[0], f"{told[1]}: {detail}") if told and detail else told


def _confirmed(bodies: Mapping[int, Body], rows: Iterable[tuple[object, ...]]) -> Iterator[Cell]:
    for agency, year, why, decided in rows:
        if isinstance(agency, int) and agency in bodies and isinstance(year, int):
            yield _cell(bodies[agency], year, ("confirmed_missing", str(why)), str(decided))


def _absent(body: Body, seen: Mapping[int, bool]) -> Iterator[Cell]:
    """Years without any page: up to the last year that was over when we last looked."""
    found = {year for year, there in seen.items() if there}
    last = int(body.checked_at[:4] or 0) - 1
    first = min(seen, default=body.since or last)
    for year in range(first, max([last, *seen]) + 1):
        if year not in seen:
            yield _cell(body, year, _told_absent(body, year, found), body.checked_at)


def _told_absent(body: Body, year: int, found: set[int]) -> tuple[str, str]:
    absent = words()["absent"]
    level = law.level(body.name, body.region_code, year)
    deadline = law.deadline(year, level) or f"{year + 1}-03-31"
    if body.checked_at[:10] <= deadline:
        return absent["due"]
    if found and year < max(found):
        return absent["gap" if year > min(found) else "before"]
    return _unseen(body) or absent["later" if found else "never"]


def _unseen(body: Body) -> tuple[str, str] | None:
    """Why we could not look: a list that is shut; or none that answered with a list."""
    outcomes = set((body.outcomes or "").split(",")) - {""}
    told = [words()["lists"][name] for name in outcomes if name in words()["lists"]]
    shut = [each for each in told if each[0] != "not_found"]
    return min(shut if outcomes & LISTS else told, key=_place, default=None)


def _place(told: tuple[str, str]) -> tuple[int, str]:
    return order().index(told[0]), told[1]


def _rank(cell: Cell) -> tuple[int, str]:
    return order().index(cell.state), cell.url
