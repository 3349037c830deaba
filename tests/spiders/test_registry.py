"""What the registry refuses, and that it says where."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import parsers
from parsers.errors import RegistryError
from parsers.regions import by_code
from spiders.registry import check_delay, load, select
from spiders.review import review
from spiders.shards import members

GOOD = {
    "id": '"jian"',
    "name": '"吉安市"',
    "region": '"360800"',
    "level": '"prefecture"',
    "agency": '"吉安市人民政府"',
    "home": '"http://www.jian.gov.cn/"',
    "status": '"unverified"',
}


def entry(**changes: str | None) -> str:
    fields = GOOD | changes
    return "\n".join(
        ["[[portal]]", *(f"{key} = {value}" for key, value in fields.items() if value is not None)]
    )


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", '"red"'),
        ("id", '"Ji An"'),
        ("id", "7"),
        ("name", '""'),
        ("name", "3"),
        ("agency", '"a\\u0007b"'),
        ("region", '"36080"'),
        ("region", '"990000"'),
        ("region", '"３６０８００"'),
        ("region", '""'),
        ("level", '"village"'),
        ("status", '"fine"'),
        ("home", '"www.jian.gov.cn"'),
        ("home", '"ftp://www.jian.gov.cn/"'),
        ("home", '"http://www.jian.gov.cn"'),
        ("home", '"http://www.jian.gov.cn:99999/"'),
        ("home", '"http://user@www.jian.gov.cn/"'),
        ("home", '"http://www.jian.gov.cn/#top"'),
        ("home", '"http://www.jian.gov.cn/ x"'),
        ("home", '"http://www.jian.gov.cn./"'),
        ("home", '"http://192.168.0.1/"'),
        ("home", '"http://169.254.169.254/"'),
        ("home", '"http://2130706433/"'),
        ("home", '"http://127.1/"'),
        ("home", '"http://[::ffff:10.0.0.1]/"'),
        ("columns", '"http://www.jian.gov.cn/nb/"'),
        ("columns", '["/nb/"]'),
        ("columns", '["http://elsewhere.gov.cn/nb/"]'),
        ("columns", '["http://www.jian.gov.cn/a", "http://www.jian.gov.cn/a"]'),
        ("hosts", '["http://x.gov.cn/"]'),
        ("hosts", '["10.0.0.1"]'),
        ("family", '"trss"'),
        ("pager", '"none"'),
        ("since", '"2008"'),
        ("since", "1999"),
        ("since", "true"),
        ("delay", "0.5"),
        ("delay", "-1"),
        ("delay", "nan"),
        ("delay", "true"),
        ("delay", "1e9"),
        ("site_code", '"123"'),
        ("note", "[]"),
        ("home", None),
        ("status", None),
    ],
)
def test_a_fault_names_file_entry_and_field(tmp_path: Path, field: str, value: str | None) -> None:
    path = write(tmp_path, entry(**{field: value}))
    with pytest.raises(RegistryError) as caught:
        load(path)
    told = str(caught.value)
    who = "number 1" if (field, value) == ("id", "7") else value if field == "id" else "jian"
    assert told.startswith(f"{path}: portal {str(who).strip(chr(34))}: {field} ")
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds no [[portal]] entry"),
        ("x = 1", "unknown key 'x'"),
        ("[portal]\nid = 1", "holds no [[portal]] entry"),
        ("portal = [1]", "portal number 1 is not a table"),
        ("[[portal]\n", "is no TOML file"),
        (entry() + "\n" + entry(), "portal jian: id is taken already"),
        (entry(home='""', columns='["http://www.jian.gov.cn/"]'), "columns stand there"),
        (entry(home='""', status='"ok"'), "status cannot be ok"),
    ],
)
def test_a_file_that_cannot_be_meant(tmp_path: Path, text: str, reason: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(RegistryError) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="No such file"):
        load(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe[[portal]]")
    with pytest.raises(RegistryError, match="is no TOML file"):
        load(tmp_path / "bytes.toml")


def test_a_whole_entry(tmp_path: Path) -> None:
    more = {"hosts": '["xxgk.jian.gov.cn", "127.0.0.9:81"]', "delay": "60", "pager": '"next"'}
    (portal,) = load(write(tmp_path, entry(**more)))
    assert portal.crawlable
    assert portal.owns("https://XXGK.jian.gov.cn:8443/a")
    assert portal.owns("http://127.0.0.9:81/")
    assert not portal.owns("http://127.0.0.9:82/")
    assert not portal.owns("http://jian.gov.cn.evil.example/")
    assert not portal.owns("http://www.jian.gov.cn@evil.example/")


@pytest.mark.parametrize("status", ["blocked", "moved", "closed"])
def test_the_kill_switch(tmp_path: Path, status: str) -> None:
    (portal,) = load(write(tmp_path, entry(status=f'"{status}"')))
    assert not portal.crawlable


def test_short_delays_are_for_loopback(tmp_path: Path) -> None:
    local = entry(id='"local"', home='"http://127.0.0.2:8000/"', delay="0")
    portals = load(write(tmp_path, entry() + "\n" + local))
    check_delay(0, portals[1:])
    with pytest.raises(RegistryError, match="delay under 1 s is for loopback hosts, not for jian"):
        check_delay(0.5, portals)
    with pytest.raises(RegistryError, match="not from 0 to 3600"):
        check_delay(9999, portals)


def test_the_shipped_portals() -> None:
    portals = load()
    assert {portal.status for portal in portals} == {"unverified"}
    assert all(by_code(portal.region) for portal in portals if portal.region)
    for portal in portals:
        assert portal.home or "not confirmed" in portal.note
    jian = next(portal for portal in portals if portal.id == "jian")
    assert (jian.region, jian.home) == ("360800", "http://www.jian.gov.cn/")


def test_select() -> None:
    portals = load()
    assert [portal.id for portal in select(portals, ["yichun", "jian", "yichun"])] == [
        "yichun",
        "jian",
    ]
    assert select(portals, []) == portals
    with pytest.raises(RegistryError, match="no portal 'jain', perhaps jian"):
        select(portals, ["jain"])


def test_a_host_lives_in_one_shard(tmp_path: Path) -> None:
    def one(name: str, host: str, *hosts: str) -> str:
        return entry(id=f'"{name}"', home=f'"http://{host}/"', hosts=str(list(hosts)))

    chain = [one("a", "z.cn", "m.cn"), one("b", "y.cn", "m.cn"), one("c", "x.cn", "y.cn")]
    singles = [one(f"s{number}", f"h{number}.cn") for number in range(20)]
    portals = load(write(tmp_path, "\n".join(chain + singles)))
    shards = [{portal.id for portal in members(portals, index, 4)} for index in range(4)]
    assert sum(map(len, shards)) == len(portals)
    assert set.union(*shards) == {portal.id for portal in portals}
    assert any({"a", "b", "c"} <= shard for shard in shards)
    assert sum(bool(shard) for shard in shards) > 1


def test_every_province_and_prefecture_has_a_portal() -> None:
    """31 provinces and 333 prefectures of GB/T 2260; each with a home of its own."""
    governments = {"province", "prefecture"}
    portals = [portal for portal in load() if portal.level in governments]
    named = {portal.region for portal in portals}
    with (Path(parsers.__file__).parent / "regions.csv").open(encoding="utf-8", newline="") as file:
        today = {
            row["code"]
            for row in csv.DictReader(file)
            if row["level"] in governments and not row["valid_to"]
        }
    missing = {code for code in today if code[:2] not in ("71", "81", "82")} - named
    assert not missing
    assert len(named) == len(portals) == 364
    homes = [portal.home for portal in portals]
    assert all(homes)
    assert len(set(homes)) == len(homes)


def test_the_shipped_registry_has_no_fault() -> None:
    assert [each for each in review(load()) if each.weight == "fault"] == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": '"twin"', "agency": '"别市人民政府"'}, "has the host www.jian.gov.cn of jian"),
        ({"id": '"twin"', "home": '"http://www.x.gov.cn/"'}, "is 吉安市人民政府, as jian is"),
        ({"id": '"t"', "home": '"http://www.yc.gov.cn/"', "agency": '"宜春市人民政府"',
          "region": '"360900"'}, "look-alike"),
        ({"id": '"t"', "home": '"http://www.x.gov.cn/"', "agency": '"丁"', "level": '"province"'},
         "is no province"),
    ],
)  # fmt: skip
def test_what_only_the_whole_shows(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    found = review(load(write(tmp_path, entry() + "\n" + entry(**changes))))
    assert [each.weight for each in found] == ["fault"]
    assert reason in found[0].reason
