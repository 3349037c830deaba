"""What a printed cell claims, one case a line, and which claims a row of a form doubts."""

from __future__ import annotations

import pytest

from parsers.dictionary import indicator
from parsers.harvest import Harvest, unit_of
from parsers.model import At, Cell, FormId, Section
from parsers.values import parse_value

# printed, state, value, unit, problem
CLAIMS = """
154            number 154 - -
0              number 0 - -
１５４         number 154 - -
1,234          number 1234 - -
1，234         number 1234 - -
12,34          text - - unreadable-number
-15            number -15 - -
－15           number -15 - -
−15            number -15 - -
+19            number 19 - -
-0             number 0 - -
+0             number 0 - -
0.00           number 0.00 - -
59237.2449     number 59237.2449 - -
007            number 7 - number-doubtful
00             number 0 - number-doubtful
13812345678    number 13812345678 - number-doubtful
154.           number 154 - number-doubtful
10203120001200000 text - - unreadable-number
251000元       number 251000 元 -
173769万条     number 173769 万条 -
3（件）        number 3 件 -
18③            number 18 - -
/              slash - - -
／             slash - - -
—              dash - - -
——             dash - - -
－             dash - - -
无             none - - -
（无）         none - - -
不涉及         text - - -
见附件         text - - -
12余           text - - unreadable-number
约30           text - - unreadable-number
5/3            text - - unreadable-number
1O             text - - unreadable-number
l2             text - - unreadable-number
二十三         text - - unreadable-number
"""
CASES = [line.split() for line in CLAIMS.strip().splitlines()]


@pytest.mark.parametrize(("raw", "state", "value", "unit", "problem"), CASES)
def test_a_printed_cell_claims(raw: str, state: str, value: str, unit: str, problem: str) -> None:
    read = parse_value(raw)
    printed = "-" if read.value is None else str(read.value)
    assert (read.state, printed) == (state, value)
    assert (read.unit or "-", read.problem or "-") == (unit, problem)


COUNT = ("2014", "S", "requests_in_person")
AMOUNT = ("2014", "S", "budget")
SIGNED = ("2019", "A", "licences_items_change")


@pytest.mark.parametrize(("row", "fine", "doubtful"), [
    (COUNT, ["154", "0", "1,234", ""], ["-15", "-0", "+0", "+19", "0.00", "3.5", "007"]),
    (AMOUNT, ["154", "0", "0.00", "0.5", "59237.2449"], ["-15", "+19", "-0.00", "00.5"]),
    (SIGNED, ["154", "0", "-15", "+19", "-0"], ["0.00", "0.0000001", "-1.5", "+019"]),
])  # fmt: skip
def test_a_row_doubts_what_its_kind_cannot_be(
    row: tuple[FormId, Section, str], fine: list[str], doubtful: list[str]
) -> None:
    for raw in (*fine, *doubtful):
        harvest = Harvest()
        cell = Cell(text=raw, lines=(raw,) if raw else (), row=0, col=0, at=At(), plain=raw)
        harvest.fact(indicator(*row), "", cell, "", unit_of(indicator(*row)))
        warned = [each.code for each in harvest.problems if each.severity == "warning"]
        assert warned == (["number-doubtful"] if raw in doubtful else []), raw
        assert harvest.facts[0].raw == raw
