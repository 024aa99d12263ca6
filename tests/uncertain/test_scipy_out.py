import math
import pickle
from operator import attrgetter

import numpy as np
import pytest
from scipy import stats

from attrition._typing import ScipyDistribution
from attrition.errors import MomentError
from attrition.uncertain import (
    Uncertain,
    about,
    at_least,
    at_most,
    between,
    clip,
    exactly,
    exp,
    from_draws,
    from_quantiles,
    maximum,
    pert,
    share,
    truncate,
    uniform,
)
from tests.precise import P

FAMILIES = [
    (about(-3, sd=2), "norm"),
    (2 * about(-3, sd=2) - 7, "norm"),
    (between(14, 23, confidence=0.9, family="lognormal"), "lognorm"),
    (3 * between(14, 23, confidence=0.9, family="lognormal") + 5, "lognorm"),
    (uniform(-3, 5), "uniform"),
    (0.5 * uniform(-3, 5) + 100, "uniform"),
    (at_least(1_562, median=9_000), "expon"),
    (0.1 * at_least(1_562, median=9_000) - 3, "expon"),
    (pert(8, 10, 15), "beta"),
    (10 * pert(8, 10, 15) + 2, "beta"),
]

ASKED = [
    share(0.4, 0.7, confidence=0.9),
    at_most(480, median=-460),
    1 - uniform(0, 1),
    exp(share(0.4, 0.7, confidence=0.9)),
    from_quantiles({0.05: 14, 0.5: 17, 0.95: 23}, tails="lognormal"),
    truncate(about(9, sd=6), low=0),
    from_draws([5, 1, 2, 9]),
    from_draws([5, 1, 2, 9], [1, 2, 3, 4]),
    maximum(about(1, sd=2), 0.5),
    about(3, sd=1) * uniform(1, 2) * share(0.4, 0.7, confidence=0.9),
]


def stated_error(law: ScipyDistribution) -> float:
    """The error of probabilities, where scipy keeps the family of a frozen distribution."""
    return float(attrgetter("dist.cdf_error")(law))


class TestFamilies:
    @pytest.mark.parametrize(("x", "family"), FAMILIES, ids=repr)
    def test_is_a_member_of_the_family(self, x: Uncertain, family: str) -> None:
        """A number of a family that scipy has is a frozen member of it, with the same answers."""
        law = x.to_scipy()

        assert attrgetter("dist.name")(law) == family
        assert law.ppf(P) == pytest.approx(x.ppf(P), rel=1e-12)
        assert law.isf(P) == pytest.approx(x.isf(P), rel=1e-12)
        assert law.mean() == pytest.approx(x.mean(), rel=1e-12)
        assert law.std() == pytest.approx(x.std(), rel=1e-12)

    def test_round_trip(self) -> None:
        """What comes back from scipy has the same law, and is another unknown."""
        x = pert(8, 10, 15)
        back = Uncertain.of(x.to_scipy())

        assert back.same_law(x)
        assert back != x


class TestScipysOwn:
    def test_very_object(self) -> None:
        """What was made from a frozen distribution is given back as it was."""
        for law in (stats.gamma(4, scale=9_000), stats.poisson(2.5)):
            back: object = Uncertain.of(law).to_scipy()

            assert back is law

    def test_newer_kind(self) -> None:
        """A variable of the newer kind comes back as a frozen distribution with its answers."""
        law = Uncertain.of(stats.Uniform(a=3.0, b=5.0)).to_scipy()

        assert law.ppf([0.25, 0.5]).tolist() == [3.5, 4.0]
        assert (law.mean(), law.support()) == (4.0, (3.0, 5.0))


class TestValues:
    def test_known(self) -> None:
        """A known number is a discrete distribution of one value."""
        law = exactly(2.5).to_scipy()

        assert attrgetter("pmf")(law)([2.5, 2.0]).tolist() == [1.0, 0.0]
        assert law.cdf([2.4, 2.5]).tolist() == [0.0, 1.0]

    def test_values_with_probabilities(self) -> None:
        """A function of a discrete number is discrete, with equal values counted together."""
        x = (Uncertain.of(stats.binom(2, 0.5)) - 1) ** 2
        law = x.to_scipy()

        assert law.support() == (0.0, 1.0)
        assert attrgetter("pmf")(law)([0, 1]) == pytest.approx([0.5, 0.5])
        assert law.mean() == pytest.approx(0.5)


class TestAsking:
    @pytest.mark.parametrize("x", ASKED, ids=repr)
    def test_same_answers(self, x: Uncertain) -> None:
        """Any other distribution gives the answers of the number, through scipy's face."""
        law = x.to_scipy()
        assert attrgetter("dist.name")(law) == "law"
        places = np.asarray(x.ppf([0.01, 0.3, 0.5, 0.9]))

        assert law.ppf(P).tolist() == np.asarray(x.ppf(P)).tolist()
        assert law.isf(P).tolist() == np.asarray(x.isf(P)).tolist()
        assert law.cdf(places) == pytest.approx(x.cdf(places), rel=1e-15)
        assert law.sf(places[:-1]) == pytest.approx(x.sf(places[:-1]), rel=1e-15)
        assert (law.mean(), law.var(), law.std()) == pytest.approx(
            (x.mean(), x.var(), x.std()), rel=1e-14
        )
        assert law.interval(0.9) == pytest.approx(x.interval(0.9), rel=1e-12)
        assert attrgetter("pdf")(law)(places[1]) == pytest.approx(x.pdf(places[1]), rel=1e-14)

    @pytest.mark.parametrize("x", ASKED, ids=repr)
    def test_pickle(self, x: Uncertain) -> None:
        """The distribution survives a pickle, and a copy as scipy makes it when freezing."""
        law = x.to_scipy()
        back = pickle.loads(pickle.dumps(law))

        assert back.ppf(P).tolist() == law.ppf(P).tolist()
        assert back.support() == law.support()
        assert stated_error(back) == stated_error(law)

    @pytest.mark.parametrize("x", ASKED, ids=repr)
    def test_error_is_stated(self, x: Uncertain) -> None:
        """The error of a probability is 0 for an exact law, else its largest standard error."""
        error = stated_error(x.to_scipy())

        assert (error == 0.0) is (x.method == "exact")
        assert 0.0 <= error < 1e-3

    def test_error_covers_the_true_one(self) -> None:
        """The stated error of a lattice is of the size of the true one."""
        x = about(3, sd=1) * uniform(1, 2)
        law = (x * share(0.4, 0.7, confidence=0.9)).to_scipy()
        values = (x * share(0.4, 0.7, confidence=0.9)).rvs(200_000, rng=20260101)
        true = [
            np.mean(values <= place) for place in np.asarray(law.ppf([0.05, 0.25, 0.5, 0.75, 0.95]))
        ]
        noise = 5.0 * 0.5 / math.sqrt(200_000)

        assert np.abs(np.array(true) - [0.05, 0.25, 0.5, 0.75, 0.95]).max() < (
            5.0 * stated_error(law) + noise
        )

    def test_mass_at_the_lower_end(self) -> None:
        """A value with a probability of its own at the lower end keeps it."""
        x = clip(about(1, sd=2), 0, 3)
        law = x.to_scipy()

        assert law.cdf(0.0) == pytest.approx(stats.norm.cdf(-0.5), rel=1e-12)
        assert law.cdf(-1e-9) == 0.0
        assert law.sf(3.0) == 0.0
        assert law.support() == pytest.approx((0.0, 3.0), abs=1e-300)

    def test_smooth_laws_keep_their_ends(self) -> None:
        """Without jumps the support is that of the number."""
        assert share(0.4, 0.7, confidence=0.9).to_scipy().support() == (0.0, 1.0)

    def test_only_what_is_asked_is_computed(self) -> None:
        """The mean is given where the variance does not exist."""
        x = truncate(stats.pareto(1.5), low=2)
        law = x.to_scipy()

        assert law.mean() == pytest.approx(6.0, rel=1e-6)
        with pytest.raises(MomentError, match="the variance of Truncated"):
            law.var()

    def test_draws_follow_the_seed(self) -> None:
        """It draws by the seeds of scipy."""
        law = share(0.4, 0.7, confidence=0.9).to_scipy()
        drawn = law.rvs(size=5, random_state=20260101)

        assert drawn.tolist() == law.rvs(size=5, random_state=20260101).tolist()
        assert ((drawn > 0.0) & (drawn < 1.0)).all()

    def test_loc_and_scale(self) -> None:
        """It can be moved and stretched like any family of scipy."""
        x = share(0.4, 0.7, confidence=0.9)
        moved = attrgetter("dist")(x.to_scipy())(loc=2.0, scale=3.0)

        assert moved.ppf(P) == pytest.approx(2.0 + 3.0 * np.asarray(x.ppf(P)), rel=1e-14)
