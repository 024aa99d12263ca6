import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Period
from attrition.projection import IntakeProcess, LossProcess, Projection
from attrition.projection.lattice import on_lattice
from attrition.projection.quadrature import ByRules
from attrition.projection.response import Response
from attrition.projection.smoothed import Lines
from attrition.projection.ways import Fixed, fan_of, sums_of
from attrition.uncertain import UncertainLike, about, between, from_draws, mixture
from attrition.uncertain.lattice import FEWER, SHIFTS
from attrition.uncertain.law import Method
from tests.projection.futures import CLAIMED, MIX, MONTHLY, back, future, intake, losses
from tests.projection.responses import asked

START = about(712_000, sd=20_000)
LOST = about(44_000, sd=2_700)
LOGNORMAL = between(28_000, 42_000, confidence=0.9, family="lognormal")
EITHER = mixture([(0.6, about(44_000, sd=2_000)), (0.4, about(31_680, sd=1_500))])
JANUARY = Period.month(2026, 1)

Case = tuple[Method, UncertainLike, LossProcess, IntakeProcess]
CASES: dict[str, Case] = {
    "known": ("exact", 712_000, losses(44_000), intake(35_000)),
    "normals": ("exact", START, losses(LOST), intake(about(35_000, sd=2_100))),
    "noise": (
        "quadrature",
        START,
        losses(LOST, variation=MONTHLY),
        intake(LOGNORMAL, variation=MONTHLY),
    ),
    "mixture": ("lattice", START, losses(EITHER, variation=MONTHLY), intake(LOGNORMAL)),
    "observed": (
        "quadrature",
        START,
        losses(LOST, variation=MONTHLY, observed=JANUARY),
        intake(LOGNORMAL),
    ),
    "below zero": ("draws", about(120_000, sd=15_000), losses(LOST), intake(35_000)),
    "nothing with a density": ("draws", from_draws([6e5, 7e5, 7.1e5]), losses(44_000), intake(0)),
}


def made(case: Case, *, by_paths: bool) -> Projection:
    """A year of a case."""
    _, strength, lost, joined = case
    if by_paths:
        return future(strength, lost, joined, draws=262_144)
    return future(strength, lost, joined, method="auto", draws=65_536)


class TestWays:
    @pytest.mark.parametrize("name", CASES)
    def test_the_best_that_holds(self, name: str) -> None:
        """Known, by rules, on the lattice or by draws: the first of these that holds."""
        assert made(CASES[name], by_paths=False).provenance.method == CASES[name][0]

    @pytest.mark.parametrize("name", CASES)
    def test_agrees_with_paths(self, name: str) -> None:
        """Quantiles at all dates are those of simulated paths, within the stated errors."""
        q = [0.05, 0.5, 0.95]
        auto, paths = made(CASES[name], by_paths=False), made(CASES[name], by_paths=True)
        error = np.hypot(auto.standard_errors(q), paths.standard_errors(q))
        off = np.abs(auto.quantiles(q) - paths.quantiles(q))

        assert (off <= 5.0 * error + 1e-6).all()
        # And they are small: a fiftieth of the width of the interval.
        spread = np.ptp(paths.quantiles(q), axis=1, keepdims=True)
        assert (error <= 0.02 * spread + 1e-6).all()

    def test_returns(self) -> None:
        """With returns of an uncertain share, too."""
        q, end = [0.05, 0.5, 0.95], -1
        lost = losses(LOST, CLAIMED, variation=MONTHLY)
        auto, paths = (
            future(START, lost, intake(LOGNORMAL), returns=back(MIX), method=m, draws=262_144)
            for m in ("auto", "paths")
        )
        error = np.hypot(auto.standard_errors(q), paths.standard_errors(q))[end]
        off = np.abs(auto.quantiles(q) - paths.quantiles(q))[end]

        assert auto.provenance.method == "quadrature"
        assert (off <= 5.0 * error).all()


class TestSumsOf:
    def test_kinds(self) -> None:
        """Each way has its own kind of laws."""
        assert isinstance(sums_of(asked()), Fixed)
        assert isinstance(sums_of(asked(START)), ByRules)
        assert isinstance(sums_of(asked(712_000, losses(44_000, variation=MONTHLY))), ByRules)
        assert isinstance(sums_of(asked(START, losses(EITHER))), Lines)
        assert sums_of(asked(from_draws([6e5, 7e5]))) is None

    def test_points_of_the_lattice(self) -> None:
        """The lattice has as many points as there are to be."""
        response = asked(START, losses(EITHER))
        line = sums_of(response)

        assert isinstance(line, Lines)
        assert line.at.shape == (6, SHIFTS * FEWER)
        assert on_lattice(response, FEWER).size == SHIFTS * FEWER


class TestFixed:
    FIXED = Fixed(asked(), np.array([3.0, 5.0]))

    def test_all_answers(self) -> None:
        """A known sum is at most what is not less than it, without spread or error."""
        places = np.array([[2.9, 3.0, 3.1], [4.9, 5.0, 5.1]])
        q = np.array([0.1, 0.9])
        mean, var = self.FIXED.moments()

        assert self.FIXED.method == "exact"
        assert self.FIXED.chance(places).tolist() == [[0.0, 1.0, 1.0]] * 2
        assert self.FIXED.chance_errors(places).tolist() == [[0.0] * 3] * 2
        assert self.FIXED.quantiles(q).tolist() == [[3.0, 3.0], [5.0, 5.0]]
        assert self.FIXED.quantile_errors(q).tolist() == [[0.0, 0.0]] * 2
        assert mean.tolist() == [3.0, 5.0]
        assert var.tolist() == [0.0, 0.0]


class TestFanOf:
    def test_how_much_is_cut(self) -> None:
        """The fan knows the largest probability of a strength below zero."""
        response = asked(about(120_000, sd=17_500), losses(44_000), intake(35_000))
        fan = fan_of(response.model, response.inputs)
        assert fan is not None

        # 120,000 - 6 x 9,000 at the end is 3.77 deviations above nobody.
        assert fan.cut == pytest.approx(stats.norm.cdf(-66_000 / 17_500), rel=1e-9)
        assert fan.moments()[0].tolist() == pytest.approx(
            [111_000, 102_000, 93_000, 84_000, 75_000, 66_000]
        )

    def test_too_much_is_cut(self) -> None:
        """With more than a thousandth below zero there is no fan."""
        for sd, is_there in ((66_000 / 3.091, True), (66_000 / 3.089, False)):
            response = asked(about(120_000, sd=sd), losses(44_000), intake(35_000))
            # The quantile of a thousandth is 3.0902 deviations off.
            assert (fan_of(response.model, response.inputs) is not None) == is_there

    def test_no_way(self) -> None:
        """Without a way there is no fan."""
        response = asked(from_draws([6e5, 7e5]))

        assert fan_of(response.model, response.inputs) is None


def test_the_last_dates_count() -> None:
    """The fan holds all dates but the start."""
    response: Response = asked(START)
    fan = fan_of(response.model, response.inputs)
    assert fan is not None

    assert fan.quantiles(np.array([0.5]))[:, 0] == pytest.approx(712_000 - 9_000 * np.arange(1, 7))
