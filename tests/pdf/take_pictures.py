"""Takes the pictures of pages that docs/ shows: `python tests/pdf/take_pictures.py BANK FOLDER`.

The guide is the bank's first.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from deckgen.exporters.pdf import CardsExporter, CardsOptions, PdfExporter, PdfOptions
from deckgen.loader import load_bank

_PAGE = "2.07"  # the question on the page that README.md shows
_SPREAD = "3.01"  # the question on the first of each two pages that docs/pdf.md shows
_SCALE = 1.2  # 86 pixels to the inch


def main(bank: Path, pictures: Path) -> None:
    pictures.mkdir(parents=True, exist_ok=True)
    exporters = [PdfExporter(PdfOptions(), print), CardsExporter(CardsOptions(), print)]
    with tempfile.TemporaryDirectory() as name:
        files = []
        for exporter in exporters:
            path = Path(name) / exporter.suffix
            exporter.export(load_bank(bank).guides[0], path)
            files.append(pypdfium2.PdfDocument(path.read_bytes()))
    guide, cards = files
    save([guide[page_of(_PAGE, guide)]], pictures / "page.png")
    for name, file in (("pdf-spread.png", guide), ("pdf-cards.png", cards)):
        first = page_of(_SPREAD, file)
        save([file[first], file[first + 1]], pictures / name)


def page_of(code: str, file: pypdfium2.PdfDocument) -> int:
    """The index of the page where a question is bookmarked."""
    marks = {item.get_title()[:4]: item.get_dest().get_index() for item in file.get_toc()}
    return marks[code]


def save(pages: list[pypdfium2.PdfPage], path: Path) -> None:
    """The pages side by side, a hair apart."""
    images = [page.render(scale=_SCALE).to_pil() for page in pages]
    width = sum(image.width for image in images) + 2 * (len(images) - 1)
    sheet = Image.new("RGB", (width, images[0].height), "#999999")
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width + 2
    sheet.save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
