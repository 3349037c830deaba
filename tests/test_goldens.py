"""Golden pages are reviewed and read as reviewed; a minted page fails until a person looks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.capture import CaptureStore
from archive.fixture import complaints
from gongkai import main
from parsers.model import Capture
from tests.parsers.forged.pages import Spec, forge

GOLDENS = sorted(path.parent for path in Path(__file__).parent.glob("goldens/*/expected.json"))
URL = "http://www.example.gov.cn/xxgk/2017.html"


@pytest.mark.parametrize("folder", GOLDENS, ids=lambda folder: folder.name)
def test_golden_page(folder: Path) -> None:
    assert not list(complaints(folder))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An archive with one page, capture 1."""
    body = forge(3, Spec(kind="2014", damage="none", layout="plain", extras=False)).body
    with CaptureStore.open(tmp_path / "data") as store:
        crawl = store.begin_crawl(reason="test", settings={})
        store.record(
            Capture(
                url=URL,
                fetched_at="2018-03-01T00:00:00.000Z",
                outcome="ok",
                status=200,
                body=body,
                kind="report",
            ),
            crawl=crawl,
        )
    return tmp_path / "data"


def add(data: Path, wanted: str) -> str:
    """`gongkai fixture add`, beside the archive."""
    into = data.parent / "goldens"
    said = CliRunner().invoke(
        main, ["fixture", "add", wanted, "--data", str(data), "--into", str(into), "--name", "x"]
    )
    return said.output


@pytest.mark.parametrize("wanted", ["1", URL])
def test_a_minted_page_fails_until_it_is_reviewed(data: Path, wanted: str) -> None:
    assert "58 facts" in add(data, wanted)
    folder = data.parent / "goldens" / "x"
    assert [text.split(":")[0] for text in complaints(folder)] == ["x"]
    path = folder / "expected.json"
    expected = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(expected | {"reviewed": True}), encoding="utf-8")
    assert not list(complaints(folder))
    expected["facts"][0]["value"] = "1"
    path.write_text(json.dumps(expected | {"reviewed": True}), encoding="utf-8")
    (said,) = complaints(folder)
    assert "facts" in said


def test_a_page_is_never_minted_over(data: Path) -> None:
    add(data, "1")
    assert "is there already" in add(data, "1")


def test_an_unknown_capture_is_one_line(data: Path) -> None:
    assert "there is no capture 9" in add(data, "9")
    assert "no stored page for http://nowhere/" in add(data, "http://nowhere/")
