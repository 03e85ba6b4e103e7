"""Small data sets, made on the spot. Rows are samples."""

import numpy as np

# Five columns by seven rows, read from the top: a digit each.
_GLYPHS = """
.###. ..#.. .###. ####. ...#. ##### ..##. ##### .###. .###.
#...# .##.. #...# ....# ..##. #.... .#... ....# #...# #...#
#..## ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...#
#.#.# ..#.. ...#. .###. #..#. ....# ####. ..#.. .###. .####
##..# ..#.. ..#.. ....# ##### ....# #...# ..#.. #...# ....#
#...# ..#.. .#... ....# ...#. #...# #...# .#... #...# ...#.
.###. .###. ##### ####. ...#. .###. .###. .#... .###. .##..
"""
SIDE = 9  # pixels of a picture, in height and in width


def xor():
    """Return X (4, 2) and Y (4, 1): the four inputs of exclusive or, and its values."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.array([[0.0], [1.0], [1.0], [0.0]])


def two_moons(rng, m, noise=0.1):
    """Return X (m, 2) and Y (m, 1): two half circles that reach into one another, labelled 0 and 1.

    rng: a numpy Generator. noise: the standard deviation by which points leave their circle.

    >>> X, Y = two_moons(np.random.default_rng(0), 6)
    >>> X.shape, Y.ravel().tolist()
    ((6, 2), [0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    """
    label = np.arange(m) % 2
    angle = rng.uniform(0, np.pi, m)
    x = np.where(label == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(label == 0, np.sin(angle), 0.5 - np.sin(angle))
    points = np.stack([x, y], axis=1) + rng.normal(scale=noise, size=(m, 2))
    return points, label[:, None].astype(float)


def digits(rng, m, noise=0.25):
    """Return X (m, 81) and labels (m,): pictures of 9 by 9 pixels of the digits 0 to 9.

    Each shows a digit of 7 by 5 pixels at a random place, 1 on 0, with normal noise added. As many
    of each digit as of any other, as far as m allows, in random order.

    >>> X, labels = digits(np.random.default_rng(0), 20)
    >>> X.shape, np.bincount(labels).tolist()
    ((20, 81), [2, 2, 2, 2, 2, 2, 2, 2, 2, 2])
    """
    labels = rng.permutation(np.arange(m) % 10)
    pictures = rng.normal(scale=noise, size=(m, SIDE, SIDE))
    glyphs = _glyphs()
    _, height, width = glyphs.shape
    rows = rng.integers(SIDE - height + 1, size=m)
    columns = rng.integers(SIDE - width + 1, size=m)
    for picture, label, row, column in zip(pictures, labels, rows, columns, strict=True):
        picture[row : row + height, column : column + width] += glyphs[label]
    return pictures.reshape(m, -1), labels


def one_hot(labels, K):
    """Return Y (m, K) with a 1 in column `labels[i]` of row i, and 0 elsewhere."""
    return np.eye(K)[np.asarray(labels)]


def _glyphs():
    """Return an array (10, 7, 5) of 0 and 1."""
    lines = [line.split() for line in _GLYPHS.strip().splitlines()]
    rows = [[[c == "#" for c in glyph] for glyph in line] for line in lines]
    return np.array(rows, float).swapaxes(0, 1)
