"""The command `course`."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from course_utils import __version__, lab, progress
from course_utils.instructor.commands import register

app = typer.Typer(help="Gradients by Hand: from the derivative to backpropagation.")


def main():
    """Run the command; what the learner can mend is told in one line."""
    try:
        app()
    except lab.LabError as error:
        typer.secho(error, fg="red", err=True)
        sys.exit(1)


def _print_version(wanted: bool):
    if wanted:
        typer.echo(f"course {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def course(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, help="Show the version.")
    ] = False,
):
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("lab")
def open_lab(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Your working copy.", show_default="gradients-by-hand, or here if it is one"
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser window.")
    ] = True,
    port: Annotated[int | None, typer.Option(help="The port JupyterLab listens on.")] = None,
):
    """Lay out or update the notebooks and open JupyterLab. Your work is never overwritten."""
    folder = _working_copy(folder)
    changes = lab.lay_out(folder)
    typer.echo(f"{folder.resolve()}: {_summary(changes)}")
    raise typer.Exit(lab.open_lab(folder, browser=browser, port=port))


@app.command("progress")
def show_progress(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Your working copy.", show_default="gradients-by-hand, or here if it is one"
        ),
    ] = None,
):
    """Show what passes its checks so far, lesson by lesson."""
    from rich.console import Console
    from rich.table import Table

    folder = _working_copy(folder)
    rows = progress.overview(folder)
    if not rows:
        raise lab.LabError(f"{folder}: holds no lessons. {progress.FOLDER_HINT}")
    table = Table("lesson", "points", "quiz", "next")
    for row in rows:
        quiz = f"{row.answered} of {row.questions}" if row.questions else ""
        table.add_row(row.title, f"{row.points} of {row.of}", quiz, row.todo)
    Console().print(table)


def _working_copy(folder):
    """Return the folder that is meant where none was named."""
    if folder is not None:
        return folder
    return Path(".") if Path(lab.MANIFEST).is_file() else Path("gradients-by-hand")


def _summary(changes):
    counts = Counter(change.what for change in changes if change.what != "added")
    parts = [f"{n} notebook{'s' if n > 1 else ''} {what}" for what, n in counts.items()]
    parts += [f"{name} added beside your own" for what, name in changes if what == "added"]
    return ", ".join(parts) + "." if parts else "nothing new."


register(app)
