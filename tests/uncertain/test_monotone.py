import math

import mpmath
import numpy as np
import pytest
from scipy import stats

from attrition._typing import FloatArray
from attrition.errors import MomentError, ParameterError
from attrition.uncertain import Uncertain, exp, from_draws, from_joint_draws, maximum, sqrt, uniform
from attrition.uncertain.empirical import Empirical, Weighted, law_of_points
from attrition.uncertain.evaluate import law_of
from attrition.uncertain.families import LogitNormal, Normal, Uniform
from attrition.uncertain.forms import bounds_in
from attrition.uncertain.law import Law
from attrition.uncertain.monotone import Affine, Image, image
from attrition.uncertain.node import Apply, Known, Leaf, Node, Noise, apply, in_order
from attrition.uncertain.operations import Add, Divide, Exp, Log, Maximum, Multiply, Power
from attrition.uncertain.scipy_law import from_scipy
from tests.uncertain.test_node import Drawn

P = np.array([1e-12, 0.001, 0.3, 0.5, 0.99])


def _image(root: Node) -> Law | None:
    order = in_order([root])
    return image(order, bounds_in(order))


def _poisson() -> Law:
    return from_scipy(stats.poisson(2.5))


class TestAffine:
    @pytest.mark.parametrize("scale", [2.5, -2.5])
    def test_of_a_normal(self, scale: float) -> None:
        """Shifted, scaled and turned, a normal is the normal that it should be."""
        law, same = Affine(Normal(3.0, 2.0), 4.0, scale), Normal(4.0 + 3.0 * scale, 5.0)
        x = same.ppf(P)

        assert law.ppf(P) == pytest.approx(x, rel=1e-14)
        assert law.isf(P) == pytest.approx(same.isf(P), rel=1e-14)
        assert law.cdf(x) == pytest.approx(P, rel=1e-13)
        assert law.sf(x) == pytest.approx(1.0 - P, rel=1e-13)
        assert law.below(x).tolist() == law.cdf(x).tolist()
        assert law.at_least(x).tolist() == law.sf(x).tolist()
        assert law.pdf(x) == pytest.approx(same.pdf(x), rel=1e-12)
        assert (law.mean(), law.var()) == pytest.approx((same.mean(), 25.0))
        assert law.support() == (-math.inf, math.inf)
        assert not law.atomic
        assert law.points() is None

    def test_support_is_turned(self) -> None:
        """A negative scale turns the support round."""
        assert Affine(Uniform(1.0, 3.0), 10.0, -2.0).support() == (4.0, 8.0)
        assert Affine(Uniform(1.0, 3.0), 10.0, 2.0).support() == (12.0, 16.0)

    @pytest.mark.parametrize("scale", [1.0, 0.1, -1.0, -0.7])
    @pytest.mark.parametrize("shift", [0.0, -3.0, 0.1, 1e6])
    def test_jumps_stay_where_they_are(self, shift: float, scale: float) -> None:
        """Each value of a discrete number keeps its mass, whatever it is rounded to."""
        law, k = Affine(_poisson(), shift, scale), np.arange(9.0)
        values, mass = shift + scale * k, stats.poisson(2.5).pmf(k)

        assert law.cdf(values) - law.below(values) == pytest.approx(mass, abs=1e-15)
        assert law.at_least(values) - law.sf(values) == pytest.approx(mass, abs=1e-15)
        assert law.cdf(values) + law.sf(values) == pytest.approx(1.0, abs=1e-15)
        between = values + 0.5 * scale
        assert law.cdf(between).tolist() == law.below(between).tolist()
        assert law.atomic

    @pytest.mark.parametrize("scale", [2.0, -2.0])
    def test_quantiles_of_a_discrete_number(self, scale: float) -> None:
        """A quantile is the smallest value with enough up to it, also of a turned number."""
        # Eighths, so that every sum of them is exact.
        inner = law_of_points(np.arange(4.0), np.array([0.125, 0.25, 0.5, 0.125]))
        law, values = Affine(inner, 1.0, scale), np.sort(1.0 + scale * np.arange(4.0))
        cdf, sf = law.cdf(values), law.sf(values)
        for q in np.arange(1.0, 16.0) / 16.0:
            assert law.ppf(np.array(q)) == values[np.argmax(cdf >= q)]
            assert law.isf(np.array(q)) == values[np.argmax(sf <= q)]

    def test_points(self) -> None:
        """The values of a discrete number move along, with their weights."""
        inner = from_scipy(stats.rv_discrete(values=([1, 4], [0.25, 0.75])))
        points = Affine(inner, 10.0, -2.0).points()

        assert points is not None
        assert points[0].tolist() == [8.0, 2.0]
        assert points[1] is not None
        assert points[1].tolist() == [0.25, 0.75]

    def test_infinity(self) -> None:
        """Beyond everything there is all, on either side, without a warning."""
        for scale in (0.7, -0.7):
            law, ends = Affine(_poisson(), 0.1, scale), np.array([-math.inf, math.inf])

            assert law.cdf(ends).tolist() == law.below(ends).tolist() == [0.0, 1.0]
            assert law.sf(ends).tolist() == law.at_least(ends).tolist() == [1.0, 0.0]


class TestImage:
    @pytest.mark.parametrize("sign", [1.0, -1.0])
    def test_against_fifty_digits(self, sign: float) -> None:
        """The exponential of a uniform has the quantiles and moments of its closed form."""
        leaf = Leaf(Uniform(0.5, 2.5))
        law = _image(apply(Exp(), apply(Multiply(), Known(sign), leaf)))
        assert isinstance(law, Image)

        def exact(p: float) -> float:
            place = 0.5 + 2.0 * p if sign > 0.0 else 2.5 - 2.0 * p
            return float(mpmath.exp(sign * place))

        ends = sorted((math.exp(sign * 0.5), math.exp(sign * 2.5)))
        mean = abs(ends[1] - ends[0]) / 2.0
        second = abs(ends[1] ** 2 - ends[0] ** 2) / 4.0
        assert law.rising is (sign > 0.0)
        assert law.ppf(P) == pytest.approx([exact(p) for p in P], rel=1e-14)
        assert law.isf(P) == pytest.approx([exact(1.0 - p) for p in P], rel=1e-14)
        assert law.support() == pytest.approx(tuple(ends))
        assert law.mean() == pytest.approx(mean, rel=1e-12)
        assert law.var() == pytest.approx(second - mean**2, rel=1e-10)

    @pytest.mark.parametrize("rising", [True, False])
    def test_probabilities_have_their_digits(self, *, rising: bool) -> None:
        """Probabilities are found in their own tail, to the last digits."""
        gamma = stats.gamma(4, scale=3.0)
        x = Uncertain.of(gamma)
        y = x**3 if rising else 1.0 / (1.0 + x)
        law = law_of(y.node)
        assert isinstance(law, Image)
        for q in (1e-250, 1e-12, 0.3, 0.5, 0.8, 1.0 - 1e-9):
            place = gamma.ppf(q)
            at = np.array(place**3 if rising else 1.0 / (1.0 + place))
            lower, upper = (law.cdf, law.sf) if rising else (law.sf, law.cdf)

            # The place is rounded, and the density of 1 / (1 + x) at 1 is steep.
            assert float(lower(at)) == pytest.approx(q, rel=1e-11, abs=1e-14 if not rising else 0)
            assert float(upper(at)) == pytest.approx(gamma.sf(place), rel=1e-10, abs=1e-15)

    def test_beyond_the_support(self) -> None:
        """Beyond the support a probability is 0 or 1, not nearly so."""
        law = law_of(exp(Uncertain.of(stats.gamma(4))).node)
        x = np.array([-math.inf, 0.0, 0.999, math.inf])

        assert law.cdf(x).tolist() == [0.0, 0.0, 0.0, 1.0]
        assert law.sf(x).tolist() == [1.0, 1.0, 1.0, 0.0]

    def test_a_kink_has_mass(self) -> None:
        """The mass that a bound collects lies on the bound, and nowhere else."""
        law = law_of(maximum(Uncertain.of(stats.logistic(1)), 2.0).node)
        below = stats.logistic(1).cdf(2.0)

        assert law.atomic
        assert float(law.cdf(np.array(2.0))) == pytest.approx(below)
        assert float(law.below(np.array(2.0))) == 0.0
        assert float(law.at_least(np.array(2.0))) == 1.0
        assert law.ppf(np.array([0.1, 0.5])).tolist() == [2.0, 2.0]

    def test_without_a_kink_there_is_none(self) -> None:
        """A smooth function of a smooth number has no mass on single values."""
        assert not law_of((Uncertain.of(stats.gamma(4)) ** 2).node).atomic

    def test_shapes(self) -> None:
        """Any shape of probabilities gives its own shape of quantiles."""
        law = law_of(sqrt(Uncertain.of(stats.gamma(4))).node)
        for shape in ((), (3,), (2, 3), (0,)):
            q: FloatArray = np.full(shape, 0.4)

            assert law.ppf(q).shape == shape
            assert law.cdf(q).shape == shape

    def test_text(self) -> None:
        """The text names the last operation and the law below."""
        assert repr(Image(Normal(0.0, 1.0), apply(Exp(), Leaf(Normal(0.0, 1.0))), rising=True)) == (
            "Exp of Normal(centre=0.0, sd=1.0)"
        )
        assert repr(Image(Normal(0.0, 1.0), Leaf(Normal(0.0, 1.0)), rising=True)) == (
            "identity of Normal(centre=0.0, sd=1.0)"
        )

    def test_a_moment_that_does_not_exist(self) -> None:
        """A function whose tail is too heavy has no mean, and says so."""
        square = Uncertain.of(stats.pareto(1.5)) ** 2
        with pytest.raises(MomentError) as caught:
            square.mean()
        assert str(caught.value) == (
            "the mean of Multiply of pareto(1.5) does not exist or cannot be computed. "
            "Use median() and interval(confidence), which always exist."
        )

    def test_a_falling_kink_has_mass(self) -> None:
        """exp(-max(U, 1)) of a uniform on (0, 3) is 1 / e for a third of the mass."""
        u = uniform(0, 3)
        law = law_of(exp(-maximum(u, 1)).node)
        at, beyond = np.array(math.exp(-1.0)), np.array(math.exp(-2.0))

        assert float(law.cdf(at)) == 1.0
        assert float(law.below(at)) == pytest.approx(2 / 3, rel=1e-14)
        assert float(law.at_least(at)) == pytest.approx(1 / 3, rel=1e-14)
        assert float(law.sf(at)) == 0.0
        assert float(law.cdf(beyond)) == pytest.approx(1 / 3, rel=1e-14)
        assert float(law.sf(beyond)) == pytest.approx(2 / 3, rel=1e-14)


class TestImageOfOne:
    def test_directions_combine(self) -> None:
        """A falling function of a falling function rises."""
        leaf = Leaf(LogitNormal(0.5, 0.75))
        falling = apply(Multiply(), Known(-2.0), leaf)
        for root, rising in (
            (apply(Exp(), falling), False),
            (apply(Multiply(), Known(-1.0), apply(Exp(), falling)), True),
            (apply(Add(), leaf, apply(Exp(), leaf)), True),
            (apply(Multiply(), leaf, apply(Add(), leaf, Known(1.0))), True),
        ):
            law = _image(root)

            assert isinstance(law, Image)
            assert law.rising is rising

    def test_neither_rising_nor_falling(self) -> None:
        """What rises here and falls there, or cannot be told to do neither, has no such law."""
        leaf = Leaf(Normal(0.5, 0.75))
        rising_and_falling = apply(
            Add(), apply(Exp(), leaf), apply(Exp(), apply(Multiply(), Known(-1.0), leaf))
        )

        assert _image(apply(Power(), leaf, Known(2.0))) is None
        assert _image(rising_and_falling) is None
        assert _image(apply(Exp(), apply(Power(), leaf, Known(2.0)))) is None
        assert _image(apply(Maximum(), apply(Power(), leaf, Known(2.0)), leaf)) is None

    def test_what_does_not_depend_on_it(self) -> None:
        """A part that does not move with the unknown does not count."""
        leaf = Leaf(Uniform(1.0, 2.0))
        root = apply(Add(), apply(Multiply(), Known(0.0), leaf), Known(3.0))

        assert isinstance(root, Apply)
        assert _image(apply(Power(), leaf, Known(0.0))) is not None
        assert _image(apply(Maximum(), leaf, apply(Exp(), Known(0.0)))) is not None

    def test_two_unknowns(self) -> None:
        """A function of two unknowns is no function of one."""
        assert _image(apply(Add(), Leaf(Normal(0.0, 1.0)), Leaf(Normal(0.0, 1.0)))) is None

    def test_a_simulation(self) -> None:
        """What must be drawn has no law of this kind, nor has noise."""
        assert _image(apply(Drawn(2.0), Leaf(Uniform(1.0, 2.0)))) is None
        assert _image(apply(Exp(), Noise("steps", 1))) is None


class TestImageOfValues:
    def test_any_function_of_draws(self) -> None:
        """Any function of a number made of draws is made of its values in each of them."""
        x = from_draws([-2.0, 1.0, 3.0, 5.0])
        law = law_of((x**2 - x).node)

        assert law == Empirical(np.array([6.0, 0.0, 6.0, 20.0]))
        assert (x**2).mean() == (4.0 + 1.0 + 9.0 + 25.0) / 4.0
        assert (-x).median() == -3.0
        assert x.median() == 1.0

    def test_columns_of_one_joint(self) -> None:
        """Columns that belong together are taken row by row, exactly."""
        tied = from_joint_draws({"a": [1.0, 2.0, 4.0], "b": [10.0, 40.0, 20.0]})
        ratio = tied["b"] / (tied["a"] + 1.0)

        assert law_of(ratio.node) == Empirical(np.array([5.0, 40.0 / 3.0, 4.0]))
        assert ratio.method == "exact"
        assert law_of((3.0 * tied["a"]).node) == Empirical(np.array([3.0, 6.0, 12.0]))

    def test_columns_with_weights(self) -> None:
        """Weights of rows go along."""
        tied = from_joint_draws({"a": [1.0, 2.0], "b": [10.0, 40.0]}, weights=[1.0, 3.0])

        assert (tied["a"] * tied["b"]).mean() == pytest.approx(0.25 * 10.0 + 0.75 * 80.0)

    def test_discrete_numbers(self) -> None:
        """A function of a discrete number takes its values with their probabilities."""
        x = Uncertain.of(stats.poisson(2.5))
        law = law_of(((x - 3) ** 2).node)
        k = np.arange(60.0)
        mass = stats.poisson(2.5).pmf(k)

        assert isinstance(law, Weighted)
        assert law.mean() == pytest.approx(mass @ (k - 3.0) ** 2, rel=1e-12)
        assert float(law.cdf(np.array(1.0))) == pytest.approx(mass[2:5].sum(), rel=1e-12)
        assert float(law.below(np.array(1.0))) == pytest.approx(mass[3], rel=1e-12)
        assert ((2 * x + 1) ** 3).mean() == pytest.approx(mass @ (2.0 * k + 1.0) ** 3, rel=1e-12)

    def test_values_that_there_are_not(self) -> None:
        """A value that does not exist in some row is refused, not hidden."""
        for x in (from_joint_draws({"a": [0.0, 2.0], "b": [1.0, 4.0]})["a"], from_draws([0, 2])):
            root = apply(Divide(), x.node, apply(Log(), apply(Add(), Known(1.0), x.node)))
            with pytest.raises(ParameterError, match=r"^0.5 of the draws have no value"):
                _image(root)
