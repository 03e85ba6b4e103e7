"""The keys of mistakes, and what a learner reads about each."""

import re
from dataclasses import dataclass

from course_utils.diagnosis.catalogue import ENTRIES, GROUPS

# The families of `families` under the keys that they share with the slips in expressions.
FAMILY_KEYS = {
    "wrong sign": "wrong-sign",
    "factor 2 too many": "factor-two-too-many",
    "factor 2 missing": "factor-two-missing",
    "factor 2 at a link": "factor-two-at-a-step",
    "factor 1/2 at a link": "factor-half-at-a-step",
    "1/m missing": "mean-missing",
    "1/m twice": "mean-twice",
    "1/m of the loss missing": "mean-missing",
    "1/m of the loss twice": "mean-twice",
    "mean of the loss over all entries": "mean-over-all-entries",
    "factor 2 too many in the loss": "factor-two-too-many",
    "factor 2 missing in the loss": "factor-two-missing",
    "dW: outer product of means, times m": "weights-outer-of-means",
    "1/m missing in the biases": "mean-missing",
    "mean by the width": "mean-by-width-inside",
    "1/m of a mean missing": "mean-missing-inside",
    "1/m of a mean twice": "mean-twice-inside",
    "mean over all entries": "mean-over-all-entries",
    "upstream ignored": "upstream-ignored",
    "clipping left on": "clipping-left-on",
    "not reset: second call": "gradients-not-reset",
    "not reset: third call": "gradients-not-reset",
    "left at 0": "left-zero",
    "result: left at 0": "left-zero",
    "sum in place of product": "sum-for-product",
    "derivative squared": "derivative-squared",
    "value in place of derivative": "value-for-derivative",
    "quotient in place of product": "quotient-for-product",
    "activation: formula in a fed with z": "activation-formula-fed-with-z",
    "activation: of another activation": "activation-of-another-kind",
    "activation: 1 - a only": "activation-factor-missing",
    "activation: a only": "activation-factor-missing",
    "activation: square of the input": "activation-formula-fed-with-z",
    "activation: leaky slope 0.1": "activation-leaky-slope",
    "activation: leaky slope 0.2": "activation-leaky-slope",
    "softmax: plain average": "softmax-plain-average",
    "softmax: p spread over columns": "softmax-p-spread-over-the-table",
    "shifted softmax not normalised": "softmax-not-normalised",
    "softmax: sum not squared": "quotient-denominator-not-squared",
    "softmax: shifted sum not squared": "quotient-denominator-not-squared",
    "activation: plus for minus": "activation-plus-for-minus",
    "activation: square forgotten": "activation-square-forgotten",
    "activation: >= on the output": "activation-mask-always-true",
    "activation: value in place of mask": "value-for-derivative",
    "activation: leaky slope": "activation-leaky-slope",
    "activation: mask the wrong way round": "activation-mask-reversed",
    "activation: mask of the gradient": "activation-mask-of-gradient",
    "activation: derivative averaged": "activation-derivative-averaged",
    "activation: 0.01 where off": "activation-constant-where-off",
    "activation: 0.1 where off": "activation-constant-where-off",
    "activation: 1.0 where off": "activation-constant-where-off",
    "bias: not summed over the batch": "bias-not-summed",
    "bias: summed over the wrong axis": "bias-wrong-axis",
    "bias: summed over everything": "bias-summed-over-everything",
    "bias: averaged over the batch": "bias-averaged",
    "bias: largest in place of sum": "bias-largest",
    "bias: first sample only": "bias-one-sample",
    "bias: last sample only": "bias-one-sample",
    "bias: forgotten": "left-zero",
    "bias: before the activation": "before-the-activation",
    "before the activation": "before-the-activation",
    "activation both ways": "activation-both-ways",
    "bias: of another layer": "bias-of-another-layer",
    "copies: not summed over the batch": "copies-not-summed",
    "copies: summed over the wrong axis": "copies-wrong-axis",
    "copies: summed over everything": "copies-summed-over-everything",
    "copies: averaged over the batch": "copies-averaged",
    "copies: largest in place of sum": "copies-largest",
    "copies: first sample only": "copies-one-only",
    "copies: last sample only": "copies-one-only",
    "copies: first one repeated": "copies-one-repeated",
    "dW transposed": "weights-transposed",
    "result: gradient transposed": "result-transposed",
    "dW transposed by a reshape": "reshape-for-transpose",
    "W not transposed on the way back": "way-back-not-transposed",
    "W transposed by a reshape": "reshape-for-transpose",
    "W skipped on the way back": "way-back-without-weights",
    "W averaged on the way back": "way-back-without-weights",
    "W inverted on the way back": "way-back-inverse",
    "outputs averaged on the way back": "way-back-averaged",
    "another W on the way back": "way-back-other-weights",
    "dW for W on the way back": "way-back-gradient-for-weights",
    "dW with another input": "weights-with-another-input",
    "dW: first sample only": "weights-one-sample",
    "dW: last sample only": "weights-one-sample",
    "dW: a sample dropped": "weights-sample-dropped",
    "dW: the last sample dropped": "weights-sample-dropped",
    "dW: rows permuted": "weights-rows-permuted",
    "dW: rows shifted": "weights-rows-permuted",
    "dW: rows in reverse order": "weights-rows-permuted",
    "dW: outer product of means": "weights-outer-of-means",
    "dW: outer product of sums": "weights-outer-of-means",
    "dW: mean over the batch": "weights-averaged",
    "W updated before the backward pass": "weights-updated-too-early",
    "loss: extra derivative of the squashing": "loss-extra-derivative",
    "loss: targets forgotten": "loss-targets-forgotten",
    "loss: slope with respect to the probability": "loss-slope-toward-probability",
    "loss: slope toward the probability": "loss-slope-toward-probability",
    "loss: correct class only": "loss-correct-class-only",
    "loss: wrong classes only": "loss-wrong-classes-only",
    "loss: targets alone divided": "loss-one-term-divided",
    "loss: probabilities alone divided": "loss-one-term-divided",
    "loss: softmax over the wrong axis": "softmax-over-the-wrong-axis",
    "loss: softmax over the whole batch": "softmax-over-the-whole-batch",
    "loss: softmax not normalised": "softmax-not-normalised",
    "penalty omitted": "penalty-omitted",
    "penalty doubled": "penalty-doubled",
    "penalty halved": "penalty-halved",
    "penalty on a bias": "penalty-on-bias",
    "penalty divided by the batch": "penalty-divided-by-batch",
    "penalty times the batch": "penalty-times-batch",
    "penalty with the wrong sign": "penalty-sign",
    "penalty without lam": "penalty-without-lam",
    "fork: overwritten": "path-missing",
    "fork: first path only": "path-missing",
    "fork: product in place of sum": "paths-multiplied",
    "fork: difference in place of sum": "difference-of-paths",
    "fork: a path twice": "path-twice",
    "fork: mean in place of sum": "paths-averaged",
    "depth first": "depth-first",
    "skip through the activation": "skip-through-activation",
    "merge: upstream passed on unchanged": "factor-missing",
    "factor missing": "factor-missing",
    "constant factor lost": "constant-factor-lost",
    "factor inverted": "constant-factor-inverted",
    "dropout: scale missing": "dropout-scale-missing",
    "dropout: mask missing": "dropout-mask-missing",
    "path missing": "path-missing",
    "sign of a link": "sign-of-link",
    "statistics as constants": "statistics-as-constants",
    "statistic as constant": "statistic-as-constant",
    "another factor": "another-factor",
    "square of the divisor missing": "divisor-not-squared",
    "exponent kept": "exponent-kept",
    "power rule on exp": "power-rule-on-exp",
    "log: not inverted": "derivative-written-wrongly",
    "log: squared": "derivative-written-wrongly",
    "exponent not multiplied": "exponent-not-multiplied",
    "result: entries shifted back": "result-entries-shifted",
    "inner derivative only": "value-lost-in-power-rule",
    "variance divided by m - 1": "variance-by-m-minus-1",
    "statistics of the rows": "statistics-of-rows",
    "results exchanged": "results-exchanged",
    "factor lost everywhere": "factor-missing",
    "bias left out": "forward-bias-left-out",
    "another activation": "forward-another-activation",
    "constant lost": "forward-constant-lost",
    "constant outside": "forward-constant-outside",
    "another constant": "constant-factor",
    "another penalty on the biases": "penalty-on-bias",
    "term lost in the forward pass": "forward-term-lost",
    "sign of a term in the forward pass": "forward-sign-of-term",
    "W in absolute size": "way-back-absolute-weights",
    "dW: absolute input": "weights-absolute-input",
}


def key_of(edit, trace):
    """Return the key of the misconception behind an edit of a trace."""
    family = edit.family
    place = edit.words.get("first", edit.place)
    node = trace.nodes.get(place.partition(", ")[0].partition(" toward ")[0])
    act = node.about.get("act") if node is not None else None
    if act == "relu" and family in ("derivative missing", "activation: >= on the output"):
        return "activation-mask-always-true"
    if family == "result: gradient transposed" and any(
        n.kind in ("affine", "merge") and place in n.parents[1:2] for n in trace.nodes.values()
    ):
        return "weights-transposed"
    if family == "sign of a link" and node.kind == "loss":
        return "wrong-sign"
    if family == "skip through the activation" and node.about.get("op", "add") != "add":
        return "slope-of-another-way"
    if family == "factor 2 at a link":
        used = trace.consumers(place.partition(" toward ")[2])
        if sum(consumer.kind != "penalty" for consumer, _ in used) > 1:
            return "path-twice"
    if family == "derivative missing":
        return "activation-derivative-missing" if act else "outer-derivative-missing"
    if family == "derivative at another value":
        of, _, other = place.partition(", at ")
        if of == other:
            return "activation-derivative-at-output" if act else "outer-at-output"
        return "outer-at-other"
    if family in FAMILY_KEYS:
        return FAMILY_KEYS[family]
    return family.replace(": ", "-").replace(" ", "-")


@dataclass(frozen=True)
class Explanation:
    """A mistake that was named: its key and place, and what is read about it.

    steps: what names the link, refutes the misconception and says where to look; then the rule;
    then the shape of the line. The later ones are for those who ask again.
    """

    key: str
    place: str
    steps: tuple
    hint: str = ""

    @property
    def mistake(self):
        return f"{self.key}@{self.place}" if self.place else self.key


_LETTERS = {"x", "y", "z", "f", "u", "v", "h", "eps", "lam"}  # names in the texts that stay small


def tell(found):
    """Return the Explanation of what a search has Found, or None for None."""
    if found is None or found.key not in ENTRIES:
        return None
    group, link, refutation, look = ENTRIES[found.key]
    fields = _Fields(found)
    names = {*found.words.get("fine", ()), *found.words.get("outputs", ()), *_LETTERS}
    nodes = found.words["trace"].nodes.values() if found.words.get("trace") else ()
    names |= {n.name for n in nodes if n.about.get("text", n.name) == n.name} - {"a"}
    sentences = [link.format_map(fields)]
    if "form" in found.words:  # another way to write the function
        sentences[:0] = [f"take the function as {found.words['form']}."]
    if found.words.get("alone") and not sentences[0].startswith("on the way"):
        sentences = [f"on the way to {_join(found.words['outputs'])}, {sentences[0]}"]
    if found.also is not None and found.also.key in ENTRIES:
        found.also.words.setdefault("trace", found.words.get("trace"))
        second = ENTRIES[found.also.key][1].format_map(_Fields(found.also))
        one, two = (_as_sentence(s, names) for s in (sentences[0], second))
        start = "Two mistakes together, each told as if the other were not there."
        sentences = [f"{start} One: {one} Two: {two}"]
    if found.words.get("fine") and "first" in look and group == "constant":
        # The first line of a backward pass serves those as well that are right.
        refutation = "The constants of a loss belong to all gradients, and the others have them."
        look = "Look at the lines that give {all_or_outputs}."
    others = _of_the_others(found, of_a_constant=group == "constant")
    sentences += [others, refutation.format_map(fields), look.format_map(fields)]
    first = " ".join(filter(None, (_as_sentence(s, names) for s in sentences)))
    place = found.place
    key = found.key
    if found.also is not None:
        key, place = f"{key}+{found.also.key}", f"{place}+{found.also.place}"
    return Explanation(key, place, (first, *GROUPS[group]))


def _as_sentence(sentence, names):
    """Begin with a capital, unless it begins with a name of the code; and let verbs agree."""
    first = re.match(r"\w*", sentence).group()
    if sentence.startswith("Two mistakes"):
        return sentence
    code = re.match(r"\w+\(", sentence)
    if first not in names and not code:
        return sentence[:1].upper() + sentence[1:]
    many = re.match(r"(\w+(?:, \w+)* and \w+)( still)? (is|has|holds|gets)\b(.*)", sentence, re.S)
    if not many:
        return sentence
    who, still, verb, rest = many.groups()
    verb = {"is": "are", "has": "have", "holds": "hold", "gets": "get"}[verb]
    return f"{who}{still or ''} {verb}{rest}".replace("what it should be", "what they should be")


def _join(names):
    names = list(names)
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _of_the_others(found, of_a_constant):
    """Say what is right, and where that puts the mistake.

    of_a_constant: which a later line may have taken back, so that the place is not known.
    """
    fine, wrong, trace = (found.words.get(k) for k in ("fine", "outputs", "trace"))
    if not fine or not wrong or trace is None:
        return ""
    order = {name: i for i, name in enumerate(trace.nodes)}
    uses = lambda names: [
        order[n.name] for d in names for n, _ in trace.consumers(d[1:]) if n.kind != "penalty"
    ]
    be = "is" if len(fine) == 1 else "are"
    layers = any(node.value.ndim for node in trace.nodes.values())
    known = layers and not of_a_constant and uses(fine) and uses(wrong)
    if known and min(uses(fine)) > max(uses(wrong)):
        return f"{_join(fine)} {be} right, so the way back is right as far as there."
    return f"{_join(fine)} {be} right."


class _Fields(dict):
    """The fields of a text, made from the words of what was found when they are asked for."""

    def __init__(self, found):
        super().__init__(found.words)
        self.found, self.trace = found, found.words.get("trace")
        maker = {name[1:]: getattr(self, name) for name in dir(self) if name in _MADE}
        self.makers = maker

    def __missing__(self, key):
        maker = self.makers.get(key)
        return maker() if maker else "this step"

    def __getitem__(self, key):
        if key == "node":
            return self._node()
        if key in ("wrong", "at") and self.trace is not None:
            return self._wrong() if key == "wrong" else self._at()
        if key in ("other", "parent") and self.trace is not None:
            return self._text(self.get(key, "")) or "it"
        return super().__getitem__(key)

    def _text(self, name):
        node = self.trace.nodes.get(name) if self.trace is not None else None
        return node.about.get("text", name) if node is not None else str(name)

    def _place(self):
        place = self.get("first", self.found.place)
        for cut in (", ", " toward ", " without "):
            place = place.partition(cut)[0]
        return place

    def _node(self):
        if self.get("several"):
            return "every such place"
        if self.trace is None:
            return str(self.get("part", "this step"))
        name = self.get("node")
        return self._text(name if name in self.trace.nodes else self._place())

    def _part_or_node(self):
        if self.trace is None:
            return str(self.get("part", "the function"))
        if self.get("several"):
            act = self.found.key.startswith("activation")
            return "every activation" if act else "every such place"
        return self._text(self._place())

    def _outputs(self):
        names = self.get("own") or self.get("outputs", [])
        if self._is_the_only(names):
            return "the gradient"
        return _join(names) or "the derivative"

    def _is_the_only(self, names):
        """Whether it is the gradient of a function of one variable, whose name the check made."""
        return names in (["dx"], ["dp"], ["da"]) and len(self.trace.params) == 1

    def _all_or_outputs(self):
        return self._outputs() if self.trace is not None else "the derivative"

    def _missing_path(self):
        if self.trace is None:
            return f"the contribution through {self.get('through')} is missing."
        parent = self.get("parent") if self.get("node") else self._place()
        node = self._text(self._place())
        if " toward " not in self.found.place:
            return f"one of the contributions to d{self._place()} is missing."
        return (
            f"the contribution to d{self._text(parent)} that comes back through {node} is missing."
        )

    def _at_node(self):
        return f"to d{self._place()} " if self.trace is not None else ""

    def _through_or_node(self):
        node, _, parent = self.found.place.partition(" toward ")
        if parent:
            return f"to d{self._text(parent)} that comes back through {self._text(node)}"
        return f"through {self.get('through')}" if self.get("through") else f"to d{self._place()}"

    def _reduced(self):
        if self.get("several"):
            return self._outputs()
        parent = self.found.place.partition(" toward ")[2] or self._place()
        parent = parent.partition(", ")[0]
        node = self.trace.nodes.get(parent)
        if node is not None and node.kind != "param" and node.about.get("text") != parent:
            return f"the gradient of {self._text(parent)}"
        return "the gradient" if self._is_the_only([f"d{parent}"]) else f"d{parent}"

    def _weights(self):
        if self.get("several"):
            return self._outputs()
        parent = self.found.place.partition(" toward ")[2] or self._place()
        return f"d{parent.partition(', ')[0]}"

    def _enters(self):
        parent = self.found.place.partition(" toward ")[2].partition(",")[0]
        if parent:
            return self._text(parent)
        node = self.trace.nodes.get(self._place()) if self.trace is not None else None
        return self._text(node.parents[0]) if node is not None and node.parents else "its input"

    def _other_lost(self):
        return f"{self._text(self.get('other'))}" if self.get("other") else "the other operand"

    def _upstream_place(self):
        if self.get("several") or self._place().startswith("everywhere"):
            return "everywhere"
        return f"in the step back through {self._text(self._place())}{self._toward()}"

    def _toward(self):
        toward = self.found.place.partition(" toward ")[2]
        return f" toward {self._text(toward)}" if toward and not self.get("several") else ""

    def _around(self):
        return self._text(self.found.place.partition(", around ")[2])

    def _penalty_place(self):
        node = self.trace.nodes.get(self.found.place) if self.trace is not None else None
        return f" in d{self.found.place}" if node is not None and node.kind == "param" else ""

    def _wrong_act(self):
        return f", {self.get('wrong')}" if self.get("wrong") else ""

    def _at(self):
        other = self.found.place.partition(", at ")[2]
        return self._text(other) if other else str(self.get("at", "another value"))

    def _wrong(self):
        other = self.found.place.partition(", with ")[2] or self.get("wrong")
        return self._text(other) if other else "another value"


_MADE = {
    *("_part_or_node", "_all_or_outputs", "_outputs", "_missing_path", "_at_node", "_reduced"),
    *("_through_or_node", "_weights", "_enters", "_other_lost", "_upstream_place", "_wrong_act"),
    *("_penalty_place", "_at", "_wrong", "_toward", "_around"),
}
