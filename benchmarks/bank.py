"""A bank of any size, of realistic texts: about 3 KB of YAML a question.

python benchmarks/bank.py 1000 /tmp/bank
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

WORDS = """\
service request client server cache latency timeout retry queue message replica leader log index
shard region failure load traffic budget deploy rollback metric alert owner team decision measure
estimate trade consistency partition quorum write read commit version schema migration batch stream
worker thread lock memory limit window rate token bucket circuit breaker fallback the a of and to in
that is with for on by from at as it when which each every only after before under between
""".split()  # noqa: SIM905 - a list would take eighty lines

GUIDE = """\
title: Benchmark Guide
company: Example
role: Engineer
level: Senior
updated: 2026-01-02
summary: A process.
rounds:
"""

CODE = """\
    ```python
    def take(bucket: dict[str, float], now: float) -> bool:
        elapsed = now - bucket["at"]
        bucket["tokens"] = min({n}, bucket["tokens"] + elapsed * {n})
        bucket["at"] = now
        return bucket["tokens"] >= 1
    ```
"""

TABLE = """\
    | way | cost | when |
    | --- | --- | --- |
    | {a} | `{b}` | {c} |
    | {d} | **{e}** | {f} |
"""


def sentence(rng: random.Random, words: int) -> str:
    """Some words, now and then emphasised or set as code."""
    chosen = rng.choices(WORDS, k=words)
    marks = ((0.97, "*{}*"), (0.94, "`{}`"), (0.92, "**{}**"))
    styled = []
    for word in chosen:
        chance = rng.random()
        styled.append(next((form.format(word) for edge, form in marks if chance > edge), word))
    return " ".join([chosen[0].capitalize(), *styled[1:]]) + "."


def question(rng: random.Random, number: int) -> str:
    """One question with an answer of about 250 words, a listing or a table, and three cards."""
    lines = [
        f"- id: question-{number}",
        f'  question: "How would you {sentence(rng, 18)}"'.replace("`", "'"),
        f"  category: Category {number % 12}",
        f"  difficulty: {rng.choice(['easy', 'medium', 'hard'])}",
        "  answer: |",
    ]
    for _ in range(4):
        lines += ["    " + sentence(rng, 14) for _ in range(3)]
        lines.append("")
    lines += [f"    - {sentence(rng, 10)}" for _ in range(4)]
    lines.append("")
    if number % 2:
        lines.append(CODE.format(n=number).rstrip("\n"))
    else:
        words = rng.choices(WORDS, k=6)
        lines.append(TABLE.format(**dict(zip("abcdef", words, strict=True))).rstrip("\n"))
    for key, count in (("key_points", 4), ("strong", 2), ("pitfalls", 2), ("follow_ups", 2)):
        lines.append(f"  {key}:")
        lines += [f'    - "{sentence(rng, 12)}"' for _ in range(count)]
    lines.append("  cards:")
    for card in ("one", "two"):
        sides = f'front: "What is {sentence(rng, 7)}", back: "{sentence(rng, 9)}"'
        lines.append(f"    - {{id: {card}, {sides}}}")
    cloze = f'"{sentence(rng, 7)} {{{{c1::{rng.choice(WORDS)}}}}} {sentence(rng, 4)}"'
    lines.append(f"    - {{id: three, cloze: {cloze}}}")
    return "\n".join(lines) + "\n"


def write(folder: Path, questions: int) -> None:
    """Write the bank; the same one for the same number."""
    rng = random.Random(questions)
    guide = folder / "benchmark"
    (guide / "questions").mkdir(parents=True, exist_ok=True)
    rounds = [
        f"  - {{id: round-{r}, title: Round {r}, categories: "
        f"[{', '.join(f'Category {c}' for c in range(12) if c % 5 == r - 1)}]}}\n"
        for r in range(1, 6)
    ]
    (guide / "guide.yaml").write_text(GUIDE + "".join(rounds))
    for start in range(0, questions, 100):
        part = (question(rng, n) for n in range(start, min(start + 100, questions)))
        (guide / "questions" / f"{start:06}.yaml").write_text("".join(part))


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
