"""A number by some of its quantiles, as an expert or a table states them."""

from collections.abc import Mapping

import numpy as np

from attrition._typing import Number
from attrition.errors import ParameterError
from attrition.uncertain.checks import as_float
from attrition.uncertain.interpolated import Interpolated, Tails
from attrition.uncertain.leaf import new_leaf
from attrition.uncertain.number import Uncertain

__all__ = ["from_quantiles"]

_EXAMPLE = 'from_quantiles({0.05: 31_000, 0.5: 35_000, 0.95: 47_000}, tails="normal")'


def from_quantiles(
    quantiles: Mapping[float, Number], *, tails: Tails, name: str | None = None
) -> Uncertain:
    """
    A number by some of its quantiles, as an expert or a table states them.

    The quantiles in between lie on a smooth rising curve through all the points, drawn against
    the normal score; beyond the outer points the tail is that of the normal, or lognormal, law
    through the outer two. Two points give exactly that law. The points say nothing of the tails,
    so ``tails`` has no default.

    Args:
        quantiles: Value by probability, at least two; a larger probability has a larger value.

        tails: "lognormal" for what is multiplied and positive, "normal" for what is added.

        name: A label; it decides the random stream.

    Returns:
        The number; its quantiles at the given probabilities are the given values.

    Raises:
        NumberError: If a probability or a value is not a number.

        ParameterError: If there are fewer than two points, a probability is not inside (0, 1),
            values do not rise, a value with lognormal tails is not positive, or ``tails`` is
            neither word.

    References:
        Fritsch, F. N. and Butland, J. (1984). A method for constructing local monotone
        piecewise cubic interpolants. doi:10.1137/0905021

    Examples:
        >>> from attrition import from_quantiles
        >>> stated = {0.05: 14_500, 0.5: 17_000, 0.95: 23_000}
        >>> afghanistan = from_quantiles(stated, tails="lognormal")
        >>> round(afghanistan.median()), round(afghanistan.ppf(0.75))
        (17000, 18987)
    """
    if tails not in ("normal", "lognormal"):
        message = (
            f'tails is {tails!r}: expected "normal" or "lognormal". '
            f'Counts and ratios usually have tails="lognormal".'
        )
        raise ParameterError(message)
    points = _points(quantiles)
    if tails == "lognormal" and points[0][1] <= 0.0:
        message = (
            f"a quantile is {points[0][1]:.15g}: expected more than 0 with lognormal tails. "
            f'Type tails="normal" for a number that may be negative.'
        )
        raise ParameterError(message)
    law = Interpolated(points, tails)
    _check_rising(law)
    return new_leaf(law, name)


def _points(quantiles: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(quantiles, Mapping):
        message = (
            f"quantiles is {quantiles!r}: expected values by probability. "
            f"Type for example {_EXAMPLE}."
        )
        raise ParameterError(message)
    points = [(_probability(q), as_float(x, f"the {q} quantile")) for q, x in quantiles.items()]
    if len(points) < 2:  # noqa: PLR2004 - one point has no spread
        message = (
            f"{len(points)} quantiles were given: expected at least 2. Type for example {_EXAMPLE}."
        )
        raise ParameterError(message)
    return tuple(sorted(points))


def _probability(value: object) -> float:
    q = as_float(value, "the probability of a quantile")
    if not 0.0 < q < 1.0:
        message = (
            f"the probability of a quantile is {q:g}: expected a number inside (0, 1). "
            f"Write the 95 % quantile as 0.95; an end that cannot be passed is one of uniform or "
            f"pert."
        )
        raise ParameterError(message)
    return q


def _check_rising(law: Interpolated) -> None:
    with np.errstate(all="ignore"):
        steps = np.diff(law.curve().y)
    if (steps > 0.0).all():
        return
    at = int(np.argmin(steps > 0.0))
    (first, less), (second, more) = law.quantiles[at : at + 2]
    message = (
        f"the {first} quantile is {less!r} and the {second} quantile is {more!r}: expected values "
        f"that rise with the probability, by more than the spacing of floats. "
        f"Type for example {_EXAMPLE}."
    )
    raise ParameterError(message)
