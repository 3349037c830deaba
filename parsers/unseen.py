"""Where a reader of a page does not see a text as its markup has it: hidden, moved or drawn."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
STRONGEST = ("hidden", "generated", "turned", "pale", "apart", "beside")  # one veil an element
KINDS = (*STRONGEST, "noted", "drawn", "between")
OF_LINES = (*STRONGEST[:4], "beside", "cropped")  # what a whole line or cell may be
OF_RUNS = ("apart", "moved")  # what only a part of a line may be
CONTENT = re.compile(
    r"""content\s*:\s*(?:["']\s*(?!["'\\\s])[^;}]|(?!["'\s;\\]|none|normal)[^;}])|content[^;}]*\\0*3\d\b"""
)  # says something; an escape is the sign of an icon font, unless it is a digit
PSEUDO = re.compile("::?(?:before|after)$", re.I)
NOTHING = re.compile(r"[01](?:\.0*)?(?:px|pt|em|%)?")
SIZES = ("width", "min-width", "height", "max-width", "max-height", "line-height")
GROUND = ("background", "background-color")
CLASSES: Mapping[str, Sequence[str]] = _DATA["classes"]
NAMED = re.compile(
    rf'class="(?:[^"]* )?(?:{"|".join(name for names in CLASSES.values() for name in names)})[ "]'
)
DEFAULTS = (
    ",".join(f".{name}" for name in CLASSES["hidden"])
    + "{opacity:0}"
    + ",".join(f".{name}" for name in CLASSES["beside"])
    + "{vertical-align:super}"
)
DRAWN = frozenset(_DATA["drawn"]["tags"])
DIGIT = re.compile(_DATA["drawn"]["digit"], re.I)
FILLED = re.compile(
    r"""getElementById\(["']([\w-]+)["']\)\.(?:innerHTML|innerText|textContent|value)\s*="""
    r"""|\$\(["']#([\w-]+)["']\)\.(?:html|text|val)\((?!\s*\))"""
)
MOST_DIGITS = 3
THIN = 3  # pixels
SPACER = re.compile(r"(?:spacer|blank|pixel|transparent|empty|shim)[\w-]*\.(?:gif|png)", re.I)
NOTED = re.compile(r'[0-9][^<>]{0,3}(?:<(?!a )[^>]*>)*<a [^>]*href="#[^"]')


@dataclass(frozen=True, slots=True)
class Style:
    """A declaration that veils: `written` finds it in style sheets and attributes."""

    name: str
    kind: str
    value: re.Pattern[str]
    written: re.Pattern[str]
    signs: Sequence[str]


def _style(name: str, kind: str, value: str, signs: Sequence[str]) -> Style:
    written = re.compile(rf'{name}\s*:\s*(?:{value.replace(".*", "[^;]*")})\s*(?=[;!"}}\n]|$)')
    return Style(name, kind, re.compile(value), written, signs)


STYLES = tuple(_style(**each) for each in _DATA["style"])
NAMES = frozenset((*(style.name for style in STYLES), *SIZES, *GROUND, "generated"))
WHITE = next(style.value for style in STYLES if style.kind == "pale")
PALE = re.compile(rf'<font(?= )[^<>]* color="(?:{WHITE.pattern})"', re.I)
BY_NAME = {name: [style for style in STYLES if style.name == name] for name in NAMES}


def written_in(styles: str, kinds: Collection[str]) -> tuple[str, ...]:
    """Patterns of the veiling declarations among these, in lower case; most pages have none."""
    return tuple(
        style.written.pattern
        for style in STYLES
        if style.kind in kinds
        and any(sign in styles for sign in style.signs)
        and style.written.search(styles)
    )


def veil_of(values: Mapping[str, str]) -> str:
    """How an element with these values is veiled, or an empty string."""
    if NAMES.isdisjoint(values):
        return ""
    if "generated" in values:
        return "generated"
    kinds = {
        style.kind
        for name, value in values.items()
        for style in BY_NAME.get(name, ())
        if style.value.fullmatch(value)
    }
    if "cropped" in kinds and any(NOTHING.fullmatch(values.get(size, "")) for size in SIZES):
        kinds.add("hidden")
    if "moved" in kinds and values.get("position") == "relative":
        kinds.add("apart")
    if "boxed" in kinds and not {"width", "min-width"}.isdisjoint(values):
        kinds.add("apart")
    if any(values.get(name) for name in GROUND):
        kinds.discard("pale")
    return next((kind for kind in STRONGEST if kind in kinds), "")


def filled_by_script(markup: str) -> str:
    """A style sheet for the elements that a script of the page fills, whatever they hold."""
    if not any(sign in markup for sign in ("ById(", '("#', "('#")):
        return ""
    names = {one or other for one, other in FILLED.findall(markup)}
    return "".join(f'#{name}:before{{content:"?"}}' for name in sorted(names))


def is_coloured(around: Iterable[Mapping[str, str]]) -> bool:
    """Whether one of the elements around, by its attributes, has a ground of its own."""
    return any("bgcolor" in own or "background" in own.get("style", "").lower() for own in around)


@lru_cache(maxsize=4096)
def is_picture_of_a_digit(source: str, words: str) -> bool:
    """Whether a picture is named as one digit, or numbered and says that it is one."""
    numbered = source.startswith("data:") or any(map(str.isdigit, source))
    said = words.strip().isdecimal() and len(words.strip()) < MOST_DIGITS
    return bool(DIGIT.search(source)) or (numbered and said)


def is_pale(colour: str) -> bool:
    """Whether text of that colour, of a <font>, is not seen on a white page."""
    return WHITE.fullmatch(colour.lower()) is not None


def is_spacer(attributes: Mapping[str, str]) -> bool:
    """A picture that keeps a cell open, and shows nothing."""
    sizes = [
        attributes[name].removesuffix("px") for name in ("width", "height") if name in attributes
    ]
    thin = any(size.isdecimal() and int(size) <= THIN for size in sizes)
    return thin or SPACER.search(attributes.get("src", "")) is not None
