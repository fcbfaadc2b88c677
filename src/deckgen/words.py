"""Small things done to words: slugs, near misses, lists in prose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal

LINE_END = "\r\n|[\r\n\x85\u2028\u2029]"
"""What ends a line of a file, as YAML's parser counts them: a pattern."""


def unhyphenated(text: str) -> str:
    """A text without the soft hyphens that say where lines may end in it: as it is compared, looked
    for, and shown where nothing knows what they are."""
    return text.replace("\u00ad", "")


_MARKS = re.compile(r"[^\w\x00-\x7f]{1000}")


def composed(text: str, form: Literal["NFC", "NFKD"] = "NFC") -> str:
    """A text in a normal form of Unicode; as it is, if it has a thousand accents and the like in a
    row: to put them in order would take time that grows with the square of their number."""
    return text if _MARKS.search(text) else unicodedata.normalize(form, text)


@lru_cache(maxsize=1024)  # a bank has few names, and each in many places
def slug(name: str) -> str:
    """A name for tags and filters: letters and digits of every script kept, lower-cased, all else
    one hyphen."""
    folded = composed(unhyphenated(name.lower()))
    kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
    return "-".join(kept.split())


def ascii_slug(name: str, longest: int | None = None) -> str:
    """The nearest ASCII id to a name, of at most so many characters; may be empty."""
    plain = composed(name, "NFKD").encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:longest].rstrip("-")


def did_you_mean(found: str, known: Iterable[str], near: float = 0.6) -> str:
    """`; did you mean 'easy'?` where a known word is near, else nothing."""
    # Lazy import: it costs 5 ms and is needed only when something is wrong.
    from difflib import get_close_matches

    by_slug = {slug(word): word for word in known}
    close = get_close_matches(slug(found), by_slug, n=1, cutoff=near)
    return f"; did you mean {by_slug[close[0]]!r}?" if close else ""


def quoted(text: str) -> str:
    """A text as messages quote it, without the end of a long one."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def one_of(words: Sequence[str], between: str = "or") -> str:
    """`easy, medium or hard`."""
    return f" {between} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 question`, `2 questions`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def some(words: Iterable[str]) -> str:
    """`a, b, c`: the first few words of many, lest a message be as long as a file."""
    first = list(islice(words, 21))
    return ", ".join(first if len(first) < 21 else [*first[:20], "…"])
