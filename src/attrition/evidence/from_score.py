"""A function of a score that is no longer standard normal."""

from typing import final

import attrs

from attrition._typing import FloatArray
from attrition.uncertain.law import Law
from attrition.uncertain.node import Bounds, Operation

__all__ = ["FromScore"]


@final
@attrs.frozen
class FromScore(Operation):
    """
    The value that a law has at a normal score, whatever law the score has by now.

    Attributes:
        law: The law that the number had while its score was standard normal.
    """

    law: Law

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        """The quantile at every score."""
        (z,) = arguments
        return self.law.at_score(z)

    def bounds(self, *arguments: Bounds) -> Bounds:  # noqa: ARG002 - a score is unbounded
        """Where the law has its mass."""
        return self.law.support()

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:  # noqa: ARG002 - as above
        """It rises with the score."""
        return (1,)
