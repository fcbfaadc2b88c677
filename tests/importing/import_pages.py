"""The sample page, and what is done with it in tests."""

from __future__ import annotations

from pathlib import Path

from deckgen import Guide, load_bank
from deckgen.importing import Given
from deckgen.importing.pages import read_page, text_lines
from deckgen.importing.values import Imported

CASES = Path(__file__).parent / "cases"
PAGE = (CASES / "page.txt").read_text(encoding="utf-8")
FOLDER = "content/fernweh-rail-senior-data-engineer-interview-preparation-guide"


def read(text: str, given: Given | None = None) -> Imported:
    """A page's text as it is read, before anything is written."""
    found = read_page(text_lines(text), "page.txt", given or Given())
    assert found is not None
    return found


def guide(tmp_path: Path, folder: str = FOLDER) -> Guide:
    """The guide that an import has written."""
    return load_bank(tmp_path / folder).guides[0]


def page_with(*questions: str, head: str = "") -> str:
    """A small page with these questions, each with its label."""
    top = (
        head or "Acme Senior Engineer Interview Preparation Guide\nEngineer\nAcme\nSenior\n1 rounds"
    )
    rounds = "Interview Rounds\n1\nPhone\nFrequently Asked Engineer Interview Questions"
    return "\n".join([top, rounds, *questions, "Additional Information", "Terms"])
