"""One report: prose, tables in some page maker's markup, and the truth about both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parsers.model import Section

from . import layouts, mess, printing, prose
from .knowledge import load
from .markup import STYLES
from .model import Body, Disagreement, Key, Numbers, Plan, Printed, Rows, Td


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What stands inside a page's article container; `tables` alone is what attachments hold."""

    plan: Plan
    body: Body | None = None
    html: str
    tables: str = ""
    facts: tuple[Printed, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


def notice(plan: Plan) -> Article:
    """A row of the column that is no report."""
    style = STYLES[plan.style]
    text = "".join(style.paragraph(line) for line in plan.text.split("|"))
    return Article(plan=plan, html=style.article(text))


def report(plan: Plan, body: Body, numbers: Numbers, seed: int) -> Article:
    """A report with its truth; a scripted one brings its own cells and prose."""
    raw = _scripted(plan.script) if plan.script else printing.raw_texts(plan, numbers)
    drawn = {f"@{section}": _table(plan, section, raw) for section in layouts.sections(plan.form)}
    words = [prose.filled(line, plan, body, numbers) for line in prose.lines(plan, body, seed)]
    return Article(
        plan=plan,
        body=body,
        html=_html(plan, _cover(plan, body) + words, drawn),
        tables="\n".join(drawn.values()),
        facts=printing.facts(plan, raw),
        disagreements=prose.disagreements(plan, numbers),
    )


def _scripted(name: str) -> dict[Key, str]:
    return {(indicator, ""): text for indicator, text in load(name)["cells"].items()}


def _table(plan: Plan, section: Section, raw: dict[Key, str]) -> str:
    rows = layouts.table(plan.form, section, raw, variant=plan.variant, year=plan.year)
    if plan.script:
        rows = _relabelled(rows, load(plan.script)["labels"])
    return STYLES[plan.style].table(mess.apply(plan.mess, section, rows))


def _relabelled(rows: Rows, labels: Mapping[str, str]) -> Rows:
    return tuple(
        tuple(Td(labels.get(td.text, td.text), td.kind, td.colspan, td.rowspan) for td in row)
        for row in rows
    )


def _cover(plan: Plan, body: Body) -> list[str]:
    """A letter in front of the report, where the page carries one."""
    if not plan.cover:
        return []
    name = f"{body.name}{plan.year}年政府信息公开年度报告"
    return [f"{plan.cover}：", f"现将《{name}》报来，请审阅。", body.name, f"# {name}"]


def _html(plan: Plan, lines: list[str], drawn: Mapping[str, str]) -> str:
    style = STYLES[plan.style]
    pieces: list[str] = []
    for line in lines:
        if line.startswith("@"):
            pieces.append(drawn[line])
        elif line.startswith("# "):
            pieces.append(style.heading(line[2:]))
        else:
            pieces.append(style.paragraph(line))
    return style.article("\n".join(pieces))
