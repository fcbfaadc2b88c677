"""What the tests of the HTML exporter share: a bank, and a reader with a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from html_browser import Reader
from html_pages import Pages

from chromium import Chromium


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    """Two rounds, four questions to be asked and a retired one."""
    return Pages(tmp_path / "bank")


@pytest.fixture
def reader(chromium: Chromium) -> Iterator[Reader]:
    """Nothing that one test kept or set is left for the next."""
    reader = Reader(chromium)
    yield reader
    reader.scripting(True)
    reader.prefers()
    chromium.send("Emulation.setEmulatedMedia", media="")
    if reader.page.name:
        reader.open(reader.page)
        reader.run("localStorage.clear()")
