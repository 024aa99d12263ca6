import math
from typing import final

import attrs
import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from attrition._typing import FloatArray
from attrition.uncertain import Uncertain, about, correlate, given, truncate, uniform
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.families import Normal
from attrition.uncertain.law import Law, open_unit
from attrition.uncertain.mixed import MixtureLaw
from attrition.uncertain.monotone import Affine
from attrition.uncertain.node import Leaf
from attrition.uncertain.pairs import Larger
from attrition.uncertain.quantile_table import (
    ScoreTable,
    StepTable,
    drawn,
    placed,
    scored,
    table_of,
)
from attrition.uncertain.scipy_law import from_scipy
from attrition.uncertain.shape_laws import Pert
from attrition.uncertain.truncate import Truncated

MANY = 16_384
GAMMA = from_scipy(stats.gamma(4, scale=9_000))


def _uniforms(n: int = MANY) -> FloatArray:
    return open_unit(np.random.default_rng(20260101).random(n))


def _scores(table: Law) -> ScoreTable:
    found = table_of(table)
    assert isinstance(found, ScoreTable)
    return found


SEARCHED: list[Law] = [
    GAMMA,
    Pert(8.0, 10.0, 15.0),
    Truncated(from_scipy(stats.gamma(4)), 1.0, 5.0),
    Affine(from_scipy(stats.beta(2.3, 0.63)), 3.0, -2.0),
    MixtureLaw((0.4, 0.6), (Normal(0.0, 1.0), Normal(2.0, 0.5))),
    Larger(Normal(0.0, 1.0), Normal(1.0, 2.0)),
    from_scipy(stats.make_distribution(stats.gamma)(a=2.5)),
]


class TestScoreTable:
    @pytest.mark.parametrize("law", SEARCHED, ids=lambda law: type(law).__name__)
    def test_draws_are_close_and_in_order(self, law: Law) -> None:
        """A draw is within 1e-6 in probability of where its uniform puts it; ranks stay."""
        u = _uniforms()
        x = _scores(law).ppf(law, u)

        assert np.abs(law.cdf(x) - u).max() <= 1e-6
        assert (np.argsort(x, kind="stable") == np.argsort(u, kind="stable")).all()

    def test_straight_quantiles_are_exact(self) -> None:
        """Cubics through a straight line are the line."""
        z = np.linspace(-2.0, 2.0, 9)
        table = ScoreTable.through(z, 5.0 + 3.0 * z)
        inside = np.linspace(table.first, table.last, 31)

        assert (table.first, table.last) == (-1.0, 1.0)
        assert table.at(inside) == pytest.approx(5.0 + 3.0 * inside, rel=1e-15)
        assert table.rises

    def test_error_falls_with_the_fourth_power(self) -> None:
        """Half the width has a sixteenth of the error."""
        errors = []
        for cells in (32, 64, 128):
            z = np.linspace(-3.0, 3.0, cells + 1)
            table = ScoreTable.through(z, np.exp(z))
            inside = np.linspace(-2.0, 2.0, 999)
            errors.append(float(np.abs(table.at(inside) - np.exp(inside)).max()))

        assert errors[0] / errors[1] == pytest.approx(16.0, rel=0.1)
        assert errors[1] / errors[2] == pytest.approx(16.0, rel=0.1)

    def test_a_curve_that_turns_is_seen(self) -> None:
        """A table whose cubics fall somewhere does not rise."""
        z = np.linspace(-2.0, 2.0, 9)

        assert not ScoreTable.through(z, np.where(z < 0.0, 0.0, 1.0)).rises
        assert not ScoreTable.through(z, np.sin(3.0 * z)).rises

    def test_far_tails_are_exact(self) -> None:
        """Beyond the table, at 7e-6 and less on a side, a quantile is the exact one."""
        u = np.concatenate([[2.0**-53, 1e-9, 6e-6, 1.0 - 6e-6, 1.0 - 2.0**-53], _uniforms(99)])
        x = _scores(GAMMA).ppf(GAMMA, u)

        assert x[:5] == pytest.approx(GAMMA.ppf(u[:5]), rel=1e-13)
        assert x[5:] == pytest.approx(GAMMA.ppf(u[5:]), rel=1e-6)


class TestStepTable:
    @pytest.mark.parametrize("source", [stats.poisson(300.5), stats.skellam(15, 8, loc=0.25)])
    def test_nothing_is_lost(self, source: object) -> None:
        """Whole numbers drawn from the list of them are the exact ones, the rarest too."""
        law = from_scipy(source)
        table = table_of(law)
        u = np.concatenate([[2.0**-53, 1e-9, 1.0 - 1e-9], _uniforms(999)])

        assert isinstance(table, StepTable)
        assert table.ppf(law, u).tolist() == law.ppf(u).tolist()
        assert table.ppf(law, u[3:]).tolist() == law.ppf(u[3:]).tolist()

    def test_too_many_places_are_not_listed(self) -> None:
        """A law of more places than it is worth keeps its own quantiles."""
        assert table_of(from_scipy(stats.poisson(1e8))) is None
        assert table_of(from_scipy(stats.poisson(1e4))) is not None


@final
@attrs.frozen
class Gap(Law):
    """Half of the mass below 1, half of it above 2, and nothing between."""

    far: float = 2.0

    def ppf(self, q: FloatArray) -> FloatArray:
        return 2.0 * q + np.where(q > 0.5, self.far - 1.0, 0.0)

    def isf(self, q: FloatArray) -> FloatArray:
        return self.ppf(1.0 - q)

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.where(x < self.far, np.clip(0.5 * x, 0.0, 0.5), 0.5 * (x - self.far + 1.0))

    def sf(self, x: FloatArray) -> FloatArray:
        return 1.0 - self.cdf(x)

    def support(self) -> tuple[float, float]:
        return 0.0, self.far + 1.0


class TestTableOf:
    @pytest.mark.parametrize(
        "law",
        [
            from_scipy(stats.dgamma(1.1)),
            from_scipy(stats.rv_histogram(np.histogram([1, 2, 2, 7, 9, 9], bins=5))),
            Gap(),
            Gap(math.inf),
        ],
        ids=repr,
    )
    def test_kinks_and_gaps_keep_their_own_quantiles(self, law: Law) -> None:
        """Where cubics do not reach the accuracy, there is no table."""
        assert table_of(law) is None

    def test_values_with_probabilities_have_none(self) -> None:
        """A law with atoms that are not steps has no table."""
        listed = from_scipy(stats.rv_discrete(values=([1, 2.5, 7], [0.2, 0.5, 0.3])))

        assert table_of(listed) is None

    def test_tables_grow_only_as_needed(self) -> None:
        """A smooth law takes 128 cells, less two on either side; an end of its support more."""
        assert _scores(GAMMA).pieces.shape == (4, 124)
        assert _scores(from_scipy(stats.uniform())).pieces.shape[1] > 124


class TestPlaced:
    def test_few_values_are_exact(self) -> None:
        """A few quantiles are those of the law itself."""
        u = _uniforms(99)

        assert placed(GAMMA, u).tolist() == GAMMA.ppf(u).tolist()
        assert placed(GAMMA, _uniforms()).tolist() != GAMMA.ppf(_uniforms()).tolist()

    @pytest.mark.parametrize(
        "law",
        [
            Truncated(Normal(0.0, 1.0), -1.0, 2.0),
            from_scipy(stats.lognorm(0.4)),
            from_scipy(stats.wrapcauchy(0.03)),
            Truncated(from_scipy(stats.uniform(1, 3)), 2.0, 9.0),
        ],
        ids=repr,
    )
    def test_closed_forms_are_exact(self, law: Law) -> None:
        """A law that needs no search is never read off a table."""
        assert placed(law, _uniforms()).tolist() == law.ppf(_uniforms()).tolist()

    def test_without_a_table(self) -> None:
        """A law without a table gives its own quantiles, however many."""
        law = from_scipy(stats.dgamma(1.1))

        assert placed(law, _uniforms()).tolist() == law.ppf(_uniforms()).tolist()

    def test_a_leaf_uses_it(self) -> None:
        """Draws and lattice places of an unknown come from the table, answers never."""
        leaf, u = Leaf(GAMMA), _uniforms()
        rng = np.random.default_rng(20260101)

        assert leaf.place(u).tolist() == _scores(GAMMA).ppf(GAMMA, u).tolist()
        assert leaf.draw(rng, MANY).tolist() == leaf.place(u).tolist()
        assert Uncertain(leaf).ppf(0.3) == stats.gamma(4, scale=9_000).ppf(0.3)

    @pytest.mark.parametrize("law", SEARCHED, ids=lambda law: type(law).__name__)
    def test_laws_that_search_say_so(self, law: Law) -> None:
        """Every law whose quantiles are searched for is drawn from its table."""
        u = _uniforms()

        assert law.searched
        assert placed(law, u).tolist() == _scores(law).ppf(law, u).tolist()

    def test_truncated_draws_stay_inside(self) -> None:
        """No draw of a truncated law lies beyond its bounds."""
        x = truncate(stats.gamma(4), 1, 5).rvs(MANY, rng=20260102)

        assert ((x >= 1.0) & (x <= 5.0)).all()


class TestDrawn:
    def test_closed_forms_draw_their_own_way(self) -> None:
        """A law without a search draws as it always does."""
        law = Normal(3.0, 2.0)
        here, there = (np.random.default_rng(20260103) for _ in range(2))

        assert drawn(law, here, 9).tolist() == law.draw(there, 9).tolist()


class TestSampledAs:
    def test_draws_of_what_was_given(self) -> None:
        """Draws of a law by the lattice are its values, also at scores; its answers are not."""
        a, b, c = uniform(0, 1), uniform(0, 1), uniform(0, 1)
        x = given(a * b + c, a > c)
        law = law_of(x.node)
        u = _uniforms(5_000)

        assert law.sampled_as is not None
        assert placed(law, u).tolist() == law.sampled_as.ppf(u).tolist()
        assert scored(law, ndtri(u)) == pytest.approx(law.sampled_as.ppf(u), rel=1e-9)
        assert placed(law, u) == pytest.approx(law.ppf(u), abs=0.03)
        first, _ = correlate([x, about(3, sd=1)], normal_scores=0.5)
        assert first.rvs(5_000, rng=20260101).mean() == pytest.approx(x.mean(), abs=0.03)
