"""Exporters that strangers install: the good are run, the bad are named, and nothing else stops."""

from __future__ import annotations

import shutil
import subprocess
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from deckgen import registry
from deckgen.problems import Problem
from support import PLAIN, BankFolder, Plugins, Run

BASE = """
from deckgen import Exporter

class Bad(Exporter):
    name = "bad"
    suffix = ".bad"
    description = "misbehaves"
    on_by_default = True

    def export(self, guide, path):
        {body}
"""


def bad(body: str) -> str:
    return BASE.format(body=body)


# What hangs under an alarm looks how long it was set for, and makes that shorter.
LOADING = {
    "raises on import": ("1 / 0", "ZeroDivisionError: division by zero (deckgen_bad_module.py:1)"),
    "hangs on import": (
        "import signal, time\nassert 5 < signal.alarm(1) <= 10\ntime.sleep(60)",
        "TimeoutError: not done after 10 seconds",
    ),
    "exits on import": ("raise SystemExit(0)", "SystemExit (deckgen_bad_module.py:1)"),
    "lacks its class": ("x = 1", "has no attribute 'Bad'"),
    "is no class": ("Bad = 1", "expected a subclass of deckgen.Exporter, found 1"),
    "is another class": ("class Bad: pass", "expected a subclass of deckgen.Exporter"),
    "has another name": (bad("pass").replace('"bad"', '"good"'), "its class 'good'"),
    "has no name": (bad("pass").replace('    name = "bad"\n', ""), "Bad has no 'name'"),
    "has no dot": (bad("pass").replace('".bad"', '"bad"'), "expected a suffix such as '.txt'"),
    "has a path as suffix": (bad("pass").replace('".bad"', '"/../x"'), "expected a suffix"),
    "has no export": (bad("pass").replace("def export", "def exprot"), "Bad lacks export()"),
    "has odd options": (bad("pass") + "    Options = dict\n", "its Options are no dataclass"),
    "ends its process": ("import os; os._exit(0)", "its process died"),
    "crashes": ("import os; os.abort()", "its process died"),
    "raises what can't say what it is": (
        """
        class Odd(Exception):
            def __str__(self):
                raise self
        raise Odd
        """,
        "Odd (deckgen_bad_module.py:",
    ),
    "uses a word": (bad("pass") + "    uses = 'fonts'\n", "expected its 'uses' to be words of"),
}

RUNNING = {
    "raises": ("raise ValueError('no\\nwhy')", "ValueError: no why (deckgen_bad_module.py:11)"),
    "exits": ("raise SystemExit(3)", "SystemExit (deckgen_bad_module.py:11)"),
    "writes nothing": ("pass", "it wrote nothing"),
    "writes an empty file": ("path.touch()", "it wrote an empty file"),
    "makes a folder": ("path.mkdir()", "it wrote nothing"),
    "makes a link": ("path.symlink_to(__file__)", "it wrote a link: expected a file"),
    "removes its folder": ("import shutil; shutil.rmtree(path.parent)", "it wrote nothing"),
    "warns of no place": (
        "from deckgen import Place; path.write_text('x'); self.warn('w', Place(None))",
        "TypeError: expected str, bytes or os.PathLike object, not NoneType",
    ),
    "warns of no line": (
        "from deckgen import Place; path.write_text('x'); self.warn('w', Place('x', '?'))",
        "ValueError: invalid literal for int()",
    ),
    "dies": ("import os; os._exit(1)", "its process died"),
    "is interrupted": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "gives what can't be sent": (
        "path.write_text('x'); self._warn(type('X', (), {'__reduce__': lambda x: 1 / 0})())",
        "ZeroDivisionError: division by zero",
    ),
}

# In seconds of its own: neither an exception nor a signal of Python's would end the last two.
HANGING = {
    "sleeps": "import time; time.sleep(600)",
    "does not let itself be stopped": """
        import signal, time
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True:
            try:
                time.sleep(600)
            except BaseException:
                pass
""",
    "waits for what it started": "import subprocess; subprocess.run(['sleep', '600.25'])",
    "leaves a thread running": """
        import threading, time
        threading.Thread(target=time.sleep, args=(600,)).start()
        time.sleep(600)
""",
}


@pytest.mark.parametrize(("source", "message"), LOADING.values(), ids=LOADING)
def test_a_plugin_that_cant_be_loaded_is_named_and_the_others_run(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path, source: str, message: str
) -> None:
    plugins.add("bad", source)
    ran = run("build", "-f", "plain", "-f", "bad", env=plugins.env)
    assert ran.code == 1
    assert ran.err.startswith("error: exporter bad (deckgen-bad 1.0): ")
    assert message in ran.err
    assert (tmp_path / "output" / "example.txt").exists()
    assert not (tmp_path / "output" / "example.bad").exists()
    listed = run("exporters", env=plugins.env)
    assert listed.code == 1
    assert "plain: the questions, a line each" in listed.out
    assert message in listed.err
    for command in ("--help", "--version", "check"):
        assert run(command, env=plugins.env).code == 0


def test_a_check_loads_only_the_exporters_that_a_guide_has_options_for(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    plugins.add("bad", "1 / 0")
    bank.edit("guide.yaml", "rounds:\n", "export: {nobodys: {a: b}}\nrounds:\n")
    ran = run("check", env=plugins.env)
    assert ran.code == 0
    assert "no exporter is named 'nobodys' here" in ran.err
    assert "exporter bad" not in ran.err


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("body", "message"), RUNNING.values(), ids=RUNNING)
def test_a_plugin_that_fails_while_running_is_named_and_the_others_run(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path, body: str, message: str, jobs: str
) -> None:
    plugins.add("bad", bad(body))
    ran = run("build", "-f", "bad", "-f", "plain", "--jobs", jobs, env=plugins.env)
    assert ran.code == 1
    assert f"error: exporter bad (deckgen-bad 1.0): {message}" in ran.err
    names = {path.name for path in (tmp_path / "output").iterdir()}
    assert names == {"example.txt", "manifest.json"}


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("body", HANGING.values(), ids=HANGING)
def test_a_plugin_that_hangs_is_ended_and_the_others_run(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path, body: str, jobs: str
) -> None:
    plugins.add("bad", bad(body))
    env = {**plugins.env, "DECKGEN_EXPORT_SECONDS": "1"}
    ran = run("build", "-f", "bad", "-f", "plain", "-f", "anki", "--jobs", jobs, env=env)
    assert (ran.code, ran.err) == (
        1,
        "error: exporter bad (deckgen-bad 1.0): not done after 1 seconds; "
        "DECKGEN_EXPORT_SECONDS sets how long it may take\n",
    )
    names = {path.name for path in (tmp_path / "output").iterdir()}
    assert names == {"example.txt", "example.apkg", "manifest.json"}
    listed = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True)
    assert "600.25" not in listed.stdout


@pytest.mark.parametrize("where", ["    def pieces(self, guide): ", "    Options = "])
def test_a_plugin_that_hangs_before_its_export_is_ended_too(
    bank: BankFolder, plugins: Plugins, run: Run, where: str
) -> None:
    hang = "__import__('time').sleep(600)"
    if "Options" in where:
        shortened = f"5 < __import__('signal').alarm(1) <= 10 and {hang}"
        rest = OPTIONS.format("int") + f"        def __post_init__(self): {shortened}"
        rest = rest.replace("None", "1")
        message = "exporter bad: TimeoutError: not done after 10 seconds"
    else:
        rest = where + hang
        message = "exporter bad (deckgen-bad 1.0): not done after 1 seconds"
    plugins.add("bad", f"{HEAD}{rest}\n")
    env = {**plugins.env, "DECKGEN_EXPORT_SECONDS": "1"}
    ran = run("build", "-f", "bad", "-f", "plain", env=env)
    assert ran.code == 1
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_a_limit_of_nothing_is_none_and_nonsense_is_wrong_usage(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    plugins.add("bad", bad("import time; time.sleep(1.2); path.write_text('x')"))
    no_limit = {**plugins.env, "DECKGEN_EXPORT_SECONDS": "0"}
    assert run("build", "-f", "bad", env=no_limit).code == 0
    ran = run("build", env={"DECKGEN_EXPORT_SECONDS": "soon"})
    assert (ran.code, ran.err) == (
        2,
        "error: DECKGEN_EXPORT_SECONDS is 'soon': expected seconds, or 0 for no limit\n",
    )


def test_what_a_plugin_prints_does_not_reach_standard_output(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    prints = "print('running'); import os; os.system('echo a program'); path.write_text('x')"
    pieces = "\n    def pieces(self, guide):\n        print('dating')\n        return {}\n"
    plugins.add("bad", "print('loading')\n" + bad(prints) + pieces)
    ran = run("build", "-f", "bad", env=plugins.env)
    assert ran.code == 0
    for words in ("loading", "dating", "running", "a program"):
        assert words in ran.err
    assert "a program" not in ran.out
    assert ran.out.endswith("output/example.bad: written\n")


def test_what_a_plugin_says_while_it_is_loaded_is_said_once(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    says = "import os; print('loading'); os.system('echo a program >&2')\n"
    plugins.add("bad", says + bad("path.write_text('x')"))
    said = run("build", "-f", "bad", env=plugins.env).err.splitlines()
    assert sorted(said) == ["a program", "loading"]


@pytest.mark.parametrize("end", ["sys.exit('no licence')", "os.abort()"])
def test_what_a_plugin_says_before_it_fails_to_load_is_heard_once(
    bank: BankFolder, plugins: Plugins, run: Run, end: str
) -> None:
    plugins.add("bad", f"import os, sys; print('looking'); os.system('echo no key >&2')\n{end}")
    *said, error = run("build", "-f", "bad", env=plugins.env).err.splitlines()
    assert sorted(said) == ["looking", "no key"]
    assert error.startswith("error: exporter bad (deckgen-bad 1.0): ")
    assert "SystemExit: no licence" in error or "its process died" in error


def test_a_module_that_heeds_no_alarm_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deaf = "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\ntime.sleep(600)"
    (tmp_path / "deckgen_deaf.py").write_text(deaf)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(registry, "LOAD_SECONDS", 0)  # no alarm at all, and a second to end it
    entry = EntryPoint("deaf", "deckgen_deaf:Deaf", registry.GROUP)
    problem = registry._load(entry)
    assert isinstance(problem, Problem)
    assert problem.message.endswith("not done after 1 seconds")


def test_what_a_plugin_leaves_beside_its_file_is_in_nobodys_way(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    leaves = "path.write_text('x'); path.with_suffix('.txt').write_text('mine')"
    plugins.add("zbad", bad(leaves).replace('"bad"', '"zbad"').replace("class Bad", "class Zbad"))
    assert run("build", "-f", "plain", "-f", "zbad", env=plugins.env).code == 0
    assert "Sort a million" in (tmp_path / "output" / "example.txt").read_text()
    names = {path.name for path in (tmp_path / "output").iterdir()}
    assert names == {"example.txt", "example.bad", "manifest.json"}


def test_a_file_may_have_as_long_a_name_as_there_can_be(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    suffix = ".".ljust(255 - len("example"), "x")
    plugins.add("bad", bad("path.write_text('x')").replace(".bad", suffix))
    assert run("build", "-f", "bad", env=plugins.env).code == 0
    assert (tmp_path / "output" / f"example{suffix}").exists()


def test_a_plugin_may_write_from_another_working_folder(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    plugins.add("bad", bad("import os; os.chdir('/'); path.write_text('x')"))
    assert run("build", "-f", "bad", env=plugins.env).code == 0


def test_an_exporter_on_by_default_runs_unasked_and_another_does_not(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    plugins.add("bad", bad("path.write_text('x')"))
    assert run("build", env=plugins.env).code == 0
    names = {path.name for path in (tmp_path / "output").iterdir()}
    assert names == {"example.apkg", "example.pdf", "example.bad", "manifest.json"}


def test_two_packages_with_one_name_are_reported_and_deckgens_own_wins(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    plugins.add("pdf", PLAIN, entry="deckgen_other_module:Plain", package="deckgen_other")
    ran = run("build", "-f", "pdf", env=plugins.env)
    assert ran.code == 1
    assert "exporter pdf (deckgen-other 1.0): the name is taken by deckgen " in ran.err
    assert (tmp_path / "output" / "example.pdf").read_bytes().startswith(b"%PDF")


def test_an_exporter_has_the_questions_in_the_order_of_their_files_without_drafts(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    bank.edit("questions/all.yaml", "tags: [warm up]", "status: retired")
    draft = "{id: draft, question: D, category: Algorithms, difficulty: easy, status: draft}"
    bank.write("questions/a.yaml", f"- {draft}\n- {draft.replace('draft', 'published')}\n")
    assert run("build", "-f", "plain", env=plugins.env).code == 0
    lines = (tmp_path / "output" / "example.txt").read_text().splitlines()
    assert lines[1:4] == [
        "- 1.01 D",
        "- 2.01 Where would you put a cache?",
        "- 1.02 Sort a million numbers.",
    ]


def test_two_exporters_for_one_file_are_an_error(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    plugins.add("bad", bad("path.write_text('x')").replace('".bad"', '".txt"'))
    ran = run("build", "-f", "plain", "-f", "bad", env=plugins.env)
    assert ran.code == 1
    assert "example.txt is another file's name already" in ran.err
    assert "Sort a million" in (tmp_path / "output" / "example.txt").read_text()


def test_warnings_of_an_export_are_repeated_while_nothing_changes(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    body = "self.warn('odd', guide.questions[0].place); path.write_text('x')"
    plugins.add("bad", bad(body))
    expected = "content/example/questions/all.yaml:1:3: warning: odd\n"
    for words in ("written", "up to date"):
        ran = run("build", "-f", "bad", env=plugins.env)
        assert (ran.code, ran.err) == (0, expected)
        assert words in ran.out


HEAD = """
from dataclasses import dataclass
from typing import TYPE_CHECKING
from deckgen import Exporter, Piece, option

if TYPE_CHECKING:
    from decimal import Decimal


class Bad(Exporter):
    name = "bad"
    suffix = ".bad"
    description = "x"

    def export(self, guide, path):
        path.write_text("x")

"""

OPTIONS = "    @dataclass(frozen=True)\n    class Options:\n        x: {} = option('x', None)\n"


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (OPTIONS.format("'Decimal'"), "NameError: name 'Decimal' is not defined"),
        (OPTIONS.format("dict"), "its option 'x' has no default, or a type that options can't"),
        (OPTIONS.format("__import__('typing').Literal[1, 2]"), "a type that options can't have"),
        (OPTIONS.format("tuple[int, str]"), "a type that options can't have"),
        (OPTIONS.format("tuple[tuple[str, ...], ...]"), "a type that options can't have"),
        ("    def pieces(self, guide): raise SystemExit(3)", "SystemExit"),
        ("    def pieces(self, guide): raise ValueError('no')", "ValueError: no"),
        ("    def pieces(self, guide): return None", "AttributeError"),
        ("    def pieces(self, guide): return {5: 3}", "TypeError"),
        ("    def pieces(self, guide): return {'caching': Piece('k', 'x')}", "it publishes"),
        ("    def pieces(self, guide): return {'other': Piece('k', '0' * 8)}", "it publishes"),
        (
            "    def pieces(self, guide): return {'caching/x: #': Piece('k', '0'*8)}",
            "it publishes",
        ),
    ],
)
def test_whatever_an_exporter_declares_or_publishes_the_others_go_on(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path, rest: str, message: str
) -> None:
    plugins.add("bad", f"{HEAD}{rest}\n")
    ran = run("build", "-f", "bad", "-f", "plain", env=plugins.env)
    assert ran.code == 1
    assert "error: exporter bad (deckgen-bad 1.0): " in ran.err
    assert message in ran.err
    names = {path.name for path in (tmp_path / "output").iterdir()}
    assert names == {"example.txt", "manifest.json"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_worker_that_dies_among_many_jobs_costs_only_its_own(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path, jobs: str
) -> None:
    for number in range(8):
        shutil.copytree(bank.guide, bank.path / f"copy-{number}")
    plugins.add("bad", bad("import os; os._exit(3)"))
    ran = run("build", "-f", "bad", "-f", "plain", "--jobs", jobs, env=plugins.env)
    assert ran.code == 1
    assert ran.err.count("its process died") == 1  # said once, as every message is
    assert len(list((tmp_path / "output").glob("*.txt"))) == 9


def test_an_exporter_can_look_into_its_options_and_refuse_them(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    options = OPTIONS.format("int").replace("None", "1")
    check = "        def __post_init__(self):\n          if self.x > 9: raise ValueError('many')"
    plugins.add("bad", f"{HEAD}{options}{check}")
    assert run("build", "-f", "bad", env=plugins.env).code == 0
    ran = run("build", "-f", "bad", "-O", "bad.x=10", env=plugins.env)
    assert ran.code == 1
    assert "exporter bad: ValueError: many" in ran.err


def test_an_exporter_that_exits_over_its_options_is_named(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    options = OPTIONS.format("int").replace("None", "1")
    plugins.add("bad", f"{HEAD}{options}        def __post_init__(self): raise SystemExit(3)")
    ran = run("build", "-f", "bad", env=plugins.env)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: exporter bad: SystemExit (")


@pytest.mark.parametrize("metadata", [None, "", "Name: deckgen-bad\n"])
def test_what_is_left_of_a_package_is_reported_and_the_others_run(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path, metadata: str | None
) -> None:
    plugins.add("bad", bad("path.write_text('x')"))
    (tmp_path / "site-packages" / "deckgen_bad_module.py").unlink()
    described = tmp_path / "site-packages" / "deckgen_bad-1.0.dist-info" / "METADATA"
    if metadata is None:
        described.unlink()
    else:
        described.write_text(metadata)
    ran = run("build", "-f", "bad", "-f", "plain", env=plugins.env)
    assert ran.code == 1
    assert "error: exporter bad (" in ran.err
    assert "without a version): ModuleNotFoundError" in ran.err
    assert (tmp_path / "output" / "example.txt").exists()


def test_no_output_takes_the_name_of_the_manifest(
    bank: BankFolder, plugins: Plugins, run: Run
) -> None:
    bank.edit("guide.yaml", "title: Example Guide", "id: manifest\ntitle: Guide")
    plugins.add("bad", bad("path.write_text('x')").replace('".bad"', '".json"'))
    ran = run("build", "-f", "bad", env=plugins.env)
    assert ran.code == 1
    assert "manifest.json is another file's name already" in ran.err
