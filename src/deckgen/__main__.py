"""The command, and `python -m deckgen`: the command line, and one word about a Ctrl-C while its
modules are still being loaded."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    try:
        from .cli import main as run
    except KeyboardInterrupt:
        os.write(2, b"interrupted\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
