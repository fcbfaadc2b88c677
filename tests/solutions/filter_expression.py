"""Checks the filter: the printed example, precedence, errors by place, and random trees."""

import operator
import random

OPS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def tree(rng, depth):
    kind = rng.choice(("test", "test", "not", "and", "or")) if depth else "test"
    if kind == "test":
        field, op = rng.choice(("a", "order", "_n")), rng.choice(list(OPS))
        return (kind, field, op, rng.choice((-3, 0, 1, 7, "", "x", "and or", "(")))
    if kind == "not":
        return (kind, tree(rng, depth - 1))
    return (kind, *(tree(rng, depth - 1) for _ in range(rng.randint(2, 4))))


def printed(node, rng):
    """The tree as text, with brackets only where precedence needs them, or by chance."""
    kind, *rest = node
    if kind == "test":
        field, op, value = rest
        space = rng.choice(("", " ", "\n "))
        return (
            f'{field}{space}{op}{space}"{value}"'
            if isinstance(value, str)
            else (f"{field}{space}{op}{space}{value}")
        )
    loose = {"not": ("and", "or"), "and": ("or", "and"), "or": ("or",)}[kind]
    parts = [
        f"({printed(part, rng)})" if part[0] in loose or rng.random() < 0.2 else printed(part, rng)
        for part in rest
    ]
    return f"not {parts[0]}" if kind == "not" else f" {kind} ".join(parts)


def value_of(node, row):
    kind, *rest = node
    if kind == "test":
        field, op, value = rest
        return field in row and type(row[field]) is type(value) and OPS[op](row[field], value)
    if kind == "not":
        return not value_of(rest[0], row)
    return (all if kind == "and" else any)(value_of(part, row) for part in rest)


def check(namespace):
    compiled = namespace["compile_filter"]

    def holds(text, **row):
        return compiled(text)(row)

    def fails(text):
        try:
            compiled(text)
        except ValueError as error:
            return str(error)
        raise AssertionError(text)

    example = 'kind = "series" and (year >= 2015 or not rating > 12)'
    assert holds(example, kind="series", year=2015, rating=18)
    assert holds(example, kind="series", year=1999, rating=12)
    assert not holds(example, kind="series", year=1999, rating=13)
    assert not holds(example, kind="film", year=2020, rating=1)
    assert holds("a = 1 or b = 1 and c = 1", a=1)
    assert not holds("(a = 1 or b = 1) and c = 1", a=1)
    assert holds("not a = 1 or b = 1", a=1, b=1)
    assert not holds("not (a = 1 or b = 1)", a=1, b=1)
    assert holds("not not a = 1", a=1)
    assert holds("not year > 2000")
    assert not holds("year != 1")
    assert not holds("a = 1", a=True)
    assert not holds("a = 1", a="1")
    assert not holds("a < 1", a=None)
    assert holds('order = "a and (b" and android >= -2', order="a and (b", android=-2)
    assert holds('s = ""', s="")
    assert holds("n = 123456789012345678", n=123456789012345678)
    assert holds('s = "é\n"', s="é\n")
    assert compiled("a=1 and b=2")({"a": 1, "b": 2}) is True

    for text, at in {
        "": 0,
        "  ": 2,
        "a": 1,
        "a =": 3,
        "a = b": 4,
        "a = 1 b": 6,
        "a = 1 and": 9,
        "(a = 1": 6,
        "a = 1)": 5,
        'a = "x': 4,
        "a = 12b": 4,
        "and = 1": 0,
        "a == 1": 3,
        "a ! 1": 2,
        "a = 1 or or b = 1": 9,
        "not": 3,
        "a = 1.5": 5,
        "a = 1234567890123456789": 4,
        "a = -" + "9" * 5000: 4,
        "(" * 51 + "a = 1": 50,
    }.items():
        assert fails(text).startswith(f"{at}:"), (text, fails(text))

    assert holds("(" * 50 + "a = 1" + ")" * 50, a=1)
    for opening in ("(", "not "):
        assert "deep" in fails(opening * 51 + "a = 1")
        assert "deep" in fails(opening * 100_000 + "a = 1")
    assert holds(" or ".join(f"a = {n}" for n in range(5000)), a=4999)

    for seed in range(1500):
        rng = random.Random(seed)
        node = tree(rng, rng.randint(0, 3))
        test = compiled(printed(node, rng))
        for _ in range(6):
            row = {
                field: rng.choice((-3, 0, 1, 7, "", "x", "and or", None, True))
                for field in ("a", "order", "_n")
                if rng.random() < 0.8
            }
            assert test(row) == value_of(node, row), (printed(node, rng), row)
