import numpy as np
import pytest

from attrition.projection.simulated import Simulated
from attrition.uncertain import about
from tests.projection.futures import future, intake, losses


@pytest.fixture(scope="module", name="paths")
def make_paths() -> Simulated:
    """A year of a normal start and level, in 65,536 paths."""
    year = future(
        about(712_000, sd=20_000), losses(about(44_000, sd=2_500)), intake(), draws=65_536
    )
    assert isinstance(year._fan, Simulated)
    return year._fan


class TestSimulated:
    def test_moments(self, paths: Simulated) -> None:
        """Mean and variance are those of the closed form, to four standard errors."""
        months = np.arange(1.0, 13.0)
        sd = np.hypot(20_000, 2_500 * months)
        mean, var = paths.moments()

        assert paths.draws == 65_536
        assert (np.abs(mean - (712_000 - 9_000 * months)) < 4 * sd / np.sqrt(65_536)).all()
        np.testing.assert_allclose(np.sqrt(var), sd, rtol=4 / np.sqrt(2 * 65_536))

    def test_probabilities(self, paths: Simulated) -> None:
        """A probability is that of the closed form within four stated errors, and these fit."""
        months = np.arange(1.0, 13.0)[:, None]
        places = 712_000 - 9_000 * months + np.hypot(20_000, 2_500 * months) * [[-1.0, 0.5]]
        chance, errors = paths.chance(places), paths.chance_errors(places)
        expected = np.array([0.158655253931, 0.691462461274])

        # Eight parts know their spread to a quarter of itself, so the floor is the binomial one.
        binomial = np.sqrt(expected * (1 - expected) / 65_536)
        assert (np.abs(chance - expected) < 4 * np.maximum(errors, binomial)).all()
        assert np.sqrt((errors**2).mean(axis=0)) == pytest.approx(binomial, rel=0.5)

    def test_quantiles(self, paths: Simulated) -> None:
        """Quantiles are where the probabilities are, and so are their errors."""
        q = np.array([0.1, 0.5, 0.95])
        found = paths.quantiles(q)
        errors = paths.quantile_errors(q)

        np.testing.assert_allclose(paths.chance(found), np.tile(q, (12, 1)), atol=2 / 65_536)
        assert errors.shape == (12, 3)
        assert errors.max() < 600
