"""The fields of a registry entry: each converter returns the value, or says why it cannot be."""

from __future__ import annotations

import math
import re
from typing import Literal, TypeVar, get_args

from .addresses import address, host_port, is_private, split

Level = Literal["central", "province", "prefecture", "county", "department"]
Status = Literal["unverified", "ok", "blocked", "unreachable", "moved", "closed"]

_Text = TypeVar("_Text", bound=str)

MAX_DELAY = 3600.0
_LEVELS: tuple[Level, ...] = get_args(Level)
_STATUSES: tuple[Status, ...] = get_args(Status)
# GB/T 2260: the first two digits of a mainland code
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]")


def text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {value!r}, not a text")
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise ValueError("holds a control character")
    return value


def filled(value: object) -> str:
    if not text(value).strip():
        raise ValueError("is empty")
    return text(value)


def slug(value: object) -> str:
    return _shaped(value, r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters, digits and dashes")


def region(value: object) -> str:
    code = _shaped(value, r"([1-9][0-9]{5})?", "a GB/T 2260 code of six digits")
    if code and not _PROVINCES.match(code):
        raise ValueError(f"is {code!r}, but no province has the code {code[:2]}")
    return code


def site_code(value: object) -> str:
    return _shaped(value, r"([0-9]{10}|bm[0-9]{8})?", "the ten characters of a site code")


def _shaped(value: object, pattern: str, wanted: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise ValueError(f"is {value!r}, not {wanted}")
    return value


def url(value: object) -> str:
    """A URL that a crawl may start from."""
    if not isinstance(value, str):
        raise ValueError(f"is {value!r}, not a text")
    parts = split(value)
    if parts is None or re.search(r"[\s\\]", value) or not parts.path.startswith("/"):
        raise ValueError(f"is {value!r}, not a complete http or https URL")
    if parts.username is not None or parts.fragment:
        raise ValueError(f"is {value!r}, with a user name or a fragment")
    _refuse_private(parts.hostname or "")
    return value


def home(value: object) -> str:
    return "" if value == "" else url(value)


def urls(value: object) -> tuple[str, ...]:
    found = tuple(map(url, _items(value, "URLs")))
    if len(found) != len(set(found)):
        raise ValueError("name a URL twice")
    return found


def hosts(value: object) -> tuple[str, ...]:
    return tuple(map(_host, _items(value, "host names")))


def _host(value: object) -> str:
    if not isinstance(value, str) or re.search(r"[/@?#\s\\]", value) or not host_port(value):
        raise ValueError(f"hold {value!r}, not a host name")
    _refuse_private(host_port(value).rpartition(":")[0])
    return value


def _refuse_private(host: str) -> None:
    found = address(host)
    if found is not None and is_private(found) and not found.is_loopback:
        raise ValueError(f"leads to the private address {host}")


def _items(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"is {value!r}, not a list of {what}")
    return value


def since(value: object) -> int:
    if type(value) is not int or not 2003 <= value <= 2100:
        raise ValueError(f"is {value!r}, not a year from 2003 to 2100")
    return value


def delay(value: object) -> float:
    """Seconds; whether so few are allowed depends on the hosts."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise ValueError(f"is {value!r}, not a number of seconds")
    if not 0 <= value <= MAX_DELAY:
        raise ValueError(f"is {value!r}, not from 0 to {MAX_DELAY:g} seconds")
    return float(value)


def daily(value: object) -> int:
    """Requests a host and day."""
    if type(value) is not int or not 1 <= value <= 1_000_000:
        raise ValueError(f"is {value!r}, not a number of requests from 1 to 1000000")
    return value


def hours(value: object) -> str:
    """The window of the day, by China's clock, in which a host may be visited."""
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text(value), re.ASCII)
    if value and (found is None or max(map(int, found.groups())) > 24):
        raise ValueError(f"is {value!r}, not a window such as 22-6")
    return text(value)


def level(value: object) -> Level:
    return _one_of(value, _LEVELS)


def status(value: object) -> Status:
    return _one_of(value, _STATUSES)


def choice(value: object, choices: tuple[str, ...]) -> str:
    return _one_of(value, choices)


def _one_of(value: object, choices: tuple[_Text, ...]) -> _Text:
    found = next((choice for choice in choices if choice == value), None)
    if found is None:
        raise ValueError(f"is {value!r}, not one of {', '.join(filter(None, choices))}")
    return found
