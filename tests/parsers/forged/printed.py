"""Printed values with what they claim, known here without asking the parser."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed text and its claim; `doubtful`: a warning on it is right."""

    text: str
    state: str = "number"
    value: Decimal | None = None
    doubtful: bool = False


SILENT = (
    ("/", "slash"),
    ("／", "slash"),
    ("—", "dash"),
    ("——", "dash"),
    ("-", "dash"),
    ("－", "dash"),
    ("", "blank"),
    ("", "blank"),
    ("\xa0", "blank"),
    ("\u3000", "blank"),
    ("无", "none"),
)
WORDS = ("12余", "约30", "5/3", "1O", "l2", "3月5日", "0591-8221234", "2017-03-05", "近百", "12、3")
PLAIN_WORDS = ("见附件", "不涉及")
FULL_WIDTH = str.maketrans("0123456789,.+-", "０１２３４５６７８９，．＋－")
MARKS = ("①", "②", "³", "※")


def number(value: int | str, text: str = "") -> Printed:
    """A number as a clerk types it."""
    return Printed(text or str(value), "number", Decimal(str(value)))


def silent(rng: random.Random) -> Printed:
    """One of the ways of printing no number."""
    text, state = rng.choice(SILENT)
    return Printed(text, state)


def wordy(rng: random.Random) -> Printed:
    """Text where a number should stand."""
    if rng.random() < 0.3:
        return Printed(rng.choice(PLAIN_WORDS), "text", None, doubtful=True)
    return Printed(rng.choice(WORDS), "text", None, doubtful=True)


def amount(rng: random.Random) -> Printed:
    """An amount with up to six decimals."""
    whole, places = rng.randint(0, 99999), rng.choice([0, 1, 2, 4, 6])
    return number(f"{whole}.{rng.randint(0, 10**places - 1):0{places}d}" if places else whole)


def dressed(plain: Printed, rng: random.Random) -> Printed:
    """The same number in another dress: thousands marks, full width, blanks, note marks."""
    if plain.state != "number" or plain.value is None:
        return plain
    dress = rng.choice(("thousands", "wide", "blanks", "mark", "zeros"))
    text = plain.text
    if dress == "thousands":
        text = f"{plain.value:,f}"
    elif dress == "wide":
        text = text.translate(FULL_WIDTH)
    elif dress == "blanks":
        text = rng.choice(("\xa0", " ", "\u3000")) * rng.randint(1, 4) + text + "\xa0 \xa0"
    elif dress == "mark":
        text += rng.choice(MARKS)
    return Printed(text, "number", plain.value)


def count(rng: random.Random, odd: float) -> Printed:
    """A count, or (with probability `odd`) something less plain."""
    if rng.random() >= odd:
        return number(rng.choice((0, 0, rng.randint(1, 99), rng.randint(1, 99999))))
    kind = rng.random()
    if kind < 0.5:
        return silent(rng)
    if kind < 0.6:
        return wordy(rng)
    return dressed(number(rng.randint(1, 99999)), rng)
