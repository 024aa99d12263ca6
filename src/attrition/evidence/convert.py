"""From one category to another, by a casualty mix."""

import attrs

from attrition.accounts.category import Category, checked_category
from attrition.accounts.checks import checked
from attrition.accounts.losses import Bound, LossEstimate, Unit
from attrition.accounts.statement import same_statement
from attrition.errors import CategoryError, EstimateError, MixError
from attrition.evidence.mix import CasualtyMix

__all__ = ["convert"]


def convert(estimate: LossEstimate, *, to: Category, mix: CasualtyMix) -> LossEstimate:
    """
    The same losses in another category.

    The result is tied to the count and to the mix: converting one estimate twice with
    one mix gives parts that add up in every draw.

    Args:
        estimate: A central estimate of persons.

        to: The category wanted.

        mix: How the losses divide. It must be known from elsewhere: a mix that was
            estimated from this very count would use it twice.

    Returns:
        The estimate of the same period, side and source.

    Raises:
        EstimateError: If the estimate is a floor or a ceiling.

        CategoryError: If it counts cases.

        MixError: If the mix does not determine both categories, or was estimated from
            this very count.

    Examples:
        >>> from attrition import Period, about, between
        >>> lost = LossEstimate.central(
        ...     count=about(31_680, relative=0.08, confidence=0.9),
        ...     category=Category.KILLED_AND_WOUNDED,
        ...     period=Period.month(2026, 1),
        ...     side="Russia",
        ... )
        >>> mix = CasualtyMix.from_ratios(between(2.3, 3.4, confidence=0.9, family="lognormal"))
        >>> print(convert(lost, to=Category.KILLED, mix=mix))
        8,334 (7,043 to 9,791 at 90 %) KILLED, January 2026, Russia, central
    """
    checked(estimate, LossEstimate, "estimate", example="LossEstimate.central(...)")
    checked(mix, CasualtyMix, "mix", example="CasualtyMix.from_ratios(...)")
    checked_category(to, "to")
    if estimate.category.may_compare(to):
        return estimate
    _refuse_what_no_mix_reaches(estimate)
    _refuse_circle(estimate, mix)
    ratio = mix.ratio(to, per=estimate.category)
    return attrs.evolve(estimate, count=estimate.count * ratio, category=to)


def _refuse_what_no_mix_reaches(estimate: LossEstimate) -> None:
    if estimate.unit is not Unit.PERSONS:
        raise CategoryError(
            f"cannot convert CASES of {estimate.category}: a mix divides persons, and one person "
            f"may be several cases. Convert an estimate with unit=Unit.PERSONS."
        )
    if estimate.bound is not Bound.CENTRAL:
        name = estimate.bound.value
        raise EstimateError(
            f"cannot convert a {name}: times an uncertain ratio it is no {name} any more. "
            f"Convert LossEstimate.central(...), a statement of how many there were."
        )


def _refuse_circle(estimate: LossEstimate, mix: CasualtyMix) -> None:
    for used in mix.estimated_from:
        tied = used.count.value is None and used.count == estimate.count
        if tied or same_statement(used, estimate):
            raise MixError(
                f"the mix was estimated from this very count ({estimate}): converting would use "
                f"it twice and look surer than it is. Combine the figures with reconcile, or "
                f"take a mix known from elsewhere."
            )
