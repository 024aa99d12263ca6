"""What every distribution here can answer, whatever way its answers are found."""

import abc
from collections.abc import Callable
from typing import Literal, NoReturn, TypeAlias

import numpy as np

from attrition._typing import Draws, FloatArray
from attrition.errors import MomentError

__all__ = [
    "Law",
    "Method",
    "Points",
    "no_density",
    "no_moment",
    "open_unit",
    "quantile_moments",
    "slope",
]

Method = Literal["exact", "quadrature", "lattice", "draws"]

Points: TypeAlias = tuple[FloatArray, FloatArray | None]
"""The only values of a law, and their probabilities; None where all are equally likely."""

# The two quantiles whose distance is the scale of a law.
_LOW, _HIGH = 0.25, 0.75

# Rounding errors of an integral, as a share of that scale.
_ROUNDING = 1e-13


class Law(abc.ABC):
    """
    A distribution of one real number.

    Quantiles and probabilities come in two halves, lower (``ppf``, ``cdf``) and
    upper (``isf``, ``sf``), so that no tail is computed as one minus the other.
    """

    @property
    def method(self) -> Method:
        """How its answers are found."""
        return "exact"

    @property
    def key(self) -> str:
        """Family and parameters; for an unknown without a name it decides the stream."""
        return repr(self)

    @property
    def atomic(self) -> bool:
        """Whether a single value may have a probability of its own."""
        return False

    @property
    def stepped(self) -> bool:
        """Whether its values are one apart."""
        return False

    @property
    def searched(self) -> bool:
        """Whether a quantile takes a search, so that many are better read off a table."""
        return False

    @property
    def sampled_as(self) -> "Law | None":
        """The law through values that stands for this one in draws, None for itself."""
        return None

    @abc.abstractmethod
    def ppf(self, q: FloatArray) -> FloatArray:
        """The quantile at lower probability ``q``."""

    @abc.abstractmethod
    def isf(self, q: FloatArray) -> FloatArray:
        """The quantile at upper probability ``q``."""

    @abc.abstractmethod
    def cdf(self, x: FloatArray) -> FloatArray:
        """Probability of at most ``x``."""

    @abc.abstractmethod
    def sf(self, x: FloatArray) -> FloatArray:
        """Probability of more than ``x``."""

    @abc.abstractmethod
    def support(self) -> tuple[float, float]:
        """The smallest interval that holds all the mass."""

    def below(self, x: FloatArray) -> FloatArray:
        """Probability of less than ``x``."""
        return self.cdf(np.nextafter(x, -np.inf) if self.atomic else x)

    def at_least(self, x: FloatArray) -> FloatArray:
        """Probability of ``x`` or more."""
        return self.sf(np.nextafter(x, -np.inf) if self.atomic else x)

    def points(self) -> Points | None:
        """All the values there are, None where they cannot be listed."""
        return None

    def at_score(self, z: FloatArray) -> FloatArray:
        """The quantile at the probability of a normal score, each from its own tail."""
        from scipy.special import ndtr

        tail = np.asarray(ndtr(-np.abs(z)), dtype=np.float64)
        lower = np.asarray(z) < 0.0
        places = np.empty(tail.shape)
        places[lower], places[~lower] = self.ppf(tail[lower]), self.isf(tail[~lower])
        return places

    def score(self, x: FloatArray) -> FloatArray:
        """The normal score of the probability of at most ``x``, from the smaller tail."""
        from scipy.special import ndtri

        below, above = self.cdf(x), self.sf(x)
        return np.asarray(np.where(below < above, ndtri(below), -ndtri(above)), dtype=np.float64)

    def pdf(self, x: FloatArray) -> FloatArray:
        """Density, by the slope of the distribution function."""
        return slope(self, x, relative_step=1e-5)

    def mean(self) -> float:
        """The mean, by quadrature over probabilities."""
        return quantile_moments(self, 0.0, 1)

    def var(self) -> float:
        """The variance, by quadrature over probabilities."""
        return quantile_moments(self, self.mean(), 2)

    def draw(self, rng: np.random.Generator, n: int) -> Draws:
        """``n`` values by inversion, so that one seed means one set of quantiles."""
        return self.ppf(open_unit(rng.random(n)))

    def error(self, q: float) -> float:
        """Numerical standard error of the quantile at ``q``."""
        return 0.0

    def errors(self, q: FloatArray) -> FloatArray:
        """Numerical standard errors of several quantiles."""
        return np.array([self.error(float(p)) for p in q])

    def probability_error(self, x: float) -> float:
        """Numerical standard error of the probability of at most ``x``."""
        return 0.0


def open_unit(u: FloatArray) -> FloatArray:
    """Uniforms kept off 0 and 1, where quantiles may be infinite."""
    edge = 2.0**-53
    return np.clip(u, edge, 1.0 - edge)


def quantile_moments(law: Law, centre: float, power: int) -> float:
    """
    E[(X - centre)^power] as the integrals of both quantile functions over (0, 1/2).

    Double exponential quadrature; where it fails, or could at a kink as of maximum(x, 0),
    halving of intervals.

    Raises:
        MomentError: If the integral does not converge.

    References:
        Takahasi, H. and Mori, M. (1974). Double exponential formulas for numerical
        integration. doi:10.2977/prims/1195192451
    """
    low, high = law.ppf(np.array([_LOW, _HIGH]))
    # A mean of zero has no relative error, so there is an absolute one beside it.
    least = _ROUNDING * float(high - low) ** power
    with np.errstate(all="ignore"):
        # Each tail for itself: two that are infinite may not cancel.
        lower = _over_half(lambda p: (law.ppf(p) - centre) ** power, least, kinked=law.atomic)
        upper = _over_half(lambda p: (law.isf(p) - centre) ** power, least, kinked=law.atomic)
    value = lower + upper
    if not np.isfinite(value):
        no_moment(law, power)
    return value


def no_moment(law: Law, power: int) -> NoReturn:
    """
    Say that the mean, or with a power of 2 the variance, is infinite or undefined.

    Raises:
        MomentError: Always.
    """
    message = (
        f"the {'mean' if power == 1 else 'variance'} of {law!r} does not exist or cannot be "
        f"computed. Use median() and interval(confidence), which always exist."
    )
    raise MomentError(message)


def _over_half(
    integrand: Callable[[FloatArray], FloatArray], least: float, *, kinked: bool
) -> float:
    """The integral over (0, 1/2), nan where it does not converge."""
    # Where quantiles rest on an atom they have a kink, at which the first rule may take itself
    # for converged six digits too early.
    value = np.nan if kinked else _at_once(integrand, least)
    return _by_halving(integrand, least) if np.isnan(value) else value


def _at_once(integrand: Callable[[FloatArray], FloatArray], least: float) -> float:
    """The integral over (0, 1/2) of a smooth function, nan where it does not converge."""
    from scipy.integrate import tanhsinh

    found = tanhsinh(integrand, 0.0, 0.5, atol=least)
    return float(found.integral) if bool(found.success) else np.nan


def _by_halving(integrand: Callable[[FloatArray], FloatArray], least: float) -> float:
    """The integral over (0, 1/2), nan where it does not converge."""
    from scipy.integrate import quad

    def at(p: float) -> float:
        return float(integrand(np.array(p)))

    value, _, *trouble = quad(at, 0.0, 0.5, limit=200, epsabs=least, epsrel=1e-10, full_output=1)
    # Beside the record of the work, a message means that it did not converge.
    return float(value) if len(trouble) == 1 else np.nan


def no_density(law: Law) -> NoReturn:
    """
    Say that single values have probabilities, not densities.

    Raises:
        MomentError: Always.
    """
    message = (
        f"{law!r} is discrete and has no density. "
        f"Ask for probability(x.equals(value)), or for cdf(value)."
    )
    raise MomentError(message)


def slope(law: Law, x: FloatArray, *, relative_step: float) -> FloatArray:
    """Central difference of the distribution function, from whichever tail is smaller."""
    low, high = law.ppf(np.array([_LOW, _HIGH]))
    step = relative_step * max(high - low, np.finfo(float).tiny)
    lower = (law.cdf(x + step) - law.cdf(x - step)) / (2.0 * step)
    upper = (law.sf(x - step) - law.sf(x + step)) / (2.0 * step)
    return np.asarray(np.where(law.cdf(x) < 0.5, lower, upper), dtype=np.float64)  # noqa: PLR2004 - the median
