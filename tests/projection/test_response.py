import attrs
import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from attrition.accounts import Period
from attrition.projection import Surge
from attrition.uncertain import about, between, from_joint_draws, uniform
from tests.projection.futures import CLAIMED, MONTHLY, back, intake, losses
from tests.projection.responses import asked, by_run

STRENGTH, LOST, JOINED = about(712_000, sd=20_000), about(44_000, sd=2_700), uniform(30_000, 36_000)


class TestNodes:
    def test_noises_by_place(self) -> None:
        """Factors of noise are found at the places of their inputs, with their cells."""
        lost, joined = losses(LOST, variation=MONTHLY), intake(JOINED, variation=MONTHLY)
        found = asked(STRENGTH, lost, joined).noises

        # Start, level and noise of the losses, level and noise of the recruits.
        assert {place: made.cells for place, made in found.items()} == {2: 6, 4: 6}

    def test_roots_leave_out_the_noise_and_what_is_known(self) -> None:
        """Roots are the inputs beside the noise, and the rest, without those that are known."""
        limit = between(1, 2, confidence=0.9, family="lognormal")
        rest = (limit * STRENGTH, 650_000)
        response = asked(STRENGTH, losses(LOST, variation=MONTHLY), rest=rest)

        assert [node.uid for node in response.roots] == [
            STRENGTH.node.uid,
            LOST.node.uid,
            (limit * STRENGTH).node.uid,
        ]
        assert {unknown.uid for unknown in response.unknowns} == {
            STRENGTH.node.uid,
            LOST.node.uid,
            limit.node.uid,
        }

    def test_cells_of_all_noises(self) -> None:
        """There are as many factors of noise as all noises have cells."""
        lost, joined = losses(LOST, variation=MONTHLY), intake(JOINED, variation=MONTHLY)
        counts = [asked(STRENGTH, *flows).cells for flows in ((), (lost,), (lost, joined))]

        assert counts == [0, 6, 12]

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [([3], slice(3, 4)), ([1, 2, 3], slice(1, 4)), ([0, 2], None), ([5, 4], None)],
    )
    def test_rows_next_to_each_other(self, rows: list[int], expected: slice | None) -> None:
        """Sums that are dates one after another are rows; others are none."""
        assert asked(weights=np.eye(7)[rows]).some_rows == expected

    def test_part_of_a_row(self) -> None:
        """Half of a date is no row."""
        assert asked(weights=0.5 * np.eye(7)[[2]]).some_rows is None

    def test_medians(self) -> None:
        """In the middle unknowns but the noise stand at their medians, a joint at its row."""
        tied = from_joint_draws({"a": [7.0e5, 7.1e5, 7.4e5], "b": [1.0, 2.0, 3.0]})
        lost = between(4e4, 9e4, confidence=0.9, family="lognormal")
        found = asked(tied["a"], losses(lost, variation=MONTHLY), intake(LOST)).middle
        (lost_at,), (joined_at,) = found.pop(lost.node.uid), found.pop(LOST.node.uid)

        assert lost_at == pytest.approx(6e4)
        assert joined_at == pytest.approx(44_000.0)
        assert [row.tolist() for row in found.values()] == [[1.0]]


class TestReaction:
    def test_one_thing_moves(self) -> None:
        """It is half of what simulations differ by a score up and down, and a factor by one."""
        limit = about(600_000, sd=5_000)
        weights = [[0.0, 1.0, 0.0, 0.0, -2.0, 0.5, 3.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]
        lost = losses(LOST, variation=MONTHLY)
        response = asked(STRENGTH, lost, intake(JOINED), weights=weights, rest=(-0.5 * limit,) * 2)
        by_leaf, by_factor = response.reaction
        middle: list[npt.ArrayLike] = [712_000.0, 44_000.0, np.ones((6, 1)), 33_000.0]
        aside = 6_000.0 * (stats.norm.cdf(1) - 0.5)
        ends = {
            STRENGTH: (0, 692_000.0, 732_000.0),
            LOST: (1, 41_300.0, 46_700.0),
            JOINED: (3, 33_000.0 - aside, 33_000.0 + aside),
        }
        for leaf, (place, low, high) in ends.items():
            up, down = [*middle], [*middle]
            down[place], up[place] = low, high
            expected = 0.5 * (by_run(response, up) - by_run(response, down))[:, 0]

            np.testing.assert_allclose(by_leaf[leaf.node.uid], expected, rtol=1e-9)
        np.testing.assert_allclose(by_leaf[limit.node.uid], -2_500.0, rtol=1e-9)
        for cell, found in enumerate(by_factor.T):
            raised = [*middle]
            raised[2] = 1.0 + np.eye(6)[:, [cell]]
            moved = by_run(response, raised) - by_run(response, middle)

            np.testing.assert_allclose(found, moved[:, 0], rtol=1e-9)

    def test_of_what_is_known(self) -> None:
        """Where nothing is unknown nothing moves."""
        by_leaf, by_factor = asked().reaction

        assert by_leaf == {}
        assert by_factor.shape == (6, 0)


class TestAt:
    SURGE = (Surge(people=9_000, during=Period.month(2026, 4)),)

    def test_the_simulation_where_nothing_is_cut(self) -> None:
        """The sums are those of the simulation step by step, in every setting."""
        response = asked(
            STRENGTH,
            losses(LOST, CLAIMED, variation=MONTHLY, changes=self.SURGE),
            intake(JOINED),
            returns=back(),
            weights=[[0.0, 1.0, 0.0, 0.0, -2.0, 0.5, 3.0], [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]],
        )
        rng = np.random.default_rng(20260101)
        start, level, joined = 7e5 + rng.random(3), 4e4 + rng.random(3), 3e4 + rng.random(3)
        factors = rng.random((6, 3))
        values = {STRENGTH.node.uid: start, LOST.node.uid: level, JOINED.node.uid: joined}
        found = response.sums(response.at(values, {3: factors}, 3))
        expected = by_run(response, [start, level, 9_000.0, factors, joined, 0.375])

        np.testing.assert_allclose(found, expected, rtol=1e-12)

    def test_below_zero(self) -> None:
        """Strength goes on below zero, where the simulation cuts losses."""
        response = asked(100_000, losses(60_000), intake(20_000))
        rows = response.at({}, {}, 2)

        assert rows.strength[:, 0].tolist() == [1e5, 6e4, 2e4, -2e4, -6e4, -1e5, -1.4e5]
        assert rows.strength.shape == (7, 2)

    def test_cut_at_nobody(self) -> None:
        """Where asked, losses are cut at who is there, as the simulation does."""
        response = asked(100_000, losses(60_000), intake(20_000))
        rows = response.at({}, {}, 2, cut=True)

        assert rows.strength[:, 1].tolist() == [1e5, 6e4, 2e4, 0.0, 0.0, 0.0, 0.0]

    @pytest.mark.parametrize("cut", [False, True])
    def test_the_whole(self, *, cut: bool) -> None:
        """Losses, arrivals and returns stand below the strengths, cut or not."""
        response = attrs.evolve(
            asked(100_000, losses(40_000), intake(20_000)), weights=np.eye(25), whole=True
        )
        strength, *flows = np.split(response.at({}, {}, 1, cut=cut).strength[:, 0], [7, 13, 19])

        # From 20,000 the fifth month of 20,000 fewer leaves nobody, the sixth would leave less.
        last, left = (40_000.0, -20_000.0) if not cut else (20_000.0, 0.0)
        assert strength.tolist() == [1e5, 8e4, 6e4, 4e4, 2e4, 0.0, left]
        expected = [[4e4] * 5 + [last], [2e4] * 6, [0.0] * 6]
        assert [flow.tolist() for flow in flows] == expected

    def test_values_of_an_input(self) -> None:
        """An input or a rest may be given by itself, and its unknowns are not asked for."""
        weights = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
        lost, limit = LOST * JOINED / 35_000, STRENGTH / 2.0
        response = asked(STRENGTH, losses(lost), weights=weights, rest=(limit,))
        values = {STRENGTH.node.uid: [7e5, 8e5], lost.node.uid: [4e4, 5e4], limit.node.uid: [3, 4]}
        rows = response.at({uid: np.array(value) for uid, value in values.items()}, {}, 2)

        assert response.sums(rows).tolist() == [[7e5 - 5e3 + 3, 8e5 - 15e3 + 4]]

    def test_a_known_rest(self) -> None:
        """A rest that is known is added in every setting."""
        weights = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
        response = asked(712_000, losses(44_000), weights=weights, rest=(-650_000,))

        assert response.sums(response.at({}, {}, 2)).tolist() == [[53_000.0, 53_000.0]]

    def test_the_rest_is_added(self) -> None:
        """A rest is tied to the inputs and stands beside the strengths."""
        weights = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
        response = asked(STRENGTH, weights=weights, rest=(-0.9 * STRENGTH,))
        rows = response.at({STRENGTH.node.uid: np.array([7e5, 8e5])}, {}, 2)

        assert rows.rest == pytest.approx(np.array([[-6.3e5, -7.2e5]]))
        assert response.sums(rows) == pytest.approx(np.array([[6.1e4, 7.1e4]]))

    def test_fixed_inputs(self) -> None:
        """An input may be given another value than its own, and nothing tied to it moves."""
        weights = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
        response = asked(STRENGTH, weights=weights, rest=(-1.0 * STRENGTH,))
        values = {STRENGTH.node.uid: np.array([7e5, 8e5])}
        rows = response.at(values, {}, 2, fixed={0: 5e5})

        # 500,000 - 44,000 + 35,000 at the first date, less what the start really is.
        assert response.sums(rows) == pytest.approx(np.array([[4.91e5 - 7e5, 4.91e5 - 8e5]]))
