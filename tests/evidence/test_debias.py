import math

import attrs
import pytest

from attrition.accounts import Bound, Category, LossEstimate, Source
from attrition.errors import CategoryError, DependenceError, EstimateError, PeriodError
from attrition.evidence import debias, implied_bias
from attrition.uncertain import Uncertain, about, between, log
from tests.accounts.records import DECEMBER, JANUARY, STAFF, lost, unchecked

BIAS = between(1.1, 1.5, confidence=0.9, family="lognormal", name="staff bias")
CLAIMED = lost(between(29_000, 34_000, confidence=0.9, family="lognormal"), source=STAFF)


class TestDebias:
    def test_it_divides(self) -> None:
        """A source that reports more than there were is divided by how many times as many."""
        found = debias(CLAIMED, factor=BIAS)

        assert found.count.median() == pytest.approx(
            math.sqrt(29_000 * 34_000) / math.sqrt(1.1 * 1.5), rel=1e-12
        )
        assert log(found.count).std() == pytest.approx(
            math.hypot(log(CLAIMED.count).std(), log(BIAS).std()), rel=1e-12
        )
        assert attrs.evolve(found, count=CLAIMED.count, source=STAFF) == CLAIMED

    def test_own_sides_report_less(self) -> None:
        """A factor below 1 makes the count larger."""
        assert debias(lost(3_000), factor=0.3).count.value == pytest.approx(10_000)

    def test_one_factor_stays_one_unknown(self) -> None:
        """The bias of one source cancels in a ratio of its figures."""
        first, second = debias(CLAIMED, factor=BIAS), debias(lost(20_000), factor=BIAS)

        assert (first.count / second.count).same_law(CLAIMED.count / 20_000)

    def test_the_source_is_marked(self) -> None:
        """The source says that it was debiased, and is the same speaker."""
        source = debias(CLAIMED, factor=BIAS).source

        assert source is not None
        assert (source.debiased, STAFF.debiased) == (True, False)
        assert source.shares_origin_with(STAFF)
        assert source.interest("Russia") is STAFF.interest("Russia")
        assert str(source) == "General Staff, 2026-02-01, debiased"

    def test_nobody_to_mark(self) -> None:
        """An estimate without a source has none after."""
        assert debias(lost(3_000), factor=0.3).source is None

    def test_not_twice(self) -> None:
        """A bias is taken out once."""
        with pytest.raises(EstimateError) as caught:
            debias(debias(CLAIMED, factor=BIAS), factor=BIAS)

        assert str(caught.value) == (
            "General Staff, 2026-02-01, debiased was debiased before: twice would divide by the "
            "bias twice. Debias the estimate as the source stated it."
        )

    @pytest.mark.parametrize("bound", [Bound.FLOOR, Bound.CEILING])
    def test_bounds(self, bound: Bound) -> None:
        """A bound over an uncertain factor is none."""
        with pytest.raises(EstimateError) as caught:
            debias(lost(1_562, bound=bound), factor=BIAS)

        assert str(caught.value) == (
            f"cannot debias a {bound.value} (1,562 KILLED_AND_WOUNDED, January 2026, Russia, "
            f"{bound.value}): divided by an uncertain factor it is no {bound.value} any more. "
            "Debias LossEstimate.central(...), with the count that the source claims."
        )

    def test_factors_are_positive(self) -> None:
        """Nobody reports a negative number of people."""
        with pytest.raises(EstimateError, match=r"^factor has 0.023 of its mass below zero: "):
            debias(CLAIMED, factor=about(1, sd=0.5))

    def test_estimates(self) -> None:
        """A number is no estimate."""
        with pytest.raises(EstimateError, match=r"^estimate is 3: expected a LossEstimate"):
            unchecked(debias)(3, factor=2)


class TestImpliedBias:
    def test_ratio(self) -> None:
        """It is what was claimed for each loss that was found."""
        reference = lost(between(20_000, 28_000, confidence=0.9, family="lognormal"))
        found = implied_bias(CLAIMED, reference)

        assert found == CLAIMED.count / reference.count
        assert found.median() == pytest.approx(math.sqrt(29 * 34 / (20 * 28)), rel=1e-12)

    def test_it_gives_the_reference_back(self) -> None:
        """On the claim itself the factor only returns the reference."""
        reference = lost(between(20_000, 28_000, confidence=0.9, family="lognormal"))
        back = debias(CLAIMED, factor=implied_bias(CLAIMED, reference))

        assert back.count.same_law(reference.count)

    def test_one_speaker(self) -> None:
        """Two figures of one speaker need the correlation of their errors."""
        reference = lost(between(20_000, 28_000, confidence=0.9, family="lognormal"), source=STAFF)
        with pytest.raises(DependenceError, match="go back to one speaker"):
            implied_bias(CLAIMED, reference)
        s, t = log(CLAIMED.count).std(), log(reference.count).std()

        assert log(implied_bias(CLAIMED, reference, correlation=0.8)).std() == pytest.approx(
            math.sqrt(s * s + t * t - 2 * 0.8 * s * t), rel=1e-12
        )

    @pytest.mark.parametrize(
        ("reference", "kind", "text"),
        [
            (
                lost(31_000, side="Ukraine"),
                EstimateError,
                "the claim is on the losses of Russia and the reference on those of Ukraine: "
                "expected the same losses, counted twice. Take a reference on Russia.",
            ),
            (
                lost(31_000, period=DECEMBER),
                PeriodError,
                "the claim is of January 2026 and the reference of December 2025: expected the "
                "same losses, counted twice. Take a reference of January 2026.",
            ),
        ],
    )
    def test_other_losses(self, reference: LossEstimate, kind: type[Exception], text: str) -> None:
        """The two are counts of the same losses."""
        with pytest.raises(kind) as caught:
            implied_bias(CLAIMED, reference)

        assert str(caught.value) == text

    def test_other_categories(self) -> None:
        """The two count the same outcomes."""
        with pytest.raises(CategoryError, match=r"^cannot compare KILLED_AND_WOUNDED"):
            implied_bias(CLAIMED, lost(9_000, Category.KILLED))

    @pytest.mark.parametrize("what", ["claimed", "reference"])
    def test_estimates(self, what: str) -> None:
        """Numbers are no estimates."""
        pair = {"claimed": CLAIMED, "reference": CLAIMED} | {what: Uncertain.of(3)}
        with pytest.raises(EstimateError, match=f"^{what} is exactly.3.: expected a LossEstimate"):
            unchecked(implied_bias)(**pair)


class TestSource:
    def test_debiased_is_a_truth_value(self) -> None:
        """The mark is True or False."""
        with pytest.raises(EstimateError, match=r"^debiased is 'yes': expected a bool"):
            Source(name="Staff", published=JANUARY.start, debiased=unchecked(str)("yes"))  # type: ignore[arg-type] # bad input
