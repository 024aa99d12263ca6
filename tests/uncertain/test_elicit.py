"""Constructors against the families of scipy.stats that the statements mean."""

import math
from collections.abc import Callable

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from scipy import stats
from scipy.special import expit, logit

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
from tests.strategies import confidences, counts

P = np.array([1e-12, 1e-6, 0.02, 0.3, 0.5, 0.8, 0.999])

NAMED: list[Callable[[str | None], Uncertain]] = [
    lambda name: about(44_000, sd=3_000, name=name),
    lambda name: about(44_000, relative=0.1, confidence=0.9, name=name),
    lambda name: between(2, 3, confidence=0.9, family="normal", name=name),
    lambda name: between(2, 3, confidence=0.9, family="lognormal", name=name),
    lambda name: share(0.4, 0.7, confidence=0.9, name=name),
    lambda name: at_least(1_562, median=9_000, name=name),
    lambda name: at_most(480, median=460, name=name),
    lambda name: uniform(0.4, 0.7, name=name),
    lambda name: rounded(44_000, to=1_000, name=name),
]


def _refusal(make: Callable[[], object]) -> str:
    with pytest.raises(ParameterError) as caught:
        make()
    return str(caught.value)


class TestExactly:
    def test_a_known_number(self) -> None:
        """A known number has no spread, and equal ones are the same."""
        x = exactly(35_000)

        assert (x.value, x.mean(), x.std()) == (35_000.0, 35_000.0, 0.0)
        assert x == exactly(np.int64(35_000))
        assert x != exactly(35_001)

    def test_refusals(self) -> None:
        """A text is no number and nan is none that is known."""
        with pytest.raises(NumberError) as caught:
            exactly("35,000")  # type: ignore[arg-type]  # the point of the test

        assert str(caught.value) == (
            "value is '35,000', a str: expected a finite number. "
            "Type a number such as 35_000; a text is never read as one."
        )
        assert _refusal(lambda: exactly(math.nan)) == (
            "value is nan: expected a finite number. "
            "Leave an unknown value out rather than marking it with nan or inf."
        )


class TestAbout:
    def test_normal_by_sd(self) -> None:
        """A centre and an sd are those of the normal."""
        x, law = about(-44_000, sd=3_000), stats.norm(-44_000, 3_000)

        assert x.ppf(P) == pytest.approx(law.ppf(P), rel=1e-12)
        assert x.isf(P) == pytest.approx(law.isf(P), rel=1e-12)

    @pytest.mark.parametrize("centre", [44_000, -44_000])
    def test_normal_by_share(self, centre: int) -> None:
        """A relative spread is the half-width of the central interval."""
        x = about(centre, relative=0.1, confidence=0.9)

        assert x.interval(0.9) == pytest.approx((centre - 4_400, centre + 4_400), rel=1e-13)
        assert x.std() == pytest.approx(4_400 / stats.norm.ppf(0.95), rel=1e-13)
        assert x.mean() == centre

    def test_positive_by_sd(self) -> None:
        """With an sd the lognormal has that mean and that sd."""
        x = about(9_000, sd=7_000, positive=True)
        sigma = math.sqrt(math.log(1.0 + 49.0 / 81.0))
        law = stats.lognorm(sigma, scale=9_000 / math.sqrt(1.0 + 49.0 / 81.0))

        assert [x.mean(), x.std()] == pytest.approx([9_000, 7_000], rel=1e-13)
        assert x.ppf(P) == pytest.approx(law.ppf(P), rel=1e-12)

    def test_positive_by_share(self) -> None:
        """With a relative spread the lognormal has that median, and ends that are ratios."""
        x = about(44_000, relative=0.25, confidence=0.8, positive=True)

        assert x.median() == pytest.approx(44_000, rel=1e-14)
        assert x.interval(0.8) == pytest.approx((35_200, 55_000), rel=1e-13)
        assert x.support() == (0.0, math.inf)

    @given(counts, st.floats(1e-6, 1e3))
    def test_positive_keeps_mean_and_sd(self, centre: float, part: float) -> None:
        """Mean and sd of a positive number are the stated ones, however wide."""
        x = about(centre, sd=part * centre, positive=True)

        # A log variance near 0 or far from it costs digits.
        assert x.mean() == pytest.approx(centre, rel=1e-9)
        assert x.std() == pytest.approx(part * centre, rel=1e-9)

    @pytest.mark.parametrize(
        ("options", "shown"),
        [
            ({}, "sd=None, relative=None, confidence=None"),
            ({"relative": 0.1}, "sd=None, relative=0.1, confidence=None"),
            ({"confidence": 0.9}, "sd=None, relative=None, confidence=0.9"),
            ({"sd": 5, "relative": 0.1}, "sd=5, relative=0.1, confidence=None"),
            ({"sd": 5, "confidence": 0.9}, "sd=5, relative=None, confidence=0.9"),
            (
                {"sd": 5, "relative": 0.1, "confidence": 0.9},
                "sd=5, relative=0.1, confidence=0.9",
            ),
        ],
    )
    def test_one_statement_of_spread(self, options: dict[str, float], shown: str) -> None:
        """A spread is stated once and whole."""
        make: Callable[..., Uncertain] = about

        assert _refusal(lambda: make(44_000, **options)) == (
            f"about(44000) has {shown}: expected one statement of spread. "
            f"Type sd=2_000, or relative=0.10 with confidence=0.9."
        )

    def test_positive_centre(self) -> None:
        """What cannot be negative has a centre above zero."""
        for make in (
            lambda: about(0, sd=1, positive=True),
            lambda: about(0, relative=0.1, confidence=0.9, positive=True),
        ):
            assert _refusal(make) == (
                "centre is 0: expected more than 0 with positive=True. "
                "Leave positive=True out for a number that may be negative."
            )

    def test_no_share_of_zero(self) -> None:
        """Ten per cent of nothing is no spread."""
        assert _refusal(lambda: about(0, relative=0.1, confidence=0.9)) == (
            "centre is 0: a spread relative to 0 is no spread. "
            "Type about(0, sd=...) with a spread of its own."
        )

    def test_spread_above_zero(self) -> None:
        """A spread of nothing is refused with the way to state a known number."""
        assert _refusal(lambda: about(5, sd=0)) == (
            "sd is 0: expected more than 0. A number without spread is exactly(value)."
        )
        assert _refusal(lambda: about(5, relative=-0.5, confidence=0.9)) == (
            "relative is -0.5: expected more than 0. A number without spread is exactly(value)."
        )

    def test_confidence_inside_zero_and_one(self) -> None:
        """A confidence is a share that is neither nothing nor all."""
        makes = [
            lambda: about(5, relative=0.1, confidence=90),
            lambda: about(5, relative=0.1, confidence=90, positive=True),
        ]
        for make in makes:
            assert _refusal(make) == (
                "confidence is 90: expected a number inside (0, 1). "
                "Write 90 per cent as confidence=0.9."
            )

    def test_spread_that_floats_can_hold(self) -> None:
        """A spread below the spacing of floats, or beyond them, is refused."""
        assert _refusal(lambda: about(1e6, sd=1e-12)) == (
            "Normal(centre=1000000.0, sd=1e-12) has a spread too small or too large for floats: "
            "expected one above a 1e-16th of the value and below 1e308. "
            "Check the figures; a known number is exactly(value)."
        )
        assert _refusal(lambda: about(3, sd=1e308)).startswith(
            "Normal(centre=3.0, sd=1e+308) has a spread too small or too large for floats: "
        )


class TestBetween:
    def test_lognormal(self) -> None:
        """The ends are quantiles, and the median is their geometric mean."""
        x = between(14_500, 23_000, confidence=0.9, family="lognormal")
        sigma = math.log(23.0 / 14.5) / (2.0 * stats.norm.ppf(0.95))

        assert x.ppf([0.05, 0.95]) == pytest.approx([14_500, 23_000], rel=1e-13)
        assert x.ppf(P) == pytest.approx(
            stats.lognorm(sigma, scale=math.sqrt(14_500 * 23_000)).ppf(P), rel=1e-12
        )

    def test_normal(self) -> None:
        """The ends are quantiles, and the median is their arithmetic mean."""
        x = between(-500, 2_300, confidence=0.8, family="normal")

        assert x.ppf([0.1, 0.9]) == pytest.approx([-500, 2_300], rel=1e-13)
        assert x.mean() == x.median() == 900.0

    @given(counts, st.floats(1.001, 1e4), st.floats(0.5, 0.999))
    def test_any_interval(self, low: float, ratio: float, confidence: float) -> None:
        """The central interval of the stated confidence is the stated one, in both families."""
        high = low * ratio
        wide = between(low, high, confidence=confidence, family="lognormal")
        flat = between(low, high, confidence=confidence, family="normal")

        assert wide.interval(confidence) == pytest.approx((low, high), rel=1e-9)
        assert flat.interval(confidence) == pytest.approx((low, high), rel=1e-9, abs=1e-9 * high)

    def test_ends_near_the_largest_float(self) -> None:
        """Centre and median of large ends do not overflow."""
        assert between(1e308, 1.2e308, confidence=0.9, family="normal").mean() == 1.1e308
        assert between(1e200, 4e200, confidence=0.9, family="lognormal").median() == pytest.approx(
            2e200
        )

    def test_refusals(self) -> None:
        """Ends in order, a known family, and a lognormal above zero."""
        make: Callable[..., Uncertain] = between

        assert _refusal(lambda: make(23_000, 14_500, confidence=0.9, family="normal")) == (
            "low is 23000 and high is 14500: expected low < high. Type for example "
            'between(14_500, 23_000, confidence=0.9, family="lognormal").'
        )
        assert _refusal(lambda: make(1, 2, confidence=0.9, family="uniform")) == (
            'family is \'uniform\': expected "lognormal" or "normal". '
            'Counts and ratios are usually family="lognormal".'
        )
        assert _refusal(lambda: make(0, 2, confidence=0.9, family="lognormal")) == (
            "low is 0: expected more than 0 for a lognormal. "
            'Type family="normal" for a number that may be negative.'
        )
        assert _refusal(lambda: make(1, 2, confidence=1, family="normal")) == (
            "confidence is 1: expected a number inside (0, 1). Write 90 per cent as confidence=0.9."
        )


class TestShare:
    def test_normal_in_the_log_odds(self) -> None:
        """The log odds are normal with the ends as quantiles."""
        x = share(0.4, 0.7, confidence=0.9)
        low, high = logit([0.4, 0.7])
        law = stats.norm((low + high) / 2.0, (high - low) / (2.0 * stats.norm.ppf(0.95)))

        assert x.interval(0.9) == pytest.approx((0.4, 0.7), rel=1e-13)
        assert x.ppf(P) == pytest.approx(expit(law.ppf(P)), rel=1e-11)
        assert x.support() == (0.0, 1.0)

    @given(st.floats(0.001, 0.999), st.floats(0.001, 0.999), confidences)
    def test_mirror(self, first: float, second: float, confidence: float) -> None:
        """What is a share of some is the mirrored share of the others."""
        low, high = sorted((first, second))
        if high - low < 1e-6:
            high = low + 5e-4
        x = share(low, high, confidence=confidence)
        y = share(1.0 - high, 1.0 - low, confidence=confidence)

        assert x.ppf(0.3) == pytest.approx(1.0 - y.ppf(0.7), abs=1e-9)

    @pytest.mark.parametrize(
        ("low", "high", "shown"),
        [(0, 0.5, "0 to 0.5"), (0.5, 1, "0.5 to 1"), (40, 70, "40 to 70"), (-1, 2, "-1 to 2")],
    )
    def test_ends_inside_zero_and_one(self, low: float, high: float, shown: str) -> None:
        """A share has ends between none and all."""
        assert _refusal(lambda: share(low, high, confidence=0.9)) == (
            f"a share from {shown}: expected both ends inside (0, 1). "
            f"Write 40 to 70 per cent as share(0.4, 0.7, confidence=0.9)."
        )

    def test_reversed(self) -> None:
        """The ends of a share are in order."""
        assert _refusal(lambda: share(0.7, 0.4, confidence=0.9)) == (
            "low is 0.7 and high is 0.4: expected low < high. "
            "Type for example share(0.4, 0.7, confidence=0.9)."
        )


class TestOneSided:
    def test_at_least(self) -> None:
        """The excess is exponential with the stated median."""
        x = at_least(1_562, median=9_000)
        law = stats.expon(1_562, 7_438 / math.log(2.0))

        assert x.ppf(P) == pytest.approx(law.ppf(P), rel=1e-12)
        assert x.isf(P) == pytest.approx(law.isf(P), rel=1e-12)
        assert x.mean() == pytest.approx(law.mean())
        assert x.support() == (1_562.0, math.inf)

    def test_at_most(self) -> None:
        """The shortfall is exponential with the stated median."""
        x = at_most(480, median=460)
        law = stats.expon(-480, 20 / math.log(2.0))

        assert x.isf(P) == pytest.approx(-law.ppf(P), rel=1e-12)
        assert x.std() == pytest.approx(law.std())
        assert x.support() == (-math.inf, 480.0)

    def test_refusals(self) -> None:
        """The median lies on the side that is possible."""
        assert _refusal(lambda: at_least(9_000, median=9_000)) == (
            "low is 9000 and median is 9000: expected low < median. "
            "Type for example at_least(1_562, median=9_000)."
        )
        assert _refusal(lambda: at_most(460, median=480)) == (
            "median is 480 and high is 460: expected median < high. "
            "Type for example at_most(480, median=460)."
        )


class TestUniform:
    def test_between_hard_bounds(self) -> None:
        """Probability grows evenly from one bound to the other."""
        x = uniform(-3, 0.5)

        assert x.cdf([-4.0, -3.0, -1.25, 0.15, 0.5]) == pytest.approx([0.0, 0.0, 0.5, 0.9, 1.0])
        assert x.std() == pytest.approx(3.5 / math.sqrt(12.0))

    def test_reversed(self) -> None:
        """The bounds are in order."""
        assert _refusal(lambda: uniform(0.5, 0.5)) == (
            "low is 0.5 and high is 0.5: expected low < high. Type for example uniform(0.4, 0.7)."
        )


class TestRounded:
    @pytest.mark.parametrize(("value", "to"), [(44_000, 1_000), (-0.3, 0.1), (7, 2)])
    def test_what_rounds_to_it(self, value: float, to: float) -> None:
        """A rounded number lies within half a step, evenly."""
        x = rounded(value, to=to)

        assert x.support() == pytest.approx((value - to / 2, value + to / 2))
        assert x.ppf(0.75) == pytest.approx(value + to / 4)

    def test_no_step(self) -> None:
        """What it was rounded to is above zero."""
        assert _refusal(lambda: rounded(44_000, to=0)) == (
            "to is 0: expected more than 0. A number without spread is exactly(value)."
        )

    def test_a_step_that_floats_cannot_hold(self) -> None:
        """A step below the spacing of floats is no spread."""
        assert _refusal(lambda: rounded(1e20, to=1)).startswith(
            "Uniform(low=1e+20, high=1e+20) has a spread too small or too large for floats: "
        )


class TestNames:
    @pytest.mark.parametrize("make", NAMED)
    def test_every_constructor_takes_one(self, make: Callable[[str | None], Uncertain]) -> None:
        """A name stays with the number and decides its draws."""
        named, other, plain = make("losses"), make("recruits"), make(None)

        assert (named.name, plain.name) == ("losses", None)
        assert named.rvs(3, rng=20260101).tolist() != other.rvs(3, rng=20260101).tolist()
        assert named.rvs(3, rng=20260101).tolist() != plain.rvs(3, rng=20260101).tolist()

    @pytest.mark.parametrize("make", NAMED)
    def test_an_empty_one(self, make: Callable[[str | None], Uncertain]) -> None:
        """An empty text is no name."""
        assert _refusal(lambda: make(" ")) == (
            "name is ' ': expected a text that is not empty, or None. "
            'Type for example name="losses".'
        )
