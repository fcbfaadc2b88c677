"""What a build keeps for the next one: never in the way of the right bytes, and of use."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deckgen import build
from deckgen.builder import Report
from deckgen.exporters.anki import notes
from deckgen.exporters.pdf.matter import Matter
from deckgen.exporters.pdf.story import Story
from deckgen.exporters.pdf.stretches import Stretches
from deckgen.kept import Kept
from support import BankFolder, Run

GUIDE = """\
title: Kept
company: Example
role: Engineer
updated: 2026-01-01
summary: Two rounds.
rounds:
  - {id: one, title: First, categories: [A], summary: The first.}
  - {id: two, title: Second, categories: [B]}
export:
  pdf: {fonts: []}
"""
WORDS = "a reader turns the page and finds another answer there which says what it has to say"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    return folder / "deckgen"


def question(number: int, *, category: str = "A", lines: int = 12, more: str = "") -> str:
    answer = "\n\n    ".join([WORDS.capitalize() + "."] * lines + [more] * bool(more))
    return (
        f"- id: q{number}\n  question: Number {number}?\n  category: {category}\n"
        f"  difficulty: easy\n  type: technical\n  tags: [one]\n  answer: |\n    {answer}\n"
        f"  key_points: [one, two]\n"
        f"  cards:\n    - {{id: c, front: Front {number}, back: Back}}\n"
    )


def write(folder: Path, questions: list[str]) -> Path:
    (folder / "kept" / "questions").mkdir(parents=True, exist_ok=True)
    (folder / "kept" / "guide.yaml").write_text(GUIDE, encoding="utf-8")
    (folder / "kept" / "questions" / "all.yaml").write_text("".join(questions), encoding="utf-8")
    return folder


def bank_of(tmp_path: Path, count: int = 24, **what: Any) -> list[str]:
    questions = [question(n, category="AB"[n > count // 2], **what) for n in range(1, count + 1)]
    write(tmp_path / "bank", questions)
    return questions


def built(folder: Path, name: str, **asked: Any) -> tuple[dict[str, bytes], Report]:
    """A build's outputs, and what it reported."""
    report = build(folder / "bank", folder / name, **asked)
    assert report.ok
    return {path.name: path.read_bytes() for path in (folder / name).glob("kept.*")}, report


def told(report: Report) -> list[str]:
    return [problem.message for outcome in report.outcomes for problem in outcome.problems]


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that were laid out for the PDF."""
    ids: list[str] = []
    write_it = Story._question
    monkeypatch.setattr(
        Story, "_question", lambda self, asked: ids.append(asked.id) or write_it(self, asked)
    )
    return ids


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions whose notes were rendered for the deck."""
    ids: list[str] = []
    make = notes._Maker.__init__

    def init(self: Any, guide: Any, asked: Any, *others: Any) -> None:
        ids.append(asked.id)
        make(self, guide, asked, *others)

    monkeypatch.setattr(notes._Maker, "__init__", init)
    return ids


# ----------------------------------------------------------------------------- of use


def test_after_an_edit_what_did_not_change_is_not_made_again(
    tmp_path: Path, laid_out: list[str], rendered: list[str]
) -> None:
    questions = bank_of(tmp_path, 60)
    built(tmp_path, "out")
    assert len(laid_out) == len(rendered) == 60
    laid_out.clear()
    rendered.clear()
    questions[40] = questions[40].replace("turns the page", "turns a page")
    write(tmp_path / "bank", questions)
    built(tmp_path, "out")
    assert rendered == ["q41"]
    assert "q41" in laid_out
    assert len(laid_out) < 20


def test_contents_and_index_are_made_again_where_they_tell_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[str] = []
    entry = Matter._entry
    monkeypatch.setattr(
        Matter, "_entry", lambda self, q, *rest: rows.append(q.id) or entry(self, q, *rest)
    )
    questions = bank_of(tmp_path, 60)
    built(tmp_path, "out", formats=["pdf"])
    assert rows.count("q41") == 2
    for old, new, again in (
        ("turns the page", "turns a page", 0),
        ("Number 41?", "What is 41?", 2),
    ):
        rows.clear()
        questions[40] = questions[40].replace(old, new)
        write(tmp_path / "bank", questions)
        files, _ = built(tmp_path, "out", formats=["pdf"])
        assert rows.count("q41") == again
        assert files == built(tmp_path, "whole", formats=["pdf"], force=True)[0]


def test_what_is_kept_is_dropped_when_it_is_not_asked_for(tmp_path: Path, cache: Path) -> None:
    questions = bank_of(tmp_path)
    built(tmp_path, "out", formats=["anki"])
    size = {path: path.stat().st_size for path in cache.iterdir()}
    write(tmp_path / "bank", questions[:12])
    built(tmp_path, "out", formats=["anki"])
    assert max(path.stat().st_size for path in cache.iterdir()) < max(size.values()) * 0.7


@pytest.mark.parametrize("asked", [{"force": True}, {"mode": "check"}], ids=str)
def test_who_asks_for_all_gets_all(
    tmp_path: Path, laid_out: list[str], asked: dict[str, Any]
) -> None:
    questions = bank_of(tmp_path)
    built(tmp_path, "out")
    laid_out.clear()
    write(tmp_path / "bank", ["# A comment.\n", *questions])
    built(tmp_path, "out", **asked)
    assert len(laid_out) == 24


def test_another_version_of_deckgen_makes_everything_anew(
    tmp_path: Path, laid_out: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = bank_of(tmp_path)
    built(tmp_path, "out")
    laid_out.clear()
    monkeypatch.setattr("deckgen.kept._program", lambda: "another")
    write(tmp_path / "bank", [*questions, question(99)])
    built(tmp_path, "out")
    assert len(laid_out) == 25


# ------------------------------------------------------------------- the right bytes

MORE = (
    "", "Another sentence.", "With [a link](https://example.org/page) in it.", "→ and ≈", "日本",
    "אבג", "- a\n    - list", "```python\n    x = 1\n    ```", "$x^2$", "| a | b |\n    | - | - |",
    "Some <u>HTML</u> and U+10FFFD: \U0010fffd",
)  # fmt: skip
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["change", "remove", "insert", "swap", "move", "ask", "tag", "tell"]),
        st.integers(0, 20),
        st.integers(1, 30),
        st.sampled_from(MORE),
    ),
    min_size=1,
    max_size=3,
)


def edit(questions: list[str], how: str, at: int, lines: int, more: str) -> None:
    at %= len(questions)
    number = 100 + sum(map(len, questions))
    category = "AB"[lines % 2]
    match how:
        case "change":
            id = int(questions[at].split("\n")[0].removeprefix("- id: q"))
            questions[at] = question(id, lines=lines, more=more)
        case "remove" if len(questions) > 1:
            del questions[at]
        case "insert":
            questions.insert(at, question(number, category=category, lines=lines, more=more))
        case "swap":
            questions[at], questions[-1] = questions[-1], questions[at]
        case "ask":
            questions[at] = questions[at].replace("Number", f"Which {WORDS[: 3 * lines]}, number")
        case "tag":
            questions[at] = questions[at].replace("tags: [one]", f"tags: [one, {lines % 3}]")
        case "tell":
            questions[at] = questions[at].replace("difficulty: easy", "difficulty: hard")
            questions[at] = questions[at].replace("type: technical", "type: behavioral")
        case _:
            questions[at] = questions[at].replace("category: A", "category: B")


@pytest.mark.parametrize("answers", ["inline", "end", "none"])
@settings(
    max_examples=8, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    sizes=st.lists(st.tuples(st.integers(1, 25), st.sampled_from(MORE)), min_size=4, max_size=14),
    edits=EDITS,
)
def test_after_any_edits_the_bytes_are_those_of_a_whole_build(
    answers: str, sizes: list[tuple[int, str]], edits: list[tuple[str, int, int, str]]
) -> None:
    """Which questions were new, and so when each note was dated, is in the ledger; here all builds
    are of one time."""
    options = {"pdf": {"answers": answers}}
    questions = [
        question(n, category="AB"[n % 3 == 0], lines=lines, more=more)
        for n, (lines, more) in enumerate(sizes)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "bank", questions)
        built(folder, "out", options=options)
        for one in edits:
            edit(questions, *one)
            write(folder / "bank", questions)
            files, report = built(folder, "out", options=options)
            whole, other = built(folder, "whole", options=options, force=True)
            assert files == whole
            if any(outcome.status == "built" for outcome in report.outcomes):
                assert told(report) == told(other)


def test_a_page_that_repeats_and_notes_at_its_foot_are_as_in_a_whole_build(tmp_path: Path) -> None:
    """Long tables go on with their heads, and the numbers of footnotes run through a chapter."""
    rows = "\n    ".join(f"| {n} | {WORDS} |" for n in range(30))
    more = f"| n | what |\n    | - | - |\n    {rows}\n\n    See [it](https://example.org/a/b)."
    questions = [question(n, lines=1 + n % 5, more=more if n % 2 else "") for n in range(1, 15)]
    write(tmp_path / "bank", questions)
    built(tmp_path, "out", formats=["pdf"])
    for at in (0, 5, 13):
        questions[at] = questions[at].replace("turns the page", "turns a page")
        write(tmp_path / "bank", questions)
        files, _ = built(tmp_path, "out", formats=["pdf"])
        whole, _ = built(tmp_path, "whole", formats=["pdf"], force=True)
        assert files == whole


def test_what_was_warned_of_is_warned_of_again(tmp_path: Path) -> None:
    questions = bank_of(tmp_path)
    questions[3] = question(4, more="Nobody draws \U0010fffd.")
    write(tmp_path / "bank", questions)
    _, first = built(tmp_path, "out", formats=["pdf"])
    questions[20] = questions[20].replace("turns the page", "turns a page")
    write(tmp_path / "bank", questions)
    _, second = built(tmp_path, "out", formats=["pdf"])
    assert [message for message in told(first) if "U+10FFFD" in message]
    assert told(second) == told(first)


# ---------------------------------------------------------------- whatever is there


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[None]:
    """A bank that was built and then edited; after the test its build is compared to a whole
    one."""
    questions = bank_of(tmp_path)
    built(tmp_path, "out")
    questions[20] = questions[20].replace("turns the page", "turns a page")
    write(tmp_path / "bank", questions)
    yield
    files, _ = built(tmp_path, "out")
    assert files == built(tmp_path, "whole", force=True)[0]


@pytest.mark.usefixtures("edited")
@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "folder", "garbage"])
def test_what_is_damaged_is_not_used(cache: Path, damage: str) -> None:
    for path in cache.iterdir():
        data = path.read_bytes()
        match damage:
            case "cut":
                path.write_bytes(data[:-100])
            case "changed":
                path.write_bytes(data[:-100] + b"#" + data[-99:])
            case "empty":
                path.write_bytes(b"")
            case "garbage":
                path.write_bytes(bytes(range(256)))
            case _:
                path.unlink()
                path.mkdir()


@pytest.mark.parametrize("where", ["/dev/null/cache", "cache"], ids=["unwritable", "relative"])
def test_without_a_place_to_keep_things_a_build_works(
    bank: BankFolder, run: Run, tmp_path: Path, where: str
) -> None:
    before = set(tmp_path.iterdir())
    assert run("build", env={"XDG_CACHE_HOME": where}).code == 0
    assert set(tmp_path.iterdir()) - before == {tmp_path / "output"}
    bank.edit("questions/all.yaml", "category", "category")
    assert run("build", "--check", env={"XDG_CACHE_HOME": where}).code == 0


def test_what_nobody_asks_for_is_cleared_after_a_month(tmp_path: Path, cache: Path) -> None:
    bank_of(tmp_path)
    built(tmp_path, "out", formats=["anki"])
    old, young = cache / "old", cache / "young"
    for path, days in ((old, 31), (young, 29)):
        path.write_text("")
        then = time.time() - days * 24 * 3600
        os.utime(path, (then, then))
    built(tmp_path, "other", formats=["anki"])
    assert not old.exists()
    assert young.exists()


def test_nobody_else_can_read_it(tmp_path: Path, cache: Path) -> None:
    bank_of(tmp_path)
    built(tmp_path, "out", formats=["anki"])
    assert cache.stat().st_mode & 0o077 == 0


def test_kept_values_come_back_as_they_were(tmp_path: Path) -> None:
    value = {"text": "a\nb\u2028\u0000", "list": [1, None, True, ("日", b"\n")]}
    kept = Kept(tmp_path / "kept", "base")
    kept.put("a key", value)
    kept.put("another", 1)
    kept.save()
    again = Kept(tmp_path / "kept", "base")
    assert again.get("a key") == value
    assert again.get("no key") is None
    assert Kept(tmp_path / "kept", "other").get("a key") is None
    assert Kept(tmp_path / "kept", "base", anew=True).get("a key") is None


def test_without_a_path_nothing_is_kept() -> None:
    kept = Kept()
    kept.put("key", 1)
    kept.save()
    assert not kept.is_there


def test_stretches_are_told_apart_by_their_section(tmp_path: Path, monkeypatch: Any) -> None:
    """No two of one build have the same name."""
    states: list[str] = []
    find = Stretches.find

    def found(self: Stretches, *where: Any) -> Any:
        states.append(self._state)
        return find(self, *where)

    monkeypatch.setattr(Stretches, "find", found)
    bank_of(tmp_path)
    built(tmp_path, "out", formats=["pdf"])
    assert len(states) == len(set(states)) > 2
