"""The routes of the site: who may see it, in which language, from which build, and what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response

from archive.site import look
from archive.site.asking import Ask, Missing, Page
from archive.site.headers import OURS, POLICY
from archive.site.published import Published, digest, published
from archive.site.words import COOKIE, LANGUAGES, Language, language_of, say
from archive.sqlite import sqlite3

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette

Build = Callable[[Ask], Page]
ONE_YEAR = 31_536_000
TIME_LIMIT_MS = 4_000  # for all queries of one page


class Busy(Exception):
    """The queries of a page took too long."""


class Outdated(Exception):
    """The published file lacks a table or column that a page of this version asks for."""


def view(build: Build) -> Callable[..., Any]:
    """A Datasette view out of a page."""

    async def answer(datasette: Datasette, request: Request) -> Response:
        found = published(datasette)
        if found is None:
            return Response.text("not found", status=404)
        await _permitted(datasette, request, found.name)
        language = _language(request)
        tag = _tag(found, request, language)
        if request.headers.get("if-none-match") == tag:
            return _told(Response(b"", status=304), request, {"ETag": tag})
        try:
            page = await _built(datasette, request, found, language, build)
        except Missing:
            return _failed(datasette, request, language, "missing", 404)
        except Busy:
            return _failed(datasette, request, language, "busy", 503)
        except Outdated:
            return _failed(datasette, request, language, "outdated", 503)
        return _told(_response(page, datasette, request, language), request, {"ETag": tag})

    return answer


async def _permitted(datasette: Datasette, request: Request, database: str) -> None:
    """What a private instance hides from Datasette's pages is hidden from these."""
    if hasattr(datasette, "ensure_permission"):
        from datasette.resources import DatabaseResource  # type: ignore[import-not-found,unused-ignore]

        resource = DatabaseResource(database)
        await datasette.ensure_permission(
            action="view-database", resource=resource, actor=request.actor
        )
    else:
        wanted = [("view-database", database), "view-instance"]
        await datasette.ensure_permissions(request.actor, wanted)


def _language(request: Request) -> Language:
    return language_of(
        request.args.get("lang") or "",
        request.cookies.get(COOKIE, ""),
        request.headers.get("accept-language", ""),
    )


def _tag(found: Published, request: Request, language: str) -> str:
    asked = f"{found.stamp}|{look.version()}|{language}|{request.host}|{request.full_path}"
    return f'W/"{hashlib.sha256(asked.encode()).hexdigest()[:24]}"'


async def _built(
    datasette: Datasette, request: Request, found: Published, language: Language, build: Build
) -> Page:
    def run(connection: sqlite3.Connection) -> Page:
        ask = Ask(
            db=connection,
            data=found.path.parent,
            database=found.name,
            language=language,
            path=request.url_vars,
            args={name: request.args.get(name) or "" for name in request.args},
            root=datasette.urls.path,
            origin=f"{request.scheme}://{request.host}",
            address=_address(request),
            built=found.built,
            digest=digest(found.path),
        )
        with sqlite_timelimit(connection, TIME_LIMIT_MS):
            return _finished(build(ask), ask)

    try:
        page: Page = await datasette.get_database(found.name).execute_fn(run)
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise Busy from error
        if str(error).startswith(("no such table", "no such column")):
            raise Outdated from error
        raise
    return page


def _address(request: Request) -> str:
    """As it is cited: whoever follows it chooses a language of their own."""
    asked = {name: request.args.get(name) for name in request.args if name != "lang"}
    query = _joined(asked)
    return f"{request.scheme}://{request.host}{request.path}" + (f"?{query}" if query else "")


def _finished(page: Page, ask: Ask) -> Page:
    """Rendered in the thread that read it, so that the event loop stays free."""
    if not page.template:
        return page
    body = look.render(page.template, **common(ask), **page.values)
    return Page(body=body, kind=page.kind, headers=page.headers)


def common(ask: Ask) -> dict[str, object]:
    """What every template may use."""
    return {
        "t": ask.say,
        "code": ask.code,
        "name": ask.name,
        "case": ask.case,
        "url": ask.url,
        "lang": ask.language,
        "asked": ask.args,
        "database": ask.database,
        "origin": ask.origin,
        "address": ask.address,
        "built": ask.built,
        "digest": ask.digest,
        "asset": lambda name: ask.url(f"/-/gongkai/static/{look.asset(name)[1]}/{name}"),
        "here": lambda **query: "?" + _joined({**ask.args, **query}),
    }


def _joined(query: Mapping[str, object]) -> str:
    from urllib.parse import urlencode

    return urlencode({name: value for name, value in query.items() if value not in ("", None)})


def _response(page: Page, datasette: Datasette, request: Request, language: Language) -> Response:
    return Response(page.body, headers=dict(page.headers), content_type=page.kind)


def _told(response: Response, request: Request, headers: Mapping[str, str]) -> Response:
    """Caching, policy, and the language that was just chosen."""
    given = {name.lower() for name in response.headers}
    for name, value in (
        (POLICY, OURS),
        ("cache-control", "no-cache"),
        ("vary", "Cookie, Accept-Language"),
    ):
        if name not in given:
            response.headers[name] = value
    response.headers |= headers
    chosen = request.args.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=ONE_YEAR, samesite="lax")
    return response


def _failed(
    datasette: Datasette, request: Request, language: Language, what: str, status: int
) -> Response:
    def home(path: str = "/", **_: object) -> str:
        return str(datasette.urls.path(path))

    body = look.render(
        "failed.html",
        t=lambda name, **values: say(language, name, **values),
        url=home,
        lang=language,
        asked={},
        origin="",
        database="",
        what=what,
        asset=lambda name: home(f"/-/gongkai/static/{look.asset(name)[1]}/{name}"),
        here=lambda **query: "?" + _joined(query),
    )
    answer = Response(body, status=status, content_type="text/html; charset=utf-8")
    return _told(answer, request, {"cache-control": "no-store"})


async def static(request: Request) -> Response:
    """The style sheet and the script, under a name that changes with their content."""
    name = request.url_vars["name"]
    try:
        content, _ = look.asset(name)
    except KeyError:
        return Response.text("not found", status=404)
    kind = look.TYPES.get(Path(name).suffix, "application/octet-stream")
    forever = {"cache-control": f"public, max-age={ONE_YEAR}, immutable"}
    return Response(content, headers=forever, content_type=kind)
