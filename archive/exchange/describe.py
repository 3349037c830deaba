"""The one dictionary in the words of others: Frictionless, Croissant, DCAT."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from archive.dictionary import Column, Table
from archive.site import ABOUT, LICENCE, TITLE

TYPES = {"INTEGER": "integer", "REAL": "number", "TEXT": "string", "ANY": "number"}
CROISSANT = {
    "INTEGER": "sc:Integer",
    "REAL": "sc:Float",
    "TEXT": "sc:Text",
    "ANY": "sc:Float",
}
LICENCE_ID = "CC-BY-4.0"
CONTEXT: Mapping[str, object] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


@dataclass(frozen=True, slots=True)
class File:
    """A table as it was written."""

    table: Table
    name: str
    size: int
    sha256: str
    rows: int


def _said(of: Table | Column) -> str:
    unit = f" ({of.unit})" if isinstance(of, Column) and of.unit else ""
    return f"{of.zh} · {of.en}{unit}"


def datapackage(files: Sequence[File], updated: str) -> dict[str, object]:
    """https://specs.frictionlessdata.io/data-package/"""
    return package([_resource(file) for file in files], updated)


def package(resources: Sequence[Mapping[str, object]], updated: str) -> dict[str, object]:
    """What is said of all resources together."""
    return {
        "profile": "tabular-data-package",
        "name": "gongkai",
        "title": TITLE,
        "description": ABOUT,
        "version": version("gongkai"),
        "created": updated,
        "licenses": [{"name": LICENCE_ID, "path": LICENCE["license_url"]}],
        "sources": [{"title": LICENCE["source"], "path": LICENCE["source_url"]}],
        "resources": list(resources),
    }


def _resource(file: File) -> dict[str, object]:
    written = {"bytes": file.size, "hash": f"sha256:{file.sha256}"}
    return resource(file.table, file.name) | written


def resource(table: Table, path: str) -> dict[str, object]:
    """A table as CSV at some path or address."""
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path,
        "description": _said(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, object]:
    fields = [
        {"name": c.name, "type": TYPES[c.type], "title": c.zh, "description": _said(c)}
        | ({"unit": c.unit} if c.unit else {})
        for c in table.columns
    ]
    keys = [
        {"fields": [c.name], "reference": {"resource": owner, "fields": [name]}}
        for c in table.columns
        if c.references
        for owner, name in [c.references.split(".")]
    ]
    schema: dict[str, object] = {
        "fields": fields,
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    return schema | ({"foreignKeys": keys} if keys else {})


def croissant(files: Sequence[File], updated: str) -> dict[str, object]:
    """https://docs.mlcommons.org/croissant/docs/croissant-spec.html"""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "gongkai",
        "description": ABOUT,
        "license": LICENCE["license_url"],
        "url": LICENCE["source_url"],
        "version": version("gongkai"),
        "datePublished": updated,
        "citeAs": TITLE,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.name,
                "name": file.name,
                "contentUrl": file.name,
                "encodingFormat": "text/csv",
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in files
        ],
        "recordSet": [_record_set(file) for file in files],
    }


def _record_set(file: File) -> dict[str, object]:
    name = file.table.name
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": _said(file.table),
        "key": [{"@id": f"{name}/{column}"} for column in file.table.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column.name}",
                "name": f"{name}/{column.name}",
                "description": _said(column),
                "dataType": CROISSANT[column.type],
                "source": {
                    "fileObject": {"@id": file.name},
                    "extract": {"column": column.name},
                },
            }
            for column in file.table.columns
        ],
    }


def dcat(files: Sequence[File], updated: str) -> dict[str, object]:
    """https://www.w3.org/TR/vocab-dcat-3/"""
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": "dcat:Dataset",
        "dct:title": TITLE,
        "dct:description": ABOUT,
        "dct:license": {"@id": LICENCE["license_url"]},
        "dct:source": {"@id": LICENCE["source_url"]},
        "dct:modified": {"@type": "xsd:dateTime", "@value": updated},
        "dcat:version": version("gongkai"),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": file.table.name,
                "dct:description": _said(file.table),
                "dcat:downloadURL": {"@id": file.name},
                "dcat:mediaType": "text/csv",
                "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)},
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": file.sha256,
                },
            }
            for file in files
        ],
    }


DESCRIPTIONS: dict[str, Callable[[Sequence[File], str], dict[str, object]]] = {
    "datapackage.json": datapackage,
    "croissant.json": croissant,
    "dcat.jsonld": dcat,
}
