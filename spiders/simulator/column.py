"""A portal's report column before any CMS: its rows, their articles, and what changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .knowledge import load
from .model import Body, Plan
from .numbers import history
from .reports import Article, notice, report


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What a portal is, as far as a registry entry and robots.txt tell."""

    id: str
    family: str
    address: str
    name: str
    region: str
    level: str
    agency: str
    since: int
    crawl_delay: float
    disallow: tuple[str, ...]
    compress: bool
    delay: float  # what the registry entry asks a crawler to wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`articles` newest first, with those that the column no longer shows."""

    host: Host
    seed: int
    articles: tuple[Article, ...]
    listed: tuple[int, ...]  # ids of the articles that the column shows, newest first
    touched: Mapping[int, str]  # id -> date of a later edit


def host(portal: str) -> Host:
    site = load(portal)["site"]
    return Host(id=portal, **{**site, "disallow": tuple(site["disallow"])})


def column(portal: str, seed: int, edition: int) -> Column:
    """Edition 1 is what a first crawl meets; edition 2 has the edits of the data file."""
    data = load(portal)
    first = tuple(_plan(row) for row in data["plans"][0]["rows"])
    plans = _edited(first, data) if edition > 1 else first
    gone = _replaced(data) if edition > 1 else set()
    bodies = {row["id"]: Body(**row) for row in data["bodies"]}
    articles = _articles(plans, bodies, seed)
    return Column(
        host=host(portal),
        seed=seed,
        articles=articles,
        listed=tuple(one.plan.id for one in articles if one.plan.id not in gone),
        touched={data["edit"]["id"]: data["edit"]["on"]} if edition > 1 and data["edit"] else {},
    )


def _plan(row: Mapping[str, Any]) -> Plan:
    lists = {name: tuple(row[name]) for name in ("mess", "breaks") if name in row}
    kind = {} if "kind" in row or "body" not in row else {"kind": "report"}
    return Plan(**{**row, **lists, **kind})


def _edited(plans: tuple[Plan, ...], data: Mapping[str, Any]) -> tuple[Plan, ...]:
    edit, again = data["edit"], data["republish"]
    changed = [
        replace(plan, add={**plan.add, **edit["add"]}) if plan.id == edit.get("id") else plan
        for plan in plans
    ]
    moved = [
        replace(plan, id=again["new_id"], published=again["on"])
        for plan in plans
        if plan.id == again.get("id")
    ]
    return (*changed, *moved)


def _replaced(data: Mapping[str, Any]) -> set[int]:
    """A static portal keeps the old file; only the column forgets it."""
    return {data["republish"]["id"]} if data["republish"] else set()


def _articles(
    plans: tuple[Plan, ...], bodies: Mapping[str, Body], seed: int
) -> tuple[Article, ...]:
    numbers = {
        name: history(seed, name, body.scale, {p.year: p.form for p in plans if p.body == name})
        for name, body in bodies.items()
    }
    newest_first = sorted(plans, key=lambda plan: (plan.published, plan.id), reverse=True)
    return tuple(
        report(plan, bodies[plan.body], numbers[plan.body][plan.year], seed)
        if plan.body
        else notice(plan)
        for plan in newest_first
    )
