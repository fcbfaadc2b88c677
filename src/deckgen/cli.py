"""The command line: arguments in, one call, lines out.

Everything else is imported where it is used: `--help` costs the interpreter and click, no more.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from .printing import (
    ProgressBar,
    annotation,
    print_json,
    print_problems,
    print_report,
    problem_data,
    say,
    steady_streams,
    terminal_width,
)

if TYPE_CHECKING:
    from .builder import Report

F = TypeVar("F", bound=Callable[..., Any])

ERRORS, USAGE, INTERRUPTED = 1, 2, 130


def main() -> int:
    """Run the command line: 0 done, 1 errors, 2 wrong usage, 130 interrupted."""
    try:
        status = _status()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done: nothing is left to interrupt
    except KeyboardInterrupt:  # while modules were being loaded; click sees to the rest
        say("interrupted")
        status = INTERRUPTED
    return status


def _status() -> int:
    from .problems import BankError

    try:
        steady_streams()
        result = cli.main(prog_name="deckgen", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return error.exit_code
    except click.Abort:
        say("interrupted")
        return INTERRUPTED
    except BankError as error:
        from .builder import WrongUsage

        with suppress(OSError):
            print_problems(error.problems)
        return USAGE if isinstance(error, WrongUsage) else ERRORS
    except MemoryError as error:
        # Lets go of what there is no memory for: to say it takes some.
        error.__traceback__ = error.__context__ = None
        say("error: there is not enough memory for this")
        return ERRORS
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERRORS
    except OSError as error:
        what = "can't write the result" if error.filename is None else str(error.filename)
        say(f"error: {what}: {error.strerror or error}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERRORS


# ------------------------------------------------------------------------------- shared arguments

bank_argument = click.argument(
    "bank", default="content", type=click.Path(path_type=Path, readable=False), metavar="[BANK]"
)

_FILTERS = {
    "guide": "id or title",
    "round": "id or title",
    "category": "name",
    "difficulty": "easy, medium or hard",
    "type": "technical, coding, ...",
    "tag": "of the question",
}


def _completing(function: str, *arguments: str) -> Callable[..., Any]:
    """A function of `completion.py`, which is imported only when a shell asks."""

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> Any:
        from . import completion

        return getattr(completion, function)(context, begun, *arguments)

    return complete


def filters(command: F) -> F:
    """The options that choose questions."""
    for name, help in reversed(_FILTERS.items()):
        option = click.option(
            f"--{name}",
            multiple=True,
            metavar="NAME",
            help=f"Only this {name} ({help}); repeatable.",
            shell_complete=_completing("filter_values", name),
        )
        command = option(command)
    return command


def _print_version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from . import __version__

        click.echo(f"deckgen {__version__}")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Turn a bank of interview questions, kept as YAML, into an Anki deck and a printed guide.

    A bank is a folder; each sub-folder with a guide.yaml is one guide. Commands read content/
    unless another bank is named. Results go to standard output, everything else to standard error.
    Exit status: 0 done, 1 the bank or what was asked has errors, 2 wrong usage, 130 interrupted.

    \b
    Start here:
      deckgen check            is everything in the bank right?
      deckgen build            write output/<guide>.apkg and output/<guide>.pdf
      deckgen build --help     formats, options, filters
    """


# ------------------------------------------------------------------------------------------ build


@cli.command(short_help="Write each guide's deck, printed guide, and more.")
@bank_argument
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    shell_complete=_completing("exporters"),
    metavar="NAME",
    help="Only this exporter; repeatable. See `deckgen exporters`.",
)
@click.option(
    "-o",
    "--output",
    default="output",
    show_default=True,
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Where to write.",
)
@click.option(
    "-O",
    "options",
    multiple=True,
    metavar="NAME.OPTION=VALUE",
    help="An exporter's option, e.g. -O pdf.paper=letter; repeatable.",
)
@filters
@click.option("--drafts", is_flag=True, help="Drafts too.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    default=None,
    help="How many outputs to make at once.  [default: the number of processors]",
)
@click.option("--force", is_flag=True, help="Make every output anew, changed or not.")
@click.option("--dry-run", is_flag=True, help="Say what would be made; write nothing.")
@click.option("--locked", is_flag=True, help="Fail where the ledger would have to change.")
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; fail if an output or the ledger is missing or stale. Implies --locked.",
)
@click.option("--watch", is_flag=True, help="Build again after every edit, until Ctrl-C.")
def build(
    bank: Path,
    output: Path,
    formats: tuple[str, ...],
    options: tuple[str, ...],
    jobs: int | None,
    force: bool,
    dry_run: bool,
    locked: bool,
    drafts: bool,
    check: bool,
    watch: bool,
    **chosen: tuple[str, ...],
) -> int:
    """Write each guide's outputs: by default the deck (.apkg) and the guide (.pdf).

    What has not changed is not written again. The first build gives every question its code and
    every note its date; they are kept in the guide's ledger.yaml, which belongs in version control.
    """
    from . import files
    from .builder import build

    if check and (dry_run or force):
        raise click.UsageError("--check goes with neither --dry-run nor --force")
    if watch and (check or dry_run):
        raise click.UsageError("--watch goes with neither --check nor --dry-run")
    asked = _options(options)

    def once() -> Report:
        with ProgressBar() as progress:
            return build(
                bank,
                output,
                formats=formats,
                options=asked,
                filters=chosen,
                drafts=drafts,
                # Here, while watching: what is loaded and measured once serves every build after.
                jobs=jobs or (1 if watch else os.cpu_count() or 1),
                mode="check" if check else "dry-run" if dry_run else "build",
                force=force,
                locked=locked,
                progress=progress,
            )

    if watch:
        files.guide_folders(bank)  # an error where there is no bank to watch
        _watch(bank, once)
    report = once()
    print_report(report)
    return 0 if report.ok else ERRORS


def _watch(bank: Path, once: Callable[[], Report]) -> NoReturn:
    """Build now and after every edit, until interrupted. Errors in the bank end nothing."""
    from .builder import WrongUsage
    from .problems import BankError
    from .watch import edits

    def tolerant() -> Report | None:
        try:
            return once()
        except WrongUsage:
            raise
        except BankError as error:
            print_problems(error.problems)
            return None

    ok = False
    for number, _ in enumerate(edits(bank)):
        report = tolerant()
        # The ledger that a build wrote, say, is an edit, but no news.
        if report and not (ok and report.idle):
            print_report(report)
        ok = report is not None and report.ok
        if number == 0:
            click.echo(f"watching {bank.as_posix()}; Ctrl-C ends", err=True)
        sys.stdout.flush()
        gc.collect()  # now, while nobody waits for it
    raise KeyboardInterrupt


def _options(written: Iterable[str]) -> dict[str, dict[str, object]]:
    options: dict[str, dict[str, object]] = {}
    for text in written:
        name, equals, value = text.partition("=")
        exporter, dot, option = name.partition(".")
        if not (equals and dot and exporter and option):
            raise click.UsageError(f"-O {text}: expected NAME.OPTION=VALUE, e.g. pdf.paper=letter")
        options.setdefault(exporter, {})[option] = value
    return options


# ------------------------------------------------------------------------------------------ check


@cli.command(short_help="Report every error and warning of a bank.")
@bank_argument
@click.option("--strict", is_flag=True, help="Warnings fail, and there are more of them.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How problems are written: text on standard error, or on standard output JSON for scripts "
    "or GitHub's annotations.",
)
def check(bank: Path, strict: bool, form: str) -> int:
    """Report every error and warning of a bank; write nothing."""
    from .check import check_bank

    problems, summary = check_bank(bank, strict=strict)
    if form == "json":
        print_json([problem_data(problem) for problem in problems])
    elif form == "github":
        click.echo("".join(f"{annotation(problem)}\n" for problem in problems), nl=False)
    else:
        print_problems(problems)
    click.echo(summary, err=form != "text")
    return ERRORS if any(strict or not problem.warning for problem in problems) else 0


# --------------------------------------------------------------------------------- looking around


@cli.command("list", short_help="List questions, one a line.")
@bank_argument
@filters
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def list_questions(bank: Path, as_json: bool, **chosen: tuple[str, ...]) -> None:
    """List questions, one a line: code, difficulty, type, round, id, and the question's words."""
    from .listing import question_data, question_lines
    from .loader import load_bank
    from .selection import Selection, select

    guides = select(load_bank(bank), Selection(**chosen))
    if as_json:
        print_json(question_data(guides))
    else:
        width = terminal_width() if sys.stdout.isatty() else None
        for line in question_lines(guides):
            click.echo(line[:width])


@cli.command()
@click.argument("id", shell_complete=_completing("questions"))
@bank_argument
def show(id: str, bank: Path) -> None:
    """Show one question whole.

    ID is its id or its code, e.g. 4.07; GUIDE/ID says whose, where several guides have one.
    """
    from .listing import find_question, whole_question
    from .loader import load_bank

    guide, question = find_question(load_bank(bank), id)
    for line in whole_question(guide, question, min(terminal_width(), 100)):
        click.echo(line)


@cli.command(short_help="Count questions, and say what is missing.")
@bank_argument
@filters
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def stats(bank: Path, as_json: bool, **chosen: tuple[str, ...]) -> None:
    """Count questions by round, category and difficulty, and say what is missing."""
    from .listing import stats_data, stats_lines
    from .loader import load_bank
    from .selection import Selection, select

    guides = select(load_bank(bank), Selection(**chosen))
    if as_json:
        print_json([stats_data(guide) for guide in guides])
    else:
        click.echo("\n\n".join("\n".join(stats_lines(guide)) for guide in guides))


@cli.command(short_help="List the installed exporters and their options.")
def exporters() -> int:
    """List the installed exporters, their options, and the packages they come from."""
    from .listing import exporter_lines
    from .registry import find

    found, problems = find()
    click.echo("\n\n".join("\n".join(exporter_lines(exporter)) for exporter in found))
    print_problems(problems)
    return ERRORS if problems else 0


@cli.command(short_help="Print the JSON Schemas of the files of a bank.")
@click.argument("file", type=click.Choice(["guide", "questions"]), required=False)
def schema(file: str | None) -> None:
    """Print the JSON Schema of guide.yaml or of the question files; without FILE, both by name."""
    from .schemas import schemas

    both = schemas()
    print_json(both[file] if file else both)


# -------------------------------------------------------------------------------------------- new


@cli.group()
def new() -> None:
    """Write a commented skeleton: a guide, or a question."""


def _asked(prompt: str, value: str, default: str | None = None) -> str:
    """A value, asked for where it is missing and someone is there to ask."""
    if value:
        return value
    if sys.stdin.isatty():
        answer: str = click.prompt(prompt, default=default, show_default=bool(default), err=True)
        return answer
    if default is not None:
        return default
    flag = prompt.lower().replace(" ", "-")
    raise click.UsageError(f"--{flag} is missing, and there is no terminal to ask on")


@new.command("guide", short_help="Write the skeleton of a guide.")
@click.argument("title", metavar="NAME")
@click.option("--company", default="", help="Who is hiring.")
@click.option("--role", default="", help="For what.")
@click.option("--level", default="", help="At which level.")
@click.option("--category", default="", help="A first category of questions.  [default: General]")
@click.option(
    "--bank",
    default="content",
    show_default=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The bank to put it in.",
)
def new_guide(title: str, company: str, role: str, level: str, category: str, bank: Path) -> None:
    """Write the skeleton of a guide called NAME into a folder of its own.

    Asks on a terminal for what is missing. The result passes `deckgen check`.
    """
    from datetime import date

    from . import skeletons

    written = skeletons.new_guide(
        bank,
        title,
        company=_asked("Company", company),
        role=_asked("Role", role),
        level=_asked("Level", level, default=""),
        category=_asked("Category", category, default="General"),
        updated=date.today().isoformat(),
    )
    for path in written:
        click.echo(f"{path.as_posix()}: written")


@new.command("question", short_help="Add the skeleton of a question, as a draft.")
@bank_argument
@click.option("--guide", "name", default="", help="Which guide, by id, where there are several.")
@click.option("--id", default="", help="Its id; by default made from the question's first words.")
@click.option("--question", default="", help="What is asked.")
@click.option("--category", default="", help="One that a round of the guide lists.")
@click.option(
    "--difficulty",
    default="medium",
    type=click.Choice(["easy", "medium", "hard"]),
    help="How hard.",
)
@click.option("--type", default="technical", show_default=True, help="A slug.")
def new_question(
    bank: Path, name: str, id: str, question: str, category: str, difficulty: str, type: str
) -> None:
    """Add the skeleton of a question, as a draft, to the file that holds its category.

    Asks on a terminal for what is missing. The result passes `deckgen check`.
    """
    from . import skeletons
    from .declared import MAX_SLUG
    from .loader import load_bank
    from .selection import Selection, select
    from .words import ascii_slug

    chosen = Selection(guide=(name,) if name else ())
    guides = select(load_bank(bank), chosen)
    if len(guides) > 1:
        raise click.UsageError(f"--guide is missing: one of {', '.join(g.id for g in guides)}")
    asked = _asked("Question", question)
    words = ascii_slug("-".join(ascii_slug(asked).split("-")[:6]), MAX_SLUG)
    path = skeletons.new_question(
        bank,
        guides[0],
        id=_asked("Id", id, default=words or None),
        question=asked,
        category=_asked("Category", category),
        difficulty=difficulty,
        type=type,
    )
    click.echo(f"{path.as_posix()}: written")


# ----------------------------------------------------------------------------------------- import


@cli.command("import", short_help="Turn a page, a table or a deck of cards into a guide.")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The guide's folder.  [default: content/<slug of the title>]",
)
@click.option("--force", is_flag=True, help="Write the guide anew where one stands already.")
@click.option("--title", default="", help="What to call the guide, where FILE does not say.")
@click.option("--company", default="", help="Who is hiring, where FILE does not say.")
@click.option("--role", default="", help="For what, where FILE does not say.")
def import_file(
    file: Path, output: Path | None, force: bool, title: str, company: str, role: str
) -> None:
    """Turn FILE into a guide: a page with questions, or cards of another tool.

    FILE is the text of a page, copied from a browser or saved as HTML (an interview guide, or any
    page with questions), a CSV or TSV table of fronts, backs and tags, or an Anki deck (.apkg); -
    is standard input. A newer copy of the same page brings its guide up to date: counts change,
    what is new is added, and what you wrote stays. What could not be placed is reported with its
    line. The result passes `deckgen check`.
    """
    from .importing import Given, import_data

    result = import_data(
        _content(file),
        file.as_posix(),
        bank=Path("content"),
        output=output,
        given=Given(title, company, role),
        force=force,
    )
    print_problems(result.remarks)
    for path in result.written:
        click.echo(f"{path.as_posix()}: written")
    for path in result.removed:
        click.echo(f"{path.as_posix()}: removed")
    click.echo(result.summary)


def _content(file: Path) -> bytes:
    from .files import reason
    from .importing import begun
    from .problems import BankError, Place, Problem

    try:
        if str(file) == "-":
            return begun(sys.stdin.buffer)
        with file.open("rb") as opened:
            return begun(opened)
    except OSError as error:
        message = f"can't read this file: {reason(error)}"
        raise BankError([Problem(message, Place(file.as_posix()))]) from None
