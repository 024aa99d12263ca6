import math

import numpy as np
import pytest
from hypothesis import given, settings

from attrition._typing import Draws, FloatArray
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    draws,
    exactly,
    exp,
    log,
    sqrt,
    uniform,
)
from attrition.uncertain.forms import Form, bounds_in, linear_form, product_form
from attrition.uncertain.node import Column, Joint, Known, Noise, in_order
from tests.strategies import expressions

N = about(3, sd=1.5)
M = about(7, sd=2)
L = between(2, 5, confidence=0.9, family="lognormal")
K = between(1, 4, confidence=0.8, family="lognormal")
U = uniform(-3, -1)
V = uniform(-5, -2)


def _linear(x: Uncertain) -> Form:
    return linear_form(in_order([x.node]))


def _product(x: Uncertain) -> Form:
    return product_form(in_order([x.node]))


def _weights(form: Form) -> dict[tuple[str, bool], float]:
    """The weights of a form by the atom they belong to."""
    return {(atom.node.uid, atom.in_log): atom.weight for atom in form.atoms}


def _is_itself(form: Form, x: Uncertain, *, in_log: bool) -> bool:
    return form.constant == float(in_log) and _weights(form) == {(x.node.uid, in_log): 1.0}


class TestLinearForm:
    def test_weights_from_every_path(self) -> None:
        """Sums, differences and known factors add up, whatever the nesting."""
        form = _linear(2.0 * (N - 3.0 * M) + (M / 4.0 - 5.0) - (1.0 - N))

        assert form.constant == pytest.approx(-6.0)
        assert _weights(form) == pytest.approx(
            {(N.node.uid, False): 3.0, (M.node.uid, False): -5.75}
        )

    def test_what_cancels_is_gone(self) -> None:
        """A number less itself leaves nothing, neither directly nor on the way."""
        assert _linear(N - N) == Form(0.0, ())
        assert _linear((N + M) - (M + N) + 4.0) == Form(4.0, ())
        assert _weights(_linear((N + M) - N)) == {(M.node.uid, False): 1.0}

    def test_logarithms_of_products(self) -> None:
        """The logarithm of a product is the sum of the logarithms, known factors too."""
        form = _linear(3.0 * log(2.0 * L**2 / K) + N)

        assert form.constant == pytest.approx(3.0 * math.log(2.0))
        assert _weights(form) == pytest.approx(
            {(L.node.uid, True): 6.0, (K.node.uid, True): -3.0, (N.node.uid, False): 1.0}
        )

    def test_the_logarithm_of_an_exponential(self) -> None:
        """Logarithm and exponential undo each other."""
        assert _weights(_linear(log(exp(N) * exp(-2.0 * M)))) == {
            (N.node.uid, False): 1.0,
            (M.node.uid, False): -2.0,
        }

    def test_the_logarithm_of_a_square(self) -> None:
        """Of negative numbers the logarithm of a product is no sum."""
        square = U * U
        assert _weights(_linear(log(square))) == {(square.node.uid, True): 1.0}
        assert _weights(_linear(log(U / V))) == {((U / V).node.uid, True): 1.0}

    @pytest.mark.parametrize("x", [N * M, 1.0 / N**2, exp(N), N**2, sqrt(L), N])
    def test_what_is_not_linear(self, x: Uncertain) -> None:
        """Anything else is an atom."""
        assert _is_itself(_linear(x), x, in_log=False)

    def test_overflow(self) -> None:
        """A constant beyond floats is infinite, without an error."""
        assert _linear(1e308 * (10.0 + N)).constant == math.inf


class TestProductForm:
    def test_weights_from_every_path(self) -> None:
        """Products, quotients, powers and roots add up, whatever the nesting."""
        form = _product(2.0 * (L * K) ** 3 / (5.0 * sqrt(K)) / L)

        assert form.constant == pytest.approx(0.4)
        assert _weights(form) == pytest.approx({(L.node.uid, True): 2.0, (K.node.uid, True): 2.5})

    def test_what_cancels_is_gone(self) -> None:
        """A number by itself leaves one, on either side of zero."""
        assert _product(U / U) == Form(1.0, ())
        assert _product((U * V) / (V * U) * 7.0) == Form(7.0, ())
        assert _product(L**0) == Form(1.0, ())

    def test_exponentials_of_sums(self) -> None:
        """The exponential of a sum is a product, known terms too."""
        form = _product(exp(2.0 * N - M + 3.0) * L)

        assert form.constant == pytest.approx(math.exp(3.0))
        assert _weights(form) == {
            (N.node.uid, False): 2.0,
            (M.node.uid, False): -1.0,
            (L.node.uid, True): 1.0,
        }

    def test_signs_survive_whole_powers(self) -> None:
        """Of negative numbers a whole power of a product is a product of powers."""
        assert _weights(_product((-2.0 * U * V) ** 3 / V)) == {
            (U.node.uid, True): 3.0,
            (V.node.uid, True): 2.0,
        }
        assert _product((-2.0 * U * V) ** 3 / V).constant == -8.0

    def test_the_root_of_a_square(self) -> None:
        """Of a negative number the root of the square is not the number."""
        square = U * U
        for x in (sqrt(square), square**0.5, exp(0.5 * log(square)), (U**2) ** 0.5):
            assert (U.node.uid, True) not in _weights(_product(x))
        assert _weights(_product(sqrt(square))) == {(square.node.uid, True): 0.5}
        assert _product(sqrt(-2.0 * U)).constant == 1.0

    @pytest.mark.parametrize("x", [N + M, log(1.0 + L), N - 3.0, M])
    def test_what_is_no_product(self, x: Uncertain) -> None:
        """Anything else is an atom."""
        assert _is_itself(_product(x), x, in_log=True)

    def test_a_power_that_is_not_known(self) -> None:
        """An uncertain exponent cannot be a weight."""
        assert _is_itself(_product(L**N), L**N, in_log=True)
        assert _is_itself(_product(2.0**N), 2.0**N, in_log=True)

    def test_overflow(self) -> None:
        """A constant beyond floats is infinite, without an error."""
        assert _product((1e200 * L) ** 2).constant == math.inf
        assert _product(exp(1_000.0 + N)).constant == math.inf


class TestBoundsIn:
    def test_of_every_kind_of_node(self) -> None:
        """Known numbers, leaves and columns have their ends, noise has none."""
        joint = Joint(np.array([[3.0, 1.0, 2.0], [7.0, 9.0, 8.0]]))
        column, noise, known = Column(joint, 1, "b"), Noise("steps", 2), Known(4.0)
        found = bounds_in([column, noise, known, *in_order([(U + 1.0).node])])

        assert found[column.uid] == (7.0, 9.0)
        assert found[noise.uid] == (-math.inf, math.inf)
        assert found[known.uid] == (4.0, 4.0)
        assert found[U.node.uid] == (-3.0, -1.0)
        assert found[(U + 1.0).node.uid] == (-2.0, 0.0)

    @settings(max_examples=50)
    @given(expressions())
    def test_draws_lie_inside(self, x: Uncertain) -> None:
        """No draw of any expression lies outside its bounds."""
        low, high = bounds_in(in_order([x.node]))[x.node.uid]
        drawn = x.rvs(500, rng=20260101)
        slack = 1e-9 * np.abs(drawn).max()

        assert low - slack <= drawn.min()
        assert drawn.max() <= high + slack


def _sum_of(form: Form, drawn: tuple[Draws, ...]) -> FloatArray:
    parts = zip(form.atoms, drawn, strict=True)
    total = sum(a.weight * (np.log(d) if a.in_log else d) for a, d in parts)
    return np.asarray(form.constant + total)


def _product_of(form: Form, drawn: tuple[Draws, ...]) -> FloatArray:
    parts = zip(form.atoms, drawn, strict=True)
    factors = [d**a.weight if a.in_log else np.exp(a.weight * d) for a, d in parts]
    return np.asarray(form.constant * math.prod(factors))


class TestForms:
    @settings(max_examples=50)
    @given(expressions())
    def test_a_form_is_the_number(self, x: Uncertain) -> None:
        """Put together from its atoms, a form is the number it was made from, draw by draw."""
        for form, together in ((_linear(x), _sum_of), (_product(x), _product_of)):
            atoms = [Uncertain(atom.node) for atom in form.atoms]
            whole, *parts = draws(x, *atoms, n=200, rng=20260102)

            found = np.broadcast_to(together(form, tuple(parts)), whole.shape)
            assert found == pytest.approx(whole, rel=1e-6, abs=1e-6)


class TestKnown:
    def test_a_known_number_is_its_own_form(self) -> None:
        """A known number has a constant and nothing else."""
        assert _linear(exactly(4.0)) == Form(4.0, ())
        assert _product(exactly(-4.0)) == Form(-4.0, ())
