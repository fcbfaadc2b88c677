"""What the documentation says is so."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from deckgen import importing
from deckgen.cli import cli
from support import BankFolder, Plugins, Run

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_parts_are_what_the_program_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert generator().fill(text) == text, "run: python docs/generate.py"


@pytest.mark.parametrize("command", ["", "build", "new question"])
def test_the_reference_is_what_help_prints(run: Run, command: str) -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    printed = run(*command.split(), "--help", env={"COLUMNS": "80"}).out
    title = f"deckgen {command}".rstrip()
    assert f"## {title}\n\n```text\n{printed}```" in page


def test_the_shipped_banks_schemas_are_what_the_program_says() -> None:
    for path, text in generator().schemas().items():
        assert path.read_text(encoding="utf-8") == text, "run: python docs/generate.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_and_to_files_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in cli.commands:
        assert f"deckgen {name}" in readme, name


def test_the_architecture_page_names_every_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for path in (ROOT / "src" / "deckgen").glob("[a-z]*.py"):
        assert path.name in page, path.name


def test_the_page_of_the_pdf_names_every_module_of_its_exporter() -> None:
    page = (ROOT / "docs" / "pdf.md").read_text(encoding="utf-8")
    for path in (ROOT / "src" / "deckgen" / "exporters" / "pdf").glob("[a-z]*.py"):
        assert f"`{path.name}`" in page, path.name


def test_the_head_of_the_import_names_every_module_of_it() -> None:
    head = importing.__doc__ or ""
    for path in (ROOT / "src" / "deckgen" / "importing").glob("[a-z]*.py"):
        assert re.search(rf"\b{path.stem}\b", head), path.name


def test_the_exporter_in_the_documentation_works(
    bank: BankFolder, plugins: Plugins, run: Run, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "exporters.md").read_text(encoding="utf-8")
    source = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    project = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert source
    assert project
    entry = tomllib.loads(project[1])["project"]["entry-points"]["deckgen.exporters"]["tsv"]
    assert entry == "deckgen_tsv:TsvExporter"
    plugins.add("tsv", source[1], entry="deckgen_tsv_module:TsvExporter")
    ran = run("build", "-f", "tsv", env=plugins.env)
    assert ran.code == 0
    assert "all.yaml:9:7: warning: clozes have no place in a spreadsheet" in ran.err
    written = (tmp_path / "output" / "example.tsv").read_text()
    assert written.splitlines() == [
        "code\tfront\tback",
        "2.01\tWhat does a TTL bound?\tHow stale an entry can get.",
    ]


def test_the_changelog_is_dated_for_this_version() -> None:
    import deckgen

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {deckgen.__version__} - 20" in changelog


def test_the_readmes_python_runs(bank: BankFolder, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert blocks
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
