"""A deckgen exporter: recall cards as tab-separated values, for a spreadsheet or for Quizlet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deckgen import Card, Exporter, Guide, Question, option
from deckgen.markdown import Gap, inline_text, walk

COLUMNS = ("code", "round", "category", "difficulty", "front", "back")


class TsvExporter(Exporter):
    """Writes one line a card. Markdown becomes its words: a spreadsheet knows no other."""

    name = "tsv"
    suffix = ".tsv"
    description = "recall cards for a spreadsheet or Quizlet"

    @dataclass(frozen=True)
    class Options:
        layout: Literal["spreadsheet", "quizlet"] = option(
            "all columns, or term and definition alone", "spreadsheet"
        )
        header: bool = option("a first line that names the columns (spreadsheet)", True)

    options: Options

    def export(self, guide: Guide, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerows(self._rows(guide))

    def _rows(self, guide: Guide) -> Iterator[tuple[str, ...]]:
        spreadsheet = self.options.layout == "spreadsheet"
        if spreadsheet and self.options.header:
            yield COLUMNS
        for question in guide.questions:
            for card in question.cards:
                sides = self._sides(card)
                yield (*_about(guide, question), *sides) if spreadsheet else sides

    def _sides(self, card: Card) -> tuple[str, str]:
        if not card.cloze:
            return card.front.plain, card.back.plain
        gaps = [part for part in walk(card.cloze.blocks) if isinstance(part, Gap)]
        if len({gap.number for gap in gaps}) > 1:
            self.warn("all gaps of this cloze are asked at once", card.place, "tsv-cloze")
        sentence = card.cloze.plain
        hidden = [inline_text(gap.content) for gap in gaps]
        for words in hidden:
            sentence = sentence.replace(words, "___", 1)
        return sentence, ", ".join(hidden)


def _about(guide: Guide, question: Question) -> tuple[str, ...]:
    round = guide.round(question.round)
    return question.code, round.title, question.category, question.difficulty
