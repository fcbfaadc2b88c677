"""What the documentation says is so."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import deckgen
from deckgen import importing
from deckgen.cli import cli
from deckgen.registry import find
from support import BankFolder, Plugins, Run

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


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
    for path, content in generator().schemas().items():
        assert path.read_bytes() == content, "run: python docs/generate.py"


def anchors(page: Path) -> set[str]:
    """What links to the headings of a page end in."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_and_to_files_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)\)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            led_to = page.parent / target if target else page
            assert led_to.exists(), target
            assert not anchor or anchor in anchors(led_to), f"{target}#{anchor}"


@pytest.mark.parametrize(
    ("page", "exporters"), [("anki", ["anki"]), ("html", ["html"]), ("pdf", ["pdf", "cards"])]
)
def test_the_page_of_an_exporter_has_its_options_with_their_defaults(
    page: str, exporters: list[str]
) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| option \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert len(tables) == len(exporters)
    for table, name in zip(tables, exporters, strict=True):
        rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()]
        (found,) = find([name]).exporters
        declared = {option.name: option.default for option in fields(found.cls.Options)}
        assert [row[0].strip("`") for row in rows] == list(declared)
        for row in rows:
            default = declared[row[0].strip("`")]
            if isinstance(default, bool) or (isinstance(default, str) and default):
                shown = str(default).lower() if isinstance(default, bool) else default
                assert row[-2] == f"`{shown}`", row


def test_the_bank_of_the_readme_passes_and_its_mistake_is_found(run: Run, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folder = tmp_path / "content" / "acme-staff-engineer"
    (folder / "questions").mkdir(parents=True)
    for name, text in re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", readme, re.DOTALL):
        (folder / name).write_text(f"# {name}\n{text}", encoding="utf-8")
    assert run("check", "--strict").err == ""
    assert run("build").code == 0
    built = {path.name for path in (tmp_path / "output").iterdir()}
    assert built == {"acme-staff-engineer.apkg", "acme-staff-engineer.pdf", "manifest.json"}
    path = folder / "questions" / "caching.yaml"
    path.write_text(path.read_text().replace("difficulty: medium", "difficulty: medum"))
    assert run("check").err.splitlines()[0] in readme


def test_what_others_are_told_to_copy_runs_and_names_this_version(
    bank: BankFolder, run: Run
) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    workflow = (ROOT / "examples" / "bank-workflow.yml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    commands = [hook["entry"] for hook in hooks]
    commands += re.findall(r"- run: (deckgen .*)", workflow)
    assert len(commands) == 4
    assert run("build").code == 0
    for command in commands:
        assert run(*command.split()[1:]).code == 0, command
    for hook in hooks:
        assert f"`{hook['id']}`" in page
    assert f"deckgen=={deckgen.__version__}\n" in workflow
    assert f"rev: v{deckgen.__version__}\n" in page


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


def test_the_hooks_for_pre_commit_run_whatever_was_changed() -> None:
    # A hook with a pattern of file names is passed over when an image or an output is changed.
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes()):
        assert hook["always_run"]
        assert not hook.keys() & {"files", "types", "types_or", "exclude"}


def test_what_is_required_is_pinned_to_a_version_that_will_do() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    versions = {canonicalize_name(name): version for name, version in pins.items()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    for requirement in map(Requirement, [*project["dependencies"], *extras]):
        name = canonicalize_name(requirement.name)
        assert name == "deckgen" or requirement.specifier.contains(versions[name]), requirement


def test_the_changelog_is_dated_for_this_version() -> None:
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
