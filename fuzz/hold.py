"""What deckgen holds to, whatever the bank: everything that is said here of one case, a folder with
a bank and the outputs of an earlier build, is tried with the real commands, in this process.

A finding is a sentence. No findings: all is well.
"""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pypdfium2

from deckgen import cli
from deckgen.loader import load_bank
from deckgen.model import texts

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"HOME": "home", "TMPDIR": "tmp", "XDG_CACHE_HOME": "cache"}
WRITTEN = r"output/[^/]+|again/[^/]+|bank/[^/]+/ledger\.yaml|cache/deckgen(/[0-9a-f]{32})?"
FORMATS = ("-f", "anki", "-f", "pdf", "-f", "html", "-f", "cards")

Find = Callable[[str], None]


class Ran(NamedTuple):
    """A command, how it ended, and what it said."""

    arguments: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def name(self) -> str:
        return " ".join(self.arguments)


def hold(case: Path) -> tuple[bool, list[str]]:
    """Whether a case was built, and its findings. It takes this process over: its folder, its
    streams, and from here on an eye on every file it opens."""
    findings: list[str] = []
    find = findings.append
    os.chdir(case)
    os.environ["SOURCE_DATE_EPOCH"] = "1800000000"
    for variable, name in FOLDERS.items():
        os.environ[variable] = str(case / name)
        Path(name).mkdir(exist_ok=True)
    tempfile.tempdir = None
    _watch(case.resolve(), find)
    before = _snapshot()
    checked = _run("check", "bank")
    _well_said(checked, find)
    for command in (["list", "bank"], ["list", "--json", "bank"], ["stats", "bank"]):
        looked = _run(*command)
        _well_said(looked, find)
        if looked.code > checked.code:
            find(f"{looked.name} failed where check did not: {looked.err}")
    if _snapshot() != before:
        find("check, list or stats changed a file")
    built = _run("build", "bank", *FORMATS, "--jobs", "1")
    _well_said(built, find)
    after = _snapshot()
    if built.code == 0:
        _all_reported(find)
        _whole(find)
        _again(find)
    elif checked.code == 0:
        # The one thing that only a build can see: what an exporter published before.
        if "was published as" not in built.err:
            find(f"{built.name} failed where check did not: {built.err}")
    elif after != before:
        find(f"{built.name} failed and changed {_differences(before, after)}")
    if checked.code and not built.code and "'allow' names no warning" not in checked.err:
        find(f"check failed where {built.name} did not: {checked.err}")
    for path in _differences(before, _snapshot()):
        if not re.fullmatch(WRITTEN, path):
            find(f"{path} was left behind, or changed")
    return built.code == 0, findings


def _run(*arguments: str) -> Ran:
    """A command of deckgen, as the shell would run it."""
    streams = sys.argv, sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=how)
                for how in ("strict", "backslashreplace"))  # fmt: skip
    sys.argv, sys.stdout, sys.stderr = ["deckgen", *arguments], out, err
    try:
        code = cli.main()
    finally:
        sys.argv, sys.stdout, sys.stderr = streams
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    return Ran(arguments, code, *said)


# -------------------------------------------------------------------------------------- messages

_LINE_END = re.compile(rb"\r\n|\r|\n|\xc2\x85|\xe2\x80[\xa8\xa9]")  # as YAML counts
_PROBLEM = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+))?(?::\d+)?: (?:error|warning): .+")


def _well_said(ran: Ran, find: Find) -> None:
    """Status 0, or 1 with an error that says where."""
    errors = [line for line in ran.err.splitlines() if "error: " in line]
    if ran.code not in (0, 1):
        find(f"{ran.name} ended with {ran.code}: {ran.err}")
    elif ran.code == 1 and not errors:
        find(f"{ran.name} failed and named no error: {ran.err}")
    lines_of: dict[str, int] = {}
    for line in ran.err.splitlines():
        said = _PROBLEM.fullmatch(line)
        if not said or not said["path"].startswith(("bank", "output/")):
            find(f"{ran.name} said something without a place: {line}")
        elif "\\" not in said["path"] and said["line"]:
            path = said["path"]
            if path not in lines_of:
                lines_of[path] = len(_LINE_END.split(Path(path).read_bytes()))
            # libyaml's place for what is missing at the end is one line further.
            if int(said["line"]) > lines_of[path] + 1:
                find(f"{ran.name} named a line after the last: {line}")
        if "exporter " in line and "error: " in line:
            find(f"{ran.name}: an exporter failed: {line}")


def _all_reported(find: Find) -> None:
    """No text of a bank that loads holds an error, which would leave it blank without a word."""
    for guide in load_bank("bank").guides:
        for owner in (guide, *guide.questions):
            for text in texts(owner):
                if silent := [remark for remark in text.remarks if not remark.warning]:
                    find(f"{text.place}: {silent}")


# --------------------------------------------------------------------------------------- outputs


def _whole(find: Find) -> None:
    """Every output opens, and holds nothing that runs, plays or fetches."""
    known = json.loads(Path("output/manifest.json").read_text("utf-8"))["outputs"]
    looking = {".apkg": _deck, ".pdf": _pages, ".html": _page}
    for name in known:
        path = Path("output", name)
        looking[path.suffix](path, lambda what, name=name: find(f"{name}: {what}"))


def _again(find: Find) -> None:
    """The same bank gives the same bytes, of what was kept too, and a second build has nothing to
    do."""
    again = _run("build", "bank", *FORMATS, "--jobs", "1")
    if again.code or any(not line.endswith(": up to date") for line in again.out.splitlines()):
        find(f"a second build had something to do: {again.out}{again.err}")
    _run("build", "bank", "-o", "again", *FORMATS, "--jobs", "1")
    Path("output", "manifest.json").unlink()
    _run("build", "bank", *FORMATS, "--jobs", "1")
    for path in Path("again").iterdir():
        if (
            path.name != "manifest.json"
            and path.read_bytes() != Path("output", path.name).read_bytes()
        ):
            find(f"{path.name} has other bytes when it is built again")


def _deck(path: Path, find: Find) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        with zipfile.ZipFile(path) as archive:
            if broken := archive.testzip():
                find(f"{broken} is broken")
            database.deserialize(archive.read("collection.anki2"))
            media = json.loads(archive.read("media"))
            if set(archive.namelist()) != {"collection.anki2", "media", *media}:
                find("the archive and its list of media differ")
        _notes(database, set(media.values()), find)


def _notes(database: sqlite3.Connection, media: set[str], find: Find) -> None:
    if database.execute("pragma integrity_check").fetchall() != [("ok",)]:
        find("the database is broken")
    (models,) = database.execute("select models from col").fetchone()
    types = {int(id): model for id, model in json.loads(models).items()}
    for guid, type, tags, fields in database.execute("select guid, mid, tags, flds from notes"):
        values = fields.split("\x1f")
        if len(values) != len(types[type]["flds"]):
            find(f"note {guid} has {len(values)} fields: {values}")
        if tags != tags.strip() and tags != f" {tags.strip()} ":
            find(f"note {guid} has the tags {tags!r}")
        for value in values:
            _Field(guid, media, find).feed(value)
            plain = re.sub(r"\{\{c\d+::", "", value) if types[type]["type"] else value
            if odd := re.search(
                r"\{\{|\[(?:sound:|anki:|latex|\$|\[type:)|[\x00-\x08\x0b-\x1f]", plain
            ):
                find(f"note {guid} holds {odd.group()!r}: {value}")


_TAGS = {
    "a", "blockquote", "br", "code", "del", "details", "div", "em", "h3", "h4", "h5", "h6", "hr",
    "img", "input", "kbd", "li", "ol", "p", "pre", "section", "span", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "alt", "checked", "class", "disabled", "height", "href", "lang", "open", "src", "start",
    "title", "type", "width",
}  # fmt: skip


class _Field(HTMLParser):
    """Sees whether a field holds only what deckgen itself writes."""

    def __init__(self, guid: str, media: set[str], find: Find) -> None:
        super().__init__()
        self.guid, self.media, self.find = guid, media, find

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in _TAGS or not set(values) <= _ATTRIBUTES:
            self.find(f"note {self.guid} holds <{tag}> with {values}")
        if "href" in values and not _is_link(values["href"] or ""):
            self.find(f"note {self.guid} links to {values['href']}")
        if "src" in values and values["src"] not in self.media:
            self.find(f"note {self.guid} shows {values['src']}")

    def handle_comment(self, data: str) -> None:
        self.find(f"note {self.guid} holds a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def _is_link(address: str) -> bool:
    return address.lower().startswith(("http://", "https://", "mailto:"))


def _pages(path: Path, find: Find) -> None:
    document = pypdfium2.PdfDocument(path)
    if not len(document):
        find("it has no page")
    for page in document:
        page.get_textpage().get_text_bounded()
    document.close()
    with pikepdf.open(path) as pdf:
        if "/OpenAction" in pdf.Root or "/JavaScript" in pdf.Root.get("/Names", {}):
            find("it does something when it is opened")
        for page in pdf.pages:
            for note in page.get("/Annots", []):
                action = note.get("/A", {})
                if action and action.S not in ("/URI", "/GoTo"):
                    find(f"it has an action: {action.S}")
                if "/URI" in action and not _is_link(str(action.URI)):
                    find(f"it links to {action.URI}")


class _Page(HTMLParser):
    """Sees whether a page of one file runs its own script only, and fetches nothing."""

    def __init__(self, find: Find) -> None:
        super().__init__()
        self.find = find
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.scripts += tag == "script"
        if tag in ("iframe", "object", "embed", "base", "foreignobject"):
            self.find(f"it holds <{tag}>")
        if any(name.startswith("on") for name in values):
            self.find(f"it holds <{tag}> with {values}")
        if tag == "img" and not (values.get("src") or "").startswith("data:image/"):
            self.find(f"it shows {values.get('src')}")
        if tag == "a" and not (
            (href := values.get("href") or "#").startswith("#") or _is_link(href)
        ):
            self.find(f"it links to {href}")


def _page(path: Path, find: Find) -> None:
    page = _Page(find)
    page.feed(path.read_text("utf-8"))
    if page.scripts != 2:  # its own, and the data for it
        find(f"it holds {page.scripts} scripts")


# ----------------------------------------------------------------------------------------- files


def _snapshot() -> dict[str, bytes | str]:
    """All files of the case, folders and links too."""
    found: dict[str, bytes | str] = {}
    for base, folders, names in os.walk("."):
        for name in (*folders, *names):
            path = Path(base, name)
            key = path.as_posix()
            if path.is_symlink():
                found[key] = os.readlink(path)
            elif path.is_file():
                found[key] = path.read_bytes()
            elif key not in ("again", "output"):
                found[key] = "a folder"
    return found


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    both = sorted(before.keys() | after.keys())
    return [path for path in both if before.get(path) != after.get(path)]


_NEVER = (
    "socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system",
    "os.exec", "os.posix_spawn", "os.fork", "os.chmod", "os.chown", "os.link", "os.symlink",
)  # fmt: skip
_WRITES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.utime")
_LISTS = ("os.listdir", "os.scandir")


def _watch(case: Path, find: Find) -> None:
    """An eye on what Python opens, from now until this process ends."""
    outputs = [case / name for name in ("output", "again", "tmp", "cache")]
    readable = [case, ROOT, *map(Path, {sys.prefix, sys.base_prefix}), *_system()]

    def writable(path: Path) -> bool:
        inside = path.relative_to(case).parts if path.is_relative_to(case) else ()
        in_guide = inside[2] if len(inside) >= 3 and inside[0] == "bank" else ""
        ledger = in_guide == "ledger.yaml" or in_guide.startswith(".deckgen-")  # before it is whole
        return ledger or str(path) == os.devnull or any(map(path.is_relative_to, outputs))

    def seen(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _NEVER:
            find(f"{event} was called with {arguments}")
        elif event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            name, _, flags = arguments
            path = Path(os.path.realpath(os.fsdecode(name)))
            writing = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            if writing and not writable(path):
                find(f"{path} was opened for writing")
            if not writing and not any(map(path.is_relative_to, readable)):
                find(f"{path} was opened")
        elif event in _LISTS and isinstance(arguments[0], str | bytes | os.PathLike):
            path = Path(os.path.realpath(os.fsdecode(arguments[0])))
            if not any(map(path.is_relative_to, readable)):
                find(f"{path} was listed")
        elif event in _WRITES and arguments[-1] == -1:
            path = Path(os.path.abspath(os.fsdecode(arguments[0])))
            is_there = event == "os.mkdir" and path.is_dir()
            if not (is_there or writable(path)):
                find(f"{event} was called with {path}")

    sys.addaudithook(seen)


def _system() -> Iterator[Path]:
    """What Python and its libraries read for themselves."""
    yield from map(
        Path, ("/dev/null", "/dev/urandom", "/usr/share/zoneinfo", "/etc/localtime", "/proc/self")
    )
