import pytest

from tests.evidence.calibration import BUGS, SEEDS, SURE, exact_places, p_values

PLANTED = [bug for bug in BUGS if bug != "none"]


class TestClosedForm:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_it_is_calibrated(self, seed: int) -> None:
        """Over 5,000 worlds and their claims the posterior has the truth where it says."""
        assert p_values(exact_places("none", seed)).min() > SURE

    @pytest.mark.parametrize("bug", PLANTED)
    def test_planted_bugs_are_caught(self, bug: str) -> None:
        """Each bug shows in at least nine of ten seeds."""
        caught = [p_values(exact_places(bug, seed)).min() < SURE for seed in SEEDS]

        assert sum(caught) >= 9
