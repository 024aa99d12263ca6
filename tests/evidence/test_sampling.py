import math
import warnings

import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Category
from attrition.errors import MixError, SmallCountWarning
from attrition.evidence import CasualtyMix, convert
from attrition.uncertain import Uncertain, about, between, draws, share, total_of
from tests.accounts.records import DECEMBER, JANUARY, lost
from tests.evidence.mixes import FULL

MIX = CasualtyMix.from_ratios(
    between(2.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=share(0.4, 0.7, confidence=0.9),
    missing_per_killed=0.35,
)
BOTH = Category.KILLED_AND_WOUNDED


class TestSampling:
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
        p = MIX.share(Category.KILLED, of=BOTH)
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
        whole = BOTH | Category.MIA
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

    def test_step_by_step(self) -> None:
        """Those who died of wounds are the same people, drawn at once or from the killed."""
        at_once = convert(lost(90), to=Category.DOW, mix=FULL, sampling=True)
        killed = convert(lost(90), to=Category.KILLED, mix=FULL, sampling=True)
        after = convert(killed, to=Category.DOW, mix=FULL, sampling=True)

        assert after.count == at_once.count

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
            convert(lost(30, Category.KILLED), to=BOTH, mix=CasualtyMix.from_ratios(3))

        assert str(caught[0].message) == (
            "KILLED, January 2026, Russia is converted from about 30 to about 120 "
            "KILLED_AND_WOUNDED without the chance in who was hit how, which counts below 400 "
            "people. It cannot be added on the way to KILLED_AND_WOUNDED: type sampling=False to "
            "go on without."
        )

    @pytest.mark.parametrize(
        ("n", "sampling"), [(399, False), (399, True), (1_600, None), (0, None)]
    )
    def test_no_warning(self, n: int, sampling: bool | None) -> None:  # noqa: FBT001 - a case, no flag
        """Many people, nobody, or a choice that was made: there is nothing to warn of."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            convert(lost(n), to=Category.KILLED, mix=CasualtyMix.from_ratios(3), sampling=sampling)
