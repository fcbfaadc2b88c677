"""Arrowheads and other markers of an SVG, put where its lines begin, bend and end, as pictures of
their own: svglib knows nothing of them (SVG 2, 13.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from math import atan2, cos, degrees, inf, sin
from typing import Any

from .pictures import PictureError

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_LINES = tuple(_SVG + name for name in ("path", "line", "polyline", "polygon"))
_REFERENCE = re.compile(r"""url\(\s*["']?#([^"')\s]+)["']?\s*\)""")
_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_PROPERTIES = ("marker", "marker-start", "marker-mid", "marker-end")
_INITIAL = {
    "fill": "black",
    "fill-opacity": "1",
    "stroke": "none",
    "stroke-dasharray": "none",
    "stroke-opacity": "1",
    "stroke-width": "1",
}
"""What a marker has from where it is defined, or else has like this: not from its line."""
_TURNS = {"turn": 360.0, "rad": degrees(1), "grad": 0.9}

_MOST = 5_000
"""Elements that all the markers of a picture come to, those that are used with their line counted
again."""

Point = tuple[float, float]


def place_markers(root: Any) -> None:
    """Put copies of the markers into the tree of an SVG, and take the references to them out of it;
    those in a style sheet stay. Raises PictureError for more than a picture can need."""
    markers = {marker.get("id"): marker for marker in root.iter(f"{_SVG}marker")}
    if not markers:
        return
    own, copied = set(markers.values()), 0.0
    uses = _Uses(root)
    for line in list(root.iter(*_LINES)):
        if own.intersection(line.iterancestors()):
            continue  # it is a marker's itself
        times = uses.times(line)
        if line.get("id") is not None:
            _group(line)
        for copy in _copies(line, markers):
            copied += sum(1 for _ in copy.iter()) * times
            if copied > _MOST:
                raise PictureError(f"its markers come to more than {_MOST:,} elements")
            line.addnext(copy)
    for element in root.iter(f"{_SVG}*"):
        _forget(element)


class _Uses:
    """Counts how often what is in a picture is drawn."""

    def __init__(self, root: Any) -> None:
        self._uses: dict[str, list[Any]] = {}
        self._counted: dict[str, float] = {}
        for use in root.iter(f"{_SVG}use"):
            name = use.get("href") or use.get(_XLINK_HREF) or ""
            self._uses.setdefault(name.strip().removeprefix("#"), []).append(use)

    def times(self, element: Any) -> float:
        """Where it stands, and wherever it or what is around it is used."""
        found = 1.0
        for each in (element, *element.iterancestors()):
            name = each.get("id", "")
            if name in self._uses and name not in self._counted:
                self._counted[name] = inf  # for what uses itself
                self._counted[name] = sum(map(self.times, self._uses[name]))
            found += self._counted.get(name, 0.0)
        return found


def _group(line: Any) -> None:
    """Put a line into a group that has its name: who uses it means its markers, too."""
    group = line.makeelement(f"{_SVG}g", id=line.attrib.pop("id"))
    group.tail, line.tail = line.tail, None
    line.getparent().replace(line, group)
    group.append(line)


def _copies(line: Any, markers: dict[str | None, Any]) -> Iterator[Any]:
    """The markers of a line, each moved to its place and turned."""
    named = {name: _marker(line, f"marker-{name}", markers) for name in ("start", "mid", "end")}
    if all(marker is None for marker in named.values()) or _hidden(line):
        return
    corners = _corners(line)
    for number, corner in enumerate(corners):
        where = "start" if number == 0 else "end" if number == len(corners) - 1 else "mid"
        if (marker := named[where]) is not None:
            yield _copy(line, marker, corner, at_start=where == "start")


def _marker(line: Any, name: str, markers: dict[str | None, Any]) -> Any:
    found = _REFERENCE.match(property_of(line, name) or property_of(line, "marker"))
    return markers.get(found[1]) if found else None


def _hidden(line: Any) -> bool:
    """Whether a line is not drawn, though what stands beside it is."""
    display = style_of(line).get("display") or line.get("display")
    return display == "none" or property_of(line, "visibility") in ("hidden", "collapse")


def property_of(element: Any, name: str) -> str:
    """An inherited property: from the style or the attribute of the nearest that has it."""
    for each in (element, *element.iterancestors()):
        styled = style_of(each).get(name) or each.get(name)
        if styled and styled != "inherit":
            return str(styled).strip()
    return ""


def style_of(element: Any) -> dict[str, str]:
    rules = (rule.partition(":") for rule in (element.get("style") or "").split(";"))
    return {name.strip(): value.strip() for name, colon, value in rules if colon}


def _forget(element: Any) -> None:
    """Take out what names markers."""
    for name in _PROPERTIES:
        element.attrib.pop(name, None)
    style = style_of(element)
    if style.keys() & set(_PROPERTIES):
        kept = (f"{name}:{value}" for name, value in style.items() if name not in _PROPERTIES)
        element.set("style", ";".join(kept))


def _number(text: str | None, default: float) -> float:
    found = _NUMBER.match(text or "")
    return float(found[1]) if found else default


# ------------------------------------------------------------------------------- where, and how


def _copy(line: Any, marker: Any, corner: _Corner, *, at_start: bool) -> Any:
    """A marker as a group that stands on a corner of a line."""
    turn = marker.get("orient") or "0"
    unit = turn.lstrip("+-.0123456789").strip()
    angle = corner.angle if unit.startswith("auto") else _number(turn, 0.0) * _TURNS.get(unit, 1.0)
    if turn == "auto-start-reverse" and at_start:
        angle += 180
    x, y = corner.point
    left, up = (_number(marker.get(name), 0.0) for name in ("refX", "refY"))
    steps = (
        line.get("transform") or "",
        f"translate({x:g},{y:g})",
        f"rotate({angle:g})",
        f"scale({_scale(line, marker):g})",
        f"translate({-left:g},{-up:g})",
    )
    group = deepcopy(marker)
    group.tag = f"{_SVG}g"
    group.tail = None
    for name in ("id", "viewBox", "orient", "class"):
        group.attrib.pop(name, None)
    for name, value in _INITIAL.items():
        group.set(name, property_of(marker, name) or value)
    group.set("transform", " ".join(steps).strip())
    _color(group, line)
    return group


def _scale(line: Any, marker: Any) -> float:
    scale = 1.0
    if marker.get("markerUnits") != "userSpaceOnUse":
        scale = _number(property_of(line, "stroke-width"), 1.0)
    box = [float(number) for number in _NUMBER.findall(marker.get("viewBox") or "")]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        width, height = (_number(marker.get(f"marker{side}"), 3.0) for side in ("Width", "Height"))
        scale *= min(width / box[2], height / box[3])
    return scale


def _color(group: Any, line: Any) -> None:
    """Give it the line's colours where it asks for them."""
    stroke, fill = property_of(line, "stroke") or "none", property_of(line, "fill") or "black"
    for element in group.iter():
        for name, value in element.attrib.items():
            if "context-" in value:
                colored = value.replace("context-stroke", stroke).replace("context-fill", fill)
                element.set(name, colored)


class _Corner:
    """A point of a line where a marker may stand, with those before and after it that tell which
    way the line goes there."""

    def __init__(self, point: Point) -> None:
        self.point = point
        self.before: Point | None = None
        self.after: Point | None = None

    @property
    def angle(self) -> float:
        """Which way the line goes, in degrees: half-way between where it comes from and where it
        goes to, however near these are."""
        x, y = self.point
        ways = []
        if self.before:
            ways.append(atan2(y - self.before[1], x - self.before[0]))
        if self.after:
            ways.append(atan2(self.after[1] - y, self.after[0] - x))
        return degrees(atan2(sum(map(sin, ways)), sum(map(cos, ways))))


def _corners(line: Any) -> list[_Corner]:
    """Those of a line, in order; of a path that is broken those before the place, as it is drawn in
    a browser."""
    # Lazy import: few pictures have markers.
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path
    from fontTools.svgLib.path.arc import EllipticalArc

    class Pen(RecordingPen):  # type: ignore[misc]
        def arcTo(
            self, rx: float, ry: float, rotation: float, large: bool, sweep: bool, end: Point
        ) -> None:
            """One part of a line, however many curves it is drawn by."""
            _, points = self.value[-1]
            arc = EllipticalArc(complex(*points[-1]), rx, ry, rotation, large, sweep, complex(*end))
            curves = RecordingPen()
            arc.draw(curves)
            parts = [point for _, points in curves.value for point in points]
            self.value.append(("curveTo", (*parts, end)))

    pen = Pen()
    with suppress(ValueError, IndexError):  # the latter from fontTools before 4.67
        parse_path(_path(line), pen)
    corners: list[_Corner] = []
    first = 0
    for operator, points in pen.value:
        if operator == "moveTo":
            first = len(corners)
            corners.append(_Corner(points[0]))
        elif operator == "closePath":
            corners[first].before, corners[-1].after = corners[-1].before, corners[first].after
        elif points:
            last, corner = corners[-1], _Corner(points[-1])
            trail = [last.point, *points]
            last.after = next((point for point in trail if point != last.point), None)
            corner.before = next((point for point in trail[::-1] if point != corner.point), None)
            corners.append(corner)
    return corners


def _path(line: Any) -> str:
    """A line as the data of a path."""
    if line.tag == f"{_SVG}path":
        return line.get("d") or ""
    if line.tag == f"{_SVG}line":
        x1, y1, x2, y2 = (_number(line.get(name), 0.0) for name in ("x1", "y1", "x2", "y2"))
        return f"M{x1} {y1} L{x2} {y2}"
    points = (line.get("points") or "").strip()
    closed = "Z" if line.tag == f"{_SVG}polygon" else ""
    return f"M{points} {closed}" if points else ""
