"""Derivatives from one evaluation at a complex point, without cancellation."""

import numpy as np

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
    x = np.asarray(x, float)
    value = np.asarray(f((x + 1j * STEP)[()]))
    if not np.iscomplexobj(value):
        raise TypeError("f returned a real value for a complex argument, so it has no complex step")
    slope = value.imag / STEP
    return slope if slope.ndim else float(slope)
