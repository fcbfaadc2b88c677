"""Checks the queue: order, bounds, timeouts, closing in every state, and a crowd of threads."""

import sys
import threading
import time
from itertools import chain


def start(work):
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def finish(threads):
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive(), "a thread hangs"


def check(namespace):
    make, closed = namespace["BoundedQueue"], namespace["Closed"]

    def raises(kind, call, *args, **named):
        try:
            call(*args, **named)
        except kind:
            return
        raise AssertionError(f"no {kind.__name__}")

    for capacity in (0, -1):
        raises(ValueError, make, capacity)

    queue = make(2)
    queue.put("a")
    queue.put(None)
    began = time.monotonic()
    raises(TimeoutError, queue.put, "c", timeout=0.03)
    raises(TimeoutError, queue.put, "c", timeout=0)
    assert time.monotonic() - began > 0.02
    assert queue.get() == "a"
    assert queue.get(0) is None
    raises(TimeoutError, queue.get, timeout=0.03)
    queue.put(1)
    queue.put(2)
    queue.close()
    queue.close()
    raises(closed, queue.put, 3)
    assert [queue.get(), queue.get()] == [1, 2]
    raises(closed, queue.get)
    raises(closed, queue.get, timeout=0)

    queue, ended = make(1), []
    queue.put("kept")

    def waiting_put():
        raises(closed, queue.put, "refused")
        ended.append("put")

    threads = [start(waiting_put) for _ in range(4)]
    time.sleep(0.05)
    assert not ended
    queue.close()
    finish(threads)
    assert len(ended) == 4
    assert queue.get() == "kept"

    queue, ended = make(1), []

    def waiting_get():
        raises(closed, queue.get)
        ended.append("get")

    threads = [start(waiting_get) for _ in range(4)]
    time.sleep(0.05)
    queue.close()
    finish(threads)
    assert len(ended) == 4

    queue, seen = make(1), []
    reader = start(lambda: seen.extend(queue.get() for _ in range(500)))
    for number in range(500):
        queue.put(number, timeout=1)
    finish([reader])
    assert seen == list(range(500))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for capacity in (1, 7):
            check_crowd(make(capacity), closed, capacity)
    finally:
        sys.setswitchinterval(interval)


def check_crowd(queue, closed, capacity):
    """Four producers and four consumers: each item once, in each producer's order."""
    lots, sizes = [[] for _ in range(4)], []

    def produce(first):
        for number in range(first, 1200, 4):
            queue.put(number)
            sizes.append(len(queue._items))

    def consume(lot):
        try:
            while True:
                lot.append(queue.get())
        except closed:
            pass

    consumers = [start(lambda lot=lot: consume(lot)) for lot in lots]
    producers = [start(lambda first=first: produce(first)) for first in range(4)]
    finish(producers)
    queue.close()
    finish(consumers)
    assert sorted(chain.from_iterable(lots)) == list(range(1200))
    assert max(sizes) <= capacity
    for lot in lots:
        for first in range(4):
            mine = [number for number in lot if number % 4 == first]
            assert mine == sorted(mine)
