"""`deckgen build`: what is written, what is left alone, and what a check says."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from packaging.version import Version

import deckgen
from deckgen import WrongUsage, files, fingerprint
from support import BankFolder, Plugins, Ran, Run, read_only

OUTPUT = "output/example.txt"
Build = Callable[..., Ran]


@pytest.fixture
def build(bank: BankFolder, plugins: Plugins, run: Run) -> Build:
    """`deckgen build -f plain`, at a fixed time."""

    def build(*arguments: str, time: int = 1_800_000_000, **options: object) -> Ran:
        env = {**plugins.env, "SOURCE_DATE_EPOCH": str(time)}
        return run("build", "-f", "plain", *arguments, env=env, **options)

    return build


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All files with their times, and all folders, but for what Python keeps of a module that it
    has compiled."""
    found = [path for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts]
    files = {path: path.read_bytes() if path.is_file() else b"" for path in found}
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns if data else 0, data)
        for path, data in files.items()
    }


def test_a_build_writes_outputs_manifest_and_ledger_and_a_second_one_nothing(
    build: Build, tmp_path: Path
) -> None:
    first = build()
    assert first.code == 0
    assert first.out == f"content/example/ledger.yaml: written\n{OUTPUT}: written\n"
    assert sorted(os.listdir(tmp_path / "output")) == ["example.txt", "manifest.json"]
    before = state(tmp_path)
    second = build()
    assert (second.code, second.out) == (0, f"{OUTPUT}: up to date\n")
    assert state(tmp_path) == before


def test_an_edit_is_dated_by_the_build_and_what_is_unchanged_keeps_its_date(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    build(time=1000)
    bank.edit("questions/all.yaml", "Where would you put", "Where do you put")
    build(time=2000)
    text = (tmp_path / OUTPUT).read_text()
    assert "caching 2000\nsorting 1000\n" in text
    bank.edit("questions/all.yaml", "Where do you put", "Where to put")
    build(time=1500)  # a clock that went back
    assert "caching 2001\nsorting 1000\n" in (tmp_path / OUTPUT).read_text()


def test_a_build_says_how_many_published_notes_it_changes_and_a_dry_run_how_many_it_would(
    build: Build, bank: BankFolder
) -> None:
    ledger = "content/example/ledger.yaml"
    assert f"{ledger}: written\n" in build().out
    bank.edit("questions/all.yaml", "Where would you put", "Where do you put")
    assert f"{ledger}: would be written; 1 published note changed\n" in build("--dry-run").out
    assert f"{ledger}: written; 1 published note changed\n" in build().out
    bank.edit("ledger.yaml", "rendering: 1", "rendering: 2")
    assert f"{ledger}: written; 2 published notes changed\n" in build().out


def test_new_content_is_dated_by_the_clock_to_the_second(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    before = int(time.time())
    assert run("build", "-f", "plain", env={**plugins.env, "TZ": "Asia/Tokyo"}).code == 0
    dated = int(re.findall("caching ([0-9]+)\n", (tmp_path / OUTPUT).read_text())[0])
    assert before <= dated <= time.time()
    moment = datetime.fromtimestamp(dated, UTC).isoformat().replace("+00:00", "Z")
    assert f"    caching: {{changed: {moment}, " in (bank.guide / "ledger.yaml").read_text()


def test_dates_of_a_clock_far_ahead_are_told_by_a_build_by_the_clock(
    build: Build, bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    def by_clock(*arguments: str) -> str:
        return run("build", "-f", "plain", *arguments, env=plugins.env).err

    day, ledger = 86_400, bank.guide / "ledger.yaml"
    now = int(time.time())
    build(time=now - 3 * 365 * day)
    bank.edit("questions/all.yaml", "a million", "many")
    leap = "content/example/ledger.yaml: warning: new content is dated "
    assert by_clock("--dry-run").startswith(leap)
    assert build("--dry-run", time=now).err == ""  # who sets it knows it

    before = ledger.read_text()
    assert build(time=now + 2 * day).err == ""
    assert ledger.read_text() != before
    assert by_clock() == ""  # all is made, and nothing is read
    bank.edit("questions/all.yaml", "many numbers", "numbers")
    ahead = "content/example/ledger.yaml: warning: 1 note dated later than today, up to "
    assert by_clock("--dry-run").startswith(ahead)
    assert by_clock().startswith(ahead)
    assert "clock-doubtful" not in (tmp_path / "output" / "manifest.json").read_text()
    bank.edit("questions/all.yaml", "- id: sorting", "- id: sorting\n  allow: [clock-doubtful]")
    bank.edit("questions/all.yaml", "numbers", "many numbers")
    assert by_clock() == ""


def test_half_a_day_ahead_is_the_time_of_another_zone(
    build: Build, bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    build(time=int(time.time()) + 43_200)
    bank.edit("questions/all.yaml", "a million", "many")
    assert run("build", "-f", "plain", env=plugins.env).err == ""


def test_notes_of_questions_that_are_gone_are_of_no_doubtful_date(
    build: Build, bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    build(time=int(time.time()) + 9 * 86_400)
    text = (bank.guide / "questions" / "all.yaml").read_text()
    bank.write("questions/all.yaml", text[text.index("- id: sorting") :].replace("million", "few"))
    ran = run("build", "-f", "plain", env=plugins.env)
    assert "warning: 1 note dated later than today" in ran.err


def test_a_raised_rendering_dates_every_note_anew_and_nothing_else_does(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    build(time=1000)
    bank.edit("ledger.yaml", "rendering: 1", "rendering: 2")
    assert build(time=2000).code == 0
    assert "caching 2000\nsorting 2000\n" in (tmp_path / OUTPUT).read_text()
    assert build("--force", time=3000).out == f"{OUTPUT}: written\n"  # and not the ledger
    assert "caching 2000\nsorting 2000\n" in (tmp_path / OUTPUT).read_text()
    bank.edit("questions/all.yaml", "Where would you put", "Where do you put")
    assert build(time=4000).code == 0
    assert "caching 4000\nsorting 2000\n" in (tmp_path / OUTPUT).read_text()


def test_ledgers_of_two_branches_are_merged_as_they_say_themselves(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    build(time=1000)
    ledger = bank.guide / "ledger.yaml"
    common = ledger.read_text()
    question = "- {{id: {0}, question: '{0}?', category: Algorithms, difficulty: easy}}\n"
    branches = []
    for when, name in ((2000, "ours"), (3000, "theirs")):
        ledger.write_text(common)
        path = bank.write(f"questions/{name}.yaml", question.format(name))
        build(time=when)
        branches.append(ledger.read_text().splitlines(keepends=True))
        path.unlink()
    merged, theirs = branches
    for above, line in pairwise(theirs):
        if line not in merged:
            merged.insert(merged.index(above) + 1, line)
    ledger.write_text("".join(merged))
    for name in ("ours", "theirs"):
        bank.write(f"questions/{name}.yaml", question.format(name))
    ran = build()
    assert ran.code == 1
    assert "1.02 is given to " in ran.err
    assert (
        "delete the line of the one that was published later, and build gives it a new" in ran.err
    )
    bank.edit("ledger.yaml", '  theirs: "1.02"\n', "")
    assert build(time=4000).code == 0
    made = (tmp_path / OUTPUT).read_text()
    assert "- 1.02 ours?\n- 1.03 theirs?\n" in made
    assert "caching 1000\nours 2000\nsorting 1000\ntheirs 3000\n" in made


def test_a_comment_rebuilds_the_same_bytes_and_replaces_nothing(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    build()
    before = state(tmp_path / "output")["example.txt"]
    bank.edit("questions/all.yaml", "- id: sorting", "# a comment\n- id: sorting")
    assert build().out == f"{OUTPUT}: unchanged\n"
    assert state(tmp_path / "output")["example.txt"] == before
    assert build().out == f"{OUTPUT}: up to date\n"


def test_who_reads_an_output_while_it_is_replaced_has_the_old_one_whole(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    build()
    with (tmp_path / OUTPUT).open() as reader:
        beginning = reader.readline()
        bank.edit("guide.yaml", "Example Guide", "Other Guide")
        bank.edit("questions/all.yaml", "a million", "many")
        assert build().code == 0
        old = beginning + reader.read()
    assert old.startswith("Example Guide\n")
    assert "Sort a million numbers." in old
    assert "Sort many numbers." in (tmp_path / OUTPUT).read_text()


def test_the_manifest_says_what_each_output_is_and_was_made_from(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    build("-O", "plain.mark=+")
    made = (tmp_path / OUTPUT).read_bytes()
    path = tmp_path / "output" / "manifest.json"
    record = json.loads(path.read_text())["outputs"]["example.txt"]
    inputs = record.pop("inputs")
    assert re.fullmatch("[0-9a-f]{64}", inputs)
    assert record == {
        "exporter": "plain",
        "folder": "example",
        "guide": "example",
        "options": {"mark": "+", "upper": False},
        "sha256": hashlib.sha256(made).hexdigest(),
        "size": len(made),
        "warnings": [],
    }
    bank.edit("questions/all.yaml", "- id: sorting", "# a comment\n- id: sorting")
    build("-O", "plain.mark=+")
    after = json.loads(path.read_text())["outputs"]["example.txt"]
    assert after == {**record, "inputs": after["inputs"]}
    assert after["inputs"] != inputs


READING = """
from dataclasses import dataclass
from deckgen import Exporter, option
from deckgen.exporter import InputFile


class Reading(Exporter):
    name = "reading"
    suffix = ".reading"
    description = "what some files hold"
    uses = ("odd-font", "of-no-package")

    @dataclass(frozen=True)
    class Options:
        files: tuple[InputFile, ...] = option("which", ())

    def export(self, guide, path):
        path.write_bytes(b"".join(file.read_from("fonts", 99) for file in self.options.files))
"""


def a_new_question(bank: BankFolder, plugins: Plugins) -> None:
    bank.write("questions/deep/er.yml", "[]")


def an_image(bank: BankFolder, plugins: Plugins) -> None:
    bank.write("media/a.svg", "<svg/>")


def another_image(bank: BankFolder, plugins: Plugins) -> None:
    bank.write("media/there.svg", "<svg></svg>")


def a_font(bank: BankFolder, plugins: Plugins) -> None:
    bank.write("fonts/a.ttf", "a font")


def a_file_named_on_the_command_line(bank: BankFolder, plugins: Plugins) -> None:
    (bank.path.parent / "second.txt").write_text("other words")


def a_newer_exporter(bank: BankFolder, plugins: Plugins) -> None:
    info = plugins.folder / "deckgen_reading-1.0.dist-info"
    metadata = info / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 1.1"))
    info.rename(plugins.folder / "deckgen_reading-1.1.dist-info")


def a_package_that_it_needs(bank: BankFolder, plugins: Plugins) -> None:
    (plugins.folder / "needed-1.0.dist-info").mkdir()


def a_package_that_it_uses(bank: BankFolder, plugins: Plugins) -> None:
    (plugins.folder / "odd_fonts-1.0.dist-info").mkdir()


def nothing(bank: BankFolder, plugins: Plugins) -> None:
    (bank.path / "notes.txt").write_text("no file of a guide")
    bank.write("questions/.all.yaml.swp", "an editor's")
    (plugins.folder / "unrelated-1.0.dist-info").mkdir()


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (a_new_question, True),
        (an_image, True),
        (another_image, True),
        (a_font, True),
        (a_file_named_on_the_command_line, True),
        (a_newer_exporter, True),
        (a_package_that_it_needs, True),
        (a_package_that_it_uses, True),
        (nothing, False),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_an_output_is_made_again_when_anything_changes_that_it_may_be_made_from(
    bank: BankFolder,
    plugins: Plugins,
    run: Run,
    tmp_path: Path,
    change: Callable[[BankFolder, Plugins], None],
    stale: bool,
) -> None:
    plugins.add("reading", READING)
    metadata = plugins.folder / "deckgen_reading-1.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text() + "Requires-Dist: needed>=1\n")
    bank.write("media/there.svg", "<svg/>")
    for name in ("first.txt", "second.txt"):
        (tmp_path / name).write_text("words")

    def built() -> str:
        files = "reading.files=first.txt, second.txt"
        return run("build", "-f", "reading", "-O", files, env=plugins.env).out

    built()
    assert built() == "output/example.reading: up to date\n"
    change(bank, plugins)
    assert ("up to date" in built()) is not stale
    assert built() == "output/example.reading: up to date\n"


def test_force_writes_again(build: Build, tmp_path: Path) -> None:
    build()
    before = state(tmp_path / "output")["example.txt"]
    assert build("--force").out == f"{OUTPUT}: written\n"
    after = state(tmp_path / "output")["example.txt"]
    assert after[1] == before[1]
    assert after[0] > before[0]


def test_a_dry_run_says_what_it_would_write_and_writes_nothing(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    before = state(tmp_path)
    ran = build("--dry-run")
    assert ran.code == 0
    assert ran.out == (
        f"content/example/ledger.yaml: would be written\n{OUTPUT}: would be written\n"
    )
    assert state(tmp_path) == before
    build()
    assert build("--dry-run").out == f"{OUTPUT}: up to date\n"


def test_locked_fails_while_the_ledger_is_behind(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    before = state(tmp_path)
    ran = build("--locked")
    assert ran.code == 1
    assert "content/example/ledger.yaml: error: the ledger is missing" in ran.err
    assert state(tmp_path) == before
    build()
    assert build("--locked").code == 0
    bank.edit("questions/all.yaml", "a million", "many")
    assert "the ledger is behind: run deckgen build" in build("--locked").err


def test_check_fails_while_anything_is_missing_or_stale_and_writes_nothing(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    before = state(tmp_path)
    ran = build("--check")
    assert ran.code == 1
    assert f"{OUTPUT}: error: missing" in ran.err
    assert state(tmp_path) == before
    build()
    before = state(tmp_path)
    assert build("--check").code == 0
    assert state(tmp_path) == before
    (tmp_path / OUTPUT).write_text("edited")
    assert f"{OUTPUT}: error: stale" in build("--check").err
    build()
    bank.edit("guide.yaml", "Example Guide", "Other Guide")
    assert build("--check").code == 1
    build()
    (tmp_path / "output" / "manifest.json").unlink()
    assert build("--check").code == 1


def test_what_is_not_finished_stands_beside_the_outputs_and_in_a_check_elsewhere(
    bank: BankFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    with monkeypatch.context() as patched:
        patched.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
        assert deckgen.build(bank.path, output, formats=["anki"]).ok
    bank.edit("questions/all.yaml", "- id: sorting", "# a comment\n- id: sorting")
    with read_only(output):
        assert deckgen.build(bank.path, output, formats=["anki"], mode="check").ok


def test_check_passes_when_only_a_comment_changed(build: Build, bank: BankFolder) -> None:
    build()
    bank.edit("questions/all.yaml", "- id: sorting", "# a comment\n- id: sorting")
    assert build("--check").code == 0


def test_options_come_from_defaults_then_the_guide_then_the_command_line(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    bank.edit("guide.yaml", "rounds:\n", "export: {plain: {mark: '*', upper: true}}\nrounds:\n")
    build()
    assert "* 2.01 WHERE WOULD" in (tmp_path / OUTPUT).read_text()
    build("-O", "plain.upper=false", "-O", "plain.mark=+")
    assert "+ 2.01 Where would" in (tmp_path / OUTPUT).read_text()
    manifest = json.loads((tmp_path / "output" / "manifest.json").read_text())
    assert manifest["outputs"]["example.txt"]["options"] == {"mark": "+", "upper": False}


def test_options_do_not_touch_the_ledger(build: Build, bank: BankFolder) -> None:
    build()
    before = state(bank.path)
    build("-O", "plain.upper=true", "--difficulty", "easy")
    assert state(bank.path) == before


def test_filters_limit_the_output_and_not_what_is_published(build: Build, tmp_path: Path) -> None:
    build("--tag", "warm-up")
    text = (tmp_path / OUTPUT).read_text()
    assert "Sort a million" in text
    assert "cache" not in text.split("caching")[0]
    assert build("--check").code == 1
    assert build("--check", "--tag", "warm-up").code == 0


def test_a_guide_that_is_gone_is_missed_though_all_others_are_fresh(
    build: Build, bank: BankFolder
) -> None:
    shutil.copytree(bank.guide, bank.path / "other")
    assert build().code == 0
    shutil.rmtree(bank.path / "other")
    ran = build("--guide", "example", "--guide", "other")
    assert (ran.code, ran.err) == (1, "error: no guide is named 'other'\n")


def test_a_draft_is_in_no_output_unless_asked_for(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    bank.edit("questions/all.yaml", "tags: [warm up]", "status: draft")
    build()
    assert "million" not in (tmp_path / OUTPUT).read_text()
    assert "sorting" not in (bank.guide / "ledger.yaml").read_text()
    build("--drafts")
    assert "1.01 Sort a million" in (tmp_path / OUTPUT).read_text()
    assert "sorting" not in (bank.guide / "ledger.yaml").read_text()


def test_the_bytes_depend_on_the_bank_and_on_nothing_else(
    bank: BankFolder, run: Run, plugins: Plugins, tmp_path: Path
) -> None:
    env = {**plugins.env, "SOURCE_DATE_EPOCH": "1800000000"}
    run("build", "-f", "plain", env={**env, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1"})
    here = {name: data for name, (_, data) in state(tmp_path / "output").items()}
    elsewhere = tmp_path / "else" / "where"
    elsewhere.mkdir(parents=True)
    env |= {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "LC_ALL": "C"}
    run("build", bank.path, "-f", "plain", "--jobs", "1", cwd=elsewhere, env=env)
    there = {name: data for name, (_, data) in state(elsewhere / "output").items()}
    assert there == here


def test_a_ledger_that_cant_be_written_is_a_warning_and_dates_come_from_the_guide(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    build(time=1000)
    bank.edit("questions/all.yaml", "a million", "many")
    with read_only(bank.guide):
        ran = build(time=2000)
    assert ran.code == 0
    assert "content/example/ledger.yaml: warning: can't write the ledger" in ran.err
    text = (tmp_path / OUTPUT).read_text()
    assert "caching 1000" in text
    assert "sorting" not in text  # no date of its own: the exporter takes the guide's


def test_two_guides_make_two_outputs_at_once_with_the_same_bytes(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    second = bank.path / "second"
    second.mkdir()
    for name in ("guide.yaml", "questions/all.yaml"):
        (second / name).parent.mkdir(exist_ok=True)
        (second / name).write_text((bank.guide / name).read_text())
    ran = build("--jobs", "2")
    assert ran.code == 0
    assert sorted(os.listdir(tmp_path / "output")) == ["example.txt", "manifest.json", "second.txt"]
    parallel = state(tmp_path / "output")
    build("--force", "--jobs", "1")
    assert {n: d for n, (_, d) in state(tmp_path / "output").items()} == {
        n: d for n, (_, d) in parallel.items()
    }
    assert build("--guide", "second").out == "output/second.txt: up to date\n"
    assert build("--guide", "Example Guide").out.count("up to date") == 2


def test_what_a_killed_build_left_is_cleared(build: Build, tmp_path: Path) -> None:
    dead = tmp_path / "output" / ".deckgen-abc"
    dead.mkdir(parents=True)
    (dead / "half").write_text("x")
    alive = tmp_path / "output" / ".deckgen-def"
    alive.mkdir()
    with files.alone(alive):
        build()
    assert not dead.exists()
    assert alive.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-f", "plian"], "error: no exporter is named 'plian'; did you mean 'plain'?"),
        (["-O", "plain.mrak=x"], "-O plain.mrak: error: unknown key 'mrak'"),
        (
            ["-O", "plain.upper=maybe"],
            "-O plain.upper: error: expected true or false, found 'maybe'",
        ),
        (["-O", "plain"], "expected NAME.OPTION=VALUE"),
        (["-O", "pdf.paper=a4"], "pdf is not among the formats to build: add -f pdf"),
        (["-O", "nope.paper=a4"], "no exporter is named 'nope'"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--check", "--force"], "--check goes with neither"),
        (["--watch", "--check"], "--watch goes with neither --check nor --dry-run"),
        (["--watch", "--dry-run"], "--watch goes with neither --check nor --dry-run"),
    ],
)
def test_wrong_usage_is_one_message_and_status_2(
    build: Build, tmp_path: Path, arguments: list[str], message: str
) -> None:
    ran = build(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not (tmp_path / "output").exists()


def test_a_mode_or_a_filter_that_python_misspells_is_wrong_usage(
    bank: BankFolder, tmp_path: Path
) -> None:
    with pytest.raises(WrongUsage, match="no mode is named 'dry_run'; did you mean 'dry-run'"):
        deckgen.build(bank.path, tmp_path / "output", mode="dry_run")  # type: ignore[arg-type]
    with pytest.raises(WrongUsage, match="no filter is named 'rounds'; did you mean 'round'"):
        deckgen.build(bank.path, tmp_path / "output", filters={"rounds": ["phone"]})
    assert not (tmp_path / "output").exists()


def test_python_reads_and_writes_where_the_command_does(
    bank: BankFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (outcome, *_) = deckgen.build(formats=["anki"], mode="dry-run").outcomes
    assert outcome.path == Path("content/example/ledger.yaml")
    assert deckgen.build(formats=["anki"]).ok
    assert (tmp_path / "output" / "example.apkg").exists()


def test_a_report_in_python_says_what_became_of_each_output(
    bank: BankFolder, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    told: list[tuple[int, int]] = []

    def built(mode: Literal["build", "check"]) -> deckgen.Report:
        formats = ["anki", "html"]
        return deckgen.build(
            bank.path,
            output,
            formats=formats,
            mode=mode,
            progress=lambda done, all: told.append((done, all)),
        )

    def statuses(report: deckgen.Report) -> dict[str, str]:
        return {outcome.path.name: outcome.status for outcome in report.outcomes}

    first = built("build")
    assert told == [(1, 2), (2, 2)]
    assert (first.ok, first.idle) == (True, False)
    assert list(statuses(first).items()) == [
        ("ledger.yaml", "built"),
        ("example.apkg", "built"),
        ("example.html", "built"),
    ]
    again = built("build")
    assert (again.ok, again.idle) == (True, True)
    assert statuses(again) == {"example.apkg": "fresh", "example.html": "fresh"}
    (output / "example.html").unlink()
    checked = built("check")
    assert (checked.ok, checked.idle) == (False, False)
    assert statuses(checked) == {"example.apkg": "fresh", "example.html": "stale"}


@pytest.mark.parametrize("kinds", ["recall, cloze", ["recall", "cloze"], ("recall", "cloze")])
def test_options_in_python_are_text_or_values(
    bank: BankFolder, tmp_path: Path, kinds: object
) -> None:
    output = tmp_path / "output"
    options = {"anki": {"cards": kinds, "stories": False, "order": "difficulty"}}
    assert deckgen.build(bank.path, output, formats=["anki"], options=options).ok
    record = json.loads((output / "manifest.json").read_text())["outputs"]["example.apkg"]
    chosen = {name: record["options"][name] for name in options["anki"]}
    assert chosen == {"cards": ["recall", "cloze"], "stories": False, "order": "difficulty"}


def test_a_wrong_option_in_the_guide_is_an_error_at_its_place(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    bank.edit("guide.yaml", "rounds:\n", "export: {plain: {upper: maybe}}\nrounds:\n")
    ran = build()
    assert ran.code == 1
    assert ran.err.startswith("content/example/guide.yaml:6:25: error: expected true or false")
    assert not (bank.guide / "ledger.yaml").exists()
    assert not (tmp_path / "output").exists()


def test_a_wrong_option_in_the_guide_is_no_better_where_another_is_asked_for(
    build: Build, bank: BankFolder, tmp_path: Path
) -> None:
    """What is published, and so the ledger, depends on the guide's own."""
    bank.edit("guide.yaml", "rounds:\n", "export: {plain: {upper: maybe}}\nrounds:\n")
    ran = build("-f", "html", "-O", "plain.upper=false")
    assert ran.code == 1
    error = "content/example/guide.yaml:6:25: error: expected true or false, found 'maybe'\n"
    assert ran.err == error
    assert "plain:" not in (bank.guide / "ledger.yaml").read_text()
    built = {path.name for path in (tmp_path / "output").iterdir()}
    assert built == {"example.html", "manifest.json"}


def test_a_bad_clock_setting_is_wrong_usage(build: Build) -> None:
    ran = build(time=-1)
    assert ran.code == 2
    assert "SOURCE_DATE_EPOCH is '-1': expected seconds since 1970" in ran.err


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_a_build_of_what_is_no_bank_is_one_message(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    ran = run("build", name)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"{name}: error: can't read the bank: no")
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "output").exists()


def test_an_output_that_cant_be_written_is_one_message(build: Build, tmp_path: Path) -> None:
    (tmp_path / "output").write_text("a file")
    ran = build()
    assert ran.code == 1
    assert "output: error: can't write here" in ran.err


def test_a_published_note_that_becomes_another_kind_is_an_error(
    build: Build, bank: BankFolder
) -> None:
    build()
    bank.edit("ledger.yaml", "kind: question", "kind: cloze")
    ran = build()
    assert ran.code == 1
    assert "was published as cloze and is now question" in ran.err
    assert "give it a new id" in ran.err


@pytest.mark.parametrize(("id", "key"), [("id: own, ", "own"), ("", "#2")])
def test_a_card_that_becomes_another_kind_is_named_at_its_place(
    run: Run, bank: BankFolder, id: str, key: str
) -> None:
    question = """\
        - id: kinds
          question: Which kind is a card of?
          category: Algorithms
          difficulty: easy
          cards:
            - {id: other, front: What is the first?, back: A card}
            - {ID_SIDES}
    """.replace("ID_", id)
    bank.write("questions/kinds.yaml", question.replace("SIDES", "front: What is it?, back: This"))
    assert run("build", "-f", "anki").code == 0
    bank.write("questions/kinds.yaml", question.replace("SIDES", 'cloze: "It is {{c1::this}}"'))
    ran = run("build", "-f", "anki")
    assert ran.code == 1
    message = f"error: kinds/{key} was published as recall and is now cloze"
    assert f"content/example/questions/kinds.yaml:7:7: {message}" in ran.err


def test_the_versions_of_what_an_output_is_made_by_are_those_installed() -> None:
    """They are read from the names of folders: what is in these says the same."""
    found = fingerprint.versions("pytest")
    assert len(found) > 3
    for name, number in found.items():
        try:
            known = version(name)
        except PackageNotFoundError:  # needed on other systems only
            known = ""
        assert number == known or Version(number) == Version(known), name
    assert fingerprint.versions("no-such-package") == {"no-such-package": ""}
