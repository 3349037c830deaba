"""Numbers that changed, each with its cause and evidence; as a page and as an Atom feed."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from archive.site.asking import Ask, Page, Row
from archive.site.between import moved

PER_PAGE = 100
FEED = 50
CAUSES = ("source", "parser", "patch")
SELECT = (
    "SELECT c.*, r.id AS there, (SELECT n.state FROM numbers n WHERE n.report_id = c.report_id "
    'AND n.section = c.section AND n.indicator = c.indicator AND n."column" = c."column" '
    "AND n.seq = c.seq) AS stands FROM changes c LEFT JOIN reports r ON r.id = c.report_id "
)


def page(ask: Ask) -> Page:
    """`?cause=source&run=2`; the newest first."""
    number = max(ask.whole("page") or 1, 1)
    where, given = _where(ask)
    rows = ask.rows(
        f"{SELECT} WHERE {where} ORDER BY c.id DESC LIMIT ? OFFSET ?",
        *given, PER_PAGE + 1, PER_PAGE * (number - 1),
    )  # fmt: skip
    return Page(
        template="changes.html",
        values={
            "changes": rows[:PER_PAGE],
            "more": len(rows) > PER_PAGE,
            "number": number,
            "cause": ask.text("cause"),
            "causes": CAUSES,
            "runs": ask.rows("SELECT * FROM runs ORDER BY id DESC LIMIT 12"),
            "place": place,
            "between": moved(ask),
        },
    )


def _where(ask: Ask) -> tuple[str, list[object]]:
    parts, given = ["1"], list[object]()
    if ask.text("cause") in CAUSES:
        parts.append("c.cause = ?")
        given.append(ask.text("cause"))
    for name, column in (("run", "run_id"), ("report", "report_id")):
        if ask.whole(name) is not None:
            parts.append(f"c.{column} = ?")
            given.append(ask.whole(name))
    return " AND ".join(parts), given


def place(row: Row) -> str:
    """The changed cell as the report page names it."""
    return f"{row['section']}.{row['indicator']}.{row['column']}.{row['seq']}"


def atom(ask: Ask) -> Page:
    """An entry a report, run and cause, the newest first; ids stay the same over builds."""
    rows = ask.rows("SELECT * FROM updates ORDER BY updated DESC, id LIMIT ?", FEED)
    updated = rows[0]["updated"] if rows else "1970-01-01T00:00:00Z"
    home = ask.origin + ask.url("/changes")
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{ask.language}">'
        f"<title>{escape(ask.say('changes.feed'))}</title><id>{escape(home)}</id>"
        f"<updated>{updated}</updated><author><name>gongkai</name></author>"
        f'<link href={quoteattr(home)}/><link rel="self" href={quoteattr(home + ".atom")}/>'
        + "".join(_entry(ask, row) for row in rows)
        + "</feed>"
    )
    return Page(body=body, kind="application/atom+xml; charset=utf-8")


def _entry(ask: Ask, row: Row) -> str:
    home = ask.origin + ask.url("/changes")
    link = ask.origin + ask.url("/changes", report=row["report_id"] or "", run=row["run_id"])
    cause = ask.code("cause", row["cause"])
    title = f"{row['agency']} {row['year'] or ''}: {row['cells']} · {cause}"
    told = "\n".join(part for part in (row["summary"], row["reason"], row["url"]) if part)
    return (
        f"<entry><title>{escape(title)}</title><id>{escape(home)}#{escape(row['id'])}</id>"
        f"<updated>{row['updated']}</updated><link href={quoteattr(link)}/>"
        f"<content>{escape(told)}</content></entry>"
    )
