"""Code -> lines of highlighted tokens, by Pygments."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from .markdown import Token

MAX_CODE = 10_000
"""Characters of one listing that are highlighted; a longer one is plain. On what no one would
write, many lexers spend time that grows with the square of its length."""


@lru_cache(maxsize=512)  # of a bank that is watched, nearly all listings are the same again
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
    lines = _split_lines(lexer, code)
    # Some lexers drop what they do not expect; a listing must not lose a character.
    same = "\n".join("".join(token.text for token in line) for line in lines) == code
    return lines if same else _plain(code)


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


def _split_lines(lexer: Any, code: str) -> tuple[tuple[Token, ...], ...]:
    lines: list[list[Token]] = [[]]
    for kind, text in lexer.get_tokens(code):
        style = _style(kind)
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if not part:
                continue
            line = lines[-1]
            if line and line[-1].style == style:
                line[-1] = Token(style, line[-1].text + part)
            else:
                line.append(Token(style, part))
    return tuple(tuple(line) for line in (lines if lines[-1] else lines[:-1]))


@cache
def _style(kind: Any) -> str:
    """The short class of one of Pygments' token types."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:  # a lexer's own subtype: take the nearest known one
        kind = kind.parent
    style: str = STANDARD_TYPES[kind]
    return "" if style == "w" else style
