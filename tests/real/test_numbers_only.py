"""Reports whose numbers are known but whose page is not: pages built from them, in many styles."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import parsers
from parsers.dictionary import form
from parsers.model import FormId
from tests.parsers.forged import records, sections
from tests.parsers.forged.judge import judge
from tests.parsers.forged.markup import MUTATIONS, Markup
from tests.parsers.forged.printed import Printed
from tests.parsers.forged.sections import Pieces
from tests.parsers.forged.sheets import Record, Sheet

FOLDER = Path(__file__).parents[2].parent / "shared" / "real" / "reports" / "numbers-only"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="real reports are not here")
NAMES = sorted(path.name.removesuffix(".facts.csv") for path in FOLDER.glob("*.facts.csv"))
STYLES = range(12)
STATES = {"blank": "", "slash": "/", "dash": "—", "none": "无"}
HEADS = {"annual": "{}年度", "cumulative": "历年累计"}
APPLICANTS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def printed(value: str, state: str) -> Printed:
    """The text that stands for a known number."""
    if state == "number":
        return Printed(value, "number", Decimal(value))
    return Printed(STATES[state], state)


def sheets(name: str) -> Iterator[Sheet]:
    """The sections of a report as sheets."""
    with (FOLDER / f"{name}.facts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    year = int(name.split("-")[-1])
    for section in dict.fromkeys(row["section"] for row in rows):
        listed = [row for row in rows if row["section"] == section]
        yield _sheet(section, year, listed)


def _sheet(section: str, year: int, rows: list[dict[str, str]]) -> Sheet:
    names = {row["indicator"] for row in rows}
    one_row = section == "B" and "other_outcome" in names
    form_id: FormId = "2008" if section == "S" else "2019" if one_row else "2021"
    columns = list(dict.fromkeys(row["column"] for row in rows))
    values = {(r["indicator"], r["column"]): printed(r["value"], r["state"]) for r in rows}
    listed = [r for r in form(form_id).section(section) if r.id in names or r.kind == "heading"]  # type: ignore[arg-type]
    heads = {"S": [HEADS.get(c, "").format(year) for c in columns], "B": APPLICANTS, "C": OUTCOMES}
    made = [
        Record(row, row.label, row.unit, [values[row.id, column] for column in columns])
        for row in listed
        if section == "S"
    ]
    return Sheet(form_id, section, listed, columns, heads.get(section, []), values, made, year)


LAYOUTS: dict[str, tuple[Callable[[Sheet, random.Random], Pieces], ...]] = {
    "S": records.ALL,
    "A": sections.A_LAYOUTS,
    "B": sections.B_LAYOUTS,
    "C": sections.C_LAYOUTS,
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("style", STYLES)
def test_a_page_built_from_known_numbers_is_exact(name: str, style: int) -> None:
    rng = random.Random(style)
    markup = Markup(random.Random(style), rng.sample(MUTATIONS, min(8, style)))
    parts, truth = [], {}
    for sheet in sheets(name):
        listed = LAYOUTS[sheet.section] if sheet.section != "S" else records.usable(sheet)
        layout = listed[style % len(listed)]
        parts += [markup.table(table) for table in layout(sheet, rng)]
        truth |= sheet.truth
    title = f"示例市{name.split('-')[-1]}年政府信息公开工作年度报告"
    page = f"<title>{title}</title><h1>{title}</h1>{''.join(parts)}"
    verdict = judge(parsers.read(page.encode()), truth)
    assert verdict.exact, (verdict.missing[:3], verdict.wrong[:3])
    assert not verdict.false_alarms
