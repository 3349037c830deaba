"""Captures whose bodies are small JSON reports, and the parsers that read them."""

import json
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from archive.capture import CaptureStore
from archive.reading import Engine
from parsers.model import At, Capture, Check, Fact, Hints, Leftover, Narrative, Problem, Report

JIAN = "http://www.jian.gov.cn/report-2017.html"


def body(facts=None, **fields):
    """A page: facts are {"indicator" or "indicator/column": printed text}."""
    return b"<!" + json.dumps({"facts": facts or {}, **fields}, ensure_ascii=False).encode()


def fact(name, raw, row, form):
    indicator, _, column = name.partition("/")
    states = {"": "blank", "/": "slash", "—": "dash", "无": "none"}
    number = raw.lstrip("-").replace(".", "", 1).isdigit()
    section = "S" if form in ("2008", "2014") else "B"
    if indicator.startswith(("reconsideration_", "suit_")):
        section = "C"
    return Fact(
        form=form,
        section=section,
        indicator=indicator,
        column=column,
        value=Decimal(raw) if number else None,
        state="number" if number else states.get(raw, "text"),
        raw=raw,
        unit="件",
        unit_from="form",
        label=f"label of {indicator}",
        at=At(table=0, row=row, cell=1),
    )


def read_sample(content, url, content_type, hints):
    """The first parser: everything but indicators that begin with `hidden`."""
    return _read(content, hints, hidden="hidden")


def read_better(content, url, content_type, hints):
    """A later parser: it reads the hidden ones too."""
    return _read(content, hints, hidden="never")


def read_wrong(content, url, content_type, hints):
    """A parser with a bug: every number of ten and more loses its last digit."""
    right = _read(content, hints, hidden="hidden")
    facts = tuple(
        replace(fact, value=fact.value // 10) if fact.value and fact.value >= 10 else fact
        for fact in right.facts
    )
    return replace(right, facts=facts)


def read_blind(content, url, content_type, hints):
    """A parser that finds no table any more."""
    problem = Problem(code="no-table", severity="warning", detail="no table")
    right = _read(content, hints, hidden="hidden")
    return replace(right, facts=(), form="", problems=(*right.problems, problem))


def read_as_city(content, url, content_type, hints):
    """A parser that takes every report for the city's."""
    return replace(_read(content, hints, hidden="hidden"), agency="吉安市", year=2017)


def read_or_die(content, url, content_type, hints):
    """A parser with a bug that kills the process on one page."""
    if b"die" in content:
        os._exit(3)
    return _read(content, hints, hidden="hidden")


def _read(content, hints, hidden):
    if not content.startswith(b"<!{"):
        detail = "no annual disclosure report"
        return Report(problems=(Problem(code="not-a-report", severity="error", detail=detail),))
    page = json.loads(content[2:])
    if "raise" in page:
        raise ValueError(page["raise"])
    form = page.get("form", "2014")
    facts = tuple(
        fact(name, raw, row, form)
        for row, (name, raw) in enumerate(page["facts"].items())
        if not name.startswith(hidden)
    )
    return Report(
        title=page.get("title", hints.title),
        agency=page.get("agency", hints.agency),
        region_code=page.get("region_code", hints.region_code),
        year=page.get("year", 2017),
        scope=page.get("scope", "consolidated"),
        form=form if facts else "",
        edition=page.get("edition", ""),
        published=page.get("published", "2018-03-20"),
        encoding="utf-8",
        facts=facts,
        leftovers=tuple(
            Leftover(label=label, raw=raw, at=At(table=0, row=90, cell=1))
            for label, raw in page.get("leftovers", {}).items()
        ),
        problems=tuple(
            Problem(code=code, severity="warning", detail=f"{code}!", at=At(table=0, row=0))
            for code in page.get("problems", [])
        ),
        checks=tuple(
            Check(id=name, per=per, status=status, lhs=_number(lhs), rhs=_number(rhs))
            for name, per, status, lhs, rhs in page.get("checks", [])
        ),
        narrative=tuple(
            Narrative(
                indicator=name,
                value=Decimal(value),
                printed=_number(printed),
                agrees=None if printed is None else value == printed,
                sentence=f"全年{value}次。",
            )
            for name, value, printed in page.get("narrative", [])
        ),
        texts=tuple(tuple(pair) for pair in page.get("texts", [])),
    )


def _number(text):
    return None if text is None else Decimal(text)


FIRST = Engine("f" * 64, read_sample)
BETTER = Engine("b" * 64, read_better)
WRONG = Engine("a" * 64, read_wrong)
BLIND = Engine("c" * 64, read_blind)
CITY = Engine("e" * 64, read_as_city)
DEADLY = Engine("d" * 64, read_or_die)

PORTALS = {"jian": {"agency": "吉安市", "region": "360800"}}


def captured(content, url=JIAN, day=1, **fields):
    """A capture as the spider hands it over."""
    defaults = {
        "fetched_at": f"2026-01-{day:02}T08:00:00.000Z",
        "outcome": "ok",
        "status": 200,
        "response_head": b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
        "kind": "report",
        "portal": "jian",
        "link_text": "吉安市2017年政府信息公开工作年度报告",
    }
    return Capture(url=url, body=content, **(defaults | fields))


def crawl(data: Path, *captures: Capture) -> list[int]:
    """One crawl that brought these captures."""
    with CaptureStore.open(data) as store:
        run = store.begin_crawl(reason="crawl", settings={"portals": PORTALS})
        numbers = [store.record(capture, crawl=run) for capture in captures]
        store.end_crawl(run, reason="finished", stats={})
    return numbers


HINTS = Hints(agency="吉安市", region_code="360800")
