"""Files of every release open, whole, and go on; copies made as the documentation says restore."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.build import build
from archive.capture import CaptureStore
from archive.explain import explain
from archive.facts import FactsStore
from archive.reparse import reparse
from archive.runs import between
from archive.sqlite import sqlite3
from archive.verify import verify
from gongkai import main
from parsers.errors import SchemaTooNew
from tests.archive import samples

from .exchanges import exchange, filled

RELEASED = Path(__file__).with_name("released")
RELEASES = sorted({path.name.rpartition("-")[0] for path in RELEASED.glob("*.sql")})


@pytest.fixture(params=RELEASES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The files of a release: two versions of a report, a page that is gone, a change."""
    for name in ("capture", "facts"):
        db = sqlite3.connect(tmp_path / f"{name}.db")
        text = (RELEASED / f"{request.param}-{name}.sql").read_text("utf-8")
        db.executescript(text)
        db.close()
    return tmp_path


SAYING = (
    "status", "verify", "check", "coverage", "changes", "numbers", "rulings", "build", "promote",
)  # fmt: skip
BEFORE = (
    *SAYING, "explain 1 requests_received", "export csv", "backup {out}/backup",
    "fixture add 1 --into {out}",
)  # fmt: skip
VERBS = (
    *SAYING, "explain 1 requests_received", "backup {out}/backup",
    "fixture add 1 --into {out}/golden", "export csv", "export datapackage", "export jsonld",
    "changes --between 1 2", "changes --html {out}/changes.html", "reparse --candidate --all",
)  # fmt: skip


def said(line: str, data: Path, out: Path) -> Result:
    words = [*line.format(out=out).split(), "--data", str(data)]
    return CliRunner().invoke(main, words)


def test_until_they_are_carried_over_every_verb_says_so(old: Path, tmp_path: Path) -> None:
    for line in BEFORE:
        found = said(line, old, tmp_path / "out")
        assert found.exit_code == 2, line
        (told,) = found.stderr.splitlines()
        assert told.startswith("gongkai: "), line
        assert "older gongkai: gongkai reparse carries it over" in told or "run gongkai" in told
    assert not (tmp_path / "out").exists()


def test_a_reparse_carries_them_over_and_every_verb_works(old: Path, tmp_path: Path) -> None:
    reparse(old, engine=samples.FIRST)
    for line in VERBS:
        found = said(line, old, tmp_path / "out")
        code = 2 if line == "promote" else 0  # nothing waits
        assert found.exit_code == code, (line, found.output, found.exception)
    told = said("explain 1 requests_received", old, tmp_path).output
    assert "154 -> 155 by the portal" in told


def test_what_the_release_said_can_still_be_asked(old: Path) -> None:
    FactsStore.open(old).close()
    with FactsStore.reader(old) as facts:
        ((first,),) = facts.rows("SELECT promoted FROM runs WHERE id = 1")
        assert [(m.old, m.new) for m in between(facts, 1, 2)] == [("154", "155")]
    assert explain(old, "1", "requests_received", as_of=first).value == "154"
    assert explain(old, "1", "requests_received").value == "155"


def test_files_of_a_release_are_carried_over(old: Path) -> None:
    CaptureStore.open(old).close()
    FactsStore.open(old).close()
    assert verify(old).ok
    assert verify(old).captures == 3
    with FactsStore.reader(old) as facts:
        assert facts.rows("SELECT old, new, cause FROM changes") == [("154", "155", "source")]
    samples.crawl(old, samples.captured(samples.body({"requests_received": "156"}), day=3))
    done = reparse(old, engine=samples.FIRST)
    assert (done.changed, done.changes["source"]) == (1, 2)
    assert build(old).rows["reports"] == 1


@pytest.mark.parametrize("name", ["capture", "facts"])
def test_a_file_of_a_later_release_is_refused(old: Path, name: str) -> None:
    db = sqlite3.connect(old / f"{name}.db")
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
        (name, "of_tomorrow", "2030-01-01"),
    )
    db.commit()
    db.close()
    store = CaptureStore if name == "capture" else FactsStore
    with pytest.raises(SchemaTooNew, match="of_tomorrow"):
        store.open(old)


def test_a_copy_made_while_a_crawl_writes_restores(data: Path, tmp_path: Path) -> None:
    """docs/backup.md."""
    filled(data, 20)
    copy = tmp_path / "restored" / "capture.db"
    copy.parent.mkdir()
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="meanwhile", settings={})
        store.record(exchange(21), crawl=crawl)
        reader = sqlite3.connect(f"{(data / 'capture.db').as_uri()}?mode=ro", uri=True)
        reader.execute("VACUUM INTO ?", (str(copy),))
        reader.close()
        store.record(exchange(22), crawl=crawl)
    found = verify(copy.parent)
    assert found.ok
    assert found.captures == 21
    with CaptureStore.open(copy.parent) as restored, pytest.raises(Exception, match="append-only"):
        restored.db.conn.execute("DELETE FROM captures")
