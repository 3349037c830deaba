"""Bytes to text by evidence; what a page declares about itself is recorded and decides nothing."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from .errors import TooLarge, Undecodable
from .model import Decoded

MAX_BODY = 32 * 1024 * 1024  # bytes; the text, its UTF-8 copy and the tree must fit beside it

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n", "png"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gzip"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\x00", "program"),
)
# Python's gb18030 is the table of 2000: https://encoding.spec.whatwg.org/#index-gb18030
_GB_FIXES = dict(
    zip(
        "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7"
        "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
        "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f"
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
        strict=True,
    )
)
# Frequent in official prose. Mojibake made of the other encodings hardly ever hits them.
_SIMPLE = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方"
    "后多定行学法所民得经十三之进等部度家力里如水化高自二理起小物现实加量都两体制机当使点从业本去性好应开它合还因由"
    "其前外天政四日社义事平形相全表间与关各重新线内数正明看原利比或但质第向道条只没结解问意建月公无系情者最立代已"
    "通并提直题党程展五果员位入常文总次品式活设及管特件长求基资级图山统接知较将组见计别期根论运农指几九区强放决被"
    "做必先回则任取据处南给门即保治北百规领七海口东导世金增交受联认六共权收证改再采转更单教带安场例务具万每目至达"
    "示议报完类八名确科信整元况今集广记需研律且究持众布复际非深难近千周委技备办省列约支般便历市除构府称准精值号率"
    "维划选标查型按格置层始专状适属包调满县局照参该价严息申请复讼予录存网站诉纠维果镇街乡村厅"
)
_COMPLEX = frozenset(
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方"
    "後多定行學法所民得經十三之進等部度家力裡如水化高自二理起小物現實加量都兩體制機當使點從業本去性好應開它合還因由"
    "其前外天政四日社義事平形相全表間與關各重新線內數正明看原利比或但質第向道條只沒結解問意建月公無系情者最立代已"
    "通並提直題黨程展五果員位入常文總次品式活設及管特件長求基資級圖山統接知較將組見計別期根論運農指幾九區強放決被"
    "做必先回則任取據處南給門即保治北百規領七海口東導世金增交受聯認六共權收證改再採轉更單教帶安場例務具萬每目至達"
    "示議報完類八名確科信整元況今集廣記需研律且究持眾布複際非深難近千周委技備辦省列約支般便歷市除構府稱準精值號率"
    "維劃選標查型按格置層始專狀適屬包調滿縣局照參該價嚴息請訊臺灣電話務處"
)
_SAMPLE = 3000
_TOLERATED = 0.01
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.I)
_NOT_DECLARING = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|noscript)\b.*?(?:</\1|\Z)", re.I | re.S
)
_META_CHARSET = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([^\s\"'>;/]+)", re.I)
_XML_CHARSET = re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"']+)", re.I)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ASCII = re.compile(r"[\x00-\x7f]+")


def looks_binary(body: bytes) -> str:
    """ "" for text, else what the first bytes are: pdf, png, zip, ole, rtf, image, gzip, ..."""
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return name
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image"
    return ""


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Text of a page; raises Undecodable for what is not text, TooLarge over MAX_BODY."""
    if len(body) > MAX_BODY:
        raise TooLarge(f"over the limit of {MAX_BODY} bytes: {len(body)}")
    encoding, text = _by_mark(body) or _by_nuls(body) or _by_evidence(body)
    text = text.removeprefix("\ufeff")
    _refuse_noise(text, encoding)
    return Decoded(
        text=text,
        encoding=encoding,
        declared=tuple(_declared(body, content_type)),
        replaced=text.count("\ufffd"),
    )


def _by_mark(body: bytes) -> tuple[str, str] | None:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            rest = body[len(mark) :]
            # A mark pasted before a GBK page by an include is a mark of nothing.
            if encoding == "utf-8" and not _is_utf8(rest):
                return _by_evidence(rest)
            return encoding, _decoded(rest, encoding)
    return None


def _by_nuls(body: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark: half of every ASCII character is a NUL, always the same half."""
    head = body[:4096]
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if pairs < 2 or max(even, odd) < max(2, pairs * 0.05) or min(even, odd) > max(even, odd) * 0.1:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    return encoding, _decoded(body, encoding)


def _by_evidence(body: bytes) -> tuple[str, str]:
    if _is_utf8(body):
        return "utf-8", _decoded(body, "utf-8")
    simple = _decoded(body, "gb18030")
    best = ("gb18030", simple)
    score = _plausible(simple, _SIMPLE)
    if score >= 0.3:
        return best
    for encoding, common in (("utf-8", _SIMPLE), ("big5", _COMPLEX)):
        text = _decoded(body, encoding)
        rival = _plausible(text, common)
        if rival > score + 0.05:
            best, score = (encoding, text), rival
    return best


def _is_utf8(body: bytes) -> bool:
    """At most about 1 % of the sequences bad; one broken byte and a cut end are always allowed."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    if bad <= 0:
        return not _accidental(text, body)
    good = sum(map(len, _ASCII.split(text))) - bad
    if text.endswith("\ufffd"):
        bad -= 1
    return good > 0 and (bad <= good * _TOLERATED or (bad <= 2 and good >= 6 * bad))


def _accidental(text: str, body: bytes) -> bool:
    """GBK whose pairs all happen to be two-byte UTF-8 (联通): no Han, letters of many scripts."""
    if text.isascii():
        return False
    strange = "".join(_ASCII.split(text[:20000]))[:_SAMPLE]
    if not strange or not all("\u0100" <= char <= "\u07ff" for char in strange):
        return False
    return _plausible(_decoded(body, "gb18030"), _SIMPLE) >= 0.3


def _decoded(body: bytes, encoding: str) -> str:
    if encoding == "gb18030":
        return body.decode("gb18030", "gongkai-web").translate(_GB_FIXES)
    return body.decode("big5hkscs" if encoding == "big5" else encoding, "replace")


def _web_error(error: UnicodeError) -> tuple[str, int]:
    """As browsers: 0x80 is the euro sign, anything else costs one byte and leaves a mark."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return ("€" if error.object[error.start] == 0x80 else "\ufffd"), error.start + 1


codecs.register_error("gongkai-web", _web_error)


def _plausible(text: str, common: frozenset[str]) -> float:
    """Share of frequent characters among the first non-ASCII ones; broken ones count against."""
    strange = "".join(_ASCII.split(text[: _SAMPLE * 20]))[:_SAMPLE]
    if not strange:
        return 0.0
    hits = sum(map(common.__contains__, strange))
    return (hits - 2 * strange.count("\ufffd")) / len(strange)


def _refuse_noise(text: str, encoding: str) -> None:
    allowed = max(8, len(text) // 50)
    noise = len(_CONTROLS.findall(text[:200_000]))
    if noise > allowed:
        raise Undecodable(f"{noise} control characters in the text read as {encoding}")
    broken = text.count("\ufffd")
    strange = sum(map(len, _ASCII.split(text[:200_000])))
    if broken > max(8, strange // 5):
        raise Undecodable(f"{broken} characters are broken in the text read as {encoding}")


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    header = _HEADER_CHARSET.search(content_type)
    if header:
        yield header[1].lower()
    head = _NOT_DECLARING.sub(b" ", body[:8192])
    xml = _XML_CHARSET.search(head)
    if xml:
        yield xml[1].decode("ascii", "replace").lower()
    for meta in _META_CHARSET.finditer(head):
        yield meta[1].decode("ascii", "replace").lower()
