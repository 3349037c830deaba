"""The site answers: every table, every stored question, Chinese search, and plain Datasette."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from datasette.app import Datasette

from archive.dictionary import tables
from archive.serve import command, serve, write_metadata
from archive.site import PLUGINS, SETTINGS, metadata, queries
from parsers.errors import ArchiveError


def get(data: Path, *paths: str, described: bool = True) -> list[tuple[int, str]]:
    """Answers of an in-process Datasette."""

    async def ask() -> list[tuple[int, str]]:
        site = Datasette(
            immutables=[str(data / "gongkai.db")],
            metadata=metadata() if described else None,
            plugins_dir=str(PLUGINS) if described else None,
            settings=SETTINGS,
        )
        await site.invoke_startup()
        answers = [await site.client.get(path) for path in paths]
        return [(answer.status_code, answer.text) for answer in answers]

    return asyncio.run(ask())


def test_every_table_answers_with_its_description(archive: Path) -> None:
    shown = [table for table in tables() if not table.virtual]
    answers = get(archive, "/", "/gongkai", *(f"/gongkai/{table.name}" for table in shown))
    assert {status for status, _ in answers} == {200}
    for table, (_, page) in zip(shown, answers[2:], strict=True):
        assert table.zh[:12] in page
        assert "CC BY 4.0" in page


@pytest.mark.parametrize("name", queries())
def test_every_stored_question_answers(archive: Path, name: str) -> None:
    ((status, page),) = get(archive, f"/gongkai/{name}.json?_shape=array")
    assert status == 200, page


def test_two_characters_find_their_reports(archive: Path) -> None:
    ((status, page),) = get(archive, "/gongkai/words_over_years.json?_shape=array&words=复议")
    assert status == 200
    assert {row["agency"] for row in json.loads(page)} == {"吉安市"}
    ((status, page),) = get(archive, "/gongkai/reports.json?_shape=array&_search=复议")
    assert status == 200
    assert {row["agency"] for row in json.loads(page)} == {"吉安市"}


def test_plain_datasette_shows_everything(archive: Path) -> None:
    paths = [f"/gongkai/{table.name}.json?_shape=array" for table in tables() if not table.virtual]
    assert {status for status, _ in get(archive, *paths, described=False)} == {200}


def test_serving_is_immutable_and_described(archive: Path) -> None:
    words = command(archive, host="127.0.0.1", port=0)
    assert words[words.index("-i") + 1].endswith("gongkai.db")
    assert write_metadata(archive).read_text("utf-8").startswith("{")


def test_nothing_to_serve_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="run gongkai build"):
        serve(tmp_path)
