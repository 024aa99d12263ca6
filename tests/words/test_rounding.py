import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.errors import WordError
from attrition.words import RoundedPair, people, percent, rounded_pair, significant


class TestRoundedPair:
    @pytest.mark.parametrize(
        ("digits", "text"),
        [(1, "44,000 ± 3,000"), (2, "44,100 ± 3,000"), ("pdg", "44,100 ± 3,000")],
    )
    def test_losses_of_january(self, digits: int, text: str) -> None:
        """44,123 with an uncertainty of 2,987 is printed as GUM 7.2.6 and PDG say."""
        assert str(rounded_pair(44_123, 2_987, digits=digits)) == text

    @pytest.mark.parametrize(
        ("estimate", "uncertainty", "text"),
        [
            # The three examples of PDG, Review of Particle Physics, Introduction 5.3.
            (0.827, 0.119, "0.83 ± 0.12"),
            (0.827, 0.367, "0.8 ± 0.4"),
            (0.827, 0.96, "0.8 ± 1.0"),
            # The edges of its three ranges.
            (5_432.1, 100, "5,430 ± 100"),
            (5_432.1, 354, "5,430 ± 350"),
            (5_432.1, 355, "5,400 ± 400"),
            (5_432.1, 949, "5,400 ± 900"),
            (5_432.1, 950, "5,400 ± 1,000"),
            (5_432.1, 999, "5,400 ± 1,000"),
            (5_432.1, 1_000, "5,400 ± 1,000"),
            # The two examples of the program pdground, which follows the same rule.
            (12.2135, 0.03215, "12.214 ± 0.032"),
            (12.2135, 0.06515, "12.21 ± 0.07"),
            # Three leading digits are read, not rounded to.
            (5_432.1, 354.9, "5,430 ± 350"),
            (5_432.1, 2, "5,432.1 ± 2.0"),
        ],
    )
    def test_pdg(self, estimate: float, uncertainty: float, text: str) -> None:
        """The leading digits of the uncertainty decide how many are kept."""
        assert str(rounded_pair(estimate, uncertainty, digits="pdg")) == text

    @pytest.mark.parametrize(
        ("estimate", "uncertainty", "digits", "expected"),
        [
            # GUM 7.2.6: 10.057 62 ohm with 27 milliohm is 10.058 ohm.
            (10.05762, 0.027, 2, (10.058, 0.027, -3)),
            # And there 28.05 kHz is rounded down to 28 kHz.
            (-3, 28.05, 2, (-3.0, 28.0, 0)),
            (31_680, 0.0996, 1, (31_680.0, 0.1, -1)),
            (31_680.26, 0.0996, 2, (31_680.26, 0.1, -2)),
            (-31_680, 996, 1, (-32_000.0, 1_000.0, 3)),
            (-31_680, 996, 2, (-31_700.0, 1_000.0, 2)),
            (0.0, 12.5, 2, (0.0, 12.0, 0)),
            (-0.2, 12.5, 2, (0.0, 12.0, 0)),
        ],
    )
    def test_estimate_is_cut_where_the_uncertainty_is(
        self,
        estimate: float,
        uncertainty: float,
        digits: int,
        expected: tuple[float, float, int],
    ) -> None:
        """Both numbers end at one place, the one of the rounded uncertainty."""
        centre, error, place = expected
        pair = RoundedPair(estimate=centre, uncertainty=error, place=place)

        assert rounded_pair(estimate, uncertainty, digits=digits) == pair
        assert math.copysign(1.0, rounded_pair(estimate, uncertainty).estimate) == (
            math.copysign(1.0, centre)
        )

    @given(
        st.floats(min_value=-1e15, max_value=1e15),
        st.floats(min_value=1e-9, max_value=1e12),
        st.sampled_from([1, 2, "pdg"]),
    )
    def test_rounding_moves_neither_number_by_more_than_half_a_place(
        self, estimate: float, uncertainty: float, digits: int
    ) -> None:
        """Rounding is to the nearest at the place that is stated."""
        pair = rounded_pair(estimate, uncertainty, digits=digits)
        half = Decimal(5).scaleb(pair.place - 1)

        assert abs(Decimal(repr(pair.estimate)) - Decimal(repr(estimate))) <= half
        assert abs(Decimal(repr(pair.uncertainty)) - Decimal(repr(uncertainty))) <= half

    def test_numbers_of_any_size(self) -> None:
        """An estimate far above its uncertainty keeps every digit in between."""
        assert str(rounded_pair(1e40, 0.25)) == f"{1e40:,.2f} ± 0.25"

    @pytest.mark.parametrize(("uncertainty", "shown"), [(0.0, "0"), (-3, "-3")])
    def test_uncertainty_must_be_above_zero(self, uncertainty: float, shown: str) -> None:
        """Without an uncertainty there is no place to round at, and the message says so."""
        with pytest.raises(WordError) as caught:
            rounded_pair(35_000, uncertainty)
        assert str(caught.value) == (
            f"cannot round to an uncertainty of {shown}: expected a number above zero. "
            "Print a number that is exactly known with people(35000)."
        )

    @pytest.mark.parametrize("digits", [0, 3, True, "gum"])
    def test_digits_are_one_or_two_or_pdg(self, digits: int) -> None:
        """More than two digits of an uncertainty are refused."""
        with pytest.raises(WordError) as caught:
            rounded_pair(44_123, 2_987, digits=digits)
        assert str(caught.value) == (
            f"cannot keep {digits!r} digits of an uncertainty: expected 1 or 2 (GUM) or 'pdg'. "
            "Write digits=2."
        )


class TestSignificant:
    @pytest.mark.parametrize(
        ("x", "digits", "expected"),
        [
            (44_123, 2, 44_000.0),
            (-44_523, 2, -45_000.0),
            (0.0123456, 3, 0.0123),
            (0.0, 3, 0.0),
            (9.99, 1, 10.0),
            (31_680, 9, 31_680.0),
            (5e-324, 3, 5e-324),
        ],
    )
    def test_known_numbers(self, x: float, digits: int, expected: float) -> None:
        """So many digits are kept from the first one that is not zero."""
        assert significant(x, digits) == expected

    @pytest.mark.parametrize(("x", "expected"), [(2.675, 2.68), (2.665, 2.66), (-2.685, -2.68)])
    def test_tie_goes_to_the_even_digit(self, x: float, expected: float) -> None:
        """A tie of the decimal number that is shown goes to the even digit."""
        assert significant(x, 3) == expected

    @given(
        st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False), st.integers(1, 17)
    )
    def test_agrees_with_the_format_of_python_but_at_ties(self, x: float, digits: int) -> None:
        """Formatting in exponent style is within one unit of the last digit kept."""
        other = float(f"{x:.{digits - 1}e}")
        unit = 10.0 ** (math.floor(math.log10(abs(x))) - digits + 1) if x else 0.0

        assert math.isclose(significant(x, digits), other, rel_tol=1e-15, abs_tol=1.001 * unit)

    @given(st.floats(min_value=-1e300, max_value=1e300), st.integers(1, 17))
    def test_rounding_twice_changes_nothing(self, x: float, digits: int) -> None:
        """A rounded number is its own rounding."""
        once = significant(x, digits)

        assert significant(once, digits) == once

    @pytest.mark.parametrize("digits", [0, -1, True])
    def test_keeps_at_least_one_digit(self, digits: int) -> None:
        """No digit is no number, and True is no count of digits."""
        with pytest.raises(WordError) as caught:
            significant(44_123, digits)
        assert str(caught.value) == (
            f"cannot keep {digits!r} significant digits: expected a whole number from 1. "
            "Write significant(x, 3)."
        )


class TestPeople:
    @pytest.mark.parametrize(
        ("x", "text"),
        [
            (44_123.2, "44,123"),
            (-9_000, "-9,000"),
            (999.5, "1,000"),
            (-0.3, "0"),
            (1_200_000, "1,200,000"),
            (np.int64(35_050), "35,050"),
            (np.float32(712_000), "712,000"),
        ],
    )
    def test_thousands(self, x: float, text: str) -> None:
        """People are whole and their thousands are set apart."""
        assert people(x) == text

    @pytest.mark.parametrize(
        ("x", "shown"),
        [
            (float("nan"), "nan"),
            (-math.inf, "-inf"),
            (True, "True"),
            ("44000", "'44000'"),
            (None, "None"),
        ],
    )
    def test_no_number(self, x: float, shown: str) -> None:
        """What is no finite number is never printed as people."""
        with pytest.raises(WordError) as caught:
            people(x)
        assert str(caught.value) == (
            f"cannot print {shown}: expected a finite number. "
            "Take a number out of an uncertain one with median() or ppf(q)."
        )


class TestPercent:
    @pytest.mark.parametrize(
        ("p", "decimals", "text"),
        [
            (0, 0, "0 %"),
            (1, 0, "100 %"),
            (0.873, 0, "87 %"),
            (0.0051, 0, "1 %"),
            (0.005, 0, "below 1 %"),
            (0.9949, 0, "99 %"),
            (0.995, 0, "above 99 %"),
            (1e-9, 1, "below 0.1 %"),
            (0.99996, 1, "above 99.9 %"),
            (0.35065, 2, "35.06 %"),
        ],
    )
    def test_never_certain_by_rounding(self, p: float, decimals: int, text: str) -> None:
        """Only 0 and 1 themselves are printed as 0 % and 100 %."""
        assert percent(p, decimals=decimals) == text

    def test_whole_per_cent_unless_told(self) -> None:
        """Without a number of decimals there are none."""
        assert percent(0.873) == "87 %"

    @pytest.mark.parametrize("p", [-0.01, 1.01, 87.0])
    def test_no_share(self, p: float) -> None:
        """A share is refused outside [0, 1], where it was already in per cent."""
        with pytest.raises(WordError) as caught:
            percent(p)
        assert str(caught.value) == (
            f"cannot print {p:g} as a share in per cent: expected a number in [0, 1]. "
            "Write 87 per cent as percent(0.87)."
        )
