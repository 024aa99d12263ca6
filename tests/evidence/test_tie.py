import math

import numpy as np
import pytest

from attrition.errors import DependenceError, NumberError, ParameterError
from attrition.evidence.tie import share_unknowns, tied, tied_by
from attrition.uncertain import Uncertain, about, between, draws, exactly, log, uniform

A = about(35_050, sd=1_704)
B = about(31_680, sd=2_541)
C = between(8_000, 13_000, confidence=0.9, family="lognormal")
D = between(14_500, 23_000, confidence=0.9, family="lognormal")


class TestTiedBy:
    @pytest.mark.parametrize("other", [B, D])
    @pytest.mark.parametrize("fixed", [A, C])
    @pytest.mark.parametrize("r", [-1, -0.3, 0.8, 1])
    def test_the_law_is_kept(self, fixed: Uncertain, other: Uncertain, r: float) -> None:
        """Only the tie is new: the law stays that of the number."""
        assert tied_by(fixed, other, r).same_law(other)

    def test_normal_numbers(self) -> None:
        """The variance of the difference is that of correlated normals."""
        r = 0.6
        variance = 1_704**2 + 2_541**2 - 2 * r * 1_704 * 2_541

        assert (A - tied_by(A, B, r)).std() == pytest.approx(math.sqrt(variance), rel=1e-12)

    def test_lognormal_numbers(self) -> None:
        """The variance of the log of the ratio is that of correlated logarithms."""
        r, s, t = -0.4, log(C).std(), log(D).std()
        variance = s * s + t * t - 2 * r * s * t

        assert log(C / tied_by(C, D, r)).std() == pytest.approx(math.sqrt(variance), rel=1e-12)

    def test_a_normal_and_a_lognormal_number(self) -> None:
        """The correlation is between the one and the logarithm of the other."""
        x, y = draws(A, tied_by(A, D, 0.7), n=200_000, rng=20260101)

        # Standard error of a correlation: (1 - r^2) / sqrt(n), .0011; four of them.
        assert np.corrcoef(x, np.log(y))[0, 1] == pytest.approx(0.7, abs=0.0046)

    def test_zero_leaves_the_number(self) -> None:
        """No correlation leaves the very number, with the ties that it has."""
        assert tied_by(A, B, 0) is B
        assert tied_by(A, uniform(0, 1), 0.0).support() == (0, 1)

    def test_known_numbers_have_no_correlation(self) -> None:
        """A known number stays known, and nothing is tied to it."""
        known = exactly(30_000)

        assert tied_by(A, known, 0.8) is known
        assert tied_by(known, B, 0.8) is B


class TestShareUnknowns:
    def test_numbers_that_were_computed(self) -> None:
        """A number shares its unknown with what was computed from it."""
        assert share_unknowns(A, 2 * A + B)
        assert share_unknowns(A * C, A / C)
        assert not share_unknowns(A + B, C * D)
        assert not share_unknowns(A, exactly(5))


class TestTied:
    MATRIX = np.array([[1.0, 0.5, -0.2], [0.5, 1.0, 0.4], [-0.2, 0.4, 1.0]])

    def test_the_laws_are_kept(self) -> None:
        """Only the ties are new."""
        numbers = [A, C, B]

        assert all(
            new.same_law(old) and new != old
            for new, old in zip(tied(numbers, self.MATRIX), numbers, strict=True)
        )

    def test_each_correlation(self) -> None:
        """The correlations of the scores are those of the matrix, pair by pair."""
        x, y, z = draws(*tied([A, C, B], self.MATRIX), n=200_000, rng=20260102)
        scores = np.corrcoef([x, np.log(y), z])

        # Standard error of a correlation: (1 - r^2) / sqrt(n), at most .0022; four of them.
        np.testing.assert_allclose(scores, self.MATRIX, atol=0.009)

    def test_the_variance_of_a_sum(self) -> None:
        """The variance of a sum of normals is the sum of all covariances."""
        numbers = [A, B, about(28_000, sd=900)]
        sds = np.array([1_704, 2_541, 900])
        x, y, z = tied(numbers, self.MATRIX)

        assert (x + y + z).std() == pytest.approx(math.sqrt(sds @ self.MATRIX @ sds), rel=1e-12)

    def test_one_unknown_for_all(self) -> None:
        """With correlation 1 all rest on one unknown, and a singular matrix is no trouble."""
        x, y, z = tied([A, B, C], np.ones((3, 3)))

        assert (x / 1_704 - y / 2_541).std() == pytest.approx(0, abs=1e-12)
        assert log(z).std() == pytest.approx(log(C).std())
        assert (x + z).summary().method == "exact"

    def test_opposites(self) -> None:
        """With correlation -1 the errors of equal spreads cancel."""
        x, y = tied([A, about(30_000, sd=1_704)], np.array([[1.0, -1.0], [-1.0, 1.0]]))

        assert (x + y).std() == pytest.approx(0, abs=1e-9)

    def test_who_is_not_tied_stays(self) -> None:
        """Known numbers, and those correlated with no other one, stay who they are."""
        known, free = exactly(5), uniform(0, 1)
        matrix = np.array([[1, 0.5, 0, 0.5], [0.5, 1, 0, 0.5], [0, 0, 1, 0], [0.5, 0.5, 0, 1]])
        x, y, z, w = tied([A, known, free, B], matrix)

        assert (y, z) == (known, free)
        assert y is known
        assert share_unknowns(x, w)
        assert tied([A, known], np.array([[1, 0.5], [0.5, 1]])) == [A, known]


class TestRefusals:
    @pytest.mark.parametrize("r", [-1.01, 1.5])
    def test_outside(self, r: float) -> None:
        """A correlation lies in [-1, 1]."""
        with pytest.raises(DependenceError) as caught:
            tied_by(A, B, r)

        assert str(caught.value) == (
            f"correlation is {r}: expected a number in [-1, 1]. Type for example correlation=0.8."
        )

    @pytest.mark.parametrize(("r", "error"), [(True, NumberError), (math.nan, ParameterError)])
    def test_no_number(self, r: float, error: type[Exception]) -> None:
        """A bool and nan are no correlations."""
        with pytest.raises(error):
            tied_by(A, B, r)

    @pytest.mark.parametrize("numbers", [(A, uniform(1, 9)), (uniform(1, 9), A)])
    def test_other_laws(self, numbers: tuple[Uncertain, Uncertain]) -> None:
        """Other laws have no normal scale that is known here."""
        with pytest.raises(DependenceError) as caught:
            tied_by(*numbers, 0.5)

        assert str(caught.value) == (
            "a correlation other than 0 is stated for Uncertain(Uniform(low=1.0, high=9.0)), "
            "which is neither normal nor lognormal: expected one of the two. State the figure "
            "with about(...) or between(...), or type correlation=0."
        )
