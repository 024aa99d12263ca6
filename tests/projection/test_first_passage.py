import attrs
import numpy as np
import pytest
from scipy import stats

from attrition.projection import Process, first_passage
from attrition.projection.first_passage import OfDays, first_below
from attrition.uncertain import Uncertain, UncertainLike, about, between, from_draws
from attrition.uncertain.families import Uniform
from attrition.uncertain.lattice import FEWER, LEAST, POINTS, SHIFTS
from tests.projection.futures import MONTHLY, intake, losses
from tests.projection.responses import asked

DAYS = (0, 28, 59, 89, 120, 150, 181)
START = about(712_000, sd=20_000)


def found(
    strength: UncertainLike, lost: Process, joined: Process, threshold: UncertainLike
) -> OfDays | None:
    """The law of the days until half a year's strength is first below a threshold."""
    response = asked(strength, lost, joined)  # type: ignore[arg-type]  # Losses, then arrivals.
    return first_below(response.model, response.inputs, Uncertain.of(threshold).node, DAYS)


class TestFirstBelow:
    def test_falling_force(self) -> None:
        """A force that falls each month passes by a month if it is below at its end."""
        law = found(START, losses(44_000), intake(35_000), 680_000)
        assert law is not None
        by = stats.norm(712_000 - 9_000 * np.arange(7.0), 20_000).cdf(680_000)

        np.testing.assert_allclose(law.cdf(np.array(DAYS)), by, rtol=1e-9)
        np.testing.assert_allclose(law.sf(np.array(DAYS)), 1.0 - by, rtol=1e-9)
        assert max(law.probability_error(day) for day in DAYS) < 1e-12

    def test_growing_force(self) -> None:
        """A force that grows is first below at the start or never."""
        law = found(START, losses(30_000), intake(35_000), 700_000)
        assert law is not None
        expected = stats.norm(712_000, 20_000).cdf(700_000)

        assert law.cdf(np.array([0.0, 100.0, 181.0])) == pytest.approx([expected] * 3, rel=1e-9)
        assert law.ppf(np.array([0.1, 0.27, 0.28, 0.9])).tolist() == [0.0, 0.0, np.inf, np.inf]

    def test_uncertain_slope(self) -> None:
        """With an uncertain level too, by an integral over what the level is."""
        lost = about(44_000, sd=6_000)
        law = found(START, losses(lost), intake(35_000), 650_000)
        assert law is not None
        levels = 44_000 + 6_000 * np.linspace(-8, 8, 4_001)
        weights = stats.norm(44_000, 6_000).pdf(levels) * (levels[1] - levels[0])
        fall = np.minimum.accumulate(-np.outer(np.arange(7.0), levels - 35_000), axis=0)
        expected = stats.norm(712_000, 20_000).cdf(650_000 - fall) @ weights
        found_ = law.cdf(np.array(DAYS))

        errors = np.array([law.probability_error(day) for day in DAYS])
        assert (np.abs(found_ - expected) <= 5.0 * errors + 1e-9).all()
        assert errors.max() < 1e-3
        assert errors[1:].min() > 0.0

    def test_with_the_level_of_losses_integrated(self) -> None:
        """Where only the losses are unknown they are integrated: more of them pass earlier."""
        lost = between(38_000, 50_000, confidence=0.9, family="lognormal")
        law = found(712_000, losses(lost), intake(35_000), 680_000)
        assert law is not None
        months = np.arange(1.0, 7.0)

        assert law.cdf(np.array([0.0, 20.0])).tolist() == [0.0, 0.0]
        expected = np.asarray(lost.sf((32_000 + 35_000 * months) / months))
        np.testing.assert_allclose(law.cdf(np.array(DAYS[1:])), expected, rtol=1e-9, atol=1e-15)

    def test_noise(self) -> None:
        """With noise, against looking at simulated paths."""
        lost = losses(about(44_000, sd=2_700), variation=MONTHLY)
        law = found(START, lost, intake(35_000), 640_000)
        assert law is not None
        response = asked(START, lost)
        rng, n = np.random.default_rng(20260101), 200_000
        factors = response.inputs[2]
        start, level = 712_000 + 20_000 * rng.standard_normal(n), rng.normal(44_000, 2_700, n)
        noise = factors.operation(rng.standard_normal((12, n)))  # type: ignore[union-attr]
        paths = response.model.run([start, level, noise, np.array([35_000.0])]).strength
        by = (np.minimum.accumulate(paths, axis=0) < 640_000).mean(axis=1)

        for day, chance in zip(DAYS, by, strict=True):
            error = np.hypot(law.probability_error(day), np.sqrt(chance * (1 - chance) / n))
            assert abs(float(law.cdf(np.array(day))) - chance) <= 4.0 * error + 1e-6

    def test_few_points_where_they_do(self) -> None:
        """Where the copies of the smallest lattice agree it is large enough."""
        law = found(START, losses(about(44_000, sd=2_700)), intake(35_000), 650_000)
        assert law is not None

        assert law.farthest.shape == (7, SHIFTS * LEAST)
        assert max(law.probability_error(day) for day in DAYS) < 6e-4

    @pytest.mark.parametrize(("most", "points"), [(7, POINTS), (6, FEWER)])
    def test_more_points_where_copies_disagree(
        self, monkeypatch: pytest.MonkeyPatch, most: int, points: int
    ) -> None:
        """Where they disagree there are more points, as many as there is memory for."""
        monkeypatch.setattr(first_passage, "_MOST_DAYS", most)
        wild = losses(44_000, variation=attrs.evolve(MONTHLY, passing_sd=1.5))
        law = found(about(7e5, sd=100), wild, intake(35_000), 650_000)
        assert law is not None

        assert law.farthest.shape == (7, SHIFTS * points)

    def test_a_rare_passage(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What rests on few points has more of them, and is stated as hardly known."""
        noisy = losses(44_000, variation=MONTHLY)
        question = (about(7e5, sd=2_000), noisy, intake(44_000), 615_000)
        law = found(*question)
        monkeypatch.setattr(first_passage, "_COARSE", 0.0)
        close = found(*question)
        assert law is not None
        assert close is not None

        assert law.farthest.shape == (7, SHIFTS * FEWER)
        assert close.farthest.shape == (7, SHIFTS * POINTS)
        for day in DAYS[3:]:
            chance, exact = float(law.cdf(np.array(day))), float(close.cdf(np.array(day)))
            assert abs(chance - exact) <= 3.0 * law.probability_error(day)
        assert law.probability_error(DAYS[3]) >= float(law.cdf(np.array(DAYS[3])))

    def test_a_tied_threshold(self) -> None:
        """Nine tenths of the start is passed by whoever loses a tenth, whatever the start."""
        law = found(START, losses(44_000), intake(35_000), 0.9 * START)
        assert law is not None
        by = stats.norm(712_000, 20_000).cdf(10 * 9_000 * np.arange(7.0))

        np.testing.assert_allclose(law.cdf(np.array(DAYS)), by, atol=1e-12)

    def test_never_reached(self) -> None:
        """A threshold far below is passed never."""
        law = found(START, losses(44_000), intake(35_000), 100_000)
        assert law is not None

        # Nearly thirty deviations of the start off, even at the end.
        assert law.cdf(np.array(DAYS)).max() < 1e-150
        assert law.ppf(np.array([1e-6, 0.5, 0.999])).tolist() == [np.inf] * 3
        assert law.error(0.5) == 0.0

    def test_below_at_the_start(self) -> None:
        """Who is below at the start has passed on day nothing."""
        law = found(START, losses(44_000), intake(35_000), 2_000_000)
        assert law is not None

        assert law.ppf(np.array([0.001, 0.5, 1.0])).tolist() == [0.0, 0.0, 0.0]
        assert law.cdf(np.array([-1.0, 0.0])).tolist() == [0.0, 1.0]

    def test_equal_is_not_below(self) -> None:
        """A start that is known and equals the threshold is passed in the first month."""
        law = found(712_000, losses(about(44_000, sd=1_000)), intake(35_000), 712_000)
        assert law is not None

        assert law.cdf(np.array([0.0, 28.0])).tolist() == [0.0, 1.0]

    def test_no_input_to_integrate(self) -> None:
        """Without a level that has a density there is no such law."""
        assert found(from_draws([7e5, 7.2e5]), losses(44_000), intake(35_000), 7e5) is None


class TestOfDays:
    BY = np.linspace(0.5, 1.5, SHIFTS)[:, None] * np.array([0.0, 0.1, 0.3, 0.6])
    # A number of no more than such a limit has just such a probability.
    LAW = OfDays(
        np.array([0.0, 28.0, 59.0, 89.0]),
        np.repeat(BY.T, 3, axis=1),
        Uniform(0.0, 1.0),
        rising=True,
    )

    def test_steps(self) -> None:
        """Between two looks nothing happens; never is infinite."""
        days = np.array([-5.0, 0.0, 27.9, 28.0, 58.9, 59.0, 1e6, np.inf])

        expected = [0.0, 0.0, 0.0, 0.1, 0.1, 0.3, 0.6, 1.0]
        np.testing.assert_allclose(self.LAW.cdf(days), expected, rtol=1e-12)
        np.testing.assert_allclose(self.LAW.sf(days), 1.0 - np.array(expected), rtol=1e-12)

    def test_asked_again(self) -> None:
        """A probability is the same whatever was asked before, in any order and shape."""
        days = np.array([[59.0, 0.0, 59.0], [-1.0, 89.0, 28.0]])
        law = attrs.evolve(self.LAW)
        law.cdf(days[0, :2])

        expected = [[0.3, 0.0, 0.3], [0.0, 0.6, 0.1]]
        for _ in range(2):
            np.testing.assert_allclose(law.cdf(days), expected, rtol=1e-12)
        assert law.cdf(np.array(28.5)).shape == ()

    def test_quantiles(self) -> None:
        """A quantile is the first look by which so much has happened."""
        q = np.array([0.05, 0.0999, 0.1001, 0.59, 0.61, 1.0])

        expected = [28.0, 28.0, 59.0, 89.0, np.inf, np.inf]
        assert self.LAW.ppf(q).tolist() == expected
        assert self.LAW.isf(1.0 - q).tolist() == expected

    def test_errors(self) -> None:
        """Errors are the disagreement of the copies: of probabilities, and of dates in days."""
        by_copy = self.BY[:, 2]
        expected = by_copy.std(ddof=1) / np.sqrt(SHIFTS)

        assert self.LAW.probability_error(70.0) == pytest.approx(expected)
        assert self.LAW.probability_error(-1.0) == 0.0
        # By copy .05 is reached on day 28 or, at half of it, at 28 too; .2 on day 59 or 89.
        dates = np.where(by_copy >= 0.2, 59.0, 89.0)
        assert self.LAW.error(0.04) == 0.0
        assert self.LAW.error(0.2) == pytest.approx(dates.std(ddof=1) / np.sqrt(SHIFTS))

    @pytest.mark.parametrize(("scale", "coarse"), [(0.011, False), (0.013, True)])
    def test_coarse(self, scale: float, coarse: bool) -> None:  # noqa: FBT001 - what is expected
        """It is coarse where the error at a third, two thirds or the end is above .0006."""
        copies = 0.5 + scale * np.linspace(-0.2, 0.2, SHIFTS)
        for worst in (0, 1, 2):
            rows = np.full((3, SHIFTS), 0.5)
            rows[worst] = copies
            law = OfDays(np.array([1.0, 2.0, 3.0]), rows, Uniform(0.0, 1.0), rising=True)

            stated = law.probability_error(worst + 1.0)
            assert stated == pytest.approx(copies.std(ddof=1) / np.sqrt(SHIFTS))
            assert law.coarse == coarse

    @pytest.mark.parametrize(
        ("chances", "thin", "error"),
        [
            ([1e-4] * SHIFTS, False, 0.0),
            ([0.0] * SHIFTS, False, 0.0),
            ([8e-4] + [0.0] * 7, True, 1e-4),
            ([8e-2] + [0.0] * 7, True, 1e-2),
            ([8e-7] + [0.0] * 7, False, 1.25e-3),
            ([8e-200] + [0.0] * 7, False, 1.25e-3),
        ],
    )
    def test_few_points(self, chances: list[float], thin: bool, error: float) -> None:  # noqa: FBT001 - what is expected
        """What one copy alone has met is known to itself at best, or to a hundredth of a point."""
        rows = np.tile(chances, (3, 1))
        law = OfDays(np.array([1.0, 2.0, 3.0]), rows, Uniform(0.0, 1.0), rising=True)

        assert law.thin == thin
        assert law.probability_error(2.0) == pytest.approx(max(error, 1.25e-3 * (error > 0.0)))

    def test_errors_at_never(self) -> None:
        """Where copies do not agree whether it happens at all the error is infinite."""
        assert self.LAW.error(0.5) == np.inf
        assert self.LAW.error(0.95) == 0.0

    def test_how(self) -> None:
        """It says how it is found, and that single days have mass."""
        assert self.LAW.method == "lattice"
        assert self.LAW.atomic
        assert self.LAW.support() == (0.0, np.inf)
        assert repr(self.LAW) == "days until a passage, 4 looks"
