"""Derivatives from one evaluation at a complex point, without cancellation."""

import contextlib
import warnings

import numpy as np

from course_utils.oracles import richardson
from course_utils.oracles.refusal import ask

STEP = 1e-40  # its square vanishes beside 1, so nothing is lost to truncation


def complex_step_derivative(f, x):
    """Return Im f(x + ih) / h, the derivative of a real-analytic `f` to machine precision.

    f: function of a number, or of an array entry by entry; it must accept complex values and
       must not use abs, comparisons or conj, which do not extend analytically.
    x: number or array.
    Returns a float or an array of x's shape. Raises TypeError where f drops the complex part.
    Source: Squire and Trapp, SIAM Review 40 (1998).

    >>> complex_step_derivative(np.sin, 0.0)
    1.0
    """
    ask()
    x = np.asarray(x, float)
    slope = _imaginary(f((x + 1j * STEP)[()])) / STEP
    return slope if slope.ndim else float(slope)


def complex_step_jacobian(f, x):
    """Return the Jacobian of `f` at `x`, shape (m, n), one complex evaluation a column.

    f: function of an array of x's shape with m values; as in complex_step_derivative.
    Raises TypeError where f drops the complex part, and every warning of numpy as an error.
    """
    ask()
    z = np.array(x, complex)
    flat = z.reshape(-1)
    columns = []
    with _warnings_as_errors():
        for i in range(z.size):
            before = flat[i]
            flat[i] += 1j * STEP
            columns.append(_imaginary(f(z[()])).reshape(-1) / STEP)
            flat[i] = before
    return np.array(columns).reshape(z.size, -1).T


def is_sound(box):
    """Return whether the complex step can be trusted for a BlackBox.

    Where f uses abs, real parts or real buffers the complex step is silently wrong, so along two
    random directions it has to agree with differences of f. The Gaussian direction follows
    x's own scale, the one of signs gives every entry the same weight.
    """
    rng = np.random.default_rng(0)
    own, wide = (size.reshape(box.x.shape) for size in (box.own, box.scale))
    gaussian, signs = rng.normal(size=box.x.shape), rng.choice([-1.0, 1.0], box.x.shape)
    for v in (own * gaussian, wide * signs):
        v = v / np.sqrt(max(box.n, 1))  # one unit along v is a step of the size of x's scale
        with contextlib.suppress(Exception), _warnings_as_errors():
            slope = _imaginary(box.f((box.x + 1j * STEP * v)[()])).reshape(-1) / STEP
            if agree(slope[:, None], richardson.estimate(box.along(v), 1e-6)):
                continue
        return False
    return True


def agree(slope, estimate):
    """Return whether slopes (m, n) of a complex step are those of a richardson.Estimate.

    Where the estimate itself says nothing, or sees a kink, nothing is proved.
    """
    known = estimate.error <= 1e-4 * np.max(np.abs(slope), initial=np.finfo(float).tiny)
    near = np.abs(slope - estimate.slope) <= 10 * estimate.error + 1e-13 * np.abs(slope)
    return not estimate.kinks and bool(np.all(known & near))


def _imaginary(value):
    value = np.asarray(value)
    if not np.iscomplexobj(value):
        raise TypeError("f returned a real value for a complex argument, so it has no complex step")
    return value.imag


@contextlib.contextmanager
def _warnings_as_errors():
    # numpy only warns when it throws an imaginary part away.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
