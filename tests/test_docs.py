"""The pages and the program say the same: verbs, options, tables, formats, links."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from archive.verbs.exchanging import FORMATS
from gongkai import main

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
DOCS = "\n".join(page.read_text("utf-8") for page in PAGES)
COMMAND = re.compile(r"(?:^|[`$(]|&& )\s*gongkai ([a-z]+)([^\n`|&#]*)", re.M)


def leaves(group: click.Group = main, prefix: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= leaves(command, f"{prefix}{name} ")
        else:
            found[f"{prefix}{name}"] = command
    return found


@pytest.mark.parametrize("verb", leaves())
def test_every_verb_is_documented(verb: str) -> None:
    assert f"gongkai {verb}" in DOCS


def test_what_the_pages_call_exists() -> None:
    """Every `gongkai VERB --option` of every page."""
    known = {
        verb: {o for p in command.params for o in p.opts} for verb, command in leaves().items()
    }
    calls = COMMAND.findall(DOCS)
    assert len(calls) > 60
    for verb, rest in calls:
        words = rest.split()
        full = f"{verb} {words[0]}" if words and f"{verb} {words[0]}" in known else verb
        assert full in known or full in main.commands, f"gongkai {verb}{rest}"
        options = set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest))
        assert options <= known.get(full, set()) | {"--help"}, f"gongkai {verb}{rest}"


def test_every_published_table_is_documented_in_the_words_of_the_program() -> None:
    tables = tomllib.loads((ROOT / "archive" / "dictionary.toml").read_text("utf-8"))
    page = (ROOT / "docs" / "data.md").read_text("utf-8")
    for name, told in tables["tables"].items():
        assert f"| `{name}` | {told['en']} |" in page, name
        assert all(zh and en for _, zh, en, *_ in told["columns"].values()), name


def test_every_export_format_is_documented() -> None:
    page = (ROOT / "docs" / "exchange.md").read_text("utf-8")
    assert set(re.findall(r"^\| ([a-z]+) \|", page, re.M)) - {"format"} == set(FORMATS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_page_is_in_the_index_of_both_readmes() -> None:
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text("utf-8")
        for page in (ROOT / "docs").glob("*.md"):
            assert f"(docs/{page.name})" in text, f"{name}: {page.name}"
