"""Checks the three counters: nothing lost, totals that never fall, and one's own adds seen."""

import random
import sys
import threading
import time
from collections import Counter


class Title(str):
    """A title at whose every look-up another thread gets its turn."""

    __eq__ = str.__eq__

    def __hash__(self):
        time.sleep(0)
        return str.__hash__(self)


def together(work, count=8):
    barrier, failures = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait()
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def check(namespace):
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for name in ("Locked", "Striped", "Owned"):
            check_one(namespace[name])
    finally:
        sys.setswitchinterval(interval)
    one = namespace["Striped"](1)
    together(lambda number: [one.add("x") for _ in range(200)])
    assert one.totals() == {"x": 1600}


def check_one(make):
    counts = make()
    assert counts.totals() == {}
    counts.add("a")
    counts.add("a")
    assert counts.totals() == {"a": 2}
    counts.totals()["a"] = 99
    assert counts.totals() == {"a": 2}

    counts = make()

    def add_hot(number):
        for _ in range(10_000):
            counts.add("live-final")

    together(add_hot)
    assert counts.totals() == {"live-final": 80_000}

    counts, title = make(), Title("live-final")
    together(lambda number: [counts.add(title) for _ in range(100)])
    assert counts.totals() == {title: 800}

    counts, expected = make(), [Counter() for _ in range(8)]

    def add_and_read(number):
        rng, mine, last = random.Random(number), f"mine-{number}", Counter()
        for step in range(200):
            title = rng.choice((mine, "shared", f"new-{number}-{step}"))
            counts.add(title)
            expected[number][title] += 1
            if step % 10 == 0:
                now = counts.totals()
                assert now[mine] == expected[number][mine]
                assert not last - now
                last = now

    together(add_and_read)
    assert counts.totals() == sum(expected, Counter())
