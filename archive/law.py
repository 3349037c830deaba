"""When a report was due: order 492 of 2007, art. 31; order 711 of 2019, arts. 49 and 50."""

from __future__ import annotations

from datetime import date

from parsers import regions

# The Regulation as rewritten in 2019 names departments of governments at county level and above
# (31 January) and those governments themselves (31 March); it is silent on townships.
REWRITTEN = 2019
GOVERNMENTS = frozenset({"province", "prefecture", "county"})
TOWNSHIP_ENDINGS = ("镇", "乡", "街道", "街道办事处", "苏木")


def level(agency: str, region_code: str, year: int | None = None) -> str:
    """province, prefecture, county, township, department, or "" when it is not known."""
    region = regions.by_code(region_code, year) if region_code else None
    if not agency or region is None:
        return ""
    body = agency.removesuffix("人民政府")
    if body.endswith(region.name):
        return str(region.level)
    if body.endswith(TOWNSHIP_ENDINGS):
        return "township"
    return "department" if body == agency else ""  # a government of another region than is known


def deadline(year: int | None, level: str) -> str | None:
    """The last day to publish the report of that year; None where the law names none."""
    if year is None or not level:
        return None
    if year < REWRITTEN or level in GOVERNMENTS:
        return f"{year + 1}-03-31"
    return f"{year + 1}-01-31" if level == "department" else None


def days_late(published: str, due: str | None) -> int | None:
    """Days after the deadline; negative is before it, None is not known."""
    if not due:
        return None
    try:
        return (date.fromisoformat(published[:10]) - date.fromisoformat(due)).days
    except ValueError:
        return None
