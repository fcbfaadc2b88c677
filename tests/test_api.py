"""What `import deckgen` gives to scripts, wherever they run."""

from __future__ import annotations

import copy
import multiprocessing
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import deckgen
from deckgen import build, load_bank
from support import BankFolder


def test_what_was_read_twice_is_equal_and_what_was_edited_is_not(bank: BankFolder) -> None:
    bank.edit(
        "guide.yaml", "updated:", "export: {pdf: {paper: letter}, anki: {cards: [cloze]}}\nupdated:"
    )
    first = load_bank(bank.path)
    again = load_bank(bank.path)
    assert (again, hash(again)) == (first, hash(first))
    for other in (pickle.loads(pickle.dumps(first)), copy.deepcopy(first)):  # noqa: S301
        assert (other, hash(other)) == (first, hash(first))
    bank.edit("questions/all.yaml", "Near the reader.", "Near the writer.")
    assert load_bank(bank.path) != first
    bank.edit("questions/all.yaml", "Near the writer.", "Near the reader.")
    assert load_bank(bank.path) == first
    bank.edit("guide.yaml", "paper: letter", "paper: a4")
    assert load_bank(bank.path) != first


def test_what_a_guide_says_does_not_depend_on_where_it_stands(
    bank: BankFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.write("media/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    bank.edit("questions/all.yaml", "Near the reader.", "'![a](a.svg)'")
    (whole,) = load_bank(bank.path).guides
    monkeypatch.chdir(bank.path)
    (relative,) = load_bank("example").guides
    assert relative == whole
    picture = replace(whole.media["a.svg"], sha256="")
    assert replace(whole, media={"a.svg": picture}) != whole


def test_a_type_checker_knows_the_public_names_and_no_others(tmp_path: Path) -> None:
    names = ", ".join(deckgen.__all__)
    (tmp_path / "good.py").write_text(f"from deckgen import {names}\n__all__ = {deckgen.__all__}\n")
    (tmp_path / "bad.py").write_text("import deckgen\n\ndeckgen.load_bnak\n")
    home = Path(deckgen.__file__).parent.parent
    check = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent"]
    done = subprocess.run(
        [*check, "good.py", "bad.py"],
        cwd=tmp_path, env={**os.environ, "MYPYPATH": str(home)}, capture_output=True, text=True,
    )  # fmt: skip
    error, _ = done.stdout.splitlines()
    assert error.startswith('bad.py:3: error: Module has no attribute "load_bnak"')


def _built(bank: Path) -> bool:
    return build(bank, bank.parent / "output", formats=["anki", "html"], jobs=2).ok


def test_a_lone_name_is_not_taken_for_its_letters(bank: BankFolder, tmp_path: Path) -> None:
    report = build(bank.path, tmp_path / "out", formats="anki", filters={"difficulty": "easy"})
    assert [o.path.suffix for o in report.outcomes if o.path.name != "ledger.yaml"] == [".apkg"]


def test_a_process_that_may_start_none_builds_too(bank: BankFolder) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # its processes are daemons
        assert pool.apply(_built, [bank.path])


def test_a_script_that_fails_amid_a_build_ends(bank: BankFolder, tmp_path: Path) -> None:
    script = (
        "from deckgen import build\n"
        "def shown(done, all): raise LookupError('no more')\n"
        "build(formats=['anki', 'html', 'cards'], jobs=2, progress=shown)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.endswith("LookupError: no more\n")
    assert sorted(path.suffix for path in (tmp_path / "output").iterdir()) in (
        [".apkg"],
        [".html"],
        [".pdf"],
    )
