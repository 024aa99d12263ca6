import math
import warnings

import numpy as np
import pytest

from attrition.errors import FewDrawsWarning
from attrition.evidence import Claim
from attrition.evidence.posterior import exact_route, importance_route
from attrition.evidence.statements import Problem, problem_of
from attrition.uncertain import Uncertain, about, from_joint_draws, uniform
from attrition.uncertain.node import Column

X, Y = about(31_000, sd=5_000, name="x"), about(35_000, sd=4_000)
SHARE = uniform(0.2, 0.6)
GAP = Claim(relation=X - Y, value=about(9_000, sd=6_000), scale="difference")


def problem(**quantities: Uncertain) -> Problem:
    """The claim of the officials on these quantities."""
    return problem_of(quantities, [GAP])


class TestExactRoute:
    def test_only_what_claims_touch_is_replaced(self) -> None:
        """An unknown of no claim, and a value, have no replacement."""
        found = problem(x=X, y=Y, part=X * SHARE)
        assert found.linear is not None
        given = exact_route(found, found.linear)

        assert given is not None
        assert set(given.replacements) == {X.node.uid, Y.node.uid}
        assert given.effective_draws == math.inf
        assert given.errors == {"x": 0.0, "y": 0.0, "part": 0.0}

    def test_none(self) -> None:
        """Exact claims that exclude each other leave nothing."""
        claims = [Claim(relation=X, value=v, scale="difference") for v in (30_000, 31_000)]
        found = problem_of({"x": X}, claims)
        assert found.linear is not None

        assert exact_route(found, found.linear) is None


class TestImportanceRoute:
    def test_quantities_and_unknowns_are_columns(self) -> None:
        """Quantities that rest on touched unknowns are columns, and so are such unknowns."""
        given = importance_route(problem(gap=X - Y, x=X, part=X * SHARE))
        assert given is not None
        columns = {
            uid: node for uid, node in given.replacements.items() if isinstance(node, Column)
        }

        assert set(columns) == {(X - Y).node.uid, X.node.uid, Y.node.uid}
        assert [c.label for c in columns.values()] == [
            "gap",
            "x",
            "Normal(centre=35000.0, sd=4000.0)",
        ]
        gap, x, y = (
            columns[number.node.uid].joint.values[i] for i, number in enumerate((X - Y, X, Y))
        )
        assert gap == pytest.approx(x - y, rel=1e-12, abs=1e-6)
        assert (np.diff(gap) >= 0.0).all()

    def test_errors_are_those_of_the_means(self) -> None:
        """The stated error is of the size of what the posterior mean is off."""
        given = importance_route(problem(gap=X - Y, x=X))
        assert given is not None
        mean = Uncertain(given.replacements[(X - Y).node.uid]).mean()
        exact = (-4_000 / 41e6 + 9_000 / 36e6) / (1 / 41e6 + 1 / 36e6)

        assert 0.0 < given.errors["gap"] < 1.0
        assert abs(mean - exact) < 5 * given.errors["gap"]

    def test_joint_unknowns(self) -> None:
        """All columns of a joint unknown go together, also those that are no quantity."""
        rng = np.random.default_rng(20260101)
        a = rng.normal(10, 2, 400)
        tied = from_joint_draws({"a": a, "b": 2 * a})
        claim = Claim(relation=tied["a"], value=about(12, sd=1), scale="difference")
        given = importance_route(problem_of({"a": tied["a"]}, [claim]))
        assert given is not None
        weights = np.exp(-0.5 * np.square(a - 12))
        mean = float(weights @ a / weights.sum())
        new = {uid: Uncertain(node) for uid, node in given.replacements.items()}

        # Worlds of the lattice fall on draws as often as on one in 400, give or take one.
        assert new[tied["a"].node.uid].mean() == pytest.approx(mean, abs=2e-3)
        assert new[tied["b"].node.uid].mean() == pytest.approx(2 * mean, abs=4e-3)
        column = given.replacements[tied["b"].node.uid]
        assert isinstance(column, Column)
        assert column.label.startswith("Joint(")

    def test_few_draws(self) -> None:
        """A posterior on slivers says how few draws it is worth."""
        x = about(0, sd=1)
        claim = Claim(relation=x * x, value=about(4, sd=0.01), scale="difference")
        with pytest.warns(FewDrawsWarning) as caught:
            given = importance_route(problem_of({"x": x}, [claim]))

        assert given is not None
        assert str(caught[0].message) == (
            f"the posterior rests on {given.effective_draws:.0f} effective draws: its answers are "
            "rough, and so are their errors. The claims lie far from what was known before, or "
            "leave a sliver of it: widen whichever spread was stated too narrow."
        )
        assert given.effective_draws < 400

    def test_enough_draws(self) -> None:
        """Nothing is said where there are enough."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert importance_route(problem(x=X, y=Y)) is not None
