import math

import numpy as np
import pytest
from scipy import stats

from attrition.accounts import LossEstimate
from attrition.errors import DependenceError
from attrition.evidence.tie import share_unknowns, tied_counts
from attrition.uncertain import Uncertain, about, between, draws, exactly, log, probability, uniform
from tests.accounts.records import DECEMBER, STAFF, lost

A = about(35_050, sd=1_704)
B = about(31_680, sd=2_541, name="january")
C = between(8_000, 13_000, confidence=0.9, family="lognormal")
D = between(14_500, 23_000, confidence=0.9, family="lognormal")
MATRIX = np.array([[1.0, 0.5, -0.2], [0.5, 1.0, 0.4], [-0.2, 0.4, 1.0]])


def tied(numbers: list[Uncertain], correlations: object) -> list[Uncertain]:
    """The counts of estimates with these counts."""
    return tied_counts([lost(number) for number in numbers], np.asarray(correlations))


class TestShareUnknowns:
    def test_numbers_that_were_computed(self) -> None:
        """A number shares its unknown with what was computed from it."""
        assert share_unknowns(A, 2 * A + B)
        assert share_unknowns(A * C, A / C)
        assert not share_unknowns(A + B, C * D)
        assert not share_unknowns(A, exactly(5))


class TestTiedCounts:
    def test_the_laws_are_kept(self) -> None:
        """Only the ties are new; laws and names stay."""
        numbers = [A, C, B]
        found = tied(numbers, MATRIX)

        assert all(new.same_law(old) for new, old in zip(found, numbers, strict=True))
        assert set(found).isdisjoint(numbers)
        assert "'january'" in repr(found[2])

    def test_each_correlation(self) -> None:
        """The correlations of the scores are those of the matrix, pair by pair."""
        x, y, z = draws(*tied([A, C, B], MATRIX), n=200_000, rng=20260102)
        scores = np.corrcoef([x, np.log(y), z])

        # Standard error of a correlation: (1 - r^2) / sqrt(n), at most .0022; four of them.
        np.testing.assert_allclose(scores, MATRIX, atol=0.009)

    def test_any_law(self) -> None:
        """Counts of any law are tied through the normal scores of their quantiles."""
        gamma = Uncertain.of(stats.gamma(3, scale=900))
        x, y = draws(*tied([gamma, uniform(5, 9)], MATRIX[:2, :2]), n=200_000, rng=20260103)
        scores = stats.norm.ppf([stats.gamma(3, scale=900).cdf(x), (y - 5) / 4])

        assert np.corrcoef(scores)[0, 1] == pytest.approx(0.5, abs=0.0068)

    def test_the_variance_of_a_sum(self) -> None:
        """The variance of a sum of normals is the sum of all covariances."""
        sds = np.array([1_704, 2_541, 900])
        x, y, z = tied([A, B, about(28_000, sd=900)], MATRIX)

        assert (x + y + z).std() == pytest.approx(math.sqrt(sds @ MATRIX @ sds), rel=1e-12)
        assert (x + y + z).method == "exact"

    def test_lognormal_counts(self) -> None:
        """The variance of the log of a ratio is that of correlated logarithms."""
        x, y = tied([C, D], [[1, -0.4], [-0.4, 1]])
        s, t = log(C).std(), log(D).std()

        assert log(x / y).std() == pytest.approx(math.sqrt(s * s + t * t + 0.8 * s * t), rel=1e-12)

    def test_one_unknown_for_all(self) -> None:
        """With correlation 1 all rest on one unknown, and a singular matrix is no trouble."""
        x, y, z = tied([A, B, C], np.ones((3, 3)))

        assert (x / 1_704 - y / 2_541).std() == pytest.approx(0, abs=1e-12)
        assert (x + z).method == "exact"
        assert (x + z).ppf(0.1) == pytest.approx(A.ppf(0.1) + C.ppf(0.1), rel=1e-12)

    def test_computed_counts(self) -> None:
        """A computed count that is normal or lognormal keeps its law too."""
        numbers = [A + B, 1.1 * C]
        x, y = tied(numbers, MATRIX[:2, :2])

        assert x.same_law(A + B)
        assert y.same_law(1.1 * C)
        assert not share_unknowns(x, A)

    def test_who_is_not_tied_stays(self) -> None:
        """Known counts, and those correlated with no other one, stay who they are."""
        known, free = exactly(5), uniform(0, 1)
        matrix = [[1, 0.5, 0, 0.5], [0.5, 1, 0, 0.5], [0, 0, 1, 0], [0.5, 0.5, 0, 1]]
        x, y, z, w = tied([A, known, free, B], matrix)

        assert (y, z) == (known, free)
        assert share_unknowns(x, w)
        assert tied([A, known], [[1, 0.5], [0.5, 1]]) == [A, known]

    def test_old_and_new(self) -> None:
        """A question that holds a count before and after it was tied is refused."""
        x, _ = tied([A, B], MATRIX[:2, :2])
        with pytest.raises(DependenceError, match="enters as it was before it was tied"):
            probability(x > B)


class TestRefusals:
    @pytest.mark.parametrize("turn", [False, True])
    def test_other_computed_counts(self, turn: bool) -> None:  # noqa: FBT001 - a case, no flag
        """A computed count that is neither normal nor lognormal names its estimate."""
        pair: list[LossEstimate] = [lost(A), lost(A + C, period=DECEMBER, source=STAFF)]
        with pytest.raises(DependenceError) as caught:
            tied_counts(pair[::-1] if turn else pair, MATRIX[:2, :2])

        assert str(caught.value) == (
            "a correlation is stated for KILLED_AND_WOUNDED, December 2025, Russia (General "
            "Staff, 2026-02-01), whose count was computed and is neither normal nor lognormal: "
            "expected a count as it was stated. Correlate the numbers that it was computed from "
            "with correlate([...], normal_scores=...)."
        )
