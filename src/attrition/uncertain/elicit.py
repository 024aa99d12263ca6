"""Constructors: from what a person can state to a distribution, nothing guessed."""

import math
from typing import Literal, overload

from attrition._typing import Number
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_float, increasing, positive
from attrition.uncertain.families import Exponential, LogitNormal, LogNormal, Normal, Uniform
from attrition.uncertain.law import Law
from attrition.uncertain.leaf import half_score, new_leaf
from attrition.uncertain.monotone import Affine
from attrition.uncertain.node import Known
from attrition.uncertain.number import Uncertain

__all__ = ["about", "at_least", "at_most", "between", "exactly", "rounded", "share", "uniform"]

_BETWEEN = 'between(14_500, 23_000, confidence=0.9, family="lognormal")'


def exactly(value: Number) -> Uncertain:
    """
    A known number; two equal ones are the same number.

    Args:
        value: The number.

    Returns:
        The number, without spread.

    Raises:
        NumberError: If it is not a number.

        ParameterError: If it is nan or infinite.

    Examples:
        >>> from attrition import exactly
        >>> exactly(35_000).std()
        0.0
    """
    return Uncertain(Known(as_float(value, "value")))


@overload
def about(
    centre: Number, *, sd: Number, positive: bool = False, name: str | None = None
) -> Uncertain: ...
@overload
def about(
    centre: Number,
    *,
    relative: Number,
    confidence: Number,
    positive: bool = False,
    name: str | None = None,
) -> Uncertain: ...
def about(
    centre: Number,
    *,
    sd: Number | None = None,
    relative: Number | None = None,
    confidence: Number | None = None,
    positive: bool = False,
    name: str | None = None,
) -> Uncertain:
    """
    A number around a centre, normal, or lognormal where it cannot be negative.

    With ``positive=True`` and ``sd`` the lognormal has MEAN ``centre``; with ``relative`` it has
    MEDIAN ``centre`` and the interval from centre / (1 + relative) to centre * (1 + relative).

    Args:
        centre: Mean of the normal; mean or median of the lognormal.

        sd: Standard deviation, in the unit of the centre.

        relative: Half-width of the central interval as a share of the centre.

        confidence: Mass of that interval, inside (0, 1).

        positive: Whether values below zero are impossible.

        name: A label; it decides the random stream.

    Returns:
        The number.

    Raises:
        ParameterError: If neither or both spreads are given, a spread is not positive, or the
            centre of a positive number is not.

    Examples:
        >>> from attrition import about
        >>> low, high = about(44_000, relative=0.1, confidence=0.9, positive=True).interval(0.9)
        >>> round(low), round(high)
        (40000, 48400)
    """
    middle = as_float(centre, "centre")
    if positive and middle <= 0.0:
        message = (
            f"centre is {middle:g}: expected more than 0 with positive=True. "
            f"Leave positive=True out for a number that may be negative."
        )
        raise ParameterError(message)
    if sd is not None and relative is None and confidence is None:
        return new_leaf(_about_sd(middle, sd, positive=positive), name)
    if sd is None and relative is not None and confidence is not None:
        return new_leaf(_about_share(middle, relative, confidence, positive=positive), name)
    message = (
        f"about({middle:g}) has sd={sd}, relative={relative}, confidence={confidence}: expected "
        f"one statement of spread. Type sd=2_000, or relative=0.10 with confidence=0.9."
    )
    raise ParameterError(message)


def between(
    low: Number,
    high: Number,
    *,
    confidence: Number,
    family: Literal["lognormal", "normal"],
    name: str | None = None,
) -> Uncertain:
    """
    A number by its central interval.

    A range in a text does not say how sure it is nor which shape it has, so neither has a
    default.

    Args:
        low: Lower end.

        high: Upper end.

        confidence: Mass between the ends, inside (0, 1).

        family: "lognormal" for what is multiplied and positive, "normal" for what is added.

        name: A label; it decides the random stream.

    Returns:
        The number, with (1 - confidence) / 2 of its mass on either side.

    Raises:
        ParameterError: If the ends are reversed, the family is unknown, or a lognormal has an
            end that is not positive.

    Examples:
        >>> from attrition import between
        >>> afghanistan = between(14_500, 23_000, confidence=0.9, family="lognormal")
        >>> round(afghanistan.median())
        18262
    """
    bottom, top = increasing(low, high, example=_BETWEEN)
    width = 2.0 * half_score(confidence)
    if family == "normal":
        return new_leaf(Normal(0.5 * bottom + 0.5 * top, (top - bottom) / width), name)
    if family != "lognormal":
        message = (
            f'family is {family!r}: expected "lognormal" or "normal". '
            f'Counts and ratios are usually family="lognormal".'
        )
        raise ParameterError(message)
    if bottom <= 0.0:
        message = (
            f"low is {bottom:g}: expected more than 0 for a lognormal. "
            f'Type family="normal" for a number that may be negative.'
        )
        raise ParameterError(message)
    sigma = math.log(top / bottom) / width
    return new_leaf(LogNormal(math.sqrt(bottom) * math.sqrt(top), sigma), name)


def share(low: Number, high: Number, *, confidence: Number, name: str | None = None) -> Uncertain:
    """
    A share by its central interval, normal in its log odds and so inside (0, 1).

    Args:
        low: Lower end, above 0.

        high: Upper end, below 1.

        confidence: Mass between the ends, inside (0, 1).

        name: A label; it decides the random stream.

    Returns:
        The share.

    Raises:
        ParameterError: If an end is not inside (0, 1) or the ends are reversed.

    References:
        Aitchison, J. and Shen, S. M. (1980). Logistic-normal distributions.
        doi:10.1093/biomet/67.2.261

    Examples:
        >>> from attrition import share
        >>> returned = share(0.4, 0.7, confidence=0.9)
        >>> round(returned.median(), 3)
        0.555
    """
    bottom, top = increasing(low, high, example="share(0.4, 0.7, confidence=0.9)")
    if bottom <= 0.0 or top >= 1.0:
        message = (
            f"a share from {bottom:g} to {top:g}: expected both ends inside (0, 1). "
            f"Write 40 to 70 per cent as share(0.4, 0.7, confidence=0.9)."
        )
        raise ParameterError(message)
    odds_low, odds_high = math.log(bottom / (1.0 - bottom)), math.log(top / (1.0 - top))
    sigma = (odds_high - odds_low) / (2.0 * half_score(confidence))
    return new_leaf(LogitNormal(0.5 * (odds_low + odds_high), sigma), name)


def at_least(low: Number, *, median: Number, name: str | None = None) -> Uncertain:
    """
    A number that is at least ``low``, with an exponential excess.

    A floor says nothing about how far above it the truth lies, so the median has no default.

    Args:
        low: No value is below it.

        median: As likely exceeded as not; above ``low``.

        name: A label; it decides the random stream.

    Returns:
        The number.

    Raises:
        ParameterError: If the median is not above ``low``.

    Examples:
        >>> from attrition import at_least
        >>> names = at_least(1_562, median=9_000)
        >>> round(names.ppf(0.05)), round(names.median())
        (2112, 9000)
    """
    bottom, middle = increasing(
        low, median, names=("low", "median"), example="at_least(1_562, median=9_000)"
    )
    return new_leaf(Affine(Exponential(middle - bottom), bottom, 1.0), name)


def at_most(high: Number, *, median: Number, name: str | None = None) -> Uncertain:
    """
    A number that is at most ``high``, with an exponential shortfall.

    Args:
        high: No value is above it.

        median: As likely exceeded as not; below ``high``.

        name: A label; it decides the random stream.

    Returns:
        The number; it has mass below zero unless the median is close to ``high``.

    Raises:
        ParameterError: If the median is not below ``high``.

    Examples:
        >>> from attrition import at_most
        >>> at_most(480, median=460).support()
        (-inf, 480.0)
    """
    middle, top = increasing(
        median, high, names=("median", "high"), example="at_most(480, median=460)"
    )
    return new_leaf(Affine(Exponential(top - middle), top, -1.0), name)


def uniform(low: Number, high: Number, *, name: str | None = None) -> Uncertain:
    """
    A number anywhere between two hard bounds.

    Args:
        low: No value is below it.

        high: No value is above it.

        name: A label; it decides the random stream.

    Returns:
        The number.

    Raises:
        ParameterError: If the bounds are reversed or equal.

    Examples:
        >>> from attrition import uniform
        >>> uniform(0.4, 0.7).support()
        (0.4, 0.7)
    """
    bottom, top = increasing(low, high, example="uniform(0.4, 0.7)")
    return new_leaf(Uniform(bottom, top), name)


def rounded(value: Number, *, to: Number, name: str | None = None) -> Uncertain:
    """
    A number that was rounded: anywhere among what rounds to it.

    Args:
        value: The rounded number.

        to: What it was rounded to, for example 1_000.

        name: A label; it decides the random stream.

    Returns:
        The number, uniform over ``value`` plus or minus half of ``to``.

    Raises:
        ParameterError: If ``to`` is not positive.

    Examples:
        >>> from attrition import rounded
        >>> rounded(44_000, to=1_000).support()
        (43500.0, 44500.0)
    """
    centre, half = as_float(value, "value"), 0.5 * positive(to, "to")
    return new_leaf(Uniform(centre - half, centre + half), name)


def _about_sd(centre: float, sd: Number, *, positive: bool) -> Law:
    spread = _positive(sd, "sd")
    if not positive:
        return Normal(centre, spread)
    part = spread / centre
    variance = math.log1p(part * part)
    return LogNormal(centre * math.exp(-0.5 * variance), math.sqrt(variance))


def _about_share(centre: float, relative: Number, confidence: Number, *, positive: bool) -> Law:
    part, score = _positive(relative, "relative"), half_score(confidence)
    if positive:
        return LogNormal(centre, math.log1p(part) / score)
    if centre == 0.0:
        message = (
            "centre is 0: a spread relative to 0 is no spread. "
            "Type about(0, sd=...) with a spread of its own."
        )
        raise ParameterError(message)
    return Normal(centre, abs(centre) * part / score)


_positive = positive
