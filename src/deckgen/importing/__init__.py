"""`deckgen import`: a page's text, a table or a deck of cards -> a guide's folder.

A file is read as an `Imported` (values) guide:

- a page's text (pages): below its title (heads), its rounds (interviews), the line above each
  question (labels), with plain text made Markdown (plain); any other page with questions (lists); a
  page saved as HTML (saved, its tables by grids) is turned into text first
- a table of cards (tables) or an Anki deck (decks): gathered into a guide (cards), with HTML made
  Markdown (snippets)

It becomes a `Plan` of what to write: for a new guide here (writing), for one that is there already
by edits of its files (merging, edits). Both need to know which round each category belongs to
(placing), and which question is which (identity). The plan is carried out whole or not at all
(storing). What found no place is told (remarks).
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from .. import files
from ..limits import alarm
from ..loader import MAX_ROUNDS, read_bank
from ..model import Guide
from ..problems import BankError, Place, Problem
from ..schemas import first_line, schema_files
from ..words import ascii_slug, count, slug
from ..yamltree import MAX_BYTES
from .identity import match, new_ids
from .merging import merge
from .placing import place
from .storing import Plan, question_path, standing, store
from .values import Given, Imported, ImportedQuestion, ImportedRound, Line, refusal
from .writing import guide_yaml, questions_yaml, spelled

MAX_PACKAGE = 1024 * 1024 * 1024
MAX_SECONDS = 120
_ZIP = b"PK\x03\x04"

_NO_ROUND = ImportedRound(title="Interview")


@dataclass(frozen=True)
class Result:
    """What an import did: the files written, those removed, a sentence about it, and remarks."""

    written: tuple[Path, ...]
    removed: tuple[Path, ...]
    summary: str
    remarks: tuple[Problem, ...]


def import_data(
    data: bytes, path: str, *, bank: Path, output: Path | None, given: Given, force: bool
) -> Result:
    """Import a file's content. `path` names it, `-` where it has no name.

    The guide goes to `output`, else to a folder of `bank` named by its title. One that is there
    already is brought up to date, or with `force` written anew. Raises BankError, with nothing
    written, for what can't be read or would not pass a check, or not in MAX_SECONDS: HTML can keep
    its parser busy, as can listings, or questions that are nearly those of the bank.
    """
    try:
        with alarm(MAX_SECONDS):
            return _import(data, path, bank=bank, output=output, given=given, force=force)
    except TimeoutError:
        message = f"it took more than {MAX_SECONDS} seconds to import: split the file"
        raise refusal(message, path) from None


def _import(
    data: bytes, path: str, *, bank: Path, output: Path | None, given: Given, force: bool
) -> Result:
    imported = _whole(read(data, path, given), path)
    folder = output or bank / _folder_name(imported)
    try:
        own = folder.resolve()
    except RuntimeError:  # Python 3.13 leaves it to what is done with the folder
        message = "it is a link that leads to itself: choose another folder with -o"
        raise refusal(message, folder.as_posix()) from None
    around = [parent for parent in own.parents if parent.is_dir()]
    with contextlib.ExitStack() as held:
        for each in (*around[:1], own):  # the guide's own folder may be new
            held.enter_context(files.alone(each))
            files.sweep(each)
        return _put(imported, folder, path, force=force)


def _put(imported: Imported, folder: Path, path: str, *, force: bool) -> Result:
    known = _known(folder, imported, force)
    if known is None or force:
        plan = _new(folder, known, imported)
        if not (known or force):
            _check_begun(plan)
    else:
        plan = merge(folder, known, imported, path)
    before = {file: standing(file, folder) for file in [*plan.texts, *plan.removed]}
    plan = replace(plan, texts={f: data for f, data in plan.texts.items() if before[f] != data})
    try:
        guide = store(plan, before)
    except BankError as error:  # about files that are gone again
        raise BankError(
            Problem(f"not imported: it would become {p.place}: {p.message}", Place(path))
            for p in error.problems
        ) from None
    return Result(
        written=tuple(sorted(plan.texts)),
        removed=tuple(plan.removed),
        summary=_summary(guide, plan),
        remarks=(*imported.remarks, *plan.remarks),
    )


def begun(file: IO[bytes]) -> bytes:
    """A file's bytes, as many as an import may need to see: a pipe or a device need not end."""
    data = file.read(MAX_BYTES + 1)
    return data + file.read(MAX_PACKAGE) if data.startswith(_ZIP) else data


def read(data: bytes, path: str, given: Given) -> Imported:
    """What a file holds, whatever it is: its content says so, and for tables its name. Raises
    BankError for what can't be read."""
    # Lazy imports: each kind of file has a library of its own.
    suffix = Path(path).suffix.lower()
    if suffix == ".apkg" or data.startswith(_ZIP):
        from .decks import read_deck

        if len(data) > MAX_PACKAGE:
            raise refusal(f"the file has more than {MAX_PACKAGE // 2**20} MiB", path)
        return read_deck(data, path, given)
    if len(data) > MAX_BYTES:
        raise refusal(f"the file has more than {MAX_BYTES // 2**20} MiB", path)
    from .pages import text_lines
    from .saved import html_lines, is_html
    from .tables import as_tsv, is_export, read_table

    if suffix in (".html", ".htm", ".xhtml") or is_html(data):
        return _page(html_lines(data, path), path, given)
    text = _decoded(data, path)
    if suffix in (".csv", ".tsv") or is_export(text):
        return read_table(text, path, suffix, given)
    rows, title = as_tsv(text)
    if rows:
        return read_table(rows, path, ".tsv", given._replace(title=given.title or title))
    return _page(text_lines(text), path, given)


def _page(lines: list[Line], path: str, given: Given) -> Imported:
    from .lists import read_list
    from .pages import read_page

    if not any(line.text.strip() for line in lines):
        raise refusal("the file is empty: expected the text of a page", path)
    found = read_page(lines, path, given) or read_list(lines, path, given)
    if found is None:
        message = "found no questions: expected an interview-guide page, or a list of questions"
        raise refusal(message, path)
    return found


def _decoded(data: bytes, path: str) -> str:
    """The text of a file: UTF-8, or UTF-16 where it begins with a byte order mark."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise refusal("this is no text in UTF-8: save it as UTF-8", path) from None
    if "\0" in text:
        raise refusal("this is no text: it holds binary data", path)
    return text


def _whole(imported: Imported, path: str) -> Imported:
    """With at least one round, as every guide has, and each category in one spelling."""
    names = spelled(imported.questions)
    questions = (replace(q, category=names[slug(q.category)]) for q in imported.questions)
    rounds = imported.rounds or (_NO_ROUND,)
    if len(rounds) > MAX_ROUNDS:
        raise refusal(f"it has {len(rounds):,} rounds: the limit is {MAX_ROUNDS}", path)
    return replace(imported, rounds=rounds, questions=tuple(questions))


def _folder_name(imported: Imported) -> str:
    return ascii_slug(imported.title, 80) or "imported-guide"


def _known(folder: Path, imported: Imported, force: bool) -> Guide | None:
    """The guide that stands in a folder. Raises BankError where it is another one, or broken, or
    where something else stands there, unless that is to be replaced."""
    where = folder.as_posix()
    if folder.exists() and not folder.is_dir():
        raise refusal("it is no folder: choose another one with -o", where)
    if not (folder / files.GUIDE).exists():
        if folder.is_dir() and any((inside / files.GUIDE).exists() for inside in folder.iterdir()):
            own = (folder / _folder_name(imported)).as_posix()
            raise refusal(f"it holds guides: give this one a folder of its own, -o {own}", where)
        return None
    read, errors = read_bank(folder)
    if errors and not force:
        raise BankError(errors)
    if not read.guides:
        return None
    (guide,) = read.guides
    same = slug(guide.title) == slug(imported.title) or slug(guide.company) == slug(
        imported.company
    )
    if not (same or force):
        message = f"it holds another guide, {guide.title!r}: choose another folder with -o"
        raise refusal(f"{message}, or replace it with --force", where)
    return guide


def _check_begun(plan: Plan) -> None:
    """Raises BankError where a folder without a guide has questions, but for those that an import
    of the same was about to write when it was killed."""
    if any(plan.texts.get(p) != files.content(p) for p in files.question_files(plan.folder)):
        message = "it holds questions but no guide.yaml: --force replaces them"
        raise refusal(message, plan.folder.as_posix())


def _new(folder: Path, known: Guide | None, imported: Imported) -> Plan:
    """The files of a new guide. Questions that were known keep their ids."""
    ids = _ids(imported.questions, known)
    round_ids = new_ids((round.title for round in imported.rounds), (), "round")
    chosen = place(imported.rounds, imported.questions)
    names = spelled(imported.questions)
    categories = [
        [names[name] for name, at in chosen.items() if at == number]
        for number in range(len(imported.rounds))
    ]
    by_file: dict[Path, list[tuple[str, ImportedQuestion]]] = {}
    for id, question in zip(ids, imported.questions, strict=True):
        by_file.setdefault(question_path(folder, question.category), []).append((id, question))
    own_id = str(known.id) if known and known.id else ascii_slug(imported.title, 80) or "guide"
    id = "" if folder.resolve().name == own_id else own_id
    written = {folder / files.GUIDE: guide_yaml(imported, id, round_ids, categories)}
    written |= {path: questions_yaml(inside) for path, inside in by_file.items()}
    texts = {path: (first_line(path, folder) + text).encode() for path, text in written.items()}
    texts |= schema_files(folder)
    texts |= {folder / "media" / name: data for name, data in imported.media.items()}
    removed = [path for path in files.question_files(folder) if path not in texts]
    return Plan(folder=folder, texts=texts, removed=removed, added=len(ids))


def _ids(questions: Sequence[ImportedQuestion], known: Guide | None) -> list[str]:
    # A guide with errors is known as far as it could be read.
    old = {question.id: question for question in (known.questions if known else ()) if question.id}
    found = match(questions, [*old.values()])
    kept = [question.id for question in found if question]
    fresh = [q.question for q, same in zip(questions, found, strict=True) if same is None]
    made = iter(new_ids(fresh, kept, "question"))
    return [str(same.id) if same else next(made) for same in found]


def _summary(guide: Guide, plan: Plan) -> str:
    parts = [f"{plan.added} new"]
    if plan.counted:
        parts.append(f"{count(plan.counted, 'count')} updated")
    if plan.absent:
        parts.append(f"{plan.absent} not in what was imported, left as they are")
    size = f"{count(len(guide.questions), 'question')} in {count(len(guide.rounds), 'round')}"
    return f"{plan.folder.as_posix()}: {size}: {', '.join(parts)}"


__all__ = ["Given", "Result", "import_data"]
