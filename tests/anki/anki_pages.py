"""Cards as pages: what the study screens of Anki's programs put round a card."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Screen(NamedTuple):
    """A program's study screen: the body's classes, by day or night, and the rules of its own that
    meet those of the card."""

    classes: str
    style: str


_DESKTOP = """
* { box-sizing: content-box }
html { font-size: 15px }
body { margin: 20px; overflow-wrap: break-word; color: #020202; background: #f5f5f5 }
body.nightMode { color: #fcfcfc; background-color: #2c2c2c }
a { color: #1d4ed8; text-decoration: none }
hr { height: 1px; margin: 1em 0; border: none; background-color: #737373 }
img { max-width: 100%; max-height: 95vh }
li { text-align: start }
pre { text-align: left }
"""
_ANDROID = """
body { margin: 0 0 30px; padding: 0 }
body.night_mode { color: white; background-color: black }
#qa { margin: 0.5em }
"""
_PLAIN = "body { margin: 20px }"

# Desktop 26.9: qt/aqt/theme.py (body_classes_for_card_ord), css/webview.css and css/reviewer.css in
# its wheel. AnkiDroid 2.2x: assets/flashcard.css. AnkiMobile and AnkiWeb: "Night Mode" in the
# manual, https://docs.ankiweb.net/templates/styling.html
DAY = Screen("card card1 isLin", _DESKTOP)
NIGHT = Screen("card card1 nightMode night_mode isLin", _DESKTOP)
SCREENS = {
    "desktop by day": DAY,
    "desktop by night": NIGHT,
    "AnkiDroid by day": Screen("card card1 mathjax-rendered", _ANDROID),
    "AnkiDroid by night": Screen("card card1 night_mode ankidroid_dark_mode", _ANDROID),
    "AnkiMobile by night": Screen("card card1 nightMode", _PLAIN),
}


def write_page(
    path: Path, card_html: str, *, media: Path, screen: Screen = DAY, text: str = ""
) -> Path:
    """A page with one side of a card. `media` is the collection's folder of images; `text` enlarges
    the text, e.g. `150%`."""
    enlarged = f"html {{ font-size: {text} }}" if text else ""
    path.write_text(
        f"""<!doctype html><html><head><meta charset="utf-8"><title>card</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<base href="{media.as_uri()}/"><style>{screen.style} {enlarged}</style></head>
<body class="{screen.classes}"><div id="qa" dir="auto">{card_html}</div></body></html>""",
        "utf-8",
    )
    return path
