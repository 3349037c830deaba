"""Pages that are images: read when the extra `ocr` is there, never certain, never a slash as 1."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

import parsers
from parsers import carrier
from parsers.model import Report
from parsers.readers import reads_scans

from .scans import Facts, damaged, pages, saved, truth

needs_ocr = pytest.mark.skipif(not reads_scans(), reason="the extra `ocr` is not installed")


def facts_of(report: Report) -> Facts:
    return {(f.section, f.indicator, f.column): (f.state, f.value) for f in report.facts}


def is_doubtful(report: Report) -> bool:
    """Whether every fact is covered by a warning."""
    loud = [problem.at for problem in report.problems if problem.severity == "warning"]
    return all(any(at.covers(fact.at) for at in loud) for fact in report.facts)


def codes(report: Report) -> set[str]:
    return {problem.code for problem in report.problems if problem.code.startswith("ocr")}


def digits_right(found: Facts, expected: Facts) -> float:
    """Share of the printed digits that were read as printed."""
    printed = {key: value for key, (state, value) in expected.items() if state == "number"}
    right = sum(len(str(v)) for k, v in printed.items() if found.get(k) == ("number", v))
    return right / sum(len(str(value)) for value in printed.values())


@needs_ocr
def test_a_clean_scan_is_read_and_nothing_of_it_is_certain() -> None:
    body = saved(pages("jian-2017.office.pdf"), "PDF", resolution=200)
    report = parsers.read(body)
    found, expected = facts_of(report), truth("jian-2017")
    assert digits_right(found, expected) >= 0.95
    assert [
        key for key, each in found.items() if each[0] == "number" and each != expected[key]
    ] == []
    slashes = [key for key, (state, _) in expected.items() if state in ("slash", "dash")]
    assert [key for key in slashes if found.get(key, ("",))[0] == "number"] == []
    assert is_doubtful(report)
    assert codes(report) == {"ocr-consistent"}
    assert (report.agency, report.year) == ("吉安市", 2017)
    assert all(fact.at.page is not None and fact.at.box for fact in report.facts)


@needs_ocr
def test_a_skewed_noisy_scan_invents_no_number() -> None:
    page = damaged(pages("pingtan-2024.office.pdf")[1], 1.3)
    report = parsers.read(saved([page], "PNG"))
    found, expected = facts_of(report), truth("pingtan-2024")
    wrong = {
        key: each for key, each in found.items() if each[0] == "number" and each != expected[key]
    }
    assert wrong == {}
    assert sum(each[0] == "number" for each in found.values()) > 80
    assert is_doubtful(report)


@needs_ocr
def test_a_broken_sum_leaves_a_scan_unverified() -> None:
    page = pages("shanghai-2019.chromium.pdf")[1]
    report = parsers.read(saved([page.rotate(90, expand=True)], "TIFF"))
    assert report.facts
    assert is_doubtful(report)
    assert "ocr-unverified" in codes(report)


def test_without_the_extra_an_image_is_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier, "reads_scans", bool)
    picture = Image.new("L", (600, 800), 255)
    for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PDF"):
        found = carrier.document(saved([picture], kind))
        assert [problem.code for problem in found.problems] == ["image-only"], kind
        assert not found.grids
        assert [problem.code for problem in parsers.read(saved([picture], kind)).problems] == [
            "image-only"
        ]


@needs_ocr
@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n broken", saved([Image.new("L", (90, 9))], "GIF")]
)
def test_images_without_a_table(body: bytes) -> None:
    report = parsers.read(body)
    assert not report.facts
    assert {problem.code for problem in report.problems} & {"undecodable", "image-only"}


WHITE = Image.new("L", (200, 300), 255)


@needs_ocr
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\x89PNG\r\n\x1a\n broken", "a picture whose head is damaged or cut off"),
        (saved([WHITE], "JPEG")[:-400], "a damaged picture"),
        (saved([WHITE], "GIF")[:60], "a damaged picture"),
        (saved([WHITE], "PNG")[:200], "a damaged picture"),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_opened_is_called_one(body: bytes, said: str) -> None:
    (found,) = parsers.read(body).problems
    assert found.code == "undecodable"
    assert said in found.detail
    assert "text" not in found.detail
    assert "0x" not in found.detail


@needs_ocr
@pytest.mark.parametrize(
    ("text", "sign"), [("/", "/"), ("//", "//"), ("-", "-"), ("- -", "—"), ("1", ""),
    ("7", ""), ("11", ""), ("0", ""), ("-1", ""), ("1.5", "")],
)  # fmt: skip
def test_signs_are_told_by_their_shape(text: str, sign: str) -> None:
    import numpy as np

    from parsers.scan.glyphs import fits, glyphs_of, marks_of, plain_sign, strips_of
    from parsers.scan.ink import ink

    picture = Image.new("L", (800, 200), 255)
    pen = ImageDraw.Draw(picture)
    pen.text((40, 30), text, fill=0, font=ImageFont.load_default(44))
    pen.text((40, 120), "Hxmnd 2468", fill=0, font=ImageFont.load_default(44))  # tells the size
    page = ink(np.asarray(picture))
    marks, labels = marks_of(page)
    glyphs = glyphs_of(strips_of(marks, page.size)[0], labels, page.size)
    assert plain_sign(glyphs, page.size) == sign
    assert fits(text, glyphs)


@needs_ocr
def test_pages_of_one_image_are_a_document() -> None:
    """A picture of more than one page is read page after page."""
    blank = Image.new("L", (400, 400), 255)
    body = saved([blank, blank], "TIFF")
    assert Image.open(io.BytesIO(body)).n_frames == 2  # type: ignore[attr-defined]
    assert "2" not in str(parsers.read(body).facts)
