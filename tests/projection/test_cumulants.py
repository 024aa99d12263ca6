import math
from datetime import date

import attrs
import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.accounts import Period
from attrition.projection import Change, Hospital, Surge, Trend
from attrition.projection.axes import axes_of, gauss
from attrition.projection.cumulants import Given, _kept, _pivots, components_of, given_all
from attrition.projection.look import look_at
from attrition.projection.profiles import profiles, values_at
from attrition.projection.response import Response
from attrition.projection.splitting import Split, splits
from attrition.uncertain import Uncertain, about, between
from tests.projection.futures import CLAIMED, MONTHLY, back, intake, losses
from tests.projection.responses import asked, by_run

START = about(712_000, sd=20_000)
LOUD = attrs.evolve(MONTHLY, lasting_sd=0.4, passing_sd=0.25)
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]


def ways(response: Response) -> list[Split]:
    """The ways to integrate what is not known, from most merged to nothing merged."""
    axes = axes_of(response)
    assert axes is not None
    return splits(look_at(response, axes))


def found(response: Response, *, more: int = 0) -> tuple[Given, Split]:
    """The moments at every node with nothing merged, and what they are given."""
    parts = ways(response)[-1]
    given = given_all(parts, more=more)
    assert given is not None
    return given, parts


def folded(parts: Split) -> list[str]:
    """The uids of what is folded."""
    return [parts.look.axes[place].node.uid for place in parts.folded]


def log_covariance(cells: int, lasting: float, passing: float) -> FloatArray:
    """Of an autoregression with persistence .7 and white noise on top."""
    lags = np.abs(np.subtract.outer(np.arange(cells), np.arange(cells)))
    return np.asarray(lasting**2 * 0.7**lags + passing**2 * (lags == 0))


def brute(weights: FloatArray, log: FloatArray) -> tuple[float, float]:
    """Variance and third central moment of a weighted sum of lognormals with mean one."""
    second = third = 0.0
    size = range(len(weights))
    both = np.exp(log)
    for i in size:
        for j in size:
            second += weights[i] * weights[j] * (both[i, j] - 1.0)
            for k in size:
                pairs = both[i, j], both[i, k], both[j, k]
                third += weights[i] * weights[j] * weights[k] * (math.prod(pairs) - sum(pairs) + 2)
    return second, third


class TestNoise:
    def test_two_noises_and_all_that_shapes_them(self) -> None:
        """Variance and third moment are those of the sums of correlated lognormals."""
        changes: list[Change | Surge] = [
            Change(factor=1.3, during=Period.months(2026, 3, count=2)),
            Change(level=30_000, start=date(2026, 7, 1)),
            Surge(people=9_000, during=Period.month(2026, 4)),
        ]
        response = asked(
            START,
            losses(
                52_000,
                CLAIMED,
                variation=LOUD,
                trend=Trend(per_year=-0.4, form="linear"),
                changes=changes,
            ),
            intake(9_000, variation=MONTHLY),
            returns=back(hospital=Hospital.steady()),
            weights=[[0.0, 0.0, 0.0, 0.0, -0.5, 0.0, 1.0]],
        )
        given, _ = found(response)
        steps = np.eye(12)

        def at(factors: FloatArray) -> float:
            lost: list[npt.ArrayLike] = [52_000.0, -0.4, 1.3, 3e4, 9e3, factors[:6, None]]
            joined: list[npt.ArrayLike] = [9_000.0, factors[6:, None]]
            return float(by_run(response, [7e5, *lost, *joined, 0.375])[0, 0])

        weights = np.array([at(1.0 + step) - at(np.ones(12)) for step in steps])
        log = np.zeros((12, 12))
        log[:6, :6], log[6:, 6:] = log_covariance(6, 0.4, 0.25), log_covariance(6, 0.15, 0.08)
        var, third = brute(weights, log)

        # Half of the start remains: the weights of the sum are one and minus a half.
        assert given.plain[0] == pytest.approx([(0.5 * 20_000) ** 2], rel=1e-9)
        assert given.components.var[0] == pytest.approx([var + 1e8], rel=1e-9)
        assert given.components.third[0] == pytest.approx([third], rel=1e-9)

    def test_months_before_the_noise(self) -> None:
        """Where the noise moves nobody yet, only the start is unknown."""
        pause = [Change(factor=0, during=Period.month(2026, 2))]
        given, _ = found(asked(START, losses(44_000, variation=MONTHLY, changes=pause)))

        assert given.components.var[0] == pytest.approx([4e8], rel=1e-12)
        assert given.components.third[0] == pytest.approx([0.0])
        assert given.components.var[1, 0] > 4.3e8

    def test_noise_of_nobody(self) -> None:
        """Noise on a level of nobody is none."""
        given, _ = found(asked(START, losses(0, variation=MONTHLY)))

        assert given.components.var[:, 0] == pytest.approx([4e8] * 6, rel=1e-12)
        assert given.components.third[:, 0] == pytest.approx([0.0] * 6)

    def test_few_profiles_stand_for_all_nodes(self) -> None:
        """Moments from a few profiles are those from a profile computed at every node."""
        response = asked(
            about(712_000, sd=2_000),
            losses(
                between(30_000, 60_000, confidence=0.9, family="lognormal"),
                variation=MONTHLY,
                trend=Trend(per_year=about(0.2, sd=0.15), form="exponential"),
            ),
            intake(between(20_000, 45_000, confidence=0.9, family="lognormal"), variation=LOUD),
        )
        given, parts = found(response)
        assert given.noise is not None
        weights = given.components.weights
        assert len(given.noise.profiles) < 8 < weights.size
        assert len(parts.outer) == 3

        log = np.zeros((12, 12))
        log[:6, :6], log[6:, 6:] = log_covariance(6, 0.15, 0.08), log_covariance(6, 0.4, 0.25)
        cov = np.expm1(log)
        values = values_at(parts.look.axes, given.places)
        rows = response.weights @ profiles(response, values, weights.size)
        var = np.einsum("ksc,cd,ksd->sk", rows, cov, rows)
        first = 3.0 * np.einsum("ksc,ksc->sk", rows, (rows @ cov) ** 2)
        last = np.array(
            [[np.trace(np.linalg.matrix_power(w[:, None] * cov, 3)) for w in row] for row in rows]
        ).T

        # Profiles miss a millionth of the noise.
        np.testing.assert_allclose(given.components.var, given.plain + var, rtol=1e-5)
        # The last term is that of one setting, scaled. An error of a skewness moves
        # probabilities by a sixth of it times at most .4, the largest of (z^2 - 1) phi(z).
        off = np.abs(given.components.third - (first + last)) / var**1.5
        assert 0.4 / 6.0 * float((off @ weights).max()) < 1e-3

    def test_a_level_scales_its_noise(self) -> None:
        """With one noise on one level the third moments at all nodes are exact."""
        lost = between(30_000, 60_000, confidence=0.9, family="lognormal")
        given, parts = found(asked(START, losses(lost, variation=LOUD)))
        levels = np.asarray(lost.ppf(stats.norm.cdf(gauss(parts.nodes[0])[0])))
        kept = np.isclose(
            given.components.mean[0][:, None], 712_000 + 35_000 - levels, rtol=1e-9
        ).any(axis=0)
        var, third = zip(
            *(brute(-np.ones(n), log_covariance(6, 0.4, 0.25)[:n, :n]) for n in range(1, 7)),
            strict=True,
        )

        expected_var = 4e8 + np.multiply.outer(var, levels[kept] ** 2)
        np.testing.assert_allclose(given.components.var, expected_var, rtol=1e-9)
        expected = np.multiply.outer(third, levels[kept] ** 3)
        np.testing.assert_allclose(given.components.third, expected, rtol=1e-9)

    def test_too_many_profiles(self) -> None:
        """Where every month has a level of its own, no few profiles stand for all."""
        changes = [
            Change(factor=about(1, sd=0.4, positive=True), during=Period.months(y, m, count=1))
            for y, m in [*((2026, m) for m in range(2, 13)), (2027, 1)][:11]
        ]
        response = asked(
            about(2e6, sd=1e5),
            losses(44_000, variation=MONTHLY, changes=changes),
            until=date(2027, 2, 1),
            weights=[[*np.zeros(12), 1.0]],
        )
        parts = ways(response)[-1]

        assert parts.nodes == (2,) * 11
        assert given_all(parts) is None
        assert components_of(parts) is None


class TestPivots:
    def test_combinations_need_no_more(self) -> None:
        """As many settings as there are directions, and no two that say the same."""
        rng = np.random.default_rng(20260101)
        effects = rng.standard_normal((30, 4)) @ rng.standard_normal((4, 50))
        found_ = _pivots(effects)

        assert found_ is not None
        assert len(set(found_.tolist())) == 4
        assert np.linalg.matrix_rank(effects[:, found_]) == 4

    @pytest.mark.parametrize(("directions", "fits"), [(10, True), (11, False)])
    def test_at_most_ten(self, directions: int, *, fits: bool) -> None:
        """More directions than ten are too many."""
        assert (_pivots(np.eye(directions)) is not None) == fits

    def test_no_effect(self) -> None:
        """Noise that moves nobody has one profile, of nothing."""
        assert np.asarray(_pivots(np.zeros((4, 3)))).tolist() == [0]


class TestNodes:
    def test_corners_are_left_out(self) -> None:
        """Nodes that weigh less than 1e-5 together are left out, and no others."""
        weights = np.array([0.5, 4e-6, 0.3, 5e-6, 0.2 - 2e-5, 1.1e-5])

        assert np.flatnonzero(_kept(weights)).tolist() == [0, 2, 4, 5]

    def test_more_nodes(self) -> None:
        """A finer rule has one node more for every outer unknown, and the same moments."""
        joined = between(20_000, 45_000, confidence=0.9, family="lognormal")
        response = asked(START, losses(about(44_000, sd=3_000), variation=MONTHLY), intake(joined))
        given, parts = found(response)
        finer, _ = found(response, more=1)

        assert given.components.weights.sum() == pytest.approx(1.0, rel=1e-12)
        assert given.components.weights.size <= math.prod(parts.nodes)
        assert finer.components.weights.size > given.components.weights.size
        # What the corners that are left out weigh, 1e-5, at most some 5 deviations off.
        (mean, var, third), (finer_mean, finer_var, finer_third) = (
            given.components.moments,
            finer.components.moments,
        )
        np.testing.assert_allclose(finer_mean, mean, atol=1e-5 * 5 * np.sqrt(var).max())
        np.testing.assert_allclose(finer_var, var, rtol=1e-5 * 5**2)
        np.testing.assert_allclose(finer_third / var**1.5, third / var**1.5, atol=1e-5 * 5**3)


class TestGiven:
    LOST = about(44_000, sd=4_000, positive=True)
    JOINED = about(35_000, sd=2_000, positive=True)

    def test_moments_over_all_nodes(self) -> None:
        """Moments over all nodes are those of independent products of lognormals."""
        response = asked(START, losses(self.LOST, variation=LOUD), intake(self.JOINED), weights=END)
        mean, var, third = found(response)[0].components.moments[:, 0]
        noise_var, noise_third = brute(np.ones(6), log_covariance(6, 0.4, 0.25))
        noise = [1.0, 6.0, 36 + noise_var, 6**3 + 18 * noise_var + noise_third]
        level = [1.0, *(self._raw(self.LOST, power) for power in (1, 2, 3))]
        raw = [a * b for a, b in zip(noise, level, strict=True)]
        lost_var = raw[2] - raw[1] ** 2
        lost_third = raw[3] - 3 * raw[1] * raw[2] + 2 * raw[1] ** 3
        joined_var, skew = 36 * 2_000.0**2, self._skew(self.JOINED)

        assert mean == pytest.approx(712_000 - 6 * 44_000 + 6 * 35_000, rel=1e-6)
        assert var == pytest.approx(4e8 + lost_var + joined_var, rel=1e-4)
        assert third == pytest.approx(skew * joined_var**1.5 - lost_third, rel=2e-3)

    def test_a_folded_one_keeps_its_moments(self) -> None:
        """A tiny lognormal adds its mean, variance and third moment."""
        small = about(500, sd=250, positive=True)
        given, parts = found(asked(START, losses(0), intake(small)))

        assert folded(parts) == [small.node.uid]
        months = np.arange(1.0, 7.0)
        mean, var, third = given.components.moments
        np.testing.assert_allclose(mean, 712_000 + 500 * months, rtol=1e-9)
        np.testing.assert_allclose(var, 4e8 + (250 * months) ** 2, rtol=1e-9)
        np.testing.assert_allclose(third, self._skew(small) * (250 * months) ** 3, rtol=1e-3)

    def test_a_folded_one_beside_noise(self) -> None:
        """With noise too, a tiny lognormal adds its mean and not its median."""
        small = about(300, sd=250, positive=True)
        given, parts = found(asked(START, losses(44_000, variation=MONTHLY), intake(small)))

        assert folded(parts) == [small.node.uid]
        expected = 712_000 - 43_700 * np.arange(1.0, 7.0)
        np.testing.assert_allclose(given.components.moments[0], expected, rtol=1e-9)

    @staticmethod
    def _shape(number: Uncertain) -> float:
        return math.sqrt(math.log1p(number.var() / number.mean() ** 2))

    def _raw(self, number: Uncertain, power: int) -> float:
        """A raw moment of a lognormal."""
        sigma = self._shape(number)
        return float(number.mean() ** power * math.exp(0.5 * power * (power - 1) * sigma**2))

    def _skew(self, number: Uncertain) -> float:
        return float(stats.lognorm(self._shape(number)).stats("s"))
