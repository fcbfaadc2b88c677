"""`python -m deckgen` is `deckgen`."""

from .cli import main

main()
