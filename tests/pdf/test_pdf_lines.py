"""Where lines end: what is set in them is what was written, and it fits."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import inf

import pytest
import uharfbuzz
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfdoc import PDFDocument

from deckgen.exporters.pdf import ends, styles
from deckgen.exporters.pdf import fonts as fonts_module
from deckgen.exporters.pdf.breaker import Breaker
from deckgen.exporters.pdf.fonts import Fonts
from deckgen.exporters.pdf.formula import formula
from deckgen.exporters.pdf.items import too_wide
from deckgen.exporters.pdf.kerning import _NO_LIGATURES, Metrics, pairs
from deckgen.exporters.pdf.styles import Style
from deckgen.exporters.pdf.text import Line, Link, Run

BODY = styles.BODY.style
LOOKS = (
    BODY,
    BODY.but(italic=True),
    BODY.but(bold=True),
    BODY.but(family="mono", size=9),
    BODY.but(rule=True),
)

words = st.text("abcdefghij klmnop.,-()/_", min_size=1, max_size=40)
links = st.sampled_from([None, Link("https://example.com")])
run = st.tuples(words, st.sampled_from(LOOKS), links).map(lambda made: Run(*made))
runs = st.lists(run, min_size=1, max_size=12)


def breaker() -> Breaker:
    def report(message: str, question: object) -> None:
        raise AssertionError(message)

    return Breaker(Fonts(PDFDocument(), report, "en"), "en")


BREAKER = breaker()


def shown(line: Line) -> str:
    """A line's text, without a hyphen that is there for its end."""
    return "".join(piece for _, piece in line.pieces).replace("\u00ad", "")


@given(runs, st.floats(25, 400), st.booleans())
@example([Run("aaaabcii", LOOKS[1]), Run("_a ", BODY)], 47.0, False)  # but for its last space
def test_lines_hold_what_was_written_and_fit(
    written: list[Run], measure: float, justify: bool
) -> None:
    lines = BREAKER.lines(written, measure, justify)
    printed = "".join(shown(line) for line in lines)
    assert printed.replace(" ", "") == "".join(run.text for run in written).replace(" ", "")
    for line in lines:
        width = sum(BREAKER.width(piece, run.style) for run, piece in line.pieces)
        trailing = line.pieces[-1][0].style if line.pieces else BODY
        # A space at a line's end hangs over it; one at the end of all there is, where it must.
        hangs = shown(line).endswith(" ") and (len(lines) > 1 or width > measure)
        space = BREAKER.width("\u00a0", trailing) if hangs else 0.0
        # What is squeezed is squeezed by no more than its spaces give, a hyphen or a character.
        squeezed = 0.25 * line.spaces * BODY.size if justify else 0.0
        assert line.width <= measure + squeezed + BODY.size
        # Where a word may be divided its parts are measured apart, without the kern between them.
        seams = len(line.pieces) + sum(char in "_/-.,()" for char in shown(line))
        assert line.width == pytest.approx(width - space, abs=0.6 * seams)


@given(runs, st.floats(25, 400))
def test_words_stay_whole_and_apart(written: list[Run], measure: float) -> None:
    """A line ends after a space, a hyphen or a seam of a word; no space is lost inside a line."""
    lines = BREAKER.lines(written, measure)
    for before, after in pairwise(map(shown, lines)):
        assert before, "an empty line before another one"
        assert not after.startswith("  ")


@given(
    st.lists(st.text("abcdefghijklm", min_size=1, max_size=12), min_size=1, max_size=80),
    st.floats(60, 400),
    st.booleans(),
    st.sampled_from([1.6, inf]),
)
def test_passing_over_words_changes_no_line(
    written: list[str], measure: float, justify: bool, loosest: float
) -> None:
    """The quick search for line ends finds what one that looks at every word does."""
    paragraph = BREAKER._paragraph([Run(" ".join(written), BODY)])
    if any(too_wide(paragraph.items, measure)):
        paragraph = BREAKER._shattered(paragraph, measure)
    quick = ends.line_ends(paragraph, measure, justify, loosest)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ends, "_next_end", lambda *_: lambda start, end: end + 1)
        assert ends.line_ends(paragraph, measure, justify, loosest) == quick


def test_words_that_nearly_fill_lines_of_their_own_are_not_passed_over() -> None:
    paragraph = BREAKER._paragraph([Run("extraordinary " * 4, BODY)])
    measure = BREAKER.width("extraordinary", BODY) + 1
    assert ends.line_ends(paragraph, measure, True, ends.LOOSE) == [1, 2, 3, 4]


@pytest.mark.parametrize("measure", [30, 60, 200])
def test_a_word_wider_than_the_line_is_cut_where_lines_are_full(measure: float) -> None:
    word = "abcdefghij" * 20
    styled = [Run(f"So {word[:50]}", BODY), Run(word[50:120], LOOKS[1]), Run(word[120:], BODY)]
    lines = BREAKER.lines([*styled, Run(" end", BODY)], measure)
    assert "".join(map(shown, lines)) == f"So {word} end"
    assert all(line.width <= measure + 0.01 for line in lines)
    total = sum(line.width for line in lines)
    assert len(lines) <= 1.4 * total / measure + 2, "lines are left half empty"


def hyphened(written: list[Run], measure: float) -> list[str]:
    """What stands before the hyphens at the ends of lines."""
    ends = [line.pieces[-1][1] for line in BREAKER.lines(written, measure, True)]
    return [end.rstrip("\u00ad").split()[-1] for end in ends if end.endswith("\u00ad")]


@pytest.mark.parametrize("measure", [329, 333, 341])
def test_a_paragraph_does_not_end_in_a_scrap_of_a_word(measure: float) -> None:
    """Where the lines before can be a little wider instead."""
    text = (
        "The vice-president wanted it by Friday, and the release was mine. If they decided against"
        " you and you then helped, that is a story for another question."
    )
    assert shown(BREAKER.lines([Run(text, BODY)], measure, True)[-1]).endswith("question.")


@pytest.mark.parametrize("pair", ["yy", "Vv", "fé", "r."])
def test_a_cut_word_fills_its_lines_kerns_and_all(pair: str) -> None:
    lines = BREAKER.lines([Run(pair * 300, BODY)], 380)
    widths = [BREAKER.width(shown(line), BODY) for line in lines]
    assert max(widths) < 380.5
    assert min(widths[:-1]) > 365


@pytest.mark.parametrize("measure", [60, 90, 120])
def test_a_word_in_two_styles_is_not_divided_as_its_part_would_be(measure: float) -> None:
    """The hyphens of "esponsive" are not those of "responsive"; a comma changes none."""
    bold = BODY.but(bold=True)
    initials = [Run("r", bold), Run("esponsive ", BODY), Run("avail", BODY), Run("able ", bold)]
    assert not hyphened(initials * 12, measure)
    commas = [Run("responsive", BODY), Run(", ", bold)]
    assert set(hyphened(commas * 24, measure)) <= {"re", "respons"}
    assert hyphened(commas * 24, 75)


@pytest.mark.parametrize("word", ["extra\u00adordinary", "extra\u00adordinary\u2192"])
def test_a_soft_hyphen_inside_a_line_is_not_drawn(word: str) -> None:
    bare, face = word.replace("\u00ad", ""), BREAKER._fonts.face(BODY)
    [line] = BREAKER.lines([Run(word, BODY)], 200)
    [(_, piece)] = line.pieces
    assert line.width == BREAKER.width(bare, BODY)
    assert face.show(piece) == face.show(bare)
    assert face.codes(piece) == face.codes(bare)


CAPTAIN = "Donau dampf schiff fahrts gesell schafts kapitän"


@pytest.mark.parametrize("style", [BODY, BODY.but(bold=True), BODY.but(family="sans")])
def test_a_word_is_divided_where_its_soft_hyphens_say_and_nowhere_else(style: Style) -> None:
    """The whole of it by pyphen's rules would be divided in other places, too."""
    word = CAPTAIN.replace(" ", "\u00ad")
    ends = set(accumulate(map(len, CAPTAIN.split())))
    seen = set()
    for measure in range(90, 200, 3):
        lines = BREAKER.lines([Run(f"Der {word} und der {word}.", style)], measure, True)
        at = 0
        for line in lines[:-1]:
            text = "".join(piece for _, piece in line.pieces)
            at += len(shown(line))
            assert text.endswith(" ") != text.endswith("\u00ad")
            assert shown(line) == text.rstrip("\u00ad"), "a hyphen in the line"
            assert line.width <= measure + 2
            if not text.endswith(" "):
                within = (at - 4) % (len(CAPTAIN.replace(" ", "")) + 9)
                assert within in ends
                seen.add(within)
        assert "".join(map(shown, lines)) == f"Der {word} und der {word}.".replace("\u00ad", "")
    assert len(seen) > 3


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a \u00ad b", "a  b"),
        ("\u00ad\u00adaddress\u00ad\u00ad", "address"),
        ("addr\u00ad\u00adess", "address"),
        ("address\u00ad→ b", "address→ b"),
    ],
)
def test_a_soft_hyphen_that_parts_no_word_is_nothing(text: str, plain: str) -> None:
    [line], [bare] = (BREAKER.lines([Run(t, BODY)], 200) for t in (text, plain))
    assert (line.width, shown(line)) == (bare.width, shown(bare))
    lines = BREAKER.lines([Run(text, BODY)], 25)
    assert sum(piece.count("\u00ad") for line in lines for _, piece in line.pieces) <= 1


@pytest.mark.parametrize("text", ["שלום\u00adעולם", "كتا\u00adب"])
def test_letters_from_right_to_left_are_not_parted(text: str) -> None:
    for measure in (20, 200):
        lines = BREAKER.lines([Run(text, BODY)], measure)
        assert not any("\u00ad" in piece for line in lines for _, piece in line.pieces)


@pytest.mark.parametrize("measure", [20, 200])
def test_code_has_no_soft_hyphens(measure: float) -> None:
    mono = BODY.but(family="mono")
    written = Run("foobar\u00adfoobar", mono)
    for line in (*BREAKER.lines([written], measure), BREAKER.code([written])):
        assert not any("\u00ad" in piece for _, piece in line.pieces)


def test_zero_width_spaces_say_where_lines_may_end_and_show_nothing() -> None:
    words = ["ភាសា", "ខ្មែរ", "ជា", "ភាសា", "ផ្លូវការ"]
    lines = BREAKER.lines([Run("\u200b".join(words), BODY)], 60)
    assert len(lines) > 1
    ends = set(accumulate(map(len, words)))
    assert ends.issuperset(accumulate(len(shown(line)) for line in lines))
    [one, two] = BREAKER.lines([Run("12345\u200b67890", BODY)], 40)
    assert (shown(one), shown(two)) == ("12345", "67890")
    [whole] = BREAKER.lines([Run("12345\u200b67890", BODY)], 200)
    assert whole.width == BREAKER.width("1234567890", BODY)


@pytest.mark.parametrize(
    ("word", "measure", "expected"),
    [
        (
            "https://example.com/long/paths/that?go=\u200bon/and/on",
            80,
            ["https://example", ".com/long/paths/", "that?go=on/and/", "on"],
        ),
        ("well-known\u200bthing", 40, ["well-", "known", "thing"]),
        ("見/srv/data/2024/logs/backup/old", 70, ["見/srv/data/", "2024/logs/", "backup/old"]),
    ],
)
def test_words_divided_by_their_writer_or_script_have_the_seams_of_others(
    word: str, measure: float, expected: list[str]
) -> None:
    lines = BREAKER.lines([Run(word, BODY)], measure)
    assert [shown(line).replace("\u200b", "") for line in lines] == expected


def test_spaces_that_hold_words_together_are_stretched_as_others_are() -> None:
    """Fonts have one code for all of them: a line with uncounted ones would be too wide."""
    lines = BREAKER.lines([Run("so\u00a0far and\u2002so on " * 20, BODY)], 200, True)
    for line in lines:
        assert line.spaces == sum(char in " \u00a0" for char in shown(line).rstrip(" "))


def test_a_formula_twice_in_a_row_is_drawn_twice() -> None:
    twice = [Run("", BODY, picture=formula("x", BODY.size, 300))] * 2
    lines = BREAKER.lines([Run("word " * 20, BODY), *twice, Run("th", BODY)], 200)
    assert len(lines) > 1
    drawn = [(text, bool(run.picture)) for run, text in lines[-1].pieces]
    assert drawn[-3:] == [("", True), ("", True), ("th", False)]


@pytest.mark.parametrize("measure", range(40, 60))
def test_a_sign_without_width_at_a_change_of_style_lets_no_line_run_over(measure: int) -> None:
    word = [Run("x" * 40, BODY.but(bold=True)), Run("\u0301MMM", BODY)]
    lines = BREAKER.lines(word, measure)
    assert "".join(map(shown, lines)) == "x" * 40 + "\u0301MMM"
    assert all(line.width <= measure + 0.01 for line in lines)


FACES = [
    Metrics(fonts_module._load(*file))
    for file in (*fonts_module._FILES.values(), fonts_module._DEJAVU, fonts_module._STIX)
]
LETTERS = "".join(map(chr, range(0x21, 0x7F))) + "\u2019\u201c\u2026\u2013\u00e9\u00fc\u00d7"


@settings(max_examples=300)
@given(st.sampled_from(FACES), st.text(LETTERS, min_size=1, max_size=12))
def test_a_words_kerns_are_those_of_its_pairs(face: Metrics, word: str) -> None:
    """Shaping all of it says the same: these fonts kern by pairs alone."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    uharfbuzz.shape(face._shaper, buffer, _NO_LIGATURES)
    scale = 1000 / face._shaper.face.upem
    whole = [position.x_advance * scale for position in buffer.glyph_positions]
    alone = [face.widths[char] * 1000 for char in word]
    kerns = [round(step - own) for step, own in zip(whole, alone, strict=True)]
    assert [face.kerns[pair] for pair in pairs(word)] == kerns
    assert face.widths[word] * 1000 == pytest.approx(
        sum(alone) + sum(map(face.kerns.get, pairs(word)))
    )


def test_greek_and_mathematics_have_serifs_where_the_text_has() -> None:
    fonts = Fonts(PDFDocument(), lambda *_: None)
    for family, letters in (("serif", "STIXTwoMath-Regular"), ("sans", "DejaVuSans")):
        face = fonts.face(styles.Style(family=family))
        drawers = [face.drawer(char) for char in "λ∀⚠"]
        names = [drawer._metrics._font.fontName.removeprefix("deckgen-") for drawer in drawers]
        assert names == [letters, letters, "DejaVuSans"]


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("italic", [False, True])
def test_the_short_way_for_code_is_the_long_one(bold: bool, italic: bool) -> None:
    """Text in a font whose characters are all as wide needs no looking up of its words."""
    face = Fonts(PDFDocument(), lambda *_: None).face(
        styles.Style(family="mono", bold=bold, italic=italic)
    )
    chars = [chr(code) for code in range(32, 127)]
    for text in (a + b for a in chars for b in chars):
        word = text.replace(" ", "")
        assert face.width(word) == pytest.approx(face.widths[word])
        assert face.codes(word) == face._plain[word]
    assert face.width("a b") == pytest.approx(3 * face.space)
    assert face.codes("a (b)") == "a \\(b\\)"
