"""Checks the detours: the printed example, edges, and one Dijkstra for each failed link."""

import heapq
import random
from math import inf


def cheapest(links, source, target, down=None):
    cost, heap = {source: 0}, [(0, source)]
    while heap:
        so_far, site = heapq.heappop(heap)
        if site == target:
            return so_far
        for link, (a, b, more) in enumerate(links):
            if link != down and site in (a, b):
                other = b if site == a else a
                if so_far + more < cost.get(other, inf):
                    cost[other] = so_far + more
                    heapq.heappush(heap, (so_far + more, other))
    return None


def check(namespace):
    solve = namespace["detours"]
    example = [("s", "a", 1), ("a", "t", 1), ("s", "t", 5), ("a", "t", 3)]
    assert solve(example, "s", "t") == (2, [(0, 5), (1, 4)])
    assert solve(example, "t", "s") == (2, [(1, 4), (0, 5)])
    assert solve(example, "a", "a") == (0, [])
    assert solve([], "s", "s") == (0, [])
    chain = [(n, n + 1, n + 1) for n in range(6)]
    assert solve(chain, 0, 6) == (21, [(n, None) for n in range(6)])
    assert solve([(0, 1, 2), (1, 0, 2)], 0, 1) in ((2, [(0, 2)]), (2, [(1, 2)]))

    answers = cut_off = 0
    for seed in range(700):
        rng = random.Random(seed)
        sites, top = rng.randint(2, 12), rng.choice((1, 3, 50))
        links = [(n, rng.randrange(n), rng.randint(1, top)) for n in range(1, sites)]
        for _ in range(rng.randint(0, 16)):
            links.append((rng.randrange(sites), rng.randrange(sites), rng.randint(1, top)))
        rng.shuffle(links)
        source, target = rng.randrange(sites), rng.randrange(sites)
        before = list(links)
        cost, detours = solve(links, source, target)
        assert links == before
        assert cost == cheapest(links, source, target)
        at, total = source, 0
        for link, detour in detours:
            a, b, more = links[link]
            assert at in (a, b)
            at, total = (b if at == a else a), total + more
            assert detour == cheapest(links, source, target, down=link), (seed, link)
            answers, cut_off = answers + 1, cut_off + (detour is None)
        assert at == target
        assert total == cost
    assert answers > 1000
    assert cut_off > 100
