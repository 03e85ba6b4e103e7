"""Which mistake explains wrong gradients of arrays?

The exercise's forward pass is run on the tape, its backward pass with one mistake after the other,
and what comes out is compared with the learner's arrays. An explanation must fit every output of
every probe.
"""

import time
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from course_utils.diagnosis.autotrace import AutoTrace
from course_utils.diagnosis.families import FAMILIES
from course_utils.diagnosis.families.general import GENERAL
from course_utils.diagnosis.record import Untraceable
from course_utils.diagnosis.scalars import Found
from course_utils.diagnosis.trace import Edit, backward
from course_utils.diagnosis.wording import key_of

ENOUGH = 3  # so many numbers must fit, beside those that are right anyway
STOPS = (ValueError, IndexError, TypeError, ZeroDivisionError, AttributeError, KeyError)


@dataclass
class Probe:
    """One forward pass with what the learner found for it.

    f: called with the values of `wanted` and then those of `data`, both dicts from names to arrays.
    cases: list of (upstream, found): upstream None for a number; found: dict from names in `wanted`
    to the learner's gradients, without the ones that are not known.
    """

    f: object
    wanted: dict
    data: dict = field(default_factory=dict)
    cases: list = field(default_factory=list)

    def trace(self):
        return AutoTrace(self.f, self.wanted, self.data)


def explain_gradients(first, more, deadline):
    """Return the Found explanation of wrong gradients, or None.

    first: a Probe that shows the mistake. more: function of a number that gives a further Probe, on
    which the learner's function was called too, or None.
    """
    with np.errstate(all="ignore"):
        try:
            search = _Search(first, more, deadline)
            if not search.wrong and more:  # the first probe does not show the mistake
                others = {1: first, 2: more(2)}
                search = _Search(more(1), others.get, deadline)
            return search.run()
        except (Untraceable, *STOPS):
            return None


def same(y, p, rtol=None, scale=0.0):
    """Return whether two arrays are equal; a single row or column may lack its other axis.

    scale: of numbers below which a difference is rounding.
    """
    y, p = np.asarray(y), np.asarray(p, float)
    if y.dtype.kind not in "iuf":
        return False
    rtol = rtol or (1e-4 if y.dtype == np.float32 else 1e-8)
    if y.shape != p.shape:
        if y.size != p.size or np.squeeze(y).shape != np.squeeze(p).shape:
            return False
        y = y.reshape(p.shape)
    size = max(np.abs(p).max(initial=0), scale)
    return bool((np.abs(y - p) <= rtol * size + 1e-300).all())


class _Search:
    def __init__(self, first, more, deadline):
        self.first, self.more, self.deadline = first, more, deadline
        self.trace = first.trace()
        self.true = self._gradients(self.trace, first, Edit("none", ""))
        names = {n for _, found in first.cases for n in found}
        self.scale = {
            n: max(float(np.abs(true[n]).max(initial=0)) for true in self.true) for n in names
        }
        self.wrong = {
            n
            for n in names
            for (_, found), true in zip(first.cases, self.true, strict=True)
            if n in found and not same(found[n], true[n])
        }
        self.right = names - self.wrong
        upstreams = [u for u, _ in first.cases]
        self.jacobian = len(upstreams) > 1 and np.array_equal(upstreams, np.eye(len(upstreams)))
        numbers = not any(node.value.ndim for node in self.trace.nodes.values())
        self.no_loss = numbers or self.trace.value(self.trace.output).ndim > 0
        self._probes = None
        self.only = None

    def run(self):
        if not self.wrong:
            return None
        numbers = sum(np.size(found[n]) for _, found in self.first.cases for n in found
                      if n in self.wrong)  # fmt: skip
        ratio = self._ratio()
        edits = _all_edits(self.trace)
        fits, partly, alone = [], [], []
        for edit in edits:
            gradients = self._gradients(self.trace, self.first, edit)
            if gradients is None:
                continue
            hit = self._explained(self.first, gradients)
            if hit is None:
                continue
            if hit == self.wrong and self._agrees_on_right(gradients):
                fits.append(edit)
            elif (
                hit == self.wrong and len(hit) == 1 and edit.link and not edit.words.get("several")
            ):
                alone.append(edit)
            elif hit or len(self.wrong) == 1:
                partly.append((edit, hit, gradients))
        if ratio is not None:
            special = self._of_ratio(ratio)
            if special:
                no_mean = not self.trace.of_kind("loss") and special.key != "wrong-sign"
                allowed = _SPECIFIC + (_AVERAGES if self.right or no_mean else ())
                allowed += _AT_A_STEP if self.right else ()
                fits = [e for e in fits if self._key(e) in allowed]
                if special.key in _PLAIN or special.key == "averaged-for-summed":
                    fits = [e for e in fits if self._key(e) in _AVERAGES]
                if special.key == "constant-factor" and not fits:  # such as a half of what is left
                    fits = [e for e in edits if self._key(e) in _SPECIFIC]
                    graded = [(e, None, self._gradients(self.trace, self.first, e)) for e in fits]
                    return self._pair_with_factor([g for g in graded if g[2]]) or special
                return self._confirmed(fits, numbers) or special
        found = self._confirmed(fits, numbers)
        if not found and alone:
            # The mistake is on the way to one output only, which others go rightly.
            self.only = self.wrong
            found = self._confirmed(alone, numbers)
            self.only = None
            if found:
                found.words["alone"] = True
        return found or self._pairs(edits, partly, numbers)

    def _gradients(self, trace, probe, edit):
        """Return the gradients for each case of a probe, or None where an edit cannot be made."""
        out = []
        for upstream, _ in probe.cases:
            try:
                seed = 1.0 if upstream is None else upstream
                out.append(backward(trace, edit, seed=seed))
            except STOPS:
                return None
        return out

    def _explained(self, probe, gradients):
        """Return the wrong outputs that these gradients give as the learner has them."""
        hit = set()
        for n in self.wrong:
            fits = [
                same(found[n], g[n], scale=self.scale[n])
                for (_, found), g in zip(probe.cases, gradients, strict=True)
                if n in found
            ]
            if all(fits):
                hit.add(n)
        return hit

    def _agrees_on_right(self, gradients):
        return all(
            same(found[n], g[n], scale=self.scale[n])
            for (_, found), g in zip(self.first.cases, gradients, strict=True)
            for n in self.right
            if n in found
        )

    # One constant.

    def _ratio(self):
        return _ratio_of(self.first, self.true, self.wrong)

    def _of_ratio(self, ratio):
        """Name the constant: a sign, 2, or a power of the batch size that "
        "further probes confirm."""
        names = sorted(self.wrong)
        words = {"outputs": names, "all": not self.right}
        sizes = _sizes(self.trace)
        checks = []
        for probe, trace in self.probes():
            true = self._gradients(trace, probe, Edit("none", ""))
            again = _ratio_of(probe, true, self.wrong)
            if again is None:
                return None
            checks.append((again, _sizes(trace)))
        near = lambda a, b: abs(a - b) <= 1e-7 * abs(b)
        if near(ratio, -1) and all(near(r, -1) for r, _ in checks):
            return self._found("wrong-sign", "", words)
        if ratio == 0:
            return self._found("left-zero", "", words)
        count = sum(np.size(f[n]) for _, f in self.first.cases for n in f if n in self.wrong)
        if count * (1 + len(checks)) < ENOUGH:
            return None  # any one number is a constant times another
        if ratio < 0 and not near(ratio, -1):
            turned = self._of_size(-ratio, [(-r, s) for r, s in checks], sizes, words)
            if turned:
                turned.also = self._found("wrong-sign", "", words)
            return turned
        return self._of_size(ratio, checks, sizes, words)

    def _of_size(self, ratio, checks, sizes, words):
        near = lambda a, b: abs(a - b) <= 1e-7 * abs(b)
        for key, power in _MONOMIALS.items():
            at_size = [(ratio, sizes), *checks]
            if all("m" in s and s["m"] > 1 for _, s in at_size) and all(
                near(r, power(s)) for r, s in at_size
            ):
                if near(ratio, 2.0) or near(ratio, 0.5):
                    continue  # a constant, or a batch of two
                if key == "mean-twice" and self.right:
                    key = "averaged-for-summed"
                if self.no_loss and key.endswith(("entries", "all")):
                    continue  # these are told by the loss
                return self._found(key, "", {**words, "c": f"{ratio:.6g}"})
        each = [r / s.get("m", np.nan) for r, s in [(ratio, sizes), *checks]]
        n = round(1 / each[0]) if np.allclose(each, each[0], rtol=1e-7, atol=0) else 0
        if n > 1 and near(n, 1 / each[0]) and len({s["m"] for _, s in [(0, sizes), *checks]}) > 1:
            return self._found("mean-by-a-fixed-number", "", {**words, "c": f"{n}"})
        if all(near(r, ratio) for r, _ in checks):
            from fractions import Fraction

            c = Fraction(ratio).limit_denominator(64)
            if abs(float(c) - ratio) > 1e-7 * abs(ratio):
                return None
            key = {2: "factor-two-too-many", Fraction(1, 2): "factor-two-missing"}.get(
                c, "constant-factor"
            )
            return self._found(key, str(c), {**words, "c": str(c)})
        return None

    # Confirmation.

    def probes(self):
        """Return [(probe, trace)] of further probes, at most two."""
        if self._probes is None:
            self._probes = []
            for number in range(1, 3):
                if time.monotonic() > self.deadline:
                    break
                try:
                    probe = self.more(number) if self.more else None
                    if probe is not None:
                        self._probes.append((probe, probe.trace()))
                except Exception:
                    continue
        return self._probes

    def _confirmed(self, fits, numbers):
        """Return the most common explanation among those that fit every probe."""
        if not fits:
            return None
        kept = []
        further = self.probes()
        tables = [{e.name: e for e in _all_edits(trace)} for _, trace in further]
        for edit in fits:
            good = True
            for (probe, trace), table in zip(further, tables, strict=True):
                other = table.get(edit.name)
                gradients = other and self._gradients(trace, probe, other)
                if not gradients or not self._fits_all(probe, gradients):
                    good = False
                    break
            if good:
                kept.append(edit)
        numbers += sum(np.size(y) for p, _ in further for _, f in p.cases for y in f.values())
        if not kept or numbers < ENOUGH:
            return None
        best = min(kept, key=lambda e: (_cost(e), len(e.name)))
        if not further and self._ambiguous(best, kept):
            return None
        return self._found_of(best)

    def _ambiguous(self, best, kept):
        """Whether explanations with other keys that fit here differ elsewhere."""
        others = [e for e in kept if self._key(e) != self._key(best)]
        if not others:
            return False
        try:
            probe = _elsewhere(self.first)
            trace = probe.trace()
        except Untraceable:
            return True
        table = {e.name: e for e in _all_edits(trace)}
        mine = table.get(best.name) and self._gradients(trace, probe, table[best.name])
        if not mine:
            return True
        for edit in others:
            theirs = table.get(edit.name) and self._gradients(trace, probe, table[edit.name])
            if not theirs or any(
                not same(a[n], b[n]) for a, b in zip(mine, theirs, strict=True) for n in self.wrong
            ):
                return True
        return False

    # Two mistakes.

    def _pairs(self, edits, partly, numbers):
        numbers += sum(np.size(y) for p, _ in self.probes() for _, f in p.cases for y in f.values())
        if numbers < 8:
            return None
        return self._pair_with_factor(partly) or self._pair_of_edits(edits, partly)

    def _pair_with_factor(self, partly):
        constants = {-1.0: "wrong-sign", 2.0: "factor-two-too-many", 0.5: "factor-two-missing"}
        m = _sizes(self.trace).get("m", 1)
        if m > 2:
            constants |= {float(m): "mean-missing", 1.0 / m: "mean-twice"}
        hits = []
        for edit, _, gradients in partly:
            ratio = _ratio_of(self.first, gradients, self.wrong)
            if ratio is None or not self._agrees_on_right(gradients):
                continue
            for c, key in constants.items():
                if abs(ratio - c) < 1e-7 * abs(c) and not _is_scale(edit):
                    hits.append((_cost(edit), edit, key, c))
        for _, edit, key, c in sorted(hits, key=lambda hit: hit[0])[:6]:
            ok = True
            for probe, trace in self.probes():
                table = {e.name: e for e in _all_edits(trace)}
                other = table.get(edit.name)
                gradients = other and self._gradients(trace, probe, other)
                wanted = (
                    c
                    if key[:4] != "mean"
                    else (_sizes(trace)["m"] if c > 1 else 1 / _sizes(trace)["m"])
                )
                again = gradients and _ratio_of(probe, gradients, self.wrong)
                ok = ok and again is not None and abs(again - wanted) < 1e-7 * wanted
            if ok:
                found = self._found_of(edit)
                found.also = self._found(key, "", {"outputs": sorted(self.wrong), "c": f"{c:g}"})
                return found
        return None

    def _pair_of_edits(self, edits, partly):
        joinable = [
            e for e in edits if _joinable(e) and not e.words.get("several") and _cost(e) < 1.6
        ]
        seeds = [
            (e, hit) for e, hit, _ in partly
            if hit and _cost(e) < 2 and (_joinable(e) or (e.forward and not e.link))
        ]  # fmt: skip
        seeds = sorted(seeds, key=lambda pair: (-len(pair[1]), _cost(pair[0])))[:14]
        pairs = []
        for one, _ in seeds:
            pairs += [(one, two) for two in joinable if two is not one]
        if not seeds:
            cheap = sorted(joinable, key=_cost)[:70]
            pairs = list(combinations(cheap, 2))
        hits = []
        for one, two in pairs:
            if time.monotonic() > self.deadline:
                break
            if _place(one) == _place(two) and one.link and two.link:
                continue
            edit = _joined([one, two])
            gradients = self._gradients(self.trace, self.first, edit)
            if gradients and self._fits_all(self.first, gradients):
                hits.append((one, two))
                if len(hits) > 24:
                    break
        good = []
        for one, two in sorted(hits, key=lambda pair: _cost(pair[0]) + _cost(pair[1])):
            ok = True
            for probe, trace in self.probes():
                table = {e.name: e for e in _all_edits(trace)}
                if one.name not in table or two.name not in table:
                    ok = False
                    continue
                edit = _joined([table[one.name], table[two.name]])
                gradients = self._gradients(trace, probe, edit)
                ok = ok and bool(gradients) and self._fits_all(probe, gradients)
            if ok:
                good.append((one, two))
        if not good or not self.probes():
            return None
        twice = [pair for pair in good if self._key(pair[0]) == self._key(pair[1])]
        one, two = (twice or good)[0]
        found = self._found_of(one)
        found.also = self._found_of(two)
        return found

    def _fits_all(self, probe, gradients):
        return all(
            same(y, g[n], scale=self.scale[n])
            for (_, found), g in zip(probe.cases, gradients, strict=True)
            for n, y in found.items()
            if self.only is None or n in self.only
        )

    def found_of(self, name):
        """Return the learner's gradient, or the whole Jacobian, or None if it has another shape."""
        found = [f[name] for _, f in self.first.cases if name in f]
        true = self.true_of(name)
        if len(found) < len(self.first.cases):
            return None
        y = np.asarray(found if self.jacobian else found[0], float)
        return y if y.shape == true.shape else None

    def true_of(self, name):
        true = [t[name] for t in self.true]
        return np.asarray(true if self.jacobian else true[0], float)

    # What is told.

    def _key(self, edit):
        return key_of(edit, self.trace)

    def _found_of(self, edit):
        words = {"node": edit.place, **edit.words}
        key = self._key(edit)
        if edit.place in self.trace.params:
            words["own"] = [f"d{edit.place}"]
        if key == "left-zero" and any(
            np.any(found[n]) for _, found in self.first.cases for n in self.wrong if n in found
        ):
            key = "cancelled-to-zero"
        return self._found(key, edit.place, words)

    def _found(self, key, place, words):
        if self.no_loss and key in _WITHOUT_LOSS:
            key, c = _WITHOUT_LOSS[key]
            words = {"c": c, **words}
        found = Found(key, place, dict(words))
        found.words.setdefault("parent", sorted(self.wrong)[0])
        found.words["outputs"] = [f"d{n}" for n in self.trace.params if n in self.wrong]
        found.words["fine"] = [f"d{n}" for n in self.trace.params if n in self.right]
        found.words["trace"] = self.trace
        if self.jacobian:
            found.words["own"] = ["the Jacobian"]
        return found


# A constant ratio that is told as such, and mistakes that say more than a constant does.
_PLAIN = (
    *("wrong-sign", "left-zero", "mean-missing", "mean-twice", "mean-over-all-entries"),
    "counted-for-each-sample",
)
_AVERAGES = (
    *("averaged-for-summed", "bias-averaged", "weights-averaged", "copies-averaged"),
    "way-back-averaged",
)
_AT_A_STEP = ("factor-two-at-a-step", "factor-half-at-a-step")
_SPECIFIC = ("exponent-not-multiplied", "constant-factor-lost", "dropout-scale-missing")
# What is told by the constants of a loss, where there is none.
_WITHOUT_LOSS = {
    "mean-missing": ("counted-for-each-sample", ""),
    "factor-two-too-many": ("constant-factor", "2"),
    "factor-two-missing": ("constant-factor", "1/2"),
}
_MONOMIALS = {
    "mean-missing": lambda s: s["m"],
    "mean-twice": lambda s: 1 / s["m"],
    "mean-over-all-entries": lambda s: 1 / s.get("K", 0.5),
    "sum-over-all-entries": lambda s: s.get("K", 0.5),
    "mean-missing-over-all": lambda s: s["m"] * s.get("K", 0.5),
}


def _sizes(trace):
    """Return {"m": rows of the batch, "K": columns of the output}, as far as there are any."""
    sizes = {}
    arrays = [n for n in trace.nodes.values() if n.value.ndim == 2 and n.parents]
    if arrays:
        sizes["m"], sizes["K"] = arrays[-1].value.shape
    else:
        vectors = [n for n in trace.nodes.values() if n.value.ndim == 1 and n.parents]
        shapes = [n.value.shape for n in vectors[-1:]]
        shapes += [trace.value(n.parents[0]).shape for n in trace.of_kind("loss")]
        if shapes:
            sizes = dict(zip("mK", shapes[0], strict=False))
    return sizes


def _ratio_of(probe, true, names):
    """Return c if the learner's gradients of these names are c times these, in every case."""
    if true is None:
        return None
    ratio = None
    for (_, found), t in zip(probe.cases, true, strict=True):
        for n in names:
            if n not in found:
                continue
            y, p = np.asarray(found[n], float), np.asarray(t[n], float)
            if y.size != p.size or np.squeeze(y).shape != np.squeeze(p).shape or not p.any():
                return None
            y = y.reshape(p.shape)
            c = float((y * p).sum() / (p * p).sum())
            if np.abs(y - c * p).max() > 1e-8 * max(abs(c), 1e-300) * np.abs(p).max():
                return None
            if ratio is not None and abs(c - ratio) > 1e-8 * max(abs(ratio), 1e-300):
                return None
            ratio = c
    return ratio


_SCALES = (
    "wrong sign",
    "factor 2",
    "1/m ",
    "mean over all",
    "not reset",
    "left at 0",
    "result: left",
)


def _is_scale(edit):
    return edit.family.startswith(_SCALES) and not edit.family.startswith("1/m of")


def _cost(edit):
    cost = edit.cost
    if edit.family.startswith(("derivative squared", "quotient in place", "fork: mean")):
        cost += 1
    if edit.family == "bias: before the activation":  # general.py names the activation
        cost += 0.2
    if edit.family.startswith(("clipping", "upstream ignored")):
        cost += 0.4
    if _is_scale(edit):
        cost += 0.3
    if edit.family.startswith("derivative at another value"):
        cost += 0.2 if edit.place.split(", at ")[0] == edit.place.split(", at ")[-1] else 0.5
    return cost


def _place(edit):
    return getattr(edit.link, "place", edit.place)


def _joinable(edit):
    if edit.join or edit.joint or edit.forward or edit.depth_first:
        return False
    return hasattr(edit.link, "place") if edit.link else bool(edit.total)


def _all_edits(trace):
    """Return every edit of a trace, and for each family the edit in all of its places at once."""
    edits = [e for family in [*FAMILIES, *GENERAL] for e in family(trace)]
    if not any(node.value.ndim for node in trace.nodes.values()):
        # No backward pass, but partial derivatives of one formula: nothing comes from beyond.
        edits = [e for e in edits if e.family != "upstream ignored"]
    groups = {}
    for e in edits:
        if _joinable(e):
            variant = e.place.split(", lr")[-1] if ", lr" in e.place else ""
            act = e.words.get("act") or getattr(
                trace.nodes.get(e.place.partition(", ")[0]), "about", {}
            ).get("act", "")
            groups.setdefault((e.family, variant + act), []).append(e)
    for (family, variant), group in groups.items():
        if not 1 < len(group) <= 12 or family.startswith(_NOT_EVERYWHERE):
            continue
        if len({_place(e) for e in group}) == len(group):
            edit = _joined(group)
            words = {**group[0].words, "several": True, "first": group[0].place}
            cost = 0.2 + min(_cost(e) for e in group)
            place = f"everywhere, {variant}" if variant else "everywhere"
            edits.append(Edit(family, place, edit.link, total=edit.total, words=words, cost=cost))
    joins = {}
    for e in edits:
        if e.join and not e.link:
            joins.setdefault(e.family, []).append(e)
    for family, group in joins.items():
        if len(group) > 1:

            def join(name, so_far, c, group=group):
                for e in group:
                    if e.place == name:
                        return e.join(name, so_far, c)
                return so_far + c

            edits.append(Edit(family, "everywhere", join=join, words={"several": True}, cost=1.2))
    return edits


_NOT_EVERYWHERE = ("another", "derivative at another", "dW with another", "wrong sign", "results")


def _joined(edits):
    """Return the edit that makes all of these at once."""
    changes = {}
    for e in edits:
        if e.link:
            changes[e.link.place] = e.link.change

    def link(trace, node, i, upstream):
        change = changes.get((node.name, i)) or changes.get((node.name, None))
        if change:
            return change(trace, node, i, upstream)
        return trace.pull_back(node, i, upstream)

    totals = [e.total for e in edits if e.total]

    def total(name, g):
        for change in totals:
            g = change(name, g)
        return g

    forward = next((e.forward for e in edits if e.forward), None)
    return Edit(
        "several", "", link if changes else None, total=total if totals else None, forward=forward
    )


def _elsewhere(probe):
    """Return a probe with other numbers in all inputs, without a learner's result."""
    rng = np.random.default_rng(4242)

    def other(v):
        v = np.asarray(v, float)
        if v.ndim == 2 and np.isin(v, (0, 1)).all() and (v.sum(axis=1) == 1).all():
            return np.eye(v.shape[1])[rng.integers(v.shape[1], size=len(v))]
        return v.mean() + (v.std() + 0.5) * rng.normal(size=v.shape)

    cases = [(None if u is None else rng.normal(size=np.shape(u)), {}) for u, _ in probe.cases]
    wanted = {n: other(v) for n, v in probe.wanted.items()}
    data = {n: other(v) for n, v in probe.data.items()}
    return Probe(probe.f, wanted, data, cases)


def from_case(case, deadline):
    """Return the Found explanation of a Gradients case, or None."""
    first = _probe_of(case, 0)
    more = lambda number: _probe_of(case, number)
    return None if first is None else explain_gradients(first, more, deadline)


def _probe_of(case, number):
    """Return the Probe number `number` of a Gradients case, or None."""
    given = case.probe(number)
    if given is None or isinstance(given, Probe):
        return given
    given = given if isinstance(given, list) else [given]
    cases = []
    for one in given:
        found = {n: _numbers(one.found[n]) for n in one.wanted if n in one.found}
        cases.append((one.upstream, {n: v for n, v in found.items() if v is not None}))
    return Probe(given[0].f, dict(given[0].wanted), dict(given[0].data), cases)


def describe(case, rows=()):
    """Return an Explanation that says how unexplained gradients differ, or None.

    rows: (where, yours, true) of the table that is shown. If the first probe is another one, it is
    said only what holds on three probes, and that it was seen there.
    """
    from course_utils.diagnosis.wording import Explanation, _join

    first = _probe_of(case, 0)
    with np.errstate(all="ignore"):
        searches = [_Search(first, None, 0.0)]
        shown = any(_is_shown(searches[0], name, rows) for name in searches[0].wrong)
        if not shown:
            more = [_probe_of(case, number) for number in (1, 2)]
            searches += [_Search(probe, None, 0.0) for probe in more if probe is not None]
    params = searches[0].trace.params
    wrong = [n for n in params if all(n in s.wrong for s in searches)]
    said = [[_difference(s, n) for s in searches] for n in wrong]
    sentences = [one[0] for one in said if len(set(one)) == 1]
    right = lambda s, n: n in s.right and s.found_of(n) is not None
    fine = [f"d{n}" for n in params if all(right(s, n) for s in searches)]
    if fine:
        sentences.append(f"{_join(fine)} {'is' if len(fine) == 1 else 'are'} right.")
    hint = " ".join(filter(None, sentences[:3]))
    if not hint:
        return None
    return Explanation("unknown", "", (), hint if shown else f"Tried on other inputs: {hint}")


def _is_shown(search, name, rows):
    """Return whether the table holds entries of this gradient."""
    found, true = search.found_of(name), search.true_of(name)
    if found is None or not rows:
        return False
    try:
        places = [tuple(map(int, where.strip("[]").split(","))) for where, _, _ in rows]
        pairs = [(found[i], true[i]) for i in places]
    except (ValueError, IndexError):
        return False
    return np.allclose(pairs, [row[1:] for row in rows], rtol=1e-7, atol=0)


def _difference(search, name):
    """Say how one gradient differs: in which rows, in sign, in rank."""
    y, p = search.found_of(name), search.true_of(name)
    if y is None or p.ndim == 0:
        return ""
    off = np.abs(y - p) > 1e-8 * np.abs(p).max()
    who = f"d{name}" if len(search.trace.params) > 1 else "It"
    if p.ndim == 2:
        for axis, word in ((1, "row"), (0, "column")):
            lines = off.any(axis=axis)
            if 0 < lines.sum() < len(lines):
                which = ", ".join(str(i) for i in np.flatnonzero(lines)[:5])
                return f"{who} is wrong in {word}{'s' if lines.sum() > 1 else ''} {which} only."
        if np.linalg.matrix_rank(y, 1e-9 * np.abs(y).max()) == 1 < np.linalg.matrix_rank(p):
            return f"{who} is an outer product of two vectors, and the true gradient is not."
        if min(p.shape) > 2 and np.linalg.matrix_rank(y - p, 1e-9 * np.abs(y - p).max()) == 1:
            who = who.replace("It", "it")
            return f"What is too much in {who} is an outer product of two vectors."
    gap = (y - p)[off]
    if off.all() and gap.size > 2 and np.ptp(gap) < 1e-9 * np.abs(gap).max():
        return f"{who} is off by the same number in every entry."
    ratios = (y / p)[p != 0]
    if off.all() and ratios.size > 3 and np.ptp(ratios) > 1e-6 * ratios.max() and ratios.min() > 0:
        return f"Here every entry of {'it' if who == 'It' else who} has the right sign."
    return ""


def _numbers(value):
    try:
        array = np.asarray(value)
        return array if array.dtype.kind in "iuf" and np.isfinite(array).all() else None
    except (ValueError, TypeError):
        return None
