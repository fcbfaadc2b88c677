"""Files: reading those of a bank and nothing outside it, replacing outputs at once and whole."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

from .problems import BankError, Place, Problem

GUIDE = "guide.yaml"
LEDGER = "ledger.yaml"
FONTS = "fonts"
"""The folder of a guide for font files of its own."""
MAX_BYTES = 20 * 2**20
"""Of any file that is read; some kinds have a lower limit of their own."""
MAX_FOLDERS = 32


class Unreadable(Exception):
    """Why a file can't be read, worded to follow `can't read this file: `."""


def guide_folders(root: Path) -> list[Path]:
    """The folders of a bank that hold a guide, by name; the bank itself when it is one.

    Raises BankError when there are none.
    """
    where = Place(root.as_posix())
    try:
        if _is_there(root / GUIDE):
            return [root]
        folders = sorted(f for f in root.iterdir() if not f.name.startswith("."))
        found = [folder for folder in folders if _is_there(folder / GUIDE)]
        leaving = [folder for folder in found if not _is_inside(folder, root)]
    except OSError as error:
        found_at = Place(Path(error.filename).as_posix()) if error.filename else where
        message = f"can't read the bank: {reason(error)}{_mend(error, root)}"
        raise BankError([Problem(message, found_at)]) from None
    if leaving:
        message = "it is a link that leaves the bank: name that folder itself to build it"
        raise BankError(Problem(message, Place(folder.as_posix())) for folder in leaving)
    if not found:
        message = f"expected a bank, a folder whose sub-folders hold a {GUIDE}; found none"
        near = [Place(path.as_posix()) for path in nearly_guides(root)]
        raise BankError(
            [Problem(f"expected the name {GUIDE}", p) for p in near] or [Problem(message, where)]
        )
    return found


def _mend(error: OSError, root: Path) -> str:
    if isinstance(error, NotADirectoryError):
        return f"; name the folder: {root.parent.as_posix()}"
    if isinstance(error, FileNotFoundError):
        return "; name the bank, or change to the folder it is in"
    return ""


_YAML = re.compile(r".*\.ya?ml(\.txt)?", re.IGNORECASE)
"""What a YAML file may be called, by mistake too."""


def nearly_guides(root: Path) -> list[Path]:
    """The files in a bank, by path, that were to be a guide's `guide.yaml` and are called
    otherwise."""
    folders = [root, *filter(Path.is_dir, _visible(root))]
    files = (path for folder in folders for path in _yaml_files(folder))
    return [path for path in files if is_nearly_guide(path)]


def is_nearly_guide(path: Path) -> bool:
    """Whether a YAML file was to be a guide's `guide.yaml`, by its name."""
    return bool(re.match("guide\\.", path.name, re.IGNORECASE))


def unread_files(folder: Path) -> list[Path]:
    """The YAML files in a guide's folder, by path, that nothing reads: they have another name, or
    stand in another folder, than those that are read. What is beside the questions may be somebody
    else's; there it takes a guide's name, or questions."""
    read = {folder / GUIDE, folder / LEDGER, *question_files(folder)}
    others = [path for path in _visible(folder) if path.name not in ("questions", "media", FONTS)]
    beside = [path for place in [folder, *others] for path in _yaml_files(place)]
    found = [path for path in beside if is_nearly_guide(path) or _holds_questions(path)]
    found += _below(folder / "questions", lambda name: bool(_YAML.fullmatch(name)))
    return [path for path in found if path not in read and not path.is_symlink()]


def _holds_questions(path: Path) -> bool:
    begins = rb"^(?:- +)?\{? *(?:id|question|questions|defaults)[ \t]*:"
    return bool(re.search(begins, content(path) or b"", re.MULTILINE))


def _yaml_files(folder: Path) -> list[Path]:
    """What looks like a YAML file in a folder, by path."""
    return [path for path in _visible(folder) if _YAML.fullmatch(path.name) and path.is_file()]


def _visible(folder: Path) -> list[Path]:
    """What is in a folder, by path, but for what is hidden; nothing where that can't be seen."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return []


def question_files(folder: Path) -> list[Path]:
    """A guide's question files, by path. Hidden files, as editors leave, are passed over."""
    return _below(folder / "questions", lambda name: name.endswith((".yaml", ".yml")))


def media_files(folder: Path) -> list[Path]:
    """A guide's images, by path."""
    return _below(folder / "media", lambda name: True)


def font_files(folder: Path) -> list[Path]:
    """A guide's fonts, by path."""
    return _below(folder / FONTS, lambda name: True)


def guide_files(folder: Path) -> list[Path]:
    """Every file that a guide's outputs are made from, but for the ledger."""
    return [
        folder / GUIDE, *question_files(folder), *media_files(folder), *font_files(folder),
    ]  # fmt: skip


def _is_there(path: Path) -> bool:
    """Whether a name exists, be it a link to nowhere. Raises OSError where that can't be seen."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _is_inside(path: Path, root: Path) -> bool:
    """Whether a path, links resolved, is in a folder. Raises OSError."""
    try:
        return path.resolve(strict=True).is_relative_to(root.resolve())
    except RuntimeError:  # what a loop of links gives before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None


def _below(folder: Path, wanted: Callable[[str], bool]) -> list[Path]:
    """The files below a folder of a guide, by path; none where there is no such folder. Links to
    folders are among them: they are not followed, and can't be read. Raises BankError."""
    if not _is_there(folder):
        return []
    if folder.is_symlink():
        message = "it is a link: expected a folder, so that nothing outside the guide is read"
        raise BankError([Problem(message, Place(folder.as_posix()))])
    found = []
    for base, folders, names in os.walk(folder, onerror=_unreadable_folder):
        if base.count(os.sep) - str(folder).count(os.sep) > MAX_FOLDERS:  # Python 3.11 recurses
            message = f"it holds folders in each other more than {MAX_FOLDERS} deep"
            raise BankError([Problem(message, Place(folder.as_posix()))])
        links = [name for name in folders if Path(base, name).is_symlink()]
        found += [Path(base, name) for name in names if wanted(name)]
        found += [Path(base, name) for name in links]
        folders[:] = [name for name in folders if not name.startswith(".")]
    visible = (path for path in found if not path.name.startswith("."))
    return sorted(visible, key=lambda path: path.relative_to(folder).parts)


def _unreadable_folder(error: OSError) -> NoReturn:
    place = Place(Path(error.filename).as_posix())
    raise BankError([Problem(f"can't read this folder: {reason(error)}", place)])


def read(path: Path, root: Path, limit: int = MAX_BYTES) -> bytes:
    """A file's bytes. Raises Unreadable for what is no plain file inside `root`, links resolved,
    and for one of more than `limit` bytes."""
    try:
        if not _is_inside(path, root):
            raise Unreadable("it is a link that leaves the guide's folder")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("it is not a plain file")
        if status.st_size > limit:
            size = status.st_size / 2**20
            raise Unreadable(f"it has {size:,.0f} MiB; the limit is {limit // 2**20}")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(reason(error)) from None


class InputFile(str):
    """The name of a file that an exporter's option asks for. `place` is where it was asked."""

    place: Place | None = None

    def read_from(self, folder: str, limit: int) -> bytes:
        """Its bytes. A guide.yaml may only name files in that folder of the guide; the command line
        any, of up to `limit` bytes. Raises Unreadable."""
        path = Path(self)
        if self.place is None or not self.place.line:  # in a guide.yaml it stands in a line
            return read(path, path.parent, limit)
        if path.parts[:1] != (folder,):
            raise Unreadable(f"expected one of the guide's own folder {folder}/")
        guide = Path(self.place.path).parent
        return read(guide / path, guide / folder)


def content(path: Path) -> bytes | None:
    """The bytes of a file that may be missing, too large, or something that can't be read."""
    try:
        small = path.is_file() and path.stat().st_size <= MAX_BYTES
        return path.read_bytes() if small else None
    except OSError:
        return None


def digest(path: Path, size: int | None = None) -> str:
    """SHA-256 of a file's bytes, however many; empty when it can't be read or has not `size`, so
    that what somebody else left in its place is not read through."""
    # Lazy import: who only reads a bank needs no hashes, and it takes OpenSSL with it.
    import hashlib

    try:
        if not path.is_file() or (size is not None and path.stat().st_size != size):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def reason(error: Exception) -> str:
    """An operating system's error in its own words, without the path, which stands beside it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)


@contextlib.contextmanager
def temporary_folder(where: Path | None) -> Iterator[Path]:
    """A folder for files that are not finished, below `where` so that they can be moved from it in
    one step; without it, in the system's place for such things. What builds that were killed left
    there is cleared first."""
    # Lazy import: reading a bank makes no folder.
    import shutil
    import tempfile

    sweep(where or Path(tempfile.gettempdir()))
    while True:
        folder = Path(tempfile.mkdtemp(dir=where, prefix=_TEMPORARY))
        with alone(folder):
            if not folder.exists():  # cleared by another build before it was locked
                continue
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        return


_TEMPORARY = ".deckgen-"


def sweep(where: Path) -> None:
    """Clears the temporary folders of builds that were killed: those that nobody holds."""
    try:
        names = os.listdir(where)
    except OSError:
        return
    for folder in (where / name for name in names if name.startswith(_TEMPORARY)):
        # Lazy import: there seldom are any.
        import shutil

        # A stranger's bank can hold one of a thousand folders in each other.
        with contextlib.suppress(OSError, RecursionError), _locked(folder, wait=False):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds a folder: another build that wants to waits here. Where folders can't be locked, as on
    some network drives, nobody waits."""
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            held.enter_context(_locked(folder, wait=True))
        yield


@contextlib.contextmanager
def _locked(folder: Path, *, wait: bool) -> Iterator[None]:
    """A lock that leaves no file behind and ends with its process, however that ends. Raises
    OSError where it can't be had."""
    if fcntl is None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)  # closing is not enough where a worker has it too
    finally:
        os.close(handle)


def replace(new: Path, old: Path) -> None:
    """Puts a file in another's place: at every moment the path holds one of them, whole."""
    _settle(new)
    new.replace(old)


def _settle(path: Path) -> None:
    """Sees a file onto the disk before its name moves, lest a power cut leave it empty."""
    # Windows takes that from one who may write alone; elsewhere a file may be read-only.
    with path.open("r+b" if os.name == "nt" else "rb") as file:
        os.fsync(file.fileno())


def write(texts: Mapping[Path, bytes], where: Path) -> None:
    """Writes files in order, and the folders they stand in, so that no path ever holds half of one.
    What is not finished stands in a folder below `where`, which a build clears: a guide's, say."""
    try:
        where.mkdir(parents=True, exist_ok=True)
        with temporary_folder(where) as folder:
            parts = {folder / str(number): path for number, path in enumerate(texts)}
            for part, path in parts.items():
                part.write_bytes(texts[path])
                _settle(part)
            for part, path in parts.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                part.replace(path)
    except OSError as error:
        error.filename = error.filename or where.as_posix()
        raise


class Written(NamedTuple):
    """A file's text with plain line ends, and how it is written: byte order mark and line ends."""

    text: str
    bom: str = ""
    newline: str = "\n"

    @classmethod
    def of(cls, data: bytes) -> Written:
        """How a file with these bytes is written. Raises UnicodeDecodeError where it is no
        UTF-8."""
        whole = data.decode("utf-8")
        text = whole.removeprefix("\ufeff")
        newline = "\r\n" if "\r\n" in text else "\n"
        return cls(text.replace("\r\n", "\n"), whole[: len(whole) - len(text)], newline)

    def with_text(self, text: str) -> bytes:
        """Another text, written alike."""
        return (self.bom + text.replace("\n", self.newline)).encode("utf-8")
