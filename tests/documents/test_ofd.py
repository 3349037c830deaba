"""OFD: three reports set in it, its ways to place and to hide, and files that mean harm."""

from __future__ import annotations

import pytest

from parsers.carrier import document
from parsers.model import Document
from parsers.recognise import recognise

from .ofds import Line, frame, package, page, report, text
from .office import zipped
from .scans import HOME, truth

REPORTS = ("jian-2017", "shanghai-2019", "pingtan-2024")


@pytest.mark.parametrize("name", REPORTS)
def test_facts_are_exact(name: str) -> None:
    body = report(document((HOME / "made" / f"{name}.docx").read_bytes()))
    found = document(body)
    harvest = recognise(found, None)
    facts = {(f.section, f.indicator, f.column): (f.state, f.value) for f in harvest.facts}
    assert facts == truth(name)
    assert len(harvest.facts) == len(facts)
    assert harvest.leftovers == []
    assert {each.code for each in found.problems} <= {"row-stitched"}
    assert found.title.endswith("年政府信息公开工作年度报告")
    cells = [cell for grid in found.grids for cell in grid.cells]
    assert all(cell.at.page is not None and cell.at.box for cell in cells)
    assert {grid.carrier for grid in found.grids} == {"ofd"}


def rows(value: str) -> str:
    """A ruled table: a label and a value drawn as given, then a plain row."""
    boxes = "".join(frame(x, y, 40, 8) for x in (20, 60) for y in (20, 28))
    label = text(Line("（一）收到申请数", 21, 26)) + text(Line("1.当面申请数", 21, 34))
    return boxes + label + value + text(Line("32", 61, 34))


def cell(value: str) -> str:
    return read(value).grids[0].cells[1].text


def read(value: str) -> Document:
    return document(package([rows(value)]))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (text(Line("154", 61, 26)), "154"),
        (text(Line("154", 61, 26), delta="g 2 1.76"), "154"),
        (text(Line("154", 61, 26), delta=""), "154"),
        (text(Line("154", 61, 26), delta="1.76"), "154"),
        (text(Line("154", 61, 26), 'CTM="1 0 0 1 3 0"'), "154"),
        (text(Line("154", 41, 26), 'CTM="2 0 0 1 20 0"'), "154"),
        (text(Line("1", 61, 26)) + text(Line("54", 62.7, 26)), "154"),
        (text(Line("154", 61, 26)) + text(Line("154", 61.1, 26)), "154"),
        (text(Line("154", 61, 26)) + text(Line("9", 70, 26), 'Visible="false"'), "154"),
        (
            text(Line("154", 61, 26))
            + text(Line("9", 70, 26), inner='<ofd:FillColor Value="255 255 255"/>'),
            "154",
        ),
        (text(Line("——", 61, 26)), "——"),
        (text(Line("/", 61, 26)), "/"),
        ("", ""),
    ],
)
def test_text_stands_where_it_is_drawn(value: str, said: str) -> None:
    assert cell(value) == said


def test_hidden_text_is_said() -> None:
    found = read(text(Line("9", 70, 26), 'Visible="false"'))
    assert [each.code for each in found.problems] == ["hidden-content"]


def test_rules_may_be_filled_boxes_or_long_lines() -> None:
    thin = 'Stroke="false" Fill="true"'
    drawn = [frame(20, y, 80, 0.3, thin) for y in (20, 28, 36)]
    drawn += [
        f'<ofd:PathObject Boundary="{x} 20 1 16"><ofd:AbbreviatedData>S 0 0 M 0 0 L 0 16 '
        "</ofd:AbbreviatedData></ofd:PathObject>"
        for x in (20, 60, 100)
    ]
    words = [Line("a", 21, 26), Line("1", 61, 26), Line("b", 21, 34), Line("2", 61, 34)]
    found = document(package(["".join(drawn) + "".join(map(text, words))]))
    assert [[each.text for each in row] for row in found.grids[0].rows()] == [
        ["a", "1"],
        ["b", "2"],
    ]


def test_a_page_set_sideways_is_turned_and_its_boxes_are_those_of_the_page() -> None:
    turned = 'CTM="0 1 -1 0 0 0"'
    inner = "".join(frame(0, 0, 40, 8).replace("<ofd:PathObject", f"<ofd:PathObject {turned}")
                    .replace('Boundary="0 0', f'Boundary="{x} {y}')
                    for x in (60, 52) for y in (20, 60))  # fmt: skip
    words = [("收到申请数", 58, 22), ("154", 58, 62), ("当面申请数", 50, 22), ("32", 50, 62)]
    inner += "".join(
        text(Line(said, x, y + 3.2), turned).replace('Y="3.2"', 'Y="0"') for said, x, y in words
    )
    found = document(package([inner]))
    assert [[each.text for each in row] for row in found.grids[0].rows()] == [
        ["收到申请数", "154"], ["当面申请数", "32"]
    ]  # fmt: skip
    x0, top, x1, bottom = found.grids[0].cells[1].at.box or (0, 0, 0, 0)
    assert (round(x0 / 72 * 25.4), round(top / 72 * 25.4)) == (52, 60)
    assert (x1 - x0) < (bottom - top)


def test_tables_without_rules_and_templates_under_a_page() -> None:
    lines = [Line(f"{n}.项目申请数", 20, 40 + 6 * n) for n in range(4)]
    lines += [Line(str(40 + n), 90, 40 + 6 * n) for n in range(4)]
    place = '<ofd:TemplatePage ID="3" BaseLoc="Tpls/T.xml"/>'
    under = {
        "Doc_0__Tpls__T": page("".join(map(text, lines))),
        "Doc_0__Pages__Page_0__Content": page("", '<ofd:Template TemplateID="3"/>'),
    }
    found = document(package([""], templates=place, **under))
    assert [each.text for each in found.grids[0].cells][:2] == ["0.项目申请数", "40"]
    assert "table-unruled" in {each.code for each in found.problems}


IMAGE = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="4"/>'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (package([IMAGE]), "image-only"),
        (package([]), "image-only"),
        (zipped({"OFD.xml": "<OFD/>"}), "image-only"),
        (zipped({"OFD.xml": "<OFD"}), "undecodable"),
        (zipped({"OFD.xml": "<OFD><DocBody><DocRoot>../../etc</DocRoot></DocBody></OFD>"}),
         "undecodable"),
        (package([rows("")], Doc_0__Encryptions="<x/>"), "encrypted"),
        (package([text(Line("1" * 3000, 1, 9), delta="g 999999999999 1")]), "too-large"),
        (package(['<ofd:PageBlock>' * 400 + "</ofd:PageBlock>" * 400]), "undecodable"),
        (package([frame(1, 1, 9, 9) * 9_000]), "too-large"),
        (package(["<ofd:TextObject/>"]), "image-only"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem(body: bytes, code: str) -> None:
    assert [each.code for each in document(body).problems] == [code]


def test_entities_are_refused_and_numbers_beyond_reason_count_for_nothing() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "9"><!ENTITY b "&a;&a;">]>'
    content = bomb + page(rows(text(Line("154", 61, 26)))).replace("154", "154&b;")
    found = document(package([""], Doc_0__Pages__Page_0__Content=content))
    assert [each.code for each in found.problems] == ["undecodable"]
    strange = read(text(Line("154", 61, 26), delta="g 1e400 nan"))
    assert strange.grids[0].cells[1].text == "154"


def test_a_missing_page_costs_itself_and_is_said() -> None:
    two = package([rows(text(Line("154", 61, 26))), ""], Doc_0__Document=document_of_three())
    found = document(two)
    assert [(each.code, each.at.page) for each in found.problems] == [("truncated", 2)]


def document_of_three() -> str:
    pages = "".join(f'<Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(3))
    return f"<Document><CommonData/><Pages>{pages}</Pages></Document>"
