"""A reader that dies, hangs or swells costs one document, says so, and the next one is read."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from parsers.sandbox import Limits, Sandbox

from .office import docx, p, tbl, tc, tr
from .pdfs import pdf

GOOD = docx(tbl(tr(tc("a"), tc("1"))))
SLOW = pdf("0 0 1 1 re S " * 29_000)  # under the limit on lines, and some ten seconds of work


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    found = Sandbox()
    yield found
    found.close()


def is_well(sandbox: Sandbox) -> bool:
    return len(sandbox.read("docx", GOOD).grids) == 1


def test_an_endless_reader_is_stopped(sandbox: Sandbox) -> None:
    found = sandbox.read("pdf", SLOW, Limits(seconds=1))
    assert [each.code for each in found.problems] == ["reader-timeout"]
    assert is_well(sandbox)


def test_a_reader_that_waits_for_ever_is_stopped(sandbox: Sandbox) -> None:
    found = sandbox.read("pdf", SLOW, Limits(seconds=60, wall=1))
    assert [each.code for each in found.problems] == ["reader-timeout"]
    assert is_well(sandbox)


def test_a_reader_that_swells_is_stopped(sandbox: Sandbox) -> None:
    found = sandbox.read("docx", docx(p("a" * 25_000_000)), Limits(mebibytes=1))
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


def test_the_reader_is_another_process(sandbox: Sandbox) -> None:
    assert is_well(sandbox)
    assert sandbox._process is not None
    assert sandbox._process.pid != os.getpid()
