"""One number from several estimates of it."""

from collections.abc import Iterable, Sequence

import numpy.typing as npt

from attrition.accounts.losses import Bound
from attrition.errors import PoolError
from attrition.evidence.alike import refuse_copies, refuse_other_unknowns, warn_of_interests
from attrition.evidence.pooled import Pooled, pooled_of
from attrition.evidence.recipe import Between, PoolMethod, PoolScale, checked_recipe
from attrition.evidence.records import R, bound_of, checked_records, named_record

__all__ = ["pool"]

TOLD_OF_COPIES = ("dependent", "conservative")
"""Methods that do not take the errors of the estimates for independent."""


def pool(
    estimates: Iterable[R],
    *,
    method: PoolMethod,
    scale: PoolScale | None = None,
    heterogeneity: Between | None = None,
    weights: Sequence[float] | None = None,
    correlation: npt.ArrayLike | None = None,
    name: str | None = None,
) -> Pooled[R]:
    """
    One number from several estimates of it.

    Each estimate is taken as evidence of one and the same number; the result is a new unknown,
    tied to none of them. No method makes two copies of one source into two sources.

    Args:
        estimates: LossEstimates of one category, unit, period and side, or RecruitmentRates of
            one unit of time, stage, period and side. At least one is central; floors and
            ceilings with a known number cut the pool.

        method: What is believed of the sources.

            * ``"linear"``: one of them is right, and nobody knows which; the mixture of their
              laws.
            * ``"log"``: what all hold possible; the product of their densities, each to the
              power of its weight, and only where each has a density.
            * ``"fixed"``: all measure one true value with independent errors of the stated
              spread; inverse variances as weights.
            * ``"random"``: each measures a true value of its own, and these scatter around the
              one that is asked for; independent errors. A Student law after Hartung and
              Knapp, modified so that its scale is never below the stated one.
            * ``"dependent"``: as fixed, with the stated ``correlation`` of the errors.
            * ``"conservative"``: as fixed, with an unknown correlation; covariance intersection.

        scale: ``"natural"`` where errors add, ``"log"`` where they multiply. Required, but for
            "linear" and "log", which give the same on every scale.

        heterogeneity: How "random" estimates the variance between sources, ``"Paule-Mandel"``
            or ``"DerSimonian-Laird"``. Required there.

        weights: One for each central estimate, with the sum 1. Equal ones for "linear" and
            "log" when None; for "conservative", where they divide the precisions, all on
            the most precise.

        correlation: For "dependent", one number for the errors of every two central estimates,
            or a matrix of shape (n, n), on the scale of the pool.

        name: A label of the pooled number; it decides its random stream.

    Returns:
        The pool, with weights and heterogeneity; its ``estimate`` is a record like the others.

    Raises:
        PoolError: If the method is unknown, lacks an option or has one too many, weights do not
            fit, an estimate has no spread or no density where one is needed, or floors and
            ceilings contradict the pool.

        CategoryError: If estimates count different people, or in different units.

        EstimateError: If there are none, or they are of different sides.

        PeriodError: If they are for different periods.

        DependenceError: If two go back to one speaker and the method is neither "dependent"
            nor "conservative"; if two rest on the same unknowns and it is "fixed" or "random";
            or if a correlation is none, or gives a weight outside [0, 1].

    Warns:
        InterestWarning: If "random" runs over a side's own figure and its adversary's.

    References:
        DerSimonian, R. and Laird, N. (1986). Meta-analysis in clinical trials.
        doi:10.1016/0197-2456(86)90046-2

        Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors.
        doi:10.6028/jres.087.022

        Röver, C., Knapp, G. and Friede, T. (2015). Hartung-Knapp-Sidik-Jonkman approach and its
        modification for random-effects meta-analysis with few studies.
        doi:10.1186/s12874-015-0091-1

        Julier, S. J. and Uhlmann, J. K. (1997). A non-divergent estimation algorithm in the
        presence of unknown correlations. doi:10.1109/ACC.1997.609105

        Genest, C. and Zidek, J. V. (1986). Combining probability distributions: a critique and
        an annotated bibliography. doi:10.1214/ss/1177013825

    Examples:
        >>> from attrition import Category, LossEstimate, Period, about
        >>> claims = [
        ...     LossEstimate.central(
        ...         count=about(count, sd=sd), category=Category.KILLED_AND_WOUNDED,
        ...         period=Period.month(2025, 12), side="Russia",
        ...     )
        ...     for count, sd in ((35_050, 1_500), (31_000, 2_500), (28_000, 4_000))
        ... ]
        >>> print(pool(claims, method="random", heterogeneity="Paule-Mandel", scale="natural"))
        estimate           people                             weight
        -----------------  ---------------------------------  ------
        estimates[0]       35,050 (32,583 to 37,517 at 90 %)    50 %
        estimates[1]       31,000 (26,888 to 35,112 at 90 %)    33 %
        estimates[2]       28,000 (21,421 to 34,579 at 90 %)    18 %
        pooled             32,484 (26,811 to 38,157 at 90 %)
        inside its bounds  32,489 (26,920 to 38,163 at 90 %)
        random, Paule-Mandel, natural scale; Q 3.95 where 2 is expected, I2 49 %; tau 2,310
    """
    records = checked_records(estimates)
    places = enumerate(records)
    central = [(at, one) for at, one in places if bound_of(one) is Bound.CENTRAL]
    if not central:
        names = ", ".join(named_record(at, one) for at, one in enumerate(records))
        raise PoolError(
            f"estimates holds floors and ceilings only ({names}): nothing says how many there "
            f"were between them. Add LossEstimate.central(...), with the count that you believe."
        )
    recipe = checked_recipe(
        method=method,
        scale=scale,
        heterogeneity=heterogeneity,
        weights=weights,
        correlation=correlation,
        count=len(central),
    )
    refuse_other_unknowns(records)
    if method not in TOLD_OF_COPIES:
        refuse_copies(central, method=method)
    if method == "random":
        warn_of_interests(central)
    return pooled_of(records, recipe, name=name)
