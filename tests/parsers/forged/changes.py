"""Changes of a page whose effect on the facts is known: one digit, one row, one table more."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from .pages import Forged

DIGITS = re.compile(r"(<td[^>]*>)(\d{2,5})(</td>)")
ROW = re.compile(r"<tr><td>[^<]*</td><td>[条件次篇个人]+</td><td>[^<]*</td></tr>")
STRANGER = (
    "<table><tr><td>指标<td>单位<td>数量<tr><td>植树<td>棵<td>120<tr><td>合计<td>棵<td>120"
    "<tr><td>其他<td>棵<td>7</table>"
)


def one_digit(page: Forged, seed: int) -> Forged:
    """Another last digit in one plain number."""
    text, rng = page.body.decode(), random.Random(seed)
    hit = rng.choice(list(DIGITS.finditer(text)))
    old = hit.group(2)
    new = old[:-1] + str((int(old[-1]) + rng.randint(1, 9)) % 10)
    body = f"{text[: hit.start()]}{hit.group(1)}{new}{hit.group(3)}{text[hit.end() :]}"
    return replace(page, body=body.encode())


def one_row_less(page: Forged, seed: int) -> Forged:
    """One row of a plain table of section S is gone."""
    text = page.body.decode()
    hit = random.Random(seed).choice(list(ROW.finditer(text)))
    return replace(page, body=(text[: hit.start()] + text[hit.end() :]).encode())


def one_table_more(page: Forged) -> Forged:
    """A table of another subject below, with the words that every table uses."""
    text = page.body.decode()
    return replace(page, body=text.replace("<p>版权所有", STRANGER + "<p>版权所有").encode())
