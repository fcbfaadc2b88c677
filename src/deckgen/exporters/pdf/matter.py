"""What stands before and after the body: cover, how to use, contents; sheet, index, sources.

These are written after the body is laid out, with the page labels that it gave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from ...markdown import Alignment, Markdown
from ...model import DIFFICULTIES, Question
from . import styles
from .flowables import Anchor, Flowable, Group, Space, Telling, Text
from .furniture import Bar, Bars, Entry, Hanging, Ruled
from .scripts import in_order, isolated
from .story import (
    Section,
    Story,
    chapter_title,
    clipped,
    part,
    plain,
    question_key,
    question_link,
    reference,
    round_key,
    round_title,
)
from .styles import Setting
from .tables import Grid
from .text import Link, Run

_HOW_TO_USE = {
    "The order": """\
Work through the rounds as you will meet them. Each opens with what happens in it, what it tests
and how people fail it; its questions follow.""",
    "One question": """\
1. Read the question and cover what is below it. Answer aloud, or write, as you would there.
{answer}
1. Tick one of the three boxes under the question's number and write the date beside it. Come
   back after a day, and after a week.""",
    "The numbers": """\
A question's number, such as *4.07*, is its round and its place in it. It never changes, and it is
printed on the Anki card of the same question, so you can find one from the other.""",
    "The marks": """\
*Easy*, *medium* and *hard* say how hard a question is for this level, not in general. Words before
colours: everything here reads as well from a photocopy.""",
}

_FROM_LEFT = "\u200e"
"""The codes and pages after a term run from left to right, whatever it does."""

_CHART_UNIT = 7.0  # the length of one question on the cover, in points, where there is room
_CHART_WIDTH = 80.0

# The sheet for the night before, from roomy to tight: rows for stories, lines for notes, and how
# close the rest is set.
_SHEETS = (
    (8, 6, styles.SHEET),
    (8, 3, styles.SHEET),
    (8, 0, styles.SHEET),
    (6, 0, styles.SHEET),
    (6, 0, styles.TIGHT_SHEET),
)

_ANSWER = {
    "inline": """\
1. Tick the key points that you touched. Those left are what to work on.
1. Read the rest: the model answer, what sets a strong one apart, what is asked next.""",
    "end": """\
1. Turn to its answer; the page is given. Tick the key points that you touched: those left are
   what to work on.
1. Read the rest there: the model answer, what sets a strong one apart, what is asked next.""",
    "none": """\
1. Use the lines for notes, or for your answer in full. What a good one has is left out here on
   purpose: it is on the Anki card of the same number.""",
}


@dataclass(frozen=True)
class Matter:
    """Writes the parts around the body of one story."""

    story: Story
    pages: Mapping[str, str]
    """The page label of each place laid out so far."""

    # ------------------------------------------------------------------------------ before

    def front(self, titles: Sequence[Anchor]) -> list[Section]:
        """Cover, how to use, contents; `titles` are the bookmarks of all that follows."""
        return [self._cover(), self._how_to_use(), self._contents(titles)]

    def _cover(self) -> Section:
        guide = self.story.guide
        place = " · ".join(in_order(filter(None, (guide.company, guide.role, guide.level))))
        counted = (
            f"{_counted(len(self.story.questions), 'question')} in"
            f" {_counted(len(guide.rounds), 'round')}"
        )
        date = f"facts as of {guide.updated.isoformat()}" if guide.updated else ""
        flowables: list[Flowable] = [
            Space(120),
            Bar(),
            plain(place, styles.CHAPTER_NUMBER, before=22),
            plain(guide.title, styles.TITLE, "H1", before=10),
            plain("A study guide, round by round", styles.SUBTITLE, before=12),
            plain(", ".join(filter(None, (counted, date))), styles.NOTE, before=26),
            Group([self._chart()], before=40),
        ]
        if guide.home:
            home = Link(guide.home, guide.title)
            flowables.append(
                Text([Run(guide.home, styles.FINE.style, home)], styles.FINE, before=30)
            )
        return Section(title=guide.title, flowables=flowables, bare=True)

    def _chart(self) -> Flowable:
        """How many questions of each difficulty a round has, as bars and as numbers."""
        cell, bold = styles.CELL.style, styles.CELL_HEAD.style
        longest = max((len(self.story.of(round)) for round in self.story.guide.rounds), default=0)
        unit = min(_CHART_UNIT, _CHART_WIDTH / max(longest, 1))
        head: list[list[Run]] = [[Run("Round", bold)], []]
        for n, difficulty in enumerate(DIFFICULTIES):
            mark = Bars([int(n == position) for position in range(len(DIFFICULTIES))], _CHART_UNIT)
            head.append(
                [Run("", bold, picture=mark), Run(f"\u2002{difficulty.capitalize()}", bold)]
            )
        rows = []
        for round in self.story.guide.rounds:
            questions = self.story.of(round)
            counts = [sum(q.difficulty == d for q in questions) for d in DIFFICULTIES]
            bar = [Run("", cell, picture=Bars(counts, unit))] if questions else []
            target = Link(f"#{round_key(round)}", round.title)
            title = [Run(round_title(round), cell, target)]
            rows.append([title, bar, *([Run(str(n) if n else "–", cell)] for n in counts)])
        aligned: tuple[Alignment, ...] = ("left", "left", "right", "right", "right")
        return Grid(aligned, head, rows, shares=(0.35, 0.25, 0.12, 0.15, 0.13))

    def _how_to_use(self) -> Section:
        title = "How to use this guide"
        composer = self.story.composer
        flowables: list[Flowable] = [chapter_title(title, "how-to-use"), Space(8)]
        for label, text in _HOW_TO_USE.items():
            told = Markdown(text.format(answer=_ANSWER[self.story.options.answers]))
            flowables.append(part(label, composer.text(told), "H2"))
        if self.story.guide.report:
            link = Link(self.story.guide.report, "Report a mistake")
            address = Run(self.story.guide.report, styles.BODY.style, link)
            says = Run("Found one? Quote the question's number at ", styles.BODY.style)
            flowables.append(part("Mistakes", [Text([says, address], styles.BODY)], "H2"))
        return Section(title=title, flowables=flowables)

    def _contents(self, titles: Sequence[Anchor]) -> Section:
        found = [[*anchor, self.pages[anchor.key]] for anchor in titles]
        asked = [question.question for question in self.story.questions]
        entries = Telling((found, asked), lambda: [self._entries(titles)])
        title = chapter_title("Contents", "contents")
        return Section(
            title="Contents", flowables=[title, Space(12), entries], tells_questions=True
        )

    def _found(self, questions: Sequence[Question]) -> object:
        """Where each question is found."""
        return [(question.id, question.code, self._page(question)) for question in questions]

    def _page(self, question: Question) -> str:
        return self.pages[question_key(question)]

    def _entries(self, titles: Sequence[Anchor]) -> Group:
        chapter = Setting(styles.BODY.style.but(bold=True), styles.BODY.leading)
        questions = {question_key(q): q for q in self.story.questions}
        entries: list[Flowable] = []
        for anchor in titles:
            question = questions.get(anchor.key)
            if question:
                entries.append(self._entry(question))
            elif anchor.level == 0:
                runs = [Run(anchor.title, chapter.style)]
                link = Link(f"#{anchor.key}", anchor.title)
                page = self.pages[anchor.key]
                entries.append(Entry(runs, page, link, chapter, before=9, keep=True))
        entries[-1].keep = False
        return Group(entries, "TOC")

    def _entry(self, question: Question, length: int = 80) -> Entry:
        runs = [Run(clipped(question.question, length), styles.NOTE.style)]
        link = question_link(question)
        return Entry(runs, self._page(question), link, styles.NOTE, question.code)

    # ------------------------------------------------------------------------------- after

    def back(self) -> list[Section]:
        """Index, sources and the night-before sheet."""
        sections = [self._index()] if self.story.questions else []
        if self.story.guide.source:
            sections.append(self._sources())
        return [*sections, self._sheet()]

    def _index(self) -> Section:
        questions = self.story.questions
        by_category = _grouped((q.category, q) for q in questions)
        by_difficulty = {
            d.capitalize(): [q for q in questions if q.difficulty == d] for d in DIFFICULTIES
        }
        by_tag = _grouped((tag.replace("-", " "), q) for q in questions for tag in q.tags)
        flowables: list[Flowable] = [chapter_title("Index", "index")]
        flowables += [_index_head("By category"), *self._groups(by_category)]
        flowables += [_index_head("By difficulty"), *self._terms(by_difficulty)]
        if by_tag:
            flowables += [_index_head("By subject"), *self._terms(by_tag)]
        return Section(title="Index", flowables=flowables, columns=2, tells_questions=True)

    def _groups(self, groups: Mapping[str, Sequence[Question]]) -> Iterator[Flowable]:
        for name, questions in groups.items():
            if questions:
                asked = [question.question for question in questions]
                told = name, self._found(questions), asked
                yield Telling(told, partial(self._group, name, questions), before=7)

    def _group(self, name: str, questions: Sequence[Question]) -> list[Flowable]:
        head = Setting(styles.NOTE.style.but(bold=True), styles.NOTE.leading + 2)
        title = plain(name[0].upper() + name[1:], head, "H3", keep=True)
        return [title, Group([self._entry(q, 38) for q in questions], "TOC")]

    def _terms(self, groups: Mapping[str, Sequence[Question]]) -> Iterator[Flowable]:
        for name, questions in groups.items():
            if questions:
                told = name, self._found(questions)
                yield Telling(told, partial(self._term, name, questions), before=1.0)

    def _term(self, name: str, questions: Sequence[Question]) -> list[Flowable]:
        style = styles.NOTE.style
        term, runs = f"{isolated(name)} {_FROM_LEFT}", list[Run]()
        for question in questions:
            link, page = question_link(question), self._page(question)
            runs += [
                Run(", " if runs else term, style),
                Run(question.code, style.but(bold=True), link),
                Run(f"\u00a0p.\u00a0{page}", style.but(ink="quiet"), link),
            ]
        return [Hanging(runs, styles.NOTE)]

    def _sources(self) -> Section:
        lines: list[Flowable] = [reference(link) for link in self.story.guide.source]
        title = chapter_title("Sources", "sources")
        return Section(title="Sources", flowables=[title, Group(lines, before=14)])

    def _sheet(self) -> Section:
        """Two sides of a leaf for the night before, as roomy as the guide's blocks let it be."""
        first, *others = _SHEETS
        tighter = (self._sides(*sheet) for sheet in others)
        title = "The night before"
        sides = self._sides(*first)
        return Section(title=title, flowables=sides, tighter=tighter, most=2, recto=True)

    def _sides(self, rows: int, notes: int, setting: Setting) -> list[Flowable]:
        """The rounds in brief, the guide's blocks, an index of stories to fill in."""
        story, guide = self.story, self.story.guide
        story.notes.open_chapter()
        flowables: list[Flowable] = [chapter_title("The night before", "night-before"), Space(6)]
        for round in guide.rounds:
            lines: list[Flowable] = []
            for text in round.brief:
                lines += story.composer.text(text, setting, heading="H3")
            if questions := story.of(round):
                where = f"{_span(questions)}, page {self.pages[round_key(round)]}"
                lines.append(plain(where, styles.FINE))
            if lines:
                brief = Group(lines, whole=True)
                flowables.append(part(round_title(round), [brief], "H2"))
        for block in guide.night_before:
            items = story.bullets(block.items, setting=setting, heading="H3")
            flowables.append(part(block.title, [Group(items, whole=True)], "H2"))
        if any(_wants_story(q) for q in story.questions):
            flowables.append(part("My stories", [self._codes(), _story_index(rows)], "H2"))
        if notes:
            flowables.append(part("Notes", [Ruled(notes)], "H2"))
        return flowables

    def _codes(self) -> Flowable:
        """The questions that are answered by a story, those in a row as one."""
        style = styles.NOTE.style
        runs: list[Run] = []
        runs_of = groupby(self.story.questions, lambda q: (q.rounds[0], _wants_story(q)))
        for (_, wanted), found in runs_of:
            if wanted:
                together = list(found)
                first = together[0]
                link = question_link(first)
                runs += [
                    Run(", " if runs else "Questions ", style),
                    Run(_span(together).replace(" ", "\u00a0"), style.but(bold=True), link),
                ]
        return Text(runs, styles.NOTE)


def _span(questions: Sequence[Question]) -> str:
    """The codes of questions in a row."""
    first, last = questions[0].code, questions[-1].code
    return first if first == last else f"{first} to {last}"


def _wants_story(question: Question) -> bool:
    return question.type == "behavioral"


def _story_index(rows: int) -> Flowable:
    """Rows to fill in by hand: a story, and the questions it serves."""
    head = [[Run(name, styles.CELL_HEAD.style)] for name in ("Story", "Numbers", "Themes", "Codes")]
    blank: list[list[Run]] = [[] for _ in head]
    shares = (0.34, 0.2, 0.26, 0.2)
    return Grid([""] * 4, head, [blank] * rows, shares, pitch=22.0, before=4)


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _index_head(title: str) -> Text:
    return plain(title, styles.SECTION, "H2", before=16, keep=True)


def _grouped(pairs: Iterable[tuple[str, Question]]) -> dict[str, list[Question]]:
    """Questions by name, the names in alphabetical order."""
    groups: dict[str, list[Question]] = defaultdict(list)
    for name, question in pairs:
        groups[name].append(question)
    return dict(sorted(groups.items(), key=lambda item: item[0].casefold()))
