"""Where on a picture as it came a place of the levelled, turned and straightened page lies."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from parsers.pdf.words import Bounds


@dataclass(frozen=True, slots=True)
class Place:
    """What was done to a picture: enlarged, turned by quarters, straightened by degrees.

    `width` and `height` are those of the enlarged picture in pixels, before it was turned.
    """

    width: int
    height: int
    quarters: int
    degrees: float
    scale: float  # points of the sheet a pixel
    points: float  # points of the picture, or of the PDF page it is, a pixel

    def __call__(self, box: Bounds) -> Bounds:
        """The upright box round that box, in points of the picture as it came."""
        x0, top, x1, bottom = (side / self.scale for side in box)
        corners = np.array([(x0, top), (x1, top), (x1, bottom), (x0, bottom)])
        sides = (self.width, self.height) if self.quarters % 2 == 0 else (self.height, self.width)
        turn = cv2.getRotationMatrix2D((sides[0] / 2, sides[1] / 2), self.degrees, 1.0)
        back = cv2.invertAffineTransform(turn)
        found = corners @ back[:, :2].T + back[:, 2]
        for done in range(self.quarters, 0, -1):  # counter-clockwise quarters, undone one by one
            width = self.width if done % 2 else self.height
            found = np.stack([width - found[:, 1], found[:, 0]], axis=1)
        low, high = found.min(axis=0) * self.points, found.max(axis=0) * self.points
        x0, top, x1, bottom = (round(float(side), 1) for side in (*low, *high))
        return x0, top, x1, bottom
