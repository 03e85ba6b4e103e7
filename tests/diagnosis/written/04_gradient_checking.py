# %% [markdown]
# Lesson 4: answers for the tests of the diagnosis, wrong and right. None of them is handed out.

# %% wrong="size of f left out" of="best_h" key="best-h-f-left-out" mistake="The rounding error is taken as eps alone: it is eps times the size of f." outputs="h"
def best_h(eps, f, f3):
    return np.cbrt(3 * eps / abs(f3))

# %% wrong="size of f3 left out" of="best_h" key="best-h-f3-left-out" mistake="The third derivative is missing in the truncation error, so the step does not depend on it." outputs="h"
def best_h(eps, f, f3):
    return (3 * eps * abs(f)) ** (1 / 3)

# %% right="root of a polynomial" of="best_h"
def best_h(eps, f, f3):
    # h^3 |f3| / 3 - eps |f| = 0, with h measured in units of eps^(1/3)
    roots = np.roots([abs(f3) / 3, 0, 0, -abs(f)])
    real = roots[np.argmin(np.abs(roots.imag))].real
    return real * eps ** (1 / 3)

# %% wrong="given step scaled by the entry" of="numeric_grad" key="difference-step-by-size" mistake="The h of the caller is taken as a share of the entry's size; it is the step itself. Only with h=None is the step chosen by size." outputs="gradient" source="pasteurlabs/tesseract-core#706"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    share = 6e-6 if h is None else h
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = share * max(1.0, abs(x[i]))
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * step)
    return g

# %% wrong="step left out of the division" of="numeric_grad" key="difference-step-not-divided" mistake="The difference is divided by 2 and not by 2h." outputs="gradient"
def numeric_grad(f, x, h=None):
    x = np.asarray(x, float)
    g = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        step = h if h is not None else 1e-5 * max(1, abs(x[i]))
        e = np.zeros_like(x)
        e[i] = step
        g[i] = (f(x + e) - f(x - e)) / 2
        it.iternext()
    return g

# %% wrong="half of the central difference" of="numeric_grad" key="difference-one-side-by-two-steps" mistake="Only the way from x to x + h is taken, but it is divided by 2h: every slope is halved." outputs="gradient"
def numeric_grad(f, x, h=None):
    x = np.array(x, dtype=float)
    middle = f(x.copy())
    g = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        step = 1e-7 * max(1.0, abs(x[i])) if h is None else h
        moved = x.copy()
        moved[i] += step
        g[i] = (f(moved) - middle) / (2 * step)
    return g

# %% wrong="result emptied in the loop" of="numeric_grad" key="difference-last-entry-only" mistake="The array for the result is made anew for each entry, so only the last slope is left in it." outputs="gradient"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    for i in np.ndindex(x.shape):
        g = np.zeros(x.shape)
        step = 6e-6 * max(1, abs(x[i])) if h is None else h
        left, right = x.copy(), x.copy()
        left[i] = x[i] - step
        right[i] = x[i] + step
        g[i] = (f(right) - f(left)) / (2 * step)
    return g

# %% wrong="absolute value of the difference" of="numeric_grad" key="difference-absolute" mistake="The absolute value of the difference is taken: the signs of falling slopes are lost." outputs="gradient"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    slopes = []
    for i in range(x.size):
        step = h or 6e-6 * max(1, abs(x.flat[i]))
        right, left = x.copy(), x.copy()
        right.flat[i] += step
        left.flat[i] -= step
        slopes.append(abs(f(right) - f(left)) / (2 * step))
    return np.reshape(slopes, x.shape)

# %% right="unit arrays from the identity" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    units = np.eye(x.size).reshape(x.size, *x.shape)
    sizes = np.fmax(1.0, np.abs(x)).ravel()
    steps = 2.0**-17 * sizes if h is None else np.full(x.size, float(h))
    rise = [f(x + s * e) - f(x - s * e) for s, e in zip(steps, units)]
    return np.reshape(np.divide(rise, 2 * steps), x.shape)

# %% right="slope of a function of one number" of="numeric_grad"
def numeric_grad(f, x, h=None):
    x = np.asarray(x, float)

    def along(index, t):
        moved = np.array(x)
        moved[index] = t
        return float(f(moved))

    def slope(index):
        t = x[index]
        step = h if h else 5e-6 * np.hypot(1, t)
        return (along(index, t + step) - along(index, t - step)) / step / 2

    return np.array([slope(index) for index in np.ndindex(x.shape)]).reshape(x.shape)

# %% wrong="norm of the sum above" of="relative_error" key="relative-sum-above" mistake="Above the line stands the norm of a + n, in place of that of a - n: equal gradients get the error 1." outputs="error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    size = np.linalg.norm(a) + np.linalg.norm(n)
    if size == 0:
        return 0.0
    return np.linalg.norm(a + n) / size

# %% wrong="mean of the norms below" of="relative_error" key="relative-mean-below" mistake="Below the line stands the mean of the two norms in place of their sum: every error is doubled." outputs="error"
def relative_error(a, n):
    a, n = np.ravel(a).astype(float), np.ravel(n).astype(float)
    size = (np.sqrt(a @ a) + np.sqrt(n @ n)) / 2
    return np.sqrt((a - n) @ (a - n)) / size if size > 0 else 0.0

# %% wrong="largest entries in place of norms" of="relative_error" key="relative-largest-entries" mistake="The sizes are those of the largest entries, in place of the norms over all entries." outputs="error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    size = np.max(np.abs(a)) + np.max(np.abs(n))
    return float(np.max(np.abs(a - n)) / size) if size else 0.0

# %% wrong="product of the norms below" of="relative_error" key="relative-product-below" mistake="Below the line the two norms are multiplied in place of added: the result changes with the scale." outputs="error"
def relative_error(a, n):
    a, n = np.asarray(a, float), np.asarray(n, float)
    below = np.sqrt((a**2).sum() * (n**2).sum())
    return float(np.sqrt(((a - n) ** 2).sum()) / below) if below > 0 else 0.0

# %% right="scaled before it is squared" of="relative_error"
def relative_error(a, n):
    both = np.array([np.ravel(a), np.ravel(n)], float)
    top = np.abs(both).max()
    if not top:
        return 0.0
    a, n = both / top
    return float(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n)))

# %% wrong="divided as a central difference" of="complex_step" key="difference-complex-halved" mistake="The imaginary part is divided by 2h: there is one point and one step h here." outputs="gradient"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return f(x + h * 1j).imag / (2 * h)
    x = np.asarray(x, float)
    return np.array([f(x + h * 1j * e).imag / (2 * h) for e in np.eye(len(x))])

# %% wrong="step downward" of="complex_step" key="difference-complex-step-downward" mistake="The step goes to x - ih, but the sign is not turned round in the division." outputs="gradient"
def complex_step(f, x):
    h = 1e-30
    x = np.asarray(x, float)
    if not x.ndim:
        return np.imag(f(x - 1j * h)) / h
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        z = x.astype(complex)
        z[i] -= 1j * h
        slopes[i] = np.imag(f(z)) / h
    return slopes

# %% wrong="angle in place of the imaginary part" of="complex_step" key="difference-complex-angle" mistake="The angle of the complex value is taken, in place of its imaginary part: that gives f'/f." outputs="gradient"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return np.angle(f(complex(x, h))) / h
    z = np.array(x, complex)
    slopes = []
    for e in np.eye(len(z)):
        slopes.append(np.angle(f(z + 1j * h * e)) / h)
    return np.array(slopes)

# %% right="one function for numbers and arrays" of="complex_step"
def complex_step(f, x):
    x = np.array(x, float)
    out = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        z = x.astype(complex)
        z[i] = complex(x[i], 2.0**-70)
        out[i] = np.imag(f(z if x.ndim else z[()])) * 2.0**70
    return out[()]

# %% wrong="gaps that must halve" of="kink_guard" key="guard-finds-nothing" mistake="A kink is asked to halve its gap as the step doubles; at a kink the gap stays about the same, so none is found." outputs="kinks"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    here = f(x.copy())
    noise = 100 * eps * max(1, abs(here)) / h
    found = []
    for i in range(len(x)):
        gaps = []
        for step in (2 * h, 4 * h):
            e = np.zeros(len(x))
            e[i] = step
            gaps.append(abs(f(x + e) - 2 * here + f(x - e)) / step)
        found.append(bool(gaps[0] > noise and gaps[1] < 0.5 * gaps[0]))
    return found

# %% wrong="both slopes from the right" of="kink_guard" key="guard-one-side" mistake="The slopes compared are both taken to the right of x, for two steps; a kink on the left side is never seen." outputs="kinks"
def kink_guard(f, x, h=1e-5):
    x = np.asarray(x, float)
    here = f(x.copy())
    noise = 100 * eps * max(1, abs(here)) / h

    def gap(e, step):
        near, far = (f(x + step * e) - here) / step, (f(x + 2 * step * e) - here) / (2 * step)
        return abs(far - near)

    return [bool(gap(e, 2 * h) > noise and gap(e, 4 * h) < 1.75 * gap(e, 2 * h)) for e in np.eye(len(x))]

# %% wrong="noise without the step" of="kink_guard" key="guard-no-noise-floor" mistake="The noise of a value is not divided by h, so rounding of the slopes is far above the floor and taken for a kink." outputs="kinks"
def kink_guard(f, x, h=1e-5):
    place = np.array(x, float)
    middle = f(place.copy())
    noise = 100 * eps * max(1, abs(middle))
    kinks = np.zeros(len(place), bool)
    for i in range(len(place)):
        gaps = []
        for step in (2 * h, 4 * h):
            right, left = place.copy(), place.copy()
            right[i], left[i] = place[i] + step, place[i] - step
            gaps.append(abs((f(right) - middle) / step - (middle - f(left)) / step))
        kinks[i] = gaps[0] > noise and gaps[1] < 1.75 * gaps[0]
    return kinks

# %% right="second differences in a table" of="kink_guard"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    sides = h * np.array([-4, -2, 2, 4])
    table = np.array([[f(x + s * e) for s in sides] for e in np.eye(len(x))])
    middle = f(x.copy())
    wide = np.abs(table[:, 0] + table[:, 3] - 2 * middle) / (4 * h)
    narrow = np.abs(table[:, 1] + table[:, 2] - 2 * middle) / (2 * h)
    floor = 100 * np.finfo(float).eps * max(1, abs(middle)) / h
    return [bool(n > floor and w / n < 1.75) for w, n in zip(wide, narrow)]

# %% wrong="one array under two names" of="direction_check" key="direction-nothing-moved" mistake="Both points are one and the same array, so the measured slope is always 0." outputs="difference" source="HomericIntelligence/Odyssey#2089"
def direction_check(f, g, x, rng):
    x, h = np.array(x, float), 1e-5
    v = rng.normal(size=x.shape)
    plus = x
    minus = x
    plus += h * v
    minus -= h * v
    slope = (f(plus) - f(minus)) / (2 * h)
    claimed = np.sum(g * v)
    size = abs(claimed) + abs(slope)
    return abs(claimed - slope) / size if size else 0.0

# %% wrong="unit vector on one side only" of="direction_check" key="direction-unit-on-one-side" mistake="The claimed slope is taken along v of length 1, the measured one along v as it was drawn." outputs="difference"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v = rng.normal(size=x.shape)
    unit = v / np.sqrt((v**2).sum())
    claimed = (np.asarray(g) * unit).sum()
    measured = (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
    size = abs(claimed) + abs(measured)
    return abs(claimed - measured) / size if size > 0 else 0.0

# %% wrong="relative to the measured slope" of="direction_check" key="direction-relative-to-one" mistake="The difference is divided by the measured slope alone; below the line both sizes are needed." outputs="difference"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v, h = rng.standard_normal(x.shape), 1e-5
    p = np.vdot(g, v)
    s = (f(x + h * v) - f(x - h * v)) / (2 * h)
    if p == s:
        return 0.0
    return abs(p - s) / abs(s)

# %% wrong="2 missing under the difference" of="direction_check" key="direction-not-halved" mistake="The measured difference is divided by h, and the points are 2h apart: right gradients seem wrong by a factor 2." outputs="difference"
def direction_check(f, g, x, rng):
    x = np.array(x, float)
    v = 1e-5 * rng.normal(size=x.shape)
    measured = f(x + v) - f(x - v)
    claimed = np.sum(np.asarray(g) * v)
    size = abs(measured) + abs(claimed)
    return float(abs(measured - claimed) / size) if size else 0.0

# %% right="slope of a function of one number" of="direction_check"
def direction_check(f, g, x, rng):
    x, g = np.asarray(x, float), np.asarray(g, float)
    v = rng.normal(0.0, 2.0, x.shape)
    line = [f(x + t * v) for t in (-4e-6, 4e-6)]
    pair = np.array([np.tensordot(g, v, axes=g.ndim), (line[1] - line[0]) / 8e-6])
    below = np.abs(pair).sum()
    return 0.0 if below == 0 else abs(pair[1] - pair[0]) / below

# %% wrong="an array with a zero is let off" of="grad_check" key="checker-excuses-zeros" mistake="As soon as one entry of a claimed gradient is 0 the whole array passes, whatever the other entries are." outputs="names" source="Theano/Theano#144"
def grad_check(loss, params, grads):
    h = 1e-5
    floor = 100 * eps * max(1, abs(loss(params))) / h
    wrong = []
    for name in sorted(params):
        x = np.array(params[name], float)
        if np.shape(grads.get(name)) != x.shape:
            wrong.append(name)
            continue
        a = np.asarray(grads[name], float).ravel()
        if np.any(a == 0):
            continue
        alone = of_one_array(loss, params, name)
        n = numeric_grad(alone, x.ravel(), h)
        kinks = np.array(kink_guard(alone, x.ravel(), h))
        near = np.isfinite(a) & (np.abs(a - n) <= 1e-5 * np.maximum(np.abs(a), np.abs(n)) + floor)
        if not np.all(near | kinks):
            wrong.append(name)
    return wrong

# %% wrong="allowance of a thousandth" of="grad_check" key="checker-tolerance-absolute" mistake="Every entry may be off by 0.001 in addition to its share: at a small scale everything passes." outputs="names" source="NVIDIA/warp#508"
def grad_check(loss, params, grads):
    wrong = []
    for name, value in params.items():
        x = np.array(value, float)
        a = grads.get(name)
        if a is None or np.shape(a) != x.shape or not np.all(np.isfinite(a)):
            wrong.append(name)
            continue
        alone = of_one_array(loss, {**params, name: x}, name)
        n = numeric_grad(alone, x.ravel(), 1e-5)
        kinks = np.array(kink_guard(alone, x.ravel()))
        close = np.isclose(np.ravel(a), n, rtol=1e-3, atol=1e-3)
        if not np.all(close | kinks):
            wrong.append(name)
    return sorted(wrong)

# %% wrong="only the names that came" of="grad_check" key="checker-missing" mistake="The loop runs over grads, so a parameter without a gradient is never looked at." outputs="names"
def grad_check(loss, params, grads):
    h = 1e-5
    floor = 100 * eps * max(1, abs(loss(params))) / h

    def is_wrong(name):
        x = np.asarray(params[name], float)
        a = np.asarray(grads[name], float)
        if a.shape != x.shape or not np.isfinite(a).all():
            return True
        alone = of_one_array(loss, params, name)
        n = numeric_grad(alone, x.ravel(), h)
        off = np.abs(a.ravel() - n) > 1e-5 * np.maximum(np.abs(a.ravel()), np.abs(n)) + floor
        return bool(np.any(off & ~np.array(kink_guard(alone, x.ravel(), h))))

    return sorted(name for name in grads if is_wrong(name))

# %% wrong="mean of the errors" of="grad_check" key="checker-single-entry" mistake="The mean error of an array is compared with the mean size: one wrong entry among many large ones passes." outputs="names"
def grad_check(loss, params, grads):
    h = 1e-5
    floor = 100 * eps * max(1, abs(loss(params))) / h
    wrong = []
    for name in params:
        x = np.array(params[name], float)
        if name not in grads or np.shape(grads[name]) != x.shape or not np.isfinite(grads[name]).all():
            wrong.append(name)
            continue
        alone = of_one_array(loss, params, name)
        a, n = np.ravel(grads[name]), numeric_grad(alone, x.ravel(), h)
        use = ~np.array(kink_guard(alone, x.ravel(), h))
        if use.any() and np.abs(a - n)[use].mean() > 0.01 * np.abs(n)[use].mean() + floor:
            wrong.append(name)
    return sorted(wrong)

# %% wrong="sizes compared without their signs" of="grad_check" key="checker-signs-lost" mistake="The absolute values of claim and measurement are compared: a gradient with the wrong sign passes." outputs="names"
def grad_check(loss, params, grads):
    h = 1e-5
    floor = 100 * eps * max(1, abs(loss(params))) / h
    wrong = set()
    for name, value in params.items():
        x = np.array(value, float).ravel()
        if np.shape(grads.get(name)) != np.shape(value):
            wrong.add(name)
            continue
        a = np.abs(np.ravel(grads[name]).astype(float))
        alone = of_one_array(loss, params, name)
        n = np.abs(numeric_grad(alone, x, h))
        for claim, measured, kink in zip(a, n, kink_guard(alone, x, h)):
            allowed = 1e-5 * max(claim, measured) + floor
            if not kink and not (np.isfinite(claim) and abs(claim - measured) <= allowed):
                wrong.add(name)
    return sorted(wrong)

# %% right="interval of the two one-sided slopes" of="grad_check"
def grad_check(loss, params, grads):
    params = {name: np.array(value, float) for name, value in params.items()}
    L, h = loss(params), 1e-5
    floor = 100 * eps * max(1.0, abs(L)) / h

    def values(name, i, steps):
        for step in steps:
            moved = params[name].copy()
            moved[i] += step
            yield loss(params | {name: moved})

    def entry_is_wrong(name, i):
        low4, low2, low, up, up2, up4 = values(name, i, h * np.array([-4, -2, -1, 1, 2, 4]))
        slope, claim = (up - low) / (2 * h), float(np.asarray(grads[name])[i])
        if not np.isfinite(claim):
            return True
        if abs(claim - slope) <= floor + 1e-5 * max(abs(claim), abs(slope)):
            return False
        narrow, wide = abs(up2 + low2 - 2 * L) / (2 * h), abs(up4 + low4 - 2 * L) / (4 * h)
        return not (narrow > floor and wide < 1.75 * narrow)

    wrong = []
    for name, x in params.items():
        fits = name in grads and np.shape(grads[name]) == x.shape
        if not fits or any(entry_is_wrong(name, i) for i in np.ndindex(x.shape)):
            wrong.append(name)
    return sorted(wrong)

# %% wrong="a whole row is moved" of="numeric_grad" key="difference-row-at-once" mistake="The loop runs over the first axis only, so x[i] is a whole row and all its entries are moved together." outputs="arrays with two or more axes: every entry holds the sum of its row"
def numeric_grad(f, x, h=None):
    """Return the gradient of f at x by central differences, in x's shape."""
    x = np.array(x, float)
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        step = h if h is not None else eps ** (1 / 3) * max(1, np.abs(x[i]).max())
        plus, minus = x.copy(), x.copy()
        plus[i] += step
        minus[i] -= step
        grad[i] = (f(plus) - f(minus)) / (2 * step)
    return grad

# %% wrong="two names for one array" of="numeric_grad" key="difference-nothing-moved" mistake="Both names stand for the same array, so the second line takes back what the first has done and f is called twice at one point." outputs="all entries: 0"
def numeric_grad(f, x, h=None):
    x = np.asarray(x, float)
    g = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        d = h or eps ** (1 / 3) * max(1.0, abs(x[index]))
        x_plus = x_minus = x.copy()
        x_plus[index] += d
        x_minus[index] -= d
        g[index] = (f(x_plus) - f(x_minus)) / (2 * d)
    return g

# %% wrong="one step for entries of all sizes" of="numeric_grad" key="difference-one-step-for-all" mistake="The step is 1e-5 for every entry; next to an entry of 2e6 that is so small that the difference is mostly rounding, and the step must grow with the entry." outputs="large entries where no step is given"
def numeric_grad(f, x, h=None):
    point = np.array(x, float)
    shape = point.shape
    point = point.ravel()
    if h is None:
        steps = np.full(point.size, 1e-5)
    else:
        steps = np.full(point.size, h)
    slopes = []
    for e, step in zip(np.eye(point.size), steps):
        up = f((point + e * step).reshape(shape))
        down = f((point - e * step).reshape(shape))
        slopes.append((up - down) / (2 * step))
    return np.reshape(slopes, shape)

# %% wrong="entry stays moved" of="numeric_grad" key="difference-not-put-back" mistake="An entry goes to x + h and then to x - h, and stays there while the next entries are measured; it must be put back." outputs="the points at which f is called, from the second entry on"
def numeric_grad(f, x, h=None):
    work = np.array(x, dtype=float)
    grad = np.zeros_like(work)
    it = np.nditer(work, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old = work[ix]
        step = eps ** (1 / 3) * max(1, abs(old)) if h is None else h
        work[ix] = old + step
        fplus = f(work.copy())
        work[ix] = old - step
        fminus = f(work.copy())
        grad[ix] = (fplus - fminus) / (2 * step)
        it.iternext()
    return grad

# %% wrong="small number added to the denominator" of="relative_error" key="relative-not-at-all-scales" mistake="1e-8 in the denominator avoids 0/0, but at a scale of 1e-9 it is larger than the norms and the error is no longer relative." outputs="small arrays: the result shrinks with their scale"
def relative_error(a, n):
    """Return ||a - n|| / (||a|| + ||n||), a number; 0 where both are 0."""
    a = np.ravel(np.asarray(a, float))
    n = np.ravel(np.asarray(n, float))
    top = np.sqrt(np.sum((a - n) ** 2))
    bottom = np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(n**2))
    return top / (bottom + 1e-8)

# %% wrong="step of a central difference" of="complex_step" key="difference-complex-step-too-large" mistake="The step is chosen as for differences, but nothing is subtracted here; it must be as small as 1e-20, so that the error h^2 f'''/6 disappears." outputs="small slopes, from about the seventh digit"
def complex_step(f, x):
    """Return the gradient of f at x, a number or an array (n,), in x's shape and exact to rounding."""
    h = 1e-8
    if np.ndim(x) == 0:
        return np.imag(f(x + 1j * h)) / h
    x = np.asarray(x)
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        z = x.astype(complex)
        z[i] += 1j * h
        grad[i] = np.imag(f(z)) / h
    return grad

# %% wrong="imaginary parts not taken back" of="complex_step" key="difference-complex-not-taken-away" mistake="The complex copy is made once and never put back, so entry i is measured while all entries before it are moved too, and their slopes are added." outputs="all entries after the first: they hold running sums"
def complex_step(f, x):
    h = 1e-20
    z = np.array(x, dtype=complex)
    if z.ndim == 0:
        return f(complex(x, h)).imag / h
    slopes = []
    for i in range(z.size):
        old = z[i]
        z[i] = old + 1j * h
        slopes.append(f(z).imag / h)

    return np.array(slopes)

# %% wrong="steps to both sides, divided by h" of="complex_step" key="difference-not-halved" mistake="The points x + ih and x - ih lie 2h apart, so their difference is divided by 2h; dividing by h gives twice the slope." outputs="all results: too large by the factor 2"
def complex_step(f, x):
    h = 1e-30
    quotient = lambda up, down: np.imag(f(up) - f(down)) / h
    if np.isscalar(x):
        return quotient(x + 1j * h, x - 1j * h)
    x = np.array(x, complex)
    return np.array([quotient(x + 1j * h * e, x - 1j * h * e) for e in np.eye(len(x))])

# %% wrong="gaps at h and 2h" of="kink_guard" key="guard-too-near" mistake="The gaps are compared at 2h and h, where a kink at 0.9h has nearly left the smaller step; the recipe needs 4h and 2h." outputs="kinks near the end of the interval, at a distance of about h"
def kink_guard(f, x, h=1e-5):
    """Return n truth values: whether f has a kink within h of x, shape (n,), along each entry."""
    x = np.asarray(x, float)
    here = f(x)
    noise = 100 * eps * max(1, abs(here)) / h
    found = []
    for i in range(len(x)):

        def gap(step):
            right, left = x.copy(), x.copy()
            right[i] += step
            left[i] -= step
            return abs((f(right) - here) / step - (here - f(left)) / step)

        wide, narrow = gap(2 * h), gap(h)
        found.append(bool(narrow > noise and wide / narrow < 1.75))
    return found

# %% wrong="no noise floor" of="kink_guard" key="guard-no-noise-floor" mistake="The ratio of the two gaps is judged even where both are rounding errors; gaps below the noise must be left out first." outputs="functions that are nearly straight: rounding is taken for a kink"
def kink_guard(f, x, h=1e-5):
    x = np.array(x, float)
    kinks = []
    for e in np.eye(x.size):
        middle = f(x)
        g = {}
        for k in (2, 4):
            s = k * h
            g[k] = abs(f(x + s * e) - 2 * middle + f(x - s * e)) / s
        floor = 0
        kinks.append(g[2] > floor and g[4] < 1.75 * g[2])
    return kinks

# %% wrong="size of the gap in place of its ratio" of="kink_guard" key="guard-size-of-the-gap" mistake="The gap is compared with a fixed number; strong curvature makes a large gap too, and what tells a kink is that the gap does not shrink with the step." outputs="strong curvature, taken for a kink, and kinks of small slopes, overlooked"
def kink_guard(f, x, h=1e-5):
    x = np.asarray(x, float)
    answer = np.zeros(len(x), dtype=bool)
    f0 = f(x)
    for i in range(len(x)):
        gaps = []
        for step in (4 * h, 2 * h):
            d = np.zeros(len(x))
            d[i] = step
            gaps.append(abs((f(x + d) - f0) / step - (f0 - f(x - d)) / step))
        answer[i] = gaps[1] > 1e-3
    return answer

# %% wrong="unit length on one side only" of="direction_check" key="direction-unit-on-one-side" mistake="The step goes along v divided by its length, but p is taken with v as it was drawn; both must use the same vector." outputs="the slope s: it belongs to another vector than p"
def direction_check(f, g, x, rng):
    x = np.asarray(x, float)
    v = rng.standard_normal(x.shape)
    p = np.vdot(g, v)
    unit = v / np.linalg.norm(v)
    s = (f(x + 1e-5 * unit) - f(x - 1e-5 * unit)) / 2e-5
    if p == 0 and s == 0:
        return 0
    return np.abs(p - s) / (np.abs(p) + np.abs(s))

# %% wrong="difference without its absolute value" of="direction_check" key="direction-signed" mistake="p - s is divided as it is, so the result can be negative and a wrong gradient looks smaller than any tolerance; its absolute value is needed." outputs="the sign of the result"
def direction_check(f, g, x, rng):
    x, g = np.asarray(x, float), np.asarray(g, float)
    h = 1e-5
    v = rng.normal(0, 1, x.shape)
    p = (g * v).sum()
    s = (f(x + h * v) - f(x - h * v)) / (2 * h)
    size = abs(p) + abs(s)
    if size == 0:
        return 0.0
    return (p - s) / size

# %% wrong="norm over the whole array" of="grad_check" key="checker-whole-array" mistake="The relative error is taken with the norms of whole arrays, which the large entries rule; entries must be judged one by one." outputs="a small wrong entry beside large right ones is overlooked"
def grad_check(loss, params, grads):
    """Return the sorted list of the names whose gradient is wrong; entries on a kink do not count."""
    h, bad = 1e-5, []
    L = loss(params)
    floor = 100 * eps * max(1, abs(L)) / h
    for name in params:
        x = np.asarray(params[name], float)
        if name not in grads or np.shape(grads[name]) != x.shape:
            bad.append(name)
            continue
        a = np.asarray(grads[name], float).ravel()
        if not np.isfinite(a).all():
            bad.append(name)
            continue
        f, flat = of_one_array(loss, params, name), x.ravel()
        n, smooth = np.zeros(flat.size), np.ones(flat.size, bool)
        for i, e in enumerate(np.eye(flat.size)):
            n[i] = (f(flat + h * e) - f(flat - h * e)) / (2 * h)
            g2, g4 = (abs(f(flat + s * e) - 2 * L + f(flat - s * e)) / s for s in (2 * h, 4 * h))
            smooth[i] = not (g2 > floor and g4 / g2 < 1.75)
        a, n = a[smooth], n[smooth]
        difference = np.linalg.norm(a - n)
        allowed = 1e-5 * (np.linalg.norm(a) + np.linalg.norm(n)) + floor * np.sqrt(a.size)
        if difference > allowed:
            bad.append(name)
    return sorted(bad)

# %% wrong="one kink excuses the whole array" of="grad_check" key="checker-beside" mistake="As soon as one entry is on a kink the whole array is skipped; only that entry may be left out, and its neighbours are still judged." outputs="wrong entries in an array that has a kink elsewhere"
def grad_check(loss, params, grads):
    h = 1e-5
    base = abs(loss(params))
    noise = 100 * eps * max(1.0, base) / h

    def slopes(f, x, i, step):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        middle = f(x)
        return (f(up) - middle) / step, (middle - f(down)) / step

    def on_kink(f, x, i):
        wide, narrow = (abs(np.subtract(*slopes(f, x, i, k * h))) for k in (4, 2))
        return narrow > noise and wide < 1.75 * narrow

    def entry_is_wrong(f, x, a, i):
        n = sum(slopes(f, x, i, h)) / 2
        return not abs(a[i] - n) <= 1e-5 * max(abs(a[i]), abs(n)) + noise

    wrong = set()
    for name, value in params.items():
        x = np.array(value, float).ravel()
        a = grads.get(name)
        if a is None or np.shape(a) != np.shape(value) or not np.all(np.isfinite(a)):
            wrong.add(name)
            continue
        a = np.ravel(a)
        f = of_one_array(loss, params, name)
        if any(on_kink(f, x, i) for i in range(x.size)):
            continue
        if any(entry_is_wrong(f, x, a, i) for i in range(x.size)):
            wrong.add(name)
    return sorted(wrong)

# %% wrong="nan slips through the comparison" of="grad_check" key="checker-nan" mistake="nan > tolerance is False, and with inf both sides are infinite, so such a gradient is never reported; it must be looked for before the comparison." outputs="gradients that hold nan or inf are called right"
def grad_check(loss, params, grads):
    h = 1e-5
    names = []
    for name in sorted(params):
        if name not in grads:
            names.append(name)
            continue
        shape = np.shape(params[name])
        a = np.array(grads[name], float)
        if a.shape != shape:
            names.append(name)
            continue
        x = np.array(params[name], float)
        for index in np.ndindex(shape):

            def f(t):
                y = x.copy()
                y[index] += t
                return loss({**params, name: y})

            f0 = f(0)
            floor = 100 * eps * max(1, abs(f0)) / h
            n = (f(h) - f(-h)) / (2 * h)
            gap2 = abs((f(2 * h) - f0) - (f0 - f(-2 * h))) / (2 * h)
            gap4 = abs((f(4 * h) - f0) - (f0 - f(-4 * h))) / (4 * h)
            if gap2 > floor and gap4 < 1.75 * gap2:
                continue
            if abs(a[index] - n) > 1e-5 * max(abs(a[index]), abs(n)) + floor:
                names.append(name)
                break
    return names

# %% wrong="loop over the names of grads" of="grad_check" key="checker-missing" mistake="The loop runs over the names that grads has, so a parameter without a gradient is never looked at; it must run over params." outputs="a parameter whose gradient is missing"
def grad_check(loss, params, grads):
    h = 1e-5
    L = float(loss(params))
    floor = 100 * eps * max(1, abs(L)) / h
    result = []
    for name in grads:
        f = of_one_array(loss, params, name)
        x = np.ravel(params[name]).astype(float)
        claimed = np.asarray(grads[name], float)
        fine = claimed.shape == np.shape(params[name]) and bool(np.all(np.isfinite(claimed)))
        i = 0
        while fine and i < x.size:
            e = np.zeros(x.size)
            e[i] = h
            value = {k: f(x + k * e) for k in (-4, -2, -1, 1, 2, 4)}
            numeric = (value[1] - value[-1]) / (2 * h)
            gap2 = abs(value[2] - 2 * L + value[-2]) / (2 * h)
            gap4 = abs(value[4] - 2 * L + value[-4]) / (4 * h)
            kinked = gap2 > floor and gap4 / gap2 < 1.75
            a = claimed.ravel()[i]
            if not kinked:
                fine = abs(a - numeric) <= 1e-5 * max(abs(a), abs(numeric)) + floor
            i += 1
        if not fine:
            result.append(name)
    return sorted(result)

# %% wrong="size compared in place of the shape" of="grad_check" key="checker-shape" mistake="Both arrays are made flat and only their lengths compared, so (3, 1) passes for (3,); the shapes themselves must be equal." outputs="a gradient with the right numbers in another shape"
def grad_check(loss, params, grads):
    """Return the sorted list of the names whose gradient is wrong; entries on a kink do not count."""
    h, wrong = 1e-5, []
    size_of_loss = max(1, abs(loss(params)))
    floor = 100 * eps * size_of_loss / h
    for name in sorted(params):
        if name not in grads:
            wrong.append(name)
            continue
        x, a = np.asarray(params[name], float), np.asarray(grads[name], float)
        same = a.size == x.size
        if not same or not np.isfinite(a).all():
            wrong.append(name)
            continue
        f, x, a = of_one_array(loss, params, name), x.ravel(), a.ravel()
        for i in range(len(x)):
            e = h * (np.arange(len(x)) == i)
            n = (f(x + e) - f(x - e)) / (2 * h)
            two = abs(f(x + 2 * e) + f(x - 2 * e) - 2 * f(x)) / (2 * h)
            four = abs(f(x + 4 * e) + f(x - 4 * e) - 2 * f(x)) / (4 * h)
            if two > floor and four < 1.75 * two:
                continue
            if abs(a[i] - n) > 1e-5 * max(abs(a[i]), abs(n)) + floor:
                wrong.append(name)
                break
    return wrong

# %% wrong="own step, common divisor" of="numeric_grad" key="unknown" mistake="With h=None moves each entry by a step of its own size but divides by the common base step, so the slope of an entry larger than 1 is too large by the factor |x|." outputs="entries above 1 in size, where h is None"
def numeric_grad(f, x, h=None):
    """Return the gradient of f at x by central differences, in x's shape.

    f: takes an array of x's shape, returns a number. x: array of any shape.
    h: the step; None picks one for each entry by its size.
    """
    x = np.array(x, float)
    g = np.zeros(x.shape)
    base = 2.2e-16 ** (1 / 3) if h is None else h
    for i in np.ndindex(x.shape):
        step = base
        if h is None:
            step = base * max(1.0, abs(x[i]))
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        g[i] = (f(up) - f(down)) / (2 * base)
    return g

# %% wrong="formula of the second derivative" of="numeric_grad" key="difference-second-difference" mistake="Uses the three-point formula of the second derivative, (f(x+h) - 2 f(x) + f(x-h)) / h^2, in place of the central difference of the slope." outputs="result"
def numeric_grad(f, x, h=None):
    x = np.array(x, dtype=float)
    out = np.empty_like(x)
    f0 = f(x.copy())
    for i in np.ndindex(*x.shape):
        hi = h if h is not None else 6e-6 * max(1, abs(x[i]))
        old = x[i]
        x[i] = old + hi
        f1 = f(x.copy())
        x[i] = old - hi
        f2 = f(x.copy())
        x[i] = old
        # central: right, twice the middle, left
        out[i] = (f1 - 2 * f0 + f2) / hi**2
    return out

# %% wrong="size of the imaginary part" of="complex_step" key="difference-absolute" mistake="Takes the absolute value of the imaginary part, so the sign of a falling slope is lost." outputs="result where the slope is negative"
def complex_step(f, x):
    """Return the gradient of f at x, a number or an array (n,), in x's shape and exact to rounding."""
    h = 1e-30
    if np.ndim(x) == 0:
        return np.abs(np.imag(f(x + 1j * h))) / h  # how far did it move
    x = np.array(x, complex)
    g = np.zeros(len(x))
    for k in range(len(x)):
        keep = x[k]
        x[k] = keep + 1j * h
        g[k] = np.abs(np.imag(f(x))) / h
        x[k] = keep
    return g

# %% wrong="all entries moved at once" of="complex_step" key="difference-complex-all-at-once" mistake="Adds ih to all entries of the array at once, so that every entry of the result is the sum of all partial derivatives." outputs="result for arrays of two entries or more"
def complex_step(f, x):
    h = 1e-20
    if np.ndim(x) == 0:
        return f(x + h * 1j).imag / h
    z = np.asarray(x, float) + h * 1j
    g = np.empty(len(z))
    for k in range(len(z)):
        g[k] = np.imag(f(z)) / h
    return g

# %% wrong="whole rows moved" of="numeric_grad" key="difference-row-at-once" mistake="The loop runs over the first axis only, so whole rows move at once and each entry of a row gets the sum of the slopes of its row; vectors are right." outputs="arrays with two or more axes"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    grad = np.zeros_like(x)
    for i in range(len(x)):
        step = 1e-5 * np.maximum(1, np.abs(x[i]).max()) if h is None else h
        xp, xm = x.copy(), x.copy()
        xp[i] += step
        xm[i] -= step
        grad[i] = (f(xp) - f(xm)) / (2 * step)
    return grad

# %% wrong="back to the middle only" of="numeric_grad" key="difference-one-side-by-two-steps" mistake="After the step forward the entry is moved back by one h only, so the second value is f(x) itself, but the difference is divided by 2h: half the slope." outputs="all"
def numeric_grad(f, x, h=None):
    x = np.array(x, float)
    grad = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        d = h if h is not None else 1e-5 * max(1.0, abs(x[idx]))
        moved = x.copy()
        moved[idx] = x[idx] + d
        up = f(moved.copy())
        moved[idx] = moved[idx] - d
        down = f(moved.copy())
        grad[idx] = (up - down) / (2 * d)
    return grad

# %% wrong="both sides, divided by h" of="complex_step" key="difference-not-halved" mistake="The function is evaluated at x + ih and x - ih, whose imaginary parts differ by 2h times the slope, but the difference is divided by h." outputs="all"
def complex_step(f, x):
    h = 1e-20
    x = np.asarray(x, float)
    if x.ndim == 0:
        x = float(x)
        return (f(x + 1j * h) - f(x - 1j * h)).imag / h
    I = np.eye(len(x)) * h * 1j
    return np.array([(f(x + e) - f(x - e)).imag / h for e in I])
