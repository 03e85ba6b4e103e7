"""Facts about the tape: every rule, every way of combining them, every order."""

import math

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.oracles import complex_step, numerical_gradient, tape_rules
from course_utils.oracles.tape import (
    Variable,
    grad,
    gradients,
    hvp,
    jacobian,
    jvp,
    log_softmax,
    logsumexp,
    softmax,
    value_and_grad,
    vjp,
)

# One entry for each operation with a rule: calls of it, and the shapes that they are tried with.
# Entries of the arrays lie between 0.2 and 0.8, () is a Python float.
BROADCAST = [((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((2, 1), ()), ((), ()), ((3,), (3,))]
MATMUL = [
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((3,), (5, 3, 2)),
    ((5, 2, 3), (3,)),
]
ALONE = [((),), ((3,),), ((2, 3),)]
MATRIX = [((2, 3),)]
AXES = [(None, False), (None, True), (0, False), (-1, True), (1, False), ((0, 1), False)]


def along_axes(f):
    return [(lambda x, a=a, k=k: f(x, axis=a, keepdims=k), MATRIX) for a, k in AXES]


CASES = {
    **{f: [(f, BROADCAST)] for f in (np.add, np.subtract, np.multiply, np.divide, np.power)},
    **{f: [(f, BROADCAST)] for f in (np.maximum, np.minimum, np.logaddexp, np.hypot, np.arctan2)},
    **{f: [(f, ALONE)] for f in (np.positive, np.negative, np.absolute, np.fabs, np.square)},
    **{f: [(f, ALONE)] for f in (np.sqrt, np.cbrt, np.reciprocal, np.exp, np.exp2, np.expm1)},
    **{f: [(f, ALONE)] for f in (np.log, np.log2, np.log10, np.log1p, np.sin, np.cos, np.tan)},
    **{f: [(f, ALONE)] for f in (np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh, np.tanh)},
    **{f: [(f, ALONE)] for f in (np.arcsinh, np.arctanh)},
    np.arccosh: [(lambda x: np.arccosh(1 + x), ALONE)],
    np.matmul: [(np.matmul, MATMUL), (lambda x, y: x @ y, MATMUL)],
    tape_rules.total: along_axes(np.sum),
    tape_rules.largest: along_axes(np.max),
    tape_rules.smallest: along_axes(np.min),
    tape_rules.log_total_exp: along_axes(logsumexp),
    tape_rules.log_shares: [(log_softmax, MATRIX), (lambda x: log_softmax(x, axis=0), MATRIX)],
    tape_rules.reshaped: [
        (lambda x: x.reshape(3, 2), MATRIX),
        (lambda x: np.reshape(x, (1, -1)), ALONE),
    ],
    tape_rules.transposed: [
        (lambda x: x.T, MATRIX),
        (lambda x: np.transpose(x, (2, 0, 1)), [((2, 3, 4),)]),
        (lambda x: x.transpose(1, 2, 0), [((2, 3, 4),)]),
    ],
    tape_rules.swapped: [(lambda x: np.swapaxes(x, 0, -1), [((2, 3, 4),)])],
    tape_rules.broadcast: [(lambda x: np.broadcast_to(x, (4, 2, 3)), [((),), ((3,),), ((2, 1),)])],
    tape_rules.cast: [(lambda x: x.astype(float), MATRIX)],
    tape_rules.taken: [
        (lambda x: x[1], MATRIX),
        (lambda x: x[:, ::-1], MATRIX),
        (lambda x: x[..., None, 1:], MATRIX),
        (lambda x: x[[0, 1, 1], [2, 0, 0]], MATRIX),
        (lambda x: x[np.array([[True, False, True], [False, True, True]])], MATRIX),
        (lambda x: x[np.arange(2), :2], [((2, 3, 4),)]),
    ],
    tape_rules.scattered: [
        (lambda x: tape_rules.scattered(x, slice(1, 4), (5,)), [((3,),)]),
        (lambda x: tape_rules.scattered(x, [1, 1, 0], (5,)), [((3,),)]),
    ],
    tape_rules.chosen: [(lambda x, y: np.where(np.arange(3) > 1, x, y), BROADCAST)],
    tape_rules.joined: [
        (lambda x, y: np.concatenate([x, y, x]), [((2, 3), (1, 3))]),
        (lambda x, y: np.concatenate([x, y], axis=-1), [((2, 3), (2, 1))]),
        (lambda x, y: np.concatenate([x, y], axis=None), [((2, 3), (4,))]),
    ],
    tape_rules.contract: [
        (lambda x, y: np.einsum("ij,jk->ik", x, y), [((2, 3), (3, 4))]),
        (lambda x, y: np.einsum("ij,j", x, y), [((2, 3), (3,))]),
        (lambda x, y: np.einsum("bi,bj->ji", x, y), [((2, 3), (2, 4))]),
        (lambda x: np.einsum("ij->j", x), MATRIX),
        (lambda x: np.einsum("ij->", x), MATRIX),
        (lambda x, y, z: np.einsum("i,j,k->k", x, y, z), [((2,), (3,), (4,))]),
    ],
}
# Functions without a rule of their own: they are told in others.
COMPOSED = [
    (lambda x: np.roll(x, 2) * np.roll(x, -1, axis=1), [((3, 4),)]),
    *along_axes(np.mean),
    *along_axes(np.var),
    *along_axes(np.std),
    (lambda x: np.var(x, axis=0, ddof=1), MATRIX),
    (softmax, MATRIX),
    (np.dot, [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (3, 2)), ((), (2, 3))]),
    (np.outer, [((2,), (3,))]),
    (np.linalg.norm, [((3,),), ((2, 3),)]),
    (lambda x: np.linalg.norm(x, axis=1, keepdims=True), MATRIX),
    (lambda x, y: np.stack([x, y, x], axis=1), [((2, 3), (2, 3)), ((2,), (2,))]),
    (lambda x, y: np.stack([x, 1.0, y]), [((), ())]),
    (lambda x, y: np.vstack([x, y]), [((2, 3), (3,))]),
    (lambda x, y: np.hstack([x, y]), [((2, 3), (2, 1)), ((2,), (3,)), ((), (2,))]),
    (lambda x: np.ravel(x), MATRIX),
    (lambda x: np.squeeze(np.expand_dims(x, (0, 2)), 0), MATRIX),
    (lambda x: np.clip(x, 0.3, 0.6), MATRIX),
    (lambda x: x.clip(0.4, None) + np.clip(x, None, 0.5), MATRIX),
    (lambda x: (x**3 + 2**x - x**-1 + (-x) ** 2 + abs(x)) / (1 - x / 3), ALONE),
    (lambda x: [1.0, 2.0, 3.0] * x + np.multiply(x, [1.0, 2.0, 3.0]) - np.float64(2) * x, MATRIX),
    (lambda x: sum(row * row for row in x), MATRIX),
    (lambda x: x.max(axis=0) * x.min(axis=1, keepdims=True) + x.mean() * x.std() + x.sum(), MATRIX),
]


def name(operation):
    return getattr(operation, "__name__", repr(operation))


def arguments(shapes, seed=0):
    """Return a list of arrays and floats whose entries are all different."""
    rng = np.random.default_rng(seed)
    count = sum(math.prod(shape) for shape in shapes)
    entries = iter(np.split(rng.permutation(np.linspace(0.2, 0.8, count)), count))
    parts = [np.array([next(entries) for _ in range(math.prod(s))]).reshape(s) for s in shapes]
    return [part if part.ndim else float(part) for part in parts]


def central(f, args, i):
    """Return the gradient of f(*args) with respect to args[i] by central differences."""
    put = lambda x: [*args[:i], x if np.ndim(x) else float(x), *args[i + 1 :]]
    return numerical_gradient(lambda x: float(f(*put(x))), np.asarray(args[i]))


def verify(f, shapes):
    args = arguments(shapes)
    before = [np.copy(a) for a in args]
    weights = np.random.default_rng(1).normal(size=np.shape(f(*args)))
    loss = lambda *args: np.sum(np.sin(f(*args)) * weights)  # curved, whatever f is
    value, slopes = value_and_grad(lambda args: loss(*args))(args)
    assert value == pytest.approx(loss(*args), rel=1e-14)
    along = [np.cos(7 * a) if np.ndim(a) else math.cos(7 * a) for a in args]
    second = hvp(lambda args: loss(*args), args, along)
    shifted = lambda t: [a + t * v for a, v in zip(args, along, strict=True)]
    right, left = (grad(lambda args: loss(*args), shifted(t)) for t in (1e-5, -1e-5))
    for i, a in enumerate(args):
        assert np.shape(slopes[i]) == np.shape(a)
        assert type(slopes[i]) is type(a)
        np.testing.assert_allclose(slopes[i], central(loss, args, i), rtol=1e-6, atol=1e-8)
        curvature = (np.asarray(right[i]) - left[i]) / 2e-5
        np.testing.assert_allclose(second[i], curvature, rtol=1e-5, atol=1e-7)
        np.testing.assert_array_equal(a, before[i])
        assert not any(np.shares_memory(slopes[i], b) for b in args)
        assert not any(np.shares_memory(slopes[i], s) for s in slopes[:i])


@pytest.mark.parametrize("operation", tape_rules.RULES, ids=name)
def test_every_rule_is_right_to_second_order(operation):
    assert operation in CASES, f"{name(operation)} has a rule but no entry in CASES"
    for f, all_shapes in CASES[operation]:
        for shapes in all_shapes:
            verify(f, shapes)


def wrong_rules(operation):
    """Yield the rules of an operation with one of them wrong by one in a thousand."""
    rules = tape_rules.RULES[operation]
    off = lambda rule: rule and (lambda *args: rule(*args) * 1.001)
    if operation in (tape_rules.joined, tape_rules.contract):  # made for a number of arguments
        yield (lambda n: tuple(map(off, rules[0](n))),)
        return
    for i, rule in enumerate(rules):
        if rule:
            yield (*rules[:i], off(rule), *rules[i + 1 :])


@pytest.mark.parametrize("operation", CASES, ids=name)
def test_a_rule_that_is_wrong_by_one_in_a_thousand_is_found(operation, monkeypatch):
    f, all_shapes = CASES[operation][0]
    for rules in wrong_rules(operation):
        monkeypatch.setitem(tape_rules.RULES, operation, rules)
        with pytest.raises(AssertionError, match="Mismatch|Not equal"):
            for shapes in all_shapes:
                verify(f, shapes)


def _ancestors(y):
    found = [y]
    for node in found:
        found += [a for a in node.args if type(a) is Variable]
    return found


@pytest.mark.parametrize(("f", "all_shapes"), COMPOSED)
def test_functions_told_in_others_are_right_to_second_order(f, all_shapes):
    for shapes in all_shapes:
        verify(f, shapes)


def test_every_function_of_numpy_that_the_tape_takes_is_tried():
    told = {np.sum, np.max, np.amax, np.min, np.amin, np.where, np.concatenate, np.reshape}
    told |= {np.transpose, np.swapaxes, np.broadcast_to, np.einsum, np.expand_dims}
    told |= {np.mean, np.var, np.std, np.dot, np.outer, np.linalg.norm, np.stack, np.vstack}
    told |= {np.hstack, np.ravel, np.squeeze, np.clip, np.roll}
    assert told == set(tape_rules.FUNCTIONS)


# Random expressions, against the complex step. All operations keep to shapes that broadcast with
# (2, 3), and none grows fast, so that any tree of them can be evaluated.

SHAPES = [(2, 3), (3,), (2, 1), ()]
UNARY = [
    *(np.sin, np.cos, np.tanh, np.arctan, np.negative),
    lambda t: np.square(np.sin(t)),
    lambda t: np.exp(np.sin(t)),
    lambda t: np.log(3 + np.cos(t)),
    lambda t: np.sqrt(2 + np.sin(t)),
    lambda t: 1 / (2 + np.sin(t)),
    lambda t: (2 + np.cos(t)) ** 1.5,
    lambda t: t - np.mean(t, axis=-1, keepdims=True) if np.ndim(t) else t,
    lambda t: np.sum(t, axis=0) if np.ndim(t) else 2 * t,
    lambda t: t[..., ::-1] if np.ndim(t) else t + 1,
    lambda t: t[..., [0, 0, -1]] if np.ndim(t) else t * np.sin(t),
    lambda t: t * np.cos(t),
]
BINARY = [
    *(np.add, np.subtract, np.multiply),
    lambda s, t: s / (3 + np.sin(t)),
    lambda s, t: (2 + np.sin(s)) ** np.cos(t),
    lambda s, t: np.where(np.arange(3) > 0, s, t),
    lambda s, t: s + np.reshape(np.matmul(np.ravel(t), np.ravel(t)), (1, 1)),
]


def evaluate(tree, args):
    if isinstance(tree, int):
        return args[tree]
    f, *branches = tree
    return f(*(evaluate(branch, args) for branch in branches))


trees = st.recursive(
    st.integers(0, len(SHAPES) - 1),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(UNARY), inner),
        st.tuples(st.sampled_from(BINARY), inner, inner),
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(trees, st.integers(0, 2**32 - 1))
def test_random_expressions_have_the_slopes_of_the_complex_step(tree, seed):
    rng = np.random.default_rng(seed)
    args = [rng.normal(size=s) if s else float(rng.normal()) for s in SHAPES]
    along = [rng.normal(size=s) if s else float(rng.normal()) for s in SHAPES]
    f = lambda args: np.tanh(np.mean(evaluate(tree, args)))
    slopes = grad(f, args)
    step = 1j * complex_step.STEP
    moved = [a + step * v for a, v in zip(args, along, strict=True)]
    expected = np.imag(f(moved)) / complex_step.STEP
    given = sum(np.sum(g * v) for g, v in zip(slopes, along, strict=True))
    scale = sum(np.sum(np.abs(g * v)) for g, v in zip(slopes, along, strict=True))
    assert given == pytest.approx(expected, rel=1e-9, abs=1e-11 * (1 + scale))
    assert jvp(f, args, along) == pytest.approx(given, rel=1e-9, abs=1e-11 * (1 + scale))


@settings(max_examples=100, deadline=None)
@given(trees, st.integers(0, 2**32 - 1))
def test_random_expressions_have_the_second_order_of_differences(tree, seed):
    rng = np.random.default_rng(seed)
    args = [rng.normal(size=s) if s else float(rng.normal()) for s in SHAPES]
    along = [rng.normal(size=s) if s else float(rng.normal()) for s in SHAPES]
    f = lambda args: np.tanh(np.mean(evaluate(tree, args)))
    second = hvp(f, args, along)
    h = 1e-5
    right, left = (grad(f, [a + t * v for a, v in zip(args, along, strict=True)]) for t in (h, -h))
    for i, part in enumerate(second):
        slope = (np.asarray(right[i]) - left[i]) / (2 * h)
        size = 1 + np.max(np.abs(right[i])) + np.max(np.abs(part))
        np.testing.assert_allclose(part, slope, rtol=1e-4, atol=1e-4 * size)


# Closed forms.

t = sympy.Symbol("t", real=True)


@pytest.mark.parametrize(
    "formula",
    [
        t**3 * sympy.sin(t),
        sympy.exp(-(t**2)) / (1 + t**2),
        sympy.log(1 + sympy.exp(t)),
        sympy.tanh(sympy.sqrt(1 + t**2)),
        sympy.atan(t) ** sympy.cos(t),
        1 / (1 + sympy.exp(-3 * t)),
    ],
)
def test_four_orders_agree_with_sympy(formula):
    f = sympy.lambdify(t, formula, "numpy")
    for order in range(1, 5):
        f = lambda x, f=f: grad(f, x)
        exact = float(formula.diff(t, order).subs(t, sympy.Rational(7, 10)).evalf(30))
        assert f(0.7) == pytest.approx(exact, rel=1e-11)


def test_the_gradient_of_a_quadratic_form_is_the_matrix_with_its_transpose():
    A, x = np.arange(9.0).reshape(3, 3), np.array([1.0, -2.0, 0.5])
    assert grad(lambda x: x @ A @ x, x) == pytest.approx((A + A.T) @ x)
    assert jacobian(lambda x: grad(lambda y: y @ A @ y, x), x) == pytest.approx(A + A.T)


def test_softmax_with_cross_entropy_has_the_slope_p_minus_y():
    rng = np.random.default_rng(0)
    z, Y = rng.normal(size=(5, 4)), np.eye(4)[[0, 3, 1, 1, 2]]
    expected = (softmax(z) - Y) / 5
    for loss in (
        lambda z: -(Y * np.log(softmax(z))).sum() / 5,
        lambda z: -(Y * log_softmax(z)).sum() / 5,
        lambda z: -(Y * np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))).sum() / 5,
        lambda z: (logsumexp(z, axis=1) - z[np.arange(5), [0, 3, 1, 1, 2]]).mean(),
        lambda z: -np.mean(np.log(softmax(z)[np.arange(5), Y.argmax(axis=1)])),
    ):
        np.testing.assert_allclose(grad(loss, z), expected, rtol=1e-12, atol=1e-15)


def test_log_softmax_does_not_overflow():
    z = np.array([[1000.0, 0.0, -1000.0]])
    assert grad(lambda z: log_softmax(z)[0, 1], z) == pytest.approx(np.array([[-1.0, 1.0, 0.0]]))
    assert grad(logsumexp, z) == pytest.approx(np.array([[1.0, 0.0, 0.0]]))
    assert logsumexp(np.array([-np.inf, -np.inf])) == -np.inf


# Paths.


def test_a_result_used_twice_collects_both_slopes():
    assert grad(lambda x: x + x, 1.0) == 2
    assert grad(lambda x: x * x * x, 2.0) == 12


def test_a_diamond_collects_both_paths():
    def f(x):
        h = np.sin(x)
        return np.exp(h) * h + h

    x = 0.3
    h = np.sin(x)
    assert grad(f, x) == pytest.approx((np.exp(h) * (1 + h) + 1) * np.cos(x))


def test_a_ladder_of_diamonds_takes_no_longer_than_its_nodes():
    def f(x):
        for _ in range(200):
            x = (x + x) / 2
        return x

    assert grad(f, 1.0) == pytest.approx(1)


def test_the_gradient_of_an_intermediate_result_can_be_asked_for():
    x, w = Variable(np.array([1.0, 2.0])), Variable(np.array([0.5, -1.0]))
    h = x * w
    y = (h * h).sum() + h[0]
    dx, dh, dw = gradients(y, [x, h, w])
    np.testing.assert_allclose(dh, 2 * h.value + [1, 0])
    np.testing.assert_allclose(dx, dh * w.value)
    np.testing.assert_allclose(dw, dh * x.value)
    np.testing.assert_allclose(gradients(y, [h])[0], dh)


def test_many_uses_of_one_array_add_up():
    x = np.arange(3.0)
    assert grad(lambda x: sum((k * x).sum() for k in range(10)), x).tolist() == [45, 45, 45]


def test_slopes_that_are_passed_on_are_not_added_into_one_another():
    def f(parts):
        a, b = parts
        s = a + b  # both get the same array as their first contribution
        return (s * s).sum() + a.sum() + a.sum() + (b * b * b).sum()

    a, b = np.ones(3), np.full(3, 2.0)
    da, db = grad(f, (a, b))
    assert da.tolist() == [8, 8, 8]
    assert db.tolist() == [18, 18, 18]


def test_gradients_are_arrays_of_their_own():
    a, b = grad(lambda p: (p[0] + p[1]).sum(), (np.ones(2), np.ones(2)))
    a += 1
    assert b.tolist() == [1, 1]
    u = np.ones(2)
    slope = vjp(lambda x: x, np.zeros(2), u)
    slope += 1
    assert u.tolist() == [1, 1]


def test_what_does_not_depend_on_x_has_the_slope_zero():
    assert grad(lambda x: 3.0, np.ones(2)).tolist() == [0, 0]
    assert grad(np.sign, 2.0) == 0
    assert grad(lambda p: p["a"] * 2, {"a": 1.0, "b": np.ones(2)})["b"].tolist() == [0, 0]


def test_the_gradient_is_made_like_the_argument():
    x = {"W": np.ones((2, 2)), "layers": [(np.ones(2), 1.0), (np.float32(2), 3)]}
    f = lambda p: (p["W"] @ p["layers"][0][0]).sum() * p["layers"][1][0] + p["layers"][1][1] ** 2
    slope = grad(f, x)
    assert slope["W"].tolist() == [[2, 2], [2, 2]]
    (b, zero), (scale, c) = slope["layers"]
    assert (b.tolist(), zero, c) == ([4, 4], 0, 6)
    assert type(slope["layers"]) is list and type(slope["layers"][0]) is tuple
    assert type(scale) is np.float32 and scale == 4


def test_further_arguments_are_constants():
    assert value_and_grad(lambda x, a: a * x**2)(3.0, 2.0) == (18, 12)


# Order by order.


def test_inner_and_outer_slopes_are_kept_apart():
    assert grad(lambda x: x * grad(lambda y: x + y, 2.0), 1.0) == 1
    assert grad(lambda x: x * grad(lambda y: x * y, 2.0), 5.0) == 10
    assert grad(lambda y: grad(lambda x: x * x, 3.0) * y, 2.0) == 6


def test_the_hessian_is_symmetric():
    f = lambda x: np.log(np.exp(x).sum()) * x[0] + (x[1:] * x[:-1]).sum() ** 2
    x = np.array([0.3, -0.2, 0.9])
    H = jacobian(lambda x: grad(f, x), x)
    np.testing.assert_allclose(H, H.T, atol=1e-14)
    for i, e in enumerate(np.eye(3)):
        np.testing.assert_allclose(hvp(f, x, e), H[i], atol=1e-14)


def test_jacobian_vjp_and_jvp_are_one_matrix():
    A = np.random.default_rng(0).normal(size=(4, 3))
    f = lambda x: np.tanh(A @ x)
    x, u, v = np.ones(3) / 3, np.arange(4.0), np.array([1.0, -1.0, 2.0])
    J = (1 - np.tanh(A @ x) ** 2)[:, None] * A
    np.testing.assert_allclose(jacobian(f, x), J)
    np.testing.assert_allclose(vjp(f, x, u), u @ J)
    np.testing.assert_allclose(jvp(f, x, v), J @ v)


def test_a_jacobian_has_the_shape_of_the_value_then_of_the_argument():
    assert jacobian(lambda X: X @ np.ones((3, 4)), np.ones((2, 3))).shape == (2, 4, 2, 3)
    assert jacobian(np.sum, np.ones((2, 3))).shape == (2, 3)
    assert jacobian(np.sin, 0.0).shape == ()
    assert jacobian(lambda x: np.stack([x, x * x]), 3.0).tolist() == [1, 6]


def test_jvp_and_jacobian_can_be_differentiated():
    assert grad(lambda x: jvp(lambda y: y**3, x, 1.0), 2.0) == pytest.approx(12)
    x = np.array([1.0, 2.0])
    slope = grad(lambda x: jacobian(lambda y: y**3, x).sum(), x)
    np.testing.assert_allclose(slope, 6 * x)


def test_a_wrong_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape \(2,\) was given where \(3,\) is needed"):
        vjp(np.sin, np.ones(3), np.ones(2))
    with pytest.raises(ValueError, match="is needed"):
        hvp(np.sum, np.ones(3), np.ones((3, 1)))


# Kinks: the mean of the two sides.


def test_abs_has_the_slope_zero_at_its_kink():
    assert grad(lambda x: np.abs(x).sum(), np.array([-1.0, 0.0, 2.0])).tolist() == [-1, 0, 1]


def test_two_equal_arguments_share_the_slope_of_their_maximum():
    for f in (np.maximum, np.minimum):
        assert grad(lambda p, f=f: f(*p), (1.0, 1.0)) == (0.5, 0.5)
        assert grad(lambda x, f=f: f(x, 0).sum(), np.zeros(2)).tolist() == [0.5, 0.5]
    assert grad(lambda x: x * (x > 0), 0.0) == 0


def test_the_largest_entries_share_the_slope_equally():
    x = np.array([[3.0, 1.0, 3.0], [0.0, 2.0, 1.0]])
    assert grad(lambda x: x.max(axis=1).sum(), x).tolist() == [[0.5, 0, 0.5], [0, 1, 0]]
    assert grad(np.min, np.ones(4)).tolist() == [0.25] * 4


def test_powers_are_right_at_zero():
    assert grad(lambda x: x**2, 0.0) == 0
    assert grad(lambda x: (x**0).sum(), np.zeros(2)).tolist() == [0, 0]
    assert grad(lambda x: x**1, 0.0) == 1
    assert grad(lambda y: np.power(0.0, y), 2.0) == 0
    assert hvp(lambda x: x**2, 0.0, 1.0) == 2


def test_the_unused_branch_of_where_brings_no_slope():
    x = np.array([-1.0, 2.0])
    assert grad(lambda x: np.where(x > 0, x, 0).sum(), x).tolist() == [0, 1]


# Types.


def net(weights, X, Y):
    W, b, V = weights
    return -(Y * log_softmax(np.maximum(np.tanh(X @ W + b), 0) @ V / 2)).sum() / len(X)


def test_float32_stays_float32():
    rng = np.random.default_rng(0)
    single = lambda *shape: rng.normal(size=shape).astype(np.float32)
    args = (single(3, 4), single(4), single(4, 2)), single(5, 3), single(5, 2)
    value, slopes = value_and_grad(net)(*args)
    assert value.dtype == np.float32
    assert {slope.dtype for slope in slopes} == {np.dtype(np.float32)}


@pytest.mark.parametrize("operation", CASES, ids=name)
def test_every_rule_keeps_float32(operation):
    for f, all_shapes in CASES[operation]:
        for shapes in all_shapes:
            single = [np.asarray(a, np.float32)[()] for a in arguments(shapes)]
            leaves = [Variable(a) for a in single]
            y = f(*leaves)
            if operation is tape_rules.cast:
                continue
            assert y.dtype == np.float32
            seen = []
            for node in _ancestors(y):
                for a, rule in zip(node.args, node.rules, strict=True):
                    if type(a) is Variable and rule:
                        seen.append(rule(node.value, node.value, *node.raw).dtype)
            assert set(seen) <= {np.dtype(np.float32), np.dtype(bool)}


def test_a_weight_is_taken_in_the_type_of_the_value():
    x = np.ones(2, np.float32)
    assert vjp(lambda x: 2 * x, x, [1.0, 3.0]).tolist() == [2, 6]
    assert vjp(lambda x: 2 * x, x, np.ones(2)).dtype == np.float32
    assert vjp(np.sum, x, 2.0).tolist() == [2, 2]
    assert vjp(lambda x: x * x, 3.0, np.float32(1)) == 6
    h = Variable(x)
    assert gradients(h * h, [h], [1, 2])[0].tolist() == [2, 4]


def test_floats_stay_floats():
    value, slope = value_and_grad(lambda x: np.tanh(x * 2.0) + np.maximum(x, 0.5) ** 2)(0.3)
    assert type(value) is float and type(slope) is float


def test_a_float_beside_float32_gets_a_float_and_keeps_the_array():
    x = np.ones(3, np.float32)
    slope = grad(lambda p: (np.tanh(p[0]) * p[1]).sum(), (0.5, x))
    assert type(slope[0]) is float and slope[1].dtype == np.float32


def test_whole_numbers_are_taken_as_floats():
    assert grad(lambda x: x**2, 3) == 6.0
    assert grad(lambda x: (x / 2).sum(), np.arange(3)).tolist() == [0.5] * 3


def test_the_arrays_of_the_caller_are_left_as_they_are():
    rng = np.random.default_rng(0)
    args = [rng.normal(size=s) for s in ((3, 4), (4,), (4, 2), (5, 3), (5, 2))]
    before = [a.tobytes() for a in args]
    for a in args:
        a.flags.writeable = False
    value_and_grad(net)(args[:3], *args[3:])
    hvp(lambda w: net(w, *args[3:]), args[:3], args[:3])
    assert [a.tobytes() for a in args] == before


# What the tape does not know.


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (np.sort, "no rule for np.sort"),
        (np.linalg.inv, "no rule for np.linalg.inv"),
        (lambda x: np.fmod(x, 2), "no rule for np.fmod"),
        (lambda x: np.add.reduce(x), "no rule for np.add.reduce"),
        (lambda x: np.add(x, 1, out=np.ones((2, 2))), "no rule for np.add.*out="),
        (lambda x: np.ones((2, 2)).__iadd__(x), "no rule for np.add.*out="),
        (lambda x: np.sum(x, dtype=int), "sum.. got an unexpected keyword argument 'dtype'"),
        (lambda x: np.einsum("ii->i", x), "no rule for np.einsum with 'ii->i'"),
        (lambda x: np.linalg.norm(x, 1), "no rule for np.linalg.norm with ord=1"),
        (lambda x: np.dot(x, np.ones((2, 2, 2))), "no rule for np.dot"),
        (np.asarray, "cannot become a plain array"),
        (lambda x: np.array([x[0, 0], x[0, 1]]), "cannot become a plain array"),
        (lambda x: float(x[0, 0]), "cannot become a plain number"),
        (lambda x: int(x[0, 0]), "cannot become a plain number"),
        (lambda x: math.exp(x[0, 0]), "use np.exp for math.exp"),
        (lambda x: [1, 2][x[0, 0]], "cannot become a plain number"),
        (lambda x: x.__setitem__(0, 1.0), "cannot be changed in place"),
        (lambda x: x, r"returned an array of shape \(2, 2\)"),
        (lambda x: None, "returned None"),
        (lambda x: "text", "returned 'text'"),
    ],
)
def test_what_the_tape_cannot_follow_is_named(f, message):
    with pytest.raises(TypeError, match=message):
        grad(f, np.eye(2))


def test_an_unknown_method_is_named():
    with pytest.raises(AttributeError, match="does not know .item of an array"):
        grad(lambda x: x.sum().item(), np.ones(2))


def test_writing_into_a_plain_array_is_refused():
    def f(x):
        out = np.zeros(2)
        out[0] = x[0]
        return out.sum()

    with pytest.raises(ValueError, match="sequence") as caught:
        grad(f, np.ones(2))
    assert "would lose its gradient" in str(caught.value.__cause__)


@pytest.mark.parametrize("x", ["text", None, 1j, np.array([1j])])
def test_only_real_numbers_have_a_gradient(x):
    with pytest.raises(TypeError, match="no gradient with respect to values of type"):
        grad(np.sum, x)


def test_comparisons_and_flat_functions_give_plain_arrays():
    x = Variable(np.array([1.0, -2.0, 0.5]))
    for value in (x > 0, x == 1.0, x >= 0, np.sign(x), np.floor(x), x // 2, np.isfinite(x)):
        assert type(value) is np.ndarray
    assert x.argmax() == np.argmax(x) == 0 and x.argmin() == 1
    assert np.zeros_like(x).tolist() == [0, 0, 0]
    assert x.astype(int).tolist() == [1, -2, 0]
    assert (x.shape, x.ndim, x.size, len(x), np.shape(x)) == ((3,), 1, 3, 3, (3,))
    assert f"{x[0]:.2f}" == "1.00" and bool(x[0]) and x.copy() is x


# Long chains.


@pytest.mark.parametrize("links", [100_000, 1_000_000])
def test_a_long_chain_needs_no_recursion(links):
    def f(x):
        for _ in range(links // 2):
            x = x * 1.000001 + 1e-7
        return x

    assert grad(f, 0.5) == pytest.approx(1.000001 ** (links // 2), rel=1e-9)


def test_a_long_chain_has_a_second_order():
    def f(x):
        for _ in range(5_000):
            x = np.sin(x)
        return x

    h = 1e-5
    slope = (grad(f, 0.5 + h) - grad(f, 0.5 - h)) / (2 * h)
    assert hvp(f, 0.5, 1.0) == pytest.approx(slope, rel=1e-6)
