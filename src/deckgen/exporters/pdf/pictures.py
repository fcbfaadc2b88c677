"""Pictures made of pixels, read for printing."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from reportlab.lib.utils import ImageReader

_FINEST = 1800  # pixels across: the text column's width at more than 300 to the inch


class PictureError(Exception):
    """A picture that cannot be printed; the message says why."""


def read_picture(path: Path) -> ImageReader:
    """The picture, no finer than print shows. Raises PictureError."""
    try:
        with Image.open(path) as image:
            image.load()
            if max(image.size) > _FINEST:
                image.thumbnail((_FINEST, _FINEST))
            plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises on damaged files
        raise PictureError(str(error)) from error
    return ImageReader(plain)
