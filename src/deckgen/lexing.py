"""Pygments' lexers, several times as fast: a rule is tried only where it can match.

Pygments' own loop tries the regular expressions of a state one after the other, some 25 for each
token. Here those that can't match the next character are left out, and the others are tried in
their order, so the tokens are the same. What a regular expression can begin with is read from the
tree that Python's own parser makes of it; where it can't be told, the rule is always tried.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from typing import Any, NamedTuple

from pygments.lexer import RegexLexer
from pygments.token import Error, Whitespace, _TokenType

from .memo import Memo

# No part of what Python promises, though the same for decades.
_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")
_op: Any = import_module("re._constants")
_UNTRIED = (3, 15)
"""From this version of Python on they may be others, and lexers keep their own loop."""


def quick(lexer: Any) -> Any:
    """A lexer of Pygments', which is given the loop below where it has Pygments' usual one."""
    is_usual = type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed
    if is_usual and sys.version_info < _UNTRIED:
        states = {name: _state(rules) for name, rules in lexer._tokens.items()}
        lexer.get_tokens_unprocessed = partial(_tokens, lexer, states)
    return lexer


class _Rule(NamedTuple):
    """One of Pygments' rules."""

    match: Any
    """The method of its regular expression."""
    action: Any
    """The type of what was matched, or what makes tokens of it, or nothing."""
    moves: Sequence[str]
    """The states to enter then, as Pygments names them; `#pop` leaves one."""

    def may_match(self, char: str) -> bool:
        """Whether it can match where that character is next; at the end of a text there is none."""
        begins = _begins(self.match.__self__)
        return begins is None or begins.match(char) is not None


_State = Memo[str, list[_Rule]]
"""The rules that can match in a state, by the next character."""


def _state(rules: Iterable[tuple[Any, Any, Any]]) -> _State:
    """A state of a lexer from the rules that it has in a table of Pygments'."""
    own = [_Rule(match, action, _moves(change)) for match, action, change in rules]
    return Memo(lambda char: [rule for rule in own if rule.may_match(char)])


def _moves(change: Any) -> Sequence[str]:
    """A change of state as Pygments' tables have it: a name or several, a number below 0 for so
    many to leave, or none."""
    if isinstance(change, int):
        return ("#pop",) * -change
    return (change,) if isinstance(change, str) else change or ()


def _tokens(
    lexer: Any, states: Mapping[str, _State], text: str, stack: Iterable[str] = ("root",)
) -> Iterator[tuple[int, Any, str]]:
    """The tokens of a text: where each begins, its type, its text. `stack` names the open states,
    the innermost last."""
    position, opened = 0, list(stack)
    state = states[opened[-1]]
    while True:
        for match, action, moves in state[text[position : position + 1]]:
            found = match(text, position)
            if found is None:
                continue
            if type(action) is _TokenType:
                yield position, action, found.group()
            elif action is not None:
                yield from action(lexer, found)
            position = found.end()
            if moves:
                for name in moves:
                    if name != "#pop":
                        opened.append(opened[-1] if name == "#push" else name)
                    elif len(opened) > 1:
                        opened.pop()
                state = states[opened[-1]]
            break
        else:
            if position == len(text):
                return
            char = text[position]
            if char == "\n":
                opened = ["root"]
                state = states["root"]
            yield position, Whitespace if char == "\n" else Error, char
            position += 1


# ------------------------------------------------------------------- what a pattern can begin with

_WIDTHLESS = (_op.AT, _op.ASSERT, _op.ASSERT_NOT)
_CHARACTER = (_op.LITERAL, _op.NOT_LITERAL, _op.IN, _op.ANY)


class _Unknown(Exception):
    """It can't be told what a pattern can begin with."""


@cache
def _begins(pattern: re.Pattern[str]) -> re.Pattern[str] | None:
    """A pattern of one character: what another can begin with. None where that can't be told, or
    where it may match without any."""
    tree = _parser.parse(pattern.pattern, pattern.flags)
    try:
        firsts, may_be_empty = _firsts(tree)
    except _Unknown:
        return None
    if may_be_empty:
        return None
    choices = [_parser.SubPattern(tree.state, [first]) for first in firsts]
    choice = _parser.SubPattern(tree.state, [(_op.BRANCH, (None, choices))])
    begins: re.Pattern[str] = _compiler.compile(choice, pattern.flags)
    return begins


def _firsts(tree: Iterable[tuple[Any, Any]]) -> tuple[list[Any], bool]:
    """The nodes that can match the first character, and whether there may be none to match. Raises
    _Unknown."""
    firsts: list[Any] = []
    for op, value in tree:
        if op in _WIDTHLESS:
            continue
        if op in _CHARACTER:
            return [*firsts, (op, value)], False
        branches, may_be_empty = _branches(op, value)
        for branch in branches:
            found, is_optional = _firsts(branch)
            firsts += found
            may_be_empty |= is_optional
        if not may_be_empty:
            return firsts, False
    return firsts, True


def _branches(op: Any, value: Any) -> tuple[Sequence[Any], bool]:
    """What a node holds, one or another of which is matched, and whether it can do without."""
    if op is _op.SUBPATTERN:
        _, flags, no_flags, inner = value
        if not (flags or no_flags):
            return [inner], False
    elif op is _op.BRANCH:
        return value[1], False
    elif op in (_op.MAX_REPEAT, _op.MIN_REPEAT):
        least, _, inner = value
        return [inner], least == 0
    raise _Unknown
