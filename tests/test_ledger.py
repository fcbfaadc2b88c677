"""The ledger: numbers, codes and dates, once given, stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen import yamltree
from deckgen.ledger import Full, Ledger, Stamp, as_written, merged, read
from deckgen.problems import Problem
from support import BankFolder, Run

IDS = st.from_regex(r"[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3})?", fullmatch=True)


FULL = Ledger(
    2,
    {"b": 2, "a": 1},
    {"y": "1.02", "x": "1.01"},
    {
        "anki": {
            "x/#1": Stamp("r", "00ff00ff", 1_700_000_000),
            "x": Stamp("q", "ab" * 8, 0),
        }
    },
)


def reread(ledger: Ledger) -> Ledger:
    problems: list[Problem] = []
    node = yamltree.parse(ledger.text().encode(), "ledger.yaml", problems.append)
    again = read(node, problems.append)
    assert problems == []
    assert as_written(ledger.text()) == again
    return again


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  a: 1", "  a: 2"),  # a number given twice
        ('"1.01"', '"1.02"'),  # a code given twice
        ("  a: 1", "  a:  1"),
        ("rounds:", "rounds: # mine"),
        ("2023-11-14", "2023-02-30"),
        ("2023-11-14", "1969-12-31"),
        ("2023-11-14", "2242-11-14"),  # later than any date can be
        ("    x: {", "    x: {changed: 1970-01-01T00:00:00Z, kind: q, hash: 00ff00ff}\n    x: {"),
        ("1.01", "01.1"),
        ("notes:", "more: 1\nnotes:"),
    ],
)
def test_a_file_that_a_hand_has_been_at_is_read_as_yaml_with_its_places(old: str, new: str) -> None:
    text = FULL.text()
    assert old in text
    assert as_written(text) == FULL
    assert as_written(text.replace(old, new, 1)) is None


def test_the_file_is_sorted_an_entry_a_line() -> None:
    lines = [line for line in FULL.text().splitlines() if not line.startswith("#")]
    assert lines == [
        "rendering: 2",
        "rounds:",
        "  a: 1",
        "  b: 2",
        "questions:",
        '  x: "1.01"',
        '  y: "1.02"',
        "notes:",
        "  anki:",
        "    x: {changed: 1970-01-01T00:00:00Z, kind: q, hash: abababababababab}",
        "    x/#1: {changed: 2023-11-14T22:13:20Z, kind: r, hash: 00ff00ff}",
    ]
    assert reread(FULL) == FULL


@given(st.lists(IDS, unique=True, max_size=120), st.lists(IDS, unique=True, max_size=120))
def test_numbers_and_codes_are_unique_and_never_change(first: list[str], then: list[str]) -> None:
    before = Ledger().with_rounds(["r", "s"])
    before = before.with_questions((id, "rs"[len(id) % 2]) for id in first)
    after = reread(before).with_rounds(["t", "s"]).with_questions((id, "t") for id in then)
    assert after.rounds == {"r": 1, "s": 2, "t": 3}
    assert {id: after.questions[id] for id in first} == dict(before.questions)
    assert len(set(after.questions.values())) == len(set(first) | set(then))


def test_running_numbers_grow_past_two_digits() -> None:
    ledger = Ledger(rounds={"r": 4}).with_questions((f"q{n}", "r") for n in range(1, 102))
    assert [ledger.questions[f"q{n}"] for n in (1, 99, 100, 101)] == [
        "4.01",
        "4.99",
        "4.100",
        "4.101",
    ]


@given(st.lists(st.tuples(IDS, st.sampled_from("ab"), st.integers(0, 2**32)), max_size=30))
def test_a_date_rises_exactly_when_the_content_changes(builds: list[tuple[str, str, int]]) -> None:
    ledger = Ledger()
    for key, digest, clock in builds:
        old = ledger.notes.get("anki", {}).get(key)
        ledger = reread(ledger.with_notes("anki", {key: ("q", digest * 8)}, clock))
        new = ledger.notes["anki"][key]
        if old is None:
            assert new.changed == clock
        elif old.digest == new.digest:
            assert new == old
        else:
            assert new.changed > old.changed
            assert new.changed == clock or new.changed == old.changed + 1


DATES = st.dictionaries(IDS, st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=5)


def both_lines(*ledgers: Ledger) -> bytes:
    """The ledgers of branches as git's union merge leaves them: the lines of all."""
    parts = [ledger.text().partition("  anki:\n") for ledger in ledgers]
    return (parts[0][0] + "  anki:\n" + "".join(notes for *_, notes in parts)).encode()


@given(DATES, DATES)
def test_of_two_branches_dates_the_later_stays_whichever_line_is_above(
    ours: dict[str, tuple[str, int]], theirs: dict[str, tuple[str, int]]
) -> None:
    branches = [
        {key: Stamp("q", digest * 8, changed) for key, (digest, changed) in branch.items()}
        for branch in (ours, theirs)
    ]
    problems: list[Problem] = []
    data = merged(both_lines(*(Ledger(notes={"anki": branch}) for branch in branches)))
    node = yamltree.parse(data, "ledger.yaml", problems.append)
    found = read(node, problems.append).notes["anki"]
    assert problems == []
    for key in ours.keys() | theirs.keys():
        stamps = [branch[key] for branch in branches if key in branch]
        assert found[key] in stamps
        assert found[key].changed == max(stamp.changed for stamp in stamps)
    assert set(found) == ours.keys() | theirs.keys()


def test_what_two_branches_say_of_anything_else_stays_an_error_at_its_line(
    bank: BankFolder, run: Run
) -> None:
    lines = FULL.text().splitlines()
    double = lines[-1]
    text = "\n".join([*lines, double, double, "more: 1", "more: 1"])
    bank.write("ledger.yaml", text)
    assert merged(FULL.text().encode()) == FULL.text().encode()
    ran = run("check")
    line = len(lines) + 4
    message = f"error: duplicate key 'more': first in line {line - 1}"
    assert f"content/example/ledger.yaml:{line}:1: {message}\n" in ran.err
    assert double.split(":")[0].strip() not in ran.err


def test_a_ledger_that_a_hand_has_been_at_keeps_what_each_exporter_published() -> None:
    """Two exporters' notes may have one key."""
    both = {name: {"q": Stamp("k", "0" * 8, date)} for date, name in enumerate(("anki", "other"))}
    text = Ledger(notes=both).text()
    for head in (r"\1:  # ours", r"\1: ", "\\1:\n    # ours", "\\1:\r"):
        edited = re.sub("(anki|other):", head, text).encode()
        assert merged(edited) == edited


def test_the_lines_of_branches_are_merged_where_a_checkout_ends_lines_as_windows_does() -> None:
    stamps = [{"q": Stamp("k", "0" * 8, date)} for date in (5, 3)]
    data = both_lines(*(Ledger(notes={"anki": stamp}) for stamp in stamps))
    problems: list[Problem] = []
    node = yamltree.parse(merged(data.replace(b"\n", b"\r\n")), "ledger.yaml", problems.append)
    assert (read(node, problems.append).notes["anki"], problems) == (stamps[0], [])


@pytest.mark.parametrize(
    "ledger",
    [Ledger(rounds={"r": 9999}), Ledger(rounds={"x": 1}, questions={"q": "1.999999"})],
)
def test_no_number_is_given_that_could_not_be_read_again(ledger: Ledger) -> None:
    assert reread(ledger) == ledger
    with pytest.raises(Full):
        ledger.with_rounds(["x"]).with_questions([("new", "x")])


def test_a_ledger_without_numbers_left_is_an_error(bank: BankFolder, run: Run) -> None:
    bank.write("ledger.yaml", "rounds: {old: 9999}")
    ran = run("build")
    message = "round numbers are used up: 9,999 is the last"
    assert (ran.code, ran.err) == (1, f"content/example/guide.yaml:1:1: error: {message}\n")
