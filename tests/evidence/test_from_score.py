import math

import numpy as np
import pytest

from attrition.evidence.from_score import FromScore
from attrition.uncertain import Uncertain, about
from attrition.uncertain.families import LogitNormal, Uniform
from attrition.uncertain.node import apply


class TestFromScore:
    def test_a_standard_score_gives_the_law(self) -> None:
        """At a standard normal score the number has the law, and an exact one."""
        number = Uncertain(apply(FromScore(Uniform(0.2, 0.6)), about(0, sd=1).node))

        assert number.method == "exact"
        assert number.ppf([0.1, 0.9]) == pytest.approx([0.24, 0.56], rel=1e-9)

    def test_any_other_score_moves_it(self) -> None:
        """The log odds of a logit-normal number move with the score."""
        law = LogitNormal(0.2, 0.4)
        number = Uncertain(apply(FromScore(law), about(1.5, sd=0.5).node))

        assert number.median() == pytest.approx(1 / (1 + math.exp(-0.2 - 0.4 * 1.5)), rel=1e-12)
        assert number.support() == (0.0, 1.0)

    def test_direction_and_bounds(self) -> None:
        """It rises with the score and stays where the law is."""
        function = FromScore(Uniform(0.2, 0.6))

        assert function.signs((-np.inf, np.inf)) == (1,)
        assert function.bounds((-1.0, 1.0)) == (0.2, 0.6)
        assert function(np.array(0.0)) == pytest.approx(0.4)
