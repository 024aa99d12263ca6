"""What several estimates of one number say together."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, Literal, final

import attrs

from attrition.accounts.losses import Bound
from attrition.accounts.quantities import SHOWN, people_text
from attrition.errors import PoolError
from attrition.evidence.bounded import limits_of, within
from attrition.evidence.combine import combine
from attrition.evidence.recipe import Recipe
from attrition.evidence.records import (
    R,
    bound_of,
    figure_of,
    named_record,
    per_text,
    source_of_all,
    with_figure,
)
from attrition.uncertain import Uncertain
from attrition.words import ForestRow, forest, percent, significant, text_table

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["Pooled", "pooled_of"]

OPEN_TO: dict[Bound, Literal["left", "right"] | None] = {
    Bound.CENTRAL: None,
    Bound.FLOOR: "right",
    Bound.CEILING: "left",
}
"""Where a forest plot draws an arrow."""

DIGITS = 3
"""Significant digits of Q and of the spread between sources in texts."""


@final
@attrs.frozen(kw_only=True)
class Pooled(Generic[R]):
    """
    What several estimates of one number say together.

    Attributes:
        estimate: The pooled estimate, of the same people and period. Its number is a new
            unknown, inside every floor and ceiling and not below zero; its source is
            derived from all sources of the estimates.

        number: The same before floors, ceilings and zero cut it; the same unknown as that of
            the estimate where they cut nothing.

        weights: Of the central estimates, in their order; they sum to one. For a pool of whole
            distributions how likely each is to be the one to believe ("linear") or the power
            of its density ("log").

        q: Cochran's Q, squared distances from the pool in units of the stated spreads. With one
            true value and right spreads it is about the number of estimates less one. None
            for "linear", "log" and "conservative".

        i2: The share of Q beyond that number, at least 0: how much of the disagreement the
            stated spreads do not explain. None where Q is.

        tau2: The variance of the true values between sources that the pool works with, on its
            scale: squared people, or the square of a share on the log scale. 0 for "fixed" and
            "dependent", which take one true value for granted; None where Q is.

        estimates: All that was given, floors and ceilings included.

        recipe: The method and its options.

    Examples:
        >>> from attrition import Category, LossEstimate, Period, about, pool
        >>> claims = [
        ...     LossEstimate.central(
        ...         count=about(count, sd=sd), category=Category.KILLED_AND_WOUNDED,
        ...         period=Period.month(2025, 12), side="Russia",
        ...     )
        ...     for count, sd in ((35_050, 1_500), (31_000, 2_500), (28_000, 4_000))
        ... ]
        >>> found = pool(claims, method="fixed", scale="natural")
        >>> round(found.number.mean(), 2), round(found.number.std(), 2), round(found.q, 4)
        (33417.74, 1224.49, 3.9539)
    """

    estimate: R
    number: Uncertain
    weights: tuple[float, ...]
    q: float | None
    i2: float | None
    tau2: float | None
    estimates: tuple[R, ...]
    recipe: Recipe

    def leave_one_out(self) -> tuple["Pooled[R]", ...]:
        """
        The pools without each of the central estimates in turn, in their order.

        A pool that moves by more than its spread when one estimate is left out rests on that
        estimate. Weights of the caller keep their ratios.

        Raises:
            PoolError: If there is no estimate left to pool, or the method needs two.

            DependenceError: If the correlations that are left give a weight below zero.

        Examples:
            >>> from attrition import Category, LossEstimate, Period, about, pool
            >>> claims = [
            ...     LossEstimate.central(
            ...         count=about(count, sd=1_500), category=Category.KILLED,
            ...         period=Period.month(2025, 12), side="Russia",
            ...     )
            ...     for count in (9_000, 9_300, 12_000)
            ... ]
            >>> found = pool(claims, method="fixed", scale="natural")
            >>> [round(one.number.mean()) for one in found.leave_one_out()]
            [10650, 10500, 9150]
        """
        if len(self.weights) == 1:
            raise PoolError(
                f"cannot leave out {named_record(0, self.estimates[0])}, the only central "
                f"estimate: expected at least two. Pool more of them first."
            )
        return tuple(
            pooled_of(_without(self.estimates, at), self.recipe.without(place))
            for place, at in enumerate(_central(self.estimates))
        )

    def plot(self, ax: "matplotlib.axes.Axes | None" = None) -> "matplotlib.axes.Axes":
        """
        A forest plot: each estimate with its 90 % interval, and the pool below them.

        Squares are as large as the weights; floors and ceilings are arrows to the side that
        they leave open.

        Args:
            ax: Axes to draw on; new ones unless given.

        Returns:
            The axes.
        """
        if ax is None:
            from matplotlib import pyplot as plt

            height = 1.2 + 0.4 * (len(self.estimates) + 1)
            ax = plt.subplots(figsize=(9.0, height), layout="constrained")[1]
        forest(ax, self._rows(), self._row(), confidence=SHOWN)
        ax.set_xlabel(f"people{per_text(self.estimate)}, with {percent(SHOWN)} intervals")
        return ax

    def _rows(self) -> list[ForestRow]:
        weights = iter(self.weights)
        rows = []
        for at, one in enumerate(self.estimates):
            number = figure_of(one)
            low, high = number.interval(SHOWN)
            open_to = OPEN_TO[bound_of(one)]
            weight = next(weights) if open_to is None else None
            label = _label(at, one)
            rows.append(ForestRow(label, number.median(), low, high, weight, open_to))
        return rows

    def _row(self) -> ForestRow:
        number = figure_of(self.estimate)
        low, high = number.interval(SHOWN)
        return ForestRow("pooled", number.median(), low, high, None, None)

    def __str__(self) -> str:
        weights = iter(self.weights)
        rows = [
            [
                _label(at, one),
                people_text(figure_of(one)),
                percent(next(weights)) if bound_of(one) is Bound.CENTRAL else bound_of(one).value,
            ]
            for at, one in enumerate(self.estimates)
        ]
        rows.append(["pooled", people_text(self.number), ""])
        if figure_of(self.estimate) != self.number:
            rows.append(["inside its bounds", people_text(figure_of(self.estimate)), ""])
        table = text_table(["estimate", "people", "weight"], rows, align="llr")
        return f"{table}\n{self._method_text()}"

    def _method_text(self) -> str:
        recipe = self.recipe
        how = [recipe.method, recipe.heterogeneity, recipe.scale and f"{recipe.scale} scale"]
        text = ", ".join(part for part in how if part)
        if self.q is None or self.i2 is None or self.tau2 is None:
            return text
        q, tau = (f"{significant(x, DIGITS):,.10g}" for x in (self.q, math.sqrt(self.tau2)))
        unit = " of the logarithm" if recipe.scale == "log" else ""
        spread = f"; tau {tau}{unit}" if self.tau2 > 0.0 else ""
        expected = len(self.weights) - 1
        return f"{text}; Q {q} where {expected} is expected, I2 {percent(self.i2)}{spread}"


def _label(at: int, record: R) -> str:
    return f"estimates[{at}]" if record.source is None else str(record.source)


def _central(records: Sequence[R]) -> list[int]:
    """The places of the central estimates."""
    return [at for at, one in enumerate(records) if bound_of(one) is Bound.CENTRAL]


def _without(records: tuple[R, ...], at: int) -> tuple[R, ...]:
    return tuple(one for place, one in enumerate(records) if place != at)


def pooled_of(records: tuple[R, ...], recipe: Recipe, *, name: str | None = None) -> Pooled[R]:
    """
    The pool of records that are known to fit together.

    Examples:
        >>> from attrition import Category, LossEstimate, Period, about
        >>> one = LossEstimate.central(
        ...     count=about(9_000, sd=800), category=Category.KILLED,
        ...     period=Period.year(2025), side="Russia",
        ... )
        >>> pooled_of((one,), Recipe(method="linear")).weights
        (1.0,)
    """
    central = _central(records)
    bounds = [(at, one) for at, one in enumerate(records) if at not in central]
    names = [named_record(at, records[at]) for at in central]
    found = combine([figure_of(records[at]) for at in central], names, recipe)
    number, cut = within(found.law, limits_of(bounds), bounds, in_log=found.in_log, name=name)
    return Pooled(
        estimate=with_figure(records[central[0]], cut, source_of_all(records, "pool")),
        number=number,
        weights=found.weights,
        q=found.q,
        i2=found.i2,
        tau2=found.tau2,
        estimates=records,
        recipe=recipe,
    )
