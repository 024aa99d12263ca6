import numpy as np
import pytest

from attrition.uncertain.scores import bell, probability_of, score_of
from tests.precise import P, normal_below, normal_score


class TestBell:
    def test_integrates_to_one(self) -> None:
        """The density of the standard normal has mass one and variance one."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(20)
        ratio = bell(nodes) / np.exp(-0.5 * nodes * nodes)

        assert weights @ ratio == pytest.approx(1.0, rel=1e-14)
        assert weights @ (ratio * nodes**2) == pytest.approx(1.0, rel=1e-14)


class TestScoreOf:
    @pytest.mark.parametrize("p", P)
    def test_inverts_the_probability(self, p: float) -> None:
        """A score and a probability are the exact ones of the normal law, in both tails."""
        z = float(score_of(np.array(p)))

        assert z == pytest.approx(float(normal_score(p)), rel=1e-13, abs=1e-15)
        exact = float(normal_below(z))
        assert float(probability_of(np.array(z))) == pytest.approx(exact, rel=1e-13, abs=0.0)
