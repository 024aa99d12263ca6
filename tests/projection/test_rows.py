import numpy as np
import pytest

from attrition._typing import Draws, FloatArray
from attrition.projection.rows import (
    add_up,
    added,
    columns_of,
    of_draws,
    own,
    stacked,
    width_of,
)


class TestAdded:
    @pytest.mark.parametrize("more", [0.0, 2.5, np.array([[1.0], [3.0]]), np.array([[4.0, 5.0]])])
    @pytest.mark.parametrize("width", [1, 2])
    def test_sums_of_any_width(self, more: FloatArray | float, width: int) -> None:
        """What all draws share and what differs by draw add up, whichever is the wider."""
        people = np.arange(2.0 * width).reshape(2, width)
        expected = people + more
        found = added(people, more)

        np.testing.assert_array_equal(found, expected)
        # In the place of the first wherever it has room.
        assert (found is people) == (found.shape == (2, width))


class TestWidthOf:
    def test_the_widest(self) -> None:
        """As many draws as the widest flow has, one of numbers alone."""
        wide, narrow = np.zeros((3, 7)), np.zeros((3, 1))

        assert width_of(narrow, wide, 0.0) == 7
        assert width_of(np.zeros(4), narrow) == 4
        assert (width_of(narrow), width_of(2.0)) == (1, 1)


class TestOfDraws:
    @pytest.mark.parametrize("places", [slice(1, 3), np.array([1, 2])])
    def test_some(self, places: slice) -> None:
        """Of what differs by draw some draws, what does not as it is."""
        rows, same = np.arange(8.0).reshape(2, 4), np.array([5.0])
        found = of_draws([rows, rows[0], same], places)

        assert [each.tolist() for each in found] == [[[1.0, 2.0], [5.0, 6.0]], [1.0, 2.0], [5.0]]


class TestColumnsOf:
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (2.0, [[2.0, 2.0], [2.0, 2.0]]),
            (np.array([[1.0], [3.0]]), [[1.0, 1.0], [3.0, 3.0]]),
            (np.arange(8.0).reshape(2, 4), [[3.0, 0.0], [7.0, 4.0]]),
        ],
    )
    def test_some(self, values: Draws | float, expected: list[list[float]]) -> None:
        """A number and a column stand for every draw."""
        assert columns_of(values, np.array([3, 0]), (2, 2)).tolist() == expected


class TestOwn:
    def test_a_new_array(self) -> None:
        """What is not of full shape is copied, and what is stays itself."""
        whole, column = np.ones((2, 3)), np.array([[1.0], [2.0]])
        found = own(column, (2, 3))
        found[0, 0] = 9.0

        assert own(whole, (2, 3)) is whole
        assert (found[0].tolist(), column[0, 0]) == ([9.0, 1.0, 1.0], 1.0)
        assert own(4.0, (1, 2)).tolist() == [[4.0, 4.0]]


class TestStacked:
    def test_any_width(self) -> None:
        """Numbers stand for every draw, and the result is new."""
        rows = [np.array([1.0]), np.array([2.0, 3.0])]
        found = stacked(rows)

        assert found.tolist() == [[1.0, 1.0], [2.0, 3.0]]
        assert stacked(rows[:1]).tolist() == [[1.0]]
        assert found.base is None


class TestAddUp:
    @pytest.mark.parametrize("draws", [1, 256, 257])
    @pytest.mark.parametrize("width", [1, None])
    def test_against_a_plain_loop(self, draws: int, width: int | None) -> None:
        """Strength is what came less what went, for few draws and for many."""
        rng = np.random.default_rng(20260101)
        arrivals, losses = rng.random((2, 5, width or draws))
        strength = np.empty((6, draws))
        strength[0] = start = rng.random(draws)
        add_up(strength, arrivals, 0.25, losses)

        for step in range(5):
            start = start + arrivals[step] + 0.25 - losses[step]
            np.testing.assert_allclose(strength[step + 1], start, rtol=1e-12)
