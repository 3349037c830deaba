"""Hostile pages become problems; deep ones within reason are read."""

from __future__ import annotations

import random

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


CELL = "<td rowspan=65534 colspan=1000>1</td>"
BIG: dict[str, str] = {
    "formatting opened again": "".join(f"<p><b class=c{i}>" for i in range(6000)),
    "a million cells": "<table>" + ("<tr>" + "<td>1</td>" * 100 + "</tr>") * 10_000,
    "spans without end": "<table>" + f"<tr>{CELL * 10}</tr>" * 500 + "</table>",
    "one tag of many attributes": "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">",
    "rules without end": "<style>"
    + "".join(f".a{i} .b > .c{{display:none}}" for i in range(5000))
    + "</style>"
    + "".join(f"<p class='a1 b c d{i}'><i class=c>" for i in range(4000)),
    "an unclosed comment a byte": "<!--" * 200_000,
    "brackets": "<" * 300_000,
    "tags": "<i></i>" * 150_000,
}
SOUND: dict[str, str] = {
    "at-rules without end": "<style>" + "@media x {" * 20_000 + "</style>",
    "braces without end": "<style>" + "a" * 500 + "{" * 50_000 + "</style>",
    "quotes without end": "<script>'<table" + "\\" * 200_000 + "</script>",
    "blanks in a string": "<script>'<table>'" + " " * 200_000 + "'</script>",
    "glue without end": "<script>'&lt;table'" + " + x" * 50_000 + "</script>",
    "tables in tables": "<table><tr><td>" * 3000,
    "a nested JSON": "<script>" + '{"a":[' * 100_000 + "</script>",
}


@pytest.mark.parametrize("html", BIG.values(), ids=BIG)
def test_what_has_no_end_is_too_large(html: str) -> None:
    report = parsers.read(html.encode())
    assert not report.facts
    assert "too-large" in {problem.code for problem in report.problems}


@pytest.mark.parametrize("html", SOUND.values(), ids=SOUND)
def test_traps_beside_a_table_do_not_hide_it(html: str) -> None:
    report = parsers.read((html + ROW).encode())
    assert "154" in {str(fact.value) for fact in report.facts}


@pytest.mark.parametrize("seed", range(40))
def test_fuzzed_pages_never_raise(seed: int) -> None:
    rng = random.Random(seed)
    tags = "<table> <tr> <td> </td> </table> <th rowspan=3> <td colspan=2> <p> <b> </b> <select>"
    words = [*tags.split(), "</p>", "<form>", "收到申请数", "件", "154", "<!--", "-->", "<svg>"]
    words += ["<template>", "</template>", "<style>td{display:none}", "</style>", "<textarea>", "&"]
    page = "".join(rng.choices(words, k=400))
    cut = bytearray(page.encode())
    for _ in range(20):
        cut[rng.randrange(len(cut))] = rng.randrange(256)
    assert parsers.read(bytes(cut)) == parsers.read(bytes(cut))
