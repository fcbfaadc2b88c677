"""The ledger: numbers, codes and dates, once given, stay."""

from __future__ import annotations

import re
from collections.abc import Callable

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


def kept_of_both(data: str) -> tuple[Ledger, list[str]]:
    """What a file says in which a merge left the lines of two branches; and what is wrong in it."""
    problems: list[Problem] = []
    node = merged(data.encode(), "ledger.yaml", problems.append)
    assert node is not None
    return read(node, problems.append), list(map(str, problems))


def conflict(ours: str, theirs: str, ancestor: str | None = None) -> str:
    base = "" if ancestor is None else f"||||||| 0badcafe\n{ancestor}"
    return f"<<<<<<< HEAD\n{ours}{base}=======\n{theirs}>>>>>>> a branch\n"


def union(ours: str, theirs: str, ancestor: str | None = None) -> str:
    return ours + theirs


@pytest.mark.parametrize("join", [union, conflict])
@given(DATES, DATES)
def test_of_two_branches_dates_the_later_stays_whichever_line_is_above(
    join: Callable[[str, str], str],
    ours: dict[str, tuple[str, int]],
    theirs: dict[str, tuple[str, int]],
) -> None:
    branches = [
        {key: Stamp("q", digest * 8, changed) for key, (digest, changed) in branch.items()}
        for branch in (ours, theirs)
    ]
    ledgers = [Ledger(notes={"anki": branch}) for branch in branches]
    head, lines = ledgers[0].text().partition("  anki:\n")[::2]
    both = join(lines, ledgers[1].text().partition("  anki:\n")[2])
    ledger, problems = kept_of_both(f"{head}  anki:\n{both}")
    found = ledger.notes["anki"]
    assert problems == []
    for key in ours.keys() | theirs.keys():
        stamps = [branch[key] for branch in branches if key in branch]
        assert found[key] in stamps
        assert found[key].changed == max(stamp.changed for stamp in stamps)
    assert set(found) == ours.keys() | theirs.keys()


OURS = """\
  c: "1.02"
  x: "1.01"
notes:
  anki:
    c: {changed: 2023-11-14T22:00:00Z, kind: question, hash: 00ff00ff}
    x: {changed: 2023-11-14T22:00:00Z, kind: question, hash: 11ff00ff}
"""
THEIRS = """\
  b: "2.01"
  x: "1.01"
notes:
  anki:
    b: {changed: 2023-11-14T23:00:00Z, kind: question, hash: 22ff00ff}
    x: {changed: 2023-11-14T23:00:00Z, kind: question, hash: 33ff00ff}
"""
HEAD = "# A comment.\nrendering: 1\nrounds:\n  a: 1\n  b: 2\nquestions:\n"


@pytest.mark.parametrize("join", [union, conflict])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_conflict_over_several_parts_is_read(
    join: Callable[[str, str, str], str], end: str
) -> None:
    """In a small ledger the headings of both branches are among the lines of the conflict."""
    text = HEAD + join(OURS, THEIRS, '  x: "1.01"\n')
    ledger, problems = kept_of_both(text.replace("\n", end))
    assert problems == []
    assert ledger.rounds == {"a": 1, "b": 2}
    assert ledger.questions == {"c": "1.02", "x": "1.01", "b": "2.01"}
    notes = ledger.notes["anki"]
    assert {key: stamp.digest[:2] for key, stamp in notes.items()} == {
        "c": "00",
        "x": "33",
        "b": "22",
    }


def test_in_a_conflict_each_branch_begins_with_the_notes_of_the_same_exporter() -> None:
    stamp = "{{changed: 2023-11-14T22:00:00Z, kind: k, hash: {}}}"
    first, second = stamp.format("00" * 4), stamp.format("11" * 4)
    ours = f"    q: {first}\n  other:\n    q: {second}\n"
    theirs = f"    r: {first}\n  other:\n    r: {second}\n"
    ledger, problems = kept_of_both(HEAD + "notes:\n  anki:\n" + conflict(ours, theirs, ours))
    assert problems == []
    assert {name: sorted(notes) for name, notes in ledger.notes.items()} == {
        "anki": ["q", "r"],
        "other": ["q", "r"],
    }
    assert {stamp.digest for stamp in ledger.notes["other"].values()} == {"11" * 4}


def test_a_build_after_a_merge_needs_no_hand(bank: BankFolder, run: Run) -> None:
    assert run("build", "-f", "anki").code == 0
    path = bank.guide / "ledger.yaml"
    written = path.read_text()
    head, lines = written.partition("questions:\n")[::2]
    bank.write("ledger.yaml", f"{head}questions:\n{conflict(lines, lines)}")
    assert run("build", "-f", "anki", "--locked").code == 1
    assert run("build", "-f", "anki").code == 0
    assert path.read_text() == written


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('  c: "1.03"\n', "10:3: error: duplicate key 'c': first in line 7"),
        ("  a: 3\n", "10:3: error: duplicate key 'a': first in line 4"),
        ('  d: "1.02"\n', "10:6: error: 1.02 is given to 'c' and to 'd': delete the line of the "),
        ("  d: 2\n", "10:6: error: 2 is given to 'b' and to 'd': delete the line of the one that "),
    ],
)
def test_what_two_branches_say_differently_is_an_error_at_its_line(more: str, message: str) -> None:
    _, problems = kept_of_both(HEAD + '  c: "1.02"\n  c: "1.02"\n\n' + more)
    assert [problem[: len("ledger.yaml:" + message)] for problem in problems] == [
        "ledger.yaml:" + message
    ]


def test_of_two_generations_of_the_rendering_the_greater_stays() -> None:
    for numbers in ((2, 10), (10, 2)):
        lines = (f"rendering: {number}\n" for number in numbers)
        assert kept_of_both(conflict(*lines))[0].rendering == 10


def test_a_ledger_that_a_hand_has_been_at_keeps_what_each_exporter_published() -> None:
    """Two exporters' notes may have one key."""
    both = {name: {"q": Stamp("k", "0" * 8, date)} for date, name in enumerate(("anki", "other"))}
    text = Ledger(notes=both).text()
    for head in (r"\1:  # ours", r"\1: ", "\\1:\n    # ours", "\\1:\r"):
        ledger, problems = kept_of_both(re.sub("(anki|other):", head, text))
        assert (ledger.notes, problems) == (both, [])


@pytest.mark.parametrize("line", ["more: 1", "  a:  1", "rounds: {}", "\ta: 1", "  a: 1#", "-"])
def test_what_no_merge_leaves_is_read_as_yaml(line: str) -> None:
    problems: list[Problem] = []
    assert merged(f"{HEAD}{line}\n".encode(), "ledger.yaml", problems.append) is None
    assert problems == []


@pytest.mark.parametrize("gone", ["=======\n", '=======\n  c: "1.02"\n>>>>>>> a branch\n'])
def test_no_line_is_lost_where_a_marker_is_gone(gone: str) -> None:
    text = HEAD + conflict('  b: "1.01"\n', '  c: "1.02"\n', "")
    assert gone in text
    assert merged(text.replace(gone, "").encode(), "ledger.yaml", [].append) is None


def test_a_note_of_no_exporter_is_read_as_yaml() -> None:
    data = f"{HEAD}{OURS.replace('  anki:', '')}".encode()
    assert merged(data, "ledger.yaml", [].append) is None


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
