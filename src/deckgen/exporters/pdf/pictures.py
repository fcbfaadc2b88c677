"""Pictures made of pixels, read for printing."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from PIL import ExifTags
from PIL import Image as Pixels
from reportlab.lib.utils import ImageReader

from .text import Run

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing


class Raster:
    """A picture of pixels. They are let go of when it is drawn for the first time: the file has
    them then, and a guide may have a hundred photographs."""

    def __init__(self, pixels: ImageReader) -> None:
        self.pixels: ImageReader | None = pixels


Image: TypeAlias = "Raster | Drawing"
"""What can be put on a page: pixels, or the lines of an SVG."""

_UPRIGHT = {
    2: Pixels.Transpose.FLIP_LEFT_RIGHT,
    3: Pixels.Transpose.ROTATE_180,
    4: Pixels.Transpose.FLIP_TOP_BOTTOM,
    5: Pixels.Transpose.TRANSPOSE,
    6: Pixels.Transpose.ROTATE_270,
    7: Pixels.Transpose.TRANSVERSE,
    8: Pixels.Transpose.ROTATE_90,
}
"""What makes a picture upright, by the way the camera was held. Pillow's own way writes all the
EXIF again, and what is broken there ends it in errors of any kind."""

_FINEST = 1800  # pixels across: the text column's width at more than 300 to the inch


class Words(NamedTuple):
    """Words of a drawing, and the name of the font that it has for them."""

    font: str
    run: Run


class PictureError(Exception):
    """A picture that cannot be printed; the message says why."""


def read_picture(path: Path, *, color: bool) -> Raster:
    """The picture, upright and no finer than print shows. Raises PictureError."""
    try:
        # Of broken EXIF nobody needs to hear: the picture is as it is.
        with warnings.catch_warnings(action="ignore"), Pixels.open(path) as image:
            image.load()
            plain = _mixable(image)
            if max(plain.size) > _FINEST:
                plain.thumbnail((_FINEST, _FINEST))
            if turn := _UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1)):
                plain = plain.transpose(turn)
            clear = "A" if plain.has_transparency_data else ""
            plain = plain.convert(f"RGB{clear}" if color else f"L{clear}")
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises on damaged files
        raise PictureError(str(error)) from error
    return Raster(ImageReader(plain))


def _mixable(image: Pixels.Image) -> Pixels.Image:
    """The picture in a mode that is made smaller by mixing its pixels: of those with a palette
    Pillow leaves some out, and most values of 16 bits it would make white."""
    match image.mode:
        case "I;16":
            return image.point(lambda value: value / 256, "L")
        case "1":
            return image.convert("L")
        case "P":
            return image.convert("RGBA" if image.has_transparency_data else "RGB")
        case _:
            return image
