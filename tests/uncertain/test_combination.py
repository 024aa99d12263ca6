import math

import numpy as np

from attrition.uncertain import Uncertain, about, exactly, uniform
from attrition.uncertain.combination import Combination
from attrition.uncertain.forms import bounds_of
from attrition.uncertain.node import Node, apply

SUM = Combination((2.0, -0.5, 3.0))


def combined(*numbers: Uncertain) -> Uncertain:
    """2 a - b / 2 + 3 c."""
    nodes: list[Node] = [number.node for number in numbers]
    return Uncertain(apply(SUM, *nodes))


class TestCombination:
    def test_values(self) -> None:
        """The sum is taken draw by draw, and known numbers go with all draws."""
        a, b, c = np.array([1.0, 4.0]), np.array([2.0, -6.0]), np.array(10.0)

        np.testing.assert_array_equal(SUM(a, b, c), [31.0, 41.0])

    def test_bounds(self) -> None:
        """Each term is lowest at the end that its sign points to."""
        found = combined(uniform(1, 4), uniform(-6, 2), uniform(10, 20))

        assert bounds_of(found.node) == (2 - 1 + 30, 8 + 3 + 60)
        assert SUM.bounds((0, 1), (0, math.inf), (0, 1)) == (-math.inf, 5)

    def test_signs(self) -> None:
        """The sum rises with what has a positive weight, and falls with the rest."""
        assert SUM.signs((0, 1), (0, 1), (0, 1)) == (1, -1, 1)

    def test_normal_terms(self) -> None:
        """A combination of normals is normal, of their variances."""
        found = combined(about(5, sd=1), about(7, sd=4), about(9, sd=0.5))

        assert found.method == "exact"
        assert found.mean() == 10 - 3.5 + 27
        assert found.std() == math.sqrt(4 + 4 + 2.25)

    def test_one_unknown(self) -> None:
        """An unknown that enters twice enters with the sum of its weights."""
        x = uniform(0, 1)

        assert combined(x, exactly(2), x).ppf(0.25) == 5 * 0.25 - 1
