"""facts.db keeps what was printed, exactly, and can tell two readings apart."""

from decimal import Decimal

import pytest

from archive import fact_rows
from archive.candidates import propose, put_in_force
from archive.fact_rows import canonical, media, output_sha256, status
from archive.facts import FactsStore, Source
from archive.numbers import exact, plain, restore, stored
from archive.sqlite import sqlite3
from parsers.errors import ArchiveError
from parsers.model import At, Hints, Leftover, Narrative, Problem, Report, TablePlace
from tests.archive.samples import body, read_sample

SOURCE = Source(
    url="http://a/1",
    body="0" * 64,
    capture=1,
    captured_at="2026-01-01T00:00:00.000Z",
    portal="a",
    media="html",
)


def report(**fields):
    return read_sample(body(**fields), "", "", Hints(agency="吉安市", region_code="360800"))


def kept(tmp_path, value, *columns, table="facts"):
    """What facts.db holds of a report."""
    with FactsStore.open(tmp_path) as facts, facts.transaction():
        run = facts.begin_run(reason="test", parser="p", selection={})
        facts.add_reading(SOURCE, fact_rows.kept(value), output_sha256(canonical(value)), run, "p")
        return facts.rows(f"SELECT {', '.join(columns)} FROM {table}")


@pytest.mark.parametrize(
    ("printed", "number", "text"),
    [
        ("154", 154, None),
        ("24252.311082", 24252.311082, None),
        ("0.1", 0.1, None),
        ("-15", -15, None),
        ("75394432.52", 75394432.52, None),
        ("154.50", 154.5, "154.50"),
        ("154.0", 154, "154.0"),
        ("0.00", 0, "0.00"),
        ("9223372036854775807", 9223372036854775807, None),
        ("1234567890123456.78", 1234567890123456.78, "1234567890123456.78"),
        ("12345678901234567.89", 12345678901234568.0, "12345678901234567.89"),
    ],
)
def test_decimals_come_back_as_printed(tmp_path, printed, number, text):
    value = Decimal(printed)
    assert (stored(value), exact(value)) == (number, text)
    ((kind, got, told),) = kept(
        tmp_path, report(facts={"budget": printed}), "typeof(value)", "value", "exact"
    )
    assert kind == ("integer" if isinstance(number, int) else "real")
    assert plain(restore(got, told)) == printed


def test_huge_number_keeps_its_text():
    value = Decimal(2**63)
    assert plain(restore(stored(value), exact(value))) == str(2**63)


def test_nothing_is_no_number():
    assert (stored(None), exact(None), restore(None, None)) == (None, None, None)


def test_number_printed_again_gets_its_own_row(tmp_path):
    page = report(facts={"budget": "1"})
    twice = Report(agency="a", facts=(page.facts[0], page.facts[0]))
    assert kept(tmp_path, twice, "seq", "value") == [(0, 1), (1, 1)]


def test_addresses_beyond_tables_are_kept_as_json(tmp_path):
    left = Leftover(label="a", raw="b", at=At(page=2, box=(1.0, 2.0, 3.0, 4.5)))
    assert kept(tmp_path, Report(leftovers=(left,)), "table_no", "at", table="leftovers") == [
        (None, '{"page": 2, "box": [1.0, 2.0, 3.0, 4.5]}')
    ]


def test_tables_and_sentences_are_kept(tmp_path):
    said = Narrative(
        indicator="x", value=Decimal(3), printed=None, agrees=None, sentence="共3件", reading="x+y"
    )
    value = Report(tables=(TablePlace(index=0, source="/html/body/table"),), narrative=(said,))
    assert kept(tmp_path, value, "table_no", "source", table="tables") == [(0, "/html/body/table")]
    with FactsStore.reader(tmp_path) as facts:
        assert facts.rows("SELECT value, agrees, matched FROM narrative") == [(3, None, "x+y")]


def test_lone_surrogates_do_not_stop_a_run(tmp_path):
    value = Report(title="a\ud800", agency="b\ud800", texts=(("", "c\ud800"),))
    assert kept(tmp_path, value, "text", table="texts") == [("c\\ud800",)]


def test_equal_readings_have_equal_digests():
    one = report(facts={"budget": "154.50"}, texts=[["a", "b"]])
    assert canonical(one) == canonical(report(facts={"budget": "154.50"}, texts=[["a", "b"]]))
    others = [
        report(facts={"budget": "154.5"}, texts=[["a", "b"]]),
        report(facts={"budget": "154.50"}, texts=[["a", "c"]]),
        report(facts={"trainees": "154.50"}, texts=[["a", "b"]]),
    ]
    assert output_sha256(canonical(one)) not in {
        output_sha256(canonical(other)) for other in others
    }


def test_canonical_refuses_what_it_does_not_know():
    with pytest.raises(TypeError, match="object in a report"):
        canonical(Report(evidence={"title": object()}))


def test_agency_is_its_name_without_blanks_in_its_region(tmp_path):
    with FactsStore.open(tmp_path) as facts, facts.transaction():
        run = facts.begin_run(reason="test", parser="p", selection={})
        for number, (name, code) in enumerate(
            [("吉安市", "360800"), ("吉 安　市", "360800"), ("吉安市", "")]
        ):
            source = Source(
                url=f"http://a/{number}", body=SOURCE.body, capture=1, captured_at="", portal="",
                media="",
            )  # fmt: skip
            facts.add_reading(
                source, fact_rows.kept(Report(agency=name, region_code=code)), "0", run, "p"
            )
        assert len(facts.rows("SELECT 1 FROM agencies")) == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"PK\x03\x04..", "office"),
        (b"\xd0\xcf\x11\xe0", "office"),
        (b"GIF89a", "image"),
        (b"\n<!DOCTYPE html>", "html"),
        (b"\x00\x01", "other"),
    ],
)
def test_media(content, kind):
    assert media(content) == kind


def test_status_names_the_loudest_reason():
    def said(code, severity):
        return Problem(code=code, severity=severity, detail="")

    quiet, loud = said("no-table", "warning"), said("image-only", "error")
    assert status(Report(problems=(quiet, loud))) == "image-only"
    assert status(Report()) == "no-table"
    assert status(report(facts={"budget": "1"}, problems=["x"])) == "ok"


def test_one_open_reading_a_body_and_address(tmp_path):
    with FactsStore.open(tmp_path) as facts, facts.transaction():
        run = facts.begin_run(reason="test", parser="p", selection={})
        for digest in "01":
            new = facts.add_reading(SOURCE, fact_rows.kept(Report()), digest, run, "p")
            propose(facts, run, new, [], "source")
        with pytest.raises(sqlite3.IntegrityError):
            put_in_force(facts, run)


def test_foreign_file_is_refused(tmp_path):
    (tmp_path / "facts.db").write_bytes(b"no database at all" * 99)
    with pytest.raises(ArchiveError):
        FactsStore.open(tmp_path)
