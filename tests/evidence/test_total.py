import math
import pickle
from datetime import date, timedelta

import numpy as np
import pytest

from attrition.accounts import Bound, Category, Period, Source, Unit
from attrition.errors import (
    DependenceError,
    EstimateError,
)
from attrition.evidence import CasualtyMix, Total, compare, convert, total
from attrition.evidence.correlations import Dependence
from attrition.uncertain import about, between, draws, total_of, uniform
from tests.accounts.records import DECEMBER, JANUARY, STAFF, lost, unchecked

PAPER = Source(name="Newspaper", published=date(2026, 2, 13), derived_from=(STAFF,))
LATER = lost(about(31_680, sd=1_541))
EARLIER = lost(about(35_050, sd=1_704), period=DECEMBER)
NAMES = "KILLED_AND_WOUNDED, December 2025, Russia and KILLED_AND_WOUNDED, January 2026, Russia"
WEEKS = 201
HALF = 3_526.0
Z = 1.959963984540054
BANDS = [
    lost(
        about(1_750, sd=HALF / 10 / Z),
        Category.KILLED,
        period=Period.days(date(2022, 2, 24) + timedelta(weeks=week), 7),
    )
    for week in range(WEEKS)
]


def half_width(found: Total) -> float:
    """Half of the central 95 % interval."""
    low, high = found.estimate.count.interval(0.95)
    return 0.5 * (high - low)


class TestDependence:
    @pytest.mark.parametrize(
        ("dependence", "rho", "bands"),
        [
            (0, None, math.sqrt(WEEKS)),
            (1, None, WEEKS),
            (0.3, None, math.sqrt(WEEKS + 0.3 * WEEKS * (WEEKS - 1))),
            (
                "ar1",
                0.6,
                math.sqrt(WEEKS + 2 * sum((WEEKS - k) * 0.6**k for k in range(1, WEEKS))),
            ),
        ],
    )
    def test_equal_bands(self, dependence: Dependence, rho: float | None, bands: float) -> None:
        """The sum of 201 equal weekly bands is as wide as the sum of all covariances says."""
        found = total(BANDS, dependence=dependence, rho=rho)

        assert half_width(found) == pytest.approx(bands * HALF / 10, rel=1e-9)
        assert found.estimate.count.mean() == pytest.approx(WEEKS * 1_750)
        assert found.estimate.count.method == "exact"

    def test_as_built(self) -> None:
        """Counts on one unknown are added with the tie that they have."""
        factor = about(1, sd=0.05)
        first, second = (
            lost(people * factor, period=period)
            for people, period in ((35_050, DECEMBER), (31_680, JANUARY))
        )
        found = total([first, second], dependence="as built")

        assert found.estimate.count.std() == pytest.approx(0.05 * (35_050 + 31_680))
        assert found.parts == (first, second)

    def test_as_built_of_strangers(self) -> None:
        """Counts without a tie are added as independent, where no speaker ties them."""
        found = total([EARLIER, LATER], dependence="as built")

        assert found.estimate.count == EARLIER.count + LATER.count
        assert found.estimate.count.std() == pytest.approx(math.hypot(1_541, 1_704))

    def test_a_matrix_follows_the_order_given(self) -> None:
        """Rows belong to the estimates as they were given, not to their order in time."""
        november = lost(about(30_000, sd=900), period=Period.month(2025, 11))
        matrix = np.array([[1, 0.7, 0], [0.7, 1, -0.4], [0, -0.4, 1]])
        sds = np.array([1_541, 900, 1_704])
        found = total([LATER, november, EARLIER], dependence=matrix)

        assert found.estimate.count.std() == pytest.approx(math.sqrt(sds @ matrix @ sds))
        assert [part.period.start.month for part in found.parts] == [11, 12, 1]

    def test_lognormal_figures(self) -> None:
        """Lognormals are correlated by their logarithms, which gives the variance of the sum."""
        sigmas = np.array([math.log(13 / 8), math.log(12 / 9)]) / (2 * 1.6448536269514722)
        first, second = (
            lost(
                between(low, high, confidence=0.9, family="lognormal"),
                Category.KILLED,
                period=period,
            )
            for low, high, period in ((8_000, 13_000, DECEMBER), (9_000, 12_000, JANUARY))
        )
        found = total([first, second], dependence=0.5).estimate.count
        means = np.sqrt([8e3 * 13e3, 9e3 * 12e3]) * np.exp(sigmas**2 / 2)
        covariances = np.outer(means, means) * np.expm1(
            np.outer(sigmas, sigmas) * np.array([[1, 0.5], [0.5, 1]])
        )

        # The lattice states an error; moments of two smooth factors are within a ten-thousandth.
        assert found.mean() == pytest.approx(means.sum(), rel=1e-4)
        assert found.var() == pytest.approx(covariances.sum(), rel=1e-3)

    def test_known_counts(self) -> None:
        """Known counts add up to a known one, whatever the dependence."""
        found = total([lost(35_050, period=DECEMBER), lost(31_680)], dependence=0.9)

        assert found.estimate.count.value == 66_730

    def test_parts_add_up(self) -> None:
        """In every draw the parts, tied as stated, add up to the total."""
        found = total([EARLIER, LATER], dependence=0.6)
        whole, first, second = draws(
            found.estimate.count, *(part.count for part in found.parts), n=1_000, rng=20260101
        )

        np.testing.assert_allclose(first + second, whole, rtol=1e-15)
        assert [
            part.count.same_law(one.count)
            for part, one in zip(found.parts, (EARLIER, LATER), strict=True)
        ] == [True, True]

    def test_the_median_of_a_sum(self) -> None:
        """Medians of skewed figures do not add up to the median of the sum; comonotone ones do."""
        parts = [
            lost(between(5, 500, confidence=0.9, family="lognormal"), period=Period.month(2025, m))
            for m in range(1, 13)
        ]
        medians = 12 * 50.0

        assert total(parts, dependence=0).estimate.count.median() > 1.5 * medians
        assert total(parts, dependence=1).estimate.count.median() == pytest.approx(medians)


class TestWhatIsCovered:
    def test_periods_in_a_row(self) -> None:
        """One category over neighbouring months is that category over both."""
        found = total([LATER, EARLIER], dependence=0)

        assert found.estimate.category is Category.KILLED_AND_WOUNDED
        assert found.estimate.period == Period.months(2025, 12, count=2)
        assert (found.estimate.bound, found.gaps) == (Bound.CENTRAL, ())

    def test_gaps(self) -> None:
        """Days that nobody speaks of are listed, and make a floor of the total."""
        weeks = [lost(1, period=Period.days(date(2026, 1, day), 5)) for day in (20, 1, 8)]
        found = total(weeks, dependence=0)

        assert found.gaps == (
            Period.days(date(2026, 1, 6), 2),
            Period.spanning(date(2026, 1, 13), date(2026, 1, 19)),
        )
        assert found.estimate.period == Period.spanning(date(2026, 1, 1), date(2026, 1, 24))
        assert found.estimate.bound is Bound.FLOOR

    def test_categories_of_one_period(self) -> None:
        """Categories that share nobody make up their union."""
        killed = lost(9_000, Category.KILLED)
        wounded, missing = lost(23_000, Category.WOUNDED), lost(500, Category.MIA)
        found = total([wounded, killed, missing], dependence=0).estimate

        assert found.category == Category.KILLED_AND_WOUNDED | Category.MIA
        assert (found.period, found.count.value) == (JANUARY, 32_500)

    def test_converted_parts(self) -> None:
        """Parts converted from one claim add up to the claim, as built."""
        mix = CasualtyMix.from_ratios(between(2.3, 3.4, confidence=0.9, family="lognormal"))
        claim = lost(LATER.count, source=STAFF)
        parts = [convert(claim, to=one, mix=mix) for one in (Category.KILLED, Category.WOUNDED)]
        found = total(parts, dependence="as built").estimate
        whole, again = draws(claim.count, found.count, n=1_000, rng=20260103)

        np.testing.assert_allclose(again, whole, rtol=1e-15)
        assert (found.category, found.source) == (claim.category, STAFF)

    @pytest.mark.parametrize("bound", [Bound.FLOOR, Bound.CEILING])
    def test_bounds(self, bound: Bound) -> None:
        """Floors add up to a floor, and ceilings to a ceiling."""
        pair = [lost(5, bound=bound), lost(7, period=DECEMBER, bound=bound)]

        assert total(pair, dependence=0).estimate.bound is bound

    def test_floors_with_gaps(self) -> None:
        """A floor of part of the time is a floor of all of it."""
        pair = [lost(5, bound=Bound.FLOOR), lost(7, period=Period.year(2024), bound=Bound.FLOOR)]

        assert total(pair, dependence=0).estimate.bound is Bound.FLOOR

    def test_cases(self) -> None:
        """Cases add up to cases."""
        pair = [lost(5, unit=Unit.CASES), lost(7, period=DECEMBER, unit=Unit.CASES)]

        assert total(pair, dependence=0).estimate.unit is Unit.CASES

    def test_one_estimate(self) -> None:
        """The total of one estimate is that estimate."""
        found = total([LATER], dependence=0.5)

        assert (found.estimate, found.parts) == (LATER, (LATER,))

    def test_totals_of_totals(self) -> None:
        """Two categories over two months go through the totals of each month."""
        months = [
            total(
                [
                    lost(about(9_000, sd=300), Category.KILLED, period=period),
                    lost(about(24_000, sd=400), Category.WOUNDED, period=period),
                ],
                dependence=0,
            ).estimate
            for period in (DECEMBER, JANUARY)
        ]

        assert total(months, dependence=1).estimate.count.std() == pytest.approx(1_000)


class TestSource:
    def test_one_source(self) -> None:
        """What one source said of two months, it said of both."""
        pair = [lost(5, source=STAFF), lost(7, period=DECEMBER, source=STAFF)]

        assert total(pair, dependence=0).estimate.source == STAFF

    def test_several_sources(self) -> None:
        """The total derives from all of them, as known on the last day."""
        pair = [lost(5, source=PAPER), lost(7, period=DECEMBER, source=STAFF)]

        assert total(pair, dependence=0).estimate.source == Source(
            name="total of Newspaper and General Staff",
            published=date(2026, 2, 13),
            derived_from=(PAPER, STAFF),
        )

    def test_one_side_of_one_mind(self) -> None:
        """Where all speakers share a cause, the total does."""
        other = Source(name="Navy", published=date(2026, 1, 5), aligned_with="Ukraine")
        pair = [lost(5, source=other), lost(7, period=DECEMBER, source=STAFF)]
        source = total(pair, dependence=0).estimate.source

        assert source is not None
        assert (source.aligned_with, source.published) == ("Ukraine", date(2026, 2, 1))

    def test_some_without(self) -> None:
        """A part without a source does not make the total somebody's statement."""
        source = total(
            [lost(5, source=STAFF), lost(7, period=DECEMBER)], dependence=0
        ).estimate.source

        assert source is not None
        assert (source.name, source.derived_from) == ("total of General Staff", (STAFF,))

    def test_a_comparison_knows(self) -> None:
        """A total that holds a figure of a speaker is no stranger to that speaker."""
        pair = [lost(5, source=STAFF), lost(7, period=DECEMBER)]
        whole = total(pair, dependence=0).estimate
        with pytest.raises(DependenceError, match="go back to one speaker"):
            compare(whole, lost(9, period=Period.year(2024), source=STAFF), totals=True)


class TestRecord:
    def test_text(self) -> None:
        """A total says what it does not cover."""
        november = lost(30_000, period=Period.month(2025, 11))
        found = total([november, lost(31_680)], dependence=0)

        assert str(found) == (
            "61,680 KILLED_AND_WOUNDED, 2025-11-01 to 2026-01-31, Russia, floor, "
            "without December 2025"
        )
        assert str(total([lost(5)], dependence=0)) == (
            "5 KILLED_AND_WOUNDED, January 2026, Russia, central"
        )

    def test_pickle(self) -> None:
        """A pickled total is equal."""
        found = total([EARLIER, LATER], dependence=0.5)

        assert pickle.loads(pickle.dumps(found)) == found

    def test_fields_are_named(self) -> None:
        """Fields in a row do not say which is which, and dependence has no default."""
        with pytest.raises(TypeError):
            unchecked(Total)(LATER, (LATER,), ())
        with pytest.raises(TypeError):
            unchecked(total)([LATER])


class TestRefusals:
    def test_ceilings_with_gaps(self) -> None:
        """A ceiling of part of the time is no ceiling of all of it."""
        pair = [
            lost(5, period=Period.month(2025, 11), bound=Bound.CEILING),
            lost(7, bound=Bound.CEILING),
        ]
        with pytest.raises(EstimateError) as caught:
            total(pair, dependence=0)

        assert str(caught.value) == (
            "cannot add the ceilings KILLED_AND_WOUNDED, November 2025, Russia; "
            "KILLED_AND_WOUNDED, January 2026, Russia: nothing is said of December 2025, so that "
            "the sum is no ceiling. Add a ceiling for each period in between, or make a total on "
            "either side of it."
        )

    def test_one_speaker_as_built(self) -> None:
        """Counts of one speaker without a tie are not silently independent."""
        pair = [
            lost(EARLIER.count, period=DECEMBER, source=STAFF),
            lost(LATER.count, source=PAPER),
        ]
        with pytest.raises(DependenceError) as caught:
            total(pair, dependence="as built")

        assert str(caught.value) == (
            "KILLED_AND_WOUNDED, December 2025, Russia (General Staff, 2026-02-01) and "
            "KILLED_AND_WOUNDED, January 2026, Russia (Newspaper, 2026-02-13) go back to one "
            "speaker, and their counts are built without a tie: as built they would be added as "
            "independent. Type dependence=0.8 with the value that you hold to be right, or "
            "dependence=0 if their errors have nothing in common."
        )
        assert total(pair, dependence=0).estimate.count.std() < 2_300

    def test_one_speaker_as_built_of_known_counts(self) -> None:
        """Known counts have no errors that could go together."""
        pair = [lost(5, source=STAFF), lost(LATER.count, period=DECEMBER, source=STAFF)]

        assert total(pair, dependence="as built").estimate.count.mean() == 31_685

    @pytest.mark.parametrize("dependence", [0, 0.5, 1])
    def test_ties_that_are_there(self, dependence: float) -> None:
        """A correlation is not stated over a tie that the counts have."""
        pair = [lost(1.1 * LATER.count, period=DECEMBER), LATER]
        with pytest.raises(DependenceError) as caught:
            total(pair, dependence=dependence)

        assert str(caught.value) == (
            f"the counts of {NAMES} rest on the same unknowns, which ties them already: a "
            'correlation would contradict that. Type dependence="as built".'
        )

    def test_independent_counts_of_any_law(self) -> None:
        """Without correlation the counts may have any law, and stay who they are."""
        pair = [lost(uniform(5, 9), period=DECEMBER), LATER]

        assert total(pair, dependence=0).estimate.count == total_of(pair[0].count, LATER.count)
