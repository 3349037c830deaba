"""A re-parse is a candidate until it passes: what closes each gate, and what stays as it was."""

import json

import pytest

from archive.changes import changes
from archive.explain import explain
from archive.facts import FactsStore
from archive.promotion import Order
from archive.reparse import promote_waiting, reparse
from parsers.errors import ArchiveError
from tests.archive.samples import (
    BETTER,
    BLIND,
    CITY,
    FIRST,
    JIAN,
    WRONG,
    body,
    captured,
    crawl,
)

MANY = {f"row_{number}": str(100 + number) for number in range(30)}


@pytest.fixture
def data(tmp_path):
    """One report of thirty numbers, read and in force."""
    crawl(tmp_path, captured(body(MANY)))
    reparse(tmp_path, engine=FIRST)
    return tmp_path


def said(data, indicator="row_5"):
    return explain(data, "吉安市 2017", indicator).value


def runs(data):
    with FactsStore.reader(data) as facts:
        return facts.rows("SELECT state, promoted IS NOT NULL FROM runs ORDER BY id")


def test_wrong_numbers_stay_a_candidate(data):
    done = reparse(data, engine=WRONG)
    assert not done.promoted
    (gate,) = done.refused
    assert gate.name == "numbers changed by the parser without a stated reason"
    assert gate.measured == "30 of 30"
    assert said(data) == "105"
    assert changes(data) == []
    assert len(changes(data, run=done.run)) == 30  # asked for, they are shown
    assert runs(data) == [("finished", 1), ("finished", 0)]


def test_a_reason_opens_the_gate_and_stays_with_the_change(data):
    done = reparse(data, engine=WRONG, order=Order(because=("numbers were cut off",)))
    assert done.promoted
    assert said(data) == "10"
    assert {change.reason for change in changes(data)} == {"numbers were cut off"}


def test_a_reason_for_one_indicator_speaks_for_no_other(tmp_path):
    facts = {f"row_{n}": "100" for n in range(25)} | {"requests_received": "154"}
    crawl(tmp_path, captured(body(facts)))
    reparse(tmp_path, engine=FIRST)
    done = reparse(tmp_path, engine=WRONG, order=Order(because=("requests_received: alias",)))
    assert done.refused[0].measured == "25 of 26"
    reasons = {row.indicator: row.reason for row in changes(tmp_path, run=done.run)}
    assert (reasons["requests_received"], reasons["row_1"]) == ("alias", "")


def test_few_changes_need_no_reason(tmp_path):
    crawl(tmp_path, captured(body({"budget": "154", "trainees": "9"})))
    reparse(tmp_path, engine=FIRST)
    assert reparse(tmp_path, engine=WRONG).promoted
    assert said(tmp_path, "budget") == "15"


def test_changes_of_the_source_need_no_reason(data):
    crawl(data, captured(body(dict.fromkeys(MANY, "7")), day=2))
    assert reparse(data, engine=FIRST).promoted
    assert said(data) == "7"


def test_a_report_that_loses_its_numbers_closes_the_gate(data):
    done = reparse(data, engine=BLIND, order=Order(because=("whatever",)))
    (gate,) = done.refused
    assert gate.name == "reports that lose all numbers to our parser"
    assert gate.examples == (f"吉安市 2017 {JIAN}",)
    assert said(data) == "105"


def test_reports_taken_for_copies_close_the_gate(tmp_path):
    pages = [
        captured(body({"budget": "1"}, agency=f"吉安市{n}局"), url=f"http://a/{n}")
        for n in range(7)
    ]
    crawl(tmp_path, *pages)
    reparse(tmp_path, engine=FIRST)
    (gate,) = reparse(tmp_path, engine=CITY).refused
    assert gate.name == "reports that our parser takes for copies of others"
    assert gate.measured == "6"


def test_hard_identities_close_the_gate(tmp_path):
    def page(status):
        checks = [["2014-received", "", status, "1", "1"]] * 10
        return body({"requests_received": "1", "hidden_row": "2"}, checks=checks)

    crawl(tmp_path, captured(page("holds")))
    reparse(tmp_path, engine=FIRST)

    from archive.reading import Engine

    done = reparse(tmp_path, engine=Engine("9" * 64, _breaks))
    (gate,) = done.refused
    assert gate.measured == "0.00 % hold, 100.00 % before"
    crawl(tmp_path, captured(page("broken"), day=2))
    assert reparse(tmp_path, engine=FIRST).promoted  # the source's own affair


def _breaks(content, url, content_type, hints):
    return BETTER.read(content.replace(b'"holds"', b'"broken"'), url, content_type, hints)


def test_a_golden_page_closes_the_gate(data):
    folder = data / "golden" / "one"
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes(body({"budget": "12"}))
    fact = {"section": "S", "indicator": "budget", "column": "", "state": "number", "value": "12"}
    (folder / "expected.json").write_text(json.dumps({"facts": [fact]}))
    why = Order(because=("why",))
    (gate,) = reparse(data, engine=WRONG, order=why).refused
    assert gate.examples == ("one: budget is 1, expected 12",)
    (folder / "expected.json").write_text("[")
    with pytest.raises(ArchiveError, match=r"one/expected\.json"):
        reparse(data, engine=WRONG)


def test_force_needs_a_reason_that_is_kept(data):
    done = reparse(data, engine=WRONG, order=Order(force="we looked at every page"))
    assert done.promoted
    assert said(data) == "10"
    with FactsStore.reader(data) as facts:
        ((verdict,),) = facts.rows("SELECT verdict FROM runs WHERE id = ?", (done.run,))
    assert json.loads(verdict)["forced"] == "we looked at every page"


def test_a_candidate_waits_and_is_promoted_without_reading_again(data):
    done = reparse(data, engine=WRONG, order=Order(candidate=True))
    assert (done.promoted, done.gates) == (False, ())
    run, verdict = promote_waiting(data, Order(), engine=WRONG)
    assert (run, verdict.promoted) == (done.run, False)
    _, verdict = promote_waiting(data, Order(because=("cut off",)), engine=WRONG)
    assert verdict.promoted
    assert said(data) == "10"
    with pytest.raises(ArchiveError, match="no candidate waits"):
        promote_waiting(data, Order(), engine=WRONG)


def test_a_refused_candidate_is_taken_up_with_what_came_since(data):
    reparse(data, engine=WRONG)
    crawl(data, captured(body(MANY | {"row_5": "999"}), day=2))
    again = reparse(data, engine=WRONG)
    assert (again.read, again.promoted) == (1, False)
    assert said(data) == "105"
    done = reparse(data, engine=WRONG, order=Order(force="yes"))
    assert (done.read, said(data)) == (0, "99")
    told = [(c.cause, c.old, c.new) for c in changes(data) if c.indicator == "row_5"]
    assert told == [("parser", "105", "10"), ("source", "10", "99")]


def test_another_parser_drops_the_candidate(data):
    with FactsStore.reader(data) as facts:
        before = facts.rows("SELECT count(*) FROM facts")
    reparse(data, engine=WRONG)
    assert reparse(data, engine=FIRST).promoted
    assert said(data) == "105"
    assert changes(data) == []
    with FactsStore.reader(data) as facts:
        assert facts.rows("SELECT count(*) FROM facts") == before
        assert facts.rows("SELECT count(*) FROM proposals") == [(0,)]


def test_a_killed_run_is_not_in_force_and_is_taken_up(data, monkeypatch):
    crawl(data, captured(body({"budget": "1"}, year=2018), url="http://a/2018"))
    import archive.reparse as module

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "promote", killed)
        with pytest.raises(KeyboardInterrupt):
            reparse(data, engine=FIRST)
    with pytest.raises(ArchiveError, match="there is no report"):
        explain(data, "吉安市 2018", "budget")
    done = reparse(data, engine=FIRST)
    assert (done.read, done.promoted) == (0, True)
    assert explain(data, "吉安市 2018", "budget").value == "1"


def test_a_dry_run_names_the_gates_and_undoes_all(data):
    before = (data / "facts.db").read_bytes()
    done = reparse(data, engine=WRONG, dry_run=True)
    assert [gate.passed for gate in done.refused] == [False]
    assert len(done.sample) == 30
    assert (data / "facts.db").read_bytes() == before
