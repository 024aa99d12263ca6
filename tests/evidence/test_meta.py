import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from attrition._typing import FloatArray
from attrition.evidence import meta

# FACTS: three estimates, pooled by two routes.
Y = np.array([35_050.0, 31_000.0, 28_000.0])
V = np.array([1_500.0, 2_500.0, 4_000.0]) ** 2

# Three sets with unequal variances: close together, far apart, and with a group by itself.
SETS = {
    "mild": (
        [10.1, 7.4, 12.9, 10.3, 8.6],
        [0.4, 1.3, 0.9, 2.2, 0.6],
    ),
    "far apart": (
        [35_050.0, 31_000.0, 28_000.0, 44_000.0],
        [1_500.0**2, 2_500.0**2, 4_000.0**2, 900.0**2],
    ),
    "twelve": (
        [0.12, 0.4, -0.3, 0.22, 0.9, 0.05, 0.31, 1.4, 1.2, 0.18, -0.1, 0.6],
        [0.02, 0.05, 0.08, 0.01, 0.2, 0.03, 0.11, 0.04, 0.3, 0.015, 0.07, 0.09],
    ),
}

ESTIMATORS = {"dl": meta.dersimonian_laird, "pm": meta.paule_mandel}


def arrays(case: str) -> tuple[FloatArray, FloatArray]:
    """Estimates and variances of a set."""
    y, v = SETS[case]
    return np.array(y), np.array(v)


class TestFixed:
    def test_worked_numbers(self) -> None:
        """Three estimates give 33,417.74 +- 1,224.49, with Q 3.9539 and I2 .494."""
        found = meta.fixed(Y, V)
        q = meta.heterogeneity(Y, V)

        assert f"{found.centre:,.2f}" == "33,417.74"
        assert f"{math.sqrt(found.variance):,.2f}" == "1,224.49"
        assert f"{q:.4f}" == "3.9539"
        assert f"{meta.inconsistency(q, 3):.3f}" == "0.494"

    def test_along_draws(self) -> None:
        """Estimates come first, and every draw is pooled by itself."""
        rng = np.random.default_rng(20260101)
        y, v = rng.normal(size=(4, 3)), rng.uniform(0.5, 2.0, size=(4, 3))
        found = meta.fixed(y, v)

        for at in range(3):
            one = meta.fixed(y[:, at], v[:, at])
            assert found.centre[at] == pytest.approx(float(one.centre), rel=1e-14)
            assert found.variance[at] == pytest.approx(float(one.variance), rel=1e-14)
            np.testing.assert_allclose(found.weights[:, at], one.weights, rtol=1e-14)


class TestInconsistency:
    def test_no_more_than_expected(self) -> None:
        """Where Q is at most k - 1 nothing is unexplained, and Q = 0 is no trouble."""
        assert meta.inconsistency(np.array([0.0, 1.3, 2.0]), 3).tolist() == [0.0, 0.0, 0.0]


class TestRandomEffects:
    @pytest.mark.parametrize("case", SETS)
    @pytest.mark.parametrize("name", ESTIMATORS)
    def test_equal_to_statsmodels(self, case: str, name: str) -> None:
        """Variance between sources, pool, spread, weights and Q are those of statsmodels."""
        y, v = arrays(case)
        expected = combine_effects(
            y, v, method_re=name, use_t=True, **({"atol": 1e-12} if name == "pm" else {})
        )
        tau2 = ESTIMATORS[name](y, v)
        found = meta.fixed(y, v + tau2)
        factor = meta.scale_of_student(y, v + tau2)

        assert float(tau2) == pytest.approx(expected.tau2, rel=1e-8)
        assert float(found.centre) == pytest.approx(expected.mean_effect_re, rel=1e-10)
        assert math.sqrt(found.variance) == pytest.approx(expected.sd_eff_w_re, rel=1e-8)
        np.testing.assert_allclose(found.weights, expected.weights_rel_re, rtol=1e-8)
        assert float(meta.heterogeneity(y, v)) == pytest.approx(expected.q, rel=1e-12)
        hartung_knapp = math.sqrt(factor * found.variance)
        assert hartung_knapp == pytest.approx(expected.sd_eff_w_re_hksj, rel=1e-8)

    @pytest.mark.parametrize(
        ("estimator", "tau2", "centre", "sd"),
        [
            (meta.dersimonian_laird, "5,983,788", "32,429.19", "2,005.30"),
            (meta.paule_mandel, "5,338,306", "32,483.82", "1,942.79"),
        ],
    )
    def test_worked_numbers(
        self,
        estimator: Callable[[FloatArray, FloatArray], FloatArray],
        tau2: str,
        centre: str,
        sd: str,
    ) -> None:
        """The pools of three estimates, to all printed digits."""
        between = estimator(Y, V)
        found = meta.fixed(Y, V + between)

        assert f"{between:,.0f}" == tau2
        assert f"{found.centre:,.2f}" == centre
        assert f"{math.sqrt(found.variance):,.2f}" == sd

    def test_half_widths(self) -> None:
        """After DerSimonian and Laird 3,299 for a normal, 5,697 after Hartung and Knapp."""
        whole = V + meta.dersimonian_laird(Y, V)
        found = meta.fixed(Y, whole)
        factor = float(meta.scale_of_student(Y, whole))

        # Quantiles at 95 % of the normal, and of the Student law with 2 degrees of freedom.
        student = math.sqrt(2 * 0.9**2 / (1 - 0.9**2))
        # With all digits of the normal quantile, 1.64485, it is 3,298.
        assert f"{1.645 * math.sqrt(found.variance):,.0f}" == "3,299"
        assert f"{student * math.sqrt(factor * found.variance):,.0f}" == "5,697"
        assert factor < 1.0

    def test_paule_mandel_solves_its_equation(self) -> None:
        """With its variance between sources the generalised Q is k - 1."""
        tau2 = meta.paule_mandel(Y, V)

        assert float(meta.heterogeneity(Y, V + tau2)) == pytest.approx(2.0, rel=1e-12)

    def test_paule_mandel_comes_from_below(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each step is nearer to the root and none passes it, so too few end below."""
        root = float(meta.paule_mandel(Y, V))
        found = []
        for steps in (1, 2, 3):
            monkeypatch.setattr(meta, "_STEPS", steps)
            found.append(float(meta.paule_mandel(Y, V)))

        assert 0.0 < found[0] < found[1] < found[2] < root

    @pytest.mark.parametrize("estimator", ESTIMATORS.values())
    def test_no_spread_between_sources(
        self, estimator: Callable[[FloatArray, FloatArray], FloatArray]
    ) -> None:
        """Estimates closer together than stated show no spread between sources."""
        y = np.array([[10.0, 10.0], [10.1, 20.0], [9.9, 40.0]])
        found = estimator(y, np.ones((3, 2)))

        assert found[0] == 0.0
        assert found[1] > 0.0

    @given(
        st.lists(
            st.tuples(st.floats(-1e3, 1e3), st.floats(0.1, 1e3)),
            min_size=2,
            max_size=8,
        ),
        st.floats(0.01, 100.0),
    )
    def test_units(self, pairs: list[tuple[float, float]], unit: float) -> None:
        """In other units the variance between sources is that many squared units."""
        y, v = np.array(pairs).T
        for estimator in ESTIMATORS.values():
            found, scaled = estimator(y, v), estimator(unit * y, unit**2 * v)

            # Near the border to 0 the excess is a difference of nearly equal numbers.
            assert float(scaled) == pytest.approx(
                unit**2 * float(found), rel=1e-6, abs=1e-6 * unit**2 * float(v.max())
            )
