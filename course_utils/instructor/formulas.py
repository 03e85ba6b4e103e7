"""TeX as MathML: a formula that a browser shows without a script and without a network."""

import html
import re
from functools import lru_cache
from xml.etree import ElementTree

from math_core import LatexError, LatexToMathML

LONGEST_TEX = 1000
MOST_NESTED = 100  # braces, commands: the converter recurses, and a full stack ends the process
LONGEST_MATHML = 20_000
TAGS = {
    *("math", "mrow", "mstyle", "mpadded", "mphantom", "mi", "mn", "mo", "ms", "mtext", "mspace"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts"),
    *("mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "b", "i"),
}
CHOICES = (
    *("display", "displaystyle", "scriptlevel", "mathvariant", "form", "fence", "separator", "dir"),
    *("stretchy", "symmetric", "largeop", "movablelimits", "accent", "accentunder"),
    *("columnspan", "rowspan"),
)
LENGTHS = (
    *("lspace", "rspace", "minsize", "maxsize", "width", "height", "depth", "voffset"),
    "linethickness",
)
_WORD = re.compile(r"[a-z-]{1,20}|-?\d{1,2}")
_LENGTH = re.compile(r"[+-]?\d?(?:\.\d{1,9})?(?:em|ex|px|pt|mu)?")
ATTRIBUTES = {
    **dict.fromkeys(CHOICES, _WORD),
    **dict.fromkeys(LENGTHS, _LENGTH),
    "style": re.compile(
        r"(?:(?:text-align|justify-items): ?(?:start|end|left|right|center);?|"
        r"padding(?:-left|-right)?: ?\d?(?:\.\d{1,9})?(?:em)?;?|"
        r"(?:math-depth|math-shift|math-style): ?[a-z0-9()-]{1,12};?)*"
    ),
}
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)\w+;")  # names that HTML knows and XML not
_CONVERTER = LatexToMathML(fancy_error=False, max_expansions=0)  # no macros: they nest further


@lru_cache(maxsize=4096)
def mathml(tex, display=False):
    r"""Return a formula as a `<math>` element, or None where it cannot be one.

    tex: the formula without its delimiters. display: whether it stands in a line of its own.

    >>> mathml("x^2")
    '<math><msup><mi>x</mi><mn>2</mn></msup></math>'
    >>> mathml(r"\unknown{x}") is None
    True
    """
    if len(tex) > LONGEST_TEX or max(tex.count("{"), tex.count("\\")) > MOST_NESTED:
        return None
    try:
        made = _CONVERTER.convert_with_local_state(tex, displaystyle=display)
        root = ElementTree.fromstring(_ENTITY.sub(lambda m: html.unescape(m[0]), made))
    except (LatexError, ElementTree.ParseError, UnicodeError):
        return None
    for element in root.iter():
        if element.tag not in TAGS:
            return None
        for name, value in element.items():
            if name not in ATTRIBUTES or not ATTRIBUTES[name].fullmatch(value):
                del element.attrib[name]
        _mend(element)
    text = ElementTree.tostring(root, encoding="unicode")
    return text if len(text) <= LONGEST_MATHML else None


def _mend(element):
    """Write what Chromium draws wrong in another way."""
    if element.tag in ("msub", "msup", "msubsup") and "minsize" in element[0].attrib:
        row = ElementTree.Element("mrow")  # without it a large bracket with an exponent is small
        row.append(element[0])
        element[0] = row
    if (
        element.tag == "msup"
        and (last := element[-1]).tag == "mo"
        and set(last.text or "x") <= set("′″‴⁗")
    ):
        # Most fonts draw a prime small and raised: as an exponent it would be so twice.
        element.tag = "mrow"
        last.attrib |= {"lspace": "0", "rspace": "0"}
