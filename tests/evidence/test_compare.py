import math
import pickle
from datetime import date

import pytest
from scipy import stats

from attrition.accounts import Bound, Category, LossEstimate, Per, Period, Source, Unit
from attrition.errors import (
    CategoryError,
    DependenceError,
    EstimateError,
    NumberError,
    ParameterError,
    PeriodError,
)
from attrition.evidence import CasualtyMix, Comparison, compare, convert
from attrition.uncertain import about, between, log, uniform
from tests.accounts.records import DECEMBER, JANUARY, STAFF, lost, unchecked

WAR = Period.spanning(date(1979, 12, 25), date(1989, 2, 15))
MONTH = lost(between(8_000, 13_000, confidence=0.9, family="lognormal"), Category.KILLED)
AFGHANISTAN = lost(
    between(14_500, 23_000, confidence=0.9, family="lognormal"),
    Category.KILLED,
    period=WAR,
    side="USSR",
)
Z = 1.6448536269514722
LATER = lost(about(31_680, sd=1_541))
EARLIER = lost(about(35_050, sd=1_704), period=DECEMBER)


class TestComparison:
    def test_normal_figures(self) -> None:
        """P(a > b) of independent normals is the normal law of the standardised difference."""
        found = compare(LATER, EARLIER)
        sd = math.hypot(1_541, 1_704)

        assert found.difference.mean() == 31_680 - 35_050
        assert found.difference.std() == pytest.approx(sd, rel=1e-14)
        assert found.exceeds == pytest.approx(stats.norm.cdf((31_680 - 35_050) / sd), rel=1e-12)

    def test_lognormal_totals(self) -> None:
        """The ratio of lognormals is lognormal: medians divide, variances of logs add."""
        found = compare(MONTH, AFGHANISTAN, totals=True)
        middle = math.sqrt(8_000 * 13_000) / math.sqrt(14_500 * 23_000)
        sigma = math.hypot(math.log(13 / 8), math.log(23 / 14.5)) / (2 * Z)

        assert found.ratio.median() == pytest.approx(middle, rel=1e-12)
        assert log(found.ratio).std() == pytest.approx(sigma, rel=1e-12)
        # The difference of lognormals has no closed form: four errors of the lattice.
        error = (found.figure > found.reference).summary().error
        chance = stats.norm.cdf(math.log(middle) / sigma)
        assert found.exceeds == pytest.approx(chance, abs=4 * error)

    @pytest.mark.parametrize("per", list(Per))
    def test_rates(self, per: Per) -> None:
        """Rates divide the totals by the lengths of their periods."""
        found = compare(MONTH, AFGHANISTAN, per=per)
        totals = compare(MONTH, AFGHANISTAN, totals=True).ratio.median()
        lengths = WAR.length(per) / JANUARY.length(per)

        assert found.ratio.median() == pytest.approx(totals * lengths, rel=1e-12)
        assert found.per is per

    def test_figures_on_the_same_unknowns_stay_tied(self) -> None:
        """A part of a claim never exceeds the claim, however wide both are."""
        mix = CasualtyMix.from_ratios(between(2.3, 3.4, confidence=0.9, family="lognormal"))
        part = convert(LATER, to=Category.KILLED, mix=mix)
        whole = lost(LATER.count, Category.KILLED)

        assert compare(part, whole).exceeds == 0.0

    def test_the_same_estimate(self) -> None:
        """An estimate does not exceed itself, and its ratio to itself is 1."""
        found = compare(LATER, LATER)

        assert found.exceeds == pytest.approx(0.0, abs=1e-15)
        assert (found.ratio.mean(), found.ratio.std()) == (1.0, 0.0)

    def test_fields_are_named(self) -> None:
        """Two figures in a row do not say which one is asked about."""
        with pytest.raises(TypeError):
            unchecked(Comparison)(LATER, EARLIER, LATER.count, EARLIER.count, None)

    def test_pickle(self) -> None:
        """A pickled comparison is equal."""
        found = compare(LATER, EARLIER)

        assert pickle.loads(pickle.dumps(found)) == found


class TestCorrelation:
    def test_it_narrows_the_difference(self) -> None:
        """The variance of the difference loses twice the covariance."""
        found = compare(LATER, EARLIER, correlation=0.8)
        variance = 1_541**2 + 1_704**2 - 2 * 0.8 * 1_541 * 1_704

        assert found.difference.std() == pytest.approx(math.sqrt(variance), rel=1e-12)
        assert found.figure.same_law(LATER.count)
        assert found.reference.same_law(EARLIER.count)

    def test_it_holds_for_rates(self) -> None:
        """A rate has the score of its total, so the correlation is the same."""
        found = compare(MONTH, AFGHANISTAN, correlation=0.5, per=Per.DAY)
        s, t = math.log(13 / 8) / (2 * Z), math.log(23 / 14.5) / (2 * Z)

        assert log(found.ratio).std() == pytest.approx(
            math.sqrt(s * s + t * t - 2 * 0.5 * s * t), rel=1e-12
        )

    def test_zero_leaves_the_figures(self) -> None:
        """No correlation compares the counts as they were built."""
        assert compare(LATER, EARLIER, correlation=0) == compare(LATER, EARLIER)

    @pytest.mark.parametrize(
        ("name", "derived_from"), [("General Staff", ()), ("Newspaper", (STAFF,))]
    )
    def test_one_speaker_needs_it(self, name: str, derived_from: tuple[Source, ...]) -> None:
        """Two figures that go back to one speaker share its errors."""
        source = Source(name=name, published=date(2026, 1, 1), derived_from=derived_from)
        first = lost(LATER.count, source=STAFF)
        second = lost(EARLIER.count, period=DECEMBER, source=source)
        with pytest.raises(DependenceError) as caught:
            compare(first, second)

        assert str(caught.value) == (
            "KILLED_AND_WOUNDED, January 2026, Russia (General Staff, 2026-02-01) and "
            f"KILLED_AND_WOUNDED, December 2025, Russia ({name}, 2026-01-01) go back to one "
            "speaker: expected a correlation, for their errors go together. Type compare(..., "
            "correlation=0.8) with the value that you hold to be right, or correlation=0 if "
            "they do not."
        )
        assert compare(first, second, correlation=1).difference.std() == pytest.approx(163)

    def test_strangers_do_not_need_it(self) -> None:
        """Sources without a common speaker are independent unless told."""
        source = Source(name="Institute", published=date(2026, 2, 19))
        found = compare(lost(LATER.count, source=STAFF), lost(EARLIER.count, source=source))

        assert found.difference.std() == pytest.approx(math.hypot(1_541, 1_704))

    def test_one_source_is_not_stated(self) -> None:
        """Nothing is asked where one of the sources is unknown."""
        stated = lost(LATER.count, source=STAFF)

        assert compare(stated, EARLIER).figure == stated.count
        assert compare(EARLIER, stated).reference == stated.count

    def test_counts_that_are_tied(self) -> None:
        """A correlation is not stated over a tie that is there; 0 leaves the tie."""
        second = lost(1.1 * LATER.count, period=DECEMBER)
        with pytest.raises(DependenceError) as caught:
            compare(LATER, second, correlation=0.5)

        assert str(caught.value) == (
            "the counts of KILLED_AND_WOUNDED, January 2026, Russia and KILLED_AND_WOUNDED, "
            "December 2025, Russia rest on the same unknowns, which ties them already: a "
            "correlation of 0.5 would contradict that. Type correlation=0 to leave them as they "
            "were built."
        )
        assert compare(LATER, second, correlation=0).ratio.std() == pytest.approx(0)

    def test_figures_of_any_law(self) -> None:
        """Figures that are not normal are correlated by their normal scores."""
        found = compare(lost(uniform(20, 40)), lost(uniform(30, 90)), correlation=1)

        # The one is 20 + 20 u and the other 30 + 60 u.
        assert found.exceeds == pytest.approx(0.0, abs=1e-15)
        assert found.difference.std() == pytest.approx(40 / math.sqrt(12), rel=1e-9)

    def test_it_is_checked(self) -> None:
        """A correlation outside [-1, 1] is refused."""
        with pytest.raises(
            DependenceError, match=r"^correlation is 80: expected a number in \[-1, 1\]\."
        ):
            compare(LATER, EARLIER, correlation=80)
        with pytest.raises(NumberError):
            compare(LATER, EARLIER, correlation=False)


class TestSentence:
    def test_totals(self) -> None:
        """Who exceeds whom and how likely is one sentence, by what factor another one."""
        assert compare(LATER, EARLIER).sentence() == (
            "KILLED_AND_WOUNDED, Russia, January 2026 exceeds KILLED_AND_WOUNDED, Russia, "
            "December 2025: very unlikely (7 %). The ratio is 0.904 (0.807 to 1.012 at 90 %)."
        )

    def test_rates_beyond_the_table(self) -> None:
        """A probability that no term covers says so, in place of a term."""
        assert compare(MONTH, AFGHANISTAN, per=Per.MONTH).sentence() == (
            "KILLED per month, Russia, January 2026 exceeds KILLED per month, USSR, "
            "1979-12-25 to 1989-02-15: above 99 % (outside the ICD 203 table). "
            "The ratio is 61.3 (43.9 to 85.7 at 90 %)."
        )

    def test_two_speakers_on_one_month(self) -> None:
        """Figures that count the same are told apart by who said them, or by how many."""
        ministry = Source(name="UK MoD", published=date(2026, 2, 6))
        other = lost(about(30_618, sd=900), source=ministry)
        month = "KILLED_AND_WOUNDED, Russia, January 2026"

        sentence = compare(lost(31_680), other).sentence()
        assert sentence.startswith(f"{month} (31,680) exceeds {month} (UK MoD, 2026-02-06): very")

    def test_it_prints_its_sentence(self) -> None:
        """A comparison prints its sentence."""
        found = compare(LATER, EARLIER)

        assert str(found) == found.sentence()

    def test_known_figures(self) -> None:
        """Known figures have a ratio without an interval."""
        sentence = compare(lost(8_000), lost(32_000)).sentence()

        assert sentence.endswith("below 1 % (outside the ICD 203 table). The ratio is 0.25.")

    def test_nothing_to_divide_by(self) -> None:
        """Where the second figure is 0 the difference is left, and no ratio."""
        found = compare(LATER, lost(0))

        assert found.sentence().endswith(". There is no ratio, as the second is 0.")
        assert found.difference.mean() == 31_680
        with pytest.raises(ParameterError):
            _ = found.ratio


class TestLengths:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (JANUARY, Period.month(2026, 2)),
            (Period.year(2024), Period.year(2025)),
            (JANUARY, Period.days(date(2025, 6, 7), 31)),
        ],
    )
    def test_equal_by_months_or_by_days(self, first: Period, second: Period) -> None:
        """January is as long as February, and as any 31 days."""
        assert compare(lost(2, period=first), lost(1, period=second)).exceeds == 1.0

    @pytest.mark.parametrize(
        ("first", "second", "text"),
        [
            (JANUARY, WAR, "31 and 3,341 days"),
            (Period.days(date(2025, 6, 7), 30), Period.month(2026, 2), "30 and 28 days"),
        ],
    )
    def test_unequal(self, first: Period, second: Period, text: str) -> None:
        """Unequal lengths ask for rates, or for totals on purpose."""
        with pytest.raises(PeriodError) as caught:
            compare(lost(2, period=first), lost(1, period=second))

        assert str(caught.value) == (
            f"cannot compare KILLED_AND_WOUNDED, {first}, Russia with KILLED_AND_WOUNDED, "
            f"{second}, Russia: the periods differ in length, {text}. Type compare(..., "
            "per=Per.MONTH) for rates, or compare(..., totals=True) for the totals as they are."
        )

    def test_not_both(self) -> None:
        """Rates and totals are two questions."""
        with pytest.raises(EstimateError) as caught:
            compare(MONTH, AFGHANISTAN, per=Per.MONTH, totals=True)

        assert str(caught.value) == (
            "per is Per.MONTH and totals is True: expected one of the two. Type per=Per.MONTH "
            "for rates, or totals=True for the totals as they are."
        )

    def test_per_is_no_text(self) -> None:
        """The unit of time is a Per."""
        with pytest.raises(PeriodError, match=r"^per is 'month': expected a Per\."):
            unchecked(compare)(MONTH, AFGHANISTAN, per="month")


class TestRefusals:
    @pytest.mark.parametrize("swap", [False, True])
    def test_the_mistake_of_the_article(self, swap: bool) -> None:  # noqa: FBT001 - a case, no flag
        """Killed are not compared with killed and wounded; the way out names the smaller set."""
        pair = [lost(44_000, Category.KILLED), lost(31_680)]
        if swap:
            pair.reverse()
        with pytest.raises(CategoryError) as caught:
            compare(*pair)

        names = " with ".join(f"{one.category.label}, January 2026, Russia" for one in pair)
        assert str(caught.value) == (
            f"cannot compare {names}: they count different people. Convert one first, for "
            "example convert(estimate, to=Category.KILLED, mix=CasualtyMix.from_ratios(...))."
        )

    def test_sets_without_a_name(self) -> None:
        """The call that is shown runs for a union without a name too."""
        with pytest.raises(CategoryError) as caught:
            compare(lost(1, Category.KIA | Category.MIA), lost(1, Category.IRRECOVERABLE))

        assert str(caught.value) == (
            "cannot compare KIA | MIA, January 2026, Russia with IRRECOVERABLE, January 2026, "
            "Russia: they count different people. Convert one first, for example "
            "convert(estimate, to=Category.KIA | Category.MIA, mix=CasualtyMix.from_ratios(...))."
        )

    def test_units(self) -> None:
        """Persons are not cases."""
        cases = lost(370_000, Category.WOUNDED, unit=Unit.CASES)
        with pytest.raises(CategoryError) as caught:
            compare(lost(300_000, Category.WOUNDED), cases)

        assert str(caught.value) == (
            "cannot compare WOUNDED, January 2026, Russia with WOUNDED, January 2026, Russia: "
            "one counts PERSONS, the other CASES, and one person may be several cases. Compare "
            "estimates of one unit, for example both with unit=Unit.PERSONS."
        )
        assert compare(cases, cases).exceeds == 0.0

    @pytest.mark.parametrize("bound", [Bound.FLOOR, Bound.CEILING])
    def test_bounds(self, bound: Bound) -> None:
        """A floor says nothing about how many there were, on either side."""
        names = lost(1_562, bound=bound)
        for pair in ((names, LATER), (LATER, names)):
            with pytest.raises(EstimateError) as caught:
                compare(*pair)

            assert str(caught.value) == (
                f"cannot compare a {bound.value} (KILLED_AND_WOUNDED, January 2026, Russia): how "
                "many there were beyond it is not stated. Compare LossEstimate.central(...), "
                "with the count that you believe."
            )

    @pytest.mark.parametrize("what", ["first", "second"])
    def test_types(self, what: str) -> None:
        """Estimates are compared, not numbers."""
        pair: dict[str, LossEstimate | int] = {"first": LATER, "second": EARLIER, what: 3}
        with pytest.raises(EstimateError) as caught:
            unchecked(compare)(*pair.values())

        assert str(caught.value) == (
            f"{what} is 3: expected a LossEstimate. "
            f"Type for example {what}=LossEstimate.central(...)."
        )
