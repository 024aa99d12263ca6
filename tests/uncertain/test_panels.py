import math

import numpy as np
import pytest
from scipy import special, stats

from attrition._typing import FloatArray
from attrition.uncertain import panels as module
from attrition.uncertain.panels import Panels, panels_of

P = np.array([1e-12, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999])


def gamma_density(x: FloatArray) -> FloatArray:
    """A gamma density of shape 2.5, not normalised."""
    return np.asarray(x**1.5 * np.exp(-x))


GAMMA = panels_of(gamma_density, np.linspace(0.0, 200.0, 101))


class TestPanels:
    def test_total(self) -> None:
        """The mass of a density is its integral."""
        assert GAMMA.total == pytest.approx(math.gamma(2.5), rel=1e-12)
        assert GAMMA.error < 1e-9 * GAMMA.total

    def test_masses_on_either_side(self) -> None:
        """The mass below and the mass above a place are those of the incomplete gamma function."""
        x = np.array([0.0, 0.01, 1.0, 3.7, 12.0, 60.0, 200.0])

        below, above = special.gammainc(2.5, x), special.gammaincc(2.5, x)
        np.testing.assert_allclose(GAMMA.mass_below(x) / GAMMA.total, below, rtol=1e-9)
        np.testing.assert_allclose(GAMMA.mass_above(x)[:-1] / GAMMA.total, above[:-1], rtol=1e-7)
        assert GAMMA.mass_above(x)[-1] == 0.0

    def test_places_outside(self) -> None:
        """All of the mass lies between the first and the last place."""
        assert GAMMA.mass_below(np.array([-1.0, 300.0])).tolist() == [0.0, GAMMA.total]
        assert GAMMA.mass_above(np.array([-1.0, 300.0])).tolist() == [GAMMA.above[0], 0.0]

    def test_place_between_masses(self) -> None:
        """The place between two masses is the quantile, from either tail."""
        law = stats.gamma(2.5)
        lower = GAMMA.between(P * GAMMA.total, (1.0 - P) * GAMMA.total)
        upper = GAMMA.between((1.0 - P) * GAMMA.total, P * GAMMA.total)

        np.testing.assert_allclose(lower, law.ppf(P), rtol=1e-9)
        np.testing.assert_allclose(upper, law.isf(P), rtol=1e-9)

    def test_moments(self) -> None:
        """The moments of the panels add up to those of the density."""
        assert GAMMA.moments(0.0, 0).sum() == pytest.approx(GAMMA.total, rel=1e-14)
        assert GAMMA.moments(2.5, 1).sum() == pytest.approx(0.0, abs=1e-12)
        assert GAMMA.moments(2.5, 2).sum() == pytest.approx(2.5 * math.gamma(2.5), rel=1e-12)

    def test_a_jump(self) -> None:
        """A jump between the places is found by halving, up to the spacing of floats."""
        jumped = panels_of(lambda x: np.where(x < 1 / 3, 1.0, 5.0), np.array([0.0, 1.0]))

        assert jumped.total == pytest.approx(1 / 3 + 10 / 3, rel=1e-9)
        assert jumped.between(np.array(1 / 3), np.array(10 / 3)) == pytest.approx(1 / 3, rel=1e-8)

    def test_a_pole(self) -> None:
        """An integrable pole at an end is graded towards that end."""
        poled = panels_of(lambda x: x**-0.5, np.array([0.0, 1.0]))

        assert poled.total == pytest.approx(2.0, rel=1e-8)
        assert poled.between(np.array(0.02), np.array(1.98)) == pytest.approx(1e-4, rel=1e-6)

    def test_rounding_is_no_misfit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A density that rounding makes rough ends at a number of panels, and says how rough."""
        monkeypatch.setattr(module, "_MOST_PANELS", 100)
        rough = panels_of(lambda x: 1.0 + 1e-7 * np.sin(1e9 * x), np.array([0.0, 1.0]))

        assert rough.low.size < 1_000
        assert 0.0 < rough.error < 1e-6
        assert rough.total == pytest.approx(1.0, abs=1e-7)

    def test_far_out_nothing_is_halved(self) -> None:
        """Where a share of 1e-200 of the mass is left, digits are not looked for."""
        tail = panels_of(lambda x: np.exp(-x), np.array([0.0, 1.0, 10.0, 100.0, 600.0, 745.0]))

        assert tail.total == pytest.approx(1.0, rel=1e-12)
        assert tail.low.size < 100

    def test_steps_that_do_not_suffice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """However few steps there are, a place stays in the panel that holds its mass."""
        monkeypatch.setattr(module, "_STEPS", 1)
        half = np.array(0.5 * GAMMA.total)

        assert 2.0 <= GAMMA.between(half, half) <= 4.0

    def test_neighbouring_floats(self) -> None:
        """A panel between neighbouring floats has one half, and no place is lost in the other."""
        breaks = np.array([1.0, np.nextafter(1.0, 2.0), 2.0])
        narrow = panels_of(lambda x: 1.0 / x, breaks)

        assert (narrow.width > 0.0).all()
        assert narrow.total == pytest.approx(math.log(2), rel=1e-12)
        assert narrow.mass_below(breaks).tolist() == pytest.approx([0, 0, math.log(2)], abs=1e-15)

    def test_no_place(self) -> None:
        """Without places there are no panels."""
        nowhere = panels_of(gamma_density, np.array([]))

        assert isinstance(nowhere, Panels)
        assert (nowhere.low.size, nowhere.total) == (0, 0.0)
