"""Checks merging and gaps: the printed example, edges, and a flag for every second."""

import random


def flags(reports, length):
    seen = [any(start <= at < end for start, end in reports) for at in range(length)]
    runs = {True: [], False: []}
    for at, flag in enumerate(seen):
        if at and seen[at - 1] == flag:
            runs[flag][-1] = (runs[flag][-1][0], at + 1)
        else:
            runs[flag].append((at, at + 1))
    return runs[True], runs[False]


def check(namespace):
    solve = namespace["watched_and_gaps"]
    example = [(50, 80), (0, 20), (10, 30), (30, 40)]
    before = list(example)
    assert solve(example, 100) == ([(0, 40), (50, 80)], [(40, 50), (80, 100)])
    assert example == before
    assert solve([], 10) == ([], [(0, 10)])
    assert solve([(0, 10)], 10) == ([(0, 10)], [])
    assert solve([(0, 100), (10, 20)], 100) == ([(0, 100)], [])
    assert solve([(-5, 3), (95, 120), (200, 300), (-9, -2)], 100) == (
        [(0, 3), (95, 100)],
        [(3, 95)],
    )
    assert solve([(4, 4), (7, 6)], 10) == ([], [(0, 10)])
    assert solve([(0, 5)], 0) == ([], [])
    assert solve([(0.5, 1.5), (1.5, 2)], 3) == ([(0.5, 2)], [(0, 0.5), (2, 3)])

    for seed in range(1500):
        rng = random.Random(seed)
        length = rng.randint(0, 25)
        reports = [(rng.randint(-5, 30), rng.randint(-5, 30)) for _ in range(rng.randint(0, 8))]
        assert solve(reports, length) == flags(reports, length), (reports, length)

    rng = random.Random(1)
    many = [(at, at + rng.randint(1, 40)) for at in rng.choices(range(10**6), k=100_000)]
    watched, gaps = solve(many, 10**6)
    assert sum(end - start for start, end in watched + gaps) == 10**6
