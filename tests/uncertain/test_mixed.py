import math

import numpy as np
import pytest
from mpmath import mpf
from scipy import stats

from attrition.uncertain import about, exactly, from_draws, uniform
from attrition.uncertain.empirical import Weighted
from attrition.uncertain.exact import exact_law
from attrition.uncertain.families import Constant, LogNormal, Normal, Uniform
from attrition.uncertain.law import Law
from attrition.uncertain.mixed import Mixture, MixtureLaw, mixture_law
from attrition.uncertain.node import Apply, Node, apply
from attrition.uncertain.number import Uncertain
from attrition.uncertain.sampled import Sampled
from attrition.uncertain.scipy_law import ScipyFrozen
from tests.precise import P, assert_quantiles, normal_below, solved

LAWS = [
    MixtureLaw((0.75, 0.25), (Normal(0.0, 1.0), Normal(5.0, 2.0))),
    MixtureLaw((0.375, 0.625), (Normal(-40.0, 1.0), Normal(50.0, 3.0))),
    MixtureLaw((0.25, 0.625, 0.125), (Normal(3.0, 0.1), Normal(3.0, 7.0), Normal(-1.0, 1.0))),
]


def picked(weights: tuple[float, ...], *parts: Uncertain) -> Node:
    """The node of a choice between numbers."""
    return apply(Mixture(weights), uniform(0, 1).node, *(part.node for part in parts))


class TestMixture:
    def test_takes_the_share_that_the_place_lies_in(self) -> None:
        """A place belongs to the first part whose share ends after it."""
        place = np.array([0.0, 0.1999, 0.2, 0.69, 0.7, 0.999])
        rows = [np.full(6, value) for value in (1.0, 2.0, 3.0)]

        chosen = Mixture((0.2, 0.5, 0.3))(place, *rows)
        assert chosen.tolist() == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]

    def test_known_parts(self) -> None:
        """Parts may be the same in every draw."""
        chosen = Mixture((0.5, 0.5))(np.array([0.1, 0.9]), np.array(7.0), np.array(9.0))

        assert chosen.tolist() == [7.0, 9.0]

    def test_weights_that_miss_one_by_rounding(self) -> None:
        """What rounding leaves at the end belongs to the last part."""
        chosen = Mixture((0.1,) * 10)(np.array([1.0 - 2.0**-53]), *map(np.array, range(10)))

        assert chosen.tolist() == [9.0]

    def test_lies_where_its_parts_lie(self) -> None:
        """Bounds are those of all parts together; the choice has none."""
        bounds = Mixture((0.2, 0.5, 0.3)).bounds((0.0, 1.0), (5.0, 16.0), (-2.0, 3.0), (4.0, 9.0))

        assert bounds == (-2.0, 16.0)
        assert Mixture((0.2, 0.8)).bounds((0.0, 1.0), (-5.0, 6.0), (-2.0, 3.0)) == (-5.0, 6.0)

    def test_rises_with_its_parts(self) -> None:
        """The value rises with each part, and with the choice it does neither."""
        signs = Mixture((0.2, 0.8)).signs((0.0, 1.0), (5.0, 6.0), (-2.0, 3.0))

        assert signs == (None, 1, 1)


class TestMixtureLaw:
    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_quantiles(self, law: MixtureLaw) -> None:
        """Quantiles are where the weighted probability is reached, at fifty digits."""

        def below(x: mpf) -> mpf:
            return sum(
                mpf(w) * normal_below((x - mpf(part.centre)) / mpf(part.sd))
                for w, part in zip(law.weights, law.parts, strict=True)
                if isinstance(part, Normal)
            )

        assert_quantiles(
            law,
            lambda p, start: solved(below, mpf(start), p),
            mean=law.mean(),
            sd=math.sqrt(law.var()),
        )

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_probabilities_invert_quantiles(self, law: MixtureLaw) -> None:
        """A probability is found again from its quantile, in its own tail."""
        p = np.array(P)

        assert law.cdf(law.ppf(p)) == pytest.approx(p, rel=1e-11, abs=0.0)
        assert law.sf(law.isf(p)) == pytest.approx(p, rel=1e-11, abs=0.0)

    def test_moments(self) -> None:
        """Mean and variance are those of the choice: within the parts and between them."""
        law = LAWS[0]

        assert law.mean() == pytest.approx(0.25 * 5.0)
        assert law.var() == pytest.approx(0.75 * 1.0 + 0.25 * 4.0 + 0.75 * 0.25 * 25.0)

    def test_density(self) -> None:
        """The density is the weighted one."""
        x = np.array([-1.0, 0.0, 5.0])
        weighted = 0.75 * stats.norm.pdf(x) + 0.25 * stats.norm.pdf(x, 5.0, 2.0)

        assert LAWS[0].pdf(x) == pytest.approx(weighted, rel=1e-14)

    def test_support(self) -> None:
        """The support reaches from the lowest end to the highest."""
        law = MixtureLaw((0.5, 0.5), (Uniform(0.0, 1.0), Uniform(-3.0, 0.5)))

        assert law.support() == (-3.0, 1.0)
        assert law.ppf(np.array([0.0, 1.0])).tolist() == [-3.0, 1.0]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [1.0, -3.0]

    def test_ends_out_of_reach_of_floats(self) -> None:
        """Certainty lies at infinity where a part goes on for ever."""
        law = MixtureLaw((0.5, 0.5), (Uniform(0.0, 1.0), Normal(0.0, 1.0)))

        assert law.ppf(np.array([0.0, 1.0])).tolist() == [-math.inf, math.inf]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [math.inf, -math.inf]

    def test_gap(self) -> None:
        """Between two parts that do not touch the quantile jumps, and the lower end is taken."""
        law = MixtureLaw((0.5, 0.5), (Uniform(0.0, 1.0), Uniform(3.0, 4.0)))

        assert float(law.ppf(np.array(0.5))) == pytest.approx(1.0, rel=1e-15)
        assert float(law.isf(np.array(0.5))) == pytest.approx(1.0, rel=1e-15)
        assert float(law.ppf(np.array(0.5 + 1e-12))) == pytest.approx(3.0, abs=1e-11)
        assert float(law.isf(np.array(0.5 - 1e-12))) == pytest.approx(3.0, abs=1e-11)

    def test_value_with_a_probability_of_its_own(self) -> None:
        """A known part is a jump: its value is every quantile inside the jump."""
        law = MixtureLaw((0.4, 0.6), (Constant(2.0), Uniform(0.0, 4.0)))
        q = np.array([0.29, 0.3, 0.5, 0.7])

        assert law.atomic
        assert law.ppf(q).tolist() == [pytest.approx(1.9333333333), 2.0, 2.0, 2.0]
        assert law.isf(1.0 - q).tolist() == [pytest.approx(1.9333333333), 2.0, 2.0, 2.0]
        assert float(law.below(np.array(2.0))) == pytest.approx(0.3)
        assert float(law.cdf(np.array(2.0))) == pytest.approx(0.7)

    def test_smooth_parts_have_no_jumps(self) -> None:
        """Only a part with jumps gives the mixture jumps."""
        assert not LAWS[0].atomic
        assert MixtureLaw((0.5, 0.5), (Normal(0.0, 1.0), Weighted([1.0], [1.0]))).atomic  # type: ignore[arg-type]  # converted

    def test_infinite_moments(self) -> None:
        """A part with an infinite mean makes mean and variance infinite, never nan."""
        heavy = ScipyFrozen(stats.pareto(0.8))
        law = MixtureLaw((0.4, 0.6), (heavy, Normal(0.0, 1.0)))

        assert (law.mean(), law.var()) == (math.inf, math.inf)

    def test_errors_of_parts(self) -> None:
        """A part that is not exact makes the mixture so; its error counts by its weight."""
        copies = np.sort(np.random.default_rng(20260101).uniform(0.0, 4.0, (8, 4_000)))
        part = Sampled(copies, "lattice", 0.0, 4.0)
        law = MixtureLaw((0.75, 0.25), (Uniform(0.0, 4.0), part))

        assert (LAWS[0].method, law.method) == ("exact", "lattice")
        assert law.probability_error(1.2) == 0.25 * part.probability_error(1.2)
        assert law.error(0.3) == pytest.approx(4.0 * law.probability_error(1.2), rel=0.3)
        assert (LAWS[0].error(0.3), LAWS[0].probability_error(1.2)) == (0.0, 0.0)

    def test_slow_parts_are_fast_enough(self) -> None:
        """Five quantiles of two gamma laws ask each for probabilities some sixteen times."""
        law = MixtureLaw(
            (0.3, 0.7), (ScipyFrozen(stats.gamma(4)), ScipyFrozen(stats.gamma(3, loc=7)))
        )
        q = np.array([0.01, 0.05, 0.5, 0.95, 0.99])

        assert law.cdf(law.ppf(q)) == pytest.approx(q, rel=1e-13)


class TestLawOfANode:
    def test_parts_with_closed_forms(self) -> None:
        """A choice between numbers with closed forms has the mixture of their laws."""
        a, b = about(3, sd=1), about(5, sd=2, positive=True)
        law = mixture_law(picked((0.25, 0.75), a + 1, b), exact_law)

        assert isinstance(law, MixtureLaw)
        assert law.weights == (0.25, 0.75)
        assert law.parts[0] == Normal(4.0, 1.0)
        assert isinstance(law.parts[1], LogNormal)

    def test_tied_parts(self) -> None:
        """The law of a choice does not depend on how the parts are tied."""
        a = about(3, sd=1)

        assert mixture_law(picked((0.5, 0.5), a, a), exact_law) == MixtureLaw(
            (0.5, 0.5), (Normal(3.0, 1.0), Normal(3.0, 1.0))
        )

    def test_parts_made_of_values(self) -> None:
        """A choice between values is made of values, each with its weight and its part's."""
        node = picked((0.4, 0.3, 0.3), exactly(7), from_draws([2, 4]), from_draws([1, 2], [1, 3]))
        law = mixture_law(node, exact_law)
        assert isinstance(law, MixtureLaw)
        points = law.points()
        assert points is not None
        values, weights = points

        assert values.tolist() == [7.0, 2.0, 4.0, 1.0, 2.0]
        assert weights == pytest.approx([0.4, 0.15, 0.15, 0.075, 0.225])
        assert law.ppf(np.array([0.07, 0.08, 0.44, 0.46, 0.61])).tolist() == [1, 2, 2, 4, 7]
        assert law.isf(np.array([0.93, 0.92, 0.56, 0.54, 0.39])).tolist() == [1, 2, 2, 4, 7]

    def test_some_parts_made_of_values(self) -> None:
        """One smooth part is enough for a mixture of laws."""
        law = mixture_law(picked((0.5, 0.5), exactly(7), about(3, sd=1)), exact_law)

        assert law == MixtureLaw((0.5, 0.5), (Constant(7.0), Normal(3.0, 1.0)))
        assert law.points() is None

    def test_part_without_closed_form(self) -> None:
        """Without a closed form of every part there is none of the choice."""

        def only_normals(node: Node) -> Law | None:
            law = exact_law(node)
            return law if isinstance(law, Normal) else None

        node = picked((0.5, 0.5), uniform(0, 1), about(3, sd=1))
        assert mixture_law(node, only_normals) is None

    @pytest.mark.parametrize("x", [about(3, sd=1), exactly(3), about(3, sd=1) * uniform(0, 1)])
    def test_no_choice(self, x: Uncertain) -> None:
        """A number that is no choice has no such law."""
        assert mixture_law(x.node, exact_law) is None

    def test_depth_is_not_its_own(self) -> None:
        """Whoever asks says how the laws of the parts are found."""
        asked: list[Node] = []

        def constant(node: Node) -> Law:
            asked.append(node)
            return Constant(float(len(asked)))

        node = picked((0.5, 0.5), about(3, sd=1), about(4, sd=1))
        law = mixture_law(node, constant)
        assert isinstance(node, Apply)
        assert asked == list(node.arguments[1:])
        assert law is not None
        assert law.mean() == 1.5
