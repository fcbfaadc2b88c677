"""Pictures made of pixels, read for printing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image as Pixels
from reportlab.lib.utils import ImageReader

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing

Image: TypeAlias = "ImageReader | Drawing"
"""What can be put on a page: pixels, or the lines of an SVG."""

_FINEST = 1800  # pixels across: the text column's width at more than 300 to the inch


class PictureError(Exception):
    """A picture that cannot be printed; the message says why."""


def read_picture(path: Path, *, color: bool) -> ImageReader:
    """The picture, no finer than print shows. Raises PictureError."""
    try:
        with Pixels.open(path) as image:
            image.load()
            if max(image.size) > _FINEST:
                image.thumbnail((_FINEST, _FINEST))
            clear = "A" if image.has_transparency_data else ""
            plain = image.convert(f"RGB{clear}" if color else f"L{clear}")
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises on damaged files
        raise PictureError(str(error)) from error
    return ImageReader(plain)
