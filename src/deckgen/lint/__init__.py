"""The content linter: what makes poor cards, poor answers and poor updates.

A rule is a function with a name, in the module of what it looks at. Its docstring is its entry in
docs/checks.md. To add one, write it and give it a case in tests/cases/lint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model import Bank, Guide, Question
from ..problems import Problem
from . import answers, cards, clozes, content, guides, written
from .rules import Finding, Rule

MODULES = (cards, clozes, answers, content, guides, written)

RULES: tuple[Rule, ...] = tuple(
    value for module in MODULES for value in vars(module).values() if isinstance(value, Rule)
)

OTHER_WARNINGS = {
    "clock-doubtful": "A build finds notes dated later than today, or dates some more than two "
    "years after all before: a clock was wrong. What people write on a note that is dated ahead is "
    "replaced with every import until its day has come.",
    "code-language": "Fenced code names a language that Pygments does not know; it is shown plain.",
    "code-long": "A listing is too long to be highlighted, or its language's highlighter does not "
    "come to an end with it; it is shown plain.",
    "link-target": "A link leads to no web or mail address; it becomes plain text.",
    "file-unread": "A YAML file that seems to be a guide, or questions, is not read, for its "
    "name or its folder: hidden ones, whose names begin with a point, are passed over.",
    "title-taken": "Two guides of the bank have one title, and so the same decks.",
    "export-unknown": "`export:` names an exporter that is not installed here.",
}
"""Those of the parser and of the check of a bank, here so that `allow` knows their names."""


def names() -> list[str]:
    """Every name that `allow` takes."""
    return sorted([rule.name for rule in RULES] + list(OTHER_WARNINGS))


def lint(bank: Bank, *, strict: bool) -> Iterator[Problem]:
    """What the rules find in a bank and no question silences; notes only when strict."""
    for guide in bank.guides:
        for rule in RULES:
            if strict or not rule.only_strict:
                yield from _problems(guide, rule, strict)


def _problems(guide: Guide, rule: Rule, strict: bool) -> Iterator[Problem]:
    for finding in rule.find(guide):
        if finding.note and not strict:
            continue
        if rule.name not in _allowed(finding.owners):
            yield Problem(finding.message, finding.place, warning=True, name=rule.name)


def _allowed(owners: Iterable[Question]) -> set[str]:
    return {name for owner in owners for name in owner.allow}


__all__ = ["RULES", "Finding", "Rule", "lint", "names"]
