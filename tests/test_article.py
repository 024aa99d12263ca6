"""The report of 13 February 2026, sentence by sentence, against a second computation."""

import math
import re
import runpy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from matplotlib import pyplot as plt
from scipy import integrate, stats

import attrition as at
from tests.january import (
    January,
    Values,
    Z,
    assert_same_law,
    assert_share,
    months_away,
    strengths,
)

KILLED_AND_WOUNDED = at.Category.KILLED_AND_WOUNDED
START, END = date(2026, 2, 1), date(2027, 2, 1)
FULL, EMPTY = at.Hospital.steady(), at.Hospital.empty()


def give_or_take(centre: float, share: float = 0.1) -> at.Uncertain:
    """A figure with 90 % within a share of its centre."""
    return at.about(centre, relative=share, confidence=0.9)


def lost(
    count: at.UncertainLike, category: at.Category, *, year: int = 2026, month: int = 1
) -> at.LossEstimate:
    """Russian losses of a month."""
    period = at.Period.month(year, month)
    return at.LossEstimate.central(count=count, category=category, period=period, side="Russia")


def joined(rate: at.UncertainLike) -> at.RecruitmentRate:
    """Russian recruits a month."""
    stage = at.IntakeStage.ARRIVED
    return at.RecruitmentRate(rate=rate, per=at.Per.MONTH, side="Russia", stage=stage)


FORCE = at.Force(
    strength=at.about(712_000, relative=0.05, confidence=0.9),
    as_of=START,
    side="Russia",
    basis=at.StrengthBasis.COMMITTED,
)
MIX = at.CasualtyMix.from_ratios(
    at.between(2.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=at.uniform(0.4, 0.7),
)
ARTICLE = give_or_take(44_000)
RECRUITS = joined(give_or_take(35_000))


def coming_back(
    mix: at.CasualtyMix = MIX, mean: float = 3, hospital: at.Hospital = FULL
) -> at.Returns:
    """Returns with the delay of the table of signs."""
    delay = at.Delay.shares(months_away(mean).tolist())
    return at.Returns(mix=mix, delay=delay, hospital=hospital)


def year_of(
    losses: at.LossEstimate,
    returns: at.Returns | None = None,
    recruits: at.RecruitmentRate = RECRUITS,
) -> at.Projection:
    """The year from 1 February 2026 on."""
    gone, come = at.steady(losses), at.steady(recruits)
    return at.project(FORCE, losses=gone, recruitment=come, returns=returns, until=END)


def chance(event: at.Event) -> float:
    """The probability of an event."""
    return at.probability(event)


class TestMoreLostThanReplaced:
    """Around 9,000 more battlefield losses than it was able to replace, in January."""

    def test_article(self) -> None:
        """The difference of 44,000 and 35,000 is normal, and above zero with .996."""
        deficit = at.balance(lost(ARTICLE, at.Category.IRRECOVERABLE), RECRUITS).gross
        law = stats.norm(44_000 - 35_000, math.hypot(4_400, 3_500) / Z)

        assert deficit.ppf([0.05, 0.5, 0.95]) == pytest.approx(law.ppf([0.05, 0.5, 0.95]))
        assert chance(deficit > 0) == pytest.approx(law.sf(0), rel=1e-12)
        assert round(chance(deficit > 0), 3) == 0.996

    def test_wider_spread(self) -> None:
        """With +-15 % instead of +-10 % it is above zero with .960."""
        wide = lost(give_or_take(44_000, 0.15), at.Category.IRRECOVERABLE)
        deficit = at.balance(wide, joined(give_or_take(35_000, 0.15))).gross
        expected = stats.norm.cdf(9_000 / (math.hypot(6_600, 5_250) / Z))

        assert chance(deficit > 0) == pytest.approx(expected, rel=1e-12)
        assert round(chance(deficit > 0), 3) == 0.960

    def test_pair_of_one_speaker(self) -> None:
        """Of 30,618 killed and wounded so many return that 22,000 recruits are more than enough."""
        losses = lost(give_or_take(30_618), KILLED_AND_WOUNDED)
        pair = at.balance(losses, joined(give_or_take(22_000)), returns=coming_back())
        draw = January()
        count, recruits = draw.give_or_take(30_618), draw.give_or_take(22_000)
        w, s = draw.wounded_per_killed(), draw.returned_per_wounded()

        assert pair.gross.median() == pytest.approx(8_618)
        assert_same_law(count - recruits, pair.gross.ppf)
        assert_same_law(count - recruits - count * w * s / (1 + w), pair.ultimate.ppf)
        assert_same_law((recruits + count * w * s / (1 + w)) / count, pair.replacement_ratio.ppf)
        assert_share(count * (1 - w * s / (1 + w)) > recruits, chance(pair.ultimate > 0))
        assert chance(pair.gross > 0) > 0.999
        assert chance(pair.ultimate > 0) < 0.1


class TestRoughlyEqualInDecember:
    """About 35,000 losses, roughly equal to monthly recruitment."""

    def test_parity(self) -> None:
        """Two figures of 35,000 differ by a normal number around zero: an even chance."""
        december = lost(give_or_take(35_000), at.Category.IRRECOVERABLE, year=2025, month=12)
        deficit = at.balance(december, RECRUITS).gross

        assert deficit.std() == pytest.approx(math.sqrt(2) * 3_500 / Z)
        assert (deficit > 0).summary() == at.EventSummary(
            probability=0.5, method="exact", error=0.0
        )


class TestFortyFourThousandDead:
    """Just around 44,000 dead on the battlefield, under three readings."""

    def test_irrecoverable(self) -> None:
        """Lost for good, 44,000 against 35,000 make the force shrink by 12 times 9,000."""
        year = year_of(lost(ARTICLE, at.Category.IRRECOVERABLE))
        smaller = year.probability_below(FORCE.strength, on=END)
        draw = January()
        change = 12 * (draw.give_or_take(35_000) - draw.give_or_take(44_000))

        assert_same_law(change, year.net_change(at.Period(start=START, end=END)).ppf)
        assert_share(change < 0, smaller)
        assert smaller == pytest.approx(0.996, abs=0.02)

    def test_dead(self) -> None:
        """With the wounded on top the deficit is seven times as large, and half the force goes."""
        dead = lost(ARTICLE, at.Category.KILLED)
        with_wounded = at.convert(dead, to=KILLED_AND_WOUNDED, mix=MIX)
        deficit = at.balance(with_wounded, RECRUITS, returns=coming_back()).ultimate
        half = year_of(with_wounded, coming_back()).passage(0.5 * FORCE.strength)
        draw = January()
        killed, recruits = draw.give_or_take(44_000), draw.give_or_take(35_000)
        w, s = draw.wounded_per_killed(), draw.returned_per_wounded()
        start = draw.give_or_take(712_000, 0.05)
        paths = strengths(
            start, killed * (1 + w), recruits, killed * w * s, away=months_away(3), hospital="full"
        )

        assert_same_law(killed * (1 + w * (1 - s)) - recruits, deficit.ppf)
        assert 6 < deficit.median() / 9_000 < 8
        for day, fallen in zip(
            half.grid.dates, np.cumsum(paths < 0.5 * start, axis=0), strict=True
        ):
            assert_share(fallen > 0, half.probability(by=day))

    def test_killed_and_wounded(self) -> None:
        """As killed and wounded, of whom many return, the force grows."""
        counted = lost(ARTICLE, KILLED_AND_WOUNDED)
        deficit = at.balance(counted, RECRUITS, returns=coming_back()).ultimate
        year = year_of(counted, coming_back())
        draw = January()
        count, recruits = draw.give_or_take(44_000), draw.give_or_take(35_000)
        w, s = draw.wounded_per_killed(), draw.returned_per_wounded()
        paths = strengths(
            0.0, count, recruits, count * w * s / (1 + w), away=months_away(3), hospital="full"
        )

        assert_same_law(count * (1 - w * s / (1 + w)) - recruits, deficit.ppf)
        assert_same_law(paths[-1], (year.strength(END) - FORCE.strength).ppf)
        assert_share(paths[-1] < 0, year.probability_below(FORCE.strength, on=END))
        assert deficit.ppf(0.95) < 0


class Way(NamedTuple):
    """One column of the table of signs."""

    mean: float
    hospital: at.Hospital
    missing: float


WAYS = (Way(3, FULL, 0), Way(3, EMPTY, 0), Way(6, EMPTY, 0), Way(3, EMPTY, 0.35))
PAIRINGS = {
    (31_680, 1_600, 22_000, 1_100): (0.11, 0.41, 0.79, 0.84),
    (44_000, 2_200, 35_000, 1_750): (0.005, 0.06, 0.25, 0.38),
    (35_050, 1_750, 35_000, 1_750): (0.0, 0.0, 0.0, 0.003),
}
"""Losses and recruits, each with its standard deviation, and the published row."""

CELLS = [
    pytest.param(pairing, way, published, id=f"{pairing[0]}-{pairing[2]}-{column}")
    for pairing, row in PAIRINGS.items()
    for column, (way, published) in enumerate(zip(WAYS, row, strict=True))
]


class TestTableOfSigns:
    """Killed and wounded: what decides whether the force is smaller in a year."""

    @pytest.mark.parametrize(("pairing", "way", "published"), CELLS)
    def test_cell(
        self, pairing: tuple[float, float, float, float], way: Way, published: float
    ) -> None:
        """The pairing, the hospital and the exits left out decide the sign."""
        losses, sd, recruits, recruits_sd = pairing
        mix, gone = MIX, KILLED_AND_WOUNDED
        if way.missing:
            mix = at.CasualtyMix.from_ratios(
                MIX.wounded_per_killed,
                returned_per_wounded=MIX.returned_per_wounded,
                missing_per_killed=way.missing,
            )
            gone = KILLED_AND_WOUNDED | at.Category.MIA
        counted = at.convert(lost(at.about(losses, sd=sd), KILLED_AND_WOUNDED), to=gone, mix=mix)
        year = year_of(
            counted,
            coming_back(mix, way.mean, way.hospital),
            joined(at.about(recruits, sd=recruits_sd)),
        )
        draw = January()
        count, come = draw.figure(losses, sd), draw.figure(recruits, recruits_sd)
        w, s = draw.wounded_per_killed(), draw.returned_per_wounded()
        killed = count / (1 + w)
        paths = strengths(
            0.0,
            count + way.missing * killed,
            come,
            killed * w * s,
            away=months_away(way.mean),
            hospital="full" if way.hospital.is_steady else "empty",
        )
        found = year.probability_below(FORCE.strength, on=END)

        assert found == pytest.approx(published, abs=0.02)
        assert_share(paths[-1] < 0, found)


AFGHANISTAN = at.LossEstimate.central(
    count=at.between(14_500, 23_000, confidence=0.9, family="lognormal"),
    category=at.Category.KILLED,
    period=at.Period.spanning(date(1979, 12, 25), date(1989, 2, 15)),
    side="Soviet Union",
)
WAR_MONTHS = 7 / 31 + 109 + 15 / 28
"""The last week of December 1979, the months to January 1989, half of February 1989."""


class TestTwiceAfghanistan:
    """Twice as many in a single month as Soviet dead in Afghanistan."""

    def test_refused(self) -> None:
        """Killed and wounded are not compared with killed, and the message says what to type."""
        with pytest.raises(at.CategoryError) as caught:
            at.compare(lost(ARTICLE, KILLED_AND_WOUNDED), AFGHANISTAN, totals=True)

        assert str(caught.value) == (
            "cannot compare KILLED_AND_WOUNDED, January 2026, Russia with KILLED, 1979-12-25 to "
            "1989-02-15, Soviet Union: they count different people. Convert one first, for "
            "example convert(estimate, to=Category.KILLED, mix=CasualtyMix.from_ratios(...))."
        )

    def test_were_all_dead(self) -> None:
        """Were all 44,000 dead, twice as many or more would be very likely."""
        ratio = at.compare(lost(ARTICLE, at.Category.KILLED), AFGHANISTAN, totals=True).ratio
        twice = (ratio >= 2).summary()
        count = stats.norm(44_000, 4_400 / Z)
        war = stats.lognorm(math.log(23_000 / 14_500) / (2 * Z), scale=math.sqrt(14_500 * 23_000))
        expected, _ = integrate.quad(lambda n: count.sf(2 * n) * war.pdf(n), 5_000, 60_000)

        assert twice.probability == pytest.approx(expected, abs=4 * twice.error)
        assert 0.8 < expected < 0.95

    def test_dead_as_totals_and_as_rates(self) -> None:
        """The dead of 31,680 are half of those of the war, and its month fifty times its months."""
        dead = at.convert(
            lost(give_or_take(31_680), KILLED_AND_WOUNDED), to=at.Category.KILLED, mix=MIX
        )
        in_all = at.compare(dead, AFGHANISTAN, totals=True)
        a_month = at.compare(dead, AFGHANISTAN, per=at.Per.MONTH)
        draw = January()
        killed = draw.give_or_take(31_680) / (1 + draw.wounded_per_killed())
        war = draw.inside(14_500, 23_000)

        assert_same_law(killed, dead.count.ppf)
        assert_same_law(killed / war, in_all.ratio.ppf)
        assert_same_law(killed / (war / WAR_MONTHS), a_month.ratio.ppf)
        assert_share(killed > war, in_all.exceeds)
        assert_share(killed / war >= 2, chance(in_all.ratio >= 2))


class TestTwoYearsToDonetsk:
    """Two years to take all of Donetsk Oblast at the current rate."""

    def test_date(self) -> None:
        """6,500 km2 at 275 a month take 23.6 months from October 2025: to October 2027."""
        taken = at.time_to_objective(
            at.about(6_500, relative=0.1, confidence=0.9, positive=True),
            at.about(908 / 3.3, relative=0.3, confidence=0.9, positive=True),
            per=at.Per.MONTH,
            start=date(2025, 10, 15),
        )
        middle, sigma = 6_500 * 3.3 / 908, math.hypot(math.log(1.1), math.log(1.3)) / Z
        # The rest of October 2025 from the 15th on, November 2025 to January 2028, 12 of 29 days.
        until = 17 / 31 + 27 + 12 / 29

        assert middle == pytest.approx(23.6, abs=0.05)
        assert taken.time.ppf([0.05, 0.5, 0.95]) == pytest.approx(
            stats.lognorm(sigma, scale=middle).ppf([0.05, 0.5, 0.95]), rel=1e-12
        )
        assert (taken.method, taken.never) == ("exact", 0.0)
        # 14 of 31 days of October and 23.62 months are 24 months and 2.3 days of October 2027.
        assert taken.quantile(0.5) == date(2027, 10, 4)
        assert taken.probability(by=date(2028, 2, 13)) == pytest.approx(
            stats.norm.cdf(math.log(until / middle) / sigma), rel=1e-12
        )


class TestWhatItWouldTake:
    """What losses outrun recruitment, and what recruitment would hold."""

    def test_outrun(self) -> None:
        """Losses at the 90 % quantile of what is bearable outrun recruitment with 90 %."""
        year = year_of(lost(ARTICLE, at.Category.IRRECOVERABLE))
        bearable = year.losses_affordable(FORCE.strength, by=END, throughout=True)
        recruits = January().give_or_take(35_000)

        assert_same_law(recruits, bearable.ppf)
        assert_share(recruits < bearable.ppf(0.9), 0.9)

    def test_hold_for_good(self) -> None:
        """Against losses for good, recruitment holds where it equals them."""
        year = year_of(lost(ARTICLE, at.Category.IRRECOVERABLE))
        needed = year.recruits_needed(FORCE.strength, by=END, throughout=True)

        assert_same_law(January().give_or_take(44_000), needed.ppf)

    @pytest.mark.parametrize("throughout", [True, False])
    @pytest.mark.parametrize("full", [True, False])
    def test_hold_with_returns(self, *, full: bool, throughout: bool) -> None:
        """With that many recruits a month the force is not below its start in 90 % of futures."""
        year = year_of(
            lost(ARTICLE, KILLED_AND_WOUNDED), coming_back(hospital=FULL if full else EMPTY)
        )
        needed = year.recruits_needed(FORCE.strength, by=END, throughout=throughout).ppf(0.9)
        draw = January()
        count, w = draw.give_or_take(44_000), draw.wounded_per_killed()
        returning = count * w * draw.returned_per_wounded() / (1 + w)
        paths = strengths(
            0.0,
            count,
            np.full_like(count, needed),
            returning,
            away=months_away(3),
            hospital="full" if full else "empty",
        )

        # A steady flow leaves paths exactly at the start but for rounding.
        held = paths >= -1e-6
        assert_share(np.all(held, axis=0) if throughout else held[-1], 0.9)


class TestTenPerCentLess:
    """When the force is down by a tenth, were January to go on."""

    def test_irrecoverable(self) -> None:
        """712,000 people lose a tenth in 7.9 months at 9,000 a month."""
        shrunk = at.runway(
            FORCE,
            floor=0.9 * FORCE.strength,
            losses=lost(ARTICLE, at.Category.IRRECOVERABLE),
            recruitment=RECRUITS,
        )
        draw = January()
        pace = draw.give_or_take(44_000) - draw.give_or_take(35_000)
        tenth = 0.1 * draw.give_or_take(712_000, 0.05)
        months = np.where(pace > 0, tenth / pace, np.inf)

        assert round(shrunk.time.median(), 1) == 7.9
        assert_same_law(months, shrunk.time.ppf)
        assert_share(months <= 12, shrunk.probability(by=END))
        assert_share(pace <= 0, shrunk.never)

    def test_killed_and_wounded(self) -> None:
        """As killed and wounded the force is almost surely never down by a tenth."""
        shrunk = at.runway(
            FORCE,
            floor=0.9 * FORCE.strength,
            losses=lost(ARTICLE, KILLED_AND_WOUNDED),
            recruitment=RECRUITS,
            returns=coming_back(),
        )
        draw = January()
        count, recruits = draw.give_or_take(44_000), draw.give_or_take(35_000)
        w, s = draw.wounded_per_killed(), draw.returned_per_wounded()
        pace = count * (1 - w * s / (1 + w)) - recruits

        assert_share(pace <= 0, shrunk.never)
        assert shrunk.never > 0.98
        assert shrunk.quantile(0.5) is None


TEN_LINES = """
from datetime import date
import attrition as at

lost = at.LossEstimate.central(count=at.about(31_680, relative=0.08, confidence=0.9), category=at.Category.KILLED_AND_WOUNDED, period=at.Period.month(2026, 1), side="Russia")
joined = at.RecruitmentRate(rate=at.about(22_000, relative=0.08, confidence=0.9), per=at.Per.MONTH, side="Russia", stage=at.IntakeStage.ARRIVED)
force = at.Force(strength=at.about(712_000, relative=0.05, confidence=0.9), as_of=date(2026, 2, 1), side="Russia", basis=at.StrengthBasis.COMMITTED)
mix = at.CasualtyMix.from_ratios(wounded_per_killed=at.between(1.3, 3.4, confidence=0.9, family="lognormal"), returned_per_wounded=at.share(0.4, 0.7, confidence=0.9))
back = at.Returns(mix=mix, delay=at.Delay.gamma(mean=3, sd=2), hospital=at.Hospital.steady())
future = at.project(force, losses=at.steady(lost), recruitment=at.steady(joined), returns=back, until=date(2027, 2, 1))
print(future)                                     # a table by date: median, 90 % interval, how found, what was left out
print(at.balance(lost, joined, returns=back))     # gross, ultimate and in-period deficit, with probabilities in words
future.plot()
"""  # noqa: E501 - ten lines are the promise

ROW = re.compile(r"(\d{4}-\d\d-\d\d) +([\d,]+) +([\d,]+) +([\d,]+)")
DEFICIT = re.compile(r"\n([a-z ]+?)  +(-?[\d,]+) \((-?[\d,]+) to (-?[\d,]+) at 90 %\)(.*)")


def numbers(texts: tuple[str | None, ...]) -> list[float]:
    """Numbers with thousands separators."""
    return [float((text or "").replace(",", "")) for text in texts]


@pytest.fixture
def printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    """What the ten lines print; their figure is open until the test ends."""
    script = tmp_path / "ten_lines.py"
    script.write_text(TEN_LINES, "utf-8")
    runpy.run_path(str(script))
    yield capsys.readouterr().out
    plt.close("all")


def second_computation() -> tuple[Values, Values, Values]:
    """Strength, gross deficit and the deficit after all returns, for the ten lines."""
    draw = January()
    count, recruits = draw.give_or_take(31_680, 0.08), draw.give_or_take(22_000, 0.08)
    start, w = draw.give_or_take(712_000, 0.05), draw.inside(1.3, 3.4)
    low, high = math.log(0.4 / 0.6), math.log(0.7 / 0.3)
    s = 1 / (1 + np.exp(-draw.figure((low + high) / 2, (high - low) / (2 * Z))))
    return start, count - recruits, count * (1 - w * s / (1 + w)) - recruits


class TestTenLines:
    """The main job in ten lines."""

    def test_table(self, printed: str) -> None:
        """Every month the force gains the recruits and returns minus the losses of a month."""
        start, _, deficit = second_computation()
        rows = ROW.findall(printed)

        assert rows[0] == ("2026-02-01", "712,000", "676,400", "747,600")
        assert [row[0] for row in rows[1:]] == [
            *(f"2026-{month:02}-01" for month in range(3, 13)),
            "2027-01-01",
            "2027-02-01",
        ]
        for month, row in enumerate(rows):
            for p, shown in zip((0.5, 0.05, 0.95), numbers(row[1:]), strict=True):
                assert_share(np.asarray(start - month * deficit <= shown), p)

    def test_provenance(self, printed: str) -> None:
        """Below the table stands how it was found and what was left out."""
        assert re.search(r"found by quadrature, standard error up to \d\d?\n", printed)
        assert "left out: MIA | POW | DNB_DIED | DNB_LOST | DESERTED | DISCHARGED\n" in printed

    def test_balance(self, printed: str) -> None:
        """With a full hospital as many return in the period as of its losses in the end."""
        _, gross, net = second_computation()
        found = DEFICIT.findall(printed)

        assert [line[0] for line in found] == ["gross", "after all returns", "within the period"]
        for values, line in zip((gross, net, net), found, strict=True):
            for p, shown in zip((0.5, 0.05, 0.95), numbers(line[1:4]), strict=True):
                assert_share(values <= shown, p)
        assert numbers(found[0][1:4])[0] == 31_680 - 22_000
        # One in five: ICD 203 calls 20 to 45 per cent unlikely.
        assert 0.2 < (net > 0).mean() < 0.22
        assert [("outside" in line[4], "unlikely (21 %)" in line[4]) for line in found] == [
            (True, False),
            (False, True),
            (False, True),
        ]

    def test_plot(self, printed: str) -> None:
        """The plot is a figure with a fan over the dates."""
        assert printed
        axes = plt.gcf().axes[0]

        assert axes.get_legend_handles_labels()[1] == ["90 % interval", "50 % interval", "median"]
