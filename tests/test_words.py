"""Slugs, near misses, and lists in prose."""

from __future__ import annotations

import pytest

from deckgen.words import ascii_slug, count, did_you_mean, one_of, quoted, slug, some


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Distributed Systems", "distributed-systems"),
        ("  C++ & Co.: I/O  ", "c-co-i-o"),
        ("Réseaux", "réseaux"),
        ("Re\u0301seaux", "réseaux"),  # the same, however it was typed
        ("ПРОГРАММИРОВАНИЕ", "программирование"),
        ("分布式 系统", "分布式-系统"),
        ("हिन्दी", "हिन्दी"),  # its vowels are marks
        ("x_1", "x-1"),
        ("Daten\u00adbank", "datenbank"),  # where a line may end is no part of a name
        ("?!", ""),
    ],
)
def test_a_slug_keeps_letters_and_digits_of_every_script(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("name", "longest", "expected"),
    [
        ("Überblick: ½ done", None, "uberblick-12-done"),
        ("-- a  b --", None, "a-b"),
        ("分布式", None, ""),
        ("ab cd", 3, "ab"),  # no hyphen at its end
        ("ab cd", 4, "ab-c"),
    ],
)
def test_an_id_is_ascii(name: str, longest: int | None, expected: str) -> None:
    assert ascii_slug(name, longest) == expected


@pytest.mark.parametrize(
    ("found", "meant"),
    [("esay", "easy"), ("Medium", "medium"), ("HARD", "hard"), ("hot", ""), ("", "")],
)
def test_a_near_miss_is_told_and_a_far_one_is_not(found: str, meant: str) -> None:
    hint = f"; did you mean {meant!r}?" if meant else ""
    assert did_you_mean(found, ("easy", "medium", "hard")) == hint


def test_messages_quote_the_beginning_of_a_long_text() -> None:
    assert quoted("it's") == '"it\'s"'
    assert quoted("a" * 40) == repr("a" * 40)
    assert quoted("a" * 41) == repr("a" * 39 + "…")


def test_words_are_listed_and_counted_as_in_prose() -> None:
    assert [one_of(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a or b",
        "a, b or c",
    ]
    assert [count(n, "card") for n in (0, 1, 2, 1234)] == [
        "0 cards",
        "1 card",
        "2 cards",
        "1,234 cards",
    ]
    assert count(2, "person", "people") == "2 people"
    numbers = [str(number) for number in range(30)]
    assert some(numbers[:20]) == ", ".join(numbers[:20])
    assert some(numbers[:21]) == ", ".join([*numbers[:20], "…"])
    assert some(iter(numbers)) == ", ".join([*numbers[:20], "…"])
