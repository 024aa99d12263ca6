import warnings

import numpy as np
import pytest
from scipy import stats

from attrition.errors import ParameterError, SupportWarning
from attrition.uncertain import Uncertain, about, between, exactly, from_draws, maximum, uniform
from attrition.uncertain.support import (
    MASS_IGNORED,
    check_divisor,
    check_not_negative,
    check_positive,
    mass_below_zero,
)

POSITIVE = between(1, 2, confidence=0.9, family="lognormal")


def _poisson(mean: float) -> Uncertain:
    return Uncertain.of(stats.poisson(mean))


class TestMassBelowZero:
    @pytest.mark.parametrize(
        ("x", "mass"),
        [
            (about(3, sd=1.5), stats.norm.cdf(-2.0)),
            (POSITIVE, 0.0),
            (uniform(-3, -1), 1.0),
            (uniform(-1, 3), 0.25),
            (exactly(-2), 1.0),
            (exactly(0), 0.0),
            (_poisson(2.5), 0.0),
            (_poisson(2.5) - 2.0, stats.poisson.cdf(1, 2.5)),
            (2.0 - _poisson(2.5), stats.poisson.sf(2, 2.5)),
            (from_draws([-1.0, 0.0, 0.0, 2.0]), 0.25),
        ],
    )
    def test_strictly_below(self, x: Uncertain, mass: float) -> None:
        """The mass below zero is that of less than zero; zero itself does not count."""
        assert mass_below_zero(x.node) == pytest.approx(mass, rel=1e-12)

    def test_of_a_sampled_number(self) -> None:
        """A number of the lattice has the mass that its values have."""
        x = uniform(-1, 1) * uniform(1, 2) * uniform(1, 2) + uniform(-1, 1) * uniform(0, 1)

        assert mass_below_zero(x.node) == pytest.approx(0.5, abs=0.001)


class TestCheckNotNegative:
    def test_a_tail_is_no_matter(self) -> None:
        """A millionth below zero is a tail."""
        check_not_negative(about(-stats.norm.ppf(0.9 * MASS_IGNORED), sd=1).node, "sqrt")
        check_not_negative(_poisson(3).node, "sqrt")

    def test_more_is(self) -> None:
        """More than that is refused, with the function, the mass and the way out."""
        with pytest.raises(ParameterError) as caught:
            check_not_negative(about(3, sd=1.5).node, "sqrt")
        assert str(caught.value) == (
            "sqrt of a number with 0.023 of its mass below 0: expected a number that is not "
            "negative. Use a positive one, such as between(low, high, confidence=0.9, "
            'family="lognormal").'
        )
        with pytest.raises(ParameterError, match=r"with 1\.1e-06 of its mass below 0"):
            check_not_negative(about(-stats.norm.ppf(1.1 * MASS_IGNORED), sd=1).node, "sqrt")


class TestCheckPositive:
    def test_numbers_above_zero(self) -> None:
        """Numbers above zero pass, and those whose tail below it is next to nothing."""
        for x in (POSITIVE, uniform(1, 2), uniform(0, 2), about(10, sd=1.25), exactly(1e-300)):
            check_positive(x.node, "log")
        check_positive((POSITIVE * uniform(0, 1) + POSITIVE * uniform(0, 1)).node, "log")

    def test_what_has_a_tail_below(self) -> None:
        """A tail that would weigh in a logarithm is refused."""
        with pytest.raises(ParameterError) as caught:
            check_positive(about(10, sd=2).node, "log")
        assert str(caught.value) == (
            "log of a number with 2.9e-07 of its mass below 0: expected a number that is not "
            "negative. Use a positive one, such as between(low, high, confidence=0.9, "
            'family="lognormal").'
        )

    @pytest.mark.parametrize(
        ("x", "text"),
        [
            (_poisson(2.5), "0.082"),
            (exactly(0), "1"),
            (maximum(about(1, sd=1), 0), "0.16"),
            (maximum(uniform(-1, 1) * uniform(1, 2) * uniform(3, 4), 0) + 0.0, "0.5"),
        ],
    )
    def test_what_has_mass_at_zero(self, x: Uncertain, text: str) -> None:
        """Mass at zero itself is refused, of a number that is never negative too."""
        with pytest.raises(ParameterError) as caught:
            check_positive(x.node, "log")
        assert str(caught.value) == (
            f"log of a number with {text} of its mass at 0: expected a number above 0. "
            "Keep it away from 0, for example with maximum(x, 1)."
        )


class TestCheckDivisor:
    @pytest.mark.parametrize(
        "x",
        [
            POSITIVE,
            -POSITIVE,
            uniform(1, 2),
            uniform(-2, -1),
            uniform(0, 2),
            uniform(-2, 0),
            exactly(3),
            exactly(-3),
            _poisson(2.5) + 1.0,
            -1.0 - _poisson(2.5),
            about(10, sd=2),
            POSITIVE * uniform(0, 1) + POSITIVE * uniform(0, 1),
            from_draws([-1.0, -3.0]),
        ],
    )
    def test_on_one_side_of_zero(self, x: Uncertain) -> None:
        """A divisor on one side of zero passes without a word."""
        check_divisor(x.node)

    def test_exactly_zero(self) -> None:
        """A divisor of exactly 0 is refused, however it is written."""
        for x in (exactly(0), exactly(-0.0)):
            with pytest.raises(ParameterError) as caught:
                check_divisor(x.node)
            assert str(caught.value) == (
                "division by exactly 0: expected a divisor other than 0. "
                "Check the figure, or divide by an uncertain number that stays away from 0."
            )

    @pytest.mark.parametrize(
        ("x", "text"),
        [
            (_poisson(2.5), "0.082"),
            (2.0 - _poisson(2.5), "0.26"),
            (maximum(about(1, sd=1), 0), "0.16"),
            (-maximum(about(1, sd=1), 0), "0.16"),
            (from_draws([-1.0, 0.0, 0.0, 2.0]), "0.5"),
            (POSITIVE - POSITIVE, "1"),
        ],
    )
    def test_mass_at_zero(self, x: Uncertain, text: str) -> None:
        """A divisor that may be exactly 0 is refused, inside its range or at its end."""
        with pytest.raises(ParameterError) as caught:
            check_divisor(x.node)
        assert str(caught.value) == (
            f"dividing by a number with {text} of its mass at exactly 0: the quotient has no "
            "value there. Keep the divisor away from 0, for example with maximum(x, 1)."
        )

    @pytest.mark.parametrize(
        ("x", "text"),
        [(about(3, sd=1.5), "0.023"), (about(-3, sd=1.5), "0.023"), (uniform(-3, 1), "0.25")],
    )
    def test_both_sides_of_zero(self, x: Uncertain, text: str) -> None:
        """A divisor on both sides of zero warns, with the smaller share of its mass."""
        with pytest.warns(SupportWarning) as caught:
            check_divisor(x.node)
        assert [str(warning.message) for warning in caught] == [
            f"dividing by a number with {text} of its mass across 0: the quotient has no mean and "
            "wild tails. Use a positive divisor, such as between(low, high, confidence=0.9, "
            'family="lognormal").'
        ]

    def test_the_warning_names_the_line(self) -> None:
        """The warning points at the line that divides, in operators and in numpy's functions."""
        x = about(3, sd=1.5)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert (1.0 / x).node.uid == np.divide(1.0, x).node.uid  # type: ignore[union-attr]  # numpy returns what the number made
        assert [warning.filename for warning in caught] == [__file__, __file__]
