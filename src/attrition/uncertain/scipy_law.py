"""scipy's frozen distributions, old and new, seen as laws."""

import hashlib
import math
from collections.abc import Callable
from typing import NoReturn, Protocol, final, runtime_checkable

import attrs
import numpy as np

from attrition._typing import FloatArray, FrozenDistribution, FrozenVariable
from attrition.errors import MomentError, NumberError, ParameterError
from attrition.uncertain.checks import is_number
from attrition.uncertain.families import Normal
from attrition.uncertain.law import Law, Points, no_density, quantile_moments
from attrition.uncertain.steps import step_before, step_isf, step_ppf, step_upto

__all__ = ["ScipyFrozen", "ScipyVariable", "from_scipy"]

# The moments of order r of this family exist for r below -1 / (h k), where scipy takes -k / h.
_NAN_WITHOUT_REASON = "kappa4("

_PROBES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
_HALF = np.array(0.5)

# Places further than this many standard deviations, and a few more, hold no mass that counts;
# where they do, or there are too many, a discrete law is not listed.
_REACH = 40.0
_MASS_LEFT = 1e-12
_MOST_POINTS = 2**21


@runtime_checkable
class _Frozen(FrozenDistribution, Protocol):
    """The rest of what the older kind offers."""

    def mean(self) -> object: ...
    def var(self) -> object: ...
    def support(self) -> tuple[object, object]: ...


@runtime_checkable
class _Variable(FrozenVariable, Protocol):
    """The rest of what the newer kind offers."""

    def pdf(self, x: FloatArray, /) -> object: ...
    def mean(self) -> object: ...
    def variance(self) -> object: ...
    def support(self) -> tuple[object, object]: ...


@runtime_checkable
class _Dense(Protocol):
    """What has a density, among the older kind."""

    def pdf(self, x: FloatArray, /) -> object: ...


@runtime_checkable
class _Massive(Protocol):
    """What gives the probability of single values."""

    def pmf(self, x: FloatArray, /) -> object: ...


@runtime_checkable
class _Listed(Protocol):
    """An older family that was made of values and their probabilities."""

    xk: FloatArray
    pk: FloatArray


def _array(values: object) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _moment(stated: object, law: Law, power: int) -> float:
    """What scipy states, or where that is nan without reason what the quantiles say."""
    moment = float(_array(stated))
    if not np.isnan(moment):
        return moment
    if repr(law).startswith(_NAN_WITHOUT_REASON):
        return quantile_moments(law, 0.0 if power == 1 else law.mean(), power)
    message = (
        f"the {'mean' if power == 1 else 'variance'} of {law!r} does not exist. "
        f"Use median() and interval(confidence), which always exist."
    )
    raise MomentError(message)


def _digest(law: Law) -> str:
    """A few quantiles in nine digits: what a text may leave out, alike on every machine."""
    text = " ".join(f"{value:.9g}" for value in law.ppf(_PROBES))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _written(value: object) -> str:
    """A parameter as text; 4, 4.0 and numpy's 4.0 are the same parameter."""
    return f"{float(value):.15g}" if is_number(value) else str(value)


def _points(source: _Massive, law: Law) -> Points | None:
    """Places that hold all the mass, where they are not too many to list."""
    low, high = law.support()
    centre, reach = law.mean(), _REACH * (math.sqrt(law.var()) + 1.0)
    first = max(low, step_upto(law, np.array(centre - reach)).item())
    steps = min(high, centre + reach) - first
    if not steps < _MOST_POINTS:
        return None
    values = first + np.arange(math.floor(steps) + 1.0)
    weights = _array(source.pmf(values))
    return (values, weights) if abs(weights.sum() - 1.0) < _MASS_LEFT else None


@final
@attrs.frozen(repr=False, eq=False)
class ScipyFrozen(Law):
    """A frozen distribution of the older kind, ``scipy.stats.gamma(2)`` for example."""

    source: _Frozen

    def __repr__(self) -> str:
        if not hasattr(self.source, "dist"):
            return f"{type(self.source).__name__}({_digest(self)})"
        family = getattr(self.source.dist, "name", None)
        arguments = [_written(value) for value in getattr(self.source, "args", ())]
        named = sorted(getattr(self.source, "kwds", {}).items())
        arguments += [f"{name}={_written(value)}" for name, value in named]
        return f"{family}({', '.join(arguments)})"

    @property
    def key(self) -> str:
        """The text and the quantiles, for families that a user made or values made."""
        return f"{self!r}:{_digest(self)}"

    @property
    def atomic(self) -> bool:
        return not isinstance(self.source, _Dense)

    @property
    def searched(self) -> bool:
        return True

    def points(self) -> Points | None:
        family = getattr(self.source, "dist", self.source)
        if isinstance(family, _Listed):
            return family.xk - family.xk.min() + self.support()[0], family.pk
        return _points(self.source, self) if isinstance(self.source, _Massive) else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScipyFrozen) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def ppf(self, q: FloatArray) -> FloatArray:
        # scipy's own search for a place may not end, and its upper one starts from 1 - q.
        if self.stepped:
            return step_ppf(self, q)
        return np.clip(_array(self.source.ppf(q)), *self.support())

    def isf(self, q: FloatArray) -> FloatArray:
        if self.stepped:
            return step_isf(self, q)
        return np.clip(_array(self.source.isf(q)), *self.support())

    def cdf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.cdf(x))

    def sf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.sf(x))

    def below(self, x: FloatArray) -> FloatArray:
        return self.cdf(step_before(self, x)) if self.stepped else super().below(x)

    def at_least(self, x: FloatArray) -> FloatArray:
        return self.sf(step_before(self, x)) if self.stepped else super().at_least(x)

    @property
    def stepped(self) -> bool:
        return self.atomic and not isinstance(getattr(self.source, "dist", self.source), _Listed)

    def pdf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.pdf(x)) if isinstance(self.source, _Dense) else no_density(self)

    def mean(self) -> float:
        return _moment(self.source.mean(), self, 1)

    def var(self) -> float:
        return _moment(self.source.var(), self, 2)

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

    def __reduce__(self) -> tuple[Callable[..., "ScipyVariable"], tuple[object, ...]]:
        return _revived, (self.source, _digest(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScipyVariable) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> str:
        """The text of the variable and its quantiles, for texts that drop parameters."""
        return f"{self.source}:{_digest(self)}"

    @property
    def atomic(self) -> bool:
        return isinstance(self.source, _Massive) and bool(
            _array(self.source.pmf(self.ppf(_HALF))) > 0.0
        )

    @property
    def stepped(self) -> bool:
        return self.atomic

    @property
    def searched(self) -> bool:
        return True

    def points(self) -> Points | None:
        if isinstance(self.source, _Massive) and self.atomic:
            return _points(self.source, self)
        return None

    def ppf(self, q: FloatArray) -> FloatArray:
        return _array(self.source.icdf(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return _array(self.source.iccdf(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.cdf(step_upto(self, x) if self.atomic else x))

    def sf(self, x: FloatArray) -> FloatArray:
        return _array(self.source.ccdf(step_upto(self, x) if self.atomic else x))

    def below(self, x: FloatArray) -> FloatArray:
        return self.cdf(step_before(self, x) if self.atomic else x)

    def at_least(self, x: FloatArray) -> FloatArray:
        return self.sf(step_before(self, x) if self.atomic else x)

    def pdf(self, x: FloatArray) -> FloatArray:
        if self.atomic:
            no_density(self)
        return _array(self.source.pdf(x))

    def mean(self) -> float:
        return _moment(self.source.mean(), self, 1)

    def var(self) -> float:
        return _moment(self.source.variance(), self, 2)

    def support(self) -> tuple[float, float]:
        low, high = self.source.support()
        return float(_array(low)), float(_array(high))


def _revived(source: _Variable, digest: str) -> ScipyVariable:
    """The law from its pickle: scipy restores some variables, its Normal for one, as others."""
    law = ScipyVariable(source)
    if _digest(law) != digest:
        message = (
            f"scipy does not restore this distribution from a pickle: it became {law!r}. "
            f"Type about(mean, sd=...) for a normal, or freeze the older scipy.stats.norm(...)."
        )
        raise ParameterError(message)
    return law


def _refuse_family(name: str) -> NoReturn:
    message = (
        f"{name} is a family, not a distribution: its parameters are open. "
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
    if isinstance(value, type):
        _refuse_family(value.__name__)
    if isinstance(value, _Variable):
        law = _checked(ScipyVariable(value), value.icdf)
        return _own(value) or law
    if isinstance(value, _Frozen):
        if _is_open_family(value):
            _refuse_family(type(value).__name__)
        return _checked(ScipyFrozen(value), value.ppf)
    message = (
        f"{value!r} is a {type(value).__name__}: expected a number, an Uncertain or a frozen "
        f"scipy distribution. Type for example about(35_000, sd=2_000)."
    )
    raise NumberError(message)


def _own(value: object) -> Law | None:
    """Our own normal for scipy's newer one: it has closed forms and survives a pickle."""
    from scipy.stats import Normal as ScipyNormal

    if not isinstance(value, ScipyNormal):
        return None
    return Normal(float(_array(value.mu)), float(_array(value.sigma)))


def _checked(law: Law, quantile: Callable[[FloatArray], object]) -> Law:
    with np.errstate(all="ignore"):
        shape = np.shape(_array(quantile(_HALF)))
    if shape:
        message = (
            f"{law!r} has parameters of shape {shape}: expected one distribution. "
            f"Freeze one for each figure."
        )
        raise ParameterError(message)
    with np.errstate(all="ignore"):
        quantiles = law.ppf(_PROBES)
    if not np.isfinite(quantiles).all() or (np.diff(quantiles) < 0.0).any():
        message = (
            f"{law!r} has no quantiles: its parameters are invalid, which scipy does not say. "
            f"Check signs and ranges of the parameters."
        )
        raise ParameterError(message)
    return law
