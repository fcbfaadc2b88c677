"""The garbage collector at rest."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """While a bank is read and written, and while a saved page is read, nearly all that is made
    is kept. The collector would look through it again and again, for a third of the time, and find
    nothing."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # and thaw: all is old now, not to be looked through at once
        gc.unfreeze()
        gc.enable()
