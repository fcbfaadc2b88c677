"""Checks the stretch: the printed example, edges, and every pair of ends."""

import random
from collections import Counter


def every_pair(events, wanted):
    best = None
    for first in range(len(events)):
        for last in range(first, len(events)):
            names = Counter(name for _, name in events[first : last + 1])
            if not Counter(wanted) - names:
                found = (events[first][0], events[last][0])
                if best is None or (found[1] - found[0], found) < (best[1] - best[0], best):
                    best = found
    return best


def check(namespace):
    solve = namespace["shortest_stretch"]
    names = ["stall", "seek", "stall", "error", "stall", "stall"]
    example = list(zip((0, 4, 5, 9, 11, 12), names, strict=True))
    assert solve(example, ["stall", "stall", "error"]) == (9, 12)
    assert solve(iter(example), ["stall", "error"]) == (9, 11)
    assert solve(example, ["seek"]) == (4, 4)
    assert solve(example, ["error", "error"]) is None
    assert solve([], ["a"]) is None
    assert solve([(1, "a"), (1, "b")], ["b", "a"]) == (1, 1)
    assert solve([(0, "a"), (1, "b"), (5, "a"), (6, "b")], ["a", "b"]) == (0, 1)
    try:
        solve(example, [])
    except ValueError:
        pass
    else:
        raise AssertionError("nothing wanted")

    for seed in range(600):
        rng = random.Random(seed)
        time, events = 0, []
        for _ in range(rng.randint(0, 14)):
            time += rng.randint(0, 3)
            events.append((time, rng.choice("abcd")))
        wanted = rng.choices("abc", k=rng.randint(1, 4))
        kept = list(wanted)
        assert solve(iter(events), wanted) == every_pair(events, wanted), (events, wanted)
        assert wanted == kept

    many = [(at, "ab"[at % 2]) for at in range(200_000)]
    assert solve(many, ["a", "b", "a"]) == (0, 2)
