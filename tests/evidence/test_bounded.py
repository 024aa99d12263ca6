import math

import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Bound, LossEstimate, RecruitmentRate
from attrition.errors import PoolError
from attrition.evidence.bounded import limits_of, number_of, within
from attrition.uncertain import about, exp, log
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.families import Constant, Normal
from attrition.uncertain.law import Law
from attrition.uncertain.mixed import MixtureLaw
from attrition.uncertain.node import in_order, unknowns
from attrition.uncertain.scipy_law import from_scipy
from tests.accounts.records import lost

Bounds = list[tuple[int, LossEstimate | RecruitmentRate]]

FLOOR: Bounds = [(2, lost(27_000, bound=Bound.FLOOR))]
NORMAL = Normal(30_000.0, 2_000.0)
STUDENT = from_scipy(stats.t(2, 30_000, 2_000))


class TestNumberOf:
    def test_a_new_unknown_each_time(self) -> None:
        """A law makes a new unknown with a name, on its scale."""
        first, second = (number_of(NORMAL, in_log=False, name="pooled") for _ in range(2))

        assert first != second
        assert first.same_law(second)
        assert first.name == "pooled"
        assert number_of(Normal(2.0, 0.5), in_log=True).same_law(exp(about(2, sd=0.5)))

    def test_a_mixture(self) -> None:
        """A mixture is a choice among new unknowns, with the law of the mixture."""
        law = MixtureLaw((0.25, 0.75), (NORMAL, Constant(9_000.0)))
        number = number_of(law, in_log=False)

        assert law_of(number.node) == law
        assert number.rvs(4_000, rng=20260101).min() == 9_000.0

    def test_a_known_number(self) -> None:
        """A law of one value is a known number."""
        assert number_of(Constant(7.0), in_log=False).value == 7.0


class TestLimitsOf:
    def test_the_sharpest(self) -> None:
        """The highest floor and the lowest ceiling hold, the others with them."""
        bounds: Bounds = [
            (at, lost(value, bound=bound))
            for at, (value, bound) in enumerate(
                [
                    (1_562, Bound.FLOOR),
                    (40_000, Bound.CEILING),
                    (9_000, Bound.FLOOR),
                    (50_000, Bound.CEILING),
                ]
            )
        ]

        assert limits_of(bounds) == (9_000.0, 40_000.0)
        assert limits_of(bounds[:1]) == (1_562.0, math.inf)
        assert limits_of(bounds[1:2]) == (-math.inf, 40_000.0)

    def test_a_floor_above_a_ceiling(self) -> None:
        """A floor above a ceiling leaves nothing."""
        bounds: Bounds = [
            (0, lost(9_000, bound=Bound.FLOOR)),
            (3, lost(8_000, bound=Bound.CEILING)),
        ]
        with pytest.raises(PoolError) as caught:
            limits_of(bounds)

        assert str(caught.value) == (
            "the floor estimates[0] (9,000) and the ceiling estimates[3] (8,000) contradict each "
            "other: the highest floor is 9,000 and the lowest ceiling 8,000. Check which of them "
            "is for these people."
        )

    def test_a_floor_with_a_spread(self) -> None:
        """A floor cuts at one place, so it has to be known."""
        floor = lost(about(9_000, relative=0.1, confidence=0.9), bound=Bound.FLOOR)
        with pytest.raises(PoolError) as caught:
            limits_of([(1, floor)])

        assert str(caught.value) == (
            "estimates[1] (9,000 (8,100 to 9,900 at 90 %)) is a floor with a spread: expected a "
            "known number, as it cuts the pool. Type the value that you are sure of."
        )


class TestWithin:
    def test_nothing_is_cut(self) -> None:
        """Where no limit is within reach, the number stays one unknown, and has the name."""
        number, cut = within(NORMAL, (-math.inf, math.inf), [], in_log=False, name="pooled")

        assert number == cut
        assert cut.name == "pooled"
        assert within(Normal(2.0, 0.5), (0.0, math.inf), [], in_log=True, name=None)[1].median()

    def test_a_floor(self) -> None:
        """A floor conditions the pool: the normal becomes the truncated normal."""
        number, cut = within(NORMAL, (27_000.0, math.inf), FLOOR, in_log=False, name="pooled")
        expected = stats.truncnorm(-1.5, np.inf, 30_000, 2_000)

        assert number.same_law(about(30_000, sd=2_000))
        assert (number.name, cut.name) == (None, "pooled")
        assert cut.mean() == pytest.approx(expected.mean(), rel=1e-10)
        assert cut.interval(0.9) == pytest.approx(expected.interval(0.9), rel=1e-10)

    def test_both_on_the_log_scale(self) -> None:
        """On the log scale the limits are those of the number itself."""
        law = Normal(math.log(30_000), 0.1)
        number, cut = within(law, (27_000.0, 36_000.0), FLOOR, in_log=True, name=None)
        ends = (np.log([27_000, 36_000]) - law.centre) / 0.1
        expected = stats.truncnorm(*ends, law.centre, 0.1)

        assert number.median() == pytest.approx(30_000, rel=1e-12)
        assert cut.support() == pytest.approx((27_000.0, 36_000.0), rel=1e-12)
        assert log(cut).mean() == pytest.approx(expected.mean(), rel=1e-10)

    def test_a_heavy_tail_on_the_log_scale(self) -> None:
        """A floor cuts a Student law of the logarithm, whose number has no mean."""
        law = from_scipy(stats.t(1, math.log(30_000), 0.1))
        cut = within(law, (30_000.0, math.inf), FLOOR, in_log=True, name=None)[1]

        # Half of the mass is left, so the median is the upper quartile.
        assert cut.median() == pytest.approx(30_000 * math.exp(0.1), rel=1e-9)

    def test_people_are_not_negative(self) -> None:
        """The tail of a Student law below zero is cut off; the number keeps it."""
        number, cut = within(STUDENT, (-math.inf, math.inf), [], in_log=False, name=None)
        below = float(stats.t(2).cdf(-15))

        assert number.cdf(0.0) == pytest.approx(below, rel=1e-9)
        assert cut.support() == (0.0, math.inf)
        assert cut.sf(36_000.0) == pytest.approx(float(stats.t(2).sf(3)) / (1 - below), rel=1e-9)

    def test_a_ceiling_below_which_nobody_can_be(self) -> None:
        """A ceiling cuts above, zero below."""
        limits = (-math.inf, 33_000.0)
        cut = within(STUDENT, limits, [], in_log=False, name=None)[1]

        assert cut.support() == (0.0, 33_000.0)

    def test_a_mixture(self) -> None:
        """Inside bounds a mixture is one of its parts inside, each with what is left of it."""
        parts = (NORMAL, Normal(26_000.0, 500.0), Constant(40_000.0), Normal(9_000.0, 10.0))
        law = MixtureLaw((0.2, 0.4, 0.1, 0.3), parts)
        limits = (27_000.0, math.inf)
        number, cut = within(law, limits, FLOOR, in_log=False, name="pooled")
        left = 0.2 * stats.norm.sf(-1.5) + 0.4 * stats.norm.sf(2) + 0.1

        assert cut.support() == limits
        for x in (28_000.0, 31_000.0, 39_999.0, 40_000.0):
            assert cut.sf(x) == pytest.approx(number.sf(x) / left, rel=1e-12)
        # Of the last part nothing is left, not even its leaf.
        assert len(unknowns(in_order([cut.node]))) == 3

    def test_a_mixture_below_a_ceiling(self) -> None:
        """A ceiling cuts the parts of a mixture from above."""
        law = MixtureLaw((0.5, 0.5), (NORMAL, Normal(26_000.0, 500.0)))
        cut = within(law, (-math.inf, 30_000.0), FLOOR, in_log=False, name=None)[1]

        assert cut.cdf(26_000.0) == pytest.approx(
            (stats.norm.cdf(-2) + 0.5) / (0.5 + 1.0), rel=1e-10
        )

    @pytest.mark.parametrize(
        ("law", "in_log"), [(NORMAL, False), (Normal(math.log(30_000), 0.066), True)]
    )
    def test_a_contradiction(self, law: Law, in_log: bool) -> None:  # noqa: FBT001 - a case, no flag
        """A floor that the estimates hold impossible is no floor for these people."""
        floor: Bounds = [(2, lost(60_000, bound=Bound.FLOOR))]
        with pytest.raises(PoolError) as caught:
            within(law, (60_000.0, math.inf), floor, in_log=in_log, name=None)

        ends = "26,914 to 33,440" if in_log else "26,710 to 33,290"
        assert str(caught.value) == (
            f"the estimates together give {ends} at 90 %, and only 0 of that is possible by the "
            "floor estimates[2] (60,000): they contradict each other. Check whether they are for "
            "the same people and period, and widen what is too sure."
        )
