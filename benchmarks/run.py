"""Times whole runs of deckgen against baselines, interleaved, and writes RESULTS.md.

    python benchmarks/run.py                     about half an hour
    python benchmarks/run.py --runs 3 deck pdf   some parts, rougher; printed, not written

Every figure is of a process from its start to its end: CPU time with its children's, and the most
memory that one of its processes held. The tables give medians, and the median of the ratios, run by
run, to the first command of the table. The commands of a table run in turn, so that a change of the
machine's speed meets all of them. `peers` needs `pip install typst weasyprint`, and all of them
markdown-it-py.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bank import write

HERE = Path(__file__).parent
DECKGEN = [sys.executable, "-m", "deckgen"]
PLAIN = [sys.executable, str(HERE / "plain.py")]
PEERS = [sys.executable, str(HERE / "peers.py")]
CACHE = "cache"
LOAD = "from deckgen import load_bank; load_bank({!r})"
YAML_LOAD = """
import yaml, pathlib
for path in sorted(pathlib.Path({!r}).rglob("*.yaml")):
    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
"""


class Cost(NamedTuple):
    cpu: float
    wall: float
    memory: float
    """MiB."""


@dataclass(frozen=True)
class Case:
    """One command; `before` puts things in order before every run, untimed."""

    name: str
    command: list[str]
    before: Callable[[], None] = lambda: None


def cost(case: Case, folder: Path) -> Cost:
    """What one run of a command takes, in seconds and MiB."""
    case.before()
    start = os.times().elapsed
    process = subprocess.Popen(case.command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{case.name} failed: {case.command}")
    wall = os.times().elapsed - start
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def table(title: str, cases: list[Case], folder: Path, runs: int) -> list[str]:
    """A part of the report: the first case is the baseline."""
    for case in cases:
        cost(case, folder)
    costs = [[cost(case, folder) for case in cases] for _ in range(runs)]
    lines = [
        f"### {title}",
        "",
        "| command | CPU s | wall s | MiB | CPU ratio |",
        "| --- | --- | --- | --- | --- |",
    ]
    for index, case in enumerate(cases):
        cpu, wall, memory = (statistics.median(run[index][n] for run in costs) for n in range(3))
        ratio = statistics.median(run[index].cpu / run[0].cpu for run in costs)
        lines.append(f"| {case.name} | {cpu:.3f} | {wall:.3f} | {memory:.0f} | {ratio:.2f} |")
    return [*lines, ""]


def fresh(folder: Path) -> Callable[[], None]:
    """Clears the outputs, and what the builds before kept."""

    def clear() -> None:
        for name in ("output", CACHE):
            shutil.rmtree(folder / name, ignore_errors=True)

    return clear


def edited(folder: Path, where: str) -> Callable[[], None]:
    """Adds a word to one question, where it first says so, another each time."""
    path = folder / "bank" / "benchmark" / "questions" / "000500.yaml"
    words = iter(range(1_000_000))

    def edit() -> None:
        head, found, rest = path.read_text().partition(where)
        path.write_text(f"{head}{found}word{next(words)} {rest}")

    return edit


ANSWER, ASKED = "  answer: |\n    ", '  question: "'
"""Before the words of an answer, and of what is asked, which stands in contents and index, too."""


def start_up(folder: Path, runs: int) -> list[str]:
    cases = [
        Case("`python -c 'import click'`", [sys.executable, "-c", "import click"]),
        Case("`deckgen --version`", [*DECKGEN, "--version"]),
        Case("`deckgen --help`", [*DECKGEN, "--help"]),
        Case("unchanged `deckgen build`, shipped guide", [*DECKGEN, "build", "content"]),
    ]
    return table("Start-up", cases, folder, runs)


def shipped(folder: Path, runs: int) -> list[str]:
    build = [*DECKGEN, "build", "content"]
    cases = [
        Case("unchanged build", build),
        Case("cold build: deck and PDF", build, fresh(folder)),
        Case("cold build, `--jobs 1`", [*build, "--jobs", "1"], fresh(folder)),
    ]
    return table("The shipped guide", cases, folder, runs)


def loading(folder: Path, runs: int) -> list[str]:
    """Of a bank that was never built, and of one that was: its ledger is read, too."""
    write(folder / "published", 1000)
    cost(Case("build", [*DECKGEN, "build", "published", "-f", "anki"]), folder)
    lines = []
    for bank, title in (("bank", "as written"), ("published", "with the ledger of what was built")):
        cases = [
            Case(
                "`yaml.load` (C loader) of the same files",
                [sys.executable, "-c", YAML_LOAD.format(bank)],
            ),
            Case("`load_bank`: read and checked", [sys.executable, "-c", LOAD.format(bank)]),
            Case("`deckgen check`: warned of as well", [*DECKGEN, "check", bank]),
        ]
        lines += table(f"Loading 1,000 questions, {title}", cases, folder, runs)
    return lines


def deck(folder: Path, runs: int) -> list[str]:
    cases = [
        Case("the plain way: genanki (plain.py)", [*PLAIN, "deck", "bank", "plain.apkg"]),
        Case("deckgen", [*DECKGEN, "build", "bank", "-f", "anki"], fresh(folder)),
    ]
    lines = table("The deck of 1,000 questions", cases, folder, runs)
    sizes = [folder / "plain.apkg", folder / "output" / "benchmark.apkg"]
    plain, ours = (path.stat().st_size / 1e6 for path in sizes)
    return [*lines, f"The file has {ours:.2f} MB, the plain way's {plain:.2f} MB.", ""]


def pdf(folder: Path, runs: int) -> list[str]:
    cases = [
        Case("the plain way: reportlab (plain.py)", [*PLAIN, "pdf", "bank", "plain.pdf"]),
        Case("deckgen", [*DECKGEN, "build", "bank", "-f", "pdf"], fresh(folder)),
        Case("Typst, with contents (peers.py)", [*PEERS, "typst", "bank", "typst.pdf"]),
    ]
    return table("The PDF of 1,000 questions", cases, folder, runs)


def peers(folder: Path, runs: int) -> list[str]:
    """WeasyPrint takes minutes for a thousand questions, so all set a hundred here."""
    cases = [
        Case("the plain way: reportlab", [*PLAIN, "pdf", "bank-100", "plain.pdf"]),
        Case("deckgen", [*DECKGEN, "build", "bank-100", "-f", "pdf"], fresh(folder)),
        Case("Typst, with contents", [*PEERS, "typst", "bank-100", "typst.pdf"]),
        Case("WeasyPrint", [*PEERS, "weasyprint", "bank-100", "weasyprint.pdf"]),
    ]
    return table("The PDF of 100 questions", cases, folder, runs)


def both(folder: Path, runs: int) -> list[str]:
    build = [*DECKGEN, "build", "bank"]
    plain = " && ".join(
        " ".join([*PLAIN, kind, "bank", f"plain.{end}"])
        for kind, end in (("deck", "apkg"), ("pdf", "pdf"))
    )
    cases = [
        Case("the plain way, one after the other", ["sh", "-c", plain]),
        Case("`--jobs 1`", [*build, "--jobs", "1"], fresh(folder)),
        Case("`--jobs 2`", [*build, "--jobs", "2"], fresh(folder)),
        Case("after an edit of one answer", build, edited(folder, ANSWER)),
        Case("the same, `--jobs 1`", [*build, "--jobs", "1"], edited(folder, ANSWER)),
        Case("after an edit of what one question asks", build, edited(folder, ASKED)),
        Case("the same, `--jobs 1`", [*build, "--jobs", "1"], edited(folder, ASKED)),
        Case("unchanged", build),
    ]
    return table("Deck and PDF of 1,000 questions", cases, folder, runs)


def _of(count: int, folder: Path) -> Case:
    """A whole build of so many questions."""
    command = [*DECKGEN, "build", f"bank-{count}", "--jobs", "1"]
    return Case(f"{count:,} questions", command, fresh(folder))


def sizes(folder: Path, runs: int) -> list[str]:
    cases = [_of(count, folder) for count in (100, 1_000, 10_000)]
    return table("Deck and PDF by the number of questions", cases, folder, min(runs, 3))


def largest(folder: Path, runs: int) -> list[str]:
    """Few runs, as they take minutes."""
    write(folder / "bank-50000", 50_000)
    cases = [_of(count, folder) for count in (10_000, 50_000)]
    return table("Deck and PDF of many questions", cases, folder, min(runs, 3))


PARTS = (start_up, shipped, loading, deck, pdf, both, peers, sizes, largest)


def main() -> None:
    """Run the parts asked for in a folder of their own; all of them make the report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    names = [part.__name__ for part in PARTS]
    parser.add_argument("parts", nargs="*", help=", ".join(names))
    asked = parser.parse_args()
    # Compiled modules are kept, as in any installation: the first runs, not counted, see to it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if unknown := set(asked.parts) - set(names):
        parser.error(f"no part is called {unknown.pop()}")
    lines = ["# Results", "", f"`python benchmarks/run.py --runs {asked.runs}`: {machine()}", ""]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / CACHE)
        shutil.copytree(HERE.parent / "content", folder / "content")
        write(folder / "bank", 1000)
        for count in (100, 1_000, 10_000):
            write(folder / f"bank-{count}", count)
        for part in PARTS:
            if not asked.parts or part.__name__ in asked.parts:
                lines += part(folder, asked.runs)
    print("\n".join(lines))
    if not asked.parts:
        (HERE / "RESULTS.md").write_text("\n".join(lines), encoding="utf-8")


def machine() -> str:
    """What it ran on."""
    return f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}."


if __name__ == "__main__":
    main()
