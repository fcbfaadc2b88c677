"""The fuzzer: banks that are slightly wrong, through every command, until the time is over.

    python fuzz/run.py --minutes 60

It takes real banks (its own, the hostile ones of the tests, a few questions of each guide in
`content/`), changes each a little (mutate.py), runs the commands on it, and sees whether deckgen
keeps what it promises (hold.py). What breaks a promise is kept in `fuzz/found/`, with the line that
runs it again. Needs what the tests need, and a system that can fork.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import yaml

import deckgen

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FOUND = HERE / "found"
sys.path[:0] = [str(HERE), str(ROOT / "tests")]

from hold import FORMATS, hold  # noqa: E402
from mutate import mutate  # noqa: E402

from test_hostile import GUIDE, QUESTION, lay_over  # noqa: E402

CPU_SECONDS, SECONDS = 60, 300
MEMORY = 4 * 2**30
BUILT, REFUSED, FOUND_SOMETHING = 0, 3, 4


# ----------------------------------------------------------------------------------------- seeds


def seeds(folder: Path) -> dict[Path, int]:
    """The banks to begin with, each the folder of a case, and how often to choose it."""
    own = folder / "own"
    shutil.copytree(HERE / "seed", own / "bank" / "seed")
    found = {own: 150}
    for path in sorted((ROOT / "tests" / "hostile").iterdir()):
        guide = folder / path.name / "bank" / "guide"
        (guide / "questions").mkdir(parents=True)
        (guide / "guide.yaml").write_text(GUIDE)
        (guide / "questions" / "a.yaml").write_text(QUESTION)
        lay_over(path, guide)
        found[folder / path.name] = 1
    for path in sorted((ROOT / "content").glob("*/questions/*.yaml")):
        shipped = path.parent.parent
        guide = folder / f"{shipped.name}-{path.stem}" / "bank" / shipped.name
        (guide / "questions").mkdir(parents=True)
        shutil.copy(shipped / "guide.yaml", guide)
        shutil.copytree(shipped / "media", guide / "media")
        some = random.Random(path.name).sample(yaml.safe_load(path.read_bytes()), 3)
        text = yaml.safe_dump(some, allow_unicode=True, sort_keys=False)
        (guide / "questions" / path.name).write_text(text, "utf-8")
        found[guide.parent.parent] = 10
    return found


# -------------------------------------------------------------------------------------- one case


def start(case: Path, report: Path, chance: random.Random | None = None) -> int:
    """Begins a case in a process of its own, mutated first where there is a source of chance, and
    gives the process's number. What is found, and all else it says, goes to `report`."""
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    status = 1
    try:
        stream = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(stream, 1)
        os.dup2(stream, 2)
        faulthandler.enable(stream)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(SECONDS)
        if chance is not None:
            mutate(chance, case)
        built, findings = hold(case)
        os.write(1, "\n".join(findings).encode("utf-8", "backslashreplace"))
        status = FOUND_SOMETHING if findings else BUILT if built else REFUSED
    except BaseException:  # what reaches this far is what is looked for
        os.write(1, traceback.format_exc().encode("utf-8", "backslashreplace"))
    finally:
        os._exit(status)


def verdict(status: int, report: Path) -> str:
    """What a case that has ended found; empty when it found nothing."""
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) in (BUILT, REFUSED):
        return ""
    ends = {signal.SIGXCPU: f"it took more than {CPU_SECONDS} s", signal.SIGALRM: "it hung"}
    text = report.read_text(errors="replace").strip()
    if os.WIFSIGNALED(status):
        number = signal.Signals(os.WTERMSIG(status))
        text += ends.get(number, f"it was ended by {number.name}")
    return text or f"it ended with {os.waitstatus_to_exitcode(status)}"


def outcome(status: int) -> str:
    return {BUILT: "built", REFUSED: "refused"}.get(os.waitstatus_to_exitcode(status), "found")


def warm(folder: Path) -> None:
    """Imports all that deckgen needs, here and once: every case is forked from here."""
    shutil.copytree(HERE / "seed", folder / "bank" / "seed")
    formats = FORMATS[1::2]
    if not deckgen.build(folder / "bank", folder / "output", formats=formats).ok:
        sys.exit("no warm-up")


# ------------------------------------------------------------------------------------ many of them


class Fuzzer:
    """Runs cases, several at once, and keeps those that found something."""

    def __init__(self, folder: Path, seed: int, jobs: int) -> None:
        self.folder = folder
        self.seed = seed
        self.jobs = jobs
        self.running: dict[int, Path] = {}
        self.counts: Counter[str] = Counter()
        self.first: dict[str, str] = {}

    def run(self, minutes: float) -> None:
        """Each seed as it is, which gives it outputs of an earlier build; then mutants of them."""
        found = seeds(self.folder / "seeds")
        warm(self.folder / "warm")
        for case in found:
            self.begin(case)
        self.drain(0)
        for case in found:
            for name in ("again", "home", "tmp"):
                shutil.rmtree(case / name, ignore_errors=True)
        end = time.monotonic() + minutes * 60
        number = 0
        while time.monotonic() < end:
            number += 1
            chance = random.Random(f"{self.seed}-{number}")
            (chosen,) = chance.choices(list(found), list(found.values()))
            case = self.folder / f"{self.seed}-{number}"
            shutil.copytree(chosen, case, symlinks=True)
            self.begin(case, chance)
        self.drain(0)

    def begin(self, case: Path, chance: random.Random | None = None) -> None:
        self.drain(self.jobs - 1)
        self.running[start(case, self.report(case), chance)] = case

    def drain(self, most: int) -> None:
        """Waits until no more than `most` cases are running."""
        while len(self.running) > most:
            pid, status = os.wait()
            self.ended(self.running.pop(pid), status)

    def ended(self, case: Path, status: int) -> None:
        self.counts[outcome(status)] += 1
        if text := verdict(status, self.report(case)):
            kept = keep(case, text)
            print(f"\n{text[-3000:]}\n  python fuzz/run.py --replay {kept}", flush=True)
        if case.parent == self.folder:
            shutil.rmtree(case)
            self.report(case).unlink()

    def report(self, case: Path) -> Path:
        return case.with_name(f"{case.name}.txt")


def keep(case: Path, text: str) -> str:
    """Keeps a case that found something; its place for the command line."""
    kept = FOUND / case.name
    shutil.rmtree(kept, ignore_errors=True)
    skipped = shutil.ignore_patterns("again", "home", "tmp")
    shutil.copytree(case, kept, symlinks=True, ignore=skipped)
    (kept / "found.txt").write_text(f"{text}\n", "utf-8")
    return os.path.relpath(kept)


def replay(kept: Path) -> int:
    """A kept case once more; status 1 where it still finds something."""
    with tempfile.TemporaryDirectory() as folder:
        warm(Path(folder, "warm"))
        case, report = Path(folder, "case"), Path(folder, "report.txt")
        shutil.copytree(kept, case, symlinks=True)
        _, status = os.waitpid(start(case, report), 0)
        text = verdict(status, report)
    print(text or "nothing found")
    return 1 if text else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1, help="how long (default: 1)")
    parser.add_argument("--seed", type=int, help="of chance; by default another each time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    parser.add_argument("--replay", type=Path, metavar="DIR", help="run a case of fuzz/found again")
    asked = parser.parse_args()
    if asked.replay:
        return replay(asked.replay)
    seed = asked.seed if asked.seed is not None else int(time.time())
    print(f"python fuzz/run.py --seed {seed} --minutes {asked.minutes:g}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(Path(folder), seed, asked.jobs)
        fuzzer.run(asked.minutes)
    counts = fuzzer.counts
    print(
        f"{counts.total()} banks: {', '.join(f'{n} {what}' for what, n in sorted(counts.items()))}"
    )
    return 1 if counts["found"] else 0


if __name__ == "__main__":
    sys.exit(main())
