"""Tests of the solution printed for idempotent-request-class."""

import random
import threading


def raises(error, function, *args):
    try:
        function(*args)
    except error:
        return True
    return False


def check(namespace):
    idempotent, key_reused = namespace["Idempotent"], namespace["KeyReused"]
    clock, ran = [0.0], []

    def handler(body):
        ran.append(body)
        return f"order {len(ran)}"

    api = idempotent(handler, ttl=100, now=lambda: clock[0])

    # A repeat gets the first answer; other keys and other clients do not.
    assert api.handle("tv", "k1", b"a") == "order 1"
    assert api.handle("tv", "k1", b"a") == "order 1"
    assert api.handle("tv", "k2", b"a") == "order 2"
    assert api.handle("web", "k1", b"a") == "order 3"
    assert raises(key_reused, api.handle, "tv", "k1", b"b")
    assert len(ran) == 3

    # Expiry: kept to the last instant before ttl, forgotten at ttl, and the memory is freed.
    clock[0] = 99.9
    assert api.handle("tv", "k1", b"a") == "order 1"
    clock[0] = 100.0
    assert api.handle("tv", "k1", b"b") == "order 4"
    assert len(api.entries) == 1

    # An answer of None is remembered like any other.
    nothing = []
    quiet = idempotent(nothing.append, ttl=100, now=lambda: clock[0])
    assert quiet.handle("tv", "k", b"") is None
    assert quiet.handle("tv", "k", b"") is None
    assert nothing == [b""]

    # A failure is not remembered: the next call with the key runs again.
    attempts = []

    def flaky(body):
        attempts.append(body)
        if len(attempts) == 1:
            raise ConnectionError
        return "done"

    retried = idempotent(flaky, ttl=100, now=lambda: clock[0])
    assert raises(ConnectionError, retried.handle, "tv", "k", b"a")
    assert retried.handle("tv", "k", b"a") == "done"
    assert retried.handle("tv", "k", b"a") == "done"
    assert len(attempts) == 2

    # Threads: fifty at once on one key run it once, and all get the answer.
    calls, inside = [], threading.Event()

    def slow(body):
        calls.append(body)
        inside.set()
        threading.Event().wait(0.05)
        return object()

    shared = idempotent(slow, ttl=100)
    answers, start = [], threading.Barrier(50)

    def repeat():
        start.wait()
        answers.append(shared.handle("tv", "k", b"a"))

    threads = [threading.Thread(target=repeat) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2)
    assert len(calls) == 1
    assert len(answers) == 50
    assert len(set(map(id, answers))) == 1

    # While one key runs, another is served, and a different body is refused at once.
    gate, entered = threading.Event(), threading.Event()

    def gated(body):
        if body == b"slow":
            entered.set()
            assert gate.wait(2)
        return body

    busy = idempotent(gated, ttl=100)
    running = threading.Thread(target=busy.handle, args=("tv", "a", b"slow"))
    running.start()
    assert entered.wait(2)
    assert busy.handle("tv", "b", b"quick") == b"quick"
    assert raises(key_reused, busy.handle, "tv", "a", b"other")
    gate.set()
    running.join(2)
    assert not running.is_alive()

    # Those who wait on a call that fails are told so; then the key is free.
    gate, waiting, results = threading.Event(), threading.Event(), []

    def failing(body):
        waiting.set()
        assert gate.wait(2)
        raise TimeoutError

    broken = idempotent(failing, ttl=100)

    def attempt():
        results.append(raises(TimeoutError, broken.handle, "tv", "k", b""))

    threads = [threading.Thread(target=attempt) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert waiting.wait(2)
    gate.set()
    for thread in threads:
        thread.join(2)
    assert results == [True] * 5
    assert len(broken.entries) == 0

    # Random traffic against a plain model.
    for seed in range(50):
        rng, clock[0], model, ran[:] = random.Random(seed), 0.0, {}, []
        api = idempotent(handler, ttl=10, now=lambda: clock[0])
        for _ in range(200):
            clock[0] += rng.choice([0, 0.5, 3])
            name = (rng.choice("ab"), rng.choice("xyz"))
            body = rng.choice([b"1", b"2"])
            known = model.get(name)
            if known and known[0] > clock[0]:
                if known[1] != body:
                    assert raises(key_reused, api.handle, *name, body)
                else:
                    assert api.handle(*name, body) == known[2]
            else:
                answer = api.handle(*name, body)
                assert answer == f"order {len(ran)}"
                model[name] = (clock[0] + 10, body, answer)
