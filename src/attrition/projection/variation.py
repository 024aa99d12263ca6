"""What differs from step to step, beside a level that is not known."""

import math
from typing import final

import attrs

from attrition._typing import Number
from attrition.accounts import Per
from attrition.accounts.checks import as_text, is_a, is_member
from attrition.errors import ProjectionError
from attrition.uncertain.checks import as_float

__all__ = ["Common", "Variation"]


def _as_name(value: str) -> str:
    return as_text(value, "name", example="front")


@final
@attrs.frozen(kw_only=True)
class Common:
    """
    Shocks that several processes of one projection share, known by their name.

    Two processes with the loadings a and b under one name have shocks with the correlation
    a b: their lasting parts with each other, and their passing parts.

    Attributes:
        name: What is shared, such as the front or the weather.

        loading: Correlation of the shocks of the process with the common ones, in [-1, 1].

    Examples:
        >>> Common(name="front", loading=0.8).loading
        0.8
    """

    name: str = attrs.field(converter=_as_name)
    loading: float = attrs.field()

    @loading.validator
    def _a_correlation(self, _: object, value: object) -> None:
        if not -1.0 <= as_float(value, "loading") <= 1.0:
            raise ProjectionError(
                f"loading is {value}: expected a correlation in [-1, 1]. "
                f"Type loading=0.8; two processes with 0.8 have shocks correlated by 0.64."
            )


@final
@attrs.frozen(kw_only=True)
class Variation:
    """
    What differs from one stretch of time to the next, on the log scale and with mean one.

    A lasting part follows an autoregression of order one, a passing part is independent; each
    holds for one ``per``, whatever the step of a projection, so the step changes nothing.

    Attributes:
        lasting_sd: Stationary standard deviation of the lasting part, of the logarithm.

        persistence: Correlation of the lasting part with that of the next ``per``.

        passing_sd: Standard deviation of the passing part, of the logarithm.

        per: The clock: how long one value of either holds.

        common: Shocks shared with other processes.

    Examples:
        >>> Variation(lasting_sd=0.15, persistence=0.7, passing_sd=0.08, per=Per.MONTH).per.name
        'MONTH'
    """

    lasting_sd: float = attrs.field()
    persistence: float = attrs.field()
    passing_sd: float = attrs.field()
    per: Per = attrs.field(validator=is_member(Per, error=ProjectionError))
    common: Common | None = attrs.field(
        default=None,
        validator=is_a(Common, example='Common(name="front", loading=0.8)', optional=True),
    )

    @lasting_sd.validator
    @passing_sd.validator
    def _spread(self, field: "attrs.Attribute[float]", value: object) -> None:
        if as_float(value, field.name) < 0.0:
            raise ProjectionError(
                f"{field.name} is {value}: expected 0 or more. "
                f"Type {field.name}=0.1 for steps that differ by about 10 per cent."
            )

    @persistence.validator
    def _below_one(self, _: object, value: object) -> None:
        if not 0.0 <= as_float(value, "persistence") < 1.0:
            raise ProjectionError(
                f"persistence is {value}: expected a number in [0, 1). "
                f"Type persistence=0.7, or put what never fades into the level."
            )

    @classmethod
    def independent(cls, cv: Number, per: Per, *, common: Common | None = None) -> "Variation":
        """
        Independent steps with a coefficient of variation.

        Args:
            cv: Standard deviation of a step as a share of its mean.

            per: How long one step is.

            common: Shocks shared with other processes.

        Returns:
            The variation, without a lasting part.

        Raises:
            ProjectionError: If ``cv`` is negative.

        Examples:
            >>> round(Variation.independent(0.1, Per.MONTH).passing_sd, 6)
            0.099751
        """
        if as_float(cv, "cv") < 0.0:
            raise ProjectionError(f"cv is {cv}: expected 0 or more. Type cv=0.1 for 10 per cent.")
        passing_sd = math.sqrt(math.log1p(float(cv) ** 2))
        return cls(lasting_sd=0.0, persistence=0.0, passing_sd=passing_sd, per=per, common=common)
