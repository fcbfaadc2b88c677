"""Takes the pictures of cards that docs/ shows:
`PYTHONPATH=tests python tests/anki/take_pictures.py BANK FOLDER`.

The guide is the bank's first. Text is set in Roboto where it is installed, as on an Android phone.
"""

from __future__ import annotations

import os
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from anki.collection import Collection
from anki_collection import Candidate
from anki_pages import DAY, NIGHT, Screen, write_page
from PIL import Image

from chromium import Chromium
from deckgen.exporters.anki import AnkiExporter, AnkiOptions
from deckgen.loader import load_bank

_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>sans-serif</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Roboto</string></edit></match>
<match target="pattern"><test name="family"><string>sans</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Roboto</string></edit></match>
</fontconfig>"""


class Shot(NamedTuple):
    name: str
    search: str
    back: bool
    screen: Screen
    size: tuple[int, int]


_PHONE = (360, 720)
_DESKTOP = (900, 640)
_QUESTION = '"note:deckgen question" code:4.*'
_SHOTS = (
    Shot("question-phone-day", _QUESTION, False, DAY, _PHONE),
    Shot("answer-phone-day", _QUESTION, True, DAY, _PHONE),
    Shot("answer-phone-night", _QUESTION, True, NIGHT, _PHONE),
    Shot("answer-desktop-day", _QUESTION, True, DAY, _DESKTOP),
    Shot("answer-desktop-night", _QUESTION, True, NIGHT, _DESKTOP),
    Shot("recall-phone-night", '"note:deckgen recall" code:4.*', True, NIGHT, _PHONE),
    Shot("story-phone-day", '"note:deckgen story"', True, DAY, _PHONE),
    Shot("cloze-phone-day", '"note:deckgen cloze" code:4.*', False, DAY, _PHONE),
)


def main(bank: Path, pictures: Path) -> None:
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fonts = folder / "fonts.conf"
        fonts.write_text(_FONTS)
        os.environ["FONTCONFIG_FILE"] = str(fonts)
        deck = folder / "deck.apkg"
        AnkiExporter(AnkiOptions(), print).export(load_bank(bank).guides[0], deck)
        candidate = Candidate(Collection(str(folder / "collection.anki2")))
        candidate.import_deck(deck)
        browser = Chromium(folder / "profile")
        for shot in _SHOTS:
            take(shot, candidate, browser, folder, pictures)
        browser.close()
        candidate.col.close()


def take(shot: Shot, candidate: Candidate, browser: Chromium, folder: Path, pictures: Path) -> None:
    cards = sorted(candidate.cards(shot.search), key=lambda card: (card.due, card.ord))
    html = cards[0].answer() if shot.back else cards[0].question()
    media = Path(candidate.col.media.dir())
    page = write_page(folder / "card.html", html, media=media, screen=shot.screen)
    browser.open(page, *shot.size)
    if shot.back:
        browser.run("document.getElementById('answer').scrollIntoView()")  # as Anki does
    picture = Image.open(BytesIO(browser.screenshot()))
    # 128 colours are all that a card without photographs has, at a third of the size.
    picture.quantize(128).save(pictures / f"{shot.name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
