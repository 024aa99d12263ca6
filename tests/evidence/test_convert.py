import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from attrition.accounts import Bound, Category, Unit
from attrition.errors import CategoryError, EstimateError, MixError, SmallCountWarning
from attrition.evidence import CasualtyMix, convert
from attrition.uncertain import Uncertain, about, between, draws, share, total_of, uniform
from tests.accounts.records import DECEMBER, JANUARY, STAFF, lost, unchecked

MIX = CasualtyMix.from_ratios(
    between(2.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=share(0.4, 0.7, confidence=0.9),
    missing_per_killed=0.35,
)
CLAIM = lost(about(31_680, sd=1_541), source=STAFF)
FULL = CasualtyMix.from_ratios(
    between(2.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=share(0.4, 0.7, confidence=0.9),
    missing_per_killed=uniform(0.2, 0.5),
    captured_per_killed=uniform(0.01, 0.1),
    died_of_wounds_per_killed=share(0.05, 0.2, confidence=0.9),
    nonbattle_dead_per_killed=uniform(0.05, 0.15),
)
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


class TestSampling:
    BOTH = Category.KILLED_AND_WOUNDED

    def test_of_known_people_and_a_known_share(self) -> None:
        """The killed among 300 people are binomial."""
        killed = convert(
            lost(300), to=Category.KILLED, mix=CasualtyMix.from_ratios(3), sampling=True
        ).count
        x = np.arange(40, 120)

        assert killed.method == "exact"
        np.testing.assert_allclose(killed.cdf(x), stats.binom(300, 0.25).cdf(x), rtol=1e-12)

    def test_of_an_uncertain_share(self) -> None:
        """With a share that is beta distributed they are beta-binomial."""
        mix = CasualtyMix.from_shares(dirichlet={Category.KILLED: 27, Category.WOUNDED: 73})
        killed = convert(lost(60), to=Category.KILLED, mix=mix, sampling=True).count
        exact = stats.betabinom(60, 27, 73)

        assert killed.mean() == pytest.approx(exact.mean(), rel=1e-3)
        assert killed.std() == pytest.approx(exact.std(), rel=5e-3)
        for q in (0.05, 0.5, 0.95):
            assert killed.ppf(q) == exact.ppf(q)

    def test_the_variance_that_it_adds(self) -> None:
        """Chance adds n p (1 - p) to the variance of the share and of the count."""
        estimate = lost(about(300, sd=20))
        plain, sampled = (
            convert(estimate, to=Category.KILLED, mix=MIX, sampling=sampling).count
            for sampling in (False, True)
        )
        p = MIX.share(Category.KILLED, of=self.BOTH)
        chance = 300 * (p.mean() - p.mean() ** 2 - p.var())

        assert sampled.mean() == pytest.approx(plain.mean(), rel=1e-3)
        assert sampled.var() == pytest.approx(plain.var() + chance, rel=1e-2)

    @pytest.mark.parametrize("n", [31, 31.5, about(31, sd=6)])
    def test_parts_add_up(self, n: float | Uncertain) -> None:
        """In every draw the sampled parts of one estimate add up to it, and none is negative."""
        whole = Category.BATTLE_CASUALTIES | Category.DNB_DIED
        estimate = lost(n, whole)
        counts = [convert(estimate, to=part, mix=FULL, sampling=True).count for part in FULL.parts]
        *parts, claim = draws(*counts, estimate.count, n=2_000, rng=20260101)

        np.testing.assert_allclose(sum(parts), claim, rtol=1e-13)
        assert min(part.min() for part in parts) >= -1e-12

    def test_the_parts_are_multinomial(self) -> None:
        """Any two parts of 400 people have the covariance -n p q."""
        mix = CasualtyMix.from_ratios(
            3, returned_per_wounded=0.6, missing_per_killed=0.35, died_of_wounds_per_killed=0.1
        )
        whole = self.BOTH | Category.MIA
        counts = [
            convert(lost(400, whole), to=part, mix=mix, sampling=True).count for part in mix.parts
        ]
        values = np.array(draws(*counts, n=100_000, rng=20260102))
        shares = [mix.share(part, of=whole).median() for part in mix.parts]
        exact = stats.multinomial(400, shares).cov()

        np.testing.assert_allclose(values.mean(axis=1), 400 * np.array(shares), rtol=5e-3)
        # Standard errors of covariances: sd times sd over the root of 100,000; four of them.
        sds = np.sqrt(np.diag(exact))
        assert (
            np.abs(np.cov(values) - exact) <= 4 * 1.5 * np.outer(sds, sds) / math.sqrt(1e5)
        ).all()

    def test_unions_of_parts(self) -> None:
        """A union of parts is the sum of them, whichever way it is asked for."""
        union = Category.KIA | Category.WIA_LOST | Category.MIA
        whole = Category.BATTLE_CASUALTIES
        parts = [Category.KIA, Category.WIA_LOST, Category.MIA]
        counts = [
            convert(lost(50, whole), to=part, mix=FULL, sampling=True).count
            for part in (union, *parts)
        ]
        together, *single = draws(*counts, n=2_000, rng=20260103)

        np.testing.assert_allclose(together, sum(single), rtol=1e-13)

    def test_the_same_chance(self) -> None:
        """One question asked twice has one answer; other months have their own chance."""
        mix = CasualtyMix.from_ratios(3)
        first, again, other = (
            convert(lost(300, period=period), to=Category.KILLED, mix=mix, sampling=True).count
            for period in (JANUARY, JANUARY, DECEMBER)
        )

        assert first == again
        assert (first - other).var() == pytest.approx(2 * 300 * 0.25 * 0.75, rel=5e-3)

    def test_nobody_of_an_outcome(self) -> None:
        """Outcomes that a mix says nobody had stay empty, and take nobody from the others."""
        mix = CasualtyMix.from_ratios(
            3, missing_per_killed=0, captured_per_killed=0, died_of_wounds_per_killed=0
        )
        counts = {
            part.label: convert(
                lost(40, Category.BATTLE_CASUALTIES), to=part, mix=mix, sampling=True
            ).count
            for part in mix.parts
        }

        assert counts["DOW"].value == counts["MIA"].value == counts["POW"].value == 0
        assert counts["KIA"].mean() == 10
        assert total_of(*counts.values()).std() == 0

    def test_nobody_at_all(self) -> None:
        """Of nobody there are no parts."""
        mix = CasualtyMix.from_ratios(3)

        assert convert(lost(0), to=Category.KILLED, mix=mix, sampling=True).count.value == 0

    @pytest.mark.parametrize("to", [Category.BATTLE_CASUALTIES, Category.MIA])
    def test_people_who_were_not_counted(self, to: Category) -> None:
        """Nobody can be drawn who was not counted."""
        with pytest.raises(MixError) as caught:
            convert(lost(300), to=to, mix=FULL, sampling=True)

        assert str(caught.value) == (
            f"sampling=True for KILLED_AND_WOUNDED, January 2026, Russia to {to}: expected "
            "outcomes of people who were counted, for only those can be drawn from shares. Type "
            "sampling=False."
        )


class TestSmallCounts:
    @pytest.mark.parametrize(("n", "killed"), [(399, 100), (about(1_200, sd=90), 300)])
    def test_few_people(self, n: float | Uncertain, killed: int) -> None:
        """Below 400 people, counted or asked for, chance is left out with a warning only."""
        mix = CasualtyMix.from_ratios(3)
        counted = 399 if n == 399 else 1_200
        with pytest.warns(SmallCountWarning) as caught:
            convert(lost(n), to=Category.KILLED, mix=mix)

        assert [str(one.message) for one in caught] == [
            "KILLED_AND_WOUNDED, January 2026, Russia is converted from about "
            f"{counted:,} to about {killed} KILLED without the chance in who was hit how, which "
            "counts below 400 people. Type sampling=True to add it, or sampling=False to go on "
            "without."
        ]
        assert caught[0].filename == __file__

    def test_to_others(self) -> None:
        """On the way to people who were not counted chance cannot be added."""
        with pytest.warns(SmallCountWarning) as caught:
            convert(lost(30, Category.KILLED), to=self.BOTH, mix=CasualtyMix.from_ratios(3))

        assert str(caught[0].message) == (
            "KILLED, January 2026, Russia is converted from about 30 to about 120 "
            "KILLED_AND_WOUNDED without the chance in who was hit how, which counts below 400 "
            "people. It cannot be added on the way to KILLED_AND_WOUNDED: type sampling=False to "
            "go on without."
        )

    BOTH = Category.KILLED_AND_WOUNDED

    @pytest.mark.parametrize(
        ("n", "sampling"), [(399, False), (399, True), (1_600, None), (0, None)]
    )
    def test_no_warning(self, n: int, sampling: bool | None) -> None:  # noqa: FBT001 - a case, no flag
        """Many people, nobody, or a choice that was made: there is nothing to warn of."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            convert(lost(n), to=Category.KILLED, mix=CasualtyMix.from_ratios(3), sampling=sampling)


class TestRefusals:
    def test_beyond_the_mix(self) -> None:
        """A mix without captured does not lead to the irrecoverable."""
        with pytest.raises(MixError) as caught:
            convert(CLAIM, to=Category.IRRECOVERABLE, mix=MIX)

        assert str(caught.value) == (
            "the mix does not determine IRRECOVERABLE: captured_per_killed is unknown, and "
            "unknown is not zero. Type CasualtyMix.from_ratios(..., captured_per_killed=...)."
        )

    def test_from_beyond_the_mix(self) -> None:
        """Nor does it lead from deserters to anything."""
        with pytest.raises(MixError) as caught:
            convert(lost(500, Category.DESERTED), to=Category.KILLED, mix=MIX)

        assert str(caught.value) == (
            "the mix does not determine DESERTED: no ratio of a mix reaches DESERTED. "
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
