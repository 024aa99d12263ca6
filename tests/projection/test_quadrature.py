import math

import attrs
import numpy as np
import pytest
from scipy import integrate, stats

from attrition._typing import FloatArray
from attrition.accounts import Period
from attrition.projection import Change, Hospital, LossProcess, Trend
from attrition.projection.components import Components
from attrition.projection.cumulants import components_of, given_all
from attrition.projection.missed import missed
from attrition.projection.quadrature import ByRules, by_rules
from attrition.projection.response import Response
from attrition.projection.three_moments import Normals, ThreeMoments, law_of_moments
from attrition.uncertain import about, between, mixture
from tests.projection.futures import CLAIMED, MONTHLY, back, intake, losses
from tests.projection.responses import asked
from tests.projection.test_cumulants_nodes import RESPONSES

START = about(712_000, sd=20_000)
LOST, JOINED = about(44_000, sd=2_700), about(35_000, sd=2_100)
LOUD = attrs.evolve(MONTHLY, lasting_sd=0.6, passing_sd=0.2)
Q = np.array([0.001, 0.05, 0.3, 0.5, 0.9, 0.995])
FIRST = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
SECOND = [[0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]]
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]


def found(response: Response) -> ByRules:
    """The laws by rules."""
    laws = by_rules(response)
    assert laws is not None
    return laws


def two_months(x: FloatArray, sd: float, lost: LossProcess) -> FloatArray:
    """Probabilities of N(mean, sd^2) less two correlated lognormals, by nested integrals."""
    variation = lost.variation
    assert variation is not None
    var = variation.lasting_sd**2 + variation.passing_sd**2
    cov = variation.lasting_sd**2 * variation.persistence
    root = np.linalg.cholesky(np.array([[var, cov], [cov, var]]))
    scores = np.linspace(-8.5, 8.5, 681)
    weights = stats.norm.pdf(scores) * (scores[1] - scores[0])
    first = np.exp(root[0, 0] * scores - 0.5 * var)[:, None]
    second = np.exp(root[1, 0] * scores[:, None] + root[1, 1] * scores - 0.5 * var)
    mean = 712_000 + 2 * 35_000 - 44_000 * (first + second)
    chance = [weights @ stats.norm.cdf((place - mean) / sd) @ weights for place in x]
    return np.array(chance)


class TestChance:
    def test_normals_are_exact(self) -> None:
        """Steady normal levels give the normal law, in closed form and without an error."""
        laws = found(asked(START, losses(LOST), intake(JOINED)))
        months = np.arange(1.0, 7.0)
        law = stats.norm(
            712_000 - 9_000 * months, np.hypot(20_000, months * math.hypot(2700, 2100))
        )
        places = np.asarray(law.ppf(Q[:, None])).T

        assert laws.method == "exact"
        np.testing.assert_allclose(laws.chance(places), np.tile(Q, (6, 1)), rtol=1e-9)
        np.testing.assert_allclose(laws.quantiles(Q), places, rtol=1e-9)
        assert (laws.chance_errors(places) == 0.0).all()
        mean, var = laws.moments()
        np.testing.assert_allclose(mean, law.mean(), rtol=1e-9)
        np.testing.assert_allclose(var, law.var(), rtol=1e-9)

    def test_cut_is_an_error(self) -> None:
        """Where strength may be cut, it is known to one point of the lattice at best."""
        laws = attrs.evolve(found(asked(START, losses(LOST))), cut=3e-4)

        assert laws.chance_errors(np.full((6, 1), 7e5)).tolist() == [[1 / 4_072]] * 6

    def test_cut_that_recovers(self) -> None:
        """Who was below nobody and is above a place since is seen at the points of the lattice."""
        crisis = Change(factor=20.0, during=Period.month(2026, 3))
        response = asked(
            about(590_000, sd=60_000), losses(30_000, changes=[crisis]), intake(40_000)
        )
        laws = attrs.evolve(found(response), cut=1.0)
        error = laws.chance_errors(np.full((6, 1), 35_000.0))

        # 40,000 arrive and 600,000 are lost in March, so 40,000 are left on average in April and
        # in August 40,000 more; who had nobody left in April has 40,000 then, and not less.
        left = stats.norm(590_000 + 10_000 + 40_000 - 600_000, 60_000)
        assert error[-1, 0] == pytest.approx(left.cdf(35_000 - 4 * 10_000), abs=2e-3)

    def test_normal_and_lognormal(self) -> None:
        """Start less six months of a lognormal level, against the integral over the level."""
        lost = between(38_000, 50_000, confidence=0.9, family="lognormal")
        laws = found(asked(START, losses(lost), weights=END))
        places = np.linspace(580_000, 740_000, 9)
        shape = math.log(50 / 38) / (2 * stats.norm.ppf(0.95))
        level = stats.lognorm(shape, scale=1_000 * math.sqrt(38 * 50))

        def chance(x: float) -> float:
            def at(people: float) -> float:
                inside = (x - 712_000 - 210_000 + 6 * people) / 20_000
                return float(stats.norm.cdf(inside) * level.pdf(people))

            low, high = float(level.ppf(1e-13)), float(level.isf(1e-13))
            return float(integrate.quad(at, low, high, epsabs=1e-12, limit=200)[0])

        expected = np.array([[chance(float(x)) for x in places]])
        error = laws.chance_errors(places[None])

        assert laws.method == "quadrature"
        np.testing.assert_allclose(laws.chance(places[None]), expected, atol=1e-4)
        assert (np.abs(laws.chance(places[None]) - expected) <= 3.0 * error + 1e-6).all()
        assert error.max() < 3e-4

    def test_noise_alone(self) -> None:
        """One month of noise on a known level is a lognormal turned round."""
        laws = found(asked(712_000, losses(44_000, variation=MONTHLY), weights=FIRST))
        law = stats.lognorm(math.hypot(0.15, 0.08), scale=44_000 * math.exp(-0.5 * 0.0289))
        places = 712_000 + 35_000 - law.ppf(1.0 - Q)

        assert laws.method == "quadrature"
        np.testing.assert_allclose(laws.chance(places[None])[0], Q, rtol=1e-9)
        np.testing.assert_allclose(laws.quantiles(Q)[0], places, rtol=1e-9)

    def test_two_months_of_noise(self) -> None:
        """Two months of noise beside a start, within the stated errors."""
        lost = losses(44_000, variation=LOUD)
        laws = found(asked(START, lost, weights=SECOND))
        places = np.asarray(laws.quantiles(Q))
        expected = two_months(places[0], 20_000, lost)
        error = laws.chance_errors(places)[0]

        off = np.abs(laws.chance(places)[0] - expected)

        assert (off <= 3.0 * error).all()
        # Nor do they say far more than there is.
        assert (error <= 3.0 * off + 1e-3).all()

    @pytest.mark.parametrize("kind", ["returns", "line", "compound", "changes", "shared"])
    def test_merged_laws(self, kind: str) -> None:
        """Probabilities of laws that are merged are those with nothing merged."""
        laws = found(RESPONSES[kind])
        assert laws.parts.merged
        assert not laws.closest.merged
        closest = components_of(laws.closest)
        assert closest is not None
        apart = attrs.evolve(laws, parts=laws.closest, components=closest, law=law_of(closest))
        places = laws.quantiles(Q)

        np.testing.assert_allclose(apart.chance(places), np.tile(Q, (6, 1)), atol=3e-4)
        (mean, var), (mean_apart, var_apart) = laws.moments(), apart.moments()
        np.testing.assert_allclose((mean - mean_apart) / np.sqrt(var), 0.0, atol=1e-3)
        np.testing.assert_allclose(var / var_apart, 1.0, atol=2e-3)

    def test_merged_lognormals(self) -> None:
        """A merged law of a start and two lognormals, against the integral over both."""
        levels = about(44_000, sd=1_100, positive=True), about(35_000, sd=1_200, positive=True)
        laws = found(asked(START, losses(levels[0]), intake(levels[1]), weights=END))
        assert (len(laws.parts.merged), laws.components.weights.size) == (2, 1)
        scores = np.linspace(-8.0, 8.0, 401)
        weights = stats.norm.pdf(scores) * (scores[1] - scores[0])
        lost, joined = (
            cv_level(mean, sd, scores) for mean, sd in ((44_000, 1_100), (35_000, 1_200))
        )
        mean = 712_000 + 6.0 * (joined[:, None] - lost)
        places = laws.quantiles(Q)
        expected = [weights @ stats.norm.cdf((x - mean) / 20_000) @ weights for x in places[0]]
        off = np.abs(laws.chance(places)[0] - expected)

        assert laws.method == "quadrature"
        assert off.max() < 1e-4
        assert (off <= 3.0 * laws.chance_errors(places)[0] + 1e-6).all()

    def test_a_folded_one_is_no_closed_form(self) -> None:
        """One law with what a tiny lognormal adds is no longer exact, and says so."""
        tiny = about(300, sd=150, positive=True)
        laws = found(asked(START, joined=intake(tiny), weights=END))
        places = laws.quantiles(Q)

        assert laws.components.weights.tolist() == [1.0]
        assert laws.method == "quadrature"
        assert 0.0 <= laws.chance_errors(places).max() < 1e-4


class TestQuantiles:
    @pytest.mark.parametrize("kind", RESPONSES)
    def test_they_have_their_probabilities(self, kind: str) -> None:
        """A quantile has the probability it was asked for, and they rise with it."""
        laws = found(RESPONSES[kind])
        q = np.linspace(0.0005, 0.9995, 41)
        places = laws.quantiles(q)

        np.testing.assert_allclose(laws.chance(places), np.tile(q, (len(places), 1)), atol=1e-5)
        assert (np.diff(places) > 0.0).all()

    def test_far_out(self) -> None:
        """Quantiles of a law that ends somewhere are found where nearly nothing is beyond."""
        lost = losses(between(30_000, 60_000, confidence=0.9, family="lognormal"), variation=LOUD)
        laws = found(asked(about(712_000, sd=2_000), lost, weights=END))
        q = np.array([1e-12, 1e-9, 1.0 - 1e-9, 1.0 - 1e-12])
        places = laws.quantiles(q)

        score = stats.norm.ppf(laws.chance(places)[0])
        np.testing.assert_allclose(score, stats.norm.ppf(q), atol=0.01)


class TestErrors:
    def test_a_coarse_rule_is_noticed(self) -> None:
        """Where a rule has too few nodes the finer one says so."""
        lost = between(38_000, 50_000, confidence=0.9, family="lognormal")
        right = found(asked(START, losses(lost), weights=END))
        parts = right.closest._replace(nodes=(2,))
        components = components_of(parts)
        assert components is not None
        law = law_of(components)
        coarse = attrs.evolve(right, parts=parts, closest=parts, components=components, law=law)
        places = right.quantiles(np.array([0.05, 0.35, 0.8]))
        off = np.abs(coarse.chance(places) - right.chance(places))

        assert off.max() > 3e-3
        assert coarse.chance_errors(places).max() > off.max() / 3.0

    @pytest.mark.parametrize("moment", ["mean", "var", "third"])
    def test_wrong_components_are_noticed(self, moment: str) -> None:
        """Where a moment is wrong the stated error is what that does to probabilities at least."""
        lost = losses(44_000, variation=LOUD)
        right = found(asked(START, lost, weights=SECOND))
        change = {"mean": 440.0, "var": 0.02 * right.components.var, "third": 2e13}
        shifted = getattr(right.components, moment) + change[moment]
        components = right.components._replace(**{moment: shifted})
        wrong = attrs.evolve(right, components=components, law=law_of(components))
        places = right.quantiles(np.array([0.02, 0.35, 0.97]))
        off = np.abs(wrong.chance(places) - right.chance(places))

        assert off.max() > 1e-3
        assert (wrong.chance_errors(places) >= off - 1e-12).all()

    def test_of_laws_that_miss_the_noise(self) -> None:
        """What three moments miss of the noise is in the error, as simulated."""
        lost = losses(44_000, variation=LOUD)
        laws = found(asked(START, lost, weights=SECOND))
        places = laws.quantiles(np.array([0.02, 0.5, 0.97]))
        closer = given_all(laws.closest, more=1)
        assert closer is not None

        # With one node there is no finer rule.
        expected = missed(laws.closest, closer, places)
        np.testing.assert_allclose(laws.chance_errors(places), expected, rtol=1e-9)

    def test_no_finer_rule(self) -> None:
        """Where the finer rule takes too many profiles nothing is known about the error."""
        laws = found(many_profiles())
        places = laws.quantiles(Q)

        assert given_all(laws.closest) is not None
        assert given_all(laws.closest, more=1) is None
        assert laws.chance_errors(places).tolist() == [[1.0] * len(Q)]


def law_of(components: Components) -> Normals | ThreeMoments:
    """The laws that have the moments of components, sums by places by components."""
    mean, var, third, _ = components
    return law_of_moments(mean[:, None], var[:, None], third[:, None])


def cv_level(mean: float, sd: float, scores: FloatArray) -> FloatArray:
    """A lognormal by its mean and standard deviation at normal scores."""
    shape = math.sqrt(math.log1p((sd / mean) ** 2))
    return np.asarray(mean * np.exp(shape * scores - 0.5 * shape**2))


def many_profiles() -> Response:
    """Ten profiles with two nodes of a growth, of which three make eleven."""
    months = [(2026, month) for month in range(4, 12)]
    changes = [
        Change(factor=about(1, sd=0.4, positive=True), during=Period.months(y, m, count=1))
        for y, m in months
    ]
    trend = Trend(per_year=about(0.1, sd=0.07), form="exponential")
    lost = losses(44_000, variation=MONTHLY, changes=changes, trend=trend)
    weights = [[*np.zeros(12), 1.0]]
    return asked(about(2e6, sd=1e5), lost, weights=weights, until=Period.month(2027, 1).end)


class TestByRules:
    def test_no_smooth_function(self) -> None:
        """A mixture is for no rule."""
        either = mixture([(0.7, about(700_000, sd=9_000)), (0.3, about(730_000, sd=5_000))])

        assert by_rules(asked(either)) is None

    def test_observed(self) -> None:
        """A level that was observed has rules unless a hospital is full of its people."""
        counted = losses(LOST, CLAIMED, variation=MONTHLY, observed=Period.month(2026, 1))
        full = back(hospital=Hospital.steady())

        assert by_rules(asked(START, counted, returns=back())) is not None
        assert by_rules(asked(START, counted, returns=full)) is None

    def test_bent_by_another(self) -> None:
        """The variance of a sum with a number times the square of a level is that of its parts."""
        away, level = about(0, sd=1), about(44_000, sd=6_000)
        laws = by_rules(asked(START, losses(level), weights=END, rest=(away * level**2 * 5e-5,)))
        assert laws is not None

        # 44,000 with a standard deviation of 6,000: E x^4 = m^4 + 6 m^2 s^2 + 3 s^4.
        fourth = 44e3**4 + 6 * 44e3**2 * 6e3**2 + 3 * 6e3**4
        expected = 20_000**2 + (6 * 6_000) ** 2 + 5e-5**2 * fourth
        assert laws.moments()[1] == pytest.approx([expected], rel=1e-4)

    def test_nothing_inside(self) -> None:
        """A lognormal alone leaves nothing to integrate in closed form."""
        assert by_rules(asked(between(7e5, 8e5, confidence=0.9, family="lognormal"))) is None

    def test_too_many_profiles(self) -> None:
        """Eleven uncertain factors that each have a month of noise are too many."""
        changes = [
            Change(
                factor=about(1, sd=0.4, positive=True), during=Period.months(year, month, count=1)
            )
            for year, month in [*((2026, m) for m in range(2, 13))]
        ]
        lost = losses(44_000, variation=MONTHLY, changes=changes)
        weights = [[*np.zeros(12), 1.0]]
        year = asked(about(2e6, sd=1e5), lost, weights=weights, until=Period.month(2027, 1).end)

        assert by_rules(year) is None
