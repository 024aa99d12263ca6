"""Masses below, at and across zero against closed forms of the normal and Poisson laws."""

import math
import warnings
from collections.abc import Callable

import attrs
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.errors import ParameterError, SupportWarning
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    exactly,
    from_draws,
    log,
    maximum,
    minimum,
    sqrt,
    uniform,
)
from attrition.uncertain.families import Normal
from attrition.uncertain.node import Bounds, Leaf, Node, Operation, apply
from attrition.uncertain.support import (
    MASS_IGNORED,
    check_divisor,
    check_not_negative,
    check_positive,
    mass_below_zero,
)


@attrs.frozen
class Placed(Operation):
    """An operation that says where it lies and must not be evaluated."""

    low: float
    high: float

    def bounds(self, *_: Bounds) -> Bounds:
        """Where it says it lies."""
        return self.low, self.high

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        """Nothing: bounds should have been enough."""
        raise AssertionError(arguments)


def _placed(low: float, high: float) -> Node:
    two = (Leaf(Normal(3.0, 1.5)), Leaf(Normal(5.0, 2.5)))
    return apply(Placed(low, high), *two)


def _warning(x: Uncertain) -> str:
    with pytest.warns(SupportWarning) as caught:
        1.0 / x
    return str(caught[0].message)


class TestMassBelowZero:
    def test_what_cannot_be_negative_is_not_evaluated(self) -> None:
        """Bounds on one side of zero decide alone."""
        assert mass_below_zero(_placed(0.0, math.inf)) == 0.0
        assert mass_below_zero(_placed(0.25, 2.0)) == 0.0
        assert mass_below_zero(_placed(-math.inf, -0.25)) == 1.0

    def test_zero_itself_may_be_reached_from_below(self) -> None:
        """A number that may be zero but not more is evaluated: zero is not below zero."""
        assert mass_below_zero(from_draws([-3, -1, 0, -2]).node) == 0.75

    def test_a_normal(self) -> None:
        """The mass of a normal below zero is its distribution function there."""
        assert mass_below_zero(about(3, sd=2).node) == pytest.approx(stats.norm.cdf(-1.5))

    def test_an_atom_at_zero_does_not_count(self) -> None:
        """Zero is not below zero."""
        assert mass_below_zero(from_draws([-1, 0, 0, 2]).node) == 0.25


class TestCheckNotNegative:
    def test_message(self) -> None:
        """A function without values below zero says how much mass lies there."""
        with pytest.raises(ParameterError) as caught:
            check_not_negative(about(3, sd=2).node, "sqrt")

        assert str(caught.value) == (
            "sqrt of a number with 0.067 of its mass below 0: expected a number that is not "
            "negative. Use a positive one, such as between(low, high, confidence=0.9, "
            'family="lognormal").'
        )

    def test_tails_are_ignored(self) -> None:
        """A normal may have its zero 4.76 sd away, where a millionth is left, but no nearer."""
        edge = -float(stats.norm.ppf(MASS_IGNORED))

        check_not_negative(about(edge + 1e-6, sd=1).node, "sqrt")
        with pytest.raises(ParameterError, match="sqrt of a number with 1e-06 of its mass"):
            check_not_negative(about(edge - 1e-6, sd=1).node, "sqrt")
        assert MASS_IGNORED == 1e-6

    def test_through_the_functions(self) -> None:
        """Square roots and broken powers are refused where there may be no value."""
        with pytest.raises(ParameterError, match=r"^sqrt of a number with 0.16 of its mass below"):
            sqrt(about(1, sd=1))
        with pytest.raises(ParameterError, match=r"^a broken power of a number with 0.16 of its"):
            about(1, sd=1) ** 0.5


class TestCheckPositive:
    def test_message(self) -> None:
        """A function without a value at zero says how much mass lies there."""
        with pytest.raises(ParameterError) as caught:
            check_positive(from_draws([0, 1, 3, 4]).node, "log")

        assert str(caught.value) == (
            "log of a number with 0.25 of its mass at 0: expected a number above 0. "
            "Keep it away from 0, for example with maximum(x, 1)."
        )

    def test_negative_mass_comes_first(self) -> None:
        """What may be negative is refused as such."""
        with pytest.raises(ParameterError, match=r"^log of a number with 0.31 of its mass below 0"):
            log(about(1, sd=2))

    def test_what_is_above_zero_is_not_evaluated(self) -> None:
        """A lower bound above zero decides alone."""
        check_positive(_placed(0.25, math.inf), "log")

    def test_a_density_at_zero_is_no_mass(self) -> None:
        """A bound of zero that is never reached is fine."""
        check_positive(uniform(0, 3).node, "log")
        check_positive(between(1, 2, confidence=0.9, family="lognormal").node, "log")


class TestCheckDivisor:
    def test_exactly_zero(self) -> None:
        """Nothing is divided by a known zero."""
        quotients: list[Callable[[Uncertain], Uncertain]] = [
            lambda x: x / 0,
            lambda x: x / exactly(-0.0),
            lambda x: x * exactly(0) ** -1,
        ]
        for quotient in quotients:
            with pytest.raises(ParameterError) as caught:
                quotient(about(3, sd=1))

            assert str(caught.value) == (
                "division by exactly 0: expected a divisor other than 0. "
                "Check the figure, or divide by an uncertain number that stays away from 0."
            )

    def test_other_known_numbers(self) -> None:
        """A known divisor other than zero is fine, a negative one too."""
        assert (about(3, sd=1) / -2).mean() == -1.5

    @pytest.mark.parametrize(("low", "high"), [(0.25, math.inf), (-3.0, -0.25), (0.0, math.inf)])
    def test_one_side_of_zero_is_not_evaluated(self, low: float, high: float) -> None:
        """What stays on one side of zero is not evaluated when it divides."""
        check_divisor(_placed(low, high))

    @pytest.mark.parametrize(
        ("divisor", "mass"),
        [
            (lambda: Uncertain.of(stats.poisson(2.5)), math.exp(-2.5)),
            (lambda: maximum(about(1, sd=2), 0), float(stats.norm.cdf(-0.5))),
            (lambda: minimum(about(-1, sd=2), 0), float(stats.norm.cdf(-0.5))),
            (lambda: from_draws([-1, 0, 2, 3, 5]), 0.2),
        ],
        ids=["poisson", "from below", "from above", "on both sides"],
    )
    def test_mass_at_zero(self, divisor: Callable[[], Uncertain], mass: float) -> None:
        """A divisor that may be exactly zero is refused, with how likely that is."""
        with pytest.raises(ParameterError) as caught:
            1.0 / divisor()

        assert str(caught.value) == (
            f"dividing by a number with {mass:.2g} of its mass at exactly 0: the quotient has no "
            f"value there. Keep the divisor away from 0, for example with maximum(x, 1)."
        )

    def test_warning(self) -> None:
        """A divisor on both sides of zero draws a warning with the smaller of the two masses."""
        text = (
            "dividing by a number with 0.067 of its mass across 0: the quotient has no mean and "
            "wild tails. Use a positive divisor, such as between(low, high, confidence=0.9, "
            'family="lognormal").'
        )

        assert _warning(about(3, sd=2)) == text
        assert _warning(about(-3, sd=2)) == text

    def test_warning_of_powers(self) -> None:
        """A negative power divides."""
        with pytest.warns(SupportWarning, match="with 0.067 of its mass across 0"):
            about(3, sd=2) ** -3

    def test_warning_names_the_line_of_the_caller(self) -> None:
        """The warning points at the division in the code of whoever divides."""
        with pytest.warns(SupportWarning) as caught:
            1.0 / about(3, sd=2)

        assert caught[0].filename == __file__

    def test_tails_across_zero_are_ignored(self) -> None:
        """Less than a millionth beyond zero draws no warning, on either side."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            quotients = [1.0 / about(5, sd=1), 1.0 / about(-5, sd=1)]

        assert quotients[0].median() == pytest.approx(0.2, rel=1e-4)
        assert quotients[1].median() == pytest.approx(-0.2, rel=1e-4)
