"""Small edits of a YAML file's text, at the places of its nodes. All else stays as it was written:
comments, layout, line ends."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from .. import files
from ..loader import question_list
from ..problems import BankError, Place, Problem
from ..skeletons import as_yaml
from ..yamltree import Mapping, Node, Scalar, Sequence, parse

_QUOTED = re.compile(r'"(?:\\.|[^"\\\n])*"|' r"'(?:''|[^'\n])*'")


class YamlFile:
    """A file being edited. Changes are kept and made at once, by `data`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = files.Written.of(path.read_bytes())
        self.text = self.written.text
        self.tree = _tree(self.text, path)
        self.changes: list[tuple[int, int, str]] = []

    def data(self) -> bytes:
        """The file with every change made."""
        parts: list[str] = []
        done = 0
        for start, end, new in sorted(self.changes, key=lambda change: change[:2]):
            parts += [self.text[done:start], new]
            done = end
        return self.written.with_text("".join([*parts, self.text[done:]]))

    @cached_property
    def questions(self) -> dict[str, Mapping]:
        """The questions in the file, by id."""
        listed = question_list(self.tree)
        items = listed.items if isinstance(listed, Sequence) else ()
        found = {}
        for item in items:
            id = item.entries.get("id") if isinstance(item, Mapping) else None
            if isinstance(item, Mapping) and id and isinstance(id.value, Scalar):
                found[id.value.text] = item
        return found

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def set(self, mapping: Mapping, key: str, value: str, beside: tuple[str, ...]) -> bool:
        """Give a key a new value, as YAML, or add it; False where the text can't be edited so."""
        if key in mapping.entries:
            node = mapping.entries[key].value
            end = self._end(node)
            if end is not None:
                self.changes.append((self._index(node.place), end, value))
            return end is not None
        return self._add(mapping, f"{key}: {value}", beside)

    def append(self, mapping: Mapping, key: str, name: str, beside: tuple[str, ...]) -> bool:
        """Add a name to a list of names; False where the text can't be edited so."""
        if key not in mapping.entries:
            return self._add(mapping, f"{key}: [{as_yaml(name)}]", beside)
        node = mapping.entries[key].value
        if not isinstance(node, Sequence):
            return self.set(mapping, key, f" [{as_yaml(name)}]", ())
        flow = self.text.startswith("[", self._index(node.place))
        if flow and not node.items:
            self._insert(self._index(node.place) + 1, as_yaml(name))
            return True
        end = self._end(node.items[-1])
        if end is None:
            return False
        if flow:
            self._insert(end, f", {as_yaml(name)}")
        else:
            self._insert_line(end, " " * (node.place.column - 1) + f"- {as_yaml(name)}")
        return True

    def append_item(self, owner: Mapping, key: str, item: str) -> bool:
        """Add an item, as YAML of several lines, to the end of a block list of mappings."""
        node = owner.entries[key].value
        if not isinstance(node, Sequence) or self.text.startswith("[", self._index(node.place)):
            return False
        margin = " " * (node.place.column - 1)
        lines = [margin + line if line else line for line in item.rstrip("\n").split("\n")]
        self._insert(self._after_list(owner, key), "".join(f"{line}\n" for line in lines))
        return True

    def _after_list(self, owner: Mapping, key: str) -> int:
        """The beginning of the line after a key's value, before what is written about the next."""
        start = owner.entries[key].place.line
        below = [e.place.line for e in owner.entries.values() if e.place.line > start]
        lines = self.text.split("\n")
        end = min(below, default=len(lines) + 1) - 1
        while end > start and re.fullmatch(r"\s*|#.*", lines[end - 1]):
            end -= 1
        if end == len(lines) and lines[-1]:
            self._insert(len(self.text), "\n")
        return min(sum(len(line) + 1 for line in lines[:end]), len(self.text))

    def _add(self, mapping: Mapping, line: str, beside: tuple[str, ...]) -> bool:
        for neighbour in beside:
            if neighbour not in mapping.entries:
                continue
            entry = mapping.entries[neighbour]
            end = self._end(entry.value)
            if end is None:
                continue
            if self.text.startswith("{", self._index(mapping.place)):
                self._insert(end, f", {line}")
            else:
                self._insert_line(end, " " * (entry.place.column - 1) + line)
            return True
        return False

    def _insert(self, at: int, new: str) -> None:
        self.changes.append((at, at, new))

    def _insert_line(self, after: int, line: str) -> None:
        """Below the line that holds the character `after`; a remark at its end stays there."""
        end = self.text.find("\n", after)
        self._insert(len(self.text) if end < 0 else end, f"\n{line}")

    def _index(self, place: Place) -> int:
        return self._line_starts[place.line - 1] + place.column - 1

    def _end(self, node: Node) -> int | None:
        """Where a value written on one line ends; None for any other."""
        if not isinstance(node, Scalar):
            return None
        start = self._index(node.place)
        if node.plain:
            return start + len(node.text) if self.text.startswith(node.text, start) else None
        found = _QUOTED.match(self.text, start)
        return found.end() if found else None


def _tree(text: str, path: Path) -> Node | None:
    problems: list[Problem] = []
    node = parse(text.encode(), path.as_posix(), problems.append)
    if problems:
        raise BankError(problems)
    return node
