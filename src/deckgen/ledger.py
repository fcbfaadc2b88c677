"""What was published: `ledger.yaml`, the bank's memory of the numbers, codes and dates that people
rely on.

`deckgen build` keeps it as a package manager keeps its lock file. Entries are never taken out: a
code that was printed once is never given again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from .problems import Place, Problem
from .words import did_you_mean, quoted
from .yamltree import Entry, Node, Report, Scalar, is_blank
from .yamltree import Mapping as MappingNode

_HEAD = """\
# What was published: round numbers, question codes, and when each note last changed.
# `deckgen build` keeps this file. Commit it with the bank; edit no line. When two branches
# conflict, keep the lines of both, drop doubles, and build.
"""
_FIRST = f"{_HEAD}rendering: "


LAST_ROUND = 9_999
LAST_QUESTION = 999_999
"""The greatest numbers, of rounds and of questions in each, that the file can hold."""


class Full(Exception):
    """There are no numbers left to give: a ledger with greater ones could not be read again."""


class Stamp(NamedTuple):
    """A published note: its kind, a hash of its content, and when that last changed (seconds since
    1970, UTC)."""

    kind: str
    digest: str
    changed: int


@dataclass(frozen=True)
class Ledger:
    """`rounds`: number by id. `questions`: code by id. `notes`: by exporter, stamps by key.

    `rendering` is a generation that the bank's maintainer raises to send every note to everyone
    again, changed or not, because exporters now show it better. Nothing else raises it: it replaces
    what people wrote on their notes.
    """

    rendering: int = 1
    rounds: Mapping[str, int] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, Mapping[str, Stamp]] = field(default_factory=dict)

    def with_rounds(self, ids: Iterable[str]) -> Ledger:
        """The same with numbers for the rounds that have none, after all that were ever given.
        Raises Full."""
        rounds = dict(self.rounds)
        last = max(rounds.values(), default=0)
        for id in ids:
            if id not in rounds:
                last += 1
                rounds[id] = last
        if last > LAST_ROUND:
            raise Full(f"round numbers are used up: {LAST_ROUND:,} is the last")
        return replace(self, rounds=rounds)

    def with_questions(self, rounds: Iterable[tuple[str, str]]) -> Ledger:
        """The same with codes for the questions, given with their round's id, that have none. The
        round must have a number. Raises Full."""
        codes = dict(self.questions)
        last: dict[int, int] = {}
        for code in codes.values():
            number, running = map(int, code.split("."))
            last[number] = max(last.get(number, 0), running)
        for id, round in rounds:
            if id not in codes:
                number = self.rounds[round]
                last[number] = last.get(number, 0) + 1
                codes[id] = f"{number}.{last[number]:02d}"
        if max(last.values(), default=0) > LAST_QUESTION:
            raise Full(f"the codes of a round are used up: {LAST_QUESTION:,} is the last")
        return replace(self, questions=codes)

    def with_notes(self, exporter: str, pieces: Mapping[str, tuple[str, str]], now: int) -> Ledger:
        """The same with a new date for each piece, `(kind, digest)` by key, that is new or has
        changed: `now`, or a second after the old date where the clock is behind that."""
        stamps = dict(self.notes.get(exporter, {}))
        for key, (kind, content) in pieces.items():
            digest = self._digest(content)
            old = stamps.get(key)
            if old is None:
                stamps[key] = Stamp(kind, digest, now)
            elif old.digest != digest:
                stamps[key] = Stamp(old.kind, digest, min(max(now, old.changed + 1), LATEST))
        return replace(self, notes={**self.notes, exporter: stamps})

    def changed_since(self, older: Ledger) -> int:
        """How many notes of an older ledger have another date in this one."""
        pairs = (
            (stamp, self.notes.get(exporter, {}).get(key, stamp))
            for exporter, stamps in older.notes.items()
            for key, stamp in stamps.items()
        )
        return sum(old.changed != new.changed for old, new in pairs)

    def _digest(self, content: str) -> str:
        if self.rendering == 1:
            return content
        # Lazy import: few banks have raised it.
        from hashlib import sha256

        return sha256(f"{self.rendering} {content}".encode()).hexdigest()[: len(content)]

    def text(self) -> str:
        """The file: sorted, an entry a line."""
        lines = [f"{_FIRST}{self.rendering}", "rounds:"]
        lines += (f"  {id}: {number}" for id, number in sorted(self.rounds.items()))
        lines.append("questions:")
        lines += (f'  {id}: "{code}"' for id, code in sorted(self.questions.items()))
        lines.append("notes:")
        for exporter, stamps in sorted(self.notes.items()):
            lines.append(f"  {exporter}:")
            lines += (f"    {key}: {_stamp_text(stamp)}" for key, stamp in sorted(stamps.items()))
        return "\n".join(lines) + "\n"


def _stamp_text(stamp: Stamp) -> str:
    return f"{{changed: {_moment(stamp.changed)}, kind: {stamp.kind}, hash: {stamp.digest}}}"


@cache  # notes have few dates: those of builds
def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --------------------------------------------------------------------------------------- reading


def as_written(text: str) -> Ledger | None:
    """The ledger in a file that is just as `Ledger.text` writes it, ten times as fast as by way of
    YAML; None for any other, which a merge or a hand has been at."""
    rendering, _, rest = text.removeprefix(_FIRST).partition("\nrounds:\n")
    rounds, _, rest = rest.partition("questions:\n")
    questions, _, notes = rest.partition("notes:\n")
    if not _NUMBER.fullmatch(rendering):
        return None
    ledger = Ledger(
        rendering=int(rendering),
        rounds={id: int(number) for id, number in _ROUND.findall(rounds)},
        questions=dict(_QUESTION.findall(questions)),
        notes={
            exporter: {
                key: Stamp(kind, digest, _seconds(moment))
                for key, moment, kind, digest in _STAMP.findall(stamps)
            }
            for exporter, stamps in _EXPORTER.findall(notes)
        },
    )
    return ledger if ledger.text() == text and _is_sound(ledger) else None


def merged(data: bytes, path: str, report: Report) -> MappingNode | None:
    """The tree of a file in which a merge left the lines of two branches, with its conflict markers
    or without them; None where a line is none that `Ledger.text` writes.

    Every line tells by its form what it is an entry of, as the headings of both branches may be
    there. Of two stamps of one note the later stays. Should the note's content be that of the
    earlier, it is dated anew, and reaches those who have either.
    """
    merge = _Merge(path, report)
    lines = data.decode("utf-8", "replace").split("\n")
    taken = all(merge.takes(at, line) for at, line in enumerate(lines, 1))
    return merge.tree() if taken and not merge.in_ancestor else None


class _Merge:
    def __init__(self, path: str, report: Report) -> None:
        self.path = path
        self.report = report
        self.parts: dict[str, dict[str, Entry]] = {"rounds": {}, "questions": {}}
        self.rendering = Entry(Place(path, 1, 1), Scalar("1", Place(path, 1, 1)))
        self.notes: dict[str, dict[str, Entry]] = {}
        self.exporter = self.exporter_of_both = ""
        """Whose stamps are read, and whose were where the branches part."""
        self.in_ancestor = False
        """Whether the lines are those of the branches' ancestor, which some tools leave, too."""

    def takes(self, at: int, line: str) -> bool:
        """Takes an entry in; whether that could be done."""
        if marker := re.fullmatch(_MARKER, line):
            return self.parted(marker[1])
        found = re.fullmatch(_LINE, line)
        if self.in_ancestor or not found:
            return self.in_ancestor

        def place(group: str) -> Place:
            return Place(self.path, at, found.start(group) + 1)

        def entry(key: str, value: str, begins: str = "") -> Entry:
            return Entry(place(key), Scalar(found[value], place(begins or value)))

        if found["round"]:
            self.add("rounds", found["round"], entry("round", "number"))
        elif found["question"]:
            self.add("questions", found["question"], entry("question", "code", "quote"))
        elif found["generation"]:
            self.rendering = max(self.rendering, entry("rendering", "generation"), key=_number)
        elif found["exporter"]:
            self.exporter = found["exporter"]
            self.notes.setdefault(self.exporter, {})
        elif found["note"]:
            parts = {name: entry(name, name) for name in ("changed", "kind", "hash")}
            stamp = Entry(place("note"), MappingNode(parts, place("stamp")))
            return self.add_note(found["note"], stamp)
        return True

    def parted(self, marker: str) -> bool:
        if self.in_ancestor and marker != "=======":
            return False  # a marker is gone: where the ancestor's lines end is not known
        if marker == "<<<<<<<":
            self.exporter_of_both = self.exporter
        elif marker == "=======":
            self.exporter = self.exporter_of_both
        self.in_ancestor = marker == "|||||||"
        return True

    def add(self, part: str, id: str, entry: Entry) -> None:
        first = self.parts[part].setdefault(id, entry)
        if first.value != entry.value:
            message = f"duplicate key {quoted(id)}: first in line {first.place.line}"
            self.report(Problem(message, entry.place))

    def add_note(self, key: str, entry: Entry) -> bool:
        if not self.exporter:
            return False
        notes = self.notes[self.exporter]
        notes[key] = max(notes.get(key, entry), entry, key=_changed)
        return True

    def tree(self) -> MappingNode:
        top = Place(self.path, 1, 1)

        def mapping(entries: dict[str, Entry]) -> Entry:
            return Entry(top, MappingNode(entries, top))

        notes = {exporter: mapping(stamps) for exporter, stamps in self.notes.items()}
        parts = {name: mapping(entries) for name, entries in self.parts.items()}
        return MappingNode({"rendering": self.rendering, **parts, "notes": mapping(notes)}, top)


def _number(entry: Entry) -> int:
    return int(entry.value.text) if isinstance(entry.value, Scalar) else 0


def _changed(entry: Entry) -> str:
    """When a note changed. Such times are in order as texts."""
    value = entry.value.entries["changed"].value if isinstance(entry.value, MappingNode) else None
    return value.text if isinstance(value, Scalar) else ""


def _is_sound(ledger: Ledger) -> bool:
    """Whether no number and no code is given twice, and every date is one."""
    dates = {stamp.changed for stamps in ledger.notes.values() for stamp in stamps.values()}
    numbers, codes = ledger.rounds.values(), ledger.questions.values()
    return (
        len(set(numbers)) == len(numbers)
        and len(set(codes)) == len(codes)
        and all(0 <= date <= LATEST for date in dates)
    )


_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_CODE = re.compile(r"[1-9][0-9]{0,3}\.[0-9]{2,6}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9/#._-]{0,299}")
_ROUND = re.compile(rf"  ({_WORD.pattern}): ({_NUMBER.pattern})\n")
_QUESTION = re.compile(rf'  ({_WORD.pattern}): "({_CODE.pattern})"\n')
_EXPORTER = re.compile(rf"  ({_WORD.pattern}):\n((?:    [^\n]+\n)*)")
_STAMP = re.compile(
    rf"    ({_WORD.pattern}): \{{changed: ({_MOMENT.pattern}), "
    rf"kind: ({_WORD.pattern}), hash: ({_DIGEST.pattern})\}}\n"
)
# Compiled when they are first needed: few ledgers come from a merge.
_LINE = (
    rf"(?:  (?P<round>{_WORD.pattern}): (?P<number>{_NUMBER.pattern})"
    rf'|  (?P<question>{_WORD.pattern}): (?P<quote>")(?P<code>{_CODE.pattern})"'
    rf"|  (?P<exporter>{_WORD.pattern}):"
    rf"|    (?P<note>{_WORD.pattern}): (?P<stamp>\{{)changed: (?P<changed>{_MOMENT.pattern}), "
    rf"kind: (?P<kind>{_WORD.pattern}), hash: (?P<hash>{_DIGEST.pattern})\}}"
    rf"|(?P<rendering>rendering): (?P<generation>{_NUMBER.pattern})"
    r"|(?:rounds|questions|notes):)?(?:(?:^|[ \t]+)#.*)?[ \t]*\r?"
)
_MARKER = r"(<{7}|\|{7}|={7}|>{7})(?: .*)?\r?"
LATEST = 2**33
"""The last date that a note can have, in seconds since 1970: in the year 2242."""


def is_entry(key: object, kind: object, digest: object) -> bool:
    """Whether a piece of an exporter can stand in the ledger."""
    patterns = ((key, _WORD), (kind, _WORD), (digest, _DIGEST))
    return all(isinstance(text, str) and like.fullmatch(text) for text, like in patterns)


def read(node: Node | None, report: Report) -> Ledger:
    """The ledger in a file's tree; what is wrong with it goes to `report`."""
    return _Reading(report).ledger(node)


class _Reading:
    def __init__(self, report: Report) -> None:
        self.report = report

    def ledger(self, node: Node | None) -> Ledger:
        if node is None:
            return Ledger()
        parts = self.mapping(node)
        known = ("rendering", "rounds", "questions", "notes")
        for name, entry in parts.items():
            if name not in known:
                hint = did_you_mean(name, known) or f"; it takes {', '.join(known)}"
                self.problem(f"unknown key {quoted(name)} in the ledger{hint}", entry.place)
        return Ledger(
            rendering=self.rendering(parts),
            rounds=self.rounds(parts),
            questions=self.questions(parts),
            notes=self.notes(parts),
        )

    def rendering(self, parts: Mapping[str, Entry]) -> int:
        if "rendering" not in parts:
            return 1
        value = parts["rendering"].value
        if isinstance(value, Scalar) and _NUMBER.fullmatch(value.text):
            return int(value.text)
        self.problem("expected the generation of the rendering, a number from 1", value.place)
        return 1

    def rounds(self, parts: Mapping[str, Entry]) -> dict[str, int]:
        texts = self.texts(parts, "rounds", _NUMBER, "a round's number")
        return {id: int(text) for id, text in texts.items()}

    def questions(self, parts: Mapping[str, Entry]) -> dict[str, str]:
        return self.texts(parts, "questions", _CODE, 'a code such as "4.07"')

    def texts(
        self, parts: Mapping[str, Entry], part: str, pattern: re.Pattern[str], expected: str
    ) -> dict[str, str]:
        """One of the first two parts: no value may stand in it twice."""
        out: dict[str, str] = {}
        owners: dict[str, str] = {}
        for id, entry in self.part(parts, part).items():
            value = entry.value
            if not _WORD.fullmatch(id):
                self.problem(f"expected an id, found {id!r}", entry.place)
            elif not isinstance(value, Scalar) or not pattern.fullmatch(value.text):
                self.problem(f"expected {expected}", value.place)
            elif value.text in owners:
                owner = owners[value.text]
                self.problem(
                    f"{value.text} is given to {owner!r} and to {id!r}: delete the line of the one "
                    "that was published later, and build gives it a new one",
                    value.place,
                )
            else:
                owners[value.text] = id
                out[id] = value.text
        return out

    def notes(self, parts: Mapping[str, Entry]) -> dict[str, dict[str, Stamp]]:
        out: dict[str, dict[str, Stamp]] = {}
        for exporter, entry in self.part(parts, "notes").items():
            if not _WORD.fullmatch(exporter):
                self.problem(f"expected an exporter's name, found {exporter!r}", entry.place)
            notes = self.mapping_or_empty(entry.value)
            stamps = {key: self.stamp(key, entry) for key, entry in notes.items()}
            out[exporter] = {key: stamp for key, stamp in stamps.items() if stamp is not None}
        return out

    def stamp(self, key: str, entry: Entry) -> Stamp | None:
        parts = entry.value.entries if isinstance(entry.value, MappingNode) else {}
        values = {
            name: part.value.text for name, part in parts.items() if isinstance(part.value, Scalar)
        }
        kind, digest = values.get("kind", ""), values.get("hash", "")
        seconds = _seconds(values.get("changed", ""))
        if is_entry(key, kind, digest) and 0 <= seconds <= LATEST:
            return Stamp(kind, digest, seconds)
        expected = "{changed: <time in UTC>, kind: <word>, hash: <hexadecimal>}"
        self.problem(f"expected {expected}", entry.value.place)
        return None

    def part(self, parts: Mapping[str, Entry], name: str) -> Mapping[str, Entry]:
        return self.mapping_or_empty(parts[name].value) if name in parts else {}

    def mapping_or_empty(self, node: Node) -> Mapping[str, Entry]:
        return {} if is_blank(node) else self.mapping(node)

    def mapping(self, node: Node) -> Mapping[str, Entry]:
        if isinstance(node, MappingNode):
            return node.entries
        self.problem("expected a mapping", node.place)
        return {}

    def problem(self, message: str, place: Place) -> None:
        self.report(Problem(message, place))


@cache
def _seconds(moment: str) -> int:
    """Seconds since 1970, or -1 for what is no moment."""
    try:
        if _MOMENT.fullmatch(moment):
            return int(datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp())
    except ValueError:  # the 30th of February
        pass
    return -1
