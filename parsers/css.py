"""As much of CSS as decides what a page displays and how it is cut into lines and cells.

Style sheets of the page itself count; files that it links to are not here. Selectors of tags,
classes and ids with descendants and children are understood, any other rule is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import unseen

COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,3000})\}")
COMPOUND = re.compile(r"(?:\*|[a-z][a-z0-9]*)?(?:[.#][\w-]+)*", re.I)
PART = re.compile(r"([.#]?)([\w-]+)")
WANTED = re.compile(r"display|visibility|font-size|float|position|line-through", re.I)
READ = unseen.NAMES | {
    *("display", "visibility", "font-size", "float", "position"),
    *("text-decoration", "text-decoration-line"),
}
SIZE = re.compile(r"([\d.]+)(px|pt|rem|cm|mm|in|pc|)$")
MOST_STYLE = 300_000  # characters of style sheets that are looked at
MOST_RULES = 2_000
SHOWN_MEDIA = re.compile(r"@media\s*(?:only\s+)?(?:screen|all)?\s*$", re.I)

Declared = Mapping[str, tuple[str, bool]]  # property -> value, important
GENERATED: Declared = {"generated": ("generated", False)}


@dataclass(frozen=True, slots=True)
class Compound:
    """`td.head` or `#content`: tag (or empty), classes, id (or empty)."""

    tag: str
    classes: frozenset[str]
    id: str

    def fits(self, tag: str, classes: Collection[str], name: str) -> bool:
        """Whether an element with these is meant."""
        if (self.tag and self.tag != tag) or (self.id and self.id != name):
            return False
        return all(each in classes for each in self.classes)


@dataclass(frozen=True, slots=True)
class Rule:
    """`above`: (is a child, compound) of the ancestors asked for, the nearest first."""

    target: Compound
    above: tuple[tuple[bool, Compound], ...]
    declared: Declared
    weight: tuple[int, int, int, int]  # ids, classes, tags, order


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules by the id, class or tag their target asks for, so that an element meets few."""

    listed: Mapping[str, Sequence[Rule]]

    def fitting(self, tag: str, classes: Sequence[str], name: str) -> list[Rule]:
        """The rules whose target is this element, whatever stands above it."""
        keys = ["*", tag, *(f".{each}" for each in dict.fromkeys(classes)), f"#{name}"]
        near = (rule for key in keys for rule in self.listed.get(key, ()))
        return [rule for rule in near if rule.target.fits(tag, classes, name)]


NO_RULES = Rules({})


def rules_of(sheets: Sequence[str]) -> Rules:
    """The rules of the page's style sheets that can change what is displayed."""
    text = COMMENT.sub("", "\n".join(sheets)[:MOST_STYLE])
    found: list[Rule] = []
    veiling = bool(unseen.written_in(text.lower(), unseen.OF_LINES))
    for hit in RULE.finditer(_without_media(text)):
        declared = _declared(hit.group(2), veiling=veiling)
        generated = GENERATED if unseen.CONTENT.search(hit.group(2)) else {}
        for selector in hit.group(1).split(",") if declared or generated else ():
            target = unseen.PSEUDO.sub("", selector.strip())
            said = declared if target == selector.strip() else generated
            if said and (parts := _selector(target)) and len(found) < MOST_RULES:
                found.append(_rule(parts, said, len(found)))
    listed: dict[str, list[Rule]] = {}
    for rule in found:
        listed.setdefault(_key(rule.target), []).append(rule)
    return Rules(listed)


def _declared(block: str, *, veiling: bool) -> Declared:
    """The declarations of a rule that can change what is displayed."""
    if WANTED.search(block):
        return declarations(block)
    declared = declarations(block) if veiling else {}
    return declared if unseen.veil_of(cascade([declared])) in unseen.OF_LINES else {}


def _key(target: Compound) -> str:
    if target.id:
        return f"#{target.id}"
    return f".{min(target.classes)}" if target.classes else target.tag or "*"


def _without_media(text: str) -> str:
    """Blocks of @media for the screen opened, other at-rules with blocks of their own dropped."""
    if "@" not in text:
        return text
    kept: list[str] = []
    for before, shown, inside in _at_blocks(text):
        kept.append(before)
        if shown:
            kept.append(inside)
    return "".join(kept)


def _at_blocks(text: str) -> Iterator[tuple[str, bool, str]]:
    start = 0
    while (at := text.find("@", start)) >= 0:
        brace, semicolon = text.find("{", at), text.find(";", at)
        if brace < 0 or 0 <= semicolon < brace:
            end = semicolon + 1 if semicolon >= 0 else len(text)
            yield text[start:at], False, ""
        else:
            end = _closing(text, brace)
            shown = bool(SHOWN_MEDIA.match(text[at:brace]))
            yield text[start:at], shown, text[brace + 1 : end - 1]
        start = end
    yield text[start:], False, ""


def _closing(text: str, brace: int) -> int:
    """The place after the brace that closes the one at `brace`."""
    depth = 0
    for hit in re.compile("[{}]").finditer(text, brace):
        depth += 1 if hit.group() == "{" else -1
        if depth == 0:
            return hit.end()
    return len(text)


def _selector(text: str) -> list[tuple[bool, Compound]]:
    """Compounds from right to left, each with whether its left neighbour is its parent."""
    parts: list[tuple[bool, Compound]] = []
    child = False
    for word in reversed(text.replace(">", " > ").split()):
        if word == ">":
            child = True
            continue
        if not COMPOUND.fullmatch(word):
            return []
        parts.append((child, _compound(word)))
        child = False
    return parts


def _compound(word: str) -> Compound:
    tag, classes, name = "", [], ""
    for mark, text in PART.findall(word):
        if mark == ".":
            classes.append(text)
        elif mark:
            name = text
        else:
            tag = text.lower()
    return Compound(tag, frozenset(classes), name)


def _rule(parts: list[tuple[bool, Compound]], declared: Declared, order: int) -> Rule:
    ids = sum(bool(each.id) for _, each in parts)
    classes = sum(len(each.classes) for _, each in parts)
    tags = sum(bool(each.tag) for _, each in parts)
    return Rule(parts[0][1], tuple(parts[1:]), declared, (ids, classes, tags, order))


@lru_cache(maxsize=4096)
def declarations(style: str) -> Declared:
    """The declarations that matter; the last of a name wins, `!important` over the others."""
    found: dict[str, tuple[str, bool]] = {}
    for part in style.lower().split(";"):
        name, colon, value = part.partition(":")
        name = name.strip()
        if not colon or name not in READ:
            continue
        value, bang, _ = value.partition("!")
        if bang or not found.get(name, ("", False))[1]:
            found[name] = (value.strip(), bool(bang))
    return found


def cascade(layers: Sequence[Declared]) -> dict[str, str]:
    """Values after the cascade: later layers win, important ones over all that are not."""
    values: dict[str, tuple[str, bool]] = {}
    for layer in layers:
        for name, (value, important) in layer.items():
            if important or not values.get(name, ("", False))[1]:
                values[name] = (value, important)
    return {name: value for name, (value, _) in values.items()}


def is_nothing(size: str) -> bool | None:
    """Whether a font size shows nothing; None for one that depends on the text around."""
    hit = SIZE.match(size)
    return float(hit.group(1)) == 0 if hit and hit.group(1).count(".") < 2 else None
