"""From one category to another, by a casualty mix."""

import attrs

from attrition.accounts.category import Category, checked_category
from attrition.accounts.checks import checked
from attrition.accounts.losses import Bound, LossEstimate, Unit
from attrition.accounts.statement import same_statement
from attrition.errors import CategoryError, EstimateError, MixError
from attrition.evidence.mix import CasualtyMix
from attrition.evidence.naming import named
from attrition.evidence.sampling import sampled_count, warn_if_small
from attrition.uncertain import Uncertain

__all__ = ["convert"]


def convert(
    estimate: LossEstimate, *, to: Category, mix: CasualtyMix, sampling: bool | None = None
) -> LossEstimate:
    """
    The same losses in another category.

    The result is tied to the count and to the mix: converting one estimate twice with
    one mix gives parts that add up in every draw.

    Args:
        estimate: A central estimate of persons.

        to: The category wanted.

        mix: How the losses divide. It must be known from elsewhere: a mix that was
            estimated from this very count would use it twice.

        sampling: Whether to add the chance in who of those counted was hit how: their
            outcomes are then drawn from the shares, as a multinomial. False leaves it out,
            and None too, with a warning where it matters.

    Returns:
        The estimate of the same period, side and source.

    Raises:
        EstimateError: If the estimate is a floor or a ceiling.

        CategoryError: If it counts cases.

        MixError: If the mix does not determine both categories, or was estimated from
            this very count; or if people are to be sampled who were not counted.

    Warns:
        SmallCountWarning: If fewer than 400 people are converted, or converted to, and
            ``sampling`` does not say what to do.

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

        Of 60 people chance is most of what is not known.

        >>> from attrition import exactly
        >>> few = attrs.evolve(lost, count=exactly(60))
        >>> print(convert(few, to=Category.KILLED, mix=mix, sampling=False).count)
        15.80 (13.64 to 18.18 at 90 %)
        >>> print(convert(few, to=Category.KILLED, mix=mix, sampling=True).count)
        16.0 (10.0 to 22.0 at 90 %)
    """
    checked(estimate, LossEstimate, "estimate", example="LossEstimate.central(...)")
    checked(mix, CasualtyMix, "mix", example="CasualtyMix.from_ratios(...)")
    checked_category(to, "to")
    if estimate.category.may_compare(to):
        return estimate
    _refuse_what_no_mix_reaches(estimate)
    _refuse_circle(estimate, mix)
    ratio = _ratio(estimate, to, mix)
    if sampling is None:
        warn_if_small(estimate, to, ratio)
    count = sampled_count(estimate, to, mix) if sampling else estimate.count * ratio
    return attrs.evolve(estimate, count=count, category=to)


def _ratio(estimate: LossEstimate, to: Category, mix: CasualtyMix) -> Uncertain:
    try:
        return mix.ratio(to, per=estimate.category)
    except MixError as refusal:
        raise MixError(f"cannot convert {named(estimate)} to {to}: {refusal}") from None


def _refuse_what_no_mix_reaches(estimate: LossEstimate) -> None:
    if estimate.unit is not Unit.PERSONS:
        raise CategoryError(
            f"cannot convert {named(estimate)}, which counts CASES: a mix divides persons, and one "
            f"person may be several cases. Convert an estimate with unit=Unit.PERSONS."
        )
    if estimate.bound is not Bound.CENTRAL:
        name = estimate.bound.value
        raise EstimateError(
            f"cannot convert a {name} ({named(estimate)}): times an uncertain ratio it is no "
            f"{name} any more. Convert LossEstimate.central(...), a statement of how many there "
            f"were."
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
