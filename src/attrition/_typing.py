"""Array aliases and the shapes of what the library accepts from outside."""

from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

__all__ = [
    "Draws",
    "FloatArray",
    "FrozenDistribution",
    "FrozenVariable",
    "Number",
    "ScipyDistribution",
    "Seed",
]

FloatArray: TypeAlias = npt.NDArray[np.float64]
"""Any array of floats."""

Draws: TypeAlias = npt.NDArray[np.float64]
"""One value a draw; where there are periods, they come first: (periods, draws)."""

Number: TypeAlias = float | int | np.floating | np.integer
"""A known number; a bool is refused at run time."""

Seed: TypeAlias = int | np.random.Generator | np.random.SeedSequence | np.random.BitGenerator
"""What ``numpy.random.default_rng`` takes, but for None (SPEC 7)."""


@runtime_checkable
class FrozenDistribution(Protocol):
    """A frozen distribution of scipy's older kind, continuous or discrete."""

    def ppf(self, q: FloatArray, /) -> object: ...
    def isf(self, q: FloatArray, /) -> object: ...
    def cdf(self, x: FloatArray, /) -> object: ...
    def sf(self, x: FloatArray, /) -> object: ...


@runtime_checkable
class FrozenVariable(Protocol):
    """A random variable of scipy's newer kind, such as ``scipy.stats.Normal``."""

    def icdf(self, p: FloatArray, /) -> object: ...
    def iccdf(self, p: FloatArray, /) -> object: ...
    def cdf(self, x: FloatArray, /) -> object: ...
    def ccdf(self, x: FloatArray, /) -> object: ...


class ScipyDistribution(FrozenDistribution, Protocol):
    """
    What every frozen distribution of ``scipy.stats`` answers.

    There is more, of which scipy's own pages tell: ``pdf`` or ``pmf``, ``fit``, ``expect``.
    """

    def ppf(self, q: npt.ArrayLike, /) -> np.float64 | FloatArray: ...
    def isf(self, q: npt.ArrayLike, /) -> np.float64 | FloatArray: ...
    def cdf(self, x: npt.ArrayLike, /) -> np.float64 | FloatArray: ...
    def sf(self, x: npt.ArrayLike, /) -> np.float64 | FloatArray: ...
    def mean(self) -> float: ...
    def var(self) -> float: ...
    def std(self) -> float: ...
    def median(self) -> float: ...
    def interval(self, confidence: float, /) -> tuple[float, float]: ...
    def support(self) -> tuple[float, float]: ...
    def rvs(self, size: int | tuple[int, ...] = 1, random_state: object = None) -> FloatArray: ...
