"""Archives on real disks, and a small published one with one of everything."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from archive.build import build
from archive.capture import CaptureStore
from archive.frontier import Frontier, Task
from archive.reparse import reparse
from tests.archive import samples
from tests.archive.samples import BETTER, FIRST, body, captured

HOST = "http://www.jian.gov.cn"

S2017 = {
    "requests_received": "154",
    "replies_already_public": "20",
    "replies_granted": "100",
    "replies_partial": "/",
    "replies_denied": "9",
    "denied_not_gov_info": "2",
    "reconsiderations_total": "8",
    "lawsuits_total": "",
    "press_conferences": "56",
    "budget": "24252.311082",
    "hidden_row": "7",
}
DENIED = (
    "state_secret forbidden_by_law three_securities_one_stability third_party_rights "
    "internal_affairs deliberative enforcement_file inquiry_matter"
)


# Prose of our own making, long enough to be compared.
PROSE = (
    "全年围绕重点工程台账建立了逐条登记的办法，由专人每周核对一次。"
    "对群众来电反映的查阅不便问题，在一楼大厅增设了两台自助终端并安排值守。"
    "下一步将把历年纸质目录补录入库，预计需要三个季度方可完成。"
    "同时请退休档案员协助辨认旧卷宗上的手写编号，减少重复编目。"
)
RULING = """
kind = "correction"
by = "王五"
decided = 2026-01-03
why = "the scan of the signed report says 14"
capture = "{sha256}"
indicator = "requests_carried_out"
column = "total"
printed = "13"
value = "14"
"""


def section_b(new, closed, carried_out):
    """Column total and one applicant type of a 2021 form."""
    rows = {"requests_new": new, "requests_carried_in": "3", "granted": str(int(closed) - 12)}
    rows |= {"granted_in_part": "2"}
    rows |= {f"denied_{name}": "1" for name in DENIED.split()}
    rows |= {"unable_not_held": "2", "outcomes_total": closed}
    rows |= {"requests_carried_out": carried_out}
    return {f"{name}/total": text for name, text in rows.items()} | {
        "requests_new/natural_person": new,
        "outcomes_total/natural_person": closed,
        "reconsideration_total": "40",
        "reconsideration_corrected": "4",
        "reconsideration_pending": "2",
        "suit_direct_total": "5",
        "suit_after_reconsideration_total": "1",
    }


def pages():
    """First crawl."""
    return [
        captured(
            body(
                S2017,
                title="吉安市2017年政府信息公开工作年度报告",
                texts=[["一、概述", "全年召开新闻发布会60次，行政复议案件8件。"]],
                checks=[["2014-received", "", "holds", "154", "154"]],
                published="2018-04-02",
            )
        ),
        captured(
            body({"requests_received": "150", "replies_granted": "99.50"}, year=2015),
            url=f"{HOST}/2015.html",
        ),
        captured(
            body(
                section_b("100", "90", "13"),
                year=2022,
                form="2021",
                published="2023-03-20",
                checks=[
                    ["B-balance", "total", "holds", "103", "103"],
                    ["B-row", "requests_new", "broken", "100", "99"],
                    ["B-row", "granted", "undecided", "78", None],
                ],
            ),
            url=f"{HOST}/2022.html",
        ),
        captured(
            body(
                {"other_outcome/total": "5", "requests_new/total": "55"},
                year=2020,
                form="2019",
                agency="吉安市财政局",
                published="2021-02-03",
                scope="own",
                texts=[["二、存在的问题", PROSE]],
            ),
            url=f"{HOST}/czj/2020.html",
        ),
        captured(
            body(
                {"other_outcome/total": "5", "requests_new/total": "7"},
                year=2020,
                form="2019",
                agency="吉安市教育局",
                published="2021-01-30",
                scope="own",
                texts=[["存在的问题", PROSE.replace("三个季度", "四个季度")]],
            ),
            url=f"{HOST}/jyj/2020.html",
        ),
        captured(
            body(
                section_b("100", "90", "13"),
                year=2023,
                form="2021",
                published="2024-03-20",
            ),
            url=f"{HOST}/2023.html",
        ),
        captured(
            body({}, year=2010, problems=["no-table"], texts=[["", "二〇一〇年度报告"]]),
            url=f"{HOST}/2010.html",
        ),
        captured(b"<html>login", url=f"{HOST}/login.html"),
    ]


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """Crawled twice, read by two parsers, published. Do not write to it."""
    data = tmp_path_factory.mktemp("archive")
    samples.crawl(data, *pages())
    reparse(data, engine=FIRST)
    revised = body(
        S2017 | {"requests_received": "155"},
        title="吉安市2017年政府信息公开工作年度报告（更正）",
        edition="更正",
        published="2018-05-02",
        narrative=[["press_conferences", "60", "56"], ["lawsuits_total", "3", None]],
        leftovers={"其他主动公开文件": "12"},
        checks=[["2014-received", "", "holds", "155", "155"]],
        texts=[["一、概述", "全年召开新闻发布会60次，行政复议案件8件。"]],
    )
    edited = body(
        {"requests_received": "151", "replies_granted": "99.50"},
        year=2015,
        problems=["duplicate-row"],
    )
    samples.crawl(
        data,
        captured(revised, url=f"{HOST}/2017-new.html", day=2),
        captured(edited, url=f"{HOST}/2015.html", day=2),
        captured(
            None, url=f"{HOST}/2016.html", day=2, outcome="blocked", status=412, link_text="2016年"
        ),
    )
    with CaptureStore.open(data) as store:
        frontier = Frontier(store)
        cycle = frontier.start_cycle(["jian"])
        task = Task(url=f"{HOST}/2016.html", portal="jian", kind="report", year=2016)
        frontier.put([task], cycle)
    folder = data / "rulings"
    folder.mkdir()
    ruling = RULING.format(sha256=sha256(page_of(2022)).hexdigest())
    (folder / "jian-2022.toml").write_text(ruling, "utf-8")
    reparse(data, engine=BETTER)
    build(data)
    return data


def page_of(year):
    """The page of a year as it was received."""
    return next(page.body for page in pages() if page.url == f"{HOST}/{year}.html")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "数据 #1?"


@pytest.fixture
def store(data: Path) -> Iterator[CaptureStore]:
    with CaptureStore.open(data) as opened:
        yield opened


@pytest.fixture
def crawl(store: CaptureStore) -> int:
    return store.begin_crawl(reason="test", settings={"DOWNLOAD_DELAY": 3})


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this system mounts no tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
