import attrs
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.accounts import Period
from attrition.projection import Change
from attrition.projection.response import Response
from attrition.projection.smoothed import Lines, candidates_of, lines
from attrition.uncertain import Uncertain, about, between, correlate, exp, from_draws, mixture
from attrition.uncertain.families import Normal
from attrition.uncertain.lattice import FEWER, SHIFTS
from tests.projection.futures import MONTHLY, intake, losses
from tests.projection.responses import asked

START = about(712_000, sd=20_000)
LOST, JOINED = about(44_000, sd=2_700), about(35_000, sd=2_100)
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]


def found(response: Response) -> Lines:
    """The sums as lines."""
    line = lines(response, FEWER)
    assert line is not None
    return line


def law_of(number: Uncertain) -> tuple[float, float]:
    """Mean and variance, which tell the numbers here apart."""
    return number.mean(), number.var()


def integrated(response: Response) -> tuple[float, float]:
    """Those of the number that is integrated."""
    law = found(response).law
    return law.mean(), law.var()


class TestWhich:
    def test_the_largest(self) -> None:
        """The input that moves the last sum most is integrated: it depends on the horizon."""
        early = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
        late = about(44_000, sd=4_000)

        assert integrated(asked(START, losses(late), weights=early)) == law_of(START)
        assert integrated(asked(START, losses(late), weights=END)) == law_of(late)
        assert integrated(asked(about(7e5, sd=9_000), losses(LOST), intake(JOINED))) == law_of(LOST)

    def test_levels_only(self) -> None:
        """A factor is none of the inputs in which everything is linear, however wide."""
        wide = Change(
            factor=about(1, sd=0.5, positive=True), during=Period.months(2026, 2, count=6)
        )

        assert integrated(asked(START, losses(44_000, changes=[wide]))) == law_of(START)

    @pytest.mark.parametrize("kind", ["draws", "tied", "shared"])
    def test_what_does_not_stand_alone(self, kind: str) -> None:
        """Draws have no density, and what is tied to another input does not stand alone."""
        wide = about(712_000, sd=90_000)
        start, lost = {
            "draws": (from_draws([6e5, 7e5, 8e5]), LOST),
            "tied": tuple(correlate([wide, LOST], normal_scores=0.5)),
            "shared": (wide, wide / 16.0),
        }[kind]
        response = asked(start, losses(lost), intake(JOINED))

        expected = LOST if kind == "draws" else JOINED
        assert integrated(response) == law_of(expected)

    def test_a_threshold_tied_to_the_start(self) -> None:
        """A threshold of nine tenths of the start leaves a tenth of it to integrate."""
        wide = about(712_000, sd=80_000)
        response = asked(wide, losses(LOST), weights=END, rest=(-0.9 * wide,))
        line = found(response)

        # The start moves the sum by 8,000 now, the losses by 16,200.
        assert (line.law.mean(), line.law.var()) == law_of(LOST)
        np.testing.assert_allclose(line.slope, -6.0, rtol=1e-9)

        narrow = about(44_000, sd=1_200)
        line = found(asked(wide, losses(narrow), weights=END, rest=(-0.9 * wide,)))
        assert (line.law.mean(), line.law.var()) == law_of(wide)
        np.testing.assert_allclose(line.slope, 0.1, rtol=1e-9)
        self.agrees(line, 712_000 * 0.1 - 54_000, float(np.hypot(8_000, 7_200)))

    def test_a_threshold_not_tied_in_a_line(self) -> None:
        """Where a threshold holds a level in another way than linearly another is integrated."""
        wide = about(712_000, sd=90_000, positive=True)
        for rest in (-0.001 * wide * wide, -1.0 * exp(wide / 712_000), -1.0 * (wide * JOINED)):
            response = asked(wide, losses(LOST), weights=END, rest=(rest,))
            assert integrated(response) == law_of(LOST)

    def test_a_level_made_of_others(self) -> None:
        """A level that is a sum is integrated unless the threshold holds a part of it."""
        parts = about(350_000, sd=30_000), about(362_000, sd=40_000)
        total = parts[0] + parts[1]
        alone = asked(total, losses(LOST), weights=END, rest=(-1.0 * JOINED,))
        for rest in (-0.9 * total, -0.9 * parts[0]):
            assert integrated(asked(total, losses(LOST), rest=(rest,), weights=END)) == law_of(LOST)

        assert integrated(alone) == pytest.approx((712_000, 2.5e9))

    def test_a_product_that_the_threshold_holds(self) -> None:
        """A level that is a product is one number to a sum, but none that has values dealt."""
        factors = about(712_000, sd=60_000, positive=True), about(1, sd=0.1, positive=True)
        level = factors[0] * factors[1]
        narrow = about(44_000, sd=900)
        held = asked(level, losses(narrow), weights=END, rest=(-0.9 * level,))

        assert integrated(asked(level, losses(LOST), weights=END)) == law_of(level)
        assert integrated(held) == law_of(narrow)

    def test_an_unrelated_threshold(self) -> None:
        """A threshold of its own leaves the input what it is."""
        line = found(asked(START, losses(44_000), weights=END, rest=(-1.0 * JOINED,)))

        assert (line.law.mean(), line.law.var()) == law_of(START)
        self.agrees(line, 712_000 - 54_000 - 35_000, np.hypot(20_000, 2_100))

    @staticmethod
    def agrees(line: Lines, mean: float, sd: float) -> None:
        """The probabilities are those of a normal, within the stated errors."""
        law = stats.norm(mean, sd)
        q = np.array([0.02, 0.3, 0.9])
        places = np.asarray(law.ppf(q))[None]

        off = np.abs(line.chance(places) - q)
        assert (off <= 5.0 * line.chance_errors(places) + 1e-12).all()
        assert off.max() < 1e-3
        # Ten times as near as random points would be.
        np.testing.assert_allclose(
            line.moments()[0], mean, atol=0.1 * sd / np.sqrt(line.at.shape[1])
        )
        np.testing.assert_allclose(line.moments()[1], sd**2, rtol=1e-2)


class TestNone:
    def test_no_candidate(self) -> None:
        """Where no level is unknown with a density there is nothing to integrate."""
        assert lines(asked(from_draws([6e5, 7e5, 8e5])), FEWER) is None
        assert lines(asked(712_000, losses(44_000, variation=MONTHLY)), FEWER) is None

    def test_a_search(self) -> None:
        """A mixture, whose quantiles take a search, is not integrated."""
        either = mixture([(0.7, about(700_000, sd=9_000)), (0.3, about(730_000, sd=5_000))])

        assert lines(asked(either, weights=END), FEWER) is None
        assert integrated(asked(either, losses(LOST), weights=END)) == law_of(LOST)

    def test_no_influence(self) -> None:
        """An input that does not move the last sum is no help."""
        change = [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0]]

        assert lines(asked(START, weights=change), FEWER) is None

    def test_no_influence_but_for_rounding(self) -> None:
        """Where only the rounding of the last sum moves with an input it is no help either."""
        change = [[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0]]
        response = asked(about(7e5 / 3, sd=2e4 / 3), losses(44_000 / 7), weights=change)

        assert [*candidates_of(response)]
        assert lines(response, FEWER) is None

    def test_both_ways(self) -> None:
        """An input that moves one sum up and another down is none; the next one is taken."""
        weights = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.5]]
        # Of the losses: -1, and +2 - 3 = -1; of the start: +1 and -1/2.
        wide = about(712_000, sd=90_000)

        assert integrated(asked(wide, losses(LOST), weights=weights)) == law_of(LOST)
        assert lines(asked(wide, weights=weights), FEWER) is None


class TestLines:
    def test_decreasing(self) -> None:
        """With losses integrated sums fall with the input, and probabilities are right."""
        lost = between(38_000, 50_000, confidence=0.9, family="lognormal")
        line = found(asked(712_000, losses(lost), weights=END))
        q = np.array([0.01, 0.4, 0.95])
        places = 712_000 + 210_000 - 6.0 * np.asarray(lost.ppf(1.0 - q))

        assert not line.rising
        assert line.method == "lattice"
        np.testing.assert_allclose(line.chance(places[None])[0], q, rtol=1e-9)
        assert line.chance_errors(places[None]).max() < 1e-12
        np.testing.assert_allclose(line.moments()[0], 922_000 - 6 * lost.mean(), rtol=1e-9)
        np.testing.assert_allclose(line.moments()[1], 36 * lost.var(), rtol=1e-9)

    def test_before_losses_begin(self) -> None:
        """Where the losses move nobody yet, strength is known, whichever way they move it."""
        pause = [Change(factor=0, during=Period.month(2026, 2))]
        line = found(asked(712_000, losses(LOST, changes=pause)))
        places = np.tile([746_999.0, 747_001.0], (6, 1))

        assert not line.rising
        assert line.chance(places)[0].tolist() == [0.0, 1.0]

    def test_slopes_but_for_rounding(self) -> None:
        """A slope that rounding leaves on the wrong side of nothing is nothing."""
        three = np.array([0.0, 0.3, -0.1, -0.2, 0.0, 0.0, 0.0])
        line = found(asked(START, weights=np.vstack([three, -three, END])))

        assert line.rising
        assert (line.slope[:2] >= 0.0).all()
        assert (line.slope[:2].min(axis=0) == 0.0).all()
        np.testing.assert_allclose(line.slope[:2], 0.0, atol=1e-15)
        np.testing.assert_allclose(line.slope[2], 1.0, rtol=1e-15)

    def test_cut_is_an_error(self) -> None:
        """The probability below nobody is part of the error."""
        line = attrs.evolve(found(asked(START, weights=END)), cut=2e-4)

        assert line.chance_errors(np.array([[6.5e5]]))[0, 0] == pytest.approx(2e-4)

    @staticmethod
    def still(rising: bool) -> Lines:  # noqa: FBT001 - the only one
        """Two sums that their input moves not at all and by one, at 3 everywhere."""
        points = np.full((2, 2 * SHIFTS), 3.0)
        slope = np.repeat([[0.0], [1.0 if rising else -1.0]], 2 * SHIFTS, axis=1)
        if not rising:
            slope[0] = -0.0
        return Lines(asked(), points, slope, Normal(2.0, 0.5), rising)

    @pytest.mark.parametrize("rising", [True, False])
    def test_nothing_over_nothing(self, *, rising: bool) -> None:
        """A sum that the input does not move is below what is more, and not below itself."""
        places = np.array([[2.9, 3.0, 3.1], [4.5, 5.0, 5.5]])
        line = self.still(rising)
        crossing = line.crossing(places)[..., 0]
        chance: FloatArray = line.chance(places)

        low, high = (-np.inf, np.inf) if rising else (np.inf, -np.inf)
        assert crossing[0].tolist() == [low, low, high]
        assert chance[0].tolist() == [0.0, 0.0, 1.0]
        law = stats.norm(5.0, 0.5) if rising else stats.norm(1.0, 0.5)
        np.testing.assert_allclose(chance[1], law.cdf(places[1]), rtol=1e-12)
