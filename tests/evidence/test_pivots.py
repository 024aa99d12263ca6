import math

import numpy as np
import pytest
from scipy import stats

from attrition.evidence.pivots import Pivot, Solved, pivots_of, placed
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    from_draws,
    from_joint_draws,
    log,
    share,
    uniform,
)
from attrition.uncertain.node import Column, Leaf

X, Y = about(44_000, sd=3_000), about(35_000, sd=2_000)
K = between(5_000, 20_000, confidence=0.9, family="lognormal")
W = between(1.3, 3.4, confidence=0.9, family="lognormal")
V = about(9_000, sd=1_000)
Z = 1.6448536269514722


def leaf(number: Uncertain) -> Leaf:
    """The unknown itself."""
    assert isinstance(number.node, Leaf)
    return number.node


class TestPivotsOf:
    def test_the_value_is_preferred(self) -> None:
        """A measured value is solved for even where it is the narrowest."""
        (pivot,) = pivots_of([(X - Y - V).node], [leaf(V)]) or []

        assert pivot == Pivot(0, leaf(V), -1.0, in_log=False)

    def test_the_widest_of_an_exact_claim(self) -> None:
        """An exact claim is solved for the unknown that moves it most."""
        (plain,) = pivots_of([(X - 2 * Y).node], [None]) or []
        (in_log,) = pivots_of([(log(K) - log(W)).node], [None]) or []

        assert (plain.leaf, plain.weight) == (leaf(Y), -2.0)
        assert (in_log.leaf, in_log.weight, in_log.in_log) == (leaf(K), 1.0, True)
        assert in_log.reach() == pytest.approx(2 * 0.6744897501960817 * math.log(4) / (2 * Z))

    def test_one_after_another(self) -> None:
        """An unknown of several claims is solved for in the last of them, if at all."""
        pivots = pivots_of([(X + Y).node, (Y - 30_000).node], [None, None])

        assert pivots is not None
        assert [(p.claim, p.leaf) for p in pivots] == [(1, leaf(Y)), (0, leaf(X))]

    @pytest.mark.parametrize(
        "gaps",
        [
            [(X * Y).node],
            [(X * Y + X).node],
            [(from_draws([1, 2, 4]) - 2).node],
            [(X + Y).node, (X - Y).node],
        ],
    )
    def test_none(self, gaps: list[Leaf]) -> None:
        """Not in a product, not beside itself, not at a point mass, not around a corner."""
        assert pivots_of(gaps, [None] * len(gaps)) is None

    def test_logarithms_of_numbers_that_could_be_negative(self) -> None:
        """The logarithm of a normal number is solved for the number."""
        (pivot,) = pivots_of([(log(K) - log(X)).node], [leaf(X)]) or []

        assert pivot == Pivot(0, leaf(X), -1.0, in_log=True)


class TestSolved:
    def test_a_measured_value_gives_its_density(self) -> None:
        """The likelihood is the density of the value at the relation, but for a constant."""
        pivots = pivots_of([(X - Y - V).node], [leaf(V)]) or []
        kernel = Solved(gaps=((X - Y - V).node,), pivots=tuple(pivots), free=(leaf(X), leaf(Y)))
        z = np.array([[0.0, 1.0, -2.0], [0.0, 0.5, 1.0]])
        values, found = kernel.solve(z)
        g = 9_000 + 3_000 * z[0] - 2_000 * z[1]
        wanted = stats.norm.logpdf(g, 9_000, 1_000)

        assert values[leaf(V).uid] == pytest.approx(g, rel=1e-12)
        assert np.diff(found) == pytest.approx(np.diff(wanted), rel=1e-10)

    @pytest.mark.parametrize(
        ("value", "law"),
        [
            (
                between(8_000, 14_000, confidence=0.9, family="lognormal"),
                stats.lognorm(math.log(14 / 8) / (2 * Z), scale=math.sqrt(8_000 * 14_000)),
            ),
            (about(9_000, sd=1_000), stats.norm(9_000, 1_000)),
            (uniform(7_000, 30_000), stats.uniform(7_000, 23_000)),
        ],
    )
    def test_logarithms(self, value: Uncertain, law: stats.rv_continuous) -> None:
        """On the log scale it is the density of the logarithm of the value."""
        gap = (log(K) + log(W) - log(value)).node
        pivots = pivots_of([gap], [leaf(value)]) or []
        kernel = Solved(gaps=(gap,), pivots=tuple(pivots), free=(leaf(K), leaf(W)))
        z = np.array([[-0.5, 0.0, 0.4], [0.3, 0.0, -1.0]])
        g = (K.ppf(stats.norm.cdf(z[0])) * W.ppf(stats.norm.cdf(z[1]))).astype(float)
        wanted = law.logpdf(g) + np.log(g)

        assert np.diff(kernel.log_likelihood(z)) == pytest.approx(np.diff(wanted), rel=1e-6)

    def test_impossible_values(self) -> None:
        """Where the value has no density, the claims cannot hold."""
        value = uniform(0, 5_000)
        gap = (X - Y - value).node
        pivots = pivots_of([gap], [leaf(value)]) or []
        kernel = Solved(gaps=(gap,), pivots=tuple(pivots), free=(leaf(X), leaf(Y)))

        assert np.isfinite(kernel.log_likelihood(np.array([[-2.0, 0.0], [0.0, 0.0]]))).tolist() == [
            True,
            False,
        ]

    def test_far_tails(self) -> None:
        """Normal and lognormal values reach as far out as squares do."""
        for value in (about(1, sd=1e-3), between(0.99, 1.01, confidence=0.9, family="lognormal")):
            gap = (X - value).node
            kernel = Solved(
                gaps=(gap,), pivots=(Pivot(0, leaf(value), -1.0, in_log=False),), free=(leaf(X),)
            )
            assert np.isfinite(kernel.log_likelihood(np.zeros((1, 1)))).all()


class TestPlaced:
    def test_unknowns_and_joint_rows(self) -> None:
        """A score is a quantile of an unknown, and a row of a joint one."""
        s, tied = share(0.4, 0.7, confidence=0.9), from_joint_draws({"a": [1, 2, 5, 9]})["a"].node
        assert isinstance(tied, Column)
        z = np.array([-Z, 0.1, Z])

        assert placed(leaf(s), z)[[0, 2]] == pytest.approx([0.4, 0.7])
        assert placed(tied.joint, z).tolist() == [0.0, 2.0, 3.0]
