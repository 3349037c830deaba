"""An explanation as a person reads it in a terminal, top to bottom."""

from __future__ import annotations

from collections.abc import Iterator

from archive.digest import side
from archive.explain import Earlier, Explanation, Ruled, TakesPart

STATUS = {
    "holds": "holds",
    "holds_if_blank_is_zero": "holds, an empty cell counted as 0",
    "broken": "BROKEN",
    "undecided": "undecided",
}


def told(found: Explanation) -> Iterator[str]:
    """Line by line."""
    value = found.value if found.value is not None else f"no number ({found.state})"
    column = f" / {found.column}" if found.column else ""
    yield f"{found.agency} {found.year or ''} · {found.indicator}{column} = {value} {found.unit}"
    if found.as_of:
        yield f"  as of     {found.as_of}"
    yield f"  printed   {found.raw!r} beside {found.label!r}"
    place = ", ".join(f"{name} {part}" for name, part in found.at.items())
    yield f"  cell      {place} (counted from 0), section {found.section} of form {found.form}"
    unit = {"form": "the form's, none is printed", "": "none"}
    yield f"  unit      {unit.get(found.unit_from, f'printed in the {found.unit_from}')}"
    yield f"  page      {found.url}"
    yield f"  capture   {found.capture}, fetched {found.fetched_at}"
    yield f"  sha256    {found.sha256}"
    yield f"  read by   parser {found.parser[:12]}, in run {found.run}"
    copies = "other copy" if found.rivals == 1 else "other copies"
    others = f"; {found.rivals} {copies}" if found.rivals else ""
    yield f"  report    {found.report}, {found.scope}: {found.chosen_because}{others}"
    for code, severity, detail in found.problems:
        yield f"  {severity:<9} {code}: {detail}"
    yield from (f"  ruling    {_ruling(each)}" for each in found.rulings)
    yield from (f"  check     {_check(each)}" for each in found.checks)
    if not found.history:
        yield "  history   never read otherwise"
    for each in found.history:
        yield f"  history   {_earlier(each)}"
        yield f"            {_evidence(each)}"


def _ruling(ruled: Ruled) -> str:
    what = "as printed" if ruled.kind == "confirmation" else side(ruled.value, ruled.state)
    return f"{ruled.id} ({ruled.standing}): {what}, says {ruled.by}, {ruled.decided}: {ruled.why}"


def _check(part: TakesPart) -> str:
    per = f" {part.per}" if part.per else ""
    year = f" with {part.with_year}" if part.with_year else ""
    fails = " does not hold" if part.status == "broken" else ""
    sides = f"({part.lhs or '?'} {part.relation} {part.rhs or '?'}{fails})"
    excuse = f"; soft: {part.excuse}" if part.excuse else ""
    return f"{part.id}{per}{year}: {STATUS[part.status]} {sides}{excuse}"


def _evidence(change: Earlier) -> str:
    """Which page and which parser, before and after: one of them is why the number moved."""
    page = _moved("page", change.old_sha256, change.new_sha256)
    return f"{page}; {_moved('parser', change.old_parser, change.new_parser)}"


def _moved(what: str, old: str, new: str) -> str:
    return f"same {what} {old[:12]}" if old == new else f"{what} {old[:12]} -> {new[:12]}"


def _earlier(change: Earlier) -> str:
    who = {"source": "the portal", "parser": "our parser", "patch": "a ruling"}[change.cause]
    why = f": {change.reason}" if change.reason else ""
    return (
        f"{change.at[:10]} run {change.run}, {side(change.old, change.old_state)} -> "
        f"{side(change.new, change.new_state)} by {who} ({change.kind}){why}"
    )
