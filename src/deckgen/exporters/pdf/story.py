"""The body of the guide: a chapter a round, and its questions in the order of their codes.

Nothing here measures anything: a story is a row of sections, a section a row of flowables, each
written when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate, takewhile
from unicodedata import east_asian_width

from ... import model
from ...markdown import Markdown
from ...model import FollowUp, Guide, Question, Round, by_code, live
from . import PdfOptions, styles
from .blocks import Composer
from .flowables import About, Anchor, Flowable, Group, Text
from .furniture import PageOf, Paired, PracticeRuns, Ruled, Together
from .labels import Beside, ListItem, number_indent
from .listings import Listing
from .notes import Notes, short_address
from .scripts import in_order, isolated, parts
from .styles import Setting
from .tables import Grid
from .tags import Role
from .text import Link, Run

_NO_ANSWER = Markdown("*This question has no model answer yet.* Write your own.")
_NO_ANSWER_BUT_POINTS = Markdown(
    "*This question has no model answer yet.* Write your own, then compare it with the key points."
)
_EMPTY_ROUND = Markdown("*This round has no questions yet.*")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the guide that opens on a new page."""

    title: str
    flowables: Iterable[Flowable]
    columns: int = 1
    tells_questions: bool = False
    """Whether all that it says of questions is in flowables that are `Telling`, so that what it
    comes to can be kept."""
    bare: bool = False
    """Without running head and page number."""
    recto: bool = False
    """Opens on a right-hand page when the guide is printed on both sides."""
    tighter: Iterable[Iterable[Flowable]] = ()
    """Other forms of the same, each in less room, for where it comes to more than `most` pages.
    They are written when they are asked for."""
    most: int = 0
    """Pages; 0 for any number."""


@dataclass(frozen=True)
class Story:
    """Writes the body of one guide."""

    guide: Guide
    options: PdfOptions
    composer: Composer
    notes: Notes

    @cached_property
    def questions(self) -> list[Question]:
        return printed_questions(self.guide)

    def of(self, round: Round) -> list[Question]:
        return [q for q in self.questions if q.round == round.id]

    def body(self) -> Iterator[Section]:
        if self.guide.summary:
            yield self._process()
        for round in self.guide.rounds:
            yield Section(
                title=round_title(round),
                flowables=self._chapter(round),
                tells_questions=True,
                recto=True,
            )
        if self.options.answers == "end" and self.questions:
            yield Section(
                title="Answers", flowables=self._answers(), tells_questions=True, recto=True
            )

    # --------------------------------------------------------------------------- chapters

    def _process(self) -> Section:
        title = "The process"
        self.notes.open_chapter()
        text = Group(self.composer.text(self.guide.summary, heading="H2"), before=18)
        return Section(title=title, flowables=[chapter_title(title, "process"), text], recto=True)

    def _chapter(self, round: Round) -> Iterator[Flowable]:
        self.notes.open_chapter()
        yield self._opening(round)
        yield from self._advice(round)
        questions = self.of(round)
        if not questions:
            yield from _after(styles.QUESTION_GAP, self.composer.text(_EMPTY_ROUND))
        for question in questions:
            write = partial(self._question, question)
            yield About(question, write, before=styles.QUESTION_GAP)

    def _opening(self, round: Round) -> Flowable:
        number = plain(f"Round {round.number}", styles.CHAPTER_NUMBER)
        anchor = Anchor(round_key(round), round_title(round))
        title = plain(round.title, styles.CHAPTER, "H1", anchor=anchor)
        return Group([Beside(number, title)], keep=True)

    def _advice(self, round: Round) -> list[Flowable]:
        """What is known of the round, part by part."""
        facts = [fact for fact in (round.duration, round.format) if fact]
        parts: list[tuple[str, Sequence[Flowable]]] = [
            ("What happens", self.composer.text(round.summary, heading="H3")),
            ("Length and form", [plain(fact, styles.BODY) for fact in facts]),
            ("What it tests", self.bullets(round.focus, heading="H3")),
            ("How to prepare", self.bullets(round.tips, heading="H3")),
            ("How people fail", self.bullets(round.pitfalls, heading="H3")),
            ("What to ask them", self.bullets(round.ask, heading="H3")),
        ]
        made = [part(label, content, "H2") for label, content in parts if content]
        if made:
            made[0].before = 20
        return made

    def bullets(
        self,
        texts: Iterable[Markdown],
        *,
        tick: bool = False,
        setting: Setting = styles.RAGGED,
        heading: Role = "H4",
    ) -> list[Flowable]:
        box = False if tick else None
        items = [
            ListItem("•", self.composer.text(text, setting, heading), setting, box=box, before=2.5)
            for text in texts
        ]
        return [Group(items, "L", whole=tick)] if items else []

    # -------------------------------------------------------------------------- questions

    def _question(self, question: Question) -> Sequence[Flowable]:
        self.notes.open_question()
        flowables = [self._prompt(question)]
        if question.hint:
            flowables.append(part("Hint", self.composer.text(question.hint)))
        match self.options.answers:
            case "inline":
                flowables += self._answer(question)
            case "end":
                flowables += self._asked_next(question)
                flowables.append(part("Answer", [_see(answer_key(question))]))
                flowables = [Together(flowables)]
            case "none":
                flowables += self._asked_next(question)
                flowables.append(part("Your answer", [Ruled(fair_lines(question))]))
        return flowables

    def _prompt(self, question: Question) -> Flowable:
        code = plain(question.code, styles.CODE_NUMBER)
        asked = self.composer.text(question.question, styles.QUESTION, heading="H3")
        heading = asked[0] if asked and isinstance(asked[0], Text) else code
        heading.role = "H2"
        anchor = Anchor(question_key(question), question_title(question), 1)
        shape = bool(asked) and isinstance(asked[-1], (Listing, Grid))
        below = styles.SHAPE_GAP if shape else 4
        facts = Text(self._facts(question), styles.FINE, before=below)
        label = Group([code, PracticeRuns(before=3)])
        prompt = Together([Group(asked, keep=True), facts])
        return Beside(label, prompt, keep=True, anchor=anchor)

    def _facts(self, question: Question) -> list[Run]:
        """One line: difficulty and type as words, the subject, how often it was practised."""
        fine = styles.FINE.style
        others = [round for round in self.guide.rounds if round.id in question.rounds[1:]]
        facts = [question.type.replace("-", " "), question.category]
        if question.practiced:
            people = "person" if question.practiced == 1 else "people"
            facts.append(f"practised by {question.practiced} {people}")
        if others:
            numbers = " and ".join(str(round.number) for round in others)
            facts.append(f"also in round {numbers}")
        difficulty = Run(question.difficulty.upper(), fine.but(bold=True, ink="text"))
        # One run: marks of direction count beside letters from right to left alone.
        told = "".join(f"\u00a0\u00a0·\u00a0 {fact}" for fact in in_order(facts))
        return [difficulty, Run(told, fine)]

    def _answer(self, question: Question) -> list[Flowable]:
        none = _NO_ANSWER_BUT_POINTS if question.key_points else _NO_ANSWER
        answer = question.answer or none
        parts = [
            ("Key points", self.bullets(question.key_points, tick=True)),
            ("Model answer", self.composer.text(answer)),
            ("What sets a strong answer apart", self.bullets(question.strong)),
            ("Follow-ups", self._follow_ups(question.follow_ups)),
            ("Pitfalls", self.bullets(question.pitfalls)),
            ("References", self._references(question)),
        ]
        return [part(label, content) for label, content in parts if content]

    def _asked_next(self, question: Question) -> list[Flowable]:
        bare = [FollowUp(question=follow_up.question) for follow_up in question.follow_ups]
        content = self._follow_ups(bare)
        return [part("Follow-ups", content)] if content else []

    def _follow_ups(self, follow_ups: Sequence[FollowUp]) -> list[Flowable]:
        asked = styles.BODY._replace(style=styles.BODY.style.but(italic=True))
        indent = max(styles.INDENT, number_indent(len(follow_ups)))
        items: list[Flowable] = []
        for number, follow_up in enumerate(follow_ups, 1):
            question = self.composer.text(follow_up.question, asked)
            answer = _after(2, self.composer.text(follow_up.answer))
            if question and answer:
                question[-1].keep = True
            told, gap = [*question, *answer], 4 if items else 0
            items.append(ListItem(f"{number}.", told, indent=indent, before=gap))
        return [Group(items, "L", ordered=True)] if items else []

    def _references(self, question: Question) -> list[Flowable]:
        lines: list[Flowable] = [reference(link) for link in question.references]
        if self.guide.report:
            link = Link(self.guide.report, f"Report a mistake in {question.code}")
            style = styles.NOTE.style.but(ink="quiet")
            lines.append(
                Text([Run(f"Report a mistake in {question.code}", style, link)], styles.NOTE)
            )
        return lines

    # ---------------------------------------------------------------------------- answers

    def _answers(self) -> Iterator[Flowable]:
        self.notes.open_chapter()
        yield chapter_title("Answers", "answers")
        for question in self.questions:
            write = partial(self._gathered, question)
            yield About(question, write, before=styles.QUESTION_GAP)

    def _gathered(self, question: Question) -> Sequence[Flowable]:
        self.notes.open_question()
        back = question_link(question)
        code = Text([Run(question.code, styles.CODE_NUMBER.style, back)], styles.CODE_NUMBER)
        anchor = Anchor(answer_key(question), f"{question.code}\u2002Answer", 1)
        prompt = plain(clipped(question.question, 160), styles.QUESTION, "H2", anchor=anchor)
        return [Group([Beside(code, prompt)], keep=True), *self._answer(question)]


# ------------------------------------------------------------------------------------ pieces


def printed_questions(guide: Guide) -> list[Question]:
    """Those that are put on paper, by code: retired ones are not."""
    return by_code(live(guide))


def part(label: str, content: Sequence[Flowable], role: Role = "H3") -> Flowable:
    """A part of a question or a round, its name in the label column."""
    return Beside(plain(label, styles.LABEL, role), Paired(content), before=styles.PART_GAP)


def plain(
    text: str, setting: Setting, role: Role = "P", *,
    before: float = 0.0, keep: bool = False, anchor: Anchor | None = None,
) -> Text:  # fmt: skip
    """A paragraph or a heading of words alone."""
    runs = [Run(text, setting.style)]
    return Text(runs, setting, role, before=before, keep=keep, anchor=anchor)


def chapter_title(title: str, key: str) -> Text:
    return plain(title, styles.CHAPTER, "H1", anchor=Anchor(key, title), keep=True)


def reference(link: model.Link) -> Text:
    """A page on the web: what it is called, and its address for those who read on paper."""
    target = Link(link.url, link.title)
    style = styles.NOTE.style
    address = short_address(link.url)
    title = isolated(link.title)
    # Of two plain spaces a line that is broken has only one.
    runs = [Run(f"{title}\u00a0 ", style, target), Run(address, style.but(ink="quiet"), target)]
    return Text(runs, styles.NOTE, before=2)


def clipped(text: Markdown, length: int) -> str:
    """The beginning of a text: whole sentences that fill half the length or more, or as much as
    fits up to where a line may end. An ideograph counts for two, as wide as it is."""
    words = " ".join(text.plain.split())
    sentence = re.match(rf".{{{length // 2},}}?[.?!](?= [A-Z])", words)
    words = sentence[0] if sentence else words
    fitting = length
    if not words.isascii():
        ends = accumulate(2 if east_asian_width(char) in "WF" else 1 for char in words)
        fitting = sum(1 for _ in takewhile(lambda end: end <= length, ends))
    if fitting >= len(words):
        return words
    start = words[: fitting - 1]
    longest = start[: start.rfind(" ") + 1]
    for part in parts(words[len(longest) :].split(" ", 1)[0]) or ():
        if len(longest) + len(part) >= fitting:
            break
        longest += part
    return (longest or start).rstrip(" ,;:.-") + " …"


def fair_lines(question: Question) -> int:
    """How many ruled lines a fair answer takes: eight words of handwriting a line, half of what a
    model answer says, between a third of a page and a whole one."""
    words = len(question.answer.plain.split()) or 120
    return max(10, min(28, round(words / 16)))


def round_title(round: Round) -> str:
    """The title of a round's chapter, with its number."""
    return f"{round.number}\u2002{round.title}"


def question_title(question: Question) -> str:
    """How a question's bookmark is called: by its code, and how it begins."""
    return f"{question.code}\u2002{clipped(question.question, 90)}"


def question_link(question: Question) -> Link:
    """Leads to a question in the body."""
    return Link(f"#{question_key(question)}", f"Question {question.code}")


def round_key(round: Round) -> str:
    return f"round-{round.id}"


def question_key(question: Question) -> str:
    return f"question-{question.id}"


def answer_key(question: Question) -> str:
    return f"answer-{question.id}"


def _see(key: str) -> Text:
    style = styles.BODY.style
    link = Link(f"#{key}", "The answer")
    return Text([Run("on page ", style, link), Run("", style, link, PageOf(key))], styles.BODY)


def _after(gap: float, flowables: list[Flowable]) -> list[Flowable]:
    if flowables:
        flowables[0].before = gap
    return flowables
