import functools
import itertools

import pytest

from attrition.accounts import Per
from attrition.projection import Projection
from tests.bench.models import Question, benchmark, two_hills
from tests.bench.random_models import cases
from tests.bench.steps_and_coverage import (
    CONFIDENCES,
    STEPS,
    VARIATIONS,
    Cell,
    closed,
    coverage,
    far,
    truths,
    yearly,
)

FUTURES = 20_000
DRAWS = 16_384

# So many standard errors of a variance of that many draws, 4 sqrt(2 / draws).
VARIANCE_WITHIN = 4 * (2 / DRAWS) ** 0.5

MODELS = ("two hills", "benchmark", "random 21", "random 30")
CELLS = len(MODELS) * len(CONFIDENCES) * 3


@functools.cache
def projected(name: str) -> Projection:
    """The default of a model."""
    if name.startswith("random"):
        return cases()[int(name.removeprefix("random")) - 1].future("auto")
    question: Question = {"two hills": two_hills, "benchmark": benchmark}[name]()
    return question.future()


def farthest(cells: list[Cell]) -> float:
    """The largest distance of what lies inside from what was stated, in standard errors."""
    return max(abs(cell.errors) for cell in cells)


class TestSteps:
    """The same year by days, weeks and months."""

    @pytest.mark.parametrize("clock", ["monthly", "weekly"])
    def test_mean_and_variance_of_a_year(self, clock: str) -> None:
        """The step changes no mean, and no variance by more than 2 per cent."""
        found = [yearly(VARIATIONS[clock], step, 1_024) for step in STEPS]
        for (mean, sd), (other_mean, other_sd) in itertools.combinations(found, 2):
            # Paths have their noise in common, so few show what the step does.
            assert mean == pytest.approx(other_mean, rel=1e-3)
            assert sd**2 == pytest.approx(other_sd**2, rel=0.02)

    def test_closed_form(self) -> None:
        """Mean and variance are those of a sum of correlated lognormal months."""
        mean, sd = closed(VARIATIONS["monthly"])
        found_mean, found_sd = yearly(VARIATIONS["monthly"], Per.MONTH, DRAWS)

        assert found_mean == pytest.approx(mean, abs=4 * sd / DRAWS**0.5)
        assert found_sd**2 == pytest.approx(sd**2, rel=VARIANCE_WITHIN)


class TestCoverage:
    """Futures of the model itself inside the intervals that are stated."""

    @pytest.mark.parametrize("model", MODELS)
    def test_intervals_hold_what_they_state(self, model: str) -> None:
        """Intervals of 50, 80, 90 and 95 % hold that share of 20,000 futures on every date."""
        future = projected(model)

        assert farthest(coverage(future, truths(future, FUTURES))) < far(CELLS)

    def test_another_model_is_noticed(self) -> None:
        """Futures without lasting noise and returns lie outside as no model's own do."""
        hills, other = projected("two hills"), projected("benchmark")

        assert farthest(coverage(hills, truths(other, FUTURES))) > 5 * far(CELLS)

    def test_correction_for_many_cells(self) -> None:
        """One cell may be four standard errors off; the largest of a thousand somewhat more."""
        assert far(1) == pytest.approx(4.0)
        assert far(1_000) == pytest.approx(5.40, abs=0.1)
