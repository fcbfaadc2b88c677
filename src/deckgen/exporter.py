"""What an exporter is.

An exporter turns one guide into one file. It registers a class under the entry-point group
`deckgen.exporters`; see docs/exporters.md. It is given the model and knows nothing of YAML, of the
command line or of other exporters.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from .files import InputFile as InputFile
from .files import Unreadable as Unreadable
from .kept import Kept
from .problems import Place, Problem

if TYPE_CHECKING:
    from .model import Guide


Warn = Callable[[str, Place | None], None]
"""`Exporter.warn`, as the parts of an exporter are handed it: a message, and its place."""


class Piece(NamedTuple):
    """Something an exporter publishes that lives on in other people's collections, as a note does.

    `kind`, a word, may never change for a key; `digest`, 8 to 64 hexadecimal digits in lower case,
    is a hash of everything that makes its content.
    """

    kind: str
    digest: str


@dataclass(frozen=True)
class NoOptions:
    """The options of an exporter that declares none."""


class Exporter(ABC):
    """The base class of every exporter. One instance writes one guide to one file."""

    name: ClassVar[str]
    """Also the entry point's name, the `-f` value and the key under `export:`. A slug."""
    suffix: ClassVar[str]
    """Of the file it writes, with its dot: `.pdf`."""
    description: ClassVar[str]
    """A few words for `deckgen exporters`."""
    on_by_default: ClassVar[bool] = False
    """Whether `deckgen build` runs it without being asked by `-f`."""
    uses: ClassVar[tuple[str, ...]] = ()
    """Words in the names of installed packages that it makes use of where they are there, beside
    those its own package requires: a build is stale when the version of one changes."""
    Options: ClassVar[type[Any]] = NoOptions
    """A frozen dataclass; each field made with `option()`, so that its help is shown."""

    def __init__(
        self,
        options: Any,
        warn: Callable[[Problem], None],
        changed: Mapping[str, int] | None = None,
    ) -> None:
        self.options = options
        self.changed: Mapping[str, int] = changed or {}
        """For each key of `pieces`, when its content last changed: seconds since 1970, from the
        ledger. Keys of drafts are not in it, nor new ones where the ledger can't be written."""
        self.published: Mapping[str, str] = {}
        """For each key of `pieces`, the digest of its content, drafts left out."""
        self.kept = Kept()
        """What was kept when the same output was last built, and what the next build is to find.
        The file has the same bytes with it and without it."""
        self._warn = warn

    def warn(self, message: str, place: Place | None = None, name: str = "") -> None:
        """Tell the maintainer of something the export had to cope with."""
        known = None
        if isinstance(place, Place):  # of whatever: what is warned of is kept in the manifest
            known = Place(os.fspath(place.path), int(place.line), int(place.column))
        self._warn(Problem(str(message), known, warning=True, name=str(name)))

    def pieces(self, guide: Guide) -> Mapping[str, Piece]:
        """What the ledger should keep a date of. Called with the whole guide, whatever is filtered,
        and the guide's own options; `export` finds the dates in `self.changed`."""
        return {}

    @abstractmethod
    def export(self, guide: Guide, path: Path) -> None:
        """Write the guide to `path`, a new file whose folder exists. Import heavy libraries here.

        The bytes may depend on the guide, the options and `self.changed`, and on nothing else: no
        clock, no random numbers, no environment.
        """


def option(help: str, default: Any) -> Any:
    """A field of an exporter's `Options`. The annotation says which values are taken: `bool`,
    `int` (0 or more), `str`, `InputFile`, `Literal` of words, or a tuple of any number of one of
    them."""
    return field(default=default, metadata={"help": help})
