from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.errors import ParameterError
from attrition.projection import Projection
from attrition.projection.engine import KEPT
from attrition.projection.folded import Cells, Fold, Folded
from attrition.projection.simulated import Simulated
from attrition.uncertain import about
from attrition.uncertain.evaluate import draw_nodes
from attrition.uncertain.sampled import quantiles_of
from tests.projection.futures import MONTHLY, future, intake, losses

BLOCK = 16_384
N = 12 * BLOCK
Q = np.array([1e-4, 0.01, 0.05, 0.3, 0.5, 0.75, 0.95, 0.99, 1 - 1e-4])
RNG = np.random.default_rng(20260101)


def folded(draws: FloatArray) -> Cells:
    """Draws folded block by block."""
    fold = Fold(draws[:BLOCK])
    for first in range(0, draws.size, BLOCK):
        fold.add(draws[first : first + BLOCK])
    return fold.cells()


def all_of(cells: Cells, q: FloatArray = Q) -> FloatArray:
    """Quantiles of all copies together."""
    return cells.quantiles(cells.counts.sum(axis=0), q)


SMOOTH = {
    "normal": RNG.normal(7e5, 4e4, N),
    "skewed": np.exp(RNG.normal(10.0, 1.0, N)),
    "heavy": RNG.standard_t(2, N),
    "two narrow hills": RNG.normal(RNG.integers(0, 2, N) * 1e5, 3.0),
}

LUMPY = {
    "whole numbers": RNG.poisson(9.0, N).astype(np.float64),
    "many whole numbers": np.rint(RNG.normal(7e5, 150.0, N)),
    "zero and more": np.maximum(RNG.normal(1.0, 1.0, N), 0.0),
    "one value": np.full(N, 703_000.0),
    "two values": np.where(RNG.random(N) < 0.3, 3.0, np.pi),
    "some infinite": np.where(RNG.random(N) < 0.02, np.inf, RNG.normal(size=N)),
    "all infinite": np.full(N, np.inf),
}


class TestFold:
    @pytest.mark.parametrize("name", SMOOTH)
    def test_smooth_laws(self, name: str) -> None:
        """Quantiles are those of the sorted draws to a tenth of their own standard error."""
        draws = SMOOTH[name]
        # In ranks, so that it holds for every law. The median of two hills is in the gap between
        # them, where one cell holds what is at either side: that is a 4,096th of the draws.
        off = np.searchsorted(np.sort(draws), all_of(folded(draws))) / N - Q
        gap = (Q == 0.5) / 4_096 if name == "two narrow hills" else 0.0

        assert (np.abs(off) < 0.1 * np.sqrt(Q * (1 - Q) / N) + 1 / N + gap).all()

    @pytest.mark.parametrize("name", SMOOTH | LUMPY)
    def test_probabilities(self, name: str) -> None:
        """At quantiles of the draws, and just below, probabilities are the counted ones."""
        draws = (SMOOTH | LUMPY)[name]
        cells = folded(draws)
        places = np.quantile(draws, Q[1:-1], method="inverted_cdf")
        for x in (places, np.nextafter(places, -np.inf)):
            expected = np.mean(draws <= x[:, None], axis=1)
            # A value that one of 4,096 draws has may be taken for its neighbours.
            np.testing.assert_allclose(cells.upto(x).mean(axis=0), expected, atol=5e-4)

    @pytest.mark.parametrize("name", ["whole numbers", "one value", "two values"])
    def test_single_values(self, name: str) -> None:
        """Where all draws lie on a few values, quantiles are exactly those of the draws."""
        draws = LUMPY[name]
        cells = folded(draws)

        np.testing.assert_array_equal(all_of(cells, Q[1:-1]), quantiles_of(draws, Q[1:-1]))
        assert cells.moments() == pytest.approx((draws.mean(), draws.var()), rel=1e-3, abs=1e-9)

    def test_what_is_cut(self) -> None:
        """The mass on zero is exact, and so are quantiles inside it."""
        draws = LUMPY["zero and more"]
        cells = folded(draws)
        zero = np.mean(draws == 0.0)

        assert cells.upto(np.zeros(1)).mean() == pytest.approx(zero, abs=1e-12)
        assert all_of(cells, np.array([0.01, 0.9 * zero])).tolist() == [0.0, 0.0]

    def test_infinite(self) -> None:
        """What is infinite is counted, and is the answer where it begins."""
        cells = folded(LUMPY["some infinite"])

        assert cells.upto(np.array([1e300])).mean() == pytest.approx(0.98, abs=0.002)
        assert all_of(cells, np.array([0.99])).tolist() == [np.inf]
        assert all_of(folded(LUMPY["all infinite"]), Q[:2]).tolist() == [np.inf, np.inf]

    def test_moments(self) -> None:
        """Of draws in even cells, mean and variance are a fifth of a standard error off at most."""
        draws = SMOOTH["normal"]
        mean, var = folded(draws).moments()

        assert mean == pytest.approx(draws.mean(), abs=0.2 * draws.std() / np.sqrt(N))
        assert var == pytest.approx(draws.var(), rel=0.2 * np.sqrt(2 / N))

    def test_copies(self) -> None:
        """Each copy has an eighth of every block, also of the last one, which is short."""
        draws = RNG.normal(size=BLOCK + 800)
        cells = folded(draws)
        eighths = [
            np.concatenate([draws[i * 2_048 :][:2_048], draws[BLOCK + i * 100 :][:100]])
            for i in range(8)
        ]

        assert cells.counts.sum(axis=1).tolist() == [2_148] * 8
        for copy, own in zip(cells.counts, eighths, strict=True):
            # Ranks of one draw in a cell, of which each holds one or two.
            gap = np.abs(np.searchsorted(np.sort(own), cells.quantiles(copy, Q[1:-1])) / 2_148)
            np.testing.assert_allclose(gap, Q[1:-1], atol=5 / 2_148)

    def test_no_value(self) -> None:
        """A draw that has no value is refused."""
        draws = SMOOTH["normal"].copy()
        draws[-3] = np.nan
        with pytest.raises(ParameterError, match=r"of the draws have no value, from 0 / 0"):
            folded(draws)


class TestFolded:
    START, LOST = about(712_000, sd=20_000), losses(about(44_000, sd=2_500), variation=MONTHLY)

    def year(self, draws: int) -> Projection:
        """A year with noise."""
        return future(self.START, self.LOST, intake(), draws=draws)

    def test_against_kept_draws(self) -> None:
        """More draws than are kept agree with draws that are, folded or not, in every answer."""
        draws = KEPT + 8
        year = self.year(draws)
        fan = year._fan
        assert isinstance(fan, Folded)
        (strength,) = draw_nodes([year._future.strength], draws, seed=year._future.drawn.seed)
        kept = Simulated(fan.response, strength)
        q = Q[1:-1]
        x = kept.quantiles(q)
        sd = np.sqrt(kept.moments()[1])

        assert (fan.method, fan.draws, year.provenance.draws) == ("draws", draws, draws)
        tenth = 0.1 * np.sqrt(q * (1 - q) / draws) + 1 / draws
        assert (np.abs(fan.chance(x) - q) < tenth).all()
        np.testing.assert_allclose(fan.quantiles(q), x, atol=0.002 * sd.max())
        np.testing.assert_allclose(fan.moments()[0], kept.moments()[0], rtol=1e-6)
        np.testing.assert_allclose(fan.moments()[1], kept.moments()[1], rtol=1e-4)
        # Copies are other eighths, so their disagreement is another draw of the same spread.
        ratio = fan.quantile_errors(q).mean() / kept.quantile_errors(q).mean()
        assert 0.6 < ratio < 1.6
        ratio = fan.uncut_errors(x).mean() / kept.uncut_errors(x).mean()
        assert 0.6 < ratio < 1.6

    def test_more_draws_of_the_same_blocks(self) -> None:
        """So many draws more or fewer leave the cells where they are."""
        few, more = (self.year(n)._fan for n in (KEPT + 8, KEPT + BLOCK))
        assert isinstance(few, Folded)
        assert isinstance(more, Folded)
        one, other = few.cells[3], more.cells[3]

        assert np.isin(one.high, other.high).all()
        shared = np.isin(other.high, one.high)
        assert (one.counts.sum(axis=0) <= other.counts[:, shared].sum(axis=0)).all()

    def test_whoever_computes(self) -> None:
        """Threads fold to the same numbers, and what was cancelled to those of fewer draws."""
        draws, told = KEPT + BLOCK, list[int]()
        with ThreadPoolExecutor(2) as executor:
            threads = future(self.START, self.LOST, intake(), draws=draws, executor=executor)
        cut = future(
            self.START,
            self.LOST,
            intake(),
            draws=draws,
            progress=lambda done, _: told.append(done),
            cancel=lambda: len(told) >= 2,
        )
        serial, short = self.year(draws), self.year(2 * BLOCK)

        np.testing.assert_array_equal(threads.quantiles(Q), serial.quantiles(Q))
        np.testing.assert_array_equal(threads.standard_errors(Q), serial.standard_errors(Q))
        assert cut.provenance.draws == 2 * BLOCK
        sd = np.diff(short.interval(0.68)).max() / 2
        np.testing.assert_allclose(cut.quantiles(Q[1:-1]), short.quantiles(Q[1:-1]), atol=0.01 * sd)
