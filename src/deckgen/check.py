"""check: every error of a bank, and what is not wrong with it but not right either, by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from . import registry
from .files import GUIDE, is_nearly_guide, nearly_guides, unread_files
from .kept import Kept, named
from .loader import in_order, read_bank
from .model import Bank, Guide, Question, texts
from .options import resolve
from .problems import Place, Problem
from .publishing import changed_kinds
from .remarks import RemarkPlaces, may_be_warned_of
from .texts import Markdown
from .words import count, did_you_mean


def check_bank(path: Path, *, strict: bool = False) -> tuple[list[Problem], str]:
    """Every problem of a bank, by place, and a line that sums up. When strict, the notes of the
    linter's rules are among them."""
    bank, errors = read_bank(path)
    if errors:
        errors = in_order([*errors, *export_errors(bank)])
        return errors, _summary(errors, "the bank")
    # Lazy import: a build asks for warnings alone, and those are no rules of the linter.
    from .lint import lint

    found = [problem for guide in bank.guides for problem in warnings(guide, Kept())]
    found += [*lint(bank, strict=strict), *_unknown_allowances(bank), *_unread(bank)]
    found += _same_titles(bank)
    found += [problem for guide in bank.guides for problem in changed_kinds(guide)]
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


def _name(text: Markdown) -> str:
    """Under which what is known of a text is kept."""
    return named(f"{text.math} {text.clozes} {text.source}")


def warnings(guide: Guide, kept: Kept) -> Iterator[Problem]:
    """The warnings about a guide's texts that no question silences under `allow`. Which texts there
    is nothing to say of is kept."""
    places = RemarkPlaces()
    owners: list[Guide | Question] = [guide, *guide.questions]
    for owner in owners:
        silenced = owner.allow if isinstance(owner, Question) else ()
        for text in texts(owner):
            if may_be_warned_of(text.source) and not kept.get(name := _name(text)):
                problems = places.problems(text)
                if not problems:
                    kept.put(name, True)
                yield from (p for p in problems if p.warning and p.name not in silenced)
