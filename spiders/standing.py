"""What one exchange says about its host: open, pausing, failing, or blocked."""

from __future__ import annotations

import time

from scrapy.http import Response

from parsers.classify import CAPTCHA_FOR_A_FILE
from parsers.model import Capture

from .addresses import party
from .hosts import Hosts
from .outcomes import HOST_FAULTS
from .retry import is_busy, retry_after


def note_answer(hosts: Hosts, capture: Capture, response: Response) -> None:
    """A challenge ends the visit, a plea for a pause is heard; a captcha shuts one file alone."""
    host = party(capture.url)
    if capture.outcome == "blocked" and CAPTCHA_FOR_A_FILE not in capture.error:
        hosts.block(host, f"a challenge under status {response.status}")
    elif is_busy(response.status):
        value = response.headers.get("Retry-After") or b""
        hosts.pause(host, retry_after(value.decode("latin-1"), time.time()))
    if response.status < 500:
        hosts.answer(host)
    else:
        hosts.error(host, capture.url, f"status {response.status}")


def note_failure(hosts: Hosts, capture: Capture) -> None:
    """A host that does not answer is left after a few tries."""
    if capture.outcome in HOST_FAULTS:
        hosts.error(party(capture.url), capture.url, f"{capture.outcome}: {capture.error}")
