"""The JSON of `gongkai parse --json`: a contract, keys may be added and never change."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .model import Check, Fact, Grid, Leftover, Narrative, Problem, Report

Json = Mapping[str, object]


def decimal(value: Decimal | None) -> str | None:
    """Exactly as printed, without exponent."""
    return None if value is None else format(value, "f")


def report_json(report: Report, *, source: str, sha256: str) -> dict[str, object]:
    """One object a document, as DESIGN section 4 has it."""
    return {
        "source": source,
        "sha256": sha256,
        "encoding": report.encoding,
        "report": {
            "title": report.title,
            "agency": report.agency,
            "region_code": report.region_code,
            "year": report.year,
            "scope": report.scope,
            "form": report.form,
            "edition": report.edition,
            "published": report.published,
            "evidence": dict(report.evidence),
        },
        "facts": [_fact(fact) for fact in report.facts],
        "leftovers": [_leftover(leftover) for leftover in report.leftovers],
        "leftover_share": leftover_share(report),
        "problems": [_problem(each) for each in report.problems],
        "checks": [_check(each) for each in report.checks],
        "narrative": [_narrative(each) for each in report.narrative],
    }


def leftover_share(report: Report) -> float:
    """Left-over cells over left-over cells and facts: how much of the tables is not understood."""
    total = len(report.leftovers) + len(report.facts)
    return round(len(report.leftovers) / total, 4) if total else 0.0


def grid_json(grid: Grid) -> dict[str, object]:
    """A grid with the text of a spanning cell in every slot it covers; null is no cell."""
    return {
        "index": grid.index,
        "caption": grid.caption,
        "grid": [[cell.text if cell else None for cell in row] for row in grid.slots()],
        "source": grid.source,
        "carrier": grid.carrier,
    }


def _fact(fact: Fact) -> Json:
    return {
        "form": fact.form,
        "section": fact.section,
        "indicator": fact.indicator,
        "column": fact.column,
        "value": decimal(fact.value),
        "state": fact.state,
        "raw": fact.raw,
        "unit": fact.unit,
        "unit_from": fact.unit_from,
        "label": fact.label,
        "at": fact.at.as_dict(),
    }


def _leftover(leftover: Leftover) -> Json:
    return {"label": leftover.label, "raw": leftover.raw, "at": leftover.at.as_dict()}


def _problem(each: Problem) -> Json:
    return {
        "code": each.code,
        "severity": each.severity,
        "detail": each.detail,
        "at": each.at.as_dict(),
    }


def _check(each: Check) -> Json:
    return {
        "id": each.id,
        "per": each.per,
        "status": each.status,
        "lhs": decimal(each.lhs),
        "rhs": decimal(each.rhs),
    }


def _narrative(each: Narrative) -> Json:
    return {
        "indicator": each.indicator,
        "value": decimal(each.value),
        "printed": decimal(each.printed),
        "agrees": each.agrees,
        "sentence": each.sentence,
        "reading": each.reading,
    }
