"""check: every error of a bank, and what is not wrong with it but not right either, by name."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from . import registry
from .files import GUIDE, LEDGER, is_nearly_guide, nearly_guides, unread_files
from .ledger import Ledger
from .loader import in_order, read_bank
from .model import Bank, Guide, Question, texts
from .options import resolve
from .problems import Place, Problem
from .remarks import RemarkPlaces, may_be_warned_of
from .words import count, did_you_mean

_DAY = 24 * 3600
_LONG = 2 * 365 * _DAY
_MISDATED = "clock-doubtful"


def check_bank(path: Path, *, strict: bool = False) -> tuple[list[Problem], str]:
    """Every problem of a bank, by place, and a line that sums up. When strict, the notes of the
    linter's rules are among them."""
    bank, errors = read_bank(path)
    if errors:
        errors = in_order([*errors, *export_errors(bank)])
        return errors, _summary(errors, "the bank")
    # Lazy import: a build asks for warnings alone, and those are no rules of the linter.
    from .lint import lint

    found = [problem for guide in bank.guides for problem in warnings(guide)]
    found += [*lint(bank, strict=strict), *_unknown_allowances(bank), *_unread(bank)]
    found += _same_titles(bank)
    found += [problem for guide in bank.guides for problem in misdated(guide, guide.ledger)]
    problems = in_order([*found, *_export_problems(bank)])
    questions = sum(len(guide.questions) for guide in bank.guides)
    what = f"{count(questions, 'question')} in {count(len(bank.guides), 'guide')}"
    return problems, _summary(problems, what)


def _summary(problems: Sequence[Problem], what: str) -> str:
    errors = sum(not problem.warning for problem in problems)
    warned = len(problems) - errors
    return f"{what}: {count(errors, 'error')}, {count(warned, 'warning')}"


def _unknown_allowances(bank: Bank) -> Iterator[Problem]:
    from .lint import names

    known = names()
    places = RemarkPlaces()
    allowed = ((name, q) for guide in bank.guides for q in guide.questions for name in q.allow)
    for name, question in allowed:
        if name not in known:
            message = f"'allow' names no warning: {name!r}{did_you_mean(name, known)}"
            # From the key on: a short name may be part of some word above it.
            key = places.find("allow:", question.place)
            yield Problem(message, places.find(name, key))


def _unread(bank: Bank) -> Iterator[Problem]:
    """Files that were meant to be read, by their names, and are not."""
    own = {Path(guide.place.path).parent for guide in bank.guides}
    for path in nearly_guides(bank.path):
        if not any(path.is_relative_to(folder) for folder in own):
            message = f"this file is not read: a guide's file is called {GUIDE}"
            yield Problem(message, Place(path.as_posix()), warning=True, name="file-unread")
    for folder in own:
        for path in unread_files(folder):
            message = "this file is not read: questions are in questions/, in files named *.yaml"
            if is_nearly_guide(path):
                message = f"this file is not read: the guide's is {(folder / GUIDE).as_posix()}"
            yield Problem(message, Place(path.as_posix()), warning=True, name="file-unread")


def _same_titles(bank: Bank) -> Iterator[Problem]:
    """Guides of one title: it is the name of their decks, and Anki tells decks by their names."""
    first: dict[str, Guide] = {}
    for guide in bank.guides:
        other = first.setdefault(guide.title, guide)
        if other is not guide:
            message = (
                f"guide {other.id!r} has this title, too: their cards come into the same decks"
            )
            yield Problem(message, guide.place, warning=True, name="title-taken")


def misdated(guide: Guide, ledger: Ledger) -> Iterator[Problem]:
    """Dates that a clock seems to have given wrongly: in a guide's own ledger, or in the one that a
    build makes of it. Anki dates what people write on a note by their clocks, and a note that is
    dated later replaces it with every import."""
    asked = {question.id for question in guide.questions if _MISDATED not in question.allow}
    dates = [date for key, date in _dates(ledger) if key.partition("/")[0] in asked]
    latest = max(dates, default=0)
    before = max((date for _, date in _dates(guide.ledger)), default=latest)
    now = time.time() + _DAY  # clocks set to the time of another zone are less than that apart
    day = datetime.fromtimestamp(latest, UTC).date()
    if latest > now:
        message = (
            f"{count(sum(date > now for date in dates), 'note')} dated later than today, up to "
            f"{day}: until then each import replaces what people wrote there. If it is not "
            "published yet, set the clock, restore this file and build"
        )
    elif latest > before + _LONG:
        message = (
            f"new content is dated {day}, more than two years after what was here: if the clock "
            "is wrong, set it, restore this file and build"
        )
    else:
        return
    place = Place((Path(guide.place.path).parent / LEDGER).as_posix())
    yield Problem(message, place, warning=True, name=_MISDATED)


def _dates(ledger: Ledger) -> Iterator[tuple[str, int]]:
    for stamps in ledger.notes.values():
        for key, stamp in stamps.items():
            yield key, stamp.changed


def export_errors(bank: Bank) -> list[Problem]:
    """The errors in the `export:` options of a bank's guides."""
    return [problem for problem in _export_problems(bank) if not problem.warning]


def _export_problems(bank: Bank) -> list[Problem]:
    return [problem for guide in bank.guides for problem in _guide_export_problems(guide)]


def _guide_export_problems(guide: Guide) -> list[Problem]:
    """What is wrong with a guide's `export:` options."""
    problems: list[Problem] = []
    known = registry.names()
    for name, node in guide.export.items():
        if name not in known:
            hint = did_you_mean(name, known)
            message = f"no exporter is named {name!r} here{hint}"
            problems.append(Problem(message, node.place, warning=True, name="export-unknown"))
    found = registry.find(name for name in guide.export if name in known)
    for exporter in found.exporters:
        resolve(exporter.cls.Options, exporter.name, guide, {}, problems.append)
    return problems + found.problems


def warnings(guide: Guide) -> Iterator[Problem]:
    """The warnings about a guide's texts that no question silences under `allow`."""
    places = RemarkPlaces()
    owners: list[Guide | Question] = [guide, *guide.questions]
    for owner in owners:
        silenced = owner.allow if isinstance(owner, Question) else ()
        for text in texts(owner):
            problems = places.problems(text) if may_be_warned_of(text.source) else ()
            yield from (p for p in problems if p.warning and p.name not in silenced)
