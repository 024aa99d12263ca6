import math

import numpy as np
import pytest

from attrition.accounts import Category
from attrition.errors import MixError
from attrition.evidence import CasualtyMix
from attrition.uncertain import between, draws, exactly, uniform
from tests.accounts.records import unchecked

# US forces in Iraq: 31,947 wounded and 3,482 killed, of the wounded 3.5 % died (CBO, Working
# Paper 2014-08).
IRAQ = 31_947 / 3_482
DIED = 0.035
RATIO = between(6, 11, confidence=0.9, family="lognormal")
SHARE = uniform(0.02, 0.05)


class TestIraq:
    def test_three_bases(self) -> None:
        """9.17 means 9.17, 8.85 or 6.70 survivors per killed, by where died of wounds stand."""
        mixes = [
            CasualtyMix.from_ratios(IRAQ),
            CasualtyMix.from_us_ratios(wia_per_killed=IRAQ, dow_per_wia=DIED),
            CasualtyMix.from_us_ratios(wia_per_kia=IRAQ, dow_per_wia=DIED),
        ]

        assert [f"{mix.wounded_per_killed.median():.2f}" for mix in mixes] == [
            "9.17",
            "8.85",
            "6.70",
        ]

    def test_counts_come_back(self) -> None:
        """The mix gives the counts that its ratios were made of, on either basis."""
        died = DIED * 31_947
        both = CasualtyMix.from_us_ratios(wia_per_killed=IRAQ, dow_per_wia=DIED)
        apart = CasualtyMix.from_us_ratios(wia_per_kia=31_947 / (3_482 - died), dow_per_wia=DIED)
        for mix in (both, apart):
            people = {
                part: 3_482 * mix.ratio(part, per=Category.KILLED).median()
                for part in (Category.US_WIA, Category.DOW, Category.KIA, Category.WOUNDED)
            }

            assert people == pytest.approx(
                {
                    Category.US_WIA: 31_947,
                    Category.DOW: died,
                    Category.KIA: 3_482 - died,
                    Category.WOUNDED: 31_947 - died,
                }
            )


class TestUncertainRatios:
    def test_wounded_only(self) -> None:
        """In every draw the mix has w' of US_WIA for each of KIA, and a share d of these died."""
        mix = CasualtyMix.from_us_ratios(wia_per_kia=RATIO, dow_per_wia=SHARE)
        ratio = mix.ratio(Category.US_WIA, per=Category.KIA)
        died = mix.share(Category.DOW, of=Category.US_WIA)
        r, s, w, d = draws(ratio, died, RATIO, SHARE, n=1_000, rng=20260101)

        np.testing.assert_allclose(r, w, rtol=1e-13)
        np.testing.assert_allclose(s, d, rtol=1e-13)

    def test_both_sides(self) -> None:
        """In every draw the mix has r of US_WIA for each of KILLED, and a share d of these died."""
        mix = CasualtyMix.from_us_ratios(wia_per_killed=RATIO, dow_per_wia=SHARE)
        ratio = mix.ratio(Category.US_WIA, per=Category.KILLED)
        died = mix.share(Category.DOW, of=Category.US_WIA)
        r, s, w, d = draws(ratio, died, RATIO, SHARE, n=1_000, rng=20260102)

        np.testing.assert_allclose(r, w, rtol=1e-13)
        np.testing.assert_allclose(s, d, rtol=1e-13)

    def test_the_other_ratios(self) -> None:
        """What else is known of a mix goes with it."""
        mix = unchecked(CasualtyMix.from_us_ratios)(
            wia_per_kia=RATIO,
            dow_per_wia=SHARE,
            returned_per_wounded=0.6,
            missing_per_killed=0.1,
            captured_per_killed=0.2,
            nonbattle_dead_per_killed=0.3,
        )

        assert mix.returned_per_wounded == exactly(0.6)
        assert mix.missing_per_killed == exactly(0.1)
        assert mix.captured_per_killed == exactly(0.2)
        assert mix.nonbattle_dead_per_killed == exactly(0.3)


class TestRefusals:
    @pytest.mark.parametrize(("kia", "killed"), [(None, None), (9.17, 8.85)])
    def test_one_basis(self, kia: float | None, killed: float | None) -> None:
        """A ratio has one basis."""
        with pytest.raises(MixError) as caught:
            CasualtyMix.from_us_ratios(wia_per_kia=kia, wia_per_killed=killed, dow_per_wia=DIED)

        assert str(caught.value) == (
            f"wia_per_kia is {kia} and wia_per_killed is {killed}: expected one of the two. Type "
            "wia_per_killed=9.17 where those who died of wounds are among the killed as well, "
            "wia_per_kia=9.17 where they are among the wounded only."
        )

    @pytest.mark.parametrize("what", ["wia_per_kia", "wia_per_killed"])
    def test_ratios(self, what: str) -> None:
        """A ratio below zero names itself."""
        with pytest.raises(MixError, match=rf"^{what} is -3: a ratio of people cannot be negative"):
            unchecked(CasualtyMix.from_us_ratios)(**{what: -3}, dow_per_wia=DIED)

    def test_shares(self) -> None:
        """A share in per cent names itself."""
        with pytest.raises(MixError, match=r"^dow_per_wia is 3\.5: expected a share inside"):
            CasualtyMix.from_us_ratios(wia_per_kia=9.17, dow_per_wia=3.5)

    @pytest.mark.parametrize(
        ("died", "text"),
        [
            (
                0.2,
                "wia_per_killed is 9.17 and dow_per_wia is 0.2: more people would have died of "
                "wounds than were killed, with probability 1. ",
            ),
            (
                uniform(0, 2 / 9.17),
                "wia_per_killed is 9.17 and dow_per_wia is 0.109 (0.011 to "
                "0.207 at 90 %): more people would have died of wounds than were killed, with "
                "probability 0.5. ",
            ),
        ],
    )
    def test_more_than_were_killed(self, died: float, text: str) -> None:
        """Nobody dies of wounds who was not killed."""
        with pytest.raises(MixError) as caught:
            CasualtyMix.from_us_ratios(wia_per_killed=9.17, dow_per_wia=died)

        assert str(caught.value) == text + (
            "Type smaller ones, or wia_per_kia=... where those who died of wounds are among the "
            "wounded only."
        )
        mix = CasualtyMix.from_us_ratios(wia_per_kia=9.17, dow_per_wia=died)
        assert math.isfinite(mix.wounded_per_killed.median())
