import math

import numpy as np
import pytest

from attrition.errors import ClaimError
from attrition.evidence import Claim
from attrition.evidence.statements import problem_of
from attrition.evidence.worlds import Worlds, prior_worlds, worlds_given
from attrition.uncertain import about, between, uniform
from attrition.uncertain.lattice import POINTS, SHIFTS

X, Y = about(31_000, sd=5_000), about(35_000, sd=4_000)
GAP = Claim(relation=X - Y, value=about(9_000, sd=6_000), scale="difference")


class TestWorlds:
    def test_error_of_the_mean(self) -> None:
        """It is the spread of the means of the copies over the root of their number."""
        means = np.array([3.0, 5.0, 4.0, 8.0, 1.0, 2.0, 9.0, 6.0])
        worlds = Worlds(values={}, weights=np.full(SHIFTS * POINTS, 1.0))
        error = worlds.error_of_mean(np.repeat(means, POINTS))

        assert error == pytest.approx(means.std(ddof=1) / math.sqrt(8))

    def test_impossible_worlds_do_not_count(self) -> None:
        """Values without weight may be missing, and a copy without any is left out."""
        values = np.repeat([np.nan, 5.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0], POINTS)
        weights = np.repeat([0.0, 1, 1, 1, 1, 1, 1, 1], POINTS)

        assert Worlds(values={}, weights=weights).error_of_mean(values) == pytest.approx(1 / 7)
        one = np.repeat([0.0, 1, 0, 0, 0, 0, 0, 0], POINTS)
        assert Worlds(values={}, weights=one).error_of_mean(values) == math.inf


class TestPriorWorlds:
    def test_moments(self) -> None:
        """Before any claim worlds are those of the lattice, all of one weight."""
        worlds = prior_worlds([X.node, Y.node])
        (gap,) = worlds.of([(X - Y).node])

        assert worlds.effective == pytest.approx(SHIFTS * POINTS)
        assert gap.mean() == pytest.approx(-4_000, abs=4 * worlds.error_of_mean(gap))
        assert gap.std() == pytest.approx(math.hypot(5_000, 4_000), rel=1e-3)


class TestWorldsGiven:
    def test_numbers_beside_the_claims(self) -> None:
        """What no claim touches keeps its law, independent of what they say."""
        share = uniform(0.2, 0.6)
        problem = problem_of({"x": X, "y": Y, "share": share}, [GAP])
        worlds = worlds_given(problem.statements, [share.node])
        assert worlds is not None
        part, gap = worlds.of([share.node, (X - Y).node])
        mean = worlds.weights @ part

        assert mean == pytest.approx(0.4, abs=1e-4)
        assert worlds.weights @ ((part - mean) * gap) == pytest.approx(0.0, abs=1.0)
        assert worlds.weights.sum() == pytest.approx(1.0)

    def test_none(self) -> None:
        """There are no worlds where claims exclude what was known."""
        share = uniform(0, 1)
        claim = Claim(relation=share, value=uniform(2, 3), scale="difference")

        assert worlds_given(problem_of({"share": share}, [claim]).statements, []) is None

    def test_claims_that_cannot_be_solved(self) -> None:
        """An exact product of normals has no unknown to solve for."""
        ratio = between(1.3, 3.4, confidence=0.9, family="lognormal")
        claims = [
            GAP,
            Claim(relation=X * Y + X, value=1e9, scale="difference", name="product"),
            Claim(relation=X * ratio + ratio, value=7e4, scale="difference"),
        ]
        statements = problem_of({"x": X, "y": Y, "ratio": ratio}, claims).statements
        with pytest.raises(ClaimError) as caught:
            worlds_given(statements, [])

        assert str(caught.value) == (
            "product, claim 3: the value has no density of its own, and the claim cannot be solved "
            "for one of the unknowns. State the value as one number with a spread, such as "
            'about(..., sd=...), or write the relation as a sum with scale="difference" or as a '
            'product with scale="log".'
        )
