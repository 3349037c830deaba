"""One report in every wrapping it is met in: its kind is told by its bytes, its facts stay."""

from __future__ import annotations

import base64
import email.mime.multipart
import email.mime.text
import gzip
import quopri
from pathlib import Path

import pytest

import parsers
from parsers.carrier import document
from parsers.sniff import sniff

from .office import p, run, tbl, tc, tr, zipped

MADE = Path(__file__).parent / "made"
PDF = (MADE / "jian-2017.office.pdf").read_bytes()
ROWS = (
    ("（一）收到申请数", "件", "154"),
    ("1.当面申请数", "件", "32"),
    ("2.传真申请数", "件", "/"),
)
PAGE = (
    "<html><body><h1>吉安市2017年政府信息公开工作年度报告</h1><table>"
    + "".join(f"<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>" for a, b, c in ROWS)
    + "</table></body></html>"
)
WORDML = "http://schemas.microsoft.com/office/word/2003/wordml"


def message(page: str, charset: str) -> bytes:
    """A page saved by Word as one file."""
    outer = email.mime.multipart.MIMEMultipart("related", type="text/html")
    outer.attach(email.mime.text.MIMEText(page, "html", charset))
    return outer.as_bytes()


def word_2003(body: str) -> bytes:
    head = '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
    spaces = f"xmlns:w='{WORDML}' xmlns:aml='http://schemas.microsoft.com/aml/2001/core'"
    inner = f"<w:body><w:sect>{body}</w:sect></w:body>"
    return f"{head}<w:wordDocument {spaces}>{inner}</w:wordDocument>".encode()


def excel_2003(rows: str) -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    head = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    styles = '<Styles><Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style></Styles>'
    sheet = f'<Worksheet ss:Name="一"><Table>{rows}</Table></Worksheet>'
    return f'{head}<Workbook xmlns="{space}" xmlns:ss="{space}">{styles}{sheet}</Workbook>'.encode()


def cell(text: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell {more}><Data ss:Type="{kind}">{text}</Data></Cell>'


ROWS_2003 = "".join(
    f"<Row>{cell(a)}{cell(b)}{cell(c, 'Number' if c.isdigit() else 'String')}</Row>"
    for a, b, c in ROWS
)
TABLE_2003 = tbl(*(tr(tc(a), tc(b), tc(c)) for a, b, c in ROWS))
TEXT = "\n".join(",".join(row) for row in ROWS)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PAGE.encode(), "html"),
        (PAGE.encode("gbk"), "html"),
        (message(PAGE, "utf-8"), "mhtml"),
        (message(PAGE, "gb2312"), "mhtml"),
        (word_2003(TABLE_2003), "wordml"),
        (excel_2003(ROWS_2003), "excelml"),
        (TEXT.encode(), "csv"),
        (TEXT.encode("gbk"), "csv"),
        (b"\xef\xbb\xbf" + TEXT.replace(",", "\t").encode(), "csv"),
        (TEXT.replace(",", ";").encode("gb18030"), "csv"),
        (TEXT.replace(",", "\t").encode("utf-16"), "csv"),
        (gzip.compress(PAGE.encode(), mtime=0), "gzip"),
        (zipped({"年度报告.html": PAGE, "说明.txt": "x", "目录/": ""}), "zip"),
        (zipped({"内层.zip": zipped({"报告.htm": PAGE})}), "zip"),
    ],
)
def test_the_same_facts_from_every_wrapping(body: bytes, kind: str) -> None:
    assert sniff(body) == kind
    facts = parsers.read(body).facts
    assert [(f.indicator, f.state, str(f.value)) for f in facts] == [
        ("requests_received", "number", "154"),
        ("requests_in_person", "number", "32"),
        ("requests_fax", "slash", "None"),
    ]


@pytest.mark.parametrize(
    "body", [b"\r\n\r\nHTTP junk\n" + PDF, gzip.compress(PDF), zipped({"a": PDF})]
)
def test_a_pdf_under_anything(body: bytes) -> None:
    assert len(parsers.read(body).facts) == 58


def test_several_reports_in_an_archive_are_for_a_person_to_choose() -> None:
    found = document(zipped({"甲年报.html": PAGE, "乙年报.html": PAGE}))
    assert [problem.code for problem in found.problems] == ["archive-unread"]
    assert "甲年报" in found.problems[0].detail


@pytest.mark.parametrize("text", ['{"a": 1,\n"b": 2,\n"c": 3,\n"d": 4}', "[1,\n2,\n3,\n4]"])
def test_json_is_no_separated_text(text: str) -> None:
    assert sniff(text.encode()) == "text"


def test_a_page_that_speaks_of_pdf_is_a_page() -> None:
    assert sniff(b"<html><p>%PDF-1.4 is a format</p>") == "html"


def test_changes_of_word_2003_are_final_and_flagged() -> None:
    old = (
        '<aml:annotation w:type="Word.Deletion"><aml:content>'
        + run("3")
        + "</aml:content></aml:annotation>"
    )
    new = (
        '<aml:annotation w:type="Word.Insertion"><aml:content>'
        + run("5")
        + "</aml:content></aml:annotation>"
    )
    found = document(word_2003(tbl(tr(tc("a"), tc(p("1", old + new))))))
    assert found.grids[0].cells[1].text == "15"
    assert [(each.code, each.severity) for each in found.problems] == [
        ("tracked-changes", "warning")
    ]


def test_places_formats_and_merges_of_excel_2003() -> None:
    tall = cell("t", more='ss:MergeDown="1"') + cell("0.339", "Number", 'ss:StyleID="p"')
    rows = f"<Row>{tall}</Row><Row>{cell('7', 'Number')}</Row>"
    rows += f"""<Row ss:Index="3">{cell("x", more='ss:Index="2"')}</Row>"""
    found = document(excel_2003(rows))
    assert [[each.text for each in row] for row in found.grids[0].rows()] == [
        ["t", "34%"],
        ["7"],
        ["", "x"],
    ]
    assert [each.code for each in found.problems] == ["format-doubtful"]
    assert found.grids[0].cells[2].at.ref == "B2"


SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def as_written_by(writer: str) -> bytes:
    """The same workbook in the ways of other programs than Excel itself."""
    plain = excel_2003(ROWS_2003).decode()
    bare = plain.partition("?>\n")[2].partition("?>\n")[2]
    if writer == "report generator":  # no processing instruction, names with a prefix
        named = bare.replace(f'xmlns="{SPREADSHEET}" ', "")
        for tag in ("Workbook", "Styles", "Style ", "NumberFormat", "Worksheet", "Table", "Row"):
            named = named.replace(f"<{tag}", f"<ss:{tag}").replace(f"</{tag}", f"</ss:{tag}")
        for tag in ("Cell", "Data"):
            named = named.replace(f"<{tag} ", f"<ss:{tag} ").replace(f"</{tag}>", f"</ss:{tag}>")
        return named.replace("</Style>", "</ss:Style>").encode()
    if writer == "an old server":  # says gb2312 and holds a character that has none there
        head = '\r\n<?xml version="1.0" encoding="gb2312"?>\n<!-- 镕 -->'
        return f"{head}{bare}".encode("gb18030")
    head = '<?xml version="1.0" encoding="UTF-16"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    return f"{head}{bare}".encode("utf-16")


@pytest.mark.parametrize("writer", ["report generator", "an old server", "unicode text"])
def test_workbooks_of_other_writers(writer: str) -> None:
    body = as_written_by(writer)
    assert sniff(body) == "excelml"
    assert [(f.indicator, str(f.value)) for f in parsers.read(body).facts] == [
        ("requests_received", "154"), ("requests_in_person", "32"), ("requests_fax", "None")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "more", "column"),
    [('ss:StyleID="p"', "", ""), ("", "", '<Column/><Column ss:StyleID="p"/>'),
     ("", 'ss:StyleID="child"', ""), ('ss:StyleID="p"', 'ss:StyleID="child"', "")],
)  # fmt: skip
def test_a_format_may_be_said_of_the_row_the_column_or_the_parent(
    row: str, more: str, column: str
) -> None:
    rows = f"{column}<Row {row}>{cell('a')}{cell('0.339', 'Number', more)}</Row>"
    child = '<Style ss:ID="child" ss:Parent="p"/></Styles>'
    body = excel_2003(rows).decode().replace("</Styles>", child).encode()
    assert document(body).grids[0].cells[1].text == "34%"


def saved_as_one_file(page: str, charset: str, coding: str, head: str) -> bytes:
    """As Word, WPS and Internet Explorer write "single file web pages"."""
    raw = page.encode(charset)
    body = {"quoted-printable": quopri.encodestring(raw), "base64": base64.encodebytes(raw),
            "8bit": raw}[coding]  # fmt: skip
    part = f'Content-Location: file:///C:/x.htm\r\nContent-Type: text/html; charset="{charset}"'
    picture = b"--=_p\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"
    return (
        head.encode("gbk")
        + b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=_p"\r\n\r\n'
        + "本文档是“单个文件网页”。\r\n\r\n--=_p\r\n".encode(charset)
        + f"{part}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n".encode()
        + body + b"\r\n" + picture + b"\r\n--=_p--\r\n"
    )  # fmt: skip


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
@pytest.mark.parametrize("coding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize(
    "head", ["", "From: <由 Microsoft Internet Explorer 5 保存>\r\nSubject: =?gb2312?B?xeo=?=\r\n"]
)
def test_pages_saved_as_one_file(charset: str, coding: str, head: str) -> None:
    body = saved_as_one_file(PAGE, charset, coding, head)
    assert sniff(body) == "mhtml"
    assert [str(f.value) for f in parsers.read(body).facts] == ["154", "32", "None"]


def test_a_message_that_is_cut_off_or_has_no_page_is_a_problem() -> None:
    whole = saved_as_one_file(PAGE, "utf-8", "quoted-printable", "")
    cut = parsers.read(whole[: whole.index(b"--=_p\r\nContent-Type: i")])
    assert [str(fact.value) for fact in cut.facts] == ["154", "32", "None"]
    nothing = whole.replace(b"text/html", b"text/x-none")
    assert [each.code for each in document(nothing).problems] == ["undecodable"]


TITLE = "吉安市2017年政府信息公开工作年度报告"
EMPTY_PAGE = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1>{{}}"


@pytest.mark.parametrize(
    "inner",
    [
        '<p>附件：<a href="/files/2017.pdf">年度报告</a></p>',
        '<iframe src="/generic2/web/viewer.html?file=/files/2017.pdf"></iframe>',
        '<embed src="2017.PDF">',
        '<object data="2017.docx?v=2"></object>',
    ],
)
def test_a_page_that_only_leads_to_its_document_says_so(inner: str) -> None:
    report = parsers.read(EMPTY_PAGE.format(inner).encode())
    assert not report.facts
    assert "attachment-only" in {each.code for each in report.problems}
    assert (report.agency, report.year) == ("吉安市", 2017)
