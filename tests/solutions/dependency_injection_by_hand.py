"""Tests of the solution printed for dependency-injection-by-hand."""

import sqlite3
from contextlib import ExitStack, closing

HOUR = 3600


class FakeDownloads:
    def __init__(self, *rows):
        self.rows = {row[0]: row for row in rows}
        self.told = []

    def due(self, after, until):
        return [
            (id, email)
            for id, email, expires in self.rows.values()
            if id not in self.told and after < expires <= until
        ]

    def mark_told(self, id):
        self.told.append(id)


def filled(db, *rows):
    db.execute("CREATE TABLE downloads (id INTEGER, email TEXT, expires REAL, told INTEGER)")
    db.executemany("INSERT INTO downloads VALUES (?, ?, ?, 0)", rows)
    db.commit()
    return db


ROWS = [
    (1, "gone@x", 1000),  # expires at this very second: too late
    (2, "soon@x", 1000 + 1),
    (3, "edge@x", 1000 + 48 * HOUR),  # the boundary is included
    (4, "late@x", 1000 + 48 * HOUR + 1),
]


def told_once(notices, store):
    clock, sent = [1000], []
    job = notices(store, sent.append, lambda: clock[0])
    assert job.run() == []
    assert sent == ["soon@x", "edge@x"]
    assert job.run() == []
    assert len(sent) == 2
    clock[0] += 2
    assert job.run() == []
    assert sent[2:] == ["late@x"]


def failure_stays_due(notices, store, failure):
    sent, broken = [], {"soon@x"}

    def send(email):
        if email in broken:
            raise failure
        sent.append(email)

    job = notices(store, send, lambda: 1000)
    [(id, error)] = job.run()
    assert id == 2
    assert error is failure
    assert sent == ["edge@x"]
    broken.clear()
    assert job.run() == []
    assert sent == ["edge@x", "soon@x"]


def check(namespace):
    notices, sql = namespace["ExpiryNotices"], namespace["SqlDownloads"]

    # The same cases against the fake and the real store.
    # A refused connection and an address that is not ASCII leave one row due, not all.
    with ExitStack() as held:

        def table(*rows):
            return filled(held.enter_context(closing(sqlite3.connect(":memory:"))), *rows)

        for store in (lambda: FakeDownloads(*ROWS), lambda: sql(table(*ROWS))):
            told_once(notices, store())
            failure_stays_due(notices, store(), ConnectionError("refused"))
            failure_stays_due(notices, store(), UnicodeEncodeError("ascii", "ü", 0, 1, "not ASCII"))

    # A bug is not an outage: it is not swallowed, and nothing is marked.
    store = FakeDownloads(*ROWS)
    try:
        notices(store, lambda email: 1 / 0, lambda: 1000).run()
    except ZeroDivisionError:
        assert store.told == []
    else:
        raise AssertionError("a bug in the sender was swallowed")

    # What is marked is committed.
    with closing(sqlite3.connect(":memory:")) as db:
        notices(sql(filled(db, *ROWS)), lambda email: None, lambda: 1000).run()
        db.rollback()
        assert db.execute("SELECT id FROM downloads WHERE told").fetchall() == [(2,), (3,)]

    # The composition root joins the real parts: replace the modules it reaches for.
    outbox, world = [], namespace["main"].__globals__
    db = filled(sqlite3.connect(":memory:"), (1, "me@x", 0), (2, "you@x", 5 * 10**9))

    class Smtp:
        def __init__(self, host, timeout):
            assert host == "mail.internal"
            assert timeout > 0

        def __enter__(self):
            return self

        def __exit__(self, *_):
            outbox.append("closed")

        def sendmail(self, sender, to, text):
            outbox.append(to)

    class Module:
        def __init__(self, **names):
            self.__dict__.update(names)

    kept = {name: world[name] for name in ("sqlite3", "smtplib", "time")}
    try:
        world["sqlite3"] = Module(connect=lambda path: db)
        world["smtplib"] = Module(SMTP=Smtp)
        world["time"] = Module(time=lambda: 5 * 10**9 - HOUR)
        assert namespace["main"]() == []
    finally:
        world.update(kept)
    assert outbox == ["you@x", "closed"]
    try:
        db.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        pass
    else:
        raise AssertionError("the connection was left open")
