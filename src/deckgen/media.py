"""Looking into image files: what they are is decided by their content."""

from __future__ import annotations

import hashlib
import re
import warnings
from pathlib import Path
from typing import Any, cast
from xml.parsers import expat

from .model import Media

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000

_RASTER = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp"}


class MediaError(Exception):
    """Why a file can't be used as an image, worded to follow its name."""


def identify(path: Path, data: bytes) -> Media:
    """What the bytes of an image file are. Raises MediaError."""
    if len(data) > MAX_BYTES:
        raise MediaError(f"has {len(data) / 2**20:.0f} MiB; the limit is {MAX_BYTES // 2**20}")
    digest = hashlib.sha256(data).hexdigest()
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        width, height = _svg_size(data)
        return Media(path=path, kind="svg", width=width, height=height, sha256=digest)
    kind, width, height = _raster(data)
    return Media(path=path, kind=cast(Any, kind), width=width, height=height, sha256=digest)


def _raster(data: bytes) -> tuple[str, int, int]:
    # Lazy import: most guides have no images, and Pillow costs 40 ms.
    import io

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is judged here, before any pixel is read
            image = Image.open(io.BytesIO(data), formats=list(_RASTER))
        width, height = image.size
        if width * height > MAX_PIXELS:
            million = MAX_PIXELS // 10**6
            raise MediaError(f"has {width} by {height} pixels; the limit is {million} million")
        kind = _RASTER[image.format or ""]
        with image:
            image.load()
    except MediaError:
        raise
    except Exception:  # Pillow's plugins raise whatever a broken file makes them
        raise MediaError("is not a whole image: expected a PNG, JPEG, GIF, WebP or SVG") from None
    return kind, width, height


# ------------------------------------------------------------------------------------------ SVG

_FORBIDDEN = {"script", "foreignobject", "iframe", "image", "audio", "video", "set", "handler"}
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(px|pt|mm|cm|in)?\s*")
_UNITS = {None: 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!\s*#)|@import|javascript:|expression\(", re.IGNORECASE)


def _svg_size(data: bytes) -> tuple[float, float]:
    """Width and height; MediaError for what is no SVG, or one that runs or fetches something."""
    root: dict[str, str] = {}
    parser = expat.ParserCreate(namespace_separator=" ")
    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(" ", 1)[-1]
        if not root:
            if local != "svg":
                raise MediaError(f"is XML, but its root is <{local}>, not <svg>")
            root.update({"svg": "svg", **attributes})
        _check_element(local, attributes)

    def doctype(*_: object) -> None:
        raise MediaError("is an SVG with a DOCTYPE: remove that line")

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise MediaError(f"is not a whole SVG: {error}") from None
    if _OUTSIDE.search("".join(text)):
        raise MediaError("is an SVG whose style refers to something outside itself")
    return _dimensions(root)


def _check_element(name: str, attributes: dict[str, str]) -> None:
    if name.lower() in _FORBIDDEN:
        raise MediaError(f"is an SVG with <{name}>: only drawing elements are taken")
    for attribute, value in attributes.items():
        local = attribute.rsplit(" ", 1)[-1].lower()
        if local.startswith("on"):
            raise MediaError(f"is an SVG with a script in {local!r}")
        if (local == "href" and not value.startswith("#")) or _OUTSIDE.search(value):
            raise MediaError(f"is an SVG that refers outside itself in {local!r}")


def _dimensions(root: dict[str, str]) -> tuple[float, float]:
    sizes = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
    if sizes[0] and sizes[1]:
        width, height = (float(size[1]) * _UNITS[size[2]] for size in sizes if size)
    else:
        try:
            _, _, width, height = map(float, re.split(r"[\s,]+", root.get("viewBox", "").strip()))
        except ValueError:
            raise MediaError("is an SVG without width and height, or a viewBox") from None
    if not (0 < width < 1e5 and 0 < height < 1e5):
        raise MediaError(f"is an SVG of {width:g} by {height:g}")
    return width, height
