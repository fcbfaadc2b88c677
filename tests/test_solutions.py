"""Every listing that an answer marks as a solution (`python solution`, `sql solution`) runs, and
passes the tests in solutions/<question>.py: what is printed is what passed."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from deckgen import load_bank

ROOT = Path(__file__).parent.parent
TESTS = Path(__file__).parent / "solutions"

SOLUTION = re.compile(r"^```(python|sql) solution\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def solutions() -> dict[str, list[tuple[str, str]]]:
    """The solutions of the shipped bank by question id: language and listing, in the order of the
    answer."""
    found = {}
    for guide in load_bank(ROOT / "content").guides:
        for question in guide.questions:
            listings = SOLUTION.findall(question.answer.source)
            if listings:
                found[question.id] = listings
    return found


SOLUTIONS = solutions()


@pytest.mark.parametrize("id", SOLUTIONS)
def test_the_solution_in_the_answer_passes_its_tests(id: str) -> None:
    path = TESTS / f"{id.replace('-', '_')}.py"
    assert path.exists(), (
        f"{id} has a solution and no tests: write {path.name} with check(namespace), or for SQL "
        "check(statements)"
    )
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    languages, listings = zip(*SOLUTIONS[id], strict=True)
    if set(languages) == {"sql"}:
        module.check(listings)
        return
    # Several listings in Python make one program.
    assert set(languages) == {"python"}
    namespace: dict[str, object] = {"__name__": id}
    # As it would run by itself, without this file's `from __future__ import annotations`.
    program = compile("\n".join(listings), f"{id}.py", "exec", dont_inherit=True)
    exec(program, namespace)  # noqa: S102 - our own
    module.check(namespace)


def test_every_coding_question_has_a_solution_and_every_test_a_question() -> None:
    for guide in load_bank(ROOT / "content").guides:
        coding = {question.id for question in guide.questions if question.type == "coding"}
        assert coding <= set(SOLUTIONS)
    tested = {path.stem for path in TESTS.glob("*.py")}
    assert tested == {id.replace("-", "_") for id in SOLUTIONS}
