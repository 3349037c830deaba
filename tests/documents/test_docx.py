"""Word documents: displayed text, final text, spans."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.errors import ReadError
from parsers.model import Document, Grid
from parsers.office.docx import read_docx
from parsers.sniff import sniff

from .office import STRICT, W, docx, p, run, tbl, tc, tr, zipped


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows()]


def only_cell(document: Document) -> str:
    """The text of the second cell of the only row."""
    return document.grids[0].cells[1].text


def one(cell: str, **parts: str) -> Document:
    """A document with one row: a label and this cell."""
    return read_docx(docx(tbl(tr(tc("a"), cell)), **parts))


def mark(kind: str) -> str:
    """Where a field begins, separates its code from its result, or ends."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def test_spans_and_numbers_of_rows() -> None:
    wide, tall = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    body = tbl(
        tr(tc("head", properties=wide), tc("x")),
        tr(tc("t", properties=tall), tc("1"), tc("")),
        tr(tc("not shown", properties="<w:vMerge/>"), tc("2"), tc("3")),
    )
    grid = read_docx(docx(p("before") + body + p("after"))).grids[0]
    assert texts(grid) == [["head", "x"], ["t", "1", ""], ["2", "3"]]
    assert [(c.col, c.rowspan, c.colspan) for c in grid.cells] == [
        *[(0, 1, 2), (2, 1, 1)],
        *[(0, 2, 1), (1, 1, 1), (2, 1, 1)],
        *[(1, 1, 1), (2, 1, 1)],
    ]
    assert grid.cells[-1].at.as_dict() == {"table": 0, "row": 2, "cell": 1}


def test_a_merge_torn_by_a_repeated_head_does_not_stretch_the_head() -> None:
    wide, tall = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    body = tbl(
        tr(tc("head", properties=wide + tall), tc("x")),
        tr(tc("", properties="<w:vMerge/>"), tc("a"), tc("1")),
        tr(tc("", properties="<w:vMerge/>"), tc("b"), tc("2")),
    )
    grid = read_docx(docx(body)).grids[0]
    assert [(c.text, c.rowspan) for c in grid.cells if c.col == 0] == [("head", 1), ("", 2)]


@pytest.mark.parametrize("namespace", [W, STRICT])
def test_strict_and_transitional_names(namespace: str) -> None:
    body = docx(tbl(tr(tc("a"), tc("b"))), namespace=namespace)
    assert texts(read_docx(body).grids[0]) == [["a", "b"]]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (run("1") + run("2"), "12"),
        ("<w:r><w:t>1</w:t><w:br/><w:t>2</w:t></w:r>", "1\n2"),
        (run("12") + "<w:del><w:r><w:delText>3</w:delText></w:r></w:del>", "12"),
        ("<w:ins>" + run("12") + "</w:ins>", "12"),
        ("<w:moveFrom>" + run("9") + "</w:moveFrom>" + run("1"), "1"),
        (run("12") + run("7", "<w:vanish/>"), "12"),
        (run("12") + run("7", '<w:vanish w:val="0"/>'), "127"),
        (run("154", "<w:strike/>") + run("153"), "153"),
        (run("12") + run("7", '<w:rStyle w:val="gone"/>'), "12"),
        ("<w:r><w:instrText>PAGE 9</w:instrText></w:r>" + run("5"), "5"),
        (mark("begin") + code("=") + mark("begin") + code("PAGE") + mark("separate") + run("8")
         + mark("end") + mark("separate") + run("5") + mark("end"), "5"),
        (mark("begin") + code("eq \\o\\ac(○,5)") + mark("end"), "eq \\o\\ac(○,5)"),
        (mark("begin") + code("TC x") + mark("end") + run("5"), "5"),
        (run("7", '<w:color w:val="FFFFFF"/>') + run("5"), "5"),
        (run("7", '<w:color w:val="FFFFFF"/><w:shd w:fill="333333"/>') + run("5"), "75"),
        (run("7", '<w:sz w:val="2"/>') + run("5"), "5"),
        ("<w:fldSimple>" + run("5") + "</w:fldSimple>", "5"),
        ("<w:hyperlink>" + run("5") + "</w:hyperlink>", "5"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("5") + "</w:sdtContent></w:sdt>", "5"),
        ("<w:r><w:noBreakHyphen/><w:t>5</w:t></w:r>", "-5"),
        ('<w:r><w:sym w:char="2014"/></w:r>', "—"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>x</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>总</w:t></w:r>"
         "</w:rubyBase></w:ruby></w:r>", "总"),
    ],
)  # fmt: skip
def test_displayed_text(inner: str, text: str) -> None:
    hidden = '<w:style w:styleId="base"><w:rPr><w:vanish/></w:rPr></w:style>'
    styles = hidden + '<w:style w:styleId="gone"><w:basedOn w:val="base"/></w:style>'
    assert only_cell(one(tc(p("", inner)), styles=styles)) == text


WHITE = run("5", '<w:color w:val="ffffff"/>')


@pytest.mark.parametrize(
    "cell",
    [
        tc(p("", WHITE), properties='<w:shd w:val="clear" w:fill="1F4E79"/>'),
        tc(p("", WHITE, '<w:shd w:val="pct50" w:fill="auto"/>')),
        tc(p("", run("5", '<w:color w:val="FFFFFF"/><w:highlight w:val="blue"/>'))),
    ],
    ids=["cell", "paragraph", "highlit"],
)
def test_white_on_a_colour_is_displayed(cell: str) -> None:
    assert only_cell(one(cell)) == "5"


def test_white_in_a_table_whose_style_has_colours_is_displayed() -> None:
    style = '<w:style w:styleId="t"><w:tblStylePr><w:shd w:fill="1F4E79"/></w:tblStylePr></w:style>'
    table = f'<w:tbl><w:tblPr><w:tblStyle w:val="t"/></w:tblPr>{tr(tc("a"), tc(p("", WHITE)))}'
    assert only_cell(read_docx(docx(f"{table}</w:tbl>", styles=style))) == "5"


def test_a_field_that_never_ends_is_said() -> None:
    document = one(tc(p("", mark("begin") + code("=") + run("5"))))
    assert [found.code for found in document.problems] == ["hidden-content"]


def test_two_paragraphs_are_two_lines() -> None:
    cell = one(tc("14", "9")).grids[0].cells[1]
    assert (cell.text, cell.lines) == ("14\n9", ("14", "9"))


def test_note_marks_are_kept_apart() -> None:
    raised = run("2", '<w:vertAlign w:val="superscript"/>')
    note = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    cell = one(tc(p("18", raised + note))).grids[0].cells[1]
    assert (cell.text, cell.plain, cell.marks) == ("1821", "18", ("21",))


@pytest.mark.parametrize(
    ("properties", "marks"),
    [
        ('<w:position w:val="10"/>', ("2",)),
        ('<w:rStyle w:val="note"/>', ("2",)),
        ('<w:position w:val="-4"/>', ()),
    ],
)
def test_digits_lifted_beside_others_are_marks(properties: str, marks: tuple[str, ...]) -> None:
    style = '<w:style w:styleId="note"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    cell = one(tc(p("18", run("2", properties))), styles=style).grids[0].cells[1]
    assert cell.marks == marks


def test_a_cell_lifted_as_a_whole_is_its_value() -> None:
    cell = one(tc(p("", run("18", '<w:position w:val="10"/>')))).grids[0].cells[1]
    assert (cell.plain, cell.marks) == ("18", ())


def test_the_main_part_is_found_by_relation_whatever_its_name() -> None:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    with zipfile.ZipFile(io.BytesIO(docx(tbl(tr(tc("a"), tc("5")))))) as archive:
        main = archive.read("word/document.xml")
    body = zipped({
        "[Content_Types].xml": "<Types>wordprocessingml.document.main+xml</Types>",
        "_rels/.rels": f'<Relationships><Relationship Type="{relation}" Target="/doc/Main.xml"/>'
        "</Relationships>",
        "doc/main.xml": main,
    })  # fmt: skip
    assert sniff(body) == "docx"
    assert only_cell(read_docx(body)) == "5"


@pytest.mark.parametrize(
    ("changed", "severity"), [("项", "info"), ("7", "warning")], ids=["words", "digits"]
)
def test_tracked_changes_are_flagged_at_their_cell(changed: str, severity: str) -> None:
    deleted = f"<w:del><w:r><w:delText>{changed}</w:delText></w:r></w:del>"
    found = one(tc(p("12", deleted))).problems
    assert [(x.code, x.severity, x.at.cell) for x in found] == [("tracked-changes", severity, 1)]


def test_deleted_and_hidden_rows_are_gone() -> None:
    rows = [
        tr(tc("a"), tc("1")),
        tr(tc("b"), tc("2"), properties="<w:del/>"),
        tr(tc("c"), tc("3"), properties="<w:hidden/>"),
    ]
    document = read_docx(docx(tbl(*rows)))
    assert texts(document.grids[0]) == [["a", "1"]]
    assert [problem.code for problem in document.problems] == ["hidden-content"]


def test_nested_table_is_its_own_grid() -> None:
    inner = tbl(tr(tc("x"), tc("1")))
    outer = tbl(tr(tc("a"), tc("b"), tc("c")), tr(tc("d"), tc("e", inner), tc("f")))
    document = read_docx(docx(outer))
    assert [texts(grid) for grid in document.grids] == [
        [["a", "b", "c"], ["d", "e", "f"]],
        [["x", "1"]],
    ]


def test_layout_table_is_no_grid() -> None:
    inner = tbl(tr(tc("x"), tc("1")), tr(tc("y"), tc("2")))
    document = read_docx(docx(tbl(tr(tc("标题", inner), tc("")))))
    assert [texts(grid) for grid in document.grids] == [[["x", "1"], ["y", "2"]]]
    assert [block.text for block in document.blocks] == ["标题"]


def test_text_box_once() -> None:
    box = "<w:txbxContent>" + p("in the box") + "</w:txbxContent>"
    both = f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
    both += f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    markup = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    document = read_docx(docx(p("text", markup)))
    assert [block.text for block in document.blocks] == ["text", "in the box"]


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
)
IN_LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'


@pytest.mark.parametrize(
    ("kind", "text", "first", "second"),
    [
        ("decimal", "%1.", "1.甲", "2.乙"),
        ("chineseCounting", "（%1）", "（一）甲", "（二）乙"),
        ("decimalEnclosedCircle", "%1", "①甲", "②乙"),
        ("bullet", "-", "甲", "乙"),
        ("lowerRoman", "%1)", "i)甲", "ii)乙"),
    ],
)
def test_list_numbers_are_displayed(kind: str, text: str, first: str, second: str) -> None:
    body = tbl(*(tr(tc(p(word, "", IN_LIST)), tc("x")) for word in "甲乙"))
    part = NUMBERING.format(kind=kind, text=text)
    grid = read_docx(docx(body, numbering=part)).grids[0]
    assert [row[0] for row in texts(grid)] == [first, second]


def test_a_list_number_never_joins_a_value() -> None:
    body = tbl(tr(tc("a"), tc(p("5", "", IN_LIST))))
    part = NUMBERING.format(kind="decimal", text="%1.")
    cell = read_docx(docx(body, numbering=part)).grids[0].cells[1]
    assert (cell.plain, cell.marks) == ("5", ("1.",))


@pytest.mark.parametrize(
    "body",
    [
        b"PK\x03\x04 no zip",
        zipped({"word/other.xml": "x"}),
        zipped({"word/document.xml": "<open>"}),
        zipped({"word/document.xml": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]"}),
        docx("x")[:-30],
        zipped({"word/document.xml": b" " * (33 * 2**20)}),
    ],
    ids=["no-zip", "no-part", "no-xml", "entity", "cut", "bomb"],
)
def test_refusals(body: bytes) -> None:
    with pytest.raises(ReadError):
        read_docx(body)
