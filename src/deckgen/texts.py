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


@dataclass(frozen=True, slots=True, init=False)
class Markdown:
    """A Markdown text of the bank; false when there is nothing in it.

    It is parsed on first use and the result kept, so exporters share one parse.
    """

    source: str
    math: bool
    place: Place | None = field(compare=False, repr=False)
    _kept: Parsed | None = field(compare=False, repr=False)
    clozes: ClassVar[bool] = False

    def __init__(self, source: str = "", math: bool = True, place: Place | None = None) -> None:
        # In half the time of what dataclass would write: a bank has thousands of texts.
        _set_source(self, source)
        _set_math(self, math)
        _set_place(self, place)
        _set_kept(self, None)

    def __bool__(self) -> bool:
        return bool(self.source) and not self.source.isspace()

    @property
    def _parsed(self) -> Parsed:
        kept = self._kept
        if kept is None:
            kept = _parse()(self.source, self.math, self.clozes)
            _set_kept(self, kept)
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


_set_source, _set_math, _set_place, _set_kept = (
    getattr(Markdown, name).__set__ for name in ("source", "math", "place", "_kept")
)


@cache
def _parse() -> Callable[..., Parsed]:
    # Lazy import: most commands need no text parsed.
    from .markdown_parser import parse

    return lru_cache(_KEPT)(parse)


_KEPT = 2**16
"""Texts whose parse is kept: of a bank that is watched, nearly all are the same again."""


@dataclass(frozen=True, slots=True, init=False)
class ClozeText(Markdown):
    """Markdown in which `{{c1::hidden::hint}}` is a cloze deletion."""

    clozes: ClassVar[bool] = True
