"""Case files: parts that begin with `=== name`, the last of them what is expected."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parent / "cases"


def read_parts(path: Path) -> dict[str, str]:
    """The parts of a case file by name."""
    parts: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("=== "):
            parts[line[4:].strip()] = current = []
        else:
            current.append(line)
    return {name: "".join(lines) for name, lines in parts.items()}


def lay_out(parts: dict[str, str], folder: Path) -> None:
    """Write the parts of a case as files."""
    for name, text in parts.items():
        if name != "expected":
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def check_expected(path: Path, parts: dict[str, str], found: str, *, update: bool) -> None:
    """Compare what was found with the part `expected`, or write it there."""
    if update:
        kept = {name: text for name, text in parts.items() if name != "expected"}
        text = "".join(f"=== {name}\n{text}" for name, text in {**kept, "expected": found}.items())
        path.write_text(text, encoding="utf-8")
        return
    assert found == parts["expected"]
