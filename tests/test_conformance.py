"""The checks that deckgen offers to authors of exporters, on its own and on the example."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deckgen import Exporter
from deckgen.registry import find
from deckgen.testing import _declaration, conformance
from support import PLAIN, BankFolder, Plugins

ROOT = Path(__file__).parent.parent
OWN = [exporter.name for exporter in find().exporters if exporter.package == "deckgen"]


@pytest.mark.parametrize("name", OWN)
def test_deckgens_own_exporters_conform(name: str) -> None:
    assert conformance(name) == []


def ask(env: dict[str, str], name: str) -> str:
    """What `conformance` says where a package of a stranger is installed."""
    code = f"from deckgen.testing import conformance; print(*conformance({name!r}), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, env={**os.environ, **env}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_good_exporter_of_a_stranger_conforms(plugins: Plugins) -> None:
    plugins.add("good", PLAIN.replace('"plain"', '"good"').replace("class Plain", "class Good"))
    # It writes the dates that the ledger gives it, which the first build set for good.
    assert ask(plugins.env, "good") == ""


WRITES = "path.write_text('x')"

BAD = {
    "path.write_text(__import__('time').tzname[0] + str(id(path)))": "empty.bad has other bytes",
    "path.write_text(str(hash('a')))": "empty.bad has other bytes",
    "path.write_text(str(__import__('datetime').date.today()))": "empty.bad has other bytes",
    "path.write_text(guide.place.path)": "empty.bad has other bytes",
    f"print('hello'); {WRITES}": "it prints 'hello': expected nothing but warnings, by self.warn()",
    f"{WRITES}; (path.parent / 'more').write_text('x')": "",
    f"{WRITES}; open('more', 'w').close()": "it writes more, too: expected nothing but its file",
    f"{WRITES}; open(guide.place.path, 'a').write('# me')": "it writes empty/guide.yaml, too",
    "1 / 0": "it fails on the sample bank: error: exporter bad (deckgen-bad 1.0): ZeroDivision",
    "path.write_text(guide.source[0].title)": "it fails on the sample bank: error: exporter bad",
    "path.write_text('x' if __import__('time').tzname[0][0] != '+' else 1)": "it fails with {'TZ'",
    "path.write_text('x' if all(q.status != 'draft' for q in guide.questions) else 1)": (
        "it fails with --drafts: error: exporter bad"
    ),
}

DECLARED = {
    "x: int = 3": "its option 'x' is not made with option(): nobody can set it",
    "x: int = option('', 3)": "its option 'x' has no help",
    "x: int = option(3, 3)": "its option 'x' has no help",
    "x: int = option('h', True)": "the default of its option 'x' is True: no such value",
    "x: int = option('h', -1)": "the default of its option 'x' is -1: no such value",
    "x: str = option('h', None)": "the default of its option 'x' is None: no such value",
    "x: Literal['a'] = option('h', 'b')": "the default of its option 'x' is 'b': no such value",
    "x: tuple[int, ...] = option('h', ('b',))": "the default of its option 'x' is ('b',)",
    "x: tuple[Literal['a'], ...] = option('h', ('a',))": "",
    "x: InputFile = option('h', '')": "",
}


def source(body: str, options: str = "") -> str:
    return f"""
from dataclasses import dataclass
from typing import Literal

from deckgen import Exporter, Piece, option
from deckgen.exporter import InputFile


class Bad(Exporter):
    name = "bad"
    suffix = ".bad"
    description = "bad"
    {options}

    def export(self, guide, path):
        {body}
"""


@pytest.mark.parametrize(("body", "message"), BAD.items())
def test_a_bad_exporter_is_told_what_it_does(plugins: Plugins, body: str, message: str) -> None:
    plugins.add("bad", source(body))
    said = ask(plugins.env, "bad")
    assert message in said
    assert bool(said) == bool(message)


@pytest.mark.parametrize(("declared", "message"), DECLARED.items())
def test_options_that_cant_be_set_or_have_no_such_value_are_told(
    declared: str, message: str
) -> None:
    options = f"@dataclass(frozen=True)\n    class Options:\n        {declared}\n"
    module: dict[str, type[Exporter]] = {}
    code = compile(source(WRITES, options), "bad.py", "exec", dont_inherit=True)
    exec(code, module)  # noqa: S102
    said = list(_declaration(module["Bad"]))
    assert len(said) == bool(message)
    assert "".join(said).startswith(message)


def test_pieces_that_differ_from_run_to_run_are_told(plugins: Plugins) -> None:
    pieces = "{q.id: Piece('k', f'{hash(q.id) % 2**32:08x}') for q in guide.questions}"
    plugins.add("bad", source(WRITES, f"def pieces(self, guide): return {pieces}"))
    assert "its pieces have other digests with {'TZ'" in ask(plugins.env, "bad")


def test_a_name_that_is_no_slug_is_told(plugins: Plugins) -> None:
    plugins.add("Bad", source(WRITES).replace('"bad"', '"Bad"'))
    assert ask(plugins.env, "Bad") == "its name is 'Bad': expected a slug (a-z, 0-9 and hyphens)"


def test_what_has_no_words_is_told(plugins: Plugins) -> None:
    source = PLAIN.replace('"plain"', '"good"').replace("class Plain", "class Good")
    source = source.replace('"the questions, a line each"', '" "').replace('"capitals"', '""')
    plugins.add("good", source)
    assert ask(plugins.env, "good").splitlines() == [
        "its description is empty",
        "its option 'upper' has no help",
    ]


def test_the_example_package_installs_and_passes_its_own_tests(
    bank: BankFolder, tmp_path: Path
) -> None:
    target = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*install, "--target", target, ROOT / "examples" / "deckgen-tsv"], check=True, timeout=120
    )
    env = {**os.environ, "PYTHONPATH": f"{target}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    tests = ROOT / "examples" / "deckgen-tsv" / "tests"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests],
        env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    built = [sys.executable, "-m", "deckgen", "build", "-f", "tsv", "-O", "tsv.layout=quizlet"]
    done = subprocess.run(built, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "output" / "example.tsv").read_text().splitlines() == [
        "What does a TTL bound?\tHow stale an entry can get.",
        "When it is full, LRU evicts the entry ___.\tused longest ago",
    ]
