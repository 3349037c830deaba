"""Comma, tab or semicolon separated text (.csv)."""

from __future__ import annotations

import csv
import io

from parsers.content import written
from parsers.errors import TooLarge, Undecodable
from parsers.model import Document

from .sheetcell import SheetCell
from .sheets import CELL_LIMIT, Sheet, sheets_document

_SEPARATORS = (",", "\t", ";")


def read_separated(text: str) -> Document:
    """One grid for each stretch of non-empty rows."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    mark = max(_SEPARATORS, key=lambda sign: sum(line.count(sign) > 0 for line in lines))
    sheet = Sheet("")
    try:
        for row, fields in enumerate(csv.reader(io.StringIO(text), delimiter=mark)):
            if any(field.strip() for field in fields):
                for column, field in enumerate(fields):
                    sheet.cells[row, column] = SheetCell(written(field), is_framed=True)
            if len(sheet.cells) > CELL_LIMIT:
                raise TooLarge(f"more than {CELL_LIMIT} fields")
    except csv.Error as error:
        raise Undecodable(f"no separated text: {error}") from error
    return sheets_document([sheet], carrier="csv")
