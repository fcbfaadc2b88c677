"""The guide as something published: what updates would break or leave to rot."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..files import LEDGER
from ..model import Guide
from ..problems import Place
from .rules import Finding, guide_rule

_TWO_YEARS = 2 * 365 * 24 * 3600


def _ledger(guide: Guide) -> Place:
    return Place(guide.place.path.rpartition("/")[0] + f"/{LEDGER}")


@guide_rule("question-deleted")
def deleted(guide: Guide) -> Iterator[Finding]:
    """A published question is gone from the bank: people have it in their collections. Bring it
    back with `status: retired`, and it tells them."""
    present = {question.id for question in guide.questions}
    for id, code in guide.ledger.questions.items():
        if id not in present:
            message = (
                f"{code} {id!r} was published and is gone: retire it instead (status: retired)"
            )
            yield Finding(message, _ledger(guide))


@guide_rule("question-withdrawn")
def withdrawn(guide: Guide) -> Iterator[Finding]:
    """A published question is a draft again, which no output holds: people have it in their
    collections. With `status: retired` it tells them."""
    for question in guide.questions:
        code = guide.ledger.questions.get(question.id)
        if code and question.status == "draft":
            message = (
                f"{code} {question.id!r} was published and is a draft again, in no output: retire "
                "it instead (status: retired)"
            )
            yield Finding(message, question.place, owners=(question,))


@guide_rule("renumbered")
def renumbered(guide: Guide) -> Iterator[Finding]:
    """The rounds of the guide are not in the order of their published numbers, or codes were given
    under a number that no round has: decks sort by number, and paper has the codes."""
    last = 0
    for round in guide.rounds:
        if round.number < last:
            message = (
                f"round {round.id!r} was published as number {round.number} and comes after number "
                f"{last}: decks will stand in the order of the numbers"
            )
            yield Finding(message, round.place)
        last = max(last, round.number)
    numbers = {str(number) for number in guide.ledger.rounds.values()}
    for id, code in guide.ledger.questions.items():
        if code.split(".")[0] not in numbers:
            message = f"{id!r} has the code {code}, but no round has that number any more"
            yield Finding(message, _ledger(guide))


@guide_rule("stale", only_strict=True)
def stale(guide: Guide) -> Iterator[Finding]:
    """A question last changed more than 24 months ago, by the ledger (note): read it again."""
    now = time.time()
    for question in guide.questions:
        stamps = [
            stamps[question.id] for stamps in guide.ledger.notes.values() if question.id in stamps
        ]
        if stamps and now - max(stamp.changed for stamp in stamps) > _TWO_YEARS:
            message = f"{question.id!r} has not changed for two years: is it still right?"
            yield Finding(message, question.place, note=True, owners=(question,))
