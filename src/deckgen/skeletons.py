"""`deckgen new`: commented skeletons that pass `deckgen check` as they are written."""

from __future__ import annotations

import json
from pathlib import Path

from . import files
from .declared import MAX_SLUG
from .loader import load_bank, question_list
from .model import Guide
from .problems import BankError, Place, Problem
from .schemas import first_line, schema_files
from .words import ascii_slug, slug
from .yamltree import Node, Sequence, forbidden, parse

_GUIDE = """\
# Every key is described in docs/bank.md of deckgen; `deckgen check` finds what is wrong.
title: {title}
company: {company}
role: {role}
{level}updated: {updated}
summary: |
  What the process is like, who takes part, and what is only reported.

# Where the facts come from.
# source:
#   - {{title: The page's title, url: https://example.com/}}

# In order. An id never changes once it is published.
rounds:
  - id: first-round
    title: First Round
    summary: |
      What happens in it.
    duration: 45 minutes
    format: video call
    focus:
      - what it tests
    tips:
      - how to prepare
    pitfalls:
      - how people fail it
    ask:
      - what to ask them
    # A question that names no round goes to the first round that lists its category.
    categories:
      - {category}
"""

_QUESTION = """\
- id: {id}
  question: |
    {question}
  category: {category}
  difficulty: {difficulty}
  type: {type}
  status: draft # published, when it is ready
  # answer: |
  #   A model answer, in Markdown.
  # key_points:
  #   - what a strong answer must touch
  # follow_ups:
  #   - {{question: What is asked next?, answer: A short answer.}}
  # pitfalls:
  #   - what sinks an answer
  # cards:
  #   - {{id: first, front: What is asked?, back: What is recalled.}}
  #   - {{id: second, cloze: "A sentence that hides {{{{c1::a few words}}}} of it."}}
"""


def new_guide(
    bank: Path, title: str, *, company: str, role: str, level: str, updated: str, category: str
) -> list[Path]:
    """Write a guide's skeleton below a bank; give the files written. Raises BankError when its
    folder is there already."""
    _check_texts(title, company, role, level, category)
    names = {"title": title, "company": company, "role": role, "category": category}
    for what, name in names.items():
        if not slug(name):
            raise BankError([Problem(f"the {what} {name!r} has no letter or digit")])
    id = ascii_slug(title, MAX_SLUG) or "new-guide"
    folder = bank / id
    if (bank / files.GUIDE).exists():
        message = "it is a guide's own folder: name the bank, a folder whose sub-folders are guides"
        raise BankError([Problem(message, Place(bank.as_posix()))])
    if folder.exists():
        message = "it is there already: choose another title, or edit it"
        raise BankError([Problem(message, Place(folder.as_posix()))])
    guide = _GUIDE.format(
        title=as_yaml(title),
        company=as_yaml(company),
        role=as_yaml(role),
        level=f"level: {as_yaml(level)}\n" if level else "",
        updated=updated,
        category=as_yaml(category),
    )
    question = _question("first-question", "What would you ask?", category, "medium", "technical")
    texts = {
        folder / files.GUIDE: guide,
        folder / "questions" / _file_name(category): question,
    }
    written = {path: (first_line(path, folder) + text).encode() for path, text in texts.items()}
    written = {**schema_files(folder), **written}
    files.write(written, bank)
    return list(written)


def new_question(
    bank: Path, guide: Guide, *, id: str, question: str, category: str, difficulty: str, type: str
) -> Path:
    """Add a question's skeleton to the guide's file for its category; give that file.

    Raises BankError when the id is taken, no round lists the category, or the file has no list at
    its end that a question can be added to.
    """
    _check_texts(id, question.replace("\n", " "), category, type)
    folder = Path(guide.place.path).parent
    path = _file_for(guide, folder, category)
    text = _question(id, question, category, difficulty, type)
    old = path.read_bytes() if path.exists() else None
    files.write({path: with_questions(old, text, path, folder)}, folder)
    try:
        load_bank(bank)
    except BankError as error:
        if old is None:
            path.unlink()
        else:
            files.write({path: old}, folder)
        # Where it stood is no place any more.
        raise BankError(problem._replace(place=None) for problem in error.problems) from None
    return path


def _check_texts(*texts: str) -> None:
    for text in texts:
        if bad := forbidden(text):
            raise BankError([Problem(f"{text!r} holds {bad}")])


def _file_for(guide: Guide, folder: Path, category: str) -> Path:
    """Where questions of a category stand already, else a new file."""
    same = [q.place.path for q in guide.questions if slug(q.category) == slug(category)]
    return Path(same[-1]) if same else folder / "questions" / _file_name(category)


def _file_name(category: str) -> str:
    return f"{ascii_slug(category, MAX_SLUG) or 'questions'}.yaml"


def with_questions(
    data: bytes | None, questions: str, path: Path, folder: Path, number: int = 1
) -> bytes:
    """A file of a guide's folder with a number of questions after the last; what stands there is
    left as it is. One that is new, without `data`, names its schema first. Raises BankError where
    that can't be."""
    old = files.Written(first_line(path, folder)) if data is None else files.Written.of(data)
    return old.with_text(_appended(old.text, questions, path, number))


def _appended(old: str, questions: str, path: Path, number: int) -> str:
    problems: list[Problem] = []
    node = parse(old.encode(), path.as_posix(), problems.append)
    if problems:
        raise BankError(problems)
    before, indent = _list_of(node)
    lines = "".join(f"{' ' * indent}{line}" for line in questions.splitlines(keepends=True))
    new = old.rstrip("\n") + "\n" + ("\n" if before else "") + lines
    after, _ = _list_of(parse(new.encode(), path.as_posix(), problems.append))
    if problems or after != before + number:
        message = "can't add a question at its end: expected a list of questions, one to a dash"
        raise BankError([Problem(message, Place(path.as_posix()))])
    return new


def _list_of(tree: Node | None) -> tuple[int, int]:
    """How many questions a file's tree has, and how far their dashes are indented."""
    node = question_list(tree)
    if not isinstance(node, Sequence) or not node.items:
        return 0, 0
    return len(node.items), node.place.column - 1


def _question(id: str, question: str, category: str, difficulty: str, type: str) -> str:
    words = "\n    ".join(question.strip().splitlines())
    return _QUESTION.format(
        id=id, question=words, category=as_yaml(category), difficulty=difficulty, type=type
    )


def as_yaml(text: str) -> str:
    """A text as a YAML scalar: JSON's quoting, where plain would be read as something else."""
    plain = text.replace(" ", "").replace("-", "").replace("/", "")
    return text if plain.isalpha() and text[0].isalpha() else json.dumps(text, ensure_ascii=False)
