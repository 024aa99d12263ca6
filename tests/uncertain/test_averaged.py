import math
import re

import numpy as np
import pytest
from scipy import stats

from attrition import Uncertain, exp, from_draws, maximum, minimum, uniform
from attrition.errors import MomentError
from attrition.uncertain import Event
from attrition.uncertain.averaged import Averaged
from attrition.uncertain.conditional import conditional_law


def averaged(x: Uncertain, event: Event | None = None) -> Averaged:
    """The law of a number as a mean over all unknowns but one."""
    law = conditional_law(x.node, None if event is None else event.node)
    assert law is not None
    return law


U, V = uniform(0, 1), uniform(0, 1)
MASS = 0.3 * (1.0 - math.log(0.3))


class TestRepr:
    def test_says_what_and_how(self) -> None:
        """A law says what was computed last, how it is found, and that something is given."""
        drawn = from_draws([1.0, 2.0])

        assert repr(averaged(U * V)) == "Multiply by quadrature"
        assert repr(averaged(U + drawn)) == "Add by exact"
        assert repr(averaged(U, U < V)) == "unknown by quadrature, given an event"
        assert (
            repr(averaged(U * V * exp(U + V + uniform(0, 1)) + uniform(0, 2))) == "Add by lattice"
        )


class TestAtoms:
    @pytest.mark.parametrize("other", [V, from_draws([0.2, 0.9, 0.5, 0.7])], ids=["scores", "rows"])
    def test_both_sides_of_a_value(self, other: Uncertain) -> None:
        """What is less than a value, the value itself and what is more are one together."""
        law, at = averaged(maximum(U * other, 0.3) - 0.1), np.array(0.2)
        below, at_most, above, at_least = (
            float(f(at)) for f in (law.below, law.cdf, law.sf, law.at_least)
        )

        assert law.atomic
        assert below == 0.0
        assert at_most + above == pytest.approx(1.0, rel=1e-12)
        assert at_least == pytest.approx(1.0, rel=1e-12)
        assert at_most > 0.5

    def test_rounded(self) -> None:
        """A value that was rounded on its way has its mass all the same."""
        for shift in (0.1, 0.7, 1 / 3, 1e6 / 7):
            law = averaged((maximum(U * V, 0.3) + shift) / 3)
            at = np.array((0.3 + shift) / 3)

            # As far as 1e-12 of the value beside it belongs to it, and has its share of mass.
            close = pytest.approx(MASS, abs=1e-9 + 1e-11 * shift)
            assert float(law.cdf(at) - law.below(at)) == close

    def test_smooth_numbers_have_none(self) -> None:
        """Without a maximum or choice, less and at most are one."""
        law, at = averaged(U * V), np.array([0.1, 0.4])

        assert not law.atomic
        assert law.below(at).tolist() == law.cdf(at).tolist()
        assert law.at_least(at).tolist() == law.sf(at).tolist()


class TestMoments:
    def test_between_two_atoms(self) -> None:
        """The moments of u v cut to [0.1, 0.6] are those of its formula, atoms included."""
        law = averaged(minimum(maximum(U * V, 0.1), 0.6))
        ends = [t * t * (0.75 - 0.5 * math.log(t)) for t in (0.1, 0.6)]
        squares = [t**3 * (4.0 / 9.0 - math.log(t) / 3.0) for t in (0.1, 0.6)]
        # E[X] = a + the integral of P(X > t), with P(u v > t) = 1 - t (1 - log t).
        mean = 0.6 - (ends[1] - ends[0])
        square = 0.36 - 2.0 * (squares[1] - squares[0])

        assert law.mean() == pytest.approx(mean, rel=1e-9)
        assert law.var() == pytest.approx(square - mean**2, rel=1e-8)

    def test_missing_moments_below(self) -> None:
        """A number that rests on a law without a mean has none that can be trusted."""
        law = averaged(Uncertain.of(stats.pareto(0.9)) * U)
        message = (
            "the mean of a number that rests on pareto(0.9), whose own is infinite, may not exist. "
            "Use median() and interval(confidence), which always exist."
        )

        with pytest.raises(MomentError, match=f"^{re.escape(message)}$"):
            law.mean()

    def test_missing_variance_below(self) -> None:
        """Nor is there a variance to be trusted of one that rests on a law without a variance."""
        heavy = Uncertain.of(stats.t(1.5, loc=2.0))
        law = averaged(heavy * U)

        with pytest.raises(MomentError, match="the variance of a number that rests on"):
            law.var()

    def test_bounds_keep_them_out(self) -> None:
        """Between finite bounds there is always a mean."""
        law = averaged(minimum(maximum(Uncertain.of(stats.cauchy()) * U, -1.0), 1.0))

        assert law.mean() == pytest.approx(0.0, abs=1e-9)
        assert law.support() == (-1.0, 1.0)
