"""The checks that deckgen offers to authors of exporters, on its own and on the example."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deckgen.registry import find
from deckgen.testing import conformance
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


BAD = {
    "path.write_text(__import__('time').tzname[0] + str(id(path)))": "has other bytes with",
    "path.write_text(str(hash('a')))": "has other bytes with",
    "print('hello'); path.write_text('x')": "",
    "path.write_text('x'); (path.parent / 'more').write_text('x')": "",
    "path.write_text('x'); (path.parents[1] / 'more').write_text('x')": "it writes ['empty.bad',",
    "1 / 0": "it fails on the sample bank: error: exporter bad (deckgen-bad 1.0): ZeroDivision",
    "path.write_text(guide.source[0].title)": "it fails on the sample bank: error: exporter bad",
}


@pytest.mark.parametrize(("body", "message"), BAD.items())
def test_a_bad_exporter_is_told_what_it_does(plugins: Plugins, body: str, message: str) -> None:
    source = (
        "from deckgen import Exporter\n\n\nclass Bad(Exporter):\n    name = 'bad'\n"
        f"    suffix = '.bad'\n    description = 'bad'\n\n    def export(self, guide, path):\n"
        f"        {body}\n"
    )
    plugins.add("bad", source)
    said = ask(plugins.env, "bad")
    assert message in said
    assert bool(said) == bool(message)


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
