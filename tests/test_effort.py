"""Files of modest size that would keep a careless program busy for minutes: none takes long."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from deckgen.check import check_bank
from deckgen.limits import alarm
from support import BankFolder

QUESTION = "- {id: q, question: What?, category: K, difficulty: easy, type: coding"
GUIDE = "title: G\ncompany: C\nrole: R\nrounds:\n- {id: a, title: A, categories: [K]}\n"

Lay = Callable[[BankFolder], object]


def questions(text: str, guide: str = GUIDE) -> Lay:
    def lay(bank: BankFolder) -> None:
        bank.write("guide.yaml", guide)
        bank.write("questions/all.yaml", text)

    return lay


def cards(fronts: Iterable[str]) -> Lay:
    listed = (f"{{id: c{n}, front: {front}?, back: b{n}}}" for n, front in enumerate(fronts))
    return questions(f"{QUESTION}, cards: [{', '.join(listed)}]}}")


def ledger(text: str) -> Lay:
    return lambda bank: bank.write("ledger.yaml", text)


MANY = 10_000
BANKS: dict[str, tuple[Lay, int]] = {
    # what to lay out, and how many problems a strict check may have at most
    "ledger of heads": (ledger("rendering: 1\nrounds:\n" * 4 * MANY), 10 * MANY),
    "ledger of parts": (ledger("rendering: 1\nrounds:\n" * 1_000 + "questions:\n" * 3_000), MANY),
    "rounds": (
        questions(
            f"{QUESTION}, rounds: [{', '.join(f'x{n}' for n in range(MANY))}]}}",
            GUIDE + "".join(f"- {{id: r{n}, title: T}}\n" for n in range(MANY)),
        ),
        MANY + 1,
    ),
    "categories": (
        questions(
            "".join(f"{QUESTION.replace('K', f'X{n}')}}}\n" for n in range(MANY)),
            GUIDE.replace("K", ", ".join(f"K{n}" for n in range(MANY))),
        ),
        2 * MANY,
    ),
    "images that are not there": (
        questions(f"{QUESTION}, answer: '{' '.join(f'![](a{n}.png)' for n in range(MANY))}'}}"),
        MANY,
    ),
    "fronts that are the same": (cards(["What is the very best"] * MANY), 2 * MANY),
    "fronts that differ in a word": (
        cards(f"What is the very x{n}" for n in range(MANY)),
        12 * MANY,
    ),
}


@pytest.mark.parametrize("name", BANKS)
def test_no_bank_of_modest_size_takes_long(bank: BankFolder, name: str) -> None:
    lay, most = BANKS[name]
    lay(bank)
    with alarm(15):
        problems, _ = check_bank(bank.path, strict=True)
    assert 0 < len(problems) <= most
    assert all(len(problem.message) < 500 for problem in problems)
