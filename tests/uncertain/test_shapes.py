import math

import pytest

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import asymmetric, pert
from attrition.uncertain.elicit import about


class TestPert:
    def test_statement(self) -> None:
        """What was stated is what the number answers: ends, mean and name."""
        x = pert(8, 10, 15, name="brigades")

        assert (x.name, x.support(), x.method) == ("brigades", (8.0, 15.0), "exact")
        assert x.mean() == pytest.approx(63.0 / 6.0, rel=1e-15)
        assert repr(x) == "Uncertain(Pert(low=8.0, mode=10.0, high=15.0), 'brigades')"

    @pytest.mark.parametrize("mode", [0, 3])
    def test_mode_at_an_end(self, mode: int) -> None:
        """The most likely value may be an end; then the law falls all the way to the other."""
        x = pert(0, mode, 3)

        assert x.mean() == pytest.approx((4.0 * mode + 3.0) / 6.0)
        assert x.pdf(mode) == pytest.approx(5.0 / 3.0)
        assert x.pdf(3 - mode) == 0.0

    @pytest.mark.parametrize(
        ("low", "mode", "high", "text"),
        [
            (10, 8, 15, "low is 10, mode is 8 and high is 15"),
            (8, 15.5, 15, "low is 8, mode is 15.5 and high is 15"),
            (8, 8, 8, "low is 8, mode is 8 and high is 8"),
        ],
    )
    def test_wrong_order(self, low: float, mode: float, high: float, text: str) -> None:
        """The three figures must rise, and the ends must differ."""
        with pytest.raises(ParameterError) as caught:
            pert(low, mode, high)

        assert str(caught.value) == (
            f"{text}: expected low <= mode <= high and low < high. "
            f"Type for example pert(8, 10, 15)."
        )

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_no_number(self, place: int) -> None:
        """Each figure must be a number, and is named where it is none."""
        figures: list[float] = [8, 10, 15]
        figures[place] = True
        with pytest.raises(NumberError) as caught:
            pert(*figures)

        assert str(caught.value) == (
            f"{('low', 'mode', 'high')[place]} is True, a bool: expected a finite number. "
            f"Type a number such as 35_000; a text is never read as one."
        )

    def test_too_wide(self) -> None:
        """Ends further apart than floats reach are refused."""
        with pytest.raises(ParameterError, match="spread too small or too large for floats"):
            pert(-1.7e308, 0, 1.7e308)


class TestAsymmetric:
    def test_statement(self) -> None:
        """What was stated is what the number answers: interval, median and name."""
        x = asymmetric(31_000, 35_000, 47_000, confidence=0.9, name="losses")

        assert x.interval(0.9) == pytest.approx((31_000, 47_000), rel=1e-15)
        assert (x.median(), x.name, x.method) == (35_000.0, "losses", "exact")

    def test_other_confidence(self) -> None:
        """The interval is the one of its own confidence."""
        x = asymmetric(-4, -1, 9, confidence=0.5)

        assert x.interval(0.5) == pytest.approx((-4, 9), rel=1e-15)
        assert x.cdf(-4) == pytest.approx(0.25, rel=1e-15)

    def test_equal_sides_are_normal(self) -> None:
        """With two equal sides it is the normal law."""
        x = asymmetric(30_000, 35_000, 40_000, confidence=0.9)
        normal = about(35_000, relative=1.0 / 7.0, confidence=0.9)

        assert x.same_law(normal)
        assert x.std() == pytest.approx(normal.std(), rel=1e-14)

    def test_mean_lies_on_the_longer_side(self) -> None:
        """The mean is off the median by the difference of the widths over the root of 2 pi."""
        x = asymmetric(31_000, 35_000, 47_000, confidence=0.9)
        difference = (12_000 - 4_000) / 1.6448536269514722

        assert x.mean() == pytest.approx(35_000 + difference / math.sqrt(2.0 * math.pi))

    @pytest.mark.parametrize(
        ("low", "mid", "high", "text"),
        [
            (35, 31, 47, "low is 35, mid is 31 and high is 47"),
            (31, 47.5, 47, "low is 31, mid is 47.5 and high is 47"),
            (31, 31, 47, "low is 31, mid is 31 and high is 47"),
            (31, 47, 47, "low is 31, mid is 47 and high is 47"),
        ],
    )
    def test_wrong_order(self, low: float, mid: float, high: float, text: str) -> None:
        """The three figures must rise."""
        with pytest.raises(ParameterError) as caught:
            asymmetric(low, mid, high, confidence=0.9)

        assert str(caught.value) == (
            f"{text}: expected low < mid < high. "
            f"Type for example asymmetric(31_000, 35_000, 47_000, confidence=0.9)."
        )

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_no_number(self, place: int) -> None:
        """Each figure must be finite, and is named where it is not."""
        figures = [31.0, 35.0, 47.0]
        figures[place] = math.nan
        with pytest.raises(ParameterError) as caught:
            asymmetric(*figures, confidence=0.9)

        assert str(caught.value) == (
            f"{('low', 'mid', 'high')[place]} is nan: expected a finite number. "
            f"Leave an unknown value out rather than marking it with nan or inf."
        )

    def test_no_confidence(self) -> None:
        """A confidence of 90 is refused, not read as per cent."""
        with pytest.raises(ParameterError) as caught:
            asymmetric(31, 35, 47, confidence=90)

        assert str(caught.value) == (
            "confidence is 90: expected a number inside (0, 1). "
            "Write 90 per cent as confidence=0.9."
        )
