"""The sample portals as a visitor meets them: lists, validators, edits, manners, faults."""

from __future__ import annotations

import gzip
import http.client
import json
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from socket import socketpair
from threading import Barrier, Thread
from time import sleep
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from spiders.simulator import Fault, World
from spiders.simulator.families import finecms, trs
from spiders.simulator.faults import kinds
from spiders.simulator.judge import Judge
from spiders.simulator.server import CannotListen, is_there

from .simulated import cells_of, report

ROOT = Path(__file__).parents[2]
POSTED = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
AJAX = {**POSTED, "X-Requested-With": "XMLHttpRequest"}


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
    judged = world.judgement()["jian"]  # one after the other, without a pause
    assert (judged.most_at_once, judged.polite) == (1, True)


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
    visit(world, ["/robots.txt", *["/"] * 6, hidden], 0.0)
    judged = world.judgement()["haitan"]
    assert judged.trespasses == (hidden,)
    assert f"{hidden} is disallowed by robots.txt" in judged.violations
    assert any("s after /" in violation for violation in judged.violations)
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


def test_who_hung_up_is_not_there_any_more(world: World) -> None:
    """Also where the thread that serves him has yet to notice."""
    judge = Judge(world.sites["jian"].host)
    ours, theirs = socketpair()
    judge.begun(1, "/slow", lambda: is_there(ours))
    assert is_there(ours)
    theirs.close()
    judge.begun(2, "/", lambda: True)
    assert judge.judgement().most_at_once == 1
    ours.close()
    assert not is_there(ours)


def test_log_tells_conditional_requests(world: World) -> None:
    ask(world, "haitan", "/", {"User-Agent": "tester"})
    tag = ask(world, "haitan", "/").headers["ETag"]
    ask(world, "haitan", "/", {"If-None-Match": tag})
    log = world.requests("haitan")
    assert [(r.status, r.conditional) for r in log] == [(200, False), (200, False), (304, True)]
    assert (log[0].agent, log[2].sent) == ("tester", 0)
    assert world.requests("jian") == ()


# Of these, the body of this page tells nothing.
UNSEEN = ("latency", "wrong-type", "gbk-head", "says-gb2312", "bom-inside", "growing")


@pytest.mark.parametrize("kind", sorted({*kinds()} - {"endless"}))
def test_fault_hits_as_often_as_told(world: World, kind: str) -> None:
    whole = world.sites["jian"].pages["/"].body
    world.set_faults("jian", Fault(kind=kind, path="/", times=1, seconds=0.05))
    try:
        reply = ask(world, "jian", "/")
        spoilt = kind in UNSEEN or reply.body != whole
    except (ConnectionError, http.client.HTTPException):
        spoilt = kind in ("reset", "reset-inside", "truncated")
    assert spoilt
    after = ask(world, "jian", "/")
    assert (after.status, after.body) == (200, whole)


def test_taken_port_is_one_clear_line(world: World) -> None:
    port = urlsplit(world.base("jian")).port or 0
    line = rf"cannot listen on 127\.0\.0\.11:{port}: "
    with pytest.raises(CannotListen, match=line), World().start(port):
        raise AssertionError("started")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_runs_as_a_program_until_told_to_end(ending: signal.Signals) -> None:
    command = [sys.executable, "-m", "spiders.simulator"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as program:
        assert program.stdout
        shown = dict(program.stdout.readline().split() for _ in range(3))
        entries = tomllib.loads(Path(shown["registry"]).read_text("utf-8"))["portal"]
        program.send_signal(ending)
        rest, errors = program.communicate(timeout=5)
    assert {entry["id"]: entry["home"] for entry in entries}.items() <= shown.items()
    assert (program.returncode, rest, errors) == (0, "closed\n", "")


def test_gzip_only_when_asked_for(world: World) -> None:
    plain = ask(world, "haitan", "/")
    packed = ask(world, "haitan", "/", {"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
