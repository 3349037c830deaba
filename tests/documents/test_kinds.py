"""One report in every wrapping it is met in: its kind is told by its bytes, its facts stay."""

from __future__ import annotations

import email.mime.multipart
import email.mime.text
import gzip
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
