from itertools import product

import numpy as np
import pytest

from tests.bench import plain
from tests.bench.models import Question, benchmark, two_hills
from tests.bench.projection_references import TWO_HILLS

DRAWS = 65_536
QUESTIONS = {"benchmark": benchmark(), "two hills": two_hills()}
SEED = 20260101

# Of some 300 correlated figures none should be beyond this many standard errors.
FAR = 5.0


class TestBaselines:
    """Plain numpy against the tables of make_projection_references.py, which shares no code."""

    @pytest.mark.parametrize(("name", "way"), [*product(QUESTIONS, ["plainly", "by_months"])])
    def test_quantiles_and_passage(self, name: str, way: str) -> None:
        """A matrix and a loop over months give what 1e8 draws gave, in every month."""
        question: Question = QUESTIONS[name]
        reference = question.reference
        found: plain.Answer = getattr(question, way)(DRAWS, SEED, reference.levels)
        gaps = found.quantiles - np.array(reference.quantiles)
        below = np.array(reference.below_by)
        # Where few paths are below, the count is Poisson, and five errors are eight of them.
        error = np.sqrt(below * (1.0 - below) / DRAWS) + 2.0 / DRAWS

        assert (np.abs(gaps) * DRAWS**0.5 < FAR * np.array(reference.scales)).all()
        assert (np.abs(found.below_by - below) < FAR * error).all()

    def test_recruits_needed(self) -> None:
        """Bisection finds the median and the 90 % level of what 1e8 paths needed."""
        parts = plain.hills_parts(DRAWS, np.random.default_rng(SEED))
        for p in (0.5, 0.9):
            place = TWO_HILLS.needed_levels.index(p)
            found = plain.needed_kept(parts, p, TWO_HILLS.threshold)
            error = TWO_HILLS.needed_scales[place] / DRAWS**0.5

            assert found == pytest.approx(
                TWO_HILLS.needed[place], abs=FAR * error + plain.CLOSE / 2
            )

    def test_bisection_over_new_paths(self) -> None:
        """Paths drawn anew from one seed are the paths that were kept."""
        parts = plain.hills_parts(4_096, np.random.default_rng(SEED))
        anew = plain.needed_anew(4_096, SEED, 0.9, TWO_HILLS.threshold)

        assert anew == plain.needed_kept(parts, 0.9, TWO_HILLS.threshold)

    def test_strength_is_linear_in_the_level(self) -> None:
        """Strength is that without recruits plus the level times what one recruit adds."""
        parts = plain.hills_parts(100, np.random.default_rng(SEED))
        strength = plain.two_hills(100, np.random.default_rng(SEED))
        level = (strength - parts.without) / parts.each

        np.testing.assert_allclose(level, np.broadcast_to(level[0], level.shape), rtol=1e-9)
