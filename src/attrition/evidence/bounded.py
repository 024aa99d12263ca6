"""A pooled law as a number, and the number with what is known of its bounds."""

import math
from collections.abc import Sequence

import numpy as np

from attrition.accounts.losses import Bound, LossEstimate
from attrition.accounts.recruitment import RecruitmentRate
from attrition.errors import PoolError
from attrition.evidence.records import bound_of, figure_of, named_record
from attrition.uncertain import Uncertain, exp, mixture, truncate
from attrition.uncertain.checks import as_name
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.families import Constant
from attrition.uncertain.law import Law
from attrition.uncertain.mixed import MixtureLaw
from attrition.uncertain.node import Known, Leaf
from attrition.uncertain.support import MASS_IGNORED, mass_below_zero

__all__ = ["Limits", "limits_of", "number_of", "within"]

Limits = tuple[float, float]
"""The least and the largest value that is possible."""

_LEAST_SHARE = 1e-12
"""A part of a mixture with less of the mass inside bounds is left out."""


def number_of(law: Law, *, in_log: bool, name: str | None = None) -> Uncertain:
    """
    A new unknown with a law, or whose logarithm has it.

    A mixture becomes a choice among new unknowns, which is drawn faster than by inversion.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> number_of(Normal(0.0, 0.1), in_log=True).median()
        1.0
    """
    if isinstance(law, Constant):
        return Uncertain(Known(law.value))
    if isinstance(law, MixtureLaw):
        parts = [number_of(part, in_log=in_log) for part in law.parts]
        return mixture(zip(law.weights, parts, strict=True), name=name)
    leaf = Uncertain(Leaf(law, as_name(name)))
    return exp(leaf) if in_log else leaf


def _cut(law: Law, low: float | None, high: float | None, name: str | None) -> Uncertain:
    """A new unknown with a law inside bounds; of a mixture the mixture of its parts inside."""
    if not isinstance(law, MixtureLaw):
        return truncate(number_of(law, in_log=False), low, high, name=name)
    ends = (-math.inf if low is None else low, math.inf if high is None else high)
    shares = [w * _mass(part, ends) for w, part in zip(law.weights, law.parts, strict=True)]
    total = math.fsum(shares)
    pairs = zip(shares, law.parts, strict=True)
    parts = [(s, _cut(part, low, high, None)) for s, part in pairs if s > _LEAST_SHARE * total]
    kept = math.fsum(share for share, _ in parts)
    return mixture([(share / kept, part) for share, part in parts], name=name)


def _mass(law: Law, limits: Limits) -> float:
    """The probability of a number inside limits."""
    low, high = (np.array(end) for end in limits)
    return max(1.0 - float(law.below(low)) - float(law.sf(high)), 0.0)


def limits_of(bounds: Sequence[tuple[int, LossEstimate | RecruitmentRate]]) -> Limits:
    """
    The highest floor and the lowest ceiling.

    Args:
        bounds: Floors and ceilings, each with its place among the estimates.

    Returns:
        The two; minus infinity and infinity where there are none.

    Raises:
        PoolError: If one is not known, or a floor is above a ceiling.

    Examples:
        >>> limits_of([])
        (-inf, inf)
    """
    floors = [_value(*pair) for pair in bounds if bound_of(pair[1]) is Bound.FLOOR]
    ceilings = [_value(*pair) for pair in bounds if bound_of(pair[1]) is Bound.CEILING]
    low, high = max(floors, default=-math.inf), min(ceilings, default=math.inf)
    if low >= high:
        raise PoolError(
            f"{_all_named(bounds)} contradict each other: the highest floor is {low:,.15g} and "
            f"the lowest ceiling {high:,.15g}. Check which of them is for these people."
        )
    return low, high


def _value(at: int, record: LossEstimate | RecruitmentRate) -> float:
    value = figure_of(record).value
    if value is None:
        raise PoolError(
            f"{named_record(at, record)} is a {bound_of(record).value} with a spread: expected a "
            f"known number, as it cuts the pool. Type the value that you are sure of."
        )
    return value


def within(
    law: Law,
    limits: Limits,
    bounds: Sequence[tuple[int, LossEstimate | RecruitmentRate]],
    *,
    in_log: bool,
    name: str | None,
) -> tuple[Uncertain, Uncertain]:
    """
    A pooled law as a number, and that number inside its limits.

    Where nothing is cut the two are one unknown. People are never fewer than none: a law with
    mass below zero is cut there too.

    Args:
        law: Of the number, or of its logarithm.

        limits: The least and the largest value.

        bounds: Where the limits are from, for the message.

        in_log: Whether the law is that of the logarithm.

        name: A label of the second number.

    Raises:
        PoolError: If less than a millionth of the mass lies inside.

    Examples:
        >>> from attrition.uncertain.families import Normal
        >>> pooled, cut = within(Normal(9.0, 1.0), (8.0, 12.0), [], in_log=False, name=None)
        >>> cut.support()
        (8.0, 12.0)
    """
    low, high = limits
    number = number_of(law, in_log=in_log)
    if not in_log and mass_below_zero(number.node) > MASS_IGNORED:
        low = max(low, 0.0)
    _refuse_contradiction(number, (low, high), bounds)
    first, last = number.support()
    if low <= first and last <= high:
        whole = number_of(law, in_log=in_log, name=name)
        return whole, whole
    bottom, top = (_straight(end, in_log=in_log) for end in (low, high))
    cut = _cut(law, bottom, top, name)
    return number, exp(cut) if in_log else cut


def _straight(end: float, *, in_log: bool) -> float | None:
    """A limit on the scale of the law; None where there is none."""
    if in_log:
        with np.errstate(divide="ignore"):
            end = float(np.log(max(end, 0.0)))
    return end if math.isfinite(end) else None


def _refuse_contradiction(
    number: Uncertain,
    limits: Limits,
    bounds: Sequence[tuple[int, LossEstimate | RecruitmentRate]],
) -> None:
    mass = _mass(law_of(number.node), limits)
    if mass < MASS_IGNORED:
        raise PoolError(
            f"the estimates together give {_interval(number)}, and only {mass:.2g} of "
            f"that is possible by {_all_named(bounds)}: they contradict each other. Check whether "
            f"they are for the same people and period, and widen what is too sure."
        )


def _interval(number: Uncertain) -> str:
    low, high = number.interval(0.9)
    return f"{low:,.0f} to {high:,.0f} at 90 %"


def _all_named(bounds: Sequence[tuple[int, LossEstimate | RecruitmentRate]]) -> str:
    return " and ".join(f"the {bound_of(one).value} {named_record(at, one)}" for at, one in bounds)
