"""The sample portals together: start them, ask what is true, edit them, judge the visitors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from .column import column
from .families import BUILDERS, DIALECTS, DRAWN, dialect_site
from .faults import Fault
from .judge import Judgement, Request
from .model import Edit, Printed, Row, Truth
from .server import HostServer
from .site import Site

PORTALS = ("jian", "haitan")
COUNTRY = tuple(DIALECTS)  # one more portal a family


class World:
    """Portals that exist only on this machine; the same seed gives the same bytes."""

    def __init__(self, seed: int = 2024, portals: Sequence[str] = PORTALS) -> None:
        self.seed = seed
        self.portals = tuple(portals)
        self.edition = 1
        self.sites = self._sites(1)
        self._servers: dict[str, HostServer] = {}

    def _sites(self, edition: int) -> Mapping[str, Site]:
        return {portal: self._site(portal, edition) for portal in self.portals}

    def _site(self, portal: str, edition: int) -> Site:
        if portal in DIALECTS or portal in DRAWN:
            return dialect_site(portal, self.seed, edition)
        one = column(portal, self.seed, edition)
        return BUILDERS[one.host.family](one)

    @contextmanager
    def start(self, port: int = 0) -> Iterator[World]:
        """Serve every portal on its own loopback address until the block ends."""
        try:
            for portal, site in self.sites.items():
                self._servers[portal] = HostServer(site, port)
                self._servers[portal].open()
            yield self
        finally:
            for server in self._servers.values():
                server.close()
            self._servers = {}

    def base(self, portal: str) -> str:
        """Scheme, host and port of a running portal, without a slash at the end."""
        return self._servers[portal].base

    def truth(self) -> tuple[Truth, ...]:
        """Every report that a polite crawler can find now."""
        return tuple(truth for site in self.sites.values() for truth in site.truth)

    def rows(self) -> tuple[Row, ...]:
        """Every row of the report columns as they stand now, noise included."""
        return tuple(row for site in self.sites.values() for row in site.rows)

    def edit(self) -> tuple[Edit, ...]:
        """What the portals do between two crawls; a second call changes nothing more."""
        before = {(truth.portal, truth.path): truth for truth in self.truth()}
        self.edition = 2
        self.sites = self._sites(2)
        for portal, server in self._servers.items():
            server.site = self.sites[portal]
        return tuple(edit for portal in self.portals for edit in self._edits(portal, before))

    def _edits(self, portal: str, before: Mapping[tuple[str, str], Truth]) -> Iterator[Edit]:
        site = self.sites[portal]
        for truth in site.truth:
            old = before.get((portal, truth.path)) or _twin(truth, before)
            if old.path != truth.path:
                yield Edit(portal=portal, path=old.path, kind="republished", new_path=truth.path)
            elif site.pages[truth.path].volatile:
                yield Edit(portal=portal, path=old.path, kind="volatile", new_path=old.path)
            yield from _changes(old, truth)

    def registry_toml(self) -> str:
        """A portals file for the running servers."""
        return "\n".join(self._entry(portal) for portal in self.portals)

    def _entry(self, portal: str) -> str:
        site, base = self.sites[portal], self.base(portal)
        columns = ", ".join(f'"{base}{path}"' for path in site.columns)
        host = site.host
        fields = {
            "id": host.id,
            "name": host.name,
            "region": host.region,
            "level": host.level,
            "agency": host.agency,
            "home": f"{base}/",
        }
        lines = [f'{name} = "{value}"' for name, value in fields.items()]
        lines += [f"columns = [{columns}]", f'family = "{host.family}"', "hosts = []"]
        lines += [
            f"since = {host.since}",
            f"delay = {host.delay}",
            'status = "ok"',
            'note = "sample portal on loopback"',
        ]
        return "\n".join(["[[portal]]", *lines, ""])

    def set_faults(self, portal: str, *faults: Fault) -> None:
        """From now on these faults and no others; none puts the host in order again."""
        self._servers[portal].set_faults(faults)

    def requests(self, portal: str = "") -> tuple[Request, ...]:
        """The logs of all hosts, or of one, in the order of arrival."""
        servers = (s for name, s in self._servers.items() if portal in ("", name))
        return tuple(request for server in servers for request in server.judge.requests())

    def judgement(self) -> Mapping[str, Judgement]:
        """How every host was treated since the start, or since `forget`."""
        return {portal: server.judge.judgement() for portal, server in self._servers.items()}

    def forget(self) -> None:
        """Empty the logs, as for the next crawl."""
        for server in self._servers.values():
            server.judge.clear()


def _twin(truth: Truth, before: Mapping[tuple[str, str], Truth]) -> Truth:
    """The same report under its earlier address."""
    same = (truth.portal, truth.agency, truth.year, truth.edition)
    found = (t for t in before.values() if (t.portal, t.agency, t.year, t.edition) == same)
    return next(found)


def _changes(old: Truth, new: Truth) -> Iterator[Edit]:
    for was, now in zip(old.facts, new.facts, strict=True):
        if was != now:
            yield _edited(old, new, was, now)


def _edited(old: Truth, new: Truth, was: Printed, now: Printed) -> Edit:
    return Edit(
        portal=old.portal,
        path=old.path,
        kind="edited",
        new_path=new.path,
        indicator=was.indicator,
        column=was.column,
        old=was.value,
        new=now.value,
    )
