from collections.abc import Sequence
from datetime import date

import attrs
import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.accounts import Per, Period
from attrition.projection import Common, Process, Variation
from attrition.projection.calendar import Grid
from attrition.projection.covariance import joint_covariance
from attrition.projection.noise import cells_of, factors_of, shared_start
from attrition.uncertain.node import Apply, Node, Noise, evaluate, in_order, unknowns
from tests.projection.futures import MONTHLY, future, intake, losses


def arguments_of(node: Node) -> list[Noise]:
    """The normals that factors are made of, first its own and then common ones."""
    assert isinstance(node, Apply)
    return [noise for noise in node.arguments if isinstance(noise, Noise)]


def sharing(variation: Variation, loading: float, name: str = "front") -> Variation:
    """A variation with some of its shocks in common."""
    return attrs.evolve(variation, common=Common(name=name, loading=loading))


def nodes_of(processes: Sequence[Process], grid: Grid) -> list[Node]:
    """The factors of processes of one projection."""
    starts = [shared_start(process, processes, grid) for process in processes]
    pairs = zip(processes, starts, strict=True)
    return [factors_of(one, cells_of(one, grid, since))[0] for one, since in pairs]


def logarithms(nodes: Sequence[Node], n: int) -> FloatArray:
    """Draws of the logarithms of factors, all cells below each other."""
    rng = np.random.default_rng(20260101)
    noises = {one.uid: one.draw(rng, n) for one in unknowns(in_order(nodes))}
    return np.log(np.concatenate(evaluate(nodes, lambda one: noises[one.uid], n)))


class TestCommonShocks:
    """Shocks that several processes share."""

    GRID = Grid.spanning(date(2026, 2, 1), date(2026, 5, 1), Per.MONTH)
    PASSING = Variation.independent(0.2, Per.MONTH)
    LASTING = Variation(lasting_sd=0.3, persistence=0.6, passing_sd=0, per=Per.MONTH)

    def test_alone(self) -> None:
        """What one process moves has the law that it has without sharing."""
        (shared,) = nodes_of([losses(1, variation=sharing(MONTHLY, -0.8))], self.GRID)
        lag = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
        plain = 0.15**2 * 0.7**lag + 0.08**2 * np.eye(3)
        found = logarithms([shared], 200_000)

        np.testing.assert_allclose(joint_covariance([shared]), plain, rtol=1e-12)
        # As in the test of the covariance: four standard errors.
        np.testing.assert_allclose(np.cov(found), plain, atol=4 * 0.029 * np.sqrt(2 / 200_000))

    @pytest.mark.parametrize(("first", "second"), [(0.8, 0.5), (-1.0, 0.6), (1.0, 1.0), (0.0, 0.9)])
    def test_correlation(self, first: float, second: float) -> None:
        """Two loadings a and b make a correlation of a b in every cell, and none across cells."""
        processes: list[Process] = [
            losses(1, variation=sharing(self.PASSING, first)),
            intake(1, variation=sharing(self.PASSING, second)),
        ]
        found = joint_covariance(nodes_of(processes, self.GRID))
        variance = self.PASSING.passing_sd**2

        np.testing.assert_allclose(found[:3, 3:], first * second * variance * np.eye(3), atol=1e-17)
        np.testing.assert_allclose(found[:3, :3], variance * np.eye(3), atol=1e-17)

    def test_of_draws(self) -> None:
        """Of four processes the joint covariance is that of draws."""
        processes: list[Process] = [
            losses(1, variation=sharing(MONTHLY, 0.9), observed=Period.months(2025, 12, count=2)),
            intake(1, variation=sharing(self.LASTING, -0.7)),
            losses(2, variation=sharing(self.PASSING, 0.6), observed=Period.month(2026, 5)),
            losses(3, variation=sharing(MONTHLY, 0.9, "mud")),
            losses(4, variation=MONTHLY),
        ]
        nodes = nodes_of(processes, self.GRID)
        found = joint_covariance(nodes)

        # Variances up to .09: a covariance is known to .09 * sqrt(2 / 4e5); four of them.
        assert found.shape == (22, 22)
        np.testing.assert_allclose(
            np.cov(logarithms(nodes, 400_000)), found, atol=4 * 0.09 * np.sqrt(2 / 400_000)
        )

    def test_lasting_parts(self) -> None:
        """Two autoregressions with one source are correlated as their moving averages say."""
        slow = attrs.evolve(self.LASTING, persistence=0.9)
        processes: list[Process] = [
            losses(1, variation=sharing(self.LASTING, 0.5)),
            intake(1, variation=sharing(slow, 0.8)),
        ]
        found = joint_covariance(nodes_of(processes, self.GRID))[:3, 3:]

        # Begun together, and then fed by fresh shocks in proportion.
        fresh = np.sqrt((1 - 0.6**2) * (1 - 0.9**2))
        same = [1.0]
        for _ in range(2):
            same.append(0.6 * 0.9 * same[-1] + fresh)
        by_hand = [
            [0.6 ** max(a - b, 0) * 0.9 ** max(b - a, 0) * same[min(a, b)] for b in range(3)]
            for a in range(3)
        ]
        np.testing.assert_allclose(found, 0.5 * 0.8 * 0.3**2 * np.array(by_hand), rtol=1e-12)

    def test_one_process_twice(self) -> None:
        """The same factors twice are one unknown."""
        process = losses(1, variation=MONTHLY)
        found = joint_covariance(nodes_of([process, process], self.GRID))

        np.testing.assert_array_equal(found[:3, 3:], found[:3, :3])

    @pytest.mark.parametrize("per", Per)
    def test_cells_begin_together(self, per: Per) -> None:
        """Who shares shocks has cells from the earliest start on, others from their own."""
        early, late = Period.days(date(2025, 11, 5), 40), Period.days(date(2026, 1, 4), 9)
        clocked = attrs.evolve(MONTHLY, per=per)
        processes: list[Process] = [
            losses(1, variation=sharing(clocked, 0.5)),
            intake(1, variation=sharing(clocked, 0.4), observed=early),
            losses(2, variation=sharing(clocked, 0.5, "mud"), observed=late),
            losses(3, variation=clocked),
            losses(4),
        ]
        starts = [shared_start(process, processes, self.GRID) for process in processes]
        cells = [cells_of(p, self.GRID, s) for p, s in zip(processes, starts, strict=True)]

        assert starts == [early.start, early.start, late.start, None, None]
        assert [edges[0] for edges in cells] == [
            early.start,
            early.start,
            late.start,
            self.GRID.start,
            self.GRID.start,
        ]
        assert cells[0] == cells[1]

    def test_identity(self) -> None:
        """Shocks are the same unknown under one name, beside those of each process."""
        processes: list[Process] = [
            losses(1, variation=sharing(self.PASSING, 0.5)),
            intake(1, variation=sharing(self.LASTING, 0.4)),
            losses(2, variation=sharing(self.PASSING, 0.5, "mud")),
        ]
        nodes = nodes_of(processes, self.GRID)
        noises = [noise for node in nodes for noise in arguments_of(node)]

        assert [noise.size for noise in noises] == [3, 6, 3, 6, 3, 6]
        assert noises[1].uid == noises[3].uid != noises[5].uid
        assert len({noise.uid for noise in noises}) == 5
        assert [noise.key for noise in noises[1::2]] == [
            "common shocks of front",
            "common shocks of front",
            "common shocks of mud",
        ]

    def test_in_a_projection(self) -> None:
        """In a projection losses and recruits rise together, although one was observed before."""
        lost = losses(40_000, variation=sharing(self.PASSING, 0.9), observed=Period.month(2025, 12))
        joined = intake(35_000, variation=sharing(self.PASSING, -0.8))
        paths = future(lost=lost, joined=joined, until=date(2026, 5, 1)).paths(40_000, rng=20260101)
        noise = np.log(np.concatenate([paths.losses, paths.arrivals]))
        found = np.corrcoef(noise)[:3, 3:]

        # The losses have the noise of the observed month too, half of their variance.
        expected = -0.9 * 0.8 / np.sqrt(2) * np.eye(3)
        np.testing.assert_allclose(found, expected, atol=4 / np.sqrt(40_000))
