import math

import numpy as np
import pytest

from attrition.errors import DependenceError, NumberError, ParameterError
from attrition.evidence.tie import tied_by
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
