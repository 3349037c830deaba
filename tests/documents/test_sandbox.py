"""A reader that dies, hangs or swells costs one document, says so, and the next one is read."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from parsers.allowances import Limits, allowance, patience
from parsers.readers import DOCUMENTS
from parsers.sandbox import Sandbox
from parsers.sniff import IMAGES, Kind

from .office import docx, p, tbl, tc, tr
from .pdfs import pdf

GOOD = docx(tbl(tr(tc("a"), tc("1"))))
SLOW = pdf(*["0 0 1 1 re S " * 29_000] * 10)  # under the limit on lines; many seconds of work


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    found = Sandbox()
    yield found
    found.close()


def is_well(sandbox: Sandbox) -> bool:
    return len(sandbox.read("docx", GOOD).grids) == 1


def test_an_endless_reader_is_stopped(sandbox: Sandbox) -> None:
    found = sandbox.read("pdf", SLOW, Limits(seconds=1, wall=60, mebibytes=3072))
    assert [each.code for each in found.problems] == ["reader-timeout"]
    assert is_well(sandbox)


def test_a_reader_that_waits_for_ever_is_stopped(sandbox: Sandbox) -> None:
    found = sandbox.read("pdf", SLOW, Limits(seconds=60, wall=1, mebibytes=3072))
    assert [each.code for each in found.problems] == ["reader-timeout"]
    assert is_well(sandbox)


def test_a_reader_that_swells_is_stopped(sandbox: Sandbox) -> None:
    found = sandbox.read(
        "docx", docx(p("a" * 25_000_000)), Limits(seconds=60, wall=60, mebibytes=1)
    )
    assert {each.code for each in found.problems} <= {"too-large", "reader-crashed"}
    assert found.problems
    sandbox.close()
    assert is_well(sandbox)


def test_a_reader_that_dies_is_replaced(sandbox: Sandbox) -> None:
    assert is_well(sandbox)
    process = sandbox._process
    assert process is not None
    process.kill()
    process.wait()
    found = sandbox.read("docx", GOOD)
    assert [each.code for each in found.problems] == ["reader-crashed"]
    assert is_well(sandbox)


def test_a_page_has_seconds_a_document_tens_a_scan_minutes() -> None:
    page, word, scan = allowance("html"), allowance("docx"), allowance("scan")
    assert page.seconds < word.seconds < allowance("pdf").seconds < scan.seconds
    assert page.wall <= 60 < word.wall <= 180 < scan.wall
    assert all(allowance(kind).wall > page.wall for kind in DOCUMENTS)
    assert {allowance(kind) for kind in IMAGES} == {scan}


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (b"<html><p>1</p></html>", ["html"]),
        (b"\x89PNG\r\n\x1a\n", ["png"]),
        (GOOD, ["docx"]),
        (SLOW, ["pdf", "scan"]),
        (b"\x1f\x8b", ["pdf", "scan"]),
    ],
)
def test_who_waits_for_a_body_is_more_patient_than_its_readers(
    body: bytes, kinds: list[Kind]
) -> None:
    least = sum(allowance(kind).wall for kind in kinds)
    assert least < patience(body) <= least + 60
    more = patience(body, has_pictures=True)
    assert more - patience(body) == allowance("pictures").wall


def test_the_reader_is_another_process(sandbox: Sandbox) -> None:
    assert is_well(sandbox)
    assert sandbox._process is not None
    assert sandbox._process.pid != os.getpid()
