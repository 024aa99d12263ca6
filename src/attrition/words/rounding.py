"""Rounding for print: as many digits as the uncertainty allows, and no more."""

import math
import typing
from decimal import ROUND_HALF_EVEN, Context, Decimal

import attrs

from attrition._typing import Number
from attrition.errors import WordError
from attrition.words.checks import plain_number

__all__ = ["RoundedPair", "people", "percent", "rounded_pair", "significant"]

# GUM (JCGM 100:2008), 7.2.6: at most two significant digits of the uncertainty.
_GUM_DIGITS = (1, 2)

# Particle Data Group, Review of Particle Physics, Introduction, 5.3: the three
# leading digits of the error decide: up to 354 two are kept, up to 949 one, and
# from there on it becomes 1000 with two kept.
_PDG_TWO_UP_TO = 354

_WHOLE = 100.0  # The whole, in per cent.

# Every double has an exact decimal with fewer digits than this.
_EXACTLY = Context(prec=1_100, rounding=ROUND_HALF_EVEN)


@typing.final
@attrs.frozen(kw_only=True)
class RoundedPair:
    """
    An estimate and its standard uncertainty, cut at the same decimal place.

    Attributes:
        estimate: The estimate, rounded.

        uncertainty: The uncertainty, rounded.

        place: Power of ten of the last digit that was kept; 2 means hundreds.

    Examples:
        >>> print(rounded_pair(44_123, 2_987))
        44,100 ± 3,000
    """

    estimate: float
    uncertainty: float
    place: int

    def __str__(self) -> str:
        decimals = max(0, -self.place)
        return f"{self.estimate:,.{decimals}f} ± {self.uncertainty:,.{decimals}f}"


def rounded_pair(
    estimate: Number, uncertainty: Number, *, digits: int | typing.Literal["pdg"] = 2
) -> RoundedPair:
    """
    The uncertainty to one or two significant digits, and the estimate to match.

    Args:
        estimate: The estimate.

        uncertainty: Its standard uncertainty, above zero.

        digits: Significant digits of the uncertainty, 1 or 2 (GUM 7.2.6), or "pdg"
            to let its leading digits decide, so that rounding never changes it much.

    Returns:
        The pair; ``print`` shows it with thousands separators.

    Raises:
        WordError: If a number is not finite, the uncertainty is not above zero, or
            the digits are none of these.

    Examples:
        >>> print(rounded_pair(44_123, 2_987, digits=1))
        44,000 ± 3,000
        >>> print(rounded_pair(0.827, 0.119, digits="pdg"))
        0.83 ± 0.12
        >>> rounded_pair(44_123, 2_987)
        RoundedPair(estimate=44100.0, uncertainty=3000.0, place=2)

    References:
        JCGM 100:2008, Guide to the expression of uncertainty in measurement, 7.2.6.

        Particle Data Group, Review of Particle Physics, Introduction, 5.3.
    """
    centre, error = _finite(estimate), _finite(uncertainty)
    if error <= 0.0:
        raise WordError(
            f"cannot round to an uncertainty of {error:g}: expected a number above zero. "
            f"Print a number that is exactly known with people({centre:g})."
        )
    place = _place(error, digits)
    return RoundedPair(
        estimate=_round_at(centre, place), uncertainty=_round_at(error, place), place=place
    )


def significant(x: Number, digits: int) -> float:
    """
    The number with so many significant digits; a tie goes to the even digit.

    It rounds the decimal number that Python shows, so that 2.675 is a tie.

    Args:
        x: A finite number.

        digits: How many digits to keep, at least 1.

    Raises:
        WordError: If x is not finite or no digit is left.

    Examples:
        >>> significant(44_123, 2)
        44000.0
        >>> significant(0.012345, 3)
        0.0123
    """
    number = _finite(x)
    if isinstance(digits, bool) or digits < 1:
        raise WordError(
            f"cannot keep {digits!r} significant digits: expected a whole number from 1. "
            "Write significant(x, 3)."
        )
    return _round_at(number, _leading(number) - digits + 1)


def people(x: Number) -> str:
    """
    A whole number with thousands separators.

    Args:
        x: A finite number of people.

    Raises:
        WordError: If x is not finite.

    Examples:
        >>> people(44123.2)
        '44,123'
        >>> people(-0.3)
        '0'
    """
    return f"{round(_finite(x)):,}"


def percent(p: Number, *, decimals: int = 0) -> str:
    """
    A share of one in per cent; never "0 %" or "100 %" for what is neither.

    Args:
        p: A share in [0, 1].

        decimals: How many digits after the point.

    Raises:
        WordError: If p is no share.

    Examples:
        >>> percent(0.873)
        '87 %'
        >>> percent(0.9996)
        'above 99 %'
        >>> percent(0.9996, decimals=2)
        '99.96 %'
    """
    share = _finite(p)
    if not 0.0 <= share <= 1.0:
        raise WordError(
            f"cannot print {share:g} as a share in per cent: expected a number in [0, 1]. "
            "Write 87 per cent as percent(0.87)."
        )
    # Rounded as a share: 100 times 0.35065 is no longer the tie that is shown.
    rounded = _round_at(share, -decimals - 2)
    step = 10.0**-decimals
    if rounded == 0.0 < share:
        return f"below {step:.{decimals}f} %"
    if rounded == 1.0 > share:
        return f"above {_WHOLE - step:.{decimals}f} %"
    return f"{_WHOLE * rounded:.{decimals}f} %"


def _finite(x: object) -> float:
    number = plain_number(x)
    if number is None or not math.isfinite(number):
        raise WordError(
            f"cannot print {x!r}: expected a finite number. "
            "Take a number out of an uncertain one with median() or ppf(q)."
        )
    return number


def _leading(x: float) -> int:
    """The power of ten of the first digit; 0 for zero."""
    return Decimal(repr(x)).adjusted() if x else 0


def _round_at(x: float, place: int) -> float:
    rounded = Decimal(repr(x)).quantize(Decimal(1).scaleb(place), context=_EXACTLY)
    # Adding zero turns -0.0 into 0.0.
    return float(rounded) + 0.0


def _place(error: float, digits: int | str) -> int:
    if digits == "pdg":
        return _pdg_place(error)
    if isinstance(digits, bool) or digits not in _GUM_DIGITS:
        raise WordError(
            f"cannot keep {digits!r} digits of an uncertainty: expected 1 or 2 (GUM) or 'pdg'. "
            "Write digits=2."
        )
    # Rounding may carry: 0.0996 to one digit is 0.1, and 0.1 decides the place.
    return _leading(significant(error, int(digits))) - int(digits) + 1


def _pdg_place(error: float) -> int:
    digits = Decimal(repr(error)).normalize().as_tuple().digits
    first_three = int("".join(map(str, (*digits, 0, 0)[:3])))
    if first_three <= _PDG_TWO_UP_TO:
        return _leading(error) - 1
    # From 950 on the carry makes it 10 and keeps two digits: the same place.
    return _leading(error)
