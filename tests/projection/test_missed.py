import attrs
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.projection.axes import axes_of
from attrition.projection.components import Components
from attrition.projection.conditioned import factors_at, root_of
from attrition.projection.cumulants import Given, given_all
from attrition.projection.lattice import normals_in_order
from attrition.projection.look import look_at
from attrition.projection.missed import missed
from attrition.projection.response import Response
from attrition.projection.splitting import Split, splits
from attrition.uncertain import about, between
from attrition.uncertain.lattice import FEWER, SHIFTS
from tests.projection.futures import MONTHLY, intake, losses
from tests.projection.responses import asked

START = about(712_000, sd=20_000)
LOST = between(38_000, 50_000, confidence=0.9, family="lognormal")
LOUD = attrs.evolve(MONTHLY, lasting_sd=0.6, passing_sd=0.2)
FIRST = [[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
SECOND = [[0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]]
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]
Q = np.array([0.02, 0.2, 0.5, 0.8, 0.97])


def made(response: Response) -> tuple[Split, Given]:
    """The sums at all nodes with nothing merged."""
    axes = axes_of(response)
    assert axes is not None
    parts = splits(look_at(response, axes))[-1]
    given = given_all(parts)
    assert given is not None
    return parts, given


def places(given: Given) -> FloatArray:
    """Some places of each sum, by the normal with its moments."""
    mean, var, _ = given.components.moments
    return np.asarray(mean[:, None] + np.sqrt(var)[:, None] * stats.norm.ppf(Q))


def shifted(given: Given, **moments: FloatArray) -> Given:
    """With other moments at the nodes."""
    return given._replace(components=given.components._replace(**moments))


def one_month(x: FloatArray, sd: float) -> FloatArray:
    """Probabilities of a start less a month of lognormal losses, by an integral over the noise."""
    shape = float(np.hypot(0.6, 0.2))
    z = np.linspace(-9.0, 9.0, 4_001)
    weights = stats.norm.pdf(z) * (z[1] - z[0])
    mean = 712_000 + 35_000 - 44_000 * np.exp(shape * z - 0.5 * shape**2)
    return np.asarray(stats.norm.cdf((x[:, None] - mean) / sd) @ weights)


def by_moments(components: Components, x: FloatArray) -> FloatArray:
    """Probabilities by the shifted lognormal of scipy through the moments."""
    mean, var, third = (float(moment[0, 0]) for moment in components[:3])
    if third == 0.0:
        return np.asarray(stats.norm(mean, np.sqrt(var)).cdf(x))
    skew = abs(third) / var**1.5
    # w^3 + 3 w^2 - 4 is the square of a lognormal's skewness, w = exp(sigma^2).
    w = max(np.roots([1.0, 3.0, 0.0, -4.0 - skew**2]).real)
    law = stats.lognorm(np.sqrt(np.log(w)))
    scaled = law.mean() + law.std() * np.sign(third) * (x - mean) / np.sqrt(var)
    return np.asarray(law.cdf(scaled) if third > 0.0 else law.sf(scaled))


class TestMissed:
    @pytest.mark.parametrize("sd", [10_000.0, 20_000.0])
    def test_what_three_moments_miss(self, sd: float) -> None:
        """It is the gap between the law with three moments and the integral over the noise."""
        start = about(712_000, sd=sd)
        parts, given = made(asked(start, losses(44_000, variation=LOUD), weights=FIRST))
        x = places(given)
        law = by_moments(given.components, x[0])
        off = np.abs(law - one_month(x[0], sd))

        # Eight shifts of 509 points: a thousandth for a lattice, a quarter of it for a mean.
        np.testing.assert_allclose(missed(parts, given, x)[0], off, atol=1e-3)
        assert off.max() > 5e-3

    def test_a_wrong_mean(self) -> None:
        """Where means at the nodes are wrong the simulation, which has its own, says so."""
        parts, given = made(asked(START, losses(LOST, variation=MONTHLY), weights=SECOND))
        x = places(given)
        sd = np.sqrt(given.components.moments[1])
        before = missed(parts, given, x)[0]
        wrong = shifted(given, mean=given.components.mean + 0.05 * sd[:, None])
        # The probability of at most a place falls by a twentieth of a standard deviation.
        off = 0.05 * stats.norm.pdf(stats.norm.ppf(Q))

        assert before.max() < 2e-3
        np.testing.assert_allclose(missed(parts, wrong, x)[0], off, atol=4e-3)

    def test_nodes_that_are_typical(self) -> None:
        """Four nodes of equal weight are looked at: with two of them wrong it is half as much."""
        parts, given = made(asked(START, losses(LOST, variation=MONTHLY), weights=END))
        x, one = places(given), given.components.mean[0].argsort()[2]
        sd = np.sqrt(given.components.moments[1][0])
        assert np.sort(given.components.weights) == pytest.approx(
            [0.046, 0.046, 0.454, 0.454], abs=1e-3
        )
        mean = given.components.mean.copy()
        mean[0, one] += 0.05 * sd
        off = 0.5 * 0.05 * stats.norm.pdf(stats.norm.ppf(Q))

        # At these nodes the laws differ a little from that of the whole.
        found = missed(parts, shifted(given, mean=mean), x)[0]
        np.testing.assert_allclose(found, off, atol=5e-3)
        assert found[2] == pytest.approx(off[2], rel=0.25)

    @pytest.mark.parametrize("moment", ["var", "third"])
    def test_wrong_moments(self, moment: str) -> None:
        """Where variances or third moments are wrong the simulation says so."""
        parts, given = made(asked(START, losses(44_000, variation=LOUD), weights=SECOND))
        x = places(given)
        before = missed(parts, given, x)
        value = getattr(given.components, moment)
        wrong = shifted(
            given, **{moment: 1.2 * value if moment == "var" else np.zeros(value.shape)}
        )
        off = np.abs(by_moments(given.components, x[0]) - by_moments(wrong.components, x[0]))

        assert off.max() > 5e-3
        worst = off.argmax()
        assert missed(parts, wrong, x)[0, worst] > off[worst] - before[0, worst] - 1e-9

    def test_several_nodes_and_sums(self) -> None:
        """Beside outer and folded ones too nothing is missed that three moments have."""
        tiny = about(400, sd=300, positive=True)
        lost, more = losses(LOST, variation=MONTHLY), intake(tiny)
        parts, given = made(asked(START, lost, other=[more]))
        assert parts.folded
        assert given.components.weights.size == 4
        found = missed(parts, given, places(given))

        assert found.shape == (6, len(Q))
        assert (found > 0.0).all()
        assert found.max() < 2e-3

    def test_nothing_in_closed_form_but_the_noise(self) -> None:
        """Without a start that is not known it is what a count of points is off, or its spread."""
        response = asked(712_000, losses(44_000, variation=MONTHLY), weights=FIRST)
        parts, given = made(response)
        x = places(given)
        normals = normals_in_order(parts.look.profile @ root_of(response), 0, FEWER)
        strengths = 712_000 + 35_000 - 44_000 * factors_at(response, normals)[0]
        counted = (strengths.reshape(SHIFTS, 1, FEWER) <= x[0][:, None]).mean(axis=2)
        # One month of it has the law with three moments, a lognormal turned round.
        shape = float(np.hypot(0.15, 0.08))
        law = stats.lognorm(shape, scale=44_000 * np.exp(-0.5 * shape**2))
        off = counted - law.sf(712_000 + 35_000 - x[0])
        mean, spread = np.abs(off.mean(axis=0)), off.std(axis=0, ddof=1) / np.sqrt(SHIFTS)

        assert (mean > spread).any()
        assert (mean < spread).any()
        np.testing.assert_allclose(missed(parts, given, x)[0], np.maximum(mean, spread), rtol=1e-6)

    def test_no_noise(self) -> None:
        """Without noise nothing is missed."""
        parts, given = made(asked(START, losses(LOST)))
        found = missed(parts, given, places(given))

        assert found.tolist() == np.zeros((6, len(Q))).tolist()
