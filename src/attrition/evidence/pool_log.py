"""The logarithmic pool: densities are multiplied, each to the power of its weight."""

from collections.abc import Sequence

from attrition.errors import PoolError
from attrition.uncertain import Uncertain
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.law import Law
from attrition.uncertain.product import product_law

__all__ = ["log_pool"]

DENSE = ("exact", "quadrature")
"""How the answers of a law with a density are found."""


def log_pool(numbers: Sequence[Uncertain], names: Sequence[str], weights: Sequence[float]) -> Law:
    """
    The law whose density is proportional to the product of densities to their weights.

    A value has to be possible for every source. The pool is narrower than the linear one, and
    with one peak where each source has one on the logarithm of the density.

    Args:
        numbers: The figures.

        names: What a message calls each.

        weights: The powers, which sum to one: two sources that say the same are one.

    Returns:
        The law: of normals a normal, of lognormals a lognormal, else by integration.

    Raises:
        PoolError: If a number has no density, or no value has one in all of them.

    References:
        Genest, C. and Zidek, J. V. (1986). Combining probability distributions: a critique and
        an annotated bibliography. doi:10.1214/ss/1177013825

    Examples:
        >>> from attrition import about
        >>> log_pool([about(10, sd=2), about(18, sd=2)], ["first", "second"], [0.5, 0.5])
        Normal(centre=14.0, sd=2.0)
    """
    triples = zip(numbers, names, weights, strict=True)
    kept = [(_dense_law(number, name), name, w) for number, name, w in triples if w]
    laws, used, powers = zip(*kept, strict=True)
    pooled = laws[0] if len(laws) == 1 else product_law(powers, laws)
    if pooled is None:
        raise PoolError(
            f"{_spans(used, laws)} have no place in common at which each has a density that a "
            f'float can hold: the sources contradict each other. Type method="linear", which '
            f"keeps them apart, or widen the figures."
        )
    return pooled


def _dense_law(number: Uncertain, name: str) -> Law:
    law = law_of(number.node)
    if law.atomic or law.method not in DENSE:
        raise PoolError(
            f'{name} has no density: expected one with method="log", which multiplies them. '
            f'State it for example with about(...) or between(...), or type method="linear".'
        )
    return law


def _spans(names: Sequence[str], laws: Sequence[Law]) -> str:
    ends = [law.support() for law in laws]
    return " and ".join(
        f"{name}, from {low:g} to {high:g}," for name, (low, high) in zip(names, ends, strict=True)
    )
