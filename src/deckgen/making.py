"""Making outputs: the part of a build that reads the bank and writes files."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from . import check, files, manifest
from .builder import Outcome, Progress, Request, Status, WrongUsage, fresh, is_fresh
from .fingerprint import GuideFiles
from .kept import Kept, kept_path
from .ledger import LATEST, Ledger
from .limits import EXPORT_SECONDS, EXPORT_VARIABLE
from .loader import in_order, read_bank
from .manifest import Manifest, Record
from .model import Guide
from .options import resolve
from .problems import BankError, Place, Problem
from .publishing import dates, digests, misdated, published
from .registry import Installed
from .running import Job, Made, failure, run
from .selection import select


class Making:
    """One build of a bank whose outputs are not, or not known to be, up to date."""

    def __init__(
        self, request: Request, exporters: list[Installed], known: Manifest, progress: Progress
    ) -> None:
        self.request = request
        self.exporters = exporters
        self.known = known
        self.progress = progress
        self.seconds = _seconds()
        self.outcomes: list[Outcome] = []
        self.records: Manifest = {}
        self.of_texts: dict[str, tuple[Problem, ...]] = {}
        """The warnings about texts, by guide."""
        # Taken before anything is read: what is edited while a build runs is new to the next one.
        folders = files.guide_folders(request.bank)
        self.inputs = {folder: GuideFiles.of(folder) for folder in folders}

    def run(self) -> list[Outcome]:
        with contextlib.ExitStack() as held:
            # From reading a ledger to writing it, lest the dates be lost that a build of other
            # formats gives meanwhile.
            for folder in self.inputs if self.request.mode == "build" else ():
                held.enter_context(files.alone(folder))
            jobs = self.prepare()
        if self.request.mode == "dry-run":
            self.outcomes += [Outcome(path, "planned") for path in jobs]
        elif jobs:
            self.make(jobs)
        return sorted(self.outcomes, key=lambda outcome: outcome.path)

    def prepare(self) -> dict[Path, Job]:
        """Reads the bank, brings the ledgers up to date, and gives what there is to make."""
        bank, errors = read_bank(self.request.bank)
        if errors:
            raise BankError(in_order([*errors, *check.export_errors(bank)]))
        guides = select(bank, self.request.selection, drafts=self.request.drafts)
        whole = {guide.id: guide for guide in bank.guides}
        options = self.options(guides)
        now = _now()
        jobs: dict[Path, Job] = {}
        for guide in guides:
            new, faults = published(whole[guide.id], self.exporters, now, self.seconds)
            changed = self.ledger(whole[guide.id], new)
            if changed is not None:
                self.plan(guide, new, changed, options, faults, jobs)
        return jobs

    def options(self, guides: tuple[Guide, ...]) -> dict[tuple[str, str], Any]:
        """The options of every export, by guide and exporter. Raises when any is wrong, so that
        nothing is written before all are right."""
        problems: list[Problem] = []
        options: dict[tuple[str, str], Any] = {
            (guide.id, exporter.name): resolve(
                exporter.cls.Options,
                exporter.name,
                guide,
                self.request.options.get(exporter.name, {}),
                problems.append,
            )
            for guide in guides
            for exporter in self.exporters
        }
        if problems:
            asked = all(p.place and p.place.path.startswith("-O ") for p in problems)
            raise (WrongUsage if asked else BankError)(dict.fromkeys(problems))
        return options

    # -- the ledger

    def ledger(self, guide: Guide, new: Ledger) -> dict[str, dict[str, int]] | None:
        """Brings a guide's ledger up to date and gives the date of every note, by exporter; None
        when the guide can't be published."""
        folder = _folder(guide)
        path = folder / files.LEDGER
        text = new.text()
        # So recorded even where it can't be written: the next build has to try again.
        self.inputs[folder] = self.inputs[folder].with_ledger(text)
        if files.content(path) == text.encode():
            return dates(new)
        status, problems = self.write_ledger(path, text)
        if not os.environ.get(_TIME):  # who sets the time of a build knows which it is
            problems = (*problems, *misdated(guide, new))
        changed = new.changed_since(guide.ledger)
        self.outcomes.append(Outcome(path, status, problems, changed))
        if status == "failed":
            return None
        return dates(new) if status == "built" else dates(new, unless_in=guide.ledger)

    def write_ledger(self, path: Path, text: str) -> tuple[Status, tuple[Problem, ...]]:
        """Writes it where that is asked for; gives what became of it, and what there is to say."""
        behind = Problem(
            f"the ledger is {'behind' if path.exists() else 'missing'}: "
            "run deckgen build and commit it",
            Place(path.as_posix()),
        )
        if self.request.mode == "check":
            return "stale", (behind,)
        if self.request.locked:
            return "failed", (behind,)
        if self.request.mode == "dry-run":
            return "planned", ()
        try:
            files.write({path: text.encode()}, path.parent)
        except OSError as error:
            message = (
                f"can't write the ledger ({files.reason(error)}): new content is dated by the "
                "guide's 'updated', and updates made on the same day will not reach people"
            )
            place = Place(path.as_posix())
            problem = Problem(message, place, warning=True, name="ledger-unwritable")
            return "unchanged", (problem,)
        return "built", ()

    # -- the outputs

    def plan(
        self,
        guide: Guide,
        ledger: Ledger,
        changed: dict[str, dict[str, int]],
        options: dict[tuple[str, str], Any],
        faults: dict[str, list[Problem]],
        jobs: dict[Path, Job],
    ) -> None:
        """Adds a job for every output of a guide that is not fresh."""
        inputs = self.inputs[_folder(guide)]
        taken = {self.request.output / manifest.FILE} | {done.path for done in self.outcomes}
        for exporter in self.exporters:
            path = self.request.output / f"{guide.id}{exporter.cls.suffix}"
            problems = list(faults.get(exporter.name, ()))
            if path in jobs or path in taken:
                problems.append(failure(exporter, f"{path.name} is another file's name already"))
            if problems:
                self.outcomes.append(Outcome(path, "failed", tuple(problems)))
                continue
            record = self.known.get(path.name)
            current = record and is_fresh(self.request, inputs, exporter, path, record)
            if record and current and not self.request.force:
                self.outcomes.append(fresh(path, inputs.folder, record))
                continue
            times = changed.get(exporter.name, {})
            published = digests(ledger, exporter.name)
            asked_for = self.request.asked(exporter.name)
            base = inputs.without_questions().fingerprint(exporter, asked_for)
            kept = self.kept(path, base)
            asked = options[guide.id, exporter.name]
            jobs[path] = Job(exporter, guide, asked, times, published, path, kept)

    def kept(self, path: Path, base: str = "") -> Kept:
        """What the last build kept of something, if `base` is still what it was."""
        if self.request.mode != "build":
            return Kept()
        return Kept(kept_path(path), base, anew=self.request.force)

    def make(self, jobs: dict[Path, Job]) -> None:
        output = self.request.output
        where = None if self.request.mode == "check" else output
        try:
            if where:
                where.mkdir(parents=True, exist_ok=True)
            with files.temporary_folder(where) as folder:
                temporary = [
                    _in_folder_of_its_own(job, folder / str(number))
                    for number, job in enumerate(jobs.values())
                ]
                # Closed whatever happens: workers that are left waiting are waited for at the end.
                with contextlib.closing(run(temporary, self.request.jobs, self.seconds)) as ran:
                    for done, (job, made) in enumerate(ran, 1):
                        path = output / job.path.name
                        self.outcomes.append(self.place(job, made, path))
                        self.progress(done, len(jobs))
            if where:
                with files.alone(where):
                    self.write_manifest()
        except OSError as error:
            message = f"can't write here: {files.reason(error)}"
            raise BankError([Problem(message, Place(output.as_posix()))]) from None

    def place(self, job: Job, made: Made, path: Path) -> Outcome:
        """Puts a finished file in its place, or in a check compares it with what stands there."""
        if made.failure:
            return Outcome(path, "failed", (*made.warnings, made.failure))
        # What the guide's texts and the export have to say, each once.
        warnings = tuple(dict.fromkeys((*self.warnings(job.guide), *made.warnings)))
        digest = files.digest(job.path)
        old = files.digest(path, job.path.stat().st_size)
        if self.request.mode == "check":
            recorded = self.known.get(path.name)
            if recorded and digest == old == recorded.sha256:
                return Outcome(path, "fresh", warnings)
            state = "missing" if not path.exists() else "stale"
            problem = Problem(f"{state}: run deckgen build", Place(path.as_posix()))
            return Outcome(path, "stale", (*warnings, problem))
        record = self.record(job, digest, warnings)
        same = not self.request.force and digest == old
        try:
            if not same:
                files.replace(job.path, path)
        except OSError as error:
            message = f"can't write this file: {files.reason(error)}"
            return Outcome(path, "failed", (*warnings, Problem(message, Place(path.as_posix()))))
        self.records[path.name] = record
        return Outcome(path, "unchanged" if same else "built", warnings)

    def warnings(self, guide: Guide) -> tuple[Problem, ...]:
        """What there is to say of a guide's texts."""
        if guide.id not in self.of_texts:
            kept = self.kept(_folder(guide))
            self.of_texts[guide.id] = tuple(check.warnings(guide, kept))
            kept.save()
        return self.of_texts[guide.id]

    def record(self, job: Job, digest: str, warnings: tuple[Problem, ...]) -> Record:
        folder = _folder(job.guide)
        inputs = self.inputs[folder]
        exporter = job.exporter
        return Record(
            guide=job.guide.id,
            folder=inputs.name,
            exporter=exporter.name,
            options=asdict(job.options),
            inputs=inputs.fingerprint(exporter, self.request.asked(exporter.name)),
            sha256=digest,
            size=job.path.stat().st_size,
            warnings=tuple(manifest.pack(warning, folder) for warning in warnings),
        )

    def write_manifest(self) -> None:
        output = self.request.output
        known = manifest.read(output)  # another build may have written it meanwhile
        # A hand can have been at the names: os.path takes any, and a Path not the too long ones.
        kept = {name: r for name, r in known.items() if os.path.exists(output / name)}
        text = manifest.text({**kept, **self.records}).encode()
        if files.content(output / manifest.FILE) != text:
            files.write({output / manifest.FILE: text}, output)


def _in_folder_of_its_own(job: Job, folder: Path) -> Job:
    """A job that writes below a new folder, where what an exporter leaves beside its file is in
    nobody's way. The path is whole: it holds in another working folder, too."""
    folder.mkdir()
    return replace(job, path=folder.absolute() / job.path.name)


def _folder(guide: Guide) -> Path:
    return Path(guide.place.path).parent


_TIME = "SOURCE_DATE_EPOCH"
"""The variable that sets the time of a build (reproducible-builds.org/specs/source-date-epoch)."""


def _now() -> int:
    """The time of the build, in seconds since 1970: the clock's, unless it is set."""
    text = os.environ.get(_TIME, "")
    if not text:
        return min(max(int(time.time()), 0), LATEST)
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= LATEST):
        message = f"{_TIME} is {text!r}: expected seconds since 1970"
        raise WrongUsage([Problem(message)])
    return int(text)


def _seconds() -> float:
    """How long a stranger's exporter may take."""
    text = os.environ.get(EXPORT_VARIABLE, "") or str(EXPORT_SECONDS)
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        message = f"{EXPORT_VARIABLE} is {text!r}: expected seconds, or 0 for no limit"
        raise WrongUsage([Problem(message)])
    return int(text) or float("inf")
