import pytest

from attrition.accounts import Category
from attrition.evidence.parts import (
    HALVES,
    RATIOS,
    REACH,
    inside,
    listed,
    loose,
    summed,
    told_by,
    union,
    why_not,
)


class TestSets:
    def test_reach(self) -> None:
        """A mix may hold all but the sick who live, deserters and those discharged."""
        assert REACH == Category.BATTLE_CASUALTIES | Category.DNB_DIED

    def test_union(self) -> None:
        """The union of no set is nobody."""
        assert union([]) == Category(0)
        assert union([Category.KIA, Category.US_WIA]) == Category.KILLED_AND_WOUNDED

    def test_inside(self) -> None:
        """A part that lies in a category only partly is not inside, and what it holds is loose."""
        parts = (Category.KILLED, Category.WIA_LOST)

        assert inside(Category.IRRECOVERABLE, parts) == parts
        assert inside(Category.US_WIA, parts) == (Category.WIA_LOST,)
        assert loose(Category.IRRECOVERABLE, parts) == Category.MIA | Category.POW
        assert loose(Category.US_WIA, parts) == Category.DOW | Category.WIA_RTD

    def test_summed(self) -> None:
        """What is whole is added whole, in the order of the wholes, and the halves at the end."""
        parts = told_by(tuple(RATIOS))
        found = summed(Category.IRRECOVERABLE | Category.DNB_DIED, parts)

        assert found == (
            Category.KILLED, Category.MIA, Category.POW, Category.DNB_DIED, Category.WIA_LOST,
        )  # fmt: skip

    @pytest.mark.parametrize("ratios", [(), tuple(RATIOS), tuple(RATIOS)[:2], tuple(RATIOS)[2:]])
    def test_told_by(self, ratios: tuple[str, ...]) -> None:
        """Parts share nobody, hold all whom a ratio reaches, and each half has its other one."""
        found = told_by(ratios)
        reached = union([Category.KILLED, Category.WOUNDED, *(RATIOS[name] for name in ratios)])

        assert union(found) == reached
        assert sum(len(part.outcomes) for part in found) == len(reached.outcomes)
        for name, halves in HALVES.items():
            assert (RATIOS[name] in found) is not (halves[0] in found)
            assert (halves[0] in found) is (halves[1] in found) is (name in ratios)


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
