"""Checks the ring: who owns what, what moves, the arcs returned, balance and replicas."""

from statistics import pstdev


def check(namespace):
    make, place_of = namespace["HashRing"], namespace["place_of"]
    assert place_of("title:1") == place_of("title:1") < 2**64
    assert place_of("a") == 0x40F89E395B66422F
    keys = [f"title:{n}" for n in range(3000)]

    empty = make()
    assert empty.owners("k", 3) == []
    assert empty.add("n0") == []
    assert {empty.owner(key) for key in keys[:50]} == {"n0"}
    assert empty.owners("k", 3) == ["n0"]
    assert empty.owners("k", 0) == []
    try:
        empty.add("n0")
    except ValueError:
        pass
    else:
        raise AssertionError("added twice")

    for points in (1, 3, 100):
        ring, names, through_zero = make(points), [], 0
        for name in (f"n{n}" for n in range(9)):
            before = {key: ring.owner(key) for key in keys} if names else {}
            arcs = ring.add(name)
            names.append(name)
            assert all(loser != name for _, _, loser in arcs)
            through_zero += sum(after > upto for after, upto, _ in arcs)
            moved = 0
            for key, old in before.items():
                place, now = place_of(key), ring.owner(key)
                holding = [
                    loser
                    for after, upto, loser in arcs
                    if (after < place <= upto if after <= upto else place > after or place <= upto)
                ]
                if now == old:
                    assert holding == []
                else:
                    assert now == name
                    assert holding == [old]
                    moved += 1
            if before and points == 100:
                assert 0.5 < moved / len(keys) * len(names) < 1.6
        assert through_zero >= 1 or points == 1

        other = make(points)
        for name in reversed(names):
            other.add(name)
        for key in keys[:300]:
            owners = ring.owners(key, 3)
            assert len(set(owners)) == 3
            assert owners[0] == ring.owner(key)
            assert owners == other.owners(key, 3)
            assert sorted(ring.owners(key, 20)) == names

    for key in keys[:40]:
        first, second, third = ring.owners(key, 3)
        without = make(100)
        for name in names:
            if name != first:
                without.add(name)
        assert without.owners(key, 2) == [second, third]

    ring = make(100)
    for n in range(20):
        ring.add(f"host-{n}")
    shares = dict.fromkeys((f"host-{n}" for n in range(20)), 0)
    points = ring._ring
    for at, (place, name) in enumerate(points):
        shares[name] += (place - points[at - 1][0]) % 2**64
    spread = pstdev(shares.values()) / (2**64 / 20)
    assert 0.05 < spread < 0.18, spread
