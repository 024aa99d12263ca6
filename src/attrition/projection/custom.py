"""Flows that are a function of the caller's: people of a step from the strength at its start."""

from collections.abc import Callable
from typing import ClassVar, TypeAlias, final

import attrs
import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.accounts import Category, Period
from attrition.accounts.category import is_category
from attrition.accounts.checks import as_side
from attrition.errors import ProjectionError

__all__ = ["Custom", "CustomIntake", "CustomLosses", "people_of"]

People: TypeAlias = Callable[[FloatArray, Period], FloatArray | float]


def _is_function(_: object, field: "attrs.Attribute[People]", value: object) -> None:
    if not callable(value):
        raise ProjectionError(
            f"{field.name} is {value!r}: expected a function of strength and period. Type for "
            f"example people=lambda strength, period: 0.01 * strength."
        )


@final
@attrs.frozen(kw_only=True)
class CustomLosses:
    """
    Losses by a function, for ``other=`` of :func:`project`; nobody of them returns.

    The function takes the strength at the start of a step in every draw, a read-only array of
    shape (draws,), and the period of the step. It gives the people lost in the step: an array of
    that shape, or one number. Losses are cut at who is there.

    Attributes:
        people: The function.

        category: What is counted.

        side: Who loses them.

    Examples:
        >>> CustomLosses(
        ...     people=lambda strength, period: 0.01 * strength,
        ...     category=Category.DESERTED, side="Russia",
        ... ).kind
        'losses'
    """

    people: People = attrs.field(validator=_is_function)
    category: Category = attrs.field(validator=is_category)
    side: str = attrs.field(converter=as_side)

    kind: ClassVar[str] = "losses"


@final
@attrs.frozen(kw_only=True)
class CustomIntake:
    """
    Arrivals by a function, for ``other=`` of :func:`project`; see :class:`CustomLosses`.

    Attributes:
        people: The function.

        side: Whose force they join.

    Examples:
        >>> import numpy as np
        >>> def refilled(strength, period):
        ...     return 0.5 * np.maximum(600_000 - strength, 0.0)
        >>> CustomIntake(people=refilled, side="Russia").kind
        'recruitment'
    """

    people: People = attrs.field(validator=_is_function)
    side: str = attrs.field(converter=as_side)

    kind: ClassVar[str] = "recruitment"


Custom: TypeAlias = CustomLosses | CustomIntake
"""A flow by a function, of either kind."""


def people_of(custom: Custom, strength: Draws, period: Period) -> Draws:
    """
    What the function of a flow gives for a step, checked, in every draw.

    Args:
        custom: The flow.

        strength: At the start of the step, shape (draws,).

        period: The step.

    Raises:
        ProjectionError: If it gives another shape, nan, infinity or fewer than nobody.

    Examples:
        >>> flow = CustomIntake(people=lambda strength, period: 5.0, side="Russia")
        >>> people_of(flow, np.zeros(3), Period.month(2026, 1)).tolist()
        [5.0, 5.0, 5.0]
    """
    seen = strength.view()
    seen.flags.writeable = False
    given = custom.people(seen, period)
    who = f"the function of a {type(custom).__name__} gave"
    try:
        people = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ProjectionError(
            f"{who} {given!r} for {period}: expected numbers. Return people in every draw, for "
            f"example 0.01 * strength."
        ) from error
    if people.shape not in {(), strength.shape}:
        raise ProjectionError(
            f"{who} an array of shape {people.shape} for {period}: expected one number, or the "
            f"shape of strength, {strength.shape}. Return for example 0.01 * strength."
        )
    if not np.isfinite(people).all():
        raise ProjectionError(
            f"{who} {people[~np.isfinite(people)][0]} for {period}: expected finite numbers. "
            f"Strength may be 0: look for a division by it, or a logarithm of it."
        )
    if (people < 0.0).any():
        raise ProjectionError(
            f"{who} {people.min()} people for {period}: expected 0 or more. Return "
            f"np.maximum(..., 0), and give people who go the other way a flow of their own."
        )
    return np.broadcast_to(people, strength.shape)
