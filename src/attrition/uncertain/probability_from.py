"""From a word for probability to a number: the band of a published table as an interval."""

import math

from attrition._typing import Number
from attrition.uncertain.checks import between_zero_and_one
from attrition.uncertain.elicit import exactly, share
from attrition.uncertain.law import Law
from attrition.uncertain.leaf import new_leaf
from attrition.uncertain.monotone import Affine
from attrition.uncertain.number import Uncertain
from attrition.uncertain.shape_laws import NearZero
from attrition.words import band_of

__all__ = ["probability_from"]


def probability_from(
    word: str, *, scale: str, confidence: Number, name: str | None = None
) -> Uncertain:
    """
    The probability that a word stands for in a published table.

    A table says where its word begins and ends. It does not say how often its user means what
    it says, so that the mass of the band has no default; this ``confidence`` is that mass, and
    no analyst's confidence in a judgement. What the band is decides the law:

    * inside (0, 1): ``share`` with the band as its central interval;
    * from 0 or up to 1, beyond which nothing lies: all of 1 - confidence is beyond the other
      edge. For a band from b to 1 it is the beta law P(p <= x) = x^a with
      a = log(1 - confidence) / log(b), for one from 0 its mirror image; the density is highest
      at the end, as long as the confidence is more than the width of the band;
    * without width, as Kent's certain and impossible: the known number 1 or 0, whatever the
      confidence.

    Whether an edge is open makes no difference to a law without lumps.

    Args:
        word: A word of the table, in any case of letters.

        scale: The table: "icd203", "phia", "ipcc" or "kent". One word has several meanings.

        confidence: Mass of the band, inside (0, 1).

        name: A label; it decides the random stream.

    Returns:
        The probability. Each call makes a new unknown, other than for a word without width.

    Raises:
        WordError: If the table does not have the word, or the scale is not known.

        NumberError: If the confidence is not a number.

        ParameterError: If the confidence is not inside (0, 1).

    Examples:
        >>> from attrition import probability_from
        >>> print(probability_from("likely", scale="icd203", confidence=0.9))
        0.689 (0.550 to 0.800 at 90 %)
        >>> round(probability_from("likely", scale="ipcc", confidence=0.9).sf(0.66), 12)
        0.9
        >>> print(probability_from("impossible", scale="kent", confidence=0.9))
        0
    """
    band, mass = band_of(word, scale=scale), between_zero_and_one(confidence, "confidence")
    if band.low == band.high:
        return exactly(band.low)
    if band.low == 0.0:
        return new_leaf(_near_zero(band.high, mass), name)
    if band.high == 1.0:
        return new_leaf(Affine(_near_zero(1.0 - band.low, mass), 1.0, -1.0), name)
    return share(band.low, band.high, confidence=mass, name=name)


def _near_zero(edge: float, mass: float) -> Law:
    """The law from 0 on that has this mass up to the edge."""
    return NearZero(math.log1p(-mass) / math.log1p(-edge))
