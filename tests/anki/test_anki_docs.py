"""What docs/anki.md promises to candidates."""

from __future__ import annotations

from pathlib import Path

import pytest
from anki_bank import PublishedBank
from anki_collection import Candidate

PAGE = Path(__file__).parents[2] / "docs" / "anki.md"


def rows(heading: str) -> list[list[str]]:
    """The cells of the last table below a heading, without its own head."""
    part = PAGE.read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    rule = max(number for number, line in enumerate(lines) if line.startswith("| ---"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[rule + 1 :]]


@pytest.mark.parametrize("search", [row[1].strip("`") for row in rows("Studying a part")])
def test_every_search_finds_some_cards_and_not_all(
    search: str, bank: PublishedBank, candidate: Candidate
) -> None:
    bank["queues"]["status"] = "retired"
    candidate.import_deck(bank.publish(1_000_000_000))
    note = candidate.note('code:1.02 "note:deckgen question"')
    note["My notes"] = "Mine."
    candidate.col.update_note(note)
    everything = len(candidate.cards())

    # Only a second guide has another company's cards.
    least_left = 0 if "company" in search else 1
    assert 1 <= len(candidate.cards(search)) <= everything - least_left
