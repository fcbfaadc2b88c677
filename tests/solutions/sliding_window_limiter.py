"""Checks the limiter: the printed example, edges, a full log, and threads at one instant."""

import random
import threading
import time


class Clock:
    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now


class Instant(float):
    """A time at whose comparison another thread gets its turn."""

    def __add__(self, other):
        return Instant(float(self) + other)

    def __gt__(self, other):
        time.sleep(0)
        return float(self) > float(other)


def check(namespace):
    make = namespace["SlidingWindow"]

    def outcomes(limit, window, times):
        clock = Clock()
        limiter = make(limit, window, clock)
        found = []
        for clock.now in times:
            found.append(limiter.try_acquire())
        return found

    assert outcomes(2, 10, [0, 4, 9, 10]) == [0.0, 0.0, 1.0, 0.0]
    assert outcomes(2, 10, [9, 9, 11, 18.5, 19]) == [0, 0, 8, 0.5, 0]
    assert outcomes(1, 5, [0, 1, 2, 3, 4, 5, 9.5]) == [0, 4, 3, 2, 1, 0, 0.5]
    for wrong in ((0, 1), (1, 0), (3, -1)):
        try:
            make(*wrong)
        except ValueError:
            continue
        raise AssertionError(wrong)

    for seed in range(100):
        rng = random.Random(seed)
        limit, window = rng.randint(1, 6), rng.randint(1, 20)
        clock = Clock()
        limiter = make(limit, window, clock)
        admitted = []
        for _ in range(300):
            clock.now += rng.choice((0, 0, 1, 2, 7))
            recent = [at for at in admitted if at > clock.now - window]
            wait = limiter.try_acquire()
            if len(recent) < limit:
                assert wait == 0
                admitted.append(clock.now)
            else:
                assert wait == recent[0] + window - clock.now > 0
        for at in admitted:
            assert sum(at - window < other <= at for other in admitted) <= limit

    clock = Clock()
    clock.now = Instant(0)
    limiter = make(100, 10, clock)
    assert all(limiter.try_acquire() == 0 for _ in range(100))
    assert limiter.try_acquire() == 10
    clock.now = Instant(10)
    start, passed = threading.Barrier(8), []

    def client():
        start.wait()
        for _ in range(50):
            if limiter.try_acquire() == 0:
                passed.append(1)

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 100
