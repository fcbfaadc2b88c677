"""deckgen: a YAML bank of interview questions -> an Anki deck and a printed study guide.

The names below are the public Python API. They are imported on first use, so that
`deckgen --help` does not pay for what it does not do.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "1.6.0"

if TYPE_CHECKING:
    from .builder import Report as Report
    from .builder import WrongUsage as WrongUsage
    from .builder import build as build
    from .exporter import Exporter as Exporter
    from .exporter import Piece as Piece
    from .exporter import option as option
    from .loader import load_bank as load_bank
    from .model import Bank as Bank
    from .model import Block as Block
    from .model import Card as Card
    from .model import FollowUp as FollowUp
    from .model import Guide as Guide
    from .model import Link as Link
    from .model import Media as Media
    from .model import Question as Question
    from .model import Round as Round
    from .problems import BankError as BankError
    from .problems import Place as Place
    from .problems import Problem as Problem
    from .texts import Markdown as Markdown

_HOMES = {
    "builder": ("Report", "WrongUsage", "build"),
    "exporter": ("Exporter", "Piece", "option"),
    "loader": ("load_bank",),
    "model": ("Bank", "Block", "Card", "FollowUp", "Guide", "Link", "Media", "Question", "Round"),
    "problems": ("BankError", "Place", "Problem"),
    "texts": ("Markdown",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)


if not TYPE_CHECKING:  # a type checker would take any name for one that is there

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module 'deckgen' has no attribute {name!r}")
        return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
