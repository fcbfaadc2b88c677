"""load_bank: a folder of YAML -> the model, or every error in it.

Files become nodes (`yamltree`), nodes become values (`declared`), and what shows only when the
whole guide is there (rounds, ids, images, codes) is checked here. No error ends the reading.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from . import files, yamltree
from . import ledger as ledgers
from .collector import resting
from .declared import MAX_SLUG, Reader, keys
from .ledger import Ledger
from .model import Bank, Card, Guide, Media, Question, Round, Slug
from .problems import BankError, Place, Problem
from .remarks import SIMPLE_CLOZE, RemarkPlaces, may_be_wrong
from .texts import Markdown
from .words import ascii_slug, did_you_mean, quoted, slug, some
from .yamltree import Entry, Mapping, Node, Scalar, Sequence, Tree


def load_bank(path: str | os.PathLike[str]) -> Bank:
    """Read a bank: a folder whose sub-folders are guides, or one guide's own folder.

    Raises BankError with every error in every file of it.
    """
    bank, problems = read_bank(Path(path))
    if problems:
        raise BankError(problems)
    return bank


def read_bank(root: Path) -> tuple[Bank, list[Problem]]:
    """A bank as far as it can be read, and every error in it, by place."""
    problems: list[Problem] = []
    guides: list[Guide] = []
    with resting():
        for folder in _folders(root, problems):
            guide = _read_guide(folder, problems)
            if guide is None:
                continue
            if guide.id and (same := next((g for g in guides if g.id == guide.id), None)):
                message = f"guide id {guide.id!r} is taken by {same.place.path}"
                problems.append(Problem(message, guide.place))
            guides.append(guide)
    return Bank(path=root, guides=tuple(guides)), in_order(problems)


def _folders(root: Path, problems: list[Problem]) -> list[Path]:
    try:
        return files.guide_folders(root)
    except BankError as error:
        problems += error.problems
        return []


def _read_guide(folder: Path, problems: list[Problem]) -> Guide | None:
    try:
        return _GuideLoader(folder, problems).load()
    except BankError as error:  # one of its folders can't be read; the other guides may have errors
        problems += error.problems
        return None


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file and position, each once: a value from `defaults` is read for every question."""
    return sorted(dict.fromkeys(problems), key=lambda p: p.place or Place(""))


def question_list(tree: Node | None) -> Node | None:
    """What stands in a question file's tree where the list of questions should: the whole tree, or
    in a mapping the value of its key `questions`."""
    if not isinstance(tree, Mapping):
        return tree
    return tree.entries["questions"].value if "questions" in tree.entries else None


class _Written(NamedTuple):
    """A question as its file has it: some of its nodes by key, those of `defaults` filled in."""

    place: Place
    entries: dict[str, Entry]

    def at(self, key: str) -> Place:
        """Where a key's value stands, or the question where it has none."""
        return self.entries[key].value.place if key in self.entries else self.place


MAX_ROUNDS = 500
"""Of a guide: each becomes a deck, and what writes those takes longer the more there are."""

_KEPT = ("id", "category", "rounds", "tags")
"""What is asked for when all files are read. The rest of a tree is let go with its file, so that
there is never more than one of them."""

_MAX_HINTS = 100


def _is_question(node: Mapping) -> bool:
    """Whether what is to hold questions is one itself."""
    others = node.entries.keys() - {"question", "questions", "defaults"}
    return any(key.name in others for key in keys(Question))


class _GuideLoader:
    """Reads one guide's folder."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.folder = folder
        self.problems = problems
        self.report = problems.append
        self.reader = Reader(self.report)
        self.remarks = RemarkPlaces()
        self.hints = 0
        self.knows_rounds = True
        """Whether all that the guide says of its rounds was understood. Otherwise nothing is said
        of what questions say of them."""
        self.categories: list[tuple[str, Place]] = []
        """Those of its rounds."""
        self.titles: dict[str, Slug] = {}
        """The ids of its rounds by what would be an id made of their titles."""
        self.homes: dict[str, Slug] = {}
        """The first round that lists each category, by the category's slug."""

    def hint(self, found: str, known: Iterable[str]) -> str:
        """What may have been meant; nothing after many hints, each of which takes a while."""
        self.hints += 1
        return did_you_mean(found, known) if self.hints <= _MAX_HINTS else ""

    def problem(self, message: str, place: Place) -> None:
        self.report(Problem(message, place))

    def load(self) -> Guide | None:
        guide = self.guide()
        ledger = self.ledger()
        # Questions are read even when guide.yaml is broken, so that their errors show as well.
        questions = [pair for file in files.question_files(self.folder) for pair in self.file(file)]
        self.check_unique("question id", ((q.id, w.at("id")) for q, w in questions))
        if guide is None:
            return None
        self.check_unique("round id", ((r.id, r.place) for r in guide.rounds))
        self.check_spellings(guide, questions)
        self.homes = {slug(name): r.id for r in reversed(guide.rounds) for name in r.categories}
        known = dict.fromkeys(round.id for round in guide.rounds)
        self.titles = {ascii_slug(round.title): round.id for round in reversed(guide.rounds)}
        placed = [
            (question, self.rounds(question, written, known) or self.home(guide, question, written))
            for question, written in questions
        ]
        guide = replace(guide, media=self.media())
        try:
            if self.problems:
                return replace(guide, questions=tuple(question for question, _ in questions))
            return _numbered(guide, ledger, placed)
        except ledgers.Full as full:
            self.problem(str(full), guide.place)
            return guide

    # -- files

    def data(self, path: Path) -> bytes:
        """What is in a file; nothing when it can't be read."""
        try:
            return files.read(path, self.folder)
        except files.Unreadable as error:
            self.problem(f"can't read this file: {error}", Place(path.as_posix()))
            return b""

    def tree(self, path: Path) -> Tree:
        """The tree of a file. What is missing is not told of one that was not read as a whole."""
        tree = yamltree.read(self.data(path), path.as_posix(), self.report)
        self.reader.is_partial = not tree.is_whole
        return tree

    def guide(self) -> Guide | None:
        path = self.folder / files.GUIDE
        node, is_whole = self.tree(path)
        if node is None:
            if is_whole:
                self.problem("the file is empty: expected a guide", Place(path.as_posix()))
            return None
        guide = self.reader.read(Guide, node)
        if guide is None or not is_whole:
            return None
        self.look_at_rounds(guide, node)
        if not guide.rounds and self.knows_rounds:
            self.problem("a guide needs at least one round", guide.place)
        if len(guide.rounds) > MAX_ROUNDS:
            message = f"{len(guide.rounds):,} rounds: the limit is {MAX_ROUNDS}"
            self.problem(message, guide.place)
        return guide if guide.id else self.named_by_folder(guide)

    def look_at_rounds(self, guide: Guide, node: Node) -> None:
        """Notes the rounds' categories, and whether all was understood that questions refer to."""
        entry = node.entries.get("rounds") if isinstance(node, Mapping) else None
        rounds = [item.entries for item in _items(entry) if isinstance(item, Mapping)]
        named = [round.get("categories") for round in rounds]
        self.categories = [name for entry in named for name in _names(entry)]
        declared = {key.name for key in keys(Round)}
        self.knows_rounds = (
            entry is not None
            and isinstance(entry.value, Sequence)
            and len(entry.value.items) == len(guide.rounds)
            and all(round.id for round in guide.rounds)
            and all(declared.issuperset(round) for round in rounds)
            and all(_is_list(entry) for entry in named)
        )

    def named_by_folder(self, guide: Guide) -> Guide:
        name = self.folder.resolve().name
        if ascii_slug(name) == name and len(name) <= MAX_SLUG:
            return replace(guide, id=Slug(name))
        near = ascii_slug(name, MAX_SLUG)
        hint = f"; did you mean {near!r}?" if near else ""
        self.problem(
            f"the folder's name {name!r} is no slug (a-z, 0-9 and hyphens, up to {MAX_SLUG}): "
            f"add an 'id'{hint}",
            guide.place,
        )
        return guide

    def ledger(self) -> Ledger:
        path = self.folder / files.LEDGER
        if not os.path.lexists(path):
            return Ledger()
        data = self.data(path)
        if known := ledgers.as_written(data.decode("utf-8", "replace")):
            return known
        name = path.as_posix()
        tree = ledgers.merged(data, name, self.report)
        return ledgers.read(tree or yamltree.parse(data, name, self.report), self.report)

    # -- questions

    def file(self, path: Path) -> list[tuple[Question, _Written]]:
        tree, _ = self.tree(path)
        if isinstance(tree, Mapping) and _is_question(tree):
            message = "expected a list of questions: write '- ' before the first key of each"
            self.problem(message, tree.place)
            return []
        # Questions are left out whole: those that are there lack nothing but lost defaults.
        self.reader.is_partial &= isinstance(tree, Mapping) and "defaults" not in tree.entries
        defaults = self.defaults(tree) if isinstance(tree, Mapping) else {}
        node = question_list(tree)
        if node is None or yamltree.is_blank(node):
            return []
        if not isinstance(node, Sequence):
            self.problem("expected a list of questions, each after '- '", node.place)
            return []
        filled_in = len(node.items) * sum(yamltree.size(entry.value) for entry in defaults.values())
        if filled_in > yamltree.MAX_BYTES:
            limit = yamltree.MAX_BYTES // 2**20
            message = f"more than {limit} MiB with its defaults filled in: split the file"
            self.problem(message, Place(path.as_posix()))
            return []
        read = (self.question(item, defaults) for item in node.items)
        return [pair for pair in read if pair is not None]

    def defaults(self, node: Mapping) -> dict[str, Entry]:
        for name, entry in node.entries.items():
            if name not in ("defaults", "questions"):
                hint = did_you_mean(name, ("defaults", "questions"))
                expected = "; expected a list of questions, or a mapping of defaults and questions"
                message = f"unknown key {quoted(name)} in a question file{hint or expected}"
                self.problem(message, entry.place)
        if "defaults" not in node.entries:
            return {}
        defaults = node.entries["defaults"].value
        if yamltree.is_blank(defaults):
            return {}
        if not isinstance(defaults, Mapping):
            self.problem("expected a mapping of keys and values", defaults.place)
            return {}
        if "id" in defaults.entries:
            self.problem("an id can't be a default", defaults.entries["id"].place)
        return {name: entry for name, entry in defaults.entries.items() if name != "id"}

    def question(self, node: Node, defaults: dict[str, Entry]) -> tuple[Question, _Written] | None:
        if not isinstance(node, Mapping):
            self.problem("expected a question: a mapping with an id and more", node.place)
            return None
        entries = {**defaults, **node.entries}
        math = entries.get("math")
        value = math.value if math else None
        # In any case of its letters, as the reader of the key itself takes it.
        self.reader.math = not (isinstance(value, Scalar) and value.text.lower() == "false")
        question = self.reader.read(Question, Mapping(entries, node.mark))
        if question is None:
            return None
        self.check_cards(question)
        kept = {key: entries[key] for key in _KEPT if key in entries}
        return question, _Written(question.place, kept)

    def check_cards(self, question: Question) -> None:
        self.check_unique("card id", ((c.id, c.place) for c in question.cards))
        for card in question.cards:
            self.check_card(card)

    def check_card(self, card: Card) -> None:
        if card.cloze and (card.front or card.back):
            self.problem("a card has either a front and a back or a cloze, not both", card.place)
        elif card.cloze:
            if not (SIMPLE_CLOZE.fullmatch(card.cloze.source) or _hides_something(card.cloze)):
                message = "this cloze hides nothing: expected {{c1::...}} round what to recall"
                self.problem(message, card.cloze.place or card.place)
        elif not (card.front and card.back) and card.place not in self.reader.doubtful:
            self.problem("a card needs a 'front' and a 'back', or a 'cloze'", card.place)

    def rounds(
        self, question: Question, written: _Written, known: dict[Slug, None]
    ) -> tuple[Slug, ...]:
        """The rounds that a question names, each of which must be known."""
        named: set[str] = set()
        own = set(question.rounds)
        for node in _items(written.entries.get("rounds")):
            id = node.text if isinstance(node, Scalar) else ""
            if id not in own:
                continue  # no slug, which is reported
            if id in named:
                self.problem(f"round {id!r} is named twice", node.place)
            elif id not in known and self.knows_rounds:
                self.problem(f"unknown round {id!r}{self.meant(id, known)}", node.place)
            named.add(id)
        return question.rounds

    def home(self, guide: Guide, question: Question, written: _Written) -> tuple[Slug, ...]:
        """The round of a question that names none: the first that lists its category."""
        wanted = slug(question.category)
        if not wanted:
            return ()  # missing, which is reported
        if wanted in self.homes:
            return (self.homes[wanted],)
        if not self.knows_rounds:
            return ()
        categories = (name for round in guide.rounds for name in round.categories)
        hint = self.hint(question.category, categories)
        mend = ": add it to a round's categories in guide.yaml, or give the question its rounds"
        message = f"no round lists the category {quoted(question.category)}{hint or mend}"
        self.problem(message, written.at("category"))
        return ()

    def meant(self, id: str, known: Iterable[str]) -> str:
        """The round that may be meant by a word that is no id of any, its title perhaps."""
        if id in self.titles:
            return f"; did you mean {self.titles[id]!r}?"
        return self.hint(id, known) or f"; the guide has {some(filter(None, known))}"

    # -- the whole guide

    def check_unique(self, what: str, ids: Iterable[tuple[str, Place]]) -> None:
        first: dict[str, Place] = {}
        for id, place in ids:
            if not id:
                continue  # missing, which is reported
            if id in first:
                self.problem(f"{what} {id!r} is taken: first in {first[id]}", place)
            else:
                first[id] = place

    def check_spellings(self, guide: Guide, questions: list[tuple[Question, _Written]]) -> None:
        """Names with the same slug become one tag, so they must be spelt the same."""
        categories = self.categories + [(q.category, w.at("category")) for q, w in questions]
        tags = [name for _, w in questions for name in _names(w.entries.get("tags"))]
        for kind, names in (("category", categories), ("tag", tags)):
            first: dict[str, tuple[str, Place]] = {}
            for name, place in names:
                if name and not slug(name):
                    self.problem(f"the {kind} {name!r} has no letter or digit", place)
                spelt, where = first.setdefault(slug(name), (name, place))
                if spelt != name:
                    message = (
                        f"{kind} {name!r} and {spelt!r} in {where} are one tag, {slug(name)!r}: "
                        "expected one spelling, or names that differ in a letter or a digit"
                    )
                    self.problem(message, place)

    # -- texts

    def media(self) -> dict[str, Media]:
        """Looks into every text that may be wrong, and into the images they refer to."""
        found: dict[str, Media | str] = {}
        root = self.folder / "media"
        files_by_name = {p.relative_to(root).as_posix(): p for p in files.media_files(self.folder)}
        for text in self.reader.texts:
            if not may_be_wrong(text):
                continue
            for problem in self.remarks.problems(text):
                if not problem.warning:
                    self.report(problem)
            for source in _images(text):
                if source not in found:
                    found[source] = self.image(source, files_by_name)
                image = found[source]
                if isinstance(image, str):
                    self.problem(image, self.remarks.place(text, source))
        return {name: media for name, media in found.items() if isinstance(media, Media)}

    def image(self, source: str, known: dict[str, Path]) -> Media | str:
        """An image by its name in a text, or why it can't be used."""
        path = known.get(source)
        if path is None:
            hint = self.hint(source, known)
            return f"no image {source!r}: expected a file in {self.folder.as_posix()}/media/{hint}"
        # Lazy import: most guides have no images.
        from .media import MediaError, identify

        try:
            return identify(path, files.read(path, self.folder))
        except MediaError as error:
            return f"the image {source!r} {error}"
        except files.Unreadable as error:
            return f"can't read the image {source!r}: {error}"


def _numbered(
    guide: Guide, ledger: Ledger, placed: list[tuple[Question, tuple[Slug, ...]]]
) -> Guide:
    """The guide with its questions, given with their rounds, its numbers and codes: those of the
    ledger, and new ones after them. A draft's code is its own only until it is published, so the
    ledger does not keep it."""
    kept = ledger.with_rounds(round.id for round in guide.rounds)
    kept = kept.with_questions((q.id, in_[0]) for q, in_ in placed if q.status != "draft")
    codes = kept.with_questions((q.id, in_[0]) for q, in_ in placed).questions
    return replace(
        guide,
        rounds=tuple(replace(r, number=kept.rounds[r.id]) for r in guide.rounds),
        questions=tuple(_set(q, rounds=in_, code=codes[q.id]) for q, in_ in placed),
        ledger=kept,
    )


def _set(question: Question, **fields: object) -> Question:
    """A question with what is known when the whole guide is. It is nobody's yet, so there is no
    need to copy its other fields."""
    for name, value in fields.items():
        object.__setattr__(question, name, value)
    return question


def _images(text: Markdown) -> list[str]:
    """The sources of the images in a text."""
    # Lazy import, here and below: few texts are parsed while a bank is read.
    from .markdown import Image, walk

    return [part.source for part in walk(text.blocks) if isinstance(part, Image)]


def _hides_something(cloze: Markdown) -> bool:
    """Whether a text has a cloze, or remarks that say why not."""
    from .markdown import Gap, walk

    return bool(cloze.remarks) or any(isinstance(part, Gap) for part in walk(cloze.blocks))


def _items(entry: Entry | None) -> tuple[Node, ...]:
    return entry.value.items if entry and isinstance(entry.value, Sequence) else ()


def _is_list(entry: Entry | None) -> bool:
    return entry is None or yamltree.is_blank(entry.value) or isinstance(entry.value, Sequence)


def _names(entry: Entry | None) -> list[tuple[str, Place]]:
    """The names in a list, as they are read, with their places."""
    names = [node for node in _items(entry) if isinstance(node, Scalar)]
    return [(" ".join(node.text.split()), node.place) for node in names]
