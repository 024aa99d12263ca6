"""What strength on a date hangs on: shares of its variance, and one input at a time."""

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.errors import MomentError, ProjectionError
from attrition.projection.controls import controls_of
from attrition.projection.groups import Group, groups_of
from attrition.projection.questions import Future
from attrition.projection.response import Response
from attrition.projection.sobol import Answer, Indices, by_copy, indices, points_of
from attrition.projection.sums import spread
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.lattice import FEWER, SHIFTS
from attrition.uncertain.law import Method
from attrition.uncertain.node import Leaf, Node, evaluate, in_order, unknowns
from attrition.words import new_axes, people, text_table, tornado

if TYPE_CHECKING:
    import matplotlib.axes

__all__ = ["Influence", "Sensitivity", "sensitivity_of"]

_ENDS = np.array([0.05, 0.95])
"""Quantiles of an input at which the mean of strength is looked at."""

_ROUNDING = 1e-12

_VARIED = "mean strength with the input at its 5 % and its 95 % quantile, all others as uncertain"
"""What a tornado varies."""


@final
@attrs.frozen(kw_only=True)
class Influence:
    """
    What one group of inputs does to strength on a date.

    Attributes:
        name: The caller's name of the input, else what it is, such as "losses, level".

        first: The share of the variance that would go if the group alone were known.

        total: The share that would stay if everything but the group were known.

        low: Mean strength where the input is at its 5 % quantile and all others are as uncertain
            as they are; None where no single number moves the group.

        high: The same at its 95 % quantile.

    Examples:
        >>> Influence(name="losses, level", first=0.9, total=0.92, low=7e5, high=6e5).reach
        100000.0
    """

    name: str
    first: float
    total: float
    low: float | None
    high: float | None

    @property
    def reach(self) -> float | None:
        """How far apart ``low`` and ``high`` are."""
        return None if self.low is None or self.high is None else abs(self.high - self.low)


@final
@attrs.frozen(kw_only=True, eq=False, repr=False)
class Sensitivity:
    """
    What strength on a date hangs on.

    Inputs that share an unknown are one group; the groups are independent, so the variance of
    strength is the sum of what each does alone and of what they do together, ``interaction``.

    Attributes:
        on: The date.

        mean: Mean strength.

        std: Its standard deviation.

        groups: By share of the variance in all, the largest first.

        method: How it was found.

        error: The largest numerical standard error of the shares.

        mean_error: The largest numerical standard error of ``low``, ``high`` and ``mean``.

    Examples:
        >>> import attrition as at
        >>> future = at.project(
        ...     at.Force(
        ...         strength=at.about(712_000, sd=20_000), as_of=date(2026, 2, 1), side="Russia",
        ...         basis=at.StrengthBasis.COMMITTED,
        ...     ),
        ...     losses=at.LossProcess(
        ...         level=at.about(44_000, sd=2_500, name="claim"), per=at.Per.MONTH,
        ...         category=at.Category.IRRECOVERABLE, side="Russia",
        ...     ),
        ...     recruitment=at.IntakeProcess(
        ...         level=at.about(35_000, sd=2_000), per=at.Per.MONTH, side="Russia"
        ...     ),
        ...     until=date(2027, 2, 1),
        ... )
        >>> print(future.sensitivity())
        strength on 2027-02-01: mean 604,000, standard deviation 43,313
        input                alone  in all  at its 5 %  at its 95 %
        ------------------  ------  ------  ----------  -----------
        claim               48.0 %  48.0 %     653,346      554,654
        recruitment, level  30.7 %  30.7 %     564,524      643,476
        start               21.3 %  21.3 %     571,103      636,897
        together: 0.0 % of the variance; shares by lattice, standard error up to 0.00 %
        ends: mean strength with the input at its 5 % and its 95 % quantile, all others as uncertain
    """

    on: date
    mean: float
    std: float
    groups: tuple[Influence, ...]
    method: Method
    error: float
    mean_error: float

    @property
    def interaction(self) -> float:
        """The share of the variance that no group has alone."""
        return 1.0 - sum(group.first for group in self.groups)

    @property
    def varied(self) -> str:
        """What ``low`` and ``high`` of the groups are, and so what the tornado shows."""
        return _VARIED

    @property
    def ranked(self) -> tuple[Influence, ...]:
        """The groups that a single number moves, the longest reach first."""
        moved = [group for group in self.groups if group.reach is not None]
        return tuple(sorted(moved, key=lambda group: -(group.reach or 0.0)))

    def plot(self, ax: "matplotlib.axes.Axes | None" = None) -> "matplotlib.axes.Axes":
        """
        A tornado of the inputs that are single numbers: see ``varied``.

        Args:
            ax: Axes to draw on; new ones unless given.

        Returns:
            The axes.
        """
        drawn = new_axes() if ax is None else ax
        tornado(
            drawn,
            [row.name for row in self.ranked],
            [row.low for row in self.ranked if row.low is not None],
            [row.high for row in self.ranked if row.high is not None],
            self.mean,
            low_label="input at its 5 % quantile",
            high_label="input at its 95 % quantile",
        )
        drawn.set_xlabel(f"mean strength on {self.on}, all other inputs uncertain")
        return drawn

    def __repr__(self) -> str:
        return f"<Sensitivity of strength on {self.on}, {len(self.groups)} groups>"

    def __str__(self) -> str:
        rows = [
            [
                group.name,
                _percent(group.first),
                _percent(group.total),
                *("" if end is None else people(end) for end in (group.low, group.high)),
            ]
            for group in self.groups
        ]
        header = ["input", "alone", "in all", "at its 5 %", "at its 95 %"]
        return (
            f"strength on {self.on}: mean {people(self.mean)}, "
            f"standard deviation {people(self.std)}\n"
            f"{text_table(header, rows, align='lrrrr')}\n"
            f"together: {_percent(self.interaction)} of the variance; shares by {self.method}, "
            f"standard error up to {_percent(self.error, 2)}\n"
            f"ends: {self.varied}"
        )


def _percent(share: float, decimals: int = 1) -> str:
    """A share that a numerical error may have moved below none."""
    return f"{100.0 * max(share, 0.0):.{decimals}f} %"


def sensitivity_of(future: Future, place: int, on: date) -> Sensitivity:
    """
    What strength at one date hangs on.

    Args:
        future: The model with its inputs.

        place: Of the date.

        on: The date.

    Raises:
        MomentError: If an unknown has no variance.

        ProjectionError: If strength is known on the date.
    """
    _check_variances(future.inputs)
    weights = np.zeros((1, future.model.losses.steps + 1))
    weights[0, place] = 1.0
    response = Response(future.model, future.inputs, weights)
    first, second = (points_of(response, half) for half in range(2))

    def answer(values: Sequence[FloatArray]) -> FloatArray:
        strength = future.model.run(values).strength[place]
        return np.broadcast_to(strength, (SHIFTS * FEWER,))

    _check_spread(answer(first), on)
    groups = groups_of(future.model, future.inputs)
    controls = controls_of(response, groups, first, second)
    found = indices(answer, groups, first, second, controls)
    # What the points carry of numbers whose mean is known.
    carried = [
        slope * (control.first - control.mean)
        for slope, control in zip(found.slopes, controls, strict=True)
    ]
    others = sum(carried) - np.array(carried)
    ends = [
        _ends(group, future.inputs, answer, first, other)
        for group, other in zip(groups, others, strict=True)
    ]
    return _sensitivity(on, groups, found, ends)


def _sensitivity(
    on: date, groups: Sequence[Group], found: Indices, ends: Sequence["_Ends"]
) -> Sensitivity:
    shares = zip(groups, found.first.tolist(), found.total.tolist(), ends, strict=True)
    rows = [
        Influence(name=group.name, first=alone, total=in_all, low=end.low, high=end.high)
        for group, alone, in_all, end in shares
    ]
    return Sensitivity(
        on=on,
        mean=found.mean,
        std=math.sqrt(found.variance),
        groups=tuple(sorted(rows, key=lambda row: -row.total)),
        method="lattice",
        error=float(found.errors.max()),
        mean_error=max(found.mean_error, *(end.error for end in ends)),
    )


class _Ends(NamedTuple):
    """Mean strength with an input low and high, and the larger numerical standard error."""

    low: float | None
    high: float | None
    error: float


def _ends(
    group: Group,
    inputs: Sequence[Node],
    answer: Answer,
    points: Sequence[FloatArray],
    carried: FloatArray,
) -> _Ends:
    if group.number is None:
        return _Ends(None, None, 0.0)
    found = []
    for end in law_of(group.number).ppf(_ENDS):
        fixed = dict(zip(group.places, _with(group, inputs, end), strict=True))
        strength = answer([fixed.get(i, value) for i, value in enumerate(points)])
        found.append(by_copy(strength - carried))
    means, errors = np.mean(found, axis=1).tolist(), spread(np.transpose(found))
    return _Ends(means[0], means[1], float(errors.max()))


def _with(group: Group, inputs: Sequence[Node], value: float) -> list[FloatArray]:
    """The inputs of a group with its one number at a value."""
    mine = [inputs[place] for place in group.places]
    given = np.full(1, value)
    return [given] if len(mine) == 1 else evaluate(mine, lambda _: given, 1)


def _check_variances(inputs: Sequence[Node]) -> None:
    for unknown in unknowns(in_order(inputs)):
        if isinstance(unknown, Leaf) and not math.isfinite(unknown.law.var()):
            raise MomentError(
                f"an input rests on {unknown.name or unknown.key}, which has no variance to share "
                f"out: expected unknowns with one. Truncate it, for example with "
                f"truncate(x, low, high)."
            )


def _check_spread(strength: FloatArray, on: date) -> None:
    if np.ptp(strength) <= _ROUNDING * float(np.abs(strength).max()):
        raise ProjectionError(
            f"strength on {on} is {people(float(strength[0]))} whatever else happens: expected a "
            f"date on which it is not known. Leave on out for the end of the projection, or give "
            f"the inputs their spread, for example about(35_000, relative=0.1, confidence=0.9)."
        )
