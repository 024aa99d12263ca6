import warnings
from collections.abc import Callable
from datetime import date

import pytest

from attrition.accounts import (
    Category,
    IntakeStage,
    Interest,
    LossEstimate,
    Per,
    RecruitmentRate,
    Source,
    Unit,
)
from attrition.errors import (
    AttritionError,
    CategoryError,
    DependenceError,
    EstimateError,
    InterestWarning,
    PeriodError,
)
from attrition.evidence.alike import refuse_copies, refuse_other_unknowns, warn_of_interests
from attrition.evidence.debias import debias
from attrition.uncertain import about, between, correlate
from tests.accounts.records import DECEMBER, JANUARY, STAFF, joined, lost

Record = LossEstimate | RecruitmentRate

MINISTRY = Source(name="UK MoD", published=date(2026, 2, 4), derived_from=(STAFF,))
OWN = Source(name="Ministry of Defence", published=date(2026, 2, 2), aligned_with="Russia")
NEUTRAL = Source(name="Institute", published=date(2026, 2, 3), aligned_with=Interest.THIRD_PARTY)
PAIR = "cannot pool estimates[0] (1) with estimates[1] (2): "


class TestRefuseOtherUnknowns:
    @pytest.mark.parametrize(
        ("first", "second", "error", "text"),
        [
            (
                lost(1),
                lost(2, Category.KILLED),
                CategoryError,
                "one counts KILLED_AND_WOUNDED, the other KILLED, which are different people. "
                "Convert one first, for example convert(estimate, "
                "to=Category.KILLED_AND_WOUNDED, mix=CasualtyMix.from_ratios(...)).",
            ),
            (
                lost(1, Category.WOUNDED),
                lost(2, Category.WOUNDED, unit=Unit.CASES),
                CategoryError,
                "one counts PERSONS, the other CASES, and one person may be several cases. Pool "
                "estimates of one unit, for example unit=Unit.PERSONS.",
            ),
            (
                lost(1),
                lost(2, side="Ukraine"),
                EstimateError,
                "one is of Russia, the other of Ukraine. Pool figures of one side, and spell it "
                "alike.",
            ),
            (
                lost(1),
                lost(2, period=DECEMBER),
                PeriodError,
                "one is for January 2026, the other for December 2025. Pool figures for one "
                "period; state each for it, for example with estimate.over(period).",
            ),
            (
                joined(1),
                joined(2, per=Per.YEAR),
                CategoryError,
                "one is per month, the other per year. State both per month, for example "
                "RecruitmentRate(rate=..., per=Per.MONTH, ...).",
            ),
            (
                joined(1),
                joined(2, stage=IntakeStage.CONTRACTED),
                CategoryError,
                "one counts who arrived, the other who contracted. Convert contracts with "
                "arrivals(rate, share=...).",
            ),
            (
                joined(1),
                joined(2, period=JANUARY),
                PeriodError,
                "one is for no stated period, the other for January 2026. Pool figures for one "
                "period; state each for it, for example with estimate.over(period).",
            ),
        ],
    )
    def test_each_says_what_differs(
        self, first: Record, second: Record, error: type[AttritionError], text: str
    ) -> None:
        """Figures for other people, sides or times are refused, with both of them named."""
        with pytest.raises(error) as caught:
            refuse_other_unknowns([first, second])

        assert str(caught.value) == PAIR + text

    @pytest.mark.parametrize("make", [lost, joined])
    def test_alike(self, make: Callable[[int], Record]) -> None:
        """Figures for the same people and time pass, whatever they are."""
        refuse_other_unknowns([make(1), make(2), make(3)])


class TestRefuseCopies:
    WAYS_OUT = (
        "so their errors go together, and method='fixed' would count them twice. Leave one out, "
        'or type method="dependent" with the correlation of their errors, or '
        'method="conservative" where nobody knows it.'
    )

    def test_one_speaker(self) -> None:
        """Who repeats another one is no second witness."""
        first, second = lost(35_050, source=STAFF), lost(35_030, source=MINISTRY)
        with pytest.raises(DependenceError) as caught:
            refuse_copies([(0, first), (1, lost(9)), (4, second)][::2], method="fixed")

        assert str(caught.value) == (
            "estimates[0] (35,050, General Staff, 2026-02-01) and estimates[4] (35,030, UK MoD, "
            f"2026-02-04) go back to one speaker, {self.WAYS_OUT}"
        )

    def test_one_unknown(self) -> None:
        """Two figures that rest on one unknown are tied, whoever said them."""
        factor = about(1, sd=0.1, positive=True)
        first, second = lost(35_050 * factor), lost(31_000 * factor)
        with pytest.raises(DependenceError) as caught:
            refuse_copies([(0, first), (1, second)], method="fixed")

        assert str(caught.value) == (
            "estimates[0] (34,876 (29,599 to 41,095 at 90 %)) and estimates[1] (30,846 (26,178 to "
            f"36,346 at 90 %)) rest on the same unknowns, {self.WAYS_OUT}"
        )

    def test_correlated_numbers(self) -> None:
        """Numbers with a stated correlation are no independent witnesses."""
        tied = correlate([about(35_050, sd=900), about(31_000, sd=900)], normal_scores=0.5)
        with pytest.raises(DependenceError, match="rest on the same unknowns"):
            refuse_copies(list(enumerate(map(lost, tied))), method="random")

    @pytest.mark.parametrize("method", ["linear", "log"])
    def test_mixtures_divide_no_errors(self, method: str) -> None:
        """A pool of distributions does not get narrower by an unknown that two have in common."""
        factor = about(1, sd=0.1, positive=True)
        records = [lost(35_050 * factor), lost(31_000 * factor)]

        refuse_copies(list(enumerate(records)), method=method)

    def test_witnesses_of_their_own(self) -> None:
        """Known figures, other speakers and figures without a source pass."""
        records = [lost(1, source=STAFF), lost(1, source=NEUTRAL), lost(1), lost(about(5, sd=1))]

        refuse_copies(list(enumerate(records)), method="fixed")


class TestWarnOfInterests:
    def test_own_side_and_adversary(self) -> None:
        """A side and its adversary err in opposite directions, and the warning says what to do."""
        records = [lost(9, source=NEUTRAL), lost(44_000, source=STAFF), lost(1, source=OWN)]

        def called_by_the_user() -> None:
            warn_of_interests(list(enumerate(records)))

        with pytest.warns(InterestWarning) as caught:
            called_by_the_user()

        assert str(caught[0].message) == (
            "estimates[2] (1, Ministry of Defence, 2026-02-02) speaks of its own side and "
            "estimates[1] (44,000, General Staff, 2026-02-01) of its adversary: their errors lean "
            "opposite ways, and a spread between sources that is drawn at random does not say so. "
            "Correct each for the bias of its source first, with debias(estimate, factor=...)."
        )
        assert caught[0].filename == __file__

    @pytest.mark.parametrize("other", [STAFF, NEUTRAL, None])
    def test_no_opposed_interests(self, other: Source | None) -> None:
        """One side's figures, third parties and unknown speakers give no warning."""
        with warnings.catch_warnings(action="error"):
            warn_of_interests([(0, lost(9, source=STAFF)), (1, lost(1, source=other))])

    def test_a_debiased_figure(self) -> None:
        """What is corrected for the bias of its source leans nowhere."""
        staff = debias(lost(9, source=STAFF), factor=between(1, 2, confidence=0.9, family="normal"))
        with warnings.catch_warnings(action="error"):
            warn_of_interests([(0, staff), (1, lost(1, source=OWN))])

    def test_a_corrected_figure(self) -> None:
        """A source derived from a side's, which shares no cause, leans nowhere."""
        corrected = Source(name="this page", published=date(2026, 3, 1), derived_from=(STAFF,))
        with warnings.catch_warnings(action="error"):
            warn_of_interests([(0, lost(9, source=corrected)), (1, lost(1, source=OWN))])
