"""How much more than the truth a source reports, and its figures without that."""

import attrs

from attrition.accounts.checks import checked
from attrition.accounts.losses import Bound, LossEstimate
from attrition.accounts.quantities import check_ratio
from attrition.errors import EstimateError, PeriodError
from attrition.evidence.compare import compare
from attrition.uncertain import Uncertain, UncertainLike

__all__ = ["debias", "implied_bias"]


def debias(estimate: LossEstimate, *, factor: UncertainLike) -> LossEstimate:
    """
    The estimate divided by what its source reports for each true loss.

    The direction: a factor above 1 means that the source exaggerates, and makes the count
    smaller; own sides, which report fewer than there were, have a factor below 1.

    Args:
        estimate: A central estimate.

        factor: Reported losses per true loss. It should be uncertain, and known from
            elsewhere than from this very figure. One object for all figures of a source
            keeps its error in all of them.

    Returns:
        The estimate of the same period, side and category, tied to the count and the factor;
        its source is marked as ``debiased``.

    Raises:
        EstimateError: If the estimate is a floor or a ceiling, was debiased before, or the
            factor can be negative.

    Examples:
        >>> from datetime import date
        >>> from attrition import Category, Period, Source, about, between
        >>> staff = Source(name="Staff", published=date(2026, 2, 1), aligned_with="Ukraine")
        >>> claimed = LossEstimate.central(
        ...     count=about(31_680, relative=0.08, confidence=0.9),
        ...     category=Category.KILLED_AND_WOUNDED,
        ...     period=Period.month(2026, 1),
        ...     side="Russia",
        ...     source=staff,
        ... )
        >>> bias = between(1.1, 1.5, confidence=0.9, family="lognormal", name="staff bias")
        >>> found = debias(claimed, factor=bias)
        >>> print(found.count)
        24,640 (20,678 to 29,320 at 90 %)
        >>> found.source.debiased
        True
    """
    checked(estimate, LossEstimate, "estimate", example="LossEstimate.central(...)")
    if estimate.bound is not Bound.CENTRAL:
        raise EstimateError(
            f"cannot debias a {estimate.bound.value} ({estimate}): divided by an uncertain factor "
            f"it is no {estimate.bound.value} any more. Debias LossEstimate.central(...), with "
            f"the count that the source claims."
        )
    source = estimate.source
    if source is not None and source.debiased:
        raise EstimateError(
            f"{source} was debiased before: twice would divide by the bias twice. Debias the "
            f"estimate as the source stated it."
        )
    number = Uncertain.of(factor)
    check_ratio(number, "factor", error=EstimateError)
    marked = None if source is None else attrs.evolve(source, debiased=True)
    return attrs.evolve(estimate, count=estimate.count / number, source=marked)


def implied_bias(
    claimed: LossEstimate, reference: LossEstimate, *, correlation: float | None = None
) -> Uncertain:
    """
    Reported losses per true loss, if the reference is the truth.

    It is the factor that :func:`debias` takes, for other figures of the same source: on the
    claim itself it would only give the reference back.

    Args:
        claimed: What the source reports.

        reference: The same losses as somebody else found them.

        correlation: Between the errors of the two; see :func:`~attrition.compare`.

    Returns:
        The ratio, tied to both counts; read its median and interval.

    Raises:
        EstimateError: If one is a floor or a ceiling, or the sides differ.

        PeriodError: If the periods differ.

        CategoryError: If the two count different outcomes, or in different units.

        DependenceError: If the two go back to one speaker and no correlation is given.

    Examples:
        >>> from attrition import Category, Period, between
        >>> claimed, found = (
        ...     LossEstimate.central(
        ...         count=count, category=Category.KILLED, period=Period.year(2025), side="Russia"
        ...     )
        ...     for count in (
        ...         between(120_000, 150_000, confidence=0.9, family="lognormal"),
        ...         between(90_000, 120_000, confidence=0.9, family="lognormal"),
        ...     )
        ... )
        >>> print(implied_bias(claimed, found))
        1.291 (1.076 to 1.549 at 90 %)
    """
    for estimate, what in ((claimed, "claimed"), (reference, "reference")):
        checked(estimate, LossEstimate, what, example="LossEstimate.central(...)")
    _refuse_other_losses(claimed, reference)
    return compare(claimed, reference, correlation=correlation).ratio


def _refuse_other_losses(claimed: LossEstimate, reference: LossEstimate) -> None:
    if claimed.side != reference.side:
        raise EstimateError(
            f"the claim is on the losses of {claimed.side} and the reference on those of "
            f"{reference.side}: expected the same losses, counted twice. Take a reference on "
            f"{claimed.side}."
        )
    if claimed.period != reference.period:
        raise PeriodError(
            f"the claim is of {claimed.period} and the reference of {reference.period}: expected "
            f"the same losses, counted twice. Take a reference of {claimed.period}."
        )
