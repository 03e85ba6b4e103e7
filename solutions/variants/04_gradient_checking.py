# ---
# jupyter:
#   course: {}
# ---

# %% [markdown]
# Answers to lesson 4 as learners write them: right ones in other styles, and wrong ones. The tests
# accept every right one and reject every wrong one; the sample class is made from them. Each stands
# by itself, so that it is judged for its own mistake.

# %% right="numpy_cbrt" of="best_h"
def best_h(eps, f, f3):
    return np.cbrt(3 * eps * np.abs(f / f3))

# %% right="logarithms" of="best_h"
import math

def best_h(eps, f, f3):
    return math.exp((math.log(3 * eps) + math.log(abs(f)) - math.log(abs(f3))) / 3)

# %% wrong="sign of f3 kept" of="best_h"
def best_h(eps, f, f3):
    return np.cbrt(3 * eps * abs(f) / f3)

# %% wrong="sizes not taken" of="best_h"
def best_h(eps, f, f3):
    return (3 * eps * f / f3) ** (1 / 3)

# %% wrong="square root" of="best_h"
def best_h(eps, f, f3):
    return (3 * eps * abs(f) / abs(f3)) ** (1 / 2)

# %% wrong="factor 3 missing" of="best_h"
def best_h(eps, f, f3):
    return (eps * abs(f) / abs(f3)) ** (1 / 3)

# %% wrong="factor 6 in place of 3" of="best_h"
def best_h(eps, f, f3):
    return (6 * eps * abs(f) / abs(f3)) ** (1 / 3)

# %% wrong="exponent without parentheses" of="best_h"
def best_h(eps, f, f3):
    return (3 * eps * abs(f) / abs(f3)) ** 1 / 3

# %% wrong="fraction upside down" of="best_h"
def best_h(eps, f, f3):
    return (3 * eps * abs(f3) / abs(f)) ** (1 / 3)

# %% wrong="float64 whatever eps is" of="best_h"
def best_h(eps, f, f3):
    return (3 * 2.2e-16 * abs(f) / abs(f3)) ** (1 / 3)

# %% wrong="best of a grid" of="best_h"
def best_h(eps, f, f3):
    grid = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]
    return min(grid, key=lambda h: eps * abs(f) / h + h**2 * abs(f3) / 6)

# %% wrong="the error in place of the step" of="best_h"
def best_h(eps, f, f3):
    h = (3 * eps * abs(f) / abs(f3)) ** (1 / 3)
    return eps * abs(f) / h + h**2 * abs(f3) / 6

# %% wrong="remembers the visible points" of="best_h"
def best_h(eps, f, f3):
    return {0.816: 1.1014792648e-05, -3.0: 0.027849533}.get(f, 1e-5)

# %% right="copies_of_x" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.asarray(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in range(x.size):
        step = h or 6e-6 * max(1, abs(x.flat[i]))
        plus, minus = x.copy(), x.copy()
        plus.flat[i] += step
        minus.flat[i] -= step
        gradient.flat[i] = (f(plus) - f(minus)) / (2 * step)
    return gradient

# %% right="steps_that_are_really_taken" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.asarray(x, float)
    flat, slopes = x.ravel(), []
    for i, value in enumerate(flat):
        step = 1e-5 * (1 + abs(value)) if h is None else h
        moved = flat.copy()
        moved[i] = value + step
        right, above = moved[i], f(moved.reshape(x.shape).copy())
        moved[i] = value - step
        left, below = moved[i], f(moved.reshape(x.shape).copy())
        slopes.append((above - below) / (right - left))
    return np.array(slopes).reshape(x.shape)

# %% right="unit_arrays_and_in_place_with_memory" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    h = np.cbrt(np.finfo(float).eps) * np.maximum(1, np.abs(x)) if h is None else np.full(x.shape, h)
    g = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        e = np.zeros(x.shape)
        e[it.multi_index] = h[it.multi_index]
        g[it.multi_index] = (f(x + e) - f(x - e)) / 2 / h[it.multi_index]
    return g

# %% wrong="forward difference" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = 1e-7 * max(1, abs(x[i])) if h is None else h
        y = x.copy()
        y[i] += step
        g[i] = (f(y) - f(x)) / step
    return g

# %% wrong="parentheses around 2h missing" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / 2 * step
    return g

# %% wrong="2 missing in the denominator" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / step
    return g

# %% wrong="dtype of x kept" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.asarray(x)
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * step)
    return g

# %% wrong="moves x itself by += and -=" of="numeric_grad"
def numeric_grad(f, x, h=None):
    g = np.zeros(np.shape(x))
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        x[i] += step
        up = f(x)
        x[i] -= 2 * step
        down = f(x)
        x[i] += step
        g[i] = (up - down) / (2 * step)
    return g

# %% wrong="moves a copy by += and -=" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        x[i] += step
        up = f(x.copy())
        x[i] -= 2 * step
        down = f(x.copy())
        x[i] += step
        g[i] = (up - down) / (2 * step)
    return g

# %% wrong="entry not put back" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        x[i] += step
        up = f(x.copy())
        x[i] -= 2 * step
        down = f(x.copy())
        g[i] = (up - down) / (2 * step)
    return g

# %% wrong="all entries moved at once" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    step = 6e-6 if h is None else h
    return np.full(x.shape, (f(x + step) - f(x - step)) / (2 * step))

# %% wrong="both arrays are the same" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        up = down = x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * step)
    return g

# %% wrong="one step for all sizes" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    h = 1e-5 if h is None else h
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g

# %% wrong="no step where x is 0" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = 6e-6 * abs(x[i]) if h is None else h
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / np.float64(2 * step)
    return g

# %% wrong="step of the largest entry for all" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    step = 6e-6 * max(1, np.abs(x).max()) if h is None else h
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * step)
    return g

# %% wrong="h of the caller ignored" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        h = 6e-6 * max(1, abs(x[i]))
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g

# %% wrong="vectors only" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros(len(x))
    for i in range(len(x)):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * step)
    return g

# %% wrong="returns inside the loop" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * step)
        return g

# %% wrong="flat result" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    g = []
    for i in np.ndindex(x.shape):
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g.append((f(up) - f(down)) / (2 * step))
    return np.array(g)

# %% wrong="complex step without a real h" of="numeric_grad"
def numeric_grad(f, x, h=None):
    z = np.array(x, complex)
    g = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        y = z.copy()
        y[i] += 1e-20j
        g[i] = f(y).imag / 1e-20
    return g

# %% wrong="float32" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, np.float32)
    g = np.zeros(x.shape, np.float32)
    for i in np.ndindex(x.shape):
        step = 1e-2 * max(1, abs(x[i])) if h is None else h
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * step)
    return g

# %% right="eps_of_the_lesson" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    steps = eps ** (1 / 3) * np.maximum(1, abs(x)) if h is None else h * np.ones(x.shape)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = steps[i]
        g[i] = (f(x + e) - f(x - e)) / (2 * steps[i])
    return g

# %% wrong="moves x itself and puts it back exactly" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.asarray(x, float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        step = 6e-6 * max(1, abs(old)) if h is None else h
        x[i] = old + step
        up = f(x.copy())
        x[i] = old - step
        down = f(x.copy())
        x[i] = old
        g[i] = (up - down) / (2 * step)
    return g

# %% right="numpy_norm" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a), np.asarray(n)
    both = np.linalg.norm(a) + np.linalg.norm(n)
    if both == 0:
        return 0
    return np.linalg.norm(a - n) / both

# %% right="tiny_added" of="relative_error"
def relative_error(a, n):
    a, n = np.ravel(a).astype(float), np.ravel(n).astype(float)
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n) + 1e-300)

# %% right="math_loops" of="relative_error"
import math

def relative_error(a, n):
    pairs = list(zip(np.ravel(a).tolist(), np.ravel(n).tolist()))
    top = math.hypot(*(p - q for p, q in pairs))
    bottom = math.hypot(*(p for p, _ in pairs)) + math.hypot(*(q for _, q in pairs))
    return top / bottom if bottom else 0.0

# %% wrong="0/0 where both are zero" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))

# %% wrong="1e-8 added" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n) + 1e-8)

# %% wrong="absolute difference" of="relative_error"
def relative_error(a, n):
    return np.linalg.norm(np.asarray(a, float) - np.asarray(n, float))

# %% wrong="relative to n alone" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    return 0.0 if not n.any() else np.linalg.norm(a - n) / np.linalg.norm(n)

# %% wrong="relative to the larger one" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    size = max(np.linalg.norm(a), np.linalg.norm(n))
    return np.linalg.norm(a - n) / size if size else 0.0

# %% wrong="norm of the sum" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    size = np.linalg.norm(a + n)
    return np.linalg.norm(a - n) / size if size else 0.0

# %% wrong="squares without the root" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    size = (a**2).sum() + (n**2).sum()
    return ((a - n) ** 2).sum() / size if size else 0.0

# %% wrong="one value for each entry" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    return np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-300)

# %% wrong="sum of absolute values" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    size = np.abs(a).sum() + np.abs(n).sum()
    return np.abs(a - n).sum() / size if size else 0.0

# %% wrong="difference of the norms" of="relative_error"
def relative_error(a, n):
    p, q = np.linalg.norm(a), np.linalg.norm(n)
    return abs(p - q) / (p + q) if p + q else 0.0

# %% wrong="zero also if only one is zero" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    if not a.any() or not n.any():
        return 0.0
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))

# %% wrong="nan turned into 0 with a warning" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    return np.nan_to_num(np.linalg.norm(a - n) / np.float64(np.linalg.norm(a) + np.linalg.norm(n)))

# %% wrong="spectral norm of a matrix" of="relative_error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    def size(x):
        return np.linalg.norm(x, 2) if x.ndim else abs(x)
    both = size(a) + size(n)
    return size(a - n) / both if both else 0.0

# %% right="unit_vectors" of="complex_step"
def complex_step(f, x):
    x = np.asarray(x, float)
    h = 1e-30
    if x.shape == ():
        return f(complex(x, h)).imag / h
    return np.array([f(x + 1j * h * e).imag / h for e in np.eye(len(x))])

# %% right="difference_over_ih" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return ((f(x + h * 1j) - f(x)) / (h * 1j)).real
    x = np.array(x, dtype=complex)
    out = []
    for i in range(x.size):
        x[i] += h * 1j
        out.append(np.imag(f(x)) / h)
        x[i] = x[i].real
    return out

# %% wrong="not divided by h" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return f(x + 1j * h).imag
    return np.array([f(x + 1j * h * e).imag for e in np.eye(len(x))])

# %% wrong="real part" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return f(x + 1j * h).real / h
    return np.array([f(x + 1j * h * e).real / h for e in np.eye(len(x))])

# %% wrong="all entries moved at once" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    x = np.asarray(x, float)
    slope = np.imag(f(x + 1j * h)) / h
    return np.full(x.shape, slope) if x.ndim else slope

# %% wrong="imaginary part not taken away" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return f(x + 1j * h).imag / h
    z = np.array(x, complex)
    g = np.zeros(len(z))
    for i in range(len(z)):
        z[i] += 1j * h
        g[i] = f(z).imag / h
    return g

# %% wrong="step as of a difference" of="complex_step"
def complex_step(f, x):
    h = 1e-5
    if np.ndim(x) == 0:
        return f(x + 1j * h).imag / h
    return np.array([f(x + 1j * h * e).imag / h for e in np.eye(len(x))])

# %% wrong="step too large for small slopes" of="complex_step"
def complex_step(f, x):
    h = 1e-8
    if np.ndim(x) == 0:
        return f(x + 1j * h).imag / h
    return np.array([f(x + 1j * h * e).imag / h for e in np.eye(len(x))])

# %% wrong="float buffer drops the imaginary part" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return f(x + 1j * h).imag / h
    g = np.zeros(len(x))
    for i in range(len(x)):
        z = np.array(x, float)
        z[i] = np.complex128(z[i] + 1j * h)
        g[i] = np.imag(f(z)) / h
    return g

# %% wrong="complex result" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return (f(x + 1j * h) - f(x)) / (1j * h)
    return np.array([(f(x + 1j * h * e) - f(x)) / (1j * h) for e in np.eye(len(x))])

# %% wrong="central difference" of="complex_step"
def complex_step(f, x):
    h = 1e-5
    if np.ndim(x) == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])

# %% wrong="arrays only" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    return np.array([f(x + 1j * h * e).imag / h for e in np.eye(len(x))])

# %% wrong="prints in place of returning" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        print(f(x + 1j * h).imag / h)
    else:
        print([f(x + 1j * h * e).imag / h for e in np.eye(len(x))])

# %% wrong="result in the dtype of x" of="complex_step"
def complex_step(f, x):
    h = 1e-20
    x = np.asarray(x)
    if x.ndim == 0:
        return f(x + 1j * h).imag / h
    g = np.zeros_like(x)
    for i, e in enumerate(np.eye(len(x))):
        g[i] = f(x + 1j * h * e).imag / h
    return g

# %% wrong="central difference for arrays" of="complex_step"
def complex_step(f, x):
    if np.ndim(x) == 0:
        return f(x + 1e-20j).imag / 1e-20
    x, h = np.array(x, float), 6e-6
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])

# %% right="what_two_gaps_leave" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.asarray(x, float)
    answer = np.zeros(len(x), dtype=bool)
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = 1
        def gap(t):
            return (f(x + t * e) - 2 * f(x) + f(x - t * e)) / t
        near, far = gap(2 * h), gap(4 * h)
        # A smooth function has far = 2 near; what is left over is the jump.
        left_over = abs(2 * near - far)
        answer[i] = left_over > 0.1 * abs(far) and left_over > 100 * 2.2e-16 * abs(f(x)) / h
    return answer

# %% right="helper_and_comprehension" of="kink_guard"
def slopes_of_sides(f, x, i, t):
    up, down = np.array(x, float), np.array(x, float)
    up[i], down[i] = up[i] + t, down[i] - t
    middle = f(np.array(x, float))
    return (f(up) - middle) / t, (middle - f(down)) / t

def kink_guard(f, x, h=1e-5):
    result = []
    for i in range(len(x)):
        left4, right4 = slopes_of_sides(f, x, i, 4 * h)
        left2, right2 = slopes_of_sides(f, x, i, 2 * h)
        wide, narrow = abs(right4 - left4), abs(right2 - left2)
        floor = 50 * np.finfo(float).eps * abs(f(np.array(x, float))) / h
        if narrow <= floor:
            result.append(False)
        else:
            result.append(wide / narrow < 1.7)
    return result

# %% wrong="any gap is a kink" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    kinks = []
    for e in np.eye(len(x)):
        right, left = (f(x + h * e) - f(x)) / h, (f(x) - f(x - h * e)) / h
        kinks.append(bool(abs(right - left) > 1e-9))
    return kinks

# %% wrong="gap above a fixed threshold" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    kinks = []
    for e in np.eye(len(x)):
        right, left = (f(x + h * e) - f(x)) / h, (f(x) - f(x - h * e)) / h
        kinks.append(bool(abs(right - left) > 1e-2))
    return kinks

# %% wrong="steps h and h/2" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    noise = 100 * 2.2e-16 * abs(f(x)) / h
    kinks = []
    for e in np.eye(len(x)):
        def gap(t):
            return abs((f(x + t * e) - f(x)) / t - (f(x) - f(x - t * e)) / t)
        kinks.append(bool(gap(h) > noise and gap(h / 2) > 0.7 * gap(h)))
    return kinks

# %% wrong="no noise floor" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    kinks = []
    for e in np.eye(len(x)):
        def gap(t):
            return abs((f(x + t * e) - f(x)) / t - (f(x) - f(x - t * e)) / t)
        kinks.append(bool(gap(2 * h) > 0 and gap(4 * h) < 1.75 * gap(2 * h)))
    return kinks

# %% wrong="absolute noise floor" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    kinks = []
    for e in np.eye(len(x)):
        def gap(t):
            return abs((f(x + t * e) - f(x)) / t - (f(x) - f(x - t * e)) / t)
        kinks.append(bool(gap(2 * h) > 1e-4 and gap(4 * h) < 1.75 * gap(2 * h)))
    return kinks

# %% wrong="smooth and kinked swapped" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    noise = 100 * 2.2e-16 * abs(f(x)) / h
    kinks = []
    for e in np.eye(len(x)):
        def gap(t):
            return abs((f(x + t * e) - f(x)) / t - (f(x) - f(x - t * e)) / t)
        kinks.append(bool(gap(2 * h) > noise and gap(4 * h) > 1.75 * gap(2 * h)))
    return kinks

# %% wrong="asks whether x is 0" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    return [abs(value) < h for value in x]

# %% wrong="one answer for all entries" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    noise = 100 * 2.2e-16 * abs(f(x)) / h
    def gap(t):
        return abs((f(x + t) - f(x)) / t - (f(x) - f(x - t)) / t)
    found = bool(gap(2 * h) > noise and gap(4 * h) < 1.75 * gap(2 * h))
    return [found] * len(x)

# %% wrong="indices of the kinks" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    noise = 100 * 2.2e-16 * abs(f(x)) / h
    kinks = []
    for i, e in enumerate(np.eye(len(x))):
        def gap(t):
            return abs((f(x + t * e) - f(x)) / t - (f(x) - f(x - t * e)) / t)
        if gap(2 * h) > noise and gap(4 * h) < 1.75 * gap(2 * h):
            kinks.append(i)
    return kinks

# %% wrong="one side of the kink only" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    noise = 100 * 2.2e-16 * abs(f(x)) / h
    kinks = []
    for e in np.eye(len(x)):
        def gap(t):
            return (f(x + t * e) - f(x)) / t - (f(x) - f(x - t * e)) / t
        kinks.append(bool(gap(2 * h) > noise and gap(4 * h) < 1.75 * gap(2 * h)))
    return kinks

# %% right="signs" of="direction_check"
def direction_check(f, g, x, rng):
    x, g = np.asarray(x, float), np.asarray(g, float)
    v = rng.choice([-1.0, 1.0], size=x.shape) * rng.uniform(0.5, 1.5, size=x.shape)
    p = np.vdot(g, v)
    s = (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
    if p == 0 and s == 0:
        return 0
    return abs(p - s) / (abs(p) + abs(s))

# %% right="unit_length" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.array(x, float)
    v = rng.standard_normal(x.shape)
    v = v / np.linalg.norm(v)
    along = lambda t: f(x + t * v)
    s = (along(1e-5) - along(-1e-5)) / (2 * 1e-5)
    p = np.sum(np.multiply(g, v))
    return np.abs(p - s) / max(np.abs(p) + np.abs(s), 1e-300)

# %% wrong="direction of ones" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = np.ones(x.shape), 1e-5
    p, s = (g * v).sum(), (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% wrong="own seed" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = np.random.default_rng(0).normal(size=x.shape), 1e-5
    p, s = (g * v).sum(), (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% wrong="global random numbers" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = np.random.randn(*x.shape), 1e-5
    p, s = (g * v).sum(), (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% wrong="absolute difference" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = rng.normal(size=x.shape), 1e-5
    return abs((g * v).sum() - (f(x + h * v) - f(x - h * v)) / (2 * h))

# %% wrong="whole numerical gradient" of="direction_check"
def direction_check(f, g, x, rng):
    x, h = np.asarray(x, float), 1e-5
    v = rng.normal(size=x.shape)
    n = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        n[i] = (f(x + e) - f(x - e)) / (2 * h)
    p, s = (g * v).sum(), (n * v).sum()
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% wrong="forward difference with a coarse step" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = rng.normal(size=x.shape), 1e-3
    p, s = (g * v).sum(), (f(x + h * v) - f(x)) / h
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% wrong="one entry only" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = np.zeros(x.shape), 1e-5
    v.flat[rng.integers(x.size)] = 1.0
    p, s = (g * v).sum(), (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% wrong="0/0 for a constant" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = rng.normal(size=x.shape), 1e-5
    p, s = (g * v).sum(), (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s))

# %% wrong="norms in place of the product" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = rng.normal(size=x.shape), 1e-5
    p, s = np.linalg.norm(g * v), (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% right="plus_and_minus_one" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v = rng.choice([-1.0, 1.0], size=x.shape)
    p, s = np.sum(g * v), (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% wrong="numbers from 0 to 1" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = rng.random(x.shape), 1e-5
    p, s = (g * v).sum(), (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% wrong="g @ v, for vectors only" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = rng.normal(size=x.shape), 1e-5
    p, s = g @ v, (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s)) if np.any(p) or s else 0.0

# %% wrong="a direction of len(x) numbers" of="direction_check"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = rng.normal(size=len(x)), 1e-5
    p, s = (g * v).sum(), (f(x + h * v) - f(x - h * v)) / (2 * h)
    return abs(p - s) / (abs(p) + abs(s)) if p or s else 0.0

# %% right="self_contained_loop" of="grad_check"
def grad_check(loss, params, grads):
    base = {k: np.array(v, dtype=float) for k, v in params.items()}
    L = loss(base)
    h, eps = 1e-5, 2.2e-16
    noise = 100 * eps * max(1.0, abs(L)) / h
    bad = set()
    for name in base:
        if name not in grads:
            bad.add(name)
            continue
        claimed = np.array(grads[name], dtype=float)
        if claimed.shape != base[name].shape or not np.isfinite(claimed).all():
            bad.add(name)
            continue
        for i in np.ndindex(claimed.shape):
            def at(t):
                moved = base[name].copy()
                moved[i] += t
                return loss({**base, name: moved})
            numeric = (at(h) - at(-h)) / (2 * h)
            if abs(claimed[i] - numeric) <= 1e-5 * max(abs(claimed[i]), abs(numeric)) + noise:
                continue
            gap2 = abs(at(2 * h) - 2 * L + at(-2 * h)) / (2 * h)
            gap4 = abs(at(4 * h) - 2 * L + at(-4 * h)) / (4 * h)
            if gap2 > noise and gap4 < 1.75 * gap2:
                continue
            bad.add(name)
            break
    return sorted(bad)

# %% right="vectors_and_or" of="grad_check"
def grad_check(loss, params, grads):
    h = 6e-6
    def values(name, step):
        x = np.array(params[name], float)
        out = []
        for i in range(x.size):
            y = x.copy()
            y.flat[i] = y.flat[i] + step
            copy = dict(params)
            copy[name] = y
            out.append(loss(copy))
        return np.array(out)
    L = loss(dict(params))
    floor = 50 * np.finfo(float).eps * (1 + abs(L)) / h
    names = []
    for name in sorted(params):
        if np.shape(grads.get(name)) != np.shape(params[name]):
            names.append(name)
            continue
        a = np.ravel(np.asarray(grads[name], float))
        n = (values(name, h) - values(name, -h)) / (2 * h)
        g3 = np.abs(values(name, 3 * h) + values(name, -3 * h) - 2 * L) / (3 * h)
        g6 = np.abs(values(name, 6 * h) + values(name, -6 * h) - 2 * L) / (6 * h)
        kink = (g3 > floor) & (g6 < 1.75 * g3)
        good = np.abs(a - n) < 1e-4 * np.abs(n) + floor
        if not np.all(np.isfinite(a) & (good | kink)):
            names.append(name)
    return names

# %% right="own_functions_as_taught" of="grad_check"
def own_gradient(f, x, h):
    g = np.zeros_like(x)
    for i, e in enumerate(np.eye(len(x))):
        g[i] = (f(x + h * e) - f(x - h * e)) / (2 * h)
    return g

def own_kinks(f, x, h, floor):
    found = np.zeros(len(x), bool)
    for i, e in enumerate(np.eye(len(x))):
        near, far = (abs(f(x + t * e) - 2 * f(x) + f(x - t * e)) / t for t in (2 * h, 4 * h))
        found[i] = near > floor and far < 1.75 * near
    return found

def grad_check(loss, params, grads):
    h = 1e-5
    floor = 100 * np.finfo(float).eps * max(1, abs(loss(params))) / h
    def is_wrong(name):
        x = np.asarray(params[name], float)
        if name not in grads or np.asarray(grads[name]).shape != x.shape:
            return True
        f = lambda flat: loss({**params, name: flat.reshape(x.shape)})
        a, n = np.asarray(grads[name], float).ravel(), own_gradient(f, x.ravel(), h)
        kinks = own_kinks(f, x.ravel(), h, floor)
        near = np.isfinite(a) & (abs(a - n) <= 1e-5 * np.maximum(abs(a), abs(n)) + floor)
        return not np.all(near[~kinks])
    return sorted(filter(is_wrong, params))

# %% wrong="absolute threshold" of="grad_check"
def grad_check(loss, params, grads):
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        n = np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = 1e-5
            n[i] = (loss({**params, name: x + e}) - loss({**params, name: x - e})) / 2e-5
        if not np.all(np.abs(n - grads[name]) < 1e-5):
            wrong.append(name)
    return sorted(wrong)

# %% wrong="relative error of the whole array, no floor" of="grad_check"
def grad_check(loss, params, grads):
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        n = np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = 1e-5
            n[i] = (loss({**params, name: x + e}) - loss({**params, name: x - e})) / 2e-5
        both = np.linalg.norm(n) + np.linalg.norm(grads[name])
        if both and not np.linalg.norm(n - grads[name]) / both < 1e-5:
            wrong.append(name)
    return sorted(wrong)

# %% wrong="no guard against kinks" of="grad_check"
def grad_check(loss, params, grads):
    floor = 100 * 2.2e-16 * max(1, abs(loss(params))) / 1e-5
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        a, n = np.asarray(grads[name], float), np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = 1e-5
            n[i] = (loss({**params, name: x + e}) - loss({**params, name: x - e})) / 2e-5
        if not np.all(abs(a - n) <= 1e-5 * np.maximum(abs(a), abs(n)) + floor):
            wrong.append(name)
    return sorted(wrong)

# %% wrong="an array with a kink is let off" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        a, n, kink = np.asarray(grads[name], float), np.zeros(x.shape), False
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            n[i] = (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = kink or (near > floor and far < 1.75 * near)
        if not kink and not np.all(abs(a - n) <= 1e-5 * np.maximum(abs(a), abs(n)) + floor):
            wrong.append(name)
    return sorted(wrong)

# %% wrong="weights only" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        if name.startswith("b"):
            continue
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and not abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="nan passes" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and abs(a - n) > 1e-5 * np.fmax(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="inf passes" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and not abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="shapes not compared" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads:
            wrong.append(name)
            continue
        claimed = np.ravel(grads[name])
        for k, i in enumerate(np.ndindex(x.shape)):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = claimed[k], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and not abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="a missing name is a KeyError" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and not abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="only the first three rows and columns" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(*(min(3, n) for n in x.shape)):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and not abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="one random entry of each array" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    rng = np.random.default_rng(0)
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape or np.isnan(grads[name]).any():
            wrong.append(name)
            continue
        e = np.zeros(x.shape)
        k = rng.integers(x.size)
        e.flat[k] = h
        at = lambda t: loss({**params, name: x + t * e})
        a, n = np.ravel(grads[name])[k], (at(1) - at(-1)) / (2 * h)
        near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
        kink = near > floor and far < 1.75 * near
        if not kink and not abs(a - n) <= 1e-2 * max(abs(a), abs(n)) + floor:
            wrong.append(name)
    return sorted(wrong)

# %% wrong="names in the order of params" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and not abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return wrong

# %% wrong="params moved in place" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            values = {}
            for t in (1, -1, 2, -2, 4, -4):
                x[i] += t * h
                values[t] = loss(params)
                x[i] -= t * h
            a, n = grads[name][i], (values[1] - values[-1]) / (2 * h)
            near = abs(values[2] - 2 * L + values[-2]) / (2 * h)
            far = abs(values[4] - 2 * L + values[-4]) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and not abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="floor that does not grow with the loss" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 1e-9
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > floor and far < 1.75 * near
            if not kink and not abs(a - n) <= 1e-9 * max(abs(a), abs(n)) + floor:
                wrong.append(name)
                break
    return sorted(wrong)

# %% right="with_the_function_of_one_array" of="grad_check"
def grad_check(loss, params, grads):
    h, L, wrong = 1e-5, loss(params), []
    floor = 100 * eps * max(1, abs(L)) / h
    for name in sorted(params):
        x, a = np.ravel(params[name]).astype(float), grads.get(name)
        if a is None or np.shape(a) != np.shape(params[name]) or not np.all(np.isfinite(a)):
            wrong.append(name)
            continue
        f, a = of_one_array(loss, params, name), np.ravel(a)
        for i, e in enumerate(np.eye(x.size)):
            n = (f(x + h * e) - f(x - h * e)) / (2 * h)
            near, far = (abs(f(x + t * e) - 2 * L + f(x - t * e)) / t for t in (2 * h, 4 * h))
            close = abs(a[i] - n) <= 1e-5 * max(abs(a[i]), abs(n)) + floor
            if not close and not (near > floor and far < 1.75 * near):
                wrong.append(name)
                break
    return wrong

# %% wrong="floor for a loss of size 1" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor, noise = 100 * eps / h, 100 * eps * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > noise and far < 1.75 * near
            if not (np.isfinite(a) and (kink or abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor)):
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="floor without its slack" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor, noise = eps * max(1, abs(L)) / h, 100 * eps * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            a, n = grads[name][i], (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kink = near > noise and far < 1.75 * near
            if not (np.isfinite(a) and (kink or abs(a - n) <= 1e-5 * max(abs(a), abs(n)) + floor)):
                wrong.append(name)
                break
    return sorted(wrong)

# %% wrong="whether all is right" of="grad_check"
def grad_check(loss, params, grads):
    for name, x in params.items():
        x = np.array(x, float)
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = 1e-5
            n = (loss({**params, name: x + e}) - loss({**params, name: x - e})) / 2e-5
            if abs(n - grads[name][i]) > 1e-7:
                return False
    return True

# %% wrong="norm of each array with floor" of="grad_check"
def grad_check(loss, params, grads):
    h, L = 1e-5, loss(params)
    floor = 100 * 2.2e-16 * max(1, abs(L)) / h
    wrong = []
    for name, x in params.items():
        x = np.array(x, float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            wrong.append(name)
            continue
        a, n, kinks = np.array(grads[name], float), np.zeros(x.shape), np.zeros(x.shape, bool)
        for i in np.ndindex(x.shape):
            e = np.zeros(x.shape)
            e[i] = h
            at = lambda t: loss({**params, name: x + t * e})
            n[i] = (at(1) - at(-1)) / (2 * h)
            near, far = abs(at(2) - 2 * L + at(-2)) / (2 * h), abs(at(4) - 2 * L + at(-4)) / (4 * h)
            kinks[i] = near > floor and far < 1.75 * near
        a, n = a[~kinks], n[~kinks]
        both = np.linalg.norm(a) + np.linalg.norm(n)
        if not np.linalg.norm(a - n) <= 1e-4 * both + floor * np.sqrt(n.size):
            wrong.append(name)
    return sorted(wrong)

# %% right="as_a_string" of="named_bugs"
named_bugs = "ECGDBAHF"

# %% right="tuple_of_small_letters" of="named_bugs"
named_bugs = ("e", "c", "g", "d", "b", "a", "h", "f")

# %% wrong="random loss taken for whole numbers" of="named_bugs"
named_bugs = ["I", "C", "G", "D", "B", "A", "H", "F"]

# %% wrong="level error taken for a wrong factor" of="named_bugs"
named_bugs = ["E", "C", "G", "D", "D", "A", "D", "F"]

# %% wrong="seven letters" of="named_bugs"
named_bugs = ["E", "C", "G", "D", "B", "A", "H"]

# %% wrong="names in place of letters" of="named_bugs"
named_bugs = ["random", "one-sided", "kink", "factor", "/ 2 * h", "nothing", "all at once", "float32"]
