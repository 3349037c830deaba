"""The archive as other programs find it: a data package, and JSON-LD for data set catalogues."""

from __future__ import annotations

import json
from collections.abc import Mapping

from archive.dictionary import Table, tables
from archive.exchange.describe import package, resource
from archive.site import ABOUT, LICENCE, TITLE
from archive.site.asking import Ask, Page
from archive.site.quality import counts


def datapackage(ask: Ask) -> Page:
    """Every table with its keys, units and descriptions; the paths are this site's CSV."""
    listed = [resource(table, _csv(ask, table)) for table in tables() if table.exported]
    told = package(listed, f"{ask.built}T00:00:00Z")
    return Page(body=_json(told), kind="application/json; charset=utf-8")


def dataset(ask: Ask) -> Page:
    """https://schema.org/Dataset, as catalogues of data sets read it."""
    return Page(body=_json(described(ask, counts(ask))), kind="application/ld+json; charset=utf-8")


def described(ask: Ask, known: Mapping[str, object]) -> dict[str, object]:
    """What the home page says of itself to programs; `known` is what `counts` tells."""
    database = {
        "@type": "DataDownload",
        "name": f"{ask.database}.db",
        "encodingFormat": "application/vnd.sqlite3",
        "contentUrl": _at(ask, f"/{ask.database}.db"),
        "sha256": ask.digest,
    }
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": TITLE,
        "alternateName": "政府信息公开工作年度报告数据档案",
        "description": ABOUT,
        "url": _at(ask, "/"),
        "license": LICENCE["license_url"],
        "isAccessibleForFree": True,
        "inLanguage": ["zh-CN", "en"],
        "dateModified": ask.built,
        "temporalCoverage": f"{known['first'] or '..'}/{known['last'] or '..'}",
        "spatialCoverage": {"@type": "Place", "name": "China"},
        "distribution": [
            database,
            *(
                {
                    "@type": "DataDownload",
                    "name": table.name,
                    "description": table.en,
                    "encodingFormat": "text/csv",
                    "contentUrl": _csv(ask, table),
                }
                for table in tables()
                if table.exported
            ),
        ],
    }


def _csv(ask: Ask, table: Table) -> str:
    return _at(ask, f"/{ask.database}/{table.name}.csv", _stream="on")


def _at(ask: Ask, path: str, **query: object) -> str:
    return ask.origin + ask.url(path, **query)


def _json(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)
