"""Cards as pages: what the study screens of Anki's programs put round a card."""

from __future__ import annotations

import re
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
_WEB = """
* { box-sizing: border-box }
code { color: #d63384 }
hr { opacity: 0.25 }
kbd { color: #fff; background-color: #212529 }
"""

# Desktop 26.9: qt/aqt/theme.py (body_classes_for_card_ord), css/webview.css and css/reviewer.css in
# its wheel. AnkiDroid 2.2x: assets/flashcard.css. AnkiMobile: "Night Mode" in the manual,
# https://docs.ankiweb.net/templates/styling.html. AnkiWeb has no night mode, and shows a card in a
# page of its own, which colours code as Bootstrap does, and pales lines.
DAY = Screen("card card1 isLin", _DESKTOP)
NIGHT = Screen("card card1 nightMode night_mode isLin", _DESKTOP)
SCREENS = {
    "desktop by day": DAY,
    "desktop by night": NIGHT,
    "AnkiDroid by day": Screen("card card1 mathjax-rendered", _ANDROID),
    "AnkiDroid by night": Screen("card card1 night_mode ankidroid_dark_mode", _ANDROID),
    "AnkiMobile by night": Screen("card card1 nightMode", _PLAIN),
    "AnkiWeb": Screen("card card1", _WEB),
}


_MATHJAX = """
mjx-container { position: relative; line-height: 0 }
mjx-container[display="true"] { display: block }
mjx-math { display: inline-block; white-space: nowrap }
mjx-mi, mjx-c { display: inline-block; width: 1em; height: 1em }
mjx-mtext, mjx-msqrt { display: inline-block }
mjx-assistive-mml { position: absolute; display: block !important; width: auto !important;
  overflow: hidden !important }
"""


def typeset(card_html: str) -> str:
    """A card after MathJax has drawn its formulas: `x` as a letter, and any other as a hundred
    letters, a hundred in words and a hundred below a root. MathJax's elements, the same read aloud,
    and those of its rules that meet the card's (MathJax 3.2)."""
    letters, words = "<mjx-mi></mjx-mi>" * 100, "<mjx-c></mjx-c>" * 100
    long = f"{letters}<mjx-mtext>{words}</mjx-mtext><mjx-msqrt>{letters}</mjx-msqrt>"

    def drawn(formula: re.Match[str]) -> str:
        display = ' display="true"' if formula[0].startswith(r"\[") else ""
        short = formula[1] == "x"
        return (
            f"<mjx-container{display}>"
            f"<mjx-math>{'<mjx-mi><mjx-c></mjx-c></mjx-mi>' if short else long}</mjx-math>"
            f"<mjx-assistive-mml><math><mtext>{'y' * (1 if short else 100)}</mtext></math>"
            "</mjx-assistive-mml></mjx-container>"
        )

    return f"<style>{_MATHJAX}</style>" + re.sub(r"\\[\[(](.*?)\\[\])]", drawn, card_html)


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
