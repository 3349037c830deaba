"""The registry as a whole: what `gongkai portals check` finds that no entry shows alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai import main
from parsers.regions import by_code
from spiders.registry import Portal, load
from spiders.roster import _known, faults

JIAN = Portal(
    id="jian", name="吉安市", region="360800", level="prefecture", agency="吉安市人民政府",
    home="http://www.jian.gov.cn/", status="unverified",
)  # fmt: skip
NANCHANG = replace(
    JIAN, id="nc", region="360100", agency="南昌市人民政府", home="http://www.nc.gov.cn/"
)


def test_the_shipped_registry_has_no_fault() -> None:
    assert faults(load()) == ()


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"region": "369900"}, "region", "no code of GB/T 2260"),
        ({"region": "330104"}, "region", "江干区 ended in"),
        ({"level": "county"}, "level", "is county, but 360800 吉安市 is a prefecture"),
        ({"agency": "宜春市人民政府"}, "agency", "does not name its region 吉安市"),
        ({"columns": ("https://www.jian.gov.cn/nb/",)}, "columns", "but home is http"),
        (
            {"region": "321200", "agency": "泰州市人民政府", "home": "http://www.zjtz.gov.cn/"},
            "home",
            "which is taizhou; it is that of 台州市",
        ),
    ],
)
def test_a_fault_of_one_entry(change: dict[str, str], field: str, reason: str) -> None:
    found = [fault for fault in faults([replace(JIAN, **change)]) if fault.field == field]
    assert len(found) == 1
    assert reason in found[0].reason


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"home": "https://jian.gov.cn"}, "home"),
        ({"hosts": ("xxgk.example.cn",)}, "hosts"),
        ({"region": JIAN.region, "agency": JIAN.agency}, "agency"),
        ({"site_code": "3608000001"}, "site_code"),
    ],
)
def test_what_two_entries_claim(change: dict[str, str], field: str) -> None:
    first = replace(JIAN, hosts=("xxgk.example.cn",), site_code="3608000001")
    found = faults([first, replace(NANCHANG, **change)])
    (fault,) = [one for one in found if one.field == field]
    assert fault.portal == "nc"
    assert fault.reason.endswith("that of jian too")


def test_departments_and_central_bodies_are_named_freely() -> None:
    office = replace(JIAN, level="department", agency="财政局")
    assert faults([office, replace(office, id="csrc", region="", level="central", home="")]) == ()


def test_the_verb_names_every_fault_and_ends_with_2(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    entry = '[[portal]]\nid = "{}"\nname = "吉安"\nregion = "360800"\nlevel = "county"\n'
    entry += 'agency = "吉安市人民政府"\nhome = "http://www.jian.gov.cn/"\nstatus = "unverified"\n'
    path.write_text(entry.format("a") + entry.format("b"), "utf-8")
    said = CliRunner().invoke(main, ["portals", "check", "--portals", str(path)])
    assert said.exit_code == 2
    assert len(said.stderr.strip().splitlines()) == 4  # two levels, one home, one agency
    told = CliRunner().invoke(main, ["portals", "check", "--portals", str(path), "--json"])
    assert len(json.loads(told.stdout)["faults"]) == 4


def test_the_look_alikes_are_true_and_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "portals.md").read_text("utf-8")
    documented = set(re.findall(r"`([a-z]+)`", text.partition("Look-alikes to mind")[2]))
    for code, (name, label) in _known().labels.items():
        region = by_code(code)
        assert region
        assert region.name == name
        assert label in documented
