"""The JSON Schemas of the bank's files, for editors."""

from __future__ import annotations

from typing import Any

from .declared import schema
from .model import Guide, Question

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def guide_schema() -> dict[str, Any]:
    """Of guide.yaml."""
    return {"$schema": _DRAFT, "title": "deckgen guide", **schema(Guide)}


def questions_schema() -> dict[str, Any]:
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
