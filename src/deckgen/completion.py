"""What a shell completes: names from the bank and of the exporters.

Nothing here may fail or print: a broken bank completes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from .model import Bank


def exporters(context: click.Context, begun: str) -> list[CompletionItem]:
    """The names of exporters."""
    from .registry import names

    return _beginning(begun, names())


def questions(context: click.Context, begun: str) -> list[CompletionItem]:
    """The ids and codes of questions, with their words."""
    bank = _bank(context)
    if bank is None:
        return []
    found = [question for guide in bank.guides for question in guide.questions]
    pairs = [(name, q.question.source.strip()) for q in found for name in (q.id, q.code)]
    return [
        CompletionItem(name, help=words.split("\n")[0][:60])
        for name, words in sorted(pairs)
        if name.startswith(begun)
    ]


def filter_values(context: click.Context, begun: str, kind: str) -> list[CompletionItem]:
    """The values that a filter of this kind takes."""
    bank = _bank(context)
    return [] if bank is None else _beginning(begun, _values(bank, kind))


def _values(bank: Bank, kind: str) -> set[str]:
    from .words import slug

    if kind == "guide":
        return {guide.id for guide in bank.guides}
    if kind == "round":
        return {round.id for guide in bank.guides for round in guide.rounds}
    asked = [question for guide in bank.guides for question in guide.questions]
    if kind == "tag":
        return {slug(tag) for question in asked for tag in question.tags}
    return {slug(getattr(question, kind)) for question in asked}


def _bank(context: click.Context) -> Bank | None:
    from .loader import load_bank
    from .problems import BankError

    try:
        return load_bank(context.params.get("bank") or Path("content"))
    except BankError:
        return None


def _beginning(begun: str, names: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(name) for name in sorted(names) if name.startswith(begun.lower())]
