"""Takes the pictures of the page that docs/ shows:
`PYTHONPATH=tests python tests/html/take_pictures.py BANK FOLDER`.

The guide is the bank's first.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from html_browser import Reader
from PIL import Image

from chromium import Chromium
from deckgen.exporters.html import HtmlExporter, HtmlOptions
from deckgen.loader import load_bank

_DESKTOP = (1200, 800)
_PHONE = (360, 720)


def main(bank: Path, pictures: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        page = Path(name) / "page.html"
        HtmlExporter(HtmlOptions(), print).export(load_bank(bank).guides[0], page)
        browser = Chromium(Path(name) / "profile")
        reader = Reader(browser)
        for file, scheme, size in (
            ("page-desktop-day", "light", _DESKTOP),
            ("page-phone-day", "light", _PHONE),
            ("page-phone-night", "dark", _PHONE),
        ):
            reader.prefers(color_scheme=scheme)
            reader.open(page, "#difficulty=hard", *size)
            if file != "page-phone-day":
                reader.click("article:not([hidden]) > details:last-of-type > summary")
                reader.run("document.querySelector('article:not([hidden])').scrollIntoView()")
            picture = Image.open(BytesIO(browser.screenshot()))
            picture.quantize(128).save(pictures / f"{file}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
