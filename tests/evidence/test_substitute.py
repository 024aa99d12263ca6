import pytest

from attrition.evidence.substitute import at_other_score, substituted
from attrition.uncertain import Uncertain, about, between, correlate, exactly, uniform
from attrition.uncertain.families import LogNormal, Normal, Uniform
from attrition.uncertain.node import Leaf

X, Y = about(44_000, sd=3_000), about(35_000, sd=2_000)
NEW = about(22_000, sd=500)


class TestSubstituted:
    def test_untouched_numbers_are_themselves(self) -> None:
        """Nothing is rebuilt where nothing is replaced."""
        number = X * 2 - Y / X

        assert substituted(number.node, {}) is number.node
        assert substituted(number.node, {NEW.node.uid: X.node}) is number.node

    def test_every_use_is_replaced(self) -> None:
        """The result is what the same computation on the new unknown gives."""
        number = Uncertain(substituted((X * Y - Y).node, {Y.node.uid: NEW.node}))

        assert number == X * NEW - NEW

    def test_whole_expressions(self) -> None:
        """A number may be replaced as a whole, and then what is below it does not matter."""
        deficit = X - Y
        found = substituted((deficit / X).node, {deficit.node.uid: NEW.node, Y.node.uid: X.node})

        assert Uncertain(found) == NEW / X

    def test_known_numbers(self) -> None:
        """What rests on known numbers only becomes known."""
        found = substituted((X - 2_000).node, {X.node.uid: exactly(5_000).node})

        assert Uncertain(found).value == 3_000

    @pytest.mark.parametrize(
        "x",
        [
            about(44_000, sd=3_000),
            between(5_000, 20_000, confidence=0.9, family="lognormal"),
            uniform(3, 8),
        ],
    )
    def test_correlated_numbers_lose_their_law(self, x: Uncertain) -> None:
        """A correlated number at another score has another law, not the one it was made with."""
        old, _ = correlate([x, Y], normal_scores=0.6)
        (score,) = old.node.arguments  # type: ignore[union-attr] # a correlated number is computed
        leaf = Uncertain(score)
        moved = Uncertain(substituted(old.node, {leaf.node.uid: (leaf + 1.5).node}))

        assert moved.median() == pytest.approx(x.ppf(0.9331927987311419), rel=1e-12)
        assert substituted(old.node, {Y.node.uid: NEW.node}) is old.node


class TestAtOtherScore:
    @pytest.mark.parametrize("law", [Normal(3.0, 2.0), LogNormal(3.0, 0.4), Uniform(3.0, 8.0)])
    def test_every_law(self, law: Normal | LogNormal | Uniform) -> None:
        """The median lies at the score of the median."""
        number = Uncertain(at_other_score(law, about(0.5, sd=0.25).node))

        assert number.median() == pytest.approx(Uncertain(Leaf(law)).ppf(0.6914624612740131))
        assert number.method == "exact"
