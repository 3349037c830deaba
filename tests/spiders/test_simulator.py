"""The sample portals are the truth of other tests, so they are tested by hand-written sums."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread
from time import sleep
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.simulator import Fault, Truth, World
from spiders.simulator.families import finecms, trs
from spiders.simulator.faults import kinds
from spiders.simulator.server import CannotListen

ROOT = Path(__file__).parents[2]
STATES = {"slash": {"/", "／"}, "dash": {"—", "——", "-"}, "blank": {""}, "none": {"无"}}
PEOPLE = "natural_person"
BUSINESS = ("business", "research", "charity", "legal_service", "other_organisation")
POSTED = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
Cells = dict[str, dict[tuple[str, str], Decimal]]
AJAX = {**POSTED, "X-Requested-With": "XMLHttpRequest"}


@pytest.fixture(scope="module")
def still() -> World:
    """A world that nobody visits."""
    return World()


@pytest.fixture
def world() -> Iterator[World]:
    with World().start() as running:
        yield running


class Reply:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()


def ask(
    world: World, portal: str, path: str, headers: dict[str, str] | None = None, body: str = ""
) -> Reply:
    parts = urlsplit(world.base(portal))
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("POST" if body else "GET", path, body or None, headers or {})
        return Reply(connection.getresponse())
    finally:
        connection.close()


def numbers(truth: Truth) -> Cells:
    """section -> cells; what is no number counts as nothing, as the identities allow."""
    cells: Cells = {}
    for fact in truth.facts:
        value = Decimal(fact.value) if fact.value else Decimal(0)
        cells.setdefault(fact.section, {})[fact.indicator, fact.column] = value
    return cells


def report(world: World, agency: str, year: int, edition: str = "") -> Truth:
    found = [t for t in world.truth() if (t.agency, t.year, t.edition) == (agency, year, edition)]
    assert len(found) == 1
    return found[0]


def cells_of(html: str) -> list[str]:
    """Texts of the innermost cells in document order, without any white space."""
    tree = LexborHTMLParser(html)
    inner = [td for td in tree.css("td") if not td.css("table")]
    return [re.sub(r"\s", "", td.text(deep=True)) for td in inner]


def free_slots(html: str) -> list[int]:
    """Of every data table: slots of its rectangle that no cell, or more than one, covers."""
    tables = LexborHTMLParser(html).css("table")
    data = [table for table in tables if len(table.css("table")) == 1]  # itself, no inner one
    return [bad_slots([row.css("td") for row in table.css("tr")]) for table in data]


def bad_slots(rows: list[list[LexborNode]]) -> int:
    taken: Counter[tuple[int, int]] = Counter()
    for y, row in enumerate(rows):
        x = 0
        for td in row:
            while (y, x) in taken:
                x += 1
            wide, high = (int(td.attributes.get(name) or 1) for name in ("colspan", "rowspan"))
            taken.update((y + j, x + i) for j in range(high) for i in range(wide))
    height, width = (max(ends) + 1 for ends in zip(*taken, strict=True))
    return sum(taken[y, x] != 1 for y in range(height) for x in range(width)) + height - len(rows)


def as_printed(truth: Truth, text: str, index: int) -> bool:
    fact = truth.facts[index]
    if fact.state == "number":
        return text == f"{fact.value}{truth.units.get(fact.indicator, '')}"
    return text in STATES[fact.state] if fact.state in STATES else bool(text)


# --- what is printed -----------------------------------------------------------------------


def test_same_seed_same_bytes(still: World) -> None:
    again = World()
    for portal, site in still.sites.items():
        assert dict(site.pages) == dict(again.sites[portal].pages)
    assert still.truth() == again.truth()


def test_other_seed_other_numbers(still: World) -> None:
    other = World(seed=7)
    ours, theirs = report(still, "吉安市", 2023), report(other, "吉安市", 2023)
    assert ours.facts != theirs.facts
    assert report(still, "吉安市", 2017) == report(other, "吉安市", 2017)


def test_world_covers_what_it_promises(still: World) -> None:
    truth = still.truth()
    assert {t.form for t in truth} == {"2008", "2014", "2019", "2021"}
    assert {t.year for t in truth if t.agency == "吉安市"} == set(range(2008, 2025))
    states = {fact.state for t in truth for fact in t.facts}
    assert states == {"number", "slash", "dash", "blank", "none", "text"}
    kinds = {row.kind for row in still.rows()}
    assert kinds == {"report", "revised", "cover", "other"}
    assert sum(row.expect == "robots" for row in still.rows()) == 1
    assert sum(row.expect == "noise" for row in still.rows()) >= 12


def test_every_page_prints_its_truth_in_order(still: World, subtests: pytest.Subtests) -> None:
    for truth in still.truth():
        with subtests.test(truth.title):
            page = still.sites[truth.portal].pages[truth.path].body
            charset = "gb18030" if b"charset=gb2312" in page else "utf-8"
            texts = iter(cells_of(page.decode(charset)))
            for index in range(len(truth.facts)):
                assert any(as_printed(truth, text, index) for text in texts), truth.facts[index]


@pytest.mark.parametrize(
    ("table", "bad"),
    [
        ("<tr><td>1<td>2<tr><td colspan=2>3", 0),
        ("<tr><td>1<td>2<tr><td>3", 1),
        ("<tr><td rowspan=2>1<td>2<tr><td>3<td>4", 1),
        ("<tr><td rowspan=3>1<td>2<tr><td>3", 2),
    ],
)
def test_the_rectangle_test_can_fail(table: str, bad: int) -> None:
    assert free_slots(f"<table><tr><td><table>{table}</table></table>") == [bad]


def test_data_tables_are_rectangles(still: World, subtests: pytest.Subtests) -> None:
    for truth in still.truth():
        with subtests.test(truth.title):
            page = still.sites[truth.portal].pages[truth.path].body.decode("utf-8", "replace")
            bad = free_slots(page)
            assert len(bad) > len({fact.section for fact in truth.facts})
            assert not any(bad)


def test_pages_declare_gb2312_over_gb18030(still: World) -> None:
    pages = still.sites["haitan"].pages
    old = [page.body for page in pages.values() if b"charset=gb2312" in page.body]
    assert len(old) >= 8
    for body in old:
        assert "政府信息公开" in body.decode("gb18030")
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")


def test_jian_2017(still: World) -> None:
    truth = report(still, "吉安市", 2017)
    assert truth.title == "吉安市2017年政府信息公开工作年度报告"
    assert sum(fact.state == "number" for fact in truth.facts) == 46
    assert sum(fact.state == "slash" for fact in truth.facts) == 12
    assert truth.disagreements == (("press_conferences", "60", "56"),)
    page = still.sites["jian"].pages[truth.path].body.decode()
    prose = LexborHTMLParser(page).css_first("#font_size").text(deep=True)
    for told in ("484860条", "新闻发布会60次", "154件", "79.00%", "维持2件", "驳回3件", "22件"):
        assert told in prose


# --- the sums ------------------------------------------------------------------------------


def sums_2014(n: dict[tuple[str, str], Decimal]) -> None:
    s = {name: value for (name, _), value in n.items()}
    channels = ("in_person", "fax", "online", "letter")
    assert s["requests_received"] == sum(s[f"requests_{name}"] for name in channels)
    assert s["requests_completed"] == s["completed_on_time"] + s["completed_extended"]
    kinds = ("already_public", "granted", "partial", "denied", "not_this_agency", "not_exist")
    kinds = (*kinds, "amend", "other_channel")
    assert s["replies_total"] == sum(s[f"replies_{name}"] for name in kinds)
    assert s["staff_total"] == s["staff_full_time"] + s["staff_part_time"]
    assert s["press_conferences_by_leaders"] <= s["press_conferences"]
    assert s["online_interviews_by_leaders"] <= s["online_interviews"]


def sums_b(truth: Truth, n: dict[tuple[str, str], Decimal]) -> None:
    totals_printed = {f.indicator for f in truth.facts if f.column == "total" and f.value}
    for name in totals_printed:
        parts = sum(n[name, column] for column in (PEOPLE, *BUSINESS))
        assert n[name, "total"] == parts, name
    ends = {"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"}
    for column in (PEOPLE, *BUSINESS, "total"):
        c = {name: value for (name, where), value in n.items() if where == column}
        arrived = c["requests_new"] + c["requests_carried_in"]
        assert arrived == c["outcomes_total"] + c["requests_carried_out"]
        outcomes = sum(value for name, value in c.items() if name not in ends)
        if column != "total" or "granted" in totals_printed:
            whole = outcomes == c["outcomes_total"]
            assert whole or (truth.breaks and column in (PEOPLE, "total"))


def sums_c(n: dict[tuple[str, str], Decimal]) -> None:
    for group in ("reconsideration", "suit_direct", "suit_after_reconsideration"):
        parts = ("upheld", "corrected", "other", "pending")
        assert n[f"{group}_total", ""] == sum(n[f"{group}_{part}", ""] for part in parts)


def test_hard_identities_hold(still: World, subtests: pytest.Subtests) -> None:
    for truth in still.truth():
        with subtests.test(truth.title):
            n = numbers(truth)
            if truth.form == "2014":
                sums_2014(n["S"])
            if truth.form in ("2019", "2021"):
                sums_b(truth, n["B"])
                sums_c(n["C"])
            if truth.form == "2019":
                for kind in ("rules", "normative_docs"):
                    newly = n["A"][f"{kind}_newly_public", ""]
                    assert newly <= n["A"][f"{kind}_public_total", ""]


def test_the_broken_report_is_broken(still: World) -> None:
    truth = report(still, "海坛县", 2020)
    assert truth.breaks == ("B-outcomes-2019",)
    n = numbers(truth)["B"]
    ends = {"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"}
    for column in (PEOPLE, "total"):
        rows = sum(v for (name, where), v in n.items() if where == column and name not in ends)
        assert rows == n["outcomes_total", column] + 6


def joins_requests(before: Cells, now: Cells) -> None:
    for column in (PEOPLE, *BUSINESS, "total"):
        left = before["B"]["requests_carried_out", column]
        assert left == now["B"]["requests_carried_in", column]


def joins_documents(before: Cells, now: Cells) -> None:
    for kind in ("rules", "normative_docs"):
        kept = before["A"][f"{kind}_in_force", ""] - now["A"][f"{kind}_repealed", ""]
        assert now["A"][f"{kind}_in_force", ""] == kept + now["A"][f"{kind}_made", ""]


def joins_items(before: Cells, now: Cells) -> None:
    for kind in ("licences", "other_services", "penalties", "coercion", "fees"):
        change = before["A"][f"{kind}_items_change", ""]
        expected = before["A"][f"{kind}_items_last_year", ""] + change
        assert now["A"][f"{kind}_items_last_year", ""] == expected


def joins_cumulative(before: Cells, now: Cells) -> None:
    for name in {name for name, _ in before["S"]} & {name for name, _ in now["S"]}:
        annual = now["S"][name, "annual"]
        assert now["S"][name, "cumulative"] == before["S"][name, "cumulative"] + annual


JOINTS = [
    ("2008", "2008", joins_cumulative),
    ("2019", "2019", joins_items),
    ("2019", "2019", joins_requests),
    ("2019", "2021", joins_requests),
    ("2021", "2021", joins_requests),
    ("2021", "2021", joins_documents),
]


@pytest.mark.parametrize("agency", ["吉安市", "海坛县"])
@pytest.mark.parametrize(("early", "late", "join"), JOINTS)
def test_years_join(
    still: World, agency: str, early: str, late: str, join: Callable[[Cells, Cells], None]
) -> None:
    own = {t.year: t for t in still.truth() if t.agency == agency and not t.edition}
    pairs = [(own[year], own[year + 1]) for year in own if year + 1 in own]
    pairs = [(a, b) for a, b in pairs if (a.form, b.form) == (early, late)]
    assert pairs
    for before, now in pairs:
        join(numbers(before), numbers(now))


# --- on the wire ---------------------------------------------------------------------------


def test_post_list_turns_pages(world: World) -> None:
    form = urlencode(finecms.FORM)
    found: list[str] = []
    for page in (1, 2, 3):
        reply = ask(world, "jian", f"/api-ajax_list-{page}.html", AJAX, form)
        told = json.loads(reply.body)
        found += [row["url"] for row in told["data"]]
        assert int(told["total"]) == sum(row.portal == "jian" for row in world.rows())
    assert found == [row.path for row in world.rows() if row.portal == "jian"]


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        (POSTED, finecms.FORM),
        (AJAX, finecms.FORM[1:]),
        (AJAX, [*finecms.FORM[1:], finecms.FORM[0]]),
        (AJAX, [("ajax_type[]", "21_news"), *finecms.FORM[1:]]),
        (AJAX, [("page", "1")]),
    ],
    ids=["no-ajax-header", "one-missing", "other-order", "other-module", "nonsense"],
)
def test_wrong_post_draws_an_empty_list(
    world: World, headers: dict[str, str], form: list[tuple[str, str]]
) -> None:
    reply = ask(world, "jian", "/api-ajax_list-1.html", headers, urlencode(form))
    assert reply.status == 200
    assert json.loads(reply.body) == {"total": "0", "data": []}


def test_static_column_lists_all_rows(world: World) -> None:
    first = ask(world, "haitan", trs.COLUMN).body.decode()
    assert 'createPageHTML(2, 0, "index", "html")' in first
    second = ask(world, "haitan", f"{trs.COLUMN}index_1.html").body.decode()
    links = [
        urljoin(trs.COLUMN, link.attributes["href"] or "")
        for page in (first, second)
        for link in LexborHTMLParser(page).css("table.list a")
    ]
    assert links == [row.path for row in world.rows() if row.portal == "haitan"]
    assert ask(world, "haitan", f"{trs.COLUMN}index_2.html").status == 404


def test_every_listed_page_is_there(world: World) -> None:
    for row in world.rows():
        assert ask(world, row.portal, row.path).status == 200
    for truth in world.truth():
        for file in truth.files:
            reply = ask(world, truth.portal, file)
            assert reply.headers["Content-Type"] == "application/msword"
            assert reply.body.startswith(b"<html")


def test_cookies_are_given_once(world: World) -> None:
    names = [value.split("=")[0] for value in ask(world, "jian", "/").headers.get_all("Set-Cookie")]
    assert names == ["HWWAFSESID", "HWWAFSESTIME", "CI_ci_session"]
    assert "Set-Cookie" not in ask(world, "jian", "/", {"Cookie": "HWWAFSESID=1"}).headers


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")],
)
def test_conditional_requests(world: World, ours: str, theirs: str) -> None:
    for portal, agency in (("jian", "吉安市"), ("haitan", "海坛县")):
        path = report(world, agency, 2019).path
        validator = ask(world, portal, path).headers[ours]
        again = ask(world, portal, path, {theirs: validator})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"]
    stale = {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert ask(world, portal, path, stale).status == 200


def test_volatile_page_changes_in_bytes_only(world: World) -> None:
    truth = report(world, "吉安市", 2015)
    first, second = (ask(world, "jian", truth.path) for _ in range(2))
    assert "ETag" not in first.headers
    assert first.body != second.body
    assert cells_of(first.body.decode()) == cells_of(second.body.decode())


def test_edit_changes_one_number_and_moves_one_page(world: World) -> None:
    before = world.truth()
    path = report(world, "吉安市", 2016).path
    tag = ask(world, "jian", path).headers["ETag"]
    edits = {edit.kind: edit for edit in world.edit()}
    assert set(edits) == {"edited", "republished", "volatile"}
    edited = edits["edited"]
    pairs = zip(before, world.truth(), strict=True)
    changed = [
        (was, now)
        for old, new in pairs
        if old.path == new.path
        for was, now in zip(old.facts, new.facts, strict=True)
        if was != now
    ]
    assert [(was.indicator, was.value, now.value) for was, now in changed] == [
        (edited.indicator, edited.old, edited.new)
    ]
    reply = ask(world, "jian", path, {"If-None-Match": tag})
    assert reply.status == 200
    assert reply.headers["ETag"] != tag


def test_republished_report_keeps_its_numbers(world: World) -> None:
    old = report(world, "海坛县", 2023)
    moved = next(edit for edit in world.edit() if edit.kind == "republished")
    new = report(world, "海坛县", 2023)
    assert (moved.path, moved.new_path) == (old.path, new.path)
    assert old.path != new.path
    assert old.facts == new.facts
    assert moved.new_path in {row.path for row in world.rows()}
    assert moved.path not in {row.path for row in world.rows()}
    assert {edit.kind for edit in world.edit()} == {"volatile"}


def test_registry_names_the_running_servers(world: World) -> None:
    entries = tomllib.loads(world.registry_toml())["portal"]
    assert [entry["id"] for entry in entries] == ["jian", "haitan"]
    for entry in entries:
        assert entry["home"] == f"{world.base(entry['id'])}/"
        assert ask(world, entry["id"], urlsplit(entry["columns"][0]).path).status == 200
    assert len({urlsplit(entry["home"]).hostname for entry in entries}) == 2


# --- manners and faults --------------------------------------------------------------------


def visit(world: World, paths: list[str], pause: float) -> None:
    for path in paths:
        ask(world, "haitan", path)
        sleep(pause)


def test_polite_visit_is_found_polite(world: World) -> None:
    visit(world, ["/robots.txt", "/", trs.COLUMN, f"{trs.COLUMN}index_1.html"], 0.06)
    judged = world.judgement()["haitan"]
    assert judged.polite, judged.violations
    assert (judged.requests, judged.most_at_once, judged.trespasses) == (4, 1, ())
    assert min(judged.gaps) >= 0.05


def test_trespass_and_haste_are_seen(world: World) -> None:
    hidden = next(row.path for row in world.rows() if row.expect == "robots")
    visit(world, ["/robots.txt", "/", hidden], 0.0)
    judged = world.judgement()["haitan"]
    assert judged.trespasses == (hidden,)
    assert len(judged.violations) == 2
    world.forget()
    assert world.judgement()["haitan"].polite


def test_two_at_once_are_seen(world: World) -> None:
    world.set_faults("jian", Fault(kind="latency", seconds=0.2))
    start = Barrier(2)

    def call() -> None:
        start.wait()
        ask(world, "jian", "/")

    threads = [Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    judged = world.judgement()["jian"]
    assert judged.most_at_once == 2
    assert not judged.polite


def test_log_tells_conditional_requests(world: World) -> None:
    ask(world, "haitan", "/", {"User-Agent": "tester"})
    tag = ask(world, "haitan", "/").headers["ETag"]
    ask(world, "haitan", "/", {"If-None-Match": tag})
    log = world.requests("haitan")
    assert [(r.status, r.conditional) for r in log] == [(200, False), (200, False), (304, True)]
    assert (log[0].agent, log[2].sent) == ("tester", 0)
    assert world.requests("jian") == ()


@pytest.mark.parametrize("kind", kinds())
def test_fault_hits_as_often_as_told(world: World, kind: str) -> None:
    whole = world.sites["jian"].pages["/"].body
    world.set_faults("jian", Fault(kind=kind, path="/", times=1, seconds=0.05))
    try:
        reply = ask(world, "jian", "/")
        spoilt = kind in ("latency", "wrong-type") or reply.body != whole
    except (ConnectionError, http.client.HTTPException):
        spoilt = kind in ("reset", "truncated")
    assert spoilt
    after = ask(world, "jian", "/")
    assert (after.status, after.body) == (200, whole)


def test_taken_port_is_one_clear_line(world: World) -> None:
    port = urlsplit(world.base("jian")).port or 0
    line = rf"cannot listen on 127\.0\.0\.11:{port}: "
    with pytest.raises(CannotListen, match=line), World().start(port):
        raise AssertionError("started")


def test_runs_as_a_program_until_interrupted() -> None:
    command = [sys.executable, "-m", "spiders.simulator"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as program:
        assert program.stdout
        shown = dict(program.stdout.readline().split() for _ in range(3))
        entries = tomllib.loads(Path(shown["registry"]).read_text("utf-8"))["portal"]
        program.send_signal(signal.SIGINT)
        rest, errors = program.communicate(timeout=5)
    assert {entry["id"]: entry["home"] for entry in entries}.items() <= shown.items()
    assert (program.returncode, rest, errors) == (0, "closed\n", "")


def test_gzip_only_when_asked_for(world: World) -> None:
    plain = ask(world, "haitan", "/")
    packed = ask(world, "haitan", "/", {"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
