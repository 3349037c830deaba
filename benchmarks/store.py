"""The body store beside Scrapy's HTTP cache, a plain gzip WARC, and files on disk, in one run.

.venv/bin/python -m benchmarks.store [--pages 2000]
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import random
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path

from benchmarks.scale import HOSTS, page, templates


class Store(ABC):
    """One way of keeping pages: written in batches of 50, read back in any order."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def write(self, pages: list[tuple[str, bytes]]) -> None: ...

    @abstractmethod
    def read(self, url: str) -> bytes: ...

    def size(self) -> int:
        return sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())


class Ours(Store):
    name = "gongkai capture.db"

    def write(self, pages: list[tuple[str, bytes]]) -> None:
        from archive.capture import CaptureStore, now
        from parsers.model import Capture

        with CaptureStore.open(self.folder) as store:
            crawl = store.begin_crawl(reason="benchmark", settings={})
            for at in range(0, len(pages), 50):
                batch = [
                    Capture(url=url, fetched_at=now(), outcome="ok", status=200, body=body)
                    for url, body in pages[at : at + 50]
                ]
                store.record_all(batch, crawl=crawl)
        self._reader = CaptureStore.reader(self.folder)

    def read(self, url: str) -> bytes:
        found = self._reader.last_good(url)
        return self._reader.body(str(found and found.body_sha256))


class Warc(Store):
    name = "WARC.gz, FastWARC"

    def write(self, pages: list[tuple[str, bytes]]) -> None:
        from fastwarc.stream_io import GzipWriter
        from fastwarc.warc import WarcRecord, WarcRecordType

        self._at: dict[str, int] = {}
        with (self.folder / "pages.warc.gz").open("wb") as file:
            writer = GzipWriter(file)
            for url, body in pages:
                self._at[url] = file.tell()
                record = WarcRecord()
                record.init_headers(WarcRecordType.resource)
                record.headers["WARC-Target-URI"] = url
                record.set_bytes_content(body)
                record.write(writer, checksum_data=True)
                writer.finish()

    def read(self, url: str) -> bytes:
        from fastwarc.warc import ArchiveIterator

        with (self.folder / "pages.warc.gz").open("rb") as file:
            file.seek(self._at[url])
            return bytes(next(iter(ArchiveIterator(file))).reader.read())


class Files(Store):
    name = "a gzip file a page"

    def _path(self, url: str) -> Path:
        return self.folder / hashlib.sha1(url.encode()).hexdigest()

    def write(self, pages: list[tuple[str, bytes]]) -> None:
        for url, body in pages:
            self._path(url).write_bytes(gzip.compress(body, 6))

    def read(self, url: str) -> bytes:
        return gzip.decompress(self._path(url).read_bytes())


class HttpCache(Store):
    name = "Scrapy HTTP cache, files"
    zipped = False

    def _open(self) -> None:
        from scrapy import Spider
        from scrapy.extensions.httpcache import FilesystemCacheStorage
        from scrapy.settings import Settings
        from scrapy.utils.test import get_crawler

        given = {"HTTPCACHE_DIR": str(self.folder), "HTTPCACHE_GZIP": self.zipped}
        self._cache = FilesystemCacheStorage(Settings(given))
        self._spider = get_crawler(Spider)._create_spider("benchmark")
        self._cache.open_spider(self._spider)

    def write(self, pages: list[tuple[str, bytes]]) -> None:
        from scrapy import Request
        from scrapy.http import HtmlResponse

        self._open()
        for url, body in pages:
            response = HtmlResponse(url, body=body)
            self._cache.store_response(self._spider, Request(url), response)

    def read(self, url: str) -> bytes:
        from scrapy import Request

        found = self._cache.retrieve_response(self._spider, Request(url))
        return b"" if found is None else bytes(found.body)


class ZippedHttpCache(HttpCache):
    name = "Scrapy HTTP cache, gzip"
    zipped = True


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=2_000)
    count = asked.parse_args().pages
    made = templates()
    pages = [(f"http://www.host{n % HOSTS}.gov.cn/{n}.html", page(made, n)) for n in range(count)]
    order = [pages[n] for n in random.Random(1).sample(range(count), min(count, 1_000))]
    print(f"{count:,} pages of 100 KB, {HOSTS} hosts; CPU seconds, so that neighbours do not count")
    print(f"{'store':28}{'bytes/page':>12}{'writes/s':>10}{'reads/s':>10}")
    for kind in (Ours, Warc, Files, HttpCache, ZippedHttpCache):
        with tempfile.TemporaryDirectory() as folder:
            measure(kind(Path(folder)), pages, order)


def measure(store: Store, pages: list[tuple[str, bytes]], order: list[tuple[str, bytes]]) -> None:
    began = time.process_time()
    store.write(pages)
    written = time.process_time() - began
    began = time.process_time()
    for url, body in order:
        if store.read(url) != body:
            raise SystemExit(f"{store.name} gave back other bytes")
    read = time.process_time() - began
    print(f"{store.name:28}{store.size() / len(pages):>12,.0f}{len(pages) / written:>10,.0f}"
          f"{len(order) / read:>10,.0f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
