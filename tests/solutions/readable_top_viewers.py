"""Tests of the solution printed for readable-top-viewers."""

import random


def original(d, t):
    """The function as the question prints it."""
    r = {}
    for x in d:
        if x is not None:  # noqa: SIM102
            if x["type"] != "trailer":  # noqa: SIM102
                if x["end"] > x["start"]:
                    m = (x["end"] - x["start"]) // 60
                    if m > 240:
                        m = 240
                    if x["who"] in r:
                        r[x["who"]] = r[x["who"]] + m
                    else:
                        r[x["who"]] = m
    a = []
    for k in r:
        if r[k] >= t:
            a.append((k, r[k]))
    a.sort(key=lambda y: (-y[1], y[0]))
    o = []
    for k, m in a[:3]:
        o.append(k + ": " + str(m // 60) + "h" + str(m % 60).zfill(2))
    return o


def play(who, start, end, kind="film"):
    return {"who": who, "type": kind, "start": start, "end": end}


def raises(error, function, *args):
    try:
        function(*args)
    except error:
        return True
    return False


def check(namespace):
    top_viewers, proc = namespace["top_viewers"], namespace["proc"]
    assert proc is top_viewers or proc([], 0) == []

    # The example of the question.
    plays = [
        play("ann", 0, 18_420),
        play("ben", 0, 5_400),
        play("ben", 0, 3_600, "trailer"),
        None,
        play("ann", 100, 100),
    ]
    assert top_viewers(plays, 60) == ["ann: 4h00", "ben: 1h30"]
    assert top_viewers(plays, 91) == ["ann: 4h00"]

    # Rounding per play, the cap per play, the threshold that is included.
    assert top_viewers([play("a", 0, 119)] * 3, 3) == ["a: 0h03"]
    assert top_viewers([play("a", 0, 119)] * 3, 4) == []
    assert top_viewers([play("a", 0, 99_999)] * 2, 0) == ["a: 8h00"]
    assert top_viewers([play("a", 0, 30)], 0) == ["a: 0h00"]
    assert top_viewers([], 0) == []
    assert top_viewers([play("a", 100, 100), play("b", 100, 40)], 0) == []

    # Ties go by name; three places.
    tie = [play(who, 0, 600) for who in "dcba"]
    assert top_viewers(tie, 0) == ["a: 0h10", "b: 0h10", "c: 0h10"]

    # Errors are behaviour too: an empty record is not skipped, and a trailer
    # is dismissed before its times are read.
    assert raises(KeyError, original, [{}], 0)
    assert raises(KeyError, top_viewers, [{}], 0)
    assert top_viewers([{"type": "trailer"}], 0) == []
    assert raises(TypeError, original, [play(7, 0, 600)], 0)
    assert raises(TypeError, top_viewers, [play(7, 0, 600)], 0)

    for seed in range(400):
        rng = random.Random(seed)
        plays = [
            None
            if rng.random() < 0.1
            else play(
                rng.choice(["ann", "ben", "cy", "di", "eve"]),
                rng.randrange(0, 20_000),
                rng.randrange(0, 40_000),
                rng.choice(["film", "episode", "trailer"]),
            )
            for _ in range(rng.randrange(0, 25))
        ]
        limit = rng.randrange(0, 700)
        assert top_viewers(plays, limit) == original(plays, limit), seed
        assert proc(plays, limit) == original(plays, limit), seed
