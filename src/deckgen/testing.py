"""For authors of exporters: the checks that deckgen's own exporters pass.

    from deckgen.testing import conformance

    def test_it_behaves_as_an_exporter_should():
        assert conformance("tsv") == []

They run `deckgen build` in processes of their own, on banks that hold whatever a bank can hold.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import registry
from .declared import keys

_GUIDE = """\
title: "Guide <with> & \\"marks\\" {{braces}}"
company: Example
role: Engineer
level: Senior
updated: 2026-01-02
summary: A *process*.
home: https://example.com/
report: mailto:me@example.com
source:
  - {title: A page, url: https://example.com/page}
rounds:
  - id: one
    title: "One: the first"
    summary: What happens.
    duration: 45 minutes
    format: video
    brief: [a, b, c]
    focus: [x]
    tips: [y]
    pitfalls: [z]
    ask: ["Why?"]
    categories: [General]
  - {id: empty, title: Without questions}
night_before:
  - {title: Pack, items: [paper, water]}
"""

_QUESTIONS = (
    r"""
- id: everything
  question: |
    A *question* with **all** of it: `code`, $x^2$, [a link](https://example.com/), H<sub>2</sub>O.

    ![a picture](picture.svg)
  category: General
  difficulty: hard
  type: behavioral
  practiced: 12
  tags: [a tag, Ünïcode]
  hint: A hint.
  answer: |
    # Heading

    1. one
       - nested

         loose
    2. two

    > a quote

    | a | b |
    | :- | -: |
    | `x|y` | 2 |

    ```python
    def f(x: int) -> str:
        return f"{x}"  # a comment
    ```

    $$
    \sum_{i=1}^{n} i
    $$

    - [x] done
    - [ ] not done

    ***

    <script>alert(1)</script> {{field}} {{c1::no cloze}} [sound:x.mp3] \(y\) & &lt; ]]> \x1f %s
  key_points: [first, second]
  strong: [more]
  follow_ups: ["And then?", {question: "Why?", answer: Because.}]
  pitfalls: [silence]
  references:
    - {title: A page, url: "https://example.com/?a=b&c=d"}
  cards:
    - {id: recall, front: "What is 1 < 2?", back: "True & clear"}
    - {id: cloze, cloze: "A {{c1::hidden `a::b}}`::hint}} and {{c2::another}} of several words"}
- {id: bare, question: No answer yet., category: General, difficulty: easy}
- {id: old, question: Retired., category: General, difficulty: medium, status: retired}
- {id: draft, question: A draft., category: General, difficulty: medium, status: draft}
- id: long
  question: """
    + "Extraordinarilylongword" * 40
    + r"""
  category: General
  difficulty: medium
  answer: |
    日本語 العربية עברית ελληνικά русский 🦀 ∀x∈ℝ → ≤ ½ ‰

    ```
    """
    + "x" * 300
    + r"""
    ```
"""
)

_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect width="40" height="20" fill="none" stroke="black"/></svg>'
)

_RUNS = (
    {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1900000000"},
)


def write_sample(folder: Path) -> None:
    """Write a bank of two guides: one with all that a bank can hold, one with hardly anything."""
    full, empty = folder / "full", folder / "empty"
    for guide in (full, empty):
        (guide / "questions").mkdir(parents=True)
    (full / "media").mkdir()
    (full / "media" / "picture.svg").write_text(_PICTURE, encoding="utf-8")
    (full / "guide.yaml").write_text(_GUIDE, encoding="utf-8")
    (full / "questions" / "all.yaml").write_text(_QUESTIONS, encoding="utf-8")
    (empty / "guide.yaml").write_text(
        "{title: Empty, company: Example, role: Engineer, rounds: [{id: one, title: One}]}",
        encoding="utf-8",
    )


def conformance(name: str) -> list[str]:
    """What an installed exporter does that it should not, a sentence each; empty when all is well.

    It must load, say what its options mean, write one file a guide that is not empty, print
    nothing, and write the same bytes wherever, whenever and however often it is run.
    """
    found = registry.find([name])
    if found.problems:
        return [problem.message for problem in found.problems]
    with tempfile.TemporaryDirectory() as folder:
        return [*_declaration(found.exporters[0]), *_builds(found.exporters[0], Path(folder))]


def _declaration(exporter: registry.Installed) -> Iterator[str]:
    if not exporter.cls.description.strip():
        yield "its description is empty"
    options: type = exporter.cls.Options
    for key in keys(options):
        if not key.help.strip():
            yield f"its option {key.name!r} has no help"
        if key.required:
            yield f"its option {key.name!r} has no default"


def _builds(exporter: registry.Installed, folder: Path) -> Iterator[str]:
    name, suffix = exporter.name, exporter.cls.suffix
    write_sample(folder / "bank")
    first = _build(name, folder / "bank", folder / "first", {"SOURCE_DATE_EPOCH": "1800000000"})
    if first.returncode:
        yield f"it fails on the sample bank: {first.stderr.strip()}"
        return
    written = _files(folder / "first")
    expected = {f"{guide}{suffix}" for guide in ("full", "empty")} | {"manifest.json"}
    if set(written) != expected:
        yield f"it writes {sorted(written)}: expected {sorted(expected)}"
    said = [line for line in first.stdout.splitlines() if not line.endswith(": written")]
    if said:
        yield f"it prints {said[0]!r}: expected nothing on standard output"
    for number, env in enumerate(_RUNS):
        again = folder / f"run-{number}" / "output"
        again.parent.mkdir()
        _build(name, folder / "bank", again, env)
        other = [n for n, data in _files(again).items() if data != written.get(n)]
        if other:
            yield f"{other[0]} has other bytes with {env}: expected the same everywhere"


def _build(
    name: str, bank: Path, output: Path, env: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deckgen", "build", bank, "-o", output, "-f", name],
        cwd=output.parent,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
