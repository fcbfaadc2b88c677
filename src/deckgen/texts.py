"""The texts of a bank, as they are written. The types that they are parsed into (`markdown.py`) are
loaded when the first one is parsed: a command that only reads a bank needs none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from .problems import Place

if TYPE_CHECKING:
    from .markdown import Block

MAX_DEPTH = 32
"""Of lists, quotes, emphasis and links in each other."""

MAX_URL = 2_000
"""Characters of an address: what every browser takes."""

MAX_FILLED = 2**18
"""Cells missing from the short rows of a text's tables: the parser fills in no more than these."""


class Remark(NamedTuple):
    """Something wrong in a text. `needle` is the part of its source that it is about."""

    message: str
    needle: str
    warning: bool = True
    name: str = ""


class Parsed(NamedTuple):
    """What a text comes to, and what is wrong with it."""

    blocks: tuple[Block, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, init=False)
class Markdown:
    """A Markdown text of the bank; false when there is nothing in it.

    It is parsed on first use and the result kept, so exporters share one parse.
    """

    source: str = ""
    math: bool = True
    place: Place | None = field(default=None, compare=False, repr=False)
    clozes: ClassVar[bool] = False

    def __init__(self, source: str = "", math: bool = True, place: Place | None = None) -> None:
        # In half the time of the way round its own `__setattr__`: a bank has thousands of texts.
        fields = self.__dict__
        fields["source"], fields["math"], fields["place"] = source, math, place

    def __bool__(self) -> bool:
        return bool(self.source) and not self.source.isspace()

    @property
    def _parsed(self) -> Parsed:
        # No cached_property: before Python 3.12 it takes a lock for each.
        kept: Parsed | None = self.__dict__.get("_kept")
        if kept is None:
            kept = _parse()(self.source, math=self.math, clozes=self.clozes)
            self.__dict__["_kept"] = kept
        return kept

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it comes to: nothing where it is nested too deep, which is a remark then."""
        return self._parsed.blocks

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is wrong with it: errors, which no bank that is loaded has, and warnings."""
        return self._parsed.remarks

    @property
    def plain(self) -> str:
        """The words alone, on one line."""
        from .markdown import plain_text

        return plain_text(self.blocks)


@cache
def _parse() -> Callable[..., Parsed]:
    # Lazy import: most commands need no text parsed.
    from .markdown_parser import parse

    return lru_cache(_KEPT)(parse)


_KEPT = 2**16
"""Texts whose parse is kept: of a bank that is watched, nearly all are the same again."""


@dataclass(frozen=True, init=False)
class ClozeText(Markdown):
    """Markdown in which `{{c1::hidden::hint}}` is a cloze deletion."""

    clozes: ClassVar[bool] = True
