import math

import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.lattice import SHIFTS
from tests.derived import DERIVED, Derived, P
from tests.derived_plain import FORMULAS, draws_of
from tests.derived_references import REFERENCES

TWO = [derived for derived in DERIVED if derived.unknowns == 2]
MORE = [derived for derived in DERIVED if derived.unknowns > 2]

MANY = 400_000

FARTHEST = float(stats.t(SHIFTS - 1).isf(0.5e-3 / (len(MORE) * len(P))))
"""Standard errors that one quantile in all of them exceeds once in a thousand times."""


def true_quantiles(derived: Derived) -> FloatArray:
    """The references, at the probabilities P."""
    return np.array(REFERENCES[derived.name])


def spread_of(derived: Derived) -> float:
    """The interquartile range, the scale on which errors are judged."""
    return float(np.subtract(*true_quantiles(derived)[[P.index(0.75), P.index(0.25)]]))


def misses(derived: Derived) -> FloatArray:
    """How far every quantile is off, as a share of the interquartile range."""
    found = np.asarray(derived.make().ppf(P))
    off: FloatArray = np.abs(found - true_quantiles(derived)) / spread_of(derived)
    return off


def stated_errors(derived: Derived) -> FloatArray:
    """The standard error of every quantile, on the same scale."""
    law = law_of(derived.make().node)
    return np.array([law.error(p) for p in P]) / spread_of(derived)


class TestReferences:
    def test_one_for_every_number(self) -> None:
        """Sixteen numbers, nine of them of two unknowns, each with its references and formula."""
        names = [derived.name for derived in DERIVED]

        assert list(REFERENCES) == names
        assert list(FORMULAS) == names
        assert (len(TWO), len(MORE)) == (9, 7)
        assert {derived.unknowns for derived in DERIVED} == {2, 3, 4, 5, 6}

    @pytest.mark.parametrize("derived", DERIVED, ids=lambda derived: derived.name)
    def test_plain_draws_agree(self, derived: Derived) -> None:
        """As many plain draws lie below a reference as it says, within five standard errors."""
        values = draws_of(derived.name, np.random.default_rng(20260101), MANY)

        for p, place in zip(P, REFERENCES[derived.name], strict=True):
            slack = 5.0 * math.sqrt(p * (1.0 - p) / values.size)
            # On a point mass a range of probabilities has one and the same quantile.
            assert (values < place).mean() - slack <= p <= (values <= place).mean() + slack


class TestAccuracy:
    @pytest.mark.parametrize("derived", TWO, ids=lambda derived: derived.name)
    def test_two_unknowns(self, derived: Derived) -> None:
        """Quantiles of two unknowns are right to a millionth of the interquartile range."""
        assert misses(derived).max() < 1e-6

    @pytest.mark.parametrize("derived", MORE, ids=lambda derived: derived.name)
    def test_more_unknowns(self, derived: Derived) -> None:
        """Those of three to six are right to a thousandth inside, to five at the outermost."""
        off = misses(derived)
        inside = [P.index(p) for p in (0.25, 0.5, 0.75)]

        assert off[inside].max() < 1e-3
        assert off.max() < 5e-3


class TestStatedErrors:
    @pytest.mark.parametrize("derived", DERIVED, ids=lambda derived: derived.name)
    def test_the_stated_error_covers_the_true_one(self, derived: Derived) -> None:
        """No quantile is further off than its standard error, from eight copies, allows for."""
        off, stated = misses(derived), stated_errors(derived)

        # Where an integral is exact to rounding, what is left is that of the reference.
        assert (off <= FARTHEST * stated + 1e-8).all()

    def test_stated_errors_are_standard_errors(self) -> None:
        """True errors are neither much larger nor much smaller than the stated ones."""
        off = np.concatenate([misses(derived) for derived in MORE])
        stated = np.concatenate([stated_errors(derived) for derived in MORE])
        shares = off[stated > 0.0] / stated[stated > 0.0]

        # Student's law with 7 degrees of freedom has a standard deviation of 1.18.
        assert 0.7 < math.sqrt(np.mean(shares**2)) < 1.8

    @pytest.mark.parametrize("derived", MORE, ids=lambda derived: derived.name)
    def test_the_stated_error_is_of_use(self, derived: Derived) -> None:
        """What is stated is itself below the accuracy that is promised."""
        assert derived.make().summary().error < 5e-3 * spread_of(derived)
