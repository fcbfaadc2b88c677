"""Listings: the tokens are Pygments' own, however they are found."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name

from deckgen.highlight import MAX_CODE, NotHighlighted, highlight, plain
from deckgen.lexing import quick

CONTENT = Path(__file__).parent.parent / "content"
LANGUAGES = (
    "bash", "c", "clojure", "cpp", "csharp", "css", "dart", "diff", "docker", "elixir", "erlang",
    "go", "graphql", "groovy", "haskell", "html", "http", "ini", "java", "js", "json", "julia",
    "kotlin", "lua", "make", "nginx", "objc", "perl", "php", "powershell", "prolog", "proto",
    "pycon", "python", "r", "rb", "rust", "scala", "scheme", "sql", "swift", "terraform", "tex",
    "toml", "ts", "vim", "xml", "yaml", "zig",
)  # fmt: skip

CODE = """\
#!/usr/bin/env python
# A comment, and one /* of another kind */ -- or (* a third *)
class Cache(dict[str, "Öl"], metaclass=abc.ABCMeta): // the end
    async def get(self, key: str, *, default=None) -> int | None:
        '''A text.'''
        x = f"{key!r:>{width}} {{no}} \\n" + r'\\d+' + `date`; y ||= 0x1F & 1_000.5e-3
        return {"a": [1, 2.5, null, true], b: <p class="x">&amp;</p>}.get(key) # => nil
SELECT name, count(*) FROM users WHERE id >= :id AND name LIKE 'O''Brien%' GROUP BY 1;
func (s *Server) Serve<T: Eq>(w http.ResponseWriter) -> Result<&'a str, Error> { defer m.Unlock() }
if [ "$1" = "${HOME:-x}" ]; then cat <<EOF | grep -v '^#' && echo $((1 + 2)) >&2
  text $HOME
EOF
fi
%w[a b] <<~TEXT
  here #{now}
TEXT
@decorator @media (min-width: 10px) { a:hover > b::after { color: #fff !important; } }
key: &anchor {list: [*anchor, ~], "k": |
  folded
  }
\\begin{align} a &= b^2 \\\\ \\end{align} $x_1$ <?php echo $a->b; ?>
+ added
- gone
"""


def listings() -> list[str]:
    """All listings of the shipped bank."""
    fence = re.compile(r"^( *)```\w+\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
    return [
        re.sub(f"^{indent}", "", code, flags=re.MULTILINE)
        for path in sorted(CONTENT.rglob("questions/*.yaml"))
        for indent, code in fence.findall(path.read_text(encoding="utf-8"))
    ]


@cache
def lexers(language: str) -> tuple[Any, Any]:
    """A lexer as Pygments has it, and one as it is used here."""
    return get_lexer_by_name(language), quick(get_lexer_by_name(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_tokens_that_pygments_finds(language: str) -> None:
    usual, ours = lexers(language)
    texts = [CODE, CODE.upper(), CODE[::-1], *CODE.splitlines(), *listings()]
    assert [list(ours.get_tokens(text)) for text in texts] == [
        list(usual.get_tokens(text)) for text in texts
    ]


@given(
    st.sampled_from([name for name in LANGUAGES if name != "scala"]),
    st.lists(st.sampled_from(re.findall(r"\w+|\s+|.", CODE)), max_size=40).map("".join),
)
def test_pieces_of_code_have_the_tokens_that_pygments_finds(language: str, text: str) -> None:
    usual, ours = lexers(language)
    assert list(ours.get_tokens(text)) == list(usual.get_tokens(text))


def test_most_lexers_are_quick_and_those_with_a_loop_of_their_own_are_let_be() -> None:
    assert "get_tokens_unprocessed" in vars(lexers("python")[1])
    assert "get_tokens_unprocessed" not in vars(lexers("yaml")[1])


@given(st.text(max_size=200), st.sampled_from(["python", "sql", "bash", "go", "text"]))
def test_a_listing_loses_no_character(code: str, language: str) -> None:
    lines = highlight(code, language)
    shown = ["".join(token.text for token in line) for line in lines]
    assert "\n".join(shown) == code.expandtabs(4).rstrip("\n")


def test_what_can_only_be_shown_plain_says_why() -> None:
    for code, language, name in (
        ("x", "klingon", "code-language"),
        ("x" * (MAX_CODE + 1), "python", "code-long"),
    ):
        with pytest.raises(NotHighlighted) as why:
            highlight(code, language)
        assert why.value.name == name


def test_without_a_language_a_listing_is_plain() -> None:
    assert highlight("a\tb\n\nc\n", "") == plain("a\tb\n\nc\n")
    assert [[token.text for token in line] for line in plain("a\tb\n\nc\n")] == [
        ["a   b"],
        [],
        ["c"],
    ]
    assert plain("\n") == ()
