"""What a shell completes, asked as bash asks."""

from __future__ import annotations

import pytest

from support import BankFolder, Run


def complete(run: Run, line: str) -> list[str]:
    words = line.split(" ")
    env = {
        "_DECKGEN_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    ran = run(env=env)
    assert ran.err == ""
    return [item.split(",", 1)[1] for item in ran.out.splitlines() if item]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("deckgen list --guide ", ["example"]),
        ("deckgen list --round ", ["onsite", "phone"]),
        ("deckgen build --category dis", ["distributed-systems"]),
        ("deckgen stats --tag ", ["warm-up"]),
        ("deckgen build --difficulty e", ["easy"]),
        ("deckgen build -f p", ["pdf"]),
        ("deckgen show so", ["sorting"]),
        ("deckgen show 2", ["2.01"]),
        ("deckgen exp", ["exporters"]),
    ],
)
def test_names_are_completed_from_the_bank(
    bank: BankFolder, run: Run, line: str, expected: list[str]
) -> None:
    assert complete(run, line) == expected


def test_a_broken_bank_completes_nothing_and_says_nothing(bank: BankFolder, run: Run) -> None:
    bank.write("guide.yaml", "nonsense: [")
    assert complete(run, "deckgen list --round ") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_documented_line_gives_a_script(run: Run, shell: str) -> None:
    ran = run(env={"_DECKGEN_COMPLETE": f"{shell}_source"})
    assert "deckgen" in ran.out
