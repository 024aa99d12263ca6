import math
from collections.abc import Mapping

import numpy as np
import pytest

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import draws, from_draws, from_joint_draws
from tests.accounts.records import unchecked

ROWS = {"killed": [10.0, 12.0, 15.0, 20.0], "wounded": [30.0, 35.0, 40.0, 70.0]}


class TestFromDraws:
    def test_values_of_any_kind(self) -> None:
        """Lists and arrays of numbers are draws, whatever their type, and are not touched."""
        values = np.array([44_000, 31_000, 35_000])
        x = from_draws(values)

        assert values.tolist() == [44_000, 31_000, 35_000]
        assert x.median() == 35_000.0
        assert x.support() == (31_000.0, 44_000.0)
        assert x.mean() == pytest.approx(110_000 / 3)
        assert x.same_law(from_draws([31_000.0, 35_000, 44_000]))

    def test_each_is_its_own_unknown(self) -> None:
        """The same draws twice are two independent numbers; a name is kept."""
        x, y = from_draws([1.0, 2.0]), from_draws([1.0, 2.0], name="b")

        assert (x - y).std() == pytest.approx(math.sqrt(0.5), rel=1e-3)
        assert y.name == "b"

    def test_weights(self) -> None:
        """A weight says how likely a value is beside the others."""
        x = from_draws([1.0, 2.0, 6.0], weights=[3, 0, 1])

        assert x.mean() == 2.25
        assert x.ppf([0.7, 0.8]) == pytest.approx([1.0, 6.0])

    @pytest.mark.parametrize(
        ("values", "shape"),
        [([3.0], "(1,)"), ([], "(0,)"), (3.0, "()"), ([[1.0, 2.0], [3.0, 4.0]], "(2, 2)")],
    )
    def test_too_few_or_too_many_sides(self, values: object, shape: str) -> None:
        """Draws are a row of at least two values."""
        with pytest.raises(ParameterError) as caught:
            unchecked(from_draws)(values)
        assert str(caught.value) == (
            f"values has shape {shape}: expected (n,) with at least 2 values. "
            "A single known value is exactly(value)."
        )

    def test_what_is_not_finite(self) -> None:
        """Values that are missing or infinite are counted and refused."""
        with pytest.raises(ParameterError) as caught:
            from_draws([1.0, math.nan, 3.0, -math.inf])
        assert str(caught.value) == (
            "values has 2 of 4 values that are nan or infinite: expected finite values. "
            "Drop them first, and say so."
        )

    def test_what_is_no_number(self) -> None:
        """Texts and bools are no draws."""
        for values, kind in ((["a", "b"], "<U1"), ([True, False], "bool")):
            with pytest.raises(NumberError) as caught:
                unchecked(from_draws)(values)
            assert str(caught.value) == (
                f"values holds values of type {kind}: expected numbers in rows of equal length. "
                "Type numbers such as 0.9 or [0.1, 0.9]; a text is never read as one."
            )

    @pytest.mark.parametrize(
        "make", [from_draws, lambda v, name: from_joint_draws({"a": v}, name=name)]
    )
    def test_a_name_is_a_text(self, make: object) -> None:
        """A name is a text that is not empty."""
        assert callable(make)
        with pytest.raises(ParameterError, match=r"^name is '': expected a text"):
            make([1.0, 2.0], name="")


class TestFromJointDraws:
    def test_columns_are_tied(self) -> None:
        """Value i of each column comes from one world."""
        tied = from_joint_draws(ROWS)
        killed, wounded = draws(tied["killed"], tied["wounded"], n=500, rng=20260101)
        rows = set(zip(ROWS["killed"], ROWS["wounded"], strict=True))

        assert list(tied) == ["killed", "wounded"]
        assert set(zip(killed.tolist(), wounded.tolist(), strict=True)) == rows
        assert (tied["killed"] + tied["wounded"]).mean() == 232.0 / 4.0

    def test_each_column_has_its_law(self) -> None:
        """A column alone has the law of its values."""
        tied = from_joint_draws(ROWS)

        assert tied["wounded"].same_law(from_draws(ROWS["wounded"]))
        assert tied["killed"].support() == (10.0, 20.0)
        assert tied["killed"] != tied["wounded"]

    def test_two_joints_are_independent(self) -> None:
        """The same columns stated twice are independent; a name decides the stream."""
        one, two = from_joint_draws(ROWS), from_joint_draws(ROWS)
        named, same = from_joint_draws(ROWS, name="mix"), from_joint_draws(ROWS, name="mix")
        killed = np.array(ROWS["killed"])

        difference = one["killed"] - two["killed"]
        assert difference.var() == pytest.approx(2.0 * killed.var(), rel=1e-3)
        assert named["killed"].rvs(9, rng=7).tolist() == same["killed"].rvs(9, rng=7).tolist()

    def test_weights(self) -> None:
        """A weight says how likely a row is beside the others, in every column."""
        tied = from_joint_draws(ROWS, weights=[1, 1, 0, 2])

        assert tied["killed"].mean() == (10.0 + 12.0 + 40.0) / 4.0
        assert (tied["wounded"] - tied["killed"]).mean() == (20.0 + 23.0 + 100.0) / 4.0
        killed, wounded = draws(tied["killed"], tied["wounded"], n=4_000, rng=20260101)
        assert 15.0 not in killed
        assert float(np.mean(wounded == 70.0)) == pytest.approx(0.5, abs=0.05)

    def test_no_column(self) -> None:
        """Without a column there is nothing to tie."""
        with pytest.raises(ParameterError) as caught:
            from_joint_draws({})
        assert str(caught.value) == (
            "no columns were given: expected at least one. "
            'Type for example from_joint_draws({"killed": [...], "wounded": [...]}).'
        )

    @pytest.mark.parametrize(
        ("columns", "text"),
        [
            (
                {"a": [1.0, 2.0], "b": [1.0, 2.0, 3.0]},
                "columns have lengths {'a': 2, 'b': 3}: expected one length, as value i of each "
                "belongs together. Cut or draw them to the same length.",
            ),
            (
                {"a": [1.0, 2.0], "b": [1.0]},
                "b has shape (1,): expected (n,) with at least 2 values. "
                "A single known value is exactly(value).",
            ),
            (
                {"a": [1.0, math.inf], "b": [1.0, 2.0]},
                "a has 1 of 2 values that are nan or infinite: expected finite values. "
                "Drop them first, and say so.",
            ),
        ],
    )
    def test_columns_that_do_not_fit(self, columns: Mapping[str, list[float]], text: str) -> None:
        """Columns have one length, two values or more and none missing; the message names it."""
        with pytest.raises(ParameterError) as caught:
            from_joint_draws(columns)
        assert str(caught.value) == text


class TestWeights:
    @pytest.mark.parametrize(
        ("weights", "text"),
        [
            (
                [1.0, 2.0],
                "weights has shape (2,): expected (3,), one weight for each draw. "
                "Leave weights out where all draws are equally likely.",
            ),
            (
                [1.0, -2.0, math.nan],
                "weights has 2 of 3 values that are negative, nan or infinite, the first of them "
                "-2: expected finite values from 0 on. A draw that cannot be has the weight 0.",
            ),
            (
                [0, 0, 0],
                "weights are all 0: expected at least one above 0. "
                "Leave weights out where all draws are equally likely.",
            ),
        ],
    )
    def test_what_are_none(self, weights: list[float], text: str) -> None:
        """Weights are as many as the draws, from 0 on and not all 0."""
        for make in (
            lambda: from_draws([1.0, 2.0, 3.0], weights),
            lambda: from_joint_draws({"a": [1.0, 2.0, 3.0]}, weights),
        ):
            with pytest.raises(ParameterError) as caught:
                make()
            assert str(caught.value) == text

    def test_sizes_do_not_matter(self) -> None:
        """Only the ratios of weights count, however large or small."""
        for factor in (1e-300, 1.0, 1e300):
            x = from_draws([1.0, 2.0, 6.0], np.array([3.0, 2.0, 1.0]) * factor)

            assert x.mean() == pytest.approx(13.0 / 6.0)
