"""What flows between the rooms: plain frozen values, printed text beside every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from .frozen import dataclass

FormId = Literal["2008", "2014", "2019", "2021"]
Section = Literal["S", "A", "B", "C"]
State = Literal["number", "slash", "dash", "blank", "none", "text"]
Severity = Literal["info", "warning", "error"]
CheckStatus = Literal["holds", "holds_if_blank_is_zero", "broken", "undecided"]
Scope = Literal["consolidated", "own", "unknown"]
Outcome = Literal[
    "ok",  # a 2xx answer with a body
    "not-modified",  # 304: `body_sha256` is that of the capture whose validators were sent
    "redirect",
    "http-error",  # any other status
    "blocked",  # a challenge page, whatever its status; the host is left alone
    "truncated",  # fewer bytes than the head announced
    "timeout",
    "dns",
    "tls",
    "connection",  # refused or reset
    "robots",  # robots.txt forbids it: nothing was sent
    "off-portal",  # a link or redirect that leaves the portal's hosts: nothing was sent
    "too-large",
    "failed",  # anything else, see `error`
]
Kind = Literal["robots", "listing", "report", "attachment", "other"]
# The method of a capture that is no exchange: its body is the page of that address as a browser
# drew it, serialised, beside the capture of what the server sent.
RENDER = "RENDER"
UnitFrom = Literal["cell", "label", "header", "column", "form", ""]
RowKind = Literal["report", "revised", "cover", "weak", "other"]


@dataclass(frozen=True, slots=True)
class At:
    """Address of a printed cell; ordinals from 0. All None means the whole document.

    HTML: `table` (data tables in document order, as `gongkai tables` lists them), `row` (rows as
    laid out), `cell` (ordinal of the cell among those that start in the row).
    PDF adds `page` and `box` (x0, top, x1, bottom in points); a sheet adds `sheet` and `ref` (C5);
    a picture that is a page of the report adds `file`, the SHA-256 of its bytes. Two cells of one
    document differ in the first three, so that they alone are hashed.
    """

    table: int | None = None
    row: int | None = None
    cell: int | None = None
    page: int | None = field(default=None, hash=False)
    box: tuple[float, float, float, float] | None = field(default=None, hash=False)
    sheet: str | None = field(default=None, hash=False)
    ref: str | None = field(default=None, hash=False)
    file: str | None = field(default=None, hash=False)

    def as_dict(self) -> dict[str, object]:
        """Only the parts that are set, in a fixed order; JSON-ready."""
        parts: dict[str, object] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            if value is not None:
                parts[name] = list(value) if isinstance(value, tuple) else value
        return parts

    def covers(self, other: At) -> bool:
        """Whether every part set here agrees with `other`: a table covers its rows and cells."""
        return all(getattr(self, name) in (None, getattr(other, name)) for name in self.__slots__)


WHOLE = At()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid.

    `text`: everything displayed, outer blanks trimmed, lines joined by a newline; nothing else is
    changed. `lines`: the non-empty displayed lines. `plain`: `text` without superscript and
    subscript runs (note marks), which `marks` holds. `uncertain`: a part of the cell is hidden,
    moved or drawn, so that its markup does not say what a reader sees.
    """

    text: str
    lines: tuple[str, ...]
    row: int
    col: int
    at: At
    rowspan: int = 1
    colspan: int = 1
    plain: str = ""
    marks: tuple[str, ...] = ()
    uncertain: bool = False
    header: bool = False  # a <th>, or a row in <thead>; a hint only


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as a person sees it: cells in reading order, spans resolved, empty rows gone."""

    index: int
    cells: tuple[Cell, ...]
    n_rows: int
    n_cols: int
    caption: str | None = None
    source: str = ""  # path of the table in its document, for replay
    carrier: str = "html"  # html, script, json, textarea, div, pre, pdf, docx, ...

    def slots(self) -> list[list[Cell | None]]:
        """Rows x columns; a spanning cell stands in every slot it covers, None is no cell."""
        matrix: list[list[Cell | None]] = [[None] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            for row in matrix[cell.row : cell.row + cell.rowspan]:
                for col in range(cell.col, min(cell.col + cell.colspan, self.n_cols)):
                    row[col] = row[col] or cell
        return matrix

    def rows(self) -> list[list[Cell]]:
        """The cells that start in each row, left to right."""
        rows: list[list[Cell]] = [[] for _ in range(self.n_rows)]
        for cell in self.cells:
            rows[cell.row].append(cell)
        return rows


@dataclass(frozen=True, slots=True)
class Block:
    """A run of displayed text outside every data table: a paragraph, a heading, a list item."""

    text: str
    before: int  # number of the next data table (== number of tables before this block)
    tag: str = "p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text with the evidence for its encoding; declarations are recorded, they do not decide."""

    text: str
    encoding: str
    declared: tuple[str, ...] = ()
    replaced: int = 0  # U+FFFD in `text`


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page taken apart: what is displayed, and the metadata that is not."""

    title: str = ""
    metas: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    grids: tuple[Grid, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (href as written, text) of the article's documents
    problems: tuple[Problem, ...] = ()

    def meta(self, name: str) -> str:
        """The first non-empty meta tag of that name, whatever its case."""
        hits = (content for key, content in self.metas if key.lower() == name.lower() and content)
        return next(hits, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One printed value of a form. `value` is set exactly when `state` is "number"."""

    form: FormId
    section: Section
    indicator: str
    column: str = ""
    value: Decimal | None
    state: State
    raw: str
    unit: str = ""
    unit_from: UnitFrom = ""
    label: str
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """A non-empty cell of a statistics table that is no fact, label, unit or header."""

    label: str
    raw: str
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something a page does wrong or leaves in doubt; codes are listed in `parsers.problems`."""

    code: str
    severity: Severity
    detail: str
    at: At = WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One identity on one report: both sides as summed from printed cells."""

    id: str
    per: str  # "" or the column or row the identity was taken for
    status: CheckStatus
    lhs: Decimal | None
    rhs: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """A number of the text beside the table; `agrees` is None when the table prints no rival."""

    indicator: str
    value: Decimal
    printed: Decimal | None
    agrees: bool | None
    sentence: str
    reading: str = ""  # the admissible reading that matched: "requests_new + requests_carried_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlace:
    """Where a data table stands in its document, so that a cell can be shown in place later."""

    index: int
    source: str  # as `Grid.source`
    caption: str | None = None
    carrier: str = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the crawl knew about a page beforehand; weak witnesses, never deciding alone."""

    title: str = ""
    agency: str = ""
    region_code: str = ""
    year: int | None = None
    published: str = ""
    pictures: tuple[bytes, ...] = ()  # what the page shows as its own pages, in their order


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything read from one document; without facts when it holds no report."""

    title: str = ""
    agency: str = ""
    region_code: str = ""
    year: int | None = None
    scope: Scope = "unknown"
    form: FormId | Literal[""] = ""
    edition: str = ""  # "" or what the title says: 更正, 修订, 图片版 ...
    published: str = ""  # ISO date as the page gives it, never from the URL
    encoding: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)  # field -> where it was read
    facts: tuple[Fact, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    problems: tuple[Problem, ...] = ()
    checks: tuple[Check, ...] = ()
    narrative: tuple[Narrative, ...] = ()
    tables: tuple[TablePlace, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()  # (section name, text) of the report's prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row of a report column."""

    url: str
    title: str
    year: int | None = None
    agency: str = ""
    kind: RowKind = "report"
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One exchange with a portal, as received. Failures and refusals are captures too.

    `body` is the decoded entity body (content coding removed; as received when it cannot be
    removed, then `decoded` is False). Heads are bytes: GBK in a header must survive.
    """

    url: str
    method: str = "GET"
    request_head: bytes = b""
    request_body: bytes = b""
    fetched_at: str  # UTC, RFC 3339 with milliseconds and Z
    outcome: Outcome
    status: int | None = None
    response_head: bytes = b""
    head_is_wire: bool = False
    body: bytes | None = None
    decoded: bool = True
    wire_encoding: str = ""
    wire_length: int | None = None
    wire_sha1: str = ""
    redirect_to: str = ""
    revisit_of: int | None = None  # capture whose validators drew a 304
    portal: str = ""
    kind: Kind = "other"
    found_on: str = ""
    link_text: str = ""
    ip: str = ""
    protocol: str = ""
    verified: bool | None = None
    elapsed_ms: int | None = None
    error: str = ""
    agency: str = ""  # the body whose page the list says it is
    handler: str = ""  # of Scrapy's handlers, the one that made the exchange
    tls: str = ""  # version, cipher and certificate of the connection
