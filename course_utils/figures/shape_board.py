"""A board on which factors are put into the order and transposition that fit a gradient's shape."""

from itertools import pairwise

import traitlets

from course_utils.figures.base import MovingFigure
from course_utils.figures.static import BLUE, GREEN, GREY, RED, new_figure

# What a task says: what is wanted, its shape, and the factors that lie ready, with their shapes.
# None says which product is right.
TASKS = (
    {
        "name": "input of a linear layer",
        "given": "Y = X @ W + b, and dY has come back to Y.",
        "wanted": "dX",
        "shape": ("m", "D"),
        "factors": {"W": ("D", "K"), "dY": ("m", "K")},
    },
    {
        "name": "weights of a linear layer",
        "given": "Y = X @ W + b, and dY has come back to Y.",
        "wanted": "dW",
        "shape": ("D", "K"),
        "factors": {"dY": ("m", "K"), "X": ("m", "D")},
    },
    {
        "name": "chain of three Jacobians",
        "given": "y = f(g(h(x))): x has n entries, h gives p, g gives q, f gives r.",
        "wanted": "J",
        "shape": ("r", "n"),
        "factors": {"Jh": ("p", "n"), "Jf": ("r", "q"), "Jg": ("q", "p")},
    },
    {
        "name": "first weights of two linear layers",
        "given": "A = X @ V, Y = A @ W, and dY has come back to Y.",
        "wanted": "dV",
        "shape": ("D", "H"),
        "factors": {"W": ("H", "K"), "dY": ("m", "K"), "V": ("D", "H"), "X": ("m", "D")},
    },
    {
        "name": "two square Jacobians",
        "given": "y = f(g(x)): x, g and y have n entries each.",
        "wanted": "J",
        "shape": ("n", "n"),
        "factors": {"Jf": ("n", "n"), "Jg": ("n", "n")},
    },
)


class ShapeBoard(MovingFigure):
    """See `shape_board`. Moved by the learner: the task, and what is placed, from the left."""

    task = traitlets.Unicode().tag(sync=True)
    placed = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def _task(self):
        return next(task for task in self.data["tasks"] if task["name"] == self.task)

    def _placed(self):
        """Return what is placed, without factors of another task."""
        factors = self._task()["factors"]
        return [name for name in self.placed if name.removesuffix(".T") in factors]

    def _shapes(self):
        """Return the shapes of the placed factors, transposed where they are."""
        factors = self._task()["factors"]
        return [
            tuple(factors[name.removesuffix(".T")][:: -1 if name.endswith(".T") else 1])
            for name in self._placed()
        ]

    def fits(self):
        """Return whether the inner dimensions meet and the product has the wanted shape.

        That is not yet proof of the right product: shapes may allow several.
        """
        shapes = self._shapes()
        meet = all(a[1] == b[0] for a, b in pairwise(shapes))
        return bool(shapes) and meet and [shapes[0][0], shapes[-1][1]] == self._task()["shape"]

    def still(self):
        figure, axis = new_figure(height=2.2)
        axis.axis("off")
        task, shapes = self._task(), self._shapes()
        axis.set(xlim=(0, 1), ylim=(0, 1))
        shelf = ", ".join(f"{name} {_written(shape)}" for name, shape in task["factors"].items())
        axis.text(0, 0.95, f"{task['given']} Wanted: {task['wanted']} {_written(task['shape'])}.")
        axis.text(0, 0.78, f"Factors: {shelf}", color=GREY)
        width = 1 / max(4, len(shapes))
        for n, (name, shape) in enumerate(zip(self._placed(), shapes, strict=True)):
            box = {"fc": "none", "ec": BLUE, "boxstyle": "round,pad=0.5"}
            words = f"{_shown(name)}\n{_written(shape)}"
            middle = (n + 0.5) * width
            axis.text(middle, 0.42, words, ha="center", va="center", bbox=box)
            if n:
                before = shapes[n - 1][1]
                same = before == shape[0]
                sign = f"{before} = {shape[0]}" if same else f"{before} ≠ {shape[0]}"
                color = GREEN if same else RED
                axis.text(n * width, 0.06, sign, ha="center", color=color)
        if not shapes:
            axis.text(0, 0.42, "Nothing is placed yet.")
        return figure

    def alt(self):
        task = self._task()
        text = f"A board for {task['wanted']}, of shape {_written(task['shape'])}: {task['given']} "
        if not self._placed():
            return text + "No factor is placed yet."
        product = " @ ".join(self._placed())
        shapes = " times ".join(map(_written, self._shapes()))
        return f"{text}Placed is {product}, {shapes}: the shapes {_fit(self.fits())}."


def shape_board(tasks=TASKS, *, task=None, placed=()):
    """Return a board on which factors are put in order and transposed until the shapes fit.

    tasks: dicts with a name, what is given (a sentence), what is wanted, its shape, and the factors
    `{name: shape}`; each shape is a pair of letters. task: the name of the one that is shown first.
    placed: the factors on the board, from the left, such as ["dY", "W.T"]; the trait of this name
    follows the learner. Raises ValueError where a task is incomplete or a factor unknown.

    >>> board = shape_board(placed=["dY", "W"])
    >>> board.fits(), board.alt()[-25:]
    (False, 'the shapes do not fit it.')
    """
    tasks = [_checked(its) for its in tasks]
    names = [its["name"] for its in tasks]
    if not names or len(set(names)) < len(names):
        raise ValueError("tasks: needs at least one task, and a name of its own for each")
    task = names[0] if task is None else task
    if task not in names:
        raise ValueError(f"task is {task!r}: choose one of {', '.join(names)}")
    known = tasks[names.index(task)]["factors"]
    for name in placed:
        if name.removesuffix(".T") not in known:
            raise ValueError(
                f"placed: {name!r} is no factor of this task; known: {', '.join(known)}"
            )
    title = "Which order of the factors has the shape that is wanted?"
    return ShapeBoard(title=title, data={"tasks": tasks}, task=task, placed=list(placed))


def _checked(task):
    """Return a task as plain lists, or raise ValueError."""
    missing = {"name", "given", "wanted", "shape", "factors"} - set(task)
    if missing:
        raise ValueError(f"task {task.get('name', '?')!r} has no {', '.join(sorted(missing))}")
    for name, shape in {task["wanted"]: task["shape"], **task["factors"]}.items():
        if len(shape) != 2:
            raise ValueError(f"{name} has shape {tuple(shape)}: a factor needs two dimensions")
    if not task["factors"] or len(task["factors"]) > 5:
        raise ValueError(f"task {task['name']!r} needs one to five factors")
    factors = {name: list(shape) for name, shape in task["factors"].items()}
    return {**task, "shape": list(task["shape"]), "factors": factors}


def _shown(name):
    return name.replace(".T", "ᵀ")


def _written(shape):
    return f"({', '.join(shape)})"


def _fit(fits):
    return "fit it" if fits else "do not fit it"
