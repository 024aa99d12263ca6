"""scipy's frozen distributions, old and new, seen as laws."""

import math
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol, TypeAlias, final, runtime_checkable

import attrs
import numpy as np

from attrition._typing import FloatArray, FrozenDistribution, FrozenVariable
from attrition.errors import MomentError, NumberError, ParameterError
from attrition.uncertain.checks import is_number
from attrition.uncertain.families import Normal
from attrition.uncertain.law import Law, Points, no_density, quantile_moments
from attrition.uncertain.scipy_parts import (
    CLOSED,
    PROBES,
    Dense,
    Listed,
    Massive,
    as_floats,
    digest,
    listed,
)
from attrition.uncertain.steps import step_before, step_isf, step_ppf, step_upto

__all__ = ["ScipyFrozen", "ScipyVariable", "from_scipy"]

# The moments of order r of this family exist for r below -1 / (h k), where scipy takes -k / h.
_NAN_WITHOUT_REASON = "kappa4"

# Probabilities of this family are integrals from the place to infinity, which from the far side
# miss where the mass is: cdf(100) of norminvgauss(1.25, 0.5) is 6e-15.
_MISSED = "norminvgauss"

_HALF = np.array(0.5)

_Quantile: TypeAlias = Callable[[FloatArray], object]

# What scipy's search for a quantile may end in: norminvgauss above 0.99996, ncf below 1e-200.
_GIVEN_UP = (OverflowError, RuntimeError, ValueError)


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


def _moment(stated: object, law: Law, power: int) -> float:
    """What scipy states, or where that is nan without reason what the quantiles say."""
    moment = float(as_floats(stated))
    if not np.isnan(moment):
        return moment
    if isinstance(law, ScipyFrozen) and law.family == _NAN_WITHOUT_REASON:
        return quantile_moments(law, 0.0 if power == 1 else law.mean(), power)
    message = (
        f"the {'mean' if power == 1 else 'variance'} of {law!r} does not exist. "
        f"Use median() and interval(confidence), which always exist."
    )
    raise MomentError(message)


def _quantiles(own: _Quantile, other: _Quantile, q: FloatArray) -> FloatArray:
    """Quantiles of one tail; through the other tail where scipy gives up its search."""
    try:
        return as_floats(own(q))
    except _GIVEN_UP:
        if np.size(q) == 1:
            return as_floats(other(1.0 - q))
        found = [_quantiles(own, other, np.asarray(p)) for p in np.ravel(q)]
        return np.reshape(found, np.shape(q))


def _written(value: object) -> str:
    """A parameter as text; 4, 4.0 and numpy's 4.0 are the same parameter."""
    return f"{float(value):.15g}" if is_number(value) else str(value)


@final
@attrs.frozen(repr=False, eq=False)
class ScipyFrozen(Law):
    """
    A frozen distribution of the older kind, ``scipy.stats.gamma(2)`` for example.

    Attributes:
        source: The distribution.

        ends: Its support; kept with the next two, which take as long as many probabilities.

        dense: Whether it has a density.

        stepwise: Whether its values are one apart.
    """

    source: _Frozen
    ends: tuple[float, float] = attrs.field(init=False)
    dense: bool = attrs.field(init=False)
    stepwise: bool = attrs.field(init=False)

    @ends.default
    def _ends(self) -> tuple[float, float]:
        with np.errstate(all="ignore"):
            low, high = (as_floats(end) for end in self.source.support())
        return (float(low), float(high)) if low.ndim == 0 else (math.nan, math.nan)

    @dense.default
    def _is_dense(self) -> bool:
        return isinstance(self.source, Dense)

    @stepwise.default
    def _is_stepwise(self) -> bool:
        return not (self.dense or isinstance(getattr(self.source, "dist", self.source), Listed))

    def __repr__(self) -> str:
        if not hasattr(self.source, "dist"):
            return f"{type(self.source).__name__}({digest(self)})"
        arguments = [_written(value) for value in getattr(self.source, "args", ())]
        named = sorted(getattr(self.source, "kwds", {}).items())
        arguments += [f"{name}={_written(value)}" for name, value in named]
        return f"{self.family}({', '.join(arguments)})"

    def __reduce__(self) -> tuple[Callable[..., "ScipyFrozen"], tuple[object, ...]]:
        from scipy import stats

        dist = getattr(self.source, "dist", None)
        if dist is None or type(dist) is not type(getattr(stats, str(self.family), None)):
            return ScipyFrozen, (self.source,)
        # Frozen again: scipy restores some, its poisson_binom for one, as arrays of others.
        return _frozen_again, (
            self.family,
            getattr(self.source, "args", ()),
            getattr(self.source, "kwds", {}),
        )

    @property
    def family(self) -> str | None:
        """The name that scipy has for it."""
        return getattr(getattr(self.source, "dist", None), "name", None)

    @property
    def key(self) -> str:
        """The text and the quantiles, for families that a user made or values made."""
        return f"{self!r}:{digest(self)}"

    @property
    def atomic(self) -> bool:
        return not self.dense

    @property
    def searched(self) -> bool:
        return self.family not in CLOSED

    def points(self) -> Points | None:
        family = getattr(self.source, "dist", self.source)
        if isinstance(family, Listed):
            return family.xk - family.xk.min() + self.support()[0], family.pk
        return listed(self.source, self) if isinstance(self.source, Massive) else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScipyFrozen) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def ppf(self, q: FloatArray) -> FloatArray:
        # scipy's own search for a place may not end, and its upper one starts from 1 - q.
        if self.stepped:
            return step_ppf(self, q)
        return np.clip(_quantiles(self.source.ppf, self.source.isf, q), *self.support())

    def isf(self, q: FloatArray) -> FloatArray:
        if self.stepped:
            return step_isf(self, q)
        return np.clip(_quantiles(self.source.isf, self.source.ppf, q), *self.support())

    def cdf(self, x: FloatArray) -> FloatArray:
        lower = as_floats(self.source.cdf(self._known(x)))
        if self.family == _MISSED:
            return np.where(x < self.mean(), lower, 1.0 - as_floats(self.source.sf(x)))
        return lower

    def sf(self, x: FloatArray) -> FloatArray:
        upper = as_floats(self.source.sf(self._known(x)))
        if self.family == _MISSED:
            return np.where(x < self.mean(), 1.0 - as_floats(self.source.cdf(x)), upper)
        return upper

    def _known(self, x: FloatArray) -> FloatArray:
        """Where scipy has a probability: some, as hypergeom, have nan between whole numbers."""
        return step_upto(self, x) if self.stepped else x

    def below(self, x: FloatArray) -> FloatArray:
        return self.cdf(step_before(self, x)) if self.stepped else super().below(x)

    def at_least(self, x: FloatArray) -> FloatArray:
        return self.sf(step_before(self, x)) if self.stepped else super().at_least(x)

    @property
    def stepped(self) -> bool:
        return self.stepwise

    def pdf(self, x: FloatArray) -> FloatArray:
        return as_floats(self.source.pdf(x)) if isinstance(self.source, Dense) else no_density(self)

    def mean(self) -> float:
        return _moment(self.source.mean(), self, 1)

    def var(self) -> float:
        return _moment(self.source.var(), self, 2)

    def support(self) -> tuple[float, float]:
        return self.ends


def _frozen_again(
    family: str, args: tuple[object, ...], named: Mapping[str, object]
) -> ScipyFrozen:
    from scipy import stats

    return ScipyFrozen(getattr(stats, family)(*args, **named))


@final
@attrs.frozen(repr=False, eq=False)
class ScipyVariable(Law):
    """A random variable of the newer kind, ``scipy.stats.Normal(mu=0)`` for example."""

    source: _Variable

    def __repr__(self) -> str:
        return str(self.source)

    def __reduce__(self) -> tuple[Callable[..., "ScipyVariable"], tuple[object, ...]]:
        return _revived, (self.source, digest(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScipyVariable) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> str:
        """The text of the variable and its quantiles, for texts that drop parameters."""
        return f"{self.source}:{digest(self)}"

    @property
    def atomic(self) -> bool:
        # Not by its probability of a value: of a variable transformed by scipy.stats.exp, say,
        # scipy's pmf calls itself without end.
        return any(kind.__name__ == "DiscreteDistribution" for kind in type(self.source).__mro__)

    @property
    def stepped(self) -> bool:
        return self.atomic

    @property
    def searched(self) -> bool:
        return True

    def points(self) -> Points | None:
        if isinstance(self.source, Massive) and self.atomic:
            return listed(self.source, self)
        return None

    def ppf(self, q: FloatArray) -> FloatArray:
        return as_floats(self.source.icdf(q))

    def isf(self, q: FloatArray) -> FloatArray:
        return as_floats(self.source.iccdf(q))

    def cdf(self, x: FloatArray) -> FloatArray:
        return as_floats(self.source.cdf(step_upto(self, x) if self.atomic else x))

    def sf(self, x: FloatArray) -> FloatArray:
        return as_floats(self.source.ccdf(step_upto(self, x) if self.atomic else x))

    def below(self, x: FloatArray) -> FloatArray:
        return self.cdf(step_before(self, x) if self.atomic else x)

    def at_least(self, x: FloatArray) -> FloatArray:
        return self.sf(step_before(self, x) if self.atomic else x)

    def pdf(self, x: FloatArray) -> FloatArray:
        if self.atomic:
            no_density(self)
        return as_floats(self.source.pdf(x))

    def mean(self) -> float:
        return _moment(self.source.mean(), self, 1)

    def var(self) -> float:
        return _moment(self.source.variance(), self, 2)

    def support(self) -> tuple[float, float]:
        low, high = self.source.support()
        return float(as_floats(low)), float(as_floats(high))


def _revived(source: _Variable, stated: str) -> ScipyVariable:
    """The law from its pickle: scipy restores some variables, its Normal for one, as others."""
    law = ScipyVariable(source)
    if digest(law) != stated:
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
    return Normal(float(as_floats(value.mu)), float(as_floats(value.sigma)))


def _checked(law: Law, quantile: Callable[[FloatArray], object]) -> Law:
    with np.errstate(all="ignore"):
        shape = np.shape(as_floats(quantile(_HALF)))
    if shape:
        message = (
            f"{law!r} has parameters of shape {shape}: expected one distribution. "
            f"Freeze one for each figure."
        )
        raise ParameterError(message)
    with np.errstate(all="ignore"):
        quantiles = law.ppf(PROBES)
    if not np.isfinite(quantiles).all() or (np.diff(quantiles) < 0.0).any():
        message = (
            f"{law!r} has no quantiles: its parameters are invalid, which scipy does not say. "
            f"Check signs and ranges of the parameters."
        )
        raise ParameterError(message)
    return law
