"""The portals: one TOML entry each, refused at load when anything in it cannot be meant."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from parsers.errors import RegistryError

from . import fields
from .addresses import allowed, host_of, host_port, is_loopback, party
from .families import FAMILIES
from .fields import Level, Status
from .pagers import PAGERS

_T = TypeVar("_T")

FOLDER = Path(__file__).with_name("portals")
MIN_DELAY = 1.0
# How to reach a host over https, from the strictest down. The last is never tried unasked.
LEGS = ("modern", "p256", "legacy", "unverified")
_CRAWLED = ("unverified", "ok", "unreachable")
_REQUIRED = ("id", "name", "region", "level", "agency", "home", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """Where one agency publishes. `home` is empty while its host is not confirmed."""

    id: str
    name: str
    region: str
    level: Level
    agency: str
    home: str
    columns: tuple[str, ...] = ()
    family: str = "auto"
    hosts: tuple[str, ...] = ()
    since: int = 2008
    status: Status = "unverified"
    note: str = ""
    delay: float | None = None  # seconds between requests; None is the default of the crawl
    pager: str = ""  # named only where sniffing must not decide
    site_code: str = ""  # 网站标识码
    daily: int | None = None  # requests a host and day; None is the default of the crawl
    hours: str = ""  # "22-6": by China's clock, when the hosts may be visited; empty is always
    tls: str = ""  # the leg to begin with, see spiders/tls.py; empty is the strictest

    @property
    def crawlable(self) -> bool:
        return bool(self.home) and self.status in _CRAWLED

    @property
    def on_loopback(self) -> bool:
        return all(map(is_loopback, self.host_names()))

    def owns(self, url: str) -> bool:
        """Whether `url` lies within the hosts of this portal."""
        return allowed(url, self.home, self.hosts)

    def parties(self) -> frozenset[str]:
        """Those whose turns, delays and blocks are this portal's."""
        return frozenset({party(self.home), *(party(f"http://{one}") for one in self.hosts)})

    def host_names(self) -> frozenset[str]:
        """Every host of the portal, without ports."""
        names = (host_port(entry).rpartition(":")[0] for entry in self.hosts)
        return frozenset({host_of(self.home), *names} - {""})


_NAMES = tuple(field.name for field in dataclasses.fields(Portal))


def load(path: Path | None = None) -> tuple[Portal, ...]:
    """All portals of the shipped files, or those of one file; RegistryError names the fault."""
    files = [path] if path else sorted(FOLDER.glob("*.toml"))
    portals: list[Portal] = []
    seen: dict[str, Path] = {}
    for file in files:
        for portal in _read(file):
            if portal.id in seen:
                raise _fault(file, portal.id, "id", f"is taken already, in {seen[portal.id]}")
            seen[portal.id] = file
            portals.append(portal)
    return tuple(portals)


def select(portals: Sequence[Portal], ids: Sequence[str]) -> tuple[Portal, ...]:
    """The portals of these ids, in their order; all when none is named."""
    known = {portal.id: portal for portal in portals}
    for name in ids:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f", perhaps {near[0]}" if near else ""
            raise RegistryError(f"there is no portal {name!r}{hint}")
    return tuple(known[name] for name in dict.fromkeys(ids)) or tuple(portals)


def check_delay(delay: float, portals: tuple[Portal, ...]) -> None:
    """A delay from the command line obeys the same bounds as one of an entry."""
    try:
        fields.delay(delay)
    except ValueError as error:
        raise RegistryError(f"delay {error}") from error
    public = next((portal.id for portal in portals if not portal.on_loopback), None)
    if delay < MIN_DELAY and public:
        raise RegistryError(f"delay under {MIN_DELAY:g} s is for loopback hosts, not for {public}")


def _read(file: Path) -> Iterator[Portal]:
    try:
        data: dict[str, object] = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise RegistryError(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise RegistryError(f"{file}: is no TOML file: {reason}") from error
    entries = data.pop("portal", None)
    if data:
        raise RegistryError(f"{file}: unknown key {min(data)!r} outside of [[portal]]")
    if not isinstance(entries, list) or not entries:
        raise RegistryError(f"{file}: holds no [[portal]] entry")
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise RegistryError(f"{file}: portal number {number} is not a table")
        yield _portal(_Entry(file, number, entry))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One table of a file; every fault found in it names file, entry and field."""

    file: Path
    number: int
    values: Mapping[str, object]

    @property
    def name(self) -> str:
        label = self.values.get("id")
        return label if isinstance(label, str) and label else f"number {self.number}"

    def fault(self, field: str, reason: object) -> RegistryError:
        return _fault(self.file, self.name, field, reason)

    def take(self, field: str, convert: Callable[[object], _T], default: _T) -> _T:
        try:
            return convert(self.values[field]) if field in self.values else default
        except ValueError as error:
            raise self.fault(field, error) from error


def _fault(file: Path, entry: str, field: str, reason: object) -> RegistryError:
    return RegistryError(f"{file}: portal {entry}: {field} {reason}")


def _portal(entry: _Entry) -> Portal:
    for key in entry.values:
        if key not in _NAMES:
            raise entry.fault(key, "is no field of a portal")
    for key in _REQUIRED:
        if key not in entry.values:
            raise entry.fault(key, "is missing")
    portal = Portal(
        id=entry.take("id", fields.slug, ""),
        name=entry.take("name", fields.filled, ""),
        region=entry.take("region", fields.region, ""),
        level=entry.take("level", fields.level, "county"),
        agency=entry.take("agency", fields.filled, ""),
        home=entry.take("home", fields.home, ""),
        columns=entry.take("columns", fields.urls, ()),
        family=entry.take("family", partial(fields.choice, choices=("auto", *FAMILIES)), "auto"),
        hosts=entry.take("hosts", fields.hosts, ()),
        since=entry.take("since", fields.since, 2008),
        status=entry.take("status", fields.status, "unverified"),
        note=entry.take("note", fields.text, ""),
        delay=entry.take("delay", fields.delay, None),
        pager=entry.take("pager", partial(fields.choice, choices=("", *PAGERS)), ""),
        site_code=entry.take("site_code", fields.site_code, ""),
        daily=entry.take("daily", fields.daily, None),
        hours=entry.take("hours", fields.hours, ""),
        tls=entry.take("tls", partial(fields.choice, choices=("", *LEGS)), ""),
    )
    for key, reason in _contradictions(portal):
        raise entry.fault(key, reason)
    return portal


def _contradictions(portal: Portal) -> Iterator[tuple[str, str]]:
    if not portal.home and portal.columns:
        yield "columns", "stand there, but home is empty"
    if not portal.home and portal.status == "ok":
        yield "status", "cannot be ok while home is empty"
    for column in portal.columns:
        if not portal.owns(column):
            yield "columns", f"hold {column!r}, outside of home and hosts"
    if not portal.region and portal.level != "central":
        yield "region", "is empty, which only level central allows"
    if portal.delay is not None and portal.delay < MIN_DELAY and not portal.on_loopback:
        yield "delay", f"is {portal.delay:g}, under {MIN_DELAY:g} s is for loopback hosts only"
