import math
from typing import Literal

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import (
    Uncertain,
    about,
    at_least,
    at_most,
    between,
    exactly,
    rounded,
    share,
    uniform,
)
from tests.accounts.records import unchecked
from tests.strategies import confidences, counts

NOT_POSITIVE = "A number without spread is exactly(value)."


def _message(make: object, *arguments: object, **options: object) -> str:
    assert callable(make)
    with pytest.raises(ParameterError) as caught:
        make(*arguments, **options)
    return str(caught.value)


def _score(confidence: float) -> float:
    """The upper end of a central interval of the standard normal, with fifty digits."""
    with mpmath.workdps(50):
        return float(mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(confidence)))


class TestExactly:
    def test_known(self) -> None:
        """A known number has its value and no spread."""
        x = exactly(35_000)

        assert (x.value, x.mean(), x.std(), x.median()) == (35_000.0, 35_000.0, 0.0, 35_000.0)
        assert x == exactly(35_000.0)

    @pytest.mark.parametrize("value", [True, "35_000", None])
    def test_what_is_no_number(self, value: object) -> None:
        """A bool, a text and None are refused."""
        with pytest.raises(NumberError) as caught:
            unchecked(exactly)(value)
        assert str(caught.value) == (
            f"value is {value!r}, a {type(value).__name__}: expected a finite number. "
            "Type a number such as 35_000; a text is never read as one."
        )


class TestAbout:
    def test_a_normal_by_its_sd(self) -> None:
        """A centre and a standard deviation are the mean and the sd of a normal."""
        x = about(-44_000, sd=3_000)

        assert (x.mean(), x.std(), x.median()) == (-44_000.0, 3_000.0, -44_000.0)
        assert x.support() == (-math.inf, math.inf)

    @given(counts, st.floats(0.001, 3.0))
    def test_a_lognormal_by_its_mean_and_sd(self, mean: float, part: float) -> None:
        """With positive=True the centre is the MEAN, and the sd that of the number itself."""
        x = about(mean, sd=part * mean, positive=True)

        assert x.mean() == pytest.approx(mean, rel=1e-12)
        assert x.std() == pytest.approx(part * mean, rel=1e-9)
        assert x.support() == (0.0, math.inf)

    @given(counts, st.floats(0.01, 2.0), confidences)
    def test_a_normal_by_its_interval(self, centre: float, part: float, level: float) -> None:
        """A relative spread is the half-width of the central interval, on either side of zero."""
        for middle in (centre, -centre):
            x = about(middle, relative=part, confidence=level)

            ends = middle - abs(middle) * part, middle + abs(middle) * part
            assert x.interval(level) == pytest.approx(ends, rel=1e-9, abs=1e-9 * centre)
            assert x.mean() == middle

    @given(counts, st.floats(0.01, 2.0), confidences)
    def test_a_lognormal_by_its_interval(self, centre: float, part: float, level: float) -> None:
        """With positive=True the centre is the MEDIAN, and the interval a ratio either way."""
        x = about(centre, relative=part, confidence=level, positive=True)

        assert x.median() == pytest.approx(centre, rel=1e-14)
        ends = centre / (1.0 + part), centre * (1.0 + part)
        assert x.interval(level) == pytest.approx(ends, rel=1e-9)

    def test_one_statement_of_spread(self) -> None:
        """A spread is stated once; too little and too much are refused."""
        for options, text in (
            ({}, "sd=None, relative=None, confidence=None"),
            ({"relative": 0.1}, "sd=None, relative=0.1, confidence=None"),
            ({"confidence": 0.9}, "sd=None, relative=None, confidence=0.9"),
            ({"sd": 5, "confidence": 0.9}, "sd=5, relative=None, confidence=0.9"),
            ({"sd": 5, "relative": 0.1}, "sd=5, relative=0.1, confidence=None"),
            (
                {"sd": 5, "relative": 0.1, "confidence": 0.9},
                "sd=5, relative=0.1, confidence=0.9",
            ),
        ):
            assert _message(about, 44_000, **options) == (
                f"about(44000) has {text}: expected one statement of spread. "
                "Type sd=2_000, or relative=0.10 with confidence=0.9."
            )

    def test_spreads(self) -> None:
        """A spread is above zero, of every kind."""
        assert _message(about, 3, sd=0) == f"sd is 0: expected more than 0. {NOT_POSITIVE}"
        assert _message(about, 3, sd=-2, positive=True) == (
            f"sd is -2: expected more than 0. {NOT_POSITIVE}"
        )
        assert _message(about, 3, relative=-0.1, confidence=0.9) == (
            f"relative is -0.1: expected more than 0. {NOT_POSITIVE}"
        )
        assert _message(about, 3, relative=0.1, confidence=90) == (
            "confidence is 90: expected a number inside (0, 1). "
            "Write 90 per cent as confidence=0.9."
        )

    def test_centres(self) -> None:
        """A positive number has a centre above zero, and a relative spread needs one off zero."""
        assert _message(about, 0, sd=1, positive=True) == (
            "centre is 0: expected more than 0 with positive=True. "
            "Leave positive=True out for a number that may be negative."
        )
        assert _message(about, 0, relative=0.1, confidence=0.9) == (
            "centre is 0: a spread relative to 0 is no spread. "
            "Type about(0, sd=...) with a spread of its own."
        )
        assert _message(about, math.nan, sd=1).startswith("centre is nan: expected a finite number")

    @pytest.mark.parametrize(
        ("make", "law"),
        [
            (lambda: about(1e20, sd=1), "Normal(centre=1e+20, sd=1.0)"),
            (lambda: about(0, sd=1e308), "Normal(centre=0.0, sd=1e+308)"),
            (lambda: about(1, sd=1e-200, positive=True), "LogNormal(middle=1.0, sigma=0.0)"),
        ],
    )
    def test_beyond_floats(self, make: object, law: str) -> None:
        """A spread that floats cannot hold beside the value is refused."""
        assert _message(make) == (
            f"{law} has a spread too small or too large for floats: expected one above a 1e-16th "
            "of the value and below 1e308. Check the figures; a known number is exactly(value)."
        )


class TestBetween:
    @given(counts, st.floats(0.01, 100.0), confidences)
    def test_the_ends_are_quantiles(self, low: float, part: float, level: float) -> None:
        """The ends leave equal mass on either side, of both families."""
        high = low * (1.0 + part)
        families: list[Literal["normal", "lognormal"]] = ["normal", "lognormal"]
        for family in families:
            x = between(low, high, confidence=level, family=family)

            assert x.interval(level) == pytest.approx((low, high), rel=1e-9, abs=1e-9 * high)
            tail = 0.5 * (1.0 - level)
            assert (x.cdf(low), x.sf(high)) == pytest.approx((tail, tail), rel=1e-7)

    def test_the_middle(self) -> None:
        """The median is half-way, in sums for the normal and in ratios for the lognormal."""
        normal = between(-500, 2_300, confidence=0.8, family="normal")
        lognormal = between(14_500, 23_000, confidence=0.9, family="lognormal")

        assert normal.mean() == 900.0
        assert normal.std() == pytest.approx(1_400.0 / _score(0.8), rel=1e-14)
        assert lognormal.median() == pytest.approx(math.sqrt(14_500 * 23_000), rel=1e-14)

    def test_bad_input(self) -> None:
        """Ends are in order, above zero for the lognormal, and the family is one of two."""
        assert _message(between, 23, 14, confidence=0.9, family="normal") == (
            "low is 23 and high is 14: expected low < high. Type for example "
            'between(14_500, 23_000, confidence=0.9, family="lognormal").'
        )
        assert _message(between, 0, 14, confidence=0.9, family="lognormal") == (
            "low is 0: expected more than 0 for a lognormal. "
            'Type family="normal" for a number that may be negative.'
        )
        assert _message(between, 3, 14, confidence=0.9, family="gamma") == (
            'family is \'gamma\': expected "lognormal" or "normal". '
            'Counts and ratios are usually family="lognormal".'
        )
        assert _message(between, 3, 14, confidence=1, family="normal") == (
            "confidence is 1: expected a number inside (0, 1). Write 90 per cent as confidence=0.9."
        )

    def test_nothing_is_guessed(self) -> None:
        """Neither confidence nor family has a default."""
        for options in ({"confidence": 0.9}, {"family": "normal"}):
            with pytest.raises(TypeError, match="missing 1 required keyword-only argument"):
                unchecked(between)(3, 14, **options)

    def test_hardly_any_confidence(self) -> None:
        """A confidence next to none is a spread next to endless, not a crash."""
        x = between(1, 2, confidence=1e-17, family="normal")

        assert x.std() == pytest.approx(0.5 / _score(1e-17), rel=1e-12)
        assert "has a spread too small or too large" in _message(
            between, 1, 2, confidence=1e-320, family="normal"
        )


class TestShare:
    @given(st.floats(0.001, 0.9), st.floats(0.01, 0.99), confidences)
    def test_the_ends_are_quantiles(self, low: float, part: float, level: float) -> None:
        """The ends leave equal mass on either side, and all of it lies inside (0, 1)."""
        high = low + part * (1.0 - low) * 0.99
        x = share(low, high, confidence=level)

        assert x.interval(level) == pytest.approx((low, high), rel=1e-8)
        assert x.support() == (0.0, 1.0)

    def test_the_opposite(self) -> None:
        """The share of the others is the opposite share."""
        x, others = share(0.4, 0.7, confidence=0.9), share(0.3, 0.6, confidence=0.9)

        assert (1.0 - x).same_law(others)
        assert (1.0 - x).mean() == pytest.approx(others.mean(), rel=1e-12)

    def test_bad_input(self) -> None:
        """Ends are in order and inside (0, 1)."""
        assert _message(share, 0.7, 0.4, confidence=0.9) == (
            "low is 0.7 and high is 0.4: expected low < high. "
            "Type for example share(0.4, 0.7, confidence=0.9)."
        )
        for low, high, text in ((40, 70, "40 to 70"), (0, 0.7, "0 to 0.7"), (0.4, 1, "0.4 to 1")):
            assert _message(share, low, high, confidence=0.9) == (
                f"a share from {text}: expected both ends inside (0, 1). "
                "Write 40 to 70 per cent as share(0.4, 0.7, confidence=0.9)."
            )


class TestUniformAndRounded:
    def test_hard_bounds(self) -> None:
        """All mass lies between the bounds, evenly."""
        x = uniform(-2, 6)

        assert (x.mean(), x.support()) == (2.0, (-2.0, 6.0))
        assert x.std() == pytest.approx(8.0 / math.sqrt(12.0))
        assert x.cdf(0) == 0.25

    def test_what_rounds_to_it(self) -> None:
        """A rounded number is anywhere within half of what it was rounded to."""
        x = rounded(44_000, to=1_000)

        assert x.support() == (43_500.0, 44_500.0)
        assert x.std() == pytest.approx(1_000 / math.sqrt(12.0))

    def test_bad_input(self) -> None:
        """Bounds are in order, and rounding is to something above zero."""
        assert _message(uniform, 0.5, 0.5) == (
            "low is 0.5 and high is 0.5: expected low < high. Type for example uniform(0.4, 0.7)."
        )
        assert _message(rounded, 44_000, to=0) == f"to is 0: expected more than 0. {NOT_POSITIVE}"
        assert "has a spread too small or too large" in _message(rounded, 1e300, to=1)


class TestOneSided:
    def test_a_floor(self) -> None:
        """A floor with a median has an exponential excess."""
        x = at_least(1_562, median=9_000)

        assert x.support() == (1_562.0, math.inf)
        assert x.median() == pytest.approx(9_000.0, rel=1e-14)
        assert x.ppf(0.75) == pytest.approx(1_562 + 2 * 7_438, rel=1e-13)
        assert x.mean() == pytest.approx(1_562 + 7_438 / math.log(2.0), rel=1e-13)

    def test_a_ceiling(self) -> None:
        """A ceiling with a median has an exponential shortfall."""
        x = at_most(480, median=460)

        assert x.support() == (-math.inf, 480.0)
        assert x.ppf(0.25) == pytest.approx(440.0, rel=1e-13)
        assert x.mean() == pytest.approx(480 - 20 / math.log(2.0), rel=1e-13)

    def test_bad_input(self) -> None:
        """The median lies on its side of the bound."""
        assert _message(at_least, 9_000, median=1_562) == (
            "low is 9000 and median is 1562: expected low < median. "
            "Type for example at_least(1_562, median=9_000)."
        )
        assert _message(at_most, 460, median=480) == (
            "median is 480 and high is 460: expected median < high. "
            "Type for example at_most(480, median=460)."
        )


class TestNames:
    def test_every_constructor_takes_one(self) -> None:
        """A name is kept, and it alone decides the draws."""
        makers = [
            lambda name: about(3, sd=1, name=name),
            lambda name: about(3, relative=0.1, confidence=0.9, name=name),
            lambda name: between(1, 2, confidence=0.9, family="normal", name=name),
            lambda name: between(1, 2, confidence=0.9, family="lognormal", name=name),
            lambda name: share(0.4, 0.7, confidence=0.9, name=name),
            lambda name: uniform(1, 2, name=name),
            lambda name: rounded(3, to=1, name=name),
            lambda name: at_least(3, median=4, name=name),
            lambda name: at_most(4, median=3, name=name),
        ]
        for make in makers:
            x: Uncertain = make("losses")  # type: ignore[no-untyped-call]  # a table of lambdas

            assert x.name == "losses"
            assert make(None).name is None  # type: ignore[no-untyped-call]  # a table of lambdas
            assert np.array_equal(x.rvs(3, rng=7), make("losses").rvs(3, rng=7))  # type: ignore[no-untyped-call]  # a table of lambdas
            assert not np.array_equal(x.rvs(3, rng=7), make("others").rvs(3, rng=7))  # type: ignore[no-untyped-call]  # a table of lambdas
            with pytest.raises(ParameterError, match=r"^name is '': expected a text"):
                make("")  # type: ignore[no-untyped-call]  # a table of lambdas
