"""The Datasette plugin, on the stable version and on 1.0: silent without a published archive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from markupsafe import Markup

from archive.search import escape_fts
from archive.site import queries
from archive.site.door import static, view
from archive.site.headers import App, with_headers
from archive.site.look import asset
from archive.site.published import capture_names, published
from archive.site.ready import description, know, prepare
from archive.site.routes import PAGES
from archive.sqlite import sqlite3

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette

CELL = ("section", "indicator", "column", "seq")
SAID = ("title", "description", "license", "license_url", "source", "source_url")


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]  # else Datasette's own function of this name wins
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register `escape_fts` on every connection."""
    conn.create_function("escape_fts", 1, escape_fts)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """The pages, before Datasette's own."""
    if published(datasette) is None:
        return []
    assets = (r"/-/gongkai/static/[0-9a-f]{12}/(?P<name>[\w.]+)$", static)
    return [*((address, view(build)) for address, build in PAGES.items()), assets]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Headers on every answer."""
    return with_headers if published(datasette) is not None else lambda app: app


@hookimpl  # type: ignore[untyped-decorator]
def extra_css_urls(datasette: Datasette) -> list[str]:
    """A little of our look on Datasette's own pages."""
    if published(datasette) is None:
        return []
    return [datasette.urls.path(f"/-/gongkai/static/{asset('datasette.css')[1]}/datasette.css")]


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Datasette) -> dict[str, object]:
    """Whether the pages of the site exist, for our bar above Datasette's pages."""
    return {"gongkai_site": published(datasette) is not None}


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(
    row: Any, value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """In any table or answer a report's number and a printed value lead to the report."""
    if value is None or not _leads(datasette, database):
        return None
    names = set(row.keys())
    plain, label = _expanded(value)
    if column == "report_id" or (table == "reports" and column == "id"):
        return _link(datasette, f"/report/{plain}", label) if str(plain).isdigit() else None
    if column == "raw" and {"report_id", *CELL} <= names:
        place = ".".join(str(_expanded(row[part])[0]) for part in CELL)
        number, _ = _expanded(row["report_id"])
        return _link(datasette, f"/report/{number}?cell={place}#proof", label or "∅")
    return None


def _expanded(value: object) -> tuple[object, object]:
    """Datasette hands over a foreign key with its label as a dict."""
    if isinstance(value, dict) and "value" in value:
        return value["value"], value.get("label", value["value"])
    return value, value


def _leads(datasette: Datasette, database: str) -> bool:
    found = published(datasette)
    return found is not None and found.name == database


def _link(datasette: Datasette, path: str, text: object) -> Markup:
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(path), text)


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Datasette) -> dict[str, object]:
    """Stable Datasette: descriptions, units and stored queries; local metadata wins."""
    found = published(datasette)
    return description(datasette, found) if found is not None else {}


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Hides captures, makes ready; 1.0 keeps descriptions and questions in its own database."""

    async def started() -> None:
        found = published(datasette)
        if found is None:
            return
        for name in capture_names(datasette):
            datasette.remove_database(name)
        prepare()
        await know(datasette, found)
        if hasattr(datasette, "add_query"):
            await _describe(datasette, found.name, description(datasette, found))

    return started


async def _describe(datasette: Datasette, name: str, said: Any) -> None:
    described = said["databases"][name]
    _configure(datasette, name, described["tables"])
    for key in SAID:
        await datasette.set_instance_metadata(key, said[key])
        if key in described:
            await datasette.set_database_metadata(name, key, described[key])
    for table, told in described["tables"].items():
        await _describe_table(datasette, name, table, told)
    for query, stored in queries().items():
        await datasette.add_query(
            name,
            query,
            stored["sql"].strip(),
            title=stored["title"],
            description=stored["about"],
            is_trusted=True,
            source="gongkai",
        )


async def _describe_table(datasette: Datasette, name: str, table: str, told: Any) -> None:
    for key, value in told.items():
        if isinstance(value, str):
            await datasette.set_resource_metadata(name, table, key, value)
    for column, value in told.get("columns", {}).items():
        await datasette.set_column_metadata(name, table, column, "description", value)


CONFIGURED = ("facets", "sort", "sort_desc", "label_column", "hidden", "fts_table", "fts_pk")


def _configure(datasette: Datasette, name: str, described: Any) -> None:
    """How tables are shown is configuration in 1.0; what the user configured wins."""
    databases = datasette.config.setdefault("databases", {})
    tables = databases.setdefault(name, {}).setdefault("tables", {})
    for table, told in described.items():
        ours = {key: told[key] for key in CONFIGURED if key in told}
        tables[table] = ours | tables.get(table, {})
