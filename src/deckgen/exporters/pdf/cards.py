"""Recall cards, printed on sheets to cut.

A card's side is laid out by the guide's own rules, on a column as wide as the card, then drawn as
large as it fits: what is too long is laid out on a wider and longer column and drawn smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from ...exporter import Warn
from ...markdown import Gap, Markdown, walk
from ...model import Card, Guide, Question
from . import CardsOptions, styles
from .blocks import Composer
from .breaker import Breaker
from .document import Printing, settings
from .flowables import Anchor, Flowable, Room, paragraph, stack
from .pages import Placed, draw_placed, paginate
from .sheets import CARD_WIDTH, Corner, Sheet
from .story import printed_questions, question_key, question_title, round_key, round_title
from .styles import MM, Setting, Style
from .tags import Element
from .text import Link, Run

_PAD = 5 * MM  # a sheet's two sides are up to 2 mm apart on cheap printers
_LINE = 11.5  # the corner's, above the text; on the front that of the facts as well, below it
_GAP = 4.0
_WIDTH = CARD_WIDTH - 2 * _PAD

# From 11.7 points for a line or two, which a hand holds further away than a page, to 7.3.
_SCALES = (1.2, 1.1, 1.0, 0.9, 0.8, 0.75)

_CODE = styles.CHAPTER_NUMBER.style
_COUNT = styles.RUNNING.style
_DIFFICULTY = styles.RUNNING.style.but(bold=True, ink="text")

_NO_CARDS = "There are no recall cards here yet."

SideName = Literal["front", "back"]


def write(guide: Guide, path: Path, options: CardsOptions, warn: Warn) -> None:
    """Write the guide's recall cards to `path`."""
    with settings(), path.open("wb") as out:
        _Deck(guide, options, warn, out).write()


class Slip(NamedTuple):
    """What becomes one card of paper: a card of the bank, or one number of its cloze text."""

    question: Question
    card: Card
    gap: int = 0


def slips(guide: Guide) -> Iterator[list[Slip]]:
    """The cards of each question that has some, by code."""
    for question in printed_questions(guide):
        made = []
        for card in question.cards:
            gaps = {part.number for part in walk(card.cloze.blocks) if isinstance(part, Gap)}
            made += [Slip(question, card, gap) for gap in sorted(gaps or {0})]
        if made:
            yield made


class ClozeComposer(Composer):
    """Turns Markdown into flowables, for one number of a cloze text and one side of its card; the
    other numbers are filled in."""

    gap = 0
    side: SideName = "front"

    def _gap(self, gap: Gap, style: Style, link: Link | None) -> Iterable[Run]:
        if gap.number != self.gap:
            yield from super()._gap(gap, style, link)
        elif self.side == "front":
            yield Run("____", style, link)
            if gap.hint:
                yield Run(f"\u00a0({gap.hint})", style.but(italic=True, ink="quiet"), link)
        else:
            yield from self.runs(gap.content, style.but(bold=True, rule=True), link)


@dataclass
class _Side:
    """One side of a card, laid out. `height` is that of the text as it is drawn."""

    placed: Sequence[Placed]
    scale: float
    height: float


@dataclass
class _Laid:
    """A card laid out, and what it adds to the structure tree: its code heads it."""

    slip: Slip
    count: str
    element: Element
    code: Element
    front: _Side
    facts: Element
    back: _Side
    anchors: Sequence[Anchor] = ()


class _Deck(Printing):
    """One file of cards in the making."""

    def __init__(self, guide: Guide, options: CardsOptions, warn: Warn, out: BinaryIO) -> None:
        titled = replace(guide, title=f"{guide.title}: recall cards")
        super().__init__(titled, options, warn, out)
        self.options = options
        # In no language: a ragged text of a few lines is better off without hyphens.
        self.breaker = Breaker(self.pen.fonts, "")
        self.sheet = Sheet(self.paper.width, self.paper.height, options.per_sheet)
        self.composer = ClozeComposer(
            guide.media,
            self.tell,
            color=options.color,
            # Fits an item two deep of the narrowest column: it is laid out once for all scales.
            widest_formula=_WIDTH / _SCALES[0] - 2 * styles.INDENT,
        )
        self.rounds: set[str] = set()
        """Those whose first card has been met."""

    def write(self) -> None:
        cards = [card for of_one in slips(self.guide) for card in self._question(of_one)]
        root = Element("Document")
        root.kids = [card.element for card in cards]
        pages = self._draw(cards) if cards else [self._say_none(root)]
        self._ask_printers()
        self.finish(pages, root, [anchor for card in cards for anchor in card.anchors])

    # ------------------------------------------------------------------------------- layout

    def _question(self, of_one: Sequence[Slip]) -> list[_Laid]:
        """The cards of one question; each says which of them it is, so that fronts and backs that
        were cut apart find each other."""
        question, total = of_one[0].question, len(of_one)
        with self.breaker.about(question):
            laid = [
                self._card(slip, f"  {number} of {total}" if total > 1 else "")
                for number, slip in enumerate(of_one, 1)
            ]
        laid[0].anchors = self._anchors(question)
        return laid

    def _anchors(self, question: Question) -> list[Anchor]:
        """For bookmarks: at the first card of a question, and of a round."""
        anchors = [Anchor(question_key(question), question_title(question), 1)]
        if question.round not in self.rounds:
            self.rounds.add(question.round)
            round = self.guide.round(question.round)
            anchors.insert(0, Anchor(round_key(round), round_title(round)))
        return anchors

    def _card(self, slip: Slip, count: str) -> _Laid:
        element = Element("Sect")
        code = element.add("H1")
        front = self._side(slip, "front", element)
        facts = element.add("P")
        back = self._side(slip, "back", element)
        return _Laid(slip, count, element, code, front, facts, back)

    def _side(self, slip: Slip, side: SideName, element: Element) -> _Side:
        """One side's text, as large as it fits."""
        setting = styles.RAGGED
        if slip.gap:
            text: Markdown = slip.card.cloze
        elif side == "front":
            text, setting = slip.card.front, _bold(setting)
        else:
            text = slip.card.back
        self.composer.gap, self.composer.side = slip.gap, side
        flowables = self.composer.text(text, setting, heading="H2")
        height = self._height(side)
        for scale in _SCALES:
            tree = Element("Sect")
            placed, whole = self._column(flowables, scale, height, tree)
            if whole:
                break
        else:
            self._tell_cut(slip, side)
        element.kids += tree.kids
        return _Side(placed, scale, _depth(placed) * scale)

    def _height(self, side: SideName) -> float:
        """The room for a side's text: below the corner, and on the front above the facts."""
        lines = 2 if side == "front" else 1
        return self.sheet.card_height - 2 * _PAD - lines * (_LINE + _GAP)

    def _column(
        self, flowables: Sequence[Flowable], scale: float, height: float, tree: Element
    ) -> tuple[list[Placed], bool]:
        """As much as fits of a text drawn at a scale, and whether that is all of it."""
        depth = height / scale
        room = Room(self.breaker, 0, _WIDTH / scale, tree, depth=depth)
        slabs = stack(flowables, room)
        columns = [column.placed for column in paginate(slabs, room, [0.0])]
        if not columns or (len(columns) == 1 and _depth(columns[0]) <= depth + 0.01):
            return (columns[0] if columns else []), True
        [dots] = paragraph([Run("…", styles.BODY.style)], styles.RAGGED, room, tree.add("P"))
        first = next(paginate(slabs, room._replace(depth=depth - dots.height), [0.0]))
        placed = [
            item for item in first.placed if item.top + item.slab.height + dots.height <= depth
        ]
        return [*placed, Placed(dots, 0.0, _depth(placed))], False

    def _tell_cut(self, slip: Slip, side: SideName) -> None:
        what = f"cloze {slip.gap}" if slip.gap else "card"
        fewer = "" if self.options.per_sheet == "8" else ", or print eight cards a sheet"
        self.tell(
            f"question {slip.question.id!r}: the {side} of this {what} is too long to be printed"
            f" on a card of paper and is cut: shorten it{fewer}",
            slip.card.place,
        )

    # ------------------------------------------------------------------------------ drawing

    def _draw(self, cards: Sequence[_Laid]) -> list[int]:
        """Fronts and backs in turn if both are printed on one sheet, else all fronts first. Gives
        the numbers of the pages' objects."""
        count = self.sheet.places
        sheets = [cards[start : start + count] for start in range(0, len(cards), count)]
        sides: list[tuple[SideName, int]]
        sides = [(side, n) for n in range(len(sheets)) for side in ("front", "back")]
        if self.options.duplex == "none":
            sides.sort(key=lambda side: side[0] == "back")
        pages = []
        for number, (side, n) in enumerate(sides):
            self.canvas.addPageLabel(number, prefix=f"{n + 1} {side}")
            for place, card in enumerate(sheets[n]):
                if side == "front":
                    with self.breaker.about(card.slip.question):
                        self._front(card, self.sheet.corner(place))
                else:
                    behind = self.sheet.behind(place, self.options.duplex)
                    self._back(card, self.sheet.corner(behind))
            self._marks()
            pages.append(self.pen.next_page())
        return pages

    def _front(self, card: _Laid, corner: Corner) -> None:
        pen, x = self.pen, corner.left + _PAD
        for anchor in card.anchors:
            pen.anchor(anchor.key, corner.top)
        self._code(card, corner, card.code)
        self._text(card.front, corner, "front")
        y = corner.top - self.sheet.card_height + _PAD
        question = card.slip.question
        difficulty = question.difficulty.upper()
        pen.words(difficulty, _DIFFICULTY, x, y, element=card.facts)
        x += pen.width(difficulty, _DIFFICULTY)
        room = corner.left + CARD_WIDTH - _PAD - x
        category = f"  ·  {question.category}"
        pen.words(category, _COUNT, x, y, widest=room, element=card.facts)

    def _back(self, card: _Laid, corner: Corner) -> None:
        with self.pen.artifact():  # read aloud it was with the front
            self._code(card, corner, None)
        self._text(card.back, corner, "back")

    def _code(self, card: _Laid, corner: Corner, element: Element | None) -> None:
        pen, x = self.pen, corner.left + _PAD
        y = corner.top - _PAD - _LINE + 3.5
        code = card.slip.question.code
        pen.words(code, _CODE, x, y, element=element)
        if card.count:
            pen.words(card.count, _COUNT, x + pen.width(code, _CODE), y, element=element)

    def _text(self, side: _Side, corner: Corner, name: SideName) -> None:
        """In the middle of its room, from top to bottom."""
        slack = self._height(name) - side.height
        top = corner.top - _PAD - _LINE - _GAP - slack / 2
        with self.pen.scaled(corner.left + _PAD, top, side.scale):
            draw_placed(self.pen, side.placed, 0.0, 0.0)

    def _marks(self) -> None:
        with self.pen.artifact():
            for start, end in self.sheet.marks():
                self.pen.hair("quiet", start, end)

    def _say_none(self, root: Element) -> int:
        """A file without cards says so, on paper and to the maintainer."""
        message = "there are no recall cards to print: the file has one page that says so"
        self.tell(message, self.guide.place)
        setting, element = styles.BODY, root.add("P")
        y = self.paper.height - self.paper.top
        self.pen.words(_NO_CARDS, setting.style, self.paper.inner, y, element=element)
        return self.pen.next_page()

    def _ask_printers(self) -> None:
        """To print both sides, turned as the cards are laid out, at full size (ISO 32000-1, 12.2).
        Few programs listen."""
        duplex = {
            "long-edge": "DuplexFlipLongEdge",
            "short-edge": "DuplexFlipShortEdge",
            "none": "Simplex",
        }
        self.canvas.setViewerPreference("Duplex", duplex[self.options.duplex])
        self.canvas.setViewerPreference("PrintScaling", "None")


def _bold(setting: Setting) -> Setting:
    return setting._replace(style=setting.style.but(bold=True))


def _depth(placed: Sequence[Placed]) -> float:
    """How far down the last of some slabs reaches."""
    return placed[-1].top + placed[-1].slab.height if placed else 0.0
