"""Writes what the program itself can say into the documentation: the command reference, the tables
of keys and the exporters' options. Run it after a change; a test compares.

    python docs/generate.py
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from deckgen.cli import cli
from deckgen.declared import keys, type_name
from deckgen.lint import OTHER_WARNINGS, RULES
from deckgen.model import Block, Card, FollowUp, Guide, Link, Question, Round
from deckgen.registry import find
from deckgen.schemas import schema_files

DOCS = Path(__file__).parent
_WIDTH = 78  # of a terminal of 80 columns click leaves two free


def key_table(cls: Any) -> str:
    """The keys a class of the model declares, as a Markdown table."""
    rows = ["| key | type | meaning |", "| --- | --- | --- |"]
    for key in keys(cls):
        need = "**required**; " if key.required else ""
        kind = type_name(key.kind).replace("|", ", ")
        shown = [f"`{key.default}`"] if isinstance(key.default, str) and key.default else []
        default = "".join(f" (default {text})" for text in shown)
        rows.append(f"| `{key.name}` | {kind} | {need}{key.help}{default} |")
    return "\n".join(rows)


def option_tables() -> str:
    """The options of every exporter that comes with deckgen."""
    parts = []
    for exporter in find().exporters:
        if exporter.package == "deckgen":
            rows = [f"### `{exporter.name}`: {exporter.cls.description}", ""]
            rows += ["| option | values | meaning |", "| --- | --- | --- |"]
            options: type = exporter.cls.Options
            for key in keys(options):
                values = type_name(key.kind).replace("|", ", ")
                rows.append(f"| `{exporter.name}.{key.name}` | {values} | {key.help} |")
            parts.append("\n".join(rows))
    return "\n\n".join(parts)


def commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and all that are below it, with their full names."""
    yield name, command
    if isinstance(command, click.Group):
        for sub, inner in sorted(command.commands.items()):
            yield from commands(f"{name} {sub}", inner)


def command_reference() -> str:
    """`--help` of the program and of every command, as a terminal of 80 columns shows it."""
    parts = []
    helps = cli.context_settings["help_option_names"]  # which commands have from the program
    for title, command in commands("deckgen", cli):
        context = click.Context(
            command, info_name=title, terminal_width=_WIDTH, help_option_names=helps
        )
        parts.append(f"## {title}\n\n```text\n{command.get_help(context)}\n```")
    return "\n\n".join(parts)


def check_table() -> str:
    """Every warning and when it is given."""
    helps = {**OTHER_WARNINGS, **{rule.name: rule.help for rule in RULES}}
    rows = ["| name | given when |", "| --- | --- |"]
    rows += [f"| `{name}` | {text} |" for name, text in sorted(helps.items())]
    return "\n".join(rows)


PARTS: dict[str, Callable[[], str]] = {
    "commands": command_reference,
    "options": option_tables,
    "checks": check_table,
    "guide": lambda: key_table(Guide),
    "round": lambda: key_table(Round),
    "question": lambda: key_table(Question),
    "card": lambda: key_table(Card),
    "follow-up": lambda: key_table(FollowUp),
    "link": lambda: key_table(Link),
    "block": lambda: key_table(Block),
}

_MARKED = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(text: str) -> str:
    """A page with every generated part as the program has it now."""
    return _MARKED.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", text)


def schemas() -> dict[Path, bytes]:
    """The schemas that the first lines of the shipped bank's files name."""
    return schema_files(DOCS.parent / "content" / "any-guide")


def main() -> None:
    """Fill every page of the documentation, and write the schemas of the shipped bank."""
    for path, content in schemas().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    for page in sorted(DOCS.glob("*.md")):
        page.write_text(fill(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
