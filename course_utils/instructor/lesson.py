"""One text per lesson: `solutions/NN_topic.py`, expanded into nbgrader's source notebook.

A lesson is a py:percent file. Its cells are plain Markdown and code, and these:

    # %% given="forward"                          locked: the learner needs it as it is
    # %% answer="chain_four"                      the learner's cell
    # %% check="chain_four" points=2              its test, with hidden tests in markers
    # %% check="chain_four" part="log" points=1   one more test of the same answer
    # %% quiz="q1" points=1                       an answer of one letter
    # %% [markdown] exercise="chain_four" objective=1
    # %% [markdown] hints="chain_four"            a list of three, shown folded
    # %% [markdown] recall="1"                    a question and a list "choice :: explanation",
                                                  which is shown once it is chosen
    # %% drawing="paths"                          a figure; its code is folded away
    # %% raises="Mismatch"                        a cell that shows an error, on purpose
    # %% changes="progress"                       a cell that shows something else at every run

The header's `course:` block holds the title, the minutes and the objectives.
"""

import re
from dataclasses import dataclass, field

import nbformat

from course_utils.instructor.layout import CourseError
from course_utils.instructor.markers import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
)

HINTS = ("Hint 1: where to look", "Hint 2: which rule", "Hint 3: the shape of the line")
KINDS = (
    "given",
    "answer",
    "check",
    "quiz",
    "exercise",
    "hints",
    "recall",
    "drawing",
    "raises",
    "changes",
)
UNNAMED = "unnamed"
LONG = 8  # lines of a test that are shown unfolded
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass
class Exercise:
    """One thing to answer: its name, points by test cell, objective and whether it has hints."""

    name: str
    points: dict = field(default_factory=dict)
    objective: int | None = None
    hints: bool = False
    quiz: bool = False


@dataclass
class Lesson:
    """A lesson as it stands in its text.

    name: file stem. title, minutes, objectives: from the header. notebook: nbgrader's source
    notebook. exercises: by name, in order. recalls: `{number: {letter: explanation}}`.
    """

    name: str
    title: str
    minutes: int
    objectives: list
    notebook: nbformat.NotebookNode
    exercises: dict
    recalls: dict

    @property
    def points(self):
        return sum(sum(e.points.values()) for e in self.exercises.values())


def read_lesson(path):
    """Return the Lesson written in the py:percent file `path`.

    Raises CourseError, with the file and the cell, where the text breaks the grammar.
    """
    import jupytext  # grading needs the names above alone

    raw = jupytext.read(path, fmt="py:percent")
    about = raw.metadata.get("course", {})
    missing = [key for key in ("title", "minutes", "objectives") if key not in about]
    if missing:
        raise CourseError(f"{path}: the header's course: block lacks {', '.join(missing)}.")
    exercises, recalls = {}, {}
    cells = []
    for cell in raw.cells:
        try:
            if "recall" in cell.metadata:
                cells += _recall(cell, path.stem, recalls)
            else:
                cells += _expand(cell, exercises)
        except (KeyError, ValueError) as error:
            head = cell.source.strip().splitlines()[:1]
            raise CourseError(f"{path}: in the cell that starts {head}: {error}") from error
    _insert_facts(cells, about, exercises, path)
    _name_cells(cells, path)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)
    notebook.nbformat_minor = 5
    facts = about["title"], about["minutes"], list(about["objectives"])
    return Lesson(path.stem, *facts, notebook, exercises, recalls)


def _expand(cell, exercises):
    """Return the notebook cells that one cell of the text stands for."""
    marks = {key: cell.metadata[key] for key in KINDS if key in cell.metadata}
    if len(marks) > 1:
        raise ValueError(f"a cell is one thing, not {' and '.join(marks)}")
    if not marks:
        return [_cell(cell.cell_type, cell.source)]
    ((kind, name),) = marks.items()
    source = cell.source
    if kind == "given":
        return [_graded("code", source, f"given_{name}", locked=True)]
    if kind == "drawing":
        return [_cell("code", source, f"drawing_{name}", jupyter={"source_hidden": True})]
    if kind == "raises":
        return [_cell("code", source, tags=["raises-exception"], raises=name)]
    if kind == "changes":
        return [_cell("code", source, name, tags=["nbval-ignore-output"])]
    exercise = exercises.setdefault(name, Exercise(name))
    if kind == "exercise":
        exercise.objective = cell.metadata["objective"]
        return [_cell("markdown", source, f"exercise_{name}", exercise=name)]
    if kind == "hints":
        exercise.hints = True
        return [_cell("markdown", _fold(source), f"hints_{name}")]
    if kind == "answer":
        return [_graded("code", source, name, solution=True)]
    grade_id = "_".join(filter(None, ["check", name, cell.metadata.get("part")]))
    points = cell.metadata["points"]
    exercise.points[grade_id] = points
    if kind == "check":
        test = _graded("code", source, grade_id, grade=True, locked=True, points=points)
        return [_folded_test(test, name)]
    exercise.quiz = True
    answer, test = _quiz(name, source)
    exercise.objective = cell.metadata["objective"]
    return [
        _graded("code", answer, name, solution=True),
        _graded("code", test, grade_id, grade=True, locked=True, points=points),
    ]


def _folded_test(test, name):
    """Fold a long test away, so that the learner sees the exercise and not the machinery."""
    if len(visible_source(test).splitlines()) > LONG:
        test.source = f"# Checks of {name}: run this cell; open it to read them.\n{test.source}"
        test.metadata["jupyter"] = {"source_hidden": True}
    return test


def _quiz(name, source):
    """Expand `q1 = "B"` and `explain(A="...", B="...")` into an answer cell and its test cell."""
    first, _, explanations = source.strip().partition("\n")
    match = re.fullmatch(rf'{name} = "([A-Z])"', first)
    call = re.fullmatch(r"explain\(\n(.*)\)", explanations.strip(), re.DOTALL)
    if not match or not call:
        raise ValueError(f'a quiz cell is the line {name} = "A" and a call explain(...) below it')
    choices = re.findall(r"^    ([A-Z])=", call[1], re.MULTILINE)
    if match[1] not in choices:
        raise ValueError(f"{match[1]} is the answer and has no explanation")
    listed = ", ".join(f'"{c}"' for c in choices[:-1]) + f' or "{choices[-1]}"'
    answer = f"{name} = None  # {listed}\n{BEGIN_SOLUTION}\n{first}\n{END_SOLUTION}"
    test = (
        f'check_choice("{name}", {name}, "{"".join(choices)}")\n'
        f'{BEGIN_HIDDEN}\ngrade_choice(\n    "{name}",\n    {name},\n    "{match[1]}",\n'
        f"{call[1]})\n{END_HIDDEN}"
    )
    return answer, test


def _fold(source):
    """Turn a numbered list of three into three folded hints."""
    hints = re.split(r"^\d\. ", source.strip(), flags=re.MULTILINE)[1:]
    if len(hints) != len(HINTS):
        raise ValueError(f"{len(hints)} hints; an exercise has three, numbered 1. 2. 3.")
    return "\n".join(_folded(title, hint) for title, hint in zip(HINTS, hints, strict=True))


def _recall(cell, lesson, recalls):
    """Expand a question and its choices, each with its explanation; the latter go to `recalls`."""
    number = cell.metadata["recall"]
    question, *choices = re.split(r"^- ", cell.source.strip(), flags=re.MULTILINE)
    explained, listed = recalls.setdefault(number, {}), []
    for letter, choice in zip("ABCDEF", choices, strict=False):
        text, mark, why = choice.partition(" :: ")
        if not mark:
            raise ValueError(f"choice {letter} of a recall item has no ' :: explanation'")
        explained[letter] = " ".join(why.split())
        listed.append(f"- **{letter}** {' '.join(text.split())}")
    return [
        _cell("markdown", question.strip() + "\n\n" + "\n".join(listed), f"recall_{number}"),
        _cell("code", f'self_check("{lesson}", {number})', f"recall_{number}_answer"),
    ]


def _folded(title, text):
    return f"<details>\n<summary>{title}</summary>\n\n{text.strip()}\n\n</details>"


def _insert_facts(cells, about, exercises, path):
    """Put time, points and objectives under the title, and the points under each exercise."""
    for cell in cells:
        name = cell.metadata.pop("exercise", None)
        if name:
            worth = sum(exercises[name].points.values())
            heading, _, rest = cell.source.partition("\n")
            objective = f"objective {exercises[name].objective}"
            cell.source = f"{heading}\n\n*{_points(worth)}, {objective}*\n{rest}"
    if not exercises:
        return
    total = sum(sum(e.points.values()) for e in exercises.values())
    listed = "\n".join(f"{i}. {text}" for i, text in enumerate(about["objectives"], 1))
    heading, _, rest = cells[0].source.partition("\n")
    if not heading.startswith("# "):
        raise CourseError(f"{path}: the first cell must start with the title, as '# ...'.")
    cells[0].source = (
        f"{heading}\n\n**Time:** about {about['minutes']} minutes. **Points:** {total}.\n"
        f"{rest}\n\n**After this lesson you can**\n\n{listed}"
    )


def _points(n):
    return f"{n} point" if n == 1 else f"{n} points"


def _name_cells(cells, path):
    """Give every cell an id made from its name or its heading, so that a rebuild is the same."""
    slug, count, seen = "top", 0, set()
    for cell in cells:
        if cell.cell_type == "markdown" and (m := re.match(r"#+ (.*)", cell.source)):
            slug, count = re.sub(r"[^a-z0-9]+", "-", m[1].lower()).strip("-")[:50], 0
        if cell.id == UNNAMED:
            cell.id, count = f"{slug}-{count}", count + 1
        while cell.id in seen and cell.id.startswith(slug):
            cell.id, count = f"{slug}-{count}", count + 1
        if cell.id in seen:
            raise CourseError(f"{path}: two cells are called {cell.id}; give one a part=...")
        seen.add(cell.id)


def _cell(kind, source, name="", **metadata):
    new = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
    return new(source.strip("\n"), id=name.replace("_", "-") or UNNAMED, metadata=metadata)


def _graded(kind, source, grade_id, *, grade=False, solution=False, locked=False, points=None):
    cell = _cell(kind, source, grade_id)
    cell.metadata["nbgrader"] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def hidden_lines(notebook):
    """Yield `(cell id, line)` for every line of an answer or a hidden test in a source notebook."""
    for cell in notebook.cells:
        inside = False
        for line in cell.source.splitlines():
            if line.strip() in (BEGIN_SOLUTION, BEGIN_HIDDEN):
                inside = True
            elif line.strip() in (END_SOLUTION, END_HIDDEN):
                inside = False
            elif inside and line.strip():
                yield cell.id, line.strip()


def visible_source(cell):
    """Return the text of a source cell without answers, hidden tests and their markers."""
    pattern = rf"^[ ]*({BEGIN_SOLUTION}.*?{END_SOLUTION}|{BEGIN_HIDDEN}.*?{END_HIDDEN})[ ]*\n?"
    return re.sub(pattern, "", cell.source, flags=re.DOTALL | re.MULTILINE).rstrip("\n")
