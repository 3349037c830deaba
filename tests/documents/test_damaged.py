"""Files that lost or changed bytes on their way: each is a problem, none an exception."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import parsers

from .office import docx, p, zipped
from .scans import HOME

MADE = sorted(path for path in (HOME / "made").iterdir() if path.name.startswith("jian"))


def damaged(body: bytes, dice: random.Random) -> bytes:
    """Bits turned over, a part cut off, zeroed, or written twice."""
    place = dice.randrange(len(body))
    end = min(len(body), place + dice.randrange(1, 2000))
    spoiled = bytearray(body)
    for _ in range(dice.choice((1, 20, 300))):
        spoiled[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    return dice.choice((
        bytes(spoiled),
        body[:place],
        body[:place] + bytes(end - place) + body[end:],
        body[:end] + body[place:],
    ))  # fmt: skip


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_a_damaged_file_is_read_or_a_problem(path: Path) -> None:
    body, dice = path.read_bytes(), random.Random(path.name)
    for _ in range(6):
        report = parsers.read(damaged(body, dice))
        assert report.facts or report.problems
        assert "reader-timeout" not in {found.code for found in report.problems}


def test_a_zip_whose_parts_would_begin_before_the_file() -> None:
    body = zipped({"content.xml": "<office:text/>", "mimetype": "x"})
    directory = body.rfind(b"PK\x05\x06")
    moved = int.from_bytes(body[directory + 16 : directory + 20], "little") + 9_999
    spoiled = body[: directory + 16] + moved.to_bytes(4, "little") + body[directory + 20 :]
    assert {found.code for found in parsers.read(spoiled).problems} & {
        "archive-unread",
        "undecodable",
    }


def test_a_part_that_is_no_longer_as_it_was_packed() -> None:
    body = bytearray(docx(p("a report of some length " * 20)))
    for place in range(60, 90):
        body[place] ^= 0xFF
    assert {found.code for found in parsers.read(bytes(body)).problems} == {"undecodable"}
