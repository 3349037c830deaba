"""Text lines to characters: the one place that knows the recogniser (models come in its wheel)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from .ink import Pixels


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a line says, and how sure the recogniser is: 0 to 1."""

    text: str
    score: float


def recognised(lines: Sequence[Pixels]) -> list[Recognised]:
    """The text of each line image, in their order."""
    if not lines:
        return []
    import cv2

    coloured = [cv2.cvtColor(line, cv2.COLOR_GRAY2BGR) for line in lines]
    found = _engine().recognize_txt(coloured)
    pairs = zip(found.txts, found.scores, strict=True)
    return [Recognised(str(text), float(score)) for text, score in pairs]


@cache
def _engine() -> Any:
    """One thread: the same sums in the same order, whatever the machine."""
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{way}_op_num_threads": 1 for way in ("intra", "inter")}
    return RapidOCR(
        params={"Global.log_level": "error", "Rec.rec_img_shape": [3, 48, 96], **threads}
    )
