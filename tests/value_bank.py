"""A bank kept as values, to be changed and read again; and images for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from deckgen.loader import load_bank
from deckgen.model import Guide


@dataclass
class ValueBank:
    """A bank with one guide, `acme`, which is written as YAML and read by the real loader."""

    path: Path
    guide: dict[str, Any] = field(default_factory=dict)
    questions: list[dict[str, Any]] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)

    def load(self) -> Guide:
        folder = self.path / "acme"
        (folder / "questions").mkdir(parents=True, exist_ok=True)
        (folder / "media").mkdir(exist_ok=True)
        for name, content in self.media.items():
            (folder / "media" / name).write_bytes(content)
        _write(folder / "guide.yaml", self.guide)
        _write(folder / "questions" / "all.yaml", self.questions)
        (guide,) = load_bank(self.path).guides
        return guide


def _write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


def picture(kind: str = "png", grey: int = 0, size: tuple[int, int] = (4, 4)) -> bytes:
    """An image file: png, jpeg, gif or webp."""
    file = BytesIO()
    Image.new("L", size, grey).save(file, kind)
    return file.getvalue()


def svg(width: int = 40, height: int = 20) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#204060"/></svg>'
    ).encode()
