"""Looking into image files: what they are is decided by their content."""

from __future__ import annotations

import hashlib
import re
import warnings
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from .model import Media, MediaKind

MAX_PIXELS = 50_000_000
MAX_WEBP = 20_000_000
"""Pixels of a WebP: Pillow takes it for a film, and holds each of them four times."""
MAX_SIDE = 65_535
"""Pixels of width or height, as of a JPEG: Pillow keeps count of each row."""

MAX_SCANS = 100
"""Of a JPEG that shows coarse at first, then finer: each goes over all its pixels, and can be a few
bytes. Cameras and programs make about ten."""

MAX_PROFILES = 100
"""Of colours, in a PNG: Pillow unpacks each, up to a megabyte, and keeps the last. One is right."""

MAX_NESTING = 100
MAX_ATTRIBUTES = 1000
"""Of an element of an SVG. Each is compared with all the others, where no alarm is heard."""
MAX_SHAPES = 100_000
"""Elements of an SVG, those that each `use` repeats counted again."""

_RASTER: dict[str, MediaKind] = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp"}
_ORIENTATION = 0x0112  # what EXIF calls the way a camera was held
_ON_ITS_SIDE = (5, 6, 7, 8)


class MediaError(Exception):
    """Why a file can't be used as an image, worded to follow its name."""


def identify(path: Path, data: bytes) -> Media:
    """What the bytes of an image file are. Raises MediaError."""
    digest = hashlib.sha256(data).hexdigest()
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        width, height = _svg_size(data)
        return Media(path=path, kind="svg", width=width, height=height, sha256=digest)
    kind, width, height = _raster(data)
    return Media(path=path, kind=kind, width=width, height=height, sha256=digest)


def _raster(data: bytes) -> tuple[MediaKind, int, int]:
    """The kind of a picture made of pixels, and its size as it is shown."""
    # Lazy import: most guides have no images, and Pillow costs 40 ms.
    import io

    from PIL import Image

    if data.count(b"iCCP") > MAX_PROFILES:
        raise MediaError(f"has more than {MAX_PROFILES} colour profiles: save it anew")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is judged here, before any pixel is read
            image = Image.open(io.BytesIO(data), formats=list(_RASTER))
        width, height = image.size
        most, of_webp = MAX_PIXELS, ""
        if image.format == "WEBP":
            most, of_webp = MAX_WEBP, " of a WebP"
        if width * height > most:
            limit = f"the limit{of_webp} is {most // 10**6} million"
            raise MediaError(f"has {width} by {height} pixels; {limit}")
        if max(width, height) > MAX_SIDE:
            limit = f"the limit is {MAX_SIDE:,} a side"
            raise MediaError(f"has {width} by {height} pixels; {limit}")
        kind = _RASTER[(image.format or "").replace("MPO", "JPEG")]  # one with others behind it
        if kind == "jpeg" and _scans(data) > MAX_SCANS:
            raise MediaError(f"is a JPEG of more than {MAX_SCANS} scans: save it anew")
        with image, warnings.catch_warnings(action="ignore"):  # of broken EXIF
            image.load()
            if image.getexif().get(_ORIENTATION) in _ON_ITS_SIDE:
                width, height = height, width
    except MediaError:
        raise
    except Image.DecompressionBombError:  # so big that Pillow refuses to look
        limit = f"the limit is {MAX_PIXELS // 10**6} million"
        raise MediaError(f"has too many pixels; {limit}") from None
    except Exception:  # Pillow's plugins raise whatever a broken file makes them
        raise MediaError("is not a whole image: expected a PNG, JPEG, GIF, WebP or SVG") from None
    return kind, width, height


_SEGMENT = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
_SCAN, _END = b"\xff\xda", b"\xff\xd9"


def _scans(data: bytes) -> int:
    """How often a JPEG goes over its pixels."""
    scans, at = data.count(_SCAN), 0
    if scans > MAX_SCANS:  # or there are as many in what else it holds, such as a film
        scans = 0
        while (found := _SEGMENT.search(data, at)) and found[0] != _END:
            scans += found[0] == _SCAN
            at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return scans


# ------------------------------------------------------------------------------------------ SVG

_FORBIDDEN = {"script", "foreignobject", "iframe", "image", "audio", "video", "set", "handler"}
_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_LENGTH = re.compile(r"\s*([0-9]++(?:\.[0-9]++)?|\.[0-9]++)\s*(px|pt|mm|cm|in)?\s*")
_UNITS = {None: 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
# A backslash can hide any of the others from this expression, and not from a browser.
_OUTSIDE = re.compile(
    r"url\((?!\s*(?:['\"]\s*)?#)|@import|image-set\(|src\(|javascript:|expression\(|\\",
    re.IGNORECASE,
)


def _svg_size(data: bytes) -> tuple[float, float]:
    """Width and height; MediaError for what is no SVG, or one that runs or fetches something."""
    return _dimensions(_Svg().read(data))


class _Part:
    """An element of an SVG: `count` elements, itself and all in it, which `uses` others by id."""

    def __init__(self, id: str = "", used: str = "") -> None:
        self.id = id
        self.count = 1
        self.uses = [used] if used else []

    def add(self, part: _Part) -> None:
        self.count += part.count
        self.uses += part.uses


class _Svg:
    """Reads an SVG as far as it takes to know that it is a drawing and nothing else."""

    def __init__(self) -> None:
        self.root: dict[str, str] | None = None
        self.open: list[str] = []
        self.style: list[str] = []
        self.parts = [_Part()]
        """The open elements; the first stands for the document."""
        self.by_id: dict[str, _Part] = {}
        self.totals: dict[str, int] = {}

    def read(self, data: bytes) -> dict[str, str]:
        """The root's attributes."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = lambda *_: self.refuse("a DOCTYPE: remove that line")
        parser.ProcessingInstructionHandler = self.instruction
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise MediaError(f"is not a whole SVG: {error}") from None
        except (ValueError, LookupError) as error:  # an encoding that expat does not know
            raise MediaError(f"is no SVG that can be read: {error}") from None
        if _OUTSIDE.search("".join(self.style)):
            self.refuse("a style that refers to something outside itself")
        if self.total(self.parts[0]) > MAX_SHAPES:
            self.refuse(f"more than {MAX_SHAPES:,} elements, each <use> filled in")
        return self.root or {}

    def total(self, part: _Part, depth: int = 0) -> int:
        """How many elements are drawn, those that are used counted each time. What uses itself is
        not drawn, and counts nothing."""
        if depth > MAX_NESTING:
            self.refuse(f"<use> of <use> more than {MAX_NESTING} deep")
        found = part.count
        for id in part.uses:
            if id not in self.totals and id in self.by_id:
                self.totals[id] = 0
                self.totals[id] = self.total(self.by_id[id], depth + 1)
            found += self.totals.get(id, 0)
        return found

    def refuse(self, what: str) -> NoReturn:
        raise MediaError(f"is an SVG with {what}")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self.root is None:
            if (space, local) != (_SVG, "svg"):
                raise MediaError(f'is XML, but its root is no <svg xmlns="{_SVG}">')
            self.root = attributes
        if local.lower() in _FORBIDDEN or space == _XHTML:
            self.refuse(f"<{local}>: only drawing elements are taken")
        self.open.append(local)
        used = next((v for k, v in attributes.items() if k.rpartition(" ")[2] == "href"), "")
        self.parts.append(_Part(attributes.get("id", ""), used[1:] if local == "use" else ""))
        if len(attributes) > MAX_ATTRIBUTES:
            self.refuse(f"more than {MAX_ATTRIBUTES:,} attributes in one element")
        if len(self.open) > MAX_NESTING:
            self.refuse(f"elements nested more than {MAX_NESTING} deep")
        for attribute, value in attributes.items():
            self.attribute(attribute, value)

    def end(self, _: str) -> None:
        self.open.pop()
        part = self.parts.pop()
        self.parts[-1].add(part)
        if part.id:
            self.by_id[part.id] = part

    def attribute(self, name: str, value: str) -> None:
        space, _, local = name.lower().rpartition(" ")
        if local.startswith("on"):
            self.refuse(f"a script in {local!r}")
        leads_out = local == "base" or (local == "href" and not value.startswith("#"))
        animated = local == "attributename" and value.lower().endswith("href")
        # Names of other spaces are notes that drawing programs leave for themselves.
        if leads_out or animated or (not space and _OUTSIDE.search(value)):
            self.refuse(f"a reference outside itself in {local!r}")

    def characters(self, text: str) -> None:
        if self.open[-1] == "style":
            self.style.append(text)

    def instruction(self, target: str, _: str) -> None:
        self.refuse(f"<?{target}?>: remove that line")


def _dimensions(root: dict[str, str]) -> tuple[float, float]:
    sizes = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
    if sizes[0] and sizes[1]:
        width, height = (float(size[1]) * _UNITS[size[2]] for size in sizes if size)
    else:
        try:
            _, _, width, height = map(float, re.split(r"[\s,]+", root.get("viewBox", "").strip()))
        except ValueError:
            raise MediaError("is an SVG without width and height, or a viewBox") from None
    if not (0.1 <= width < 1e5 and 0.1 <= height < 1e5):
        raise MediaError(f"is an SVG of {width:g} by {height:g}: expected 0.1 to 100,000")
    return width, height
