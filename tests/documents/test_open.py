"""OpenDocument texts and sheets: repeated and covered cells, what is shown and what is stored."""

from __future__ import annotations

import pytest

from parsers.carrier import document
from parsers.model import Document
from parsers.sniff import sniff

from .office import zipped

NAMES = ("office", "style", "text", "table", "draw", "fo")
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES
)
STYLES = """<office:automatic-styles>
<style:style style:name="gone"><style:text-properties text:display="none"/></style:style>
<style:style style:name="based" style:parent-style-name="gone"/>
<style:style style:name="up"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="struck">
<style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="off"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles>"""


def opened(kind: str, body: str, **parts: str) -> bytes:
    content = (
        f"<office:document-content {SPACES}>{STYLES}<office:body><office:{kind}>{body}"
        f"</office:{kind}></office:body></office:document-content>"
    )
    return zipped(
        {"content.xml": content, **{k.replace("__", "/") + ".xml": v for k, v in parts.items()}}
    )


def p(inner: str) -> str:
    return f"<text:p>{inner}</text:p>"


def td(inner: str = "", more: str = "") -> str:
    inner = p(inner) if inner and not inner.startswith("<text:p>") else inner
    return f"<table:table-cell {more}>{inner}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def table(*rows: str, more: str = "", columns: str = "") -> str:
    """A table of rows; what is no row yet becomes one."""
    return f'<table:table table:name="一" {more}>{columns}{"".join(map(tr, rows))}</table:table>'


def tr(cells: str, more: str = "") -> str:
    if cells.startswith("<table:table-row"):
        return cells
    return f"<table:table-row {more}>{cells}</table:table-row>"


def texts(found: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for row in found.grids[0].rows()]


def codes(found: Document) -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in found.problems]


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_kinds_are_told_by_what_they_hold(kind: str) -> None:
    named = {"text": "odt", "spreadsheet": "ods"}
    assert sniff(opened(kind, "")) == named[kind]
    media = f"application/vnd.oasis.opendocument.{kind}"
    assert sniff(zipped({"mimetype": media, "content.xml": ""})) == named[kind]
    assert sniff(zipped({"content.xml": "<x/>"})) == "zip"


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_spans_and_repeated_cells(kind: str) -> None:
    wide, tall = 'table:number-columns-spanned="2"', 'table:number-rows-spanned="2"'
    body = table(
        td("head", wide) + COVERED + td("x"),
        td("t", tall) + td("0", 'table:number-columns-repeated="2"'),
        COVERED + td("2") + td("3"),
    )
    found = document(opened(kind, body))
    assert texts(found) == [["head", "x"], ["t", "0", "0"], ["2", "3"]]
    assert [(c.col, c.rowspan, c.colspan) for c in found.grids[0].cells] == [
        *[(0, 1, 2), (2, 1, 1)],
        *[(0, 2, 1), (1, 1, 1), (2, 1, 1)],
        *[(1, 1, 1), (2, 1, 1)],
    ]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("1<text:span>2</text:span>", "12"),
        ("14<text:line-break/>9", "14\n9"),
        (p("14") + p("9"), "14\n9"),
        ('1<text:s text:c="2"/>2', "1  2"),
        ("1\n   2", "1 2"),
        ('12<text:span text:style-name="gone">7</text:span>', "12"),
        ('12<text:span text:style-name="based">7</text:span>', "12"),
        ('12<office:annotation><text:p>7</text:p></office:annotation>', "12"),
        ('<text:ruby><text:ruby-base>总</text:ruby-base><text:ruby-text>7</text:ruby-text></text:ruby>',
         "总"),
        ('<text:a>12</text:a><text:bookmark text:name="7"/>', "12"),
        ("<!-- 7 -->12", "12"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_displayed_text(kind: str, inner: str, text: str) -> None:
    assert texts(document(opened(kind, table(td("a") + td(inner)))))[0][1] == text


def test_note_marks_are_kept_apart() -> None:
    raised = '18<text:span text:style-name="up">2</text:span>'
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
    cell = document(opened("text", table(td("a") + td(
        f"{raised}{note}<text:p>x</text:p></text:note-body></text:note>"
    )))).grids[0].cells[1]  # fmt: skip
    assert (cell.text, cell.plain, cell.marks) == ("1821", "18", ("21",))


def test_tracked_and_crossed_out_digits_are_flagged() -> None:
    changes = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>3</text:p>'
        '</text:deletion></text:changed-region><text:changed-region text:id="c2"><text:insertion/>'
        "</text:changed-region></text:tracked-changes>"
    )
    gone = '1<text:change text:change-id="c1"/>2'
    new = '<text:change-start text:change-id="c2"/>5<text:change-end text:change-id="c2"/>'
    struck = '<text:span text:style-name="struck">154</text:span>153'
    body = changes + table(td("a") + td(gone), td("b") + td(new), td("c") + td(struck))
    found = document(opened("text", body))
    assert [row[1] for row in texts(found)] == ["12", "5", "153"]
    assert codes(found) == [("tracked-changes", "warning")] * 3
    assert [each.at.row for each in found.problems] == [0, 1, 2]


def test_text_boxes_sections_and_hidden_sections() -> None:
    box = "<text:p>x<draw:frame><draw:text-box>" + table(td("a") + td("1")) + "</draw:text-box>"
    body = (
        box
        + "</draw:frame></text:p>"
        + ('<text:section text:display="none">' + table(td("a") + td("9")) + "</text:section>")
    )
    found = document(opened("text", body))
    assert [texts(found), len(found.grids)] == [[["a", "1"]], 1]
    assert codes(found) == [("hidden-content", "info")]
    assert "9" in found.problems[0].detail


@pytest.mark.parametrize(
    ("cell", "text", "severity"),
    [
        (td("154", 'office:value-type="float" office:value="154"'), "154", ""),
        (td("1,234", 'office:value-type="float" office:value="1234"'), "1,234", ""),
        (td("33.9%", 'office:value-type="percentage" office:value="0.339"'), "33.9%", ""),
        (td("34%", 'office:value-type="percentage" office:value="0.339"'), "34%", "info"),
        (td("25.1", 'office:value-type="float" office:value="251000"'), "25.1", "warning"),
        (
            td("7月4日", 'office:value-type="date" office:date-value="2024-07-04"'),
            "7月4日",
            "warning",
        ),
        (td("", 'office:value-type="float" office:value="154"'), "154", "warning"),
        (td("", 'table:formula="of:=SUM([.A1])"'), "of:=SUM([.A1])", "warning"),
        (td("/", 'office:value-type="string"'), "/", ""),
    ],
)
def test_what_is_shown_is_held_against_what_is_stored(cell: str, text: str, severity: str) -> None:
    found = document(opened("spreadsheet", table(td("a") + cell)))
    assert texts(found)[0][1] == text
    assert [each.severity for each in found.problems] == ([severity] if severity else [])


def test_hidden_rows_columns_and_sheets() -> None:
    hide = 'table:visibility="collapse"'
    columns = f"<table:table-column/><table:table-column {hide}/><table:table-column/>"
    first, second = td("a") + td("8") + td("1"), tr(td("x") + td("y") + td("9"), hide)
    gone = table(td("secret") + td("7"), more='table:style-name="off"')
    found = document(opened("spreadsheet", table(first, second, columns=columns) + gone))
    assert texts(found) == [["a", "1"]]
    assert codes(found) == [("hidden-content", "info")] * 2


def test_places_of_cells_after_long_repeats() -> None:
    far = tr("<table:table-cell/>", 'table:number-rows-repeated="1048000"')
    first = td("a") + td("", 'table:number-columns-repeated="2"') + td("1")
    found = document(opened("spreadsheet", table(first, td("b") + td("2"), far)))
    assert texts(found) == [["a", "", "", "1"], ["b", "2", "", ""]]
    assert found.grids[0].cells[3].at.ref == "D1"


MEDIA = "application/vnd.oasis.opendocument.text"
MANY_ROWS = tr(td("1"), 'table:number-rows-repeated="99999"')
MANY_CELLS = td("1", 'table:number-columns-repeated="999999"')


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (opened("text", "", **{"META-INF__manifest": "<x><encryption-data/></x>"}), "encrypted"),
        (zipped({"mimetype": MEDIA, "content.xml": "<a"}), "undecodable"),
        (zipped({"mimetype": MEDIA, "content.xml": "<a/>"}), "undecodable"),
        (opened("text", table(MANY_ROWS)), "too-large"),
        (opened("spreadsheet", table(MANY_CELLS)), "too-large"),
    ],
)
def test_what_cannot_be_read_is_a_problem(body: bytes, code: str) -> None:
    found = document(body)
    assert [each.code for each in found.problems] == [code]
    assert not found.grids
