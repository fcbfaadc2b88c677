"""Any other page with questions -> an `Imported` guide: a list in an article, a collection of
questions and answers, notes in Markdown.

How the page marks its questions is found out first: by `Q:`, as headings, by numbers or letters,
by bullets, or by nothing but their words. What stands below a question is its answer, where most
have one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple, cast

from ..markdown import Image, Markdown, walk
from ..model import Difficulty
from ..words import slug
from . import plain
from .cards import CATEGORY, named_by_file
from .heads import is_mark, labelled_facts, names
from .remarks import Remarks
from .values import Given, Imported, ImportedQuestion, Line, gridded, text_of

_LONGEST_NAME = 140
"""Characters of a title, or of a heading that is not marked as one."""
_LONGEST_HEADING = 1000
_STARS = r"(?:\*\*|__)?"
_ASKED = re.compile(
    rf"{_STARS}(?:q|question|[问問]) ?\d{{0,3}} ?{_STARS}[.:：)]{_STARS} *(?P<words>\S.*)",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    rf"{_STARS}(?:a|ans|answer|答) ?(?:\d{{0,3}} ?{_STARS}[:：]|\d{{1,3}}[.)]){_STARS} *"
    r"(?P<words>.*)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(?P<level>#{1,6})\s+(?=\S)")
_CLOSING = re.compile(r"(?<!\s)\s+#+$")
_BOLD = re.compile(r"(?P<stars>\*\*|__)(?=\S)(?P<words>(?:(?!(?P=stars)).)+)(?P=stars):?")
_NUMBERED = re.compile(
    r"(?:\*\*\d{1,3}[.)]\*\*\s+|\(?(?:\d{1,3}|[A-Za-z])(?:[.)]\)?\s+|[、．]\s*))(?P<words>\S.*)"
)
_BULLET = re.compile(r"[^\w\s\"'“‘(\[<`$*_#|]\ufe0f?\s+(?P<words>\S.*)|\*\s+(?P<starred>\S.*)")
_MARKED = re.compile(r".*[?？؟][\"'”’)\]*_`]*")
_IMPERATIVE = re.compile(
    r"(?:build|compare|describe|design|discuss|explain|find|given?|how|implement|tell|walk|what|"
    r"when|which|why|write|beschreiben?|entwerfen?|erkläre?n?|nennen?|concevez|décrivez|expliquez|"
    r"cuénta(?:me|nos)|describ[ae]|diseñ[ae]|expli[cq]u?[ae])\b",
    re.IGNORECASE,
)
_CLUTTER = re.compile(
    r"answered by \d+|\d+ (?:answers?|comments?|likes?|upvotes?|views?)|answer question"
    r"|.* was asked(?:\.{3}|…)?|interview question \d+ of \d+|(?:add|show|view|hide) answers?"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}, \d{4}",
    re.IGNORECASE,
)
"""What collections of questions have between them."""
_LONGEST_LEVEL = 20
_LEVEL = re.compile(r"(?:\s[-–—]\s*|\s*[(\[])(?P<level>easy|medium|hard)[)\]]?$", re.IGNORECASE)
_TYPES = {
    "behavioral": r"tell me about|(?:describe|give|share) (?:me )?an? (?:time|example|situation)",
    "system-design": r"(?:how would you )?(?:design|architect)\b",
    "coding": r"(?:implement|given an?|write (?:an?|some|the))\b",
}
"""How questions of a type begin."""
_ORNAMENT = re.compile(
    "^(?:(?![.¿¡\"'“‘«„「(\\[]\\w)\\W)+|[\\s\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+$"
)
_BEFORE = re.compile(r"^(?:(?:the|top|best|most|common|asked|\d+\+?)\s+)+", re.IGNORECASE)
_AFTER = re.compile(r"[\s:|–—-]*(?:\b(?:interview|questions?)\b|面试|面接|면접).*", re.IGNORECASE)
"""What stands before and after the company and the role in a title."""
_AT = re.compile(r"(?P<about>.*)\b(?:at|bei|chez|en) (?P<company>[A-Z]\w*(?: [A-Z]\w*)*)")
_FOLDS = re.compile(
    r"^\s*(?:</?(?:details|summary)\b[^<>]*>\s*)++(?=$|.*</(?:details|summary)>$)"
    r"|(?:</(?:details|summary)>\s*)+$",
    re.IGNORECASE,
)
"""The tags around a part that is folded; words that speak of such tags stay."""
_FEWEST = 2
"""Questions that a page must have where nothing but their words tells them."""


def read_list(lines: Iterable[Line], path: str, given: Given) -> Imported | None:
    """The questions of a page, which `path` names; None where none are to be seen."""
    remarks = Remarks(path)
    above, questions = _read(lines, remarks)
    if not questions:
        return None
    told, above = labelled_facts(above)
    above = [*dropwhile(lambda line: not _words(line), above)]
    top = above[0].text if above and len(above[0].text) <= _LONGEST_NAME else ""
    title = plain.one_line(given.title) or plain.one_line(_ORNAMENT.sub("", _unmarked(top)))
    about, company, role = title, given.company or told.get("company", ""), given.role
    if not slug(title):
        title, about = named_by_file(path), ""
    elif found := _AT.match(title):
        about, company = found["about"], company or found["company"]
    about = plain.one_line(_AFTER.sub("", _BEFORE.sub("", about)))
    said = Given(title, company or ("" if about else title), role or told.get("role", ""))
    company, role, level = names([], about, said, remarks)
    return Imported(
        title=title,
        company=company,
        role=role,
        level=told.get("level", level),
        summary=_to_markdown(path)(text_of(above[bool(top) :])),
        questions=tuple(questions),
        remarks=remarks.in_order(),
    )


def read_part(lines: Sequence[Line], remarks: Remarks) -> list[ImportedQuestion]:
    """The questions in the part of a page that is to hold them."""
    above, questions = _read(lines, remarks)
    remarks.unplaced(above, "it stands above the first question")
    return questions


def _read(lines: Iterable[Line], remarks: Remarks) -> tuple[list[Line], list[ImportedQuestion]]:
    """What stands above the first question, and the questions."""
    page: list[Line] = []
    clutter: list[Line] = []
    lines = list(lines)
    code = _in_fences(lines)
    for at, line in enumerate(lines):
        if at not in code and len(line.text) <= _LONGEST_HEADING:
            line = line._replace(text=_FOLDS.sub("", line.text.rstrip()))
        is_clutter = line.aside or (at not in code and _is_clutter(line.text.strip()))
        (clutter if is_clutter else page).append(line)
    above, asked, others = _divided(page)
    if asked:
        remarks.unplaced(clutter, "it is no content of the page")
    remarks.unplaced(sorted(others), "it belongs to no question")
    return above, _answered(asked, remarks)


def _is_clutter(words: str) -> bool:
    return len(words) <= _LONGEST_NAME and _CLUTTER.fullmatch(words) is not None


# ------------------------------------------------------------------------------ finding questions


@dataclass
class _Asked:
    """A question as it stands on a page."""

    line: Line
    words: str
    category: str
    margin: int
    below: list[Line] = field(default_factory=list)


class _Heading(NamedTuple):
    level: int
    words: str


_OF_BOLD = 7
"""The level of a line in bold, which is a heading in some pages, and in others part of a text."""


def _divided(page: Sequence[Line]) -> tuple[list[Line], list[_Asked], list[Line]]:
    """What stands above the first question; the questions, with the headings they are under; and
    what has no place: headings that no question is under, and what stands between a heading and its
    first question."""
    code = _in_fences(page)
    starts = _starts(page, code)
    if not starts:
        return list(page), [], []
    filled = (at for at, line in enumerate(page) if line.text.strip())
    top = next((at for at in filled if not labelled_facts([page[at]])[0]), 0)
    first = _heading(page[min(starts)])
    above: list[Line] = []
    asked: list[_Asked] = []
    others: list[Line] = []
    section: list[Line] = []
    category = ""
    current: list[Line] = above
    for at, line in enumerate(page):
        if at in starts:
            margin = _margin(line, starts[at])
            asked.append(_Asked(line, starts[at], category or CATEGORY, margin))
            current, section = asked[-1].below, []
        elif at > top and at not in code and _is_section(page, at, starts, first):
            others += section
            category, section = plain.one_line(_unmarked(line.text)), [line]
            current = others if asked else above
        else:
            current.append(line)
    return above, asked, [*others, *section]


def _margin(line: Line, words: str) -> int:
    """How far what stands below a question in a list is indented: as far as its words."""
    return 0 if _heading(line) or _q(line) else len(line.text.rstrip()) - len(words.rstrip())


def _starts(page: Sequence[Line], code: Container[int]) -> dict[int, str]:
    """The lines in which questions begin, with their words, told by the first of the marks that
    this page uses for them."""
    for mark in (_q, _question_heading, _numbered, _bullet, _bare):
        found = {
            at: words for at, line in enumerate(page) if at not in code and (words := mark(line))
        }
        if mark is _bare:
            found = {at: words for at, words in found.items() if not _is_wrapped(page, at)}
        asking = {at: words for at, words in found.items() if _asks(words)}
        if mark is _q and len(found) >= _FEWEST:
            return found
        levels = {_level(page[at]) for at in asking}
        like = [at for at in found if _level(page[at]) in levels]
        if len(asking) < _FEWEST or _FEWEST_OF[mark] * len(asking) < len(like):
            continue
        return found | _elsewhere(page, found, code) if mark is _numbered else asking
    return {}


def _level(line: Line) -> int:
    found = _heading(line)
    return found.level if found else 0


def _is_wrapped(page: Sequence[Line], at: int) -> bool:
    return at > 0 and plain.continues(page[at - 1].text, page[at].text)


def _elsewhere(
    page: Sequence[Line], numbered: Container[int], code: Container[int]
) -> dict[int, str]:
    """The questions behind bullets, under those headings that no number is under."""
    parts: list[list[int]] = [[]]
    for at, line in enumerate(page):
        if _heading(line):
            parts.append([])
        parts[-1].append(at)
    others = (at for part in parts if not any(n in numbered for n in part) for at in part)
    words = {at: _bullet(page[at]) for at in others if at not in code}
    return {at: asked for at, asked in words.items() if asked and _asks(asked)}


def _in_fences(page: Sequence[Line]) -> set[int]:
    inside: set[int] = set()
    opened = False
    for at, line in enumerate(page):
        words = line.text.lstrip()
        is_fence = words.startswith(("```", "~~~")) and "`" not in words.lstrip("`~")
        is_fence = is_fence and line.grid is None
        if opened or is_fence:
            inside.add(at)
        opened ^= is_fence
    return inside


def _q(line: Line) -> str:
    found = _ASKED.fullmatch(_unmarked(line.text))
    return found["words"] if found else ""


def _question_heading(line: Line) -> str:
    found = _heading(line)
    return _without_number(found.words) if found else ""


def _numbered(line: Line) -> str:
    found = _NUMBERED.fullmatch(line.text.rstrip())
    return found["words"] if found else ""


def _bullet(line: Line) -> str:
    found = _BULLET.fullmatch(line.text.rstrip())
    return (found["words"] or found["starred"]) if found else ""


def _bare(line: Line) -> str:
    return line.text.strip() if _heading(line) is None else ""


_FEWEST_OF = {_question_heading: 2, _numbered: 2, _bullet: 2, _bare: 4}
"""Of so many lines with a mark one has to ask, or the mark is no question's. Of headings only those
count that are as deep as one that asks."""


def _heading(line: Line) -> _Heading | None:
    if line.level:
        return _Heading(line.level, line.text)
    return None if line.grid else _marked_heading(line.text)


def _marked_heading(text: str) -> _Heading | None:
    """A line that is marked as a heading, or in bold."""
    words = text.strip()
    if len(words) > _LONGEST_HEADING:
        return None
    if found := _HEADING.match(words):
        words = _CLOSING.sub("", words[found.end() :])
        bold = _BOLD.fullmatch(words)
        return _Heading(len(found["level"]), bold["words"] if bold else words)
    found = _BOLD.fullmatch(words)
    return _Heading(_OF_BOLD, found["words"]) if found else None


def _is_section(
    page: Sequence[Line], at: int, starts: Container[int | None], first: _Heading | None
) -> bool:
    """Whether questions stand under a line. Where they are headings themselves, that takes one
    that is no deeper; a line in bold must be above one."""
    found = _heading(page[at])
    if found and found.level < _OF_BOLD:
        return first is None or found.level <= first.level
    if first and (found is None or first.level < _OF_BOLD):
        return False
    return _is_name(page, at, starts)


def _is_name(page: Sequence[Line], at: int, starts: Container[int | None]) -> bool:
    """Whether a line is a heading by its place: alone, above a question, and no sentence."""
    words = page[at].text.strip()
    if (
        not slug(words)
        or _is_indented(page[at].text)
        or plain.is_item(words)
        or is_mark(words)
        or len(words) > _LONGEST_NAME
        or words[-1] in ".!;,。"
        or _ANSWER.match(words)
    ):
        return False
    below = next((n for n in range(at + 1, len(page)) if page[n].text.strip()), None)
    return below in starts and not page[at - 1].text.strip()


def _asks(words: str) -> bool:
    bare = _without_number(_unmarked(words))
    return bool(_MARKED.fullmatch(words) or _IMPERATIVE.match(bare.lstrip("*_")))


def _unmarked(text: str) -> str:
    """The words of a line without the marks of a heading or of bold."""
    found = _marked_heading(text)
    return found.words.strip() if found else text.strip()


def _without_number(text: str) -> str:
    found = _ASKED.fullmatch(text) or _NUMBERED.fullmatch(text)
    return found["words"] if found else text


# ------------------------------------------------------------------------------ reading questions


def _answered(asked: Sequence[_Asked], remarks: Remarks) -> list[ImportedQuestion]:
    parts = [_parts(each) for each in asked]
    have_answers = 2 * sum(any(map(_words, told)) for _, told in parts) >= len(parts)
    found = []
    for each, (more, told) in zip(asked, parts, strict=True):
        if not have_answers:
            attached = _attached(told)
            remarks.unplaced(told[attached:], "it is no question")
            more, told = more + told[:attached], []
        found.append(_question(each, more, told, _to_markdown(remarks.path)))
    return [question for question in found if question.question]


def _words(line: Line) -> str:
    return line.text.strip()


def _parts(asked: _Asked) -> tuple[list[Line], list[Line]]:
    """Of the lines below a question those that belong to it, and those that answer it. Lines that
    go on with its sentence are taken into its words."""
    told = gridded(asked.below)
    while told and told[0].grid is None and _goes_on(asked.words, told[0].text):
        asked.words = f"{asked.words.rstrip()} {told.pop(0).text.strip()}"
    if _are_points(told) and not _answer(asked, told):
        return told, []
    filled = [line for line in told if _words(line)]
    if filled and (answer := _ANSWER.fullmatch(_unmarked(filled[0].text))):
        at = told.index(filled[0])
        told = [filled[0]._replace(text=answer["words"]), *told[at + 1 :]]
    return [], told


def _are_points(lines: Iterable[Line]) -> bool:
    filled = [line for line in lines if _words(line)]
    return bool(filled) and all(plain.is_item(line.text) for line in filled)


def _answer(asked: _Asked, points: Iterable[Line]) -> bool:
    """Whether points answer the question above them: where they ask nothing themselves, and it is
    a heading or has a question mark. Those below a task are what it is to have."""
    is_whole = _heading(asked.line) or _MARKED.fullmatch(asked.words.rstrip())
    return bool(is_whole) and not any(_MARKED.fullmatch(_words(line)) for line in points)


def _goes_on(words: str, line: str) -> bool:
    has_comma = words.rstrip().endswith(",") and bool(line.strip())
    return len(words) <= _LONGEST_HEADING and (has_comma or plain.continues(words, line))


def _attached(told: Sequence[Line]) -> int:
    """How many lines below a question that has no answer are its own: code, or points."""
    if _are_points(told):
        return len(told)
    code = _in_fences(told)
    number = 0
    for at, line in enumerate(told):
        if at in code or _is_indented(line.text):
            number = at + 1
        elif _words(line):
            break
    return number


def _is_indented(text: str) -> bool:
    """Whether a line may be one of code."""
    return text.startswith(("    ", "\t"))


def _question(
    asked: _Asked, more: Sequence[Line], told: Sequence[Line], to_markdown: Callable[[str], str]
) -> ImportedQuestion:
    words = asked.words.rstrip()
    level = _LEVEL.search(words[-_LONGEST_LEVEL:])
    words = _unmarked(words[: -len(level[0])] if level else words)
    text = "\n".join([words, *(line.text for line in more)])
    answer = "\n".join(_outdented(line.text, asked.margin) for line in told)
    kinds = (name for name, begins in _TYPES.items() if re.match(begins, words, re.IGNORECASE))
    return ImportedQuestion(
        question=to_markdown(text),
        category=asked.category,
        difficulty=cast(Difficulty, level["level"].lower()) if level else "medium",
        type=next(kinds, "technical"),
        answer=to_markdown(answer),
        line=asked.line.number,
    )


def _outdented(text: str, margin: int) -> str:
    spaced = text.expandtabs(4) if margin else text
    return spaced.lstrip() if spaced[:margin].strip() else spaced[margin:]


def _to_markdown(path: str) -> Callable[[str], str]:
    is_markdown = Path(path).suffix.lower() in (".md", ".markdown")
    return _kept if is_markdown else plain.markdown


def _kept(text: str) -> str:
    """Markdown as it is, if a bank takes it as it is; otherwise as plain text."""
    written = plain.cleaned(text).strip("\n")
    parsed = Markdown(written)
    has_errors = any(not remark.warning for remark in parsed.remarks)
    if has_errors or any(isinstance(part, Image) for part in walk(parsed.blocks)):
        return plain.markdown(text)
    return written.rstrip()
