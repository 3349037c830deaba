"""Bytes to text by our own policy: what the bytes prove beats what the page declares.

Order: byte-order mark, the NUL pattern of UTF-16, UTF-8 when nearly all its sequences are sound (it
checks itself), then gb18030 as browsers read it, unless Big5 explains the bytes better. Labels such
as gb2312 are never given to Python's codec of that name: it turns the web's dash into another.
"""

from __future__ import annotations

import re

from .errors import Undecodable
from .model import Decoded

BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
MAGIC = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
)
UTF8_BAD_SHARE = 0.01
HIDDEN = re.compile(rb"<!--.*?-->|<script\b.*?</script\s*>", re.I | re.S)
DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.I)
XML_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,30})", re.I)
HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.I)
HEAD_BYTES = 8192

# Where Python's gb18030 (the table of 2000) and browsers differ, as code points.
WEB_GB18030 = {
    0xE78D + i: code
    for i, code in enumerate(
        (0xFE10, 0xFE12, 0xFE11, 0xFE13, 0xFE14, 0xFE15, 0xFE16, 0xFE17, 0xFE18, 0xFE19)
    )
} | {
    0xE7C7: 0x1E3F,
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE832: 0x9FB8,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE864: 0x9FBB,
}
# The commonest characters of official prose: their share tells a right decoding from mojibake.
COMMON = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能"
    "好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把"
    "政府信息公开工作报告主动申请行政复议诉讼数据情况条件次部门机关办理结果数量总计其他年度市县区规定制度管理服务社会法律"
    "訊開報動請議訴數據況條機關辦結總計區規務會資處應與為來個時後國學對發經長進現實業務"
)
CONTROLS = bytes([*range(9), *range(14, 26), *range(28, 32)])
CONTROL = bytes([*range(9), *range(14, 26), *range(27, 32)])
NARROW = re.compile(r"[\x00-\x7f\s]+")
SAMPLE, ENOUGH = 60_000, 4_000  # characters that are judged, and of them those beyond ASCII
READABLE = 0.3  # Big5 read as gb18030 has 0.02 to 0.08 common characters, prose 0.4 and more


def looks_binary(body: bytes) -> str:
    """The kind of file its first bytes announce (pdf, zip, ole, png ...); empty for text."""
    head = body[:16]
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of a page with the evidence for its encoding; Undecodable for what is no text."""
    declared = declarations(body, content_type)
    sampled = body[: 4 * SAMPLE + 4]  # no character takes more bytes, no mark at the front either
    clean = not any(control in sampled for control in CONTROL)  # nearly always: 28 quick looks
    if not clean and not _utf16(body) and _is_binary(body[:SAMPLE]):
        raise Undecodable("control bytes among the text: a binary file")
    encoding, text = _decode(body)
    replaced = text.count("\ufffd")
    if replaced > 20 and replaced * 20 > len(text):
        raise Undecodable(f"{replaced} of {len(text)} characters are broken in {encoding}")
    if not clean and _control_share(text) > 0.05:
        raise Undecodable("control characters among the text: a binary file")
    return Decoded(text=text, encoding=encoding, declared=declared, replaced=replaced)


def declarations(body: bytes, content_type: str = "") -> tuple[str, ...]:
    """Encodings claimed by the header and the page, in this order; recorded, never obeyed."""
    head = HIDDEN.sub(b"", body[:HEAD_BYTES])
    header = HEADER.search(content_type)
    found = [header.group(1)] if header else []
    hits = (pattern.search(head) for pattern in (XML_DECLARED, DECLARED))
    found.extend(hit.group(1).decode("ascii", "replace") for hit in hits if hit)
    return tuple(dict.fromkeys(name.lower() for name in found))


def _decode(body: bytes) -> tuple[str, str]:
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return encoding, _python(body[len(mark) :], encoding)
    if wide := _utf16(body):
        return wide, body.decode(wide, "replace")
    if body.isascii():
        return "utf-8", body.decode("ascii")
    if (text := _utf8(body)) is not None:
        return "utf-8", text
    return _chinese(body)


def _python(body: bytes, encoding: str) -> str:
    return _gb18030(body) if encoding == "gb18030" else body.decode(encoding, "replace")


def _utf16(body: bytes) -> str:
    """Markup in UTF-16 has a NUL in every second byte of its tags."""
    head = body[:2000]
    if head.count(0) * 8 < len(head) or len(head) < 4:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even == odd or min(even, odd) * 8 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _utf8(body: bytes) -> str | None:
    """The text if the bytes are UTF-8 but for rare broken sequences, or more so than Chinese."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    sound = sum(1 for char in text if char > "\x7f") - bad
    if bad <= max(1, UTF8_BAD_SHARE * (sound + bad)) and sound > bad:
        return text
    mixed = sound > bad and _score(text) > _score(_gb18030(body[:SAMPLE]))
    return text if mixed else None


def _gb18030(body: bytes) -> str:
    """gb18030 as browsers decode it: 0x80 is the euro sign, 19 code points are newer."""
    text = _with_euro(body) if b"\x80" in body else body.decode("gb18030", "replace")
    return text.translate(WEB_GB18030)


PAIR = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])|\x80")


def _with_euro(body: bytes) -> str:
    """0x80 stands for € only where it is no second byte."""
    euro = "€".encode("gb18030")
    whole = PAIR.sub(lambda hit: euro if hit.group() == b"\x80" else hit.group(), body)
    return whole.decode("gb18030", "replace")


def _chinese(body: bytes) -> tuple[str, str]:
    """gb18030 unless Big5 is cleaner and reads like Chinese."""
    simple = _gb18030(body)
    score = _score(simple)
    if score > READABLE:
        return "gb18030", simple
    other = body.decode("big5hkscs", "replace")
    return ("big5", other) if _score(other) > score + 0.1 else ("gb18030", simple)


def _score(text: str) -> float:
    """Share of common characters among Han and worse, minus a price for every broken one."""
    wide = NARROW.sub("", text[:SAMPLE])[:ENOUGH]
    if not wide:
        return 0.0
    common = sum(map(COMMON.__contains__, wide))
    private = sum("\ue000" <= char <= "\uf8ff" for char in wide)
    return (common - 2 * wide.count("\ufffd") - private) / len(wide)


def _is_binary(sample: bytes) -> bool:
    """More control bytes than any text has; UTF-16 has its mark or its NULs."""
    if sample.startswith((BOMS[1][0], BOMS[2][0])):
        return False
    return (len(sample) - len(sample.translate(None, CONTROLS))) * 20 > len(sample)


def _control_share(text: str) -> float:
    sample = text[:SAMPLE].encode(errors="surrogatepass")  # bytes are counted ten times faster
    return (len(sample) - len(sample.translate(None, CONTROL))) / (len(text[:SAMPLE]) or 1)
