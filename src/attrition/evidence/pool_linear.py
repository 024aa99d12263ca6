"""The linear pool: the truth has the law of one of the sources, and nobody knows whose."""

from collections.abc import Sequence

from attrition.uncertain import Uncertain
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.families import Constant
from attrition.uncertain.law import Law
from attrition.uncertain.mixed import MixtureLaw

__all__ = ["linear_pool"]


def linear_pool(numbers: Sequence[Uncertain], weights: Sequence[float]) -> Law:
    """
    The mixture of the laws of numbers: probabilities are weighted means of theirs.

    Args:
        numbers: The figures.

        weights: How likely it is that each source is the one to believe; they sum to one.

    Returns:
        The law. Its variance is the mean of the variances plus the variance of the means.

    References:
        Genest, C. and Zidek, J. V. (1986). Combining probability distributions: a critique and
        an annotated bibliography. doi:10.1214/ss/1177013825

    Examples:
        >>> from attrition import about
        >>> law = linear_pool([about(10, sd=3), about(18, sd=3)], [0.5, 0.5])
        >>> law.mean(), law.var()
        (14.0, 25.0)
    """
    likely = [(w, law_of(number.node)) for number, w in zip(numbers, weights, strict=True) if w]
    laws = tuple(law for _, law in likely)
    if len(laws) == 1 or (isinstance(laws[0], Constant) and len(set(laws)) == 1):
        return laws[0]
    return MixtureLaw(tuple(weight for weight, _ in likely), laws)
