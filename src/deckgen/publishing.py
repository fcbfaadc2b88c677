"""Bringing a ledger up to date with what the exporters publish of a guide."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from .exporter import Exporter, Piece
from .ledger import Ledger, Stamp, is_entry
from .limits import Ended, Task, can_fork, results
from .model import Guide
from .options import resolve
from .problems import Place, Problem, describe
from .registry import Installed
from .running import failure


def published(
    guide: Guide, exporters: Iterable[Installed], now: int, seconds: float
) -> tuple[Ledger, dict[str, list[Problem]]]:
    """A guide's ledger with what every exporter publishes of it, dated `now` (seconds since 1970)
    where it is new or changed; and the problems that keep an exporter from publishing, by its name.

    The ledger depends on the bank alone, not on what this build was asked for: on all published
    questions, and on the guide's own options. A stranger's exporter has `seconds` to answer.
    """
    public = replace(guide, questions=tuple(q for q in guide.questions if q.status != "draft"))
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
