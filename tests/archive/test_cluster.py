"""A Dask cluster of two workers reads what processes read, byte for byte, and outlives its dead."""

import os
import time

import pytest

from archive.cluster import Cluster
from archive.facts import FactsStore
from archive.reading import Engine
from archive.reparse import reparse
from archive.workers import Attempt, Failed, in_order
from parsers.errors import ArchiveError
from tests.archive.samples import FIRST, body, captured, crawl, read_sample

# distributed 2026.8 leaves sockets to the collector when a worker is killed under it.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
TABLES = ("readings", "facts", "problems", "checks", "texts", "leftovers", "narrative")


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes of one thread, as on two small machines."""
    distributed = pytest.importorskip("distributed")
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as local,
    ):
        yield local


def content(data):
    """All that was read, without times."""
    with FactsStore.reader(data) as facts:
        return {name: facts.rows(f"SELECT * FROM {name} ORDER BY 1, 2, 3, 4") for name in TABLES}


def test_cluster_and_processes_write_identical_facts(cluster, tmp_path):
    pages = [
        captured(body({"budget": str(n), "trainees": f"{n}.50"}), url=f"http://a/{n}")
        for n in range(12)
    ]
    engine = Engine(FIRST.fingerprint, read_sample, ask=_fingerprint)
    for name in ("one", "two", "dask"):
        crawl(tmp_path / name, *pages)
    reparse(tmp_path / "one", engine=engine)
    reparse(tmp_path / "two", engine=engine, workers=2)
    done = reparse(tmp_path / "dask", engine=engine, dask=cluster.scheduler_address)
    assert (done.read, done.promoted) == (12, True)
    assert content(tmp_path / "dask") == content(tmp_path / "two") == content(tmp_path / "one")


def test_a_worker_with_other_parsers_is_refused(cluster, tmp_path):
    crawl(tmp_path, captured(body({"a": "1"})))
    engine = Engine("0" * 64, read_sample, ask=_fingerprint)
    with pytest.raises(ArchiveError, match="other parsers"):
        reparse(tmp_path, engine=engine, dask=cluster.scheduler_address)


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("archive.cluster.PATIENCE", 0.2)
    crawl(tmp_path, captured(body({"a": "1"})))
    with pytest.raises(ArchiveError, match="no Dask scheduler"):
        reparse(tmp_path, engine=FIRST, dask="tcp://127.0.0.1:1")
    with pytest.raises(ArchiveError, match="no Dask scheduler"):
        reparse(tmp_path, engine=FIRST, dask="nonsense://x")


def test_death_and_hanging_cost_one_page_each(cluster):
    with cluster.get_client() as client:
        crew = Cluster(client, Attempt(_behave), lambda _: 8.0)
        outcomes = list(in_order(crew.run(["a", "die", "b", "hang", "c", "raise", "d"])))
    assert outcomes == [
        ("a", "A"),
        ("die", Failed("crashed", "the worker process died")),
        ("b", "B"),
        ("hang", Failed("timeout", "no result after 8 seconds")),
        ("c", "C"),
        ("raise", Failed("error", "ValueError: raise")),
        ("d", "D"),
    ]


def _behave(job):
    if job == "die":
        os._exit(3)
    if job == "hang":
        time.sleep(15)  # longer than the patience; the cluster may wait for it when it closes
    if job == "raise":
        raise ValueError(job)
    return job.upper()


def _fingerprint():
    return FIRST.fingerprint
