"""The command line of this room, a module a topic; heavy imports wait inside the verbs."""

from __future__ import annotations

import click

from . import exchanging, fixtures, keeping, publishing, reading

VERBS: tuple[click.Command, ...] = (
    *reading.VERBS,
    *publishing.VERBS,
    *keeping.VERBS,
    *exchanging.VERBS,
    *fixtures.VERBS,
)
