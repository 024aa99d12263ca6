import numpy as np
import pytest
from scipy import special, stats

from attrition._typing import FloatArray
from attrition.evidence.conditioning import condition
from attrition.evidence.importance import (
    Proposal,
    adapted,
    effective_size,
    points_of,
    relative,
)
from attrition.uncertain.lattice import POINTS, SHIFTS, VECTOR

SEEDS = range(20260101, 20260106)


def lattice(size: int, seed: int = 20260101) -> FloatArray:
    """Normal scores of shifted copies, shape (size, points)."""
    rng = np.random.default_rng(seed)
    base = np.arange(POINTS) * np.array(VECTOR[:size])[:, None] / POINTS
    copies = [(base + rng.random((size, 1))) % 1.0 for _ in range(SHIFTS)]
    return np.asarray(special.ndtri(np.concatenate(copies, axis=1)), dtype=np.float64)


class TestProposal:
    def test_density(self) -> None:
        """It is the normal density but for the power of 2 pi."""
        factor = np.array([[2.0, 0.0], [-1.0, 0.5]])
        proposal = Proposal(np.array([1.0, -3.0]), factor)
        z = np.random.default_rng(20260101).standard_normal((2, 7))
        law = stats.multivariate_normal([1.0, -3.0], factor @ factor.T)

        assert proposal.log_density(z) == pytest.approx(law.logpdf(z.T) + np.log(2 * np.pi))
        assert proposal.at(np.zeros((2, 1))).ravel().tolist() == [1.0, -3.0]


class TestEffectiveSize:
    def test_equal_weights(self) -> None:
        """Equal weights are worth as many draws, whatever their size."""
        assert effective_size(np.full(7, 0.3)) == pytest.approx(7.0)
        assert effective_size(np.array([1.0, 2.0, 3.0])) == pytest.approx(36 / 14)


class TestAdapted:
    @pytest.mark.parametrize("noise", [1.0, 1e-2, 1e-4])
    @pytest.mark.parametrize("seed", SEEDS)
    def test_it_finds_a_normal_posterior(self, seed: int, noise: float) -> None:
        """The centre is the posterior mean and the spread a little wider, however tight it is."""
        rng = np.random.default_rng(seed)
        A, y = rng.standard_normal((2, 3)), rng.standard_normal(2)
        given = condition(np.concatenate([A, noise * np.eye(2)], axis=1), -y)
        found = adapted(
            lambda z: -0.5 * np.square((A @ z - y[:, None]) / noise).sum(axis=0),
            lattice(3)[:, :POINTS],
        )
        assert found is not None
        covariance = given.free[:3] @ given.free[:3].T
        sd = np.sqrt(np.diag(covariance))

        # Moments of 4,093 even points: a hundredth of a standard deviation is ample.
        assert found.centre == pytest.approx(given.mean[:3], abs=0.02 * sd.max())
        ratio = np.diag(found.factor @ found.factor.T) / np.diag(covariance)
        assert (ratio > 1.1).all()
        assert (ratio < 1.35).all()

    def test_far_bounds(self) -> None:
        """Where no point of the prior is possible, points further out are looked at."""
        found = adapted(lambda z: np.where(z[0] > 6.0, 0.0, -np.inf), lattice(1)[:, :POINTS])

        assert found is not None
        # The mean of a standard normal beyond 6, from its hazard there.
        assert found.centre[0] == pytest.approx(stats.norm.pdf(6) / stats.norm.sf(6), rel=0.02)

    def test_impossible(self) -> None:
        """There is no proposal where nothing is possible."""
        assert adapted(lambda z: np.full(z.shape[1], -np.inf), lattice(2)[:, :POINTS]) is None

    def test_nothing_unknown(self) -> None:
        """Claims may settle everything."""
        found = adapted(lambda z: np.zeros(z.shape[1]), np.zeros((0, 5)))

        assert found is not None
        assert found.factor.shape == (0, 0)

    def test_it_takes_a_bounded_number_of_steps(self) -> None:
        """A likelihood out of reach of floats ends with what was reached."""
        calls = []

        def spikes(z: FloatArray) -> FloatArray:
            calls.append(z.shape)
            return np.asarray(-1e200 * np.square(z[0]))

        assert adapted(spikes, lattice(1)[:, :POINTS]) is not None
        assert len(calls) == 61


class TestPointsOf:
    def test_two_modes(self) -> None:
        """What the proposal overlooks, the prior finds: here a second mode."""

        def log_l(z: FloatArray) -> FloatArray:
            return np.asarray(
                np.logaddexp(*(-0.5 * np.square((z[0] - m) / 0.5) for m in (-1.5, 1.5)))
            )

        z, raised = points_of(lattice(1), Proposal(np.array([1.2]), np.array([[0.6]])))
        weights = relative(raised + log_l(z))
        share = weights / weights.sum()

        assert share[z[0] < 0].sum() == pytest.approx(0.5, abs=2e-3)
        # Each mode is normal with mean 1.5 / 1.25 and variance 1 / 5.
        assert share @ np.square(z[0]) == pytest.approx(1.2**2 + 0.2, rel=2e-3)
        assert weights.max() == 1.0

    def test_halves(self) -> None:
        """The first half is the proposal, the second one the prior, mirrored."""
        scores = lattice(2)
        proposal = Proposal(np.array([0.5, 1.0]), 0.5 * np.eye(2))
        z, raised = points_of(scores, proposal)
        weights = relative(raised)
        n = scores.shape[1]

        assert (z[:, :n] == proposal.at(scores)).all()
        assert (z[:, n:] == -scores).all()
        # Without claims the weighted points are the prior.
        assert z @ weights / weights.sum() == pytest.approx([0.0, 0.0], abs=1e-3)
