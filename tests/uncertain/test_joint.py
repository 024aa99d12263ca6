"""Draws that somebody already has: weights against sums by hand, ties against the rows."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from attrition.errors import DependenceError, NumberError, ParameterError
from attrition.uncertain import Uncertain, draws, from_draws, from_joint_draws

Make = Callable[..., object]

VALUES = [31_000.0, 44_000.0, 35_000.0, 29_000.0]
WEIGHTS = [1.0, 4.0, 2.0, 3.0]


def _joint(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> dict[str, Uncertain]:
    return from_joint_draws({"values": values}, weights)


MAKES: list[Make] = [from_draws, _joint]


class TestFromDraws:
    def test_equal_mass_on_every_value(self) -> None:
        """Mean, spread and probabilities are those of the values."""
        x = from_draws(VALUES, name="claims")

        assert x.name == "claims"
        assert x.mean() == np.mean(VALUES)
        assert x.std() == pytest.approx(np.std(VALUES), rel=1e-14)
        assert (x.cdf(31_000), x.sf(31_000)) == (0.5, 0.5)
        assert x.ppf([0.2, 0.3, 0.6, 0.9]) == pytest.approx(sorted(VALUES))
        assert x.support() == (29_000.0, 44_000.0)

    def test_weights(self) -> None:
        """Weights are shares of their sum: mean and probabilities are weighted sums."""
        x = from_draws(VALUES, WEIGHTS)
        mean = sum(v * w for v, w in zip(VALUES, WEIGHTS, strict=True)) / 10.0
        second = sum(v * v * w for v, w in zip(VALUES, WEIGHTS, strict=True)) / 10.0

        assert x.mean() == pytest.approx(mean, rel=1e-14)
        assert x.var() == pytest.approx(second - mean**2, rel=1e-12)
        assert x.cdf([29_000, 31_000, 35_000]) == pytest.approx([0.3, 0.4, 0.6])

    @pytest.mark.parametrize("factor", [1e-300, 7.0, 1e307])
    def test_only_the_ratios_of_weights_matter(self, factor: float) -> None:
        """Weights of any size that floats can hold give the law of their ratios."""
        scaled = from_draws(VALUES, [factor * w for w in WEIGHTS])

        assert scaled.mean() == pytest.approx(from_draws(VALUES, WEIGHTS).mean(), rel=1e-14)

    def test_a_value_without_weight_cannot_be(self) -> None:
        """The support ends at what can occur."""
        assert from_draws(VALUES, [1, 0, 2, 3]).support() == (29_000.0, 35_000.0)

    def test_values_are_copied(self) -> None:
        """Whoever changes the array later does not change the number."""
        values, weights = np.array(VALUES), np.array(WEIGHTS)
        x = from_draws(values, weights)
        values[:] = 0.0
        weights[:] = 1.0

        assert x.mean() == 36_400.0


class TestFromJointDraws:
    def test_values_come_from_one_row(self) -> None:
        """Every joint draw is one of the rows that were given."""
        killed, wounded = [10.0, 12.0, 15.0, 11.0], [36.0, 30.0, 47.0, 21.0]
        tied = from_joint_draws({"killed": killed, "wounded": wounded})
        drawn = draws(tied["wounded"], tied["killed"], n=400, rng=20260101)

        assert list(tied) == ["killed", "wounded"]
        assert set(zip(*drawn, strict=True)) == set(zip(wounded, killed, strict=True))

    def test_functions_of_columns_are_exact(self) -> None:
        """A ratio of columns takes the ratios of the rows, with their weights."""
        tied = from_joint_draws({"a": [1.0, 2.0, 3.0], "b": [2.0, 8.0, 3.0]}, weights=[5, 3, 2])
        ratio = tied["a"] / tied["b"]

        assert ratio.method == "exact"
        assert ratio.mean() == pytest.approx(0.5 * 0.5 + 0.3 * 0.25 + 0.2 * 1.0)

    def test_rows_are_drawn_by_weight(self) -> None:
        """Weighted rows come as often as their weight says, within five standard errors."""
        tied = from_joint_draws({"row": np.arange(4.0)}, weights=WEIGHTS)
        n = 10_000
        for seed in range(20260101, 20260106):
            counts = np.bincount(tied["row"].rvs(n, rng=seed).astype(int), minlength=4)
            shares = np.array(WEIGHTS) / 10.0

            assert (np.abs(counts - n * shares) < 5.0 * np.sqrt(n * shares * (1 - shares))).all()

    def test_the_name_belongs_to_the_whole(self) -> None:
        """Columns have labels, not names; two wholes of one name are a contradiction."""
        columns = {"a": [1.0, 2.0], "b": [4.0, 3.0]}
        first, second = from_joint_draws(columns, name="mix"), from_joint_draws(columns, name="mix")

        assert (first["a"].name, repr(first["a"])) == (None, "Uncertain(column 'a')")
        assert first["a"].rvs(5, rng=20260101).tolist() == second["a"].rvs(5, rng=20260101).tolist()
        with pytest.raises(DependenceError, match="two different unknowns are both named 'mix'"):
            draws(first["a"], second["b"], n=3, rng=20260101)

    def test_no_columns(self) -> None:
        """There is nothing without columns."""
        with pytest.raises(ParameterError) as caught:
            from_joint_draws({})

        assert str(caught.value) == (
            "no columns were given: expected at least one. "
            'Type for example from_joint_draws({"killed": [...], "wounded": [...]}).'
        )

    def test_lengths_differ(self) -> None:
        """Columns of different lengths have no common rows."""
        with pytest.raises(ParameterError) as caught:
            from_joint_draws({"killed": [1, 2, 3], "wounded": [3, 4]})

        assert str(caught.value) == (
            "columns have lengths {'killed': 3, 'wounded': 2}: expected one length, as value i of "
            "each belongs together. Cut or draw them to the same length."
        )


@pytest.mark.parametrize("make", MAKES)
class TestRefusals:
    @pytest.mark.parametrize(
        ("values", "shape"),
        [(3.0, "()"), ([], "(0,)"), ([7], "(1,)"), ([[1, 2], [3, 4]], "(2, 2)")],
    )
    def test_shape(self, make: Make, values: object, shape: str) -> None:
        """One value is no distribution, and a table is not one number."""
        with pytest.raises(ParameterError) as caught:
            make(values)

        assert str(caught.value) == (
            f"values has shape {shape}: expected (n,) with at least 2 values. "
            f"A single known value is exactly(value)."
        )

    def test_not_finite(self, make: Make) -> None:
        """Values that are missing are counted and refused."""
        with pytest.raises(ParameterError) as caught:
            make([1.0, np.nan, 3.0, -np.inf, 5.0])

        assert str(caught.value) == (
            "values has 2 of 5 values that are nan or infinite: expected finite values. "
            "Drop them first, and say so."
        )

    def test_text(self, make: Make) -> None:
        """Texts are not read as numbers."""
        with pytest.raises(
            NumberError, match=r"^values holds values of type <U3: expected numbers"
        ):
            make(["1.5", "2.5"])
        with pytest.raises(NumberError, match=r"^weights holds values of type bool: expected num"):
            make([1.5, 2.5], [True, False])

    def test_weights_of_another_length(self, make: Make) -> None:
        """Every draw has one weight."""
        with pytest.raises(ParameterError) as caught:
            make([1, 2, 3], [0.5, 0.5])

        assert str(caught.value) == (
            "weights has shape (2,): expected (3,), one weight for each draw. "
            "Leave weights out where all draws are equally likely."
        )

    @pytest.mark.parametrize(
        ("weights", "count", "first"),
        [([1, -2, -3], 2, "-2"), ([1, 0, np.nan], 1, "nan"), ([np.inf, 1, -1], 2, "inf")],
    )
    def test_bad_weights(self, make: Make, weights: list[float], count: int, first: str) -> None:
        """Weights are finite and not negative; the first that is not is shown."""
        with pytest.raises(ParameterError) as caught:
            make([1, 2, 3], weights)

        assert str(caught.value) == (
            f"weights has {count} of 3 values that are negative, nan or infinite, the first of "
            f"them {first}: expected finite values from 0 on. "
            f"A draw that cannot be has the weight 0."
        )

    def test_no_weight_at_all(self, make: Make) -> None:
        """One draw at least must be possible."""
        with pytest.raises(ParameterError) as caught:
            make([1, 2, 3], [0, 0, 0])

        assert str(caught.value) == (
            "weights are all 0: expected at least one above 0. "
            "Leave weights out where all draws are equally likely."
        )
