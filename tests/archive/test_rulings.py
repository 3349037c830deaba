"""A person's word: in force, stale, unmatched, unused; never mixed with what is printed."""

from hashlib import sha256

import pytest
from click.testing import CliRunner

from archive.changes import changes
from archive.coverage import covered
from archive.explain import explain
from archive.facts import FactsStore
from archive.reparse import reparse
from archive.ruled import standings
from archive.rulings import load, rulings
from gongkai import main
from parsers.errors import RegistryError
from tests.archive.samples import BETTER, FIRST, WRONG, body, captured, crawl

PAGE = body({"requests_received": "154", "budget": "/", "hidden_row": "7"})
SAID = "case: the signed scan says 145"
CASE = {
    "kind": '"correction"',
    "by": '"王五"',
    "decided": "2026-01-03",
    "why": '"the signed scan says 145"',
    "capture": f'"{sha256(PAGE).hexdigest()}"',
    "indicator": '"requests_received"',
    "printed": '"154"',
    "value": '"145"',
}


def rule(data, name="case", without=(), **fields):
    folder = data / "rulings"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    entry = {key: value for key, value in (CASE | fields).items() if key not in without}
    path.write_text("\n".join(f"{key} = {value}" for key, value in entry.items()), "utf-8")
    return path


def stands(data):
    with FactsStore.reader(data) as facts:
        return {each.ruling.id: each.standing for each in standings(facts, rulings(data))}


def patches(data):
    return [(c.indicator, c.old, c.new) for c in changes(data, cause="patch")]


@pytest.fixture
def data(tmp_path):
    crawl(tmp_path, captured(PAGE))
    reparse(tmp_path, engine=FIRST)
    return tmp_path


def test_correction_speaks_beside_the_printed_value(data):
    rule(data)
    done = reparse(data, engine=FIRST)
    assert (done.read, done.changes["patch"]) == (0, 1)
    found = explain(data, "吉安市 2017", "requests_received")
    assert (found.value, found.raw) == ("154", "154")
    (ruled,) = found.rulings
    assert (ruled.value, ruled.by, ruled.standing) == ("145", "王五", "in_force")
    assert patches(data) == [("requests_received", "154", "145")]
    reparse(data, engine=FIRST)
    assert len(patches(data)) == 1  # told once


def test_ruling_survives_a_re_parse(data):
    rule(data)
    reparse(data, engine=FIRST)
    reparse(data, engine=BETTER)
    assert stands(data) == {"case": "in_force"}
    assert len(patches(data)) == 1


def test_ruling_goes_stale_with_the_source_and_the_change_says_so(data):
    rule(data)
    reparse(data, engine=FIRST)
    crawl(data, captured(body({"requests_received": "155"}), day=2))
    reparse(data, engine=FIRST)
    assert stands(data) == {"case": "stale"}
    assert patches(data) == [
        ("requests_received", "154", "145"),
        ("requests_received", "145", "154"),
    ]
    assert explain(data, "吉安市 2017", "requests_received").value == "155"


def test_withdrawn_and_reworded_rulings_are_changes(data):
    path = rule(data)
    reparse(data, engine=FIRST)
    rule(data, value='"146"')
    reparse(data, engine=FIRST)
    path.unlink()
    reparse(data, engine=FIRST)
    assert [row[1:] for row in patches(data)] == [("154", "145"), ("145", "146"), ("146", "154")]
    reasons = [change.reason for change in changes(data, cause="patch")]
    assert reasons == [SAID, SAID, f"no longer in force: {SAID}"]


def test_a_case_that_the_archive_does_not_know_yet_is_told(data):
    rule(data)
    told = CliRunner().invoke(main, ["rulings", "--data", str(data)]).output
    assert "not loaded yet: case; run gongkai reparse" in told
    reparse(data, engine=FIRST)
    assert "not loaded yet" not in CliRunner().invoke(main, ["rulings", "--data", str(data)]).output


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"value": '"154"'}, "redundant"),
        ({"printed": '"153"'}, "unmatched"),
        ({"indicator": '"requests_letter"'}, "unmatched"),
        ({"capture": f'"{"0" * 64}"'}, "unused"),
        ({"indicator": '"budget"', "printed": '"/"', "value": '"0"'}, "in_force"),
    ],
)
def test_standings(data, fields, standing):
    rule(data, **fields)
    assert stands(data) == {"case": standing}


def test_confirmed_cell_closes_the_gate(data):
    rule(data, kind='"confirmation"', without=("value",))
    assert reparse(data, engine=FIRST).changes["patch"] == 0
    assert stands(data) == {"case": "in_force"}
    (gate,) = reparse(data, engine=WRONG).refused
    assert gate.examples == (
        "case: requests_received was read as 154 from '154', now as 15",
    )  # fmt: skip
    assert explain(data, "吉安市 2017", "requests_received").value == "154"
    crawl(data, captured(body({"requests_received": "15"}), day=2))
    assert reparse(data, engine=FIRST).promoted  # the source changed: that is no matter of ours


def test_missing_report_is_confirmed_until_it_is_found(data):
    crawl(data, captured(body({"budget": "1"}, year=2019), url="http://a/2019"))
    rule(data, "gone", without=("capture", "indicator", "printed", "value"),
         kind='"missing"', agency='"吉安市"', year="2018")  # fmt: skip
    reparse(data, engine=FIRST)
    (cell,) = covered(data, year=2018)
    assert (cell.state, cell.reason) == (
        "confirmed_missing", "王五, 2026-01-03: the signed scan says 145"
    )  # fmt: skip
    crawl(data, captured(body({"budget": "1"}, year=2018), url="http://a/2018"))
    reparse(data, engine=FIRST)
    assert stands(data) == {"gone": "stale"}
    assert covered(data, year=2018)[0].state == "ok"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": '"opinion"'}, "kind: must be one of correction, confirmation, missing"),
        ({"without": ("by",)}, "by: is missing"),
        ({"why": '" "'}, "why: must be text"),
        ({"decided": '"soon"'}, "decided: must be a day"),
        ({"capture": '"abc"'}, "capture: must be the SHA-256"),
        ({"indicator": '"asked"'}, "indicator: no form has an indicator 'asked'"),
        ({"printed": "154"}, "printed: must be the cell's text"),
        ({"value": '"many"'}, "value: must be a decimal"),
        ({"value": "1.5"}, "value: must be a decimal"),
        ({"value": "true"}, "value: must be a decimal"),
        ({"value": '"1E+3"'}, "value: must be a decimal"),
        ({"value": f'"{"9" * 400}"'}, "value: must be a decimal"),
        ({"column": '"totl"'}, "column: no form has a column 'totl'"),
        ({"without": ("value",)}, "value: is needed"),
        ({"state": '"empty"'}, "state: must be one of"),
        ({"section": '"Z"'}, "section: must be one of S"),
        ({"note": '"x"'}, "note: no such key"),
        ({"why": '"'}, "case.toml: "),
        ({"kind": '"missing"'}, "capture: no such key in a missing"),
    ],
)
def test_a_bad_file_is_named_with_its_key(tmp_path, fields, told):
    path = rule(tmp_path, **fields)
    with pytest.raises(RegistryError) as error:
        load(path)
    assert told in str(error.value)
    assert str(path) in str(error.value)


def test_a_bad_file_stops_before_any_work(data):
    rule(data, value='"many"')
    crawl(data, captured(body({"a": "1"}), day=2))
    with pytest.raises(RegistryError):
        reparse(data, engine=FIRST)
    with FactsStore.reader(data) as facts:
        assert facts.rows("SELECT count(*) FROM runs") == [(1,)]


def test_two_rulings_on_one_cell_are_refused(data):
    rule(data)
    rule(data, "twin", value='"146"')
    with pytest.raises(RegistryError, match=r"twin\.toml: case\.toml rules on the same case"):
        rulings(data)


def test_a_report_cannot_be_missing_before_its_year_is_over(tmp_path):
    fields = {"kind": '"missing"', "agency": '"吉安市"', "year": "2026"}
    path = rule(tmp_path, without=("capture", "indicator", "printed", "value"), **fields)
    with pytest.raises(RegistryError, match="year: the report on 2026 was not due"):
        load(path)


@pytest.mark.parametrize("name", ["case.TOML", "inside/case.toml"])
def test_a_file_that_would_be_passed_over_is_named(data, name):
    path = rule(data)
    target = path.with_name("inside") if "/" in name else path.parent
    target.mkdir(exist_ok=True)
    path.rename(path.parent / name)
    with pytest.raises(RegistryError, match="would not be read"):
        rulings(data)


def test_a_reparse_says_which_rulings_do_not_stand(data):
    rule(data, printed='"153"')
    rule(data, "other", indicator='"requests_letter"')
    rule(data, "good", indicator='"budget"', printed='"/"', value='"0"')
    assert reparse(data, engine=FIRST).rulings == (
        "ruling case is unmatched: the page prints '154' in that cell",
        "ruling other is unmatched: the page has no such cell",
    )
    said = CliRunner().invoke(main, ["reparse", "--dry-run", "--data", str(data)]).output
    assert "ruling case is unmatched" in said


@pytest.mark.parametrize(
    ("fields", "standing", "detail"),
    [
        ({"agency": '"吉安市"', "year": "2017"}, "stale", "a report of that year has been read"),
        ({"agency": '"无此县"', "year": "2016"}, "unused", "no body of that name"),
    ],
)
def test_an_absence_is_told_in_its_own_words(data, fields, standing, detail):
    without = ("capture", "indicator", "printed", "value")
    rule(data, "gone", without=without, kind='"missing"', **fields)
    (told,) = reparse(data, engine=FIRST).rulings
    assert told.startswith(f"ruling gone is {standing}: {detail}")
