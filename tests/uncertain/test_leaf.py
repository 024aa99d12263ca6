import math

import pytest

from attrition.errors import ParameterError
from attrition.uncertain.families import Normal, Uniform
from attrition.uncertain.leaf import half_score, new_leaf


class TestNewLeaf:
    def test_law_and_name(self) -> None:
        """A leaf has the law and the name that it was given, and is a new unknown each time."""
        x, y = (new_leaf(Uniform(0.0, 3.0), "share") for _ in range(2))

        assert (x.name, x.support()) == ("share", (0.0, 3.0))
        assert x != y

    def test_any_law_with_a_spread(self) -> None:
        """The spread is looked at where draws are made, not where a law has no end."""
        assert new_leaf(Normal(44_000.0, 3_000.0), None).std() == 3_000.0
        assert new_leaf(Normal(0.0, 1e306), None).isf(0.05) > 1e306

    @pytest.mark.parametrize(
        "law",
        [Normal(1e30, 1.0), Uniform(-1.7e308, 1.7e308), Normal(0.0, math.inf)],
    )
    def test_spread_out_of_reach(self, law: Normal | Uniform) -> None:
        """A spread that floats cannot hold is refused."""
        with pytest.raises(ParameterError) as caught:
            new_leaf(law, None)

        assert str(caught.value) == (
            f"{law!r} has a spread too small or too large for floats: expected one above a 1e-16th "
            f"of the value and below 1e308. Check the figures; a known number is exactly(value)."
        )

    def test_empty_name(self) -> None:
        """An empty name is no name."""
        with pytest.raises(ParameterError, match="name is ''"):
            new_leaf(Uniform(0.0, 1.0), "")


class TestHalfScore:
    @pytest.mark.parametrize(
        ("confidence", "score"), [(0.9, 1.6448536269514722), (0.5, 0.6744897501960817)]
    )
    def test_published_values(self, confidence: float, score: float) -> None:
        """The scores of the usual intervals are those of the tables."""
        assert half_score(confidence) == pytest.approx(score, rel=1e-15)

    def test_small_confidence(self) -> None:
        """Next to the median the score is the confidence times the root of pi over two."""
        assert half_score(1e-9) == pytest.approx(1e-9 * math.sqrt(math.pi / 2.0), rel=1e-12)

    def test_outside(self) -> None:
        """A confidence of one has no score."""
        with pytest.raises(ParameterError, match="confidence is 1: expected a number inside"):
            half_score(1)
