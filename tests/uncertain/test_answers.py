"""The answers of a number against scipy.stats, and what they refuse."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from attrition.errors import MomentError, NumberError, ParameterError
from attrition.uncertain import Summary, Uncertain, about, between, exactly, exp, uniform
from attrition.uncertain.answers import Answers
from attrition.uncertain.families import Normal
from attrition.uncertain.law import Law

Ask = Callable[..., object]

LAW = stats.lognorm(0.4, scale=9_000)


class Plain(Answers):
    """A law and nothing else."""

    def _law(self) -> Law:
        return Normal(3.0, 2.0)


def _number() -> Uncertain:
    return between(LAW.ppf(0.05), LAW.ppf(0.95), confidence=0.9, family="lognormal")


class TestQuestions:
    def test_single_numbers(self) -> None:
        """Mean, spread and median are those of the law."""
        x = _number()

        assert x.mean() == pytest.approx(LAW.mean(), rel=1e-12)
        assert x.var() == pytest.approx(LAW.var(), rel=1e-12)
        assert x.std() == pytest.approx(LAW.std(), rel=1e-12)
        assert x.median() == pytest.approx(9_000, rel=1e-12)
        assert [type(found) for found in (x.mean(), x.var(), x.std(), x.median())] == [float] * 4

    def test_at_places(self) -> None:
        """Probabilities and density at places are those of the law."""
        x, places = _number(), np.array([[2_000.0, 8_000.0], [11_000.0, 30_000.0]])

        assert x.cdf(places) == pytest.approx(LAW.cdf(places), rel=1e-12)
        assert x.sf(places) == pytest.approx(LAW.sf(places), rel=1e-12)
        assert x.pdf(places) == pytest.approx(LAW.pdf(places), rel=1e-12)

    def test_at_probabilities(self) -> None:
        """Quantiles from either side are those of the law."""
        x, p = _number(), np.array([1e-9, 0.3, 0.99])

        assert x.ppf(p) == pytest.approx(LAW.ppf(p), rel=1e-12)
        assert x.isf(p) == pytest.approx(LAW.isf(p), rel=1e-12)

    @pytest.mark.parametrize("name", ["ppf", "isf", "cdf", "sf", "pdf"])
    def test_scalars_and_arrays(self, name: str) -> None:
        """A scalar in gives a float out, anything else an array of its shape."""
        ask: Ask = getattr(about(0.5, sd=0.25), name)
        scalar, row = ask(0.25), ask([0.25, 0.75])

        assert type(scalar) is float
        assert type(ask(np.float64(0.25))) is float
        assert isinstance(row, np.ndarray)
        assert row.shape == (2,)
        assert row[0] == scalar

    def test_ends(self) -> None:
        """The quantiles of nothing and of all are the ends, without a warning of numpy's."""
        x = about(3, sd=1)

        assert x.ppf([0.0, 1.0]) == pytest.approx([-math.inf, math.inf])
        assert (x.cdf(-math.inf), x.cdf(math.inf)) == (0.0, 1.0)

    def test_interval(self) -> None:
        """The central interval leaves equal tails."""
        x = about(3, sd=2)
        low, high = x.interval(0.8)

        assert [x.cdf(low), x.sf(high)] == pytest.approx([0.1, 0.1])
        assert type(low) is type(high) is float

    def test_a_narrow_tail_of_an_interval(self) -> None:
        """The upper end of a wide interval has the digits of its own tail."""
        confidence = 1.0 - 2.0**-40
        low, high = about(0, sd=2).interval(confidence)

        assert high == pytest.approx(-low, rel=1e-15)
        assert high == pytest.approx(2.0 * stats.norm.isf(2.0**-41), rel=1e-12)

    def test_whoever_has_a_law(self) -> None:
        """All answers follow from the law alone."""
        plain = Plain()

        assert (plain.method, plain.mean(), plain.std()) == ("exact", 3.0, 2.0)
        assert plain.interval(0.9) == about(3, sd=2).interval(0.9)
        assert plain.summary() == about(3, sd=2).summary()

    def test_to_scipy(self) -> None:
        """The law leaves as a distribution of scipy's."""
        found = about(3, sd=2).to_scipy()

        assert isinstance(found, stats.distributions.rv_frozen)
        assert (found.mean(), found.std()) == (3.0, 2.0)


class TestSummary:
    def test_exact(self) -> None:
        """A closed form has no numerical error."""
        x = about(9_000, sd=3_000)
        p = (0.05, 0.25, 0.5, 0.75, 0.95)
        summary = x.summary()

        assert (summary.mean, summary.std) == (9_000.0, 3_000.0)
        assert tuple(summary.quantiles) == p
        assert list(summary.quantiles.values()) == pytest.approx(
            9_000 + 3_000 * stats.norm.ppf(p), rel=1e-13
        )
        assert (summary.method, summary.error) == ("exact", 0.0)

    def test_error_is_the_largest(self) -> None:
        """The stated error covers every quantile that is shown."""
        a, b, c = uniform(0, 1), uniform(1, 2), uniform(2, 5)
        x = a * b + c * a
        law, summary = x._law(), x.summary()
        errors = [law.error(p) for p in summary.quantiles]

        assert summary.method == x.method == "lattice"
        assert summary.error == max(errors) > min(errors) > 0.0

    def test_equal_summaries(self) -> None:
        """Summaries are records, compared field by field."""
        summary = about(9_000, sd=3_000).summary()

        assert summary == Summary(
            mean=9_000.0,
            std=3_000.0,
            quantiles=summary.quantiles,
            method="exact",
            error=0.0,
        )


class TestRefusals:
    @pytest.mark.parametrize("name", ["ppf", "isf"])
    @pytest.mark.parametrize("q", [-0.1, 1.5, math.nan, [0.2, 90]])
    def test_probabilities(self, name: str, q: object) -> None:
        """A probability lies between none and all."""
        ask: Ask = getattr(about(3, sd=1), name)
        with pytest.raises(ParameterError) as caught:
            ask(q)

        assert str(caught.value) == (
            f"a probability is {q!r}: expected numbers in [0, 1]. Write 90 per cent as 0.9."
        )

    @pytest.mark.parametrize("name", ["cdf", "sf", "pdf"])
    def test_places(self, name: str) -> None:
        """There is no probability at a place that is missing."""
        ask: Ask = getattr(about(3, sd=1), name)
        for places in (math.nan, [1.0, math.nan]):
            with pytest.raises(ParameterError) as caught:
                ask(places)

            assert str(caught.value) == (
                "a place to look at is nan: expected numbers. Leave missing values out."
            )

    @pytest.mark.parametrize(
        ("name", "what"),
        [
            ("ppf", "a probability"),
            ("isf", "a probability"),
            ("cdf", "a place to look at"),
            ("sf", "a place to look at"),
            ("pdf", "a place to look at"),
        ],
    )
    def test_texts_and_bools(self, name: str, what: str) -> None:
        """Questions are asked with numbers."""
        ask: Ask = getattr(about(3, sd=1), name)
        for wrong, kind in (("0.5", "<U3"), ([True], "bool"), (None, "object")):
            with pytest.raises(NumberError) as caught:
                ask(wrong)

            assert str(caught.value) == (
                f"{what} holds values of type {kind}: expected numbers in rows of equal length. "
                f"Type numbers such as 0.9 or [0.1, 0.9]; a text is never read as one."
            )

    @pytest.mark.parametrize(("confidence", "shown"), [(0, "0"), (1.0, "1"), (90, "90")])
    def test_confidence(self, confidence: float, shown: str) -> None:
        """An interval holds more than nothing and less than all."""
        with pytest.raises(ParameterError) as caught:
            about(3, sd=1).interval(confidence)

        assert str(caught.value) == (
            f"confidence is {shown}: expected a number inside (0, 1). "
            f"Write 90 per cent as confidence=0.9."
        )

    def test_moments_that_do_not_exist(self) -> None:
        """What has no mean has a median and an interval all the same."""
        x = Uncertain.of(stats.cauchy(3, 2))
        for ask in (x.mean, x.var, x.std, x.summary):
            with pytest.raises(
                MomentError, match=r"^the (mean|variance) of cauchy\(3, 2\) does not exist"
            ):
                ask()
        assert [x.median(), *x.interval(0.5)] == pytest.approx([3.0, 1.0, 5.0])

    def test_known_numbers_answer_too(self) -> None:
        """A known number is a law with one value."""
        x = exp(exactly(0)) + 2

        assert (x.ppf(0.2), x.cdf(2.5), x.cdf(3), x.std()) == (3.0, 0.0, 1.0, 0.0)
