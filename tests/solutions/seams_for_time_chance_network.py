"""Tests of the solution printed for seams-for-time-chance-network."""

import inspect
import random
import threading
import time


def check(namespace):
    poller_class, world_class = namespace["Poller"], namespace["World"]
    wait_after = namespace["wait_after"]

    # The pure part.
    waits = [wait_after(n, 0.5) for n in range(7)]
    assert [round(w, 6) for w in waits] == [30, 60, 120, 240, 300, 300, 300]
    assert abs(wait_after(0, 0.0) - 27) < 1e-9
    assert all(27 <= wait_after(0, random.random()) < 33 for _ in range(1000))
    assert abs(wait_after(10**6, 0.5) - 300) < 1e-9  # no huge power after a long outage

    def poller(world, luck=lambda: 0.5):
        return poller_class(world.fetch, world.pause, now=lambda: world.time, luck=luck)

    # The default clock is monotonic.
    parameters = inspect.signature(poller_class).parameters
    assert parameters["now"].default is time.monotonic

    # An hour without trouble: a call every 30 s, and no real time spent.
    began = time.monotonic()
    world = world_class(lambda t: True, end=3600)
    subject = poller(world)
    assert subject.stale()
    subject.run()
    assert [round(t, 6) for t in world.calls] == [30.0 * n for n in range(120)]
    assert not subject.stale()

    # Down from 60 s to 1,000 s: backs off, turns stale, recovers at once.
    world = world_class(lambda t: not 60 <= t < 1000, end=1200)
    subject, seen = poller(world), []
    pause = subject.pause

    def watch(seconds):
        seen.append((round(world.time), round(seconds), subject.stale()))
        return pause(seconds)

    subject.pause = watch
    subject.run()
    assert seen == [
        (0, 30, False),
        (30, 30, False),
        (60, 60, False),
        (120, 120, False),
        (240, 240, False),
        (480, 300, False),
        (780, 300, True),
        (1080, 30, False),
        (1110, 30, False),
        (1140, 30, False),
        (1170, 30, False),
    ]
    assert subject.config == "config of 1170.0"

    # Exactly 600 s old is not stale; a moment more is.
    world = world_class(lambda t: True, end=1)
    subject = poller(world)
    subject.step()
    world.time = 600.0
    assert not subject.stale()
    world.time = 600.1
    assert subject.stale()

    # The last good config survives a failure.
    world = world_class(lambda t: t == 0, end=100)
    subject = poller(world)
    subject.run()
    assert subject.config == "config of 0.0"
    assert subject.failures > 0

    # Chance is drawn once a step, and stays within ten per cent.
    world, rng = world_class(lambda t: True, end=10_000), random.Random(7)
    poller(world, rng.random).run()
    gaps = [b - a for a, b in zip(world.calls, world.calls[1:], strict=False)]
    assert all(27 <= gap < 33 for gap in gaps)
    assert len(set(gaps)) > 100

    # A bug in fetch is not mistaken for an outage.
    def bug():
        raise KeyError

    try:
        poller_class(bug, world.pause).step()
    except KeyError:
        pass
    else:
        raise AssertionError("a bug was taken for a network failure")

    # With the real pause, setting the event stops it without waiting the time out.
    stop = threading.Event()
    live = poller_class(lambda: stop.set() or "config", stop.wait)
    live.run()
    assert live.config == "config"
    assert not live.stale()
    assert time.monotonic() - began < 1
