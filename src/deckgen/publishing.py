"""Bringing a ledger up to date with what the exporters publish of a guide."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from . import registry
from .exporter import Exporter, Piece
from .files import LEDGER
from .ledger import Ledger, Stamp, is_entry
from .limits import Ended, Task, can_fork, results
from .model import Guide
from .options import resolve
from .problems import Place, Problem, describe
from .registry import Installed
from .running import failure
from .words import count


def published(
    guide: Guide, exporters: Iterable[Installed], now: int, seconds: float
) -> tuple[Ledger, dict[str, list[Problem]]]:
    """A guide's ledger with what every exporter publishes of it, dated `now` (seconds since 1970)
    where it is new or changed; and the problems that keep an exporter from publishing, by its name.

    The ledger depends on the bank alone, not on what this build was asked for: on all published
    questions, and on the guide's own options. A stranger's exporter has `seconds` to answer.
    """
    public = _public(guide)
    ledger = guide.ledger
    faults: dict[str, list[Problem]] = {}
    for exporter in exporters:
        old = ledger.notes.get(exporter.name, {})
        pieces, problems = _pieces(exporter, public, seconds)
        problems += _changed_kinds(guide, exporter.name, old, pieces)
        if problems:
            faults[exporter.name] = problems
        elif pieces:
            ledger = ledger.with_notes(exporter.name, pieces, now)
    return ledger, faults


def changed_kinds(guide: Guide) -> Iterator[Problem]:
    """An error for each published piece that became another kind. Those of strangers' exporters are
    left to a build, which runs them anyway."""
    public = _public(guide)
    own = registry.own_names()
    for exporter in registry.find(name for name in guide.ledger.notes if name in own).exporters:
        pieces, _ = _pieces(exporter, public, 0)
        yield from _changed_kinds(guide, exporter.name, guide.ledger.notes[exporter.name], pieces)


def _public(guide: Guide) -> Guide:
    """A guide as it is published: without its drafts."""
    return replace(guide, questions=tuple(q for q in guide.questions if q.status != "draft"))


def _pieces(
    exporter: Installed, guide: Guide, seconds: float
) -> tuple[Mapping[str, Piece], list[Problem]]:
    problems: list[Problem] = []
    options = resolve(exporter.cls.Options, exporter.name, guide, {}, problems.append)
    if problems or exporter.cls.pieces is Exporter.pieces:
        return {}, problems
    call = partial(_checked_pieces, exporter, options, guide)
    if exporter.own or not can_fork():
        pieces = call()
    else:
        ((_, pieces),) = results([Task(call, seconds)], 1)
    if isinstance(pieces, Ended):
        return {}, [failure(exporter, pieces.why)]
    return pieces, []


def _checked_pieces(exporter: Installed, options: Any, guide: Guide) -> dict[str, Piece] | Ended:
    try:
        with contextlib.redirect_stdout(sys.stderr):
            pieces = exporter.cls(options, lambda problem: None).pieces(guide)
        ids = {question.id for question in guide.questions}
        for key, (kind, digest) in pieces.items():
            if not is_entry(key, kind, digest) or key.split("/")[0] not in ids:
                raise ValueError(
                    f"it publishes {key!r}, {kind!r}, {digest!r}: see docs/exporters.md"
                )
        return dict(pieces)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: an exporter does not end the program
        return Ended(describe(error))


def _changed_kinds(
    guide: Guide, exporter: str, old: Mapping[str, Stamp], new: Mapping[str, Piece]
) -> Iterator[Problem]:
    """An error for each piece that was published as another kind. In Anki a note can't become
    another type: the update would be refused, silently."""
    for key, piece in new.items():
        if key in old and old[key].kind != piece.kind:
            yield Problem(
                f"{key} was published as {old[key].kind} and is now {piece.kind}, which {exporter} "
                "can't update: give it a new id",
                _place(guide, key),
            )


def _place(guide: Guide, key: str) -> Place:
    """Where what a key names stands: a card, by its id or its position, or else its question."""
    id, _, part = key.partition("/")
    question = next(question for question in guide.questions if question.id == id)
    cards = enumerate(question.cards, 1)
    return next((c.place for n, c in cards if part in (c.id, f"#{n}")), question.place)


def dates(ledger: Ledger, unless_in: Ledger | None = None) -> dict[str, dict[str, int]]:
    """The dates of all notes by exporter; with `unless_in` only those that this ledger has too."""
    return {
        name: {
            key: stamp.changed
            for key, stamp in stamps.items()
            if unless_in is None or unless_in.notes.get(name, {}).get(key) == stamp
        }
        for name, stamps in ledger.notes.items()
    }


def digests(ledger: Ledger, exporter: str) -> dict[str, str]:
    """The digest of all that an exporter publishes."""
    return {key: stamp.digest for key, stamp in ledger.notes.get(exporter, {}).items()}


_DAY = 24 * 3600
_LONG = 2 * 365 * _DAY
_MISDATED = "clock-doubtful"


def misdated(guide: Guide, ledger: Ledger) -> Iterator[Problem]:
    """A warning where dates of the ledger that a build makes of a guide seem to come from a wrong
    clock. Anki dates what people write on a note by their clocks, and a note that is dated later
    replaces it with every import."""
    asked = {question.id for question in guide.questions if _MISDATED not in question.allow}
    given = [date for key, date in _dated(ledger) if key.partition("/")[0] in asked]
    latest = max(given, default=0)
    before = max((date for _, date in _dated(guide.ledger)), default=latest)
    now = time.time() + _DAY  # clocks set to the time of another zone are less than that apart
    day = datetime.fromtimestamp(latest, UTC).date()
    if latest > now:
        message = (
            f"{count(sum(date > now for date in given), 'note')} dated later than today, up to "
            f"{day}: until then each import replaces what people wrote there. If it is not "
            "published yet, set the clock, restore this file and build"
        )
    elif latest > before + _LONG:
        message = (
            f"new content is dated {day}, more than two years after what was here: if the clock "
            "is wrong, set it, restore this file and build"
        )
    else:
        return
    place = Place((Path(guide.place.path).parent / LEDGER).as_posix())
    yield Problem(message, place, warning=True, name=_MISDATED)


def _dated(ledger: Ledger) -> Iterator[tuple[str, int]]:
    """The date of every note, with what names it."""
    for stamps in ledger.notes.values():
        for key, stamp in stamps.items():
            yield key, stamp.changed
