"""What others wrote is taken once and whole; what we write is judged by the formats' own tools."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.capture import CaptureStore
from archive.exchange import messages
from archive.stored import StoredCapture
from gongkai import main
from parsers.model import RENDER

from .exchanges import exchange, filled, page

pytest.importorskip("fastwarc", reason="the extra warc is not installed")
pytest.importorskip("surt", reason="the extra warc is not installed")
FORMATS = Path(sys.prefix) / "formats" / "bin"  # pywb needs another brotli than ours
URL = "http://www.jian.gov.cn/report.html"
HTML = (
    "<!DOCTYPE html><html><title>吉安市2017年政府信息公开工作年度报告</title>"
    "<table><tr><td>收到申请数<td>154</table></html>"
).encode("gb18030")


def run(*words: object, code: int = 0) -> Result:
    said = CliRunner().invoke(main, [str(word) for word in words])
    assert said.exit_code == code, said.output + said.stderr
    return said


def brought(data: Path) -> list[StoredCapture]:
    with CaptureStore.reader(data) as store:
        return list(store.captures())


def told(*words: object, code: int = 0) -> dict[str, object]:
    found: dict[str, object] = json.loads(run("import", *words, "--json", code=code).output)
    return found


def record(kind: str, block: bytes, number: int, **fields: str) -> bytes:
    """A WARC record as any writer makes it."""
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012}>",
        "WARC-Date": f"2020-01-02T03:04:{number:02}Z",
        "WARC-Target-URI": URL,
        "Content-Type": "application/http",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def answer(body: bytes = HTML, fields: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + fields + b"\r\n" + body


def members(*records: bytes) -> bytes:
    return b"".join(gzip.compress(each, mtime=0) for each in records)


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 50] for at in range(0, len(body), 50)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return tmp_path / "crawl.warc.gz"


@pytest.mark.parametrize(
    ("fields", "wire"),
    [
        (b"", HTML),
        (b"Transfer-Encoding: chunked\r\n", chunked(HTML)),
        (b"Transfer-Encoding: chunked\r\n", HTML),  # the framing was taken off, the field was not
        (b"Content-Encoding: gzip\r\n", gzip.compress(HTML)),
        (b"Content-Encoding: gzip\r\n", HTML),
        (b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", chunked(gzip.compress(HTML))),
    ],
)
def test_a_body_comes_out_as_the_entity(data: Path, warc: Path, fields: bytes, wire: bytes) -> None:
    warc.write_bytes(members(record("response", answer(wire, fields), 1)))
    run("import", warc, "--data", data)
    (found,) = brought(data)
    assert found.body_sha256 == hashlib.sha256(HTML).hexdigest()
    assert (found.outcome, found.kind, found.status) == ("ok", "report", 200)
    assert found.fetched_at == "2020-01-02T03:04:01.000Z"
    assert found.portal == "jian"  # by its host


@pytest.mark.parametrize("first", ["request", "response"])
def test_a_request_is_found_before_and_behind_its_answer(
    data: Path, warc: Path, first: str
) -> None:
    """wget writes it first, warcio last."""
    head = b"GET /report.html HTTP/1.1\r\nHost: www.jian.gov.cn\r\n\r\n"
    concurrent = "<urn:uuid:00000000-0000-4000-8000-000000000001>"
    written = [record("response", answer(), 1)]
    written.insert(
        0 if first == "request" else 1,
        record("request", head, 2, WARC_Concurrent_To=concurrent),
    )
    warc.write_bytes(members(*written))
    run("import", warc, "--data", data)
    (found,) = brought(data)
    assert found.request_head == head


def test_an_import_is_idempotent_and_names_what_it_left(data: Path, warc: Path) -> None:
    other = record("warcinfo", b"software: other\r\n", 3)
    script = record("response", answer(b"menu()", b""), 4, WARC_Target_URI=URL + ".js")
    warc.write_bytes(members(other, record("response", answer(), 1), script))
    assert told("warc", warc, "--data", data)["new"] == 2
    again = told("warc", warc, "--data", data)
    assert (again["new"], again["known"], again["skipped"]) == (0, 2, {"warcinfo": 1})
    assert {found.kind for found in brought(data)} == {"report", "other"}
    with CaptureStore.reader(data) as store:
        assert len(store.db.execute("SELECT * FROM crawls").fetchall()) == 1


def test_a_revisit_has_the_body_of_its_original_or_waits_for_it(data: Path, tmp_path: Path) -> None:
    first, later = tmp_path / "a.warc", tmp_path / "b.warc"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    refers = {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": "2020-01-02T03:04:01Z"}
    later.write_bytes(record("revisit", head, 9, **refers))
    first.write_bytes(record("response", answer(), 1))
    alone = told(later, "--data", data, code=5)
    assert (alone["new"], alone["revisits_without_original"]) == (0, 1)
    assert told(later, first, "--data", data)["new"] == 2
    bodies = {found.body_sha256 for found in brought(data)}
    assert bodies == {hashlib.sha256(HTML).hexdigest()}


def test_what_heritrix_writes_is_taken_whole(data: Path, warc: Path) -> None:
    """Answer, request, metadata; HTTP/1.0 without a length; later visits by payload digest only."""
    beside = {"WARC_Concurrent_To": "<urn:uuid:00000000-0000-4000-8000-000000000001>"}
    asked = b"GET /report.html HTTP/1.0\r\nHost: www.jian.gov.cn\r\n\r\n"
    said = b"via: http://www.jian.gov.cn/list.html\r\nhopsFromSeed: L\r\nfetchTimeMs: 77\r\n"
    digest = base64.b32encode(hashlib.sha1(HTML).digest()).decode()
    again = {
        "WARC_Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
        "WARC_Payload_Digest": f"sha1:{digest}",
    }
    other = again | {"WARC_Payload_Digest": "sha1:" + "A" * 32}
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
    kind = {"Content_Type": "application/warc-fields"}
    warc.write_bytes(members(
        record("warcinfo", b"software: Heritrix/3.4.0\r\n", 8, **kind),
        record("response", b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML, 1),
        record("request", asked, 2, **beside),
        record("metadata", said, 3, **beside, **kind),
        record("response", b"dns", 4, Content_Type="text/dns", WARC_Target_URI="dns:www.jian"),
        record("revisit", head, 5, **again),
        record("revisit", head, 6, **other),  # of a visit that was not brought
    ))  # fmt: skip
    done = told(warc, "--data", data, code=5)
    assert (done["new"], done["revisits_without_original"], done["damages"]) == (2, 1, 0)
    assert done["skipped"] == {"warcinfo": 1, "not of the web": 1}
    first, second = brought(data)
    assert (first.found_on, first.elapsed_ms) == ("http://www.jian.gov.cn/list.html", 77)
    assert first.request_head == asked
    assert first.body_sha256 == second.body_sha256 == hashlib.sha256(HTML).hexdigest()
    assert second.fetched_at == "2020-01-02T03:04:05.000Z"


@pytest.mark.parametrize("damage", ["flip", "cut", "digest"])
def test_damage_costs_its_record_and_is_said(data: Path, warc: Path, damage: str) -> None:
    records = [
        record("response", answer(page(n)), n, WARC_Target_URI=f"{URL}?{n}") for n in (1, 2, 3)
    ]
    if damage == "digest":
        records[1] = record("response", answer(page(2)), 2, WARC_Block_Digest="sha1:" + "A" * 32)
    packed = bytearray(members(*records))
    start = len(members(records[0]))
    if damage == "flip":
        packed[start + 900] ^= 0x55
    if damage == "cut":
        del packed[start + 900 :]
    warc.write_bytes(packed)
    done = told(warc, "--data", data, code=5)
    assert done["damages"] == 1
    assert f"at {0 if damage == 'flip' else start}: " in str(done["damaged"])
    assert done["new"] == (1 if damage == "cut" else 2)


def test_what_is_no_warc_is_said(data: Path, warc: Path) -> None:
    warc.write_bytes(b"not a warc")
    assert "no WARC" in run("import", "warc", warc, "--data", data, code=5).output
    assert "no file" in run("import", "warc", "nowhere", "--data", data, code=2).stderr


def test_what_holds_nothing_is_said(data: Path, warc: Path) -> None:
    warc.write_bytes(gzip.compress(b""))
    assert "it holds no record" in run("import", "warc", warc, "--data", data, code=5).output
    (warc.parent / "empty.html").touch()
    done = told("html", warc.parent / "empty.html", "--url", URL, "--data", data, code=5)
    assert (done["new"], done["damaged"]) == (0, ["empty.html: it is empty"])


def test_a_flipped_byte_in_a_wacz_costs_one_record(data: Path, tmp_path: Path) -> None:
    filled(data, 4)
    packed = tmp_path / "all.wacz"
    run("export", "wacz", "--data", data, "--out", packed)
    whole = bytearray(packed.read_bytes())
    whole[whole.index(gzip_start(whole, 3)) + 200] ^= 0x55
    packed.write_bytes(whole)
    done = told(packed, "--data", tmp_path / "copy", code=5)
    assert done["damages"] == 1
    assert 2 <= int(str(done["new"])) <= 4
    packed.write_bytes(whole[:40] + b"????" + whole[44:])  # the name in the head of the zip
    refused = run("import", "wacz", packed, "--data", tmp_path / "other", code=2)
    assert "is a damaged WACZ" in refused.stderr


def gzip_start(packed: bytes | bytearray, number: int) -> bytes:
    """The first bytes of a member of the WARC inside, long enough to be found again."""
    at = -1
    for _ in range(number):
        at = packed.index(b"\x1f\x8b\x08", at + 1)
    return bytes(packed[at : at + 40])


def test_an_import_says_nothing_of_portals_that_it_brought_nothing_of(
    data: Path, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_bytes(HTML)
    told("html", tmp_path / "page.html", "--url", URL, "--data", data)
    run("reparse", "--data", data)
    bodies = {
        json.loads(line)["agency"]
        for line in run("coverage", "--json", "--data", data).stdout.splitlines()
    }
    assert len(bodies) <= 1


def test_our_own_warc_and_wacz_bring_everything_back(data: Path, tmp_path: Path) -> None:
    archive_of_all(data)
    run("export", "warc", "--data", data, "--out", tmp_path / "out")
    run("export", "wacz", "--data", data, "--out", tmp_path / "all.wacz")
    for number, path in enumerate(
        [*(tmp_path / "out" / "archive").iterdir(), tmp_path / "all.wacz"]
    ):
        copy = tmp_path / f"copy{number}"
        assert told(path, "--data", copy)["skipped"] == {"warcinfo": 1}
        assert sorted(map(essence, brought(copy))) == sorted(map(essence, brought(data)))


def archive_of_all(data: Path) -> None:
    filled(data, 4)
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="again", settings={})
        coded = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\nX: y\r\n\r\n"
        common = {"fetched_at": "2026-01-02T03:04:05.678Z"}
        store.record_all(
            [
                exchange(1, response_head=coded, head_is_wire=False, **common),
                exchange(
                    2,
                    outcome="not-modified",
                    status=304,
                    body=None,
                    revisit_of=3,
                    response_head=b"HTTP/1.1 304 Not Modified\r\n\r\n",
                    **common,
                ),
                exchange(
                    7,
                    outcome="dns",
                    status=None,
                    body=None,
                    response_head=b"",
                    error="no such host",
                    **common,
                ),
                exchange(
                    8,
                    outcome="redirect",
                    status=302,
                    body=b"",
                    redirect_to="/x",
                    response_head="HTTP/1.1 302 去\r\nLocation: /x\r\n\r\n".encode("gbk"),
                    **common,
                ),
                exchange(
                    1,
                    method=RENDER,
                    request_head=b"",
                    request_body=b"page=2",
                    response_head=b"Content-Type: text/html; charset=utf-8\r\n\r\n",
                    body="<html>年报</html>".encode(),
                    handler="browser",
                    agency="吉安市教育局",
                    **common,
                ),
                exchange(
                    9, outcome="ok", status=None, response_head=b"", request_head=b"", **common
                ),
            ],
            crawl=crawl,
        )


def essence(found: StoredCapture) -> tuple[str, ...]:
    """All but numbers of rows."""
    names = [n for n in StoredCapture.__slots__ if n not in ("id", "crawl", "revisit_of")]
    return tuple(repr(getattr(found, name)) for name in names)


def test_an_export_is_the_same_bytes_twice(data: Path, tmp_path: Path) -> None:
    archive_of_all(data)
    for form, out in (("warc", "warc"), ("wacz", "all.wacz")):
        for turn in "ab":
            run("export", form, "--data", data, "--out", tmp_path / turn / out)
    (tmp_path / "a" / "warc").rename(tmp_path / "a" / "x")
    one = {p.name: p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file()}
    two = {p.name: p.read_bytes() for p in (tmp_path / "b").rglob("*") if p.is_file()}
    assert one == two


def test_an_export_replaces_nothing_but_an_export(data: Path, tmp_path: Path) -> None:
    filled(data, 1)
    out = tmp_path / "out"
    run("export", "warc", "--data", data, "--out", out)
    run("export", "warc", "--data", data, "--out", out)
    (out / "thesis.txt").write_text("mine")
    said = run("export", "warc", "--data", data, "--out", out, code=2)
    assert "thesis.txt" in said.stderr
    assert (out / "thesis.txt").read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir() if "out." in p.name] == []


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\ntransfer-encoding : chunked\r\n\r\n",
        b"HTTP/1.0 200 OK\nContent-Encoding: gzip\n\n",
        b"HTTP/1.1 204 No\r\n\r\n",
    ],
)
def test_a_rewritten_head_can_be_undone(head: bytes) -> None:
    written = messages.for_decoded(head, 1234)
    assert messages.field(written, "content-length") == "1234"
    assert not messages.field(written, "transfer-encoding")
    assert messages.as_received(written) == head


def test_a_saved_page_says_where_it_comes_from(data: Path, tmp_path: Path) -> None:
    saved = tmp_path / "页面.html"
    saved.write_bytes(b"<!-- saved from url=(0035)" + URL.encode() + b" -->\r\n" + HTML)
    (tmp_path / "silent.htm").write_bytes(HTML)
    frame = tmp_path / "页面_files" / "saved_resource.html"
    frame.parent.mkdir()
    frame.write_bytes(b"<!-- saved from url=(0035)" + URL.encode() + b"?frame -->\r\n" + HTML)
    (frame.parent / "advert.html").write_bytes(HTML)
    done = told("html", tmp_path, "--data", data, code=5)
    assert (done["new"], done["damages"]) == (2, 1)
    assert "silent.htm: nothing in it says its address" in str(done["damaged"])
    assert told("html", saved, "--data", data)["known"] == 1
    found = {capture.url: capture for capture in brought(data)}
    assert set(found) == {URL, URL + "?frame"}
    assert (found[URL].status, found[URL].portal, found[URL].protocol) == (None, "jian", "file")


def test_a_saved_file_is_read_like_a_crawled_one(data: Path, tmp_path: Path) -> None:
    from spiders.simulator import World

    world = World()
    (truth,) = [t for t in world.truth() if (t.agency, t.year) == ("吉安市", 2017)]
    path = tmp_path / "2017.html"
    path.write_bytes(world.sites["jian"].pages[truth.path].body)
    run(
        "import",
        path,
        "--url",
        URL,
        "--portal",
        "jian",
        "--fetched-at",
        "2018-04-01",
        "--data",
        data,
    )
    assert "58 facts" in run("reparse", "--data", data).output
    assert brought(data)[0].fetched_at == "2018-04-01T00:00:00.000Z"


def test_mhtml_holds_a_page(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.mhtml"
    head = f"From: x\nSnapshot-Content-Location: {URL}\nMIME-Version: 1.0\n"
    head += "Date: Fri, 1 May 2026 08:00:00 +0800\n"
    part = "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGh0bWw+\n"
    path.write_text(f'{head}Content-Type: multipart/related; boundary="B"\n\n--B\n{part}--B--\n')
    run("import", path, "--data", data)
    (found,) = brought(data)
    assert (found.url, found.body_size) == (URL, 6)
    assert found.fetched_at == "2026-05-01T00:00:00.000Z"


@pytest.mark.filterwarnings("ignore")  # warcio leaves its spool files open
def test_warcio_finds_our_warc_clean_and_its_own_is_taken(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("warcio", reason="the extra formats is not installed")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    archive_of_all(data)
    run("export", "warc", "--data", data, "--out", tmp_path / "out")
    checked = [
        sys.executable,
        "-m",
        "warcio.cli",
        "check",
        *(tmp_path / "out" / "archive").iterdir(),
    ]
    assert subprocess.run(checked, check=True, capture_output=True).stdout == b""
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=True)
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
    writer.write_record(
        writer.create_warc_record(URL, "response", BytesIO(HTML), http_headers=head)
    )
    theirs = tmp_path / "theirs.warc.gz"
    theirs.write_bytes(stream.getvalue())
    assert told(theirs, "--data", tmp_path / "new")["outcomes"] == {"ok": 1}


def test_wget_writes_and_we_read(data: Path, tmp_path: Path) -> None:
    if shutil.which("wget") is None:
        pytest.skip("wget is not installed")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "report.html").write_bytes(HTML)
    port = free_port()
    serve = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(serve, cwd=tmp_path / "site", stderr=subprocess.DEVNULL) as server:
        wait_for(port)
        url = f"http://127.0.0.1:{port}/report.html"
        command = [
            "wget",
            "-q",
            "--no-proxy",
            f"--warc-file={tmp_path / 'w'}",
            "-O",
            os.devnull,
            url,
        ]
        subprocess.run(command, check=True)
        server.terminate()
    assert told(tmp_path / "w.warc.gz", "--data", data)["outcomes"] == {"ok": 1}
    (found,) = brought(data)
    assert found.body_sha256 == hashlib.sha256(HTML).hexdigest()
    assert found.request_head.startswith(b"GET /report.html")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(port)


def test_pywb_replays_every_body_and_wacz_is_valid(data: Path, tmp_path: Path) -> None:
    if not (FORMATS / "wayback").exists():
        pytest.skip("pywb and wacz are not in .venv/formats (.ci/run puts them there)")
    archive_of_all(data)
    run("export", "wacz", "--data", data, "--out", tmp_path / "all.wacz")
    judge = [FORMATS / "wacz", "validate", "-f", tmp_path / "all.wacz"]
    assert b"is valid" in subprocess.run(judge, check=True, capture_output=True).stdout
    collection = tmp_path / "pywb" / "collections" / "all"
    run("export", "warc", "--data", data, "--out", tmp_path / "out")
    shutil.copytree(tmp_path / "out" / "archive", collection / "archive")
    shutil.copytree(tmp_path / "out" / "indexes", collection / "indexes")
    port = free_port()
    command = [FORMATS / "wayback", "-p", str(port), "-b", "127.0.0.1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=tmp_path / "pywb", **quiet) as server:  # type: ignore[call-overload]
        try:
            wait_for(port)
            for found in brought(data):
                if found.status == 200 and found.method == "GET":  # no answer that a browser drew
                    stamp = "".join(c for c in found.fetched_at if c.isdigit())[:14]
                    asked = HTTPConnection("127.0.0.1", port, timeout=20)
                    asked.request("GET", f"/all/{stamp}id_/{found.url}")
                    replayed = asked.getresponse().read()
                    asked.close()
                    assert hashlib.sha256(replayed).hexdigest() == found.body_sha256
        finally:
            server.kill()


def test_a_wacz_is_stored_so_that_readers_can_seek(data: Path, tmp_path: Path) -> None:
    filled(data, 2)
    run("export", "wacz", "--data", data, "--out", tmp_path / "all.wacz")
    with zipfile.ZipFile(tmp_path / "all.wacz") as packed:
        assert {entry.compress_type for entry in packed.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("form", ["warc", "wacz"])
def test_a_full_disk_leaves_nothing_half_written(data: Path, small_disk: Path, form: str) -> None:
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        store.record_all(
            [exchange(n, body=os.urandom(300_000)) for n in range(10)],
            crawl=crawl,
        )
    said = run("export", form, "--data", data, "--out", small_disk / "out", code=7)
    assert "the disk is full" in said.stderr
    assert list(small_disk.iterdir()) == []
