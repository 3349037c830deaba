"""Key figures side by side, one row a report: what most questions divide by each other."""

from __future__ import annotations

from collections.abc import Mapping

from archive.dictionary import Table, tables
from archive.sqlite import sqlite3
from parsers.dictionary import columns, indicators

NAME = "figures"
# One column speaks for a report: the total of section B, the year of form 2008, else the only one.
SPEAKING = "'', 'total', 'annual'"
APPLICANTS = tuple(column.id for column in columns() if column.axis == "applicant")
# A number that was not read with certainty, or stands in another unit, would distort a rate.
CELL = """(
    SELECT n.value FROM numbers n WHERE n.report_id = r.id AND n.section = '{section}'
    AND n.indicator = '{indicator}' AND n."column" IN ({column}) AND n.seq = 0
    AND n.state = 'number' AND n.doubt = '' AND {unit} LIMIT 1)"""
OF_REPORT = {
    "report_id": "r.id",
    "province": "region_name(substr(r.region_code, 1, 2) || '0000', r.year)",
}


def select() -> str:
    """The SELECT that fills the table; needs `reports`, `numbers` and the function region_name."""
    (table,) = (table for table in tables() if table.name == NAME)
    return f"SELECT {', '.join(_columns(table))} FROM reports r ORDER BY r.id"


def fill(connection: sqlite3.Connection) -> None:
    """Computes the table from `reports` and `numbers`, both complete."""
    connection.execute(f"INSERT INTO {NAME} {select()}")


def _columns(table: Table) -> list[str]:
    printed = {row.id: (row.section, row.kind) for row in indicators()}
    return [
        f'{_expression(column.name, printed)} AS "{column.name}"'
        if column.type == "ANY"
        else f'{OF_REPORT.get(column.name, f"r.{column.name}")} AS "{column.name}"'
        for column in table.columns
    ]


def _expression(name: str, printed: Mapping[str, tuple[str, str]]) -> str:
    indicator, applicant = _split(name, printed)
    section, kind = printed[indicator]
    return CELL.format(
        section=section,
        indicator=indicator,
        column=f"'{applicant}'" if applicant else SPEAKING,
        unit="n.unit = '万元'" if kind == "amount" else "n.unit NOT LIKE '万%'",
    )


def _split(name: str, printed: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """requests_new_business -> (requests_new, business); other names are those of their row."""
    if name in printed:
        return name, ""
    applicant = next(each for each in APPLICANTS if name.endswith(f"_{each}"))
    return name.removesuffix(f"_{applicant}"), applicant
