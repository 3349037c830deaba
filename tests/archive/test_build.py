"""The published copy: complete, described, exact, and swapped in at once."""

import hashlib
import re
import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from archive import law
from archive.build import build
from archive.capture import CaptureStore
from archive.dictionary import tables
from archive.facts import FactsStore
from archive.reading import Engine
from archive.reparse import reparse
from archive.search import escape_fts, spaced
from archive.series import series
from archive.sqlite import PUBLISHED_ID, sqlite3
from parsers.errors import ArchiveError, Locked, MissingCapture
from parsers.model import At, Problem
from tests.archive.conftest import HOST
from tests.archive.samples import FIRST, JIAN, body, captured, crawl

PROMISED = {
    "reports": "id agency_id region_code region agency level scope year form edition title "
    "published deadline days_late url captured_at sha256 run_id chosen_because",
    "checks": "report_id check_id per status lhs rhs",
    "changes": "report_id indicator column old new cause run_id at",
    "coverage": "agency_id year state reason checked_at",
    "texts": "report_id section text",
    "numbers": "report_id region_code region agency level scope year form section indicator column "
    "value state raw unit label table_no row_no cell_no url captured_at sha256",
    "regions": "code name valid_from",
    "agencies": "id name",
    "problems": "report_id code severity detail",
    "leftovers": "report_id label raw",
    "narrative": "report_id indicator value printed agrees sentence",
    "runs": "id parser",
    "captures": "id url fetched_at outcome sha256",
    "indicators": "form section id label unit",
    "columns": "axis id label",
    "forms": "id source",
    "series": "series agency year value approximate",
    "dictionary": "table column description unit row_count",
    "totals": "kind name reports cells held broken undecided",
    "copies": "report_id url sha256 chosen standing relation differing",
    "differences": "report_id url indicator column chosen other",
    "rulings": "id kind standing report_id indicator column printed value by decided why sha256",
    "updates": "id updated title summary cause url",
    "resemblances": "report_id other_report_id kind part relation similarity passage",
}


@pytest.fixture
def db(archive):
    connection = sqlite3.connect(archive / "gongkai.db")
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


@pytest.fixture
def compact(archive, tmp_path):
    """The same archive, published as a large one is."""
    for name in ("capture.db", "facts.db"):
        shutil.copy(archive / name, tmp_path)
    build(tmp_path, flat=False)
    with closing(sqlite3.connect(tmp_path / "gongkai.db")) as connection:
        yield connection


def rows(db, sql, *parameters):
    return [tuple(row) for row in db.execute(sql, parameters)]


def shape(db):
    """Table -> columns, FTS shadow tables left out."""
    sql = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
    names = [name for (name,) in rows(db, sql)]
    return {
        name: [column[1] for column in rows(db, f"PRAGMA table_info('{name}')")]
        for name in names
        if not re.match("search_|sqlite_", name)
    }


def test_every_table_and_column_is_described_and_every_description_has_one(db):
    described = {table.name: [column.name for column in table.columns] for table in tables()}
    assert shape(db) == described
    listed = rows(db, 'SELECT "table", "column" FROM dictionary WHERE "column" <> \'\'')
    assert sorted(listed) == sorted((t, c) for t, names in shape(db).items() for c in names)
    assert all(table.zh and table.en for table in tables())


@pytest.mark.parametrize("table", PROMISED)
def test_promised_tables_and_columns_are_there(db, table):
    assert set(PROMISED[table].split()) <= set(shape(db)[table])


def test_every_table_holds_something(db):
    empty = [name for name in shape(db) if not rows(db, f'SELECT 1 FROM "{name}" LIMIT 1')]
    assert empty == []


def test_numbers_are_as_printed(db):
    printed = rows(
        db,
        "SELECT indicator, value, state, raw, exact FROM numbers n JOIN reports r "
        "ON r.id = n.report_id WHERE n.year = 2017 ORDER BY indicator",
    )
    assert ("budget", 24252.311082, "number", "24252.311082", "") in printed
    assert ("requests_received", 155, "number", "155", "") in printed
    assert ("replies_partial", None, "slash", "/", "") in printed
    assert ("lawsuits_total", None, "blank", "", "") in printed
    kinds = {type(row[1]) for row in printed if row[0] == "requests_received"}
    assert kinds == {int}
    assert rows(db, "SELECT value, exact FROM numbers WHERE raw = '99.50'") == [(99.5, "99.50")]


def test_numbers_are_put_together_from_narrow_rows(compact):
    """Texts that repeat are stored once; digits that an integer prints by itself, not at all."""
    ((cells, told, labels),) = rows(
        compact,
        "SELECT (SELECT count(*) FROM cells), (SELECT count(*) FROM numbers), "
        "(SELECT count(*) FROM labels)",
    )
    assert cells == told > labels
    bare = rows(compact, "SELECT DISTINCT typeof(value), state FROM cells WHERE raw IS NULL")
    assert bare == [("integer", "")]
    plan = rows(
        compact,
        "EXPLAIN QUERY PLAN SELECT agency, value FROM numbers "
        "WHERE indicator = 'requests_new' AND year = 2022",
    )
    assert any("cells_slot (slot=? AND year=?)" in row[3] for row in plan)


def test_revised_copy_speaks_and_the_first_is_kept(db):
    ((report, url, because, rivals, late),) = rows(
        db,
        "SELECT id, url, chosen_because, rivals, days_late FROM reports WHERE year = 2017",
    )
    assert (url, because, rivals) == (
        f"{HOST}/2017-new.html", "it is the revised edition", 1
    )  # fmt: skip
    assert late == 2  # by the first edition: 2 April against 31 March
    copies = rows(
        db, "SELECT url, chosen, differing FROM copies WHERE report_id = ? ORDER BY url", report
    )
    assert copies == [(f"{HOST}/2017-new.html", 1, 0), (JIAN, 0, 1)]


def test_levels_and_deadlines(db):
    found = rows(
        db, "SELECT agency, year, level, deadline, days_late FROM reports ORDER BY year, agency"
    )
    assert ("吉安市", 2022, "prefecture", "2023-03-31", -11) in found
    assert ("吉安市财政局", 2020, "department", "2021-01-31", 3) in found


@pytest.mark.parametrize(
    ("agency", "region", "year", "level", "due"),
    [
        ("江西省人民政府", "360000", 2020, "province", "2021-03-31"),
        ("吉安市吉州区", "360802", 2019, "county", "2020-03-31"),
        ("吉安市教育局", "360800", 2018, "department", "2019-03-31"),
        ("吉安市教育局", "360800", 2019, "department", "2020-01-31"),
        ("吉水县文峰镇人民政府", "360822", 2012, "township", "2013-03-31"),
        ("吉水县文峰镇", "360822", 2022, "township", None),
        ("", "360800", 2022, "", None),
        ("人民政府", "360800", 2022, "", None),
        ("庐陵新区人民政府", "360800", 2022, "", None),
        ("某局", "", 2022, "", None),
    ],
)
def test_law(agency, region, year, level, due):
    assert law.level(agency, region, year) == level
    assert law.deadline(year, level) == due


@pytest.mark.parametrize(
    ("published", "due", "days"),
    [("2021-02-01", "2021-01-31", 1), ("2021-01", "2021-01-31", None), ("2021-02-01", None, None)],
)
def test_days_late(published, due, days):
    assert law.days_late(published, due) == days


def test_coverage_tells_absences_apart(db):
    states = dict(
        rows(db, "SELECT year, state FROM coverage WHERE agency = '吉安市' ORDER BY year")
    )
    assert states[2010] == "no_table"
    assert states[2015] == states[2017] == "ok"
    assert states[2022] == states[2023] == "partial"  # no section A
    assert states[2016] == "blocked"
    assert states[2011] == states[2021] == "not_found"
    assert states[2024] == "blocked"  # due, and the portal lets nobody look
    assert states[2025] == "not_due"  # last looked at on 2 January
    assert 2026 not in states


def test_series_joins_forms_and_leaves_holes(db):
    found = {
        (series, year): (value, approximate, missing)
        for series, year, value, approximate, missing in rows(
            db,
            "SELECT series, year, value, approximate, missing FROM series WHERE agency = '吉安市'",
        )
    }
    assert found["requests_received", 2017] == (155, 1, "")
    assert found["requests_received", 2022] == (100, 1, "")
    assert found["granted", 2017] == (120, 1, "")
    assert found["granted", 2015] == (None, 1, "replies_already_public")
    assert found["denied", 2017] == (7, 1, "")
    assert found["denied", 2022] == (8, 1, "")
    assert found["granted_in_part", 2017] == (None, 1, "replies_partial")
    assert found["lawsuits", 2022] == (6, 1, "")
    assert found["outcomes_total", 2022] == (90, 0, "")
    assert rows(db, "SELECT value FROM series WHERE series = 'other_outcomes'") == [(5,), (5,)]
    assert len({each.id for each in series()}) == len(series())


def test_doubt_covers_cells_of_the_problem(db):
    sql = "SELECT indicator, doubt FROM numbers WHERE year = 2015 ORDER BY indicator"
    assert rows(db, sql) == [("replies_granted", ""), ("requests_received", "duplicate-row")]
    assert rows(db, "SELECT count(*) FROM problems WHERE report_id IS NULL") == [(1,)]


def test_copies_tell_their_differences(db):
    found = rows(db, "SELECT url, indicator, chosen, other FROM differences ORDER BY 1, 2")
    assert (JIAN, "requests_received", "155", "154") in found
    standing = rows(
        db, "SELECT standing, relation, chosen, differing FROM copies ORDER BY chosen, url"
    )
    assert ("superseded", "same address", 0, 1) in standing  # 2015, before it was edited
    assert ("rival", "other address", 0, 1) in standing
    assert standing.count(("speaks", "itself", 1, 0)) == 7


def test_ruling_stands_beside_what_is_printed(db):
    sql = (
        "SELECT year, value, raw, ruled_value, ruled_state, ruling FROM numbers "
        "WHERE ruling IS NOT NULL"
    )
    assert rows(db, sql) == [(2022, 13, "13", 14, "number", "jian-2022")]
    found = rows(
        db, "SELECT r.standing, p.year FROM rulings r JOIN reports p ON p.id = r.report_id"
    )
    assert found == [("in_force", 2022)]
    patched = rows(db, "SELECT indicator, old, new, run_id FROM changes WHERE cause = 'patch'")
    assert patched == [("requests_carried_out", "13", "14", 2)]


def test_updates_are_entries_of_a_feed(db):
    ((key, title),) = rows(db, "SELECT id, title FROM updates WHERE cause = 'patch'")
    assert re.fullmatch(r"2-\d+-patch", key)
    assert title == "吉安市 2022: 1 cells ruled by a person"
    ((summary, updated),) = rows(
        db, "SELECT summary, updated FROM updates WHERE cause = 'source' AND year = 2015"
    )
    assert summary == "requests_received: 150 -> 151"
    assert updated.endswith("Z")


def test_checks_over_years_name_the_neighbour(db):
    found = rows(
        db,
        "SELECT c.year, r.year, c.per, c.status, c.lhs, c.rhs, c.kind FROM checks c "
        "JOIN reports r ON r.id = c.neighbour_id WHERE c.check_id = 'B-carry'",
    )
    assert found == [(2022, 2023, "total", "broken", 13, 3, "soft")]


def test_resemblances_come_with_their_passages(db):
    found = rows(
        db,
        "SELECT kind, part, relation, year, other_year, similarity, size FROM resemblances "
        "WHERE kind = 'table' ORDER BY part",
    )
    assert [(row[1], row[3], row[4]) for row in found] == [("B", 2023, 2022), ("C", 2023, 2022)]
    ((agency, other, similarity, passage),) = rows(
        db,
        "SELECT agency, other_agency, similarity, passage FROM resemblances WHERE kind = 'text'",
    )
    assert {agency, other} == {"吉安市财政局", "吉安市教育局"}
    assert 0.98 < similarity < 1
    assert "台账" in passage


def test_changes_carry_cause_and_both_sides(db):
    found = rows(db, "SELECT cause, kind, indicator, old, new, year FROM changes ORDER BY id")
    assert ("source", "changed", "requests_received", "150", "151", 2015) in found
    assert ("source", "edition", "requests_received", "154", "155", 2017) in found
    assert ("parser", "added", "hidden_row", None, "7", 2017) in found


def test_search_finds_two_characters_and_the_odd_zero(db):
    db.create_function("escape_fts", 1, escape_fts)
    sql = (
        "SELECT r.year FROM search JOIN reports r ON r.id = search.rowid "
        "WHERE search MATCH escape_fts(?)"
    )
    assert len(rows(db, sql, "吉安")) == 7
    assert rows(db, sql, "复议") == [(2017,)]
    assert rows(db, sql, "〇一〇") == [(2010,)]
    assert (2020,) in rows(db, sql, "财政局")
    assert rows(db, sql, "复议 吉州") == []
    assert rows(db, sql, '" OR *') == []


@pytest.mark.parametrize(
    ("query", "escaped"),
    [
        ("2021年", '"2021 年"'),
        ("", '""'),
        (None, '""'),
        ('"', '""'),
        ("公安局 AND x", '"公 安 局" "AND" "x"'),
        ('"复 议" 2021', '"复 议" "2021"'),
        ('复"议', '"复" "议"'),
    ],
)
def test_escape_fts(query, escaped):
    assert escape_fts(query) == escaped
    assert spaced("二〇〇八a") == "二 〇 〇 八 a"


def test_file_is_immutable_copy_with_statistics(archive, db):
    assert rows(db, "PRAGMA application_id") == [(PUBLISHED_ID,)]
    assert rows(db, "PRAGMA journal_mode") == [("delete",)]
    assert rows(db, "SELECT count(*) > 0 FROM sqlite_stat1") == [(1,)]
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]
    assert rows(db, "PRAGMA foreign_key_check") == []
    suffixes = sorted(path.suffix for path in archive.glob("gongkai.db*"))
    assert suffixes == [".db", ".lock", ".sha256"]
    digest = hashlib.sha256((archive / "gongkai.db").read_bytes()).hexdigest()
    assert (archive / "gongkai.db.sha256").read_text() == f"{digest}  gongkai.db\n"
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE reports SET reading = 1")


def test_rows_are_counted_and_quality_is_added_up(db):
    counts = rows(db, 'SELECT "table", row_count FROM dictionary WHERE "column" = \'\'')
    for name, count in counts:
        assert rows(db, f'SELECT count(*) FROM "{name}"') == [(count,)], name
    whole = ("SELECT sum(reports), sum(cells), sum(held), sum(broken) FROM ", "GROUP BY kind")
    expected = rows(db, f"{whole[0]} quality")
    assert rows(db, f"{whole[0]} totals {whole[1]}") == expected * 4
    years = rows(db, "SELECT DISTINCT year FROM reports ORDER BY 1")
    named = rows(db, "SELECT name FROM totals WHERE kind = 'year' ORDER BY 1")
    assert named == [(str(year),) for (year,) in years]


def test_bodies_and_heads_are_not_published(archive, db):
    assert b"<!{" not in (archive / "gongkai.db").read_bytes()
    assert not {"body", "head", "response_head"} & {c for t in shape(db).values() for c in t}


def test_report_ids_outlive_a_rebuild(archive, db):
    before = rows(db, "SELECT id, title FROM reports ORDER BY id")
    summary = build(archive)
    assert summary.rows["reports"] == len(before) == 7
    again = sqlite3.connect(summary.path)
    assert rows(again, "SELECT id, title FROM reports ORDER BY id") == before
    again.close()


def test_errors_fit_on_a_line(tmp_path, archive):
    with pytest.raises(MissingCapture, match="run gongkai crawl"):
        build(tmp_path)
    crawl(tmp_path, captured(body({"a": "1"})))
    with pytest.raises(ArchiveError, match="run gongkai reparse"):
        build(tmp_path)
    from archive.sqlite import lock

    with lock(archive / "gongkai.db"), pytest.raises(Locked):
        build(archive)


def test_empty_archive_builds(tmp_path):
    with CaptureStore.open(tmp_path), FactsStore.open(tmp_path):
        pass
    assert build(tmp_path).rows["reports"] == 0


def test_a_report_without_a_year_is_published(tmp_path):
    page = body({"requests_received": "5"}, year=None)
    crawl(tmp_path, captured(page), captured(body({}, year=None), url="http://a/1"))
    reparse(tmp_path, engine=FIRST)
    assert build(tmp_path).rows["reports"] >= 1
    with closing(sqlite3.connect(tmp_path / "gongkai.db")) as db:
        assert rows(db, "SELECT DISTINCT year FROM reports") == [(None,)]
        assert rows(db, "SELECT DISTINCT year FROM quality") == [(0,)]


def read_pictured(content, url, content_type, hints):
    """Facts on two pages of one table; the second page is a picture."""
    report = FIRST.read(content, url, content_type, hints)
    facts = tuple(
        replace(each, at=replace(each.at, page=page, box=(1.0, 2.5, 3.0, 4.0)))
        for page, each in enumerate(report.facts)
    )
    doubt = Problem(code="ocr-unverified", severity="warning", detail="x", at=At(table=0, page=1))
    return replace(report, facts=facts, problems=(doubt,))


def test_doubt_about_a_page_stands_at_its_numbers_and_no_others(tmp_path):
    crawl(tmp_path, captured(body({"budget": "1", "trainees": "5"})))
    reparse(tmp_path, engine=Engine("9" * 64, read_pictured))
    build(tmp_path)
    with closing(sqlite3.connect(tmp_path / "gongkai.db")) as published:
        found = dict(published.execute("SELECT indicator, doubt FROM numbers"))
    assert found == {"budget": "", "trainees": "ocr-unverified"}


def test_numbers_is_a_table_or_a_view_of_the_same_rows(db, compact):
    """What people rely on is the same either way; the view is for archives of many millions."""
    kinds, shapes, printed = [], [], []
    for published in (db, compact):
        kinds += rows(published, "SELECT type FROM sqlite_master WHERE name = 'numbers'")
        columns = rows(published, "SELECT name, type FROM pragma_table_info('numbers')")
        names = ", ".join(f'"{name}", typeof("{name}")' for name, _ in sorted(columns))
        shapes.append(sorted(name for name, _ in columns))
        printed.append(sorted(rows(published, f"SELECT {names} FROM numbers"), key=repr))
    assert kinds == [("table",), ("view",)]
    assert shapes[0] == shapes[1]
    assert printed[0] == printed[1]
