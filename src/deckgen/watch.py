"""Waiting for edits of a bank, for `build --watch`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_QUIET = 50
"""Milliseconds without a change that end a burst: an editor saves in several steps."""

_LONGEST = 400
"""Milliseconds after which a burst is acted on even if it goes on."""


def edits(folder: Path) -> Iterator[None]:
    """Yields once when it has begun to watch a folder, so that no edit is missed, and then after
    every burst of changes below it, for ever. A Ctrl-C ends it, as a KeyboardInterrupt."""
    # Lazy import: only this needs it.
    from watchfiles import watch

    bursts = watch(
        folder,
        debounce=_LONGEST,
        step=_QUIET,
        rust_timeout=_QUIET,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    next(bursts)
    yield
    yield from (None for burst in bursts if burst)
