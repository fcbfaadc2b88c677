"""The content linter. A case is a bank in cases/lint, and what a strict check says of it."""

from __future__ import annotations

import random
import re
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases_files import CASES, check_expected, lay_out, read_parts
from deckgen.check import check_bank
from deckgen.lint import RULES, names
from deckgen.lint.rules import parts
from deckgen.markdown import CodeBlock, Image, Markdown, Table, walk
from deckgen.problems import Place, Problem
from support import BankFolder

FILES = sorted((CASES / "lint").glob("*.txt"))
ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_strict_check_finds_what_the_case_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    parts = read_parts(path)
    lay_out(parts, tmp_path)
    monkeypatch.chdir(tmp_path)
    problems, _ = check_bank(Path("bank"), strict=True)
    found = "".join(f"{problem}\n" for problem in problems)
    check_expected(path, parts, found, update=request.config.getoption("--update-cases"))


def test_every_rule_has_a_case_and_a_help_and_its_own_name() -> None:
    said = "".join(path.read_text() for path in FILES)
    long_texts = {"answer-long", "answer-spoken-long", "answer-no-cards", "image-heavy"}
    for rule in RULES:
        assert rule.help, rule.name
        assert f"[{rule.name}]" in said or rule.name in long_texts, rule.name
    assert len(set(names())) == len(names())


def strict(bank: BankFolder) -> list[Problem]:
    return check_bank(bank.path, strict=True)[0]


def found(bank: BankFolder) -> list[str]:
    return [problem.name for problem in strict(bank)]


@pytest.mark.parametrize(
    ("keys", "words", "name"),
    [
        ("", 201, "answer-long"),
        ("", 200, ""),
        ("type: system-design", 400, ""),
        ("type: system-design", 401, "answer-long"),
        ("type: behavioral", 450, ""),
        ("type: behavioral", 451, "answer-spoken-long"),
    ],
)
def test_answers_are_measured_in_words(bank: BankFolder, keys: str, words: int, name: str) -> None:
    text = "- id: sorting\n  answer: " + "1 " * words + f"\n  key_points: [a, b]\n  {keys}\n"
    text += "  cards: [{id: c, front: What is one more card?, back: This}]"
    bank.edit("questions/all.yaml", "- id: sorting", text)
    assert [n for n in found(bank) if n.startswith("answer")] == [name][: bool(name)]


PIECES = [
    "    ",
    "   ",
    "  ",
    " ",
    "\t",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "```",
    "~~~",
    "`",
    "<!--",
]
PIECES += ["a", "|", "a | b\n--- | ---\n", "![a](b)", "!", "[a]", "(b)"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_text_with_a_listing_a_table_or_an_image_is_passed_over(source: str) -> None:
    text = Markdown(source)
    for kind in (CodeBlock, Table, Image):
        assert [*parts(text, kind)] == [p for p in walk(text.blocks) if isinstance(p, kind)]


def test_a_listing_does_not_count_as_words(bank: BankFolder) -> None:
    code = "      word\n" * 300
    text = f"- id: sorting\n  answer: |\n      ```\n{code}      ```\n  key_points: [a, b]"
    bank.edit("questions/all.yaml", "- id: sorting", text)
    assert found(bank) == []


@pytest.mark.parametrize(("words", "names"), [(120, []), (121, ["answer-no-cards"])])
def test_a_long_answer_wants_cards(bank: BankFolder, words: int, names: list[str]) -> None:
    text = "- id: sorting\n  answer: " + "word " * words + "\n  key_points: [a, b]"
    bank.edit("questions/all.yaml", "- id: sorting", text)
    assert found(bank) == names


@pytest.mark.parametrize(
    ("front", "back", "names"),
    [
        (30, 30, []),
        (31, 30, ["card-front-long"]),
        (30, 31, ["card-back-long"]),  # a note
        (30, 40, ["card-back-long"]),
        (30, 41, ["card-back-long"]),
    ],
)
def test_the_sides_of_a_card_are_measured_in_words(
    bank: BankFolder, front: int, back: int, names: list[str]
) -> None:
    sides = f"front: {'ask ' * front}, back: {'say ' * back}"
    bank.edit(
        "questions/all.yaml", "- id: sorting", f"- id: sorting\n  cards: [{{id: c, {sides}}}]"
    )
    assert found(bank) == names
    warned = [problem.name for problem in check_bank(bank.path)[0]]
    assert warned == [name for name in names if name != "card-back-long" or back > 40]


def noise(width: int, height: int) -> bytes:
    """A picture that can't be packed."""
    from PIL import Image

    stream = BytesIO()
    pixels = random.Random(1).randbytes(width * height)
    Image.frombytes("L", (width, height), pixels).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "heavy"),
    [
        ("a.png", noise(1600, 10), False),
        ("a.png", noise(1601, 10), True),
        ("a.png", noise(10, 1601), True),
        ("a.png", noise(990, 1000), False),
        ("a.png", noise(1010, 1000), True),  # of more than 1 MB
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 5000 5000"/>', False),
    ],
    ids=[0, 1, 2, 3, 4, 5],
)
def test_a_heavy_image_is_found(bank: BankFolder, name: str, data: bytes, heavy: bool) -> None:
    (bank.guide / "media").mkdir()
    (bank.guide / "media" / name).write_bytes(data)
    bank.edit("questions/all.yaml", "Near the reader.", f'"![alt]({name})"')
    assert found(bank) == ["image-heavy"] * heavy


def test_a_text_with_other_line_ends_moves_no_warning(bank: BankFolder) -> None:
    text = "- id: sorting\n  answer: |\n    One.\u2028    Two.\x85  key_points: [a, b]\n"
    bank.edit("questions/all.yaml", "- id: sorting", text + "  hint: See issue #12.")
    (problem,) = strict(bank)
    before = (bank.guide / "questions" / "all.yaml").read_text(encoding="utf-8").split("hint: See")
    line = re.split("[\n\u2028\x85]", before[0])
    assert problem.name == "text-cut"
    assert problem.place
    assert problem.place[1:] == (len(line), len(line[-1]) + 7)


@pytest.mark.parametrize("kind", ["ml-system-design", "coding-1", "technical-hr", "behavioral"])
def test_a_type_may_be_a_kind_of_one_that_is_known(bank: BankFolder, kind: str) -> None:
    bank.edit("questions/all.yaml", "- id: sorting", f"- id: sorting\n  type: {kind}")
    assert found(bank) == []


def test_a_guide_checked_on_its_own_has_no_unread_question_files(bank: BankFolder) -> None:
    (bank.guide / "questions" / "all.yaml").rename(bank.guide / "questions" / "guide.yaml")
    assert check_bank(bank.guide)[0] == []
    (bank.guide / "other").mkdir()
    (bank.guide / "guide.yaml").rename(bank.guide / "other" / "guide.yaml")
    text = (bank.guide / "other" / "guide.yaml").read_text(encoding="utf-8")
    (bank.guide / "guide.yaml").write_text(text, encoding="utf-8")
    (problem,) = check_bank(bank.guide)[0]
    assert problem.place == Place((bank.guide / "other" / "guide.yaml").as_posix())
    assert problem.message == (
        f"this file is not read: the guide's is {(bank.guide / 'guide.yaml').as_posix()}"
    )


def test_notes_are_said_only_when_strict(bank: BankFolder) -> None:
    bank.edit("questions/all.yaml", "What does a TTL bound?", "Does a TTL bound staleness?")
    assert found(bank) == ["card-yes-no"]
    assert check_bank(bank.path)[0] == []


def lamps(bank: BankFolder, *cards: tuple[str, str]) -> list[str]:
    """What a strict check says of cards with these fronts and backs, each in one line."""
    lines = [
        f"- {{id: c{n}, front: {front}, back: {back}}}" for n, (front, back) in enumerate(cards)
    ]
    text = "\n    ".join(["- id: sorting\n  cards:", *lines])
    bank.edit("questions/all.yaml", "- id: sorting", text)
    return [problem.message for problem in strict(bank) if problem.name == "card-interferes"]


def test_cards_with_the_same_back_do_not_interfere(bank: BankFolder) -> None:
    fronts = "what does a red lamp mean", "what does a green lamp mean"
    assert lamps(bank, (fronts[0], "Stop"), (fronts[1], "Stop")) == []


def test_cards_that_interfere_are_told_in_the_same_order_each_time(bank: BankFolder) -> None:
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    fronts = [" ".join([*words[:at], "x", "y", *words[at + 2 :]]) for at in range(9)]
    found = lamps(bank, *((front, front) for front in [*fronts, " ".join(words)]))
    lines = [int(message.rpartition(":")[0].rpartition(":")[2]) for message in found[-9:]]
    assert lines == sorted(lines)


def test_the_shipped_bank_has_no_warning_and_few_silencings() -> None:
    from deckgen import load_bank

    problems, _ = check_bank(ROOT / "content", strict=True)
    assert [str(problem) for problem in problems] == []
    (guide,) = load_bank(ROOT / "content").guides
    silenced = [question.id for question in guide.questions if question.allow]
    assert len(silenced) <= len(guide.questions) // 20
