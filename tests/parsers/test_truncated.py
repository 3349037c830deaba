"""A page that ends inside a cell never gives a number in silence."""

from __future__ import annotations

import pytest

import parsers

from . import forge, layouts


@pytest.mark.parametrize("step", [1, 3, 7])
def test_a_page_cut_anywhere_has_no_silent_wrong_number(step: int) -> None:
    values = forge.s_values("2014", 3)
    html = layouts.plain(forge.s_plain("2014", values))
    start = html.index("申请数")
    for cut in range(start, start + 700, step):
        report = parsers.read(html[:cut].encode())
        for fact in report.facts:
            if fact.value is not None and str(fact.value) != values[fact.indicator, ""]:
                assert any(
                    p.severity == "warning" and p.at.covers(fact.at) and p.at != parsers.model.WHOLE
                    for p in report.problems
                ), (cut, fact)


def test_a_page_without_end_tags_is_not_cut() -> None:
    values = forge.s_values("2014", 3)
    html = layouts.plain(forge.s_plain("2014", values)).replace("</td>", "").replace("</tr>", "")
    report = parsers.read(html.encode())
    assert "truncated" not in {problem.code for problem in report.problems}
    assert len(report.facts) == 58
