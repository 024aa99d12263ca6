import itertools
import math
import pickle

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from attrition import (
    Uncertain,
    about,
    between,
    correlate,
    exp,
    maximum,
    minimum,
    mixture,
    share,
    uniform,
)
from attrition.errors import SupportWarning
from attrition.uncertain import Event
from attrition.uncertain.conditional import conditional_law
from attrition.uncertain.node import Known
from attrition.uncertain.over_scores import OverScores, panels

normal = stats.norm()


def over_scores(x: Uncertain, event: Event | None = None) -> OverScores:
    """The law of a number by an integral over one of its two unknowns."""
    law = conditional_law(x.node, None if event is None else event.node)
    assert isinstance(law, OverScores)
    return law


def whole(event: Event) -> float:
    """The probability of an event, by the same integral."""
    law = conditional_law(Known(0.0), event.node)
    assert isinstance(law, OverScores)
    return law.whole()


def hinge(z: float) -> float:
    """The mean of a standard normal plus z where it is positive: the integral of Phi up to z."""
    return float(z * normal.cdf(z) + normal.pdf(z))


def ratio(x: Uncertain, y: Uncertain) -> Uncertain:
    """The ratio to a divisor of both signs, of which the library warns."""
    with pytest.warns(SupportWarning, match="across 0"):
        return x / y


class TestRatios:
    def test_standard_normals_are_cauchy(self) -> None:
        """The ratio of two standard normals is Cauchy, to a billionth of either tail."""
        law = over_scores(ratio(about(0, sd=1), about(0, sd=1)))
        q = np.array([1e-9, 0.01, 0.3, 0.5, 0.9])

        assert law.ppf(q) == pytest.approx(stats.cauchy.ppf(q), rel=1e-7, abs=1e-9)
        assert law.isf(q) == pytest.approx(stats.cauchy.isf(q), rel=1e-7, abs=1e-9)

    def test_divisor_of_both_signs(self) -> None:
        """The density of any ratio of normals integrates to its probabilities."""
        (a, s), (b, t) = (3.1, 1.2), (0.9, 2.3)
        law = over_scores(ratio(about(a, sd=s), about(b, sd=t)))

        for place in (-4.0, 0.3, 2.5):
            true, _ = quad(_hinkley, -math.inf, place, args=(a, s, b, t), epsabs=1e-13, limit=200)
            assert float(law.cdf(np.array(place))) == pytest.approx(true, rel=1e-9)


def _hinkley(w: float, a: float, s: float, b: float, t: float) -> float:
    """The density at w of x / y, for independent normals about a and b with sd s and t."""
    r = math.sqrt(w * w / s**2 + 1.0 / t**2)
    m = a * w / s**2 + b / t**2
    c = a * a / s**2 + b * b / t**2
    d = math.exp((m * m - c * r * r) / (2.0 * r * r))
    whole_part = m * d * (2.0 * normal.cdf(m / r) - 1.0) / (r**3 * math.sqrt(2.0 * math.pi) * s * t)
    return float(whole_part + math.exp(-c / 2.0) / (r * r * math.pi * s * t))


def test_hinkley_of_standard_normals() -> None:
    """The reference itself is the Cauchy density where both are standard."""
    assert _hinkley(0.7, 0.0, 1.0, 0.0, 1.0) == pytest.approx(stats.cauchy.pdf(0.7), rel=1e-14)


U, V = uniform(0, 1), uniform(0, 1)


class TestClosedForms:
    def test_product_of_uniforms(self) -> None:
        """P(u v <= t) is t (1 - log t)."""
        law = over_scores(U * V)
        t = np.array([1e-6, 0.01, 0.3, 0.8, 0.999])

        assert law.cdf(t) == pytest.approx(t * (1.0 - np.log(t)), rel=1e-9)
        assert law.sf(t) == pytest.approx(1.0 - t * (1.0 - np.log(t)), abs=1e-11)

    @pytest.mark.parametrize("q", [1e-9, 1e-4, 0.5])
    def test_far_quantiles(self, q: float) -> None:
        """Quantiles of a billionth are those of that formula, in the tail that is asked."""
        law = over_scores(U * V)
        lower, upper = float(law.ppf(np.array(q))), float(law.isf(np.array(q)))

        assert lower * (1.0 - math.log(lower)) == pytest.approx(q, rel=1e-7)
        # 1 - t (1 - log t) at t = 1 - e, without cancellation.
        e = 1.0 - upper
        left = e + (1.0 - e) * math.log1p(-e)
        assert left == pytest.approx(q, rel=1e-6)

    def test_kinks_at_the_ends_of_supports(self) -> None:
        """P(u (1 + v) <= t) is t log 2 up to 1, and t - 1 + t log(2 / t) beyond."""
        law = over_scores(U * (1 + V))
        t = np.array([0.2, 1.0, 1.3, 1.97])
        true = np.where(t <= 1.0, t * math.log(2.0), t - 1.0 + t * np.log(2.0 / t))

        assert law.cdf(t) == pytest.approx(true, rel=1e-10)

    def test_unknown_that_enters_twice(self) -> None:
        """w s / (1 + w) agrees with adaptive quadrature over w of the law of s."""
        w = between(1.3, 3.4, confidence=0.9, family="lognormal")
        s = share(0.4, 0.7, confidence=0.9)
        law = over_scores(w * s / (1 + w))
        middle, sigma = math.log(1.3 * 3.4) / 2, math.log(3.4 / 1.3) / (2 * normal.ppf(0.95))

        def inner(z: float, t: float) -> float:
            ratio = math.exp(middle + sigma * z)
            return float(normal.pdf(z) * s.cdf(min(t * (1.0 + ratio) / ratio, 1.0)))

        for t in (0.2, 0.38, 0.55):
            true, _ = quad(inner, -9.0, 9.0, args=(t,), epsabs=1e-14, limit=200)
            assert float(law.cdf(np.array(t))) == pytest.approx(true, rel=1e-9)

    @pytest.mark.parametrize("ends", [(0.5, 0.6), (0.54, 0.56), (0.549, 0.551), (0.5499, 0.5501)])
    def test_unknown_that_is_well_known(self, ends: tuple[float, float]) -> None:
        """However narrow the law of the unknown that is solved for, no node misses it."""
        w = between(1.3, 3.4, confidence=0.9, family="lognormal")
        s = share(*ends, confidence=0.9)
        law = over_scores(w * s / (1 + w))
        middle, sigma = math.log(1.3 * 3.4) / 2, math.log(3.4 / 1.3) / (2 * normal.ppf(0.95))

        def outer(z: float, t: float) -> float:
            # The same probability the other way round: w / (1 + w) at most t / s.
            left = min(t / float(s.ppf(normal.cdf(z))), 1.0 - 1e-15)
            return float(normal.pdf(z) * normal.cdf((math.log(left / (1 - left)) - middle) / sigma))

        for t in (0.31, 0.36, 0.42):
            true, _ = quad(outer, -8.0, 8.0, args=(t,), epsabs=1e-14, limit=200)
            assert float(law.cdf(np.array(t))) == pytest.approx(true, rel=1e-9)

    def test_maximum_tied_to_its_neighbour(self) -> None:
        """max(a, 2 u) + u is at most t where u is at most t / 3 and a at most t - u."""
        a = about(0.2, sd=0.8)
        law = over_scores(maximum(a, 2 * U) + U)

        for t in (0.4, 1.7, 2.9, 3.8):
            end = min(t / 3.0, 1.0)
            true = 0.8 * (hinge((t - 0.2) / 0.8) - hinge((t - 0.2 - end) / 0.8))
            assert float(law.cdf(np.array(t))) == pytest.approx(true, rel=1e-10)

    def test_densities_that_jump(self) -> None:
        """The density of a histogram has jumps inside: the stated error covers what they cost."""
        heights, ends = np.array([0.3, 0.35]), np.array([0.0, 1.0, 3.0])
        bars = Uncertain.of(stats.rv_histogram((heights, ends), density=True))
        law = over_scores(bars + about(0, sd=0.2) ** 3)
        at = np.array([0.02, 0.5, 1.01, 2.4])
        true = [_histogram_and_cube(float(t)) for t in at]

        off = np.abs(law.cdf(at) - true)
        assert off.max() < 1e-4
        assert (off <= 3.0 * law.chance_errors(at) + 1e-10).all()

    def test_jumps_of_a_choice(self) -> None:
        """A normal beside a choice of two numbers is the mixture of two normals."""
        law = over_scores(about(0, sd=1) + mixture([(0.3, 1.0), (0.7, 2.5)]))
        t = np.array([-4.0, 0.5, 2.0, 3.0])

        true = 0.3 * normal.cdf(t - 1.0) + 0.7 * normal.cdf(t - 2.5)
        assert law.cdf(t) == pytest.approx(true, rel=1e-9)

    def test_jumps_of_a_correlated_count(self) -> None:
        """A count of few values is tied to a normal one by its score, step by step."""
        few, r = stats.binom(4, 0.35), 0.5
        count, y = correlate([Uncertain.of(few), about(1, sd=2)], normal_scores=r)
        law = over_scores(count + y)
        edges = normal.ppf(np.concatenate([[0.0], few.cdf(np.arange(4)), [1.0]]))

        def inner(z: float, t: float, k: int) -> float:
            return float(
                normal.pdf(z) * normal.cdf(((t - k - 1.0) / 2.0 - r * z) / math.sqrt(0.75))
            )

        for t in (-1.5, 2.5, 5.0):
            parts = [
                quad(inner, max(edges[k], -9.0), min(edges[k + 1], 9.0), args=(t, k), epsabs=1e-14)
                for k in range(5)
            ]
            true = sum(part for part, _ in parts)
            assert float(law.cdf(np.array(t))) == pytest.approx(true, rel=1e-9)

    def test_kinks_of_many_maxima(self) -> None:
        """Sixty-four maxima, each with a kink of its own, are all found."""
        places = np.linspace(-1.9, 2.2, 64)
        z, y = about(0.1, sd=1.3), about(0.3, sd=4.0)
        total = y
        for place in places.tolist():
            total = total + 0.2 * maximum(z, place)
        law = over_scores(total)

        def inner(v: float, t: float) -> float:
            rest = t - 0.2 * float(np.maximum(v, places).sum())
            return float(normal.pdf((v - 0.1) / 1.3) / 1.3 * normal.cdf((rest - 0.3) / 4.0))

        for t in (2.0, 11.0):
            ends = [-11.0, *places.tolist(), 11.0]
            true = math.fsum(
                quad(inner, a, b, args=(t,), epsabs=1e-15)[0] for a, b in itertools.pairwise(ends)
            )
            assert float(law.cdf(np.array(t))) == pytest.approx(true, rel=1e-10)


def _histogram_and_cube(t: float) -> float:
    """P(h + n**3 <= t) for the histogram h and a normal n of standard deviation 0.2."""

    def inner(z: float) -> float:
        left = t - (0.2 * z) ** 3
        return float(normal.pdf(z) * np.interp(left, [0.0, 1.0, 3.0], [0.0, 0.3, 1.0]))

    kinks = [float(np.cbrt(t - k)) / 0.2 for k in (0.0, 1.0, 3.0)]
    ends = [-9.0, *sorted(k for k in kinks if abs(k) < 9.0), 9.0]
    return math.fsum(quad(inner, a, b, epsabs=1e-14)[0] for a, b in itertools.pairwise(ends))


class TestEvents:
    def test_one_above_the_other(self) -> None:
        """The probability that one normal exceeds another is that of a normal score."""
        x, y = about(3.1, sd=1.2), about(2.2, sd=0.7)

        true = normal.cdf(0.9 / math.hypot(1.2, 0.7))
        assert whole(x > y) == pytest.approx(true, rel=1e-12)

    @pytest.mark.parametrize("r", [-0.9, -0.3, 0.6, 0.99])
    def test_orthants(self, r: float) -> None:
        """Both of two normals with correlation r are positive with 1/4 + asin(r) / 2 pi."""
        a, b = correlate([about(0, sd=2), about(0, sd=3)], normal_scores=r)
        true = 0.25 + math.asin(r) / (2.0 * math.pi)

        assert whole((a > 0) & (b > 0)) == pytest.approx(true, rel=1e-9)
        assert whole(~((a > 0) | (b > 0))) == pytest.approx(true, rel=1e-9)

    def test_number_that_is_averaged_over_itself(self) -> None:
        """Where the event is solved for the other one, the number itself cuts the integral."""
        x, y = uniform(0, 2), U
        law = over_scores(y, x > y + y**2)
        t = np.array([1e-4, 0.2, 0.77, 1.0])

        # The integral of (2 - y - y^2) / 2 up to t, over all of it.
        true = (2.0 * t - t**2 / 2.0 - t**3 / 3.0) / (7.0 / 6.0)
        assert law.cdf(t) == pytest.approx(true, rel=1e-10)
        assert law.whole() == pytest.approx(7.0 / 12.0, rel=1e-12)
        assert law.whole_error() < 1e-11

    def test_two_bounds_that_change_over(self) -> None:
        """y + z <= t and y < z bound y by t - z and by z: the kink where they cross is found."""
        y, z = about(0.3, sd=1.5), about(0.1, sd=1.3)
        law = over_scores(y + z, y < z)
        assert law.statement.unknown is y.node

        def inner(v: float, t: float) -> float:
            bound = min(v, t - v)
            return float(normal.pdf((v - 0.1) / 1.3) / 1.3 * normal.cdf((bound - 0.3) / 1.5))

        event = normal.cdf(-0.2 / math.hypot(1.5, 1.3))
        for t in (-1.0, 0.5, 2.0):
            parts = [
                quad(inner, a, b, args=(t,), epsabs=1e-15) for a, b in ((-11, t / 2), (t / 2, 12))
            ]
            true = sum(part for part, _ in parts) / event
            assert float(law.cdf(np.array(t))) == pytest.approx(true, rel=1e-10)
            assert float(law.sf(np.array(t))) == pytest.approx(1.0 - true, rel=1e-10)

    def test_truncated_from_below_by_another(self) -> None:
        """Of two standard normals the one that is larger has the law of their maximum."""
        x, y = about(0, sd=1), about(0, sd=1)
        t = np.array([-3.0, 0.1, 2.0])

        assert over_scores(x, x > y).cdf(t) == pytest.approx(normal.cdf(t) ** 2, rel=1e-10)


class TestMoments:
    def test_product_of_uniforms(self) -> None:
        """Mean 1/4 and variance 7/144."""
        law = over_scores(U * V)

        assert law.mean() == pytest.approx(0.25, rel=1e-9)
        assert law.var() == pytest.approx(7.0 / 144.0, rel=1e-9)

    def test_product_of_normals(self) -> None:
        """Means multiply, and so do second moments."""
        law = over_scores(about(3, sd=1.2) * about(-0.7, sd=0.4))

        # The density has a logarithmic peak at 0, on which polynomials are of less use.
        assert law.mean() == pytest.approx(-2.1, rel=1e-7)
        assert law.var() == pytest.approx((9 + 1.44) * (0.49 + 0.16) - 2.1**2, rel=1e-7)

    def test_of_a_number_with_an_atom(self) -> None:
        """The mean of max(u v, 1/4) is 1/4 and the integral of P(u v > t) beyond."""
        law = over_scores(maximum(U * V, 0.25))
        beyond, _ = quad(lambda t: 1.0 - t * (1.0 - math.log(t)), 0.25, 1.0, epsabs=1e-14)
        square, _ = quad(lambda t: 2.0 * t * (1.0 - t * (1.0 - math.log(t))), 0.25, 1.0)
        assert law.mean() == pytest.approx(0.25 + beyond, rel=1e-9)
        assert law.var() == pytest.approx(0.0625 + square - (0.25 + beyond) ** 2, rel=1e-9)


class TestLaw:
    def test_both_halves(self) -> None:
        """Probabilities of at most and of more are one together; shapes are kept."""
        law = over_scores(U * V)
        t = np.array([[0.1, 0.5], [0.9, 0.3]])

        assert law.cdf(t) + law.sf(t) == pytest.approx(np.ones((2, 2)), rel=1e-12)
        assert (law.method, law.searched, law.atomic) == ("quadrature", True, False)
        assert law.support() == (0.0, 1.0)
        assert law.averaged() == (law.other.law,)

    def test_density(self) -> None:
        """The density of a product of uniforms is - log t."""
        t = np.array([0.03, 0.4, 0.95])

        assert over_scores(U * V).pdf(t) == pytest.approx(-np.log(t), rel=1e-5)

    def test_beyond_both_ends(self) -> None:
        """Beyond its ends a number has no mass."""
        law = over_scores(U * V)

        assert law.cdf(np.array([-1.0, 2.0])).tolist() == [0.0, 1.0]
        assert law.ppf(np.array([0.0, 1.0])).tolist() == [0.0, 1.0]

    @pytest.mark.parametrize(
        ("x", "event", "text"),
        [
            (U * V, None, "Multiply by quadrature"),
            (U, U < V, "unknown by quadrature, given an event"),
        ],
    )
    def test_repr(self, x: Uncertain, event: Event | None, text: str) -> None:
        """It says what was computed, how, and whether something is given."""
        assert repr(over_scores(x, event)) == text

    @pytest.mark.parametrize("event", [None, U < V])
    def test_pickles_without_recursion(self, event: Event | None) -> None:
        """The law of a sum of a thousand terms goes through pickle, and answers alike."""
        total = U
        for i in range(1_000):
            total = total + exp(1e-4 * i * V)
        law = over_scores(total, event)
        again = pickle.loads(pickle.dumps(law))
        at = np.array([1_040.0, 1_060.0])

        assert again.cdf(at).tolist() == law.cdf(at).tolist()


class TestAtoms:
    def test_around_an_atom(self) -> None:
        """The mass of a single value lies in at most and in at least, not in less and in more."""
        law = over_scores(maximum(U * V, 0.25))
        at, mass = np.array(0.25), 0.25 * (1.0 + math.log(4.0))

        assert law.atomic
        assert float(law.cdf(at)) == pytest.approx(mass, rel=1e-9)
        assert float(law.below(at)) == 0.0
        assert float(law.sf(at)) == pytest.approx(1.0 - mass, rel=1e-9)
        assert float(law.at_least(at)) == pytest.approx(1.0, rel=1e-12)

    def test_rounded_places(self) -> None:
        """An atom is where it is, even if the way down to the unknown rounds it."""
        # 0.1 + 0.2 is no 0.3: the maximum of 0.3 plus a tenth, from above and from below.
        law = over_scores(minimum(maximum(U * V, 0.3) + 0.1, 0.7) / 3 + 0.2)
        mass = 0.3 * (1.0 - math.log(0.3))
        at = np.array(0.4 / 3 + 0.2)

        assert float(law.cdf(at)) - float(law.below(at)) == pytest.approx(mass, rel=1e-9)

    def test_quantiles_rest_on_it(self) -> None:
        """All probabilities up to the mass of an atom have its value for their quantile."""
        law = over_scores(maximum(U * V, 0.25))

        assert law.ppf(np.array([0.01, 0.3, 0.59])) == pytest.approx([0.25] * 3, rel=1e-12)


class TestPanels:
    @pytest.mark.parametrize("power", range(8))
    def test_moments_of_the_normal_law(self, power: int) -> None:
        """Panels of any widths give the moments of the normal law, place by place."""
        edges = np.array([[-8.5, -8.5], [-0.3, 1.1], [0.4, 1.1], [8.5, 8.5]])
        scores, weights = panels(edges, 60)

        assert scores.shape == weights.shape == (3, 60, 2)
        true = [1, 0, 1, 0, 3, 0, 15, 0][power]
        assert (weights * scores**power).sum(axis=(0, 1)) == pytest.approx([true] * 2, abs=1e-9)

    def test_roots_at_the_end_of_a_panel(self) -> None:
        """Nodes crowd at both ends: even a square root there is right to ten digits."""
        scores, weights = panels(np.array([[0.0], [8.5]]), 80)
        found = float((weights * np.sqrt(scores)).sum())
        # E[sqrt(z); z > 0] of a standard normal.
        true = 2.0**0.25 * math.gamma(0.75) / (2.0 * math.sqrt(math.pi))

        assert found == pytest.approx(true, rel=1e-10)
