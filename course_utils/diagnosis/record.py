"""What a forward pass does, operation by operation, with the names that its author gave the values.

An ordinary numpy function runs on the tape's Variables. Each Variable remembers its arguments; this
module reads them off, and takes the names of values from the local variables of the functions that
made them. Only functions of the course are read in this way, never a learner's.
"""

import sys
from dataclasses import dataclass

import numpy as np

from course_utils.oracles import tape, tape_rules

_BY_RULES = {id(rules): function for function, rules in tape_rules.RULES.items()}
_OURS = (tape.__file__, tape_rules.__file__)
_MANY = {"_einsum_rule": tape_rules.contract, "_piece_rule": tape_rules.joined}


class Untraceable(Exception):
    """Raised where a forward pass uses what the tape cannot record."""


@dataclass(frozen=True)
class Ref:
    """Stands for the value of an earlier step among a step's arguments."""

    index: int


@dataclass
class Step:
    """One operation: `value = function(*args)`; args are Refs and plain values. op: its name."""

    index: int
    op: str
    function: object
    args: tuple
    value: object
    rules: tuple
    name: str = ""

    @property
    def refs(self):
        return [a.index for a in self.args if type(a) is Ref]


def record(f, inputs):
    """Return `(steps, constants)` of f(*values of inputs): what leads to its result, in order.

    inputs: dict from a name to an array or number; their steps come first and have op "leaf".
    constants: dict from the id of a plain array that f saw to the name it had there.
    """
    leaves = [tape.Variable(_plain(v)) for v in inputs.values()]
    names, constants = {}, {}

    def watch(frame, event, _):
        place = frame.f_code.co_filename
        if event == "return" and place not in _OURS and "site-packages" not in place:
            for name, value in frame.f_locals.items():
                _note(name, value, names, constants)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        output = f(*leaves)
    except Exception as error:
        raise Untraceable(str(error)) from error
    finally:
        sys.setprofile(before)
    if isinstance(output, list | tuple):
        output = np.stack(output)
    if type(output) is not tape.Variable:
        raise Untraceable("the result does not depend on the inputs")
    for name, value in getattr(f, "__globals__", {}).items():
        if isinstance(value, np.ndarray) and name in f.__code__.co_names:
            constants.setdefault(id(value), name)
    for name, leaf in zip(inputs, leaves, strict=True):
        names[leaf.index] = name
    return _steps(output, leaves, names), constants


def _note(name, value, names, constants):
    if type(value) is tape.Variable:
        if name.isidentifier() and not name.startswith("_"):
            names[value.index] = name
    elif type(value) is np.ndarray:
        constants[id(value)] = name
    elif type(value) is dict:
        for key, part in list(value.items()):
            if isinstance(key, str):
                _note(key, part, names, constants)


def _plain(value):
    value = np.asarray(value, float)
    return value if value.ndim else float(value)


def _steps(output, leaves, names):
    found, todo = {}, [output]
    while todo:
        variable = todo.pop()
        if variable.index not in found:
            found[variable.index] = variable
            todo += [a for a in variable.args if type(a) is tape.Variable]
    for leaf in leaves:
        found[leaf.index] = leaf
    order = sorted(found)
    place = {index: i for i, index in enumerate(order)}
    steps = []
    for i, index in enumerate(order):
        variable = found[index]
        args = tuple(Ref(place[a.index]) if type(a) is tape.Variable else a for a in variable.args)
        function = _function_of(variable)
        op = function.__name__ if function else "leaf"
        name = names.get(index, "")
        steps.append(Step(i, op, function, args, variable.value, variable.rules, name))
    return steps


def _function_of(variable):
    if not variable.args:
        return None
    function = _BY_RULES.get(id(variable.rules))
    if function is None:
        for rule in variable.rules:
            for maker, made in _MANY.items():
                if rule is not None and rule.__qualname__.startswith(maker):
                    function = made
    if function is None:
        raise Untraceable("an operation without a name")
    return function
