"""Bytes as they come from servers: what they prove beats what they declare."""

from __future__ import annotations

import pytest

from parsers.decode import declarations, decode
from parsers.errors import Undecodable

BODY = (
    "<h1>示例市人民政府2017年政府信息公开工作年度报告</h1><table>"
    "<tr><td>（一）收到申请数</td><td>件</td><td>154</td></tr>"
    "<tr><td>二、主动公开情况</td><td>——</td><td></td></tr></table>"
    "<p>本年度主动公开政府信息484860条，较上年增加233800条，回应公众关注热点480次·全市。</p>"
)
RARE = "<p>朱镕基、喆、囍、㙍、𠮷、堃、昇</p>"
TRADITIONAL = (
    "<h1>政府資訊公開年度報告</h1><table><tr><td>主動公開政府資訊數</td><td>條</td><td>154</td>"
    "</tr></table><p>機關應將資訊於網站公開，人民得依法申請提供。本年度受理申請案件共計時間內辦結。</p>"
)


def head(charset: str) -> str:
    """A meta declaration."""
    return f'<meta http-equiv=Content-Type content="text/html; charset={charset}">'


def gb(text: str) -> bytes:
    """As GBK servers send it."""
    return text.encode("gb18030")


LABELS = ("gb2312", "GB2312", "gbk", "x-gbk", "gb_2312-80", "hz-gb-2312", "gb18030", "utf-8", "")
LABELS += ("big5", "iso-8859-1", "windows-1252", "utf8", "GBK2312", "utf-16", "shift_jis")
Sample = tuple[bytes, str, str, str]  # body, Content-Type, encoding, text
BROKEN = {
    "gbk with a broken byte": (b"\xff", "\ufffd"),
    "gbk broken before a tag": (b"15\xb3", "15\ufffd"),
    "gbk broken before a digit": (b"\xb3154", "\ufffd154"),
}
SAMPLES: dict[str, Sample] = {}

for name in LABELS:
    page = head(name) + BODY if name else BODY
    SAMPLES[f"gbk says {name or 'nothing'}"] = (gb(page), "", "gb18030", page)
    SAMPLES[f"utf-8 says {name or 'nothing'}"] = (page.encode(), "", "utf-8", page)
for name in ("utf-8", "gb2312", "iso-8859-1", "GBK"):
    header = f"text/html; charset={name}"
    SAMPLES[f"gbk under header {name}"] = (gb(head("gb2312") + BODY), header, "gb18030", "")
    SAMPLES[f"utf-8 under header {name}"] = ((head("utf-8") + BODY).encode(), header, "utf-8", "")

for name, (cell, shown) in BROKEN.items():
    SAMPLES[name] = (b"<td>%b</td>" % cell + gb(BODY), "", "gb18030", f"<td>{shown}</td>{BODY}")
SAMPLES |= {
    "utf-8 with mark": (b"\xef\xbb\xbf" + BODY.encode(), "", "utf-8", BODY),
    "utf-8 with mark says gb2312": (
        b"\xef\xbb\xbf" + (head("gb2312") + BODY).encode(),
        "text/html; charset=gb2312",
        "utf-8",
        head("gb2312") + BODY,
    ),
    "utf-8 with marks inside": (
        f"{BODY}\ufeff{BODY}\ufeff".encode(),
        "",
        "utf-8",
        f"{BODY}\ufeff{BODY}\ufeff",
    ),
    "utf-16 little with mark": (b"\xff\xfe" + BODY.encode("utf-16-le"), "", "utf-16-le", BODY),
    "utf-16 big with mark": (b"\xfe\xff" + BODY.encode("utf-16-be"), "", "utf-16-be", BODY),
    "utf-16 little by its NULs": (BODY.encode("utf-16-le"), "", "utf-16-le", BODY),
    "utf-16 big by its NULs": (BODY.encode("utf-16-be"), "", "utf-16-be", BODY),
    "utf-16 says utf-8": (
        (head("utf-8") + BODY).encode("utf-16-le"),
        "text/html; charset=utf-8",
        "utf-16-le",
        head("utf-8") + BODY,
    ),
    "gb18030 with mark": (b"\x84\x31\x95\x33" + gb(BODY), "", "gb18030", BODY),
    "ascii": (b"<p>154</p>", "", "utf-8", "<p>154</p>"),
    "ascii says gb2312": (head("gb2312").encode(), "", "utf-8", head("gb2312")),
    "gbk beyond gb2312": (gb(head("gb2312") + BODY + RARE), "", "gb18030", ""),
    "gbk of four bytes": (gb(BODY + "𠮷㙍"), "", "gb18030", BODY + "𠮷㙍"),
    "utf-8 rare": ((BODY + RARE).encode(), "", "utf-8", BODY + RARE),
    "web dash": (b"<td>\xa1\xaa\xa1\xaa</td>" + gb(BODY), "", "gb18030", f"<td>——</td>{BODY}"),
    "web dot": (b"<td>\xa1\xa4</td>" + gb(BODY), "", "gb18030", f"<td>·</td>{BODY}"),
    "euro byte": (gb(BODY) + b"<td>\x80</td>", "", "gb18030", f"{BODY}<td>€</td>"),
    "euro byte before digits": (gb(BODY) + b"\x80154", "", "gb18030", f"{BODY}€154"),
    "second byte 0x80": (gb(BODY) + b"\x81\x80\x80", "", "gb18030", f"{BODY}亐€"),
    "vertical comma": (gb(BODY) + b"\xa6\xd9", "", "gb18030", f"{BODY}\ufe10"),
    "vertical ellipsis": (gb(BODY) + b"\xa6\xf3", "", "gb18030", f"{BODY}\ufe19"),
    "m with acute": (gb(BODY) + b"\xa8\xbc", "", "gb18030", f"{BODY}\u1e3f"),
    "fe59": (gb(BODY) + b"\xfe\x59", "", "gb18030", f"{BODY}\u9fb4"),
    "fea0": (gb(BODY) + b"\xfe\xa0", "", "gb18030", f"{BODY}\u9fbb"),
    "private use stays": (gb(BODY + "\ue000"), "", "gb18030", f"{BODY}\ue000"),
    "private use in utf-8": (f"{BODY}\ue000\uf8ff".encode(), "", "utf-8", f"{BODY}\ue000\uf8ff"),
    "utf-8 cut inside a character": (BODY.encode() + b"\xe5\xb8", "", "utf-8", f"{BODY}\ufffd"),
    "gbk cut inside a character": (gb(BODY) + b"\xca", "", "gb18030", f"{BODY}\ufffd"),
    "utf-8 with a broken byte": (b"\xff" + BODY.encode(), "", "utf-8", f"\ufffd{BODY}"),
    "utf-8 with a gbk footer": (BODY.encode() * 4 + gb("<p>版权所有</p>"), "", "utf-8", ""),
    "gbk with a utf-8 footer": (gb(BODY) * 4 + "<p>版权所有</p>".encode(), "", "gb18030", ""),
    "utf-8 with replacements of its own": (f"{BODY}\ufffd\ufffd".encode(), "", "utf-8", ""),
    "big5": (TRADITIONAL.encode("big5"), "", "big5", TRADITIONAL),
    "big5 says utf-8": (
        (head("utf-8") + TRADITIONAL).encode("big5"),
        "",
        "big5",
        head("utf-8") + TRADITIONAL,
    ),
    "traditional in utf-8": (TRADITIONAL.encode(), "", "utf-8", TRADITIONAL),
    "traditional in gbk": (gb(TRADITIONAL), "", "gb18030", TRADITIONAL),
    "short gbk": (gb("<td>收到申请数</td>"), "", "gb18030", "<td>收到申请数</td>"),
    "short utf-8": ("<td>收到申请数</td>".encode(), "", "utf-8", "<td>收到申请数</td>"),
    "two bytes of gbk": (gb("条"), "", "gb18030", "条"),
    "full width digits": (gb(BODY + "１５４"), "", "gb18030", f"{BODY}１５４"),
    "nbsp byte of latin-1 in gbk": (gb(BODY) + b"<td>\xa0</td>", "", "gb18030", ""),
}  # fmt: skip


@pytest.mark.parametrize(("body", "header", "encoding", "text"), SAMPLES.values(), ids=SAMPLES)
def test_sample(body: bytes, header: str, encoding: str, text: str) -> None:
    decoded = decode(body, header)
    assert decoded.encoding == encoding
    assert "收到申请数" in decoded.text or "公開" in decoded.text or text
    if text:
        assert decoded.text == text
    assert decoded.replaced == decoded.text.count("\ufffd")


def test_there_are_enough_samples() -> None:
    assert len(SAMPLES) >= 60


def test_declarations_are_recorded_in_order() -> None:
    page = f"<!-- {head('big5')} --><script>{head('koi8-r')}</script>{head('GB2312')}"
    assert declarations(page.encode(), "text/html; charset=UTF-8") == ("utf-8", "gb2312")


@pytest.mark.parametrize("body", [bytes(range(256)) * 40, b"\x00\x01\x02" * 500])
def test_binary_is_no_text(body: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(body)
