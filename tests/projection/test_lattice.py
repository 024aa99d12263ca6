import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Period
from attrition.projection.lattice import Points, middle_of, normals_in_order, on_lattice
from attrition.uncertain import about, between, from_joint_draws
from attrition.uncertain.lattice import FEWER, POINTS, SHIFTS, column
from attrition.uncertain.scores import score_of
from attrition.uncertain.stream import DEFAULT_SEED, generator
from tests.projection.futures import MONTHLY, intake, losses
from tests.projection.responses import asked

START = about(712_000, sd=20_000)
LOST = about(44_000, sd=2_700)
N = SHIFTS * POINTS


def noise_of(points: Points) -> list[str]:
    """The identities of the noises among the values."""
    return [uid for uid in points.values if uid.startswith("noise:")]


class TestNormalsInOrder:
    @pytest.mark.parametrize("size", [4, 30])
    def test_standard_and_independent(self, size: int) -> None:
        """However they are turned, they are standard normals that know nothing of each other."""
        effects = np.random.default_rng(20260101).standard_normal((3, size))
        found = normals_in_order(effects, 2, POINTS)
        cov = np.cov(found)

        assert found.shape == (size, N)
        # Random points would be a 181st off.
        np.testing.assert_allclose(cov, np.eye(size), atol=5 / np.sqrt(N))
        np.testing.assert_allclose(found.mean(axis=1), 0.0, atol=5 / np.sqrt(N))
        for row in found[:: size // 2]:
            assert stats.kstest(row, "norm").statistic < 2.0 / np.sqrt(N)

    def test_first_columns_where_it_matters(self) -> None:
        """The first column goes along what moves the sums most, the second along the next."""
        effects = np.array([[3.0, 4.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
        found = normals_in_order(effects, 5, FEWER)
        first, second = (score_of(column(5 + i, f"noise {i}", points=FEWER)) for i in range(2))

        # Whichever way round.
        most, next_ = 0.6 * found[0] + 0.8 * found[1], found[2]
        np.testing.assert_allclose(most * np.sign(most @ first), first, atol=1e-9)
        np.testing.assert_allclose(next_ * np.sign(next_ @ second), second, atol=1e-9)

    def test_beyond_the_even_directions(self) -> None:
        """What moves nothing gets plain random numbers beyond 24 directions."""
        effects = np.zeros((1, 26))
        effects[0, 0] = 1.0
        found = normals_in_order(effects, 0, FEWER)
        rng = generator(DEFAULT_SEED, "noise beyond the lattice", 0)
        plain = rng.standard_normal((2, SHIFTS * FEWER))
        # Turned, they span what the plain ones span with the even ones.
        even = [score_of(column(i, f"noise {i}", points=FEWER)) for i in range(24)]
        basis = np.vstack([*even, plain])
        turn = np.linalg.lstsq(basis.T, found.T, rcond=None)[0]

        np.testing.assert_allclose(basis.T @ turn, found.T, atol=1e-9)
        np.testing.assert_allclose(turn @ turn.T, np.eye(26), atol=1e-9)


class TestOnLattice:
    def test_values_of_unknowns(self) -> None:
        """Unknowns lie at the columns of the lattice, in order of stream."""
        start, lost = (
            about(7e5, sd=2e4, name="b"),
            between(3e4, 5e4, confidence=0.9, family="lognormal", name="a"),
        )
        found = on_lattice(asked(start, losses(lost)), FEWER)

        assert found.size == SHIFTS * FEWER
        assert found.factors == {}
        expected = lost.ppf(column(0, "name:a", points=FEWER))
        np.testing.assert_allclose(found.values[lost.node.uid], expected, rtol=1e-12)
        expected = start.ppf(column(1, "name:b", points=FEWER))
        np.testing.assert_allclose(found.values[start.node.uid], expected, rtol=1e-12)

    def test_factors_of_the_noise(self) -> None:
        """Factors have mean one and the covariance of their autoregression."""
        response = asked(START, losses(LOST, variation=MONTHLY))
        found = on_lattice(response, POINTS)
        lags = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
        log = 0.15**2 * 0.7**lags + 0.08**2 * (lags == 0)

        assert list(found.factors) == [2]
        np.testing.assert_allclose(found.factors[2].mean(axis=1), 1.0, atol=5 * 0.17 / np.sqrt(N))
        np.testing.assert_allclose(
            np.cov(np.log(found.factors[2])), log, atol=5 * 0.03 / np.sqrt(N)
        )
        (uid,) = noise_of(found)
        assert response.inputs[2].uid not in found.values
        assert found.values[uid].shape == (6, N)

    def test_sums_are_even(self) -> None:
        """The mean of a sum is found far better than by random points."""
        response = asked(START, losses(LOST, variation=MONTHLY))
        found = on_lattice(response, FEWER)
        end = response.sums(response.at(found.values, found.factors, found.size))[-1]
        miss = end.mean() - (712_000 - 6 * 9_000)

        assert abs(miss) < 0.1 * end.std() / np.sqrt(found.size)

    def test_noises_beside_it(self) -> None:
        """Noise of other questions is plain and independent, also where it is of the same kind."""
        response = asked(START, losses(LOST, variation=MONTHLY))
        others = [
            asked(START, losses(about(44_000, sd=1_000), variation=MONTHLY)).inputs[2]
            for _ in range(2)
        ]
        found = on_lattice(response, POINTS, others)
        uids = noise_of(found)

        assert len(uids) == 3
        assert list(found.factors) == [2]
        normals = np.vstack([found.values[uid] for uid in uids])
        np.testing.assert_allclose(np.cov(normals), np.eye(18), atol=5 / np.sqrt(N))

    def test_a_longer_length_of_its_noise(self) -> None:
        """Where another question holds the same noise for longer, there is enough of it."""
        short = asked(START, losses(LOST, variation=MONTHLY))
        long = asked(START, losses(LOST, variation=MONTHLY), until=Period.month(2026, 12).end)
        found = on_lattice(short, FEWER, [long.inputs[2]])
        (uid,) = noise_of(found)

        assert found.values[uid].shape == (11, SHIFTS * FEWER)
        assert found.factors[2].shape == (6, SHIFTS * FEWER)
        first, second = found.values[uid][:2]
        assert abs(np.mean(first * second)) < 5 / np.sqrt(SHIFTS * FEWER)


class TestMiddleOf:
    def test_medians(self) -> None:
        """Every unknown but the noise stands at its median, a joint at its middle row."""
        tied = from_joint_draws({"a": [7.0e5, 7.1e5, 7.4e5], "b": [1.0, 2.0, 3.0]})
        lost = between(4e4, 9e4, confidence=0.9, family="lognormal")
        response = asked(tied["a"], losses(lost, variation=MONTHLY), intake(LOST))
        found = middle_of(response)
        (lost_at,), (joined_at,) = found[lost.node.uid], found[LOST.node.uid]

        assert len(found) == 3
        assert lost_at == pytest.approx(6e4)
        assert joined_at == pytest.approx(44_000.0)
        assert [row for uid, row in found.items() if uid not in {lost.node.uid, LOST.node.uid}] == [
            1.0
        ]
