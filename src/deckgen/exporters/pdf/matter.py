"""What stands before and after the body: cover, how to use, contents; sheet, index, sources.

These are written after the body is laid out, with the page labels that it gave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...markdown import Markdown
from ...model import Question
from . import styles
from .boxed import Grid
from .flowables import Anchor, Flowable, Group, Space, Text
from .furniture import Bar, Entry, Marks, Ruled
from .story import (
    DIFFICULTIES,
    Section,
    Story,
    chapter_title,
    clipped,
    part,
    plain,
    question_key,
    reference,
    round_key,
)
from .styles import Setting
from .text import Link, Run

_HOW_TO_USE = {
    "The order": """\
Work through the rounds as you will meet them. Each opens with what happens in it, what it tests
and how people fail it; its questions follow.""",
    "One question": """\
1. Read the question and close the page with your hand. Answer aloud, or write, as you would there.
2. Tick the key points that you touched. Those left are what to work on.
3. Read the rest: the model answer, what sets a strong one apart, what is asked next.
4. Tick one of the three boxes under the question's number and write the date beside it. Come
   back after a day, and after a week.""",
    "The numbers": """\
A question's number, such as *4.07*, is its round and its place in it. It never changes, and it is
printed on the Anki card of the same question, so you can find one from the other.""",
    "The marks": """\
*Easy*, *medium* and *hard* say how hard a question is for this level, not in general. Words before
colours: everything here reads as well from a photocopy.""",
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
        place = " · ".join(filter(None, (guide.company, guide.role, guide.level)))
        count = len(self.story.questions)
        counted = f"{count} question{'' if count == 1 else 's'} in {len(guide.rounds)} rounds"
        date = f"facts as of {guide.updated.isoformat()}" if guide.updated else ""
        flowables: list[Flowable] = [
            Space(120),
            Bar(),
            plain(place, styles.CHAPTER_NUMBER, before=22),
            Text([Run(guide.title, styles.TITLE.style)], styles.TITLE, "H1", before=10),
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
        """How many questions of each difficulty a round has, as marks and as numbers."""
        cell, bold = styles.CELL.style, styles.CELL_HEAD.style
        head: list[list[Run]] = [[Run("Round", bold)], []]
        for n, difficulty in enumerate(DIFFICULTIES):
            mark = Marks([int(n == position) for position in range(len(DIFFICULTIES))])
            head.append([Run("", bold, picture=mark), Run(f" {difficulty.capitalize()}", bold)])
        rows = []
        for round in self.story.guide.rounds:
            questions = self.story.of(round)
            counts = [sum(q.difficulty == d for q in questions) for d in DIFFICULTIES]
            marks = [Run("", cell, picture=Marks(counts))] if questions else []
            target = Link(f"#{round_key(round)}", round.title)
            title = [Run(f"{round.number}\u2002{round.title}", cell, target)]
            rows.append([title, marks, *([Run(str(n) if n else "–", cell)] for n in counts)])
        return Grid(("left", "left", "right", "right", "right"), head, rows)

    def _how_to_use(self) -> Section:
        title = "How to use this guide"
        composer = self.story.composer
        flowables: list[Flowable] = [chapter_title(title, "how-to-use"), Space(8)]
        for label, text in _HOW_TO_USE.items():
            flowables.append(part(label, composer.text(Markdown(text)), "H2"))
        if self.story.guide.report:
            link = Link(self.story.guide.report, "Report a mistake")
            address = Run(self.story.guide.report, styles.BODY.style, link)
            says = Run("Found one? Quote the question's number at ", styles.BODY.style)
            flowables.append(part("Mistakes", [Text([says, address], styles.BODY)], "H2"))
        return Section(title=title, flowables=flowables)

    def _contents(self, titles: Sequence[Anchor]) -> Section:
        chapter = Setting(styles.BODY.style.but(bold=True), styles.BODY.leading)
        flowables: list[Flowable] = [chapter_title("Contents", "contents"), Space(12)]
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
        flowables.append(Group(entries, "TOC"))
        return Section(title="Contents", flowables=flowables)

    def _entry(self, question: Question, length: int = 80) -> Entry:
        style = styles.NOTE.style
        runs = [
            Run(f"{question.code}\u2002", style.but(bold=True)),
            Run(clipped(question.question, length), style),
        ]
        key = question_key(question)
        link = Link(f"#{key}", f"Question {question.code}")
        return Entry(runs, self.pages[key], link, styles.NOTE)

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
        by_difficulty: dict[str, list[Question]] = {
            d: [q for q in questions if q.difficulty == d] for d in DIFFICULTIES
        }
        by_tag = _grouped((tag, q) for q in questions for tag in q.tags)
        flowables: list[Flowable] = [chapter_title("Index", "index")]
        flowables += [_index_head("By category"), *self._groups(by_category)]
        flowables += [_index_head("By difficulty"), *self._groups(by_difficulty)]
        if by_tag:
            flowables.append(_index_head("By subject"))
            flowables += [self._term(tag, found) for tag, found in by_tag.items()]
        return Section(title="Index", flowables=flowables, columns=2)

    def _groups(self, groups: Mapping[str, Sequence[Question]]) -> Iterator[Flowable]:
        head = Setting(styles.NOTE.style.but(bold=True), styles.NOTE.leading + 2)
        for name, questions in groups.items():
            if questions:
                title = [Run(name[0].upper() + name[1:], head.style)]
                yield Text(title, head, "H3", before=7, keep=True)
                yield Group([self._entry(q, 38) for q in questions], "TOC")

    def _term(self, tag: str, questions: Iterable[Question]) -> Flowable:
        style = styles.NOTE.style
        runs = [Run(tag.replace("-", " "), style)]
        for question in questions:
            key = question_key(question)
            link = Link(f"#{key}", f"Question {question.code}")
            runs += [
                Run("   ", style),
                Run(question.code, style.but(bold=True), link),
                Run(f"\u00a0p.\u00a0{self.pages[key]}", style.but(ink="quiet"), link),
            ]
        return Text(runs, styles.NOTE, before=1.5)

    def _sources(self) -> Section:
        lines: list[Flowable] = [reference(link) for link in self.story.guide.source]
        title = chapter_title("Sources", "sources")
        return Section(title="Sources", flowables=[title, Group(lines, before=14)])

    def _sheet(self) -> Section:
        """Two sides for the night before: the rounds in brief, stories, questions to ask."""
        story, guide = self.story, self.story.guide
        title = "The night before"
        flowables: list[Flowable] = [chapter_title(title, "night-before"), Space(6)]
        for round in guide.rounds:
            lines: list[Flowable] = []
            for text in round.brief:
                lines += story.composer.text(text, styles.SHEET)
            if questions := story.of(round):
                codes = f"{questions[0].code} to {questions[-1].code}"
                lines.append(plain(f"{codes}, page {self.pages[round_key(round)]}", styles.FINE))
            if lines:
                flowables.append(part(f"{round.number}\u2002{round.title}", lines, "H2"))
        for block in guide.night_before:
            flowables.append(
                part(block.title, story.bullets(block.items, setting=styles.SHEET), "H2")
            )
        stories = [q for q in story.questions if q.type == "behavioral"]
        if stories:
            flowables.append(part("My stories", [self._story_line(q) for q in stories], "H2"))
        flowables.append(part("Notes", [Ruled(4)], "H2"))
        return Section(title=title, flowables=flowables, recto=True)

    def _story_line(self, question: Question) -> Flowable:
        style = styles.NOTE.style
        runs = [
            Run(f"{question.code}\u2002", style.but(bold=True)),
            Run(clipped(question.question, 80), style),
        ]
        return Group([Text(runs, styles.NOTE, keep=True), Ruled(1)])


def _index_head(title: str) -> Text:
    return Text([Run(title, styles.SECTION.style)], styles.SECTION, "H2", before=16, keep=True)


def _grouped(pairs: Iterable[tuple[str, Question]]) -> dict[str, list[Question]]:
    """Questions by name, the names in alphabetical order."""
    groups: dict[str, list[Question]] = defaultdict(list)
    for name, question in pairs:
        groups[name].append(question)
    return dict(sorted(groups.items(), key=lambda item: item[0].casefold()))
