import math

import numpy as np
import pytest
from scipy import stats

from attrition.errors import MomentError, NumberError, ParameterError
from attrition.uncertain import Uncertain, about, between, exactly, uniform
from tests.accounts.records import unchecked

X = about(44_000, sd=3_000)
NORMAL = stats.norm(44_000, 3_000)
THREE = uniform(1, 2) * uniform(2, 3) * uniform(3, 4)


class TestQuestions:
    def test_under_the_names_of_scipy(self) -> None:
        """Every question has scipy's name and scipy's answer."""
        for q in (1e-9, 0.05, 0.5, 0.999):
            assert X.ppf(q) == pytest.approx(NORMAL.ppf(q), rel=1e-14)
            assert X.isf(q) == pytest.approx(NORMAL.isf(q), rel=1e-14)
        for x in (30_000, 44_000.0, np.int64(52_000)):
            assert X.cdf(x) == pytest.approx(NORMAL.cdf(x), rel=1e-13)
            assert X.sf(x) == pytest.approx(NORMAL.sf(x), rel=1e-13)
            assert X.pdf(x) == pytest.approx(NORMAL.pdf(x), rel=1e-13)
        assert (X.mean(), X.var(), X.std(), X.median()) == (44_000.0, 9e6, 3_000.0, 44_000.0)
        assert X.support() == (-math.inf, math.inf)
        assert X.method == "exact"
        assert THREE.method == "lattice"

    def test_ends(self) -> None:
        """Probabilities 0 and 1 give the ends of the support, infinity all or nothing."""
        share = between(1, 2, confidence=0.9, family="lognormal")

        assert X.ppf([0, 1]) == pytest.approx(np.array([-math.inf, math.inf]))
        assert (share.ppf(0), share.ppf(1), share.isf(0)) == (0.0, math.inf, math.inf)
        assert (X.cdf(math.inf), X.sf(math.inf), X.cdf(-math.inf)) == (1.0, 0.0, 0.0)

    def test_interval(self) -> None:
        """The central interval leaves equal mass on either side, however little."""
        low, high = X.interval(0.9)
        far = X.interval(1.0 - 2e-10)

        assert (X.cdf(low), X.sf(high)) == pytest.approx((0.05, 0.05))
        assert X.cdf(far[0]) == pytest.approx(1e-10, rel=1e-5)
        assert type(low) is float
        assert exactly(3).interval(0.9) == (3.0, 3.0)

    @pytest.mark.parametrize(("confidence", "text"), [(0, "0"), (1, "1"), (90, "90")])
    def test_confidence(self, confidence: float, text: str) -> None:
        """A confidence lies strictly inside (0, 1)."""
        with pytest.raises(ParameterError) as caught:
            X.interval(confidence)
        assert str(caught.value) == (
            f"confidence is {text}: expected a number inside (0, 1). "
            "Write 90 per cent as confidence=0.9."
        )

    def test_a_moment_that_does_not_exist(self) -> None:
        """Mean, spread and summary of a number without them are refused, the rest is answered."""
        x = Uncertain.of(stats.cauchy(3))
        for ask in (x.mean, x.var, x.std, x.summary):
            with pytest.raises(MomentError) as caught:
                ask()
            assert str(caught.value).endswith(
                "of cauchy(3) does not exist. "
                "Use median() and interval(confidence), which always exist."
            )
        assert x.median() == pytest.approx(3.0)
        assert x.interval(0.5) == pytest.approx((2.0, 4.0))


class TestSummary:
    def test_of_an_exact_number(self) -> None:
        """A summary holds mean, spread and five quantiles, with method and error."""
        summary = X.summary()
        quantiles = {q: NORMAL.ppf(q) for q in (0.05, 0.25, 0.5, 0.75, 0.95)}

        assert summary.quantiles == pytest.approx(quantiles, rel=1e-14)
        assert (summary.mean, summary.std) == (44_000.0, 3_000.0)
        assert (summary.method, summary.error) == ("exact", 0.0)

    def test_of_a_sampled_number(self) -> None:
        """The error is the largest among the quantiles that are shown."""
        summary = THREE.summary()
        # The mean of a product of independent numbers is the product of their means.
        assert summary.mean == pytest.approx(1.5 * 2.5 * 3.5, abs=1e-3)
        second = (1.5**2 + 1 / 12) * (2.5**2 + 1 / 12) * (3.5**2 + 1 / 12)
        assert summary.std == pytest.approx(math.sqrt(second - 13.125**2), rel=1e-3)
        assert summary.method == "lattice"
        assert 0.0 < summary.error < 0.02


class TestBadQuestions:
    @pytest.mark.parametrize("q", [-0.1, 1.1, math.nan, [0.5, 2.0]])
    def test_what_is_no_probability(self, q: object) -> None:
        """A probability outside [0, 1], or nan, is refused for both kinds of quantile."""
        for ask in (X.ppf, X.isf):
            with pytest.raises(ParameterError) as caught:
                unchecked(ask)(q)
            assert str(caught.value) == (
                f"a probability is {q!r}: expected numbers in [0, 1]. Write 90 per cent as 0.9."
            )

    def test_what_is_no_place(self) -> None:
        """A place that is nan is refused."""
        for ask in (X.cdf, X.sf, X.pdf):
            with pytest.raises(ParameterError) as caught:
                ask([1.0, math.nan])
            assert str(caught.value) == (
                "a place to look at is nan: expected numbers. Leave missing values out."
            )

    def test_what_is_no_number(self) -> None:
        """Texts, bools and None are neither probabilities nor places."""
        for ask, what in ((X.ppf, "a probability"), (X.cdf, "a place to look at")):
            for value, kind in (("0.9", "<U3"), (True, "bool"), (None, "object")):
                with pytest.raises(NumberError) as caught:
                    unchecked(ask)(value)
                assert str(caught.value) == (
                    f"{what} holds values of type {kind}: expected numbers in rows of equal "
                    "length. Type numbers such as 0.9 or [0.1, 0.9]; a text is never read as one."
                )
        with pytest.raises(NumberError, match=r"^an Uncertain is not an array element"):
            unchecked(X.cdf)(X)
