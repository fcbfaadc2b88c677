"""Spaces at which no line ends."""

from __future__ import annotations

import re

_FIRM = "\u00a0"

_TIME = "ns|[µμ]s|ms|s|min|h"
_SIZE = "(?:[kKMGTP]i?)?(?:B|bit|bps)"
_REST = "[kMG]?Hz|[mck]?m|[km]?W|px|pt|°C|%"
# The space comes first: a character is looked for much faster than what stands before it.
_BEFORE_UNIT = re.compile(rf" (?<=\d )(?=(?:{_TIME}|{_SIZE}|{_REST})(?![\w-]))")

# Such as O(n log n); a longer one may have to be divided.
_ORDER = re.compile(r"\b[OΘΩ]\([^()]{1,16}\)")


def with_firm_spaces(text: str) -> str:
    """A text with those made firm that part a number from the symbol of its unit, or stand in an
    order of growth."""
    text = _BEFORE_UNIT.sub(_FIRM, text)
    if "(" not in text:
        return text
    return _ORDER.sub(lambda match: match[0].replace(" ", _FIRM), text)
