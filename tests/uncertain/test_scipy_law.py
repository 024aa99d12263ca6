import math
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.errors import MomentError, NumberError, ParameterError
from attrition.uncertain import Uncertain
from attrition.uncertain.families import Normal
from attrition.uncertain.law import Law
from attrition.uncertain.scipy_law import ScipyFrozen, ScipyVariable, from_scipy
from tests.accounts.records import unchecked

P = np.array([1e-12, 0.001, 0.3, 0.5, 0.99])
BINOMIAL = getattr(stats, "Binomial", None)
needs_binomial = pytest.mark.skipif(BINOMIAL is None, reason="scipy has no newer binomial yet")


def _binomial() -> Law:
    assert BINOMIAL is not None
    return from_scipy(BINOMIAL(n=10, p=0.3))


class Triangle(stats.rv_continuous):
    """A family that a user made, without a name of its own."""

    def _pdf(self, x: FloatArray) -> FloatArray:  # type: ignore[override]  # as scipy documents it
        return 2.0 * x


class TestContinuous:
    def test_older_kind(self) -> None:
        """Every answer of an older frozen distribution is scipy's own."""
        source = stats.gamma(4, scale=9_000)
        law = from_scipy(source)
        x = np.array([1_000.0, 40_000.0])

        assert law.ppf(P).tolist() == source.ppf(P).tolist()
        assert law.isf(P).tolist() == source.isf(P).tolist()
        assert law.cdf(x).tolist() == source.cdf(x).tolist()
        assert law.sf(x).tolist() == source.sf(x).tolist()
        assert law.pdf(x).tolist() == source.pdf(x).tolist()
        assert (law.mean(), law.var(), law.support()) == (36_000.0, 324e6, (0.0, math.inf))
        assert not law.atomic
        assert law.points() is None
        assert law.below(x).tolist() == law.cdf(x).tolist()
        assert law.at_least(x).tolist() == law.sf(x).tolist()

    def test_newer_kind(self) -> None:
        """Every answer of a newer variable is scipy's own."""
        source = stats.Uniform(a=-3.0, b=1.5)
        law = from_scipy(source)
        x = np.array([-4.0, 0.0])

        assert isinstance(law, ScipyVariable)
        assert law.ppf(P).tolist() == source.icdf(P).tolist()
        assert law.isf(P).tolist() == source.iccdf(P).tolist()
        assert law.cdf(x).tolist() == source.cdf(x).tolist()
        assert law.sf(x).tolist() == source.ccdf(x).tolist()
        assert law.pdf(x).tolist() == source.pdf(x).tolist()
        assert law.mean() == pytest.approx(-0.75)
        assert law.var() == pytest.approx(4.5**2 / 12.0)
        assert law.support() == (-3.0, 1.5)
        assert not law.atomic
        assert law.points() is None
        assert law.below(x).tolist() == law.cdf(x).tolist()
        assert law.at_least(x).tolist() == law.sf(x).tolist()

    def test_newer_normal(self) -> None:
        """The newer normal is our own, so closed forms hold and a pickle keeps it."""
        x = Uncertain.of(stats.Normal(mu=3.0, sigma=4.0))

        assert from_scipy(stats.Normal(mu=3.0, sigma=4.0)) == Normal(3.0, 4.0)
        assert from_scipy(stats.Normal()) == Normal(0.0, 1.0)
        assert pickle.loads(pickle.dumps(x)).interval(0.9) == x.interval(0.9)

    def test_histogram(self) -> None:
        """A histogram is a distribution as it stands, and frozen it is the same."""
        counts, edges = np.array([3, 1, 7]), np.array([0.0, 1.0, 3.0, 7.0])
        source = stats.rv_histogram((counts, edges), density=False)
        law = from_scipy(source)

        assert law.mean() == pytest.approx((3 * 0.5 + 1 * 2.0 + 7 * 5.0) / 11.0)
        assert law.ppf(np.array(3.0 / 11.0)) == pytest.approx(1.0)
        assert from_scipy(source()).ppf(P).tolist() == law.ppf(P).tolist()


class TestMended:
    """What scipy 1.17 gets wrong, and a law that asks it can put right."""

    def test_moments_stated_as_nan(self) -> None:
        """kappa4 has moments of the orders below -1 / (h k), which scipy takes for -k / h."""
        source = stats.kappa4(-0.1, 0.1)
        law = from_scipy(source)
        nodes, weights = np.polynomial.legendre.leggauss(400)
        z = 9.0 * nodes
        mass, x = 9.0 * weights * stats.norm.pdf(z), source.ppf(stats.norm.cdf(z))

        assert math.isnan(source.mean())
        assert law.mean() == pytest.approx(mass @ x, rel=1e-9)
        assert law.var() == pytest.approx(mass @ (x - law.mean()) ** 2, rel=1e-9)

    def test_moments_stated_as_nan_with_reason(self) -> None:
        """What does not exist is refused there as everywhere."""
        with pytest.raises(MomentError, match=r"the mean of kappa4\(-0.5, -1.25\) does not exist"):
            from_scipy(stats.kappa4(-0.5, -1.25)).mean()

    def test_a_search_that_gives_up(self) -> None:
        """Where scipy's search for a quantile ends in an error, the other tail has it."""
        source = stats.norminvgauss(1.25, 0.5)
        law = from_scipy(source)
        q = np.array([0.5, 1.0 - 1e-6])
        with pytest.raises(ValueError, match="is NaN; solver cannot continue"):
            source.ppf(q)

        assert law.ppf(q) == pytest.approx([source.ppf(0.5), source.isf(1e-6)], rel=1e-9)
        assert law.ppf(q[1]) == law.ppf(q)[1]

    def test_probabilities_from_the_far_side(self) -> None:
        """Far beyond the mean nearly all mass lies on one side, in both functions."""
        source = stats.norminvgauss(1.25, 0.5)
        law, far = from_scipy(source), np.array([-40.0, 100.0])

        assert source.cdf(100.0) < 1e-9
        assert law.cdf(far).tolist() == [source.cdf(-40.0), 1.0]
        assert law.sf(far).tolist() == [1.0, source.sf(100.0)]

    def test_between_whole_numbers(self) -> None:
        """Between two whole numbers the probability is that of the lower one."""
        source = stats.hypergeom(21, 3, 12)
        law = from_scipy(source)

        assert math.isnan(source.cdf(0.9))
        assert law.cdf(np.array([0.9, 1.5])).tolist() == source.cdf([0, 1]).tolist()
        assert law.sf(np.array([0.9, 1.5])).tolist() == source.sf([0, 1]).tolist()

    def test_arguments_that_are_lists(self) -> None:
        """A family that takes a list of probabilities comes back from its pickle with it."""
        x = Uncertain.of(stats.poisson_binom([0.1, 0.6, 0.7]))
        back = pickle.loads(pickle.dumps(x))

        assert np.ndim(pickle.loads(pickle.dumps(stats.poisson_binom([0.1, 0.6, 0.7]))).mean()) == 1
        assert back.mean() == x.mean() == pytest.approx(1.4)

    def test_families_that_scipy_does_not_know(self) -> None:
        """What a user made of values comes back from its pickle as scipy restores it."""
        law = from_scipy(stats.rv_discrete(values=([1, 2.5, 7], [0.2, 0.5, 0.3])))

        assert pickle.loads(pickle.dumps(law)) == law

    def test_transformed_variables(self) -> None:
        """A variable that scipy transforms is continuous; its own pmf calls itself without end."""
        source = stats.exp(stats.Normal(mu=1.0, sigma=0.5))
        law = from_scipy(source)
        with pytest.raises(RecursionError):
            source.pmf(1.0)

        assert not law.atomic
        assert law.cdf(np.array(math.e)) == pytest.approx(0.5)


class TestDiscrete:
    def test_older_kind(self) -> None:
        """Before, at and after a whole number are three probabilities."""
        source = stats.poisson(2.5)
        law = from_scipy(source)
        x = np.array([-1.0, 0.0, 2.5, 3.0, math.inf])

        assert law.cdf(x).tolist() == source.cdf(x).tolist()
        assert law.sf(x).tolist() == source.sf(x).tolist()
        assert law.below(x).tolist() == source.cdf([-2.0, -1.0, 2.0, 2.0, math.inf]).tolist()
        assert law.at_least(x).tolist() == source.sf([-2.0, -1.0, 2.0, 2.0, math.inf]).tolist()
        assert law.atomic

    @pytest.mark.parametrize("loc", [-3, 0.25, -1e6])
    def test_a_shift_is_no_matter(self, loc: float) -> None:
        """A shifted distribution jumps where it should, whatever the rounding."""
        source, k = stats.poisson(2.5, loc=loc), np.arange(8.0)
        law, mass = from_scipy(source), stats.poisson(2.5).pmf(k)

        assert law.cdf(k + loc) - law.below(k + loc) == pytest.approx(mass, abs=1e-15)
        assert law.at_least(k + loc) - law.sf(k + loc) == pytest.approx(mass, abs=1e-15)

    def test_both_ends_open(self) -> None:
        """Without a lowest value whole numbers are where the jumps are."""
        source, k = stats.skellam(2.0, 3.0), np.arange(-4.0, 5.0)
        law = from_scipy(source)

        assert law.cdf(k) - law.below(k) == pytest.approx(source.pmf(k), abs=1e-12)
        points = law.points()
        assert points is not None
        assert points[0] @ points[1] == pytest.approx(-1.0)  # type: ignore[operator]  # refused or allowed at run time only

    def test_quantiles_stay_in_the_support(self) -> None:
        """No quantile lies below the lowest value, as scipy's own at 0 does, and none is nan."""
        law = from_scipy(stats.poisson(2.5))

        assert law.ppf(np.array([0.0, 0.3, 1.0])).tolist() == [0.0, 2.0, math.inf]
        assert law.isf(np.array([1.0, 0.3, 1e-20, 0.0])).tolist() == [0.0, 3.0, 28.0, math.inf]

    def test_values_and_probabilities(self) -> None:
        """A distribution made of values lists them, frozen with a shift too."""
        source = stats.rv_discrete(values=([1, 2.5, 7], [0.2, 0.5, 0.3]))
        for law, shift in ((from_scipy(source), 0.0), (from_scipy(source(loc=0.1)), 0.1)):
            points = law.points()

            assert points is not None
            assert points[0] == pytest.approx(np.array([1.0, 2.5, 7.0]) + shift)
            assert points[1] is not None
            assert points[1].tolist() == [0.2, 0.5, 0.3]
        law = from_scipy(source)
        x = np.array([1.0, 2.5, 5.0])
        assert law.below(x) == pytest.approx([0.0, 0.2, 0.7])
        assert law.at_least(x) == pytest.approx([1.0, 0.8, 0.3])

    @pytest.mark.parametrize(
        "source",
        [
            stats.poisson(0.01),
            stats.poisson(400.0),
            stats.binom(20, 0.3),
            stats.geom(0.02),
            stats.nbinom(3, 0.2, loc=-5),
            stats.randint(-2, 6),
        ],
        ids=lambda source: f"{source.dist.name}{source.args}",
    )
    def test_all_the_mass_is_listed(self, source: stats.rv_discrete) -> None:
        """The values that are listed hold all the mass, in order and with the right moments."""
        points = from_scipy(source).points()

        assert points is not None
        values, weights = points
        assert weights is not None
        assert (np.diff(values) == 1.0).all()
        assert weights.sum() == pytest.approx(1.0, abs=1e-12)
        assert weights @ values == pytest.approx(source.mean(), rel=1e-10)
        assert weights @ (values - source.mean()) ** 2 == pytest.approx(source.var(), rel=1e-9)

    @pytest.mark.parametrize("source", [stats.zipf(4.5), stats.zipf(2.5), stats.poisson(1e10)])
    def test_some_are_not_listed(self, source: stats.rv_discrete) -> None:
        """Tails too heavy, or values too many, are not listed."""
        assert from_scipy(source).points() is None

    def test_no_density(self) -> None:
        """A discrete distribution has no density; the message names what it has."""
        with pytest.raises(MomentError) as caught:
            from_scipy(stats.poisson(2.5)).pdf(np.array(2.0))
        assert str(caught.value) == (
            "poisson(2.5) is discrete and has no density. "
            "Ask for probability(x.equals(value)), or for cdf(value)."
        )

    @needs_binomial
    def test_newer_kind(self) -> None:
        """A newer discrete variable jumps where it should, and has no density."""
        law, source, k = _binomial(), stats.binom(10, 0.3), np.arange(11.0)

        assert law.atomic
        assert law.cdf(k - 0.5) == pytest.approx(source.cdf(k - 1.0))
        assert law.sf(k + 0.5) == pytest.approx(source.sf(k))
        assert law.cdf(k) - law.below(k) == pytest.approx(source.pmf(k))
        assert law.at_least(k) - law.sf(k) == pytest.approx(source.pmf(k))
        points = law.points()
        assert points is not None
        assert points[0].tolist() == k.tolist()
        assert points[1] == pytest.approx(source.pmf(k))
        with pytest.raises(MomentError) as caught:
            law.pdf(np.array(2.0))
        assert str(caught.value) == (
            "Binomial(n=10.0, p=0.3) is discrete and has no density. "
            "Ask for probability(x.equals(value)), or for cdf(value)."
        )


class TestMoments:
    @pytest.mark.parametrize("what", ["mean", "variance"])
    def test_what_does_not_exist(self, what: str) -> None:
        """A moment that does not exist is refused, with what always exists."""
        law = from_scipy(stats.cauchy(3))
        with pytest.raises(MomentError) as caught:
            {"mean": law.mean, "variance": law.var}[what]()
        assert str(caught.value) == (
            f"the {what} of cauchy(3) does not exist. "
            "Use median() and interval(confidence), which always exist."
        )

    def test_what_is_infinite(self) -> None:
        """A moment that is infinite is infinite."""
        assert from_scipy(stats.pareto(0.75)).mean() == math.inf
        assert from_scipy(stats.pareto(1.75)).var() == math.inf


class TestTexts:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            (stats.gamma(4, scale=9_000), "gamma(4, scale=9000)"),
            (stats.gamma(np.float64(4.0), scale=np.float64(9e3)), "gamma(4, scale=9000)"),
            (stats.beta(2.5, b=3, loc=1), "beta(2.5, b=3, loc=1)"),
            (stats.Uniform(a=-3.0, b=1.5), "Uniform(a=-3.0, b=1.5)"),
        ],
    )
    def test_family_and_parameters(self, source: object, text: str) -> None:
        """The text is the family with its parameters, however the numbers were written."""
        assert repr(from_scipy(source)) == text

    def test_what_has_no_parameters(self) -> None:
        """What is made of values is told apart by its quantiles."""
        one = from_scipy(stats.rv_discrete(values=([1, 2], [0.4, 0.6])))
        two = from_scipy(stats.rv_discrete(values=([1, 2], [0.6, 0.4])))

        assert repr(one).startswith("rv_sample(")
        assert repr(one) != repr(two)

    def test_keys_tell_laws_apart(self) -> None:
        """Equal texts of different distributions have different keys, so they are not equal."""
        makers: list[tuple[Callable[[], object], Callable[[], object]]] = [
            (
                lambda: stats.rv_discrete(values=([1, 2], [0.4, 0.6]))(),
                lambda: stats.rv_discrete(values=([1, 2], [0.6, 0.4]))(),
            ),
            (lambda: Triangle(a=0, b=1)(), lambda: Triangle(a=0, b=1)(scale=2)),
            (lambda: stats.gamma(4), lambda: stats.gamma(5)),
            (lambda: stats.Uniform(a=0.0, b=1.0), lambda: stats.Uniform(a=0.0, b=2.0)),
        ]
        for one, other in makers:
            assert from_scipy(one()).key == from_scipy(one()).key
            assert from_scipy(one()) == from_scipy(one())
            assert hash(from_scipy(one())) == hash(from_scipy(one()))
            assert from_scipy(one()).key != from_scipy(other()).key
            assert from_scipy(one()) != from_scipy(other())

    def test_kinds_are_not_equal(self) -> None:
        """A law equals no law of another kind."""
        assert from_scipy(stats.uniform(0, 1)) != from_scipy(stats.Uniform(a=0.0, b=1.0))
        assert from_scipy(stats.Uniform(a=0.0, b=1.0)) != from_scipy(stats.uniform(0, 1))


class TestPickle:
    @pytest.mark.parametrize(
        "source", [stats.gamma(4), stats.poisson(3), stats.Uniform(a=0.0, b=2.0)]
    )
    def test_the_law_comes_back(self, source: object) -> None:
        """A pickle brings the same law back."""
        law = from_scipy(source)
        back = pickle.loads(pickle.dumps(law))

        assert back == law
        assert back.ppf(P).tolist() == law.ppf(P).tolist()

    def test_what_scipy_does_not_restore(self) -> None:
        """Where scipy restores another distribution than was stored, that is said."""
        mixture = stats.Mixture([stats.Normal(mu=3.0, sigma=4.0)], weights=[1.0])
        stored = pickle.dumps(from_scipy(mixture))
        with pytest.raises(ParameterError) as caught:
            pickle.loads(stored)
        text = str(caught.value)
        assert text.startswith(
            "scipy does not restore this distribution from a pickle: it became Mixture("
        )
        assert text.endswith(
            "Type about(mean, sd=...) for a normal, or freeze the older scipy.stats.norm(...)."
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("family", "name"),
        [
            (stats.gamma, "gamma_gen"),
            (stats.poisson, "poisson_gen"),
            (stats.Normal, "Normal"),
            (stats.rv_histogram, "rv_histogram"),
        ],
    )
    def test_families(self, family: object, name: str) -> None:
        """A family whose parameters are open is refused, with the way to freeze it."""
        with pytest.raises(NumberError) as caught:
            from_scipy(family)
        assert str(caught.value) == (
            f"{name} is a family, not a distribution: its parameters are open. "
            "Freeze it first, for example scipy.stats.gamma(a=4, scale=9_000)."
        )

    @pytest.mark.parametrize(
        ("value", "kind"), [("44,000", "str"), (True, "bool"), (None, "NoneType"), ([1, 2], "list")]
    )
    def test_what_is_nothing_of_the_kind(self, value: object, kind: str) -> None:
        """Anything else is refused, with an example."""
        with pytest.raises(NumberError) as caught:
            unchecked(Uncertain.of)(value)
        assert str(caught.value) == (
            f"{value!r} is a {kind}: expected a number, an Uncertain or a frozen scipy "
            "distribution. Type for example about(35_000, sd=2_000)."
        )

    @pytest.mark.parametrize(
        ("source", "text"),
        [
            (stats.gamma(-4), "gamma(-4)"),
            (stats.norm(3, -1), "norm(3, -1)"),
            (stats.Uniform(a=3.0, b=1.0), "Uniform(a=nan, b=nan)"),
            (stats.Normal(mu=3.0, sigma=-1.0), "Normal(mu=nan, sigma=nan)"),
            (stats.uniform(0, math.inf), "uniform(0, inf)"),
        ],
    )
    def test_invalid_parameters(self, source: object, text: str) -> None:
        """Parameters that scipy accepts in silence are refused."""
        with pytest.raises(ParameterError) as caught:
            from_scipy(source)
        assert str(caught.value) == (
            f"{text} has no quantiles: its parameters are invalid, which scipy does not say. "
            "Check signs and ranges of the parameters."
        )

    @pytest.mark.parametrize(
        ("source", "text", "shape"),
        [
            (stats.gamma([2.0, 3.0]), "gamma([2.0, 3.0])", "(2,)"),
            (stats.gamma([4.0]), "gamma([4.0])", "(1,)"),
            (stats.Normal(mu=[3.0, 4.0], sigma=1.0), "Normal(mu=[3.0, 4.0], sigma=1.0)", "(2,)"),
        ],
    )
    def test_parameters_that_are_arrays(self, source: object, text: str, shape: str) -> None:
        """Several distributions in one are refused."""
        with pytest.raises(ParameterError) as caught:
            from_scipy(source)
        assert str(caught.value) == (
            f"{text} has parameters of shape {shape}: expected one distribution. "
            "Freeze one for each figure."
        )

    def test_quantiles_that_fall(self) -> None:
        """A distribution whose quantiles fall is none."""

        class Upside(stats.rv_continuous):
            def _ppf(self, q: FloatArray) -> FloatArray:  # type: ignore[override]  # as scipy documents it
                return 1.0 - q

            def _cdf(self, x: FloatArray) -> FloatArray:  # type: ignore[override]  # as scipy documents it
                return x

        with pytest.raises(ParameterError, match=r"has no quantiles: its parameters are invalid"):
            from_scipy(Upside(a=0.0, b=1.0, name="upside")())


class TestProtocols:
    def test_a_distribution_of_nobody(self) -> None:
        """Whatever answers like a frozen distribution is one, with or without a density."""

        class Coin:
            def ppf(self, q: FloatArray) -> FloatArray:
                return np.where(np.asarray(q) > 0.5, 1.0, 0.0)

            def isf(self, q: FloatArray) -> FloatArray:
                return np.where(np.asarray(q) < 0.5, 1.0, 0.0)

            def cdf(self, x: FloatArray) -> FloatArray:
                return np.clip(np.floor(x) * 0.5 + 0.5, 0.0, 1.0)

            def sf(self, x: FloatArray) -> FloatArray:
                return 1.0 - self.cdf(x)

            def mean(self) -> float:
                return 0.5

            def var(self) -> float:
                return 0.25

            def support(self) -> tuple[float, float]:
                return 0.0, 1.0

        law = from_scipy(Coin())

        assert isinstance(law, ScipyFrozen)
        assert repr(law).startswith("Coin(")
        assert law.atomic
        assert law.points() is None
        assert law.below(np.array([0.0, 1.0])).tolist() == [0.0, 0.5]
