"""The Datasette site: what describes the published file, and the questions stored with it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from archive.dictionary import Table, tables
from archive.placing import write_text

FOLDER = Path(__file__).parent
METADATA = "metadata.json"
TITLE = "gongkai 公开"
ABOUT = (
    "Numbers of the annual disclosure reports (政府信息公开工作年度报告) of Chinese agencies, each "
    "with the cell it was printed in. Printed is printed: nothing is summed or repaired, and 0, /, "
    "— and blank are different claims (see state). Do not add levels or scopes."
)
LICENCE = {
    "license": "CC BY 4.0; the figures themselves are public record",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "source": "Portals of the agencies named in each row; url is the page, sha256 its content",
    "source_url": "https://www.gov.cn/zhengce/content/2019-04/15/content_5382991.htm",
}
SETTINGS = {
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 1000,
    "suggest_facets": False,
    "max_returned_rows": 1000,
    "default_page_size": 50,
}
# Rows of a table up to which facets are counted unasked: at 20 million each takes its second and
# then says nothing.
FACETED = 1_000_000
NOT_FOR_BROWSING = (
    "search_data",
    "search_idx",
    "search_docsize",
    "search_config",
    "search_content",
)


@cache
def queries() -> Mapping[str, Mapping[str, Any]]:
    """Name -> title, about, sql, and where they help params and chart, of every stored query."""
    return tomllib.loads((FOLDER / "queries.toml").read_text(encoding="utf-8"))


def metadata(
    name: str = "gongkai", counts: Mapping[str, int] = MappingProxyType({})
) -> dict[str, object]:
    """Everything Datasette shows beside the rows of database `name`, out of the one dictionary."""
    described = {
        table.name: _table(table, facets=counts.get(table.name, 0) <= FACETED) for table in tables()
    }
    hidden = {name: {"hidden": True} for name in NOT_FOR_BROWSING}
    stored = {
        name: {"title": q["title"], "description": q["about"], "sql": q["sql"].strip()}
        for name, q in queries().items()
    }
    database = {**LICENCE, "tables": described | hidden, "queries": stored}
    return {
        "title": TITLE,
        "description": ABOUT,
        **LICENCE,
        "databases": {name: database},
    }


def write_metadata(data: Path, counts: Mapping[str, int]) -> None:
    """The description beside the published file, for a Datasette that knows no gongkai: `-m`, and
    for Datasette 1.0, which keeps stored questions in its configuration, `-c` as well."""
    write_text(data / METADATA, json.dumps(metadata(counts=counts), ensure_ascii=False, indent=1))


def _table(table: Table, *, facets: bool) -> dict[str, object]:
    columns = {
        column.name: f"{column.zh} · {column.en}" + (f" ({column.unit})" if column.unit else "")
        for column in table.columns
    }
    said: dict[str, object] = {
        "description": f"{table.zh} · {table.en}",
        "columns": columns,
        **LICENCE,
    }
    if not table.exported:
        said["hidden"] = True
    if table.label:
        said["label_column"] = table.label
    if table.facets and facets:
        said["facets"] = list(table.facets)
    if table.sort or table.sort_desc:
        said["sort" if table.sort else "sort_desc"] = table.sort or table.sort_desc
    if table.name == "reports":
        said |= {"fts_table": "search", "fts_pk": "id"}
    return said
