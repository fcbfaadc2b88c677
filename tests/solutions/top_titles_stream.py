"""Checks the counters: the printed example, exactness with room, and the error bounds."""

import random
from collections import Counter


def check(namespace):
    make = namespace["HeavyHitters"]

    def after(size, stream):
        counters = make(size)
        for title in stream:
            counters.add(title)
        return counters

    assert after(2, "abaca").top(2) == [("a", 3, 0), ("c", 2, 1)]
    assert make(3).top(5) == []
    assert after(1, "xyz").top(1) == [("z", 3, 2)]
    assert after(4, "aabb").top(0) == []
    try:
        make(0)
    except ValueError:
        pass
    else:
        raise AssertionError("size 0")

    # All ids new: every add evicts. Must not slow down with the number of counters.
    assert after(50_000, range(150_000)).top(1)[0][1:] == (3, 2)

    for seed in range(60):
        rng = random.Random(seed)
        ids, length = rng.randint(1, 60), rng.randint(0, 2000)
        stream = [int(rng.paretovariate(0.8)) % ids for _ in range(length)]
        true = Counter(stream)
        size = rng.randint(1, 40)
        counters = after(size, stream)
        found = counters.top(size + 5)
        counts = [count for _, count, _ in found]
        assert len(found) == min(size, len(true))
        assert counts == sorted(counts, reverse=True)
        assert sum(counts) == length
        for title, count, error in found:
            assert count - error <= true[title] <= count
            assert error <= length / size
        held = {title for title, _, _ in found}
        for title, plays in true.items():
            assert title in held or plays <= length / size
        if len(true) <= size:
            assert {title: count for title, count, _ in found} == true
            assert all(error == 0 for _, _, error in found)
        assert found[:3] == counters.top(3)
        assert len(counters._counts) <= size
        assert sum(map(len, counters._groups.values())) == len(counters._counts)
