"""Hypothesis strategies: uncertain numbers as people state them, and expressions of them."""

import hypothesis.strategies as st
from scipy import stats

from attrition.uncertain import (
    Uncertain,
    about,
    between,
    exp,
    from_draws,
    log,
    maximum,
    minimum,
    share,
    sqrt,
    uniform,
)
from attrition.uncertain.forms import bounds_of

__all__ = [
    "confidences",
    "counts",
    "expressions",
    "leaves",
    "normals",
    "positives",
    "probabilities",
    "small",
]

probabilities = st.floats(1e-12, 1.0 - 1e-12)
confidences = st.floats(0.1, 0.999)
counts = st.floats(1.0, 1e7)
small = st.floats(-4.0, 4.0).map(lambda x: round(x, 3))
"""Numbers of a size at which powers and exponentials stay finite."""


@st.composite
def normals(draw: st.DrawFn) -> Uncertain:
    """Normals on either side of zero."""
    return about(draw(small), sd=draw(st.floats(0.1, 3.0)))


@st.composite
def positives(draw: st.DrawFn) -> Uncertain:
    """Numbers that are never negative, of every kind."""
    low = draw(st.floats(0.1, 3.0))
    high = low + draw(st.floats(0.1, 3.0))
    return draw(
        st.sampled_from(
            [
                between(low, high, confidence=0.9, family="lognormal"),
                uniform(low, high),
                share(0.1 * low, 0.1 * high + 0.2, confidence=0.8),
                Uncertain.of(stats.gamma(1.0 + low, scale=high)),
                Uncertain.of(stats.poisson(high)) + low,
                from_draws([low, high, low + high]),
            ]
        )
    )


def leaves() -> st.SearchStrategy[Uncertain]:
    """Unknowns of any sign and family, discrete ones too."""
    whole = st.floats(0.2, 5.0).map(lambda mean: Uncertain.of(stats.poisson(mean)))
    below = st.floats(0.1, 3.0).map(lambda end: uniform(-end - 1.0, -end))
    return normals() | positives() | whole | below


@st.composite
def expressions(draw: st.DrawFn, unknowns: int = 2) -> Uncertain:
    """Three to seven operations on a few unknowns, each as often as it comes."""
    found = [draw(leaves()) for _ in range(unknowns)]
    for _ in range(draw(st.integers(3, 7))):
        found.append(_step(draw, found))
    return found[-1]


def _step(draw: st.DrawFn, found: list[Uncertain]) -> Uncertain:
    """One operation that is defined wherever its arguments lie."""
    a, b = draw(st.sampled_from(found)), draw(st.sampled_from(found))
    c = draw(small)
    low, high = bounds_of(a.node)
    steps = [
        lambda: a + b,
        lambda: a - b,
        lambda: a + c,
        lambda: c * a,
        lambda: maximum(a, c),
        lambda: minimum(a, b),
        lambda: a**2,
    ]
    if max(abs(low), abs(high)) < 1e4:
        steps += [lambda: a * b, lambda: exp(0.1 * a), lambda: a**3]
    if low >= 0.0:
        steps += [lambda: sqrt(a), lambda: a**1.5, lambda: log(1.0 + a), lambda: 1.0 / (1.0 + a)]
    return draw(st.sampled_from(steps))()
