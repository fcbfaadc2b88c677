"""For authors of exporters: the checks that deckgen's own exporters pass.

    from deckgen.testing import conformance

    def test_it_behaves_as_an_exporter_should():
        assert conformance("tsv") == []

They run `deckgen build` in processes of their own, on banks that hold whatever a bank can hold.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from . import registry
from .exporter import Exporter
from .words import ascii_slug

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
- id: draft
  question: A draft.
  category: General
  difficulty: medium
  status: draft
  cards:
    - {id: recall, front: "What is a draft?", back: "What is in no output yet."}
    - {id: cloze, cloze: "A draft is {{c1::not published}}."}
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
    # Two time zones in which it is never the same day.
    {"TZ": "<+14>-14", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {"TZ": "<-12>12", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1900000000"},
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

    It must load, say what its options mean, write one file a guide that is not empty and no other,
    print nothing, write the same bytes wherever, whenever and however often it is run, and take
    drafts, which the ledger has no dates of.
    """
    found = registry.find([name])
    if found.problems:
        return [problem.message for problem in found.problems]
    cls = found.exporters[0].cls
    with tempfile.TemporaryDirectory() as folder:
        return [*_declaration(cls), *_builds(cls, Path(folder))]


def _declaration(cls: type[Exporter]) -> Iterator[str]:
    if not cls.name or ascii_slug(cls.name) != cls.name:
        yield f"its name is {cls.name!r}: expected a slug (a-z, 0-9 and hyphens)"
    if not cls.description.strip():
        yield "its description is empty"
    hints = get_type_hints(cls.Options)
    for option in fields(cls.Options):
        help = option.metadata.get("help")
        if help is None:
            yield f"its option {option.name!r} is not made with option(): nobody can set it"
        elif not (isinstance(help, str) and help.strip()):
            yield f"its option {option.name!r} has no help"
        if not _fits(option.default, hints[option.name]):
            yield f"the default of its option {option.name!r} is {option.default!r}: no such value"


def _fits(value: object, kind: Any) -> bool:
    """Whether a default is a value that its option can be given."""
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(_fits(item, get_args(kind)[0]) for item in value)
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if issubclass(kind, str):
        return isinstance(value, str)
    return isinstance(value, int) and type(value) is kind and value >= 0


def _builds(cls: type[Exporter], folder: Path) -> Iterator[str]:
    bank = folder / "bank"
    write_sample(bank)
    first = _build(cls.name, bank, folder / "first", {"SOURCE_DATE_EPOCH": "1800000000"})
    if first.returncode:
        yield f"it fails on the sample bank: {first.stderr.strip()}"
        return
    written = _files(folder / "first" / "output")
    expected = {f"{guide}{cls.suffix}" for guide in ("full", "empty")} | {"manifest.json"}
    if set(written) != expected:
        yield f"it writes {sorted(written)}: expected {sorted(expected)}"
    if said := [line for line in first.stderr.splitlines() if "warning: " not in line]:
        yield f"it prints {said[0]!r}: expected nothing but warnings, by self.warn()"
    yield from _strays(bank, folder / "first")
    for number, env in enumerate(_RUNS):
        home = folder / f"run-{number}"
        copy = shutil.copytree(bank, home / "bank")
        again = _build(cls.name, copy, home, env)
        if again.returncode:
            yield f"it fails with {env}: {again.stderr.strip()}"
        elif _files(copy / "full") != _files(bank / "full"):
            yield f"its pieces have other digests with {env}: expected the same everywhere"
        elif other := [n for n, data in _files(home / "output").items() if data != written.get(n)]:
            yield f"{other[0]} has other bytes with {env}: expected the same everywhere"
    drafts = _build(cls.name, bank, folder / "drafts", {}, "--drafts")
    if drafts.returncode:
        yield f"it fails with --drafts: {drafts.stderr.strip()}"


def _strays(bank: Path, home: Path) -> Iterator[str]:
    """Whether anything else was written, or changed, in a bank that was written in `bank`, and
    built in `home`."""
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder))
        before = _files(Path(folder))
    after = _files(bank)
    strays = [name for name in after if after[name] != before.get(name)]
    strays += [name for name in _files(home) if not name.startswith("output/")]
    if strays := [name for name in strays if not name.endswith("/ledger.yaml")]:
        yield f"it writes {strays[0]}, too: expected nothing but its file"


def _build(
    name: str, bank: Path, home: Path, env: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """A build as people make them, with the output folder below that it runs in."""
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "deckgen", "build", bank, "-f", name, *arguments],
        cwd=home,
        # Each is a whole build; nothing is left in the cache of whoever runs this.
        env={**os.environ, "XDG_CACHE_HOME": os.devnull, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _files(folder: Path) -> dict[str, bytes]:
    """What is in a folder's files, by their paths; outputs before the manifest, which differs when
    one of them does."""
    paths = sorted(folder.rglob("*"), key=lambda path: (path.name == "manifest.json", path))
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths if p.is_file()}
