"""build: a bank -> the files of every exporter, made anew only where something changed.

folders -> fingerprints -> all as the manifest has them? done
        -> load, select -> ledger -> one export an output -> replace -> manifest   (making.py)
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from . import files, manifest, registry
from .fingerprint import GuideFiles
from .manifest import Manifest, Record
from .problems import BankError, Problem
from .registry import Installed
from .selection import Selection

if TYPE_CHECKING:
    from .options import Asked

Status = Literal["fresh", "built", "unchanged", "planned", "stale", "failed"]
Mode = Literal["build", "dry-run", "check"]


class Outcome(NamedTuple):
    """What became of one output, or of a ledger.

    `fresh`: nothing to do; `built`: replaced; `unchanged`: made again, with the same bytes;
    `planned`: a dry run would make it; `stale`: a check found it missing or behind; `failed`: its
    problems say why.
    """

    path: Path
    status: Status
    problems: tuple[Problem, ...] = ()
    changed: int = 0
    """Of a ledger: how many published notes changed, each of which replaces people's own copy."""


@dataclass(frozen=True)
class Report:
    """What a build did, output by output."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...] = ()
    """Those of no single output, such as a broken exporter."""

    @property
    def ok(self) -> bool:
        """Whether everything that was asked for is there, and current."""
        bad = any(outcome.status in ("stale", "failed") for outcome in self.outcomes)
        return not bad and all(problem.warning for problem in self.problems)

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return all(outcome.status == "fresh" for outcome in self.outcomes)


class WrongUsage(BankError):
    """What was asked can't be, whatever the bank."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """All that a build can be asked for; `deckgen build --help` says what each means."""

    bank: Path
    output: Path
    formats: tuple[str, ...] = ()
    options: Asked = field(default_factory=dict)
    selection: Selection = Selection()
    drafts: bool = False
    jobs: int = 1
    mode: Mode = "build"
    force: bool = False
    locked: bool = False

    def asked(self, exporter: str) -> dict[str, Any]:
        """What was asked that one exporter's output depends on, other guides left aside."""
        wanted = self.selection.wanted()
        chosen = {kind: sorted(slugs) for kind, slugs in wanted.items() if kind != "guide"}
        options = self.options.get(exporter, {})
        return {"options": options, "filters": chosen, "drafts": self.drafts}


Progress = Callable[[int, int], None]
"""Called with the number of outputs that are done, and of all."""


def build(
    bank: str | os.PathLike[str] = "content",
    output: str | os.PathLike[str] = "output",
    *,
    formats: Iterable[str] = (),
    options: Asked | None = None,
    filters: Mapping[str, Iterable[str]] | None = None,
    drafts: bool = False,
    jobs: int = 1,
    mode: Mode = "build",
    force: bool = False,
    locked: bool = False,
    progress: Progress = lambda done, all: None,
) -> Report:
    """Write each guide's outputs, as `deckgen build` does.

    `options` are by exporter and name, `filters` names by kind (`guide`, `round`, `category`,
    `difficulty`, `type`, `tag`). Raises BankError when the bank has errors, and WrongUsage, which
    is one too, when what was asked can't be; nothing has been written then.
    """
    # Nothing else would see a slip of the pen in Python: another mode would be taken for "build".
    _check_known("mode", (mode,), get_args(Mode))
    _check_known("filter", filters or (), [f.name for f in fields(Selection)])
    request = Request(
        bank=Path(bank),
        output=Path(output),
        formats=_each(formats),
        options=options or {},
        selection=Selection(**{kind: _each(names) for kind, names in (filters or {}).items()}),
        drafts=drafts,
        jobs=jobs,
        mode=mode,
        force=force,
        locked=locked,
    )
    exporters, problems = _exporters(request)
    if request.mode == "build":
        _sweep(request)
    known = manifest.read(request.output)
    if not request.force and (fresh := _all_fresh(request, exporters, known)):
        return Report(tuple(fresh), tuple(problems))
    # Lazy imports: all that a build with something to do needs.
    from .collector import resting
    from .making import Making

    with resting():
        outcomes = Making(request, exporters, known, progress).run()
    return Report(tuple(outcomes), tuple(problems))


def _each(names: Iterable[str]) -> tuple[str, ...]:
    """The names; a text is one, though to Python it is an iterable of its characters."""
    return (names,) if isinstance(names, str) else tuple(names)


def _sweep(request: Request) -> None:
    """Clears what was left where a build or an import was killed, guides or not, new or not."""
    bank = request.bank
    with contextlib.suppress(OSError):
        inside = [entry.name for entry in os.scandir(bank) if entry.is_dir(follow_symlinks=False)]
        for folder in (request.output, bank, *(bank / name for name in inside)):
            files.sweep(folder)


def _check_known(what: str, asked: Iterable[str], known: Sequence[str]) -> None:
    unknown = [word for word in asked if word not in known]
    if unknown:
        # Lazy import: most builds are asked for what there is.
        from .words import did_you_mean, one_of

        expected = f"; expected {one_of(known)}"
        raise WrongUsage(
            Problem(f"no {what} is named {word!r}{did_you_mean(word, known) or expected}")
            for word in unknown
        )


def _exporters(request: Request) -> tuple[list[Installed], list[Problem]]:
    registered = registry.names()
    asked_for = dict.fromkeys((*request.formats, *request.options))
    unknown = [registry.unknown(name) for name in asked_for if name not in registered]
    if unknown:
        raise WrongUsage(unknown)
    found, problems = registry.find(request.formats or None)
    if not request.formats:
        found = [exporter for exporter in found if exporter.cls.on_by_default]
    running = [exporter.name for exporter in found]
    idle = [name for name in request.options if name not in running and not problems]
    if idle:
        raise WrongUsage(
            Problem(f"-O {name}: {name} is not among the formats to build: add -f {name}")
            for name in idle
        )
    return found, problems


def _all_fresh(
    request: Request, exporters: list[Installed], known: Manifest
) -> list[Outcome] | None:
    """The outcomes when every guide's every output is as the manifest has it, else None."""
    records = {(r.folder, r.exporter): (name, r) for name, r in known.items()}
    ids = {record.folder: record.guide for record in known.values()}
    folders = files.guide_folders(request.bank)
    wanted = request.selection.wanted().get("guide")
    if wanted and not wanted <= {ids.get(folder.resolve().name) for folder in folders}:
        return None  # named by its title, or new, or gone
    outcomes = []
    for folder in folders:
        if wanted and ids.get(folder.resolve().name) not in wanted:
            continue
        guide = GuideFiles.of(folder)
        for exporter in exporters:
            name, record = records.get((guide.name, exporter.name), ("", None))
            path = request.output / name
            if record is None or not is_fresh(request, guide, exporter, path, record):
                return None
            outcomes.append(fresh(path, folder, record))
    return outcomes


def is_fresh(
    request: Request, guide: GuideFiles, exporter: Installed, path: Path, record: Record
) -> bool:
    """Whether an output was made from just these inputs, and is still the file that was made."""
    inputs = guide.fingerprint(exporter, request.asked(exporter.name))
    return record.inputs == inputs and files.digest(path, record.size) == record.sha256


def fresh(path: Path, folder: Path, record: Record) -> Outcome:
    """The outcome of an output that is current, with the warnings its export gave."""
    warnings = (manifest.unpack(packed, folder) for packed in record.warnings)
    return Outcome(path, "fresh", tuple(warnings))
