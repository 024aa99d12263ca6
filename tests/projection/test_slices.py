import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.projection.axes import gauss
from attrition.projection.slices import Nodes, Slices, nodes_along
from attrition.uncertain import about, between, share
from tests.projection.responses import axis

LOST = about(44_000, sd=2_700)
JOINED = between(31_000, 38_000, confidence=0.9, family="lognormal")
KEPT = share(0.4, 0.7, confidence=0.9)


AXES = [axis(LOST), axis(JOINED * KEPT, JOINED, KEPT), axis(-2.0 * LOST, LOST)]


def sliced(rows: list[FloatArray], aside: FloatArray | None = None) -> Slices:
    """Sums along the axes, and the same aside unless told."""
    nodes = nodes_along(AXES)
    sums = np.concatenate(rows)
    return Slices(nodes, sums, sums[nodes.three] if aside is None else aside)


def values_of(nodes: Nodes, place: int) -> FloatArray:
    """Those of one axis, shape (its nodes, 1)."""
    return np.asarray(nodes.values[nodes.axis == place, None])


class TestNodesAlong:
    NODES = nodes_along(AXES)

    def test_values(self) -> None:
        """One unknown lies at twelve scores, what is made of two at six values of its own."""
        scores, weights = gauss(12)

        assert np.bincount(self.NODES.axis).tolist() == [12, 6, 12]
        assert self.NODES.first.tolist() == [0, 12, 18]
        for place, factor in ((0, 1.0), (2, -2.0)):
            mine = self.NODES.axis == place
            np.testing.assert_allclose(
                self.NODES.values[mine], factor * (44_000 + 2_700 * scores), rtol=1e-12
            )
            np.testing.assert_allclose(self.NODES.scores[mine], scores)
            np.testing.assert_allclose(self.NODES.weights[mine], weights)
        several = self.NODES.axis == 1
        assert self.NODES.scores[several].tolist() == self.NODES.values[several].tolist()
        assert self.NODES.weights[several].sum() == pytest.approx(1.0)

    def test_three(self) -> None:
        """The least value, one between and the largest, whichever way the axis runs."""
        low, middle, high = self.NODES.values[self.NODES.three].T

        for place in range(3):
            values = values_of(self.NODES, place)
            assert (low[place], high[place]) == (values.min(), values.max())
        assert ((low < middle) & (middle < high)).all()

    def test_no_axes(self) -> None:
        """Without axes there is nothing."""
        nodes = nodes_along([])

        assert (nodes.values.size, nodes.first.size, nodes.three.shape) == (0, 0, (0, 3))
        assert Slices(nodes, np.ones((0, 2)), np.ones((0, 3, 2))).cumulants().shape == (4, 0, 2)


class TestCumulants:
    def test_of_a_lognormal(self) -> None:
        """Mean, variance, third moment and fourth cumulant of smooth functions of a score."""
        made = stats.lognorm(0.3, scale=5.0)
        scores = gauss(12)[0]
        rows = np.stack([5.0 * np.exp(0.3 * scores), 3.0 + 2.0 * scores], axis=1)
        found = sliced([rows, np.full((6, 2), 7.0), rows[:, ::-1]]).cumulants()
        mean, var, skew, excess = (float(m) for m in made.stats("mvsk"))

        expected = [mean, var, skew * var**1.5, excess * var**2]
        for place, column in ((0, 0), (2, 1)):
            assert found[:, place, column] == pytest.approx(expected, rel=1e-9)
            assert found[:, place, 1 - column] == pytest.approx([3.0, 4.0, 0.0, 0.0], abs=1e-9)
        assert found[:, 1, 0] == pytest.approx([7.0, 0.0, 0.0, 0.0], abs=1e-12)

    def test_of_a_coin(self) -> None:
        """A law of two values has the moments of a coin."""
        whole, places = np.arange(2), np.array([0.0, 1.0])
        weights, three = np.array([0.3, 0.7]), whole[None, [0, 1, 1]]
        nodes = Nodes(0 * whole, places, places, weights, whole[:1], three)
        found = Slices(nodes, np.array([[1.0], [5.0]]), np.zeros((1, 3, 1))).cumulants()
        mean, var, skew, excess = (float(m) for m in stats.bernoulli(0.7).stats("mvsk"))

        expected = [1.0 + 4.0 * mean, 16 * var, skew * (16 * var) ** 1.5, excess * (16 * var) ** 2]
        assert found[:, 0, 0] == pytest.approx(expected, rel=1e-12)


class TestAreLines:
    NODES = nodes_along(AXES)

    def rows(self, bent: int | None = None) -> list[FloatArray]:
        """Two sums that are linear in every axis, but one sum in one of them."""
        rows = [5.0 + values_of(self.NODES, place) * [-1.0, 2.0] for place in range(3)]
        if bent is not None:
            rows[bent][1, 1] += 1e-3
        return rows

    @pytest.mark.parametrize("bent", [0, 1, 2])
    def test_which(self, bent: int) -> None:
        """A point beside the line is seen where it is, and nowhere else."""
        found = sliced(self.rows(bent)).are_lines(self.NODES.values, 1e-6)

        assert found.tolist() == [place != bent for place in range(3)]
        assert sliced(self.rows(bent)).are_lines(self.NODES.values, 2e-3).all()

    @pytest.mark.parametrize("bent", [0, 1, 2])
    def test_aside(self, bent: int) -> None:
        """So is one with the others elsewhere, where the sums are other lines."""
        aside = -3.0 * sliced(self.rows()).aside + 1.0
        aside[bent, 1, 0] += 1e-3
        found = sliced(self.rows(), aside).are_lines(self.NODES.values, 1e-6)

        assert found.tolist() == [place != bent for place in range(3)]

    def test_in_the_score(self) -> None:
        """What is linear in a normal is in its score, what is linear in its square is not."""
        square = [values**2 for values in (values_of(self.NODES, place) for place in range(3))]

        assert sliced(self.rows()).are_lines(self.NODES.scores, 1e-6).all()
        assert sliced(square).are_lines(self.NODES.values**2, 1e-3).all()
        assert not sliced(square).are_lines(self.NODES.scores, 1e-3).any()

    def test_one_value(self) -> None:
        """Where all places are one there is no line."""
        over = self.NODES.values.copy()
        over[self.NODES.axis == 1] = 3.0

        assert sliced(self.rows()).are_lines(over, 1e-6).tolist() == [True, False, True]
