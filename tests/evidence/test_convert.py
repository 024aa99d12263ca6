import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.accounts import Bound, Category, Unit
from attrition.errors import CategoryError, EstimateError, MixError
from attrition.evidence import CasualtyMix, convert
from attrition.uncertain import about, between, draws, share
from tests.accounts.records import DECEMBER, STAFF, lost, unchecked
from tests.evidence.mixes import FULL

MIX = CasualtyMix.from_ratios(
    between(2.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=share(0.4, 0.7, confidence=0.9),
    missing_per_killed=0.35,
)
CLAIM = lost(about(31_680, sd=1_541), source=STAFF)
parts_of_the_mix = st.sets(st.sampled_from([part.label for part in FULL.parts]), min_size=1).map(
    Category.from_names
)


class TestConvert:
    def test_killed_and_wounded_to_killed(self) -> None:
        """In every draw the killed are the count over 1 + w."""
        killed = convert(CLAIM, to=Category.KILLED, mix=MIX)
        n, w, k = draws(CLAIM.count, MIX.wounded_per_killed, killed.count, n=1_000, rng=20260101)

        np.testing.assert_allclose(k, n / (1 + w), rtol=1e-14)

    def test_median_against_simulation(self) -> None:
        """The median of the killed agrees with plain sampling by numpy."""
        killed = convert(CLAIM, to=Category.KILLED, mix=MIX)
        rng = np.random.default_rng(20260103)
        sigma = np.log(3.4 / 2.3) / (2 * 1.6448536269514722)
        w = np.sqrt(2.3 * 3.4) * np.exp(sigma * rng.standard_normal(400_000))
        sample = rng.normal(31_680, 1_541, 400_000) / (1 + w)

        # Standard error of the median: sqrt(pi / 2) sd / sqrt(n), about 1.5 people; four of them.
        assert killed.count.median() == pytest.approx(float(np.median(sample)), abs=6)

    def test_parts_add_up_to_the_whole(self) -> None:
        """Killed, returned and lost of one claim add up to it in every draw."""
        parts = (Category.KILLED, Category.WIA_RTD, Category.WIA_LOST)
        counts = [convert(CLAIM, to=part, mix=MIX).count for part in parts]
        total, claim = draws(counts[0] + counts[1] + counts[2], CLAIM.count, n=1_000, rng=20260102)

        np.testing.assert_allclose(total, claim, rtol=1e-13)

    @given(parts_of_the_mix, parts_of_the_mix)
    def test_there_and_back(self, source: Category, to: Category) -> None:
        """There and back by one mix is the same number in every draw, to 4 ulp."""
        estimate = lost(CLAIM.count, source)
        back = convert(convert(estimate, to=to, mix=FULL), to=source, mix=FULL)
        again, claim = draws(back.count, CLAIM.count, n=1_000, rng=20260104)

        # Two quotients and two products, each rounded once.
        assert (np.abs(again - claim) <= 4 * np.spacing(claim)).all()
        assert back.category == source

    def test_to_more_than_was_counted(self) -> None:
        """A claim of killed and wounded leads to battle casualties without the captured."""
        wanted = Category.KILLED_AND_WOUNDED | Category.MIA
        mix = CasualtyMix.from_ratios(3, missing_per_killed=0.35)

        assert convert(lost(40_000), to=wanted, mix=mix).count.median() == pytest.approx(43_500)

    def test_all_else_is_kept(self) -> None:
        """Side, period, unit, bound and source stay what they were."""
        killed = convert(CLAIM, to=Category.KILLED, mix=MIX)

        assert killed == lost(killed.count, Category.KILLED, source=STAFF)

    def test_to_the_same_category(self) -> None:
        """Nothing is to be done for the category that was counted, whatever the mix."""
        deserted = lost(500, Category.DESERTED)

        assert convert(deserted, to=Category.DESERTED, mix=MIX) is deserted


class TestRefusals:
    def test_beyond_the_mix(self) -> None:
        """A mix without captured does not lead to the irrecoverable."""
        with pytest.raises(MixError) as caught:
            convert(CLAIM, to=Category.IRRECOVERABLE, mix=MIX)

        assert str(caught.value) == (
            "cannot convert KILLED_AND_WOUNDED, January 2026, Russia (General Staff, 2026-02-01) "
            "to IRRECOVERABLE: the mix does not determine IRRECOVERABLE: captured_per_killed is "
            "unknown, and unknown is not zero. Type CasualtyMix.from_ratios(..., "
            "captured_per_killed=...)."
        )

    def test_from_beyond_the_mix(self) -> None:
        """Nor does it lead from deserters to anything."""
        with pytest.raises(MixError) as caught:
            convert(lost(500, Category.DESERTED), to=Category.KILLED, mix=MIX)

        assert str(caught.value) == (
            "cannot convert DESERTED, January 2026, Russia to KILLED: the mix does not determine "
            "DESERTED: no ratio of a mix reaches DESERTED. "
            "State those as LossEstimate.central(...) of their own."
        )

    @pytest.mark.parametrize("bound", [Bound.FLOOR, Bound.CEILING])
    def test_bounds(self, bound: Bound) -> None:
        """A floor times an uncertain ratio is no floor."""
        with pytest.raises(EstimateError) as caught:
            convert(lost(1_562, Category.KILLED, bound=bound), to=Category.WOUNDED, mix=MIX)

        name = bound.value
        assert str(caught.value) == (
            f"cannot convert a {name} (KILLED, January 2026, Russia): times an uncertain ratio it "
            f"is no {name} any more. Convert LossEstimate.central(...), a statement of how many "
            "there were."
        )

    def test_cases(self) -> None:
        """A mix divides persons."""
        with pytest.raises(CategoryError) as caught:
            convert(lost(370_000, Category.WOUNDED, unit=Unit.CASES), to=Category.KILLED, mix=MIX)

        assert str(caught.value) == (
            "cannot convert WOUNDED, January 2026, Russia, which counts CASES: a mix divides "
            "persons, and one person may be several cases. Convert an estimate with "
            "unit=Unit.PERSONS."
        )

    def test_a_mix_from_this_very_count(self) -> None:
        """The December claim does not convert itself by the ratio that was taken from it."""
        claim = lost(about(35_050, sd=1_704), period=DECEMBER)
        killed = lost(about(12_365, sd=1_617), Category.KILLED, period=DECEMBER)
        mix = CasualtyMix.from_ratios(
            between(1.33, 2.61, confidence=0.9, family="lognormal"),
            estimated_from=[killed, claim],
        )
        with pytest.raises(MixError) as caught:
            convert(claim, to=Category.KILLED, mix=mix)

        assert str(caught.value) == (
            "the mix was estimated from this very count (35,050 (32,247 to 37,853 at 90 %) "
            "KILLED_AND_WOUNDED, December 2025, Russia, central): converting would use it twice "
            "and look surer than it is. Combine the figures with reconcile, or take a mix known "
            "from elsewhere."
        )

    def test_the_same_count_in_another_record(self) -> None:
        """A record that says the same, or rests on the same unknown, is the same count."""
        mix = CasualtyMix.from_ratios(3, estimated_from=CLAIM)
        typed_again = lost(about(31_680, sd=1_541), source=STAFF)
        other_record = lost(CLAIM.count, side="Russian Federation")

        for estimate in (typed_again, other_record):
            with pytest.raises(MixError, match=r"^the mix was estimated from this very count \("):
                convert(estimate, to=Category.KILLED, mix=mix)

    def test_equal_known_numbers_are_no_identity(self) -> None:
        """Two months in which the same known number was lost are two counts."""
        mix = CasualtyMix.from_ratios(3, estimated_from=lost(30_000, period=DECEMBER))

        assert convert(lost(30_000), to=Category.KILLED, mix=mix).count.value == 7_500

    @pytest.mark.parametrize(
        ("estimate", "to", "mix", "error", "text"),
        [
            (
                3,
                Category.KILLED,
                MIX,
                EstimateError,
                (
                    "estimate is 3: expected a LossEstimate. "
                    "Type for example estimate=LossEstimate.central(...)."
                ),
            ),
            (
                CLAIM,
                "KILLED",
                MIX,
                CategoryError,
                "to is 'KILLED': expected a Category. Type for example to=Category.KILLED.",
            ),
            (
                CLAIM,
                Category.KILLED,
                2.67,
                EstimateError,
                (
                    "mix is 2.67: expected a CasualtyMix. "
                    "Type for example mix=CasualtyMix.from_ratios(...)."
                ),
            ),
        ],
    )
    def test_types(
        self, estimate: object, to: object, mix: object, error: type[Exception], text: str
    ) -> None:
        """An estimate, a category and a mix are what it takes."""
        with pytest.raises(error) as caught:
            unchecked(convert)(estimate, to=to, mix=mix)

        assert str(caught.value) == text
