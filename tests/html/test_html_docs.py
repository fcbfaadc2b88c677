"""What docs/html.md promises."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from deckgen.exporters.html import HtmlOptions

PAGE = Path(__file__).parents[2] / "docs" / "html.md"


def test_every_option_is_explained() -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    assert documented == {field.name for field in dataclasses.fields(HtmlOptions)}


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\]\((pictures/[^)]+)\)", PAGE.read_text("utf-8"))
    assert pictures
    assert all((PAGE.parent / picture).is_file() for picture in pictures)
