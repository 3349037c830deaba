"""A report: the form as printed beside the archived page, with the chosen cell outlined."""

from __future__ import annotations

from collections.abc import Sequence

from archive.site import evidence
from archive.site.asking import Ask, Page, Row
from archive.site.layout import key, sheets
from archive.site.sums import Sum, cells, keys, over_years, sums
from parsers import dictionary
from parsers.model import At

SPEAKING = ("total", "", "annual")
LARGEST_SUM = 24  # terms that are outlined beside the cell


def page(ask: Ask) -> Page:
    """`?cell=B.granted.total.0` chooses a number, and so do `granted.total` and `granted`."""
    number = int(ask.path["id"])
    report = ask.row("SELECT * FROM reports WHERE id = ?", number)
    facts = ask.rows(
        'SELECT * FROM numbers WHERE report_id = ? ORDER BY section, indicator, "column", seq',
        number,
    )
    checks = ask.rows("SELECT * FROM checks WHERE report_id = ? ORDER BY seq", number)
    taken = sums(facts, checks)
    broken = frozenset[str]().union(*(keys(each) for each in taken if each.status == "broken"))
    chosen = _chosen(facts, ask.text("cell"))
    return Page(
        template="report.html",
        values={
            "report": report,
            "sheets": sheets(ask, facts, broken),
            "again": [row for row in facts if row["seq"]],
            "checks": checks,
            "neighbours": _neighbours(ask, checks),
            "broken": [each for each in taken if each.status == "broken"],
            "chosen": chosen,
            "key": key,
            "proof": _proof(ask, report, facts, taken, chosen) if chosen else None,
            "frame": ask.url(f"/-/gongkai/page/{report['sha256']}"),
            "kept": (ask.data / "capture.db").is_file(),
            **_beside(ask, report),
        },
    )


def _neighbours(ask: Ask, checks: Sequence[Row]) -> dict[int, int]:
    """Report of another year that a check looks at -> its year."""
    numbers = {row["neighbour_id"] for row in checks if row["neighbour_id"] is not None}
    year = "SELECT year FROM reports WHERE id = ?"
    return {number: int(str(ask.one(year, number))) for number in sorted(numbers)}


def _chosen(facts: Sequence[Row], wanted: str) -> Row | None:
    """The cell of that name; of a row alone the column that speaks for it."""
    indicator, _, column = wanted.partition(".")
    columns = (column,) if column else SPEAKING
    named = {key(row): row for row in facts}
    short = {(row["indicator"], row["column"]): row for row in reversed(facts)}
    found = (short[indicator, each] for each in columns if (indicator, each) in short)
    return named.get(wanted) or next(found, None)


def _beside(ask: Ask, report: Row) -> dict[str, object]:
    """What stands beside the numbers: text, copies, problems, changes, neighbours."""
    number = report["id"]
    return {
        "narrative": ask.rows(
            "SELECT * FROM narrative WHERE report_id = ? ORDER BY agrees IS NULL, agrees, seq",
            number,
        ),
        "copies": ask.rows(
            "SELECT * FROM copies WHERE report_id = ? ORDER BY chosen DESC, published DESC", number
        ),
        "differing": ask.rows(
            "SELECT * FROM differences WHERE report_id = ? "
            'ORDER BY sha256, section, indicator, "column", seq LIMIT 200',
            number,
        ),
        "resemblances": ask.rows(
            "SELECT * FROM resemblances WHERE report_id = ? ORDER BY similarity DESC LIMIT 20",
            number,
        ),
        "rulings": ask.rows("SELECT * FROM rulings WHERE report_id = ? ORDER BY id", number),
        "problems": ask.rows("SELECT * FROM problems WHERE report_id = ? ORDER BY id", number),
        "leftovers": ask.rows("SELECT * FROM leftovers WHERE report_id = ? ORDER BY seq", number),
        "changes": ask.rows("SELECT * FROM changes WHERE report_id = ? ORDER BY id DESC", number),
        "texts": ask.rows(
            "SELECT section, text FROM texts WHERE report_id = ? AND section <> 'rest' "
            "ORDER BY seq",
            number,
        ),
        "years": ask.rows(
            "SELECT id, year, scope FROM reports WHERE agency_id = ? ORDER BY year",
            report["agency_id"],
        ),
        "run": ask.one("SELECT parser FROM runs WHERE id = ?", report["run_id"]),
    }


def _proof(
    ask: Ask, report: Row, facts: Sequence[Row], taken: Sequence[Sum], chosen: Row
) -> dict[str, object]:
    """Everything the archive knows about one printed cell."""
    name = key(chosen)
    mine = [each for each in taken if name in keys(each)]
    across = [each for each in _across(ask, report, facts, chosen) if chosen in cells(each)]
    at = evidence.address(chosen)
    terms = {key(row): row for each in mine for row in cells(each)}
    terms.pop(name, None)
    shown = evidence.proof(ask, at.file or report["sha256"], at)
    return {
        "shown": shown,
        "agrees": shown.text.strip() == str(chosen["raw"]).strip(),
        "frame": _address(ask, report, at, list(terms.values())),
        "definition": _definition(chosen),
        "sums": [*mine, *across],
        "last": _last(ask, report, chosen),
        "again": [row for row in facts if _same(row, chosen)],
        "problems": _problems(ask, report, at),
        "history": ask.rows(
            'SELECT * FROM changes WHERE report_id = ? AND indicator = ? AND "column" = ? '
            "AND section = ? ORDER BY id DESC",
            report["id"], chosen["indicator"], chosen["column"], chosen["section"],
        ),
        "told": ask.rows(
            "SELECT * FROM narrative WHERE report_id = ? AND indicator = ? ORDER BY seq",
            report["id"], chosen["indicator"],
        ) if chosen["column"] in SPEAKING else [],
    }  # fmt: skip


def _address(ask: Ask, report: Row, at: At, terms: Sequence[Row]) -> str:
    """Of the frame; the fragment scrolls it to the cell."""
    near = "_".join(f"{t['table_no']}-{t['row_no']}-{t['cell_no']}" for t in terms[:LARGEST_SUM])
    path = f"/-/gongkai/page/{at.file or report['sha256']}"
    return ask.url(path, **evidence.query(at), terms=near) + "#gongkai-cell"


def _definition(chosen: Row) -> dictionary.Indicator | None:
    wanted = (chosen["form"], chosen["section"], chosen["indicator"])
    return next(
        (row for row in dictionary.indicators() if (row.form, row.section, row.id) == wanted), None
    )


def _same(row: Row, chosen: Row) -> bool:
    """The same number printed again."""
    parts = ("section", "indicator", "column")
    return all(row[part] == chosen[part] for part in parts) and row["seq"] != chosen["seq"]


def _last(ask: Ask, report: Row, chosen: Row) -> Row | None:
    """The same cell one year before, in a report of the same scope."""
    found = ask.rows(
        "SELECT n.*, r.id AS report FROM reports r JOIN numbers n ON n.report_id = r.id "
        'AND n.section = ? AND n.indicator = ? AND n."column" = ? AND n.seq = 0 '
        "WHERE r.agency_id = ? AND r.year = ? AND r.scope = ?",
        chosen["section"],
        chosen["indicator"],
        chosen["column"],
        report["agency_id"],
        (report["year"] or 0) - 1,
        report["scope"],
    )
    return found[0] if found else None


def _across(ask: Ask, report: Row, facts: Sequence[Row], chosen: Row) -> list[Sum]:
    """Checks of this report with the ones of the years beside it."""
    beside = [
        row["id"]
        for row in ask.rows(
            "SELECT id FROM reports WHERE agency_id = ? AND scope = ? AND year IN (?, ?)",
            report["agency_id"],
            report["scope"],
            (report["year"] or 0) - 1,
            (report["year"] or 0) + 1,
        )
    ]
    checks = [
        row
        for number in (report["id"], *beside)
        for row in ask.rows(
            "SELECT * FROM checks WHERE report_id = ? AND neighbour_id IS NOT NULL ORDER BY seq",
            number,
        )
        if report["id"] in (row["report_id"], row["neighbour_id"])
    ]
    printed = "SELECT * FROM numbers WHERE report_id = ? AND section = ? AND seq = 0"
    others = {number: ask.rows(printed, number, chosen["section"]) for number in beside}
    return over_years(facts, others, checks)


def _problems(ask: Ask, report: Row, at: At) -> list[Row]:
    """Problems whose address covers the cell."""
    found = ask.rows("SELECT * FROM problems WHERE report_id = ? ORDER BY id", report["id"])
    return [row for row in found if evidence.address(row).covers(at)]
