"""One of several numbers, and nobody knows which: each with its probability."""

import math
from collections.abc import Iterable

from attrition._typing import Number
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_float, as_name
from attrition.uncertain.families import Uniform
from attrition.uncertain.mixed import Mixture
from attrition.uncertain.node import Leaf, apply
from attrition.uncertain.number import Uncertain, UncertainLike

__all__ = ["mixture"]

# What a sum of typed probabilities may miss one by.
_ROUNDING = 1e-9

_EXAMPLE = "mixture([(0.7, a), (0.3, b)])"


def mixture(parts: Iterable[tuple[Number, UncertainLike]], *, name: str | None = None) -> Uncertain:
    """
    A number that is one of several, each with its probability.

    It is for readings that exclude each other, such as 44,000 read as dead or as all losses; it
    is no average, which would lie between the readings. In every draw it is equal to one of the
    numbers it was made of, so it stays tied to them.

    Args:
        parts: Probabilities and numbers; the probabilities sum to 1.

        name: A label of the choice; it decides the random stream.

    Returns:
        The number. Two mixtures of the same parts choose independently of each other.

    Raises:
        NumberError: If a probability or a part is not a number.

        ParameterError: If there is no part, a part is no pair, a probability is negative or the
            probabilities do not sum to 1.

    Examples:
        >>> from attrition import exactly, mixture
        >>> dead, all_losses = exactly(44_000), exactly(31_680)
        >>> reading = mixture([(0.3, dead), (0.7, all_losses)])
        >>> reading.support()
        (31680.0, 44000.0)
    """
    pairs = [_pair(part) for part in parts]
    weights = [weight for weight, _ in pairs]
    total = math.fsum(weights)
    if not math.isclose(total, 1.0, abs_tol=_ROUNDING):
        message = (
            f"the probabilities of a mixture are {weights}, which sum to {total:.15g}: expected a "
            f"sum of 1. Type for example {_EXAMPLE}."
        )
        raise ParameterError(message)
    likely = [(weight / total, number) for weight, number in pairs if weight > 0.0]
    if len(likely) == 1:
        return likely[0][1]
    choice = Leaf(Uniform(0.0, 1.0), as_name(name))
    chosen = Mixture(tuple(weight for weight, _ in likely))
    return Uncertain(apply(chosen, choice, *(number.node for _, number in likely)))


def _pair(part: object) -> tuple[float, Uncertain]:
    if not isinstance(part, tuple | list) or len(part) != 2:  # noqa: PLR2004 - a pair
        message = (
            f"a part of a mixture is {part!r}: expected a probability and a number. "
            f"Type for example {_EXAMPLE}."
        )
        raise ParameterError(message)
    weight = as_float(part[0], "the probability of a part")
    if weight < 0.0:
        message = (
            f"the probability of a part is {weight:g}: expected 0 or more. "
            f"Type for example {_EXAMPLE}."
        )
        raise ParameterError(message)
    return weight, Uncertain.of(part[1])
