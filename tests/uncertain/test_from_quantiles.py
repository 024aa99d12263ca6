import math

import numpy as np
import pytest

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import between, from_quantiles
from attrition.uncertain.interpolated import Tails
from tests.precise import P


class TestFromQuantiles:
    @pytest.mark.parametrize("family", ["normal", "lognormal"])
    def test_two_points_are_the_family(self, family: Tails) -> None:
        """Through two points goes exactly the law of the tails."""
        x = from_quantiles({0.05: 14_500, 0.95: 23_000}, tails=family)
        y = between(14_500, 23_000, confidence=0.9, family=family)
        p = np.array(P)

        assert x.same_law(y)
        assert x.ppf(p) == pytest.approx(y.ppf(p), rel=1e-13)
        assert x.mean() == pytest.approx(y.mean(), rel=1e-14)
        assert x.std() == pytest.approx(y.std(), rel=1e-13)
        assert x.pdf(17_000) == pytest.approx(y.pdf(17_000), rel=1e-12)

    def test_points_of_a_normal_law(self) -> None:
        """Through many points of a normal law goes that law."""
        y = between(-3, 5, confidence=0.9, family="normal")
        stated = {p: float(y.ppf(p)) for p in (0.01, 0.1, 0.35, 0.5, 0.9, 0.975)}

        x = from_quantiles(stated, tails="normal")
        assert x.ppf(P) == pytest.approx(y.ppf(P), rel=1e-12)

    def test_order_of_statement_does_not_matter(self) -> None:
        """Points are taken in the order of their probability."""
        x = from_quantiles({0.95: 23, 0.05: 14, 0.5: 17}, tails="normal", name="afghanistan")
        y = from_quantiles({0.05: 14, 0.5: 17, 0.95: 23}, tails="normal")

        assert x.same_law(y)
        assert (x.name, x.method) == ("afghanistan", "exact")

    @pytest.mark.parametrize("quantiles", [[(0.05, 1), (0.95, 2)], 17_000, "0.5: 3"])
    def test_no_mapping(self, quantiles: object) -> None:
        """Quantiles are stated as values by probability."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles(quantiles, tails="normal")  # type: ignore[arg-type]  # the point

        assert str(caught.value) == (
            f"quantiles is {quantiles!r}: expected values by probability. Type for example "
            f'from_quantiles({{0.05: 31_000, 0.5: 35_000, 0.95: 47_000}}, tails="normal").'
        )

    @pytest.mark.parametrize("quantiles", [{}, {0.5: 17_000}])
    def test_too_few(self, quantiles: dict[float, float]) -> None:
        """One quantile has no spread."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles(quantiles, tails="normal")

        assert str(caught.value) == (
            f"{len(quantiles)} quantiles were given: expected at least 2. Type for example "
            f'from_quantiles({{0.05: 31_000, 0.5: 35_000, 0.95: 47_000}}, tails="normal").'
        )

    @pytest.mark.parametrize(("p", "text"), [(0.0, "0"), (1, "1"), (95, "95"), (-0.05, "-0.05")])
    def test_no_probability(self, p: float, text: str) -> None:
        """A quantile has a probability inside (0, 1); per cent are not read as such."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles({0.5: 17_000, p: 23_000}, tails="normal")

        assert str(caught.value) == (
            f"the probability of a quantile is {text}: expected a number inside (0, 1). Write the "
            f"95 % quantile as 0.95; an end that cannot be passed is one of uniform or pert."
        )

    def test_no_number(self) -> None:
        """Probabilities and values must be numbers, and the message says which is none."""
        with pytest.raises(NumberError) as caught:
            from_quantiles({0.05: 3, "0.95": 4}, tails="normal")  # type: ignore[dict-item]  # so
        assert str(caught.value) == (
            "the probability of a quantile is '0.95', a str: expected a finite number. "
            "Type a number such as 35_000; a text is never read as one."
        )
        with pytest.raises(ParameterError) as refused:
            from_quantiles({0.05: 3, 0.95: math.inf}, tails="normal")
        assert str(refused.value) == (
            "the 0.95 quantile is inf: expected a finite number. "
            "Leave an unknown value out rather than marking it with nan or inf."
        )

    @pytest.mark.parametrize("tails", ["normal", "lognormal"])
    @pytest.mark.parametrize("value", [23_000, 20_000.5])
    def test_not_rising(self, value: float, tails: Tails) -> None:
        """Values must rise with the probability; the message names the first two that do not."""
        stated = {0.05: 14_500, 0.5: 23_000, 0.95: value, 0.99: 1}
        with pytest.raises(ParameterError) as caught:
            from_quantiles(stated, tails=tails)

        assert str(caught.value) == (
            f"the 0.5 quantile is 23000.0 and the 0.95 quantile is {float(value)!r}: expected "
            f"values that rise with the probability, by more than the spacing of floats. "
            f"Type for example "
            f'from_quantiles({{0.05: 31_000, 0.5: 35_000, 0.95: 47_000}}, tails="normal").'
        )

    def test_rising_by_less_than_floats_show(self) -> None:
        """Values whose logarithms are one and the same float are refused."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles(
                {0.1: 1, 0.2: 2, 0.25: 3, 0.3: 1e13, 0.4: 1e13 + 0.002}, tails="lognormal"
            )

        assert str(caught.value) == (
            "the 0.3 quantile is 10000000000000.0 and the 0.4 quantile is 10000000000000.002: "
            "expected values that rise with the probability, by more than the spacing of floats. "
            "Type for example "
            'from_quantiles({0.05: 31_000, 0.5: 35_000, 0.95: 47_000}, tails="normal").'
        )

    @pytest.mark.parametrize("value", [0, -3.5])
    def test_lognormal_is_positive(self, value: float) -> None:
        """Lognormal tails need values above zero."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles({0.05: value, 0.95: 4}, tails="lognormal")

        assert str(caught.value) == (
            f"a quantile is {value:g}: expected more than 0 with lognormal tails. "
            f'Type tails="normal" for a number that may be negative.'
        )

    def test_unknown_tails(self) -> None:
        """The tails are one of two."""
        with pytest.raises(ParameterError) as caught:
            from_quantiles({0.05: 3, 0.95: 4}, tails="flat")  # type: ignore[arg-type]  # the point

        assert str(caught.value) == (
            'tails is \'flat\': expected "normal" or "lognormal". '
            'Counts and ratios usually have tails="lognormal".'
        )

    def test_too_wide(self) -> None:
        """Quantiles that need more than the largest float are refused."""
        with pytest.raises(ParameterError, match="spread too small or too large for floats"):
            from_quantiles({0.49: 1, 0.51: 1e300}, tails="lognormal")
