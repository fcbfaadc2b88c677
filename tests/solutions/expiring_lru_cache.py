"""Checks the expiring LRU cache: the printed example, edges, and random calls against a list."""

import random


class Clock:
    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now


class Plain:
    """The same cache as one list of [key, value, deadline], least recently used first."""

    def __init__(self, capacity, ttl, clock):
        self.capacity, self.ttl, self.clock, self.entries = capacity, ttl, clock, []

    def live(self):
        self.entries = [entry for entry in self.entries if entry[2] > self.clock()]

    def get(self, key, default=None):
        self.live()
        for entry in self.entries:
            if entry[0] == key:
                self.entries.remove(entry)
                self.entries.append(entry)
                return entry[1]
        return default

    def put(self, key, value):
        self.live()
        self.entries = [entry for entry in self.entries if entry[0] != key]
        self.entries.append([key, value, self.clock() + self.ttl])
        self.entries = self.entries[-self.capacity :]


def check(namespace):
    make = namespace["ExpiringLRU"]
    clock = Clock()
    cache = make(2, 10, clock)
    cache.put("a", 1)
    clock.now = 5
    cache.put("b", 2)
    clock.now = 9
    assert cache.get("a") == 1
    clock.now = 11
    cache.put("c", 3)
    assert [cache.get(key) for key in "abc"] == [None, 2, 3]

    clock = Clock()
    cache = make(1, 10, clock)
    cache.put("n", None)
    assert cache.get("n", "absent") is None
    clock.now = 9.999
    assert cache.get("n", "absent") is None
    clock.now = 10
    assert cache.get("n", "absent") == "absent"
    cache.put("x", 1)
    cache.put("y", 2)
    assert cache.get("x") is None
    assert cache.get("y") == 2
    clock.now = 15
    cache.put("y", 3)
    clock.now = 24
    assert cache.get("y") == 3
    clock.now = 25
    assert cache.get("y") is None

    for wrong in ((0, 1), (1, 0), (-1, 5)):
        try:
            make(*wrong)
        except ValueError:
            continue
        raise AssertionError(wrong)

    for seed in range(60):
        rng = random.Random(seed)
        clock = Clock()
        capacity, ttl = rng.randint(1, 6), rng.randint(1, 12)
        cache, plain = make(capacity, ttl, clock), Plain(capacity, ttl, clock)
        for step in range(300):
            clock.now += rng.choice((0, 0, 1, 1, 2, 5))
            key = rng.randrange(9)
            if rng.random() < 0.5:
                cache.put(key, step)
                plain.put(key, step)
            else:
                assert cache.get(key) == plain.get(key), (seed, step)
            assert len(cache._values) == len(cache._deadlines) <= capacity
