"""Hostile pages become problems; deep ones within reason are read."""

from __future__ import annotations

import pytest

import parsers

ROW = "<table><tr><td>（一）收到申请数</td><td>件</td><td>154</td></tr></table>"


@pytest.mark.parametrize("wrapper", ["<div>", "<font>", "<b>", "<p><b>"])
def test_depth_five_thousand_is_read(wrapper: str) -> None:
    report = parsers.read((wrapper * 5000 + ROW).encode())
    assert [str(fact.value) for fact in report.facts] == ["154"]


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000,
        b"<td>1" * 70_000,
        b"<html>" + b"x" * 7_000_000,
        b"<p><b>" * 50_000,
    ],
)
def test_beyond_the_bounds_is_a_problem(body: bytes) -> None:
    report = parsers.read(body)
    assert not report.facts
    assert "too-large" in {problem.code for problem in report.problems}


def test_a_huge_span_is_clamped() -> None:
    body = "<table><tr><td colspan=1000000 rowspan=99999>收到申请数<td>件<td>154</table>"
    report = parsers.read(body.encode())
    assert [str(fact.value) for fact in report.facts] == ["154"]
