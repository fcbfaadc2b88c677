"""What the tests of the Anki exporter share: a bank, candidates with the real Anki."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anki.collection import Collection
from anki_bank import PublishedBank, question
from anki_collection import Candidate


@pytest.fixture
def bank(tmp_path: Path) -> PublishedBank:
    """Two rounds, three questions, a recall card and a cloze."""
    folder = PublishedBank(tmp_path / "bank")
    folder.questions = [
        question(
            "caches",
            cards=[
                {"id": "ttl", "front": "What ends an entry's life?", "back": "Its time to live."},
                {"id": "lru", "cloze": "LRU drops the {{c1::least}} recently {{c2::used}} entry."},
            ],
        ),
        question("queues", difficulty="hard"),
        question("conflict", type="behavioral", rounds=["onsite"], category="Leadership"),
    ]
    return folder


@pytest.fixture
def new_candidate(tmp_path: Path) -> Iterator[Callable[[], Candidate]]:
    """Makes candidates, each with an empty collection."""
    candidates: list[Candidate] = []

    def make() -> Candidate:
        folder = tmp_path / f"candidate-{len(candidates)}"
        folder.mkdir()
        candidates.append(Candidate(Collection(str(folder / "collection.anki2"))))
        return candidates[-1]

    yield make
    for candidate in candidates:
        candidate.col.close()


@pytest.fixture
def candidate(new_candidate: Callable[[], Candidate]) -> Candidate:
    return new_candidate()
