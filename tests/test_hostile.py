"""Banks of strangers: whatever is in them, `check` and `build` end with a message or with outputs.

A case is a folder in hostile/, laid over a small guide. A new one needs no code: put it there, and
run with --update-cases.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from deckgen import (
    declared,
    files,
    highlight,
    ledger,
    loader,
    markdown_parser,
    media,
    texts,
    yamltree,
)
from deckgen.exporters.pdf import drawings, formula, shaping, typefaces
from support import BankFolder, Ran, Run

HOSTILE = Path(__file__).parent / "hostile"
CASES = sorted(path for path in HOSTILE.iterdir() if path.is_dir())
EXPECTED = "expected.txt"
LINKS = "links.txt"
"""The links of a case, `name -> where to`, kept as words: a link to / harms whoever follows it."""

GUIDE = """\
title: Guide
company: Example
role: Engineer
updated: 2026-01-02
rounds:
  - {id: one, title: One, categories: [General]}
"""

QUESTION = """\
- {id: a, question: "What, then?", category: General, difficulty: easy, answer: Because.}
"""


KEPT = re.compile(r"home/deckgen/[0-9a-f]{32}")
"""What a build keeps for the next one, in the user's own cache."""


@pytest.fixture
def around(tmp_path: Path) -> dict[str, str]:
    """An environment whose every folder for writing is below `tmp_path`, where it is seen."""
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    return {
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "tmp"),
        "XDG_CACHE_HOME": str(tmp_path / "home"),
        "SOURCE_DATE_EPOCH": "1800000000",
    }


def files_in(folder: Path) -> dict[str, str | bytes]:
    """The files below a folder, but for what a build may write; of links where they lead."""
    found: dict[str, str | bytes] = {}
    for base, folders, names in os.walk(folder):
        links = [name for name in folders if Path(base, name).is_symlink()]
        for name in [*names, *links]:
            path = Path(base, name)
            inside = path.relative_to(folder)
            key = inside.as_posix()
            kept = KEPT.fullmatch(key)
            if inside.parts[0] != "output" and inside.name != "ledger.yaml" and not kept:
                found[key] = os.readlink(path) if path.is_symlink() else path.read_bytes()
    return found


def lay_over(case: Path, guide: Path) -> None:
    """Puts the files and the links of a case into a guide's folder."""
    skipped = shutil.ignore_patterns(EXPECTED, LINKS)
    shutil.copytree(case, guide, dirs_exist_ok=True, ignore=skipped)
    if (case / LINKS).exists():
        for line in (case / LINKS).read_text(encoding="utf-8").splitlines():
            name, target = line.split(" -> ")
            (guide / name).parent.mkdir(parents=True, exist_ok=True)
            (guide / name).symlink_to(target)


def said(ran: Ran) -> str:
    """How a run ended and what it said, without the middle of what is long."""
    lines = [line if len(line) <= 300 else f"{line[:300]}..." for line in ran.err.splitlines()]
    shown = [*lines[:8], f"... {len(lines) - 8} more"] if len(lines) > 8 else lines
    return "\n".join([f"exit {ran.code}", *shown, ""])


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_strangers_bank_ends_in_outputs_or_in_messages(
    case: Path,
    bank: BankFolder,
    run: Run,
    tmp_path: Path,
    around: dict[str, str],
    request: pytest.FixtureRequest,
) -> None:
    shutil.rmtree(bank.guide)
    bank.write("guide.yaml", GUIDE)
    bank.write("questions/a.yaml", QUESTION)
    lay_over(case, bank.guide)
    before = files_in(tmp_path)
    checked = run("check", env=around)
    built = run("build", env=around)
    assert files_in(tmp_path) == before
    written = {path.name for path in tmp_path.glob("output/*")}
    if built.code == 0:
        assert {"manifest.json"} < written
        assert run("build", "--check", env=around).code == 0
    else:
        assert built.code == 1
        assert "error: " in built.err
    found = f"check: {said(checked)}build: {said(built)}"
    if request.config.getoption("--update-cases"):
        (case / EXPECTED).write_text(found, encoding="utf-8")
    assert found == (case / EXPECTED).read_text(encoding="utf-8")


LIMIT = r"^((?:MAX|LAST)_[A-Z]+)\b.* ="
LIMITS = {
    "files.MAX_BYTES": ("any file", f"{files.MAX_BYTES >> 20} MiB"),
    "files.MAX_FOLDERS": ("any file", f"folders {files.MAX_FOLDERS} deep"),
    "yamltree.MAX_BYTES": ("a YAML file", f"{yamltree.MAX_BYTES >> 20} MiB"),
    "yamltree.MAX_VALUES": ("a YAML file", f"{yamltree.MAX_VALUES:,} values"),
    "yamltree.MAX_DEPTH": ("a YAML file", f"{yamltree.MAX_DEPTH} levels"),
    "loader.MAX_ROUNDS": ("a guide", f"{loader.MAX_ROUNDS} rounds"),
    "ledger.LAST_ROUND": ("a guide", f"{ledger.LAST_ROUND:,} numbers of rounds"),
    "ledger.LAST_QUESTION": ("a guide", f"{ledger.LAST_QUESTION:,} codes in each"),
    "declared.MAX_TEXT": ("a text", f"{declared.MAX_TEXT:,} characters"),
    "texts.MAX_DEPTH": ("a text", f"{texts.MAX_DEPTH} levels deep"),
    "texts.MAX_URL": ("an address", f"{texts.MAX_URL:,} characters"),
    "texts.MAX_FILLED": ("the short rows", f"{texts.MAX_FILLED:,} cells"),
    "highlight.MAX_CODE": ("a listing", f"{highlight.MAX_CODE:,} characters"),
    "highlight.MAX_SECONDS": ("a listing", f"{highlight.MAX_SECONDS} seconds"),
    "formula.MAX_TEX": ("a formula", f"{formula.MAX_TEX:,} characters"),
    "formula.MAX_GROUPS": ("a formula", f"groups {formula.MAX_GROUPS} deep"),
    "media.MAX_PIXELS": ("an image", f"{media.MAX_PIXELS // 10**6} million pixels"),
    "media.MAX_WEBP": ("an image", f"a WebP {media.MAX_WEBP // 10**6} million"),
    "media.MAX_SIDE": ("an image", f"{media.MAX_SIDE:,} a side"),
    "media.MAX_SCANS": ("a JPEG", f"{media.MAX_SCANS} scans"),
    "media.MAX_PROFILES": ("a PNG", f"{media.MAX_PROFILES} colour profiles"),
    "media.MAX_NESTING": ("an SVG", f"{media.MAX_NESTING} levels"),
    "media.MAX_ATTRIBUTES": ("an SVG", f"{media.MAX_ATTRIBUTES:,} attributes"),
    "media.MAX_SHAPES": ("an SVG", f"{media.MAX_SHAPES:,} elements"),
    "drawings.MAX_SECONDS": ("an SVG", f"{drawings.MAX_SECONDS} seconds"),
    "shaping.MAX_LINES": ("a font of the guide", f"{shaping.MAX_LINES:,} lines"),
    "typefaces.MAX_FONTS": ("the fonts of a guide", f"{typefaces.MAX_FONTS} files"),
    "declared.MAX_SLUG": ("an id", f"{declared.MAX_SLUG} characters"),
    "markdown_parser.MAX_CLOZE": ("cloze numbers", f"1 to {markdown_parser.MAX_CLOZE}"),
}


def test_the_limits_are_those_that_the_docs_state() -> None:
    docs = Path(__file__).parent.parent / "docs" / "bank.md"
    _, _, part = docs.read_text(encoding="utf-8").partition("## Limits")
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", part, re.MULTILINE)
    for what, limit in LIMITS.values():
        assert [row for row in rows if row[0].startswith(what) and limit in row[1]], (what, limit)


def test_no_limit_is_missing_from_the_docs() -> None:
    source = Path(files.__file__).parent
    found = {
        f"{path.stem}.{name}"
        for path in source.rglob("*.py")
        if path.parent.name != "importing"  # whose limits are on the page of `deckgen import`
        for name in re.findall(LIMIT, path.read_text("utf-8"), re.M)
    }
    assert found == set(LIMITS)
