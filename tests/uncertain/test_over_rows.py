import math
import pickle

import numpy as np
import pytest
from scipy import stats

from attrition import (
    Uncertain,
    about,
    between,
    exp,
    from_draws,
    from_joint_draws,
    given,
    maximum,
    uniform,
)
from attrition._typing import FloatArray
from attrition.uncertain import Event
from attrition.uncertain.conditional import conditional_law
from attrition.uncertain.lattice import SHIFTS
from attrition.uncertain.node import Known
from attrition.uncertain.over_rows import OverRows

FARTHEST = float(stats.t(SHIFTS - 1).isf(0.5e-4))
"""Standard errors from eight copies that are exceeded once in ten thousand times."""

D = np.array([-3.0, 0.5, 1.2, 6.0])
W = np.array([0.1, 0.4, 0.3, 0.2])
AT = np.array([-9.0, -2.0, 0.7, 3.0, 8.5])


def over_rows(x: Uncertain, event: Event | None = None) -> OverRows:
    """The law of a number by a mean over rows."""
    law = conditional_law(x.node, None if event is None else event.node)
    assert isinstance(law, OverRows)
    return law


class TestDraws:
    def test_mixture_of_normals(self) -> None:
        """A normal beside weighted draws is that mixture of normals, in both tails."""
        law = over_rows(about(0.2, sd=1.5) + from_draws(D, weights=W))
        below = sum(w * stats.norm.cdf(AT, 0.2 + d, 1.5) for w, d in zip(W, D, strict=True))
        above = sum(w * stats.norm.sf(AT, 0.2 + d, 1.5) for w, d in zip(W, D, strict=True))

        assert law.cdf(AT) == pytest.approx(below, rel=1e-13, abs=0.0)
        assert law.sf(AT) == pytest.approx(above, rel=1e-13, abs=0.0)
        assert law.method == "exact"
        assert (law.averaged(), law.sampled_as) == ((), None)

    def test_draws_of_one_weight(self) -> None:
        """Draws without weights count alike."""
        law = over_rows(exp(about(0.2, sd=0.5)) * from_draws([1.0, 2.0, 4.0]))
        at = np.array([0.3, 1.5, 9.0])
        true = [stats.lognorm.cdf(at / d, 0.5, scale=math.exp(0.2)) for d in (1.0, 2.0, 4.0)]

        assert law.cdf(at) == pytest.approx(np.mean(true, axis=0), rel=1e-12)

    def test_tied_draws(self) -> None:
        """Two columns of one table go row by row."""
        columns = from_joint_draws({"a": [1.0, 2.0, 5.0], "b": [0.3, -1.0, 2.0]})
        law = over_rows(about(0, sd=1) * columns["a"] + columns["b"])
        true = [stats.norm.cdf((AT - b) / a) for a, b in ((1.0, 0.3), (2.0, -1.0), (5.0, 2.0))]

        assert law.cdf(AT) == pytest.approx(np.mean(true, axis=0), rel=1e-12)

    @pytest.mark.parametrize("q", [1e-9, 0.03, 0.5, 0.9, 1.0 - 1e-9])
    def test_quantiles(self, q: float) -> None:
        """The mass below a quantile is what was asked for, in a valley and in far tails too."""
        law = over_rows(about(0.2, sd=0.05) + from_draws(D, weights=W))
        tail = min(q, 1.0 - q)
        place = law.ppf(np.array(q))
        found = float(law.cdf(place) if q < 0.5 else law.sf(place))

        assert found == pytest.approx(tail, rel=1e-8)

    def test_moments(self) -> None:
        """Mean and variance are those of the mixture."""
        law = over_rows(about(0.2, sd=1.5) + from_draws(D, weights=W))
        centre = float(W @ D)

        assert law.mean() == pytest.approx(0.2 + centre, rel=1e-10)
        assert law.var() == pytest.approx(2.25 + float(W @ (D - centre) ** 2), rel=1e-10)

    def test_no_error(self) -> None:
        """A sum over all there is has no numerical error."""
        law = over_rows(about(0.2, sd=1.5) + from_draws(D, weights=W))

        assert law.chance_errors(AT).tolist() == [0.0] * 5
        assert (law.error(0.3), law.whole_error()) == (0.0, 0.0)

    def test_given_an_event(self) -> None:
        """Given that a normal is above a draw, rows count by how likely that makes them."""
        x, d = about(0.2, sd=1.5), from_draws(D, weights=W)
        law = over_rows(x, x > d)
        shares = stats.norm.sf(D, 0.2, 1.5)
        between = [
            np.maximum(stats.norm.cdf(AT, 0.2, 1.5) - stats.norm.cdf(row, 0.2, 1.5), 0.0)
            for row in D
        ]

        assert law.whole() == pytest.approx(float(W @ shares), rel=1e-13)
        assert law.cdf(AT) == pytest.approx(W @ np.array(between) / (W @ shares), rel=1e-12)
        assert repr(law) == "unknown by exact, given an event"

    def test_rare_event(self) -> None:
        """An event of a billionth leaves a law with all its digits."""
        x = about(0, sd=1)
        law = over_rows(x, (x > 6.0) & (x < 9.0))
        at = np.array([6.1, 6.7])

        assert law.whole() == pytest.approx(stats.norm.sf(6.0) - stats.norm.sf(9.0), rel=1e-13)
        true = stats.norm.sf(at) - stats.norm.sf(9.0)
        assert law.sf(at) == pytest.approx(true / law.whole(), rel=1e-12)

    def test_pickles(self) -> None:
        """It goes through pickle and answers alike."""
        law = over_rows(about(0.2, sd=1.5) * from_draws(D, weights=W))

        assert pickle.loads(pickle.dumps(law)).cdf(AT).tolist() == law.cdf(AT).tolist()


class TestChunks:
    def test_many_places_are_single_ones(self) -> None:
        """However many places are asked at once, each has its own answer, on its own side."""
        rng = np.random.default_rng(20260101)
        law = over_rows(about(0, sd=1) + from_draws(rng.normal(0.0, 2.0, 3_000)))
        at = rng.normal(0.0, 3.0, 101)
        upper = rng.random(101) < 0.4
        one_by_one = [float(law.chance(at[i : i + 1], upper[i : i + 1])[0]) for i in range(101)]

        assert law.chance(at, upper) == pytest.approx(one_by_one, rel=1e-13)

    def test_no_place(self) -> None:
        """Of no place there is no answer."""
        law = over_rows(about(0, sd=1) + from_draws(D))

        assert law.cdf(np.zeros((0, 2))).shape == (0, 2)


def product_of_uniforms(t: FloatArray, n: int) -> FloatArray:
    """P(u1 ... un <= t), as the logarithm is a gamma."""
    return np.asarray(stats.gamma.sf(-np.log(t), n))


class TestLattice:
    @pytest.mark.parametrize("n", [3, 4])
    def test_product_of_uniforms(self, n: int) -> None:
        """Probabilities are right to a thousandth, and no further off than their errors say."""
        x = uniform(0, 1)
        for _ in range(n - 1):
            x = x * uniform(0, 1)
        law = over_rows(x)
        at = np.array([1e-4, 0.01, 0.1, 0.5, 0.9])
        off = np.abs(law.cdf(at) - product_of_uniforms(at, n))

        assert law.method == "lattice"
        assert law.sampled_as is law.sampled is not None
        assert off.max() < 1e-3
        assert (off <= FARTHEST * law.chance_errors(at) + 1e-12).all()

    def test_sum_of_normals(self) -> None:
        """Quantiles of three normals are those of their sum, a billionth out included."""
        law = over_rows(about(1, sd=2) + about(-3, sd=0.5) - about(0.3, sd=0.7))
        true = stats.norm(-2.3, math.sqrt(4 + 0.25 + 0.49))
        q = np.array([1e-9, 0.01, 0.3, 0.5, 0.99])
        errors = law.errors(q)

        assert law.ppf(q[1:]) == pytest.approx(true.ppf(q[1:]), abs=1e-3)
        assert (np.abs(law.ppf(q) - true.ppf(q)) <= FARTHEST * errors + 1e-7).all()
        assert law.isf(q[1:]) == pytest.approx(true.isf(q[1:]), abs=1e-3)

    def test_quantiles_are_on_the_way_from_probabilities(self) -> None:
        """Three values near a quantile give its probability four digits, more than the lattice."""
        law = over_rows(uniform(0, 1) * uniform(0, 2) * exp(about(0, sd=0.3)))
        q = np.array([1e-6, 1e-3, 0.2, 0.5, 0.9])

        assert law.cdf(law.ppf(q)) == pytest.approx(q, rel=1e-4)
        assert law.sf(law.isf(q)) == pytest.approx(q, rel=1e-4)

    def test_moments(self) -> None:
        """Mean and variance of a product of three uniforms, from its values on the lattice."""
        law = over_rows(uniform(0, 1) * uniform(0, 1) * uniform(0, 1))

        assert law.mean() == pytest.approx(1 / 8, rel=1e-3)
        assert law.var() == pytest.approx(1 / 27 - 1 / 64, rel=1e-3)

    def test_event_of_three(self) -> None:
        """The largest of three is each of them with a third, and has the law of the largest."""
        x, y, z = (about(0, sd=1) for _ in range(3))
        law = over_rows(x, (x > y) & (x > z))
        at = np.array([-1.0, 0.3, 2.0])
        off = np.abs(law.cdf(at) - stats.norm.cdf(at) ** 3)

        assert abs(law.whole() - 1 / 3) <= FARTHEST * law.whole_error() + 1e-12
        assert 0.0 < law.whole_error() < 1e-3
        assert (off <= FARTHEST * law.chance_errors(at) + 1e-12).all()

    def test_event_alone(self) -> None:
        """Of three alike each order has a sixth."""
        x, y, z = (about(0, sd=1) for _ in range(3))
        law = conditional_law(Known(0.0), ((x > y) & (y > z)).node)

        assert isinstance(law, OverRows)
        assert abs(law.whole() - 1 / 6) <= FARTHEST * law.whole_error()

    def test_atom(self) -> None:
        """A value with mass of its own keeps it, and quantiles rest on it."""
        law = over_rows(maximum(uniform(0, 1) * uniform(0, 1) * uniform(0, 1), 0.1))
        mass = float(product_of_uniforms(np.array([0.1]), 3)[0])
        at = np.array(0.1)

        assert float(law.cdf(at)) == pytest.approx(mass, abs=1e-4)
        assert float(law.below(at)) == 0.0
        assert law.ppf(np.array([0.2, 0.59])) == pytest.approx([0.1, 0.1], rel=1e-9)

    def test_many_quantiles(self) -> None:
        """Hundreds of quantiles are those one by one, by a curve, or from values beside atoms."""
        x = uniform(0, 1) * between(1, 3, confidence=0.9, family="lognormal") + uniform(1, 2) ** 2
        q = np.linspace(0.001, 0.999, 301)
        law, atomic = over_rows(x), over_rows(maximum(x, 2.5))

        one_by_one = np.array([float(law.ppf(np.array(p))) for p in q[::30]])
        assert law.ppf(q)[::30] == pytest.approx(one_by_one, rel=1e-4)
        assert law.ppf(q.reshape(7, 43)).shape == (7, 43)
        assert law.isf(1.0 - q) == pytest.approx(law.ppf(q), rel=1e-9)
        lower = np.linspace(1e-4, 0.4, 97)
        assert law.ppf(lower)[::24] == pytest.approx(
            [float(law.ppf(np.array(p))) for p in lower[::24]], rel=1e-4
        )
        assert atomic.ppf(q)[::30] == pytest.approx(np.maximum(one_by_one, 2.5), rel=2e-2)
        assert atomic.ppf(q).min() == 2.5
        assert atomic.isf(q).min() == 2.5


def test_given_goes_the_same_way() -> None:
    """What users type is answered by the same mean."""
    x, d = about(0.2, sd=1.5), from_draws(D, weights=W)

    assert isinstance(given(x, x > d).node, type(x.node))
    assert given(x, x > d).cdf(1.0) == float(over_rows(x, x > d).cdf(np.array(1.0)))
