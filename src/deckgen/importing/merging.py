"""A newer copy of a page -> edits of the guide that an earlier one became.

Counts are brought up to date and what is new is added. What the maintainer wrote stays: texts,
categories, order, comments, layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from .. import files
from ..model import Guide, Question
from ..problems import BankError, Problem
from ..schemas import schema_files
from ..skeletons import with_questions
from ..words import ascii_slug, slug
from ..yamltree import Mapping
from ..yamltree import Sequence as ListNode
from .edits import YamlFile
from .identity import match, new_ids
from .placing import place
from .plain import words
from .remarks import Remarks
from .storing import Plan, question_path
from .values import Imported, ImportedQuestion, ImportedRound
from .writing import questions_yaml, round_value, round_yaml, spelled


def merge(folder: Path, guide: Guide, imported: Imported, source: str) -> Plan:
    """The changes that bring a guide up to date. `source` names the imported file in remarks.

    Raises BankError where a file can't be edited.
    """
    return _Merge(folder, guide, imported, source).plan()


class _Merge:
    def __init__(self, folder: Path, guide: Guide, imported: Imported, source: str) -> None:
        self.folder = folder
        self.guide = guide
        self.imported = imported
        self.remarks = Remarks(source)
        self.edited: dict[Path, YamlFile] = {}

    def plan(self) -> Plan:
        found = match(self.imported.questions, self.guide.questions)
        pairs = list(zip(self.imported.questions, found, strict=True))
        counted = sum(self.count(known, new) for new, known in pairs if known is not None)
        added = self.add([new for new, known in pairs if known is None])
        self.date()
        gone = {q.id for q in self.guide.questions} - {known.id for _, known in pairs if known}
        changed = {path: file.data() for path, file in self.edited.items() if file.changes}
        texts = self.appended(changed, added)
        if any(not path.exists() for path in texts):
            texts |= schema_files(self.folder)  # which the first lines of new files name
        return Plan(
            folder=self.folder,
            texts=texts | {self.folder / "media" / n: d for n, d in self.imported.media.items()},
            remarks=self.remarks.in_order(),
            added=len(added),
            counted=counted,
            absent=len(gone),
        )

    def file(self, path: Path) -> YamlFile:
        if path not in self.edited:
            self.edited[path] = YamlFile(path)
        return self.edited[path]

    # -- questions that are there

    def count(self, known: Question, new: ImportedQuestion) -> bool:
        """Bring a question's count up to date; whether there was anything to do."""
        if [*words(known.question.source)] != [*words(new.question)]:
            message = f"the page words question {known.id!r} otherwise than {known.place}: left so"
            self.remarks.warn(message, new.line)
        if new.practiced is None or new.practiced == known.practiced:
            return False
        file = self.file(Path(known.place.path))
        node = file.questions[known.id]
        beside = ("type", "difficulty", "category", "id")
        if not file.set(node, "practiced", str(new.practiced), beside):
            self.remarks.warn(
                f"can't update 'practiced' of {known.place}: it is {new.practiced}", new.line
            )
            return False
        return True

    def date(self) -> None:
        new, old = self.imported.updated, self.guide.updated
        if new and (old is None or new > old):
            file = self.file(self.folder / files.GUIDE)
            assert isinstance(file.tree, Mapping)  # it was loaded
            file.set(file.tree, "updated", new.isoformat(), ("level", "role", "title"))

    # -- what is new

    def add(self, new: Sequence[ImportedQuestion]) -> list[tuple[str, ImportedQuestion]]:
        """Places new questions; adds the rounds and the categories that they need."""
        known = [name for round in self.guide.rounds for name in round.categories]
        known += [question.category for question in self.guide.questions]
        names = spelled(new, known)
        new = [replace(question, category=names[slug(question.category)]) for question in new]
        fresh = self.new_rounds()
        rounds = [_as_imported(self.guide, at) for at in range(len(self.guide.rounds))] + fresh
        listed: dict[str, int] = {}
        for at, round in enumerate(self.guide.rounds):
            for name in round.categories:
                listed.setdefault(slug(name), at)
        chosen = place(rounds, new, listed)
        missing = {name: at for name, at in chosen.items() if name not in listed}
        for name, at in missing.items():
            if at < len(self.guide.rounds):
                self.list_category(at, names[name])
        for at, each in enumerate(fresh, len(self.guide.rounds)):
            self.add_round(each, [names[name] for name, chose in missing.items() if chose == at])
        ids = new_ids((q.question for q in new), (q.id for q in self.guide.questions), "question")
        return list(zip(ids, new, strict=True))

    def new_rounds(self) -> list[ImportedRound]:
        known = {slug(round.title) for round in self.guide.rounds}
        known |= {str(round.id) for round in self.guide.rounds}
        return [
            round
            for round in self.imported.rounds
            if not {slug(round.title), ascii_slug(round.title)} & known
        ]

    def list_category(self, at: int, name: str) -> None:
        file = self.file(self.folder / files.GUIDE)
        round = _rounds(file)[at]
        if not file.append(round, "categories", name, ("title", "id")):
            message = f"can't add the category {name!r} here: add it to this round's categories"
            raise BankError([Problem(message, round.place)])

    def add_round(self, round: ImportedRound, categories: Sequence[str]) -> None:
        file = self.file(self.folder / files.GUIDE)
        (id,) = new_ids([round.title], (r.id for r in self.guide.rounds), "round")
        item = round_yaml(round_value(round, id, categories))
        assert isinstance(file.tree, Mapping)  # it was loaded
        if not file.append_item(file.tree, "rounds", item):
            message = f"can't add the round {round.title!r} here: write the list with dashes"
            raise BankError([Problem(message, file.tree.entries["rounds"].place)])
        self.remarks.warn(
            f"the round {round.title!r} is new: it was added as the last one", round.line
        )

    def appended(
        self, changed: dict[Path, bytes], added: Iterable[tuple[str, ImportedQuestion]]
    ) -> dict[Path, bytes]:
        """The changed files, with the new questions at the end of those of their categories."""
        texts = dict(changed)
        by_file: dict[Path, list[tuple[str, ImportedQuestion]]] = {}
        for id, question in added:
            by_file.setdefault(self.path_for(question), []).append((id, question))
        for path, new in by_file.items():
            try:
                texts[path] = self.append(texts.get(path), new, path)
            except BankError:  # a file that ends in something else, so they go beside it
                path = path.with_name(f"{path.stem}-imported.yaml")
                texts[path] = self.append(texts.get(path), new, path)
        return texts

    def append(
        self, changed: bytes | None, new: Sequence[tuple[str, ImportedQuestion]], path: Path
    ) -> bytes:
        """A file with new questions at its end. Raises BankError where that can't be."""
        old = path.read_bytes() if changed is None and path.exists() else changed
        return with_questions(old, questions_yaml(new), path, self.folder, len(new))

    @cached_property
    def paths(self) -> dict[str, Path]:
        """The file of each category, the last that holds any of its questions."""
        return {slug(q.category): Path(q.place.path) for q in self.guide.questions}

    def path_for(self, question: ImportedQuestion) -> Path:
        known = self.paths.get(slug(question.category))
        return known or question_path(self.folder, question.category)


def _rounds(file: YamlFile) -> list[Mapping]:
    assert isinstance(file.tree, Mapping)  # it was loaded
    rounds = file.tree.entries["rounds"].value
    assert isinstance(rounds, ListNode)
    return [round for round in rounds.items if isinstance(round, Mapping)]


def _as_imported(guide: Guide, at: int) -> ImportedRound:
    round = guide.rounds[at]
    return ImportedRound(
        title=round.title, format=round.format, focus=tuple(item.source for item in round.focus)
    )
