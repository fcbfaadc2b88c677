"""Checks the undo history: the printed example, failing steps, the limit, and random steps
against whole copies of the document."""

import random


def fails(call, *arguments):
    try:
        call(*arguments)
    except IndexError:
        return
    raise AssertionError(arguments)


def check(namespace):
    splice, make = namespace["Splice"], namespace["History"]
    lines = ["a", "b", "c"]
    history = make(lines)
    history.do(splice(1, 2), splice(0, new=("x",)))
    assert lines == ["x", "a"]
    assert history.undo() is True
    assert lines == ["a", "b", "c"]
    assert history.redo() is True
    assert lines == ["x", "a"]
    assert history.redo() is False

    # A step that fails leaves document, undo and redo as they were.
    history.undo()
    fails(history.do, splice(0, 1), splice(0, new=("y",)), splice(9))
    assert lines == ["a", "b", "c"]
    assert history.redo() is True
    assert lines == ["x", "a"]
    assert history.undo() is True
    assert history.undo() is False

    # A step of nothing is none; a new step ends the redoing.
    history.do()
    assert history.undo() is False
    history.do(splice(3, new=("d",)))
    assert history.redo() is False
    assert lines == ["a", "b", "c", "d"]

    for wrong in (splice(-1), splice(5), splice(4, 1), splice(2, 3), splice(1, -1)):
        fails(history.do, wrong)
    assert lines == ["a", "b", "c", "d"]

    for seed in range(80):
        rng = random.Random(seed)
        limit = rng.choice([1, 2, 5, 100])
        lines, copies, at = [], [[]], 0  # copies[at] is the document now
        history = make(lines, limit)
        for number in range(60):
            act = rng.choice(["do", "do", "undo", "redo"])
            if act == "do":
                commands, copy = [], list(lines)
                for part in range(rng.randint(1, 3)):
                    start = rng.randint(0, len(copy))
                    count = rng.randint(0, min(2, len(copy) - start))
                    new = tuple(f"{number}.{part}.{n}" for n in range(rng.randint(0, 3)))
                    commands.append(splice(start, count, new))
                    copy[start : start + count] = new
                if rng.random() < 0.2:
                    fails(history.do, *commands, splice(len(copy) + 1))
                else:
                    history.do(*commands)
                    copies = [*copies[: at + 1], copy][-limit - 1 :]
                    at = len(copies) - 1
            elif act == "undo":
                assert history.undo() is (at > 0)
                at = max(at - 1, 0)
            else:
                assert history.redo() is (at < len(copies) - 1)
                at = min(at + 1, len(copies) - 1)
            assert lines == copies[at], (seed, number)
