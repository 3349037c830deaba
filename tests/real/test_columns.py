"""Real list pages: family, pager and promise as a person reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.decode import decode
from spiders.families import sniff
from spiders.pagers import Page

LISTS = Path(__file__).parents[2].parent / "shared" / "real" / "lists"
pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="the real pages are not here")

TABLE = [  # file, family, pages, promised rows, second page
    ("trs-ndrc.html", "trs", 9, None, "index_1.html"),
    ("trs-ordos-engebei.html", "trs", 2, None, "index_1.html"),
    ("trs-yichun.partial.html", "trs", 50, None, "index_1.html"),
    ("trs-fujian-pingtan.partial.html", "trs", None, 20, ""),
    ("ucap-csrc.html", "ucap", 5, 89, "fg_2.shtml"),
]


@pytest.mark.parametrize(("file", "family", "pages", "promised", "second"), TABLE)
def test_real_columns(
    file: str, family: str, pages: int | None, promised: int | None, second: str
) -> None:
    url = "http://sample.test/a/b/"
    text = decode((LISTS / file).read_bytes()).text
    found = sniff(text, url)
    turn = found.read(Page(url=url, text=text), "").turn
    assert found.name == family
    assert (turn.pages, turn.promised) == (pages, promised)
    assert (turn.asks[0].url if turn.asks else "") == (f"{url}{second}" if second else "")
