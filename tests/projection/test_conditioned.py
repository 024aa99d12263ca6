from datetime import date
from typing import Literal

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.accounts import Category, Per, Period
from attrition.projection import Hospital, LossProcess, Variation, steady
from attrition.projection.conditioned import conditioned, factors_at, means_of, root_of
from attrition.projection.response import Response
from attrition.uncertain import about
from attrition.uncertain.law import Method
from tests.accounts.records import lost
from tests.projection.futures import CLAIMED, MONTHLY, back, future, intake, losses
from tests.projection.responses import asked, by_run

QUARTER = Period.months(2025, 11, count=3)
LOUD = Variation(lasting_sd=0.4, persistence=0.6, passing_sd=0.2, per=Per.MONTH)
START = about(712_000, sd=20_000)
END = date(2027, 2, 1)


def observed(
    months: int = 1, variation: Variation = LOUD, category: Category = Category.IRRECOVERABLE
) -> LossProcess:
    """Losses at the level of a count of so many months before the start."""
    year, month = divmod(2026 * 12 + 1 - months, 12)
    period = Period.months(year, month + 1, count=months)
    count = about(44_000 * months, sd=3_000 * months)
    return steady(lost(count, category=category, period=period), variation=variation)


def made(response: Response) -> Response:
    """With the noise in place of the level."""
    found = conditioned(response)
    assert found is not None
    return found


class TestConditioned:
    def test_nothing_observed(self) -> None:
        """A response without counts is left as it is."""
        response = asked(START, losses(44_000, variation=MONTHLY))

        assert conditioned(response) is response
        assert (means_of(response) == 1.0).all()

    def test_no_noise(self) -> None:
        """Without noise there is nothing to divide."""
        response = asked(START)

        assert conditioned(response) is response
        assert root_of(response).shape == (0, 0)
        assert factors_at(response, np.zeros((0, 3))).shape == (0, 3)

    def test_a_hospital_of_the_level(self) -> None:
        """Those who were in hospital before have no factor, so there is no such response."""
        lasting = observed(category=CLAIMED)
        steadily = back(hospital=Hospital.steady())

        assert conditioned(asked(START, lasting, returns=steadily)) is None
        assert conditioned(asked(START, lasting, returns=back())) is not None
        # A hospital of other losses is none of the recruits' business.
        still = losses(44_000, CLAIMED)
        assert conditioned(asked(START, still, returns=steadily)) is not None

    @pytest.mark.parametrize("months", [1, 3])
    def test_the_same_strength(self, months: int) -> None:
        """Quotients on the count give what factors give on the level."""
        response = asked(START, observed(months), intake(35_000, variation=MONTHLY))
        plainly = made(response)
        normals = np.random.default_rng(20260101).standard_normal((root_of(plainly).shape[1], 7))
        factors, quotients = factors_at(response, normals), factors_at(plainly, normals)
        sizes = [made_.cells for made_ in response.noises.values()]
        assert sizes == [6 + months, 6]
        rows = np.split(factors, sizes[:1])
        level = np.full(7, 45_000.0)
        start = np.full(7, 700_000.0)

        expected = by_run(response, [start, level, rows[0], [35_000.0], rows[1]])
        values = [start, level, *np.split(quotients, sizes[:1])]
        found = plainly.weights @ plainly.model.uncut([*values[:3], np.array([35e3]), values[3]])
        np.testing.assert_allclose(found, expected, rtol=1e-12)

    def test_an_other_flow(self) -> None:
        """Every flow has its own noise and its own count."""
        others = [observed(2), losses(1_000, variation=MONTHLY)]
        plainly = made(asked(START, losses(3_000, variation=MONTHLY), other=others))

        places = list(plainly.noises)
        assert list(plainly.observed) == [places[1]]
        assert plainly.observed[places[1]] == pytest.approx([0.5, 0.5])
        assert not any(plan.observed for plan in plainly.model.plans)
        means = np.split(means_of(plainly), [6, 14])
        assert (means[0] == 1.0).all()
        assert (means[1] > 1.0).all()
        assert (means[2] == 1.0).all()


class TestOneCell:
    def test_quotients_are_lognormal(self) -> None:
        """Means and covariances of quotients by one factor are those of lognormals."""
        plainly = made(asked(START, observed()))
        lags = np.abs(np.subtract.outer(np.arange(7), np.arange(7)))
        log = 0.4**2 * 0.6**lags + 0.2**2 * (lags == 0)

        # E exp(N_t - N_0 - (v_t - v_0) / 2), the logarithms normal with equal variances v.
        expected = np.exp(0.5 * (log[0, 0] - 2.0 * log[0] + np.diag(log)))
        np.testing.assert_allclose(means_of(plainly), expected, rtol=1e-12)
        root = root_of(plainly)
        gaps = np.eye(7) - np.eye(7)[0]
        np.testing.assert_allclose(root @ root.T, gaps @ log @ gaps.T, atol=1e-12)


class TestSeveralCells:
    def test_moments_of_quotients(self) -> None:
        """Means and spreads of quotients by a mean of three are close to those of many draws."""
        plainly = made(asked(START, observed(3, MONTHLY)))
        root = root_of(plainly)
        z = stats.qmc.MultivariateNormalQMC(
            np.zeros(root.shape[1]), rng=np.random.default_rng(20260101)
        ).random(2**15)
        quotients = factors_at(plainly, z.T)

        np.testing.assert_allclose(means_of(plainly), quotients.mean(axis=1), rtol=1e-3)
        log = np.log(quotients[3:]).std(axis=1)
        np.testing.assert_allclose(np.sqrt((root[3:] ** 2).sum(axis=1)), log, rtol=0.02)

    def test_noise_of_nothing(self) -> None:
        """Factors that do not move are their own mean."""
        still = attrs.evolve(LOUD, lasting_sd=1e-300, passing_sd=0.0)
        plainly = made(asked(START, observed(2, still)))

        assert means_of(plainly) == pytest.approx(np.ones(8))


class TestByRules:
    @pytest.mark.parametrize("months", [1, 3, 12])
    @pytest.mark.parametrize("category", [Category.IRRECOVERABLE, CLAIMED])
    def test_against_simulation(self, months: int, category: Category) -> None:
        """Rules and simulated paths agree about the last date within their errors."""
        returns = back() if category == CLAIMED else None
        levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])

        def last(method: Literal["auto", "paths"]) -> tuple[Method, FloatArray, FloatArray]:
            found = future(
                START,
                observed(months, MONTHLY, category),
                returns=returns,
                draws=262_144,
                method=method,
            )
            summary = found.strength(END).summary()
            return summary.method, found.quantiles(levels)[-1], found.standard_errors(levels)[-1]

        (method, rules, stated), (other, paths, spread) = last("auto"), last("paths")
        assert (method, other) == ("quadrature", "draws")
        assert (np.abs(rules - paths) <= 4.0 * np.hypot(stated, spread)).all()
