import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.accounts import Category
from attrition.errors import CategoryError
from tests.accounts.records import lost, unchecked

OUTCOMES = (
    "KIA", "DOW", "WIA_RTD", "WIA_LOST", "MIA", "POW",
    "DNB_DIED", "DNB_LOST", "DNB_RTD", "DESERTED", "DISCHARGED",
)  # fmt: skip

# As texts and sets, so that nothing of the enum's own algebra is used.
NAMED = {
    "KILLED": "KIA DOW",
    "WOUNDED": "WIA_RTD WIA_LOST",
    "US_WIA": "DOW WIA_RTD WIA_LOST",
    "KILLED_AND_WOUNDED": "KIA DOW WIA_RTD WIA_LOST",
    "BATTLE_CASUALTIES": "KIA DOW WIA_RTD WIA_LOST MIA POW",
    "IRRECOVERABLE": "KIA DOW WIA_LOST MIA POW",
    "DEATHS": "KIA DOW DNB_DIED",
    "SOVIET_IRRECOVERABLE": "KIA DOW MIA POW DNB_DIED",
    "SOVIET_SANITARY": "WIA_RTD WIA_LOST DNB_LOST DNB_RTD",
    "CASUALTIES": "KIA DOW WIA_RTD WIA_LOST MIA POW DNB_DIED DNB_LOST DNB_RTD",
    "SEPARATIONS": "KIA DOW WIA_LOST MIA POW DNB_DIED DNB_LOST DESERTED DISCHARGED",
}

KNOWN = ", ".join((*OUTCOMES, *NAMED))

names = st.sets(st.sampled_from(OUTCOMES), min_size=1)


class TestValues:
    def test_outcomes_keep_their_values(self) -> None:
        """Each outcome is one bit, in the order in which outcomes were added."""
        assert [Category[name].value for name in OUTCOMES] == [2**i for i in range(11)]

    def test_there_are_no_other_members(self) -> None:
        """Every member is an outcome or a named set that the tables here list."""
        assert list(Category.__members__) == [*OUTCOMES, *NAMED]

    @pytest.mark.parametrize("name", NAMED)
    def test_named_sets_hold_what_the_convention_says(self, name: str) -> None:
        """A named set is exactly the outcomes of its convention."""
        assert Category[name].outcomes == NAMED[name].split()

    @pytest.mark.parametrize("name", [*OUTCOMES, *NAMED])
    def test_round_trip_by_outcomes(self, name: str) -> None:
        """The list of outcome names says everything about a set."""
        assert Category.from_names(Category[name].outcomes) is Category[name]

    @given(names)
    def test_pickle(self, chosen: set[str]) -> None:
        """A pickled set is the same set."""
        category = Category.from_names(chosen)

        assert pickle.loads(pickle.dumps(category)) is category


class TestAlgebra:
    @given(names, names)
    def test_rules_are_those_of_sets(self, first: set[str], second: set[str]) -> None:
        """Adding asks for disjoint sets, comparing for equal ones, covering for a subset."""
        a, b = Category.from_names(first), Category.from_names(second)

        assert a.may_add(b) == first.isdisjoint(second)
        assert a.may_compare(b) == (first == second)
        assert a.covers(b) == first.issuperset(second)

    @pytest.mark.parametrize("rule", [Category.may_add, Category.may_compare, Category.covers])
    def test_only_categories_have_rules(self, rule: Callable[..., bool]) -> None:
        """A text is no category, whatever it spells."""
        with pytest.raises(CategoryError) as caught:
            rule(Category.KILLED, "KILLED")

        assert str(caught.value) == (
            "other is 'KILLED': expected a Category. Type for example other=Category.KILLED."
        )


class TestText:
    @pytest.mark.parametrize("name", [*OUTCOMES, *NAMED])
    def test_members_are_called_by_name(self, name: str) -> None:
        """Outcomes and named sets show their names."""
        category = Category[name]

        assert (category.label, str(category)) == (name, name)
        assert repr(category) == f"Category.{name}"

    def test_other_unions_show_their_outcomes(self) -> None:
        """A union without a name lists its outcomes, and its repr makes it again."""
        union = Category.MIA | Category.KIA

        assert union.label == "KIA | MIA"
        assert repr(union) == "Category.KIA | Category.MIA"

    def test_empty(self) -> None:
        """What is common to disjoint sets is no outcome."""
        nothing = Category.KILLED & Category.WOUNDED

        assert (nothing.label, repr(nothing)) == ("no outcome", "Category(0)")

    @given(names, names)
    def test_a_label_names_its_set(self, first: set[str], second: set[str]) -> None:
        """Reading a label back gives the set that it was made from."""
        union = Category.from_names(first) | Category.from_names(second)

        assert Category.from_names(union.label.split(" | ")) is union


class TestRefusals:
    def test_calling_the_class_with_a_text(self) -> None:
        """A name is looked up, not converted."""
        with pytest.raises(CategoryError) as caught:
            Category("KILLED")

        assert str(caught.value) == (
            "Category('KILLED') is no set of outcomes: expected one that has a name. "
            'Type Category.KILLED, or Category.from_names(["KILLED", "MIA"]).'
        )

    def test_calling_the_class_with_unknown_bits(self) -> None:
        """A number with bits beyond the outcomes is no set of outcomes."""
        with pytest.raises(CategoryError) as caught:
            Category(2**11)

        assert str(caught.value) == (
            "Category(2048) is no set of outcomes: expected one that has a name. "
            'Type Category.KILLED, or Category.from_names(["KILLED", "MIA"]).'
        )

    @pytest.mark.parametrize("name", ["WIA", "killed", 3])
    def test_unknown_names(self, name: object) -> None:
        """An unknown name is answered with the known ones."""
        with pytest.raises(CategoryError) as caught:
            unchecked(Category.from_names)([name])

        assert str(caught.value) == f"{name!r} is no category: expected one of {KNOWN}."

    def test_a_text_is_no_list_of_names(self) -> None:
        """A single name stands in a list."""
        with pytest.raises(CategoryError) as caught:
            Category.from_names("KIA")

        assert str(caught.value) == (
            "names is the text 'KIA': expected a list of names. Type Category.from_names(['KIA'])."
        )

    def test_no_names(self) -> None:
        """A set of outcomes holds at least one."""
        with pytest.raises(CategoryError) as caught:
            Category.from_names([])

        assert str(caught.value) == (
            "names is empty: expected at least one outcome. "
            'Type for example Category.from_names(["KIA", "DOW"]).'
        )

    def test_a_record_of_nobody(self) -> None:
        """A record counts at least one outcome."""
        with pytest.raises(CategoryError) as caught:
            lost(category=Category.KILLED & Category.WOUNDED)

        assert str(caught.value) == (
            "category holds no outcome: expected at least one. "
            "Join sets with |, for example category=Category.KILLED | Category.MIA."
        )

    def test_a_record_of_a_text(self) -> None:
        """A record takes a category, not its name."""
        with pytest.raises(CategoryError) as caught:
            unchecked(lost)(category="KILLED")

        assert str(caught.value) == (
            "category is 'KILLED': expected a Category. Type for example category=Category.KILLED."
        )
