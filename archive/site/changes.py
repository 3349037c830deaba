"""Numbers that changed, each with its cause and evidence; as a page and as an Atom feed."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from archive.site.asking import Ask, Page, Row

PER_PAGE = 100
FEED = 50
CAUSES = ("source", "parser", "patch")
SELECT = (
    "SELECT c.*, r.id AS there, n.state AS stands FROM changes c "
    "LEFT JOIN reports r ON r.id = c.report_id LEFT JOIN numbers n ON n.report_id = c.report_id "
    'AND n.section = c.section AND n.indicator = c.indicator AND n."column" = c."column" '
    "AND n.seq = c.seq "
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
    """The newest changes for feed readers; ids stay the same over builds."""
    rows = ask.rows(f"{SELECT} ORDER BY c.id DESC LIMIT ?", FEED)
    updated = rows[0]["at"] if rows else "1970-01-01T00:00:00Z"
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
    link = ask.origin + ask.url(f"/report/{row['report_id']}", cell=place(row)) + "#proof"
    column = f" · {ask.name(row['column'])}" if row["column"] else ""
    what = f"{row['agency']} {row['year']}: {ask.name(row['indicator'])}{column}"
    moved = f"{row['old']} → {row['new']} ({ask.code('cause', row['cause'])})"
    home = ask.origin + ask.url("/changes")
    return (
        f"<entry><title>{escape(what)} {escape(moved)}</title><id>{escape(home)}#{row['id']}</id>"
        f"<updated>{row['at']}</updated><link href={quoteattr(link)}/>"
        f"<content>{escape(row['url'] or '')}</content></entry>"
    )
