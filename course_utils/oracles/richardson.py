"""Derivatives with an error estimate, from function values alone, for any function.

Central differences err by a series in h**2, so that several of them at h, h/2, h/4 ... can be
combined into one that errs far less (Richardson 1911; Ridders 1982 chooses the steps by the
error that is seen). A kink shows when the slopes of both sides stop approaching each other.
"""

from typing import NamedTuple

import numpy as np

from course_utils.oracles.blackbox import EPS

LEVELS, DEEP = 14, 46  # steps down to 1e-4 of x and to 1e-14 of the scale
PLATEAU = 4  # so many halvings of h without the sides approaching are no accident
NOISY, POINTS = 1e-8, 24


class Kink(NamedTuple):
    """A place where f has one slope to the left and another to the right.

    output: which of f's values; entry: which entry of x, both counted in flattened arrays.
    """

    output: int
    entry: int
    left: float
    right: float


class Estimate(NamedTuple):
    """slope, error: arrays of shape (m, n); kinks: a list of Kink."""

    slope: np.ndarray
    error: np.ndarray
    kinks: list


def estimate(box, tolerance=1e-8):
    """Return the Estimate of all first derivatives of a BlackBox.

    tolerance: the relative error at which an entry counts as known without further steps.
    Every entry costs eight evaluations; only the doubtful ones get a ladder of steps. At a kink the
    slope is the mean of both sides and the error half of their difference.
    """
    with np.errstate(all="ignore"):
        slope, error, suspect = _sweep(box)
        weight = np.abs(slope) * box.scale
        enough = np.maximum(weight, 1e-3 * np.nanmax(weight, initial=0))
        doubtful = suspect | ~(error * box.scale <= tolerance * enough)
        kinks = []
        for i in np.flatnonzero(doubtful.any(axis=0)):
            found, its_error, its_kinks = _climb(box, i, tolerance, suspect[:, i].any())
            # The sweep may stay only where the ladder, which sees more, does not contradict it.
            agreed = np.abs(slope[:, i] - found) <= its_error
            better = doubtful[:, i] & (suspect[:, i] | ~(agreed & (error[:, i] <= its_error)))
            slope[better, i], error[better, i] = found[better], its_error[better]
            kinks += its_kinks
    box.require_unchanged()
    return Estimate(slope, error, kinks)


def _sweep(box):
    """Return slope, error and a suspicion of kinks, each (m, n), from steps h, h/2, h/4, h/64."""
    x, noise = box.x.reshape(-1), box.noise[:, None]
    # The seventh root balances the truncation error h**6 against the rounding error noise / h.
    relative = box.noise / np.maximum(box.variation, np.finfo(float).tiny)
    h = box.own * np.clip(np.median(relative), EPS, 1e-4) ** (1 / 7)
    D, gaps = [], []
    for step in (h, h / 2, h / 4, h / 64):
        right, left = x + step, x - step  # the steps that are really taken, after rounding
        up, down = (np.empty((box.m, box.n)) for _ in range(2))
        for i in range(box.n):
            up[:, i], down[:, i] = box.at(i, right[i]), box.at(i, left[i])
        D.append((up - down) / (right - left))
        gaps.append(
            (up - box.value[:, None]) / (right - x) - (box.value[:, None] - down) / (x - left)
        )
    fourth, finer = (4 * D[1] - D[0]) / 3, (4 * D[2] - D[1]) / 3
    slope = (16 * finer - fourth) / 15
    error = np.abs(slope - finer) + 8 * noise / h
    # A step that happens to be a period of f is found out by one of quite another size.
    stray = np.abs(D[3] - slope) - np.abs(D[2] - slope) - 16 * 64 * noise / h
    error += np.fmax(stray, 0)
    # The gap between both sides is a series in h, h**3 ... of a smooth f: what is left at 0?
    coarse, fine = 2 * gaps[1] - gaps[0], 2 * gaps[2] - gaps[1]
    gap = (8 * fine - coarse) / 7
    return slope, error, np.abs(gap) > 200 * noise / h + 2 * np.abs(fine - gap)


def _alike(gap, before):
    """Return whether a gap stayed as it was when h was halved; of a smooth f it halves, too."""
    ratio = gap / before
    return (ratio > 0.7) & (ratio < 1.4)


def _climb(box, i, tolerance, suspect):
    """Return slope (m,), error (m,) and kinks of entry `i` from a ladder of steps."""
    levels = int(np.clip(np.log2(box.scale[i] / box.own[i]) + LEVELS, LEVELS, DEEP))
    slope, error, kinks, rungs = _ladder(box, i, levels)
    noisy = 16 * box.noise / box.scale[i]
    if suspect or rungs.broken or not np.all(error <= tolerance * np.abs(slope) + noisy):
        slope, error, kinks, rungs = _ladder(box, i, DEEP)
    hidden = (error > tolerance * np.abs(slope)) & (noisy > NOISY * np.abs(slope))
    if hidden.any() and not rungs.broken:
        fitted, its_error = _fit(box, i, rungs)
        better = hidden & (its_error < error)
        slope, error = np.where(better, (fitted, its_error), (slope, error))
    return slope, error, kinks


def _fit(box, i, rungs):
    """Return slope (m,) and error (m,) of entry `i` from polynomials through many points.

    Where noise is large, many evaluations average it out better than few can.
    """
    x = box.x.reshape(-1)[i]
    t = np.cos(np.pi * (np.arange(POINTS) + 0.5) / (2 * POINTS))  # half of Chebyshev's points
    solves = [np.linalg.pinv(t[:, None] ** (2 * np.arange(terms) + 1))[0] for terms in range(4, 8)]
    slope, least = np.full(box.m, np.nan), np.full(box.m, np.inf)
    for k, reach in enumerate(rungs.h):
        spread = 3 * np.linalg.norm(solves[-1]) * box.noise / reach
        if np.all(spread > least):
            break
        odd = np.array([box.at(i, x + reach * s) - box.at(i, x - reach * s) for s in t]) / 2
        fits = np.array([solve @ odd for solve in solves]) / reach
        strays = _strays(rungs.central, rungs.h, box.noise, fits[-1], k)
        error = 2 * np.ptp(fits[1:], axis=0) + spread + strays
        slope, least = np.where(error < least, (fits[-1], error), (slope, least))
    return slope, least


class Rungs(NamedTuple):
    """Steps h (k,), the central differences (k, m) at each, and whether a kink was met."""

    h: np.ndarray
    central: np.ndarray
    broken: bool


def _ladder(box, i, levels):
    """Return slope (m,), error (m,), kinks and Rungs of entry `i`."""
    x, value = box.x.reshape(-1)[i], box.value
    h = box.scale[i] * 0.5 ** np.arange(levels)
    up = np.array([box.at(i, x + step) for step in h])
    down = np.array([box.at(i, x - step) for step in h])
    above, below = ((x + h) - x)[:, None], (x - (x - h))[:, None]
    right, left = (up - value) / above, (value - down) / below
    central = (up - down) / (above + below)
    kinks, broken = [], False
    for j in range(box.m):
        start, at_x = _break(right[:, j] - left[:, j], 8 * box.noise[j] / h)
        central[:start, j] = np.nan  # these steps reach across a kink that is near x
        broken |= at_x or start > 0
        if at_x:
            sides = (extrapolate(side[:, j], h, box.noise[j], 1) for side in (left, right))
            kinks.append((j, *sides))
    slope, error = extrapolate(central, h, box.noise, 2)
    found = []
    for j, (left, left_error), (right, right_error) in kinks:
        slope[j] = (left + right) / 2
        error[j] = abs(right - left) / 2 + left_error + right_error
        found.append(Kink(j, int(i), float(left), float(right)))
    return slope, error, found, Rungs(h, central, broken)


def _break(gap, resolution):
    """Return (start, at_x): the first step that no kink disturbs, and whether a kink is at x.

    gap: right minus left slope for each h, each half of the one before. resolution: the gap that
    noise alone would make. Where f is smooth the gap halves with h; across a kink it stays.
    """
    stays = np.r_[False, _alike(gap[1:], gap[:-1])] & (np.abs(gap) > resolution)
    runs = stays.copy()
    for shift in range(1, PLATEAU):
        runs[shift:] &= stays[:-shift]
    runs[:PLATEAU] = False
    if not runs.any():
        return 0, False
    end = int(np.flatnonzero(runs)[-1])
    # The gap of a kink at x stays until noise hides it; that of a kink near x ends before.
    if end >= len(gap) - 2 or abs(gap[end]) <= 2 * resolution[end + 1]:
        return 0, True
    later = np.arange(len(gap)) > end
    quiet = later & (np.abs(gap) <= resolution)
    halved = np.r_[False, np.abs(gap[1:] / gap[:-1] - 0.5) < 0.1]
    clean = np.flatnonzero(later & (quiet | halved))
    return int(clean[0]) if clean.size else len(gap), False


def extrapolate(slopes, h, noise, power):
    """Return (slope, error): the best entry of the table that extrapolates `slopes` to h = 0.

    slopes: one value, or one row, for each h, and each h is half of the one before; nan where
    there is none. noise: of f. power: 1 if slopes err like h, 2 if they err like h**2.
    """
    candidates, errors, above = [], [], []
    for slope, step in zip(slopes, h, strict=True):
        row, best, least = [slope], np.full_like(slope, np.nan), np.full_like(slope, np.inf)
        for j, corner in enumerate(above[:6], 1):
            row.append(row[-1] + (row[-1] - corner) / (2 ** (power * j) - 1))
            error = np.maximum(np.abs(row[j] - row[j - 1]), np.abs(row[j] - corner))
            # Entries that agree by luck must not look better than noise lets them be.
            error = error + 64 / 4**power * noise / step
            best, least = np.where(error < least, (row[j], error), (best, least))
        candidates.append(best)
        errors.append(least)
        above = row
    strays = [_strays(slopes, h, noise, best, k) for k, best in enumerate(candidates)]
    candidates, errors = np.array(candidates), np.array(errors) + np.array(strays)
    choice = np.argmin(errors, axis=0)[None]
    return tuple(np.take_along_axis(a, choice, 0)[0] for a in (candidates, errors))


def _strays(slopes, h, noise, candidate, k):
    """Return by how much smaller steps contradict a candidate of step `k`, which they must not.

    Steps of many periods of a sine agree with each other on a slope near 0.
    """
    if k + 1 >= len(h):
        return np.zeros_like(candidate)
    doubt = 16 * np.multiply.outer(1 / h[k + 1 :], noise)
    away = np.abs(slopes[k + 1 :] - candidate) - np.abs(slopes[k] - candidate) - doubt
    return np.fmax(np.fmax.reduce(away, axis=0), 0)
