import math

import numpy as np
import pytest
from scipy import stats

from attrition.errors import DependenceError, EventError, NumberError
from attrition.uncertain import (
    Event,
    Uncertain,
    about,
    correlate,
    exactly,
    from_draws,
    given,
    probability,
    total_of,
    truncate,
    uniform,
)
from attrition.uncertain.node import Leaf
from tests.accounts.records import unchecked

Q = np.array([1e-9, 0.01, 0.5, 0.9, 0.999])


def _impossible(chance: str) -> str:
    return (
        f"the event that is given has probability {chance}: expected one that can happen. To learn "
        "from a claim that contradicts what was stated, and may itself be wrong, use "
        "reconcile(...)."
    )


class TestOneUnknown:
    def test_truncated_normal(self) -> None:
        """Above a bound a normal is a truncated one, with all its digits."""
        x = about(1, sd=2)
        found, exact = given(x, x > 3), stats.truncnorm(1.0, math.inf, loc=1.0, scale=2.0)

        assert found.ppf(Q) == pytest.approx(exact.ppf(Q), rel=1e-12)
        # A closed form of its own, as the mean reached past the bound once.
        hazard = stats.norm.pdf(1.0) / stats.norm.sf(1.0)
        assert found.mean() == pytest.approx(1.0 + 2.0 * hazard, rel=1e-13)
        assert found.var() == pytest.approx(4.0 * (1.0 + hazard - hazard**2), rel=1e-12)

    def test_another_number_of_it(self) -> None:
        """What is given may be about the unknown below the number."""
        x = uniform(0, 4)
        found = given(2.0 * x + 1.0, x < 3)

        assert found.ppf(Q) == pytest.approx(1.0 + 6.0 * Q, rel=1e-12)

    def test_union(self) -> None:
        """Either of two ends: half the mass at each."""
        x = uniform(0, 1)
        found = given(x, (x < 0.25) | (x > 0.75))

        assert found.ppf(np.array([0.2, 0.4, 0.6, 0.8])) == pytest.approx(
            [0.1, 0.2, 0.8, 0.9], abs=1e-4
        )

    def test_discrete(self) -> None:
        """A discrete number has the probabilities of its values, over that of the event."""
        exact = stats.poisson(2.5)
        x = Uncertain.of(exact)
        found = given(x, x > 3)
        chances = [probability(found.equals(k)) for k in (3, 4, 5, 6)]

        assert chances == pytest.approx([0.0, *(exact.pmf([4, 5, 6]) / exact.sf(3))], rel=1e-12)
        assert found.support()[0] == 4.0

    def test_draws(self) -> None:
        """Of draws those are left in which the event is true, with their weights; one is known."""
        x = from_draws([1, 2, 3, 4, 6], weights=[1, 2, 3, 4, 5])

        assert given(x, x > 2.5).mean() == pytest.approx((3 * 3 + 4 * 4 + 6 * 5) / 12)
        assert given(x * x, (x > 2) & (x < 4)).value == 9.0
        other = given(from_draws([1, 2, 3, 4]), from_draws([1, 2]) > 1.5)
        assert other.mean() == pytest.approx(2.5, abs=1e-3)
        with pytest.raises(EventError, match="has probability 0:"):
            given(x, x > 7)

    def test_bounds_are_a_truncation(self) -> None:
        """Bounds on an unknown alone are what ``truncate`` does with them."""
        x = about(3, sd=2)
        found, cut = given(x, (x > 4) & (x <= 7)), truncate(x, low=4, high=7)

        assert found.support() == pytest.approx((4.0, 7.0), rel=1e-15)
        assert found.ppf(Q) == pytest.approx(cut.ppf(Q), rel=1e-14)
        assert found.method == "exact"


class TestTwoUnknowns:
    def test_skew_normal(self) -> None:
        """The one of two standard normals that is larger is skew normal."""
        x, y = about(0, sd=1), about(0, sd=1)
        found, exact = given(x, x > y), stats.skewnorm(1.0)

        assert found.ppf(Q) == pytest.approx(exact.ppf(Q), rel=1e-9, abs=1e-10)
        assert found.mean() == pytest.approx(1.0 / math.sqrt(math.pi), rel=1e-12)
        assert found.var() == pytest.approx(1.0 - 1.0 / math.pi, rel=1e-12)

    def test_extended_skew_normal(self) -> None:
        """Beside a correlated normal above a bound the mean moves by the hazard there."""
        x, y = correlate([about(0, sd=1), about(0, sd=1)], normal_scores=0.6)
        found = given(x, y > 1)
        hazard = stats.norm.pdf(1.0) / stats.norm.sf(1.0)
        z = np.array([-2.0, 0.3, 1.8])
        both = stats.multivariate_normal([0.0, 0.0], [[1.0, -0.6], [-0.6, 1.0]])
        expected = [both.cdf([place, -1.0]) / stats.norm.sf(1.0) for place in z]

        assert found.mean() == pytest.approx(0.6 * hazard, rel=1e-9)
        assert found.var() == pytest.approx(1.0 + 0.36 * (hazard - hazard**2), rel=1e-9)
        assert [found.cdf(float(place)) for place in z] == pytest.approx(expected, rel=1e-6)

    def test_uniforms(self) -> None:
        """The larger of two uniforms is a beta number."""
        x, y = uniform(0, 1), uniform(0, 1)
        found = given(x, x > y)

        assert found.ppf(Q) == pytest.approx(np.sqrt(Q), rel=1e-9)
        assert (found.mean(), found.var()) == pytest.approx((2 / 3, 1 / 18), rel=1e-12)

    def test_exponentials(self) -> None:
        """The smallest of three exponentials has three times the rate."""
        x, y, z = (Uncertain.of(stats.expon()) for _ in range(3))
        found = given(x, (x < y) & (x < z))
        summary = found.summary()

        assert summary.method == "lattice"
        assert abs(found.median() - math.log(2.0) / 3.0) <= 6.0 * found.node.law.error(0.5)  # type: ignore[union-attr]  # a leaf, as it is new

    def test_independent(self) -> None:
        """What is about another number changes nothing."""
        x, y = uniform(0, 1), uniform(0, 1)

        assert given(x, y < 0.3).ppf(Q) == pytest.approx(Q, rel=1e-12)


class TestManyUnknowns:
    def test_a_thousand_terms(self) -> None:
        """Of a sum of a thousand normals too the upper part is a truncated normal."""
        total = total_of(*(about(i, sd=1) for i in range(1_000)))
        found = given(total, total > 499_530)
        sd = math.sqrt(1_000)
        exact = stats.truncnorm(30.0 / sd, math.inf, loc=499_500, scale=sd)

        assert found.mean() == pytest.approx(exact.mean(), abs=0.02 * sd)
        assert found.median() == pytest.approx(exact.median(), abs=0.02 * sd)


class TestWhatIsGiven:
    def test_certain(self) -> None:
        """A certain event leaves a number its law, a known one the number itself."""
        x = about(1, sd=2)

        assert given(x, exactly(3) > 2) is x
        assert given(x, x < 1e9).ppf(Q) == pytest.approx(x.ppf(Q), rel=1e-12)
        assert given(5, x > 3).value == 5.0

    @pytest.mark.parametrize(
        ("event", "chance"),
        [
            (lambda _: exactly(3) > 4, "0"),
            (lambda x: x > 9, "0"),
            (lambda x: (x > 0.75) & (x < 0.25), "0"),
            (lambda x: x < 1e-10, "1e-10"),
            (lambda x: x * x - x > 9, "0"),
        ],
        ids=["known", "beyond", "empty", "rare", "by values"],
    )
    def test_impossible_or_rare(self, event: "type[Event]", chance: str) -> None:
        """What cannot happen, or next to never does, is no condition."""
        x = uniform(0, 1)
        with pytest.raises(EventError) as caught:
            given(x, unchecked(event)(x))
        assert str(caught.value) == _impossible(chance)

    def test_rare_among_several(self) -> None:
        """Where no integral is found, a rare event leaves too few values, and the error says so."""
        x, y, z = (about(3, sd=1) for _ in range(3))
        with pytest.raises(EventError) as caught:
            given(x, x * y * z > 150)
        one_point = 1 / 32_744
        assert one_point == pytest.approx(3.1e-5, rel=0.02)
        assert str(caught.value) == (
            "the event that is given holds in 3.1e-05 of 32,744 values, which are too few to show "
            "a law: expected about 0.01 or more where more than two unknowns decide. Replace "
            "those that matter little by known numbers, or take another event."
        )

    def test_a_known_number_and_the_impossible(self) -> None:
        """Not even a known number is given the impossible."""
        with pytest.raises(EventError) as caught:
            given(5, exactly(3) > 4)
        assert str(caught.value) == _impossible("0")

    def test_no_event(self) -> None:
        """What is given is an event; the message shows one."""
        with pytest.raises(NumberError) as caught:
            unchecked(given)(about(1, sd=2), True)
        assert str(caught.value) == (
            "given takes an event, not True: expected a comparison. "
            "Type for example given(x, x > 0)."
        )

    def test_ties(self) -> None:
        """A number as it was cannot be given an event about what took its place."""
        x, y = about(0, sd=1, name="x"), about(0, sd=1, name="y")
        tied, _ = correlate([x, y], normal_scores=0.6)
        with pytest.raises(DependenceError, match="enters as it was before it was tied to others"):
            given(x, tied > 1)


class TestTheNewUnknown:
    def test_its_own(self) -> None:
        """It is a new unknown, tied to nothing, and has the name it is given."""
        x = about(1, sd=2)
        found = given(x, x > 3, name="late")

        assert isinstance(found.node, Leaf)
        assert (found.node.name, given(x, x > 3).node.name) == ("late", None)  # type: ignore[union-attr]  # a leaf too
        assert found.node.uid != x.node.uid
        assert (found - x).var() == pytest.approx(found.var() + 4.0, rel=1e-9)
