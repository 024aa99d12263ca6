import itertools
import pickle
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.accounts import Category, same_statement
from attrition.errors import CategoryError, MixError, NumberError
from attrition.evidence import CasualtyMix
from attrition.uncertain import about, draws, total_of, uniform
from tests.accounts.records import lost, unchecked
from tests.evidence.mixes import FULL

OUTCOMES = [Category[name] for name in Category.CASUALTIES.outcomes]

# Known numbers, so that every weight can be worked out by hand.
KNOWN = CasualtyMix.from_ratios(
    3,
    returned_per_wounded=0.6,
    missing_per_killed=0.35,
    captured_per_killed=0.05,
    died_of_wounds_per_killed=0.1,
    nonbattle_dead_per_killed=0.125,
)
WEIGHTS = {
    "KIA": 0.9,
    "DOW": 0.1,
    "WIA_RTD": 1.8,
    "WIA_LOST": 1.2,
    "MIA": 0.35,
    "POW": 0.05,
    "DNB_DIED": 0.125,
}
OPTIONAL = {
    "returned_per_wounded": ("WIA_RTD", "WIA_LOST"),
    "missing_per_killed": ("MIA",),
    "captured_per_killed": ("POW",),
    "died_of_wounds_per_killed": ("KIA", "DOW"),
    "nonbattle_dead_per_killed": ("DNB_DIED",),
}

determined = st.sets(st.sampled_from(list(WEIGHTS)), min_size=1).map(Category.from_names)


class TestParts:
    def test_the_identity(self) -> None:
        """KILLED : WIA_RTD : WIA_LOST : MIA : POW = 1 : w s : w (1 - s) : m : c."""
        parts = {part.label: weight.median() for part, weight in KNOWN.parts.items()}

        assert parts == pytest.approx(WEIGHTS)

    def test_wholes_where_nothing_splits_them(self) -> None:
        """Without a share of those returned or died of wounds, wholes are the parts."""
        parts = CasualtyMix.from_ratios(2.67, captured_per_killed=0).parts

        assert [part.label for part in parts] == ["KILLED", "WOUNDED", "POW"]
        assert parts[Category.POW].value == 0.0

    def test_parts_share_nobody(self) -> None:
        """Parts are disjoint, so that their people may be added."""
        assert all(a.may_add(b) for a, b in itertools.combinations(FULL.parts, 2))

    def test_parts_are_read_only(self) -> None:
        """The parts of a mix cannot be changed behind its back."""
        with pytest.raises(TypeError):
            FULL.parts[Category.MIA] = uniform(0, 1)  # type: ignore[index] # what is refused here


class TestCovers:
    @given(st.sets(st.sampled_from(list(OPTIONAL))), st.sets(st.sampled_from(OUTCOMES), min_size=1))
    def test_unions_of_parts_and_nothing_else(
        self, given_ratios: set[str], chosen: set[Category]
    ) -> None:
        """A ratio that is unknown hides its outcomes, unless they stay together."""
        mix = unchecked(CasualtyMix.from_ratios)(3, **dict.fromkeys(given_ratios, 0.5))
        wanted = Category.from_names([str(one.name) for one in chosen])
        names = {str(one.name) for one in chosen}
        hidden = {"DNB_LOST", "DNB_RTD"} & names
        for ratio in set(OPTIONAL) - given_ratios:
            split = set(OPTIONAL[ratio])
            together = ratio.startswith(("returned", "died")) and split <= names
            hidden |= set() if together else split & names

        assert mix.covers(wanted) == (not hidden)

    def test_wounded_known_and_returned_unknown(self) -> None:
        """The wounded as a whole are determined, those who return are not."""
        mix = CasualtyMix.from_ratios(2.67)

        assert mix.covers(Category.KILLED)
        assert mix.covers(Category.WOUNDED)
        assert mix.covers(Category.KILLED_AND_WOUNDED)
        assert not mix.covers(Category.WIA_RTD)
        assert not mix.covers(Category.BATTLE_CASUALTIES)

    def test_zero_is_known(self) -> None:
        """No missing is a statement, and None is not."""
        assert CasualtyMix.from_ratios(3, missing_per_killed=0).covers(Category.MIA)
        assert not CasualtyMix.from_ratios(3, missing_per_killed=None).covers(Category.MIA)

    def test_only_categories(self) -> None:
        """A text is no category."""
        with pytest.raises(CategoryError) as caught:
            unchecked(FULL.covers)("KILLED")

        assert str(caught.value) == (
            "category is 'KILLED': expected a Category. Type for example category=Category.KILLED."
        )


class TestMissingRatios:
    @pytest.mark.parametrize("ratio", OPTIONAL)
    def test_each_outcome_names_its_ratio(self, ratio: str) -> None:
        """An outcome that is not determined asks for the ratio that determines it."""
        for name in OPTIONAL[ratio]:
            assert CasualtyMix.from_ratios(3).missing_ratios(Category[name]) == (ratio,)

    def test_nothing_is_missing(self) -> None:
        """What is determined needs no ratio."""
        assert FULL.missing_ratios(Category.SOVIET_IRRECOVERABLE) == ()


class TestRatio:
    @given(determined, determined)
    def test_people_per_person(self, above: Category, below: Category) -> None:
        """A ratio is the sum of the weights of the one over that of the other."""
        expected = sum(map(WEIGHTS.get, above.outcomes)) / sum(map(WEIGHTS.get, below.outcomes))  # type: ignore[arg-type] # every outcome has a weight

        assert KNOWN.ratio(above, per=below).value == pytest.approx(expected, rel=1e-14)

    def test_the_killed_are_exact(self) -> None:
        """Whole KILLED are not put together from parts, so that 1 / (1 + w) is found exactly."""
        w = FULL.wounded_per_killed
        killed = FULL.ratio(Category.KILLED, per=Category.KILLED_AND_WOUNDED)

        assert killed.summary().method == "exact"
        assert killed.ppf(0.1) == pytest.approx(1 / (1 + w.ppf(0.9)), rel=1e-14)

    def test_of_one_category_to_itself(self) -> None:
        """A category per person of itself is 1, without spread."""
        ratio = FULL.ratio(Category.IRRECOVERABLE, per=Category.IRRECOVERABLE)

        assert (ratio.mean(), ratio.std()) == (1.0, 0.0)

    def test_per_nobody(self) -> None:
        """A mix without wounded gives nothing per wounded."""
        with pytest.raises(MixError) as caught:
            CasualtyMix.from_ratios(0).ratio(Category.KILLED, per=Category.WOUNDED)

        assert str(caught.value) == (
            "the mix has nobody in WOUNDED: expected people to take a ratio to. "
            "Give a ratio above 0 for it."
        )

    @pytest.mark.parametrize(
        ("wanted", "text"),
        [
            (
                Category.WIA_RTD,
                (
                    "the mix does not determine WIA_RTD: returned_per_wounded is unknown, and "
                    "unknown is not zero. Type CasualtyMix.from_ratios(..., "
                    "returned_per_wounded=...)."
                ),
            ),
            (
                Category.IRRECOVERABLE | Category.DNB_DIED,
                (
                    "the mix does not determine KIA | DOW | WIA_LOST | MIA | POW | DNB_DIED: "
                    "returned_per_wounded, missing_per_killed, captured_per_killed and "
                    "nonbattle_dead_per_killed are unknown, and unknown is not zero. Type "
                    "CasualtyMix.from_ratios(..., returned_per_wounded=..., "
                    "missing_per_killed=..., captured_per_killed=..., "
                    "nonbattle_dead_per_killed=...)."
                ),
            ),
            (
                Category.US_WIA,
                (
                    "the mix does not determine US_WIA: died_of_wounds_per_killed is unknown, and "
                    "unknown is not zero. Type CasualtyMix.from_ratios(..., "
                    "died_of_wounds_per_killed=...)."
                ),
            ),
            (
                Category.CASUALTIES,
                (
                    "the mix does not determine CASUALTIES: no ratio of a mix reaches "
                    "DNB_LOST | DNB_RTD. State those as LossEstimate.central(...) of their own."
                ),
            ),
        ],
    )
    def test_beyond_the_mix(self, wanted: Category, text: str) -> None:
        """What is not determined names the missing ratios, on either side of the ratio."""
        mix = CasualtyMix.from_ratios(2.67)
        with pytest.raises(MixError) as above:
            mix.ratio(wanted, per=Category.KILLED)
        with pytest.raises(MixError) as below:
            mix.ratio(Category.KILLED, per=wanted)

        assert (str(above.value), str(below.value)) == (text, text)

    def test_per_a_text(self) -> None:
        """Both sides of a ratio are categories."""
        with pytest.raises(CategoryError) as caught:
            unchecked(FULL.ratio)(Category.KILLED, per="KILLED")

        assert str(caught.value) == (
            "per is 'KILLED': expected a Category. Type for example per=Category.KILLED."
        )


class TestShare:
    def test_returned_of_killed_and_wounded(self) -> None:
        """In every draw the returned share is w s / (1 + w)."""
        assert FULL.returned_per_wounded is not None
        found = FULL.share(Category.WIA_RTD, of=Category.KILLED_AND_WOUNDED)
        w, s, x = draws(
            FULL.wounded_per_killed, FULL.returned_per_wounded, found, n=1_000, rng=20260101
        )

        np.testing.assert_allclose(x, w * s / (1 + w), rtol=1e-14)

    @pytest.mark.parametrize(
        "whole",
        [Category.KILLED, Category.WOUNDED, Category.BATTLE_CASUALTIES, Category.DEATHS],
    )
    def test_shares_of_parts_sum_to_one(self, whole: Category) -> None:
        """The shares of the single outcomes of a whole add up to 1 in every draw."""
        shares = [FULL.share(Category[name], of=whole) for name in whole.outcomes]
        (total,) = draws(total_of(*shares), n=1_000, rng=20260102)

        # A few ulp: as many roundings as there are parts.
        np.testing.assert_allclose(total, 1.0, rtol=1e-14)

    def test_no_part(self) -> None:
        """People outside the whole have no share of it."""
        with pytest.raises(CategoryError) as caught:
            FULL.share(Category.MIA, of=Category.KILLED)

        assert str(caught.value) == (
            "MIA is no part of KILLED: expected a category inside it. Type mix.ratio(..., "
            "per=...) for people of one category per person of another."
        )

    def test_of_a_text(self) -> None:
        """The whole is a category."""
        with pytest.raises(CategoryError) as caught:
            unchecked(FULL.share)(Category.KILLED, of="DEATHS")

        assert str(caught.value) == (
            "of is 'DEATHS': expected a Category. Type for example of=Category.KILLED."
        )


class TestRecord:
    def test_fields(self) -> None:
        """A mix is compared by its numbers, hashed and pickled."""
        again = pickle.loads(pickle.dumps(FULL))

        assert (again, hash(again)) == (FULL, hash(FULL))
        assert FULL != KNOWN
        assert same_statement(
            CasualtyMix.from_ratios(about(3, sd=0.1)), CasualtyMix.from_ratios(about(3, sd=0.1))
        )

    def test_one_estimate_or_several(self) -> None:
        """The estimates that a mix came from are kept in a row."""
        first, second = lost(35_050), lost(12_365, Category.KILLED)

        assert CasualtyMix.from_ratios(3, estimated_from=first).estimated_from == (first,)
        assert CasualtyMix.from_ratios(3, estimated_from=[first, second]).estimated_from == (
            first,
            second,
        )

    @pytest.mark.parametrize(("value", "found"), [(3, 3), ([lost(1), None], None)])
    def test_estimated_from_holds_estimates(self, value: object, found: object) -> None:
        """A mix is estimated from loss estimates."""
        with pytest.raises(MixError) as caught:
            unchecked(CasualtyMix.from_ratios)(3, estimated_from=value)

        assert str(caught.value) == (
            f"estimated_from holds {found!r}: expected the LossEstimates whose counts the ratios "
            "came from. Leave it out where they came from elsewhere."
        )


class TestRefusals:
    def test_fields_are_named(self) -> None:
        """Ratios in a row do not say which is which."""
        with pytest.raises(TypeError):
            unchecked(CasualtyMix)(3, 0.5)
        with pytest.raises(TypeError):
            unchecked(CasualtyMix.from_ratios)(3, 0.5)

    @pytest.mark.parametrize(
        "what",
        [
            "wounded_per_killed",
            "missing_per_killed",
            "captured_per_killed",
            "nonbattle_dead_per_killed",
        ],
    )
    def test_ratios_are_not_negative(self, what: str) -> None:
        """A ratio below zero names its field."""
        with pytest.raises(MixError) as caught:
            unchecked(CasualtyMix.from_ratios)(**{"wounded_per_killed": 3, what: -0.5})

        assert str(caught.value) == (
            f"{what} is -0.5: a ratio of people cannot be negative. Type a number from 0 on, "
            'between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )

    @pytest.mark.parametrize("what", ["returned_per_wounded", "died_of_wounds_per_killed"])
    def test_shares_are_inside_zero_and_one(self, what: str) -> None:
        """A share above one names its field."""
        with pytest.raises(MixError) as caught:
            unchecked(CasualtyMix.from_ratios)(3, **{what: 1.25})

        assert str(caught.value) == (
            f"{what} is 1.25: expected a share inside [0, 1]. "
            "Write 40 to 70 per cent as share(0.4, 0.7, confidence=0.9)."
        )

    def test_ratios_are_numbers(self) -> None:
        """A date is no ratio."""
        with pytest.raises(NumberError):
            unchecked(CasualtyMix.from_ratios)(date(2026, 1, 1))
