import math

import numpy as np
import pytest
from scipy import stats

from attrition.errors import NumberError, ParameterError
from attrition.uncertain import Uncertain, about, draws, exactly, mixture, probability, uniform
from attrition.uncertain.mixed import Mixture
from attrition.uncertain.node import Apply


class TestMixture:
    def test_equals_one_of_its_parts(self) -> None:
        """In every draw the mixture is equal to one of its parts, as often as was said."""
        a, b = about(44_000, sd=1_000), about(31_680, sd=900)
        x = mixture([(0.3, a), (0.7, b)])
        of_a, of_b, values = draws(a, b, x, n=40_000, rng=20260101)

        assert ((values == of_a) | (values == of_b)).all()
        # Five standard deviations of a share.
        assert np.mean(values == of_a) == pytest.approx(0.3, abs=5.0 * math.sqrt(0.21 / 40_000))

    def test_stays_tied(self) -> None:
        """What the mixture differs from a part by is 0 as often as that part was chosen."""
        a, b = about(44_000, sd=1_000), about(31_680, sd=900)
        x = mixture([(0.3, a), (0.7, b)])

        assert probability((x - a).equals(0)) == pytest.approx(0.3, abs=1e-3)
        assert probability((x - b).equals(0)) == pytest.approx(0.7, abs=1e-3)

    def test_moments(self) -> None:
        """The mean is weighted; the variance has what lies between the parts too."""
        x = mixture([(0.3, about(5, sd=1)), (0.7, about(1, sd=2))])

        assert x.mean() == pytest.approx(2.2, rel=1e-3)
        assert x.var() == pytest.approx(0.3 * 1 + 0.7 * 4 + 0.21 * 16, rel=1e-2)

    def test_known_parts(self) -> None:
        """Readings may be known numbers; the mixture has these values only."""
        x = mixture([(0.3, 44_000), (0.7, exactly(31_680))])

        assert set(x.rvs(100, rng=20260101)) == {44_000.0, 31_680.0}
        assert x.support() == (31_680.0, 44_000.0)
        assert x.mean() == pytest.approx(35_376, rel=1e-3)

    def test_any_number_of_parts(self) -> None:
        """Seventy parts are as good as two, from any iterable, distributions included."""
        x = mixture((1.0 / 70.0, i) for i in range(70))
        y = mixture([(0.5, stats.norm(3, 1)), (0.5, 4)])

        assert x.mean() == pytest.approx(34.5, rel=1e-3)
        assert y.mean() == pytest.approx(3.5, rel=1e-3)

    def test_lists_as_pairs(self) -> None:
        """A pair may be a list, as it is after a way through JSON."""
        assert mixture([[1, 4]]).value == 4.0  # type: ignore[list-item]  # typed as tuples

    def test_two_mixtures_choose_apart(self) -> None:
        """Two mixtures of the same parts are two unknowns."""
        parts = [(0.5, exactly(0)), (0.5, exactly(1))]

        assert (mixture(parts) - mixture(parts)).var() == pytest.approx(0.5, rel=1e-2)

    def test_name_decides_the_choice(self) -> None:
        """The same name gives the same choice in every draw, whatever the parts are."""
        first = mixture([(0.5, exactly(0)), (0.5, exactly(1))], name="reading")
        second = mixture([(0.5, exactly(10)), (0.5, exactly(11))], name="reading")

        assert (first.rvs(50, rng=20260101) + 10).tolist() == second.rvs(50, rng=20260101).tolist()

    def test_likelier_part_keeps_its_draws(self) -> None:
        """Where the first part becomes likelier, no draw leaves it."""
        before, after = (
            mixture([(w, exactly(0)), (1 - w, exactly(1))], name="reading").rvs(200, rng=20260101)
            for w in (0.4, 0.6)
        )

        assert (after <= before).all()
        assert after.sum() < before.sum()

    def test_what_is_certain(self) -> None:
        """A part with probability one is the number itself, and one with none is left out."""
        a, b = about(3, sd=1), uniform(0, 1)

        assert mixture([(1, a)]) == a
        assert mixture([(0, b), (1, a)]) == a
        assert mixture([(0.5, a), (0, uniform(-9, -8)), (0.5, b)]).support()[0] == -math.inf
        assert mixture([(0.5, 2), (0, uniform(-9, -8)), (0.5, b)]).support() == (0.0, 2.0)

    def test_rounded_probabilities(self) -> None:
        """Probabilities that miss one by rounding are taken as they are meant."""
        x = mixture([(1 / 3, exactly(0)), (1 / 3, exactly(3)), (1 / 3, exactly(6))])

        assert x.mean() == pytest.approx(3, rel=1e-3)

    def test_probabilities_are_made_to_sum_to_one(self) -> None:
        """What rounding misses is shared out in proportion."""
        x = mixture([(0.75 + 6e-10, exactly(0)), (0.25 + 2e-10, exactly(3))])

        assert isinstance(x.node, Apply)
        assert isinstance(x.node.operation, Mixture)
        assert x.node.operation.weights == pytest.approx((0.75, 0.25), abs=1e-15)

    @pytest.mark.parametrize(
        ("weights", "total"), [([0.7, 0.2], "0.9"), ([0.0, 0.0], "0"), ([70.0, 30.0], "100")]
    )
    def test_no_sum_of_one(self, weights: list[float], total: str) -> None:
        """Probabilities must sum to one: what is missing is not guessed."""
        with pytest.raises(ParameterError) as caught:
            mixture([(w, about(3, sd=1)) for w in weights])

        assert str(caught.value) == (
            f"the probabilities of a mixture are {weights}, which sum to {total}: expected a sum "
            f"of 1. Type for example mixture([(0.7, a), (0.3, b)])."
        )

    def test_nothing(self) -> None:
        """A mixture of nothing has no probabilities that could sum to one."""
        with pytest.raises(ParameterError) as caught:
            mixture([])

        assert str(caught.value) == (
            "the probabilities of a mixture are [], which sum to 0: expected a sum of 1. "
            "Type for example mixture([(0.7, a), (0.3, b)])."
        )

    def test_negative_probability(self) -> None:
        """A probability below zero is refused, even where the sum is one."""
        with pytest.raises(ParameterError) as caught:
            mixture([(1.5, exactly(1)), (-0.5, exactly(2))])

        assert str(caught.value) == (
            "the probability of a part is -0.5: expected 0 or more. "
            "Type for example mixture([(0.7, a), (0.3, b)])."
        )

    @pytest.mark.parametrize("part", [0.7, (0.7,), (0.7, 1, 2), "ab", exactly(3)])
    def test_no_pair(self, part: object) -> None:
        """A part is a probability and a number."""
        with pytest.raises(ParameterError) as caught:
            mixture([part])  # type: ignore[list-item]  # the point

        assert str(caught.value) == (
            f"a part of a mixture is {part!r}: expected a probability and a number. "
            f"Type for example mixture([(0.7, a), (0.3, b)])."
        )

    def test_no_number(self) -> None:
        """Probability and part must be numbers, and the message says which is none."""
        with pytest.raises(NumberError) as caught:
            mixture([(exactly(1), exactly(2))])  # type: ignore[list-item]  # the point
        assert str(caught.value) == (
            "the probability of a part is exactly(1), a Uncertain: expected a finite number. "
            "Type a number such as 35_000; a text is never read as one."
        )
        with pytest.raises(NumberError, match="'44,000' is a str: expected a number, an Uncertain"):
            mixture([(1, "44,000")])  # type: ignore[list-item]  # the point

    def test_text(self) -> None:
        """The text says what the number is and how many unknowns it rests on."""
        x = mixture([(0.5, uniform(0, 1)), (0.5, uniform(3, 4))])

        assert repr(x) == "Uncertain(Mixture of 3 unknowns)"

    def test_empty_name(self) -> None:
        """An empty name is no name."""
        with pytest.raises(ParameterError, match="name is ''"):
            mixture([(0.5, 1), (0.5, 2)], name="")

    def test_quotient_of_mixture(self) -> None:
        """A mixture is a number like any other: it enters arithmetic and events."""
        x = mixture([(0.5, uniform(1, 2)), (0.5, uniform(3, 4))])
        ratio: Uncertain = x / x

        assert (ratio.mean(), ratio.std()) == (1.0, 0.0)
        assert probability(x > 2.5) == pytest.approx(0.5, abs=1e-3)
