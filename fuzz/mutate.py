"""Mutations: a bank on disk -> the same, with something odd done to it.

Each takes a source of chance and the bank's case folder, and changes a file in place.
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from PIL import Image
from pygments.lexers import get_all_lexers

# What Markdown, HTML, Anki, TeX, reportlab, YAML or a terminal may take for more than it is.
FRAGMENTS = [
    "# ", "###### ", "- ", "1. ", "99999999999. ", "> ", "> > > ", "```", "~~~", "```python\n",
    "\n", "\n\n", "    ", "\t", "  \n", "\\\n", "| a | b |\n|---|:-:|\n| `c|d` | e |\n", "|",
    "|-|", "`", "``", "*", "**", "***", "_", "__", "~~", "~", "---\n", "===\n", "- [ ] ",
    "- [x] ", "![a](", "![a](drawing.svg)", "![](media/dot.png)", "![a](../guide.yaml)",
    "[a](https://example.com)", "[a](javascript:alert(1))", "[a](file:///etc/passwd)",
    "[a](data:text/html,x)", "[a][b]", "[b]: https://example.com 'c'\n", "[^1]", "[^1]: note\n",
    "<https://example.com>", "a@b.example", "https://example.com/(a)", "<br>", "<sub>", "</sub>",
    "<sup>", "<kbd>", "</kbd>", "<!--", "-->", "<b>", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "<a href='javascript:1'>", "<![CDATA[", "<?php", "&amp;",
    "&lt;", "&#0;", "&#x1f;", "&#xd800;", "&nosuch;", "&", "<", ">", '"', "'", "\\", "\\$", "$",
    "$$", "$x$", "$$\nx\n$$", "\\(", "\\)", "\\[", "\\]", r"\frac{1}{", r"\sqrt[",
    r"\begin{matrix}", r"\end{matrix}", r"\left(", r"\right.", r"\def\a{\a\a}\a", "^_^",
    r"\color{red}", r"\text{a$b$}", "{{c1::", "{{c1::a::b}}", "{{c0::a}}", "{{c501::a}}",
    "{{c1,2::a}}", "}}", "::", "{{", "{{Front}}", "{{#Back}}", "{{type:Front}}", "{{cloze:Text}}",
    "[sound:a.mp3]", "[anki:play:q:0]", "[latex]", "[/latex]", "[$]", "[/$]", "[[type:a]]",
    "<para>", "<font color=red>", "<seq id='a'/>", "<onDraw name=a/>", "%s", "%(a)s", "{0}", "(",
    ")", "[", "]", "{", "}", "\\1", "e\u0301", "\u0301" * 40, "\u00ad", "\u200b", "\u200d",
    "\ufeff", "\u202e", "\u2066", "\u2028", "\u3000", "\u00a0", "\ufffd", "\U000e0041",
    "\U0010fffd", "日本語", "مرحبا", "שלום", "ไทย", "हिन्दी", "👩‍💻", "🏳️‍🌈", "𝒳", "ß", "İ", "ﬃ",
    "word " * 60, "W" * 400, "a.b/c_d-e" * 40, "9" * 400, "-" * 200,
    "⠁⠂⠃",
]  # fmt: skip

YAML_FRAGMENTS = [
    "&a ", "*a", "<<: *a", "!!python/object:os.system ", "!x ", "|\n", ">-\n", "- ", "? ", ": ",
    ", ", "{", "}", "[", "]", "[" * 40, "'", '"', '"\\ud800"', '"\\0"', "#", "%YAML 1.1\n",
    "---\n", "...\n", "\t", "  ", "\n", "~", "no", "2026-13-01", "1e999", "0x1f", "1_000",
    "\ufeff", "@", "=",
]  # fmt: skip

SVG_FRAGMENTS = [
    "<script/>", "<use href='#box'/>", "<use href='a.svg#b'/>", "<image href='dot.png'/>", "<g>",
    "</g>", "<!DOCTYPE svg>", "&lol;", "<![CDATA[", "<style>@import 'a'</style>",
    "<style>a{b:url(http://c)}</style>", " onload='a()'", " fill='url(#none)'", " href='#box'",
    " id='box'", " transform='scale(0)'", " transform='matrix(1)'", " d='M'",
    " d='M 1e309 nan A'", " width='1e9'", " width='-1'", " width='50%'", " viewBox='0 0 0 0'",
    " points='1'", " font-size='1e6'", " stroke-dasharray='0'", "<text>", "<clipPath>",
    "<symbol id='box'><use href='#box'/></symbol>", "<linearGradient id='fade' href='#fade'/>",
    "\u202e", f" d='M{'1' * 400} 1'", " d='xxxx'", " x='nan'", " width='inf'",
    "<?xml version='1.0' encoding='utf-7'?>", "<style>a{b:(((</style>", "<use xlink:href='#box'/>",
]  # fmt: skip

LANGUAGES = sorted(names[0] for _, names, _, _ in get_all_lexers(plugins=False) if names)

OPENINGS = ['"', "'", "`", '"""', "/*", "//", "#", "(", "[", "{", "<", "<!--", "${", ":", "$", ""]

FILLERS = [
    "\n", "\\", "\\n", '\\"', "a", "1", " ", "a ", "a\n", "_a", "''", "*", "-", "/", ".", "(", ")",
    "[", "{", "<", ">", "&", "$",
]  # fmt: skip

ODD_VALUES: list[Any] = [
    None, True, False, 0, -1, 10**6, 10**400, 0.5, float("nan"), float("inf"), "", " ", "no", "~",
    "a", "é", "x" * 3000, "../a", "/etc/passwd", "C:\\a", "https://example.com",
    "javascript:alert(1)", "2026-02-30", [], {}, [[]], [{}], [None], {"": ""},
    {"a": {"a": {"a": "b"}}}, ["a", "a"], "one, two", "retired", "draft", "behavioral",
    "xx-INVALID-tag-0123456789", "ar", "ja", "zh-Hant", "none", "end", "question",
]  # fmt: skip

TEXTS = (".yaml", ".yml", ".json", ".svg")


def mutate(chance: random.Random, case: Path) -> None:
    """Change a case in a few ways: in one, most often, so that it still has outputs."""
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        kinds, weights = zip(*MUTATIONS.items(), strict=True)
        chance.choices(kinds, weights)[0](chance, case)


# ------------------------------------------------------------------------------------- any file


def bytes_of_a_file(chance: random.Random, case: Path) -> None:
    path = _any_file(chance, case, ())
    data = bytearray(path.read_bytes())
    at, end = sorted(chance.randint(0, len(data)) for _ in range(2))
    end = min(end, at + chance.choice([1, 4, 100, 10**6]))
    match chance.randrange(5):
        case 0:
            data[at:end] = chance.randbytes(min(end - at, 100))
        case 1:
            del data[at:end]
        case 2:
            data[at:at] = data[at:end] * chance.randint(1, 3)
        case 3:
            data[at:at] = chance.choice(
                [b"\0", b"\xff", b"\xfe\xff", b"\x1b[2J", b"\r", b"\xed\xa0\x80"]
            )
        case 4:
            del data[at:]
    path.write_bytes(data)


def lines_of_a_file(chance: random.Random, case: Path) -> None:
    path = _any_file(chance, case, TEXTS)
    lines = _read(path).splitlines(keepends=True) or [""]
    one, other = (chance.randrange(len(lines)) for _ in range(2))
    match chance.randrange(4):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            del lines[one]
        case 3:
            lines[one] = chance.choice(["  ", " ", "- ", "# "]) + lines[one]
    _write(path, "".join(lines))


def fragment_in_a_file(chance: random.Random, case: Path) -> None:
    path = _any_file(chance, case, TEXTS)
    fragments = SVG_FRAGMENTS if path.suffix == ".svg" else YAML_FRAGMENTS
    _write(path, _spliced(chance, _read(path), fragments))


def many_in_a_file(chance: random.Random, case: Path) -> None:
    """One thing so often that whoever looks at each from each is busy for minutes."""
    path = _any_file(chance, case, TEXTS)
    text = _read(path)
    lines = text.splitlines(keepends=True) or [""]
    at = chance.randrange(len(lines))
    fragments = SVG_FRAGMENTS if path.suffix == ".svg" else [*YAML_FRAGMENTS, *FRAGMENTS]
    part = chance.choice([lines[at], *chance.choices(fragments, k=3)])
    number = min(chance.choice([300, 3_000, 30_000]), 300_000 // max(1, len(part)))
    if part is lines[at]:
        # Numbered, so that ids and keys differ.
        repeated = "".join(part.replace("a", f"a{n}", 1) for n in range(number))
        lines[at:at] = [chance.choice([part * number, repeated])]
        _write(path, "".join(lines))
    else:
        place = chance.randint(0, len(text))
        _write(path, text[:place] + part * number + text[place:])


# ----------------------------------------------------------------------------- the tree of a YAML


def structure(chance: random.Random, case: Path) -> None:
    """A value or a key dropped, moved, doubled, or made another type."""
    path, tree = _any_tree(chance, case)
    spots = list(_spots(tree))
    if not spots:
        return
    parent, key = chance.choice(spots)
    match chance.randrange(6):
        case 0:
            del parent[key]
        case 1:
            other, place = chance.choice(spots)
            if not any(part is parent for part in _containers(other[place])):
                parent[key] = other[place]  # written as an alias where it is a list or a mapping
        case 2:
            parent[key] = chance.choice(ODD_VALUES)
        case 3:
            parent[key] = chance.choice([[parent[key]], {"a": parent[key]}, str(parent[key])])
        case 4 if isinstance(parent, dict):
            name = chance.choice(
                ["id", "answer", "cards", "cloze", "tags", "rounds", "questoin", ""]
            )
            parent[name] = parent.pop(key)
        case _ if isinstance(parent, list):
            parent[key:key] = [parent[key]] * chance.choice([1, 1, 30])
    _dump(path, tree)


def markdown(chance: random.Random, case: Path) -> None:
    """A text with constructs spliced in, up to many of them."""
    path, tree = _any_tree(chance, case)
    spots = _texts(tree)
    if not spots:
        return
    for parent, key in chance.choices(spots, k=chance.choice([1, 1, 3])):
        for _ in range(chance.choice([1, 2, 4, 12])):
            parent[key] = _spliced(chance, parent[key], FRAGMENTS)
        if chance.random() < 0.05:
            parent[key] = (parent[key] * 400)[:20_000]
    _dump(path, tree)


def listing(chance: random.Random, case: Path) -> None:
    """A listing in any language: something is opened, and one thing follows many times. It keeps
    many a regular expression busy."""
    path, tree = _any_tree(chance, case)
    spots = _texts(tree)
    if not spots:
        return
    parent, key = chance.choice(spots)
    code = chance.choice(OPENINGS) + chance.choice(FILLERS) * chance.choice([10, 60, 500])
    parent[key] += f"\n\n```{chance.choice(LANGUAGES)}\n{code}\n```\n"
    _dump(path, tree)


def options(chance: random.Random, case: Path) -> None:
    """An exporter's option in guide.yaml, right or wrong."""
    path = chance.choice(sorted(case.glob("bank/*/guide.yaml")))
    tree = _load(path)
    if not isinstance(tree, dict):
        return
    names = {
        "pdf": ["paper", "answers", "duplex", "color", "fonts"],
        "anki": ["deck", "tag_prefix", "cards", "stories", "order", "licence"],
        "cards": ["paper", "per_sheet", "duplex", "color", "fonts"],
        "html": ["cards"],
    }
    exporter = chance.choice([*names, "none"])
    option = chance.choice([*names.get(exporter, []), "none"])
    values = [*ODD_VALUES, "a4", "letter", "inline", "short-edge", 8, 10, "a::b", "recall,cloze"]
    values += ["fonts/a.ttf", "fonts/../guide.yaml", "manimgx-fonts", "fonttools", "no-such-font"]
    tree["export"] = {exporter: {option: chance.choice([*values, chance.choice(FRAGMENTS)])}}
    _dump(path, tree)


# ----------------------------------------------------------------------------------------- images


def picture(chance: random.Random, case: Path) -> None:
    """An image by another kind, size or mode of image, under the same name."""
    paths = [path for path in _files(case / "bank") if "media" in path.parts]
    if not paths:
        return
    kind, mode = chance.choice(
        [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "1"), ("JPEG", "CMYK"),
         ("JPEG", "L"), ("GIF", "P"), ("WEBP", "RGBA"), ("BMP", "RGB"), ("TIFF", "L"),
         ("PNG", "LA")]
    )  # fmt: skip
    size = chance.choice([(1, 1), (3, 2), (1, 2000), (2000, 1), (300, 300)])
    file = io.BytesIO()
    frames = [Image.new(mode, size) for _ in range(3)] if chance.random() < 0.3 else []
    extra: dict[str, Any] = {"save_all": True, "append_images": frames} if frames else {}
    Image.new(mode, size).save(file, kind, **(extra if kind in ("GIF", "PNG", "WEBP") else {}))
    chance.choice(paths).write_bytes(file.getvalue())


MUTATIONS: dict[Callable[[random.Random, Path], None], int] = {
    markdown: 20,
    structure: 5,
    options: 3,
    listing: 2,
    fragment_in_a_file: 2,
    picture: 2,
    many_in_a_file: 2,
    bytes_of_a_file: 1,
    lines_of_a_file: 1,
}


# ---------------------------------------------------------------------------------------- helpers


def _files(folder: Path) -> list[Path]:
    """The plain files below a folder; links are not followed."""
    found = [Path(base, name) for base, _, names in os.walk(folder) for name in names]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _any_file(chance: random.Random, case: Path, suffixes: tuple[str, ...]) -> Path:
    """A file of the bank, or now and then the manifest beside its outputs."""
    paths = [*_files(case / "bank"), *case.glob("output/manifest.json")]
    return chance.choice([path for path in paths if path.name.endswith(suffixes or "")])


def _any_tree(chance: random.Random, case: Path) -> tuple[Path, Any]:
    """A YAML file and its values: mostly questions."""
    paths = [path for path in _files(case / "bank") if path.suffix == ".yaml"]
    weights = [4 if "questions" in path.parts else 1 for path in paths]
    (path,) = chance.choices(paths, weights)
    return path, _load(path)


def _load(path: Path) -> Any:
    """The values of a file, or nothing where it is broken; or so big that it might hold enough
    brackets to take the C loader down, and this process with it."""
    try:
        data = path.read_bytes()
        return yaml.load(data, Loader=yaml.CSafeLoader) if len(data) < 25_000 else None
    except (
        yaml.YAMLError,
        ValueError,
        OSError,
        RecursionError,
        LookupError,
        TypeError,
        AttributeError,
    ):
        return None


def _dump(path: Path, tree: Any) -> None:
    dumped = yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    _write(path, dumped)


def _spots(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Where every value of a tree stands: its parent, and the key or index there."""
    for parent in _containers(tree):
        for key in parent if isinstance(parent, dict) else range(len(parent)):
            yield parent, key


def _texts(tree: Any) -> list[tuple[Any, Any]]:
    """Where every text of a tree stands."""
    return [spot for spot in _spots(tree) if isinstance(spot[0][spot[1]], str)]


def _containers(tree: Any) -> list[Any]:
    """The lists and mappings of a tree, each once, however many aliases lead there."""
    found: dict[int, Any] = {}
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list) and id(value) not in found:
            found[id(value)] = value
            waiting += value.values() if isinstance(value, dict) else value
    return list(found.values())


def _spliced(chance: random.Random, text: str, fragments: list[str]) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(fragments) + text[at + chance.choice([0, 0, 0, 1, 9]) :]


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
