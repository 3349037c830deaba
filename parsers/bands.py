"""Which rows of a page belong to which section: runs of rows that speak its language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .model import Cell, Document, Grid, Section
from .rows import (
    LABELS,
    Row,
    heads_only,
    label_sections,
    rows_of,
    sections_in,
    unpacked,
    upright,
)
from .standing import Lead, announces, body_of, leads, year_of
from .text import key, squeeze
from .values import read_value
from .words import (
    A_HEADS,
    A_STEMS,
    SURE_OUTCOMES,
    head,
    is_applicant,
    is_block,
    is_group,
    is_outcome,
    remedy,
    unit_of_all,
)


@dataclass(slots=True)
class Band:
    """Consecutive rows of one section; `context`: what is printed just above them."""

    section: Section
    grid: int
    rows: list[Row] = field(default_factory=list)
    context: list[str] = field(default_factory=list)
    year: int | None = None  # printed above this table, or last printed above one before it
    body: str = ""  # the same of the body that a heading names
    turned: bool = False  # the table lies on its side


def bands(document: Document, report_year: int | None = None, agency: str = "") -> list[Band]:
    """All runs of rows that speak the language of a section, in document order."""
    found: list[Band] = []
    waiting: list[Row] = []
    dated, named = None, ""
    above: Grid | None = None
    for lead in leads(document):
        grid = lead.grid
        if sections_in(grid):
            above = grid
            dated, named = (
                year_of(lead.announced, report_year) or dated,
                body_of(lead.announced) or named,
            )
            turned = upright(grid)
            rows = [*waiting, *unpacked(rows_of(turned))]
            for band in _cut(rows, grid.index, lead.near):
                band.turned = turned is not grid
                dated = band.year = year_of(band.context, report_year) or dated
                named = band.body = body_of(band.context) or named
                found.append(band)
            waiting = []
        elif (
            found
            and above is not None
            and (_sandwiched(grid, above) or _answers(grid, above, found[-1]))
        ):
            found[-1].rows.extend(rows_of(grid))
            above = grid
        else:
            dated = _redated(lead, dated, report_year)
            named = _renamed(lead, named, agency)
            waiting = rows_of(grid) if heads_only(grid) else []
    return found


def _sandwiched(grid: Grid, above: Grid) -> bool:
    """A row made a table of its own, like the one right above it; its label is misprinted."""
    small = grid.n_rows == above.n_rows == 1 and len(grid.cells) == len(above.cells)
    return small and grid.index == above.index + 1 and len(grid.cells) > 1


def _answers(grid: Grid, above: Grid, band: Band) -> bool:
    """The values of section C below a page break, with all its heads above."""
    if band.section != "C" or grid.index != above.index + 1 or any(map(claims, band.rows)):
        return False
    leaves = max(len({id(cell) for cell in row.cover}) for row in band.rows)
    first = rows_of(grid)[0].cells
    return len(first) == leaves and all(read_value(cell).state != "text" for cell in first)


def _redated(lead: Lead, dated: int | None, report_year: int | None) -> int | None:
    """A heading above some other table ends last year's part; to begin it, it must speak of
    disclosure: 填报单位 and 单位 are often a small table between heading and figures.
    """
    dated = year_of(lead.of_disclosure, report_year) or dated
    printed = year_of(lead.near, report_year)
    return printed if printed is not None and printed == report_year else dated


def _renamed(lead: Lead, named: str, agency: str) -> str:
    """The same of the body."""
    named = body_of(lead.of_disclosure) or named
    return agency if agency and body_of(lead.near) == agency else named


def _cut(rows: Iterable[Row], grid: int, context: list[str]) -> list[Band]:
    out: list[Band] = []
    waiting: list[Row] = []
    for row in rows:
        section = tag(row, out[-1].section if out else None)
        if section is None:
            (out[-1].rows if out else waiting).append(row)
        elif out and out[-1].section == section and not _restarts(row, out[-1]):
            out[-1].rows.append(row)
        else:
            titles = [*context, *_pull_titles(out), *_title_rows([*waiting, row])]
            out.append(Band(section, grid, [*waiting, row], titles))
            waiting = []
    return out


def _pull_titles(out: list[Band]) -> list[str]:
    """Full-width rows at the end of the band above announce the next one."""
    if not out or not out[-1].rows:
        return []
    last = out[-1].rows[-1]
    return [last.cells[0].text] if full_width(last) else []


def _title_rows(rows: Iterable[Row]) -> list[str]:
    """The table's own first rows may say whose it is: 示例市2017年度情况统计表, 东湖区."""
    filled = ([cell.text for cell in row.cells if squeeze(cell.text)] for row in rows)
    alone = [texts[0] for texts in filled if len(texts) == 1]
    return [text for text in alone if announces(text) or unit_of_all(text) or body_of([text])]


def tag(row: Row, current: Section | None) -> Section | None:
    """The section a row certainly belongs to; None when it says nothing."""
    texts = [cell.text for cell in row.cells if cell.lines]
    if all(map(str.isdecimal, texts)):
        return None
    cores = [key(text) for text in texts]
    if sum(map(is_applicant, texts)) >= 2 or any(map(_heads_b, cores)):
        return "B"
    if sum(map(is_outcome, texts)) >= 2 or _names_remedies(row.cells):
        return "C"
    if current != "S" and _ends_c(cores):
        return "C"
    if _speaks_a(row.cells, cores):
        return "A"
    return _by_labels(row, current, cores)


def _heads_b(core: str) -> bool:
    """The upper head of section B, or the corner in which the form states its own balance."""
    return is_group(core) or "勾稽关系" in core


def _names_remedies(cells: Sequence[Cell]) -> bool:
    """Two remedies, or one beside an outcome."""
    named = sum(bool(remedy(c.text)) for c in cells)
    return named >= 2 or (named == 1 and any(is_outcome(c.text) for c in cells))


def _speaks_a(cells: Sequence[Cell], cores: Sequence[str]) -> bool:
    if any(is_block(cell.text) for cell in cells):
        return True
    return any(core in A_HEADS for core in cores) or (bool(cores) and cores[0] in A_STEMS)


def _by_labels(row: Row, current: Section | None, cores: Sequence[str]) -> Section | None:
    if current == "C" and any(remedy(cell.text) for cell in row.cells) and _no_label(cores):
        return "C"
    sections = {name for cell in row.cells for name in label_sections(cell.text)}
    if "B" in sections and (current == "B" or not sections - {"B"}):
        return "B" if current == "B" or any(map(_only_b, cores)) else current
    if sections - {"B"}:
        alike = _no_label(cores)  # 二、主动公开政府信息情况 is a title, in table A or above it
        return None if alike and (current in ("A", "C") or full_width(row)) else "S"
    return "C" if _says_c(row, current) else None


def _ends_c(cores: Sequence[str]) -> bool:
    """An outcome spelled as the form spells it, in a row that prints no label of another table."""
    return any(core in SURE_OUTCOMES for core in cores) and _no_label(cores)


def _no_label(cores: Sequence[str]) -> bool:
    return not any(core in LABELS for core in cores)


def _says_c(row: Row, current: Section | None) -> bool:
    """行政复议 and 被依法错数 with a value are rows of table S that lost a character."""
    if current == "S" and claims(row):
        return False
    return any(is_outcome(c.text) or remedy(c.text) not in ("", "suit") for c in row.cells)


def _only_b(core: str) -> bool:
    """A label of section B alone; 其他 and 总计 are everybody's."""
    return len(core) > 3 and "B" in label_sections(core)


def _restarts(row: Row, band: Band) -> bool:
    """A header row below data rows starts a new piece."""
    if not is_header(row, band.section):
        return False
    return any(claims(other) for other in band.rows)


def claims(row: Row) -> bool:
    """Whether a row prints any value: a number, a slash, a dash, 无."""
    return any(read_value(cell).state not in ("text", "blank") for cell in row.cells)


def is_header(row: Row, section: Section) -> bool:
    """A row of header words only."""
    texts = [cell.text for cell in row.cells if cell.lines]
    if section == "S":
        return sum(bool(head(cell.text)) for cell in row.cells) >= 2
    if section == "B":
        return sum(map(is_applicant, texts)) >= 2
    if section == "C":
        across = sum(map(is_outcome, texts)) >= 2
        bare = not any(map(is_outcome, texts))
        return across or (bare and _names_remedies(row.cells) and not claims(row))
    return False


def full_width(row: Row) -> bool:
    """One filled cell and nothing else: a title, a block heading, a note."""
    filled = [cell for cell in row.cells if squeeze(cell.text)]
    return len(filled) == 1 and len(row.cells) == 1 and filled[0].colspan >= row.width
