"""A number through its normal score: what ties laws of any family to each other."""

from typing import final

import attrs

from attrition._typing import FloatArray
from attrition.uncertain.law import Law
from attrition.uncertain.node import Bounds, Operation
from attrition.uncertain.quantile_table import scored

__all__ = ["AtScore"]


@final
@attrs.frozen
class AtScore(Operation):
    """
    The value of a law at a normal score.

    Its argument is standard normal, so the number has the law.

    Attributes:
        law: The law of the number.

        name: The label of the number.
    """

    law: Law
    name: str | None

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        (z,) = arguments
        return scored(self.law, z)

    def bounds(self, *arguments: Bounds) -> Bounds:
        return self.law.support()

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        return (1,)
