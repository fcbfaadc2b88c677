"""The command line, as users and scripts meet it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from jsonschema import Draft202012Validator

from deckgen.cli import cli
from support import BankFolder, Plugins, Run

ROOT = Path(__file__).parent.parent


def commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    for inner in getattr(command, "commands", {}).values():
        yield from commands(inner)


@pytest.mark.parametrize("command", list(commands(cli)), ids=lambda command: command.name)
def test_every_command_and_every_option_says_what_it_does(command: click.Command) -> None:
    assert command.help, f"{command.name} is missing its help"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{command.name} {parameter.name} is missing its help"


@pytest.mark.parametrize(
    "arguments",
    ["check", "check --strict", "list", "show caching", "stats", "exporters", "schema"],
)
def test_what_only_reads_writes_nothing(
    bank: BankFolder, run: Run, tmp_path: Path, arguments: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert run(*arguments.split()).code == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_version(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out, ran.err) == (0, "deckgen 1.6.0\n", "")


def test_list_is_one_line_a_question_in_the_order_of_codes(bank: BankFolder, run: Run) -> None:
    ran = run("list")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "1.01  easy    technical  phone   sorting  Sort a million numbers.",
        "2.01  medium  technical  onsite  caching  Where would you put a cache?",
    ]


def test_codes_of_three_digits_are_listed_after_those_of_two(bank: BankFolder, run: Run) -> None:
    bank.edit("questions/all.yaml", "category: Algorithms", "category: Distributed Systems")
    bank.write("ledger.yaml", "questions: {caching: '2.100', sorting: '2.99'}")
    assert [line.split()[0] for line in run("list").out.splitlines()] == ["2.99", "2.100"]


def test_list_says_whose_an_id_is_where_there_are_several_guides(
    bank: BankFolder, run: Run
) -> None:
    shutil.copytree(bank.guide, bank.path / "second")
    ids = [line.split()[4] for line in run("list").out.splitlines()]
    assert ids == ["example/sorting", "example/caching", "second/sorting", "second/caching"]
    assert run("show", ids[2]).out.startswith("1.01  sorting\n")
    (one, _) = run("list", "--guide", "second").out.splitlines()
    assert one.split()[4] == "sorting"


@pytest.mark.parametrize(
    "arguments", [("list", "--json"), ("stats", "--json"), ("check", "--format", "json")]
)
def test_every_field_of_json_is_documented(
    bank: BankFolder, run: Run, arguments: list[str]
) -> None:
    if "check" in arguments:
        bank.edit("questions/all.yaml", "difficulty: easy", "difficulty: esy")
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    section = text.partition("## JSON")[2].partition("\n## ")[0]
    (part,) = (p for p in section.split("\n\n") if f"`{' '.join(arguments)}`" in p)
    (first, *_) = json.loads(run(*arguments).out)
    assert first
    for name in first:
        assert f"`{name}`" in part, name


def test_list_as_json(bank: BankFolder, run: Run) -> None:
    (data,) = json.loads(run("list", "--json", "--difficulty", "easy").out)
    assert data == {
        "guide": "example",
        "code": "1.01",
        "id": "sorting",
        "question": "Sort a million numbers.",
        "category": "Algorithms",
        "difficulty": "easy",
        "type": "technical",
        "rounds": ["phone"],
        "tags": ["warm up"],
        "status": "published",
        "practiced": 0,
        "answered": False,
        "cards": 0,
        "file": "content/example/questions/all.yaml",
        "line": 10,
    }


@pytest.mark.parametrize("id", ["caching", "2.01", "example/caching"])
def test_show_prints_the_whole_question(bank: BankFolder, run: Run, id: str) -> None:
    ran = run("show", id)
    assert ran.code == 0
    for words in (
        "2.01  caching",
        "Onsite / Distributed Systems / medium / technical",
        "content/example/questions/all.yaml:1:3",
        "Where would you put a cache?",
        "  - staleness",
        "  Near the reader.",
        "Card ttl",
        "  When it is full, LRU evicts the entry used longest ago.",
    ):
        assert words in ran.out


def test_show_leaves_nothing_out(bank: BankFolder, run: Run) -> None:
    more = "rounds: [onsite, phone]\n  practiced: 12\n  tags: [warm up, x]"
    more += "\n  follow_ups: [{question: And twice?, answer: Merge.}, And on disk?]"
    bank.edit("questions/all.yaml", "tags: [warm up]", more)
    shown = run("show", "sorting").out
    assert "asked in Phone Screen, too\npractised by 12 people\ntags: warm up, x\n" in shown
    assert "Follow-ups\n  - And twice?\n    Merge.\n  - And on disk?\n" in shown
    more = "status: retired\n  hint: Halve.\n  strong: [says when]\n  pitfalls: [bubbles]"
    more += "\n  references: [{title: Sorting, url: 'https://example.com/'}]"
    bank.edit("questions/all.yaml", "practiced: 12", more)
    shown = run("show", "sorting").out
    assert "\nstatus: retired\nasked in Phone Screen, too\ntags: warm up, x\n" in shown
    assert "Hint\n  Halve.\n" in shown
    assert "What sets a strong answer apart\n  - says when\n" in shown
    assert "Pitfalls\n  - bubbles\n" in shown
    assert "References\n  - Sorting <https://example.com/>\n" in shown


def test_show_asks_for_the_guide_where_two_have_the_question(bank: BankFolder, run: Run) -> None:
    shutil.copytree(bank.guide, bank.path / "other")
    ran = run("show", "caching")
    assert (ran.code, ran.out) == (1, "")
    choices = "example/caching or other/caching"
    assert ran.err == f"error: 'caching' is in several guides: say {choices}\n"
    assert "content/other/questions/all.yaml:1:3" in run("show", "other/2.01").out


def test_show_says_when_there_is_no_answer_or_no_such_question(bank: BankFolder, run: Run) -> None:
    assert "(no answer yet)" in run("show", "sorting").out
    ran = run("show", "cachng")
    assert ran.code == 1
    assert ran.err == "error: no question has the id or code 'cachng'; did you mean 'caching'?\n"


def test_stats_count_by_round_and_category_and_name_what_is_missing(
    bank: BankFolder, run: Run
) -> None:
    bank.edit("questions/all.yaml", "tags: [warm up]", "status: retired")
    assert run("stats").out == STATS
    (data,) = json.loads(run("stats", "--json").out)
    easy, medium = {"easy": 1, "medium": 0, "hard": 0}, {"easy": 0, "medium": 1, "hard": 0}
    assert data == {
        "guide": "example",
        "questions": 2,
        "cards": 2,
        "status": {"published": 1, "retired": 1},
        "rounds": {"phone": easy, "onsite": medium},
        "categories": {"Algorithms": easy, "Distributed Systems": medium},
        "missing": {
            "answer": ["sorting"],
            "key points": ["sorting"],
            "follow-ups": ["sorting", "caching"],
            "pitfalls": ["sorting", "caching"],
            "cards": ["sorting"],
            "references": ["sorting", "caching"],
        },
    }


STATS = """\
Example Guide: 2 questions, 2 cards

round             easy  medium    hard   total
1 Phone Screen       1       0       0       1
2 Onsite             0       1       0       1
total                1       1       0       2

category               easy  medium    hard   total
Algorithms                1       0       0       1
Distributed Systems       0       1       0       1
total                     1       1       0       2

without answer: 1 (sorting)
without key points: 1 (sorting)
without follow-ups: 2 (sorting, caching)
without pitfalls: 2 (sorting, caching)
without cards: 1 (sorting)
without references: 2 (sorting, caching)
retired: 1
"""


def test_the_exporters_are_listed_with_their_options_and_where_they_come_from(
    plugins: Plugins, run: Run
) -> None:
    ran = run("exporters", env=plugins.env)
    assert (ran.code, ran.err) == (0, "")
    assert (
        "plain: the questions, a line each\n"
        "  writes *.txt, with -f plain; from deckgen-plain 1.0\n"
        "  -O plain.mark=text\n"
        "      what stands before each (default: -)\n"
        "  -O plain.upper=true|false\n"
        "      capitals (default: false)\n"
    ) in ran.out
    own = [line for line in ran.out.splitlines() if "; from deckgen " in line]
    assert [line.split(";")[0] for line in own] == [
        "  writes *.apkg, on by default",
        "  writes *.cards.pdf, with -f cards",
        "  writes *.html, with -f html",
        "  writes *.pdf, on by default",
    ]


def test_check_counts_and_warnings_fail_only_when_strict(bank: BankFolder, run: Run) -> None:
    assert run("check") == (0, "2 questions in 1 guide: 0 errors, 0 warnings\n", "")
    bank.edit("questions/all.yaml", "Near the reader.", '"[here](#x)"')
    ran = run("check")
    assert ran.code == 0
    assert ran.err == (
        "content/example/questions/all.yaml:5:19: warning: the link to '#x' becomes plain text: "
        "expected http, https or mailto [link-target]\n"
    )
    assert run("check", "--strict").code == 1
    bank.edit("questions/all.yaml", "key_points:", "allow: [link-target]\n  key_points:")
    assert run("check", "--strict").code == 0


def test_check_reads_export_options_too(bank: BankFolder, run: Run) -> None:
    bank.edit(
        "guide.yaml", "rounds:\n", "export: {pdff: {a: b}, pdf: {papr: a4}, anki: {}}\nrounds:\n"
    )
    ran = run("check", "--format", "json")
    assert ran.code == 1
    found = [(p["severity"], p["line"], p["column"], p["message"]) for p in json.loads(ran.out)]
    assert found == [
        ("warning", 6, 16, "no exporter is named 'pdff' here; did you mean 'pdf'?"),
        ("error", 6, 30, found[1][3]),
    ]
    assert "unknown key 'papr' in the options of pdf; did you mean 'paper'?" in found[1][3]
    bank.edit("guide.yaml", "pdf: {papr: a4}", "pdf: [a4]")
    ran = run("check")
    assert ran.code == 1
    assert "content/example/guide.yaml:6:29: error: expected a mapping of options\n" in ran.err


def test_check_writes_annotations_for_github(bank: BankFolder, run: Run) -> None:
    bank.edit("questions/all.yaml", "Near the reader.", '"[100%](#x)"')
    bank.edit("guide.yaml", "company", "compny")
    ran = run("check", "--format", "github")
    assert ran.code == 1
    assert ran.out == (
        "::error file=content/example/guide.yaml,line=2,col=1::"
        "unknown key 'compny' in a guide; did you mean 'company'?\n"
    )
    bank.edit("guide.yaml", "compny", "company")
    ran = run("check", "--format", "github")
    assert ran.out == (
        "::warning file=content/example/questions/all.yaml,line=5,col=19,title=link-target::"
        "the link to '#x' becomes plain text: expected http, https or mailto\n"
    )


def test_schema_accepts_the_shipped_bank_and_refuses_mistakes(run: Run) -> None:
    import yaml

    both = json.loads(run("schema").out)
    assert both["guide"] == json.loads(run("schema", "guide").out)
    for schema in both.values():
        Draft202012Validator.check_schema(schema)
    guides = Draft202012Validator(both["guide"])
    questions = Draft202012Validator(both["questions"])
    for path in ROOT.glob("content/*/guide.yaml"):
        guides.validate(yaml.load(path.read_bytes(), Loader=yaml.BaseLoader))
    for path in ROOT.glob("content/*/questions/**/*.yaml"):
        questions.validate(yaml.load(path.read_bytes(), Loader=yaml.SafeLoader))
    question = {"id": "a", "question": "Q", "category": "C", "difficulty": "easy"}
    assert questions.is_valid([question])
    assert questions.is_valid({"defaults": {"category": "C"}, "questions": [{"id": "a"}]})
    for wrong in ({"difficulty": "esay"}, {"id": "A b"}, {"anser": "x"}, {"practiced": -1}):
        assert not questions.is_valid([{**question, **wrong}])
    sides = [{"front": "F", "back": "B"}, {"cloze": "C"}]
    assert questions.is_valid([{**question, "cards": sides}])
    for card in ({"front": "F"}, {"id": "a"}, {}):
        assert not questions.is_valid([{**question, "cards": [card]}])


def test_colour_only_on_a_terminal_and_not_where_no_color_is_set(tmp_path: Path) -> None:
    import pty

    def on_a_terminal(**env: str) -> str:
        main, side = pty.openpty()
        subprocess.run(
            [sys.executable, "-m", "deckgen", "check", "missing"],
            stderr=side,
            cwd=tmp_path,
            env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **env},
            timeout=60,
        )
        os.close(side)
        return os.read(main, 10_000).decode()

    assert "\x1b[31m" in on_a_terminal()
    assert "\x1b[" not in on_a_terminal(NO_COLOR="1")


def test_a_progress_bar_shows_on_a_terminal(bank: BankFolder, tmp_path: Path) -> None:
    import pty

    main, side = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "deckgen", "build"],
        stderr=side, stdout=subprocess.PIPE, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    os.close(side)
    assert done.returncode == 0
    assert "100%" in os.read(main, 10_000).decode()
    assert b"%" not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["nope"], ["build", "--nope"], ["list", "a", "b"], ["show"], ["schema", "other"]],
)
def test_wrong_usage_is_status_2(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "Usage:" in ran.err


def test_a_closed_pipe_is_no_traceback(bank: BankFolder, tmp_path: Path) -> None:
    line = f"{sys.executable} -m deckgen list --json | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert done.stderr == ""


def test_a_full_disk_is_one_message(bank: BankFolder, tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "deckgen", "list"],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "error: can't write the result: No space left on device\n"
