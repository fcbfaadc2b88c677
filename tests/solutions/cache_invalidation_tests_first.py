"""Checks the read-through cache: all six promises, each order of events forced, then a storm."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event


class Key:
    """A key at whose every look-up another thread gets its turn."""

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        time.sleep(0)
        return hash(self.name)

    def __eq__(self, other):
        return self.name == other.name


def check(namespace):
    make = namespace["ReadThrough"]

    loads = []
    cache = make(lambda key: loads.append(key))
    assert cache.get("a") is None
    assert cache.get("a") is None
    assert loads == ["a"]
    cache.invalidate("a")
    cache.invalidate("never seen")
    assert cache.get("a") is None
    assert loads == ["a", "a"]

    started, go = Event(), Event()
    values = iter(["old", "new"])

    def load(key):
        value = next(values)
        if value == "old":
            started.set()
            assert go.wait(5)
        return value

    cache = make(load)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(cache.get, "m1")
        assert started.wait(5)
        cache.invalidate("m1")
        assert cache.get("m1") == "new"
        go.set()
        assert first.result(5) == "old"
    assert cache.get("m1") == "new"

    for fails in (False, True):
        check_misses_together(make, fails)

    held, go = Event(), Event()

    def one_slow(key):
        if key == "slow":
            held.set()
            assert go.wait(5)
        return key

    cache = make(one_slow)
    with ThreadPoolExecutor() as pool:
        slow_get = pool.submit(cache.get, "slow")
        assert held.wait(5)
        assert pool.submit(cache.get, "quick").result(5) == "quick"
        go.set()
        assert slow_get.result(5) == "slow"

    store, lock = dict.fromkeys(range(4), 0), threading.Lock()
    invalidated = dict(store)
    cache, wrong = make(lambda key: store[key.name]), []

    def storm(seed):
        rng = random.Random(seed)
        for _ in range(250):
            key = rng.randrange(4)
            if rng.random() < 0.2:
                with lock:
                    store[key] += 1
                    cache.invalidate(Key(key))
                    invalidated[key] = store[key]
            else:
                floor = invalidated[key]
                if cache.get(Key(key)) < floor:
                    wrong.append(key)

    threads = [threading.Thread(target=storm, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert cache._flights == {}
    assert all(cache.get(Key(key)) == store[key] for key in store)


def check_misses_together(make, fails):
    """Eight gets of one key that start at once make one load, whether or not it fails."""
    go, loads = Event(), []
    together = Barrier(8, action=threading.Timer(0.2, go.set).start)

    def load(key):
        loads.append(key)
        assert go.wait(5)
        if fails and len(loads) == 1:
            raise KeyError(key)
        return len(loads)

    cache = make(load)

    def meet():
        together.wait()
        return cache.get(Key("k"))

    with ThreadPoolExecutor(8) as pool:
        gets = [pool.submit(meet) for _ in range(8)]
        results = [get.exception(5) or get.result() for get in gets]
    assert len(loads) == 1
    if fails:
        assert all(isinstance(result, KeyError) for result in results)
        assert cache.get(Key("k")) == 2
    else:
        assert results == [1] * 8
        assert cache.get(Key("k")) == 1
