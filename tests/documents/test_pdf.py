"""What PDF writers do to digits: printed twice, hidden, painted over, turned, cut by pages."""

from __future__ import annotations

import pytest

from parsers.carrier import document
from parsers.content import written
from parsers.errors import TooLarge
from parsers.lattice import Slot
from parsers.model import At, Document
from parsers.pdf import pages
from parsers.pdf.piece import Piece
from parsers.pdf.reader import read_pdf
from parsers.pdf.stitch import stitched

from .pdfs import boxed, lined, pdf, ruled, shaded, show, stream, texts_of, underlined

ROWS = [["items", "number"], ["received", "11"], ["granted", "1111"], ["denied", "-8.50"]]
TRAILING = show("77", 200 - 30, 380 - 2 * 20 + 6)


def texts(found: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for grid in found.grids for row in grid.rows()]


def codes(found: Document) -> list[str]:
    return [each.code for each in found.problems]


@pytest.mark.parametrize("size", [10, 4, 2.5])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_bold_made_by_printing_again_doubles_no_digit(size: float, times: int) -> None:
    if size < 10 and times > 1:
        times = 1  # the trace is as wide as a sign: nothing can tell
    found = document(pdf(ruled(ROWS, size=size, times=times)))
    assert texts(found) == ROWS
    assert codes(found) == []


@pytest.mark.parametrize(("piece", "gap"), [(0.8, 0.7), (2.2, 1.7), (6, 6), (3, 2)])
def test_rules_of_dots_and_dashes_are_rules(piece: float, gap: float) -> None:
    found = document(pdf(lined(ROWS, piece, gap)))
    assert texts(found) == ROWS
    assert codes(found) == []


@pytest.mark.parametrize("room", [1, 2, 4, 7])
def test_cells_may_have_room_between_them(room: float) -> None:
    found = document(pdf(boxed(ROWS, room)))
    assert texts(found) == ROWS
    assert codes(found) == []


@pytest.mark.parametrize("cell_by_cell", [True, False])
def test_rules_below_the_rows_alone(cell_by_cell: bool) -> None:
    rows = [*ROWS, ["", "7"], ["a longer label there", ""]]
    found = document(pdf(underlined(rows, cell_by_cell=cell_by_cell)))
    assert texts(found) == rows
    assert codes(found) == []


@pytest.mark.parametrize("count", [4, 3])
def test_every_other_row_on_grey(count: int) -> None:
    found = document(pdf(shaded(ROWS[:count])))
    assert texts(found) == ROWS[:count]
    assert codes(found) == []


def test_columns_without_rules_part_where_the_fewest_rows_print_across() -> None:
    rows = [*ROWS, ["a very long label indeed", "12"], ["left", "13"], ["right", "14"]]
    found = document(pdf(texts_of(rows)))
    assert texts(found) == rows
    assert codes(found) == ["table-unruled"]


def test_a_label_of_two_lines_without_rules_has_its_value_beside_one() -> None:
    below = show("in two lines", 24, 380 - 2 * 20 + 6 - 9)
    found = document(pdf(texts_of(ROWS) + below))
    assert texts(found) == [ROWS[0], ["received\nin two lines", "11"], *ROWS[2:]]


def test_numbers_far_apart_in_one_column_are_in_doubt() -> None:
    apart = show("77", 24 + 60, 380 - 2 * 20 + 6)
    found = document(pdf(texts_of([*ROWS, *([["left", "13"]] * 6)]) + apart))
    assert codes(found) == ["table-unruled", "print-doubtful"]


def test_prose_with_gaps_is_no_table() -> None:
    lines = [("1. in the year", 20), ("we received 12", 20), ("requests     and answered 11", 20)]
    found = document(pdf("".join(show(t, x, 380 - 14 * n) for n, (t, x) in enumerate(lines))))
    assert not found.grids


def test_a_lone_frame_is_no_table() -> None:
    found = document(pdf("20 300 200 60 re S\n" + show("received 11", 24, 320)))
    assert not found.grids
    assert [block.text for block in found.blocks] == ["received 11"]


def test_a_watermark_belongs_to_no_cell_and_is_not_lost() -> None:
    over = "BT /F 40 Tf .8 .6 -.6 .8 40 310 Tm (2021) Tj ET\n"
    found = document(pdf(ruled(ROWS) + over))
    assert texts(found) == ROWS
    assert codes(found) == []
    assert [block.text for block in found.blocks] == ["2021"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_pages_turned_for_display(rotate: int) -> None:
    found = document(pdf(ruled(ROWS), rotate=rotate))
    assert texts(found) == ROWS
    assert codes(found) == []


@pytest.mark.parametrize(
    ("matrix", "size"),
    [
        ("0 1 -1 0 400 0", (400, 300)),
        ("0 -1 1 0 0 300", (400, 300)),
        ("-1 0 0 -1 300 400", (300, 400)),
    ],
)
def test_tables_set_sideways_keep_their_addresses(matrix: str, size: tuple[int, int]) -> None:
    found = document(pdf(f"q {matrix} cm\n{ruled(ROWS)} Q", size=size))
    assert texts(found) == ROWS
    assert codes(found) == []  # the second reading looks where the addresses say
    boxes = [cell.at.box for cell in found.grids[0].cells if cell.at.box]
    assert all(
        0 <= x0 < x1 <= size[0] and 0 <= top < bottom <= size[1] for x0, top, x1, bottom in boxes
    )


@pytest.mark.parametrize("how", ["1 g", "1 1 1 rg", "0 0 0 0 k", "3 Tr"], ids=str)
def test_what_nobody_sees_is_no_value(how: str) -> None:
    found = document(pdf(ruled(ROWS) + show("77", 170, 346, more=how)))
    assert texts(found) == ROWS
    assert "hidden-content" in codes(found)


def test_digits_too_small_to_see_are_no_value() -> None:
    found = document(pdf(ruled(ROWS) + show("77", 170, 346, 1)))
    assert texts(found) == ROWS
    assert "hidden-content" in codes(found)


def test_white_on_a_dark_ground_is_displayed() -> None:
    ground = "0.2 g 20 360 180 20 re f\n"
    found = document(pdf(ground + "1 g\n" + ruled(ROWS[:1]) + "0 g\n" + ruled(ROWS[1:], top=360)))
    assert texts(found) == ROWS
    assert codes(found) == []


def test_a_value_painted_over_never_joins_its_successor() -> None:
    paint = "1 g 141 342 40 16 re f 0 g\n" + show("200", 144, 346)
    found = document(pdf(ruled(ROWS) + paint))
    assert " " in texts(found)[1][1]
    assert any(each.severity == "warning" and each.at.row == 1 for each in found.problems)


@pytest.mark.parametrize("cut", [1, 2, 3])
@pytest.mark.parametrize("again", [False, True])
def test_a_table_goes_on_overleaf(cut: int, again: bool) -> None:
    rest = ROWS[:1] * again + ROWS[cut:]
    found = document(pdf(ruled(ROWS[:cut], top=20 * cut + 30), ruled(rest)))
    assert texts(found) == ROWS
    assert [cell.at.page for cell in found.grids[0].cells] == [0] * 2 * cut + [1] * 2 * (4 - cut)


def test_columns_without_rules_are_cut_by_gaps_and_say_so() -> None:
    lines = (
        show(a, 20, y) + show(b, 160, y)
        for (a, b), y in zip(ROWS, range(300, 200, -20), strict=False)
    )
    found = document(pdf("".join(lines)))
    assert texts(found) == ROWS
    assert codes(found) == ["table-unruled"]


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.4\n",
        pdf(ruled(ROWS))[:300],
        pdf("q " * 5_000),
        pdf(show("1", 5, 5), size=(900_000, 9)),
    ],
    ids=["head", "cut", "nested", "vast"],
)
def test_broken_and_hostile_files_are_problems(body: bytes) -> None:
    found = document(body)
    assert found.problems
    assert not found.grids


def test_a_page_of_lines_alone_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "RULE_LIMIT", 100)
    with pytest.raises(TooLarge):
        read_pdf(pdf("0 0 1 1 re S " * 101))


EMPTY = [["items", "number"], ["received", ""], ["granted", "1111"]]
OVER = (142, 342, 198, 358)  # the value cell of the first row
LAYER = "<</Type/OCG/Name(x)>>"
OFF = "/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>"
FONT = "/Resources<</Font<</F 3 0 R>>>>"
FORM = "/Type/XObject/Subtype/Form/BBox[0 0 {} {}]"
VALUE = show("77", 144, 346)
PIXEL = stream(
    "~", "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
)


@pytest.mark.parametrize(
    "body",
    [
        pdf(ruled(EMPTY) + f"/OC /L BDC {VALUE} EMC", more=[LAYER], catalog=OFF,
            resources="/Properties<</L 6 0 R>>"),
        pdf(ruled(EMPTY) + "/X Do", catalog=OFF,
            more=[LAYER, stream(VALUE, FORM.format(300, 400) + "/OC 6 0 R" + FONT)],
            resources="/XObject<</X 7 0 R>>"),
        pdf(ruled(EMPTY) + "/X Do", more=[stream(VALUE, FORM.format(9, 9) + FONT)],
            resources="/XObject<</X 6 0 R>>"),
        pdf(ruled(EMPTY) + f"q 0 0 9 9 re W n {VALUE} Q"),
        pdf(ruled(EMPTY) + f"/G gs {VALUE}", resources="/ExtGState<</G<</ca 0>>>>"),
        pdf(ruled(EMPTY) + f"{VALUE} 1 g 142 342 56 16 re f"),
        pdf(ruled(EMPTY) + f"{VALUE} q 56 0 0 16 142 342 cm /I Do Q", more=[PIXEL],
            resources="/XObject<</I 6 0 R>>"),
    ],
    ids=["layer", "layer of a form", "box of a form", "clipped", "clear", "painted", "picture"],
)  # fmt: skip
def test_digits_that_are_not_displayed_are_no_value_and_say_so(body: bytes) -> None:
    found = document(body)
    assert texts(found) == EMPTY
    doubts = [(each.code, each.at.row) for each in found.problems if each.severity == "warning"]
    assert doubts == [("print-doubtful", 1)]
    assert "77" in next(each.detail for each in found.problems if each.code == "hidden-content")


def test_a_layer_that_is_displayed_is_read() -> None:
    shown = "/OCProperties<</OCGs[6 0 R]/D<</ON[6 0 R]>>>>"
    found = document(pdf(ruled(EMPTY) + f"/OC /L BDC {VALUE} EMC", more=[LAYER], catalog=shown,
                         resources="/Properties<</L 6 0 R>>"))  # fmt: skip
    assert texts(found)[1] == ["received", "77"]
    assert codes(found) == []


@pytest.mark.parametrize(
    ("drawn", "value"),
    [
        ("146 346 m 146 354 l S 150 346 m 150 354 l S\n", ""),
        (VALUE + "142 350 m 170 350 l S\n", "77"),
        (VALUE + "142 349 26 1 re f\n", "77"),
        (VALUE + "144 347.9 m 155 347.9 l S\n", "77"),
        (show("123456789012345", 144, 346), "1234567890"),
    ],
    ids=["digits as lines", "crossed out", "by a box", "low", "over the edge"],
)
def test_a_value_that_is_not_its_text_is_doubtful(drawn: str, value: str) -> None:
    found = document(pdf(ruled(EMPTY) + drawn))
    assert texts(found)[1] == ["received", value]
    assert [(each.code, each.at.row) for each in found.problems] == [("print-doubtful", 1)]


@pytest.mark.parametrize("has_picture", [True, False])
def test_fields_hold_their_values(has_picture: bool) -> None:
    field = (
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(154)/DA(/F 10 Tf 0 g)/F 4/Rect[{} {} {} {}]{}>>"
    )
    look = stream(show("154", 4, 4), FORM.format(56, 16) + FONT)
    found = document(
        pdf(
            ruled(EMPTY),
            more=[field.format(*OVER, "/AP<</N 7 0 R>>" * has_picture), look],
            page="/Annots[6 0 R]",
            catalog="/AcroForm<</NeedAppearances true/Fields[6 0 R]/DR<</Font<</F 3 0 R>>>>>>",
        )
    )
    assert texts(found)[1] == ["received", "154"]


@pytest.mark.parametrize(
    ("flags", "text", "value"),
    [(4, "999", None), (4, "", ""), (2, "999", "11")],
    ids=["another number", "a white box", "hidden"],
)
def test_remarks_over_a_number(flags: int, text: str, value: str | None) -> None:
    remark = "<</Type/Annot/Subtype/FreeText/Rect[{} {} {} {}]/F {}/AP<</N 7 0 R>>>>"
    look = stream("1 g 0 0 56 16 re f 0 g " + show(text, 4, 4), FORM.format(56, 16) + FONT)
    more = [remark.format(*OVER, flags), look]
    found = document(pdf(ruled(ROWS), more=more, page="/Annots[6 0 R]"))
    said, doubts = texts(found)[1][1], [each for each in found.problems if each.severity != "info"]
    assert not said.isdigit() if value is None else said == value
    assert {each.at.row for each in doubts} == (set() if flags == 2 else {1})


def test_a_row_is_cut_where_a_label_of_several_rows_begins() -> None:
    def piece(page: int, *slots: tuple[int, int, float, str]) -> Piece:
        made = (
            Slot(row=row, rowspan=down, left=left, right=left + 50, content=written(text), at=At())
            for row, down, left, text in slots
        )
        return Piece(page, (0, 0, 150, 400), tuple(made))

    above = piece(0, (0, 1, 0, "kinds"), (0, 1, 50, "first"), (0, 1, 100, "71"))
    below = piece(
        1, (0, 2, 0, "cases"), (0, 1, 50, "kind"), (0, 1, 100, ""), (1, 1, 50, "second kind"),
        (1, 1, 100, "5"),
    )  # fmt: skip
    found = stitched(above, below, lambda text: text in ("kindscases", "firstkind"))
    assert found is not None
    assert [(s.row, s.rowspan, s.content.text.replace("\n", " ")) for s in found.slots] == [
        (0, 2, "kinds cases"), (0, 1, "first kind"), (0, 1, "71"),
        (1, 1, "second kind"), (1, 1, "5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("under", "over"),
    [
        ("", show("er", 30, 384)),
        (show("er", 30, 362), ""),
        ("", show("beside", 220, 350)),
        (show("er", 30, 362), show("er", 30, 384)),
    ],
)
def test_bits_of_a_cut_cell_over_the_edge_do_not_part_a_table(under: str, over: str) -> None:
    found = document(pdf(ruled(ROWS[:2], top=413) + under, ruled(ROWS[2:]) + over))
    assert texts(found) == ROWS
    assert "".join(block.text for block in found.blocks)  # and are not lost


@pytest.mark.parametrize(("again", "tables"), [("annual report", 1), ("another table", 2)])
def test_a_heading_repeated_on_each_page_does_not_part_a_table(again: str, tables: int) -> None:
    first = show("annual report", 30, 340) + ruled(ROWS[:2], top=320)
    second = show(again, 30, 340) + ruled(ROWS[2:], top=320)
    assert len(document(pdf(first, second)).grids) == tables


def test_a_tall_cell_is_not_drawn_again_on_the_next_page() -> None:
    def piece(page: int, x0: float, *slots: tuple[int, int, float, str]) -> Piece:
        made = (
            Slot(row=row, rowspan=down, left=left, right=left + 50, content=written(text), at=At())
            for row, down, left, text in slots
        )
        return Piece(page, (x0, 0, 150, 400), tuple(made))

    above = piece(0, 0, (0, 2, 0, "kinds"), (0, 1, 50, "a"), (0, 1, 100, "1"), (1, 1, 50, "b"),
                  (1, 1, 100, "2"))  # fmt: skip
    below = piece(1, 50, (0, 1, 50, "c"), (0, 1, 100, "3"), (1, 1, 50, "d"), (1, 1, 100, "4"))
    found = stitched(above, below, lambda _: False)
    assert found is not None
    assert found.bounds[0] == 0
    assert [(s.row, s.rowspan, s.content.text) for s in found.slots if s.left == 0] == [
        (0, 4, "kinds")
    ]
    short = piece(0, 0, (0, 1, 0, "x"), (0, 1, 50, "a"), (0, 1, 100, "1"))
    assert stitched(short, below, lambda _: False) is None
