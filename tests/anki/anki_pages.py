"""Cards as pages: the body that the study screens of Anki's programs put round a card."""

from __future__ import annotations

from pathlib import Path

# Classes of the body by day and night: Anki's desktop (qt/aqt/theme.py, body_classes_for_card_ord),
# AnkiMobile and AnkiWeb call the night `nightMode`, AnkiDroid (Themes, ReviewerViewModel) both.
DAY = "card card1"
NIGHT = "card card1 nightMode night_mode"


def write_page(path: Path, card_html: str, *, media: Path, body: str = DAY, text: str = "") -> Path:
    """A page with one side of a card. `media` is the collection's folder of images; `text` enlarges
    the text, e.g. `150%`."""
    enlarged = f"html {{ font-size: {text} }}" if text else ""
    path.write_text(
        f"""<!doctype html><html><head><meta charset="utf-8"><title>card</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<base href="{media.as_uri()}/">
<style>body {{ margin: 20px; overflow-wrap: break-word }} {enlarged}</style></head>
<body class="{body}"><div id="qa">{card_html}</div></body></html>""",
        "utf-8",
    )
    return path
