"""The same article in the hands of different page makers; each style is a module."""

from __future__ import annotations

from . import breaks, capital, nested, padded, plain, word
from .base import Markup

STYLES: dict[str, Markup] = {
    "plain": plain.MARKUP,
    "word": word.MARKUP,
    "nested": nested.MARKUP,
    "capital": capital.MARKUP,
    "breaks": breaks.MARKUP,
    "padded": padded.MARKUP,
}
