import pytest
from scipy import stats

from attrition.accounts.quantities import (
    as_amount,
    as_number,
    as_number_or_none,
    as_people,
    as_share,
    check_ratio,
    people_text,
)
from attrition.errors import EstimateError, MixError, NumberError, ParameterError
from attrition.uncertain import about, between, exactly, from_draws, share, uniform
from tests.accounts.records import unchecked


class TestAsNumber:
    def test_an_unknown_stays_the_same(self) -> None:
        """An uncertain number passes as the same unknown."""
        x = about(3, sd=1)

        assert as_number(x) == x
        assert as_number_or_none(x) == x

    def test_none_is_unknown_and_not_zero(self) -> None:
        """None stays None, and 0 becomes a known 0."""
        zero = as_number_or_none(0)

        assert as_number_or_none(None) is None
        assert zero is not None
        assert zero.value == 0.0

    @pytest.mark.parametrize("value", [True, "31680", None, stats.norm])
    def test_what_is_no_number(self, value: object) -> None:
        """A bool, a text, None and an unfrozen family are no numbers."""
        with pytest.raises(NumberError):
            unchecked(as_number)(value)

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_what_is_not_finite(self, value: float) -> None:
        """Nothing is counted with nan or inf."""
        with pytest.raises(ParameterError):
            as_number(value)


class TestAsPeople:
    def test_zero_people_are_people(self) -> None:
        """Nobody is a number of people, and mass on zero is not mass below it."""
        assert as_people(0, "count").value == 0.0
        assert as_people(stats.poisson(2), "count").mean() == pytest.approx(2)

    def test_a_tail_below_zero_is_let_pass(self) -> None:
        """A normal number five standard deviations above zero is meant to be positive."""
        x = about(50_000, sd=10_000)

        assert stats.norm.cdf(-5) < 1e-6
        assert as_people(x, "count") == x

    def test_a_millionth_is_let_pass(self) -> None:
        """One in a million below zero is allowed, two are not."""
        assert as_people(uniform(-1, 999_999), "count").support() == (-1, 999_999)
        with pytest.raises(EstimateError, match=r"^count has 2e-06 of its mass below zero:"):
            as_people(uniform(-2, 999_998), "count")

    def test_mass_below_zero(self) -> None:
        """More than a millionth below zero is refused, with the mass in the message."""
        with pytest.raises(EstimateError) as caught:
            as_people(about(40_000, sd=10_000), "count")

        assert stats.norm.cdf(-4) == pytest.approx(3.2e-5, rel=0.02)
        assert str(caught.value) == (
            "count has 3.2e-05 of its mass below zero: people cannot be negative. Type a number "
            'from 0 on, between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )

    def test_a_known_number_below_zero(self) -> None:
        """A known number below zero is refused with its value."""
        with pytest.raises(EstimateError) as caught:
            as_people(-31_680, "strength")

        assert str(caught.value) == (
            "strength is -31,680: people cannot be negative. Type a number from 0 on, "
            'between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )

    def test_a_derived_number_below_zero(self) -> None:
        """The mass of a difference counts as well: one draw in four is below zero here."""
        with pytest.raises(EstimateError, match=r"^count has 0\.25 of its mass below zero:"):
            as_people(uniform(0, 3) - from_draws([0.0, 0.0, 2.0, 1.0]), "count")


class TestAsAmount:
    def test_ground(self) -> None:
        """What is left to take need not be people, and is not negative either."""
        left = about(6_500, sd=300)

        assert as_amount(left, "remaining") == left
        with pytest.raises(EstimateError) as caught:
            as_amount(-550, "remaining")
        assert str(caught.value) == (
            "remaining is -550: an amount cannot be negative. Type a number from 0 on, "
            'between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )


class TestCheckRatio:
    def test_zero_is_a_ratio(self) -> None:
        """None of a kind per killed is a ratio."""
        check_ratio(exactly(0), "missing_per_killed", error=MixError)

    def test_below_zero(self) -> None:
        """A ratio of people is not negative, and the error is the caller's."""
        with pytest.raises(MixError) as caught:
            check_ratio(exactly(-0.35), "missing_per_killed", error=MixError)

        assert str(caught.value) == (
            "missing_per_killed is -0.35: a ratio of people cannot be negative. Type a number "
            'from 0 on, between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )


class TestAsShare:
    @pytest.mark.parametrize("value", [0, 1, 0.5, uniform(0, 1), share(0.4, 0.7, confidence=0.9)])
    def test_inside(self, value: float) -> None:
        """Both ends are shares."""
        assert as_share(value, "share", error=EstimateError).interval(0.9)[1] <= 1

    @pytest.mark.parametrize(
        ("value", "found"),
        [
            (exactly(1.2), "is 1.2"),
            (exactly(-0.1), "is -0.1"),
            (uniform(-0.1, 0.9), "has 0.1 of its mass outside [0, 1]"),
            (uniform(0.2, 1.2), "has 0.2 of its mass outside [0, 1]"),
            (uniform(-0.5, 1.5), "has 0.5 of its mass outside [0, 1]"),
        ],
    )
    def test_outside(self, value: float, found: str) -> None:
        """Mass below 0 and mass above 1 are added up."""
        with pytest.raises(EstimateError) as caught:
            as_share(value, "share", error=EstimateError)

        assert str(caught.value) == (
            f"share {found}: expected a share inside [0, 1]. "
            "Write 40 to 70 per cent as share(0.4, 0.7, confidence=0.9)."
        )


class TestPeopleText:
    def test_a_known_number_has_no_interval(self) -> None:
        """What is known is printed without a spread."""
        assert people_text(exactly(1_562)) == "1,562"

    def test_an_unknown_prints_its_interval(self) -> None:
        """The interval is the 90 % interval that the number was stated with."""
        dead = between(8_764, 13_572, confidence=0.9, family="normal")

        assert people_text(dead) == "11,168 (8,764 to 13,572 at 90 %)"
