"""Whose report of which year a document is: every witness heard, disagreements recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from . import regions
from .headings import Named, best_title, titles
from .model import Document, Fact, Hints, Problem, Scope
from .problems import problem
from .titles import Title, body_in, judge, squeeze
from .witnesses import (
    Said,
    labelled_body,
    opening,
    periods,
    published,
    short_lines,
    signature,
    words,
    years,
)

_NOBODY = Said("", "", "")
_GLOSS = re.compile(r"[(（](?<=[一-鿿\s].)\s*[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\s*[)）]")
_OWN_HOST = re.compile(r"(?:^|\.)gov\.cn$|^localhost$|^\[?[\d.:a-f]+\]?$|\.(?:local|test|example)$")
_CHAPTERS_OF_A_REPORT = 3
_FEW_WORDS = 1000  # visible characters under which an error page is believed to be one


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`evidence` says for each field where it was read; nothing here comes from a URL's date."""

    title: str = ""
    agency: str = ""
    region_code: str = ""
    year: int | None = None
    scope: Scope = "unknown"
    edition: str = ""
    published: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the witnesses say that does not wait for the tables; heard once a document."""

    named: tuple[Named, ...]
    best: Named | None
    labelled: Said
    day: Said
    signed_by: Said
    signed_in: Said
    periods: tuple[Said, ...]

    @property
    def title(self) -> str:
        """The text that names the report best."""
        return self.best.text if self.best else ""


def hear(document: Document, hints: Hints) -> Heard:
    """Titles, labelled lines and the signature."""
    named = titles(document, hints)
    signed_by, signed_in = signature(document.blocks)
    lines = short_lines(document)
    return Heard(
        named=tuple(named),
        best=best_title(named),
        labelled=labelled_body(lines),
        day=published(document, hints, lines),
        signed_by=signed_by,
        signed_in=signed_in,
        periods=tuple(periods(document.blocks)),
    )


def preliminary_year(document: Document, hints: Hints, heard: Heard) -> int | None:
    """The year before the tables are read; every table is heard."""
    printed = years(document, heard.named, heard.periods, ())
    report = not printed and not hints.year and is_report(document, heard.title)[0]
    year, _ = _year(printed, hints, _dates(heard) if report else ())
    return int(year.value) if year.value else None


def _dates(heard: Heard) -> tuple[Said, Said]:
    """Dates in the year after the one reported on."""
    day = heard.day
    return heard.signed_in, Said(day.value[:4], day.source, day.text)


def identify(
    document: Document,
    facts: Sequence[Fact],
    hints: Hints,
    url: str,
    heard: Heard | None = None,
) -> Identity:
    """Title, body, region, year, scope, edition and date; problems only for what is a report."""
    heard = heard or hear(document, hints)
    best, day = heard.best, heard.day
    tables = sorted({fact.at.table for fact in facts if fact.at.table is not None})
    report = bool(facts) or is_report(document, heard.title)[0]
    dates = _dates(heard) if report else ()
    year, year_problems = _year(years(document, heard.named, heard.periods, tables), hints, dates)
    number = int(year.value) if year.value else None
    bodies = _bodies(document, heard, hints)
    region = _region(bodies[0].value if bodies else "", number, document, hints)
    scope = _scope(opening(document.blocks))
    said = {"published": day, "year": year, "region_code": region, "scope": scope}
    said["agency"] = bodies[0] if bodies else _NOBODY
    problems = [*year_problems, *_agency_problems(bodies, region, number), *_clone(document, url)]
    return Identity(
        title=best.text if best else "",
        agency=said["agency"].value,
        region_code=region.value,
        year=number,
        scope="consolidated"
        if scope.value == "consolidated"
        else "own"
        if scope.value
        else "unknown",
        edition=best.judged.edition if best else "",
        published=day.value,
        evidence=_evidence(said, best),
        problems=tuple(problems) if report else (),
    )


def is_report(document: Document, title: str) -> tuple[bool, str]:
    """Whether this is an annual report, by its title and by what it says; and why."""
    text = squeeze("".join(block.text for block in document.blocks))
    heads = squeeze(title + document.title)
    if not document.grids and (word := _error_word(heads, text)):
        return False, word
    judged = judge(title, column=document.meta("ColumnName"))
    if judged.kind in ("report", "revised"):
        return True, judged.reason
    cells = "".join(squeeze(cell.text) for grid in document.grids for cell in grid.cells)
    # The law on disclosure has the chapters too, so prose counts only where no title objects.
    heard = cells if title and judged.kind == "other" else text + cells
    chapters = [chapter for chapter in words()["chapters"] if chapter in heard]
    if len(chapters) >= _CHAPTERS_OF_A_REPORT and not _another_thing(judged):
        return True, "chapters of a report: " + ", ".join(chapters[:_CHAPTERS_OF_A_REPORT])
    return False, f"title {title[:60]!r}: {judged.reason}" if title else "no title, no chapters"


def _another_thing(judged: Title) -> bool:
    """An interpretation or a notice about reports has their chapters too."""
    return judged.kind == "other" and judged.reason.startswith("not a report")


def _error_word(heads: str, text: str) -> str:
    """The words of a page that is no document: not found, log in."""
    for name, says in (("soft_404", "page not found"), ("login", "login page")):
        found = [word for word in words()[name] if word in heads]
        if len(text) < _FEW_WORDS:
            found += [word for word in words()[name] if word in text and not word.isdigit()]
        if found and (name == "soft_404" or len(found) > 1 or found[0] in heads):
            return f"{says}: {found[0]}"
    return ""


def _year(printed: list[Said], hints: Hints, dates: Sequence[Said]) -> tuple[Said, list[Problem]]:
    """The most trusted printed year; else, under a warning, the list's or the one before a date."""
    if printed:
        chosen = printed[0]
        others = [said for said in printed[1:] if said.value != chosen.value]
        if hints.year and str(hints.year) != chosen.value:
            others.append(Said(str(hints.year), "list", hints.title))
        if not others:
            return chosen, []
        return chosen, [problem("year-differs", chosen=_says(chosen), others=_all_say(others))]
    if hints.year:
        found = Said(str(hints.year), "list", hints.title)
        return found, [problem("year-inferred", year=hints.year, reason="the list says so")]
    for said in dates:
        if said.value:
            before = str(int(said.value) - 1)
            reason = f"the year before {said.source} {said.text}"
            return Said(before, "inferred", reason), [
                problem("year-inferred", year=before, reason=reason)
            ]
    return _NOBODY, [problem("year-missing")]


def _bodies(document: Document, heard: Heard, hints: Hints) -> list[Said]:
    """Every body named for this report, the most trusted first."""
    named, best = heard.named, heard.best
    found = [Said(best.judged.agency, best.source, best.text)] if best else []
    found += [Said(each.judged.agency, each.source, each.text) for each in named if each.is_full]
    found += [heard.labelled]
    for meta in ("ContentSource", "Author"):
        found.append(Said(body_in(squeeze(document.meta(meta))), meta, document.meta(meta)))
    found += [heard.signed_by, Said(hints.agency, "list", hints.title), _site(document)]
    return [said for said in found if said.value]


def _site(document: Document) -> Said:
    """吉安市人民政府门户网站 is run by 吉安市人民政府."""
    name = squeeze(document.meta("SiteName"))
    tail = next((tail for tail in words()["site_tails"] if name.endswith(tail)), "")
    return Said(body_in(name.removesuffix(tail)), "SiteName", document.meta("SiteName"))


def _region(agency: str, year: int | None, document: Document, hints: Hints) -> Said:
    """The region at the head of the body's name; a body without one lies where the portal is."""
    site = document.meta("SiteIDCode")[:6]
    around = hints.region_code or (site if regions.by_code(site) else "")
    name = agency
    for central in words()["central"]:
        name = name.removeprefix(central)
    found = regions.in_text(name, year) or (
        regions.in_text(name, year, within=around) if around else None
    )
    if found:
        return Said(found.code, "agency", f"{agency}, {found.name}")
    if around and (not agency or agency[0] in "省市州县区旗盟" or not hints.agency):
        return Said(around, "list" if hints.region_code else "SiteIDCode", around)
    return _NOBODY


def _agency_problems(bodies: list[Said], region: Said, year: int | None) -> list[Problem]:
    """No body, or a text that speaks for a region that has nothing to do with the title's."""
    if not bodies:
        return [problem("agency-missing")]
    chosen = bodies[0]
    if not region.value:
        return [problem("region-unknown", text=chosen.value)]
    printed = [said for said in bodies if said.source not in ("SiteName", "list", "Author")]
    others = []
    for said in printed:
        other = regions.in_text(said.value, year)
        if other and not _kin(other.code, region.value):
            others.append(said)
    if not others or region.source != "agency":
        return []
    return [problem("agency-differs", chosen=_says(chosen), others=_all_say(others))]


def _kin(code: str, other: str) -> bool:
    return regions.is_within(code, other) or regions.is_within(other, code)


def _scope(text: str) -> Said:
    """Consolidated when the opening says it was put together from others' reports, own when it
    speaks of this office; a consolidating office may speak of itself, so that comes second."""
    for pattern in words()["consolidated"]:
        if found := re.search(pattern, text):
            return Said("consolidated", "opening", found[0])
    if found := re.search("|".join(words()["own"]), text):
        start = max(found.start() - 10, 0)
        return Said("own", "opening", text[start : found.end() + 20])
    return _NOBODY


def _clone(document: Document, url: str) -> list[Problem]:
    """Signs of copies on hijacked hosts: pinyin glosses, traditional characters, foreign host."""
    text = document.title + "".join([block.text for block in document.blocks])
    text += "".join([cell.text for grid in document.grids for cell in grid.cells])
    glosses = len(_GLOSS.findall(text))
    foreign = len(re.findall(f"[{words()['traditional'][0]}]", text))
    if glosses >= 3:
        return [problem("suspected-clone", reason=f"{glosses} pinyin glosses")]
    if foreign > 20 and foreign * 25 > len("".join(text.split())):
        return [problem("suspected-clone", reason=f"{foreign} traditional characters")]
    host = (urlsplit(url).hostname or "") if "//" in url else ""
    if host and not _OWN_HOST.search(host):
        reason = f"the host {host} is not under gov.cn"
        return [problem("suspected-clone", severity="info", reason=reason)]
    return []


def _evidence(said: Mapping[str, Said], best: Named | None) -> dict[str, str]:
    """Field -> where it was read, for the fields that were."""
    found = {name: each.evidence for name, each in said.items() if each.value}
    if best:
        found["title"] = best.source
        if best.judged.edition:
            found["edition"] = f"{best.source}: {best.judged.edition}"
    return dict(sorted(found.items()))


def _says(said: Said) -> str:
    return f"{said.source} says {said.value}"


def _all_say(others: Sequence[Said]) -> str:
    return ", ".join(dict.fromkeys(_says(said) for said in others))
