"""The fuzzer finds what it is there to find, and the same each time."""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deckgen import cli, files, listing
from deckgen.exporters.anki.rendering import AnkiHtml
from deckgen.exporters.html import HtmlExporter

FUZZ = Path(__file__).parent.parent / "fuzz"
sys.path.append(str(FUZZ))

import run as fuzz  # noqa: E402
from mutate import mutate  # noqa: E402


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The fuzzer's own bank, with a text that is markup."""
    case = tmp_path / "case"
    shutil.copytree(FUZZ / "seed", case / "bank" / "seed")
    file = case / "bank" / "seed" / "questions" / "all.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("It took", "<script>alert(1)</script> took"), "utf-8")
    return case


@pytest.fixture(scope="module", autouse=True)
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    fuzz.warm(tmp_path_factory.mktemp("warm"))


def found(case: Path) -> str:
    report = case.with_name("report.txt")
    _, status = os.waitpid(fuzz.start(case, report), 0)
    return fuzz.verdict(status, report)


def test_a_bank_that_is_well_has_no_findings(case: Path) -> None:
    assert found(case) == ""


def crashes(*arguments: object) -> None:
    raise RuntimeError("planted")


def hangs(*arguments: object) -> None:
    while True:
        pass


def leaves(new: Path, old: Path) -> None:
    new.replace(old)
    Path("stray.txt").write_text("x")


def dated(self: HtmlExporter, guide: object, path: Path) -> None:
    path.write_text(f"<script></script><script></script>{time.monotonic_ns()}")


def fetches(guide: object) -> list[str]:
    import socket

    return [str(socket.getaddrinfo("localhost", 80))]


PLANTED: dict[str, tuple[object, str, Callable[..., object], str]] = {
    "crash": (listing, "stats_lines", crashes, "RuntimeError: planted"),
    "hang": (listing, "stats_lines", hangs, "it took more than"),
    "stray file": (files, "replace", leaves, "stray.txt was opened for writing"),
    "other bytes": (HtmlExporter, "export", dated, "has other bytes when it is built again"),
    "network": (listing, "stats_lines", fetches, "socket.getaddrinfo was called"),
    "markup": (AnkiHtml, "escaped", lambda self, text, quote=False: text, "holds <script>"),
    "status": (cli, "_status", lambda: 3, "ended with 3"),
}


@pytest.mark.parametrize("defect", PLANTED)
def test_a_planted_defect_is_found(
    case: Path, monkeypatch: pytest.MonkeyPatch, defect: str
) -> None:
    owner, name, planted, finding = PLANTED[defect]
    monkeypatch.setattr(owner, name, planted)
    monkeypatch.setattr(fuzz, "CPU_SECONDS", 8)
    assert finding in found(case)


def test_the_same_seed_gives_the_same_mutants(case: Path, tmp_path: Path) -> None:
    def mutants() -> list[bytes]:
        out = []
        for number in range(20):
            copy = tmp_path / "copy"
            shutil.copytree(case, copy)
            mutate(random.Random(f"1-{number}"), copy)
            out += [path.read_bytes() for path in sorted(copy.rglob("*")) if path.is_file()]
            shutil.rmtree(copy)
        return out

    first = mutants()
    assert first == mutants()
    assert len(set(first)) > 20


def test_what_was_found_is_kept_and_can_be_run_again(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz, "FOUND", tmp_path / "found")
    kept = Path(fuzz.keep(case, "it broke"))
    assert fuzz.replay(kept) == 0
    monkeypatch.setattr(listing, "stats_lines", crashes)
    assert fuzz.replay(kept) == 1
    assert "RuntimeError: planted" in capsys.readouterr().out
