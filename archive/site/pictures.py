"""Pictures of stored questions, as `chart` in queries.toml asks for them; the rows stand below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from archive.site.asking import Ask, Row
from archive.site.charts import Point, drawn, line
from archive.site.look import number
from archive.site.matrix import KINDS as KINDS_OF
from archive.site.matrix import SYMBOLS

BARS, PANELS = 20, 6
WIDTH, ROW, LABEL = 720, 24, 190  # pixels
SQUARES = 16  # years across
SQUARE = {"good": "s-good", "part": "s-part", "gap": "s-gap"}
SIGNS = {"number": "●", "slash": "/", "dash": "—", "blank": "○", "none": "无", "text": "¶"}
Told = Mapping[str, str]


def picture(ask: Ask, told: Told | None, rows: Sequence[Row], title: str) -> Markup:
    """Nothing where the rows do not fit the picture."""
    if not told or not rows or told["kind"] not in KINDS:
        return Markup("")
    known = set(rows[0].keys())
    wanted = [told["x"], *told["y"].split(",")]
    if not set(wanted) - {"count"} <= known:
        return Markup("")
    drawing = KINDS[told["kind"]](ask, told, rows, title)
    if not drawing:
        return drawing
    framed = Markup(
        '{}<div class="scroll picture" tabindex="0" role="region" aria-label="{}">{}</div>'
    )
    return framed.format(_caption(ask, told, rows), title, drawing)


def _caption(ask: Ask, told: Told, rows: Sequence[Row]) -> Markup:
    """What is measured, and what of the rows is not drawn."""
    kind, figures = told["kind"], told["y"].split(",")
    said = []
    if kind in ("bar", "dots"):
        measured = told["x"] if kind == "dots" else figures[0]
        what = ask.say("chart.count") if measured == "count" else ask.code("head", measured)
        said.append(ask.say("chart.measured", what=what))
    if kind == "stack" and (unsaid := sum(not _stated(row, figures) for row in rows)):
        said.append(ask.say("chart.left_out", n=unsaid))
    if kind in ("bar", "dots", "stack", "heat") and "count" not in figures and len(rows) > BARS:
        said.append(ask.say("chart.first", n=BARS))
    return Markup('<p class="quiet">{}</p>').format(" · ".join(said)) if said else Markup("")


def _lines(ask: Ask, told: Told, rows: Sequence[Row], title: str) -> Markup:
    """A panel for each body and figure, for the first few of them."""
    by = told.get("by", "")
    groups = groupby(rows, key=lambda row: row[by] if by else "")
    panels: list[Markup] = []
    for name, own in [(name, list(own)) for name, own in groups][:PANELS]:
        for figure in told["y"].split(","):
            label = " · ".join(part for part in (str(name), _said(ask, figure, told)) if part)
            points = _points(own, told["x"], figure)
            if len(points) > 1 and len(panels) < PANELS:
                panels.append(_panel(label, line(points, label, ask.say("chart.break"))))
    return Markup('<div class="charts">{}</div>').format(Markup("").join(panels))


def _points(rows: Sequence[Row], x: str, y: str) -> list[Point]:
    has_form = "form" in rows[0].keys()  # noqa: SIM118 - a Row is no dict
    return [
        Point(year=int(row[x]), value=row[y], form=str(row["form"]) if has_form else "")
        for row in {row[x]: row for row in rows if row[x] is not None}.values()
    ]


def _panel(label: str, chart: Markup) -> Markup:
    return Markup("<figure><figcaption><b>{}</b></figcaption>{}</figure>").format(label, chart)


def _said(ask: Ask, figure: str, told: Told) -> str:
    return ask.code("head", figure) if "," in told["y"] else ""


def _bars(ask: Ask, told: Told, rows: Sequence[Row], title: str) -> Markup:
    """One bar a row; `count` counts the rows that share a label."""
    x, y = told["x"], told["y"].split(",")[0]
    if told["kind"] == "dots":
        x, y = y, x
    by = told.get("by", "")
    pairs: list[tuple[str, float]] = []
    if y == "count":
        keys = [str(row[x]) for row in rows]
        pairs = [(key, keys.count(key)) for key in dict.fromkeys(keys)]
    else:
        pairs = [(_label(row, x, by), row[y]) for row in rows if _is_number(row[y])]
    return _rows([(label, [value]) for label, value in pairs[:BARS]], title)


def _stack(ask: Ask, told: Told, rows: Sequence[Row], title: str) -> Markup:
    """Parts of a whole side by side; a row with a part that is not stated is left out."""
    parts = told["y"].split(",")
    stated = [row for row in rows if _stated(row, parts)]
    bars = [(_label(row, told["x"], told.get("by", "")), [row[p] for p in parts]) for row in stated]
    items = [
        Markup('<li><span class="swatch p{}"></span> {}</li>').format(place, ask.code("head", part))
        for place, part in enumerate(parts)
    ]
    legend = Markup('<ul class="legend">{}</ul>').format(Markup("").join(items))
    return legend + _rows(bars[:BARS], title) if bars else Markup("")


def _stated(row: Row, parts: Sequence[str]) -> bool:
    return all(_is_number(row[part]) for part in parts)


def _rows(bars: Sequence[tuple[str, Sequence[float]]], title: str) -> Markup:
    top = max((sum(abs(part) for part in parts) for _, parts in bars), default=0) or 1
    width = WIDTH - LABEL - 60
    lines = []
    for place, (label, parts) in enumerate(bars):
        x, y = float(LABEL), place * ROW
        lines.append(
            Markup('<text class="name" x="{}" y="{}" text-anchor="end">{}</text>').format(
                LABEL - 8, y + 15, label
            )
        )
        for kind, part in enumerate(parts):
            wide = width * abs(part) / top
            lines.append(
                Markup('<rect class="p{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}">'
                       "<title>{}: {}</title></rect>").format(
                    kind, x, y + 3, max(wide, 0.5), ROW - 7, label, number(part))
            )  # fmt: skip
            x += wide
        if len(parts) == 1:
            lines.append(
                Markup('<text class="count" x="{:.1f}" y="{}">{}</text>').format(
                    x + 6, y + 15, number(parts[0])
                )
            )
    return drawn(lines, title, "chart wide-chart", max(len(bars) * ROW, ROW), WIDTH)


def _scatter(ask: Ask, told: Told, rows: Sequence[Row], title: str) -> Markup:
    """Two figures of each row against each other; the labels are in the table."""
    x, y = told["x"], told["y"]
    pairs = [(row, row[x], row[y]) for row in rows if _is_number(row[x]) and _is_number(row[y])]
    if not pairs:
        return Markup("")
    right, top = max(p[1] for p in pairs) or 1, max(p[2] for p in pairs) or 1
    dots = [
        Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="4.5">'
               "<title>{}: {}, {}</title></circle>")
        .format(60 + 640 * across / right, 230 - 200 * up / top, _label(row, "agency", "year"),
                number(across), number(up))
        for row, across, up in pairs
    ]  # fmt: skip
    axes = Markup(
        '<line class="rule" x1="60" x2="712" y1="230" y2="230"/><line class="rule" x1="60" x2="60" '
        'y1="18" y2="230"/><text class="tick" x="712" y="252" text-anchor="end">{} → {}</text>'
        '<text class="tick" x="54" y="34" text-anchor="end">{}</text>'
        '<text class="tick" x="60" y="10">↑ {}</text>'
    ).format(ask.code("head", x), number(right), number(top), ask.code("head", y))
    return drawn([axes, *dots], title, "chart wide-chart", 260, WIDTH)


def _pairs(ask: Ask, told: Told, rows: Sequence[Row], title: str) -> Markup:
    """Two figures of each row as two dots on one line."""
    x, y = told["x"], told["y"]
    both = [row for row in rows if _is_number(row[x]) and _is_number(row[y])][:BARS]
    top = max((max(row[x], row[y]) for row in both), default=0) or 1
    scale = (WIDTH - LABEL - 40) / top
    lines = [
        Markup('<text class="name" x="{}" y="{}" text-anchor="end">{}</text>'
               '<line class="join" x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>'
               '<circle class="p0" cx="{:.1f}" cy="{}" r="4"><title>{}</title></circle>'
               '<circle class="ring" cx="{:.1f}" cy="{}" r="7"><title>{}</title></circle>').format(
            LABEL - 8, n * ROW + 15, _label(row, "agency", "year"),
            LABEL + row[x] * scale, LABEL + row[y] * scale, n * ROW + 11, n * ROW + 11,
            LABEL + row[x] * scale, n * ROW + 11, f"{ask.code('head', x)}: {number(row[x])}",
            LABEL + row[y] * scale, n * ROW + 11, f"{ask.code('head', y)}: {number(row[y])}")
        for n, row in enumerate(both)
    ]  # fmt: skip
    legend = Markup(
        '<ul class="legend"><li><span class="swatch p0"></span> {}</li>'
        '<li><span class="swatch ring"></span> {}</li></ul>'
    ).format(ask.code("head", x), ask.code("head", y))
    height = len(both) * ROW
    return legend + drawn(lines, title, "chart wide-chart", height, WIDTH) if both else Markup("")


def _matrix(ask: Ask, told: Told, rows: Sequence[Row], title: str) -> Markup:
    """One square a body and year, by its state: a symbol beside the colour."""
    columns = sorted({str(row[told["x"]]) for row in rows})[-SQUARES:]
    squares = {
        (str(row[told["y"]]), str(row[told["x"]])): _square(ask, str(row[told["by"]]))
        for row in reversed(rows)
    }
    names = list(dict.fromkeys(name for name, _ in squares))[:BARS]
    return _squares(names, columns, squares, title)


def _square(ask: Ask, state: str) -> tuple[str, str, float, str]:
    """Class, sign, opacity and what it means; states of coverage, or of cells."""
    if state in SYMBOLS:
        said = ask.code("coverage_state", state)
        return SQUARE[KINDS_OF.get(state, "gap")], SYMBOLS[state], 1, said
    stated = state == "number"
    return SQUARE["good" if stated else "gap"], SIGNS.get(state, "?"), 1, ask.code("state", state)


def _heat(ask: Ask, told: Told, rows: Sequence[Row], title: str) -> Markup:
    """Figures across, one line a label: the darker, the larger a part of its line."""
    figures = told["y"].split(",")
    squares: dict[tuple[str, str], tuple[str, str, float, str]] = {}
    for row in rows[:BARS]:
        name = _label(row, told["x"], told.get("by", ""))
        whole = sum(row[figure] or 0 for figure in figures) or 1
        for figure in figures:
            if _is_number(row[figure]):
                said = ask.code("head", figure)
                shade = 0.12 + 0.5 * row[figure] / whole
                squares[name, said] = ("p0", number(row[figure]), shade, said)
    names = list(dict.fromkeys(name for name, _ in squares))
    return _squares(
        names, [ask.code("head", figure) for figure in figures], squares, title, slant=9
    )


def _squares(
    names: Sequence[str], columns: Sequence[str],
    squares: Mapping[tuple[str, str], tuple[str, str, float, str]], title: str, slant: int = 0,
) -> Markup:  # fmt: skip
    """Lines of squares; nothing where nothing is known. Long heads are turned."""
    top = 24 + slant * 11
    wide = (WIDTH - LABEL - slant * 8) / max(len(columns), 1)
    parts = [
        Markup('<text class="tick" transform="translate({:.1f} {}) rotate({})" '
               'text-anchor="{}">{}</text>').format(
            LABEL + (place + 0.5) * wide, top - 8, -40 if slant else 0,
            "start" if slant else "middle", column.replace("_", " "))
        for place, column in enumerate(columns)
    ]  # fmt: skip
    for line_no, name in enumerate(names):
        y = top + line_no * ROW
        parts.append(
            Markup('<text class="name" x="{}" y="{}" text-anchor="end">{}</text>').format(
                LABEL - 8, y + 15, name
            )
        )
        for place, column in enumerate(columns):
            if (found := squares.get((name, column))) is not None:
                kind, sign, shade, said = found
                parts.append(
                    Markup('<rect class="{}" fill-opacity="{:.2f}" x="{:.1f}" y="{}" '
                           'width="{:.1f}" height="{}" rx="3"><title>{} {}: {}</title></rect>'
                           '<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
                           ).format(kind, shade, LABEL + place * wide + 1, y + 1, wide - 2, ROW - 2,
                                    name, column, said, LABEL + (place + 0.5) * wide, y + 16, sign)
                )  # fmt: skip
    return drawn(parts, title, "chart wide-chart", top + len(names) * ROW, WIDTH)


def _label(row: Row, x: str, by: str) -> str:
    names = [name for name in (x, by or "year") if name in row.keys()]  # noqa: SIM118 - as above
    return " ".join(str(row[name]) for name in dict.fromkeys(names))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


KINDS = {
    "line": _lines,
    "bar": _bars,
    "dots": _bars,
    "stack": _stack,
    "scatter": _scatter,
    "pairs": _pairs,
    "slope": _pairs,
    "matrix": _matrix,
    "heat": _heat,
}
