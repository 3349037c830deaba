"""Regions as they were, found by code, by name and at the head of a text."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from parsers import regions

ROWS = Path(regions.__file__).with_name("regions.csv")


def code(region):
    return region.code if region else None


@pytest.mark.parametrize(
    ("name", "year", "within", "expected"),
    [
        ("吉安市", None, "", "360800"),
        ("吉安县", None, "", "360821"),
        ("吉安", None, "", None),  # the city or the county
        ("吉水", None, "", "360822"),
        ("鼓楼区", None, "", None),
        ("鼓楼区", None, "320100", "320106"),
        ("鼓楼区", None, "350000", "350102"),
        ("朝阳区", None, "110105", "110105"),
        ("甘南州", None, "", "623000"),
        ("恩施州", None, "", "422800"),
        ("积石山县", None, "", "622927"),
        ("内蒙古", None, "", "150000"),
        ("巢湖市", 2010, "", "341400"),
        ("巢湖市", 2015, "", "340181"),
        ("桥东区", 2015, "", None),  # 邢台 and 张家口
        ("桥东区", 2022, "", "130702"),
        ("襄都区", 2021, "", "130502"),
        ("吴江市", 2008, "", "320584"),
        ("没有市", None, "", None),
        ("", None, "", None),
    ],
)
def test_find(name, year, within, expected):
    assert code(regions.find(name, year, within=within)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("吉安市人民政府", "360800"),
        ("江苏省南京市鼓楼区教育局", "320106"),
        ("南京鼓楼区", "320106"),
        ("江西省井冈山市", "360881"),
        ("北京市朝阳区人民政府", "110105"),
        ("吉林省吉林市", "220200"),
        ("苏州市吴江区", "320509"),
        ("平潭综合实验区公安局", "350128"),
        ("公安局", None),
        ("公安县公安局", "421022"),
        ("东方电气集团", None),
        ("鼓楼区教育局", None),
        ("吉安2017年", None),
        ("吉水2017年", "360822"),
        ("市财政局", None),
        ("中国证监会", None),
        ("恩格贝生态示范区", None),
        ("内蒙古自治区", "150000"),
        ("仙桃市", "429004"),
        ("", None),
    ],
)
def test_in_text(text, expected):
    assert code(regions.in_text(text)) == expected


def test_in_text_within_settles_an_ambiguous_name():
    assert code(regions.in_text("鼓楼区教育局", within="320100")) == "320106"
    assert code(regions.in_text("鼓楼区教育局", within="110000")) is None


def test_by_code_names_the_region_of_the_year():
    assert regions.by_code("130502", 2018).name == "桥东区"
    assert regions.by_code("130502", 2024).name == "襄都区"
    assert regions.by_code("130502").name == "襄都区"
    assert regions.by_code("341400").valid_to == "2010-12"
    assert regions.by_code("999999") is None


def test_successors():
    assert regions.find("铜仁地区").successor == "520600"
    assert regions.by_code("110103").successor == "110101"
    assert regions.by_code("130502", 2018).successor == "130502"


def test_is_within():
    assert regions.is_within("360821", "360800")
    assert regions.is_within("360821", "360000")
    assert not regions.is_within("360821", "360900")


def test_the_list_is_whole():
    with ROWS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = {row["code"] for row in rows}
    assert len({(row["code"], row["name"]) for row in rows}) == len(rows)
    assert all(row["parent"] in codes for row in rows if row["level"] != "province")
    assert all(row["successor"] in codes | {""} for row in rows)
    assert all(row["valid_from"] <= (row["valid_to"] or "9") for row in rows)
    living = [row for row in rows if not row["valid_to"]]
    levels = [row["level"] for row in living]
    assert levels.count("province") == 34
    assert levels.count("prefecture") == 333
    assert ROWS.stat().st_size < 160_000


def test_the_list_is_read_at_the_first_look_up_and_once():
    probe = (
        "import parsers.regions as r; before = r._index.cache_info().misses; "
        "r.find('x'); r.find('y'); print(before, r._index.cache_info().misses)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]
