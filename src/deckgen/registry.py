"""Finding exporters: every package that registers one is asked the same way, deckgen included.

A plugin is somebody else's code. Whatever it does while it is loaded becomes one message with its
name, and the others go on.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from .exporter import Exporter
from .files import InputFile
from .limits import LOAD_SECONDS, Ended, Task, alarm, can_fork, results
from .problems import Problem, describe
from .words import did_you_mean

GROUP = "deckgen.exporters"
_OWN = "deckgen"
"""The package of deckgen's own exporters."""

_SUFFIX = re.compile(r"(\.[A-Za-z0-9]+)+")


class Installed(NamedTuple):
    """A working exporter and the package it comes from."""

    cls: type[Exporter]
    package: str
    version: str

    @property
    def name(self) -> str:
        return self.cls.name

    @property
    def own(self) -> bool:
        """Whether it is one of deckgen's own, which are trusted with the process and its time."""
        return self.package == _OWN


class Found(NamedTuple):
    """The exporters that work, and why others do not."""

    exporters: list[Installed]
    problems: list[Problem]


def names() -> list[str]:
    """The names under which exporters are registered, working or not."""
    return list(_registered()[0])


def own_names() -> list[str]:
    """The names of deckgen's own exporters."""
    return [name for name, entry in _registered()[0].items() if _is_own(_package(entry))]


def unknown(name: str) -> Problem:
    """That no exporter has this name, and which one may have been meant."""
    known = names()
    hint = did_you_mean(name, known) or f"; installed are {', '.join(known)}"
    return Problem(f"no exporter is named {name!r}{hint}")


def find(wanted: Iterable[str] | None = None) -> Found:
    """The exporters with these names, in this order, or all that are installed, by name.

    Only those asked for are loaded. A name that nobody registered, or whose exporter is broken, is
    a problem.
    """
    by_name, clashes = _registered()
    chosen = list(by_name if wanted is None else dict.fromkeys(wanted))
    exporters = []
    problems = [
        _problem(entry, f"the name is taken by {' '.join(_package(by_name[entry.name]))}")
        for entry in clashes
        if entry.name in chosen
    ]
    for name in chosen:
        loaded = _load(by_name[name]) if name in by_name else unknown(name)
        if isinstance(loaded, Problem):
            problems.append(loaded)
        else:
            exporters.append(loaded)
    return Found(exporters, problems)


@cache
def _registered() -> tuple[dict[str, EntryPoint], list[EntryPoint]]:
    """The entry points by name, and those that come too late: two packages took one name."""
    by_name: dict[str, EntryPoint] = {}
    clashes = []
    for entry in sorted(entry_points(group=GROUP), key=_precedence):
        if by_name.setdefault(entry.name, entry) is not entry:
            clashes.append(entry)
    return by_name, clashes


def _precedence(entry: EntryPoint) -> tuple[str, bool, tuple[str, str]]:
    package = _package(entry)  # nobody can take the name of an exporter of deckgen's own
    return entry.name, not _is_own(package), package


def _is_own(package: tuple[str, str]) -> bool:
    return package[0] == _OWN


def _load(entry: EntryPoint) -> Installed | Problem:
    package = _package(entry)
    if not _is_own(package) and can_fork():
        # Apart at first: a module that ends its process, or crashes it, would end all with it.
        # Lazy import: few have a stranger's exporter.
        import tempfile

        with tempfile.TemporaryFile() as said:
            rehearsal = partial(_rehearse, entry, package, said.fileno())
            ((_, fault),) = results([Task(rehearsal, LOAD_SECONDS + 1, "")], 1)
            if fault:
                said.seek(0)
                sys.stderr.write(said.read().decode("utf-8", "replace"))
                return _problem(entry, fault.why) if isinstance(fault, Ended) else fault
    return _loaded(entry, package)


def _rehearse(entry: EntryPoint, package: tuple[str, str], said: int) -> Problem | None:
    """What is wrong with an exporter, in a process of its own. What that says goes to the file
    `said`: if nothing is wrong, it will say it again."""
    for stream in (1, 2):
        os.dup2(said, stream)
    loaded = _loaded(entry, package)
    return loaded if isinstance(loaded, Problem) else None


def _loaded(entry: EntryPoint, package: tuple[str, str]) -> Installed | Problem:
    try:
        with contextlib.redirect_stdout(sys.stderr), alarm(LOAD_SECONDS):
            loaded = entry.load()
            fault = _fault(loaded, entry.name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: a plugin does not end the program
        fault = describe(error)
    return _problem(entry, fault) if fault else Installed(loaded, *package)


def _fault(cls: object, name: str) -> str:
    """What keeps an object from being an exporter's class; empty when nothing does."""
    if not (isinstance(cls, type) and issubclass(cls, Exporter)):
        return f"expected a subclass of deckgen.Exporter, found {cls!r}"
    for attribute in ("name", "suffix", "description"):
        if not isinstance(getattr(cls, attribute, None), str):
            return f"{cls.__name__} has no {attribute!r}"
    if cls.name != name:
        return f"its entry point is named {name!r}, its class {cls.name!r}: expected the same"
    if not _SUFFIX.fullmatch(cls.suffix):
        return f"expected a suffix such as '.txt', found {cls.suffix!r}"
    if not (isinstance(cls.uses, tuple) and all(isinstance(word, str) for word in cls.uses)):
        return f"expected its 'uses' to be words of packages' names, found {cls.uses!r}"
    if cls.__abstractmethods__:
        return f"{cls.__name__} lacks {', '.join(sorted(cls.__abstractmethods__))}()"
    if not is_dataclass(cls.Options):
        return "its Options are no dataclass"
    hints = get_type_hints(cls.Options)
    for option in fields(cls.Options):
        if option.default is MISSING or not _is_readable(hints[option.name]):
            return f"its option {option.name!r} has no default, or a type that options can't have"
    return ""


def _is_readable(kind: Any) -> bool:
    """Whether options can have a type: those that `exporter.option` lists."""
    parts = get_args(kind)
    if get_origin(kind) is tuple:
        return len(parts) == 2 and parts[1] is ... and _is_single(parts[0])
    return _is_single(kind)


def _is_single(kind: Any) -> bool:
    words = get_origin(kind) is Literal and all(isinstance(word, str) for word in get_args(kind))
    return words or kind in (bool, int, str, InputFile)


def _package(entry: EntryPoint) -> tuple[str, str]:
    name = version = None
    with contextlib.suppress(Exception):  # what is left of a package may lack all that describes it
        if entry.dist:
            metadata = entry.dist.metadata  # it is parsed whenever it is asked for
            name, version = metadata["Name"], metadata["Version"]
    return name or "unknown package", version or "without a version"


def _problem(entry: EntryPoint, message: str) -> Problem:
    return Problem(f"exporter {entry.name} ({' '.join(_package(entry))}): {message}")
