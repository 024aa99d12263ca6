"""Laws seen as scipy's distributions: the family itself where there is one, else its quantiles."""

from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np

from attrition._typing import FloatArray, ScipyDistribution
from attrition.uncertain.empirical import Weighted
from attrition.uncertain.families import Constant, Exponential, LogNormal, Normal, Uniform
from attrition.uncertain.law import Law
from attrition.uncertain.monotone import Affine
from attrition.uncertain.scipy_law import ScipyFrozen
from attrition.uncertain.shape_laws import Pert

__all__ = ["law_to_scipy"]

# Where the error of a probability is looked at: the quantiles that summaries show.
_PROBES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


class _Family(NamedTuple):
    """A family of scipy.stats by name, with its parameters."""

    name: str
    shapes: tuple[float, ...]
    loc: float
    scale: float


def law_to_scipy(law: Law) -> ScipyDistribution:
    """
    A distribution of scipy that is equivalent to a law.

    Args:
        law: The law.

    Returns:
        What the law was made of, if that was a frozen distribution; a member of the same family,
        where scipy has it; a discrete distribution, for values with probabilities; else a
        continuous one that asks the law, whose ``dist.cdf_error`` is the standard error of its
        probabilities.

    Examples:
        >>> law_to_scipy(Normal(44_000.0, 3_000.0)).cdf(44_000.0)
        np.float64(0.5)
    """
    from scipy import stats

    if isinstance(law, ScipyFrozen):
        # Cast: it was made by scipy, which is more than its constructor asks for.
        return cast("ScipyDistribution", law.source)
    family = _family(law)
    if family is not None:
        open_family: Callable[..., ScipyDistribution] = getattr(stats, family.name)
        return open_family(*family.shapes, loc=family.loc, scale=family.scale)
    points = _points(law)
    if points is not None:
        # Cast: where scipy's stubs are there, they say less about a discrete one.
        return cast("ScipyDistribution", stats.rv_discrete(values=points)())
    return _family_of_one(law)()


def _points(law: Law) -> tuple[FloatArray, FloatArray] | None:
    """Values, each once, and their probabilities, of what is neither smooth nor drawn."""
    if isinstance(law, Constant):
        return np.array([law.value]), np.array([1.0])
    if isinstance(law, Weighted) and not law.drawn:
        values, places = np.unique(law.values, return_inverse=True)
        return values, np.asarray(np.bincount(places, law.weights), dtype=np.float64)
    return None


def _family(law: Law) -> _Family | None:
    found: _Family | None = None
    match law:
        case Normal(centre, sd):
            found = _Family("norm", (), centre, sd)
        case LogNormal(middle, sigma):
            found = _Family("lognorm", (sigma,), 0.0, middle)
        case Uniform(low, high):
            found = _Family("uniform", (), low, high - low)
        case Exponential():
            found = _Family("expon", (), 0.0, law.mean())
        case Pert(low, _, high):
            found = _Family("beta", law.shapes, low, high - low)
        case Affine(inner, shift, scale) if scale > 0.0 and (moved := _family(inner)):
            found = moved._replace(loc=shift + scale * moved.loc, scale=scale * moved.scale)
    return found


class _Asking:
    """What scipy asks a family for, answered by a law that has no parameters left."""

    law: Law

    def __reduce__(self) -> tuple[Callable[[Law], object], tuple[Law]]:
        # The family of one law cannot be found by name, but be made again.
        return _family_of_one, (self.law,)

    @property
    def cdf_error(self) -> float:
        """The largest numerical standard error of a probability, at the usual quantiles."""
        return max(self.law.probability_error(x) for x in self.law.ppf(_PROBES).tolist())

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self.law.cdf(x)

    def _sf(self, x: FloatArray) -> FloatArray:
        return self.law.sf(x)

    def _ppf(self, q: FloatArray) -> FloatArray:
        return self.law.ppf(q)

    def _isf(self, q: FloatArray) -> FloatArray:
        return self.law.isf(q)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.law.pdf(x)

    def _stats(self, moments: str) -> tuple[float | None, ...]:
        mean = self.law.mean() if "m" in moments else None
        return mean, self.law.var() if "v" in moments else None, None, None


def _family_of_one(law: Law) -> Callable[[], ScipyDistribution]:
    """A continuous family of scipy with this law and no other; called, it is frozen."""
    from scipy.stats import rv_continuous

    low, high = law.support()
    # scipy has no mass at the lower end itself.
    start = float(np.nextafter(low, -np.inf)) if law.atomic else low
    # Made here, as a class of scipy's at the top of a module would import scipy with it.
    family = type("LawDistribution", (_Asking, rv_continuous), {"law": law})
    made: Callable[[], ScipyDistribution] = family(a=start, b=high, name="law")
    return made
