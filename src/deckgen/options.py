"""An exporter's options: its defaults, then the guide's `export:`, then what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .declared import Reader
from .limits import LOAD_SECONDS, alarm
from .model import Guide
from .problems import Place, Problem, describe
from .yamltree import Entry, Node, Report, Scalar, Sequence, forbidden, is_blank
from .yamltree import Mapping as MappingNode

Asked = Mapping[str, Mapping[str, object]]
"""Options by exporter and name; values are text, as on the command line, or plain Python ones."""


def resolve(
    declared: type[Any], exporter: str, guide: Guide, asked: Mapping[str, object], report: Report
) -> Any:
    """An instance of an exporter's `Options`. What is wrong goes to `report`, at its place in
    guide.yaml or by its name on the command line; None is returned then."""
    problems: list[Problem] = []
    node = guide.export.get(exporter)
    if node is None or is_blank(node):
        node = MappingNode({}, guide.place)
    if not isinstance(node, MappingNode):
        report(Problem("expected a mapping of options", node.place))
        return None
    nodes = {name: _asked(exporter, name, value) for name, value in asked.items()}
    merged = MappingNode({**node.entries, **nodes}, node.place)
    for name, entry in nodes.items():
        if bad := forbidden(name) or forbidden(getattr(entry.value, "text", "")):
            problems.append(Problem(f"the value holds {bad}", entry.place))
    reader = Reader(problems.append, commas=True)
    try:
        with alarm(LOAD_SECONDS):
            options = reader.read(declared, merged, f"the options of {exporter}")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # an exporter may look into its options, and exit over them
        problems.append(Problem(f"exporter {exporter}: {describe(error)}"))
    for problem in problems:
        report(problem)
    return None if problems else options


def _asked(exporter: str, name: str, value: object) -> Entry:
    place = Place(f"-O {exporter}.{name}")
    return Entry(place, _node(value, place))


def _node(value: object, place: Place) -> Node:
    if isinstance(value, list | tuple):
        return Sequence(tuple(_node(item, place) for item in value), place)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Scalar(text, place, plain=True)
