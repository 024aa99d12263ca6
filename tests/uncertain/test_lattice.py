import math

import numpy as np
import pytest

from attrition.uncertain.families import Normal
from attrition.uncertain.lattice import (
    FEWER,
    LEAST,
    POINTS,
    SHIFTS,
    VECTOR,
    VECTORS,
    block,
    column,
    columns,
)
from attrition.uncertain.node import Leaf, Unknown
from attrition.uncertain.stream import DEFAULT_SEED, generator, streams
from tests.bench.make_lattice import generating_vector, is_prime


def _named(count: int) -> list[Unknown]:
    """Unknowns whose streams are in the order of their names."""
    return [Leaf(Normal(0.0, 1.0), f"x{i:03d}") for i in range(count)]


def _dealt(count: int) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """The columns of some unknowns in order of stream."""
    found = _named(count)
    dealt = columns(found, streams(found))
    return [dealt[unknown.uid] for unknown in found]


class TestVector:
    def test_made_by_its_script(self) -> None:
        """The first components are what the construction in tests/bench gives."""
        assert tuple(generating_vector(POINTS, 5)) == VECTOR[:5]
        assert tuple(generating_vector(FEWER, 64)) == VECTORS[FEWER]
        assert tuple(generating_vector(LEAST, 64)) == VECTORS[LEAST]

    @pytest.mark.parametrize("points", [POINTS, FEWER, LEAST])
    def test_components_differ(self, points: int) -> None:
        """No two columns are the same, nor mirror images of each other."""
        vector = VECTORS[points]

        assert is_prime(points)
        assert len(vector) == 64
        assert len(set(vector)) == 64
        assert all(1 <= z <= (points - 1) // 2 for z in vector)


class TestColumn:
    def test_columns_are_dealt_from_it(self) -> None:
        """The columns of unknowns are those of the lattice, one after another."""
        found = _named(3)
        dealt = columns(found, streams(found), points=FEWER)

        for place, unknown in enumerate(found):
            expected = column(place, f"name:x00{place}", points=FEWER)
            assert dealt[unknown.uid].tolist() == expected.tolist()
            assert expected.shape == (SHIFTS * FEWER,)

    def test_the_stream_decides_the_shifts(self) -> None:
        """Another stream moves the same column by other shifts, the place takes another column."""
        one, other = (column(2, stream, points=FEWER) for stream in "ab")

        assert not np.array_equal(one, other)
        assert not np.array_equal(one, column(3, "a", points=FEWER))

    def test_fewer_points_are_even(self) -> None:
        """The mean of a smooth product of columns is found far better than by random points."""
        product = math.prod(
            1.0 + (column(i, f"c{i}", points=FEWER) - 0.5) / (i + 1) for i in range(4)
        )
        n = SHIFTS * FEWER

        assert abs(np.mean(product) - 1.0) < 0.01 * np.std(product) / math.sqrt(n)

    def test_beyond_the_vector(self) -> None:
        """Beyond the vector a column is plain random numbers, in each size of the lattice."""
        expected = generator(DEFAULT_SEED, "c", 0).random((SHIFTS, FEWER)).ravel()

        assert column(64, "c", points=FEWER).tolist() == expected.tolist()


class TestBlock:
    def test_columns_next_to_each_other(self) -> None:
        """Row i is column first + i of the lattice, with shifts of its own from the one stream."""
        rows = block(60, 6, "a", points=FEWER)
        rng = generator(DEFAULT_SEED, "a", 0)
        shifts = rng.random((4, SHIFTS, 1))
        steps = np.multiply.outer(VECTORS[FEWER][60:], np.arange(FEWER)) / FEWER
        folded = np.arccos(np.cos(2.0 * np.pi * (steps[:, None] + shifts))) / np.pi

        assert rows.shape == (6, SHIFTS * FEWER)
        np.testing.assert_allclose(rows[:4].reshape(4, SHIFTS, FEWER), folded, atol=1e-7)
        # Beyond the vector they are plain random numbers.
        assert rows[4:].tolist() == rng.random((2, SHIFTS * FEWER)).tolist()


class TestColumns:
    def test_each_copy_is_a_shifted_lattice(self) -> None:
        """Within a copy each column takes every whole multiple of 1 / N once, moved by a shift."""
        for dealt in _dealt(3):
            for copy in dealt.reshape(SHIFTS, POINTS):
                steps = np.sort(copy * POINTS % 1.0)

                assert np.ptp(np.exp(2j * np.pi * steps)) < 1e-6
                assert np.sort(np.floor(copy * POINTS)).tolist() == list(range(POINTS))

    def test_columns_are_folded_and_shifted(self) -> None:
        """Point i of a copy is i times its component of the vector, shifted, wrapped, folded."""
        for place, dealt in enumerate(_dealt(4)):
            shifts = generator(DEFAULT_SEED, f"name:x00{place}", 0).random((SHIFTS, 1))
            turns = shifts + np.arange(POINTS) * VECTOR[place] / POINTS
            folded = np.arccos(np.cos(2.0 * np.pi * turns)) / np.pi

            assert dealt.reshape(SHIFTS, POINTS) == pytest.approx(folded, abs=1e-6)

    def test_copies_differ(self) -> None:
        """Every copy and every column has a shift of its own."""
        shifts = [column.reshape(SHIFTS, POINTS)[:, 0] for column in _dealt(3)]

        assert len({round(shift, 12) for shift in np.ravel(shifts)}) == 3 * SHIFTS

    def test_in_order_of_stream(self) -> None:
        """The order in which unknowns are met does not matter."""
        found = _named(5)
        stream_of = streams(found)
        forward, backward = columns(found, stream_of), columns(found[::-1], stream_of)

        assert all(np.array_equal(forward[u.uid], backward[u.uid]) for u in found)

    def test_pairs_fill_the_square(self) -> None:
        """Any two of the first columns fill the square evenly: no quarter is short of points."""
        dealt = _dealt(8)
        for i in range(8):
            for j in range(i):
                first, second = dealt[i][:POINTS], dealt[j][:POINTS]
                corner = np.mean((first < 0.5) & (second < 0.5))

                assert corner == pytest.approx(0.25, abs=0.02)

    def test_beyond_the_vector(self) -> None:
        """More unknowns than components get plain random numbers, each its own."""
        dealt = _dealt(67)
        first, second = dealt[64], dealt[65]
        expected = generator(DEFAULT_SEED, "name:x064", 0).random((SHIFTS, POINTS)).ravel()

        assert first.tolist() == expected.tolist()
        assert abs(np.corrcoef(first, second)[0, 1]) < 5.0 / math.sqrt(first.size)

    def test_inside_the_open_interval(self) -> None:
        """No point is 0 or 1, where quantiles may be infinite."""
        for dealt in _dealt(66):
            assert dealt.min() > 0.0
            assert dealt.max() < 1.0
