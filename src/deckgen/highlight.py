"""Code -> lines of highlighted tokens, by Pygments."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from .limits import alarm
from .markdown import Token

MAX_CODE = 10_000
"""Characters of one listing that are highlighted; a longer one is plain. On what no one would
write, many lexers spend time that grows with the square of its length."""

MAX_SECONDS = 5
"""Of highlighting one listing, where the system has alarms; the longest that somebody meant takes a
fifth of one. On some short ones, such as a quote that is left open before many backslashes, the
regular expressions of some twenty lexers would go on for years."""


Lines = tuple[tuple[Token, ...], ...]


class NotHighlighted(Exception):
    """Why a listing can only be shown plain, and the name of the warning that says so."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


def highlight(code: str, language: str) -> Lines:
    """The lines of a listing, tabs as four columns; without a language they are plain. Raises
    NotHighlighted."""
    if not language:
        return plain(code)
    code = _tidy(code)
    if not code:
        return ()
    lexer = _lexer(language)
    if lexer is None:
        message = f"unknown code language {language!r}: the code is shown plain"
        raise NotHighlighted(message, "code-language")
    if len(code) > MAX_CODE:
        message = f"a listing of more than {MAX_CODE:,} characters is shown plain"
        raise NotHighlighted(message, "code-long")
    try:
        with alarm(MAX_SECONDS):
            # A token of nothing, as some lexers have them, would part the tokens beside it.
            tokens = [(_style(kind), text) for kind, text in lexer.get_tokens(code) if text]
    except TimeoutError as error:
        message = f"a listing that takes over {MAX_SECONDS} seconds to highlight is shown plain"
        raise NotHighlighted(message, "code-long") from error
    # Some lexers drop what they do not expect; a listing must not lose a character.
    same = "".join([text for _, text in tokens]).removesuffix("\n") == code
    return _lines(tokens) if same else plain(code)


def plain(code: str) -> Lines:
    """The lines of a listing without any highlighting."""
    code = _tidy(code)
    return tuple((Token("", line),) if line else () for line in code.split("\n")) if code else ()


def _tidy(code: str) -> str:
    return code.expandtabs(4).rstrip("\n")


@cache
def _lexer(language: str) -> Any:
    # Lazy import: most texts hold no code.
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    from .lexing import quick

    try:
        # The line end that Pygments adds by default stays: without it many lexers misread the
        # last line.
        return quick(get_lexer_by_name(language, stripnl=False))
    except ClassNotFound:
        return None


def _lines(tokens: list[tuple[str, str]]) -> Lines:
    """Tokens by line; those of one style that stand side by side as one."""
    lines: list[tuple[Token, ...]] = []
    line: list[Token] = []
    style, words = "", ""  # of the token that may still go on
    for next_style, text in tokens:
        if next_style != style:
            if words:
                line.append(_token(style, words))
            style, words = next_style, ""
        if "\n" not in text:
            words += text
            continue
        *ended, rest = (words + text).split("\n")
        for part in ended:
            lines.append((*line, _token(style, part)) if part else tuple(line))
            line = []
        words = rest
    if words:
        line.append(_token(style, words))
    return (*lines, tuple(line)) if line else tuple(lines)


_token = lru_cache(2**14)(Token)
"""Code has the same ones again and again."""


@cache
def _style(kind: Any) -> str:
    """The short class of one of Pygments' token types."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:  # a lexer's own subtype: take the nearest known one
        kind = kind.parent
    style: str = STANDARD_TYPES[kind]
    return "" if style == "w" else style
