"""The one door of the room: bytes in, a Report out; pure, and never an exception for a page."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from .carrier import document as carried
from .decode import decode
from .document import parse
from .errors import ReadError
from .identities import check
from .identity import Identity, hear, identify, is_report, preliminary_year
from .model import (
    At,
    Block,
    Check,
    Decoded,
    Document,
    Fact,
    Grid,
    Hints,
    Problem,
    Report,
    TablePlace,
)
from .narrative import compare, texts
from .pictures import pictures, shows_tables, with_pictures
from .problems import problem
from .recognise import majority_form, recognise
from .relations import identities
from .sniff import sniff
from .split import other_page
from .suffixes import LINKED
from .trust import section_of, weighed

NO_HINTS = Hints()
PAGES = frozenset(["html", "text", "unknown", "empty"])  # text, or what `decode` says is none
MENU_LENGTH = 25  # characters; a paragraph set as a list item is longer
FEW_WORDS = 1000  # characters of a page that says nothing beside its pictures
MANY = 3  # broken hard identities from which a reading that needed help is in doubt
HELP = frozenset(("label-doubtful", "short-row", "heading-numbers", "value-columns"))


def read(body: bytes, *, url: str = "", content_type: str = "", hints: Hints = NO_HINTS) -> Report:
    """Everything one document says; a document without a report says so in `problems`."""
    try:
        decoded, document = open_document(body, content_type)
        if hints.pictures and not shows_tables(document):
            document = with_pictures(document, hints.pictures)
    except ReadError as error:
        return Report(problems=(problem(error.code, reason=str(error)),))
    return _read(decoded, document, url, hints)


def tables(body: bytes, *, content_type: str = "") -> tuple[Grid, ...]:
    """The grids of a document as a person sees them; ReadError when it cannot be opened."""
    return open_document(body, content_type)[1].grids


def open_document(body: bytes, content_type: str = "") -> tuple[Decoded, Document]:
    """Decode and take apart; ReadError names what stands in the way."""
    kind = sniff(body)
    if kind in PAGES:
        decoded = decode(body, content_type)
        return decoded, parse(decoded.text)
    return Decoded(text="", encoding=kind), carried(body, content_type=content_type)


def _read(decoded: Decoded, document: Document, url: str, hints: Hints) -> Report:
    heard = hear(document, hints)
    agency = heard.best.judged.agency if heard.best else ""
    harvest = recognise(document, preliminary_year(document, hints, heard), agency)
    facts = tuple(harvest.facts)
    identity = identify(document, facts, hints, url, heard)
    checks = check(facts)
    problems = [
        *weighed(document.problems, facts, checks),
        *identity.problems,
        *harvest.problems,
        *_identity_problems(facts, checks, harvest.problems),
        *_absence(document, identity, facts, decoded.text),
        *_split(decoded.text, url, facts),
    ]
    prose = _prose(document)
    narrative = compare(prose, facts) if facts or identity.title else ()
    return Report(
        title=identity.title,
        agency=identity.agency,
        region_code=identity.region_code,
        year=identity.year,
        scope=identity.scope,
        form=majority_form(harvest) or "",
        edition=identity.edition,
        published=identity.published,
        encoding=decoded.encoding,
        evidence=identity.evidence,
        facts=facts,
        leftovers=tuple(harvest.leftovers),
        problems=tuple(problems),
        checks=checks,
        narrative=narrative,
        texts=texts(prose),
        tables=tuple([_table_place(grid) for grid in document.grids]),
    )


def _table_place(grid: Grid) -> TablePlace:
    return TablePlace(
        index=grid.index, source=grid.source, caption=grid.caption, carrier=grid.carrier
    )


def _prose(document: Document) -> list[Block]:
    """Blocks that may tell numbers: links of menus and lists are not, and there are hundreds."""
    return [
        block
        for block in document.blocks
        if block.tag != "li" or len(block.text) >= MENU_LENGTH or "，" in block.text
    ]


def _absence(
    document: Document, identity: Identity, facts: Sequence[Fact], text: str
) -> list[Problem]:
    """Why a document without facts has none."""
    if facts or any(each.severity == "error" for each in document.problems):
        return []
    found, reason = is_report(document, identity.title)
    elsewhere = [href for href, _ in document.links if LINKED.search(href)] if found else []
    if elsewhere:
        return [problem("attachment-only", href=" ".join(elsewhere[:MANY]))]
    if found and (drawn := _drawn(document, text)):
        return [problem("image-only", reason=f"{drawn} pictures, not stored with the page")]
    return [problem("no-table" if found else "not-a-report", reason=reason)]


def _split(text: str, url: str, facts: Sequence[Fact]) -> list[Problem]:
    """The numbers of one page of several are not all that the report has."""
    where = other_page(text, url) if facts else ""
    return [problem("split-report", where=where)] if where else []


def _identity_problems(
    facts: Sequence[Fact], checks: Sequence[Check], said: Sequence[Problem]
) -> list[Problem]:
    """A broken hard identity is the source's affair, and many are where every label is exact.

    Where labels or columns needed help, many broken sums say that the help was wrong.
    """
    hard = {identity.id for identity in identities() if identity.kind == "hard"}
    broken = [each for each in checks if each.status == "broken" and each.id in hard]
    found = [
        problem("broken-identity", _place(each, facts), check=each.id, lhs=each.lhs, rhs=each.rhs)
        for each in broken
    ]
    holding = sum(each.status.startswith("holds") for each in checks)
    if len(broken) >= MANY and len(broken) > holding:
        sections = {each.id[0] for each in broken if each.id[0] in "ABC"} or {"S"}
        helped = {(each.at.table, each.at.row) for each in said if each.code in HELP}
        near = (fact.at for fact in facts if fact.section in sections and _near(fact.at, helped))
        places = dict.fromkeys(At(table=at.table, row=at.row) for at in near)
        found += [
            problem("reading-doubtful", at, broken=len(broken), held=holding) for at in places
        ]
    return found


def _near(at: At, helped: Collection[tuple[int | None, int | None]]) -> bool:
    """Whether the help was for the row of a cell, or for its whole table."""
    return (at.table, at.row) in helped or (at.table, None) in helped


def _place(each: Check, facts: Sequence[Fact]) -> At:
    """The table an identity speaks of."""
    section = section_of(each)
    tables_of = (fact.at.table for fact in facts if fact.section == section)
    return At(table=next(tables_of, None))


def _drawn(document: Document, text: str) -> int:
    """How many pictures a page shows that says next to nothing beside them."""
    few = sum(len(block.text) for block in document.blocks) < FEW_WORDS
    return len(pictures(text)) if few and text else 0


@cache
def fingerprint() -> str:
    """SHA-256 over the code and data of this room: what a reading was made with."""
    room = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(room.rglob("*")):
        if path.suffix in (".py", ".toml", ".csv"):
            digest.update(path.relative_to(room).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()
