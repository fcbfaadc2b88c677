"""Checks the store that answers as of a moment: the printed example, edges, forgetting, and random
calls against a scan of all writes."""

import random
from math import inf


class Plain:
    """The same store as one list of (key, at, value, end) in the order of the calls."""

    def __init__(self):
        self.writes, self.horizon = [], -inf

    def get(self, key, at, default):
        last = None
        for write in self.writes:
            if write[0] == key and write[1] <= at and (last is None or last[1] <= write[1]):
                last = write
        return last[2] if last and at < last[3] else default


def refused(call, *arguments):
    try:
        call(*arguments)
    except ValueError:
        return
    raise AssertionError(arguments)


def check(namespace):
    make = namespace["AsOfStore"]
    store = make()
    store.put("bitrate", 8, at=10)
    store.put("bitrate", 4, at=20, ttl=5)
    found = [store.get("bitrate", at) for at in (9, 10, 19, 24, 25)]
    assert found == [None, 8, 8, 4, None]

    store.put("n", None, at=1)
    assert store.get("n", 1, "nothing") is None
    assert store.get("n", 0, "nothing") == "nothing"
    store.put("n", 1, at=5)
    store.delete("n", at=5)
    assert store.get("n", 5, "nothing") == "nothing"
    store.put("n", 2, at=5)
    assert store.get("n", 5) == 2

    # Forgotten deletes stay deleted, and a write from before them is refused.
    store = make()
    store.put("k", 1, at=10)
    store.delete("k", at=30)
    store.forget(40)
    assert store.get("k", 40, "nothing") == "nothing"
    refused(store.put, "k", 2, 20)
    refused(store.delete, "k", 39)
    refused(store.get, "k", 39)
    store.forget(5)  # the horizon never goes back
    refused(store.get, "k", 39)

    # What is in force at the horizon is kept, what ends there is not.
    store = make()
    store.put("a", 1, at=10)
    store.put("b", 2, at=10, ttl=10)
    store.put("c", 3, at=20)
    store.forget(20)
    assert [store.get(key, 20) for key in "abc"] == [1, None, 3]
    assert set(store._writes) == {"a", "c"}
    assert not make().forget(0)

    for seed in range(120):
        rng = random.Random(seed)
        store, plain = make(), Plain()
        for number in range(80):
            key, at = rng.choice("ab"), rng.randint(0, 30)
            act = rng.choice(["put", "put", "delete", "get", "get", "forget"])
            if act == "forget" and rng.random() < 0.3:
                before = rng.randint(0, 12)
                store.forget(before)
                plain.horizon = max(plain.horizon, before)
            elif at < plain.horizon:
                refused(store.get, key, at)
                refused(store.put, key, number, at)
            elif act == "put":
                ttl = rng.choice([inf, 1, 3, 10])
                store.put(key, number, at, ttl)
                plain.writes.append((key, at, number, at + ttl))
            elif act == "delete":
                store.delete(key, at)
                plain.writes.append((key, at, None, at))
            assert store.get(key, 31, "-") == plain.get(key, 31, "-"), (seed, number)
            later = max(at, plain.horizon)
            assert store.get(key, later, "-") == plain.get(key, later, "-"), (seed, number)
