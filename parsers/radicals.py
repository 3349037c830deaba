"""Radical code points that PDF writers print for whole characters, folded for comparing labels.

Kangxi radicals (U+2F00-2FDF) all have an NFKC form. Of the CJK radicals supplement
(U+2E80-2EF3) only two have one; the rest follow Unicode's EquivalentUnifiedIdeograph.txt, with
the common character where that file names a rare one.
"""

from __future__ import annotations

import unicodedata

# U+2E80 onwards, sixteen a line; U+2E80 has no character of its own, U+2E9A is unassigned
_SUPPLEMENT = (
    "⺀厂乛乚乙亻冂几刀刂卜㔾小小尢尣"
    "尢尣巳幺彑彐忄㣺扌攵⺚旡日月歹母"
    "民氵氺灬爫爫丬牛犭王疋罒示礻竹糹"
    "纟罓罒网网网羊羊羊耂肀聿肉臼艹艹"
    "艹虎衤覀西见角角讠贝足车辶辶辶阝"
    "钅長镸长门阜阝雨青韦页风飞食食飠"
    "饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜"
    "龙龜亀龟"
)
RADICALS: dict[int, str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **{0x2E80 + place: character for place, character in enumerate(_SUPPLEMENT)},
    0x2E3A: "——",  # two-em and three-em dash, as Chromium prints a run of U+2014
    0x2E3B: "———",
}


def fold_radicals(text: str) -> str:
    """`text` with radicals and long dashes as ordinary characters; for labels, never for values."""
    return text.translate(RADICALS)
