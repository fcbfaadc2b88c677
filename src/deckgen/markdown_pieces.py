"""What CommonMark does not know, cut out of a text before it is parsed: math, clozes, and HTML.

Each such piece leaves its number in its place, in cells of braille: to a parser of Markdown they
are punctuation, as a piece's own ends are, and mean nothing else. The converter puts the piece back
where its number comes out. Code is left alone, and so is what a backslash escapes.
"""

from __future__ import annotations

import re
import sys
from html import unescape
from typing import NamedTuple

from .markdown import Break, Math, MathBlock, Text
from .texts import Remark

PLACE = re.compile("([\u2801-\u28ff]{3})")
"""A piece's place in a text: three digits to the base of 255. A text's own braille is cut out with
the pieces, if there are any."""


WORDS_ALONE = re.compile(r"""[A-Za-z][A-Za-z0-9 .,;:?!'"()/%+=#@^-]*+(?<! )""")
"""A line in which nothing can mean anything to a parser: so are most texts, which need none."""


class Tag(NamedTuple):
    """`<sub>`, `<sup>` or `<kbd>`, opening or closing."""

    name: str
    opens: bool
    source: str


class Cloze(NamedTuple):
    """`{{c1::content::hint}}`; its content holds the places of other pieces."""

    number: str
    content: str
    hint: str


class Comment(NamedTuple):
    """An HTML comment: nothing, unless in code."""


Value = Math | MathBlock | Cloze | Tag | Break | Comment | Text


class Piece(NamedTuple):
    """What is cut out of a text: as it is written there, and what it means."""

    source: str
    value: Value


class Cut(NamedTuple):
    """A text without its pieces."""

    text: str
    pieces: tuple[Piece, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def piece(self, place: str) -> Piece:
        high, middle, low = (ord(cell) - _ZERO for cell in place)
        return self.pieces[(high * _BASE + middle) * _BASE + low]

    def restored(self, text: str) -> str:
        """A part of the text as it was written."""
        if text.isascii() or not self.pieces:
            return text
        return PLACE.sub(lambda place: self.piece(place[0]).source, text)


_ZERO, _BASE = 0x2801, 255


def _place(number: int) -> str:
    rest, low = divmod(number, _BASE)
    return "".join(chr(_ZERO + digit) for digit in (*divmod(rest, _BASE), low))


def cut(source: str, *, math: bool, clozes: bool) -> Cut:
    """Cut the pieces out of a text."""
    if not ("<" in source or "~" in source or "$" in source or (clozes and "{{" in source)):
        return Cut(source)
    return _Cutter(source, math, clozes).run()


# ---------------------------------------------------------------------------------- what to find

_FOUND = re.compile(
    r"""
    (?= ^ | [\\`\]<~${:}\n] )  # what each begins with, so that most characters are passed at once
    (?: (?P<escape> \\(?: ::(?=::) | \}\}(?=\}\}) | [!-/:-@\[-`{-~] ) )
    | (?P<fence> ^[ \t>]* (?:(?:[-+*]|\d{1,9}[.)])[ \t]+)* (?P<mark>`{3,}(?=[^`\n]*$)|~{3,}) .*$ )
    | (?P<ticks> `+ )
    | (?P<target> \](?:\(\s*|:[ \t]*) <[^<>\n]*> )
    | (?P<autolink> <(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]{1,64}@[\w.-]{1,255})> )
    | (?P<comment> <!-- )
    | (?P<line_break> <[bB][rR]\s*/?> )
    | (?P<tag> <(?P<slash>/?)(?P<name>[sS][uU][bBpP]|[kK][bB][dD])> )
    | (?P<less> <(?=[A-Za-z/!?]) )
    | (?P<tilde> (?<!~)~(?!~) )
    | (?P<dollars> \$\$? )
    | (?P<opening> \{\{c(?P<number>\d[\d,]*):: )
    | (?P<hint> :: )
    | (?P<closing> \}\} )
    | (?P<gap> \n[ \t]*(?=\n) ) )
    """,
    re.VERBOSE | re.MULTILINE,
)
"""In CommonMark what begins first wins: code, an escape, a link's target, a piece. A backslash
escapes one character, and both of a delimiter's where a true one follows."""

_OWN = re.compile(
    r"\\[&\\]|(?P<braille>[\u2801-\u28ff]|&#(?:[xX]0*28[0-9a-fA-F]{2}|0*10[2-4][0-9]{2});)"
)
"""A text's own braille, written or as a reference. It is cut out of code, too, where it would be
taken for a piece's place when the code is restored."""

_DISPLAY = re.compile(  # no line of it begins as a block of another kind would
    r"\$\$((?:\\[^\n]|[^$\\\n]|\\?\n(?![ \t]*(?:\n|[-+*#|>`~]|\d+[.)])))+?)\$\$"
)
_DISPLAY_BLOCK = re.compile(
    r"\$\$((?:\\[^\n]|[^$\\\n]|\\?\n(?![ \t>]*(?:\n|```|~~~)))+?)\$\$[ \t]*$", re.MULTILINE
)
_OPENING = re.compile(r"\{\{c\d+::")
_LITERAL = re.compile(r"\\([:}])")
_INLINE = re.compile(r"\$(?![\s$])((?:\\[^\n]|[^$\\\n])+?)(?<!\s)\$(?!\d)")
_LINE_START = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*")
_QUOTE_MARKS = re.compile(r"^[ \t]*>[ \t>]*", re.MULTILINE)
_REST_OF_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
_BLOCK_END = re.compile(r"\n[ \t]*(?:\n|[-+*#|>][ \t]|\d{1,9}[.)][ \t])")


class _Open:
    """A cloze that is not closed yet."""

    def __init__(self, match: re.Match[str]) -> None:
        self.opening = match[0]
        self.number = match["number"]
        self.start = match.start()
        self.out: list[str] = []
        self.content: str | None = None
        """What is hidden, once the hint has begun."""
        self.hint = 0
        """Where the hint begins."""


class _Cutter:
    """Goes once through a text, from left to right."""

    def __init__(self, source: str, math: bool, clozes: bool) -> None:
        self.source = source
        self.math = math
        self.clozes = clozes
        self.pieces: dict[Piece, int] = {}
        """With their numbers. What is alike has the same: a link finds its target by its label."""
        self.remarks: list[Remark] = []
        self.open: list[_Open] = []
        self.outs: list[list[str]] = [[]]
        """The text so far, and that of each open cloze."""
        self.kept = 0
        """Where the part of the source begins that is not in a text yet."""
        self.last_comment = source.rfind("-->")
        self.has_own = bool(_OWN.search(source))

    def run(self) -> Cut:
        at = 0
        while match := _FOUND.search(self.source, at):
            at = self.look(match)
        self.keep(len(self.source))
        self.close_none()
        return Cut("".join(self.outs[0]), tuple(self.pieces), tuple(self.remarks))

    def look(self, match: re.Match[str]) -> int:
        """Deal with what was found; gives where to go on."""
        match match.lastgroup:
            case "fence":
                return self.after_fence(match)
            case "ticks":
                return self.after_code(match)
            case "comment" if match.end() <= self.last_comment:
                return self.comment(match)
            case "line_break":
                return self.cut(*match.span(), Break())
            case "tag":
                tag = Tag(match["name"].lower(), not match["slash"], match[0])
                return self.cut(*match.span(), tag)
            case "comment":
                return self.cut(match.start(), match.start() + 1, Text("<"))
            case "less" | "tilde":
                return self.cut(*match.span(), Text(match[0]))
            case "dollars" if self.math:
                return self.formula(match)
            case "opening" | "hint" | "closing" if self.clozes:
                self.cloze(match)
            case "gap":
                self.keep(match.start())
                self.close_none()
            case _:
                pass
        return match.end()

    def comment(self, match: re.Match[str]) -> int:
        """A comment; one that stands between blocks stays apart from them, so that it neither joins
        what is below it nor lets two lists beside it become one."""
        start, end = match.start(), self.source.index("-->", match.end()) + 3
        line = self.source.rfind("\n", 0, start) + 1
        above = self.source.rfind("\n", 0, max(line - 1, 0)) + 1
        indented = start - line > 3 or self.source[line:start].strip(" ")
        between = not (indented or self.source[above:line].strip())
        self.cut(start, end, Comment())
        if between and _REST_OF_LINE.match(self.source, end):
            self.outs[-1].append("\n")
        return end

    def keep(self, until: int) -> None:
        text = self.source[self.kept : until]
        self.outs[-1].append(_OWN.sub(self.own, text) if self.has_own else text)
        self.kept = until

    def own(self, match: re.Match[str]) -> str:
        braille = match["braille"]
        return self.placed(Piece(braille, Text(unescape(braille)))) if braille else match[0]

    def placed(self, piece: Piece) -> str:
        """The place of a piece, for the text it is cut from."""
        return _place(self.pieces.setdefault(piece, len(self.pieces)))

    def cut(self, start: int, end: int, value: Value) -> int:
        self.keep(start)
        self.outs[-1].append(self.placed(Piece(self.source[start:end], value)))
        self.kept = end
        return end

    # -- code

    def after_fence(self, match: re.Match[str]) -> int:
        mark = match["mark"]
        close = re.compile(rf"^[ \t>]*{mark}{mark[0]}*[ \t]*$", re.MULTILINE)
        found = close.search(self.source, match.end())
        return found.end() if found else len(self.source)

    def after_code(self, match: re.Match[str]) -> int:
        end = _BLOCK_END.search(self.source, match.end())
        close = re.compile(rf"(?<!`){match[0]}(?!`)")
        found = close.search(self.source, match.end(), end.start() if end else sys.maxsize)
        return found.end() if found else match.end()

    # -- math

    def formula(self, match: re.Match[str]) -> int:
        start = match.start()
        if match[0] == "$":
            found = _INLINE.match(self.source, start)
            return self.tex(found, Math(found[1].strip())) if found else match.end()
        line = self.source.rfind("\n", 0, start) + 1
        begins = self.source.find("$", line, start) < 0  # else it need not be looked at
        if begins and _LINE_START.fullmatch(self.source, line, start):
            found = _DISPLAY_BLOCK.match(self.source, start)
            if found and (tex := _QUOTE_MARKS.sub("", found[1]).strip()):
                # Apart from what is above and below it, which would make it a row or a heading;
                # but in a list blank lines mean something, so there it stays as it was.
                apart = "\n" if start == line else ""
                self.keep(start)
                self.outs[-1].append(apart)
                end = self.tex(found, MathBlock(tex))
                self.outs[-1].append(apart)
                return end
        found = _DISPLAY.match(self.source, start)
        if found and (tex := found[1].strip()):
            return self.tex(found, Math(tex, display=True))
        return start + 1  # the second dollar may begin a formula

    def tex(self, found: re.Match[str], value: Math | MathBlock) -> int:
        """A formula, in which a cloze would be TeX and make no card."""
        if self.clozes and (opening := _OPENING.search(value.tex)):
            message = (
                "a cloze can't begin in a formula: hide the formula, {{c1::$...$}}, "
                r"or write \$ for a dollar"
            )
            self.remarks.append(Remark(message, opening[0], warning=False))
        return self.cut(*found.span(), value)

    # -- clozes

    def cloze(self, match: re.Match[str]) -> None:
        innermost = self.open[-1] if self.open else None
        if match.lastgroup == "opening":
            if "," in match["number"]:
                message = "this cloze has several numbers: give it one"
                self.remarks.append(Remark(message, match[0], warning=False))
                return
            self.keep(match.start())
            self.kept = match.end()
            self.open.append(_Open(match))
            self.outs.append(self.open[-1].out)
        elif innermost and match.lastgroup == "closing":
            self.keep(match.start())
            self.outs.pop()
            self.open.pop()
            content = "".join(innermost.out) if innermost.content is None else innermost.content
            hint = self.source[innermost.hint : match.start()] if innermost.hint else ""
            hint = _LITERAL.sub(r"\1", hint.strip())  # it is no Markdown, where the escape would go
            cloze = Cloze(innermost.number, self.edged(content), hint)
            self.kept = innermost.start  # `cut` starts from there, and has nothing to keep
            self.cut(innermost.start, match.end(), cloze)
        elif innermost and innermost.content is None:
            self.keep(match.start())
            innermost.content = "".join(innermost.out)
            innermost.hint = match.end()

    def edged(self, content: str) -> str:
        """The content of a cloze, to be parsed on its own and read as part of its paragraph all the
        same: a piece that stands for nothing, at the beginning of each line and at the end, keeps
        lists from beginning there and outer spaces from being lost."""
        if WORDS_ALONE.fullmatch(content):
            return content
        edge = self.placed(Piece("", Comment()))
        return edge + content.replace("\n", f"\n{edge}") + edge

    def close_none(self) -> None:
        """A paragraph has ended: its clozes that are still open are text."""
        for opened in self.open:
            message = "this cloze is not closed by }}"
            self.remarks.append(Remark(message, opened.opening, warning=False))
            self.outs[0] += [opened.opening, *opened.out]
        self.open.clear()
        del self.outs[1:]
