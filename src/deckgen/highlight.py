"""Code -> lines of highlighted tokens, by Pygments."""

from __future__ import annotations

from functools import cache
from typing import Any

from .markdown import Token

MAX_CODE = 10_000
"""Characters of one listing that are highlighted; a longer one is plain. On what no one would
write, many lexers spend time that grows with the square of its length."""


def highlight(code: str, language: str) -> tuple[tuple[Token, ...], ...] | None:
    """The lines of a listing, tabs as four columns. `""` as language leaves it plain, and so does a
    length of more than MAX_CODE; None is returned when no lexer goes by the name."""
    code = code.expandtabs(4).rstrip("\n")
    if not code:
        return ()
    if not language:
        return _plain(code)
    lexer = _lexer(language)
    if lexer is None:
        return None
    if len(code) > MAX_CODE:
        return _plain(code)
    # A token of nothing, as some lexers have them, would part the tokens beside it.
    tokens = [(_style(kind), text) for kind, text in lexer.get_tokens(code) if text]
    # Some lexers drop what they do not expect; a listing must not lose a character.
    same = "".join([text for _, text in tokens]).removesuffix("\n") == code
    return _lines(tokens) if same else _plain(code)


def _plain(code: str) -> tuple[tuple[Token, ...], ...]:
    return tuple((Token("", line),) if line else () for line in code.split("\n"))


@cache
def _lexer(language: str) -> Any:
    # Lazy import: most texts hold no code.
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        # The line end that Pygments adds by default stays: without it many lexers misread the
        # last line.
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


def _lines(tokens: list[tuple[str, str]]) -> tuple[tuple[Token, ...], ...]:
    """Tokens by line; those of one style that stand side by side as one."""
    lines: list[tuple[Token, ...]] = []
    line: list[Token] = []
    style, words = "", ""  # of the token that may still go on
    for next_style, text in tokens:
        if next_style != style:
            if words:
                line.append(Token(style, words))
            style, words = next_style, ""
        if "\n" not in text:
            words += text
            continue
        *ended, rest = (words + text).split("\n")
        for part in ended:
            lines.append((*line, Token(style, part)) if part else tuple(line))
            line = []
        words = rest
    if words:
        line.append(Token(style, words))
    return (*lines, tuple(line)) if line else tuple(lines)


@cache
def _style(kind: Any) -> str:
    """The short class of one of Pygments' token types."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:  # a lexer's own subtype: take the nearest known one
        kind = kind.parent
    style: str = STANDARD_TYPES[kind]
    return "" if style == "w" else style
