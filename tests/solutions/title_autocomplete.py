"""Checks the suggestions: the printed example, edges, and random titles against a scan."""

import random


def scan(scores, prefix, k):
    wanted = " ".join(prefix.casefold().split())
    matches = []
    for title in scores:
        text = " ".join(title.casefold().split())
        if text and f" {text}".find(f" {wanted}") >= 0:
            matches.append(title)
    return sorted(matches, key=lambda title: (-scores[title], title.casefold()))[:k]


def check(namespace):
    make = namespace["Suggester"]
    crowns = make({"The Crown": 90, "Crow's Nest": 40, "Crown Heights": 70})
    assert crowns.suggest("crow", 2) == ["The Crown", "Crown Heights"]
    assert crowns.suggest("CROWN", 5) == ["The Crown", "Crown Heights"]
    assert crowns.suggest("  the   cr", 5) == ["The Crown"]
    assert crowns.suggest("", 2) == ["The Crown", "Crown Heights"]
    assert crowns.suggest("rown", 3) == []
    assert crowns.suggest("crowns", 3) == []
    assert crowns.suggest("crown heights", 1) == ["Crown Heights"]
    assert crowns.suggest("c", 0) == []
    assert make({}).suggest("", 3) == []
    assert make({}).suggest("a", 3) == []
    assert make({"B": 1, "A": 1, "C": 2}).suggest("", 3) == ["C", "A", "B"]
    assert make({"B": 1, "a": 1, "C": 1}).suggest("", 3) == ["a", "B", "C"]
    assert make({"Time After Time": 1, "Tim": 0}).suggest("tim", 5) == ["Time After Time", "Tim"]
    assert make({"Straße": 1}).suggest("STRASS", 1) == ["Straße"]
    assert make({"1 2": 1, "3": 5}).suggest("2", 1) == ["1 2"]

    for seed in range(80):
        rng = random.Random(seed)
        scores = {}
        for _ in range(rng.randint(0, 40)):
            words = [
                "".join(rng.choices("abB", k=rng.randint(1, 4))) for _ in range(rng.randint(1, 3))
            ]
            scores[" ".join(words)] = rng.randint(0, 6)
        suggester = make(scores)
        for _ in range(25):
            prefix = "".join(rng.choices("aAb ", k=rng.randint(0, 5)))
            k = rng.randint(0, 12)
            assert suggester.suggest(prefix, k) == scan(scores, prefix, k), (seed, prefix, k)
