"""Radicals in labels."""

from __future__ import annotations

import unicodedata

import pytest

from parsers.radicals import RADICALS, fold_radicals
from parsers.text import key


def test_every_radical_is_folded() -> None:
    named = [code for code in range(0x2E80, 0x2FD6) if unicodedata.name(chr(code), "")]
    assert len([code for code in named if code < 0x2F00]) == 115
    left = [code for code in named if fold_radicals(chr(code)) == chr(code)]
    assert left == [0x2E80]  # the repetition mark has no character
    assert all(not char.isdigit() for text in RADICALS.values() for char in text)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("⼀⼯⽂⻅", "一工文见"),
        ("部⻔", "部门"),
        ("⻓⻋⻛⻜⻢⻥⻦⻩⻬⻰", "长车风飞马鱼鸟黄齐龙"),
        ("⸺", "——"),
    ],
)
def test_fold(printed: str, meant: str) -> None:
    assert fold_radicals(printed) == meant


def test_labels_match_through_radicals() -> None:
    assert key("（⼀）收到申请数") == key("（一）收到申请数")
