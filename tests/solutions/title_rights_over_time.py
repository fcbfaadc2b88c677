"""Tests of the SQL printed for title-rights-over-time, in SQLite."""

import sqlite3
from contextlib import closing

FILM, SERIES, SEASON, EPISODE, NEXT = range(1, 6)


def refused(db, statement, *values):
    try:
        db.execute(statement, values)
    except sqlite3.IntegrityError:
        return True
    return False


def check(statements):
    schema, query = statements
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.executescript(schema)
        check_hierarchy(db)
        check_rights(db, query)
        check_indexes(db, query)


def check_hierarchy(db):
    insert = "INSERT INTO title (id, kind, parent_id, parent_kind, ordinal) VALUES (?, ?, ?, ?, ?)"
    for row in (
        (FILM, "film", None, None, None),
        (SERIES, "series", None, None, None),
        (SEASON, "season", SERIES, "series", 1),
        (EPISODE, "episode", SEASON, "season", 1),
        (NEXT, "episode", SEASON, "season", 2),
    ):
        db.execute(insert, row)

    # An episode of a film, whether it says so or lies about it; of a series; of nothing.
    assert refused(db, insert, 9, "episode", FILM, "film", 3)
    assert refused(db, insert, 9, "episode", FILM, "season", 3)
    assert refused(db, insert, 9, "episode", SERIES, "series", 3)
    assert refused(db, insert, 9, "episode", None, None, None)
    # Half a parent, no number, a number of its sister, a film with a number, an unknown kind.
    assert refused(db, insert, 9, "episode", SEASON, None, 3)
    assert refused(db, insert, 9, "episode", None, "season", 3)
    assert refused(db, insert, 9, "episode", None, "season", None)
    assert refused(db, insert, 9, "film", SERIES, None, 3)
    assert refused(db, insert, 9, "episode", SEASON, "season", None)
    assert refused(db, insert, 9, "episode", SEASON, "season", 2)
    assert refused(db, insert, 9, "film", None, None, 1)
    assert refused(db, insert, 9, "trailer", None, None, None)


def check_rights(db, query):
    insert = (
        "INSERT INTO right_window (contract_id, title_id, country, starts, ends, known_from)"
        " VALUES (?, ?, ?, ?, ?, ?)"
    )

    def contracts(title, at, known, country="FR"):
        values = {"title": title, "country": country, "at": at, "known": known}
        return sorted(contract for contract, _ in db.execute(query, values))

    db.execute(insert, (7, SEASON, "FR", "2026-01-01", "2026-07-01", "2025-12-01"))
    assert refused(db, insert, 7, SEASON, "FR", "2026-01-01", "2026-08-01", "2025-12-01")
    assert refused(db, insert, 7, FILM, "FR", "2026-02-01", "2026-02-01", "2025-12-01")
    assert refused(db, insert, 7, 99, "FR", "2026-02-01", "2026-03-01", "2025-12-01")

    # What a season may, its episodes may; no other title, no other country.
    assert contracts(EPISODE, "2026-06-15", "2026-06-15") == [7]
    assert contracts(NEXT, "2026-06-15", "2026-06-15") == [7]
    assert contracts(SERIES, "2026-06-15", "2026-06-15") == []
    assert contracts(FILM, "2026-06-15", "2026-06-15") == []
    assert contracts(EPISODE, "2026-06-15", "2026-06-15", "DE") == []

    # Windows begin inclusive and end exclusive, in both times.
    assert contracts(EPISODE, "2026-01-01", "2025-12-01") == [7]
    assert contracts(EPISODE, "2025-12-31", "2025-12-01") == []
    assert contracts(EPISODE, "2026-07-01", "2025-12-01") == []
    assert contracts(EPISODE, "2026-01-01", "2025-11-30") == []

    # On 20 June we learn that it ended on 1 June: what was believed before stays on record.
    close = (
        "UPDATE right_window SET known_to = ? WHERE contract_id = ? AND title_id = ?"
        " AND country = ? AND starts = ? AND known_to = 'infinity'"
    )
    old = (7, SEASON, "FR", "2026-01-01")
    assert refused(db, close, "2025-12-01", *old)
    assert db.execute(close, ("2026-06-20", *old)).rowcount == 1
    assert db.execute(close, ("2026-06-20", *old)).rowcount == 0
    db.execute(insert, (7, SEASON, "FR", "2026-01-01", "2026-06-01", "2026-06-20"))
    assert contracts(EPISODE, "2026-06-15", "2026-06-15") == [7]
    assert contracts(EPISODE, "2026-06-15", "2026-06-19") == [7]
    assert contracts(EPISODE, "2026-06-15", "2026-06-20") == []
    assert contracts(EPISODE, "2026-05-15", "2026-10-01") == [7]

    # Contracts may overlap one another, and one episode may have a contract of its own.
    db.execute(insert, (8, EPISODE, "FR", "2026-05-01", "2026-09-01", "2026-01-01"))
    assert contracts(EPISODE, "2026-05-15", "2026-10-01") == [7, 8]
    assert contracts(NEXT, "2026-05-15", "2026-10-01") == [7]


def check_indexes(db, query):
    def plan(statement):
        values = {"title": EPISODE, "country": "FR", "at": "2026-06-15", "known": "2026-06-15"}
        return " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}", values))

    assert "USING INDEX play (title_id=? AND country=? AND ends>?)" in plan(query)
    leaving = (
        "SELECT title_id FROM right_window WHERE country = :country AND ends >= :at"
        " AND ends < :known AND known_to = 'infinity'"
    )
    assert "USING INDEX leaving (country=? AND ends>? AND ends<?)" in plan(leaving)
