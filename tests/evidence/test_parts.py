import pytest

from attrition.accounts import Category
from attrition.evidence.parts import REACH, inside, listed, union, why_not
from attrition.uncertain import exactly


class TestSets:
    def test_reach(self) -> None:
        """A mix may hold all but the sick who live, deserters and those discharged."""
        assert REACH == Category.BATTLE_CASUALTIES | Category.DNB_DIED

    def test_union(self) -> None:
        """The union of no set is nobody."""
        assert union([]) == Category(0)
        assert union([Category.KIA, Category.US_WIA]) == Category.KILLED_AND_WOUNDED

    def test_inside(self) -> None:
        """A part that lies in a category only partly is not inside."""
        weights = {Category.KILLED: exactly(1), Category.WIA_LOST: exactly(2)}

        assert inside(Category.IRRECOVERABLE, weights) == weights
        assert inside(Category.US_WIA, weights) == {Category.WIA_LOST: exactly(2)}


class TestTexts:
    @pytest.mark.parametrize(
        ("names", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
    )
    def test_listed(self, names: list[str], text: str) -> None:
        """The last name stands behind an and."""
        assert listed(names) == text

    def test_verbs(self) -> None:
        """One ratio is unknown, several are."""
        assert "MIA: missing_per_killed is unknown, and" in why_not(
            Category.MIA, ["missing_per_killed"]
        )
        assert "a and b are unknown, and" in why_not(Category.MIA, ["a", "b"])
