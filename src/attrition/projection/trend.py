"""Growth of a level over the years."""

from datetime import date
from typing import Literal, final

import attrs

from attrition.accounts.checks import is_date
from attrition.errors import ProjectionError
from attrition.uncertain import Uncertain, UncertainLike

__all__ = ["Trend"]


def _as_growth(value: UncertainLike) -> Uncertain:
    return Uncertain.of(value)


@final
@attrs.frozen(kw_only=True)
class Trend:
    """
    Growth of a level; within one unit of its process the level stands still.

    With t years since ``origin`` the level is multiplied by (1 + per_year) ** t, or by
    1 + per_year t in the linear form.

    Attributes:
        per_year: Growth per year as a share; -0.03 is three per cent less each year.

        form: "exponential" or "linear"; no default, as the two part within a few years.

        origin: Where the level holds; the start of the projection unless given.

    Examples:
        >>> from attrition import about
        >>> Trend(per_year=about(-0.03, sd=0.05), form="linear").form
        'linear'
    """

    per_year: Uncertain = attrs.field(converter=_as_growth)
    form: Literal["exponential", "linear"] = attrs.field()
    origin: date | None = attrs.field(default=None, validator=attrs.validators.optional(is_date))

    @form.validator
    def _known(self, _: object, value: object) -> None:
        if value not in {"exponential", "linear"}:
            raise ProjectionError(
                f'form is {value!r}: expected "exponential" or "linear". '
                f'Type form="exponential" for growth by a share of the current level.'
            )
