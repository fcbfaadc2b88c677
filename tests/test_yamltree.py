"""YAML text -> nodes with places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckgen import yamltree
from deckgen.problems import Place, Problem
from deckgen.yamltree import (
    MAX_BYTES,
    MAX_DEPTH,
    Mapping,
    Node,
    Scalar,
    Sequence,
    forbidden,
    locate,
    parse,
)


def read(text: str | bytes) -> tuple[Node | None, list[Problem]]:
    problems: list[Problem] = []
    data = text.encode() if isinstance(text, str) else text
    return parse(data, "f.yaml", problems.append), problems


def test_places_count_characters_whatever_the_line_ends_and_the_mark_at_the_start() -> None:
    node, problems = read("\ufeffa: 1\r\n🦀é: two\r\n")
    assert problems == []
    assert isinstance(node, Mapping)
    assert node.entries["🦀é"].place == Place("f.yaml", 2, 1)
    assert node.entries["🦀é"].value.place == Place("f.yaml", 2, 5)


def test_characters_are_found_in_the_lines_that_the_parser_counts() -> None:
    _, parsed = read("- |\n  a\u2028  b\x85- *x")
    _, refused = read("- |\n  a\u2028  b\x85- \x01")
    assert [p.place for p in (*parsed, *refused)] == [Place("f.yaml", 4, 3)] * 2


def test_quoted_words_are_not_plain() -> None:
    node, _ = read("[no, 'no', \"no\", |\n no]".replace("|\n no", "2024"))
    assert isinstance(node, Sequence)
    assert [item.plain for item in node.items if isinstance(item, Scalar)] == [
        True,
        False,
        False,
        True,
    ]


def test_an_alias_is_the_same_node_so_nothing_expands() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(15)
    )
    node, problems = read(bomb)
    assert problems == []
    assert isinstance(node, Mapping)
    last = node.entries["p"].value
    assert isinstance(last, Sequence)
    assert last.items[0] is last.items[1]


BOMB = "- &a0 [x]\n" + "".join(f"- &a{n + 1} [*a{n}, *a{n}]\n" for n in range(20))


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("[" * 200_000, "nested more than 32 deep", 1, 33),
        ("- " * 200_000, "nested more than 32 deep", 1, 65),
        ("a: " * 3, "a colon and a space inside a text", 1, 5),
        ("- \x01", "U+0001 is not allowed in YAML", 1, 3),
        ("é: ü\nü: \x01", "U+0001 is not allowed in YAML", 2, 4),
        (b"ok: \xff", "byte 0xFF is not UTF-8", 1, 5),
        (b"ok: 1\r\n\xc3", "byte 0xC3 is not UTF-8", 2, 1),
        (b"\xef\xbb\xbf\xff", "byte 0xFF is not UTF-8", 1, 1),
        (b"\xef\xbb\xbfok: \xff", "byte 0xFF is not UTF-8", 1, 5),
        ("a: *x", "this alias names no anchor", 1, 4),
        ("- &a x\n- &a y", "an anchor of this name is there already", 2, 3),
        ("a: &a [x, *a]", "this holds an alias of itself", 1, 4),
        (BOMB, "more than 1,000,000 values, aliases", 18, 3),
        (f"- &a {'x' * 2**20}\n" + "- *a\n" * 16, "more than 16 MiB with its aliases", 1, 3),
        (f"[?&a {'x' * 2**20} : 1{', *a' * 17}]", "more than 16 MiB with its aliases", 1, 3),
        ("a: !!python/name:os.system x", "tag tag:yaml.org,2002:python/name:os.system", 1, 4),
        ("\x85\ufeff!x ", "tag !x: expected a value without one", 2, 2),
        ("!!str a: 1\n! b: ! c\nd: !!str e", "tag tag:yaml.org,2002:str: expected", 3, 4),
        ("%YAML 3.0\n---\na", "not valid YAML", 1, 1),
        ("a\n---\nb", "a second document", 2, 1),
    ],
)
def test_what_is_wrong_is_one_message_at_its_place(
    text: str | bytes, message: str, line: int, column: int
) -> None:
    _, problems = read(text)
    assert len(problems) == 1
    assert message in problems[0].message
    assert problems[0].place == Place("f.yaml", line, column)


def test_a_file_over_the_limit_is_not_read() -> None:
    node, problems = read(b"#" * (MAX_BYTES + 1))
    assert node is None
    assert "the limit is 16" in problems[0].message


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_nothing_and_not_wrong(text: str) -> None:
    assert read(text) == (None, [])


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    read(data)


@given(st.text(alphabet="[]{}:,-?&*!|>'\"%@` \n#ab01", max_size=80))
def test_no_mixture_of_yaml_makes_it_fail(text: str) -> None:
    read(text)


LINKS = ("&a{} [*a{}]", "{{? &a{} [*a{}] : x}}", "{{k: &a{} {{v: *a{}}}}}")


@pytest.mark.parametrize("link", LINKS)
def test_what_aliases_stand_for_is_depth_too(link: str) -> None:
    def chain(links: int) -> list[Problem]:
        lines = [f"- {link.format(n, n - 1)}\n" for n in range(1, links)]
        return [p for p in read("".join(["- &a0 [x]\n", *lines]))[1] if "nested" in p.message]

    around = 1 + link.count("{{")
    assert chain(MAX_DEPTH - around) == []
    (problem,) = chain(1200)
    assert problem.message == "nested more than 32 deep"


@pytest.mark.parametrize("part", ["[]", "[[]]", "{}", "x", "[x]", "{k: []}"])
@pytest.mark.parametrize("around", range(MAX_DEPTH - 3, MAX_DEPTH + 1))
def test_an_alias_goes_as_deep_as_what_it_stands_for(part: str, around: int) -> None:
    def stops(inner: str) -> bool:
        _, problems = read(f"- &a {part}\n- {'[' * around}{inner}{']' * around}")
        return [problem.message for problem in problems] == ["nested more than 32 deep"]

    assert stops("*a") == stops(part)


def values(node: Node | None) -> list[object]:
    """All that a tree says, in its order."""
    if isinstance(node, Scalar):
        return [node.text, node.plain, node.place]
    if isinstance(node, Sequence):
        return [node.place, [values(item) for item in node.items]]
    if isinstance(node, Mapping):
        entries = node.entries.items()
        return [node.place, [(key, entry.place, values(entry.value)) for key, entry in entries]]
    return []


def texts(node: Node | None) -> list[str]:
    if isinstance(node, Scalar):
        return [node.text]
    if isinstance(node, Sequence):
        return [text for item in node.items for text in texts(item)]
    entries = node.entries.items() if node else ()
    return [text for key, entry in entries for text in (key, *texts(entry.value))]


PIECES = [*"[]{}!", "a", "b: ", "- ", ", ", ": ", "? ", "\n", "\n  ", "\n    ", ">\n", "|\n ", "#c"]
PIECES += ["&a ", "*a", "!x ", "! ", "& ", '"q"', "'s'", '"\\x01"', '"\\uD800"', "\\x07", "é"]
CONTROLS = ["\x01", "\x7f", "\x85", "\r", "\r\n", "\ufeff", "\u2028", "\ufffe", "\x9f"]
yaml_texts = st.lists(st.sampled_from([*PIECES, *CONTROLS]), max_size=25).map("".join)


def always_unusual(*_: object) -> None:
    raise yamltree._Unusual


@given(yaml_texts)
def test_a_file_is_read_alike_whether_its_values_need_a_look_or_not(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        node, problems = read(text)
        patch.setattr(yamltree._Composer, "document", always_unusual)
        looked_at, found = read(text)
    assert (values(node), problems) == (values(looked_at), found)


@given(yaml_texts)
def test_no_text_of_a_tree_holds_a_forbidden_character(text: str) -> None:
    node, _ = read(text)
    assert not any(map(forbidden, texts(node)))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_no_escape_brings_in_what_no_text_may_hold(end: str) -> None:
    escapes = [f'"\\{chr(sign)}00000000"{end}' for sign in range(33, 127)]
    found = [read(escape) for escape in escapes]
    assert not any(forbidden(text) for node, _ in found for text in texts(node))
    messages = [problem.message for _, problems in found for problem in problems]
    assert "the text holds U+000D, a control character" in messages


@given(
    st.lists(st.text(alphabet="ab🦀é \t", max_size=5), min_size=1),
    st.sampled_from("\n\r\x85\u2028"),
)
def test_locate_finds_the_line_and_column_of_an_index(lines: list[str], end: str) -> None:
    text = end.join(lines)
    index = 0
    for number, line in enumerate(lines, 1):
        for column in range(len(line)):
            assert locate(text, index + column, "f") == Place("f", number, column + 1)
        index += len(line) + 1
