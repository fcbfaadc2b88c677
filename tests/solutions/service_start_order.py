"""Checks the waves: the printed example, edges, random graphs, and every cycle reported."""

import random
from functools import cache
from itertools import pairwise


def by_longest_chain(needs):
    @cache
    def depth(name):
        return 1 + max((depth(need) for need in needs[name]), default=-1)

    waves = [[] for _ in range(1 + max(map(depth, needs)))]
    for name in sorted(needs):
        waves[depth(name)].append(name)
    return waves


def check(namespace):
    waves_of, cycle_error = namespace["start_waves"], namespace["CycleError"]

    def fails(needs):
        try:
            waves_of(needs)
        except ValueError as error:
            return error
        raise AssertionError(needs)

    def assert_cycle(needs, error):
        assert isinstance(error, cycle_error)
        names = str(error).split(" -> ")
        assert names[0] == names[-1]
        assert len(set(names)) == len(names) - 1 >= 1
        for name, need in pairwise(names):
            assert need in needs[name]

    assert waves_of({"api": ["auth", "db"], "auth": ["db"], "db": []}) == [
        ["db"],
        ["auth"],
        ["api"],
    ]
    assert waves_of({}) == []
    assert waves_of({"b": [], "a": []}) == [["a", "b"]]
    assert waves_of({"d": ["b", "c"], "b": ["a"], "c": ["a"], "a": []}) == [
        ["a"],
        ["b", "c"],
        ["d"],
    ]
    assert waves_of({"x": ["y", "y"], "y": []}) == [["y"], ["x"]]
    unknown = fails({"a": ["ghost"]})
    assert not isinstance(unknown, cycle_error)
    assert "ghost" in str(unknown)
    assert str(fails({"a": ["a"]})) == "a -> a"
    tail = {"tail": ["mid"], "mid": ["a"], "a": ["b"], "b": ["a"], "free": []}
    error = fails(tail)
    assert_cycle(tail, error)
    assert "tail" not in str(error)
    assert "mid" not in str(error)

    chain = {str(n): [str(n - 1)] if n else [] for n in range(20_000)}
    assert len(waves_of(chain)) == 20_000
    chain["0"] = ["19999"]
    assert_cycle(chain, fails(chain))

    cycles = 0
    for seed in range(800):
        rng = random.Random(seed)
        names = [f"s{n}" for n in range(rng.randint(1, 9))]
        backward = rng.random() < 0.5
        needs = {}
        for place, name in enumerate(names):
            pool = names if backward else names[:place]
            needs[name] = [rng.choice(pool) for _ in range(rng.randint(0, 2)) if pool]
        try:
            waves = waves_of(needs)
        except cycle_error as error:
            assert_cycle(needs, error)
            cycles += 1
            continue

        assert waves == by_longest_chain(needs)
    assert cycles > 100
