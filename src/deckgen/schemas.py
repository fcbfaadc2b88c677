"""The JSON Schemas of the bank's files, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import files
from .declared import schema
from .model import Guide, Question

FOLDER = ".schema"
"""The folder of a bank that holds the schemas which first lines name."""

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Both, by the names of their files."""
    guide = {"$schema": _DRAFT, "title": "deckgen guide", **schema(Guide)}
    return {"guide": guide, "questions": _questions_schema()}


def _questions_schema() -> dict[str, Any]:
    """Of questions/*.yaml: a list of questions, or a mapping of defaults and questions."""
    whole = schema(Question)
    properties = whole["properties"]
    # What a file's defaults supply, its questions may leave out.
    relaxed = {**whole, "required": ["id"]}
    defaults = {
        "type": "object",
        "properties": {name: value for name, value in properties.items() if name != "id"},
        "additionalProperties": False,
    }
    return {
        "$schema": _DRAFT,
        "title": "deckgen questions",
        "$defs": {"question": whole, "relaxed": relaxed, "defaults": defaults},
        "anyOf": [
            {"type": "null"},
            {"type": "array", "items": {"$ref": "#/$defs/question"}},
            {
                "type": "object",
                "properties": {
                    "defaults": {"$ref": "#/$defs/defaults"},
                    "questions": {"type": "array", "items": {"$ref": "#/$defs/relaxed"}},
                },
                "additionalProperties": False,
            },
        ],
    }


def schema_files(folder: Path) -> dict[Path, bytes]:
    """The files, beside a guide's folder, that the first lines of the guide's own files name."""
    beside = folder / ".." if folder.name in ("", "..") else folder.parent
    return {
        beside / FOLDER / f"{name}.json": f"{json.dumps(schema, indent=2)}\n".encode()
        for name, schema in schemas().items()
    }


def first_line(path: Path, folder: Path) -> str:
    """The line that tells an editor the schema of a file in a guide's folder."""
    up = "../" * len(path.relative_to(folder).parts)
    name = "guide" if path.name == files.GUIDE else "questions"
    return f"# yaml-language-server: $schema={up}{FOLDER}/{name}.json\n"
