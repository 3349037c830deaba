"""The site answers on stable Datasette and on 1.0: every page, table and question."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import archive
from archive import spreads
from archive.capture import CaptureStore
from archive.dictionary import tables
from archive.facts import FactsStore
from archive.runs import between
from archive.serve import serve
from archive.site import SETTINGS, provinces, queries
from archive.site.asking import Ask
from archive.site.matrix import SYMBOLS
from archive.site.routes import PAGES
from archive.site.words import language_of, messages
from archive.sqlite import sqlite3
from gongkai import main
from parsers.errors import ArchiveError
from tests.archive import sited
from tests.archive.sited import get, site

COVERAGE = Path(archive.__file__).with_name("coverage.toml")
REPORT = "/report/7?cell=B.outcomes_total.total.0"
SHOWN = [
    "/", "/search?q=复议", "/search?q=", "/search?q=%22%27*", "/agency/1", "/region/360000",
    "/region/360800", "/indicators", "/indicator/requests_new", "/indicator/rules_made?year=2024",
    "/indicator/replies_total", "/report/1", REPORT, "/report/4?cell=B.granted.total.0",
    "/report/9?cell=B.granted.total.0", "/report/9", "/compare", "/compare?a=吉安市",
    "/compare?a=吉安市&b=海坛县", "/compare?reports=2,7&all=1", "/changes", "/changes?cause=source",
    "/changes?run=2&cause=parser", "/coverage", "/coverage?level=prefecture&province=36",
    "/coverage?page=9", "/quality", "/questions", "/questions?q=broken_sums", "/about", "/api",
    "/changes.atom", "/datapackage.json", "/dataset.jsonld",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sited.close_all()


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages as portals print them, published. Do not write to it."""
    return sited.made(tmp_path_factory.mktemp("site"), "http://127.0.0.1:9")


@pytest.fixture(scope="module")
def ours(archived: Path) -> Any:
    """The published file alone, as `datasette data/gongkai.db` opens it."""
    return site(archived / "gongkai.db", settings=SETTINGS)


@pytest.mark.parametrize("path", SHOWN)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_answers(ours: Any, path: str, language: str) -> None:
    answer = get(ours, path, cookie=f"gongkai_lang={language}")
    assert answer.status_code == 200, answer.text
    assert "Undefined" not in answer.text


def test_every_address_of_the_site_is_among_the_pages_tried() -> None:
    patterns = [re.compile(pattern) for pattern in PAGES if "/-/" not in pattern]
    for pattern in patterns:
        assert any(pattern.match(path.partition("?")[0]) for path in SHOWN), pattern


@pytest.mark.parametrize(
    "path",
    ["/report/999", "/agency/999", "/region/999999", "/indicator/nothing", "/questions?q=nothing",
     "/compare?report=8&copy=00", f"/-/gongkai/page/{'0' * 64}", f"/-/gongkai/capture/{'0' * 64}"],
)  # fmt: skip
def test_what_is_not_there_is_said(ours: Any, path: str) -> None:
    assert get(ours, path).status_code == 404


def test_tables_are_described_and_licensed(ours: Any) -> None:
    for table in tables():
        if table.virtual:
            continue
        page = get(ours, f"/gongkai/{table.name}").text
        assert table.zh[:12] in page
        assert "CC BY 4.0" in page
        assert table.columns[0].en[:20].split(";")[0] in page


@pytest.mark.parametrize("name", queries())
def test_every_stored_question_answers(archive: Path, ours: Any, name: str) -> None:
    for made_site in (ours, site(archive / "gongkai.db", settings=SETTINGS)):
        answer = get(made_site, f"/gongkai/{name}.json?_shape=array")
        assert answer.status_code == 200, answer.text
        assert get(made_site, f"/questions?q={name}").status_code == 200


def test_two_characters_find_their_reports(ours: Any) -> None:
    for path in (
        "words_over_years.json?_shape=array&words=复议",
        "reports.json?_shape=array&_search=复议",
    ):
        answer = get(ours, f"/gongkai/{path}")
        assert "吉安市" in {row["agency"] for row in json.loads(answer.text)}
    page = get(ours, "/search?q=复议").text
    assert "<mark>复议</mark>" in page
    assert "/indicator/reconsideration_total" in page


def test_a_number_leads_to_its_cell(ours: Any) -> None:
    page = get(ours, REPORT, cookie="gongkai_lang=en").text
    assert "Found in the page; the cell reads as recorded." in page
    assert 'class="sum broken"' in page
    frame = re.search(r'src="(/-/gongkai/page/[^"]+)"', page)
    assert frame is not None
    shown = get(ours, frame.group(1).replace("&amp;", "&").partition("#")[0])
    assert re.search(r'<td[^>]*data-gongkai="cell"[^>]*id="gongkai-cell"', shown.text)
    assert shown.text.count('data-gongkai="term"') > 5


def test_a_table_in_a_script_is_shown_from_its_script(ours: Any) -> None:
    page = get(ours, "/report/4?cell=B.granted.total.0", cookie="gongkai_lang=en").text
    assert "hides in a script" in page
    frame = re.search(r'src="(/-/gongkai/page/[^"]+)"', page)
    assert frame is not None
    shown = get(ours, frame.group(1).replace("&amp;", "&").partition("#")[0]).text
    assert 'data-gongkai="cell"' in shown
    assert "<script" not in shown


def test_a_pdf_is_a_picture_with_the_cell_boxed(ours: Any) -> None:
    page = get(ours, "/report/9?cell=B.granted.total.0", cookie="gongkai_lang=en").text
    frame = re.search(r'src="(/-/gongkai/page/[^"]+)"', page)
    assert frame is not None
    shown = get(ours, frame.group(1).replace("&amp;", "&").partition("#")[0]).text
    assert 'src="data:image/png;base64,' in shown
    assert 'id="gongkai-cell"' in shown


def test_a_word_file_is_redrawn_and_says_so(ours: Any) -> None:
    (row,) = json.loads(get(ours, "/gongkai/reports.json?_shape=array&url__endswith=docx").text)
    path = f"/report/{row['id']}?cell=B.granted.total.0"
    page = get(ours, path, cookie="gongkai_lang=en").text
    assert "The table is redrawn from the cells as read" in page
    frame = re.search(r'src="(/-/gongkai/page/[^"]+)"', page)
    assert frame is not None
    shown = get(ours, frame.group(1).replace("&amp;", "&").partition("#")[0]).text
    assert 'class="gongkai-redrawn"' in shown
    assert 'id="gongkai-cell"' in shown


def test_archived_pages_are_sealed(ours: Any, archived: Path) -> None:
    hostile = _sha(archived, "hostile.html")
    answer = get(ours, f"/-/gongkai/page/{hostile}")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    for trace in ("<script", "onload", "onerror", "onmouseover", "127.0.0.1:9", "<iframe", "<form",
                  "http-equiv", "<base", "javascript:", "@import", "<svg"):  # fmt: skip
        assert trace not in answer.text, trace
    file = get(ours, f"/-/gongkai/capture/{hostile}")
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["content-type"] == "application/octet-stream"
    with CaptureStore.reader(archived) as store:
        assert file.content == store.body(hostile)


def test_lists_and_robots_are_not_for_replay(ours: Any, archived: Path) -> None:
    assert get(ours, f"/-/gongkai/capture/{_sha(archived, 'list.html')}").status_code == 404


def _sha(data: Path, name: str) -> str:
    with CaptureStore.reader(data) as store:
        found = [c.body_sha256 for c in store.captures("url LIKE ?", (f"%{name}",))]
    assert found[0] is not None
    return found[0]


def test_captures_are_no_database_of_the_site(archived: Path) -> None:
    both = site(archived / "gongkai.db", archived / "capture.db")
    assert "capture" not in both.databases
    for path in ("/capture", "/capture.db", "/capture/bodies", "/capture/bodies.json"):
        assert get(both, path).status_code == 404
    assert get(both, "/gongkai.db").status_code == 200


def test_without_the_published_file_the_plugin_is_silent(archived: Path) -> None:
    other = site(archived / "capture.db", memory=True)
    assert "Datasette" in get(other, "/").text
    assert "gongkai-bar" not in get(other, "/capture").text
    assert get(other, "/about").status_code == 404
    assert "referrer-policy" not in get(other, "/").headers


def test_any_name_of_the_published_file_serves(archived: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "annual reports.db"
    shutil.copy(archived / "gongkai.db", renamed)
    named = site(renamed)
    page = get(named, REPORT, cookie="gongkai_lang=en").text
    assert "are not kept with this site" in page  # capture.db does not lie beside it
    assert get(named, "/questions?q=backlog").status_code == 200
    assert get(named, "/api").status_code == 200


def test_a_private_instance_hides_the_pages_too(archived: Path) -> None:
    locked = {"allow": {"id": "root"}}
    private = _private(archived / "gongkai.db", locked)
    for path in ("/", REPORT, f"/-/gongkai/page/{_sha(archived, 'hostile.html')}", "/changes.atom"):
        assert get(private, path).status_code == 403, path


def _private(path: Path, said: dict[str, object]) -> Any:
    """Permissions are metadata in stable Datasette, configuration in 1.0."""
    try:
        return site(path, config=said)
    except TypeError:
        return site(path, metadata=said)


def test_answers_can_be_kept_until_the_next_build(ours: Any) -> None:
    first = get(ours, "/agency/1")
    tag = first.headers["etag"]
    again = get(ours, "/agency/1", if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    other = get(ours, "/agency/1", if_none_match=tag, cookie="gongkai_lang=en")
    assert other.status_code == 200
    sheet = re.search(r'href="(/-/gongkai/static/[^"]+\.css)"', first.text)
    assert sheet is not None
    assert "immutable" in get(ours, sheet.group(1)).headers["cache-control"]


def test_not_modified_leaves_what_a_browser_keeps(ours: Any, archived: Path) -> None:
    """Headers of a 304 replace those that are kept: the sandbox of an archived page was lost so."""
    sha = _sha(archived, "hostile.html")
    for path in (f"/-/gongkai/page/{sha}", f"/-/gongkai/capture/{sha}", "/agency/1"):
        again = get(ours, path, if_none_match=get(ours, path).headers["etag"])
        assert again.status_code == 304
        kept = {"content-security-policy", "cache-control", "content-type", "content-disposition"}
        assert not kept & set(again.headers)


def test_headers_of_our_pages_and_of_datasettes(ours: Any) -> None:
    policy = get(ours, "/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    theirs = get(ours, "/gongkai/numbers")
    assert "frame-ancestors 'self'" in theirs.headers["content-security-policy"]
    for answer in (get(ours, "/"), theirs, get(ours, "/report/999")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_nothing_comes_from_elsewhere(ours: Any) -> None:
    for path in SHOWN:
        page = get(ours, path).text
        assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]+\.(?:css|js|png|woff2?)"', page)
        assert not re.search(r'<(?:script|img|iframe)[^>]+src="(?:https?:)?//', page)


def test_language_is_chosen_kept_and_guessed(ours: Any) -> None:
    chosen = get(ours, "/?lang=en")
    assert 'lang="en"' in chosen.text
    assert "gongkai_lang=en" in chosen.headers["set-cookie"]
    assert 'lang="zh-CN"' in get(ours, "/").text
    assert language_of("", "", "en-GB,en;q=0.9") == "en"
    assert language_of("", "zh", "en-GB") == "zh"
    assert language_of("klingon", "", "") == "zh"


def test_every_message_has_both_languages_and_is_used() -> None:
    room = Path(__file__).parents[2] / "archive" / "site"
    files = [path for path in room.rglob("*") if path.suffix in (".py", ".html")]
    source = "".join(path.read_text("utf-8") for path in files)
    called = r"""(?:code\(|say\(f?|t\()["'](\w+)(?=["'],|\.["'] ~|\.\{)"""
    whole = {"failed", *re.findall(called, source)} - {"report", "quality", "proof"}
    for name, said in messages().items():
        assert set(said) == {"zh", "en"}, name
        built = (
            "report.legend_",
            "quality.by_",
            "proof.picture",
            "outcome.",
            "said.",
            "yes.",
            "identity.",
            "case.",
        )
        assert name in source or name.partition(".")[0] in whole or name.startswith(built), name
    for name in re.findall(r"""(?:\bt\(|say\()["'](\w+\.\w+)["'](?=[,)])""", source):
        assert name in messages(), name


def test_a_link_to_two_reports_fills_the_form(ours: Any) -> None:
    first, second = get(ours, "/gongkai/reports.json?_shape=array&agency=吉安市&_size=2").json()
    page = get(ours, f"/compare?reports={first['id']},{second['id']}").text
    assert '<input name="a" list="agencies" value="吉安市">' in page
    assert all(f"<option selected>{each['year']}" in page for each in (first, second))
    asked = get(ours, "/compare?a=海坛县").text
    assert '<input name="a" list="agencies" value="海坛县">' in asked


def test_two_copies_are_compared_cell_by_cell(ours: Any, archived: Path) -> None:
    (row,) = json.loads(get(ours, "/gongkai/copies.json?_shape=array&report_id=8&chosen=0").text)
    page = get(ours, f"/compare?report=8&copy={row['sha256']}", cookie="gongkai_lang=en").text
    assert f"Rows that differ: {row['differing']}" in page
    assert page.count('<tr class="differs">') == row["differing"] == 1


def test_changes_have_cause_and_evidence(ours: Any) -> None:
    page = get(ours, "/changes", cookie="gongkai_lang=en").text
    assert "36" in page
    assert "43" in page
    assert "/report/1?cell=S.trainings..0#proof" in page
    assert "the page before" in page
    feed = get(ours, "/changes.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(feed.text)
    for entry in (root, *root.findall(f"{atom}entry")):  # RFC 4287, 4.1.1 and 4.1.2
        for name in ("id", "title", "updated", "link"):
            assert entry.find(atom + name) is not None
    assert len(root.findall(f"{atom}entry")) == 1


SIDES = r'<td class="n">([^<]*)</td><td class="n"><strong>([^<]*)<'


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1), (2, 2), (0, 1), (2, 0)])
def test_two_runs_are_compared_as_the_command_line_does(
    ours: Any, archived: Path, first: int, second: int
) -> None:
    """Cell by cell what `gongkai changes --between` says."""
    with FactsStore.reader(archived) as facts:
        told = list(between(facts, first, second))
    shown = get(ours, f"/changes?first={first}&second={second}&lang=en").text
    (count,) = re.findall(r"after run \d and after run \d: (\d+)", shown)
    assert int(count) == len(told)
    links = re.findall(
        r'<tr class="differs"><th scope="row"><a href="/report/([^"#]+)#proof"', shown
    )
    assert links == [
        f"{m.report}?cell={m.section}.{m.indicator}.{m.column}.{m.seq}" for m in told[:500]
    ]
    sides = ((m.old, m.new) for m in told[:500])
    assert re.findall(SIDES, shown) == [
        tuple("not printed" if said is None else said for said in pair) for pair in sides
    ]


def test_without_the_history_the_changes_are_told(archived: Path, tmp_path: Path) -> None:
    shutil.copy(archived / "gongkai.db", tmp_path)
    alone = site(tmp_path / "gongkai.db")
    for first, second, values in ((1, 2, ("36", "43")), (2, 1, ("43", "36"))):
        shown = get(alone, f"/changes?first={first}&second={second}&lang=en").text
        assert "told from the recorded changes" in shown
        assert re.findall(SIDES, shown) == [values]
    assert "after run" not in get(alone, "/changes?first=1&second=9&lang=en").text


def test_every_state_of_coverage_is_in_the_legend_and_every_reason_has_words(ours: Any) -> None:
    told = tomllib.loads(COVERAGE.read_text(encoding="utf-8"))
    assert list(SYMBOLS) == told["order"]
    shown = get(ours, "/coverage?lang=en").text
    assert all(symbol in shown for symbol in SYMBOLS.values())
    reasons = [
        each if isinstance(each, str) else each[-1]
        for group in ("found", "doubt", "missed", "lists", "absent")
        for each in told[group].values()
    ]
    assert [reason for reason in reasons if f"reason.{reason}" not in messages()] == []


@pytest.mark.parametrize("name", ["missing_reports", "grounds_of_denial", "carry_over_breaks"])
def test_pictures_of_questions_are_drawn(ours: Any, name: str) -> None:
    shown = get(ours, f"/questions?q={name}").text
    assert "wide-chart" in shown
    assert '<table class="plain answer">' in shown


def test_the_map_shows_one_year_and_one_level(ours: Any) -> None:
    shown = get(ours, "/questions?q=requests_per_resident&year=2018&lang=en").text
    figures = re.findall(r'aria-label="(Jiangxi: median [\d.]+, 1 bodies)" class="tile s1"', shown)
    assert len(figures) == 1
    assert "2018, prefecture level, 1 bodies" in shown
    assert 'href="?q=requests_per_resident&amp;year=2023&amp;lang=en"' in shown
    assert shown.count('class="tile s0"') == len(provinces.places()) - 1
    county = get(ours, "/questions?q=requests_per_resident&level=county&lang=en").text
    assert 'class="tile' not in county  # no county with a known population: no map of zeros


def test_a_map_shades_by_rank_and_equal_values_alike() -> None:
    assert provinces._shades([0.5]) == {0.5: 1}
    assert provinces._shades([3, 1, 1, 2, 9]) == {1: 1, 2: 2, 3: 3, 9: 4}


def test_a_question_without_rows_says_why(ours: Any) -> None:
    assert (
        "No report with 30 or more closed cases" in get(ours, "/questions?q=not_held&lang=en").text
    )
    asked = get(ours, "/questions?q=not_held&year=1999&lang=en").text
    assert "No rows." in asked


def test_a_cell_is_named_in_short(ours: Any) -> None:
    full = "B.outcomes_total.total.0"
    for cell in (full, "outcomes_total.total", "outcomes_total"):
        page = get(ours, f"/report/7?cell={cell}&lang=en").text
        assert 'data-cell="B.outcomes_total.total.0"' in page
        assert re.search(r'data-cell="B.outcomes_total.total.0"[^>]+aria-current="true"', page), (
            cell
        )
    assert (
        'aria-current="true">'
        not in get(ours, "/report/7?cell=nothing").text.split('id="proof"')[1]
    )


@pytest.mark.parametrize("name", queries())
def test_heads_of_answers_have_words(ours: Any, name: str) -> None:
    asked = f"/gongkai/{name}.json?_shape=objects&_size=1"
    heads = json.loads(get(ours, asked).text)["rows"]
    missing = [head for row in heads[:1] for head in row if f"head.{head}" not in messages()]
    assert missing == []


def test_checks_over_two_years_lead_to_the_report_beside(ours: Any) -> None:
    (row, *_) = json.loads(
        get(ours, "/gongkai/checks.json?_shape=array&check_id=B-carry&per=total&status=holds").text
    )
    report, beside = row["report_id"], row["neighbour_id"]
    (agency,) = json.loads(get(ours, f"/gongkai/reports.json?_shape=array&id={report}").text)
    shown = get(ours, f"/agency/{agency['agency_id']}?lang=en").text
    assert f'href="/report/{report}"' in shown.split("Checks over two years")[-1]
    assert f'href="/report/{beside}"' in shown.split("Checks over two years")[-1]
    for number, cell, other, far in (
        (report, "requests_carried_out", beside, "requests_carried_in"),
        (beside, "requests_carried_in", report, "requests_carried_out"),
    ):
        page = get(ours, f"/report/{number}?cell={cell}.total&lang=en").text
        (sum_,) = [part for part in page.split('class="sum ') if "<code>B-carry</code>" in part][:1]
        assert f"/report/{other}?cell=B.{far}.total.0#proof" in sum_


def test_an_agency_shows_rulings_and_resemblances(archived: Path, tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    shutil.copy(archived / "gongkai.db", path)
    with closing(sqlite3.connect(path)) as connection, connection:
        report, agency = connection.execute("SELECT id, agency_id FROM reports LIMIT 1").fetchone()
        _add(connection, "rulings", id="r1", report_id=report, standing="in_force", by="Li", seq=0,
             indicator="trainings", section="S", column="", printed="36", state="number", value=63,
             why="the office confirmed it", decided="2026-01-03", kind="correction")  # fmt: skip
        _add(connection, "resemblances", report_id=report, other_report_id=report, kind="text",
             part="problems", relation="last_year", similarity=0.97, size=300, passage="如出一辙",
             other_agency="吉安市", other_year=2015, year=2016, agency="吉安市")  # fmt: skip
    shown = get(site(path), f"/agency/{agency}?lang=en").text
    assert f'href="/report/{report}?cell=S.trainings..0#proof"' in shown
    assert "36 → 63" in shown
    assert "text 97% alike" in shown
    assert "如出一辙" in shown


def _add(connection: Any, table: str, **values: object) -> None:
    needed = [
        row[1]
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row[3] or row[1] in values
    ]
    filled = [values.get(name, "") for name in needed]
    names = ", ".join(f'"{name}"' for name in needed)
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(needed))})", filled
    )


def test_no_ranking_below_thirty(ours: Any) -> None:
    page = get(ours, "/indicator/requests_new", cookie="gongkai_lang=en").text
    assert "Fewer than 30 agencies: no ranking" in page


def test_tables_of_datasette_lead_to_the_cell(ours: Any) -> None:
    page = get(ours, "/gongkai/numbers?report_id=7&_size=2").text
    assert re.search(r'href="/report/7\?cell=A\.[a-z_]+\.\.0#proof"', page)
    assert "gongkai-bar" in page


def test_a_new_build_shows_without_a_restart(archived: Path, tmp_path: Path) -> None:
    import http.client

    path = tmp_path / "gongkai.db"
    shutil.copy(archived / "gongkai.db", path)

    def status(base: str, wanted: str) -> int:
        connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=30)
        connection.request("GET", wanted)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    with sited.running(path) as base:
        assert status(base, "/report/9") == 200
        other = tmp_path / "other.db"
        shutil.copy(archived / "gongkai.db", other)
        _forget(other, 9)
        other.replace(path)
        assert status(base, "/report/9") == 404
        assert status(base, "/report/8") == 200


def _forget(path: Path, report: int) -> None:
    from archive.sqlite import sqlite3

    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DELETE FROM reports WHERE id = ?", (report,))
    connection.close()


def test_an_archive_without_reports_has_a_site(archived: Path, tmp_path: Path) -> None:
    from archive.sqlite import sqlite3

    empty = tmp_path / "gongkai.db"
    shutil.copy(archived / "gongkai.db", empty)
    connection = sqlite3.connect(empty)
    with connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for table in tables():
            if table.stored and table.name not in ("regions", "dictionary", "forms"):
                connection.execute(f'DELETE FROM "{table.name}"')
    connection.close()
    bare = site(empty)
    for path in ("/", "/search?q=公安", "/region/360000", "/indicators", "/indicator/requests_new",
                 "/compare", "/changes", "/changes.atom", "/coverage", "/quality", "/questions",
                 "/about", "/api"):  # fmt: skip
        assert get(bare, path).status_code == 200, path


def test_a_file_of_an_older_build_says_what_to_do(archived: Path, tmp_path: Path) -> None:
    older = tmp_path / "gongkai.db"
    shutil.copy(archived / "gongkai.db", older)
    with closing(sqlite3.connect(older)) as db, db:
        db.execute("DROP TABLE totals")
        db.execute("ALTER TABLE dictionary DROP COLUMN row_count")
    old = site(older)
    answer = get(old, "/quality", cookie="gongkai_lang=en")
    assert answer.status_code == 503
    assert "Run gongkai build" in answer.text
    assert get(old, "/coverage").status_code == 200
    assert get(old, "/gongkai/numbers").status_code == 200


def test_what_the_build_counted_and_hashed_is_not_done_again(
    archived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view of millions takes seconds to count, a file of gigabytes seconds to hash."""
    for name in ("gongkai.db", "gongkai.db.sha256"):
        shutil.copy(archived / name, tmp_path / name)
    with closing(sqlite3.connect(tmp_path / "gongkai.db")) as db, db:
        db.execute("UPDATE dictionary SET row_count = 20227200 WHERE \"table\" = 'numbers'")
    os.utime(tmp_path / "gongkai.db.sha256")
    monkeypatch.setattr("datasette.database.inspect_hash", lambda path: 1 / 0)
    large = site(tmp_path / "gongkai.db", settings=SETTINGS)
    table = get(large, "/gongkai/numbers").text
    assert "20,227,200 rows" in table
    assert 'class="facet-info' not in table  # each would take its second, and say nothing
    assert 'class="facet-info' in get(large, "/gongkai/reports").text
    told = (archived / "gongkai.db.sha256").read_text().split()[0]
    assert large.get_database("gongkai").hash == told
    os.utime(tmp_path / "gongkai.db.sha256", (0, 0))  # of another file
    assert site(tmp_path / "gongkai.db").get_database("gongkai").hash not in ("", told)


def test_queries_of_a_page_are_bounded(ours: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.site import door

    monkeypatch.setattr(door, "TIME_LIMIT_MS", 0)
    answer = get(ours, "/quality")
    assert answer.status_code == 503
    assert answer.headers["cache-control"] == "no-store"


def test_serving_says_what_is_wrong_in_one_line(archived: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="run gongkai build"):
        serve(tmp_path)
    with sited.running(archived / "gongkai.db") as base:
        taken = base.rpartition(":")[2]
        said = CliRunner().invoke(main, ["serve", "--data", str(archived), "--port", taken])
    assert said.exit_code != 0
    assert "choose another with --host or --port" in said.output


def described(table: str, column: str) -> str:
    """What the dictionary says of a column."""
    (told,) = [each for each in tables() if each.name == table]
    (said,) = [each.en for each in told.columns if each.name == column]
    return said


# Datasette as one has it who never installed gongkai: no entry point of a plugin is loaded.
PLAIN = "import sys; sys._called_from_test = True; from datasette.cli import cli; cli()"


@pytest.mark.parametrize(
    ("path", "told"),
    [("/gongkai/broken_sums", "Which reports break their own sums"),
     ("/gongkai/numbers?_size=1", described("numbers", "raw")),
     ("/gongkai/words_over_years?words=%22复+议%22", "吉安市"), ("/gongkai", "CC BY 4.0")],
)  # fmt: skip
def test_a_datasette_without_the_plugin_shows_everything(
    archived: Path, path: str, told: str
) -> None:
    """`build` writes the description beside the file; 1.0 takes stored questions from `-c`."""
    from datasette.app import Datasette

    beside = ["-m", "metadata.json"]
    beside += ["-c", "metadata.json"] if hasattr(Datasette, "add_query") else []
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, "-i", "gongkai.db", *beside, "--get", path],
        cwd=archived, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert told in done.stdout
    assert "gongkai-bar" not in done.stdout


def test_numbers_in_a_query_are_numbers() -> None:
    asked = {"page": "-1", "run": "1e9", "year": "٢٠٢٠", "n": "12"}
    ask = Ask(db=None, data=Path(), database="", language="zh", path={}, args=asked, root=str)  # type: ignore[arg-type]
    assert [ask.whole(name) for name in ("page", "run", "year", "n", "none")] == [None] * 3 + [
        12,
        None,
    ]


@pytest.mark.parametrize(
    ("values", "classes"),
    [([0], [1]), ([-1, 5], [1, 1]), ([0, 0, 1, 9, 10, 29, 100000.0], [2, 2, 2, *[0] * 6, 1])],
)
def test_classes_of_a_spread(values: list[float], classes: list[int]) -> None:
    assert spreads._classes(values) == classes


def test_spreads_count_what_is_printed(archived: Path) -> None:
    with closing(sqlite3.connect(archived / "gongkai.db")) as db:
        stated = db.execute(
            "SELECT count(*) FROM numbers WHERE state = 'number' AND seq = 0 AND year > 0"
        ).fetchone()
        assert db.execute("SELECT sum(bodies) FROM spreads").fetchone() == stated


def test_programs_find_the_data_set(ours: Any, archived: Path) -> None:
    """Addresses of the data package and of JSON-LD answer, and the digest is the file's."""
    package = get(ours, "/datapackage.json").json()
    names = {one["name"] for one in package["resources"]}
    assert {"numbers", "reports", "agencies", "changes"} <= names
    for one in package["resources"]:
        head = get(ours, one["path"].removeprefix("http://localhost")).text.partition("\r\n")[0]
        wanted = [field["name"] for field in one["schema"]["fields"]]
        assert set(wanted) <= set(head.split(",")), one["name"]
    told = get(ours, "/dataset.jsonld").json()
    digest = hashlib.sha256((archived / "gongkai.db").read_bytes()).hexdigest()
    assert (told["@type"], told["distribution"][0]["sha256"]) == ("Dataset", digest)
    assert json.dumps(told["name"], ensure_ascii=False) in get(ours, "/").text


def test_every_page_says_how_to_cite_it(ours: Any) -> None:
    page = get(ours, "/indicator/requests_new?lang=en&year=2022").text
    assert "/indicator/requests_new?year=2022, CC BY 4.0" in page
