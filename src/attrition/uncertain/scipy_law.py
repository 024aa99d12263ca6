"""scipy's frozen distributions, old and new, seen as laws."""

import hashlib
from typing import Protocol, final, runtime_checkable

import attrs
import numpy as np

from attrition._typing import FloatArray, FrozenDistribution, FrozenVariable
from attrition.errors import MomentError, NumberError, ParameterError
from attrition.uncertain.law import Law

__all__ = ["ScipyFrozen", "ScipyVariable", "from_scipy"]

_PROBES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


@runtime_checkable
class _Frozen(FrozenDistribution, Protocol):
    """The rest of what the older kind offers."""

    def mean(self) -> object: ...
    def var(self) -> object: ...
    def support(self) -> tuple[object, object]: ...


@runtime_checkable
class _Variable(FrozenVariable, Protocol):
    """The rest of what the newer kind offers."""

    def mean(self) -> object: ...
    def variance(self) -> object: ...
    def support(self) -> tuple[object, object]: ...


def _array(values: object) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _moment(value: object, law: Law, what: str) -> float:
    number = float(_array(value))
    if np.isnan(number):
        message = (
            f"the {what} of {law!r} does not exist. "
            f"Use median() and interval(confidence), which always exist."
        )
        raise MomentError(message)
    return number


def _digest(quantiles: FloatArray) -> str:
    return hashlib.blake2b(quantiles.tobytes(), digest_size=8).hexdigest()


@final
@attrs.frozen(repr=False, eq=False)
class ScipyFrozen(Law):
    """A frozen distribution of the older kind, ``scipy.stats.gamma(2)`` for example."""

    source: _Frozen

    def __repr__(self) -> str:
        family = getattr(getattr(self.source, "dist", self.source), "name", None)
        arguments = [repr(value) for value in getattr(self.source, "args", ())]
        named = sorted(getattr(self.source, "kwds", {}).items())
        arguments += [f"{name}={value!r}" for name, value in named]
        if hasattr(self.source, "dist"):
            return f"{family}({', '.join(arguments)})"
        return f"{type(self.source).__name__}({_digest(self.ppf(_PROBES))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScipyFrozen) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def ppf(self, q: FloatArray) -> FloatArray:
        return _array(self.source.ppf(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return _array(self.source.isf(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.cdf(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.sf(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        density = getattr(self.source, "pdf", None)
        if density is None:
            message = (
                f"{self!r} is discrete and has no density. "
                f"Ask for probability(x.equals(value)), or for cdf(value)."
            )
            raise MomentError(message)
        return _array(density(x))

    def mean(self) -> float:
        return _moment(self.source.mean(), self, "mean")

    def var(self) -> float:
        return _moment(self.source.var(), self, "variance")

    def support(self) -> tuple[float, float]:
        low, high = self.source.support()
        return float(_array(low)), float(_array(high))


@final
@attrs.frozen(repr=False, eq=False)
class ScipyVariable(Law):
    """A random variable of the newer kind, ``scipy.stats.Normal(mu=0)`` for example."""

    source: _Variable

    def __repr__(self) -> str:
        return str(self.source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScipyVariable) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> str:
        """The text of the variable and its quantiles, for texts that drop parameters."""
        return f"{self.source}:{_digest(self.ppf(_PROBES))}"

    def ppf(self, q: FloatArray) -> FloatArray:
        return _array(self.source.icdf(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return _array(self.source.iccdf(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.cdf(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.ccdf(x))

    def pdf(self, x: FloatArray) -> FloatArray:
        density = getattr(self.source, "pdf", None)
        return super().pdf(x) if density is None else _array(density(x))

    def mean(self) -> float:
        return _moment(self.source.mean(), self, "mean")

    def var(self) -> float:
        return _moment(self.source.variance(), self, "variance")

    def support(self) -> tuple[float, float]:
        low, high = self.source.support()
        return float(_array(low)), float(_array(high))


def _refuse_family(value: object) -> None:
    message = (
        f"{type(value).__name__} is a scipy family, not a distribution: its parameters are open. "
        f"Freeze it first, for example scipy.stats.gamma(a=4, scale=9_000)."
    )
    raise NumberError(message)


def _is_open_family(value: object) -> bool:
    """Whether an older family still waits for its parameters (rv_histogram does not)."""
    from scipy.stats import rv_continuous, rv_discrete, rv_histogram

    if isinstance(value, rv_histogram) or hasattr(value, "xk"):
        return False
    return isinstance(value, rv_continuous | rv_discrete)


def from_scipy(value: object) -> Law:
    """
    The law of a frozen scipy distribution, checked, since scipy accepts bad parameters.

    Raises:
        NumberError: If the family is not frozen or nothing of scipy's at all.

        ParameterError: If its parameters are invalid or arrays.
    """
    law: Law | None = None
    if isinstance(value, _Variable):
        law = ScipyVariable(value)
    elif isinstance(value, _Frozen):
        if _is_open_family(value):
            _refuse_family(value)
        law = ScipyFrozen(value)
    if law is None:
        message = (
            f"{value!r} is a {type(value).__name__}: expected a number, an Uncertain or a frozen "
            f"scipy distribution. Type for example about(35_000, sd=2_000)."
        )
        raise NumberError(message)
    return _checked(law)


def _checked(law: Law) -> Law:
    quantiles = np.array([law.ppf(np.asarray(p)) for p in _PROBES])
    if quantiles.shape != _PROBES.shape:
        message = (
            f"{law!r} has parameters of shape {quantiles.shape[1:]}: expected one distribution. "
            f"Freeze one for each figure."
        )
        raise ParameterError(message)
    if not np.isfinite(quantiles).all() or (np.diff(quantiles) < 0.0).any():
        message = (
            f"{law!r} has no quantiles: its parameters are invalid, which scipy does not say. "
            f"Check signs and ranges of the parameters."
        )
        raise ParameterError(message)
    return law
