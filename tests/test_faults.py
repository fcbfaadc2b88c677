"""What the machine does to a build: no room, no streams, no end, other builds beside it."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import deckgen
from deckgen import files
from support import QUESTIONS, BankFolder, Plugins, Run, read_only

COMMAND = (sys.executable, "-m", "deckgen")


def limited(
    folder: Path, resource_: int, limit: int, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command in a folder with so much of one of the system's resources."""

    def limit_it() -> None:
        resource.setrlimit(resource_, (limit, limit))

    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        preexec_fn=limit_it,
        timeout=60,
    )


SLOW = """
import time
from deckgen import Exporter


class Slow(Exporter):
    name = "slow"
    suffix = ".slow"
    description = "takes its time"

    def export(self, guide, path):
        path.write_text("half")
        print("begun", flush=True)
        time.sleep(60)
"""

WAITING = """
import time
from pathlib import Path
from deckgen import Exporter, Piece


class Waiting(Exporter):
    name = "waiting"
    suffix = ".waiting"
    description = "another build has time to begin while this one dates its notes"

    def pieces(self, guide):
        Path("begun").touch()
        while not Path("go").exists():
            time.sleep(0.02)
        return {"caching": Piece("question", "12345678")}

    def export(self, guide, path):
        path.write_text(guide.title)
"""

EDITING = """
from pathlib import Path
from deckgen import Exporter


class Editing(Exporter):
    name = "editing"
    suffix = ".editing"
    description = "what happens when someone saves a file during the build"

    def export(self, guide, path):
        path.write_text(guide.title)
        file = Path(guide.place.path)
        file.write_text(file.read_text().replace("Example Guide", "Newer Guide"))
"""


def litter(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".deckgen-*")]


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def start(tmp_path: Path, *arguments: str, env: dict[str, str]) -> subprocess.Popen[str]:
    """A build in a process group of its own, as a shell starts it."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


# -------------------------------------------------------------------------------------- killed


def test_a_killed_build_leaves_the_old_outputs_no_process_and_no_litter_after_the_next(
    bank: BankFolder, plugins: Plugins, tmp_path: Path, run: Run
) -> None:
    plugins.add("slow", SLOW)
    output = tmp_path / "output"
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    old = (output / "example.txt").read_bytes()
    bank.edit("guide.yaml", "Example Guide", "Other Guide")
    arguments = ("build", "-f", "slow", "-f", "plain", "--jobs", "1")
    process = start(tmp_path, *arguments, env=plugins.env)
    assert process.stderr is not None
    assert process.stderr.readline() == "begun\n"
    process.kill()
    process.wait()
    # The pipe is closed only when the last process that holds it is gone, workers too.
    assert process.communicate(timeout=20) == ("", "")
    assert (output / "example.txt").read_bytes() == old
    assert litter(tmp_path)
    (bank.guide / f".deckgen-{process.pid}-ledger").mkdir()
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    assert litter(tmp_path) == []


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("delay", [0.1, 0.25, 0.4])
def test_ended_at_any_moment_a_build_leaves_old_or_new_and_no_litter_after_the_next(
    bank: BankFolder, tmp_path: Path, run: Run, name: str, delay: float
) -> None:
    env = {"SOURCE_DATE_EPOCH": "1800000000"}

    def state() -> dict[str, bytes]:
        outputs = (tmp_path / "output").glob("example.*")
        return {path.name: path.read_bytes() for path in (*outputs, bank.guide / "ledger.yaml")}

    assert run("build", env=env).code == 0
    old = state()
    bank.edit("guide.yaml", "Example Guide", "Other Guide")
    bank.edit("questions/all.yaml", "Near the reader.", "Nearer.")
    process = start(tmp_path, "build", "--jobs", "2", env=env)
    time.sleep(delay)
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=20)
    between = state()
    assert run("build", env=env).code == 0
    new = state()
    assert all(between[path] in (old[path], new[path]) for path in old)
    assert litter(tmp_path) == []
    assert run("build", "--check", env=env).code == 0


def test_every_file_is_on_the_disk_before_it_takes_its_place(
    bank: BankFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut a name may lead to an empty file where that is not so."""
    settled: set[int] = set()
    moved: list[tuple[str, bool]] = []
    fsync, replace = os.fsync, Path.replace

    def settle(file: int) -> None:
        fsync(file)
        settled.add(os.fstat(file).st_ino)

    def move(path: Path, target: Path) -> Path:
        moved.append((target.name, path.stat().st_ino in settled))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", settle)
    monkeypatch.setattr(Path, "replace", move)
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)  # nothing is kept for the next build
    assert deckgen.build(bank.path, tmp_path / "output", formats=["anki"]).ok
    files.write({bank.guide / "questions" / "more.yaml": b"[]"}, bank.guide)
    names = ("ledger.yaml", "example.apkg", "manifest.json", "more.yaml")
    assert moved == [(name, True) for name in names]


def test_ctrl_c_while_modules_are_loaded_is_one_word(tmp_path: Path, run: Run) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt")
    ran = run("--version", env={"PYTHONPATH": str(tmp_path)})
    assert (ran.code, ran.out, ran.err) == (130, "", "interrupted\n")


@pytest.mark.parametrize("delay", [0.0, 0.2, 0.4, 0.8])
def test_ctrl_c_at_any_moment_is_status_130_without_traceback_or_litter(
    bank: BankFolder, tmp_path: Path, delay: float
) -> None:
    ready = "import sys; from deckgen.cli import main; print('ready', flush=True); sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", ready, "build", "--jobs", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(delay)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert "Traceback" not in said
    assert process.returncode in (0, 130)
    assert litter(tmp_path) == []


def test_ctrl_c_during_an_export_is_status_130_and_leaves_nothing_half_written(
    bank: BankFolder, plugins: Plugins, tmp_path: Path
) -> None:
    plugins.add("slow", SLOW)
    process = start(tmp_path, "build", "-f", "slow", env=plugins.env)
    assert process.stderr is not None
    assert process.stderr.readline() == "begun\n"
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said.strip()) == (130, "interrupted")
    assert list((tmp_path / "output").iterdir()) == []


def test_two_builds_at_once_into_one_folder_are_safe(
    bank: BankFolder, plugins: Plugins, tmp_path: Path, run: Run
) -> None:
    env = {**plugins.env, "SOURCE_DATE_EPOCH": "1800000000"}
    both = [start(tmp_path, "build", "-f", name, "--force", env=env) for name in ("anki", "plain")]
    for process in both:
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said) == (0, "")
    assert litter(tmp_path) == []
    assert run("build", "-f", "anki", "-f", "plain", env=env).code == 0
    ran = run("build", "-f", "anki", "-f", "plain", "--check", env=env)
    assert ran.code == 0, ran.err


def test_a_build_keeps_the_dates_that_another_gives_meanwhile(
    bank: BankFolder, plugins: Plugins, tmp_path: Path
) -> None:
    plugins.add("waiting", WAITING)
    first = start(tmp_path, "build", "-f", "waiting", env=plugins.env)
    wait_until((tmp_path / "begun").exists)
    second = start(tmp_path, "build", "-f", "plain", env=plugins.env)
    time.sleep(1)
    (tmp_path / "go").touch()
    for process in (first, second):
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said) == (0, "")
    ledger = (bank.guide / "ledger.yaml").read_text()
    assert "  plain:\n    caching: {" in ledger
    assert "  waiting:\n    caching: {" in ledger
    recorded = json.loads((tmp_path / "output" / "manifest.json").read_text())["outputs"]
    assert sorted(recorded) == ["example.txt", "example.waiting"]


def test_what_is_edited_during_a_build_is_built_by_the_next(
    bank: BankFolder, plugins: Plugins, tmp_path: Path, run: Run
) -> None:
    plugins.add("editing", EDITING)
    path = tmp_path / "output" / "example.editing"
    for title in ("Example Guide", "Newer Guide"):
        assert "written" in run("build", "-f", "editing", env=plugins.env).out
        assert path.read_text() == title
    assert "up to date" in run("build", "-f", "editing", env=plugins.env).out


# --------------------------------------------------------------------------- nowhere to write


def test_a_full_disk_leaves_the_old_outputs(bank: BankFolder, tmp_path: Path, run: Run) -> None:
    assert run("build").code == 0
    output = tmp_path / "output"
    old = {path.name: path.read_bytes() for path in output.iterdir()}
    bank.edit("guide.yaml", "Example Guide", "Other Guide")

    # To a process it is the same as a disk that fills up: a write fails half way.
    ran = limited(tmp_path, resource.RLIMIT_FSIZE, 3000, "build", "--jobs", "1")
    assert ran.returncode == 1
    assert "error: exporter pdf" in ran.stderr
    assert "file too large" in ran.stderr.lower()
    assert "Traceback" not in ran.stderr
    assert {path.name: path.read_bytes() for path in output.iterdir()} == old


def test_one_output_that_cant_be_replaced_does_not_stop_the_others(
    bank: BankFolder, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "output" / "example.apkg" / "in the way").mkdir(parents=True)
    ran = run("build")
    assert ran.code == 1
    assert "output/example.apkg: error: can't write this file: is a directory" in ran.err
    assert "output/example.pdf: written" in ran.out
    manifest = json.loads((tmp_path / "output" / "manifest.json").read_text())
    assert list(manifest["outputs"]) == ["example.pdf"]


def test_a_ledger_that_could_not_be_written_is_tried_again_and_fails_a_check(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    with read_only(bank.guide):
        for _ in range(2):
            ran = run("build", "-f", "plain", env=plugins.env)
            assert ran.code == 0
            assert "can't write the ledger" in ran.err
        ran = run("build", "-f", "plain", "--check", env=plugins.env)
        assert ran.code == 1
        assert "the ledger is missing" in ran.err
    assert "ledger.yaml: written" in run("build", "-f", "plain", env=plugins.env).out


# ------------------------------------------------------------------------ streams and names


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", ["--version", "list", "check", "check nowhere", "build"])
def test_closed_streams_do_no_harm(
    bank: BankFolder, tmp_path: Path, closed: str, arguments: str
) -> None:
    ran = subprocess.run(
        ["bash", "-c", f'"$0" -m deckgen {arguments} {closed}', sys.executable],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == (1 if "nowhere" in arguments else 0)
    assert "Traceback" not in ran.stderr


def test_a_new_guide_needs_no_standard_input(tmp_path: Path) -> None:
    command = ["bash", "-c", '"$0" -m deckgen new guide Acme <&-', sys.executable]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 2
    assert "--company is missing" in ran.stderr


def test_what_a_locale_cant_write_is_written_as_its_escape(bank: BankFolder, run: Run) -> None:
    bank.edit("questions/all.yaml", "a million numbers", "日本語")
    ran = run("list", env={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
    assert ran.code == 0
    assert r"Sort \u65e5\u672c\u8a9e" in ran.out


def test_without_an_environment_a_build_works(bank: BankFolder, tmp_path: Path) -> None:
    env = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    ran = subprocess.run([*COMMAND, "build"], cwd=tmp_path, env=env, capture_output=True)
    assert ran.returncode == 0, ran.stderr


def test_a_folder_that_is_gone_is_one_message(tmp_path: Path) -> None:
    command = 'mkdir gone && cd gone && rmdir ../gone && "$0" -m deckgen build'
    ran = subprocess.run(
        ["bash", "-c", command, sys.executable], cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr


def test_names_that_are_no_text_are_shown_as_escapes(bank: BankFolder, run: Run) -> None:
    bank.edit("guide.yaml", "title: Example Guide", "id: example\ntitle: Guide")
    bank.write("questions/bad\n\x1b[31m.yaml", "x")
    odd = bank.path / os.fsdecode(b"odd\xff")
    bank.guide.rename(odd)
    ran = run("check")
    assert ran.code == 1
    name = r"content/odd\udcff/questions/bad\n\x1b[31m.yaml"
    assert f"{name}:1:1: error: expected a list of questions, each after '- '\n" in ran.err
    next(odd.glob("questions/bad*")).unlink()
    assert r"content/odd\udcff/ledger.yaml: written" in run("build").out
    assert "up to date" in run("build").out


@pytest.mark.parametrize("title", [os.fsdecode(b"Acme \xff"), "Acme \x07"])
def test_no_skeleton_holds_what_no_bank_may_hold(run: Run, tmp_path: Path, title: str) -> None:
    ran = run("new", "guide", title, "--company", "Acme", "--role", "Engineer")
    assert ran.code == 1
    assert "a control character" in ran.err
    assert not (tmp_path / "content").exists()


def test_an_option_holds_no_control_character(bank: BankFolder, run: Run) -> None:
    ran = run("build", "-O", "anki.deck=a\x1fb")
    assert ran.code == 2
    assert "-O anki.deck: error: the value holds U+001F, a control character" in ran.err


@pytest.mark.parametrize("columns", ["1", "3"])
def test_a_terminal_can_be_narrow(bank: BankFolder, run: Run, columns: str) -> None:
    bank.edit("questions/all.yaml", "Near the reader.", f"'{'> ' * 32}deep'")
    assert "deep" in run("show", "caching", env={"COLUMNS": columns}).out


@pytest.mark.parametrize("digits", [12, 5000])
def test_no_number_of_digits_is_a_traceback(bank: BankFolder, run: Run, digits: int) -> None:
    assert run("build", env={"SOURCE_DATE_EPOCH": "9" * digits}).code == 2


# ---------------------------------------------------------------- files that are not what they were


def change(field: str, value: object) -> Callable[[dict[str, object]], None]:
    def mangle(record: dict[str, object]) -> None:
        record[field] = value

    return mangle


MANGLED = [
    change("guide", []),
    change("folder", []),
    change("exporter", {}),
    change("options", "\ud800"),
    change("sha256", None),
    change("warnings", ["x"]),
    change("warnings", [{"message": "m", "name": "n", "place": ["a", 1]}]),
    change("warnings", [{"message": "m", "name": [], "place": ["a", 1, 1]}]),
    change("warnings", [{"message": "\ud800", "name": "n"}]),
    change("more", 1),
]


@pytest.mark.parametrize("mangle", MANGLED)
@pytest.mark.parametrize("edited", [False, True])
def test_a_mangled_manifest_makes_outputs_stale_and_nothing_worse(
    bank: BankFolder,
    plugins: Plugins,
    run: Run,
    tmp_path: Path,
    mangle: Callable[[dict[str, object]], None],
    edited: bool,
) -> None:
    env = {**plugins.env, "SOURCE_DATE_EPOCH": "1800000000"}
    run("build", "-f", "plain", env=env)
    path = tmp_path / "output" / "manifest.json"
    data = json.loads(path.read_text())
    mangle(data["outputs"]["example.txt"])
    path.write_text(json.dumps(data))
    if edited:
        bank.edit("guide.yaml", "Example Guide", "Other Guide")
    assert run("build", "-f", "plain", env=env).code == 0
    assert "up to date" in run("build", "-f", "plain", env=env).out


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", '{"version": ' + "9" * 6000 + "}", "\0"])
def test_a_manifest_may_hold_anything(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path, text: str
) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "manifest.json").write_text(text)
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    assert "up to date" in run("build", "-f", "plain", env=plugins.env).out


def test_a_manifest_that_is_not_utf_8_is_written_anew(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    run("build", "-f", "plain", env=plugins.env)
    path = tmp_path / "output" / "manifest.json"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"plain", b"pl\xed\xa0\x80n", 1))
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    assert path.read_bytes() == whole


def test_pipes_in_the_output_folder_are_not_waited_for(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    run("build", "-f", "plain", env=plugins.env)
    for name in ("manifest.json", "example.txt"):
        path = tmp_path / "output" / name
        path.unlink()
        os.mkfifo(path)
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    assert "up to date" in run("build", "-f", "plain", env=plugins.env).out


def test_a_name_in_the_manifest_that_no_file_can_have_is_forgotten(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    path = tmp_path / "output" / "manifest.json"
    path.write_text(path.read_text().replace('"example.txt"', f'"example.{"e" * 300}.txt"'))
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    assert list(json.loads(path.read_text())["outputs"]) == ["example.txt"]


def test_a_name_in_the_manifest_leads_nowhere_else(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    run("build", "-f", "plain", env=plugins.env)
    output = tmp_path / "output"
    text = (output / "manifest.json").read_text()
    (output / "manifest.json").write_text(text.replace('"example.txt"', '"../example.txt"'))
    (output / "example.txt").rename(tmp_path / "example.txt")
    assert "output/example.txt: written" in run("build", "-f", "plain", env=plugins.env).out


# ------------------------------------------------------------------------- what no file should be


def test_a_folder_that_is_a_file_or_a_link_is_an_error(bank: BankFolder, run: Run) -> None:
    (bank.guide / "media").write_text("x")
    ran = run("check")
    assert ran.code == 1
    assert "content/example/media: error: can't read this folder: not a directory" in ran.err
    (bank.guide / "media").unlink()
    (bank.guide / "media").symlink_to("/")
    assert "content/example/media: error: it is a link" in run("build").err


def test_a_guide_that_is_a_link_out_of_the_bank_is_an_error(
    bank: BankFolder, run: Run, tmp_path: Path
) -> None:
    bank.guide.rename(tmp_path / "elsewhere")
    bank.guide.symlink_to(tmp_path / "elsewhere")
    ran = run("build")
    assert ran.code == 1
    assert "content/example: error: it is a link that leaves the bank" in ran.err
    assert not (tmp_path / "elsewhere" / "ledger.yaml").exists()


def test_a_guide_whose_file_is_a_broken_link_is_not_passed_over(bank: BankFolder, run: Run) -> None:
    (bank.path / "other").mkdir()
    (bank.path / "other" / "guide.yaml").symlink_to("nowhere")
    ran = run("check")
    assert ran.code == 1
    assert "content/other/guide.yaml: error: can't read this file" in ran.err


@pytest.mark.parametrize("name", ["questions/huge.yaml", "guide.yaml", "ledger.yaml"])
def test_a_huge_file_is_not_read(bank: BankFolder, run: Run, name: str) -> None:
    os.truncate(bank.write(name, ""), 2**40)
    ran = run("build")
    assert ran.code == 1
    assert f"content/example/{name}: error: can't read this file: it has 1,048,576 MiB" in ran.err


def test_a_huge_file_that_no_text_refers_to_does_no_harm(bank: BankFolder, run: Run) -> None:
    os.truncate(bank.write("media/film.mp4", ""), 2**40)
    assert run("build").code == 0


def test_many_unknown_names_are_reported_in_time(bank: BankFolder, run: Run) -> None:
    names = ", ".join(f"Category {number}" for number in range(3000))
    bank.edit("guide.yaml", "categories: [Algorithms]", f"categories: [Algorithms, {names}]")
    question = "- {{id: x{0}, question: Q, category: Categorie x{0}, difficulty: easy}}\n"
    bank.write("questions/more.yaml", "".join(map(question.format, range(3000))))
    began = time.monotonic()
    ran = run("check")
    assert ran.err.count("no round lists the category") == 3000
    assert time.monotonic() - began < 30


def test_a_strict_check_of_a_long_card_ends(bank: BankFolder, run: Run) -> None:
    bank.edit("questions/all.yaml", "What does a TTL bound?", "word " * 5000)
    assert "the front has 5000 words" in run("check", "--strict").err


def test_a_manifest_or_an_output_too_big_to_read_is_replaced(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    run("build", "-f", "plain", env=plugins.env)
    for name in ("example.txt", "manifest.json"):
        path = tmp_path / "output" / name
        os.truncate(path, 2**40)  # a hole, which takes no room
        assert run("build", "-f", "plain", "--check", env=plugins.env).code == 1
        assert run("build", "-f", "plain", env=plugins.env).code == 0
        assert path.stat().st_size < 2**20


def test_folders_nested_too_deep_are_an_error_and_one_of_ours_is_passed_over(
    bank: BankFolder, run: Run
) -> None:
    """Python can't walk them before 3.13."""
    for name, depth in (("questions", 40), ("media", 1500), (".deckgen-x", 1500)):
        folder = bank.guide / name
        folder.mkdir(exist_ok=True)
        with contextlib.chdir(folder):
            for _ in range(depth):
                os.mkdir("d")
                os.chdir("d")
        ran = run("check")
        if not name.startswith("."):
            message = "it holds folders in each other more than 32 deep"
            assert (ran.code, ran.err) == (1, f"content/example/{name}: error: {message}\n")
            subprocess.run(["rm", "-r", folder], check=True)
            bank.write("questions/all.yaml", QUESTIONS)
    assert run("build").code == 0
    subprocess.run(["rm", "-rf", folder], check=True)  # gone already where Python can walk it


# ------------------------------------------------------------------------------- next to nothing


@pytest.mark.parametrize(
    ("arguments", "code"), [("nonsense", 2), ("build -f nonsense", 2), ("check nowhere", 1)]
)
@pytest.mark.parametrize("stream", ["2>/dev/full", "2> >(true)", "2>&-"])
def test_the_status_tells_what_nobody_can_read(
    bank: BankFolder, tmp_path: Path, arguments: str, code: int, stream: str
) -> None:
    command = f'sleep 0.1; "$0" -m deckgen {arguments} {stream}'
    ran = subprocess.run(["bash", "-c", command, sys.executable], cwd=tmp_path, timeout=60)
    assert ran.returncode == code


def test_too_little_memory_is_one_message(bank: BankFolder, tmp_path: Path) -> None:
    bank.write("questions/more.yaml", "- {" + "a: b, " * 1_000_000 + "}")

    ran = limited(tmp_path, resource.RLIMIT_AS, 150 * 2**20, "check")
    assert (ran.returncode, ran.stderr) == (1, "error: there is not enough memory for this\n")


# ------------------------------------------------------------------------------- litter of others


@pytest.mark.parametrize("where", ["output", "content", "content/example", "content/begun"])
def test_what_was_left_is_cleared_by_a_build_with_nothing_to_do(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path, where: str
) -> None:
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    (tmp_path / where / ".deckgen-left" / "inside").mkdir(parents=True)
    assert "up to date" in run("build", "-f", "plain", env=plugins.env).out
    assert litter(tmp_path) == []


def test_a_guide_without_room_leaves_no_folder(tmp_path: Path) -> None:
    arguments = ["new", "guide", "Acme", "--company", "Acme", "--role", "Engineer"]
    ran = limited(tmp_path, resource.RLIMIT_FSIZE, 100, *arguments)
    assert (ran.returncode, ran.stderr) == (1, "error: content: File too large\n")
    assert list((tmp_path / "content").iterdir()) == []
