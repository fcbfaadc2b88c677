"""The structure tree: checked against PDF/UA-1, and read as a screen reader would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import page
import pikepdf
import pytest
from pdf_guides import Printed, assert_in_order, full_question, guide, md, question

from deckgen.model import FollowUp

Print = Callable[..., Printed]

EVERYTHING = r"""
A [link](https://example.com), `code`, a formula $\frac{a}{b}$ and ~~struck~~ text.

- one
- two
  1. below

| Name | Worth |
| --- | --- |
| a | b |

> quoted

```python
def f(x):  # comment
    return x
```

$$E = mc^2$$

- [x] done

---

The end.
"""


class Tree:
    """The structure tree of a file, with the text that its marked content shows."""

    def __init__(self, printed: Printed) -> None:
        self.root = printed.pike.Root.StructTreeRoot
        self._shown = {p.objgen: _marked_text(p) for p in printed.pike.pages}

    def walk(self, node: pikepdf.Object | None = None) -> Iterator[tuple[str, pikepdf.Object]]:
        node = self.root.K if node is None else node
        yield str(node.S), node
        for kid in node.get("/K", []):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from self.walk(kid)

    def text(self, node: pikepdf.Object) -> str:
        """The words of an element, in the order of reading."""
        if "/Alt" in node and str(node.S) in ("/Figure", "/Formula"):
            return str(node.Alt)
        parts = []
        for kid in node.get("/K", []):
            if isinstance(kid, int):
                parts.append(self._shown[node.Pg.objgen].get(kid, ""))
            elif "/MCID" in kid:
                parts.append(self._shown[kid.Pg.objgen].get(int(kid.MCID), ""))
            elif "/S" in kid:
                parts.append(self.text(kid))
        return "".join(parts)

    def of(self, role: str) -> list[str]:
        return [self.text(node) for found, node in self.walk() if found == f"/{role}"]


def _marked_text(page_: pikepdf.Page) -> dict[int, str]:
    """What each marked content of a page shows, decoded by the fonts' own tables."""
    tables = {name: _decoder(font) for name, font in page_.Resources.Font.items()}
    shown: dict[int, str] = {}
    marks: list[int | str | None] = []
    decode: Callable[[bytes], list[str]] = _decoder(None)
    for operands, operator in pikepdf.parse_content_stream(page_):
        match str(operator):
            case "BDC":
                marks.append(int(operands[1].MCID) if "/MCID" in operands[1] else None)
            case "BMC":
                marks.append(str(operands[0]))
            case "EMC":
                marks.pop()
            case "Tf":
                decode = tables[str(operands[0])]
            case "Tj" | "TJ" if marks and isinstance(marks[0], int):
                array = operands[0] if str(operator) == "TJ" else [operands[0]]
                codes = b"".join(bytes(o) for o in array if isinstance(o, pikepdf.String))
                texts = decode(codes)
                if marks[-1] == "/ReversedChars":
                    texts.reverse()
                shown[marks[0]] = shown.get(marks[0], "") + "".join(texts)
            case _:
                pass
    return shown


def _decoder(font: pikepdf.Object | None) -> Callable[[bytes], list[str]]:
    """Turns the codes of a font into text, one by one."""
    if font is None:
        return lambda codes: []
    entries = re.findall(rb"<(\w\w|\w{4})> <(\w{4,})>\n", font.ToUnicode.read_bytes())
    table = {bytes.fromhex(c.decode()): bytes.fromhex(u.decode()) for c, u in entries}
    size = 2 if font.Subtype == "/Type0" else 1

    def decode(codes: bytes) -> list[str]:
        parts = (codes[n : n + size] for n in range(0, len(codes), size))
        return [table[part].decode("utf-16-be") for part in parts]

    return decode


@pytest.mark.parametrize("answers", ["inline", "end", "none"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_file_conforms_to_pdf_ua_1(print_guide: Print, answers: str, paper: str) -> None:
    many = [full_question(n, answer=EVERYTHING) for n in range(1, 9)]
    extra = {"summary": md("How it goes."), "report": "https://example.com/report"}
    printed = print_guide(guide(*many, **extra), answers=answers, paper=paper)
    report = page.validate_pdf(printed.path, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]
    assert report.rules.total > 100
    assert not printed.pike.check_pdf_syntax()


def test_a_table_that_goes_over_pages_conforms_too(print_guide: Print) -> None:
    rows = "".join(f"| row {n} | {'words ' * 30} |\n" for n in range(90))
    printed = print_guide(guide(question(1, answer=f"| Name | $x^2$ |\n|---|---|\n{rows}")))
    report = page.validate_pdf(printed.path, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]
    assert [Tree(printed).of("TH").count(name) for name in ("Name", "x^2")] == [1, 1]


def test_the_text_reads_in_order_by_the_tree(print_guide: Print) -> None:
    printed = print_guide(guide(full_question(answer=EVERYTHING), summary=md("How it goes.")))
    tree = Tree(printed)
    assert_in_order(
        tree.text(tree.root.K),
        "Example Engineer Guide",
        "How to use this guide",
        "Contents",
        "How it goes.",
        "Phone Screen",
        "1.01",
        "What is asked in question number 1?",
        "Think of the reader.",
        r"A link11example.com, code, a formula \frac{a}{b} and struck text.",
        "NameWorth",
        "quoted",
        "def f(x):",
        "E = mc^2",
        "The end.",
        "And if it fails?",
        "Index",
    )


def test_words_are_whole_and_apart_in_the_tree(print_guide: Print) -> None:
    words = "internationalisation considerations notwithstanding a b c characteristics " * 20
    tree = Tree(print_guide(guide(question(1, answer=words))))
    [text] = [text for text in tree.of("P") if "internationalisation" in text.replace("\u00ad", "")]
    assert "\u00ad" in text
    assert text.replace("\u00ad", "") == words.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Two words שלום עולם of Hebrew.",
        "מילה, two words 12 אחרת.",
        "مرحبا بالعالم 2024 Latin",
        "हिन्दी क्षत्रिय 日本語 👍🏽",
    ],
)
def test_every_direction_is_read_in_its_order_by_the_tree(print_guide: Print, text: str) -> None:
    tree = Tree(print_guide(guide(question(1, answer=text))))
    assert text in tree.of("P")


def test_a_number_is_read_before_its_point_in_every_direction(print_guide: Print) -> None:
    for language in ("en", "ar"):
        made = guide(question(1, answer="71. أول"), language=language)
        assert "71." in Tree(print_guide(made)).of("Lbl")


def test_headings_lists_tables_code_and_links_are_what_they_are(print_guide: Print) -> None:
    tree = Tree(print_guide(guide(full_question(answer=EVERYTHING))))
    assert "Phone Screen" in tree.of("H1")
    assert "What is asked in question number 1?" in tree.of("H2")
    assert "Model answer" in tree.of("H3")
    assert "one" in tree.of("LBody")
    assert [text for text in tree.of("TH") if text in ("Name", "Worth")] == ["Name", "Worth"]
    assert "a" in tree.of("TD")
    assert "quoted" in tree.of("BlockQuote")
    assert any("def f(x):" in text for text in tree.of("Code"))
    assert "link" in tree.of("Link")
    assert tree.of("Formula") == [r"\frac{a}{b}", "E = mc^2"]


def test_lists_say_whether_they_are_numbered(print_guide: Print) -> None:
    text = "1. first\n2. second\n\nor\n\n- other"
    asked = (FollowUp(question=md("Asked next?")),)
    tree = Tree(print_guide(guide(question(1, answer=text, follow_ups=asked))))
    numbering = {
        word: str(node.A.ListNumbering)
        for role, node in tree.walk()
        for word in ("second", "other", "next")
        if role == "/L" and word in tree.text(node)
    }
    assert numbering == {"second": "/Decimal", "other": "/Disc", "next": "/Decimal"}


def test_a_head_that_names_cells_is_read_beside_each(print_guide: Print) -> None:
    names = [f"[{'abcdefghij'[n] * 20}](https://example.com/{n})" for n in range(10)]
    rows = [names, ["-"] * 10, *([f"r{row}c{n}" for n in range(10)] for row in range(3))]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    tree = Tree(print_guide(guide(question(1, answer=table))))
    assert [text for text in tree.of("Link") if text == "a" * 20] == ["a" * 20] * 3


def test_headings_of_texts_are_headings_of_the_next_level(print_guide: Print) -> None:
    made = guide(
        question(
            1, question="Asked.\n\n## In a question", answer="## In an answer", hint="# Alone"
        ),
        question(2, question="```\ncode\n```", answer="- # In an item\n\n  More."),
        summary=md("Words.\n\n### In the summary"),
    )
    printed = print_guide(made)
    tree = Tree(printed)
    assert {"In the summary", "Asked.", "1.02"} <= set(tree.of("H2"))
    assert "In a question" in tree.of("H3")
    assert tree.of("H4") == ["Alone", "In an answer", "In an item"]
    report = page.validate_pdf(printed.path, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]


def test_everything_on_a_page_is_in_the_tree_or_an_artifact(print_guide: Print) -> None:
    printed = print_guide(guide(full_question(answer=EVERYTHING)))
    for number, page_ in enumerate(printed.pike.pages, 1):
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page_):
            match str(operator):
                case "BDC" | "BMC":
                    depth += 1
                    assert depth == 1, f"nested marks on page {number}"
                case "EMC":
                    depth -= 1
                case "Tj" | "TJ" | "f" | "S" | "Do" as drawn:
                    assert depth == 1, f"unmarked {drawn} on page {number}"
                case _:
                    pass
        assert depth == 0


def test_running_heads_and_page_numbers_are_no_part_of_the_text(print_guide: Print) -> None:
    printed = print_guide(guide(full_question(answer="Words to fill pages. " * 900)))
    tree = Tree(printed)
    assert tree.text(tree.root.K).count("1\u2002Phone Screen") <= 4
    assert printed.text.count("1 Phone Screen") > 5
