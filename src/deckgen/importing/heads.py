"""What stands below a page's title: role, company, level, number of rounds, date, summary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..words import slug
from .plain import markdown, one_line
from .remarks import Remarks
from .values import Given, Line, text_of

_ROUNDS = re.compile(r"(?P<number>\d{1,2}) (?:interview )?rounds?", re.IGNORECASE)
_UPDATED = re.compile(r"(?:last )?updated:?(?: on)? (?P<date>\S.*)", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:[-*] )?(?P<key>company|role|position|level|seniority):\s+(?P<value>\S.{0,99})",
    re.IGNORECASE,
)
_KEYS = {"position": "role", "seniority": "level"}
_DATES = (
    re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
)


@dataclass(frozen=True, kw_only=True)
class Head:
    """`recognised` is whether any line says what it is, as those of a page do; `rounds` is how many
    the page promises."""

    company: str
    role: str
    level: str
    rounds: int | None
    updated: date | None
    summary: str
    recognised: bool


def is_mark(text: str) -> bool:
    """Whether a line is the number of rounds or the date."""
    words = one_line(text)
    return bool(_ROUNDS.fullmatch(words) or _UPDATED.fullmatch(words))


def read_head(lines: Sequence[Line], about: str, given: Given, remarks: Remarks) -> Head:
    """Read the lines from below the title to the rounds. `about` is what the title says of company,
    level and role; what is `given` goes before it."""
    last = max((at for at, line in enumerate(lines) if is_mark(line.text)), default=len(lines))
    labelled, facts = labelled_facts(lines[:last])
    lines = [*facts, *lines[last:]]  # what stands below the marks is text
    given = Given(
        given.title,
        given.company or labelled.get("company", ""),
        given.role or labelled.get("role", ""),
    )
    filled = [at for at, line in enumerate(lines) if line.text.strip()]
    marks = [at for at in filled if is_mark(lines[at].text)]
    if marks:
        facts = [lines[at] for at in filled if at < marks[-1] and at not in marks]
        end = marks[-1] + 1
    else:
        inside = [at for at in filled[:3] if _names_part(lines[at].text, about)]
        facts = [lines[at] for at in inside]
        end = inside[-1] + 1 if inside else 0
    company, role, level = names(facts, about, given, remarks)
    return Head(
        company=company,
        role=role,
        level=labelled.get("level", level),
        rounds=_promised(lines[at] for at in marks),
        updated=_updated((lines[at] for at in marks), remarks),
        summary=markdown(text_of(lines[end:])),
        recognised=bool(marks),
    )


def labelled_facts(lines: Sequence[Line]) -> tuple[dict[str, str], list[Line]]:
    """What lines such as `Role: Engineer` say, and the other lines."""
    named: dict[str, str] = {}
    others = []
    for line in lines:
        found = _LABELLED.fullmatch(one_line(line.text).replace("**", ""))
        key = found["key"].lower() if found else ""
        if found and _KEYS.get(key, key) not in named:
            named[_KEYS.get(key, key)] = found["value"]
        else:
            others.append(line)
    return named, others


def _promised(lines: Iterable[Line]) -> int | None:
    found = (_ROUNDS.fullmatch(one_line(line.text)) for line in lines)
    return next((int(each["number"]) for each in found if each), None)


def _updated(lines: Iterable[Line], remarks: Remarks) -> date | None:
    """The date: month, day and year, as the page has it, or in ISO's order."""
    for line in lines:
        if not (written := _UPDATED.fullmatch(one_line(line.text))):
            continue
        found = next(filter(None, (each.fullmatch(written["date"]) for each in _DATES)), None)
        try:
            if found:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            pass
        message = f"not imported: the date {written['date'][:40]!r}: expected M/D/YYYY"
        remarks.warn(message, line.number)
    return None


def _names_part(text: str, about: str) -> bool:
    return bool(slug(text)) and f"-{slug(text)}-" in f"-{slug(about)}-"


def names(
    facts: Sequence[Line], about: str, given: Given, remarks: Remarks
) -> tuple[str, str, str]:
    """Company, role and level: the company begins the title, the role ends it. What the title does
    not name is taken in the page's own order."""
    left = list(facts)
    whole = f"-{slug(about)}-"

    def take(fits: Callable[[str], bool]) -> str:
        fitting = [line for line in left if slug(line.text) and fits(f"-{slug(line.text)}-")]
        best = max(fitting, key=lambda line: len(line.text), default=None)
        if best is not None:
            left.remove(best)
        return one_line(best.text) if best else ""

    company = take(whole.startswith)
    role = take(whole.endswith)
    level = take(whole.__contains__)
    if len(facts) == 3:
        named = (role, company, level)
        role, company, level = (n or (one_line(left.pop(0).text) if left else "") for n in named)
    remarks.unplaced(left, "neither role, company nor level")
    company = one_line(given.company) or company
    role = one_line(given.role) or role
    if company and role:
        return company, role, level
    return (*_guessed(about, company, role, level, remarks), level)


def _guessed(about: str, company: str, role: str, level: str, remarks: Remarks) -> tuple[str, str]:
    """The title's words, for what no line says."""
    words = [word for word in about.split() if word not in level.split()]
    company = company or (words[0] if words else about)
    role = role or " ".join(word for word in words if word not in company.split()) or "Candidate"
    remarks.warn(
        f"company {company!r} and role {role!r} are guessed from the title: give --company and "
        "--role, or change them in guide.yaml"
    )
    return company, role
