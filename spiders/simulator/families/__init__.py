"""CMS families: each turns a report column into a site."""

from __future__ import annotations

from collections.abc import Callable

from spiders.simulator.column import Column
from spiders.simulator.site import Site

from . import finecms, trs

BUILDERS: dict[str, Callable[[Column], Site]] = {"finecms": finecms.build, "trs": trs.build}
