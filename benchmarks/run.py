"""Times whole runs of deckgen against baselines, interleaved, and writes RESULTS.md.

    python benchmarks/run.py            about three minutes
    python benchmarks/run.py --runs 3   quicker, rougher

Every figure is the time of a process from its start to its end, CPU time with its children's. The
tables give medians, and the median of the ratios, run by run, to the first command of the table.
The commands of a table run in turn, so that a change of the machine's speed meets all of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
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
LOAD = "from deckgen import load_bank; load_bank({!r})"
YAML_LOAD = """
import yaml, pathlib
for path in sorted(pathlib.Path({!r}).rglob("*.yaml")):
    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
"""


class Cost(NamedTuple):
    cpu: float
    wall: float


@dataclass(frozen=True)
class Case:
    """One command; `before` puts things in order before every run, untimed."""

    name: str
    command: list[str]
    before: Callable[[], None] = lambda: None


def cost(case: Case, folder: Path) -> Cost:
    """What one run of a command takes, in seconds."""
    case.before()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = os.times().elapsed
    subprocess.run(case.command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    wall = os.times().elapsed - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, wall)


def row_lines(title: str, cases: list[Case], folder: Path, runs: int) -> list[str]:
    """A part of the report: the first case is the baseline."""
    for case in cases:
        cost(case, folder)
    costs = [[cost(case, folder) for case in cases] for _ in range(runs)]
    lines = [
        f"### {title}",
        "",
        "| command | CPU s | wall s | CPU ratio |",
        "| --- | --- | --- | --- |",
    ]
    for index, case in enumerate(cases):
        cpu = statistics.median(run[index].cpu for run in costs)
        wall = statistics.median(run[index].wall for run in costs)
        ratio = statistics.median(run[index].cpu / run[0].cpu for run in costs)
        lines.append(f"| {case.name} | {cpu:.3f} | {wall:.3f} | {ratio:.2f} |")
    return [*lines, ""]


def fresh(folder: Path) -> Callable[[], None]:
    def clear() -> None:
        shutil.rmtree(folder / "output", ignore_errors=True)

    return clear


def start_up(folder: Path, runs: int) -> list[str]:
    click = Case("`python -c 'import click'`", [sys.executable, "-c", "import click"])
    cases = [
        click,
        Case("`deckgen --version`", [*DECKGEN, "--version"]),
        Case("`deckgen --help`", [*DECKGEN, "--help"]),
        Case("unchanged `deckgen build`, shipped guide", [*DECKGEN, "build", "content"]),
    ]
    return row_lines("Start-up", cases, folder, runs)


def shipped(folder: Path, runs: int) -> list[str]:
    build = [*DECKGEN, "build", "content"]
    cases = [
        Case("unchanged build", build),
        Case("cold build: deck and PDF", build, fresh(folder)),
        Case("cold build, `--jobs 1`", [*build, "--jobs", "1"], fresh(folder)),
    ]
    return row_lines("The shipped guide", cases, folder, runs)


def loading(folder: Path, runs: int) -> list[str]:
    cases = [
        Case(
            "`yaml.load` (C loader) of the same files",
            [sys.executable, "-c", YAML_LOAD.format("bank")],
        ),
        Case("`load_bank`: read and checked", [sys.executable, "-c", LOAD.format("bank")]),
    ]
    return row_lines("Loading 1,000 questions", cases, folder, runs)


def deck(folder: Path, runs: int) -> list[str]:
    cases = [
        Case("the plain way: genanki (plain.py)", [*PLAIN, "deck", "bank", "plain.apkg"]),
        Case("deckgen", [*DECKGEN, "build", "bank", "-f", "anki"], fresh(folder)),
    ]
    return row_lines("The deck of 1,000 questions", cases, folder, runs)


def pdf(folder: Path, runs: int) -> list[str]:
    cases = [
        Case("the plain way: reportlab (plain.py)", [*PLAIN, "pdf", "bank", "plain.pdf"]),
        Case("deckgen", [*DECKGEN, "build", "bank", "-f", "pdf"], fresh(folder)),
    ]
    return row_lines("The PDF of 1,000 questions", cases, folder, runs)


def both(folder: Path, runs: int) -> list[str]:
    build = [*DECKGEN, "build", "bank"]
    cases = [
        Case("both, `--jobs 1`", [*build, "--jobs", "1"], fresh(folder)),
        Case("both, `--jobs 2`", [*build, "--jobs", "2"], fresh(folder)),
        Case("unchanged", build),
    ]
    return row_lines("Both of 1,000 questions", cases, folder, runs)


def main() -> None:
    """Run everything in a folder of its own and write the report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    lines = ["# Results", "", f"`python benchmarks/run.py --runs {runs}`: {machine()}", ""]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(HERE.parent / "content", folder / "content")
        write(folder / "bank", 1000)
        for part in (start_up, shipped, loading, deck, pdf, both):
            lines += part(folder, runs)
    (HERE / "RESULTS.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


def machine() -> str:
    """What it ran on."""
    return f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}."


if __name__ == "__main__":
    main()
