"""The same guide and options give the same bytes, wherever and whenever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_guides import Printed, full_question, guide

Print = Callable[..., Printed]

PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from pdf_guides import full_question, guide
from deckgen.exporters.pdf import PdfExporter, PdfOptions
answer = "Text $x^2$ λ → 𝔸 日 [a](https://example.com)\\n\\n```python\\nx = 1\\n```"
made = guide(*(full_question(n, answer=answer) for n in range(1, 6)))
PdfExporter(PdfOptions(), lambda problem: None).export(made, Path(sys.argv[2]))
"""


def test_two_runs_in_one_process_give_the_same_bytes(print_guide: Print) -> None:
    made = guide(full_question())
    assert print_guide(made).data == print_guide(made).data


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"},
        {"SOURCE_DATE_EPOCH": "1", "LC_ALL": "tr_TR.UTF-8"},
        {"SOURCE_DATE_EPOCH": "not a date"},
        {"RL_useA85": "1", "RL_invariant": "0", "RL_pageCompression": "0"},
        {"RL_ttfAsciiReadable": "0", "RL_pdfMultiLine": "1", "RL_pdfComments": "1"},
    ],
    ids=lambda environment: " ".join(environment),
)
def test_no_environment_changes_the_bytes(tmp_path: Path, environment: dict[str, str]) -> None:
    files = []
    for name, extra in (("plain", {"TZ": "UTC", "PYTHONHASHSEED": "0"}), ("changed", environment)):
        folder = tmp_path / name
        folder.mkdir()
        files.append(folder / f"{name}.pdf")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RL_", "SOURCE_"))}
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(files[-1])],
            cwd=folder,
            env={**kept, **extra},
            check=True,
            timeout=60,
        )
    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_environment_is_left_as_it_was(
    print_guide: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "nonsense")
    print_guide(guide(full_question()))
    assert os.environ["SOURCE_DATE_EPOCH"] == "nonsense"


def test_another_content_has_another_identifier(print_guide: Print) -> None:
    one, two = (print_guide(guide(full_question(hint=hint))) for hint in ("This.", "That."))
    assert one.pike.trailer.ID[0] != two.pike.trailer.ID[0]


def test_no_path_gets_into_the_file(print_guide: Print) -> None:
    printed = print_guide(guide(full_question()))
    assert str(printed.path.parent).encode() not in printed.data


def test_the_exporter_is_cheap_to_import() -> None:
    program = "import sys, deckgen.exporters.pdf; print('reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
