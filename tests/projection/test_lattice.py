import attrs
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.accounts import Per, Period
from attrition.projection import Common, Variation
from attrition.projection.lattice import Points, _turned, normals_in_order, on_lattice
from attrition.uncertain import about, between, exp, from_joint_draws, uniform
from attrition.uncertain.lattice import FEWER, POINTS, SHIFTS, block, column
from attrition.uncertain.node import evaluate
from attrition.uncertain.scores import score_of
from attrition.uncertain.stream import DEFAULT_SEED, generator
from tests.projection.futures import MONTHLY, intake, losses
from tests.projection.responses import asked

START = about(712_000, sd=20_000)
LOST = about(44_000, sd=2_700)
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]
SHARED = attrs.evolve(MONTHLY, common=Common(name="front", loading=0.6))
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

    @pytest.mark.parametrize(
        "effects",
        [
            np.outer(np.arange(1.0, 13.0), [-0.4, 0.4, 0.8, 0.2]),
            np.outer(np.arange(1.0, 4.0), [0.0, 1.0, 0.0, 0.0, 0.0]),
            np.array([[2.0, 2.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]]),
            np.zeros((3, 4)),
        ],
        ids=["one direction", "one unknown", "two pairs", "nothing"],
    )
    def test_rounding_turns_nothing(self, effects: FloatArray) -> None:
        """Effects that are the same to rounding have the same points, also where few matter."""
        rng = np.random.default_rng(20260101)
        largest = np.abs(effects).max()
        found = normals_in_order(effects, 0, FEWER)

        np.testing.assert_allclose(
            np.cov(found), np.eye(len(found)), atol=6 / np.sqrt(SHIFTS * FEWER)
        )
        for _ in range(5):
            noise = 1e-13 * largest * rng.standard_normal(effects.shape)
            np.testing.assert_allclose(
                normals_in_order(effects * (1.0 + 1e-13) + noise, 0, FEWER), found, atol=1e-9
            )

    def test_first_columns_where_it_matters(self) -> None:
        """The first column goes along what moves the sums most, the second along the next."""
        effects = np.array([[3.0, 4.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
        found = normals_in_order(effects, 5, FEWER)
        first, second = score_of(block(5, 4, "noise 0", points=FEWER))[:2]

        # Whichever way round.
        most, next_ = 0.6 * found[0] + 0.8 * found[1], found[2]
        np.testing.assert_allclose(most * np.sign(most @ first), first, atol=1e-9)
        np.testing.assert_allclose(next_ * np.sign(next_ @ second), second, atol=1e-9)

    def test_beyond_the_even_directions(self) -> None:
        """What moves nothing gets plain random numbers beyond 56 directions."""
        effects = np.zeros((1, 58))
        effects[0, 0] = 1.0
        found = normals_in_order(effects, 3, FEWER)
        rng = generator(DEFAULT_SEED, "noise beyond the lattice", 0)
        # Turned, they span what the plain ones span with the even ones, eight by eight.
        even = [
            score_of(block(3 + first, 8, f"noise {first}", points=FEWER))
            for first in range(0, 56, 8)
        ]
        basis = np.vstack([*even, rng.standard_normal((2, SHIFTS * FEWER))])
        turn = np.linalg.lstsq(basis.T, found.T, rcond=None)[0]

        np.testing.assert_allclose(basis.T @ turn, found.T, atol=1e-9)
        np.testing.assert_allclose(turn @ turn.T, np.eye(58), atol=1e-9)

    def test_more_sums_than_normals(self) -> None:
        """Many sums, even of a single normal, are no other task."""
        found = normals_in_order(np.arange(1.0, 6.0)[:, None], 0, FEWER)
        first = score_of(block(0, 1, "noise 0", points=FEWER))

        np.testing.assert_allclose(np.abs(found), np.abs(first), rtol=1e-12)


class TestKept:
    def test_in_every_question(self) -> None:
        """Of small lattices the normals that are turned are made once, and nobody changes them."""
        first, again, large = (
            _turned(np.eye(3), 2, points, key="kept")[1] for points in (FEWER, FEWER, POINTS)
        )

        assert first is again
        assert not first.flags.writeable
        expected = score_of(block(2, 3, "kept 0", points=FEWER))
        assert first.tolist() == expected.tolist()
        assert _turned(np.eye(3), 2, POINTS, key="kept")[1] is not large


class TestOnLattice:
    def test_the_first_column_goes_along_the_sum(self) -> None:
        """All that moves a sum moves it along the first column of the lattice."""
        joined = about(35_000, sd=2_000)
        response = asked(START, losses(LOST), intake(joined), weights=END)
        found = on_lattice(response, FEWER)
        sums = response.sums(response.at(found.values, found.factors, found.size))[0]
        first = score_of(block(0, 3, "noise 0", points=FEWER))[0]
        sd = np.sqrt(20_000**2 + (6 * 2_700) ** 2 + (6 * 2_000) ** 2)

        assert found.size == SHIFTS * FEWER
        assert found.factors == {}
        # Whichever way round.
        np.testing.assert_allclose(
            (sums - 658_000.0) / sd * np.sign((sums - 658_000.0) @ first), first, atol=1e-9
        )

    def test_noise_lies_along_it_too(self) -> None:
        """With little noise it goes the same way as the level: the sum is nearly one column."""
        quiet = Variation(lasting_sd=0.003, persistence=0.7, passing_sd=0.002, per=Per.MONTH)
        response = asked(7e5, losses(about(44_000, sd=100), variation=quiet), weights=END)
        found = on_lattice(response, FEWER)
        sums = response.sums(response.at(found.values, found.factors, found.size))[0]
        first = score_of(block(0, 7, "noise 0", points=FEWER))[0]

        assert abs(np.corrcoef(sums, first)[0, 1]) > 0.9999

    def test_values_of_unknowns(self) -> None:
        """However they are turned, unknowns have their laws and know nothing of each other."""
        lost = between(3e4, 5e4, confidence=0.9, family="lognormal")
        joined = uniform(30_000, 36_000)
        found = on_lattice(asked(START, losses(lost), intake(joined)), POINTS)
        scores = []
        for number in (START, lost, joined):
            places = np.asarray(number.cdf(found.values[number.node.uid]))
            scores.append(score_of(places))

            assert stats.kstest(places, "uniform").statistic < 2.0 / np.sqrt(N)
        np.testing.assert_allclose(np.corrcoef(scores), np.eye(3), atol=5 / np.sqrt(N))

    def test_what_is_not_turned(self) -> None:
        """A joint and what is below other numbers have columns of their own, by stream."""
        tied = from_joint_draws({"a": [7.0e5, 7.1e5, 7.4e5]}, name="c")
        beside = about(5, sd=1, name="b")
        joined = about(35_000, sd=2_000, name="a")
        response = asked(tied["a"], losses(LOST), intake(joined))
        found = on_lattice(response, FEWER, [beside.node, (2.0 * joined).node])

        for i, (name, number) in enumerate({"a": joined, "b": beside}.items()):
            expected = number.ppf(column(i, f"name:{name}", points=FEWER))
            np.testing.assert_allclose(found.values[number.node.uid], expected, rtol=1e-12)
        (rows,) = (v for uid, v in found.values.items() if uid in tied["a"].node.uid)
        assert rows.tolist() == np.floor(3.0 * column(2, "name:c", points=FEWER)).tolist()
        place = LOST.cdf(found.values[LOST.node.uid])
        mirror = column(3, "noise 0", points=FEWER)
        np.testing.assert_allclose(np.abs(place - 0.5), np.abs(mirror - 0.5), atol=1e-12)

    def test_what_stays_still(self) -> None:
        """What is to stay in the middle does, and takes no column."""
        response = asked(START, losses(LOST), weights=END)
        found = on_lattice(response, FEWER, still={START.node.uid, "another"})
        mirror = block(0, 1, "noise 0", points=FEWER)[0]

        assert found.values[START.node.uid].tolist() == [712_000.0]
        assert set(found.values) == {START.node.uid, LOST.node.uid}
        place = LOST.cdf(found.values[LOST.node.uid])
        np.testing.assert_allclose(np.abs(place - 0.5), np.abs(mirror - 0.5), atol=1e-12)

    def test_no_value(self) -> None:
        """Where a sum is infinite at some places there are points all the same."""
        wide = about(0, sd=2_000)
        found = on_lattice(asked(START, losses(LOST), rest=(exp(wide),)), FEWER)

        place = np.asarray(wide.cdf(found.values[wide.node.uid]))
        assert stats.kstest(place, "uniform").statistic < 2.0 / np.sqrt(SHIFTS * FEWER)

    def test_factors_of_the_noise(self) -> None:
        """Factors have mean one and the covariance of their autoregression."""
        response = asked(START, losses(LOST, variation=MONTHLY))
        found = on_lattice(response, POINTS)
        lags = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
        log_cov = 0.15**2 * 0.7**lags + 0.08**2 * (lags == 0)

        assert list(found.factors) == [2]
        assert noise_of(found) == []
        np.testing.assert_allclose(found.factors[2].mean(axis=1), 1.0, atol=5 * 0.17 / np.sqrt(N))
        np.testing.assert_allclose(
            np.cov(np.log(found.factors[2])), log_cov, atol=5 * 0.03 / np.sqrt(N)
        )

    @pytest.mark.parametrize("months", [6, 11])
    def test_normals_below_the_factors(self, months: int) -> None:
        """Normals that another number needs are those that the factors are made of."""
        response = asked(
            START, losses(LOST, variation=SHARED), intake(about(35_000, sd=1), variation=SHARED)
        )
        until = Period.months(2026, 2, count=months).end
        other = asked(START, losses(LOST, variation=SHARED), until=until).inputs[2]
        places = list(response.noises)
        found = on_lattice(response, POINTS, [*(response.inputs[p] for p in places), other])
        factors = evaluate(
            [response.inputs[p] for p in places], lambda noise: found.values[noise.uid], N
        )
        normals = np.vstack([found.values[uid] for uid in noise_of(found)])

        assert places == [2, 4]
        for place, expected in zip(places, factors, strict=True):
            np.testing.assert_allclose(found.factors[place], expected, rtol=1e-9)
        # Of the losses and of the recruits, and common ones, two a month; some of them longer.
        assert normals.shape == (12 + 4 * months, N)
        np.testing.assert_allclose(np.cov(normals), np.eye(len(normals)), atol=6 / np.sqrt(N))

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
        found = on_lattice(response, POINTS, [response.inputs[2], *others])
        uids = noise_of(found)

        assert len(uids) == 3
        assert list(found.factors) == [2]
        normals = np.vstack([found.values[uid] for uid in uids])
        np.testing.assert_allclose(np.cov(normals), np.eye(18), atol=5 / np.sqrt(N))

    def test_noise_beside_what_has_none(self) -> None:
        """Strength without noise does not keep other numbers from theirs."""
        noisy = asked(START, losses(LOST, variation=MONTHLY)).inputs[2]
        found = on_lattice(asked(START, losses(LOST)), FEWER, [noisy])
        (uid,) = noise_of(found)

        assert found.factors == {}
        assert found.values[uid].shape == (6, SHIFTS * FEWER)
