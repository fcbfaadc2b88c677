"""Who may import whom, and what is not loaded until it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import deckgen
from support import BankFolder, Run

PACKAGE = Path(deckgen.__file__).parent

# In this order: a module may import those above it. What stands on one line may not import each
# other. These pairs are one thing in two files: the first loads the second only when it must.
PAIRS = [("builder", "making"), ("texts", "markdown"), ("texts", "markdown_parser")]
LAYERS = [
    ["problems", "words", "languages", "collector", "memo"],
    ["syntax"],
    ["yamltree", "files"],
    ["ledger", "limits", "texts", "manifest", "watch", "fingerprint"],
    ["lexing", "markdown", "remarks", "kept"],
    ["highlight", "markdown_pieces"],
    ["markdown_parser", "model"],
    ["media", "declared", "html", "terminal"],
    ["exporter", "loader", "options", "schemas", "selection"],
    ["registry"],
    ["running", "listing", "lint"],
    ["publishing"],
    ["check", "completion", "skeletons", "testing"],
    ["importing"],
    ["builder"],
    ["making"],
    ["__init__", "printing"],
    ["cli"],
    ["__main__"],
]


def imported(path: Path) -> set[str]:
    """The modules of deckgen that a module of it imports at any time, but for type checking."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    found = set()
    for node in ast.walk(tree):
        level = 1 if path.parent == PACKAGE else 2
        if isinstance(node, ast.ImportFrom) and node.level == level and id(node) not in typing_only:
            found |= {node.module} if node.module else {alias.name for alias in node.names}
    return {name.split(".")[0] for name in found} - {"__version__"}


def modules() -> list[tuple[str, Path]]:
    """Every file but those of exporters, with the module or the package it belongs to."""
    packages = [(name, p) for name in ("importing", "lint") for p in (PACKAGE / name).glob("*.py")]
    return [(path.stem, path) for path in PACKAGE.glob("*.py")] + packages


def test_every_module_has_its_layer_and_imports_only_what_is_above_it() -> None:
    rank = {name: number for number, names in enumerate(LAYERS) for name in names}
    assert {name for name, _ in modules()} == set(rank)
    for name, path in modules():
        for other in imported(path):
            below = rank[other] < rank[name] or (name, other) in PAIRS
            assert below, f"{name} imports {other}"


@pytest.mark.parametrize("exporter", sorted(p.name for p in (PACKAGE / "exporters").glob("[a-z]*")))
def test_exporters_know_no_yaml_no_command_line_and_no_other_exporter(exporter: str) -> None:
    allowed = {
        "exporter",
        "kept",
        "model",
        "markdown",
        "html",
        "words",
        "languages",
        "problems",
        "memo",
        "limits",
    }
    for path in (PACKAGE / "exporters" / exporter).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 2:
                pytest.fail(f"{path} imports another exporter")
            if isinstance(node, ast.ImportFrom) and node.level == 3:
                names = {node.module} if node.module else {alias.name for alias in node.names}
                assert names <= allowed, f"{path} imports {names - allowed}"
            if isinstance(node, ast.Import | ast.ImportFrom):
                text = ast.unparse(node)
                assert "yaml" not in text, path
                assert "click" not in text, path


def test_nothing_knows_an_exporter_by_name_but_its_registration() -> None:
    for name, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom | ast.Import):
                assert "exporters" not in ast.unparse(node), name


LOADED = """
import sys
from deckgen.cli import main
sys.argv = ["deckgen", *{arguments!r}]
try:
    main()
finally:
    heavy = {{"yaml", "genanki", "reportlab", "pyromark", "pygments", "PIL"}}
    heavy |= {{"regex", "bidi", "uharfbuzz", "fontTools", "bs4"}}
    print(*sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def loaded(folder: Path, *arguments: str) -> list[str]:
    code = LOADED.format(arguments=list(arguments))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.split()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_help_loads_no_library_but_click(tmp_path: Path, arguments: list[str]) -> None:
    assert loaded(tmp_path, *arguments) == []


def test_listing_the_exporters_loads_none_of_what_they_need(tmp_path: Path) -> None:
    assert loaded(tmp_path, "exporters") == []


def test_an_unchanged_build_parses_nothing(bank: BankFolder, run: Run, tmp_path: Path) -> None:
    assert run("build").code == 0
    assert loaded(tmp_path, "build") == []
    assert loaded(tmp_path, "build", "--check") == []


def test_stats_parse_no_markdown(bank: BankFolder, tmp_path: Path) -> None:
    bank.edit("questions/all.yaml", '    - {id: lru, cloze: "When it', "#")
    assert loaded(tmp_path, "stats") == ["yaml"]


def test_the_public_names_are_all_there() -> None:
    for name in deckgen.__all__:
        assert getattr(deckgen, name).__name__ == name
    assert set(deckgen.__all__) <= set(dir(deckgen))
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        deckgen.nope  # noqa: B018
