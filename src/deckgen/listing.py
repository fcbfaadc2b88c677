"""What `list`, `show`, `stats` and `exporters` print, as lines of text or as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .declared import keys, type_name
from .model import DIFFICULTIES, Bank, Guide, Question, by_code
from .problems import BankError, Problem, printable
from .terminal import lines
from .texts import Markdown
from .words import count, did_you_mean, one_of

if TYPE_CHECKING:
    from .registry import Installed

# ------------------------------------------------------------------------------------------ list


def question_lines(guides: Sequence[Guide]) -> Iterator[str]:
    """One line a question: code, difficulty, type, round, id, and how the question begins. Of
    several guides each id has its guide's before it, as `show` takes it."""
    several = sum(bool(guide.questions) for guide in guides) > 1
    found = [(guide, question) for guide in guides for question in by_code(guide.questions)]
    rows = [
        (q.code, q.difficulty, q.type, q.round, f"{guide.id}/{q.id}" if several else q.id)
        for guide, q in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, (_, q) in zip(rows, found, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        status = "" if q.status == "published" else f"[{q.status}] "
        yield "  ".join([*cells, status + q.question.plain])


def question_data(guides: Sequence[Guide]) -> list[dict[str, Any]]:
    """The questions as data for scripts."""
    return [
        {
            "guide": guide.id,
            "code": q.code,
            "id": q.id,
            "question": q.question.source,
            "category": q.category,
            "difficulty": q.difficulty,
            "type": q.type,
            "rounds": list(q.rounds),
            "tags": list(q.tags),
            "status": q.status,
            "practiced": q.practiced,
            "answered": bool(q.answer),
            "cards": len(q.cards),
            "file": q.place.path,
            "line": q.place.line,
        }
        for guide in guides
        for q in by_code(guide.questions)
    ]


# ------------------------------------------------------------------------------------------ show


def find_question(bank: Bank, id: str) -> tuple[Guide, Question]:
    """The question with this id or code, with its guide. `guide/id` says which guide is meant.

    Raises BankError when there is none, or more than one.
    """
    wanted_guide, slash, wanted = id.rpartition("/")
    found = [
        (guide, question)
        for guide in bank.guides
        for question in guide.questions
        if wanted in (question.id, question.code) and (not slash or guide.id == wanted_guide)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        choices = [f"{guide.id}/{question.id}" for guide, question in found]
        raise BankError([Problem(f"{id!r} is in several guides: say {one_of(choices)}")])
    known = [question.id for guide in bank.guides for question in guide.questions]
    raise BankError([Problem(f"no question has the id or code {id!r}{did_you_mean(id, known)}")])


def whole_question(guide: Guide, question: Question, width: int) -> Iterator[str]:
    """Everything the bank says of a question."""
    round = guide.round(question.round)
    yield f"{question.code}  {question.id}"
    yield f"{round.title} / {question.category} / {question.difficulty} / {question.type}"
    yield printable(f"{question.place}")
    if question.status != "published":
        yield f"status: {question.status}"
    if question.rounds[1:]:
        yield f"asked in {', '.join(guide.round(id).title for id in question.rounds[1:])}, too"
    if question.practiced:
        yield f"practised by {count(question.practiced, 'person', 'people')}"
    if question.tags:
        yield f"tags: {', '.join(question.tags)}"
    yield ""
    yield from lines(question.question.blocks, width)
    yield from _part("Hint", [question.hint], width)
    yield from _part("Key points", question.key_points, width, bullet="- ")
    yield from _part("Answer", [question.answer], width, missing="(no answer yet)")
    yield from _part("What sets a strong answer apart", question.strong, width, bullet="- ")
    if question.follow_ups:
        yield from ("", "Follow-ups")
    for follow_up in question.follow_ups:
        yield from _item(follow_up.question, width, "- ")
        yield from _item(follow_up.answer, width, "  ")
    yield from _part("Pitfalls", question.pitfalls, width, bullet="- ")
    for card in question.cards:
        sides = [card.cloze] if card.cloze else [card.front, card.back]
        yield from _part(f"Card {card.id}".rstrip(), sides, width)
    if question.references:
        yield from ("", "References")
        yield from (f"  - {link.title} <{link.url}>" for link in question.references)


def _part(
    title: str, texts: Iterable[Markdown], width: int, *, bullet: str = "", missing: str = ""
) -> Iterator[str]:
    present = [text for text in texts if text]
    if not present and not missing:
        return
    yield from ("", title)
    if not present:
        yield f"  {missing}"
    for text in present:
        yield from _item(text, width, bullet)


def _item(text: Markdown, width: int, bullet: str) -> Iterator[str]:
    for number, line in enumerate(lines(text.blocks, width - 2 - len(bullet))):
        mark = bullet if number == 0 else " " * len(bullet)
        yield f"  {mark}{line}".rstrip()


# ----------------------------------------------------------------------------------------- stats

_MISSING: dict[str, Callable[[Question], object]] = {
    "answer": lambda q: q.answer,
    "key points": lambda q: q.key_points,
    "follow-ups": lambda q: q.follow_ups,
    "pitfalls": lambda q: q.pitfalls,
    "cards": lambda q: q.cards,
    "references": lambda q: q.references,
}


def stats_data(guide: Guide) -> dict[str, Any]:
    """Counts of a guide's questions, and the ids of those that lack something."""
    questions = guide.questions
    return {
        "guide": guide.id,
        "questions": len(questions),
        "cards": sum(len(q.cards) for q in questions),
        "status": dict(Counter(q.status for q in questions)),
        "rounds": {r.id: _spread(q for q in questions if q.round == r.id) for r in guide.rounds},
        "categories": {
            category: _spread(q for q in questions if q.category == category)
            for category in sorted({q.category for q in questions})
        },
        "missing": {
            what: [q.id for q in by_code(questions) if not has(q)] for what, has in _MISSING.items()
        },
    }


def _spread(questions: Iterable[Question]) -> dict[str, int]:
    counts: Counter[str] = Counter(q.difficulty for q in questions)
    return {difficulty: counts[difficulty] for difficulty in DIFFICULTIES}


def stats_lines(guide: Guide) -> Iterator[str]:
    """The same as two tables and a list."""
    data = stats_data(guide)
    yield f"{guide.title}: {count(data['questions'], 'question')}, {count(data['cards'], 'card')}"
    titles = {round.id: f"{round.number} {round.title}" for round in guide.rounds}
    rounds = {titles[id]: spread for id, spread in data["rounds"].items()}
    for name, table in (("round", rounds), ("category", data["categories"])):
        yield ""
        yield from _spread_table(name, table)
    yield ""
    for what, ids in data["missing"].items():
        shown = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
        yield f"without {what}: {len(ids)}" + (f" ({shown})" if ids else "")
    other = {status: n for status, n in data["status"].items() if status != "published"}
    yield from (f"{status}: {number}" for status, number in sorted(other.items()))


def _spread_table(name: str, table: dict[str, dict[str, int]]) -> Iterator[str]:
    width = max(map(len, [name, "total", *table]))
    yield "  ".join([name.ljust(width), *(f"{d:>6}" for d in (*DIFFICULTIES, "total"))])
    totals: dict[str, int] = {d: sum(spread[d] for spread in table.values()) for d in DIFFICULTIES}
    for row, spread in [*table.items(), ("total", totals)]:
        numbers = [spread[d] for d in DIFFICULTIES]
        yield "  ".join([row.ljust(width), *(f"{n:>6}" for n in (*numbers, sum(numbers)))])


# ------------------------------------------------------------------------------------- exporters


def exporter_lines(exporter: Installed) -> Iterator[str]:
    """An exporter, where it comes from, and its options."""
    default = "on by default" if exporter.cls.on_by_default else f"with -f {exporter.name}"
    origin = f"{exporter.package} {exporter.version}"
    yield f"{exporter.name}: {exporter.cls.description}"
    yield f"  writes *{exporter.cls.suffix}, {default}; from {origin}"
    options: type = exporter.cls.Options
    for key in keys(options):
        name = f"{exporter.name}.{key.name}"
        yield f"  -O {name}={type_name(key.kind)}"
        yield f"      {key.help} (default: {_shown(key.default)})"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) or "none"
